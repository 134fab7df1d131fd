"""Cluster bootstrap: whole scenes are resampled, because questions about one scene are not independent.

One implementation for every statistic that is a function of totals over scenes: the totals of each scene stand in a
matrix (clusters, totals), a resample is a vector of multinomial counts of scenes, and resampled totals are one matrix
product.
"""

from collections.abc import Callable

import numpy as np
import torch
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

    s_c and n_c being the sum of scores and the number of items of scene c. Interval: 2.5 % and 97.5 % points of the
    cluster bootstrap. Where every score is 0, or every score is 1, the bootstrap sees no variation; then the far end is
    the exact limit 0.025^(1/m): m scenes all right have probability at most mu^m under a mean scene score mu.
    With a single scene nothing is known about others: the interval is (0, 1) and the standard error infinite.

    Parameters: scores (samples,) in [0, 1], boolean or real; clusters (samples,), integer scene of each item (each item
    its own if None); resamples; generator (None: a fresh one with seed 0). Returns an Estimate, a probability.
    Assumes scenes drawn independently from one population; items of a scene may depend on each other in any way.
    Errors: ValueError for scores outside [0, 1], NaN, or lengths that differ; TypeError for wrong types.
    Source: Davison and Hinkley 1997, chapter 3; Field and Welsh 2007 for clusters.
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

    count = int(scene.max()) + 1
    totals = scores.new_zeros(count, 2).index_add_(0, scene, torch.stack([scores, torch.ones_like(scores)], 1))
    mean = (totals[:, 0].sum() / totals[:, 1].sum()).item()
    unit = "scenes" if clusters is not None else "items"
    if count == 1:
        return Estimate(mean, (0.0, 1.0), float("inf"), len(scores), f"mean; one of the {unit} only, no interval")
    if mean in (0.0, 1.0):
        limit = 0.025 ** (1 / count)
        interval = (limit, 1.0) if mean == 1.0 else (0.0, 1 - limit)
        return Estimate(mean, interval, 0.0, len(scores), f"mean; exact limit from {count} {unit} all alike")
    draws = bootstrap_totals(totals, lambda t: t[:, 0] / t[:, 1], resamples, default_generator(generator, scores.device))
    low, high = torch.quantile(draws, draws.new_tensor([0.025, 0.975])).tolist()
    return Estimate(mean, (low, high), draws.std().item(), len(scores), f"mean; percentile bootstrap over {count} {unit}")
