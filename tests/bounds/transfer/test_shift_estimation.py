"""Shifts from counts: the corner bound covers, the plug-in does not; tails against exact enumeration; what is borne."""

import itertools
import math

import mpmath
import numpy as np
import pytest
import torch
from exact_risks import kl, m, risks
from scipy.stats import multinomial

from spacelib.bounds.transfer.binomial import clopper_pearson
from spacelib.bounds.transfer.divergences import shift_divergences
from spacelib.bounds.transfer.estimation import empirical_law_tail, shift_upper_bound
from spacelib.bounds.transfer.sensitivity import critical_shift, sensitivity_curve


def divergence(nu: np.ndarray, mu: np.ndarray) -> np.ndarray:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(nu > 0, nu * np.log(nu / mu), 0.0).sum(-1)


@pytest.mark.coverage
def test_the_corner_bound_covers_and_the_plug_in_does_not():
    random, delta = np.random.default_rng(1), 0.05
    nu, mu = random.dirichlet(np.ones(4), 500), random.dirichlet(np.full(4, 2.0), 500)
    target, source = random.multinomial(300, nu), random.multinomial(300, mu)
    truth, bound = divergence(nu, mu), shift_upper_bound(target, source, delta)
    assert (bound < truth).mean() <= delta
    assert ((source == 0).any(-1) == np.isinf(bound)).all() and np.isinf(bound).any()
    plug_in = divergence(target / 300, source / 300)
    assert (plug_in < truth).mean() > 0.3
    assert (bound >= plug_in).all()


@pytest.mark.oracle
def test_the_corners_against_sixty_digits():
    target, source = np.array([[100, 60, 40], [3, 0, 7], [0, 0, 1]]), np.array([[80, 70, 50], [5, 4, 1], [9, 9, 9]])
    delta = 0.05
    found = shift_upper_bound(target, source, delta)
    for row in range(3):
        exact = mpmath.mpf(0)
        for cell in range(3):
            ends = [[m(clopper_pearson(int(counts[row, cell]), int(counts[row].sum()), delta / 12, side=side))
                     for side in ("lower", "upper")] for counts in (target, source)]  # fmt: skip
            exact += max((v * mpmath.log(v / w) if v else 0) - v + w for v, w in itertools.product(*ends))
        assert exact * (1 - m(1e-13)) <= found[row] <= exact * (1 + m(1e-13))


def test_tails_of_frequencies_against_enumeration():
    nu, n = np.array([0.5, 0.3, 0.2]), 12
    counts = np.array([c for c in itertools.product(range(n + 1), repeat=3) if sum(c) == n])
    far, weight = divergence(counts / n, nu), multinomial.pmf(counts, n, nu)
    for t in (0.05, 0.2, 0.4, 0.8, 1.2):
        assert weight[far >= t].sum() <= empirical_law_tail(t, n, 3)
    for n, t, k in ((12, 0.8, 3), (12, 0.3, 3), (1000, 0.02, 4), (10**6, 1e-3, 200), (50, 2.0, 10)):
        types = mpmath.binomial(n + k - 1, k - 1) * mpmath.exp(-n * m(t))
        gamma = mpmath.exp(-n * m(t)) * (mpmath.e * n * m(t) / (k - 1)) ** (k - 1) if n * t > k - 1 else 1
        exact = min(types, gamma, 1)
        assert exact <= empirical_law_tail(t, n, k) <= exact * (1 + m(1e-9))
    assert empirical_law_tail(0.8, 12, 3) == pytest.approx(0.0062, abs=5e-5)  # the types' bound is the smaller
    assert empirical_law_tail(0.0, 5, 2) == 1 and empirical_law_tail(1e300, 1e9, 10) < 1e-300
    # of the frequencies from their own law alone: between two laws it says nothing
    assert divergence(np.array([0.9, 0.1]), np.array([0.5, 0.5])) > 0.3 and empirical_law_tail(0.3, 1000, 2) < 1e-100


