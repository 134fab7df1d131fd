"""The tightness meter: every room's bound beside the truth that it bounds, on one twin at one noise."""

from collections.abc import Iterator
from dataclasses import asdict

import torch
from torch.special import entr

from spacelib import bounds
from spacelib.models.validation.exact import Seen
from spacelib.models.validation.learning import learning
from spacelib.models.validation.reading import Reading, standard_error


def readings(seen: Seen, *, generator: torch.Generator) -> list[dict]:
    """All rooms' readings of one twin at one noise, as rows of a table. The tradeoff's are `sides`'."""
    rows = [*capacity(seen), *frames(seen), *learning(seen, generator)]
    return [asdict(row) for row in rows]


def capacity(seen: Seen) -> Iterator[Reading]:
    """Ceilings and floors of Bayes' accuracy at the exact information, and the information that it certifies."""
    twin, everything = seen.twin, seen.all
    known, best = seen.information(everything), seen.accuracy(everything)
    told, right, error = max(0.0, known.mean().item()), best.mean().item(), standard_error(best)
    blind, law = twin.blind, twin.law

    def ceiling(name: str, value: float) -> Reading:
        return Reading("capacity", name, "above", right, error, value, value >= 1)

    yield ceiling("accuracy_ceiling", bounds.accuracy_ceiling(blind, told))
    for relaxation in ("pinsker", "entropy", "refined"):
        yield ceiling(f"relaxed_ceiling {relaxation}", bounds.relaxed_ceiling(blind, told, relaxation=relaxation))
    yield ceiling("spectrum_ceiling", _spectrum(seen))
    if twin.categorical:
        yield ceiling("exact_ceiling", bounds.exact_ceiling(law, told).item())
        floor = bounds.accuracy_floor(max(0.0, entr(law).sum().item() - told))
        yield Reading("capacity", "accuracy_floor", "below", right, error, floor, floor <= blind)
        printed = bounds.printed_ceiling(told, entr(law).sum().item())
        yield Reading("capacity", "printed_ceiling", "above", right, error, printed, printed >= 1)
    certified = bounds.certified_information(right, blind)
    yield Reading("capacity", "certified_information", "below", told, standard_error(known), certified, certified <= 0)


def _spectrum(seen: Seen) -> float:
    law = seen.law(seen.all)
    density = (law / seen.twin.law).clamp(min=torch.finfo(law.dtype).tiny).log()
    weights = law / len(law)
    return bounds.spectrum_ceiling(density.flatten(), weights.flatten(), seen.twin.blind).item()


def frames(seen: Seen) -> Iterator[Reading]:
    """What single frames tell, summed, above what all tell, and the best one below; and how many a target takes.

    Nothing for one frame.
    """
    if len(seen.all) < 2:
        return
    together = seen.information(seen.all)
    told, error = together.mean().item(), standard_error(together)
    alone = [(k,) for k in seen.all]
    whole = entr(seen.twin.law).sum().item()
    for name, of, side in (
        ("sum of scene information", seen.scene_information, "above"),
        ("sum of target information", seen.information, "worst case"),
    ):
        total = sum(of(k).mean().item() for k in alone)
        yield Reading("frames", name, side, told, error, total, total >= whole)
    single = max(seen.information(k).mean().item() for k in alone)
    yield Reading("frames", "best single frame", "below", told, error, single, single <= 0)
    blind, best = seen.twin.blind, seen.accuracy(seen.all).mean().item()
    wanted = (blind + best) / 2
    fewest = min(len(s) for s in seen.scene if seen.accuracy(s).mean().item() >= wanted)
    most = max(seen.scene_information(k).mean().item() for k in alone)
    needed = bounds.necessary_frames(wanted, blind, most)
    yield Reading("frames", "necessary_frames", "below", fewest, 0.0, needed, needed <= 1)
