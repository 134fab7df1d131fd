"""VLMEvalKit: a model's predictions on one data set, as a workbook (xlsx), TSV or JSON, scored or not.

A row is a question of the data set with the model's `prediction`: `index, question, answer`, options under A, B, ... or
as a list under `candidates`, `question_type` or `category`, `video`. Scored files add `pred_extracted, hit` and
`MRA:.5:.95:.05`. What is odd in the files and how it is handled:

- Thoughts and tags are left aside; then the benchmark's rule reads the answer, the one that the harness extracted where
  there is one. Its marks are not believed: differences are named.
- `{model}_{dataset}_acc.csv` holds accuracies and no answers: refused. Results pickled by the harness are never loaded.
- Data set and frame budget stand in the file's name only, like `Model_VSI-Bench_32frame.xlsx`; a rate ("_1fps") leaves
  the number of frames unknown.
- An answer that begins with "=" is stored in a workbook as a formula: taken as the text that it is.

Source: https://github.com/open-compass/VLMEvalKit, `vlmeval/dataset` and `vlmeval/smp/file.py`.
"""

import re
from pathlib import Path

from spacelib.benchmarks.fields import literal
from spacelib.benchmarks.official import OFFICIAL
from spacelib.benchmarks.questions import Questions, question_table
from spacelib.benchmarks.readers import answer_text
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTER_RULE, LETTERS, Log
from spacelib.benchmarks.vsibench import COUNTERPARTS
from spacelib.benchmarks.vsibench import NAME as VSI_BENCH

from .join import asked, joined

NAME = "VLMEvalKit"
UNNAMED = "unnamed"
DATASETS = {  # how a data set's name begins: the benchmark
    "VSI-Bench": VSI_BENCH,
    "BLINK": "BLINK",
    "MMSIBench": "MMSI-Bench",
    "MMSI-Bench": "MMSI-Bench",
    "ViewSpatial": "ViewSpatial-Bench",
    "MindCube": "MindCube",
    "SPAR-Bench": "SPAR-Bench",
    "STI-Bench": "STI-Bench",
}
_DATASET = re.compile(rf"(?P<model>.+?)_(?P<dataset>{'|'.join(map(re.escape, DATASETS))})(?P<rest>.*)")
_BUDGET = re.compile(r"_(\d{1,6})frames?(?![A-Za-z0-9])")
_TASK = ("question_type", "category", "l2-category", "split")
_MARKS = ("hit", "MRA:.5:.95:.05")


def recognises(head) -> bool:
    """Whether the first row is a question with its prediction, or one of a table of accuracies."""
    return isinstance(head, dict) and ({"index", "question", "prediction"} <= set(head) or _accuracies(head))


def load(source, items) -> Log:
    """The predictions as records: questions out of the file, or of the official file in `items`.

    Assumes `recognises(source.head)`. Errors: ValueError naming file, row and item for a table of accuracies, a row
    that is no question with an answer, an identifier given twice, candidates that are no list, and whatever the
    question form and `answered` refuse.
    """
    path = source.path
    if _accuracies(source.head):
        raise ValueError(f"{path}: holds accuracies and no answers; the file of predictions beside it is needed")
    rows, answers, stated, marks = [], {}, {}, {}
    for place, record in source.records():
        where = f"{path}: {place}"
        if not recognises(record):
            raise ValueError(f"{where}: expected index, question and prediction, found {shown(record)}")
        row = {name: _cell(value, f"{where}: {name}") for name, value in record.items() if name != "candidates"}
        item = row["index"]
        if item is None or row["question"] is None:
            raise ValueError(f"{where}: {'index' if item is None else 'question'} is missing")
        if item in answers:
            raise ValueError(f"{where}: item {shown(item)}: stands twice")
        said = row.get("pred_extracted") or row["prediction"]
        answers[item] = None if said is None else answer_text(said)
        if row.get("answer") is not None:
            stated[item] = row["answer"]
        if (mark := _mark(row, f"{where}: item {shown(item)}")) is not None:
            marks[item] = mark
        options = _candidates(record.get("candidates"), f"{where}: item {shown(item)}")
        rows.append({"row": row, "options": options} if not items else None)
    model, benchmark, frames = _named(path)
    own = None if items else _questions(path, rows, benchmark)
    return joined(path, asked(path, items, own), answers, stated, marks, model=model, frames=frames)


