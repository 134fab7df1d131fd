"""How precisely points can be known at best: the Cramer-Rao bound, its ellipses on the ground, three stated rigs."""

import math

import torch
from torch import Tensor

from spacelib.models.explicit._wide import wide
from spacelib.scenes import Cameras, arc, forward, parallel, pinhole

_ROUNDINGS = 100  # of a few sums of products, whose terms are results themselves


def cramer_rao(points: Tensor, cameras: Cameras, noise: float | Tensor = 1.0, seen: Tensor | None = None) -> Tensor:
    r"""The least covariance (..., P, 3, 3) of unbiased estimates of points, from their pixels in known cameras.

    .. math:: \Sigma = s^2 \Bigl(\sum_k J_k^\top J_k\Bigr)^{-1}, \qquad J_k = \frac{\partial \pi_k}{\partial X}

    Assumes normal noise of standard deviation `noise` pixels (one image's) on both coordinates of each sighting, all
    independent. Where the cameras do not determine a point there is no bound: all its entries are infinity.
    Shapes: points (..., P, 3) in the world, noise a number or (..., P), seen (..., V, P); None: all cameras see all
    points before them. Lengths are the cameras'. Computed in float64, given back in the cameras' dtype.
    Errors: ValueError for shapes that do not fit, points or noise not finite, noise not above 0, a point that a camera
    sees behind it.
    Source: Rao (1945) and Cramer (1946); the derivatives, Hartley and Zisserman (2004), ch. 5.
    """
    dtype, cameras = cameras.pose.dtype, wide(cameras)
    points = points.to(cameras.pose)
    noise = torch.as_tensor(noise, dtype=points.dtype, device=points.device)
    if points.ndim < 2 or points.shape[-1] != 3:
        raise ValueError(f"cramer_rao: points must have shape (..., points, 3), got {tuple(points.shape)}")
    if not bool(points.isfinite().all()):
        raise ValueError(f"cramer_rao: points must be finite, got {points[~points.isfinite()][0].item()}")
    if not bool((noise.isfinite() & (noise > 0)).all()):
        wrong = noise[~(noise.isfinite() & (noise > 0))].flatten()[0].item()
        raise ValueError(f"cramer_rao: noise must be above 0 pixels and finite, got {wrong}")
    at = cameras.to_camera(points[..., None, :, :])
    before = at[..., 2] > 0
    try:
        seen = before if seen is None else seen.expand(torch.broadcast_shapes(before.shape, seen.shape))
        noise = noise.expand(torch.broadcast_shapes(noise.shape, before[..., 0, :].shape))
    except RuntimeError as error:
        shapes = f"points {tuple(points.shape)}, seen {tuple(seen.shape)}, noise {tuple(noise.shape)}"
        fit = f"the shapes must fit {cameras.frames} frames and together"
        raise ValueError(f"cramer_rao: {fit}, got {shapes}") from error
    if bool((seen & ~before).any()):
        raise ValueError("cramer_rao: points must lie before the cameras that see them, got one behind")
    depth = torch.where(before, at[..., 2], 1.0)[..., None, None]
    rotation = cameras.pose[..., None, :3, :3].mT
    slopes = (at[..., :2] / depth[..., 0])[..., None]
    focal = cameras.intrinsics[..., None, :2, None]
    rows = focal * (rotation[..., :2, :] - slopes * rotation[..., 2:, :]) / depth
    rows = torch.where(seen[..., None, None], rows, 0.0)
    value, axes = torch.linalg.eigh((rows.mT @ rows).sum(-4))
    known = value[..., :1] > _ROUNDINGS * torch.finfo(value.dtype).eps * value[..., 2:]
    bound = (axes / torch.where(known, value, 1.0)[..., None, :]) @ axes.mT * noise[..., None, None].square()
    return torch.where(known[..., None], bound, math.inf).to(dtype)


def ground_ellipses(covariance: Tensor, *, deviations: float = 1.0, corners: int = 64) -> Tensor:
    r"""Outlines (..., corners, 2) of errors on the ground, in metres to the right and forward, about the true place.

    .. math:: \{ e : e^\top \Sigma_{xy}^{-1} e = c^2 \}

    c is `deviations`; normal errors lie inside with probability 1 - exp(-c^2/2), 39 % for 1. covariance (..., 3, 3) in
    the world, in square metres: its part along x and y is drawn.
    Errors: ValueError for another shape, entries that are not finite, a part that is not positive definite, deviations
    not above 0, fewer than 3 corners.
    """
    if covariance.shape[-2:] != (3, 3):
        raise ValueError(f"ground_ellipses: covariance must have shape (..., 3, 3), got {tuple(covariance.shape)}")
    if not bool(covariance.isfinite().all()):
        raise ValueError("ground_ellipses: covariance must be finite, got a point that its cameras do not determine")
    if not (math.isfinite(deviations) and deviations > 0) or corners < 3:
        given = f"{deviations!r} and {corners}"
        raise ValueError(f"ground_ellipses: deviations must be above 0 and corners at least 3, got {given}")
    root, failed = torch.linalg.cholesky_ex(covariance[..., :2, :2])
    if bool((failed != 0).any()):
        raise ValueError("ground_ellipses: covariance must be positive definite along the ground")
    angle = 2 * math.pi / corners * torch.arange(corners, dtype=covariance.dtype, device=covariance.device)
    return deviations * torch.stack([angle.cos(), angle.sin()], -1) @ root.mT


def rigs(frames: int = 8, *, height: int = 480, width: int = 640) -> dict[str, Cameras]:
    """Three stated rigs of cameras, float64, that look at the middle of the floor from 5 m: their names and cameras.

    "parallel": side by side, 0.25 m apart; "converging": on an arc, 0.15 radians apart; "forward": one behind the
    other, from 5 m on, 0.25 m apart. All 2 m over the floor, with 60 degrees from left to right.
    Errors: ValueError for fewer than one frame.
    """
    poses = {"parallel": parallel(frames, 0.25), "converging": arc(frames, 0.15), "forward": forward(frames, 0.25)}
    intrinsics = pinhole(height, width)
    return {name: Cameras(pose, intrinsics, height, width) for name, pose in poses.items()}
