"""SPAR-Bench: twenty tasks about one to three pictures of a scene, options or numbers.

Official file: https://huggingface.co/datasets/jasonzhango/SPAR-Bench, Parquet: `id, img_type, format_type
("select"|"fill"), task, source, image[list], question, answer`. Options stand in the question, a line each. Numbers are
scored by mean relative accuracy, as in VSI-Bench, and are in the unit that the question names, metres where it names
none. A fill-in answer that is no number (a described change of view, an order) needs a judge. Pictures stand in the
table itself, so a scene is unknown. No file was at hand: what is said here is what projects that use it show.

Source: Zhang et al. 2025 (SPAR).
"""

from spacelib.benchmarks.fields import keyed
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.readers import first_word_number
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import JUDGE_RULE

from . import forms

NAME = "SPAR-Bench"
_FIELDS = {"id": (int, str), "img_type": str, "format_type": str, "task": str, "question": str, "answer": str}


def recognises(content) -> bool:
    """Whether the first record has the official fields."""
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records as questions.

    Errors: ValueError naming file and record for one not of the official form, an unknown format_type, options that
    cannot be read, a right answer that is none of them, an id given twice.
    """
    rows = []
    for item, record in keyed(content, _FIELDS, path, others=True).items():
        where = f"{path}: item {shown(str(item))}"
        shared = {"item": str(item), "task": record["task"], "question": record["question"]}
        shared["frames"] = forms.count_of(record.get("image"), where)
        rows.append(shared | _answer(record, where))
    return forms.questions(path, NAME, rows)


def _answer(record: dict, where: str) -> dict:
    if record["format_type"] == "select":
        options = forms.listed_options(record["question"], where)
        gold = forms.right_letter(record["answer"], options, where)
        return forms.choice(options, gold)
    if record["format_type"] != "fill":
        raise ValueError(f"{where}: the format_type is {shown(record['format_type'])}; select or fill was expected")
    if (gold := first_word_number(record["answer"].strip())) is None:
        return {"answer_type": "text", "gold": record["answer"], "rule": JUDGE_RULE}
    unit = forms.unit_in(record["question"]) or "m"
    return {"answer_type": "number", "unit": unit, "gold": gold, "rule": "mean relative accuracy"}
