"""How often certificates fail under shift: every row of the shift step, and beside it wrong ones."""

import math
from collections.abc import Iterator

import numpy as np
import torch
from scipy.stats import binom
from torch import Tensor

from spacelib.estimators.cluster import batches
from spacelib.models.coverage.rows import REPETITIONS, counted, kind
from spacelib.models.coverage.shift_rows import ROWS, Row, Seen
from spacelib.models.coverage.worlds import World

FIXED, BEST = "fixed", "best"


def measure(worlds: list[World], seed: int, repetitions: int = REPETITIONS) -> Iterator[dict]:
    """Rows of the table, of worlds that have one source, from the same draws of it."""
    generator = torch.Generator().manual_seed(seed)
    source = draw(worlds[0], repetitions, generator)
    for world in worlds:
        data = source | {"ahead": _counts(world.target, repetitions, world.seen, generator)}
        predictors = world.losses.shape[2]
        for row in (row for row in ROWS if world.coins or not row.coins):
            several = predictors > 1 and row.valid and not row.alone
            for posterior in (FIXED, BEST) if several else (FIXED,):
                chosen = _choose(world, data, row) if posterior == BEST else torch.zeros(repetitions, dtype=torch.long)
                seen, models = _of(data, chosen), predictors if posterior == BEST else 1
                for delta in world.deltas:
                    bound = row.bound(world, seen, math.log(models), delta)
                    exact = _exact(world, row, delta) if posterior == FIXED else math.nan
                    yield {
                        "world": world.name,
                        "strength": world.strength,
                        "row": row.name,
                        "kind": kind(row.valid, exact, delta),
                        "posterior": posterior,
                        "models": models,
                        "scenes": world.scenes,
                        "kappa": world.divergences.kl.item(),
                        "source_risk": world.source_risk[chosen].mean().item(),
                        "target_risk": world.target_risk[chosen].mean().item(),
                        "delta": delta,
                        "bound": bound.mean().item(),
                        **counted(bound < world.target_risk[chosen]),
                        "exact": exact,
                        "seed": seed,
                    }


def draw(world: World, repetitions: int, generator: torch.Generator) -> dict[str, Tensor]:
    """Samples of the source, as `Seen` but of all predictors: the last axis."""
    planned = torch.repeat_interleave(torch.arange(len(world.source)), world.planned.long())
    parts = []
    for size in batches(repetitions, world.scenes * world.losses.shape[2]):
        drawn = torch.multinomial(world.source, size * world.scenes, replacement=True, generator=generator)
        drawn = drawn.view(size, -1)
        counts = _by_circumstance(world, drawn, torch.ones_like(drawn)[..., None])[..., 0]
        samples = (drawn, planned.expand(size, -1))
        wrong, missed = (_by_circumstance(world, sample, _losses(world, sample, generator)) for sample in samples)
        parts.append({"counts": counts, "wrong": wrong, "missed": missed})
    found = {name: torch.cat([part[name] for part in parts]) for name in parts[0]}
    return found | {"apart": _counts(world.source, repetitions, world.seen, generator)}


def _losses(world: World, circumstances: Tensor, generator: torch.Generator) -> Tensor:
    """Of one scene of each circumstance, (..., H)."""
    return world.losses[circumstances, torch.randint(world.losses.shape[1], circumstances.shape, generator=generator)]


def _by_circumstance(world: World, circumstances: Tensor, values: Tensor) -> Tensor:
    """Sums over scenes (n, m, H) of each circumstance, (n, C, H)."""
    found = [((circumstances == c)[..., None] * values).sum(1) for c in range(len(world.source))]
    return torch.stack(found, 1).double()


def _counts(law: Tensor, repetitions: int, number: int, generator: torch.Generator) -> Tensor:
    drawn = torch.multinomial(law, repetitions * number, replacement=True, generator=generator).view(repetitions, -1)
    return torch.stack([(drawn == c).sum(1) for c in range(len(law))], 1)


def _choose(world: World, data: dict[str, Tensor], row: Row) -> Tensor:
    """The predictor with the least risk as the row sees it, (n,)."""
    if row.needs == "circumstances":
        return (data["wrong"] * world.ratio[:, None]).sum(1).argmin(1)
    if row.needs == "plan":
        return (data["missed"] * (world.target / world.planned)[:, None]).sum(1).argmin(1)
    return data["wrong"].sum(1).argmin(1)


def _of(data: dict[str, Tensor], chosen: Tensor) -> Seen:
    """What is seen of the chosen predictor of each repetition."""
    place = chosen[:, None, None].expand(-1, data["wrong"].shape[1], 1)
    wrong, missed = (data[name].gather(2, place)[..., 0] for name in ("wrong", "missed"))
    return Seen(wrong.sum(1), data["counts"], wrong, data["apart"], data["ahead"], missed)


def _exact(world: World, row: Row, delta: float) -> float:
    """The probability of failure of the first predictor by summation; NaN where it takes more than the errors' law."""
    if row.needs != "errors" and not world.coins:
        return math.nan
    seen, law = _outcomes(world, row.needs)
    return min(law[row.bound(world, seen, 0.0, delta) < world.target_risk[0]].sum().item(), 1.0)


def _outcomes(world: World, needs: str) -> tuple[Seen, Tensor]:
    """All that can be seen of the first predictor, and its law; but for the errors alone, of a coin."""
    if needs == "plan":
        return Seen(missed=torch.stack([torch.zeros(()), world.planned[1]])[None].double()), torch.ones(1)
    errors = np.arange(world.scenes + 1)
    law = binom.pmf(errors, world.scenes, world.source_risk[0].item())
    if needs == "counts":
        some = np.arange(world.seen + 1)
        laws = [law, *(binom.pmf(some, world.seen, share[1].item()) for share in (world.source, world.target))]
        errors, apart, ahead = (axis.ravel() for axis in np.meshgrid(errors, some, some, indexing="ij"))
        law = np.einsum("i,j,k->ijk", *laws).ravel()
        pairs = [torch.as_tensor(np.stack([world.seen - count, count], 1)) for count in (apart, ahead)]
        return Seen(torch.as_tensor(errors).double(), apart=pairs[0], ahead=pairs[1]), torch.as_tensor(law)
    errors = torch.as_tensor(errors).double()
    none = torch.zeros_like(errors)
    counts, wrong = torch.stack([world.scenes - errors, errors], 1), torch.stack([none, errors], 1)
    return Seen(errors, counts, wrong), torch.as_tensor(law)
