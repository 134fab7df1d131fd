"""Certificates of risks: never below 60 digits, ordered as theory says, and red for the constants that are wrong."""

import itertools
import math

import mpmath
import numpy as np
import pytest
import torch
from exact_risks import U, assert_above, assert_root, kl, m, risks, second, shares, sizes
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from spacelib.bounds import kl as library_kl
from spacelib.bounds.transfer.certificates import (
    catoni,
    empirical_bernstein,
    importance_weighted,
    kl_certificate,
    lambda_bound,
    mcallester,
    monte_carlo_certificate,
    tolstikhin_seldin,
)

NUMBER = 60
ORACLE_BUDGET = 2 * 26  # what an inverse may overshoot by, in 2^-53 of the root: see test_binary_kl_certified


def moment(n: int) -> mpmath.mpf:
    product, total = mpmath.mpf(1), mpmath.mpf(1)
    for i in range(n):
        product *= 1 - mpmath.mpf(i) / n
        total += product
        if product < mpmath.mpf(10) ** -40:
            break
    return total


def exact_budget(k, n, delta, xi=None) -> mpmath.mpf:
    return (m(k) + mpmath.log((2 * mpmath.sqrt(m(n)) if xi is None else xi) / m(delta))) / m(n)


def arguments(seed: int, *, whole: bool = False):
    random = np.random.default_rng(seed)
    n = 10.0 ** random.uniform(0, 6 if whole else 12, NUMBER)
    return risks(random, NUMBER), sizes(random, NUMBER), np.floor(n) if whole else n, shares(random, NUMBER)


def rows(*columns):
    return zip(*(column.tolist() for column in columns), strict=True)


@pytest.mark.oracle
def test_the_certificate_of_real_samples():
    given = arguments(1)
    found = kl_certificate(*given, constant="sqrt")
    for q, k, n, delta, bound in rows(*given, found):
        # the budget carries 11 roundings and by concavity moves the root by at most as many of its displacement
        assert_root(bound, m(q), exact_budget(k, n, delta), ORACLE_BUDGET + 16)


@pytest.mark.oracle
def test_the_certificate_with_the_exact_moment():
    q, k, n, delta = arguments(2, whole=True)
    n = np.minimum(n, 3000)
    found = kl_certificate(q, k, n, delta)
    for risk, complexity, samples, share, bound in rows(q, k, n, delta, found):
        c = exact_budget(complexity, samples, share, moment(int(samples)))
        # ln xi >= 0.69 of the budget's numerator, so 40 sqrt(n) roundings of xi are at most 60 sqrt(n) of the budget
        assert_root(bound, m(risk), c, ORACLE_BUDGET + 16 + 60 * math.sqrt(3000))


@pytest.mark.oracle
def test_the_lower_side_is_never_above():
    given = arguments(3)
    found = kl_certificate(*given, constant="sqrt", side="lower")
    for q, k, n, delta, bound in rows(*given, found):
        assert bound == 0 or kl(m(q), m(bound)) >= exact_budget(k, n, delta)
        inner = m(bound) + (ORACLE_BUDGET + 18) * U * m(q)  # convex: as many roundings of the displacement
        assert inner >= q or kl(m(q), inner) <= exact_budget(k, n, delta)


@pytest.mark.oracle
def test_the_closed_forms():
    q, k, n, delta = arguments(4)
    random = np.random.default_rng(5)
    trade_off = 2 * np.minimum(10.0 ** -random.uniform(0, 20, NUMBER), 1 - 1e-12)
    rate = 10.0 ** random.uniform(-20, 3, NUMBER)
    found = (
        mcallester(q, k, n, delta),
        tolstikhin_seldin(q, k, n, delta),
        lambda_bound(q, k, n, delta),
        lambda_bound(q, k, n, delta, trade_off=trade_off),
        catoni(q, k, n, delta, rate),
    )
    for a, complexity, samples, share, l, r, *bounds in rows(q, k, n, delta, trade_off, rate, *found):
        a, l, r = m(a), m(l), m(r)
        c = exact_budget(complexity, samples, share)
        bare = (m(complexity) - mpmath.log(m(share))) / m(samples)
        exact = (
            a + mpmath.sqrt(c / 2),
            a + mpmath.sqrt(2 * a * c) + 2 * c,
            a + c + mpmath.sqrt(c * (c + 2 * a)),
            a / (1 - l / 2) + c / (l * (1 - l / 2)),
            mpmath.expm1(-r * a - bare) / mpmath.expm1(-r),
        )
        for bound, value in zip(bounds, exact, strict=True):
            assert_above(bound, value, 48)  # the budget's 22, and twice 13


