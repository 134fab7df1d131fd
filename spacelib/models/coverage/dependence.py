"""How often certificates fail where samples depend on each other: the right unit, and beside it wrong ones.

A setting is a law of data whose failures are summed exactly and drawn besides. Each of several models has losses of
the same law, so the posterior is chosen among equals: the more it fits, the more it is wrong about its risk.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds import fixed_model_bound, kl_certificate
from spacelib.estimators.cluster import batches
from spacelib.models.coverage.rows import DELTAS, REPETITIONS, counted, kind, on_distinct

FIXED, BEST, GIBBS = "fixed", "best", "Gibbs"
_RATES = (0.25, 0.5, 1.0, 2.0, 4.0)  # of the Gibbs posteriors, beside the prior itself and the best model

Bound = Callable[[Tensor, Tensor, float], Tensor]
"""From statistics (n, d) and complexities (n,) in nats at some delta to upper bounds (n,)."""


@dataclass(frozen=True)
class Reading:
    """One way to read a certificate: `bound` is taken for an upper bound of `risk`, and is one where `valid`.

    samples: the N that it counts. posteriors: those that it is tried with. columns: the statistics that it takes; by
    the first, in which it is nondecreasing, the posteriors are chosen. free: their complexity is not paid for.
    """

    name: str
    bound: Bound
    risk: float
    samples: float
    valid: bool = False
    posteriors: tuple[str, ...] = (FIXED,)
    columns: tuple[int, ...] = (0,)
    free: bool = False


@dataclass(frozen=True)
class Setting:
    """A law of data, with the readings that are tried on it.

    draw: from repetitions, models and a generator to statistics (repetitions, models, d). outcomes: all statistics of
    one model (v, d) and their probabilities (v,). models: how many a posterior is chosen from. independent: whether
    their losses are so of each other.
    """

    structure: str
    detail: str
    draw: Callable[[int, int, torch.Generator], Tensor]
    outcomes: Callable[[], tuple[Tensor, Tensor]]
    readings: tuple[Reading, ...]
    deltas: tuple[float, ...] = DELTAS
    repetitions: int = REPETITIONS
    models: int = 16
    independent: bool = True


def counting(samples: float, *, constant: str = "sqrt") -> Bound:
    """The certificate of the first statistic with so many samples."""
    return lambda statistics, complexity, delta: kl_certificate(
        statistics[:, 0], complexity, samples, delta, constant=constant
    )


def alone(samples: float) -> Bound:
    """The bound of a fixed model from the first statistic with so many samples."""
    return lambda statistics, _, delta: fixed_model_bound(statistics[:, 0], samples, delta)


def measure(setting: Setting, seed: int, repetitions: int | None = None) -> Iterator[dict]:
    """The setting's rows of the table, all from the same draws. repetitions: None for the setting's own."""
    models = 1 if all(reading.posteriors == (FIXED,) for reading in setting.readings) else setting.models
    generator = torch.Generator().manual_seed(seed)
    sizes = batches(repetitions or setting.repetitions, models * 64)
    statistics = torch.cat([setting.draw(size, models, generator) for size in sizes])
    outcomes, law = setting.outcomes()
    for reading in setting.readings:
        seen, possible = statistics[..., reading.columns], outcomes[:, reading.columns]
        for posterior in reading.posteriors:
            chosen, complexity = _posteriors(posterior, seen, reading)
            for delta in setting.deltas:
                bound = _bounds(reading, chosen, complexity, delta)
                exact = _exact(setting, reading, posterior, possible, law, delta)
                yield {
                    "structure": setting.structure,
                    "detail": setting.detail,
                    "reading": reading.name,
                    "kind": kind(reading.valid, exact, delta),
                    "posterior": posterior,
                    "models": 1 if posterior == FIXED else models,
                    "samples": reading.samples,
                    "risk": reading.risk,
                    "delta": delta,
                    "bound": bound.mean().item(),
                    **counted((bound < reading.risk).any(1)),
                    "exact": exact,
                    "seed": seed,
                }


def _posteriors(posterior: str, statistics: Tensor, reading: Reading) -> tuple[Tensor, Tensor]:
    """Statistics (repetitions, posteriors, d) and complexities paid for (repetitions, posteriors), in nats."""
    score = statistics[:, :, 0]
    if posterior == FIXED:
        return statistics[:, :1], torch.zeros_like(score[:, :1])
    models = score.shape[1]
    best = statistics.gather(1, score.argmin(1)[:, None, None].expand(-1, 1, statistics.shape[2]))
    most = torch.full_like(score[:, :1], 0.0 if reading.free else math.log(models))
    if posterior == BEST:
        return best, most
    weights = [torch.softmax(-rate * reading.samples * score, 1) for rate in (0.0, *_RATES)]
    mixed = torch.stack([torch.einsum("rh,rhd->rd", weight, statistics) for weight in weights], 1)
    # an average of equal numbers is rounded, and may not leave their range
    mixed = mixed.clamp(statistics.amin(1, keepdim=True), statistics.amax(1, keepdim=True))
    complexity = torch.stack([math.log(models) - torch.special.entr(weight).sum(1) for weight in weights], 1)
    return torch.cat([mixed, best], 1), torch.cat([complexity.clamp(min=0), most], 1)


def _bounds(reading: Reading, statistics: Tensor, complexity: Tensor, delta: float) -> Tensor:
    """Bounds (..., posteriors) of statistics (..., posteriors, d) and complexities (..., posteriors)."""
    values = torch.cat([statistics, complexity[..., None]], -1)
    found = on_distinct(lambda rows: reading.bound(rows[:, :-1], rows[:, -1], delta), values.flatten(0, -2))
    return found.unflatten(0, values.shape[:-1])


def _exact(setting, reading, posterior, outcomes, law, delta) -> float:
    """The probability of failure by summation; NaN where it is none of one model's outcomes alone."""
    if posterior == GIBBS or (posterior == BEST and not setting.independent):
        return math.nan
    paid = 0.0 if posterior == FIXED or reading.free else math.log(setting.models)
    bound = _bounds(reading, outcomes, torch.full_like(law, paid), delta)
    one = min(law[bound < reading.risk].sum().item(), 1.0)
    # the best fails where any does, as the bound is nondecreasing in what it is chosen by
    if posterior == FIXED or one == 1:
        return one
    return -math.expm1(setting.models * math.log1p(-one))
