"""CA-VQA: questions about a reference frame of a recording, with up to four frames before it.

Official files: https://github.com/apple/ml-cubifyanything, a `datasets.load_from_disk` folder with one table a task.
The same rows may stand as JSON lines, `rows.jsonl` in a folder a task (`spacelib.scenes.write_cavqa`): that is where
the task is named, so the folder is read, or one task's file inside it. What is not documented, and what is done about
it:

- What a right answer looks like is not said beyond "text". Read are Yes or No; a letter or the words of an option that
  the question lists ("A. the sofa" in a line of its own, or "(A) the sofa (B) the lamp"); a whole number; four numbers
  in square brackets, left, top, right, bottom; seven, as `cavqa_solid_counts` has them; a number with its unit, or in
  the unit that the question names. Everything else is an error that names the row.
- The three kinds of regression are not labelled: `regression_kind` tells them from the question's words, and a note
  says how many there are of each; they stay one task.
- A recording is the folder in which a picture stands, below "images" or "frames"; where there is none, the first part
  of an id such as 45260857_00050_6 (as projects that use the files read it); else it is unknown.

Source: Daxberger et al. 2025 (MM-Spatial, CA-VQA).
"""

import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

from spacelib.benchmarks import readers
from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTER_RULE

from . import forms

NAME = "CA-VQA"
TASKS = ("binary", "cardinality", "grounding2d", "grounding3d", "multichoice", "regression")
SUPPORT = ("support_frame_4", "support_frame_3", "support_frame_2", "support_frame_1")  # in the order of time
DEPTHS = ("ground_truth", "arkit", "monocular")
_FIELDS = {"id": (str, int), "question": str, "answer": str, "reference_frame": dict}
_NUMBERED = re.compile(r"(\d+)_\d+_\d+")
_DISTANCE = re.compile(r"\b(?:far|farther|further|distance|distant|apart|away|separat\w+)\b", re.IGNORECASE)
_SIZE = re.compile(
    r"\b(?:tall|height|high|wide|width|long|length|deep|depth|thick\w*|large|big|size|dimensions?)\b",
    re.IGNORECASE,
)
_OBSERVER = r"(?:the |this |my |your |our )?(?:camera|viewer|observer|photographer|viewpoint|me|you|us)\b"
_EGOCENTRIC = re.compile(
    rf"\b(?:from|to|and|between) {_OBSERVER}|\b(?:am i|are you|are we|is {_OBSERVER})|\baway\b(?! from)",
    re.IGNORECASE,
)


class Frame(NamedTuple):
    """One frame: the picture's name, depth maps' names by kind (None where there is none), camera.

    `pose` (4, 4) maps into the reference frame's coordinates, in metres; `intrinsics` (3, 3) are in pixels.
    """

    image: str
    depths: dict[str, str | None]
    pose: np.ndarray
    intrinsics: np.ndarray


