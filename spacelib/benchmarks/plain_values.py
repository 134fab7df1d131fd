"""The values of one record in the plain form: what each field may hold, in JSON and in a table's cell."""

import json
import re

from .reading import json_value, shown
from .records import ANSWER_TYPES, LETTERS

_WHOLE = re.compile(r"[0-9]{1,9}(?:\.0)?")
_TRUTH = {"true": True, "false": False, "1": True, "0": False, "1.0": True, "0.0": False}
_BAD = object()


def _number(value) -> bool:
    return type(value) in (int, float)


def _name(value):
    return str(value) if type(value) is int or (isinstance(value, str) and value.strip()) else _BAD


def _text(value):
    return value if value is None or isinstance(value, str) else _BAD


def _words(value):
    return value if isinstance(value, str) and value.strip() else _BAD


def _kind(value):
    return value if value is None or value in ANSWER_TYPES else _BAD


def _answer(value):
    """Text as it is, a number by its digits, a list of numbers as JSON text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, list):
        return json.dumps(value) if all(map(_number, value)) else _BAD
    return json.dumps(value) if _number(value) else _BAD


def _options(value):
    if value is None:
        return None
    if not isinstance(value, list) or not 2 <= len(value) <= len(LETTERS):
        return _BAD
    texts = tuple(option if isinstance(option, str) else json.dumps(option) for option in value)
    return texts if all(isinstance(option, str) or _number(option) for option in value) else _BAD


def _count(value):
    return value if value is None or (type(value) is int and 1 <= value < 2**31) else _BAD


def _share(value):
    return value if value is None or (_number(value) and 0 <= value <= 1) else _BAD


def _truth(value):
    return value if value is None or isinstance(value, bool) else _BAD


# Field: what reads its value, and what was expected where that fails.
READERS = {
    "item": (_name, "a text or a whole number"),
    "prediction": (_answer, "a text, a number, a list of numbers or null"),
    "gold": (_answer, "a text, a number or a list of numbers"),
    "answer_type": (_kind, f"one of {', '.join(ANSWER_TYPES)}"),
    "options": (_options, f"a list of 2 to {len(LETTERS)} texts"),
    "unit": (_text, "a text"),
    "rule": (_text, "a text"),
    "score": (_share, "a number from 0 to 1"),
    "correct": (_truth, "true or false"),
    "judge": (_truth, "true or false"),
    "judge_reading": (_answer, "a number"),
    "scene": (lambda value: None if value is None else _name(value), "a text or a whole number"),
    "frames": (_count, "a whole number from 1 on"),
    "task": (_name, "a text or a whole number"),
    "benchmark": (_words, "a text"),
    "model": (_words, "a text"),
    "letters_shuffled": (_text, "a text"),
    "question": (_text, "a text"),
    "response": (_text, "a text"),
}


def json_values(record, where: str) -> dict:
    """The fields of a JSON record, in the record table's kinds.

    Errors: ValueError naming `where`, the item and what was expected for anything but an object, an unknown field, and
    a value that is none of its field's.
    """
    if not isinstance(record, dict):
        raise ValueError(f"{where}: expected an object, found {shown(record)}")
    values = {}
    for name, value in record.items():
        if name not in READERS:
            raise ValueError(f"{_named(record, where)}: unknown field {shown(name)}; known are {', '.join(READERS)}")
        read, expected = READERS[name]
        if (found := read(value)) is _BAD:
            raise ValueError(f"{_named(record, where)}: {name} is {shown(value)}; {expected} was expected")
        values[name] = found
    return values


def cell_values(record: dict, where: str) -> dict:
    """The fields of a table's row: its cells are texts, None where empty. Errors: as `json_values`."""
    typed = {name: cell for name, cell in record.items() if cell is not None}
    for name, read in _CELLS.items():
        if name in typed:
            typed[name] = read(typed[name])
    kept = {name: None for name in ("prediction", "judge") if name in record}
    return json_values(kept | typed, where)


def _named(record: dict, where: str) -> str:
    return f"{where}: item {shown(record['item'])}" if "item" in record else where


def _parsed(cell: str):
    """The JSON value in a cell; the cell itself where there is none, which no reader of these fields takes."""
    try:
        return json_value(cell, "")
    except ValueError:
        return cell


_CELLS = {
    "options": _parsed,
    "score": _parsed,
    "frames": lambda cell: int(float(cell)) if _WHOLE.fullmatch(cell) else cell,
    "correct": lambda cell: _TRUTH.get(cell.lower(), cell),
    "judge": lambda cell: _TRUTH.get(cell.lower(), cell),
}
