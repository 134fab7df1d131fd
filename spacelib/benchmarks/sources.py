"""What a foreign file is, found from its bytes: a JSON document, a file of JSON lines, a table, or not read."""

import csv
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from .reading import json_lines, read_json, shown, text_lines, visible
from .workbook import workbook_rows

# First bytes of what is not read, and what it is.
_REFUSED = (
    *((bytes([128, protocol]), "a pickle, which can run any code when it is loaded") for protocol in range(2, 6)),
    (b"\x1f\x8b", "compressed; give the file inside it"),
    (b"BZh", "compressed; give the file inside it"),
    (b"\xfd7zXZ", "compressed; give the file inside it"),
    (b"(\xb5/\xfd", "compressed; give the file inside it"),
    (b"PAR1", "a Parquet file; JSON lines, a table or a workbook (xlsx) were expected"),
    (b"\xd0\xcf\x11\xe0", "an old Office file; save it as xlsx"),
)
_WORKBOOK = b"PK\x03\x04"


class Source:
    """A file as its records: `shape` is "document", "lines" or "table", `head` the first record, or a document.

    The records of lines and tables are read one by one, as often as asked for; a table's values are texts, None for an
    empty cell.
    Errors: `OSError` where the file cannot be read; `ValueError` naming the file, and what it is, for pickles, archives
    and other files that are not read, and whatever `read_json` and `workbook_rows` refuse.
    """

    def __init__(self, path):
        self.path = Path(path)
        with open(self.path, "rb") as file:
            start = file.read(4096)
        for magic, says in _REFUSED:
            if start.startswith(magic):
                raise ValueError(f"{self.path}: not read: {says}")
        text = start.removeprefix(b"\xef\xbb\xbf").lstrip()
        if start.startswith(_WORKBOOK):
            self.shape, self._rows = "table", lambda: workbook_rows(self.path)
        elif text[:1] in (b"{", b"["):
            self.shape, self._rows = ("lines" if self._has_lines() else "document"), None
        elif b"," in (first := text.partition(b"\n")[0]) or b"\t" in first:
            self.shape, self._rows = "table", self._delimited
        else:
            self.shape, self._rows = "document", None

    @cached_property
    def content(self) -> object:
        """The parsed JSON file, in one piece: the list of all records where it has lines."""
        return [record for _, record in self.records()] if self.shape == "table" else read_json(self.path)

    @cached_property
    def head(self) -> object:
        if self.shape == "document":
            return self.content[0] if isinstance(self.content, list) and self.content else self.content
        return next((record for _, record in self.records()), None)

    def records(self) -> Iterator[tuple[str, object]]:
        """Where each record stands ("line 3"), and the record."""
        if self.shape == "lines":
            for number, value in json_lines(self.path):
                yield f"line {number}", value
        elif self.shape == "table":
            yield from self._table()
        else:
            for number, value in enumerate(self.content if isinstance(self.content, list) else [self.content], 1):
                yield f"record {number}", value

    def _has_lines(self) -> bool:
        """Whether the first line is one JSON value and another line follows."""
        try:
            next(json_lines(self.path))
        except ValueError:
            return False  # a document over several lines, or a faulty file: `read_json` says which
        lines = text_lines(self.path, blank_allowed=True)
        try:
            return any(line.strip() for number, line in lines if number > 1)
        except ValueError:
            return True

    def _table(self) -> Iterator[tuple[str, dict]]:
        rows = self._rows()
        _, names = next(rows, (None, []))
        if twice := [name for i, name in enumerate(names) if name in names[:i]]:
            raise ValueError(f"{self.path}: the column {shown(twice[0])} stands twice")
        for place, row in rows:
            if len(row) != len(names):
                raise ValueError(f"{self.path}: {place} has {len(row)} cells under {len(names)} columns")
            yield place, {name: cell if cell else None for name, cell in zip(names, row)}

    def _delimited(self) -> Iterator[tuple[str, list]]:
        numbered = text_lines(self.path, blank_allowed=True)
        number, first = next(numbered)
        delimiter = "\t" if "\t" in first else ","

        def lines():
            nonlocal number
            yield self._plain(first, number)
            for number, line in numbered:
                yield self._plain(line, number)

        rows = csv.reader(lines(), delimiter=delimiter, strict=True)
        try:
            for row in rows:
                if row:
                    yield f"line {number}", row
        except csv.Error as error:
            raise ValueError(
                f"{self.path}: no table of one row a line (line {number}: {visible(str(error))})"
            ) from None

    def _plain(self, line: str, number: int) -> str:
        if "\0" in line:
            raise ValueError(f"{self.path}: line {number} holds a NUL byte, which is not text")
        return line
