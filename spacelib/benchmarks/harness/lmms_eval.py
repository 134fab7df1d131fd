"""lmms-eval: the samples that a run with `--log_samples` leaves, one line an answer, one file a task.

A line has `doc_id, target, filtered_resps`, `resps` where they differ from these, hashes, and one key a metric. What is
odd in the files and how it is handled:

- The question itself is written by older versions (`doc`, `arguments`), and by VSI-Bench's metric, which holds it with
  the answer and its mark. BLINK's and CV-Bench's metrics hold identifier, right letter and answer: of BLINK the number
  of options is known by its task, of CV-Bench they stand in the prompt. Of MMSI-Bench and others only an identifier is
  there: the official question file is needed.
- Responses are texts in lists, or lists in lists, of one each.
- Scores are not believed: each answer is read and marked by the benchmark's rule, and differences are named.
- How many frames were shown stands in the run's arguments, not in the samples: unknown, unless the reader says it.
- The model is named by the folder: `MODEL/DATE_samples_TASK.jsonl`.

Source: https://github.com/EvolvingLMMs-Lab/lmms-eval, `loggers/evaluation_tracker.py` and each task's `utils.py`.
"""

import re

from spacelib.benchmarks import blink
from spacelib.benchmarks.questions import Questions, question_table
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTER_RULE, LETTERS, Log

from .join import asked, joined, official_questions

NAME = "lmms-eval"
CV_BENCH = "CV-Bench"
_SAMPLE = {"doc_id", "target", "filtered_resps"}
_LETTERED = {"id", "gt_content", "pred_parsed", "pred", "is_correct"}
_ADDED = re.compile(r"prediction|accuracy|MRA:.*")  # what a metric adds to the question that it holds
_MARKS = ("accuracy", "MRA:.5:.95:.05", "is_correct", "score")
_IDENTIFIERS = ("id", "idx", "question_id", "index")
_NAME = re.compile(r"\d{8}_\d{6}_samples_.+|samples_.+")
_OPTION = re.compile(r"^[ \t]*+\(([A-Z])\)[ \t]*+([^\n]*+)$", re.MULTILINE)


def recognises(head) -> bool:
    """Whether the first record is a logged sample."""
    return isinstance(head, dict) and _SAMPLE <= set(head)


def load(source, items) -> Log:
    """The samples as records: questions out of the log, or of the official file in `items`.

    Assumes `recognises(source.head)`. Errors: ValueError naming file, line and item for a line that is no sample,
    several responses to one question, a sample without identifier, an identifier given twice, samples of several forms,
    and whatever the question form and `answered` refuse.
    """
    path, documents, texts, marks, targets = source.path, [], [], [], []
    for place, sample in source.records():
        where = f"{path}: {place}"
        if not recognises(sample):
            raise ValueError(f"{where}: expected a sample with {', '.join(sorted(_SAMPLE))}, found {shown(sample)}")
        document = _document(sample)
        if document is None:
            raise ValueError(f"{where}: no metric of this sample holds its question or an identifier")
        texts.append(_response(sample["filtered_resps"], where))
        marks.append(_mark(sample))
        targets.append(str(sample["target"]))
        documents.append(document)
    own = _lettered(path, documents) if _LETTERED <= set(documents[0]) else official_questions(path, documents)
    names = own.table["item"].tolist() if own else [_identifier(document, path) for document in documents]
    if len(set(names)) < len(names):
        twice = next(name for i, name in enumerate(names) if name in set(names[:i]))
        raise ValueError(f"{path}: item {shown(twice)}: stands twice")
    told = {name: mark for name, mark in zip(names, marks) if mark is not None}
    folder = path.resolve().parent.name if _NAME.fullmatch(path.stem) else ""
    questions, stated = asked(path, items, own), dict(zip(names, targets))
    return joined(path, questions, dict(zip(names, texts)), stated, told, model=folder or path.stem)


def _document(sample: dict) -> dict | None:
    """What the sample says of its question: its `doc`, or what a metric holds, without what the metric added."""
    held = [value for key, value in sample.items() if isinstance(value, dict) and key not in ("doc", "token_counts")]
    for value in (sample.get("doc"), *held):
        if isinstance(value, dict) and any(key in value for key in _IDENTIFIERS):
            document = {key: field for key, field in value.items() if not _ADDED.fullmatch(key)}
            return document | ({"input": sample.get("input")} if _LETTERED <= set(document) else {})
    return None


def _mark(sample: dict) -> float | None:
    """The mark that a metric gives, a share; None where none does."""
    for key, value in sample.items():
        for name in _MARKS if isinstance(value, dict) and key != "doc" else ():
            if isinstance(value.get(name), int | float) and 0 <= value[name] <= 1:
                return float(value[name])
    return None


def _response(value, where: str) -> str:
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, str):
        raise ValueError(f"{where}: filtered_resps are {shown(value)}; one text was expected")
    return value


def _identifier(document: dict, path) -> str:
    found = next(document[key] for key in _IDENTIFIERS if key in document)
    if not isinstance(found, str) and type(found) is not int:
        raise ValueError(f"{path}: the identifier {shown(found)} is neither text nor a whole number")
    return str(found)


def _lettered(path, documents: list[dict]) -> Questions:
    """The questions that BLINK's and CV-Bench's metrics tell of, with letters for options, or the prompt's options."""
    rows, names = [], set()
    for document in documents:
        if not _LETTERED <= set(document):
            raise ValueError(f"{path}: expected the fields {', '.join(sorted(_LETTERED))}, found {shown(document)}")
        item, right, task = _identifier(document, path), document["gt_content"], document.get("sub_task")
        where = f"{path}: item {shown(item)}"
        if task is None:
            names.add(CV_BENCH)
            task, frames, options = document.get("task"), 1, _prompted(document.get("input"), where)
        else:
            names.add(blink.NAME)
            if not isinstance(task, str) or task not in blink.TASKS:
                raise ValueError(
                    f"{where}: the task {shown(task)} is none of the spatial ones, {', '.join(blink.TASKS)}"
                )
            frames, size, _ = blink.TASKS[task]
            options = tuple(LETTERS[:size])
        if not isinstance(task, str) or not isinstance(right, str):
            raise ValueError(f"{where}: task {shown(task)} and gt_content {shown(right)}; texts were expected")
        rows.append({"item": item, "task": task, "frames": frames, "options": options, "gold": right})
    if len(names) > 1:
        raise ValueError(f"{path}: samples of {' and of '.join(sorted(names))}; one benchmark was expected")
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    fixed = {"answer_type": "choice", "rule": LETTER_RULE, "question": "not logged"}
    return Questions(path, names.pop(), question_table(columns | fixed, where=path))


def _prompted(prompt, where: str) -> tuple[str, ...]:
    """The options that a prompt lists, one a line behind (A), (B), ..."""
    while isinstance(prompt, list) and prompt:
        prompt = prompt[0]
    listed = _OPTION.findall(prompt) if isinstance(prompt, str) else []
    if len(listed) < 2 or [letter for letter, _ in listed] != list(LETTERS[: len(listed)]):
        raise ValueError(f"{where}: its prompt does not list the options (A), (B), ... on lines of their own")
    return tuple(text.strip() for _, text in listed)
