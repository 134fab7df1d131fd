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


@pytest.mark.property
@pytest.mark.parametrize("seed", range(6))
def test_no_weights_break_it(seed):
    """Unlike weights and means of five losses, all outcomes enumerated: a side misses with probability delta at most."""
    random, delta = np.random.default_rng(seed), (0.4, 0.05)[seed % 2]
    weights, p = random.dirichlet(np.full(5, 0.7)), random.beta(0.5, 0.5, 5)
    outcomes = np.array(list(itertools.product((0, 1), repeat=5)))
    masses, seen = np.where(outcomes, p, 1 - p).prod(1), outcomes @ weights
    samples = weighted_samples(weights)
    upper, lower = (fixed_model_bound(seen.clip(0, 1), samples, delta, side=side) for side in ("upper", "lower"))
    truth = weights @ p
    assert masses[upper < truth * (1 - 1e-12)].sum() <= delta and masses[lower > truth * (1 + 1e-12)].sum() <= delta


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
