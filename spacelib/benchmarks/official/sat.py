"""SAT: what moved, and how things stand, in one or two pictures; the test split is of real ones.

Official files: https://huggingface.co/datasets/array/SAT, Parquet: `image_bytes[list], question, answers[list],
question_type, correct_answer`. There is no identifier: the item is the record's number, from 1. The owners ask users to
shuffle the answers when they show them, so letters mean nothing here: an answer is read by its words. Pictures stand in
the table itself, so a scene is unknown, and so is the number of frames where their column was left unread.

Source: Ray et al. 2025 (SAT).
"""

from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import first_letter

from . import forms

NAME = "SAT"
_FIELDS = {"question": str, "answers": list, "question_type": str, "correct_answer": str}


def recognises(content) -> bool:
    """Whether the first record has just the official fields, with or without the pictures."""
    return set(_FIELDS) <= set(forms.first_record(content)) <= {*_FIELDS, "image_bytes"}


def questions(path, content) -> Questions:
    """The records as questions, one task a question_type.

    Errors: ValueError naming file and record for one not of the official form or a right answer that is none of the
    answers.
    """
    rows = []
    for number, where, record in forms.numbered(content, _FIELDS, path, others=True):
        options = forms.texts(record["answers"], where, "answers")
        if (right := record["correct_answer"]) not in options:
            raise ValueError(f"{where}: the right answer {shown(right)} is none of {shown(list(options))}")
        rows.append(
            {
                "item": str(number),
                "task": record["question_type"],
                "frames": forms.count_of(record.get("image_bytes"), where),
                "question": record["question"],
            }
            | forms.choice(options, first_letter(right, options), "named option")
        )
    return forms.questions(path, NAME, rows)
