"""The clone argument in numbers: repeats among clones, and what they leave of any upper limit."""

import math
from fractions import Fraction

import numpy as np
import pytest

from spacelib.bounds import clone_collision, upper_limit_failure


@pytest.mark.oracle
def test_repeats_by_exact_fractions():
    for samples, clones in ((1, 1), (2, 1), (2, 365), (23, 365), (366, 365), (50, 10**6)):
        none = math.prod((Fraction(clones - i, clones) for i in range(samples)), start=Fraction(1))
        bound, exact = clone_collision(samples, clones)
        assert exact == pytest.approx(float(1 - none), abs=samples * 2.0**-50)
        assert float(1 - none) <= bound == pytest.approx(min(1, samples**2 / (2 * clones)))
    bound, exact = clone_collision(np.array([10, 1000]), np.array([1e9, 1e4]))
    assert (exact <= bound).all() and exact[1] == 1 and bound[1] == 1


@pytest.mark.coverage
def test_clones_repeat_as_often_as_computed():
    random = np.random.default_rng(0)
    draws = np.sort(random.integers(0, 500, (20_000, 20)), 1)
    repeats = (np.diff(draws, axis=1) == 0).any(1).mean()
    _, exact = clone_collision(20, 500)
    assert repeats == pytest.approx(exact, abs=5 * math.sqrt(exact * (1 - exact) / 20_000))
    # half the bound, n²/(4 N), is exceeded
    assert repeats > 20**2 / (4 * 500)


@pytest.mark.coverage
def test_entropies_of_clones_stray_no_more_often_than_bounded():
    """H of N draws from a law of four values, against the middle term of the argument."""
    law = np.array([0.4, 0.3, 0.2, 0.1])
    entropy = -float((law * np.log(law)).sum())
    random = np.random.default_rng(1)
    for clones in (100_000, 1_000_000):
        shares = random.multinomial(clones, law, size=4000) / clones
        strayed = abs(-(shares * np.log(shares)).sum(1) - entropy)
        for margin in (0.0005, 0.001, 0.003, 0.02, 0.05):  # the standard deviation is .0014 and .00045
            bound = upper_limit_failure(0.0, 1, clones, 4, margin) - 1 / (2 * clones)
            # five standard errors of a frequency that is what the bound says
            assert (strayed > margin).mean() <= bound + 5 * math.sqrt(max(bound * (1 - bound), 0) / 4000)


def test_the_failure_falls_to_the_level_as_clones_grow():
    failures = upper_limit_failure(0.05, 1000, np.logspace(4, 12, 9), 4, 0.01)
    assert (np.diff(failures) <= 0).all() and failures[0] == 1
    assert failures[-1] == pytest.approx(0.05, abs=1e-6) and failures[-1] >= 0.05 + 1000**2 / 2e12
    by_hand = 2 * math.exp(-1e7 * (0.02 - math.log1p(3e-7)) ** 2 / (2 * math.log(1e7) ** 2))
    assert upper_limit_failure(0.0, 1, 1e7, 4, 0.02) == pytest.approx(by_hand + 5e-8, rel=1e-12)
    assert upper_limit_failure(0.05, 10, 1000, 10**6, 0.1) == 1  # more values than clones: the entropy is not reached


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: clone_collision(0, 10), "samples must be an integer of at least 1, got 0"),
        (lambda: clone_collision(2, 2.5), "clones must be an integer of at least 1, got 2.5"),
        (lambda: upper_limit_failure(1.5, 10, 100, 4, 0.1), "level must be in \\[0, 1\\]"),
        (lambda: upper_limit_failure(0.05, 10, 2, 4, 0.1), "clones must be at least 3"),
        (lambda: upper_limit_failure(0.05, 10, 100, 4, 0.0), "margin must be above 0 nats"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
