"""The tightness meter: every room's bound beside the truth that it bounds, on one twin at one noise."""

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict

import torch
from torch.special import entr

from spacelib import bounds
from spacelib.models.validation.exact import Seen, look
from spacelib.models.validation.learning import learning
from spacelib.models.validation.reading import Reading, standard_error


def readings(seen: Seen, *, generator: torch.Generator) -> list[dict]:
    """All rooms' readings of one twin at one noise, as rows of a table. The tradeoff's are `sides`'."""
    copied = look(seen.twin.copies().at(seen.twin.ratio), len(seen.question), generator=generator)
    rows = [*capacity(seen), *frames(seen, copied), *learning(seen, generator)]
    return [asdict(row) for row in rows]


def capacity(seen: Seen) -> Iterator[Reading]:
    """Ceilings and floors of Bayes' accuracy at the twin's information, and the information that it certifies.

    Both are means over sampled pictures, of exact posteriors. Such means obey the ceiling whatever the posteriors are:
    so that these are right is read off the answers, whose hits need not equal what the posteriors promise.
    """
    twin, everything = seen.twin, seen.all
    known, best = seen.information(everything), seen.accuracy(everything)
    told, spread = max(0.0, known.mean().item()), standard_error(known)
    right, error, blind, law = best.mean().item(), standard_error(best), twin.blind, twin.law
    whole = entr(law).sum().item()

    def reading(name: str, side: str, at: Callable[[float], float], void: Callable[[float], bool]) -> Reading:
        value, moved = at(told), at(min(told + spread, whole)) - at(max(told - spread, 0.0))
        return Reading("capacity", name, side, right, math.hypot(error, moved / 2), value, void(value))

    def ceiling(name: str, at: Callable[[float], float]) -> Reading:
        return reading(name, "above", at, lambda value: value >= 1)

    hits, spectrum = seen.hits(everything), _spectrum(seen)
    yield Reading("capacity", "hits", "equal", right, standard_error(hits - best), hits.mean().item(), False)
    yield ceiling("accuracy_ceiling", lambda i: bounds.accuracy_ceiling(blind, i))
    for kind in ("pinsker", "entropy", "refined"):
        yield ceiling(f"relaxed_ceiling {kind}", lambda i, kind=kind: bounds.relaxed_ceiling(blind, i, relaxation=kind))
    yield ceiling("spectrum_ceiling", lambda i: spectrum)
    if twin.categorical:
        yield ceiling("exact_ceiling", lambda i: bounds.exact_ceiling(law, i).item())
        yield ceiling("printed_ceiling", lambda i: bounds.printed_ceiling(i, whole))
        floor = lambda i: bounds.accuracy_floor(max(0.0, whole - i))  # noqa: E731
        yield reading("accuracy_floor", "below", floor, lambda value: value <= blind)
    certified = bounds.certified_information(right, blind)
    slack = bounds.certified_information(min(right + error, 1.0), blind) - certified
    yield Reading(
        "capacity", "certified_information", "below", told, math.hypot(spread, slack), certified, certified <= 0
    )


def _spectrum(seen: Seen) -> float:
    law = seen.law(seen.all)
    density = (law / seen.twin.law).clamp(min=torch.finfo(law.dtype).tiny).log()
    weights = law / len(law)
    return bounds.spectrum_ceiling(density.flatten(), weights.flatten(), seen.twin.blind).item()


def frames(seen: Seen, copied: Seen) -> Iterator[Reading]:
    """What single frames tell, summed, above what all tell, and the best one below; and how many a target takes.

    The same of as many copies of one frame (`copied`): there is nothing to complement, only noise to average. Nothing
    for one frame.
    """
    if len(seen.all) < 2:
        return
    yield from _together(seen, "")
    yield from _together(copied, ", copies")
    blind, best = seen.twin.blind, seen.accuracy(seen.all).mean().item()
    wanted = (blind + best) / 2
    fewest = min(len(s) for s in seen.scene if seen.accuracy(s).mean().item() >= wanted)
    most = max(seen.scene_information((k,)).mean().item() for k in seen.all)
    needed = bounds.necessary_frames(wanted, blind, most)
    yield Reading("frames", "necessary_frames", "below", fewest, 0.0, needed, needed <= 1)


def _together(seen: Seen, label: str) -> Iterator[Reading]:
    together, whole = seen.information(seen.all), entr(seen.twin.law).sum().item()
    told, alone = together.mean().item(), [(k,) for k in seen.all]
    for name, of, side in (
        ("sum of scene information", seen.scene_information, "above"),
        ("sum of target information", seen.information, "none"),
    ):
        draws = sum(of(k) for k in alone)
        total = draws.mean().item()
        yield Reading("frames", name + label, side, told, standard_error(draws - together), total, total >= whole)
    single = max((seen.information(k) for k in alone), key=lambda draws: draws.mean().item())
    value, error = single.mean().item(), standard_error(single - together)
    yield Reading("frames", "best single frame" + label, "below", told, error, value, value <= 0)
