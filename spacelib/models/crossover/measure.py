"""Errors of both sides on the same held scenes, at every size, rig and error of the cameras: one seed's records."""

from collections.abc import Callable

import pandas as pd
import torch
from torch import Tensor

from spacelib.models.crossover.question import Seen, look, middle, rig
from spacelib.models.crossover.sides import LEVELS, errors_of, explicit_errors, implicit_errors
from spacelib.models.crossover.tables import Records
from spacelib.scenes import Cameras

SIZES, VIEWS, BASELINES = (64, 128, 256, 512, 1024, 2048, 4096), (2, 4, 8), (0.15, 0.3)
TOLERANCES = (0.01, 0.02, 0.04)  # dioptres
HELD = 1024
_LIVE = 10_000  # seed of what is measured live, of no record


def figures(errors: Tensor) -> dict[str, float]:
    """What is recorded of errors (n,): mean square, mean, deviation, shares within the tolerances."""
    found = {"risk": errors.square().mean(), "bias": errors.mean(), "deviation": errors.std()}
    found |= {f"within_{t:g}": (errors.abs() <= t).double().mean() for t in TOLERANCES}
    return {name: value.item() for name, value in found.items()}


def measure(
    setting: tuple[int, float], sizes: tuple[int, ...] = SIZES, views: tuple[int, ...] = VIEWS
) -> Records:
    """The rows of one seed and baseline.

    All of a seed is its own: held scenes, training scenes (smaller sets are the first of the larger), weights, poses.
    """
    seed, baseline = setting
    own, cameras = _generators(seed, baseline), rig(baseline)
    held, known = look(HELD, cameras, generator=own(0)), look(max(SIZES), cameras, generator=own(1))
    parts = []
    for frames in views:
        chosen, base = middle(frames), {"seed": seed, "baseline": baseline, "frames": frames}
        parts.append(_compare(known.subset(chosen), held.subset(chosen), cameras.subset(chosen), base, sizes, own))
    return Records.joined(parts)


def crossover_live(
    sizes: tuple[int, ...] = (64, 256, 1024), *, baseline: float = 0.3, frames: int = 2, seed: int = _LIVE
) -> Records:
    """A part of the records measured here and now on scenes of its own: one rig, some sizes; some seven seconds.

    Parameters: sizes of training sets; baseline, one of the recorded; frames, 2 to 8; seed, of no recorded run by
    default. Errors: ValueError for no sizes or sizes below 1, another baseline, or frames outside 2 to 8.
    """
    if not sizes or min(sizes) < 1:
        raise ValueError(f"crossover_live: sizes must be one or more numbers of scenes, at least 1, got {sizes!r}")
    if baseline not in BASELINES:
        raise ValueError(f"crossover_live: baseline must be one of {', '.join(map(str, BASELINES))}, got {baseline!r}")
    if not 2 <= frames <= max(VIEWS):
        raise ValueError(f"crossover_live: frames must be from 2 to {max(VIEWS)}, got {frames!r}")
    own, cameras = _generators(seed, baseline), rig(baseline, frames)
    held, known = look(HELD, cameras, generator=own(0)), look(max(sizes), cameras, generator=own(1))
    return _compare(known, held, cameras, {"seed": seed, "baseline": baseline, "frames": frames}, sizes, own)


def _generators(seed: int, baseline: float) -> Callable[[int], torch.Generator]:
    """Generators of a run by purpose: 0 held scenes, 1 training scenes, 2 poses, beyond 2 weights and batches."""
    run = 2 * seed + BASELINES.index(baseline)
    return lambda purpose: torch.Generator().manual_seed(100_000 * run + purpose)


def _compare(
    known: Seen, held: Seen, cameras: Cameras, base: dict, sizes: tuple[int, ...], own: Callable[[int], torch.Generator]
) -> Records:
    """One rig's rows."""
    explicit, rows = {}, {"implicit": [], "explicit": [], "together": []}
    for kind, levels in LEVELS.items():
        for level in levels:  # the same draws of poses at every level
            errors, placed = explicit_errors(held, cameras, errors_of(kind, level), generator=own(2))
            explicit[kind, level] = errors
            unplaced = {"unplaced": (~placed).double().mean().item()}
            rows["explicit"].append(base | {"kind": kind, "level": level} | figures(errors) | unplaced)
    for size in sizes:
        implicit = implicit_errors(known.part(0, size), held, generator=own(size + cameras.frames))
        rows["implicit"].append(base | {"samples": size} | figures(implicit))
        rows["together"] += [
            base | {"samples": size, "kind": kind, "level": level, "cross": (errors * implicit).mean().item()}
            for (kind, level), errors in explicit.items()
        ]
    return Records(**{name: pd.DataFrame(part) for name, part in rows.items()})
