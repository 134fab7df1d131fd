"""The recorded tables of the learners: within the bounds, outside the wrong readings, on the slopes; and drawn again."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest, chi2

from spacelib.bounds import REGIMES
from spacelib.models.learners_slopes import measure_slope, slope_curves
from spacelib.models.learners_tables import slopes_table, violations_table
from spacelib.models.learners_violations import measure, memoriser, violation_cases
from spacelib.models.tabulate_samples import REPETITIONS, main

CASES, CURVES = list(violation_cases()), list(slope_curves())


def test_every_case_does_what_its_claim_says():
    """By exact summation: at most delta where the samples are enough, above it with one fewer than necessary or a wrong bound."""
    for case in CASES:
        assert (case.learner.failure() <= case.delta) == case.within, case
    assert {case.regime for case in CASES} == {curve.regime for curve in CURVES} == set(REGIMES)


def test_the_recorded_violations():
    table = violations_table()
    assert len(table) == len(CASES) and (table.repetitions == REPETITIONS).all() and REPETITIONS >= 10_000
    enough, attained = table.claim == "enough", table.claim == "attained"
    assert (table.low[enough] <= table.delta[enough]).all() and (table.exact[enough] <= table.delta[enough]).all()
    assert (table.high[attained] > table.delta[attained]).all() and (table.exact[attained] > table.delta[attained]).all()
    wrong = ~enough & ~attained
    assert wrong.sum() == 19 and (table.low[wrong] > table.delta[wrong]).all()
    # drawn and summed agree: no row is rarer than one in a thousand tables
    values = [binomtest(row.failures, row.repetitions, row.exact).pvalue for row in table.itertuples()]
    assert min(values) > 1e-3 / len(table)


def test_the_recorded_slopes():
    """Within two standard errors of theory, which are at most .05; of 1 where 1/delta is the order, and far from it elsewhere."""
    table = slopes_table()
    assert len(table) == len(CURVES)
    assert (table.standard_error <= 0.05).all()
    assert ((table.slope - table.theory).abs() <= 2 * table.standard_error).all()
    ones = table[table.limit == 1]
    assert len(ones) == 4 and ((ones.slope - 1).abs() <= 2 * ones.standard_error).all()
    rest = table[table.limit == 0]
    assert len(rest) == 4 and (rest.slope + 20 * rest.standard_error < 1).all()


@pytest.mark.parametrize("curve", CURVES, ids=lambda curve: curve.name)
def test_local_slopes_go_to_their_limit(curve):
    """From one number of samples to the next: towards 0 where ln(1/delta) counts, towards 1 where 1/delta does."""
    samples = np.log([learner.samples for learner in curve.learners])
    deltas = -np.log([learner.failure() for learner in curve.learners])
    local = np.diff(samples) / np.diff(deltas)
    assert abs(local[-1] - curve.limit) < abs(local[0] - curve.limit)
    if curve.limit:
        assert abs(local[-1] - 1) < 0.002
    else:  # n is linear in ln(1/delta): the rise of ln(1/delta) over n changes little where ln n's slope falls by half
        rise = np.diff(deltas) / np.diff(np.exp(samples))
        assert local[-1] < 0.75 * local[0] and rise.max() < 1.5 * rise.min()


@pytest.mark.parametrize("row", [0, 11, 19, 28, 45, 70])
def test_rows_are_drawn_again(row):
    again, table = measure(CASES[row], REPETITIONS, row), violations_table()
    for name, value in again.items():
        found = table.loc[row, name]
        assert found == (value if isinstance(value, str | int) else pytest.approx(value, rel=1e-5)), name


def test_a_slope_is_drawn_again():
    again, recorded = measure_slope(CURVES[1], REPETITIONS, 1), slopes_table().loc[1]
    assert all(recorded[name] == (value if isinstance(value, str | int) else pytest.approx(value, rel=1e-5)) for name, value in again.items())


@pytest.mark.coverage
def test_the_slope_and_its_standard_error():
    """40 measurements of one curve: their spread is the standard error (chi-square at one in a million), their mean is theory."""
    rows = pd.DataFrame([measure_slope(CURVES[0], 20_000, seed) for seed in range(40)])
    scaled = ((rows.slope - rows.theory) / rows.standard_error).to_numpy()
    assert chi2.ppf(5e-7, 40) <= (scaled**2).sum() <= chi2.ppf(1 - 5e-7, 40)
    # ln of a frequency is biased by 1/(2 times its failures), at most 1/14 of its standard error here (47 failures)
    assert abs(scaled.mean()) <= 5 / math.sqrt(40) + 1 / 14


def test_the_wrong_order_would_be_seen():
    """A posterior whose KL is bounded on every sample instead: the slope is nowhere near 1."""
    best = next(curve for curve in CURVES if curve.name == "best of 100 coins")
    row = measure_slope(dataclasses.replace(best, limit=1.0), 20_000, 0)
    assert abs(row["slope"] - row["limit"]) > 50 * row["standard_error"]


def test_the_memoriser_keeps_its_budget():
    for k in (0.5, 2.0, 20.0):
        learner = memoriser(300, 0.1, k)
        assert learner.kl == pytest.approx(k) and 0 < learner.share <= 1


def test_too_few_repetitions_are_named():
    with pytest.raises(ValueError, match="repetitions must be enough for a failure at every point, got 3"):
        measure_slope(CURVES[0], 3, 0)


@pytest.mark.long
def test_all_rows_are_drawn_again(tmp_path):
    main(tmp_path / "violations.csv", tmp_path / "slopes.csv")
    for name, recorded in (("violations", violations_table()), ("slopes", slopes_table())):
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / f"{name}.csv"), recorded, rtol=1e-5)
