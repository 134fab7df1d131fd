"""Mean relative accuracy: blind values by brute force, ceilings on known channels, and neither ceiling always the smaller."""

import math

import numpy as np
import pytest
import torch

from spacelib.bounds import (
    MEAN_RELATIVE_TOLERANCES,
    accuracy_ceiling,
    known_channel,
    log_uniform_mean_relative_blind,
    mean_relative_accuracy_ceiling,
    mean_relative_blind,
)

TOLERANCES = np.array(MEAN_RELATIVE_TOLERANCES)


def score(guess, gold):
    return (abs(guess - gold)[..., None] <= TOLERANCES * gold[..., None] * (1 + 1e-12)).mean(-1)


def test_the_ten_thresholds():
    assert pytest.approx(1 - TOLERANCES) == np.arange(0.5, 0.951, 0.05)


def test_blind_values_of_a_sample_by_brute_force():
    random = np.random.default_rng(0)
    for size in (1, 2, 5, 9):
        gold = random.uniform(0.5, 5, size)
        weights = random.dirichlet(np.ones(size))
        candidates = np.concatenate([(gold * (1 + s * r)) for r in TOLERANCES for s in (-1, 1)])
        scores = np.array([weights @ score(x, gold) for x in candidates])
        rates = [max(weights @ (abs(x - gold) <= r * gold * (1 + 1e-12)) for x in candidates) for r in TOLERANCES]
        found = mean_relative_blind(gold, weights)
        assert found.score == pytest.approx(scores.max(), abs=1e-12) and found.by_tolerance == pytest.approx(
            rates, abs=1e-12
        )
    equal = mean_relative_blind(np.array([1.0, 2.0, 4.0]))
    assert equal.score == pytest.approx(
        mean_relative_blind(np.array([1.0, 2.0, 4.0]), np.full(3, 1 / 3)).score, abs=1e-14
    )


def test_the_log_uniform_law_is_the_limit_of_its_quantiles():
    """An even grid of 20,000 values of ln T: each of the ten intervals misses the law by at most one step of the grid."""
    for low, high in ((0.5, 10.0), (1.0, 1.3), (1.0, 2.0)):
        gold = np.exp(math.log(low) + (np.arange(20_000) + 0.5) / 20_000 * math.log(high / low))
        law, sample = log_uniform_mean_relative_blind(low, high), mean_relative_blind(gold)
        assert law.score == pytest.approx(sample.score, abs=1.1e-4)
        assert law.by_tolerance == pytest.approx(sample.by_tolerance, abs=1.1e-4)
        assert law.score <= law.by_tolerance.mean() + 1e-12  # one guess for all cannot beat ten guesses
    assert log_uniform_mean_relative_blind(1.0, 1.01).score == 1


def test_no_answerer_of_a_known_channel_exceeds_the_ceiling():
    values = torch.tensor([1.0, 1.2, 1.5, 1.9, 2.4, 3.0, 3.8], dtype=torch.float64)
    joint = torch.rand(200, 4, 7, generator=torch.Generator().manual_seed(0), dtype=torch.float64) ** 6
    joint = joint / joint.sum((1, 2), keepdim=True)
    seen, prior = joint.sum(2), joint.sum(1)
    blind = mean_relative_blind(values.expand(200, 7), prior / prior.sum(1, keepdim=True))
    best = (seen * mean_relative_blind(values.expand(200, 4, 7), joint / seen[..., None]).score).sum(1)
    information = known_channel(joint).information
    ceiling = mean_relative_accuracy_ceiling(*blind, information)
    assert bool((best <= ceiling + 1e-12).all())
    assert bool((ceiling <= accuracy_ceiling(blind.by_tolerance.mean(-1), information) + 1e-12).all())  # concavity
    assert bool((mean_relative_accuracy_ceiling(*blind, torch.zeros(200)) / 1.01 < blind.score).any())  # sensitivity


def test_neither_ceiling_is_always_the_smaller():
    """The score's own is the smaller without information; with much, rules that saturate at one pull the mean down."""
    rates, own = np.array([0.9, 0.01]), 0.45

    def both(information):
        return accuracy_ceiling(rates, information).mean(), accuracy_ceiling(own, information)

    few, many = both(1e-6), both(0.4)
    assert few[0] > few[1] and many[0] < many[1]
    for information, pair in ((1e-6, few), (0.4, many)):
        assert mean_relative_accuracy_ceiling(rates, own, information) == pytest.approx(min(pair), rel=1e-14)


def test_gradient_and_errors():
    rates = torch.tensor([0.5, 0.2], dtype=torch.float64, requires_grad=True)
    information = torch.tensor(0.2, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda r, i: mean_relative_accuracy_ceiling(r, 0.34, i), (rates, information))
    for call, words in (
        (
            lambda: mean_relative_accuracy_ceiling(np.array([0.5, 0.0]), 0.3, 0.1),
            "by_tolerance of shape \\(2,\\) must be in \\(0, 1\\]",
        ),
        (lambda: mean_relative_accuracy_ceiling(np.array([0.5]), 0.0, 0.1), "score must be in \\(0, 1\\], got 0.0"),
        (lambda: mean_relative_accuracy_ceiling(np.array([]), 0.3, 0.1), "at least one tolerance"),
        (lambda: mean_relative_accuracy_ceiling(np.array([0.5]), 0.3, -0.1), "information must be at least 0"),
        (lambda: mean_relative_blind(np.array([-1.0])), "gold of shape \\(1,\\) must be above 0"),
        (lambda: log_uniform_mean_relative_blind(2.0, 2.0), "high must be above low"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
