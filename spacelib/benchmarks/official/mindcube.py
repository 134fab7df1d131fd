"""MindCube: where things are, from a few views of a place, questions that list their options themselves.

Official files: https://huggingface.co/datasets/MLL-Lab/MindCube, one record a line: `id, category, type, meta_info,
question, images[list], gt_answer`. The id begins with the setting (among, around, rotation), which is the task here. A
scene is the pictures' folder. That the options' letters stand as "A. ..." in the question is as the project's own guide
shows it; nothing says that they were shuffled.

Source: Yin et al. 2025 (MindCube).
"""

from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown

from . import forms

NAME = "MindCube"
_FIELDS = {"id": str, "category": list, "type": str, "question": str, "images": list, "gt_answer": str}


def recognises(content) -> bool:
    """Whether the first record has the official fields."""
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions.

    Errors: ValueError naming file and record for one not of the official form, pictures of several scenes or names that
    leave their folder, options that cannot be read, a right answer that is none of them, an id given twice.
    """
    rows = []
    for item, record in keyed(content, _FIELDS, path, others=True).items():
        where = f"{path}: item {shown(item)}"
        options = forms.listed_options(record["question"], where)
        rows.append(
            {
                "item": item,
                "task": item.split("_")[0],
                "scene": forms.one_scene(record["images"], lambda picture: str(picture.parent), where),
                "frames": len(record["images"]),
                "question": record["question"],
            }
            | forms.choice(options, forms.right_letter(record["gt_answer"], options, where))
        )
    return forms.questions(path, NAME, rows)
