"""STI-Bench: movement and place in videos, five choices a question.

Official file: https://huggingface.co/datasets/MINT-SJTU/STI-Bench, `qa.parquet`: `Video, Source, Task, QType, Question,
Prompt, time_start, time_end, Candidates{A..E}, Answer, Answer Detail, ID, scene`. An item is source, video and ID, a
scene the video. Candidates may be missing behind the last; some records have all of them in one text, and a right
answer that names none: those are left out, and named. How many frames were shown is a matter of the run.

Source: Li et al. 2025 (STI-Bench).
"""

from spacelib.benchmarks.fields import some
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTERS, first_letter

from . import forms

NAME = "STI-Bench"
_FIELDS = {"Video": str, "Source": str, "Task": str, "Question": str, "Candidates": dict, "Answer": str}
_FIELDS |= {"ID": (int, str)}


def recognises(content) -> bool:
    """Whether the first record has the official fields."""
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions, one task a Task.

    Errors: ValueError naming file and record for one not of the official form, candidates that are not texts under A,
    B, ..., a right answer that is no letter, an item given twice, and for no record with its candidates.
    """
    rows, torn = [], []
    for number, where, record in forms.numbered(content, _FIELDS, path, others=True):
        video = forms.picture(f"{record['Source']}/{record['Video']}", where).with_suffix("")
        item = f"{video}/{record['ID']}"
        options, right = _candidates(record["Candidates"], where), record["Answer"].strip()
        if len(right) != 1 or right not in LETTERS:
            raise ValueError(f"{where}: the right answer {shown(right)} is no letter")
        if len(options) < 2 or right not in LETTERS[: len(options)]:
            torn.append(item)
            continue
        rows.append(
            {
                "item": item,
                "task": record["Task"],
                "scene": str(video),
                "question": record["Question"],
            }
            | forms.choice(options, first_letter(options[LETTERS.index(right)], options))
        )
    told = f"Questions whose candidates do not have the right answer, {len(torn)} ({some(torn)}): left out."
    return forms.questions(path, NAME, rows, warnings=(told,) if torn else ())


def _candidates(candidates: dict, where: str) -> tuple[str, ...]:
    """The candidates under A, B, ...; missing ones only behind the last."""
    given = [text for text in candidates.values() if text is not None]
    if list(candidates)[: len(given)] != list(LETTERS[: len(given)]) or not all(isinstance(t, str) for t in given):
        raise ValueError(f"{where}: candidates {shown(candidates)}; texts under A, B, ... were expected")
    return tuple(given)