def bernstein(q, v, k, n, delta, c):
    """The published statement, in 60 digits."""
    q, v, k, n, delta, c = map(m, (q, v, k, n, delta, c))
    share, gain = delta / 2, mpmath.e - 2
    one = max(mpmath.ceil(mpmath.log(mpmath.sqrt(gain * n / (4 * mpmath.log(1 / share)))) / mpmath.log(c)), 0) + 1
    two = max(mpmath.ceil(mpmath.log(mpmath.sqrt((n - 1) / mpmath.log(1 / share) + 1) / 2 + 0.5) / mpmath.log(c)), 1)
    a, b = k + mpmath.log(one / share), k + mpmath.log(two / share)
    v = min(mpmath.mpf(1) / 4, v + (1 + c) * mpmath.sqrt(v * b / (2 * (n - 1))) + 2 * c * b / (n - 1))
    return q + ((1 + c) * mpmath.sqrt(gain * v * a / n) if a <= gain * n * v else 2 * a / n)


@pytest.mark.oracle
def test_empirical_bernstein():
    q, k, n, delta = arguments(6, whole=True)
    n, v = np.maximum(n, 2), np.minimum(np.random.default_rng(7).random(NUMBER) * q, 0.5)
    for grid in (1.15, 2.0):
        found = empirical_bernstein(q, v, k, n, delta, grid=grid)
        for a, w, complexity, samples, share, bound in rows(q, v, k, n, delta, found):
            assert_above(bound, bernstein(a, w, complexity, samples, share, grid), 120)


@pytest.mark.oracle
def test_the_sampled_and_the_weighted_certificate():
    q, k, n, delta = arguments(8)
    random = np.random.default_rng(9)
    draws, missed = np.floor(10.0 ** random.uniform(0, 6, NUMBER)), shares(random, NUMBER)
    ratio = 1 + sizes(random, NUMBER)
    sampled = monte_carlo_certificate(q, draws, k, n, delta, missed, constant="sqrt")
    weighted = importance_weighted(q * ratio, ratio, k, n, delta, constant="sqrt")
    columns = rows(q, draws, k, n, delta, missed, ratio, sampled, weighted)
    for a, t, complexity, samples, share, miss, most, one, two in itertools.islice(columns, 8):
        c = exact_budget(complexity, samples, share)
        risk = second(m(a), -mpmath.log(m(miss)) / m(t))
        # the root is concave in the risk and at least 0: a risk's relative error moves it by at most as much
        assert_above(one, second(risk, c), 2 * ORACLE_BUDGET + 60)
        assert_above(two, m(most) * second(min(m(a * most) / m(most), 1), c), 2 * ORACLE_BUDGET + 60)


RISK, COMPLEXITY = st.floats(0, 1), st.floats(0, 1e6)
SAMPLES, DELTA = st.floats(1, 1e9), st.floats(1e-12, 0.999)


@pytest.mark.property
@given(RISK, COMPLEXITY, SAMPLES, DELTA, st.floats(0.001, 1.999))
def test_the_relaxations_are_ordered(q, k, n, delta, trade_off):
    least = kl_certificate(q, k, n, delta, constant="sqrt")
    best = lambda_bound(q, k, n, delta)
    slack = 1 + 200 * 2.0**-53  # all are rounded up, by at most some 60 roundings
    assert least <= mcallester(q, k, n, delta) * slack
    assert least <= best * slack <= tolstikhin_seldin(q, k, n, delta) * slack**2
    assert best <= lambda_bound(q, k, n, delta, trade_off=trade_off) * slack
    whole = n // 1
    assert kl_certificate(q, k, whole, delta) <= kl_certificate(q, k, whole, delta, constant="sqrt") * slack
    assert kl_certificate(q, k, n, delta, constant="sqrt", side="lower") <= q <= least


@pytest.mark.property
@given(RISK, st.floats(1, 100), COMPLEXITY, SAMPLES, DELTA)
def test_weighting_is_never_worse_than_the_ratio(q, ratio, k, n, delta):
    weighted = importance_weighted(min(q * ratio, ratio), ratio, k, n, delta, constant="sqrt")
    assert weighted <= min(1, ratio * kl_certificate(q, k, n, delta, constant="sqrt") * (1 + 400 * 2.0**-53) + 1e-320)


@pytest.mark.coverage
def test_no_certificate_fails_more_often_than_delta():
    """Coins, all outcomes enumerated, a model fixed before: exact failure probabilities."""
    n, delta = 60, 0.05
    k = np.arange(n + 1)
    q, spread = k / n, k * (n - k) / (n * (n - 1))
    bounds = (
        kl_certificate(q, 0.0, n, delta),
        catoni(q, 0.0, n, delta, 0.7),
        lambda_bound(q, 0.0, n, delta, trade_off=0.5),
        empirical_bernstein(q, spread, 0.0, n, delta),
        kl_certificate(q, 0.0, n, 0.9),
    )
    lower, worst = kl_certificate(q, 0.0, n, delta, side="lower"), np.zeros(len(bounds))
    for p in np.linspace(0.005, 0.995, 199):
        weight = binom.pmf(k, n, p)
        worst = np.maximum(worst, [weight[bound < p].sum() for bound in bounds])
        assert weight[lower > p].sum() <= delta
    assert (worst[:4] <= delta).all() and worst[4] > delta
    assert worst[1] > 0.01  # Catoni's is nearly attained at the risk that its rate is best for


