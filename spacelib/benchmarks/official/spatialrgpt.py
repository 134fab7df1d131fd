"""SpatialRGPT-Bench's own records as questions; `spacelib.benchmarks.spatialrgpt` says what is odd in them.

Lengths and clock directions are read out of the sentences of the right answers, in metres and hours; the other tasks'
free texts need a judge. A picture is a scene.

Source: Cheng et al. 2024 (SpatialRGPT).
"""

from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import JUDGE_RULE
from spacelib.benchmarks.rules import RULES
from spacelib.benchmarks.spatialrgpt import NAME, NUMERIC, QUESTION_FIELDS, question_rows

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
    rows = []
    for item, row in question_rows(path, content).iterrows():
        shared = {"item": item, "task": row["task"], "scene": row["scene"], "frames": 1, "question": row["question"]}
        if row["task"] not in NUMERIC:
            rows.append(shared | {"answer_type": "text", "gold": row["gold"], "rule": JUDGE_RULE})
            continue
        rule, unit = NUMERIC[row["task"]]
        if (gold := RULES[rule].reads(row["gold"])) is None:
            raise ValueError(
                f"{path}: item {shown(item)}: no number of the unit {unit} can be read in the right answer "
                f"{shown(row['gold'])}"
            )
        rows.append(shared | {"answer_type": "number", "unit": unit, "gold": gold, "rule": rule})
    return forms.questions(path, NAME, rows)
