"""Cluster bootstrap: whole scenes are resampled, because questions about one scene are not independent.

One implementation for every statistic that is a function of totals over scenes: the totals of each scene stand in a
matrix (clusters, totals), a resample is a vector of multinomial counts of scenes, and resampled totals are one matrix
product.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from scipy import stats
from torch import Tensor

from spacelib.estimators._codes import Codes, default_generator, relabel
from spacelib.estimators.result import Estimate

_CELLS = 1 << 24  # float64 numbers held at once: 128 MiB


def bootstrap_totals(
    totals: Tensor, statistic: Callable[[Tensor], Tensor], resamples: int, generator: torch.Generator
) -> Tensor:
    """The statistic of `resamples` totals, each the sum over as many clusters drawn with replacement as there are.

    totals: (clusters, totals), float64; statistic maps (batch, totals) to (batch,). Returns (resamples,).
    """
    clusters, width = totals.shape
    results = []
    for size in _batches(resamples, max(clusters, width)):
        drawn = torch.randint(clusters, (size, clusters), generator=generator, device=totals.device)
        times = torch.zeros(size, clusters, dtype=totals.dtype, device=totals.device)
        times.scatter_add_(1, drawn, torch.ones((), dtype=totals.dtype, device=totals.device).expand(drawn.shape))
        results.append(statistic(times @ totals))
    return torch.cat(results)


def _batches(count: int, width: int) -> list[int]:
    """Sizes that sum to count, each small enough for `width` numbers a row."""
    size = max(1, min(count, _CELLS // max(1, width)))
    return [min(size, count - start) for start in range(0, count, size)]


def require_resamples(function: str, resamples: int) -> None:
    """Raise ValueError unless there are enough resamples for the 2.5 % and 97.5 % points."""
    if resamples < 100:
        raise ValueError(f"{function}: resamples must be at least 100, got {resamples}")


def accuracy(
    scores: Tensor | np.ndarray,
    *,
    clusters: Codes | None = None,
    resamples: int = 2000,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Mean score over items, with an interval that respects scenes.

    .. math:: \hat A = \sum_c s_c / \sum_c n_c

    s_c and n_c being the sum of scores and the number of items of scene c. Standard error e: that of the residuals
    s_c - A n_c. Interval: the hull of two. One is the 2.5 % and 97.5 % points of the cluster bootstrap; alone it is too
    short at accuracies near 0 and 1. The other is Wilson's with e in the place of the binomial's error, all A' with

    .. math:: |\hat A - A'| \le t\, e\, \sqrt{\frac{A' (1 - A')}{\hat A (1 - \hat A)}},

    t being the 97.5 % point of Student's law with one degree of freedom less than scenes. `coverage_table` says how often
    it covers. Where all m scenes are alike nothing is seen to vary; then scenes that are not like them have a share of at
    most q = 1 - 0.025^(1/m), and the interval is A - q A to A + q (1 - A).
    With a single scene nothing is known about others: the interval is (0, 1) and the standard error infinite.

    Parameters: scores (samples,) in [0, 1], boolean or real; clusters (samples,), integer scene of each item (each item
    its own if None); resamples; generator (None: a fresh one with seed 0). Returns an Estimate, a probability.
    Assumes scenes drawn independently from one population; items of a scene may depend on each other in any way.
    Errors: ValueError for scores outside [0, 1], NaN, or lengths that differ; TypeError for wrong types.
    Source: Wilson 1927; Davison and Hinkley 1997, chapter 3; Field and Welsh 2007 for clusters.
    """
    require_resamples("accuracy", resamples)
    if not isinstance(scores, Tensor | np.ndarray):
        raise TypeError(f"accuracy: scores must be a torch tensor or a numpy array, got {type(scores).__name__}")
    scores = torch.as_tensor(scores).to(torch.float64)
    if scores.ndim != 1 or len(scores) == 0:
        raise ValueError(f"accuracy: scores must have shape (samples,) and at least one, got {tuple(scores.shape)}")
    wrong = ~((scores >= 0) & (scores <= 1))
    if bool(wrong.any()):
        first = int(wrong.nonzero()[0])
        raise ValueError(f"accuracy: scores must be in [0, 1], got {scores[first].item()!r} at index {first}")
    scene = torch.arange(len(scores), device=scores.device)
    if clusters is not None:
        scene = relabel("accuracy", scores.device, clusters=clusters)["clusters"]
        if len(scene) != len(scores):
            raise ValueError(f"accuracy: clusters must have {len(scores)} samples like scores, got {len(scene)}")

    unit = "scenes" if clusters is not None else "items"
    return mean_over_scenes(scores, scene, (0.0, 1.0), unit, "mean", resamples, default_generator(generator, scores.device))


def mean_over_scenes(
    values: Tensor,
    scene: Tensor,
    span: tuple[float, float],
    unit: str,
    words: str,
    resamples: int,
    generator: torch.Generator,
) -> Estimate:
    """The mean of values (samples,) that lie in span, as `accuracy` makes it; scene (samples,), codes 0, 1, 2, ..."""
    count = int(scene.max()) + 1
    totals = values.new_zeros(count, 2).index_add_(0, scene, torch.stack([values, torch.ones_like(values)], 1))
    items = len(values)
    mean = (totals[:, 0].sum() / items).item()
    if count == 1:
        return Estimate(mean, span, float("inf"), items, f"{words}; one of the {unit} only, no interval")
    residuals = totals[:, 0] - mean * totals[:, 1]
    # Rounding: a sum of n values is off by at most n 2^-53 of its size.
    if residuals.abs().max().item() <= 2.0**-52 * items * max(map(abs, span)):
        q = 1 - 0.025 ** (1 / count)
        interval = (mean - q * (mean - span[0]), mean + q * (span[1] - mean))
        return Estimate(mean, interval, 0.0, items, f"{words}; exact limit from {count} {unit} all alike")
    error = math.sqrt(count / (count - 1) * (residuals**2).sum().item()) / items
    draws = bootstrap_totals(totals, lambda t: t[:, 0] / t[:, 1], resamples, generator)
    low, high = torch.quantile(draws, draws.new_tensor([0.025, 0.975])).tolist()
    left, right = _wilson(mean, error, span, count)
    interval = (max(span[0], min(low, left)), min(span[1], max(high, right)))
    return Estimate(mean, interval, error, items, f"{words}; hull of bootstrap and Wilson's interval over {count} {unit}")


def _wilson(mean: float, error: float, span: tuple[float, float], count: int) -> tuple[float, float]:
    """All mu in span with |mean - mu| <= t error sqrt((high - mu)(mu - low) / ((high - mean)(mean - low)))."""
    low, high = span
    t = stats.t.ppf(0.975, count - 1)
    k = (t * error) ** 2 / ((high - mean) * (mean - low))
    centre = (mean + k * (low + high) / 2) / (1 + k)
    half = math.sqrt(max(0.0, centre**2 - (mean**2 + k * low * high) / (1 + k)))
    return centre - half, centre + half
