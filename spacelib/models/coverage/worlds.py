"""The pairs of laws of the shift table: a source and a target that differ in how often each circumstance occurs.

A world is finite, so that every risk and every divergence in it is exact. Its scenes are rendered ones (of the shift
families, so many of each circumstance, drawn uniformly) or, where a wrong reading is to be caught, coins.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds import ShiftDivergences, renyi_divergence, shift_divergences
from spacelib.models.coverage.rows import DELTAS
from spacelib.scenes.shifts import ShiftFamily, baseline, clutter, colours, task_mix

FAMILIES = (clutter, baseline, colours, task_mix)
STRENGTHS = (0.25, 0.5, 1.0)


@dataclass(frozen=True)
class World:
    """Losses 0 or 1 of H predictors on N equally likely scenes of each of C circumstances, (C, N, H).

    source and target (C,): laws of the circumstance; given it, scenes have one law. scenes: how many a certificate
    sees; seen: how many circumstances are counted of each law, beside them.
    """

    name: str
    strength: float
    source: Tensor
    target: Tensor
    losses: Tensor
    scenes: int = 300
    seen: int = 500
    deltas: tuple[float, ...] = DELTAS

    @property
    def coins(self) -> bool:
        """Whether the circumstance is the loss: never wrong in the first of two, always in the second."""
        return self.losses.flatten().tolist() == [False, True]

    @property
    def planned(self) -> Tensor:
        """Scenes of each circumstance, (C,), where their numbers are fixed: as the source has them, at least 1."""
        return (self.source * self.scenes).round().clamp(min=1)

    @property
    def source_risk(self) -> Tensor:
        """Exact, (H,)."""
        return self.source @ self.losses.double().mean(1)

    @property
    def target_risk(self) -> Tensor:
        """Exact, (H,)."""
        return self.target @ self.losses.double().mean(1)

    @property
    def divergences(self) -> ShiftDivergences:
        """Of the target from the source: of circumstances, and so of whole records."""
        return shift_divergences(self.target, self.source)

    @property
    def renyi(self) -> Tensor:
        """Renyi divergence of order 2 of the target from the source, in nats."""
        return renyi_divergence(self.target, self.source, 2.0)

    @property
    def ratio(self) -> Tensor:
        """The density ratio of each circumstance, (C,)."""
        return self.target / self.source


def worlds() -> Iterator[Callable[[], list[World]]]:
    """All worlds, in the order of the table, by sources: those of one list differ in their target alone."""
    for number, family in enumerate(FAMILIES):
        yield lambda family=family, number=number: rendered(family(), torch.Generator().manual_seed(number))
    # every error moves to where the target always is: the order of the mixed bound stays below 1
    yield lambda: [_coin("a sure error", (0.5, 0.5), (0.0, 1.0))]
    # the source seldom sees what the target sees half of the time: its own divergence hardly counts that
    yield lambda: [_coin("a rare error", (0.99, 0.01), (0.5, 0.5))]
    # most samples do not hold the one circumstance that matters
    yield lambda: [_coin("an error not seen", (0.998, 0.002), (0.5, 0.5))]
    # many scenes for the risk, few circumstances for the shift
    yield lambda: [_coin("a shift from few counts", (0.7, 0.3), (0.3, 0.7), scenes=1000)]


def rendered(family: ShiftFamily, generator: torch.Generator, *, number: int = 500) -> list[World]:
    """Worlds of a family at three strengths; ten predictors, which look at three or two of its four frames.

    They answer what is likeliest under the source, so they are fixed before the scenes that they are tried on. The
    question of a mix of tasks is known to them.
    """
    count = family.channel.frames
    subsets = [s for size in (3, 2) for s in itertools.combinations(range(count), size)]
    losses = []
    for circumstance in range(len(family.circumstances)):
        own = family.given(circumstance)
        decoder = own if family.name == "task mix" else family.channel
        seen = own.sample(number, generator=generator)
        answers = [decoder.bayes_answers(seen.images[:, subset], subset) for subset in subsets]
        losses.append(torch.stack([answer != seen.target for answer in answers], 1))
    losses, source = torch.stack(losses), family.source_law
    return [World(family.name, s, source, family.target_law(s), losses, deltas=(0.05,)) for s in STRENGTHS]


def _coin(name: str, source: tuple[float, ...], target: tuple[float, ...], scenes: int = 300) -> World:
    """Two circumstances: never wrong in the first, always in the second."""
    laws = (torch.tensor(law, dtype=torch.float64) for law in (source, target))
    return World(name, 1.0, *laws, torch.tensor([[[False]], [[True]]]), scenes, seen=20)
