"""How often learners fail with the samples that a bound gives them: within the bounds, and outside wrong ones."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from scipy.stats import beta

from spacelib.bounds.samples.regimes import necessary_samples, required_samples
from spacelib.models.learners import Blocks, Coins, Learner, Majority, ThreePoints

DELTAS = (0.1, 0.05, 0.01)
EPSILON = 0.1
COPIES = 100  # hypotheses of the learners that choose among many
NAMES = {Coins: "coins", ThreePoints: "three points", Blocks: "median of means", Majority: "majority"}


@dataclass(frozen=True)
class Case:
    """A learner at some number of samples, and what is claimed of its failure there.

    claim: "enough" (at most delta), "attained" (above delta with one sample fewer than necessary), or what wrong
    reading is tried, whose failure is above delta. complexity: the budget K that the learner keeps to, or chi^2 in
    finite_variance_empirical_mean.
    """

    regime: str
    claim: str
    learner: Learner
    delta: float
    complexity: float

    @property
    def within(self) -> bool:
        """Whether the failure has to be at most delta, and not above it."""
        return self.claim == "enough"


def violation_cases() -> Iterator[Case]:
    """All cases, in the order of the table."""
    for delta in DELTAS:
        yield from _enough(delta)
        yield from _attained(delta)
        yield from _wrong_readings(delta)
    yield from _two_estimators(0.001)


def measure(case: Case, repetitions: int, seed: int) -> dict:
    """One row of the table: failures among repetitions, with the exact 95 % interval and the exact probability."""
    failures = int(case.learner.fails(repetitions, torch.Generator().manual_seed(seed)).sum())
    low = beta.ppf(0.025, failures, repetitions - failures + 1) if failures else 0.0
    high = beta.ppf(0.975, failures + 1, repetitions - failures) if failures < repetitions else 1.0
    row = {"regime": case.regime, "claim": case.claim, "learner": NAMES[type(case.learner)]}
    row |= {"samples": case.learner.samples, "epsilon": case.learner.epsilon, "delta": case.delta}
    row |= {"complexity": case.complexity, "failures": failures, "repetitions": repetitions}
    row |= {"frequency": failures / repetitions, "low": low, "high": high, "exact": case.learner.failure()}
    return row | {"seed": seed}


def memoriser(samples: int, epsilon: float, complexity: float, *, drawn: bool = False, hits: float = 4.0) -> Coins:
    """The memorising learner with a mean KL of K: `hits` of its N coins have a gap on average, its share is K/ln N."""
    log_copies = max(math.log(hits) - Coins(samples, epsilon).log_tail, complexity)
    if log_copies < 30:  # a whole number of coins; beyond, rounding hides the difference
        log_copies = math.log(math.ceil(math.exp(log_copies)))
    return Coins(samples, epsilon, log_copies, share=complexity / log_copies, drawn=drawn)


def _enough(delta: float) -> Iterator[Case]:
    k, many = 2.0, math.log(COPIES)

    def samples(regime: str, complexity: float) -> int:
        return int(required_samples(EPSILON, delta, complexity, regime=regime))

    regime = "averaged_almost_sure"
    yield Case(regime, "enough", Coins(samples(regime, 0.0), EPSILON, two_sided=True), delta, 0.0)
    yield Case(regime, "enough", Coins(samples(regime, many), EPSILON, many), delta, many)
    n = int(required_samples(0.25, delta, math.log(15), regime=regime))
    yield Case(regime, "enough", Coins(n, 0.25, math.log(15)), delta, math.log(15))
    for regime in ("averaged_mean", "single_draw"):
        learner = memoriser(samples(regime, k), EPSILON, k, drawn=regime == "single_draw")
        yield Case(regime, "enough", learner, delta, k)
    for copies in (1, COPIES):
        options = {"regime": "finite_variance_empirical_mean", "variance": 1.0, "chi_square": copies - 1.0}
        n = int(required_samples(1.0, delta, **options))
        yield Case(options["regime"], "enough", ThreePoints(n, 1.0, 1.0, copies), delta, copies - 1.0)
        regime, complexity = "finite_variance_median_of_means", math.log(copies)
        n = int(required_samples(1.0, delta, complexity, regime=regime, variance=1.0))
        yield Case(regime, "enough", Blocks(n // 6, 6, 1.0, 1.0, copies), delta, complexity)
    n = int(required_samples(EPSILON, delta, regime="learning_minimax", dimension=1))
    yield Case("learning_minimax", "enough", Majority(n, EPSILON), delta, math.log(2))


def _attained(delta: float) -> Iterator[Case]:
    """With one sample fewer than is necessary, the learner of the lower bound; its constants are the best of a grid."""
    k, many = 2.0, math.log(COPIES)
    n = int(necessary_samples(EPSILON, delta, many, regime="averaged_almost_sure")) - 1
    yield Case("averaged_almost_sure", "attained", Coins(n, EPSILON, many), delta, many)
    wide, short = 0.25, 40  # memorising with probability 2 delta fails with 2 (1 - 1/e) delta or more
    log_copies = math.log(math.ceil((short + 1) * math.exp(4 * short * wide**2)))
    learner = Coins(short, wide, log_copies, share=2 * delta)
    yield Case("averaged_mean", "attained", learner, delta, learner.kl)
    for regime in ("averaged_mean", "single_draw"):
        n = int(necessary_samples(EPSILON, delta, k, regime=regime)) - 1
        drawn = regime == "single_draw"
        learners = [memoriser(n, EPSILON, k, drawn=drawn, hits=hits) for hits in (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0)]
        yield Case(regime, "attained", max(learners, key=Coins.failure), delta, k)
    for copies in (1, COPIES):
        options = {"regime": "finite_variance_empirical_mean", "variance": 1.0, "chi_square": copies - 1.0}
        n = int(necessary_samples(1.0, delta, **options)) - 1
        yield Case(options["regime"], "attained", ThreePoints(n, 1.0, 1.0, copies), delta, copies - 1.0)
    n = int(necessary_samples(EPSILON, delta, regime="learning_minimax", dimension=1)) - 1
    yield Case("learning_minimax", "attained", Majority(n, EPSILON), delta, math.log(2))


def _wrong_readings(delta: float) -> Iterator[Case]:
    k, many = 2.0, math.log(COPIES)
    n = int(required_samples(EPSILON, delta, k, regime="averaged_almost_sure"))
    yield Case("averaged_mean", "almost sure order for a bounded mean KL", memoriser(n, EPSILON, k), delta, k)
    yield Case("single_draw", "almost sure order for one model drawn", memoriser(n, EPSILON, k, drawn=True), delta, k)
    n = int(required_samples(EPSILON, delta, 0.0, regime="averaged_almost_sure"))
    yield Case("averaged_almost_sure", "prior chosen after the data", Coins(n, EPSILON, many), delta, 0.0)
    # a coin's variance is 1/4: three points of that variance under the formula for bounded losses
    yield Case("finite_variance_empirical_mean", "bounded losses' order", ThreePoints(n, EPSILON, 0.25), delta, 0.0)
    n = math.ceil((1 + many) / delta)
    largest = ThreePoints(n, 1.0, 1.0, COPIES)
    yield Case("finite_variance_empirical_mean", "1 + KL for 1 + chi^2", largest, delta, COPIES - 1.0)
    blocks = math.ceil(4.5 * math.log(1 / delta))
    small = Blocks(blocks, 1, 1.0, 0.5)  # where 6 would be 3
    yield Case("finite_variance_median_of_means", "blocks of 2 variance/epsilon^2", small, delta, 0.0)


def _two_estimators(delta: float) -> Iterator[Case]:
    """The same losses and samples: the median of means is enough, the mean is not. 1/delta belongs to the estimator."""
    regime = "finite_variance_median_of_means"
    blocks = int(required_samples(1.0, delta, 0.0, regime=regime, variance=1.0)) // 6 | 1  # odd: one block more
    yield Case(regime, "enough", ThreePoints(6 * blocks, 1.0, 1.0, blocks=blocks), delta, 0.0)
    mean = ThreePoints(6 * blocks, 1.0, 1.0)
    yield Case("finite_variance_empirical_mean", "median's order for the mean", mean, delta, 0.0)
