"""The two moments: exact rationals, coins of every bias, and the constants that are too small."""

import math
from fractions import Fraction

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from precise import assert_above, m
from scipy.stats import binom

from spacelib.bounds.samples.moments import maurer_moment, squared_gap


def exact_moment(n: int) -> Fraction:
    """1 + 1 + (1 - 1/n) + (1 - 1/n)(1 - 2/n) + ..."""
    product, total = Fraction(1), Fraction(1)
    for i in range(n):
        product *= Fraction(n - i, n)
        total += product
    return total


def precise_moment(n: int) -> mpmath.mpf:
    product, total = mpmath.mpf(1), mpmath.mpf(1)
    for i in range(n):
        product *= 1 - mpmath.mpf(i) / n
        total += product
        if product < mpmath.mpf(10) ** -50:
            break
    return total


@pytest.mark.oracle
def test_the_moment_of_up_to_300_samples_against_fractions():
    counts = torch.arange(1, 301)
    for n, found in zip(counts.tolist(), maurer_moment(counts).tolist(), strict=True):
        exact = exact_moment(n)
        assert exact <= Fraction(found) <= exact * (1 + Fraction(800, 2**53))  # 40 sqrt(300) roundings
        assert n <= exact**2 <= 4 * n


@pytest.mark.oracle
@pytest.mark.parametrize("n", [1_000, 31_415, 1_000_000, 10_000_000])
def test_the_moment_of_many_samples(n):
    assert_above(maurer_moment(n), precise_moment(n), 40 * math.sqrt(n) + 100)
    assert maurer_moment(n) <= 1.5 + math.exp(1 / (8 * n)) * math.sqrt(math.pi * n / 2)


def test_beyond_ten_million_the_integral_stands_for_it():
    n = 10**7 + 1
    exact = precise_moment(n)
    assert exact <= m(maurer_moment(n)) <= exact * (1 + m(3e-4))
    assert maurer_moment(1e12) <= 2e6


def test_a_batch_gives_what_its_members_give():
    counts = torch.tensor([[1, 10**7, 3], [10**9, 17, 40_000]])
    found = maurer_moment(counts)
    for row, column in np.ndindex(2, 3):  # the number of terms is the batch's, so the rounding differs
        assert found[row, column] == pytest.approx(maurer_moment(counts[row, column]).item(), rel=40 * 3200 * 2.0**-53)


@pytest.mark.parametrize("n", [1, 2, 7, 50])
def test_every_coin_attains_it(n):
    for p in (0.01, 0.3, 0.5, 0.9):
        k = np.arange(n + 1)
        with np.errstate(divide="ignore", invalid="ignore"):
            q = k / n
            kl = np.where(k > 0, q * np.log(q / p), 0) + np.where(k < n, (1 - q) * np.log((1 - q) / (1 - p)), 0)
        assert (binom.pmf(k, n, p) * np.exp(n * kl)).sum() == pytest.approx(maurer_moment(n), rel=1e-11)


def test_smaller_bounds_of_the_moment_fail():
    """sqrt(2 n) fails up to 18 samples, sqrt(pi n/2) for every number; 2 sqrt(n) is attained by one sample alone."""
    counts = np.arange(1, 301)
    found = maurer_moment(counts.astype(float))
    assert (found > np.sqrt(2 * counts)).tolist() == [n <= 18 for n in counts]
    assert (found > np.sqrt(math.pi * counts / 2)).all()
    assert round(found[9], 3) == 4.660
    assert (found[1:] < 2 * np.sqrt(counts[1:])).all()


@pytest.mark.oracle
@settings(max_examples=40)
@given(st.integers(1, 10**6), st.floats(0, 1e4), st.floats(1e-6, 1 - 1e-9))
def test_the_squared_gap_at_sixty_digits(n, complexity, u):
    exact = (m(complexity) - mpmath.log1p(-m(u)) / 2) / (2 * n * m(u))
    assert_above(squared_gap(n, complexity, exponent=u), exact, 24)
    best = squared_gap(n, complexity)
    assert m(best) <= exact * (1 + m(2**-49))


@pytest.mark.oracle
@pytest.mark.parametrize("complexity", [0.0, 1e-12, 1e-4, 0.1, 1.0, 30.0, 1e4])
def test_the_best_exponent_at_sixty_digits(complexity):
    """Where e^y - 1 - y = 2 K, y = ln(1/(1 - u)); at K = 0 the limit 1/(4 n)."""
    if complexity == 0:
        assert_above(squared_gap(7, 0.0), mpmath.mpf(1) / 28, 24)
        return
    y = mpmath.findroot(lambda y: mpmath.expm1(y) - y - 2 * m(complexity), mpmath.log1p(4 * complexity + math.sqrt(complexity)))
    exact = (m(complexity) + y / 2) / (2 * 7 * -mpmath.expm1(-y))
    found = m(squared_gap(7, complexity))
    # the slope vanishes there, but u is a float64: at large K, 1 - u = e^-y is known to 2^-53
    assert exact <= found <= exact * (1 + m(1e-13))


def test_coins_keep_the_moment_below_its_bound():
    """E exp(2 n u gap^2) sqrt(1 - u) <= 1 for every coin, number of samples and u < 1; at u = 1 the moment grows with n."""
    largest = 0.0
    for n in (1, 2, 5, 20, 100, 1000):
        k = np.arange(n + 1)
        for p in (0.05, 0.2, 0.5, 0.8):
            for u in (0.1, 0.5, 0.75, 0.9):
                log = binom.logpmf(k, n, p) + 2 * n * u * (k / n - p) ** 2
                largest = max(largest, np.exp(log).sum() * math.sqrt(1 - u))
    assert 0.999 < largest <= 1
    at_one = [np.exp(binom.logpmf(k := np.arange(n + 1), n, 0.5) + 2 * n * (k / n - 0.5) ** 2).sum() for n in (1, 10, 100, 1000)]
    assert [round(value, 2) for value in at_one] == [1.65, 2.57, 4.36, 7.63]


def test_empirical_risk_minimisation_of_coins_by_enumeration():
    """50 samples, 100 coins: the mean squared gap is .0317 and its bound at u = 3/4 .0706; without K it is exceeded."""
    n, coins = 50, 100
    k = np.arange(n + 1)
    at_least = binom.sf(k - 1, n, 0.5)
    least = at_least**coins - np.append(at_least[1:], 0) ** coins  # law of the smallest count
    mean = (least * (0.5 - k / n) ** 2).sum()
    assert round(mean, 4) == 0.0317
    assert round(squared_gap(n, math.log(coins), exponent=0.75), 4) == 0.0706
    assert squared_gap(n, 0.0) < mean <= squared_gap(n, math.log(coins)) <= squared_gap(n, math.log(coins), exponent=0.75)


def test_the_squared_gap_of_the_prior_is_not_zero():
    """E gap^2 <= KL/(2 n) fails where the posterior is the prior: a coin has p (1 - p)/n, which 1/(4 n) bounds, attained."""
    assert 0.25 / 30 > 0 / 60
    assert squared_gap(30, 0.0) == pytest.approx(0.25 / 30, rel=1e-14)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: maurer_moment(0), "samples must be an integer of at least 1, got 0.0"),
        (lambda: maurer_moment(1.5), "samples must be an integer of at least 1, got 1.5"),
        (lambda: squared_gap(1, -1.0), "complexity must be at least 0, got -1.0"),
        (lambda: squared_gap(1, 1.0, exponent=1.0), r"exponent must be in \(0, 1\), got 1.0"),
        (lambda: squared_gap(1, math.inf), "complexity must be finite, got inf"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
