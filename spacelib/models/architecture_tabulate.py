"""Trains the grid of transformers: `python -m spacelib.models.architecture_tabulate` writes their table. Some ten minutes on two cores."""

import itertools
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial

import pandas as pd
import torch
from tqdm import tqdm

from spacelib.models.architecture import FACTORS, SEEDS, TABLE, bench, measure

_bench = cache(bench)


def settings() -> Iterator[dict]:
    """Every run of the table: no two share a seed, so that all runs are independent."""
    grid = itertools.product(*FACTORS.values(), range(SEEDS))
    for seed, (*levels, _) in enumerate(grid):
        yield dict(zip(FACTORS, levels, strict=True)) | {"seed": seed}


def run(setting: dict) -> dict:
    """One row, on the scenes that this process has made once."""
    return measure(_bench(), **setting)


def main() -> None:
    """Train everything, on all cores, and write the table."""
    with ProcessPoolExecutor(os.cpu_count(), initializer=partial(torch.set_num_threads, 1)) as pool:
        jobs = list(settings())
        rows = list(tqdm(pool.map(run, jobs), total=len(jobs), desc=TABLE.stem))
    TABLE.parent.mkdir(exist_ok=True)
    pd.DataFrame(rows).to_csv(TABLE, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
