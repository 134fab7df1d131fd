"""Trains the grid of transformers: `python -m spacelib.models.architecture_tabulate` writes their tables.

Some ten minutes on two cores.
"""

import itertools
from collections.abc import Iterator
from functools import cache

import pandas as pd

from spacelib.models.architecture import FACTORS, SEEDS, TABLE, WIDTH_TABLE, bench, measure
from spacelib.estimators.processes import on_all_cores

WIDTHS = (4, 8, 16, 32, 64)
_bench = cache(bench)


def settings() -> Iterator[dict]:
    """Every run of the table: no two share a seed, so that all runs are independent."""
    grid = itertools.product(*FACTORS.values(), range(SEEDS))
    for seed, (*levels, _) in enumerate(grid):
        yield dict(zip(FACTORS, levels, strict=True)) | {"seed": seed}


def width_settings() -> Iterator[dict]:
    """Every run of the table of widths; its seeds begin where those of the grid end."""
    for seed, (width, _) in enumerate(itertools.product(WIDTHS, range(SEEDS)), start=270):
        yield {"width": width, "depth": 2, "heads": 2, "encoder": "linear", "steps": 300, "seed": seed}


def run(setting: dict) -> dict:
    """One row, on the scenes that this process has made once."""
    return setting | measure(_bench(), **setting)


def main() -> None:
    """Train everything, on all cores, and write both tables."""
    for path, jobs in ((TABLE, settings()), (WIDTH_TABLE, width_settings())):
        rows = on_all_cores(run, jobs, path.stem)
        path.parent.mkdir(exist_ok=True)
        pd.DataFrame(rows).to_csv(path, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
