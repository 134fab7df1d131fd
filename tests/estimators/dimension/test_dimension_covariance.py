"""Directions of a covariance from samples: unbiased parts, known truth below and above as many samples as features."""

import itertools
import math

import numpy as np
import pytest
import torch

from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension
from spacelib.estimators.dimension import (
    covariance_effective_rank,
    covariance_participation_ratio,
    covariance_ridge_dimension,
)
from spacelib.estimators.dimension.covariance import unbiased_squares

ESTIMATORS = [covariance_participation_ratio, covariance_effective_rank, covariance_ridge_dimension]


def normal(samples, spectrum, seed):
    draws = torch.randn(samples, len(spectrum), generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return draws * spectrum.sqrt()


def halving(features, rate=0.9):
    return rate ** torch.arange(features, dtype=torch.float64)


def test_the_squares_are_the_averages_over_four_distinct_rows():
    """Unbiased by what they are: averages over all four distinct rows of what the squares are expectations of."""
    x = torch.randn(7, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64) ** 3 + 5
    top, bottom, orders = 0.0, 0.0, list(itertools.permutations(range(7), 4))
    for a, b, c, d in orders:
        first, second = x[a] - x[b], x[c] - x[d]
        top += (first @ first * (second @ second)).item() / 4
        bottom += (first @ second).item() ** 2 / 4
    centred = x - x.mean(0)
    measured = unbiased_squares(7, centred.T @ centred, centred.square().sum(1).square().sum())
    assert [v.item() for v in measured] == pytest.approx([top / len(orders), bottom / len(orders)], rel=1e-12)


@pytest.mark.parametrize("samples", [30, 60, 1000])
def test_the_ratio_of_the_population_below_as_many_samples_as_features(samples):
    """60 features: the mean of 40 estimates is within four errors of the truth; the sample's own ratio is far off."""
    spectrum = halving(60)
    truth = participation_ratio(spectrum).item()
    values = [covariance_participation_ratio(normal(samples, spectrum, seed)).estimate for seed in range(40)]
    error = np.std(values, ddof=1) / math.sqrt(40)
    # the ratio of two unbiased estimates is biased by about its variance: a share (sd / truth)^2
    assert abs(np.mean(values) - truth) < 4 * error + np.var(values) / truth
    plain = np.mean(
        [
            participation_ratio(torch.linalg.eigvalsh(torch.cov(normal(samples, spectrum, seed).T)).clamp(min=0))
            for seed in range(5)
        ]
    )
    assert truth - plain > (4 * error if samples < 1000 else 0)


@pytest.mark.parametrize(
    ("estimator", "function"),
    [(covariance_effective_rank, effective_rank), (covariance_ridge_dimension, lambda s: ridge_dimension(s, 0.1))],
)
def test_the_jackknife_takes_most_of_the_bias_off(estimator, function):
    spectrum = halving(20)
    options = {} if estimator is covariance_effective_rank else {"ridge": 0.1}
    truth = function(spectrum).item()
    draws = [normal(200, spectrum, seed) for seed in range(40)]
    values = [estimator(x, **options).estimate for x in draws]
    plain = np.mean([function(torch.linalg.eigvalsh(torch.cov(x.T))).item() for x in draws])
    assert abs(np.mean(values) - truth) < abs(plain - truth) / 4


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_few_rows_of_many_features_and_many_rows_of_few_agree(estimator):
    """The products of the rows have the eigenvalues of the covariance: columns of zeros take the other route."""
    x = normal(50, halving(20), 0)
    wide = torch.cat([x, torch.zeros(50, 100, dtype=torch.float64)], 1)
    result, other = estimator(x), estimator(wide)
    assert other.estimate == pytest.approx(result.estimate, rel=1e-10)
    assert other.standard_error == pytest.approx(result.standard_error, rel=1e-8)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_the_error_leaves_groups_out(estimator):
    """By hand: 20 samples are 20 groups of one, so that the jackknife is that of the textbook."""
    x = normal(20, halving(4), 3)
    kept = [[row for row in range(20) if row != out] for out in range(20)]

    def plain(rows):
        scatter = torch.cov(rows.T) * (len(rows) - 1)
        if estimator is covariance_participation_ratio:
            about = (rows - rows.mean(0)).square().sum(1).square().sum()
            top, bottom = unbiased_squares(len(rows), scatter, about)
            return math.log(top / bottom)
        values = torch.linalg.eigvalsh(scatter / (len(rows) - 1))
        return math.log(
            effective_rank(values)
            if estimator is covariance_effective_rank
            else ridge_dimension(values, values.sum() / 20)
        )

    logs = np.array([plain(x[rows]) for rows in kept])
    result = estimator(x)
    error = math.sqrt(19 / 20 * ((logs - logs.mean()) ** 2).sum())
    corrected = plain(x) if estimator is covariance_participation_ratio else 20 * plain(x) - 19 * logs.mean()
    assert result.estimate == pytest.approx(min(math.exp(corrected), 4), rel=1e-10)
    assert result.standard_error == pytest.approx(math.exp(corrected) * error, rel=1e-9)


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_units_kinds_and_batches(estimator, dtype):
    x = torch.stack([normal(60, halving(5), seed) for seed in range(3)]).to(dtype)
    both, each = estimator(x), [estimator(part) for part in x]
    assert both.estimate.dtype == dtype and both.estimate.tolist() == pytest.approx(
        [e.estimate for e in each], rel=1e-6
    )
    double = x[0].double()
    for other in (1e-140 * double, 1e140 * double):
        assert estimator(other).estimate == pytest.approx(each[0].estimate, rel=1e-9)
    assert estimator(double + 100).estimate == pytest.approx(each[0].estimate, rel=1e-9)
    assert isinstance(each[0].estimate, float) and isinstance(estimator(x.numpy()).interval[0], np.ndarray)


def test_a_ridge_has_the_unit_of_the_covariance():
    x = normal(100, halving(5), 0)
    plain = covariance_ridge_dimension(x, ridge=0.3)
    assert covariance_ridge_dimension(10 * x, ridge=30.0).estimate == pytest.approx(plain.estimate, rel=1e-12)
    trace = torch.cov(x.T).trace().item()
    fixed = covariance_ridge_dimension(x, ridge=trace / 100)
    assert covariance_ridge_dimension(x).estimate == pytest.approx(
        fixed.estimate, abs=0.02
    )  # its trace is jackknifed too
    assert "mu = 0.3" in plain.method and "mu = trace/samples" in covariance_ridge_dimension(x).method


def test_clusters_are_left_out_whole():
    """Ten copies of each of thirty rows: taken for independent, the error is some root of ten too small."""
    x = normal(30, halving(5), 0).repeat_interleave(10, 0)
    for estimator in ESTIMATORS:
        scene = torch.arange(30).repeat_interleave(10)
        whole, apart = estimator(x, clusters=scene), estimator(x)
        assert whole.standard_error > 2 * apart.standard_error


def test_flat_spectra_and_ends():
    x = normal(300, torch.ones(4, dtype=torch.float64), 0)
    for estimator in (covariance_participation_ratio, covariance_effective_rank):
        result = estimator(x)
        assert result.estimate <= 4 and result.interval[1] <= 4 and result.estimate > 3.9
        line = estimator(x[:, :1])
        assert (line.estimate, *line.interval) == pytest.approx((1.0, 1.0, 1.0))


@pytest.mark.parametrize("estimator", ESTIMATORS)
def test_refusals(estimator):
    with pytest.raises(ValueError, match="x must have at least 10 samples, got 9"):
        estimator(normal(9, halving(3), 0))
    with pytest.raises(ValueError, match="all 20 rows of x are equal"):
        estimator(torch.ones(20, 3))
    with pytest.raises(ValueError, match="20 samples in 3 clusters"):
        estimator(normal(20, halving(3), 0), clusters=torch.arange(20) % 3)


def test_refusals_of_a_ridge_and_of_orthogonal_rows():
    x = normal(20, halving(3), 0)
    for ridge in (0.0, -1.0, math.nan, math.inf):
        with pytest.raises(ValueError, match="ridge must be above 0 and finite"):
            covariance_ridge_dimension(x, ridge=ridge)
    with pytest.raises(ValueError, match="the differences of the 30 samples are orthogonal"):
        covariance_participation_ratio(torch.eye(30))


def test_a_correction_beyond_the_range_leaves_one_side():
    """40 rows of 50 features: the truth is below the end to which the figure is moved, and above the uncorrected one."""
    spectrum = torch.ones(50, dtype=torch.float64)
    result = covariance_ridge_dimension(normal(40, spectrum, 0), ridge=0.1)
    assert result.estimate == result.interval[1] == 50
    assert result.interval[0] < ridge_dimension(spectrum, 0.1).item() < 50
