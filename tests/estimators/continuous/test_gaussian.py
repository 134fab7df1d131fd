"""Gaussian information: exact against a direct formula, unbiased, its standard error the spread that is seen."""

import math

import pytest
import torch
from normal_laws import normal_pair
from scipy import stats

from spacelib.estimators import gaussian_copula_information, gaussian_information
from spacelib.estimators.continuous.gaussian import log_determinant_excess, normal_scores


@pytest.mark.oracle
def test_scores_and_excess_against_scipy():
    rows = torch.randn(50, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64).round(decimals=1)
    ranks = stats.rankdata(rows.numpy(), axis=0)
    torch.testing.assert_close(normal_scores(rows), torch.from_numpy(stats.norm.ppf(ranks / 51)), rtol=0, atol=1e-12)
    # E ln|S| of a Wishart law by simulation: 4 standard errors
    draws = stats.wishart(29, torch.eye(3).numpy()).rvs(4000, random_state=0) / 29
    logs = torch.linalg.slogdet(torch.from_numpy(draws))[1]
    want = log_determinant_excess(3, 30) + 3 * math.log(2 / 29)
    assert abs(logs.mean().item() - want) < 4 * logs.std().item() / math.sqrt(4000)


@pytest.mark.coverage
@pytest.mark.parametrize(
    ("samples", "x", "y", "strength", "runs"), [(100, 2, 2, 0.7, 400), (300, 1, 1, 0.0, 400), (150, 8, 5, 0.5, 200)]
)
def test_unbiased_and_its_standard_error_right(samples, x, y, strength, runs):
    results = [gaussian_information(*normal_pair(seed, samples, x, y, strength)[:2]) for seed in range(runs)]
    truth = normal_pair(0, 30, x, y, strength)[2]
    values = torch.tensor([result.estimate for result in results])
    spread = values.std().item()
    assert abs(values.mean().item() - truth) < 4 * spread / math.sqrt(runs)
    # the sd of a sd from r runs is 1/sqrt(2 r) of it: .05 at 200. Near I = 0 the formula is too large: with one degree of
    # freedom its square has the mean E[(chi^2 - 1)+] + 1/2 = .98 where 1/2 is right, which is 1.4 in the error.
    ratio = sum(result.standard_error for result in results) / runs / spread
    assert 0.85 < ratio < (1.6 if strength == 0 else 1.15)


def test_unbiased_in_fifty_and_fifty_dimensions():
    """Five samples of 1000: the plug-in would be 1.4 nats too high."""
    results = [gaussian_information(*normal_pair(seed, 1000, 50, 50, 0.3)[:2]) for seed in range(5)]
    truth = normal_pair(0, 200, 50, 50, 0.3)[2]
    mean = sum(result.estimate for result in results) / 5
    assert abs(mean - truth) < 4 * max(result.standard_error for result in results) / math.sqrt(5)


def test_a_copula_ignores_the_margins():
    x, y, _ = normal_pair(0, 500, 2, 3, 1.0)
    plain = gaussian_copula_information(x, y)
    assert gaussian_copula_information(x.exp(), y**3 * 1e20) == plain
    assert gaussian_copula_information(x.numpy(), y.numpy()) == plain


def test_a_condition_by_the_chain_rule():
    """I(X; Y, Z) = I(X; Z) + I(X; Y | Z), exactly, for estimates too."""
    x, y, _ = normal_pair(0, 200, 2, 3, 1.0)
    z = y[:, :1] + x[:, 1:]
    whole = gaussian_information(x, torch.cat([y[:, 1:], z], 1)).estimate
    parts = gaussian_information(x, z).estimate + gaussian_information(x, y[:, 1:], condition=z).estimate
    assert whole == pytest.approx(parts, abs=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, y: gaussian_information(x, x), "columns, or their scores, are linearly dependent"),
        (lambda x, y: gaussian_information(torch.cat([x, x.sum(1, keepdim=True)], 1), y), "columns, or their scores, are linearly dependent"),
        (lambda x, y: gaussian_copula_information(x[:6], y[:6]), "5 columns need at least 7 samples, got 6"),
        (lambda x, y: gaussian_copula_information(x, y * 0), "column 0 of y is constant"),
        (lambda x, y: gaussian_copula_information(x, y / 0), "y must be finite"),
    ],
)
def test_errors_name_what_is_wrong(call, message):
    x, y, _ = normal_pair(0, 100, 2, 3, 1.0)
    with pytest.raises(ValueError, match=message):
        call(x, y)
