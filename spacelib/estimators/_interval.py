"""The 95 % interval of an information over scenes: what its sampling error, and what its bias can be at most."""

import math
from dataclasses import dataclass

import torch
from scipy import stats
from torch import Tensor

from spacelib.estimators._cells import Cells
from spacelib.estimators.cluster import batches, bootstrap_totals

_WORST_MEAN = 1.3382  # where E[k ln k] - mean ln(mean), k Poisson, is largest; Miller and Madow's 1/2 is its limit
_PSEUDO_SCENES = 2  # as in Agresti and Coull 1998: about z^2/2


@dataclass(frozen=True)
class Interval:
    """Ends and standard error, each (*batch,), nats."""

    low: Tensor
    high: Tensor
    standard_error: Tensor


def information_interval(totals: Tensor, cells: Cells, resamples: int, generator: torch.Generator) -> Interval:
    """The interval that `mutual_information` describes, from the counts of each scene, (*batch, scenes, cells), float64."""
    scenes = totals.shape[-2]
    counts, sizes = totals.sum(-2), totals.sum(-1)
    plug_in = cells.information(counts)
    t = stats.t.ppf(0.975, scenes - 1)

    error = _jackknife_error(totals, counts, cells)
    draws = bootstrap_totals(totals, cells.information, resamples, generator)
    bias = draws.mean(-1) - plug_in
    high = torch.maximum(plug_in - bias + t * error, torch.quantile(draws, 0.975, dim=-1) - 2 * bias).clamp(min=0)

    shrunk, shrunk_error = _with_pseudo_scenes(totals, sizes, counts, cells)
    low = (shrunk - _largest_bias(totals, sizes, counts, cells) - t * shrunk_error).clamp(min=0)
    return Interval(torch.minimum(low, high), high, error)


def _jackknife_error(totals: Tensor, counts: Tensor, cells: Cells) -> Tensor:
    """Standard error (*batch,) of the plug-in, from leaving out one scene at a time (Tukey 1958)."""
    scenes = totals.shape[-2]
    sizes = batches(scenes, totals[..., 0, :].numel())
    without = torch.cat([cells.information(counts[..., None, :] - part) for part in totals.split(sizes, -2)], -1)
    return ((scenes - 1) / scenes * ((without - without.mean(-1, keepdim=True)) ** 2).sum(-1)).sqrt()


def _with_pseudo_scenes(totals: Tensor, sizes: Tensor, counts: Tensor, cells: Cells) -> tuple[Tensor, Tensor]:
    """Information and standard error (*batch,) after adding scenes of average size in which x and y are independent.

    They leave the margins as they are, so the information's influence function is the log-ratio less the information,
    and an empty cell has the share `weight` of its product of margins.
    """
    scenes = totals.shape[-2]
    weight = _PSEUDO_SCENES / (scenes + _PSEUDO_SCENES)
    n = counts.sum(-1, keepdim=True)
    product = cells.product(counts) / n
    share = (1 - weight) * counts / n + weight * product
    log_ratio = torch.where(product > 0, share / product.clamp(min=torch.finfo(share.dtype).tiny), 1.0).log()
    empty = (1 - product.sum(-1)).clamp(min=0)  # the product's mass on cells that are not in the list
    information = (share * log_ratio).sum(-1) + weight * math.log(weight) * empty
    of_scene = (totals @ log_ratio[..., None]).squeeze(-1) - sizes * information[..., None]
    of_pseudo = (product * log_ratio).sum(-1) + math.log(weight) * empty - information
    size = n.squeeze(-1) / scenes
    square = (of_scene**2).sum(-1) + _PSEUDO_SCENES * (size * of_pseudo) ** 2
    return information, square.sqrt() / (size * (scenes + _PSEUDO_SCENES))


def _largest_bias(totals: Tensor, sizes: Tensor, counts: Tensor, cells: Cells) -> Tensor:
    """The most by which the plug-in exceeds the information on average, to second order, (*batch,).

    A cell adds `_excess` of its expected count over n, both in units of the design effect; a margin takes 1/2 off. The
    occupied cells add the worst at most; the empty ones the worst that their share allows together (the excess is
    concave): Good's estimate, items in cells that one scene alone has, at its Poisson upper limit.
    """
    n = counts.sum(-1)
    effect = design_effect(totals, sizes, counts)
    occupied, possible, margins = cells.supports(counts)
    empty = possible - occupied
    alone = (counts * ((totals > 0).sum(-2) == 1)).sum(-1) / effect
    unseen = torch.as_tensor(stats.chi2.ppf(0.975, 2 * (alone.cpu().numpy() + 1)) / 2).to(alone)
    each = (unseen / empty.clamp(min=1)).clamp(max=_WORST_MEAN)
    worst = _excess(torch.full_like(each, _WORST_MEAN))
    return effect / n * (occupied * worst + empty * _excess(each) - margins / 2)


def design_effect(totals: Tensor, sizes: Tensor, counts: Tensor) -> Tensor:
    """Variance of the cells' shares over scenes beside that of as many independent items, pooled, (*batch,); at least 1."""
    scenes = totals.shape[-2]
    n = counts.sum(-1)
    share = counts / n[..., None]
    over_scenes = ((totals - sizes[..., None] * share[..., None, :]) ** 2).sum((-2, -1)) * scenes / (scenes - 1)
    independent = n * (1 - (share**2).sum(-1))
    return torch.where(independent > 0, over_scenes / independent.clamp(min=1e-300), 1.0).clamp(min=1)


def _excess(mean: Tensor) -> Tensor:
    """E[k ln k] - mean ln(mean) for a Poisson k of a mean of at most `_WORST_MEAN`, by its series."""
    k = torch.arange(2, 40, dtype=mean.dtype, device=mean.device)
    terms = torch.exp(torch.special.xlogy(k, mean[..., None]) - mean[..., None] - torch.lgamma(k + 1)) * k * k.log()
    return terms.sum(-1) - torch.special.xlogy(mean, mean)
