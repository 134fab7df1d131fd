"""Measures the learners of each regime: `python -m spacelib.models.tabulate_samples` writes both tables, in half a minute.

The row's number is its seed, so that each can be measured again by itself.
"""

import functools
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from spacelib.estimators.processes import on_all_cores
from spacelib.models.learners_slopes import measure_slope, slope_curves
from spacelib.models.learners_tables import SLOPES, VIOLATIONS
from spacelib.models.learners_violations import measure, violation_cases

REPETITIONS = 100_000


def main(violations: Path = VIOLATIONS, slopes: Path = SLOPES) -> None:
    """Measure every case and every curve, and write the tables."""
    for path, cases, row in ((violations, violation_cases, measure), (slopes, slope_curves, measure_slope)):
        rows = on_all_cores(functools.partial(_measured, row), enumerate(cases()), path.stem)
        path.parent.mkdir(exist_ok=True)
        pd.DataFrame(rows).to_csv(path, index=False, float_format="%.6g")


def _measured(row: Callable, job):
    seed, case = job
    return row(case, REPETITIONS, seed)


if __name__ == "__main__":
    main()
