"""The t copula: its closed form against quadrature, its fit on samples, its limit the Gaussian copula."""

import math

import numpy as np
import pytest
import torch
from normal_laws import normal_pair
from scipy import optimize, stats

from spacelib.estimators import gaussian_copula_information, t_copula_information
from spacelib.estimators.continuous.t_copula import TCopula, fit_at, t_scores, uniform_ranks


def t_pair(seed, samples, x, y, strength, freedom):
    """Multivariate t: a normal pair over one common scale; and its information."""
    left, right, normal = normal_pair(seed, samples, x, y, strength)
    generator = torch.Generator().manual_seed(seed + 10_000)
    chi = torch.randn(samples, freedom, generator=generator, dtype=torch.float64).square().sum(1, keepdim=True)
    scale = (freedom / chi).sqrt()
    part = TCopula(freedom, torch.eye(x + y, dtype=torch.float64), 0.0)
    return left * scale, right * scale, normal + part.information(x, 10**9)


@pytest.mark.oracle
@pytest.mark.parametrize(("freedom", "correlation"), [(2.0, 0.0), (3.0, 0.6), (1.5, -0.3)])
def test_closed_form_against_quadrature(freedom, correlation):
    matrix = [[1.0, correlation], [correlation, 1.0]]
    joint = stats.multivariate_t(shape=matrix, df=freedom)

    # by the midpoint rule on a grid that is finer towards the corners, where the density of the copula has its poles
    edges = stats.norm.cdf(np.linspace(-6, 6, 601))
    middle = stats.t.ppf((edges[1:] + edges[:-1]) / 2, freedom)
    grid = np.stack(np.meshgrid(middle, middle, indexing="ij"), -1)
    ratio = joint.logpdf(grid) - stats.t.logpdf(grid, freedom).sum(-1)
    area = np.diff(edges)[:, None] * np.diff(edges)
    want = (area * np.exp(ratio) * ratio).sum()
    got = TCopula(freedom, torch.tensor(matrix, dtype=torch.float64), 0.0).information(1, 10**9)
    assert got == pytest.approx(want, abs=2e-3)


@pytest.mark.coverage
@pytest.mark.parametrize(("x", "y", "strength", "freedom"), [(1, 1, 0.0, 1), (2, 3, 0.7, 3), (6, 6, 0.4, 5)])
def test_near_the_truth_and_covering(x, y, strength, freedom):
    runs = []
    for seed in range(12):
        left, right, truth = t_pair(seed, 800, x, y, strength, freedom)
        runs.append(t_copula_information(left.arcsinh(), right**3))  # margins do not matter
    mean = sum(run.estimate for run in runs) / 12
    error = sum(run.standard_error for run in runs) / 12
    # ranks and the second order of the fit bias by O(1/n) times the number of pairs: a half of one standard error allowed
    assert abs(mean - truth) < 4 * error / math.sqrt(12) + 0.5 * error
    assert sum(run.interval[0] <= truth <= run.interval[1] for run in runs) >= 8  # P(fewer | 95 %) = 1e-5


def test_normal_data_give_the_gaussian_copula():
    x, y, _ = normal_pair(0, 1500, 2, 2, 1.0)
    ours, gauss = t_copula_information(x, y), gaussian_copula_information(x, y)
    assert ours.estimate == pytest.approx(gauss.estimate, abs=0.5 * gauss.standard_error)
    assert t_copula_information(x.numpy(), y.numpy()) == ours


@pytest.mark.oracle
def test_the_fixed_point_is_the_likeliest_correlation():
    """Twenty samples against a search by scipy: closer than a sixth of the statistical error, .045 here, on average."""
    distance = []
    for seed in range(20):
        left, right, _ = t_pair(seed, 600, 1, 1, 0.8, 1)
        ranks = uniform_ranks(torch.cat([left, right], 1))
        scores = t_scores(ranks, 1.0).numpy()
        best = optimize.minimize_scalar(
            lambda r, z=scores: -stats.multivariate_t(shape=[[1, r], [r, 1]], df=1.0).logpdf(z).sum(), bounds=(0, 0.9)
        )
        distance.append(fit_at(ranks, 1.0).correlation[0, 1].item() - best.x)
    assert math.sqrt(sum(d * d for d in distance) / 20) < 0.007


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, y: t_copula_information(x, x), "linearly dependent"),
        (lambda x, y: t_copula_information(x[:6], y[:6]), "5 columns need at least 7 samples, got 6"),
        (lambda x, y: t_copula_information(x * torch.nan, y), "x must be finite"),
    ],
)
def test_errors_name_what_is_wrong(call, message):
    x, y, _ = normal_pair(0, 100, 2, 3, 1.0)
    with pytest.raises(ValueError, match=message):
        call(x, y)
