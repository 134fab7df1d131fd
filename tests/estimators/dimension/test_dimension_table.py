"""The measured table of dimensions: what intervals promise, what independence would have, and rows measured again."""

import math

import pandas as pd
import pytest
import torch
from scipy import stats

from spacelib.estimators import dimension_table
from spacelib.estimators.dimension.manifolds import manifolds
from spacelib.estimators.dimension.tabulate import LOCAL, OF_COVARIANCE, measure, settings

PROMISED = 0.92
LOCALS = [name for name in LOCAL if name != "covering_dimension"]


def lowest(rate: float, repetitions: int, rows: int) -> float:
    """A coverage below this in any of `rows` rows refutes that all are at least `rate`; one false alarm in 1,000."""
    return stats.binom.ppf(0.001 / rows, repetitions, rate) / repetitions


def test_there_is_a_row_for_each_setting():
    table = dimension_table()
    assert [(row.name, row.samples, row.method) for row in table.itertuples(index=False)] == settings()
    assert (table["repetitions"] == 400).all() and table["naive_coverage"].isna().sum() == len(
        manifolds()
    ) + 18  # nets, covariances


SPANS = (2, 4, 3, 3, 5, 6, 8, 10, 20, 3)  # directions in which each manifold lies, its own and those it bends into
NORMS = {
    "circle": (1, 1),
    "torus of 2": (2**0.5, 2**0.5),
    "sphere of 5": (1, 1),
    "ball of 3": (0, 1),
    "ball of 10": (0, 1),
}


@pytest.mark.parametrize(("manifold", "span"), zip(manifolds(), SPANS, strict=True), ids=lambda value: str(value)[:40])
def test_a_manifold_lies_where_it_should(manifold, span):
    x = manifold.sample(2000, torch.Generator().manual_seed(0))
    assert x.shape == (2000, manifold.features)
    assert torch.linalg.matrix_rank(x - x.mean(0), rtol=1e-9) == span
    low, high = NORMS.get(manifold.name, (0, math.inf))
    norm = x.norm(dim=1)
    assert low - 1e-12 < norm.min() and norm.max() < high + 1e-12
    if manifold.name.startswith("ball"):  # uniform: the share within radius r is r^d, here 1/2, to four deviations
        share = (norm < 0.5 ** (1 / manifold.dimension)).double().mean()
        assert abs(share - 0.5) < 4 * 0.5 / 2000**0.5


@pytest.mark.coverage
def test_intervals_cover_what_is_estimated():
    """The mean of the estimates: their own noise, which is all that intervals of neighbours and nets can promise."""
    rows = dimension_table().query("method in @LOCAL")
    assert (rows["coverage"] >= lowest(PROMISED, 400, len(rows))).all()
    assert rows.groupby("method")["coverage"].mean().min() > 0.94


@pytest.mark.coverage
def test_points_taken_for_independent_cover_less():
    """By the Fisher information: below 0.9 in the mean over ten manifolds, ten of its deviations, 0.005, below 0.95."""
    rows = dimension_table().query("method in @LOCALS")
    means = rows.groupby("method")["naive_coverage"].mean()
    assert (means < 0.9).all() and (rows["naive_coverage"] < rows["coverage"]).mean() > 0.9


@pytest.mark.coverage
def test_the_covariance_is_known_where_samples_are_enough():
    """The truth itself: of the participation ratio in every row; of the others from 20 samples a feature on."""
    rows = dimension_table().query("method in @OF_COVARIANCE")
    enough = rows.query("method == 'covariance_participation_ratio' or samples == 1000")
    assert (enough["truth_coverage"] >= lowest(PROMISED, 400, len(enough))).all()


def test_a_row_again(setting=("falling", 40, "covariance_participation_ratio")):
    again(setting)


@pytest.mark.long
@pytest.mark.parametrize("setting", settings()[::5], ids=str)
def test_rows_again(setting):
    again(setting)


def again(setting):
    """The row from its seeds: five digits are stored, and rounding may tip one draw in 400 over an interval's end."""
    stored = dimension_table().query("name == @setting[0] and samples == @setting[1] and method == @setting[2]").iloc[0]
    measured = pd.Series(measure(setting))
    for column, value in stored.items():
        if isinstance(value, str):
            assert measured[column] == value
        elif not math.isnan(value):
            off = 1.5 / 400 if "coverage" in column else 1e-9
            assert measured[column] == pytest.approx(value, rel=1e-4, abs=max(off, 1e-4 * abs(stored["estimate"]))), (
                column
            )
        else:
            assert math.isnan(measured[column])
