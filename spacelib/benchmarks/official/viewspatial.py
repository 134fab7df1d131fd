"""ViewSpatial-Bench: directions as a camera or a person sees them, in one to some thirty pictures.

Official file: https://huggingface.co/datasets/lidingm/ViewSpatial-Bench. Records `question_type, image_path[list],
question, answer, choices`: the choices are one text with a lettered line each, the right answer is such a line. There
is no identifier: the item is the record's number, from 1. A scene is the folder of a recording's pictures (ScanNet), or
the picture itself (COCO). Nothing says that the choices were shuffled.

Source: Li et al. 2025 (ViewSpatial-Bench).
"""

from pathlib import PurePosixPath

from spacelib.benchmarks.questions import Questions

from . import forms

NAME = "ViewSpatial-Bench"
_FIELDS = {"question_type": str, "image_path": list, "question": str, "answer": str, "choices": str}
_RECORDING = "original_images"  # the folder of a recording's pictures, inside the recording's own


def recognises(content) -> bool:
    """Whether the first record has just the official fields."""
    return set(forms.first_record(content)) == set(_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions, one task a question_type.

    Errors: ValueError naming file and record for one not of the official form, pictures of several scenes or names that
    leave their folder, choices without letters, a right answer that is none of them.
    """
    rows = []
    for number, where, record in forms.numbered(content, _FIELDS, path):
        options = forms.lettered(record["choices"].strip().split("\n"), where)
        rows.append(
            {
                "item": str(number),
                "task": record["question_type"],
                "scene": forms.one_scene(record["image_path"], _scene, where),
                "frames": len(record["image_path"]),
                "question": record["question"],
            }
            | forms.choice(options, forms.right_letter(record["answer"], options, where))
        )
    return forms.questions(path, NAME, rows)


def _scene(picture: PurePosixPath) -> str:
    if picture.parent.name == _RECORDING:
        return str(picture.parent.parent)
    return str(picture.with_suffix(""))
