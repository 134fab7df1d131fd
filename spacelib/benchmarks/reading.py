"""Reading JSON that nobody vouches for: the parsed value, or one sentence that says what is wrong and where."""

import json
import math
import reprlib
from collections.abc import Iterator
from pathlib import Path

SHOWN = 60  # characters of foreign text that an error or a note repeats
WHOLE = 256 * 2**20  # bytes of a file that is parsed in one piece; files of lines may be of any length
LINE = 64 * 2**20  # bytes of one line in a file of lines


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
    JSON or has more than `WHOLE` bytes; the message names the file and, where known, the line and column.
    """
    path = Path(path)
    with open(path, "rb") as file:
        raw = file.read(WHOLE + 1)
    if len(raw) > WHOLE:
        raise ValueError(
            f"{path}: more than {WHOLE:,} bytes, too many to be read in one piece; write one record a line"
        )
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text (byte {error.start} is {raw[error.start]:#04x})") from None
    try:
        return json_value(text, path)
    except json.JSONDecodeError as error:
        first, line_end, _ = text.partition("\n")
        if (
            error.msg == "Extra data"
            and line_end
            and len(first) < error.pos
            and not text[len(first) : error.pos].strip()
        ):
            return [value for _, value in json_lines(path)]
        raise ValueError(f"{path}: not JSON, line {error.lineno}, column {error.colno}: {error.msg}") from None


def json_lines(path) -> Iterator[tuple[int, object]]:
    """Number and value of each line of a file that has one JSON value a line, one in memory; strict as `read_json`."""
    for number, line in text_lines(path):
        try:
            yield number, json_value(line, f"{path}: line {number}")
        except json.JSONDecodeError as error:
            raise ValueError(f"{path}: not JSON, line {number}, column {error.colno}: {error.msg}") from None


def text_lines(path, *, blank_allowed: bool = False) -> Iterator[tuple[int, str]]:
    r"""Number and text of each line of a UTF-8 file, without a byte order mark; the lines are those that "\n" ends.

    Blank lines at the end are left out, unless they are allowed everywhere. One line at a time is in memory.
    Errors: `OSError` where the file cannot be read; `ValueError` naming file and line for a line that is not UTF-8, one
    of more than `LINE` bytes, and a blank one with others behind it where they are not allowed.
    """
    blank = None
    with open(path, "rb") as file:
        number = 0
        while raw := file.readline(LINE + 1):
            number += 1
            if len(raw) > LINE:
                long = len(raw) + _rest_of_line(file)
                raise ValueError(f"{path}: line {number} has {long:,} bytes; at most {LINE:,} were expected")
            try:
                line = raw.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError as error:
                where = f"byte {error.start} of line {number} is {raw[error.start]:#04x}"
                raise ValueError(f"{path}: not UTF-8 text ({where})") from None
            if not blank_allowed and not line.strip():
                blank = blank or number
                continue
            if blank:
                raise ValueError(f"{path}: line {blank} is blank, with others behind it")
            yield number, line


def _rest_of_line(file) -> int:
    """Bytes up to the line's end, none of them kept."""
    count = 0
    while piece := file.readline(2**20):
        count += len(piece)
        if piece.endswith(b"\n"):
            break
    return count


def json_value(text: str, where) -> object:
    """The value of one JSON text, as strict as `read_json`; `where` names it in errors.

    Errors: `json.JSONDecodeError` where it is no JSON, `ValueError` for what is refused beyond that.
    """
    try:
        value = _STRICT.decode(text)
    except json.JSONDecodeError:
        raise
    except RecursionError:
        raise ValueError(f"{where}: nested too deeply to be read") from None
    except ValueError as error:  # from the hooks, or an integer longer than Python converts
        raise ValueError(f"{where}: {error}") from None
    if "\\ud" in text or "\\uD" in text:  # only an escape can smuggle half a surrogate pair into UTF-8 text
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise ValueError(f"{where}: a string holds half a surrogate pair, which is not text") from None
    return value


def _unique_keys(pairs) -> dict:
    value = dict(pairs)
    if len(value) < len(pairs):
        seen = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"an object gives the key {shown(twice)} twice")
    return value


def _no_constant(name):
    raise ValueError(f"{name} is not a JSON number")


def _finite(digits: str) -> float:
    if math.isinf(value := float(digits)):
        raise ValueError(f"the number {shown(digits)} is too large for a double")
    return value


_STRICT = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_constant=_no_constant, parse_float=_finite)
