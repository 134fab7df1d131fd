"""The learners' laws against raw losses drawn one by one, and their probabilities against their draws."""

import math

import pytest
import torch
from scipy.stats import binom

from spacelib.models.learners import Blocks, Coins, Majority, ThreePoints, least_count, log_cdf

REPETITIONS = 20_000


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def agrees(failed: torch.Tensor, probability: float) -> bool:
    """Within 4.5 standard errors, which chance leaves 7 times in a million."""
    error = math.sqrt(probability * (1 - probability) / len(failed))
    return abs(failed.double().mean().item() - probability) <= 4.5 * error


LEARNERS = [
    Coins(30, 0.2, two_sided=True),
    Coins(30, 0.2, math.log(16)),
    Coins(30, 0.2, math.log(16), share=0.3),
    Coins(30, 0.2, math.log(16), share=0.3, drawn=True),
    Coins(2000, 0.1, 60.0, share=0.1),
    ThreePoints(25, 0.5, 1.0),
    ThreePoints(25, 0.5, 1.0, copies=12),
    ThreePoints(12, 0.5, 2.0, copies=3, blocks=3),
    Blocks(9, 3, 1.0, 1.0),
    Blocks(8, 1, 1.0, 0.5, copies=5),
    Majority(11, 0.3),
    Majority(12, 0.3),
]


@pytest.mark.coverage
@pytest.mark.parametrize("learner", LEARNERS, ids=str)
def test_draws_fail_as_often_as_the_sum_says(learner):
    assert 0.001 < learner.failure() < 0.9
    assert agrees(learner.fails(REPETITIONS, generator()), learner.failure())


@pytest.mark.coverage
@pytest.mark.parametrize("share", [1.0, 0.3])
@pytest.mark.parametrize("drawn", [False, True])
def test_coins_from_raw_losses(share, drawn):
    """16 hypotheses with 30 losses each: the posterior sits on the largest gap, or is the prior, or one model is drawn."""
    g, n, copies, epsilon = generator(1), 30, 16, 0.2
    gaps = 0.5 - torch.randint(2, (REPETITIONS, copies, n), generator=g).double().mean(2)
    memorised = torch.rand(REPETITIONS, generator=g) < share
    other = gaps[:, 0] if drawn else gaps.mean(1)
    gap = torch.where(memorised, gaps.amax(1), other)
    prior = 2 * math.exp(-2 * copies * n * epsilon**2)  # what `Coins` leaves out
    assert prior < 1e-16 and agrees(gap >= epsilon - 1e-12, Coins(n, epsilon, math.log(copies), share, drawn).failure())


@pytest.mark.coverage
@pytest.mark.parametrize("learner", [ThreePoints(20, 0.5, 2.0, copies=3), ThreePoints(15, 0.5, 3.75, 30, blocks=5)], ids=str)
def test_three_points_from_raw_losses(learner):
    g = generator(2)
    probability = learner.rate / learner.samples
    size = learner.samples * learner.epsilon
    u = torch.rand(REPETITIONS, learner.copies, learner.samples, generator=g, dtype=torch.float64)
    losses = torch.where(u < probability / 2, size, torch.where(u < probability, -size, 0.0))
    assert size**2 * probability == pytest.approx(learner.variance)
    means = losses.reshape(REPETITIONS, learner.copies, learner.blocks, -1).mean(3).median(2).values
    assert agrees(means.abs().amax(1) >= learner.epsilon - 1e-12, learner.failure())


@pytest.mark.coverage
@pytest.mark.parametrize("learner", [Blocks(5, 4, 1.0, 1.0), Blocks(6, 4, 0.5, 1.0, copies=2), Blocks(7, 1, 1.0, 0.5)], ids=str)
def test_blocks_from_raw_losses(learner):
    """Losses A (B - p) have the mean 0, the variance asked for, and A (1/m - p) = epsilon; the median is the ceil(k/2)-th smallest."""
    p, m = learner.probability, learner.block_samples
    a = learner.epsilon / (1 / m - p)
    assert 0 < p < 1 / m and a * a * p * (1 - p) == pytest.approx(learner.variance)
    shape = (REPETITIONS, learner.copies, learner.blocks, m)
    losses = a * ((torch.rand(shape, generator=generator(3), dtype=torch.float64) < p).double() - p)
    median = losses.mean(3).sort(2).values[..., math.ceil(learner.blocks / 2) - 1]
    assert agrees((median >= learner.epsilon - 1e-9).any(1), learner.failure())


def test_one_sample_a_block_attains_cantelli():
    learner = Blocks(5, 1, 1.0, 0.5)
    assert learner.block_failure == pytest.approx(0.5 / (0.5 + 1))
    for m in (2, 6, 50):
        assert Blocks(5, m, 1.0, 1.0).block_failure <= 1 / (1 + m)  # Cantelli's bound for a mean of m


@pytest.mark.coverage
def test_majority_from_raw_labels():
    right = torch.rand(REPETITIONS, 15, generator=generator(4)) < 0.6
    assert agrees(right.sum(1) < 8, Majority(15, 0.2).failure())


@pytest.mark.oracle
def test_the_logarithm_of_the_binomial_law():
    for n in (1, 7, 1000):
        assert log_cdf(n).numpy() == pytest.approx(binom.logcdf(range(n + 1), n, 0.5), abs=1e-11, rel=1e-11)
    # deep in the tail, where probabilities underflow: the first term and a geometric bound of the rest
    n, k = 200_000, 80_000
    first = binom.logpmf(k, n, 0.5)
    ratio = k / (n - k + 1)
    assert first < -4000 and 0 <= log_cdf(n)[k].item() - first <= -math.log1p(-ratio) + 1e-6


@pytest.mark.coverage
@pytest.mark.parametrize("log_copies", [0.0, math.log(2), math.log(50), 12.0])
def test_the_least_count_has_its_law(log_copies):
    """Dvoretzky, Kiefer and Wolfowitz's inequality at one in a million."""
    n = 30
    least = least_count(n, log_copies, REPETITIONS, generator(5))
    law = 1 - (1 - binom.cdf(range(n + 1), n, 0.5)) ** math.exp(log_copies)
    drawn = torch.bincount(least, minlength=n + 1).cumsum(0) / REPETITIONS
    assert abs(drawn.numpy() - law).max() <= math.sqrt(math.log(2e6) / (2 * REPETITIONS))


def test_budgets_of_kl():
    assert Coins(40, 0.25, math.log(100), share=0.2).kl == pytest.approx(0.2 * math.log(100))
    assert Coins(3, 0.6).failure() == 0 and not Coins(3, 0.6).fails(100, generator()).any()  # no such gap


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: Coins(10, 0.1, 2.0, two_sided=True), "two_sided is for one coin, got log_copies 2.0"),
        (lambda: ThreePoints(12, 1.0, 1.0, blocks=4), "blocks must be odd and divide 12 samples, got 4"),
        (lambda: ThreePoints(10, 0.1, 1.0), r"variance/\(samples epsilon\^2\) must be at most 1, got"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
