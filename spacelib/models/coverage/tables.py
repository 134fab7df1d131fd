"""What was measured of certificates under dependence and under shift; the tables ship with the library."""

from pathlib import Path

import pandas as pd

DEPENDENCE, SHIFTS = (
    Path(__file__).parents[1] / "tables" / f"coverage_{name}.csv" for name in ("dependence", "shifts")
)


def coverage_dependence() -> pd.DataFrame:
    """How often certificates are below the risk where samples depend on each other, one row a way to read them.

    `structure` and `detail` of the data; `reading`, which bound is taken for what; `kind`: "valid" (fails with
    probability at most `delta`), "wrong" (fails more often), or "harmless" (a wrong reading that keeps to `delta` in
    this setting, by its exact probability); `posterior`: "fixed" (one model), "best" (the one of `models` with the
    least empirical risk, complexity ln `models`; where nothing is paid for it, `reading` says so) or "Gibbs" (fails
    where any of six Gibbs posteriors of them, or the best, does); `samples`, the N that is counted; the true `risk`;
    `delta`; `bound`, the mean of the bounds. Result: `failures` among `repetitions`, their `frequency` with the exact
    95 % interval from `low` to `high` (Clopper and Pearson); `exact`, the probability by summation (empty where it is
    not one of sums over a single model's outcomes); and the `seed`: rows of one seed are read from the same draws.
    Written by `python -m spacelib.models.coverage.tabulate`.
    """
    return pd.read_csv(DEPENDENCE)


def coverage_shifts() -> pd.DataFrame:
    """How often certificates of source scenes are below the target's risk, one row a way to get from one to the other.

    `world`: a family of rendered scenes or a coin made for a wrong reading; `strength` of the shift; `row`, the step
    from source to target; `kind`, `posterior`, `models`, `delta`, `bound`, `failures` to `exact` and `seed` as
    `coverage_dependence`; `scenes` of the source; `kappa`, the exact KL of target from source, nats; `source_risk` and
    `target_risk`, exact, of the predictor (chosen ones: the mean over repetitions). Rendered worlds are finite, 500
    scenes of each circumstance, so no risk has an error. Synthetic.
    Written by `python -m spacelib.models.coverage.tabulate`.
    """
    return pd.read_csv(SHIFTS)
