"""BLINK: the saved outputs of its authors, one file a model and task, on the four spatial tasks.

Official files: https://github.com/zeyofu/BLINK_Benchmark. What is odd in them and how it is handled:

- Answers are letters in brackets; "(C) Point C" is C. "(Z)" stands for no answer, and a letter that the task does not
  offer names none either: unparsed, kept, marked wrong, counted.
- The right answers of the split `test` are hidden: those rows are counted and named, and not in the figures.
- The right letters are not balanced (74 of 133 are B in Multi-view_Reasoning), and nothing says that they were drawn
  evenly: no chance is known by design.
- Only letters are saved, not what stood behind them: the options of a record are its letters.
- The model is named by the folder. A name ending in "_concat" is a run that saw its images joined into one picture;
  what was shown is as many views, so the number of frames stays.
"""

import re
from pathlib import Path

from .fields import keyed, some, unread
from .reading import shown
from .records import LETTER_RULE, LETTERS, Log, record_table

NAME = "BLINK"
QUESTIONS = ()  # the saved outputs hold the right answers themselves

# Task: images shown, options, questions in the split val.
TASKS = {
    "Multi-view_Reasoning": (2, 2, 133),
    "Visual_Correspondence": (2, 4, 172),
    "Relative_Depth": (1, 2, 124),
    "Spatial_Relation": (1, 2, 143),
}
_FIELDS = {"idx": str, "answer": str, "full_prediction": str, "prediction": str}
_INDEX = re.compile(r"(?P<split>val|test)_(?P<task>.+)_(?P<number>\d+)")
_HIDDEN = "hidden"


def recognises(head) -> bool:
    """Whether the parsed file is a saved output: an object of the lists `val` and `test`, or one of them."""
    return isinstance(head, dict) and bool(head) and set(head) <= {"val", "test"}


def load(source, items) -> Log:
    """The saved output as records: the questions of the split `val`. Question files (`items`) are not needed, nor read.

    Assumes `recognises(source.head)`. Errors: ValueError naming file and item for a record not of the official form, an
    idx given twice or of another task or split, a task that is none of `TASKS`, a right answer that is no letter of the
    task, a visible answer in `test`, or no `val` at all.
    """
    path, content = source.path, source.content
    if not content.get("val"):
        raise ValueError(f"{path}: no answers of the split val, whose right answers alone are known")
    answers = keyed(content["val"], _FIELDS, f"{path}: val", key="idx")
    hidden = keyed(content["test"], _FIELDS, f"{path}: test", key="idx") if content.get("test") else {}
    task = _task(answers, hidden, path)
    frames, size, asked = TASKS[task]
    letters = LETTERS[:size]
    for index, answer in answers.items():
        if letter(answer["answer"], letters) is None:
            raise ValueError(
                f"{path}: item {shown(index)}: the right answer {shown(answer['answer'])} is none of {letters}"
            )
    for index, answer in hidden.items():
        if answer["answer"] != _HIDDEN:
            raise ValueError(
                f"{path}: item {shown(index)}: {_HIDDEN!r} expected in the split test, found {shown(answer['answer'])}"
            )

    gold = [letter(answer["answer"], letters) for answer in answers.values()]
    said = [letter(answer["prediction"], letters) for answer in answers.values()]
    records = record_table(
        {
            "benchmark": NAME,
            "task": task,
            "item": list(answers),
            "scene": None,
            "frames": frames,
            "answer_type": "choice",
            "options": [tuple(letters)] * len(answers),
            "unit": None,
            "gold": gold,
            "prediction": said,
            "rule": LETTER_RULE,
            "score": [float(x == y) for x, y in zip(said, gold)],
            "correct": [x == y for x, y in zip(said, gold)],
            "judge": None,
            "judge_reading": None,
            "model": path.resolve().parent.name or path.stem,
        },
        where=path,
    )
    unparsed = [index for index, x in zip(answers, said) if x is None]
    told = (
        (unparsed, f"Answers that could not be read, {len(unparsed)} ({some(unparsed)}): kept, counted as wrong."),
        (
            hidden,
            f"Questions of the split test, {len(hidden)}: hidden right answers, so they are not in the figures.",
        ),
        (
            path.stem.endswith("_concat") and frames > 1,
            f"The {frames} images were joined into one picture for this run.",
        ),
    )
    missing = asked - len(answers)
    warned = (
        (missing > 0, f"{missing} of {asked} questions have no answer in this log: they are not in the figures."),
    )
    notes, warnings = (tuple(sentence for found, sentence in group if found) for group in (told, warned))
    return Log(path, records, None, notes, (*warnings, *unread(items)), images_of_questions=True)


def letter(text: str, letters: str) -> str | None:
    """The letter of `letters` that a saved answer names, "(C)" or "(C) Point C"; None for "(Z)" and everything else."""
    match = re.fullmatch(r"\(([A-Z])\)(?:\s.*)?", text.strip(), re.DOTALL)
    return match[1] if match and match[1] in letters else None


def _task(answers: dict, hidden: dict, path: Path) -> str:
    """The one task that all identifiers name, each in its own split."""
    tasks = {}
    for split, rows in (("val", answers), ("test", hidden)):
        for index in rows:
            match = _INDEX.fullmatch(index)
            if not match or match["split"] != split:
                raise ValueError(f"{path}: item {shown(index)}: an idx of the form {split}_TASK_NUMBER was expected")
            tasks.setdefault(match["task"], index)
    if len(tasks) > 1:
        one, other = list(tasks.values())[:2]
        raise ValueError(f"{path}: items {shown(one)} and {shown(other)} belong to two tasks; one was expected")
    (task,) = tasks
    if task not in TASKS:
        raise ValueError(f"{path}: the task {shown(task)} is none of the spatial ones, {', '.join(TASKS)}")
    return task
