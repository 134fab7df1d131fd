"""What the writers of official file forms share: pictures with dots, whole folders, and checks of what is written."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from spacelib.scenes.questions import Mark, Question
from spacelib.scenes.render import Frames

_DOT = (255, 0, 255)  # no object of `COLOURS` and no background has it
_LETTER = 11  # pixels that a letter takes, with the gap beside it
_FARTHEST = 65535  # mm in a depth map of 16 bits


def scene_name(question: Question) -> str:
    """The scene's name, first part of the path of its pictures."""
    return f"synthetic_scene_{question.scene:05d}"


@contextmanager
def whole_folder(path) -> Iterator[Path]:
    """A folder to write into, that gets its name when all is written; on an error nothing is left.

    Errors: FileExistsError where the name is taken, FileNotFoundError where its parent is no folder.
    """
    path = Path(path)
    if path.exists():
        raise FileExistsError(f"{path} is there already; the name of a new folder was expected")
    if not path.parent.is_dir():
        raise FileNotFoundError(f"{path.parent} is no folder, so {path.name} cannot be written there")
    temporary = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp"))
    try:
        yield temporary
        mask = os.umask(0)  # mkdtemp makes the folder private; give it the mode that mkdir would have given
        os.umask(mask)
        temporary.chmod(0o777 & ~mask)
        temporary.rename(path)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise


def checked(function: str, questions: Sequence[Question], benchmark: str, frames: Frames | None = None) -> None:
    """ValueError unless there are questions, all of the benchmark, of different ids, and the frames show them."""
    if not questions:
        raise ValueError(f"{function}: questions must not be empty")
    seen = set()
    for question in questions:
        if question.benchmark != benchmark:
            raise ValueError(f"{function}: question {question.id} must be of {benchmark}, is of {question.benchmark}")
        if question.id in seen:
            raise ValueError(f"{function}: question {question.id} stands twice")
        seen.add(question.id)
        if frames is None:
            continue
        count, shown, height, width = frames.depth.shape
        if question.scene >= count or max(question.frames) >= shown or question.image != (width, height):
            there = f"{count} scenes in {shown} frames of {width} x {height} pixels"
            raise ValueError(f"{function}: question {question.id} is not about these frames ({there})")


def write_lines(path: Path, records: list[dict]) -> None:
    """Records as JSON, one a line."""
    text = "".join(json.dumps(record, allow_nan=False) + "\n" for record in records)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_picture(root: Path, question: Question, frames: Frames, frame: int) -> str:
    """A frame as PNG with the question's dots, once; its path below the folder of pictures.

    Pictures without dots are shared by the scene's questions.
    """
    from PIL import Image

    marks = [mark for mark in question.marks if mark.frame == frame]
    name = f"{question.id}_frame_{frame}" if marks else f"frame_{frame}"
    path = f"{scene_name(question)}/{name}.png"
    if not (root / path).exists():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        rgb = frames.rgb[question.scene, frame].detach().cpu().double().numpy()
        picture = Image.fromarray(np.rint(255 * rgb.clip(0, 1)).astype(np.uint8))
        _draw(picture, marks)
        picture.save(root / path)
    return path


def write_depth(root: Path, question: Question, frames: Frames, frame: int) -> str:
    """A frame's depth in whole millimetres as PNG of 16 bits; 0 for the sky and beyond 65.535 m."""
    from PIL import Image

    path = f"{scene_name(question)}/depth_{frame}.png"
    if not (root / path).exists():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        depth = 1000 * frames.depth[question.scene, frame].detach().cpu().double().numpy()
        millimetres = np.rint(np.where(depth <= _FARTHEST, depth, 0)).astype(np.uint16)
        Image.fromarray(millimetres).save(root / path)
    return path


def _draw(picture, marks: list[Mark]) -> None:
    """Dots of three by three pixels, their letters beside them: to the right, where the picture ends to the left."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(picture)
    pen.fontmode = "1"  # no grey edges: one colour is what was added
    at = [(mark.letter, *(int(value) for value in mark.pixel)) for mark in marks]
    for letter, column, row in at:
        left = column + 3 if column + _LETTER <= picture.width else column - _LETTER
        pen.text((left, min(max(row - _LETTER // 2, 0), picture.height - _LETTER)), letter, fill=_DOT)
    for _, column, row in at:  # after all letters, which cover none of them
        pen.rectangle((column - 1, row - 1, column + 1, row + 1), fill=_DOT)
