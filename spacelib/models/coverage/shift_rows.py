"""The rows of the shift step, and wrong ones: each an upper bound of the target's risk from what is seen."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds import (
    importance_weighted,
    kl_certificate,
    shift_chi_square,
    shift_divergences,
    shift_kl,
    shift_ratio,
    shift_renyi,
    shift_reverse_kl,
    shift_total_variation,
    shift_upper_bound,
    stratified_certificate,
    test_set_bound,
    tightest,
)
from spacelib.models.coverage.rows import on_distinct
from spacelib.models.coverage.worlds import World


@dataclass(frozen=True)
class Seen:
    """What one predictor's bounds are made of, in n repetitions; a row takes what it needs.

    counts and wrong (n, C): scenes and errors on them, by circumstance; errors (n,): their sum. apart and ahead (n, C):
    counts of the source's and the target's circumstances on other scenes. missed (n, C): errors where the number of
    scenes of each circumstance, `World.planned`, was fixed before.
    """

    errors: Tensor | None = None
    counts: Tensor | None = None
    wrong: Tensor | None = None
    apart: Tensor | None = None
    ahead: Tensor | None = None
    missed: Tensor | None = None


@dataclass(frozen=True)
class Row:
    """A bound from what is `seen` at some complexity and delta.

    needs: "errors", "circumstances" (of the errors), "counts" (of both laws, beside the errors), or "plan" (errors at
    fixed numbers). valid: whether it is a bound. alone: whether of one fixed model only. coins: whether it is tried on
    coins alone, where its probability can be summed.
    """

    name: str
    needs: str
    bound: Callable[[World, Seen, float, float], Tensor]
    valid: bool = True
    alone: bool = False
    coins: bool = False


def certificate(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    """The source's, which reads no shift."""
    errors = seen.errors[:, None]
    return on_distinct(lambda few: kl_certificate(few[:, 0] / world.scenes, complexity, world.scenes, delta), errors)


def _after(step: Callable[..., Tensor], name: str, *more: float) -> Callable[[World, Seen, float, float], Tensor]:
    """A shift step, from the certificate and the divergence of that name."""
    return lambda world, seen, complexity, delta: step(
        certificate(world, seen, complexity, delta), getattr(world.divergences, name), *more
    )


def _test_set(world: World, seen: Seen, _: float, delta: float) -> Tensor:
    bound = on_distinct(lambda few: test_set_bound(few[:, 0], world.scenes, delta), seen.errors[:, None])
    return shift_kl(bound, world.divergences.kl)


def _renyi(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    return shift_renyi(certificate(world, seen, complexity, delta), world.renyi, 2.0)


def _tightest(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    known = vars(world.divergences) | {"renyi": (world.renyi, 2.0)}
    return tightest(certificate(world, seen, complexity, delta), **known).risk


def _weighted(
    world: World, seen: Seen, complexity: float, delta: float, most: Tensor | None = None
) -> Tensor:
    most = world.divergences.ratio if most is None else most
    risk = (seen.wrong @ world.ratio) / world.scenes
    return importance_weighted(torch.minimum(risk, most), most, complexity, world.scenes, delta)


def _largest_seen(world: World, seen: Seen) -> Tensor:
    return torch.where(seen.counts > 0, world.ratio, 1.0).amax(1).clamp(min=1)


def _ratio_seen(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    return shift_ratio(certificate(world, seen, complexity, delta), _largest_seen(world, seen))


def _strata(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    return stratified_certificate(seen.missed / world.planned, world.target, world.planned, complexity, delta)


def _counted(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    cells = world.source.numel()
    pairs = torch.cat([seen.ahead, seen.apart], 1)
    kappa = on_distinct(lambda rows: shift_upper_bound(rows[:, :cells], rows[:, cells:], delta / 2), pairs)
    return shift_kl(certificate(world, seen, complexity, delta / 2), kappa)


def _plugged_in(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    frequencies = (counts / world.seen for counts in (seen.ahead, seen.apart))
    return shift_kl(certificate(world, seen, complexity, delta), shift_divergences(*frequencies).kl)


def _weighted_as_seen(world: World, seen: Seen, complexity: float, delta: float) -> Tensor:
    return _weighted(world, seen, complexity, delta, most=_largest_seen(world, seen))


ROWS = (
    Row("KL, target first", "errors", _after(shift_kl, "kl")),
    Row("KL, source first", "errors", _after(shift_reverse_kl, "reverse_kl")),
    Row("total variation", "errors", _after(shift_total_variation, "total_variation")),
    Row("chi-square", "errors", _after(shift_chi_square, "chi_square")),
    Row("Renyi, order 2", "errors", _renyi),
    Row("largest ratio", "errors", _after(shift_ratio, "ratio")),
    Row("tightest of these", "errors", _tightest),
    Row("weights known", "circumstances", _weighted),
    Row("circumstances weighted, numbers fixed", "plan", _strata),
    Row("KL bounded from counts", "counts", _counted),
    Row("test set, then KL target first", "errors", _test_set, alone=True),
    Row("no shift step", "errors", certificate, False),
    Row("KL target first in the other inverse", "errors", _after(shift_reverse_kl, "kl"), False),
    Row("KL source first in the other inverse", "errors", _after(shift_kl, "reverse_kl"), False),
    Row("KL of the frequencies", "counts", _plugged_in, False, coins=True),
    Row("largest ratio seen", "circumstances", _ratio_seen, False, coins=True),
    Row("weights, largest ratio seen", "circumstances", _weighted_as_seen, False, coins=True),
)
