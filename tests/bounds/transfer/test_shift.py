"""The shift bounds: never below 60 digits, true of every finite problem, attained where theory says, and monotone."""

import math

import mpmath
import numpy as np
import pytest
import torch
from exact_risks import assert_above, assert_root, kl, m, risks, sizes
from hypothesis import given
from hypothesis import strategies as st

from spacelib.bounds import inverse_second
from spacelib.bounds.transfer.divergences import renyi_divergence, shift_divergences
from spacelib.bounds.transfer.shift import (
    shift_chi_square,
    shift_kl,
    shift_pinsker,
    shift_ratio,
    shift_renyi,
    shift_reverse_kl,
    shift_total_variation,
)
from spacelib.bounds.transfer.composed import tightest, transfer_certificate

NUMBER = 150
ORACLE_BUDGET = 2 * 26  # as in test_certificates


@pytest.mark.oracle
def test_every_row_against_sixty_digits():
    random = np.random.default_rng(1)
    p, c, tv = risks(random, NUMBER), sizes(random, NUMBER), risks(random, NUMBER)
    order, variance = 1 + 10.0 ** random.uniform(-12, 3, NUMBER), p * random.random(NUMBER)
    found = (
        shift_kl(p, c),
        shift_reverse_kl(p, c),
        shift_pinsker(p, c),
        shift_total_variation(p, tv),
        shift_chi_square(p, c),
        shift_chi_square(p, c, variance),
        shift_renyi(p, c, order),
        shift_ratio(p, 1 + c),
    )
    columns = (p, c, tv, order, variance, *found)
    for x, d, t, a, v, *bounds in zip(*(column.tolist() for column in columns), strict=True):
        assert_root(bounds[0], m(x), m(d), ORACLE_BUDGET, free="first")
        assert_root(bounds[1], m(x), m(d), ORACLE_BUDGET)
        x, b, d, t, a, v = m(x), m(1 + d), m(d), m(t), m(a), m(v)
        assert_above(bounds[2], x + mpmath.sqrt(d / 2), 24)
        assert_above(bounds[3], x + t, 24)
        assert_above(bounds[4], x + mpmath.sqrt(d * x * (1 - x)), 24)
        assert_above(bounds[5], x + mpmath.sqrt(d * min(v, x * (1 - x))), 24)
        exponent = (a - 1) / a * (d + mpmath.log(x)) if x > 0 else mpmath.mpf(0)
        # the code's own allowance is 4 (|ln p| + |exponent|), exact errors the same once more
        size = 8 * abs(mpmath.log(x)) + 8 * abs(exponent) if x > 0 else 0
        assert_above(bounds[6], mpmath.exp(exponent) if x > 0 else mpmath.mpf(0), 24 + float(size))
        assert_above(bounds[7], x * b, 12)


@pytest.mark.oracle
def test_divergences_of_laws():
    random = np.random.default_rng(2)
    for k in (1, 2, 3, 7):
        nu, mu = (random.dirichlet(np.full(k, shape), 40) for shape in (1.0, 0.3))
        nu[:5] = mu[:5]
        nu[5:12] = mu[5:12] * (1 + 1e-9 * random.standard_normal((7, k)))
        nu /= nu.sum(-1, keepdims=True)
        orders = 1 + 10.0 ** random.uniform(-9, 3, 40)
        found, renyi = shift_divergences(nu, mu), renyi_divergence(nu, mu, orders)
        for row in range(40):
            v, w = ([m(x) for x in law[row]] for law in (nu, mu))
            v, w = [x / sum(v) for x in v], [x / sum(w) for x in w]
            pairs = list(zip(v, w, strict=True))
            a = m(orders[row])
            exact = {
                "kl": sum(x * mpmath.log(x / y) for x, y in pairs),
                "reverse_kl": sum(y * mpmath.log(y / x) for x, y in pairs),
                "total_variation": sum(abs(x - y) for x, y in pairs) / 2,
                "chi_square": sum((x - y) ** 2 / y for x, y in pairs),
                "ratio": max(x / y for x, y in pairs),
            }
            spread = sum(abs(x - y) + (x + y) * abs(mpmath.log(x / y)) for x, y in pairs)
            unit = (40 * k + 400) * mpmath.mpf(2) ** -53
            room = {
                "kl": spread * unit + unit**2,
                "reverse_kl": spread * unit + unit**2,
                "total_variation": 2 * unit,
                "chi_square": sum(2 * abs(x - y) / y * (x + y) * unit + ((x + y) * unit) ** 2 / y for x, y in pairs),
                "ratio": exact["ratio"] * unit,
            }
            for name, value in exact.items():
                bound = m(getattr(found, name)[row])
                assert value * (1 - mpmath.mpf(2) ** -90) <= bound, (name, row)
                assert bound <= value * (1 + unit) + room[name] + mpmath.mpf(2) ** -990, (name, row)
            divergence = mpmath.log(sum(x * mpmath.exp((a - 1) * mpmath.log(x / y)) for x, y in pairs)) / (a - 1)
            # 8 u of some 750 nats of a logarithm over order - 1, which is at least 1/(largest log ratio) in that branch
            largest = max(abs(mpmath.log(x / y)) for x, y in pairs)
            assert divergence * (1 - mpmath.mpf(2) ** -90) <= renyi[row] <= divergence + 2e-12 * (1 + largest)


