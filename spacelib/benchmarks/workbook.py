"""The rows of a workbook (xlsx) that nobody vouches for: bounded before it is unpacked, read row by row, never run."""

import math
import warnings
import zipfile
from collections.abc import Iterator
from itertools import count

from .reading import shown, visible

UNPACKED = 512 * 2**20  # bytes of all parts together
RATIO = 200  # of a part, unpacked to packed; sheets of text stay under 50
SMALL = 2**20  # bytes of a part whose ratio does not matter
PARTS = 1000
ROWS = 2**20  # of a sheet, as many as the form allows


def workbook_rows(path) -> Iterator[tuple[str, list[str]]]:
    """Place ("row 3") and cells of each row of the first sheet, as text; "" for an empty cell; empty rows left out.

    The first row sets the number of cells. A formula is its own text, since an answer that begins with "=" is stored as
    one: nothing is computed. Nothing is unpacked to disk.
    Errors: `OSError` where the file cannot be read; `ValueError` naming file and place for a file that is no workbook,
    one that unpacks to more than `UNPACKED` bytes or to `RATIO` times its size, one with XML entities, more than `ROWS`
    rows, more cells than the first row has, and a cell that is neither text, a number nor a truth value. It says what
    to install where openpyxl or defusedxml is missing.
    """
    try:
        import defusedxml.ElementTree  # noqa: F401 - where it is there, openpyxl parses with it: no entities
        import openpyxl
    except ImportError:
        needed = "openpyxl and defusedxml (the extra `harness`)"
        raise ValueError(f"{path}: reading a workbook needs {needed}") from None
    with open(path, "rb") as file:
        _guarded(path, _bounded, file)
        book = _guarded(path, openpyxl.load_workbook, file, read_only=True, data_only=False, keep_links=False)
        sheet = _guarded(path, lambda: book.worksheets[0])
        sheet.reset_dimensions()  # what the file says of its size is not believed
        rows, width = iter(sheet.iter_rows(values_only=True)), None
        for number in count(1):
            row = _guarded(path, next, rows, None)
            if row is None:
                return
            if number > ROWS:
                raise ValueError(f"{path}: more than {ROWS:,} rows")
            cells = [_text(cell, f"{path}: row {number}") for cell in row]
            while cells and not cells[-1]:
                cells.pop()
            width = width or len(cells)
            if len(cells) > width:
                raise ValueError(f"{path}: row {number} has {len(cells)} cells under {width} columns")
            if cells:
                yield f"row {number}", cells + [""] * (width - len(cells))


def _bounded(file) -> None:
    """Refuse an archive by what it says of itself; more than it says is never unpacked."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    if len(parts) > PARTS:
        raise ValueError(f"{len(parts):,} parts; at most {PARTS:,} were expected")
    if (unpacked := sum(part.file_size for part in parts)) > UNPACKED:
        raise ValueError(f"unpacks to {unpacked:,} bytes; at most {UNPACKED:,} were expected")
    for part in parts:
        if part.file_size > max(SMALL, RATIO * part.compress_size):
            raise ValueError(f"a part unpacks to {part.file_size:,} bytes from {part.compress_size:,}")


def _guarded(path, function, *arguments, **options):
    """The function's value; whatever foreign bytes make a parser raise becomes one sentence."""
    try:
        with warnings.catch_warnings(action="ignore"):  # of styles and dates that nobody asks for
            return function(*arguments, **options)
    except Exception as error:
        while error.__cause__ is not None:  # the parser's own words, behind openpyxl's
            error = error.__cause__
        said = visible(str(error)[:100]) or type(error).__name__
        raise ValueError(f"{path}: no workbook that can be read ({said})") from None


def _text(cell, where: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool | int) or (isinstance(cell, float) and math.isfinite(cell)):
        return str(cell)
    raise ValueError(f"{where}: a cell holds {shown(cell)}; text, a number or a truth value was expected")
