"""BLINK's own records as questions; `spacelib.benchmarks.blink` reads the saved outputs of its authors.

Official files: https://huggingface.co/datasets/BLINK-Benchmark/BLINK, one table a task: `idx, sub_task, question,
image_1..4, choices[list], answer, prompt`. The right answers of the split test are hidden: left out, counted. A picture
is not named, so a scene is unknown; the number of frames is the task's. The right letters are not balanced, and nothing
says that they were drawn evenly.

Source: Fu et al. 2024 (BLINK).
"""

from spacelib.benchmarks.blink import NAME, TASKS
from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown

from . import forms

__all__ = ["NAME", "questions", "recognises"]

_FIELDS = {"idx": str, "sub_task": str, "question": str, "choices": list, "answer": str}
_HIDDEN = "hidden"


def recognises(content) -> bool:
    """Whether the first record has the official fields."""
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions, one task a sub_task.

    Errors: ValueError naming file and record for one not of the official form, a right answer that is none of the
    choices, an idx given twice, and for hidden right answers alone.
    """
    rows, hidden = [], 0
    for item, record in keyed(content, _FIELDS, path, key="idx", others=True).items():
        where = f"{path}: item {shown(item)}"
        if record["answer"] == _HIDDEN:
            hidden += 1
            continue
        options = forms.texts(record["choices"], where, "choices")
        rows.append(
            {
                "item": item,
                "task": record["sub_task"],
                "frames": TASKS[record["sub_task"]][0] if record["sub_task"] in TASKS else None,
                "question": record["question"],
            }
            | forms.choice(options, forms.right_letter(record["answer"], options, where))
        )
    told = f"Questions with hidden right answers, {hidden}: left out."
    return forms.questions(path, NAME, rows, notes=(told,) if hidden else ())
