"""Any log that can be read, written in the plain form; read back, it gives the same records."""

import csv
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path

from .formats import read_log
from .reading import shown
from .records import COLUMNS, JUDGE_RULE, Log
from .schema import MARK, VERSION
from .writing import check_target, write_whole

CELL = csv.field_size_limit()  # characters of a table's cell that its reader takes


def convert(source, target, *, items=(), benchmark: str | None = None, frames: int | None = None) -> Log:
    """Write the log at `source` to `target` in the plain form, whole or not at all; JSON lines or CSV by its ending.

    `items` and `benchmark` as in `read_log`; `frames` is the number of images shown, where the log does not say.
    Returns the log. JSON lines carry its notes and warnings, a table does not.
    Errors: OSError where a file cannot be read or written; ValueError for another ending, a target that is read here,
    a text that a table's cell cannot hold, and whatever `read_log` refuses.
    """
    target = check_target(target)
    written = {".jsonl": _lines, ".csv": _table}.get(target.suffix.lower())
    if written is None:
        raise ValueError(f"{target}: ends in {shown(target.suffix)}; .jsonl or .csv was expected")
    if target.exists() and any(os.path.samefile(target, read) for read in (source, *items)):
        raise ValueError(f"{target} is read here; what is written needs a name of its own")
    log = read_log(source, items, benchmark)
    if frames is not None:
        log.records["frames"] = log.records["frames"].fillna(frames)
    write_whole(target, written(log, target))
    return log


def _lines(log: Log, target: Path) -> Iterator[str]:
    header = {MARK: VERSION, "letters_shuffled": log.letters_shuffled, "notes": log.notes, "warnings": log.warnings}
    yield _json({name: value for name, value in header.items() if value})
    for record in _records(log):
        yield _json(record)


def _table(log: Log, target: Path) -> Iterator[str]:
    columns = list(dict.fromkeys(name for record in _records(log) for name in record))
    extra = {"letters_shuffled": log.letters_shuffled} if log.letters_shuffled else {}
    line = io.StringIO()
    writer = csv.DictWriter(line, [*columns, *extra], lineterminator="\n")
    writer.writeheader()
    for record in _records(log):
        cells = {name: _cell(value) for name, value in record.items() if value is not None}
        for name, cell in cells.items():
            if len(cell) > CELL or "\0" in cell:
                says = f"{name} has {len(cell):,} characters, or a NUL: no cell holds it; write .jsonl"
                raise ValueError(f"{target}: item {shown(cells['item'])}: {says}")
        writer.writerow(cells | extra)
        yield line.getvalue()
        line.seek(0)
        line.truncate()


def _records(log: Log) -> Iterator[dict]:
    """Each record as a mapping of what is not missing, its prediction in any case, as is a text's judge."""
    columns = [log.records[name].astype(object) for name in COLUMNS]
    given = [column.notna() for column in columns]
    for values, there in zip(zip(*columns), zip(*given)):
        row = dict(zip(COLUMNS, values))
        kept = ("prediction", "judge") if row["rule"] == JUDGE_RULE else ("prediction",)
        known = zip(row.items(), there)
        yield {name: value if is_known else None for (name, value), is_known in known if is_known or name in kept}


def _json(value) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False) + "\n"


def _cell(value) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
