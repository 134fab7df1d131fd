"""The clone argument in numbers: repeats among clones, and what they leave of any upper limit."""

import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
import torch

from spacelib import bounds
from spacelib.bounds import clone_collision, upper_limit_failure


@pytest.mark.oracle
def test_repeats_by_exact_fractions():
    for samples, clones in ((1, 1), (2, 1), (2, 365), (23, 365), (366, 365), (50, 10**6)):
        none = math.prod((Fraction(clones - i, clones) for i in range(samples)), start=Fraction(1))
        bound, exact = clone_collision(samples, clones)
        assert exact == pytest.approx(float(1 - none), abs=samples * 2.0**-50)
        assert float(1 - none) <= bound == pytest.approx(min(1, samples * (samples - 1) / (2 * clones)))
    bound, exact = clone_collision(np.array([10, 1000]), np.array([1e9, 1e4]))
    assert (exact <= bound).all() and exact[1] == 1 and bound[1] == 1


@pytest.mark.coverage
def test_clones_repeat_as_often_as_computed():
    random = np.random.default_rng(0)
    draws = np.sort(random.integers(0, 500, (20_000, 20)), 1)
    repeats = (np.diff(draws, axis=1) == 0).any(1).mean()
    _, exact = clone_collision(20, 500)
    assert repeats == pytest.approx(exact, abs=5 * math.sqrt(exact * (1 - exact) / 20_000))
    # half the bound, n (n - 1)/(4 N), is exceeded
    assert repeats > 20 * 19 / (4 * 500)


@pytest.mark.coverage
def test_clones_of_several_values_repeat_less_often():
    """N clones for each of two values, weights p_t/N: the clone law of the argument, against both figures."""
    random = np.random.default_rng(1)
    target = random.random((20_000, 20)) < 0.3
    drawn = np.sort(target * 500 + random.integers(0, 500, target.shape), 1)
    repeats = (np.diff(drawn, axis=1) == 0).any(1).mean()
    k = np.arange(21)  # draws of the first value; those of the second must not repeat either
    shares = np.array([math.comb(20, i) * 0.3**i * 0.7 ** (20 - i) for i in k])
    none = [(1 - clone_collision(np.maximum(n, 1), 500)[1]) for n in (k, 20 - k)]
    expected = 1 - (shares * none[0] * none[1]).sum()
    assert repeats == pytest.approx(expected, abs=5 * math.sqrt(expected * (1 - expected) / 20_000))
    assert repeats < clone_collision(20, 500)[1] < clone_collision(20, 500)[0]


def _largest_of_distinct(sample, entropy):
    """An honest limit of level 0: without a repeat it says the whole entropy, with one it may say nothing."""
    observations = [o for o, _ in sample]
    return entropy if len(set(observations)) == len(observations) else 0.0


def test_the_failure_by_enumeration():
    """All samples of 3 from clones, N = 4 a value: the failure is the repeats, no more."""
    clones, samples, prior = 4, 3, (Fraction(1, 3), Fraction(2, 3))
    pairs = {(t * clones + i, t): prior[t] / clones for t in range(2) for i in range(clones)}
    entropy = -sum(float(p) * math.log(p) for p in prior)
    below = Fraction(0)
    for sample in itertools.product(pairs, repeat=samples):
        if _largest_of_distinct(sample, entropy) < entropy:
            below += math.prod((pairs[pair] for pair in sample), start=Fraction(1))
    # under the clones this limit fails when a clone repeats; under an atomless law never: the bound is between
    assert float(below) <= upper_limit_failure(0.0, samples, clones) == pytest.approx(3 / 4)
    assert float(below) <= clone_collision(samples, clones)[1] == pytest.approx(1 - 3 / 4 * 2 / 4)


def test_the_failure_falls_to_the_level_as_clones_grow():
    failures = upper_limit_failure(0.05, 1000, np.logspace(4, 12, 9).round())
    assert (np.diff(failures) <= 0).all() and failures[0] == 1
    assert failures[-1] == pytest.approx(0.05 + 1000 * 999 / 2e12, rel=1e-12)
    for level, samples, clones in ((0.05, 1000, 10**12), (0.1, 3, 7), (0.0, 2, 3)):
        exact = Fraction(level) + Fraction(samples * (samples - 1), 2 * clones)
        assert exact <= Fraction(upper_limit_failure(level, samples, clones)) <= exact * (1 + Fraction(1, 2**48))
    assert upper_limit_failure(0.05, 1, 1) == pytest.approx(0.05, rel=1e-15)  # one sample repeats nothing


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: clone_collision(0, 10), "samples must be an integer of at least 1, got 0"),
        (lambda: clone_collision(2, 2.5), "clones must be an integer of at least 1, got 2.5"),
        (lambda: upper_limit_failure(1.5, 10, 100), "level must be in \\[0, 1\\], got 1.5"),
        (lambda: upper_limit_failure(0.05, 10, 0.5), "clones must be an integer of at least 1, got 0.5"),
        (lambda: upper_limit_failure(0.05, 2.5, 10), "samples must be an integer of at least 1, got 2.5"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_a_ceiling_from_the_same_answers_cannot_fail():
    """kl(accuracy || agreement) <= plug-in information on tables of nothing: no log can contradict it."""
    generator = torch.Generator().manual_seed(0)
    counts = torch.randint(0, 9, (2000, 4, 4), generator=generator).double() + torch.eye(4).double()
    law = counts / counts.sum((1, 2), keepdim=True)
    agreement = (law.sum(1) * law.sum(2)).sum(-1)
    right = law.diagonal(dim1=1, dim2=2).sum(-1)
    told = bounds.known_channel(law).information
    assert ((bounds.kl(right, agreement) - told) < 1e-12).all()  # sums of 16 terms below 2
    always = torch.zeros(4, 4, dtype=torch.float64)  # one answer, right letters a little uneven: chance instead fails
    always[0] = torch.tensor([0.32, 0.24, 0.22, 0.22], dtype=torch.float64)
    assert bounds.kl(always[0, 0], 0.25) > bounds.known_channel(always).information + 0.01


def test_a_divergence_read_off_the_sample_costs_a_term():
    """One fixed model, divergence 0: without ln(xi/delta) the certificate fails about half of the time, with it rarely."""
    from scipy.stats import binom

    n, risk, delta = 300, 0.2, 0.05
    errors = torch.arange(n + 1, dtype=torch.float64)
    law = torch.as_tensor(binom.pmf(errors.numpy(), n, risk))
    paid = bounds.kl_certificate(errors / n, 0.0, n, delta)
    unpaid = bounds.inverse_second(errors / n, 0.0, side="upper")
    assert law[paid < risk].sum() <= delta < 0.4 < law[unpaid < risk].sum()