def test_a_law_is_not_far_from_itself_and_support_counts():
    law = torch.tensor([0.3, 0.7, 0.0], dtype=torch.float64)
    same = shift_divergences(law, law)
    assert (same.kl, same.reverse_kl, same.total_variation, same.chi_square, same.ratio) == (0, 0, 0, 0, 1)
    assert renyi_divergence(law, law, 3.0) == 0
    wider = shift_divergences(torch.tensor([0.3, 0.6, 0.1]), law)
    assert wider.kl == wider.chi_square == wider.ratio == torch.inf and wider.reverse_kl < 1
    assert renyi_divergence(np.array([0.3, 0.6, 0.1]), law.numpy(), 2.0) == np.inf
    assert shift_divergences(law, torch.tensor([0.3, 0.6, 0.1])).reverse_kl == torch.inf


def problems(seed: int, number: int, outcomes: int = 4):
    """Laws nu and mu with a loss in [0, 1] on each outcome, and the two risks and the variance."""
    random = np.random.default_rng(seed)
    nu, mu = random.dirichlet(np.ones(outcomes), number), random.dirichlet(np.full(outcomes, 0.7), number)
    shape = number, outcomes
    loss = np.where(random.random(shape) < 0.5, random.random(shape), random.integers(0, 2, shape))
    source, target = (mu * loss).sum(-1), (nu * loss).sum(-1)
    return nu, mu, source, target, (mu * loss**2).sum(-1) - source**2


def test_no_finite_problem_violates_a_row():
    nu, mu, source, target, variance = problems(3, 5000)
    source, far = source.clip(0, 1), shift_divergences(nu, mu)
    renyi = renyi_divergence(nu, mu, 2.0)
    best = tightest(
        source,
        kl=far.kl,
        reverse_kl=far.reverse_kl,
        total_variation=far.total_variation,
        chi_square=far.chi_square,
        renyi=(renyi, 2.0),
        ratio=far.ratio,
    )
    assert (target <= best.risk + 1e-12).all()  # risks of float64 sums
    assert (target <= shift_chi_square(source, far.chi_square, variance.clip(0)) + 1e-7).all()  # a root of 1e-16
    assert {"kl", "reverse_kl", "total_variation", "chi_square", "ratio"} <= set(best.winner)  # none is redundant
    # mixed order: the wrong inverse, or the wrong order in the right one, is violated
    assert (target > inverse_second(source, far.kl)).any() and (target > shift_kl(source, far.reverse_kl)).any()
    assert (shift_renyi(source, renyi, 2.0) >= shift_chi_square(source, far.chi_square) * (1 - 1e-12)).all()
    assert (shift_pinsker(source, far.kl) >= shift_kl(source, far.kl) * (1 - 1e-12)).all()


def test_equality_cases():
    nu, mu = np.array([0.5, 0.2, 0.3]), np.array([0.2, 0.4, 0.4])
    far = shift_divergences(nu, mu)
    # a set on which the ratio is constant, and constant off it: KL of two coins
    coin = shift_divergences(np.array([0.4, 0.6]), np.array([0.1, 0.9]))
    assert shift_kl(0.1, coin.kl) == pytest.approx(0.4, abs=1e-13)
    assert shift_reverse_kl(0.1, coin.reverse_kl) == pytest.approx(0.4, abs=1e-13)
    assert shift_chi_square(0.1, coin.chi_square) == pytest.approx(0.4, abs=1e-13)
    assert shift_total_variation(0.2, far.total_variation) == pytest.approx(0.5, abs=1e-13)  # a loss where nu is larger
    assert shift_ratio(0.2, far.ratio) == pytest.approx(0.5, abs=1e-13)
    inside = np.array([0.25, 0.75, 0.0]), np.array([0.1, 0.3, 0.6])  # nu is mu given the first two
    for order in (1.5, 2.0, 7.0):
        assert shift_renyi(0.4, renyi_divergence(*inside, order), order) == pytest.approx(1.0, abs=1e-12)


def test_an_example_of_a_task_mix():
    far = shift_divergences(np.array([0.2, 0.3, 0.5]), np.array([0.5, 0.3, 0.2]))
    assert shift_kl(0.23, far.kl) == pytest.approx(0.5754, abs=5e-5)
    assert shift_total_variation(0.23, far.total_variation) == pytest.approx(0.53, abs=1e-12)


def test_the_mixed_order_is_no_bound():
    """A fair coin, and a target that always errs: kappa = ln 2 allows 1, but the other inverse says 0.933."""
    assert shift_kl(0.5, math.log(2)) == 1.0
    assert inverse_second(0.5, math.log(2)) == pytest.approx((1 + math.sqrt(3) / 2) / 2, abs=1e-12)


