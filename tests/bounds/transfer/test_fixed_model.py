"""The bound of a fixed model: never below 60 digits, never broken by weights up to 1/N, broken by Kish's number."""

import itertools

import mpmath
import numpy as np
import pytest
from exact_risks import U, assert_root, kl, m, risks, shares
from test_certificates import ORACLE_BUDGET

from spacelib.bounds import fixed_model_bound, kl_certificate, weighted_samples


@pytest.mark.oracle
def test_the_root_is_where_the_price_ends():
    random = np.random.default_rng(0)
    given = risks(random, 60), 10.0 ** random.uniform(0, 12, 60), shares(random, 60)
    for q, n, delta, bound in zip(*(column.tolist() for column in given), fixed_model_bound(*given), strict=True):
        # three roundings of the budget, by concavity as many of the displacement at most
        assert_root(bound, m(q), mpmath.log(1 / m(delta)) / m(n), ORACLE_BUDGET + 8)
    for q, n, delta, bound in zip(*(column.tolist() for column in given), fixed_model_bound(*given, side="lower"), strict=True):
        assert bound <= q
        assert bound == 0 or kl(m(q), m(bound)) >= mpmath.log(1 / m(delta)) / m(n) * (1 - 64 * U)


DELTAS = np.geomspace(1e-6, 0.999, 400)[:, None]


def most_failures(weights: np.ndarray, p: np.ndarray, samples: float, side: str) -> float:
    """Largest chance of failure over delta, all outcomes of coins p enumerated: no error of sampling."""
    outcomes = np.array(list(itertools.product((0, 1), repeat=len(p))))
    masses, seen, truth = np.where(outcomes, p, 1 - p).prod(1), (outcomes @ weights).clip(0, 1), weights @ p
    bounds = fixed_model_bound(seen, samples, DELTAS, side=side)
    failed = bounds < truth * (1 - 1e-12) if side == "upper" else bounds > truth * (1 + 1e-12)
    return (np.where(failed, masses, 0).sum(1) / DELTAS[:, 0]).max()


@pytest.mark.property
def test_no_weights_break_it_and_it_is_met():
    """Designs of four losses of unlike weights and means at 400 deltas. One loss alone meets the bound: to a step of the deltas, 3.5 %."""
    random = np.random.default_rng(0)
    worst, wrong = most_failures(np.ones(1), np.full(1, 0.97), 1.0, "upper"), 0.0
    assert worst > 0.96
    for _ in range(40):
        weights, p = random.dirichlet(np.full(4, 0.3)), random.beta(0.5, 0.5, 4).clip(0.01, 0.99)
        for side in ("upper", "lower"):
            worst = max(worst, most_failures(weights, p, weighted_samples(weights), side))
            wrong = max(wrong, most_failures(weights, p, 1 / (weights**2).sum(), side))
    assert worst <= 1 < wrong  # wrong: Kish's number


def test_it_pays_no_root_of_n_and_kish_s_number_breaks():
    q, n = np.linspace(0, 1, 9), np.array([2.0, 50.0, 1e6])[:, None]
    assert (fixed_model_bound(q, n, 0.05) <= kl_certificate(q, 0.0, n, 0.05)).all()
    weights = np.array([0.5] + [0.01] * 50)  # the heavy loss is 0 with probability 2e-4, and then the mean is 1/2 or less
    assert fixed_model_bound(0.5, 1 / (weights**2).sum(), 1e-4) < 0.9998 < fixed_model_bound(0.5, weighted_samples(weights), 1e-4)


@pytest.mark.parametrize(
    "given, message",
    [((1.5, 9, 0.1), "empirical_risk must be in"), ((0.1, 0.5, 0.1), "samples must be at least 1, got 0.5"), ((0.1, 9, 1.0), "delta must be")],
)
def test_bad_input_of_a_fixed_model(given, message):
    with pytest.raises(ValueError, match=message):
        fixed_model_bound(*given)
