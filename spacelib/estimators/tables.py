"""What was measured of the estimators on channels with known information; the tables ship with the library."""

from pathlib import Path

import pandas as pd

COVERAGE, ESTIMATORS = (Path(__file__).with_name("tables") / name for name in ("coverage.csv", "estimators.csv"))


CONTINUOUS, DIMENSION, SPEED = (
    Path(__file__).with_name("tables") / name for name in ("continuous.csv", "dimension.csv", "speed.csv")
)


def continuous_table() -> pd.DataFrame:
    r"""What `chosen_information` makes of laws with known information, one row for each law and draw of 5,000 samples.

    `suite` ("tasks": 20 of the tasks of Czyz et al. 2023, which are not shipped; "families": this library's own),
    `name`, `draw`, the dimensions `x` and `y`, `samples`, the true `information`; the `estimate`, its 95 % interval
    from `low` to `high` and `standard_error`, `method` with the reason; `seconds` on the clock and `processor_seconds`;
    and the estimates of three peers: `ksg` (k = 3, raw columns), `cca` (canonical correlations, uncorrected) and
    `gaussian_copula`. Nats. Written by `python -m spacelib.estimators.continuous.tabulate`.
    """
    return pd.read_csv(CONTINUOUS)


def coverage_table() -> pd.DataFrame:
    r"""How often the 95 % intervals of `mutual_information` and `accuracy` cover, one row for each interval and setting.

    Setting: `channel` ("symmetric", or "skewed": unequal truths, and guesses that favour a letter), `alphabet`, `known`
    (the share of answers that know the truth), `accuracy` and `information` (nats) of the channel, `scenes`, `items` of
    a scene, `correlation` of two of them (1: copies), `seed`. Result: `coverage` over `repetitions` data sets with
    `standard_error`, shares of intervals with the truth `below` and `above` them, `mean_width`, `resamples` of the
    bootstrap. Written by `python -m spacelib.estimators.tabulate`.
    """
    return pd.read_csv(COVERAGE)


def dimension_table() -> pd.DataFrame:
    r"""What the estimators of a dimension make of sets whose dimension is known, one row for each set and method.

    `name` (a manifold, for the methods of neighbours and nets; "flat" or "falling", a spectrum of 50 eigenvalues of a normal
    law, for those of the covariance), its `dimension` (of a spectrum: the population's figure, at ridge 0.1), `features`,
    `samples`, `method`. Over `repetitions` draws: the mean `estimate`, its `standard_error` (the spread of one draw), `bias`,
    the mean `reported_error`, medians of the intervals' ends `low` and `high`; `coverage` of the mean estimate by the 95 %
    intervals (what they promise), `truth_coverage` of the dimension (what bias leaves of it), `naive_coverage` of intervals
    that take points for independent. Written by `python -m spacelib.estimators.dimension.tabulate`.
    """
    return pd.read_csv(DIMENSION)


def estimator_table() -> pd.DataFrame:
    r"""Bias and root mean squared error (`rmse`) of every method of `information_from_counts`, one row a method and setting.

    Settings as in `coverage_table`; `bias` with its `standard_error` and `rmse` in nats, not cut off at 0.
    Written by `python -m spacelib.estimators.tabulate`.
    """
    return pd.read_csv(ESTIMATORS)


def speed_table() -> pd.DataFrame:
    r"""Seconds of this library's functions and of their peers, one row for each job and peer.

    `job` names what was timed, one of many in a batch where it says so; `ours_seconds`, `peer` and `peer_seconds` (both
    missing where no peer runs), `note`, and `machine`: cores, processor, torch's threads, and how many processes were
    running when the job began. The best of three interleaved rounds, in float64 where `note` says nothing else.
    Written by `python tests/speed/record.py`.
    """
    return pd.read_csv(SPEED)
