"""Reading JSON that nobody vouches for: the parsed value, or one sentence that says what is wrong and where."""

import json
import math
import reprlib
from pathlib import Path

SHOWN = 60  # characters of foreign text that an error or a note repeats


def visible(text: str) -> str:
    """Foreign text made safe for a terminal: what does not print, escape sequences among it, is written out."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def shown(value) -> str:
    """A foreign value as errors and notes repeat it: visible, on one line, shortened; text in quotes."""
    if not isinstance(value, str):
        return visible(reprlib.repr(value))
    return visible(f"'{value if len(value) <= SHOWN else value[: SHOWN - 1] + '…'}'")


def read_json(path) -> object:
    """The value of a UTF-8 JSON file, or the list of the values of a file that has one a line.

    Stricter than the standard library, since what it lets pass silently changes figures: a key given twice in one
    object (the first value would vanish), NaN and infinities (not JSON), numbers too large for a double (they would
    become infinities), unpaired surrogates (not text). A file of lines may end in blank ones, and has none between.

    Errors: `FileNotFoundError` or another `OSError` where the file cannot be read, `ValueError` where it is not such
    JSON; the message names the file and, where known, the line and column.
    """
    path = Path(path)
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text (byte {error.start} is {raw[error.start]:#04x})") from None
    try:
        return _value(text, path)
    except json.JSONDecodeError as error:
        first, line_end, _ = text.partition("\n")
        if (
            error.msg == "Extra data"
            and line_end
            and len(first) < error.pos
            and not text[len(first) : error.pos].strip()
        ):
            return _lines(text, path)
        raise ValueError(f"{path}: not JSON, line {error.lineno}, column {error.colno}: {error.msg}") from None


def _lines(text: str, path: Path) -> list:
    """One value a line; the lines are those that "\\n" ends, since a string may hold other separators."""
    values = []
    for number, line in enumerate(text.rstrip().split("\n"), 1):
        if not line.strip():
            raise ValueError(f"{path}: line {number} is blank, with others behind it")
        try:
            values.append(_value(line, f"{path}: line {number}"))
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}: not JSON, line {number}, column {error.colno}: {error.msg}") from None
    return values


def _value(text: str, where) -> object:
    try:
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant, parse_float=_finite)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise ValueError(f"{where}: nested too deeply to be read") from None
    except ValueError as error:  # from the hooks, or an integer longer than Python converts
        raise ValueError(f"{where}: {error}") from None
    if "\\ud" in text.lower():  # only an escape can smuggle half a surrogate pair into UTF-8 text
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError(f"{where}: a string holds half a surrogate pair, which is not text") from None
    return value


def _unique_keys(pairs) -> dict:
    value = {}
    for key, item in pairs:
        if key in value:
            raise ValueError(f"an object gives the key {shown(key)} twice")
        value[key] = item
    return value


def _no_constant(name):
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    if math.isinf(value := float(digits)):
        raise ValueError(f"the number {shown(digits)} is too large for a double")
    return value
