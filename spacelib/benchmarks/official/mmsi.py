"""MMSI-Bench: questions about several pictures that list their options themselves.

Official file: https://huggingface.co/datasets/RunsenXu/MMSI-Bench, records `id, images, question_type, question,
answer, thought`. The pictures stand in the table itself, so a scene is unknown, and so is the number of frames where
the column of pictures was left unread (Parquet). Options stand in the question, "Options: A: ..., B: ...".

Source: Yang et al. 2025 (MMSI-Bench).
"""

from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown

from . import forms

NAME = "MMSI-Bench"
_FIELDS = {"id": (int, str), "question_type": str, "question": str, "answer": str}


def recognises(content) -> bool:
    """Whether the first record has the official fields, pictures and thought or none of the two."""
    return set(_FIELDS) <= set(forms.first_record(content)) <= {*_FIELDS, "images", "thought"}


def questions(path, content) -> Questions:
    """The records as questions, one task a question_type.

    Errors: ValueError naming file and record for one not of the official form, options that cannot be read, a right
    answer that is none of them, an id given twice.
    """
    rows = []
    for item, record in keyed(content, _FIELDS, path, others=True).items():
        where = f"{path}: item {shown(str(item))}"
        options = forms.listed_options(record["question"], where)
        rows.append(
            {
                "item": str(item),
                "task": record["question_type"],
                "frames": forms.count_of(record.get("images"), where),
                "question": record["question"],
            }
            | forms.choice(options, forms.right_letter(record["answer"], options, where))
        )
    return forms.questions(path, NAME, rows)
