"""The effective rank of what attention makes of several frames' features."""

import math

import torch
from scipy import stats

from spacelib.bounds._border import Number, admit, require, require_law
from spacelib.bounds.samples.spectrum import effective_rank
from spacelib.estimators.result import Estimate


def attention_effective_rank(features: Number, attention: Number) -> Estimate:
    r"""Effective rank of the attention-weighted multi-frame feature matrix, averaged over scenes.

    .. math::
        \mathrm{erank}(P X) = \exp\Bigl(-\sum_i p_i \ln p_i\Bigr), \qquad p_i = \sigma_i(P X) / \sum_j \sigma_j(P X)

    the singular values of the matrix itself, as Roy and Vetterli define it: no mean is taken off. A flat P leaves
    rank 1.

    Parameters: features X real (scenes, frames, features); attention P (scenes, queries, frames), or (queries,
    frames) for all scenes, nonnegative, each row of sum 1: a query is what attends, a frame, a token or a head. Of
    several heads pass their rows one under the other, or their average. Returns an Estimate of a number of
    directions, between 1 and the least of queries, frames and features; its standard error is that of a mean over
    scenes, its interval Student's. One scene has no error: `bounds.effective_rank` of its singular values gives the
    number.
    Assumes scenes drawn independently.
    Errors: TypeError for anything but real numbers; ValueError for shapes, NaN, values beyond 1e150, rows of P that are
    no law, fewer than two scenes, a scene whose weighted features are all zero.
    Source: Roy and Vetterli 2007.
    """
    name = "attention_effective_rank"
    (x, p), _ = admit(name, {"features": 2, "attention": 2}, features=features, attention=attention)
    if x.ndim != 3 or len(x) < 2 or 0 in x.shape or 0 in p.shape:
        raise ValueError(
            f"{name}: features must have shape (scenes, frames, features) with at least two scenes, and attention "
            f"(scenes, queries, frames) or (queries, frames), none empty, "
            f"got {tuple(features.shape)} and {tuple(attention.shape)}"
        )
    if p.shape[-1] != x.shape[-2]:
        raise ValueError(
            f"{name}: attention must weigh as many frames as features has, {x.shape[-2]}, got {p.shape[-1]}"
        )
    require(name, "features", x, x.abs() <= 1e150, "at most 1e150 in size")
    require_law(name, "attention", p, attention)
    weighted = (p / p.sum(-1, keepdim=True)) @ x.detach()
    largest = weighted.abs().amax((1, 2))
    require(name, "the largest weighted feature of a scene", largest, largest > 0, "above 0")
    ranks = effective_rank(torch.linalg.svdvals(weighted / largest[:, None, None]))
    value, error = ranks.mean().item(), ranks.std().item() / math.sqrt(len(x))
    half = float(stats.t.ppf(0.975, len(x) - 1)) * error
    most = float(min(*p.shape[1:], x.shape[2]))
    words = f"effective rank of attention-weighted features, mean over {len(x):,} scenes"
    return Estimate(value, (max(value - half, 1.0), min(value + half, most)), error, len(x), words)
