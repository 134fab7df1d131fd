"""Recorded errors of both sides of one question, by seed: the long runs behind the phase diagram."""

from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

import pandas as pd

_TABLES = Path(__file__).parents[1] / "tables"
RIG, CELL = ["baseline", "frames"], ["kind", "level"]


@dataclass(frozen=True)
class Records:
    """Rows of seeds: of the transformer, of geometry, and of the two on the same held scenes."""

    implicit: pd.DataFrame
    explicit: pd.DataFrame
    together: pd.DataFrame

    @classmethod
    def joined(cls, parts: list["Records"]) -> "Records":
        """Several runs as one."""
        return cls(*(pd.concat([getattr(part, f.name) for part in parts], ignore_index=True) for f in fields(cls)))


def path_of(name: str) -> Path:
    """Where the rows of one part of the records stand."""
    return _TABLES / f"crossover_{name}.csv"


@cache
def crossover_records() -> Records:
    """Errors of a transformer and of a geometric pipeline on the same rendered scenes, ten seeds; synthetic.

    All: `seed`, `baseline` in metres between neighbouring cameras, `frames`. `implicit`: `samples`, training scenes.
    `explicit`: `kind` and `level` of what the pipeline believes wrongly of its cameras ("calibration": relative error
    of the focal length; "independent", "drifting": metres, deviation of each camera's place or of a walk's steps), and
    `unplaced`, the share of scenes where the rays met nowhere. Both: of errors in dioptres (1/m) on 1,024 held scenes,
    `risk` (mean square), `bias`, `deviation`, and `within_t`, the share of at most t dioptres. `together`: `cross`, the
    mean product of both sides' errors. Everything of a seed is its own. Do not change the tables in place. Written by
    `python -m spacelib.models.crossover.tabulate`.
    """
    return Records(*(pd.read_csv(path_of(f.name)) for f in fields(Records)))
