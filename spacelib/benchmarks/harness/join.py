"""What the harnesses' logs share: questions out of the log or an official file, answers marked, own marks compared."""

import math
from collections.abc import Mapping
from dataclasses import replace

from spacelib.benchmarks.answers import answered
from spacelib.benchmarks.fields import some
from spacelib.benchmarks.official import OFFICIAL, read_questions
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTERS, Log, first_letter, is_number

PRINTED = 1e-6  # a file's marks are rounded to some digits: further off is another mark


def official_questions(path, documents: list[dict]) -> Questions | None:
    """Documents of a log that are an official form's records, as questions in their order; None where they are not."""
    matching = [form for form in OFFICIAL.values() if form.recognises(documents)]
    return matching[0].questions(path, documents) if len(matching) == 1 else None


def asked(path, items, own: Questions | None) -> Questions:
    """The questions of a log: of the one file in `items`, held against the log's `own`, or else these.

    Errors: ValueError naming `path` where there is neither, for several files, and for a right answer or options that a
    question has otherwise in the file.
    """
    if len(items) > 1:
        raise ValueError(f"{path}: {len(items)} question files; one was expected")
    if not items:
        if own is None:
            raise ValueError(f"{path}: does not hold its questions; the official question file is needed (--items)")
        return own
    given = read_questions(items[0])
    if own is not None:
        theirs = given.table.set_index("item")
        for row in own.table.itertuples():
            if row.item not in theirs.index:
                raise ValueError(f"{path}: item {shown(row.item)} does not stand in {items[0]}")
            for name in ("gold", "options"):
                if (there := theirs.at[row.item, name]) != (here := getattr(row, name)):
                    raise ValueError(
                        f"{path}: item {shown(row.item)}: {name} {shown(here)}, but {items[0]} has {shown(there)}"
                    )
    return given


def held_to_answers(path, questions: Questions, stated: Mapping[str, str]) -> None:
    """Refuse questions whose right letter or number is not the one that the log states: its items are other ones.

    Errors: ValueError naming `path`, the item, both answers and the question file.
    """
    table = questions.table.set_index("item")
    for item, text in stated.items():
        if item not in table.index:
            continue
        row, said = table.loc[item], text.strip().strip("().")
        if row["answer_type"] == "choice" and said in LETTERS[: len(row["options"])] and len(said) == 1:
            agrees = first_letter(row["options"][LETTERS.index(said)], row["options"]) == row["gold"]
        elif row["answer_type"] == "number" and is_number(said):
            agrees = math.isclose(float(said), float(row["gold"]), rel_tol=PRINTED)
        else:
            continue
        if not agrees:
            there = f"{questions.path} has {shown(row['gold'])}"
            raise ValueError(f"{path}: item {shown(item)}: right answer {shown(text)}, but {there}")


def joined(
    path,
    questions: Questions,
    answers: Mapping[str, str | None],
    stated: Mapping[str, str],
    marks: Mapping[str, float],
    *,
    model: str,
    frames: int | None = None,
) -> Log:
    """The log of `answers`, marked by each question's rule; where the file's own `marks` differ, a warning says so.

    `stated` are the right answers that the log states, by item. Errors: as `held_to_answers` and `answered`.
    """
    held_to_answers(path, questions, stated)
    log = answered(questions, answers, path=path, model=model, frames=frames, partial=True)
    scores = log.records.set_index("item")["score"]
    differ = [item for item, mark in marks.items() if item in scores.index and abs(scores[item] - mark) > PRINTED]
    if not differ:
        return log
    told = f"The file's own mark differs from the official rule in {len(differ)} ({some(differ)}): the rule counts."
    return replace(log, warnings=(*log.warnings, told))
