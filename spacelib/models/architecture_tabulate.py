"""Trains the grid of transformers: `python -m spacelib.models.architecture_tabulate` writes their tables.

Some ten minutes on two cores.
"""

import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import pandas as pd
import torch
from tqdm import tqdm

from spacelib.models.architecture import FACTORS, SEEDS, TABLE, WIDTH_TABLE, bench, measure

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
    with ProcessPoolExecutor(os.cpu_count(), initializer=partial(torch.set_num_threads, 1)) as pool:
        for path, jobs in ((TABLE, list(settings())), (WIDTH_TABLE, list(width_settings()))):
            rows = list(tqdm(pool.map(run, jobs), total=len(jobs), desc=path.stem))
            path.parent.mkdir(exist_ok=True)
            pd.DataFrame(rows).to_csv(path, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
