"""How often intervals that take the questions of a scene for independent mislead, on draws from a real benchmark."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from scipy import stats

from spacelib.bounds import kl

from .certificates import Counts, scene_risk


@dataclass(frozen=True)
class Misses:
    """How often bounds at 1 - delta missed the true risk, as shares of the benchmarks drawn.

    `naive` and `naive_exact`: bounds from the number of questions, as in `LogCertificate`, which missed the risk of a
    question drawn from all; `question`: those from the questions over the most of one scene, which missed it too (they
    hold for sizes fixed by design, and here sizes are drawn: measured, not certified). `scene`: bounds from the number
    of scenes, which missed the risk of a scene drawn, then one of its questions. `design_effect`: the variance of the
    mean over questions, in units of what independent ones had.
    """

    side: str
    scenes: int
    repetitions: int
    delta: float
    question_risk: float
    scene_risk: float
    design_effect: float
    naive: float
    naive_exact: float
    question: float
    scene: float


def naive_misses(
    counts: Counts,
    scenes: int,
    repetitions: int,
    *,
    side: str = "upper",
    delta: float = 0.05,
    generator: torch.Generator,
) -> Misses:
    r"""How often each bound misses the truth, over benchmarks of so many scenes drawn from the counts' own.

    .. math:: \text{an upper bound } u \text{ of } L \text{ from } k \text{ of } n: \quad
        u < L \iff P(\mathrm{Bin}(n, L) \le k) < \delta, \quad\text{or}\quad
        \tfrac{k}{n} < L \text{ and } n\, \mathrm{kl}\big(\tfrac{k}{n}, L\big) > \ln\tfrac1\delta

    Scenes are drawn with replacement, so that they are independent and the risks of all the counts are exactly the
    true ones. Each scene brings all its questions. Parameters: counts of one task; scenes, repetitions >= 1; side,
    "upper" or "lower" bounds; delta in (0, 1); generator. Returns Misses; a share's standard error is sqrt(share (1 -
    share)/repetitions).
    Errors: ValueError for values outside these ranges.
    Source: Clopper and Pearson 1934; Hoeffding 1963.
    """
    if scenes < 1 or repetitions < 1:
        raise ValueError(f"naive_misses: scenes and repetitions must be at least 1, got {scenes} and {repetitions}")
    if side not in ("upper", "lower"):
        raise ValueError(f"naive_misses: side must be 'lower' or 'upper', got {side!r}")
    if not 0 < delta < 1:
        raise ValueError(f"naive_misses: delta must be in (0, 1), got {delta!r}")
    asked = counts.asked
    wrong = asked - counts.credit
    truth, of_scene = float(wrong.sum() / asked.sum()), scene_risk(counts)
    drawn = torch.randint(len(asked), (repetitions, scenes), generator=generator).numpy()
    n, k = asked[drawn].sum(1), wrong[drawn].sum(1)
    tail = stats.binom.cdf(k, n, truth) if side == "upper" else stats.binom.sf(k - 1, n, truth)
    spread = float((((wrong - truth * asked) ** 2).sum() / asked.sum()))
    return Misses(
        side,
        scenes,
        repetitions,
        delta,
        question_risk=truth,
        scene_risk=of_scene,
        design_effect=spread / (truth * (1 - truth)) if 0 < truth < 1 else 1.0,
        naive=_share_beyond(k / n, n, truth, side, delta),
        naive_exact=float((tail < delta).mean()),
        question=_share_beyond(k / n, n / asked[drawn].max(1), truth, side, delta),
        scene=_share_beyond((wrong / asked)[drawn].mean(1), scenes, of_scene, side, delta),
    )


def _share_beyond(seen: np.ndarray, samples: np.ndarray | int, truth: float, side: str, delta: float) -> float:
    """The share of observed risks whose Chernoff bound misses the truth."""
    away = seen < truth if side == "upper" else seen > truth
    far = samples * kl(np.clip(seen, 0.0, 1.0), truth) > math.log(1 / delta)
    return float((away & far).mean())
