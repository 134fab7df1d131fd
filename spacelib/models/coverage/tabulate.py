"""Measures certificates under dependence and shift: `python -m spacelib.models.coverage.tabulate` writes both tables.

It takes some two minutes. The number of the setting, or of the source, is its seed: each can be measured by itself.
"""

import itertools
from pathlib import Path

import pandas as pd

from spacelib.estimators.processes import on_all_cores
from spacelib.models.coverage import dependence, shifted
from spacelib.models.coverage.settings import settings
from spacelib.models.coverage.tables import DEPENDENCE, SHIFTS
from spacelib.models.coverage.worlds import worlds


def main(by_dependence: Path = DEPENDENCE, by_shift: Path = SHIFTS) -> None:
    """Measure every setting and every world, and write the tables."""
    for path, run, every in ((by_dependence, _setting, settings()), (by_shift, _world, worlds())):
        found = itertools.chain.from_iterable(on_all_cores(run, enumerate(every), path.stem))
        pd.DataFrame(found).to_csv(path, index=False, float_format="%.6g")


def _setting(job) -> list[dict]:
    seed, each = job
    return list(dependence.measure(each, seed))


def _world(job) -> list[dict]:
    seed, made = job
    return list(shifted.measure(made(), seed))


if __name__ == "__main__":
    main()
