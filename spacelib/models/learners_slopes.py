"""How many samples a failure of delta takes as delta falls: the slope of ln n against ln(1/delta), measured and exact.

At each number n of samples the worst learner within a fixed budget is drawn, and delta is its failure. A line is
fitted to ln(1/delta) over ln n with weights that come from the exact probabilities, and turned over: slope 1 is
1/delta, and where ln(1/delta) is what counts the slope falls towards 0 along the curve. `theory` is the same fit to
the exact probabilities, so that the curve's bend is in both.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch

from spacelib.models.learners import Blocks, Coins, Learner, Majority, ThreePoints
from spacelib.models.learners_violations import COPIES, EPSILON, memoriser


@dataclass(frozen=True)
class Curve:
    """A learner for each of some numbers of samples. `limit`: the slope as delta vanishes."""

    regime: str
    name: str
    learners: tuple[Learner, ...]
    limit: float


def slope_curves() -> Iterator[Curve]:
    """All curves, in the order of the table."""
    long = [round(20_000 * 40 ** (i / 7) / 10) * 10 for i in range(8)]
    tens = range(40, 250, 20)
    yield Curve("averaged_almost_sure", "one coin", _each(lambda n: Coins(n, EPSILON, two_sided=True), tens), 0.0)
    many = math.log(COPIES)
    best = _each(lambda n: Coins(n, EPSILON, many), range(240, 500, 20))
    yield Curve("averaged_almost_sure", "best of 100 coins", best, 0.0)
    yield Curve("averaged_mean", "memorising with mean KL 20", _each(lambda n: memoriser(n, EPSILON, 20.0), long), 1.0)
    drawn = _each(lambda n: memoriser(n, EPSILON, 10.0, drawn=True), long)
    yield Curve("single_draw", "memorising with KL 10", drawn, 1.0)
    regime = "finite_variance_empirical_mean"
    yield Curve(regime, "three points", _each(lambda n: ThreePoints(n, 1.0, 1.0), (50, 100, 200, 500, 1000, 2000)), 1.0)
    counts = (5000, 10_000, 20_000, 50_000, 100_000, 200_000)
    largest = _each(lambda n: ThreePoints(n, 1.0, 1.0, COPIES), counts)
    yield Curve(regime, "largest of 100 three-point means", largest, 1.0)
    regime = "finite_variance_median_of_means"
    yield Curve(regime, "one-sided blocks", _each(lambda n: Blocks(n // 6, 6, 1.0, 1.0), range(18, 80, 12)), 0.0)
    majority = _each(lambda n: Majority(n, EPSILON), range(101, 800, 100))
    yield Curve("learning_minimax", "majority of labels", majority, 0.0)


def measure_slope(curve: Curve, repetitions: int, seed: int) -> dict:
    """One row of the table: the fitted slope, its standard error, and the same fit to the exact probabilities."""
    generator = torch.Generator().manual_seed(seed)
    exact = torch.tensor([learner.failure() for learner in curve.learners], dtype=torch.float64)
    drawn = torch.stack([learner.fails(repetitions, generator).double().mean() for learner in curve.learners])
    if not bool((drawn > 0).all()):
        raise ValueError(f"measure_slope: repetitions must be enough for a failure at every point, got {repetitions}")
    log_samples = torch.tensor([learner.samples for learner in curve.learners], dtype=torch.float64).log()
    weights = repetitions * exact / (1 - exact)  # one over the variance of ln(1/drawn)
    centred = log_samples - (weights * log_samples).sum() / weights.sum()
    spread = (weights * centred**2).sum()
    rise, theory = ((weights * centred * -value.log()).sum() / spread for value in (drawn, exact))
    row = {"regime": curve.regime, "learner": curve.name, "points": len(exact), "repetitions": repetitions}
    row |= {"first_samples": curve.learners[0].samples, "last_samples": curve.learners[-1].samples}
    row |= {"largest_delta": exact[0].item(), "smallest_delta": exact[-1].item(), "slope": 1 / rise.item()}
    row |= {"standard_error": (spread.rsqrt() / rise**2).item(), "theory": 1 / theory.item(), "limit": curve.limit}
    return row | {"seed": seed}


def _each(make: Callable[[int], Learner], counts) -> tuple[Learner, ...]:
    return tuple(make(n) for n in counts)