def recognises(content) -> bool:
    """Whether the rows, or the first task's, have the fields of CA-VQA's."""
    if isinstance(content, dict) and content and set(content) <= set(TASKS):
        content = next(iter(content.values()))
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The rows of one or more tasks as questions, frames counted.

    Assumes `recognises(content)`. Errors: ValueError naming file, task and row for one not of the official form, frames
    of several recordings, a name of a picture that leaves its folder, a right answer that cannot be read, and rows
    whose task is not known.
    """
    rows, kinds = [], Counter()
    for task, records in _by_task(path, content).items():
        for item, record in records.items():
            where = f"{path}: {task}: row {shown(str(item))}"
            scenes = {_scene(frame.image, str(item)) for frame in row_frames(record, where)}
            if len(scenes) > 1:
                raise ValueError(f"{where}: frames of several recordings, {shown(sorted(map(str, scenes)))}")
            shared = {"item": str(item), "task": task, "scene": scenes.pop(), "question": record["question"]}
            shown_frames = 1 + sum(record.get(name) is not None for name in SUPPORT)
            rows.append(shared | {"frames": shown_frames} | _answer(task, record, where))
            if task == "regression":
                kinds[regression_kind(record["question"]) or "not told by the words"] += 1
    counted = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()))
    notes = (f"Kinds of regression, inferred from the questions' words: {counted}.",) if kinds else ()
    return forms.questions(path, NAME, rows, notes=notes)


def frames(path, content) -> dict[str, tuple[Frame, ...]]:
    """The frames of each question by its item, in the order of time: support frames 4 to 1, then the reference.

    Errors: as `questions`, for the frames.
    """
    return {
        str(item): row_frames(record, f"{path}: {task}: row {shown(str(item))}")
        for task, records in _by_task(path, content).items()
        for item, record in records.items()
    }


def row_frames(record: dict, where: str) -> tuple[Frame, ...]:
    """The frames of one row in the order of time. Errors: ValueError for a frame not of the official form."""
    found = []
    for name in (*SUPPORT, "reference_frame"):
        if (frame := record.get(name)) is None:
            continue
        if not isinstance(frame, dict) or not {"image", "pose", "intrinsics"} <= set(frame):
            raise ValueError(f"{where}: {name} is {shown(frame)}; image, pose and intrinsics were expected")
        depths = {kind: _path(frame.get(f"depth_map_{kind}"), f"{where}: {name}") for kind in DEPTHS}
        if (image := _path(frame["image"], f"{where}: {name}")) is None:
            raise ValueError(f"{where}: {name} names no picture")
        pose, intrinsics = (_matrix(frame[key], side, key, where) for key, side in (("pose", 4), ("intrinsics", 3)))
        found.append(Frame(image, depths, pose, intrinsics))
    return tuple(found)


def regression_kind(question: str) -> str | None:
    """What a regression question asks for: egocentric distance, object distance or object size; None where unclear.

    The rule: words of distance (far, distance, apart, away, separated) make it a distance, from the observer where the
    camera, viewer or a person is one end ("from the camera", "between you and", "are you"), or where something is just
    "away"; else words of size (tall, height, wide, width, long, length, deep, depth, thick, large, size) make it one.
    So a long table's distance is a distance. The published kinds are not labelled: this reading is this library's.
    """
    if _DISTANCE.search(question):
        return "egocentric distance" if _EGOCENTRIC.search(question) else "object distance"
    return "object size" if _SIZE.search(question) else None


def _by_task(path, content) -> dict[str, dict]:
    """Task: its rows by id. A file of one task's rows names it by its folder only."""
    if not isinstance(content, dict) or not set(content) <= set(TASKS):
        task = Path(path).resolve().parent.name
        if task not in TASKS:
            raise ValueError(f"{path}: rows of {NAME} whose task is not known; give the folder that has one a task")
        content = {task: content}
    return {task: keyed(rows, _FIELDS, f"{path}: {task}", others=True) for task, rows in content.items()}


def _path(value, where: str) -> str | None:
    if value is None or (isinstance(value, dict) and value.get("path") is None):
        return None
    if not isinstance(value, dict):
        raise ValueError(f"{where}: {shown(value)}; a path was expected")
    return str(forms.picture(value["path"], where))


def _matrix(value, side: int, name: str, where: str) -> np.ndarray:
    try:
        matrix = np.array(value, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        matrix = np.empty(0)
    if matrix.shape != (side, side) or not np.isfinite(matrix).all():
        raise ValueError(f"{where}: {name} is {shown(value)}; {side} rows of {side} finite numbers were expected")
    return matrix


def _scene(image: str, item: str) -> str | None:
    folders = [part for part in Path(image).parts[:-1] if part not in ("images", "frames")]
    recording = _NUMBERED.fullmatch(item)
    return folders[-1] if folders else recording[1] if recording else None


def _answer(task: str, record: dict, where: str) -> dict:
    answer, question = record["answer"].strip(), record["question"]
    if task in ("binary", "multichoice"):
        options = ("Yes", "No") if task == "binary" else forms.listed_options(question, where)
        letter = readers.yes_or_no(answer, None, options) if task == "binary" else None
        gold = letter or forms.right_letter(answer, options, where)
        return forms.choice(options, gold, "yes or no" if task == "binary" else LETTER_RULE)
    if task.startswith("grounding"):
        unit, rule = ("pixels", "overlap of 50 %") if task == "grounding2d" else ("m", "overlap of 15 %")
        kind, gold = "vector", readers.vector(answer)
    else:
        kind, rule = "number", "exact count" if task == "cardinality" else "within 10 %"
        unit = "objects" if task == "cardinality" else forms.unit_in(answer) or forms.unit_in(question)
        gold = readers.number(answer, unit)
    if gold is None or unit is None:
        raise ValueError(f"{where}: the right answer {shown(answer)} cannot be read, or its unit is not named")
    return {"answer_type": kind, "unit": unit, "gold": gold, "rule": rule}