@pytest.mark.property
@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 50), st.floats(1.01, 20))
def test_every_row_is_monotone_in_the_risk(one, two, c, order):
    low, high = min(one, two), max(one, two)
    for row in (shift_kl, shift_reverse_kl, shift_pinsker, shift_chi_square, lambda p, d: shift_ratio(p, 1 + d),
                lambda p, d: shift_renyi(p, d, order), lambda p, d: shift_total_variation(p, d / 50)):  # fmt: skip
        least = row(low, c)
        assert least <= row(high, c) * (1 + 1e-12)  # each is rounded up on its own


def test_uncapped_chi_square_is_not_monotone_and_a_variance_is_refused():
    assert 0.9 + math.sqrt(4 * 0.9 * 0.1) > 1.0 + math.sqrt(4 * 1.0 * 0.0)
    assert shift_chi_square(1.0, 4.0) == 1.0
    assert shift_chi_square(0.9, 4.0) == 1.0
    # a larger risk with its own, smaller variance: the bound falls
    assert shift_chi_square(0.5, 1.0, 0.25) > shift_chi_square(0.6, 1.0, 0.0)
    with pytest.raises(ValueError, match="variance must be left out, .* not monotone"):
        tightest(0.1, chi_square=1.0, variance=0.05)


def test_an_infinite_divergence_says_nothing():
    assert shift_kl(0.0, math.inf) == shift_ratio(0.0, math.inf) == 1.0
    assert shift_kl(torch.tensor([0.0, 0.2]), torch.tensor([math.inf, 0.0])).tolist() == pytest.approx([1.0, 0.2])
    best = tightest(torch.tensor([0.1, 0.1]), kl=torch.tensor([math.inf, 0.1]), ratio=np.inf)
    assert best.risk[0] == 1 and best.risk[1] < 1 and best.winner.tolist() == ["kl", "kl"]


def test_kinds_of_the_tightest_and_gradients():
    best = tightest(0.1, kl=0.2, ratio=2.0)
    assert isinstance(best.risk, float) and best.row == 1 and best.winner == "ratio" and best.rows == ("kl", "ratio")
    best = tightest(np.array([0.01, 0.4]), kl=0.2, ratio=2.0)
    assert isinstance(best.risk, np.ndarray) and best.winner.tolist() == ["ratio", "kl"]
    p, c = (torch.tensor(value, dtype=torch.float64, requires_grad=True) for value in (0.2, 0.3))
    for row in (shift_kl, shift_reverse_kl, shift_pinsker, shift_total_variation, shift_chi_square,
                lambda p, d: shift_ratio(p, 1 + d), lambda p, d: shift_renyi(p, d, 2.0),
                lambda p, d: tightest(p, kl=d, chi_square=d).risk):  # fmt: skip
        assert torch.autograd.gradcheck(row, (p, c))


def test_the_certificate_under_shift_composes_the_two_steps():
    found = transfer_certificate(0.1, 5.0, 1000, 0.05, 0.2)
    assert kl(m(found), m(0.1520011951812455)) == pytest.approx(0.2, rel=1e-9)
    assert transfer_certificate(0.1, 5.0, 1000, 0.05, 0.0) == pytest.approx(0.1520011951812455, rel=1e-12)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift_kl(1.1, 0.1), r"shift_kl: risk must be in \[0, 1\], got 1.1"),
        (lambda: shift_kl(0.1, -0.1), "shift_kl: kappa must be at least 0, got -0.1"),
        (lambda: shift_kl(0.1, math.nan), "shift_kl: kappa must be finite, got nan"),
        (lambda: shift_pinsker(0.1, -math.inf), "shift_pinsker: kappa must be finite, got -inf"),
        (lambda: shift_reverse_kl(0.1, -1.0), "reverse_kl must be at least 0, got -1.0"),
        (lambda: shift_total_variation(0.1, 1.5), r"total_variation must be in \[0, 1\], got 1.5"),
        (lambda: shift_total_variation(0.1, math.inf), "total_variation must be finite, got inf"),
        (lambda: shift_chi_square(0.1, 1.0, -0.1), "variance must be at least 0, got -0.1"),
        (lambda: shift_renyi(0.1, 1.0, 1.0), "order must be above 1, got 1.0"),
        (lambda: shift_ratio(0.1, 0.9), "ratio must be at least 1, got 0.9"),
        (lambda: tightest(0.1), "tightest: at least one divergence must be given, got none"),
        (lambda: tightest(0.1, renyi=1.0), r"renyi must be a pair \(divergence, order\), got 1.0"),
        (lambda: tightest(0.1, renyi=(1.0, 1.0)), "tightest: order must be above 1, got 1.0"),
        (lambda: shift_divergences(np.array([0.5, 0.6]), np.array([0.5, 0.5])), "the sum of target must be 1, got 1.1"),
        (lambda: shift_divergences(np.ones(1), np.array([0.5, 0.5])), "as many outcomes as each other"),
        (lambda: renyi_divergence(np.ones(1), np.ones(1), 1.0), "order must be above 1, got 1.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
