"""Triangulation: where in the world points are, from their pixels in several cameras that are known."""

import math
from dataclasses import dataclass
from enum import IntEnum

import torch
from torch import Tensor

from spacelib.models.explicit._inverse_depth import Place, Sightings
from spacelib.models.explicit._symmetric import Factors, factors
from spacelib.scenes import Cameras

_ROUNDINGS = 100  # of a few sums of products, whose terms are results themselves
_SETTLED = 0.01  # of the squared residual: what one more step may still promise


class Reason(IntEnum):
    """Why a point has no place."""

    NONE = 0  # it has one
    FEW_VIEWS = 1  # fewer than two cameras see it
    NO_BASELINE = 2  # the cameras that see it stand in one place
    ON_BASELINE = 3  # it lies on the line of those cameras, where every depth looks alike
    FAR = 4  # its rays are parallel
    BEHIND = 5  # its rays meet behind a camera that sees it
    UNSETTLED = 6  # the refinement has not come to rest


@dataclass(frozen=True)
class Triangulation:
    """Points (..., P, 3) in the world, and what is known of them.

    covariance (..., P, 3, 3): to first order, for pixels of variance 1; residual (..., P): root of the mean squared
    distance in pixels, over the cameras that see the point; valid (..., P); reason (..., P): a `Reason`. Where a point
    is not valid its numbers are NaN.
    """

    points: Tensor
    covariance: Tensor
    residual: Tensor
    valid: Tensor
    reason: Tensor


def triangulate(pixels: Tensor, cameras: Cameras, seen: Tensor | None = None, *, steps: int = 5) -> Triangulation:
    r"""The points whose pictures are nearest to the pixels, one point for each track.

    .. math:: \hat X = \arg\min_X \sum_k \lVert u_k - \pi_k(X) \rVert^2

    Starts at the linear solution (DLT: each equation times its depth) and refines it by steps of Gauss and Newton, one
    that would raise the sum being taken back and shortened. For normal pixel noise of one variance this is the maximum
    of likelihood; its depth is biased to second order in the noise.
    Shapes: pixels (..., V, P, 2), from cameras of V frames for each world of the batch or for all of them; seen
    (..., V, P), None for all. Pixels that are not seen may hold anything. Lengths are the cameras'.
    Errors: ValueError for shapes that do not fit, pixels seen but not finite, steps below 0; TypeError for pixels not
    of the cameras' dtype, and for seen that is no mask. No point raises: `reason` says why it has no place.
    Source: the unknowns, Montiel, Civera and Davison (2006); DLT and refinement, Hartley and Zisserman (2004), ch. 12.
    """
    pixels, seen = admitted("triangulate", pixels, cameras, seen)
    if steps < 0:
        raise ValueError(f"triangulate: steps must be at least 0, got {steps}")
    sightings = Sightings.of(pixels, cameras, seen)
    matrix, slope = sightings.linear()
    best = Place(*(-move for move in factors(matrix).solve(slope)))
    cost, matrix, slope = sightings.quadratic(best)
    damping = torch.zeros_like(cost)
    rounding = _ROUNDINGS * torch.finfo(pixels.dtype).eps
    for _ in range(steps):
        trial = best.minus(factors(matrix, damping).solve(slope))
        now, new_matrix, new_slope = sightings.quadratic(trial)
        lower = now <= cost + rounding * cost  # false for NaN
        best = Place(*_chosen(lower, trial, best))
        matrix, slope = _chosen(lower, new_matrix, matrix), _chosen(lower, new_slope, slope)
        cost = torch.where(lower, now, cost)
        damping = torch.where(lower, 0.0, (10 * damping).clamp(min=1e-3))
    last = factors(matrix)
    promise = sum(move * pull for move, pull in zip(last.solve(slope), slope, strict=True))
    least = _SETTLED * cost + (rounding * max(cameras.height, cameras.width)) ** 2
    unsettled = promise > least if steps else torch.zeros_like(promise, dtype=torch.bool)
    reason = _reasons(sightings, best, last, unsettled)
    valid = reason == Reason.NONE
    points, spread = sightings.world(best, last)
    residual = (cost / sightings.views.clamp(min=1)).sqrt()
    return Triangulation(
        torch.where(valid[..., None], points, math.nan),
        torch.where(valid[..., None, None], spread @ spread.mT, math.nan),
        torch.where(valid, residual, math.nan),
        valid,
        reason,
    )


def _reasons(sightings: Sightings, place: Place, last: Factors, unsettled: Tensor) -> Tensor:
    """The first reason that fits each point.

    What decides is compared with its rounding: the information on the inverse depth with that of a point seen square to
    the baseline, the parallax with that of the rays' slopes.
    """
    rounding = _ROUNDINGS * torch.finfo(place.depth.dtype).eps
    square, in_front = sightings.square_information(place)
    reason = torch.full_like(sightings.views, Reason.NONE)
    slopes = 1 + place.across.abs() + place.down.abs()
    for why, holds in (
        (Reason.UNSETTLED, unsettled),
        (Reason.BEHIND, (place.depth < 0) | ~in_front),
        (Reason.FAR, place.depth.abs() * sightings.baseline <= rounding * slopes),
        (Reason.ON_BASELINE, ~(last.depth > rounding * square)),
        (Reason.NO_BASELINE, sightings.baseline <= rounding * sightings.reach),
        (Reason.FEW_VIEWS, sightings.views < 2),
    ):
        reason = torch.where(holds, int(why), reason)
    return reason


def _chosen(first: Tensor, new: tuple[Tensor, ...], old: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    return tuple(torch.where(first, a, b) for a, b in zip(new, old, strict=True))


def admitted(function: str, pixels: Tensor, cameras: Cameras, seen: Tensor | None) -> tuple[Tensor, Tensor]:
    """Pixels (..., V, P, 2), 0 where they are not seen, and the mask (..., V, P), both over the cameras' batch too."""
    if pixels.ndim < 3 or pixels.shape[-1] != 2 or pixels.shape[-3] != cameras.frames:
        expected = f"(..., {cameras.frames}, points, 2)"
        raise ValueError(f"{function}: pixels must have shape {expected}, got {tuple(pixels.shape)}")
    if pixels.dtype != cameras.pose.dtype:
        raise TypeError(f"{function}: pixels must have the cameras' dtype {cameras.pose.dtype}, got {pixels.dtype}")
    if seen is None:
        seen = torch.ones(pixels.shape[:-1], dtype=torch.bool, device=pixels.device)
    if seen.dtype != torch.bool:
        raise TypeError(f"{function}: seen must be a mask of dtype torch.bool, got {seen.dtype}")
    try:
        batch = torch.broadcast_shapes(pixels.shape[:-3], seen.shape[:-2], cameras.pose.shape[:-3])
        shape = (*batch, *pixels.shape[-3:-1])
        pixels, seen = pixels.expand(*shape, 2), seen.expand(shape)
    except RuntimeError as error:
        shapes = f"pixels {tuple(pixels.shape)}, seen {tuple(seen.shape)}, poses {tuple(cameras.pose.shape)}"
        raise ValueError(f"{function}: the shapes must fit together, got {shapes}") from error
    pixels = torch.where(seen[..., None], pixels, 0.0)
    if not bool(pixels.isfinite().all()):
        wrong = pixels[~pixels.isfinite()][0].item()
        raise ValueError(f"{function}: pixels must be finite where they are seen, got {wrong}")
    return pixels, seen
