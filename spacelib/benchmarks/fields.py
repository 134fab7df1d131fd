"""Records of a foreign file, held to the fields that its official form has."""

import ast
import warnings
from collections.abc import Callable
from pathlib import Path

from .reading import shown

_LITERAL = 100_000  # characters of a value written as a Python literal; real ones have some hundred


def keyed(
    content, fields: dict, path, *, key: str = "id", others: bool = False, fault: Callable = lambda record: None
) -> dict:
    """The records of a parsed file (a list, or one record) by their identifier, in order.

    `fields` maps names to types (or tuples of them); a record has just these, or at least these where `others` are
    allowed. `fault` says what else is wrong with a record, None where nothing is.
    Errors: ValueError naming file, record and identifier for anything else, and for an identifier that stands twice.
    The number of a record in a file of lines is that of its line.
    """
    content = [content] if isinstance(content, dict) else content
    if not isinstance(content, list) or not content:
        raise ValueError(f"{path}: expected a list of records, found {shown(content)}")
    table = {}
    for number, record in enumerate(content, 1):
        if found := form_fault(record, fields, others) or fault(record):
            name = f" ({shown(record[key])})" if isinstance(record, dict) and key in record else ""
            raise ValueError(f"{path}: record {number}{name}: {found}")
        if record[key] in table:
            raise ValueError(f"{path}: record {number} ({shown(record[key])}): this {key} stands twice")
        table[record[key]] = record
    return table


def form_fault(record, fields: dict, others: bool) -> str | None:
    """What keeps a record from having the official form, None where nothing does."""
    if not isinstance(record, dict) or not (set(record) >= set(fields) if others else set(record) == set(fields)):
        return f"expected the fields {', '.join(fields)}, found {shown(record)}"
    for field, kind in fields.items():
        value = record[field]
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            return f"{field} is {shown(value)}, not of the official form"
    return None


def some(items) -> str:
    """The first few identifiers, and how many more there are."""
    items = list(items)
    named = ", ".join(shown(i) for i in items[:5])
    return named if len(items) <= 5 else f"{named} and {len(items) - 5} more"


def unread(items) -> tuple[str, ...]:
    """The warning of a log that holds its right answers, where question files were given all the same."""
    if not items:
        return ()
    named = f"{len(items)} ({some(Path(item).name for item in items)})"
    return (f"Question files that were not read, {named}: the log holds its right answers itself.",)


def literal(text: str):
    """The value of a Python literal, as which some files write nested fields; nothing in it is executed.

    Errors: ValueError saying what is wrong with the text, to be put behind the name of its field.
    """
    if len(text) > _LITERAL:
        raise ValueError(f"has {len(text)} characters; at most {_LITERAL} were expected")
    try:
        with warnings.catch_warnings(action="ignore"):  # of invalid escapes in foreign text
            return ast.literal_eval(text)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        raise ValueError(f"is {shown(text)}, which is no Python literal") from None