def test_catoni_at_its_best_rate_is_the_certificate_without_the_root_of_n():
    q, k, n, delta = 0.1, 5.0, 1000, 0.05
    rates = torch.logspace(-3, 2, 4001, dtype=torch.float64)
    target = second(m(q), (m(k) - mpmath.log(m(delta))) / n)
    assert float(target) <= float(catoni(q, k, n, delta, rates).min()) <= float(target) * (1 + 1e-5)


def test_delta_stands_inside_the_logarithm():
    """A toolkit computes ln(2 sqrt(n))/delta; at delta = 0.05, n = 1000 that is another number by far."""
    q, k, n, delta = 0.1, 5.0, 1000, 0.05
    found = kl_certificate(q, k, n, delta, constant="sqrt")
    assert library_kl(q, found) == pytest.approx((k + math.log(2 * math.sqrt(n) / delta)) / n, rel=1e-12)
    wrong = (k + math.log(2 * math.sqrt(n)) / delta) / n
    assert library_kl(q, found) < wrong / 5


def test_kinds_gradients_and_batches():
    q = torch.tensor([0.1, 0.3], dtype=torch.float32, requires_grad=True)
    k = torch.tensor(3.0, requires_grad=True)
    found = kl_certificate(q, k, 500, 0.05)
    assert found.dtype == torch.float32 and found.shape == (2,)
    assert (found.double() >= kl_certificate(q.double(), k.double(), 500, 0.05)).all()
    found.sum().backward()
    assert (q.grad > 0).all() and k.grad > 0
    assert isinstance(mcallester(0.1, 3.0, 500, 0.05), float)
    assert isinstance(lambda_bound(np.array([0.1]), 3.0, 500, 0.05), np.ndarray)
    inputs = [torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.2, 3.0, 400.0, 0.05, 0.7)]
    for function in (mcallester, tolstikhin_seldin, lambda_bound, lambda *a: kl_certificate(*a, constant="sqrt")):
        assert torch.autograd.gradcheck(function, inputs[:4])
    assert torch.autograd.gradcheck(catoni, inputs)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: kl_certificate(1.5, 1.0, 10, 0.05), r"kl_certificate: empirical_risk must be in \[0, 1\], got 1.5"),
        (lambda: kl_certificate(0.1, -1.0, 10, 0.05), "complexity must be at least 0, got -1.0"),
        (lambda: kl_certificate(0.1, 1.0, 10.5, 0.05), "samples must be an integer of at least 1, got 10.5"),
        (lambda: kl_certificate(0.1, 1.0, 0.5, 0.05, constant="sqrt"), "samples must be at least 1, got 0.5"),
        (lambda: kl_certificate(0.1, 1.0, 10, 1.0), r"delta must be in \(0, 1\), got 1.0"),
        (lambda: kl_certificate(0.1, 1.0, 10, 0.1, constant="pi"), "constant must be one of exact, sqrt, got 'pi'"),
        (lambda: kl_certificate(0.1, 1.0, 10, 0.1, side="both"), "side must be 'lower' or 'upper', got 'both'"),
        (lambda: mcallester(math.nan, 1.0, 10, 0.1), "mcallester: empirical_risk must be finite, got nan"),
        (lambda: lambda_bound(0.1, 1.0, 10, 0.1, trade_off=2.0), r"trade_off must be in \(0, 2\), got 2.0"),
        (lambda: catoni(0.1, 1.0, 10, 0.1, 0.0), "rate must be above 0, got 0.0"),
        (lambda: empirical_bernstein(0.1, 0.6, 1.0, 10, 0.1), r"empirical_variance must be in \[0, 1/2\], got 0.6"),
        (lambda: empirical_bernstein(0.1, 0.1, 1.0, 1, 0.1), "samples must be an integer of at least 2, got 1.0"),
        (lambda: empirical_bernstein(0.1, 0.1, 1.0, 9, 0.1, grid=1.0), "grid must be a number above 1, got 1.0"),
        (lambda: monte_carlo_certificate(0.1, 0, 1.0, 9, 0.1, 0.1), "draws must be an integer of at least 1, got 0.0"),
        (lambda: importance_weighted(3.0, 2.0, 1.0, 9, 0.1), "weighted_risk must be between 0 and the ratio, got 3.0"),
        (lambda: importance_weighted(0.5, 0.9, 1.0, 9, 0.1), "ratio must be at least 1, got 0.9"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
