"""The plain form, `spacelib-records`: what a file of records says, field by field, for people and as a JSON Schema."""

import textwrap
from typing import NamedTuple

from .records import ANSWER_TYPES, LETTERS
from .rules import RULES

VERSION = 1
MARK = "spacelib_records"  # the field of a header, whose value is the version


class Field(NamedTuple):
    """A field of a record: what its value may be in JSON (as a JSON Schema), what it says, whether it must be there."""

    schema: dict
    says: str
    required: bool = False


_NAME = {"type": ["string", "integer"]}
_TEXT = {"type": ["string", "null"]}
_MARKED = {"type": ["boolean", "null"]}
_ANSWER = {"type": ["string", "number", "array"], "items": {"type": "number"}}

FIELDS = {
    "item": Field(_NAME, "the question's identifier, unique within benchmark, task and model", True),
    "prediction": Field(
        _ANSWER | {"type": ["string", "number", "array", "null"]},
        "what the model answered: its raw text, or the letter, number or list of numbers read in it; "
        "empty or null: no answer, which counts as wrong",
        True,
    ),
    "gold": Field(
        _ANSWER,
        "the right answer: of a choice its letter, a number, a list of numbers, or a text; "
        "left out everywhere where the official question file is given (--items)",
    ),
    "answer_type": Field(
        {"enum": [*ANSWER_TYPES, None]}, f"{', '.join(ANSWER_TYPES)}; may be left out where there are options: a choice"
    ),
    "options": Field(
        {
            "type": ["array", "null"],
            "items": {"type": ["string", "number"]},
            "minItems": 2,
            "maxItems": len(LETTERS),
        },
        "of a choice: the texts in the order shown, the first is A",
    ),
    "unit": Field(
        _TEXT, "of numbers and vectors: what they are counted in, like m, deg or objects; bare numbers are in it"
    ),
    "rule": Field(
        _TEXT,
        "the rule that marks, one a task; left out: the letter of a choice, the judge of a text. "
        "By these names answers are marked here: " + ", ".join(RULES) + "; by any other the file has to give the marks",
    ),
    "score": Field(
        {"type": ["number", "null"], "minimum": 0, "maximum": 1},
        "credit from 0 to 1; where the rule marks here, it is only compared",
    ),
    "correct": Field(
        _MARKED, "full credit, as true or false; needed where there is no score and no rule that marks here"
    ),
    "judge": Field(_MARKED, "a judge's mark of a free answer; null: it gave none; left out: the mark is the judge's"),
    "judge_reading": Field(
        {"type": ["string", "number", "null"]}, "the number that the judge read in a free answer, in the same unit"
    ),
    "scene": Field(
        {"type": ["string", "integer", "null"]}, "what questions share, a video or a room: the unit of resampling"
    ),
    "frames": Field({"type": ["integer", "null"], "minimum": 1}, "images shown to the model"),
    "task": Field(_NAME, "the benchmark's own division (left out: all)"),
    "benchmark": Field({"type": "string"}, "its name (left out: the header's, or unnamed)"),
    "model": Field(
        {"type": "string"},
        "its name (left out: the header's, or the file's); logs of one model are compared by frames where it is the same",
    ),
    "letters_shuffled": Field(
        _TEXT, "in a table, the same in every row: as in the header. Only then is the best blind accuracy known"
    ),
    "question": Field(_TEXT, "its words; not read"),
    "response": Field(_TEXT, "the model's full text, beside a prediction read in it; not read"),
}

_TOLD = {"type": "array", "items": {"type": "string"}}
HEADER = {
    MARK: Field({"const": VERSION}, "the version of this form", True),
    "benchmark": Field({"type": "string"}, "of all records that do not name their own"),
    "model": Field({"type": "string"}, "of all records that do not name their own"),
    "letters_shuffled": Field(
        {"type": "string"}, "why the letter of a right answer is known to be uniform; left out: it is not"
    ),
    "notes": Field(_TOLD, "what a reader of the figures should know of the file"),
    "warnings": Field(_TOLD, "what may move the figures"),
}


def schema_text() -> str:
    """The plain form in words: one paragraph for its shape, one line a field."""
    lines = [
        f"spacelib-records, version {VERSION}: one record a question answered by one model.",
        "",
        "JSON lines (UTF-8, one object a line), a JSON list of such objects, or a table (CSV, TSV, xlsx)",
        "whose first row names the columns. There, a list stands in its cell as JSON; an empty cell is a missing one.",
        "",
        "Fields of a record (* required)",
        *_described(FIELDS),
        "",
        f'The first line of JSON lines may be a header, like {{"{MARK}": {VERSION}, "model": "..."}}',
        *_described(HEADER),
        "",
        "The least that a record of a choice needs:",
        '{"item": "1", "options": ["left", "right"], "gold": "A", "prediction": "(B) right"}',
    ]
    return "\n".join(lines)


def json_schema() -> dict:
    """A line of the plain form as a JSON Schema (draft 2020-12): a header or a record."""
    record = _object(FIELDS) | {
        "if": {"required": ["gold"]},
        "then": {"anyOf": [_typed("answer_type"), _typed("options")]},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spacelib-records",
        "description": f"One line of a file of records, version {VERSION}: a header (first line only) or a record.",
        "if": {"required": [MARK]},
        "then": _object(HEADER),
        "else": record,
        "type": "object",
    }


def _typed(name: str) -> dict:
    return {"required": [name], "properties": {name: {"not": {"type": "null"}}}}


def _object(fields: dict[str, Field]) -> dict:
    return {
        "type": "object",
        "properties": {name: field.schema | {"description": field.says} for name, field in fields.items()},
        "required": [name for name, field in fields.items() if field.required],
        "additionalProperties": False,
    }


def _described(fields: dict[str, Field]) -> list[str]:
    width = max(map(len, FIELDS)) + 4
    lines = []
    for name, field in fields.items():
        label = f"  {name + ('*' if field.required else ''):<{width - 2}}"
        lines += textwrap.wrap(label + field.says, 110, subsequent_indent=" " * width, break_on_hyphens=False)
    return lines