MEASURES = {
    "kl": lambda p, c: kl(c, p),
    "reverse_kl": lambda p, c: kl(p, c),
    "total_variation": lambda p, c: c - p,
    "chi_square": lambda p, c: (c - p) ** 2 / (p * (1 - p)) if p > 0 else mpmath.inf,
    "ratio": lambda p, c: c / p if p > 0 else mpmath.inf,
}


@pytest.mark.oracle
@pytest.mark.parametrize("measure", MEASURES)
def test_what_is_borne_is_rounded_down(measure):
    random = np.random.default_rng(2)
    p, c = risks(random, 100), risks(random, 100)
    for a, b, found in zip(p.tolist(), c.tolist(), critical_shift(p, c, measure=measure).tolist(), strict=True):
        if b <= a:
            assert found == (measure == "ratio")
            continue
        exact = MEASURES[measure](m(a), m(b))
        if mpmath.isinf(exact):
            assert found == math.inf
            continue
        assert found <= exact
        largest = mpmath.mpf(float(np.finfo(float).max))
        assert found >= min(exact, largest) * (1 - 64 * mpmath.mpf(2) ** -53) - mpmath.mpf(2) ** -1060


@pytest.mark.parametrize("measure", MEASURES)
def test_the_curve_crosses_the_level_there(measure):
    p, level = torch.tensor([0.05, 0.2], dtype=torch.float64), 0.6
    borne = critical_shift(p, level, measure=measure)
    grid = borne[:, None] * torch.tensor([0.9, 1.0, 1.1], dtype=torch.float64)
    curve = sensitivity_curve(p, grid.clamp(min=1) if measure == "ratio" else grid, measure=measure)
    assert (curve[:, 0] < level).all() and (curve[:, 2] > level).all()
    torch.testing.assert_close(curve[:, 1], torch.full_like(p, level), rtol=1e-12, atol=0)
    none = np.array([1.0 if measure == "ratio" else 0.0])
    assert sensitivity_curve(0.1, none, measure=measure) == [0.1]


def test_gradients_and_infinite_shifts():
    p = torch.tensor([0.1, 0.7], dtype=torch.float64, requires_grad=True)
    for measure in MEASURES:
        assert torch.autograd.gradcheck(lambda x, name=measure: critical_shift(x, 0.5, measure=name), (p,))
    assert sensitivity_curve(0.0, np.array([1.0, np.inf])).tolist() == [0.0, 1.0]
    assert shift_divergences(np.array([0.4, 0.6]), np.array([0.1, 0.9])).kl == pytest.approx(critical_shift(0.1, 0.4))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shift_upper_bound(np.array([1, 2]), np.array([1, 2, 3]), 0.05), "as many cells as each other"),
        (lambda: shift_upper_bound(np.array([1.5, 2]), np.array([1, 2]), 0.05), "target_counts .* must be an integer"),
        (lambda: shift_upper_bound(np.array([0, 0]), np.array([1, 2]), 0.05), "the sum of target_counts must be from"),
        (lambda: shift_upper_bound(np.array([1, 2]), np.array([1, 2]), 0.0), r"delta must be in \(0, 1\), got 0.0"),
        (lambda: empirical_law_tail(-1.0, 10, 3), "divergence must be at least 0, got -1.0"),
        (lambda: empirical_law_tail(1.0, 10, 1), "cells must be an integer of at least 2, got 1.0"),
        (lambda: empirical_law_tail(1.0, 10, 2e6), "cells must be at most 1000000, got 2000000.0"),
        (lambda: critical_shift(0.1, 1.5), r"target_risk must be in \[0, 1\], got 1.5"),
        (lambda: critical_shift(0.1, 0.5, measure="wasserstein"), "measure must be one of kl, .*, got 'wasserstein'"),
        (lambda: sensitivity_curve(0.1, np.array([-1.0])), "shifts of shape .* must be at least 0, got -1.0"),
        (lambda: sensitivity_curve(0.1, 1.0), "shifts must have at least 1 axis"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
