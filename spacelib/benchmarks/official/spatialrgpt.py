"""SpatialRGPT-Bench's own records as questions; `spacelib.benchmarks.spatialrgpt` says what is odd in them.

Lengths and clock directions are read out of the sentences of the right answers, in metres and hours; the other tasks'
free texts need a judge. A picture is a scene.

Source: Cheng et al. 2024 (SpatialRGPT).
"""

from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.spatialrgpt import NAME, QUESTION_FIELDS, question_rows, right_answer

from . import forms

__all__ = ["NAME", "questions", "recognises"]


def recognises(content) -> bool:
    """Whether the first record has the fields of the benchmark's own."""
    return set(forms.first_record(content)) >= set(QUESTION_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions, one task for each of the twelve categories that occur, one frame each.

    Errors: as `spacelib.benchmarks.spatialrgpt.read_questions`; ValueError naming file and item for a right answer
    without the number that its task asks for.
    """
    rows = [
        {"item": item, "task": row["task"], "scene": row["scene"], "frames": 1, "question": row["question"]}
        | right_answer(row["task"], row["gold"], f"{path}: item {shown(item)}")
        for item, row in question_rows(path, content).iterrows()
    ]
    return forms.questions(path, NAME, rows)
