"""Reading JSON that nobody vouches for: the parsed value, or one sentence that says what is wrong and where."""

import json
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
    """The value of a UTF-8 JSON file.

    Stricter than the standard library, since what it lets pass silently changes figures: a key given twice in one
    object (the first value would vanish), NaN and infinities (not JSON), unpaired surrogates (not text).

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
        value = json.loads(text, object_pairs_hook=_unique_keys, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"{path}: not JSON, line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise ValueError(f"{path}: nested too deeply to be read") from None
    except ValueError as error:  # from the two hooks, or an integer longer than Python converts
        raise ValueError(f"{path}: {error}") from None
    if "\\ud" in text.lower():  # only an escape can smuggle half a surrogate pair into UTF-8 text
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError(f"{path}: a string holds half a surrogate pair, which is not text") from None
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