def _accuracies(head: dict) -> bool:
    return "prediction" not in head and ("Overall" in head or set(head) == {"metric", "value"})


def _named(path: Path) -> tuple[str, str, int | None]:
    """Model, benchmark and frame count, which stand in the file's name."""
    match = _DATASET.fullmatch(path.stem)
    if match is None:
        return path.stem, UNNAMED, None
    budget = _BUDGET.search(match["rest"])
    return match["model"], DATASETS[match["dataset"]], int(budget[1]) if budget else None


def _questions(path, rows: list[dict], benchmark: str) -> Questions:
    first = rows[0]["row"]
    if first.get("question_type") in COUNTERPARTS and first.get("video") is not None:
        documents = [_vsibench(row["row"], row["options"]) for row in rows]
        return OFFICIAL[VSI_BENCH].questions(path, documents)
    columns = {name: [] for name in ("item", "task", "options", "gold", "question", "scene")}
    for held in rows:
        row, options = held["row"], held["options"]
        where = f"{path}: item {shown(row['index'])}"
        lettered = [row.get(letter) for letter in LETTERS]
        size = next((i for i, text in enumerate(lettered) if text is None), len(LETTERS))
        if any(text is not None for text in lettered[size:]):
            raise ValueError(f"{where}: an option is missing before the last one")
        options = tuple(lettered[:size]) or options
        if len(options) < 2:
            raise ValueError(f"{where}: no options under A, B, ...; the official question file is needed (--items)")
        if row.get("answer") not in tuple(LETTERS[: len(options)]):
            raise ValueError(
                f"{where}: the right answer {shown(row.get('answer'))} is no letter of {len(options)} options"
            )
        first = LETTERS[options.index(options[LETTERS.index(row["answer"])])]
        task = next((row[name] for name in _TASK if row.get(name) is not None), "all")
        for name, value in zip(columns, (row["index"], task, options, first, row["question"], row.get("video"))):
            columns[name].append(value)
    table = question_table(columns | {"answer_type": "choice", "rule": LETTER_RULE}, where=path)
    unnamed = "The file's name does not tell the data set, as MODEL_DATASET would: the benchmark is unnamed."
    return Questions(path, benchmark, table, warnings=(unnamed,) if benchmark == UNNAMED else ())


def _vsibench(row: dict, options: tuple[str, ...]) -> dict:
    """The row as the official record that it was made of."""
    dataset, _, scene = (row.get("video") or "").removesuffix(".mp4").partition("/")
    return {
        "id": row["index"],
        "dataset": dataset,
        "scene_name": scene,
        "question_type": row.get("question_type"),
        "question": row["question"],
        "options": list(options) or None,
        "ground_truth": row.get("answer"),
    }


def _cell(value, where: str) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool | int | float):
        return str(value)
    raise ValueError(f"{where} is {shown(value)}; a text or a number was expected")


def _candidates(value, where: str) -> tuple[str, ...]:
    """The list of candidates, which in a table is written as a Python literal; nothing in it is executed."""
    if isinstance(value, str):
        try:
            value = literal(value)
        except ValueError as error:
            raise ValueError(f"{where}: candidates {error}") from None
    if value is None or value == []:
        return ()
    if not isinstance(value, list) or not all(isinstance(text, str) for text in value):
        raise ValueError(f"{where}: candidates are {shown(value)}; a list of texts was expected")
    return tuple(value)


def _mark(row: dict, where: str) -> float | None:
    """The harness's own mark, None where it gave none."""
    for name in _MARKS:
        if (text := row.get(name)) is not None:
            try:
                mark = float(text)
            except ValueError:
                mark = -1.0
            if not 0 <= mark <= 1:
                raise ValueError(f"{where}: {name} is {shown(text)}; a share from 0 to 1 was expected")
            return mark
    return None
