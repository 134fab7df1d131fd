"""Paired tests: two models, or one in two ways, on the same questions, with scenes as the units."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import torch
from scipy import signal, stats

from spacelib.bounds import resolvable_difference
from spacelib.estimators import Estimate
from spacelib.estimators.cluster import bootstrap_totals, interval_of_draws

from .sheets import Sheet

RESAMPLES = 2000
FLIPS = 9999  # of signs, where the differences lie on no lattice
POWER = 0.8
_FINEST = 1000  # lattices up to 1/1000 of a mark
_DIRECT = 1 << 14  # lattice points up to which convolutions are summed directly, exact to rounding
_CANCELLED = 2.0**-40  # a scene's difference that is rounding alone: up to 90 scores in [0, 1], summed, are off by less
_ROUNDED = 1e-8  # far above the error of a tail summed after fast convolutions of fewer than 10^8 points


@dataclass(frozen=True)
class PairedTest:
    """The difference of two sheets' mean scores on the same questions, first less second, with scenes as the units.

    `p_value` is two-sided; `adjusted` is Holm's over the family of all paired tests of a report. `agreement` is one less
    the mean squared difference of scores: of whole marks the share of questions on which both are right or both wrong.
    `resolvable` is the least true difference that a test at 5 % sees with a chance of 80 %, at this agreement and this
    dependence within scenes; infinite where none would be seen.
    """

    first: int
    second: int
    items: int
    scenes: int
    difference: Estimate
    p_value: float
    adjusted: float
    method: str
    agreement: float
    resolvable: float


def paired_tests(
    sheets: Sequence[Sheet], pairs: Sequence[tuple[int, int]], *, resamples: int = RESAMPLES, seed: int = 0
) -> list[PairedTest]:
    r"""Differences between sheets of the same questions, each with an interval and a p-value that respect scenes.

    .. math:: \hat\Delta = \frac1n \sum_s D_s, \qquad D_s = \sum_{i \in s} (c_i - c_i'), \qquad
        p = P\Big(\Big|\sum_s \pm D_s\Big| \ge \Big|\sum_s D_s\Big|\Big)

    c and c' being the scores of the two sheets and the signs independent and fair: if the two do not differ, a scene's
    answers could as well have come from the other one. The law of the sum is computed exactly where scores lie on a
    lattice (marks, tenths); elsewhere p = (b + 1)/(B + 1) from B = 9,999 draws of signs. Interval: that of
    `estimators.accuracy` for differences, at 95 % each; `adjusted` is p itself until `holm` is asked.
    Parameters: sheets; pairs, numbers of two sheets with one and the same `asked` in all; resamples and seed.
    Returns a `PairedTest` a pair, in their order.
    Assumes scenes independent of each other. Exact if in each scene the two are exchangeable; for means that are equal
    otherwise, right for many scenes.
    Source: Fisher 1935; Phipson and Smyth 2010 for the 1 + B.
    """
    if not pairs:
        return []
    asked = sheets[pairs[0][0]].asked
    size = np.bincount(asked.scene)
    apart = np.stack([sheets[a].credit - sheets[b].credit for a, b in pairs])  # (pairs, questions)
    by_scene = np.stack([np.bincount(asked.scene, weights=row) for row in apart])
    by_scene[np.abs(by_scene) <= _CANCELLED] = 0.0
    estimates = _differences(by_scene, size, asked.unit, resamples, seed)
    found = []
    for (a, b), row, totals, estimate in zip(pairs, apart, by_scene, estimates, strict=True):
        p, method = sign_flip_p_value(totals, _step(row), seed=seed)
        unlike = float((row**2).mean())
        tells = _resolvable(row, totals, unlike)
        found.append(PairedTest(a, b, len(row), len(size), estimate, p, p, method, 1 - unlike, tells))
    return found


def _differences(by_scene: np.ndarray, size: np.ndarray, unit: str, resamples: int, seed: int) -> list[Estimate]:
    """Mean differences; every pair is resampled with the same scenes."""
    items, scenes = int(size.sum()), len(size)
    if scenes == 1:
        words = f"mean difference of scores; one of the {unit} only, no interval"
        return [Estimate(row.sum() / items, (-1.0, 1.0), float("inf"), items, words) for row in by_scene]
    sums, sizes = torch.tensor(by_scene), torch.tensor(size, dtype=torch.float64)
    draws = bootstrap_totals(
        torch.cat([sums.T, sizes[:, None]], 1),
        lambda t: (t[..., :-1] / t[..., -1:]).T,
        resamples,
        torch.Generator().manual_seed(seed),
    )
    totals = torch.stack([sums, sizes.expand(sums.shape)], -1)
    columns = zip(*(v.tolist() for v in interval_of_draws(totals, draws, (-1.0, 1.0))), strict=True)
    hull, alike = "hull of bootstrap and Agresti-Coull's interval over", "exact limit from all alike,"
    return [
        Estimate(mean, (low, high), error, items, f"mean difference of scores; {hull if error else alike} {scenes} {unit}")
        for mean, low, high, error in columns
    ]


def _step(differences: np.ndarray) -> float | None:
    """The step of the coarsest lattice, of steps 1/d for d up to `_FINEST`, that holds all differences of scores."""
    distinct = np.unique(np.abs(differences))
    if len(distinct) > _FINEST:
        return None
    whole = 1
    for value in distinct:
        fraction = Fraction(float(value)).limit_denominator(_FINEST)
        if abs(float(fraction) - value) > 1e-9:
            return None
        whole = int(np.lcm(whole, fraction.denominator))
        if whole > _FINEST:
            return None
    return 1 / whole


def sign_flip_p_value(differences: np.ndarray, step: float | None, *, seed: int = 0) -> tuple[float, str]:
    """Two-sided p-value of a sum under independent fair signs of its terms (scenes,), and how it was computed.

    `step` is that of a lattice on which all terms lie, None where there is none. The value is at most 1e-8 too large.
    """
    if step is None:
        return _drawn(differences, seed)
    whole = np.abs(np.rint(differences / step)).astype(np.int64)
    seen, total = abs(int(np.rint(differences.sum() / step))), int(whole.sum())
    if seen == 0:
        return 1.0, "exact sign flips"
    law, slack = np.ones(1), 0.0  # of W, the sum of the terms with sign +: the signed sum is 2 W - total
    for value, count in zip(*np.unique(whole[whole > 0], return_counts=True), strict=True):
        part = np.zeros(value * count + 1)
        part[::value] = stats.binom.pmf(np.arange(count + 1), count, 0.5)
        if min(len(law), len(part)) == 1 or max(len(law), len(part)) <= _DIRECT:
            law = np.convolve(law, part)
        else:
            law, slack = np.clip(signal.fftconvolve(law, part), 0.0, None), _ROUNDED
    beyond = (total - seen) // 2  # W at most this, or at least total less this
    return float(min(1.0, 2 * law[: beyond + 1].sum() + slack)), "exact sign flips"


def _drawn(differences: np.ndarray, seed: int) -> tuple[float, str]:
    draw, moved = np.random.default_rng(seed), differences[differences != 0]
    if not len(moved):
        return 1.0, "exact sign flips"
    slack = len(moved) * np.finfo(np.float64).eps * np.abs(moved).sum()  # sums in another order differ by rounding
    seen, beyond = abs(moved.sum()) - slack, 0
    for start in range(0, FLIPS, batch := max(1, (1 << 24) // len(moved))):
        signs = draw.integers(0, 2, (min(batch, FLIPS - start), len(moved))) * 2 - 1
        beyond += int((np.abs((signs * moved).sum(1)) >= seen).sum())
    return (1 + beyond) / (1 + FLIPS), f"{FLIPS:,} draws of signs"


def _resolvable(apart: np.ndarray, totals: np.ndarray, unlike: float) -> float:
    """The resolvable difference at the observed disagreement, times what scenes do to the variance."""
    if unlike == 0:
        return float("inf")  # the two never differed: nothing says how they would
    within = float((apart**2).sum())
    effect = max(1.0, float((totals**2).sum()) / within)
    return float(
        resolvable_difference(
            len(apart), against="paired", agreement=1 - unlike, confidence=0.95, power=POWER, design_effect=effect
        )
    )


def holm(p_values: Sequence[float]) -> np.ndarray:
    """p-values (tests,) adjusted so that rejecting those at most alpha errs at all with probability at most alpha.

    Whatever the tests' dependence. Source: Holm 1979.
    """
    p = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)))
    return adjusted
