"""A model's texts become records here, whatever file they came in: read and marked by each question's own rule."""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .fields import some
from .questions import Questions
from .readers import vector_text, vector_values
from .reading import shown
from .records import Log, record_table
from .rules import RULES


def answered(
    questions: Questions,
    answers: Mapping[str, str | None],
    *,
    path,
    model: str,
    frames: int | None = None,
    partial: bool = False,
) -> Log:
    """The texts `answers`, by item, as records: each read by its question's rule and marked by it.

    None stands for a text that is not there: unparsed, marked wrong. `frames` is the number of images shown, where the
    questions do not say it. With `partial`, questions without an answer are left out and named in a warning; else they
    are an error. Free texts that only a judge can mark are left out, in words.
    Errors: TypeError for an answer that is no text; ValueError naming `path` for an item that is none of the
    questions', a missing answer, a frame count below one or other than the questions', and for nothing that can be
    marked.
    """
    path, table = Path(path), questions.table.set_index("item", drop=False)
    for item, text in answers.items():
        if item not in table.index:
            raise ValueError(f"{path}: item {shown(item)} does not stand in {questions.path}{_naming(table.index)}")
        if text is not None and not isinstance(text, str):
            raise TypeError(f"{path}: item {shown(item)}: the answer {shown(text)} is no text")
    missing = [item for item in table.index if item not in answers]
    if missing and not partial:
        raise ValueError(f"{path}: {len(missing)} of {len(table)} questions have no answer ({some(missing)})")
    given = table.loc[[item for item in table.index if item in answers]]
    marked = given[given["answer_type"] != "text"]
    unmarked = given.index[given["answer_type"] == "text"]
    if marked.empty:
        raise ValueError(f"{path}: no answer that a rule can mark; free texts need a judge's mark")
    said = [
        _read(row, answers[row[0]])
        for row in marked[["item", "rule", "unit", "options", "gold", "aspect"]].itertuples(index=False, name=None)
    ]
    marked = marked.assign(prediction=pd.Series(said, index=marked.index, dtype="string[python]"))
    score = marked_by_rule(marked)
    shared = ("task", "item", "scene", "answer_type", "options", "unit", "gold", "prediction", "rule")
    records = record_table(
        {name: marked[name].astype(object).where(marked[name].notna(), None).tolist() for name in shared}
        | {
            "benchmark": questions.benchmark,
            "frames": _frames(marked, frames, path),
            "score": score.tolist(),
            "correct": (score == 1).tolist(),
            "judge": None,
            "judge_reading": None,
            "model": model,
        },
        where=path,
    )
    unparsed = [item for item, text in zip(marked.index, said) if text is None]
    told = [*questions.notes]
    if unparsed:
        told.append(f"Answers that could not be read, {len(unparsed)} ({some(unparsed)}): kept, counted as wrong.")
    warned = [*questions.warnings]
    if missing:
        warned.append(
            f"{len(missing)} of {len(table)} questions{_naming(table.index)} have no answer in this log: "
            "they are not in the figures."
        )
    if len(unmarked):
        warned.append(
            f"Free texts, {len(unmarked)} ({some(unmarked)}): they need a judge's mark, so they are not in the figures."
        )
    shuffled = questions.letters_shuffled
    return Log(path, records, shuffled, tuple(told), tuple(warned), images_of_questions=frames is None)


def _naming(items: pd.Index) -> str:
    """What names the questions, where that is their place: answers numbered from 0 would go to the next question."""
    if list(items) != [str(number) for number in range(1, len(items) + 1)]:
        return ""
    return " (items are numbered from 1, the first record; so must be the answers)"


def marked_by_rule(table: pd.DataFrame) -> pd.Series:
    """Credit of each row by its rule, float64: of a table with the columns rule, gold and prediction, in their form."""
    score = pd.Series(0.0, index=table.index)
    vectors = table["answer_type"] == "vector"
    lengths = table["gold"].str.count(",").where(vectors, 0)
    for (rule, _), group in table.groupby(["rule", lengths]):
        score[group.index] = RULES[rule].scores(group["prediction"], group["gold"])
    return score


def _read(row: tuple, text: str | None) -> str | None:
    """One text as its question's rule reads it; a vector of another length than the right one is no answer."""
    _, rule, unit, options, gold, aspect = row
    said = None if text is None else RULES[rule].reads(text, unit, options or ())
    if said is None or RULES[rule].answer_type != "vector":
        return said
    values = vector_values(said)
    if len(values) != len(vector_values(gold)):
        return None
    return said if pd.isna(aspect) else vector_text([values[0], values[1] * aspect])


def _frames(marked: pd.DataFrame, frames: int | None, path: Path) -> list[int | None]:
    if frames is not None and (type(frames) is not int or frames < 1):
        raise ValueError(f"{path}: {shown(frames)} frames; a whole number from 1 on was expected")
    known = marked["frames"].tolist()
    for item, count in zip(marked.index, known):
        if frames is not None and not pd.isna(count) and count != frames:
            raise ValueError(f"{path}: item {shown(item)} shows {count} frames, not {frames}")
    return [frames if pd.isna(count) else int(count) for count in known]
