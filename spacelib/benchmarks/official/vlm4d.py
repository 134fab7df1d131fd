"""VLM4D's question files; `spacelib.benchmarks.vlm4d` says what is odd in them.

A task is a split, a scene a video. The choices are shuffled. How many frames were shown is a matter of the run.

Source: Zhou et al. 2025 (VLM4D).
"""

from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import first_letter
from spacelib.benchmarks.vlm4d import NAME, QUESTION_FIELDS, SHUFFLED, question_records, split_of

from . import forms

__all__ = ["NAME", "questions", "recognises"]


def recognises(content) -> bool:
    """Whether the first record has just the fields of a question."""
    return set(forms.first_record(content)) == set(QUESTION_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions.

    Errors: ValueError naming file and record for one not of the official form, a right answer that is no choice, a
    video of no split, an id given twice.
    """
    rows = []
    for item, record in question_records(content, path).items():
        options = tuple(str(choice) for choice in record["choices"].values())
        if (right := str(record["answer"])) not in options:
            raise ValueError(f"{path}: item {shown(item)}: the right answer {shown(right)} is no choice")
        rows.append(
            {
                "item": item,
                "task": split_of(record["video"], path),
                "scene": record["video"],
                "question": record["question"],
            }
            | forms.choice(options, first_letter(right, options))
        )
    return forms.questions(path, NAME, rows, letters_shuffled=SHUFFLED)
