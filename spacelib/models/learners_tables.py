"""What was measured of the learners of each regime; the tables ship with the library."""

from pathlib import Path

import pandas as pd

SLOPES, VIOLATIONS = (Path(__file__).with_name("tables") / name for name in ("slopes.csv", "violations.csv"))


def violations_table() -> pd.DataFrame:
    r"""How often learners fail at the number of samples that a bound gives them, one row a case of `violation_cases`.

    `regime`; `claim`: "enough" (failure at most `delta`), "attained" (above it, with one sample fewer than
    necessary), or the wrong reading that is tried (above it); `learner`; `samples`, `epsilon`, `delta`, and
    `complexity` (K in nats, or chi^2 in finite_variance_empirical_mean). Result: `failures` among `repetitions`,
    their `frequency` with the exact 95 % interval from `low` to `high` (Clopper and Pearson), the `exact` probability
    by summation, and the `seed`. Written by `python -m spacelib.models.tabulate_samples`.
    """
    return pd.read_csv(VIOLATIONS)


def slopes_table() -> pd.DataFrame:
    r"""The slope of ln n against ln(1/delta), one row a curve of `slope_curves`.

    `regime`, `learner`, the number of `points` and `repetitions` at each; `first_samples` and `last_samples`, the
    exact failures there, `largest_delta` and `smallest_delta`; the measured `slope` and its `standard_error`;
    `theory`, the same fit to the exact probabilities; `limit`, the slope as delta vanishes (1 where 1/delta is the
    order, 0 where ln(1/delta) is); and the `seed`. Written by `python -m spacelib.models.tabulate_samples`.
    """
    return pd.read_csv(SLOPES)
