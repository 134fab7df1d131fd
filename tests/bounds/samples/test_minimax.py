"""Problems whose minimax numbers are known: quantiles at 30 digits, exact errors of the best rules, and the rates that are wrong."""

import math

import mpmath
import numpy as np
import pytest
import torch
from precise import m
from scipy.stats import binom, chi2

from spacelib.bounds.samples.minimax import gaussian_location_samples, minimax_excess, realizable_samples


@pytest.mark.oracle
@pytest.mark.parametrize("dimension", [1, 2, 3, 10, 100])
def test_the_exact_number_for_a_normal_mean(dimension):
    """n* is the least n with P(chi-square > 2 n eps) <= delta, by the incomplete gamma function at 60 digits."""
    for delta in (0.5, 0.1, 1e-3, 1e-9):
        for epsilon in (0.3, 0.0123):
            n = int(gaussian_location_samples(epsilon, delta, dimension).exact)

            def tail(n, epsilon=epsilon):
                return mpmath.gammainc(mpmath.mpf(dimension) / 2, n * m(epsilon), regularized=True)

            assert tail(n) <= m(delta) and (n == 1 or tail(n - 1) > m(delta))


def test_closed_forms_bracket_the_quantile():
    d = torch.arange(1, 400, dtype=torch.float64)[:, None]
    delta = torch.tensor([0.5, 0.3, 0.1, 1e-2, 1e-4, 1e-8], dtype=torch.float64)
    found = gaussian_location_samples(1e-6, delta, d)
    assert bool((found.lower <= found.exact).all()) and bool((found.exact <= found.upper).all())
    quantile = torch.from_numpy(chi2.isf(delta.numpy(), d.numpy()))
    assert torch.allclose(found.exact, quantile / 2e-6, rtol=5e-6)  # n* is above 200,000, so a whole number is within 5e-6
    by_hand = torch.maximum(d - 2 / 3, -torch.log(2 * delta))
    assert bool((found.lower >= by_hand / 2e-6).all())
    assert bool((found.upper <= (2 * d - 3 * torch.log(delta)) / 2e-6 + 1).all())


def test_in_one_dimension_the_tail_is_lighter():
    """q >= 2 ln(1/delta) is attained in two dimensions and fails in one: 2.706 < 4.605 at delta = .1."""
    assert gaussian_location_samples(1e-6, 0.1, 1).exact * 2e-6 == pytest.approx(2.706, abs=1e-3) and 2 * math.log(10) > 4.6
    two = gaussian_location_samples(1e-6, 0.1, 2)
    assert two.lower == two.exact or two.lower == two.exact - 1


@pytest.mark.coverage
def test_the_sample_mean_of_normals_fails_as_often_as_promised():
    """20,000 draws: with n* samples the failure is at most delta, with 8 fewer above it; 4 standard errors."""
    generator = torch.Generator().manual_seed(0)
    epsilon, delta, d = 0.1, 0.05, 3
    n = int(gaussian_location_samples(epsilon, delta, d).exact)
    squares = (torch.randn(20_000, d, generator=generator, dtype=torch.float64) ** 2).sum(1)
    error = 4 * math.sqrt(delta * (1 - delta) / 20_000)
    assert (squares > 2 * n * epsilon).double().mean() <= delta + error
    assert (squares > 2 * (n - 8) * epsilon).double().mean() > delta + error


def test_a_rare_point_and_a_union_of_rules():
    """Failure (1 - eps)^n/2 of guessing an unseen point is above delta with one sample fewer; the union holds exactly."""
    for epsilon, delta, d in ((0.1, 0.05, 3), (0.01, 1e-4, 20), (0.3, 0.2, 1)):
        found = realizable_samples(epsilon, delta, d)
        assert (1 - epsilon) ** (found.lower - 1) / 2 > delta >= (1 - epsilon) ** found.lower / 2
        assert 2**d * (1 - epsilon) ** found.upper <= delta
        assert found.lower <= found.upper
        assert found.lower >= (1 - epsilon) * math.log(1 / (2 * delta)) / epsilon
    assert realizable_samples(0.1, 0.6, 1).lower == 0


def test_mean_excess_by_enumeration():
    """The exact Bayes risks of Assouad's coins and of rare points are above the bounds; the normal mean's is d/(2 n)."""
    for d, n in ((1, 4), (4, 10), (20, 60), (50, 25)):
        gamma = math.sqrt(d / (8 * n))
        visits = np.arange(n + 1)
        error = [np.minimum(binom.pmf(k := np.arange(v + 1), v, 0.5 + gamma), binom.pmf(k, v, 0.5 - gamma)).sum() / 2 for v in visits]
        excess = 2 * gamma * (binom.pmf(visits, n, 1 / d) * error).sum()
        bound = minimax_excess(n, d, problem="agnostic")
        assert bound == pytest.approx(math.sqrt(d / n) / (8 * math.sqrt(2)), rel=1e-14) and 1.1 * bound <= excess
        mass = d / (2 * n)
        rare = mass / 2 * (1 - mass / d) ** n
        bound = minimax_excess(n, d, problem="realizable")
        assert bound == pytest.approx(d / (8 * n), rel=1e-14) and bound <= rare
    assert minimax_excess(50, 10, problem="gaussian_location") == pytest.approx(0.1, rel=1e-14)
    # the sample mean refutes 1/eps^2 as a lower rate: its excess risk falls like 1/n
    assert minimax_excess(4000, 10, problem="gaussian_location") < minimax_excess(4000, 10, problem="agnostic")
    assert minimax_excess(1, 100, problem="agnostic") == minimax_excess(50, 100, problem="agnostic")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gaussian_location_samples(0.1, 0.6, 3), r"delta must be in \(0, 1/2\], got 0.6"),
        (lambda: gaussian_location_samples(0.1, 0.1, 0), "dimension must be an integer of at least 1, got 0.0"),
        (lambda: realizable_samples(1.0, 0.1, 3), r"epsilon must be in \(0, 1\), got 1.0"),
        (lambda: minimax_excess(10, 3, problem="slow"), "problem must be one of gaussian_location, agnostic, realizable, got 'slow'"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
