"""VSI-Bench: questions about videos of rooms, in its official form and in that of another project.

- The official records (https://huggingface.co/datasets/nyu-visionx/VSI-Bench): `id, dataset, scene_name, question_type,
  question, options, ground_truth`, newer ones with `pruned`.
- The other form has no identifier, the video as the absolute path of a foreign machine, and the options under A to D:
  the path's last two parts are the dataset and the scene, and what is before them is dropped unseen; the item is the
  record's number, from 1.

The owners' reading of an answer takes its first word without a full stop: a letter, capital or small, or a number,
which is scored by mean relative accuracy over ten tolerances. How many frames were shown is a matter of the run.
Nothing says that the options were shuffled.

Source: Yang et al. 2025 (VSI-Bench).
"""

from pathlib import PurePosixPath

from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.vsibench import COUNTERPARTS, NAME

from . import forms

__all__ = ["NAME", "UNITS", "questions", "recognises"]

UNITS = {  # of the types that are answered with a number
    "object_counting": "objects",
    "object_size_estimation": "cm",
    "object_abs_distance": "m",
    "room_size_estimation": "square metres",
}
_OFFICIAL = {
    "id": (int, str),
    "dataset": str,
    "scene_name": str,
    "question_type": str,
    "question": str,
    "options": (list, type(None)),
    "ground_truth": (str, int, float),
}
_LETTERS = ("A", "B", "C", "D")
_OTHER = {"mp4_path": str, "question_type": str, "question": str, "answer": str}
_OTHER |= dict.fromkeys(_LETTERS, (str, type(None)))


def recognises(content) -> bool:
    """Whether the first record has the fields of one of the two forms, and a type of VSI-Bench."""
    record = forms.first_record(content)
    if record.get("question_type") not in tuple(COUNTERPARTS):
        return False
    return set(record) == set(_OTHER) or set(_OFFICIAL) <= set(record) <= {*_OFFICIAL, "pruned"}


def questions(path, content) -> Questions:
    """The records as questions, one task a type.

    Assumes `recognises(content)`. Errors: ValueError naming file and record for one not of the form that the first has,
    an unknown type, a video without dataset and scene, options that do not go with the type, a right answer that is
    none of the options or no positive number, an identifier given twice.
    """
    official = set(forms.first_record(content)) >= set(_OFFICIAL)
    rows = []
    for number, where, record in forms.numbered(content, _OFFICIAL if official else _OTHER, path, others=official):
        kind = record["question_type"]
        if kind not in COUNTERPARTS:
            raise ValueError(f"{where}: the question_type {shown(kind)} is none of {', '.join(COUNTERPARTS)}")
        scene = _scene(record, official, where)
        item = str(record["id"]) if official else str(number)
        row = {"item": item, "task": kind, "scene": scene, "question": record["question"]}
        rows.append(row | _answer(record, official, where))
    return forms.questions(path, NAME, rows)


def _scene(record: dict, official: bool, where: str) -> str:
    if official:
        path = forms.picture(f"{record['dataset']}/{record['scene_name']}", where)
    else:
        kept = PurePosixPath(*PurePosixPath(record["mp4_path"]).parts[-2:])
        path = forms.picture(str(kept), where).with_suffix("")
    if len(path.parts) != 2:
        raise ValueError(f"{where}: the video {shown(path.name)} has no dataset and scene")
    return str(path)


def _answer(record: dict, official: bool, where: str) -> dict:
    right = record["ground_truth" if official else "answer"]
    options = (record["options"] or []) if official else [record[c] for c in _LETTERS if record[c] is not None]
    if not official and any(record[c] is None for c in _LETTERS[: len(options)]):
        raise ValueError(f"{where}: an option is missing before {_LETTERS[len(options)]}")
    return answer_columns(options, right, UNITS.get(record["question_type"]), where)


def answer_columns(options: list, right, unit: str | None, where: str) -> dict:
    """The columns of an answer as VSI-Bench reads and scores it: a number in `unit`, or without one a letter."""
    if unit is None:
        options = forms.lettered(forms.texts(options, where, "options"), where)
        return forms.choice(options, forms.right_letter(right, options, where), "letter in the first word")
    if options:
        raise ValueError(f"{where}: options {shown(options)} of a question for a number")
    gold = forms.right_number(right, where)
    return {"answer_type": "number", "unit": unit, "gold": gold, "rule": "mean relative accuracy"}
