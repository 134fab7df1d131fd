"""The least number of frames for an accuracy, with an interval that may be open."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from scipy import stats

from spacelib.bounds.capacity._checks import require_blind
from spacelib.bounds.frames import necessary_frames
from spacelib.estimators import Estimate
from spacelib.scenes import Channel


@dataclass(frozen=True)
class LeastFrames:
    """The least number of frames that reaches an accuracy.

    estimate and interval (low, high; 95 %) in frames; infinite where no number tried reaches it, or may not. accuracy: that of each
    number of frames. necessary: the number that the theorem asks for at least, where what one frame tells is known.
    """

    estimate: float
    interval: tuple[float, float]
    accuracy: dict[int, Estimate]
    necessary: float | None
    method: str


def min_frames(
    target_accuracy: float,
    source: Channel | Mapping[int, Estimate],
    *,
    samples: int = 4000,
    generator: torch.Generator | None = None,
) -> LeastFrames:
    r"""Least number of frames with which an accuracy is reached.

    .. math:: K^*(A) = \min\{K : A_K \ge A\}

    The estimate takes the accuracies as they are; the interval's lower end is the least number whose accuracy may reach A, its upper end the least one
    whose accuracy surely does, each accuracy at one side of its interval, all together at 95 % (Bonferroni). No number is invented: where
    none that was tried reaches A, the end is infinite.
    Parameters: target_accuracy A in (0, 1]; source, an exact channel, for which A_K is that of Bayes' answer from the best K frames, or accuracies of one model
    by its number of frames, as `estimators.accuracy` gives them; samples drawn from a channel, generator (None: a fresh one with seed 0).
    Returns a `LeastFrames`; with a channel also the theorem's `necessary_frames`, from what one frame tells about the scene.
    Assumes of accuracies that more frames never lower the model's, as they never lower Bayes'.
    Errors: ValueError for an accuracy outside (0, 1], no accuracies, or a number of frames below 1.
    Implements :prf:ref:`thm-fewest_frames_scene` (the necessary number).
    """
    if not 0 < target_accuracy <= 1:
        raise ValueError(f"min_frames: target_accuracy must be in (0, 1], got {target_accuracy!r}")
    necessary = None
    if isinstance(source, Channel):
        generator = torch.Generator().manual_seed(0) if generator is None else generator
        accuracy, necessary = _of_channel(source, target_accuracy, samples, generator)
        how = "Bayes' answer from the best frames of an exact channel"
    else:
        accuracy, how = dict(sorted(source.items())), "accuracies by number of frames"
        wrong = [k for k in accuracy if not isinstance(k, int) or isinstance(k, bool) or k < 1]
        if not accuracy or wrong:
            raise ValueError(f"min_frames: numbers of frames must be integers of at least 1, at least one, got {wrong or 'none'}")
    share = stats.norm.isf(0.025 / len(accuracy)) / stats.norm.isf(0.025)  # each end, together at 95 %
    reach = {k: (e.estimate - share * (e.estimate - e.interval[0]), e.estimate, e.estimate + share * (e.interval[1] - e.estimate)) for k, e in accuracy.items()}
    surely, seen, maybe = (next((float(k) for k, ends in reach.items() if ends[side] >= target_accuracy), math.inf) for side in range(3))
    return LeastFrames(seen, (maybe, surely), accuracy, necessary, f"{how}; ends simultaneous over {len(accuracy)} numbers of frames")


def _of_channel(channel: Channel, target: float, samples: int, generator: torch.Generator) -> tuple[dict[int, Estimate], float]:
    subsets = channel.subsets()
    found = channel.accuracy(subsets, samples, generator=generator)
    best = {}
    for size in range(1, channel.frames + 1):
        best[size] = max((found[s] for s in subsets if len(s) == size), key=lambda e: e.estimate)
    blind = channel.target_prior.max()
    require_blind("min_frames", blind)
    told = channel.scene_information([(k,) for k in range(channel.frames)], samples, generator=generator)
    most = max(e.interval[1] for e in told.values())
    return best, float(necessary_frames(target, blind.item(), most))
