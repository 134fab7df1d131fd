"""Exact binomial bounds: never inside those of 60 digits, as near as their proof allows, and known values."""

import mpmath
import numpy as np
import pytest
import torch
from exact_risks import U, m
from scipy.special import betaincinv
from scipy.stats import binom

from spacelib.bounds.transfer.binomial import clopper_pearson, test_set_bound


def tail(k: int, n: int, x: mpmath.mpf) -> tuple[mpmath.mpf, mpmath.mpf]:
    """P(Bin(n, x) <= k) and its ratio to the largest term."""
    total = term = mpmath.mpf(1)
    for j in range(k, 0, -1):
        term *= j * (1 - x) / ((n - j + 1) * x)
        total += term
        if term < mpmath.mpf(10) ** -40 * total:
            break
    return total * mpmath.binomial(n, k) * x**k * (1 - x) ** (n - k), total


def cases(number: int, seed: int):
    random = np.random.default_rng(seed)
    n = np.floor(10 ** random.uniform(0, 4, number))
    k = np.floor(random.random(number) ** 3 * (n + 1)).clip(0, n)
    n[:2], k[:2] = 1e7, 4e6
    return k, n, 10.0 ** -np.r_[0.31, 3.0, random.uniform(0.302, 20, number - 2)]


@pytest.mark.oracle
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_against_the_tail_in_sixty_digits(side):
    k, n, delta = cases(300, 1)
    found = clopper_pearson(k, n, delta, side=side)
    columns = (k.astype(int), n.astype(int), delta, found)
    for successes, total, share, end in zip(*(column.tolist() for column in columns), strict=True):
        if successes == (total if side == "upper" else 0):
            assert end == (1 if side == "upper" else 0)
            continue
        if end == 1:  # rounded up to it: a few floats below is inside
            assert tail(successes, total, 1 - 8 * U)[0] > m(share)
            continue
        failures = total - successes
        value, sum_ = tail(successes, total, m(end)) if side == "upper" else tail(failures, total, 1 - m(end))
        assert value <= m(share), (successes, total, share)
        # The tail's logarithm is proved up to twice the divergence's 26 u of itself, 4 u of the distance from the mean,
        # 200 u of Stirling's remainders and 8 u for each of some S terms; its slope is (n - k)/((1 - x) S), or k/(x S).
        away = abs(total * m(end) - successes)
        unsure = (70 * abs(mpmath.log(m(share))) + 16 * away + 800 + 32 * sum_) * U
        slope = (failures / (1 - m(end)) if side == "upper" else successes / m(end)) / sum_
        assert mpmath.log(m(share) / value) <= unsure + 24 * U * m(end) * slope, (successes, total, share)


@pytest.mark.oracle
def test_against_the_inverse_beta():
    k, n, delta = cases(1000, 2)
    inside = (k > 0) & (k < n)
    k, n, delta = k[inside], n[inside], delta[inside].clip(1e-8)
    np.testing.assert_allclose(clopper_pearson(k, n, delta, side="lower"), betaincinv(k, n - k + 1, delta), rtol=1e-9)
    np.testing.assert_allclose(1 - clopper_pearson(k, n, delta), betaincinv(n - k, k + 1, delta), rtol=1e-9, atol=1e-14)


def test_no_bound_fails_more_often_than_delta():
    counts = np.arange(41)
    for p in (0.02, 0.3, 0.5, 0.97):
        missed = clopper_pearson(counts, 40, 0.05) < p
        assert 0 < binom.pmf(counts, 40, p)[missed].sum() <= 0.05 or p == 0.02
        assert binom.pmf(counts, 40, p)[clopper_pearson(counts, 40, 0.05, side="lower") > p].sum() <= 0.05


def test_known_values_and_kinds():
    assert test_set_bound(0, 100, 0.05) == pytest.approx(1 - 0.05**0.01, rel=1e-13)
    assert clopper_pearson(100, 100, 0.05, side="lower") == pytest.approx(0.05**0.01, rel=1e-13)
    assert clopper_pearson(400_000_000, 1_000_000_000, 0.49) == pytest.approx(0.4, abs=1e-6)
    found = test_set_bound(torch.tensor([[1], [2]]), torch.tensor([10, 20, 30]), 0.05)
    assert found.shape == (2, 3) and (found[1] > found[0]).all()
    narrow = clopper_pearson(torch.tensor(3.0), 10, 0.05)
    assert narrow.dtype == torch.float32 and narrow.double() >= clopper_pearson(3, 10, 0.05)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: clopper_pearson(11, 10, 0.05), "clopper_pearson: successes must be at most samples, got 11.0"),
        (lambda: clopper_pearson(1.5, 10, 0.05), "successes must be an integer of at least 0, got 1.5"),
        (lambda: clopper_pearson(1, 0, 0.05), "samples must be an integer of at least 1, got 0.0"),
        (lambda: clopper_pearson(1, 2e9, 0.05), r"samples must be at most 10\^9, got 2000000000.0"),
        (lambda: clopper_pearson(1, 10, 0.5), r"delta must be in \(0, 1/2\), got 0.5"),
        (lambda: clopper_pearson(1, 10, 0.05, side=None), "side must be 'lower' or 'upper', got None"),
        (lambda: test_set_bound(-1, 10, 0.05), "test_set_bound: errors must be an integer of at least 0, got -1.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
