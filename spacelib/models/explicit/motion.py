"""How a camera moved, from what two pictures share; and how one set of points lies to another."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from spacelib.models.explicit._wide import wide
from spacelib.models.explicit.triangulation import admitted, triangulate
from spacelib.scenes import Cameras

_ROUNDINGS = 100  # of a few sums of products, whose terms are results themselves


@dataclass(frozen=True)
class Motion:
    """The second camera in the first one's axes: pose (..., 4, 4), as in `Cameras`, its translation of length 1.

    How far it went two pictures do not tell: the unit is the way itself. parallax (...): root mean square distance in
    pixels that a turn alone leaves between the pictures; where it is not well above the pixels' noise, the direction
    is not known. residual (...): what the motion leaves, over the points that have a place; where it is well above the
    noise, the pictures are not of one scene at rest. valid (...): false, pose and residual NaN, with fewer than 8
    points, with points that do not fix a motion (all in one plane, or no parallax), and where no more points lie before
    the cameras than behind them.
    """

    pose: Tensor
    parallax: Tensor
    residual: Tensor
    valid: Tensor


def relative_pose(pixels: Tensor, cameras: Cameras, seen: Tensor | None = None) -> Motion:
    r"""How the camera moved between two pictures, from points that both show.

    .. math:: x_2^\top E\, x_1 = 0, \qquad E = [t]_\times R

    Normalised eight-point algorithm: slopes are centred and scaled, E has the least squared error of the linear
    equations and is brought to two equal singular values; of its four motions that one is taken which has most points
    before both cameras. Of the cameras the intrinsics are used, not the poses.
    Shapes: pixels (..., 2, P, 2), cameras of 2 frames, seen (..., 2, P), None for all. Computed in float64.
    Errors: ValueError and TypeError as `triangulate`; ValueError for another number of frames.
    Source: Longuet-Higgins (1981); Hartley (1997).
    """
    if cameras.frames != 2:
        raise ValueError(f"relative_pose: cameras must have 2 frames, got {cameras.frames}")
    dtype = cameras.pose.dtype
    pixels, seen = admitted("relative_pose", pixels, cameras, seen)
    pixels, cameras = pixels.double(), wide(cameras)
    focal, middle = cameras.intrinsics[..., None, :2], cameras.intrinsics[..., None, 2:]
    both = seen.all(-2)
    slopes = torch.where(both[..., None, :, None], (pixels - middle) / focal, 0.0)
    rays = torch.cat([slopes, torch.ones_like(slopes[..., :1])], -1)
    first, second = rays.unbind(-3)

    scaling = _scaling(slopes, both)
    near, far = (rays @ scaling.mT).unbind(-3)
    rows = torch.where(both[..., None], (far[..., :, None] * near[..., None, :]).flatten(-2), 0.0)
    value, vector = torch.linalg.eigh(rows.mT @ rows)
    essential = scaling[..., 1, :, :].mT @ vector[..., 0].unflatten(-1, (3, 3)) @ scaling[..., 0, :, :]
    poses = _four_motions(essential)
    before, residual = _before(pixels, both, cameras, poses)
    best = before.argmax(-1, keepdim=True)

    turned = first @ _turn(*(torch.nn.functional.normalize(ray, dim=-1) for ray in (first, second)), both).mT
    off = focal.expand(*focal.shape[:-3], 2, 1, 2)[..., 1, :, :] * (turned[..., :2] / turned[..., 2:] - second[..., :2])
    number = both.sum(-1)
    parallax = (torch.where(both, off.square().sum(-1), 0.0).sum(-1) / number.clamp(min=1)).sqrt()
    # fewer than 8 points, one plane or no parallax: several matrices fit, up to roundings of the pixels
    rank = max(_ROUNDINGS * torch.finfo(torch.float64).eps, (_ROUNDINGS * torch.finfo(dtype).eps) ** 2)
    valid = (value[..., 1] > rank * value[..., 8]) & (2 * before.amax(-1) > number)
    pose = poses.gather(-3, best[..., None, None].expand(*valid.shape, 1, 4, 4))[..., 0, :, :]
    pose = torch.where(valid[..., None, None], pose, torch.nan)
    residual = torch.where(valid, residual.gather(-1, best)[..., 0], torch.nan)
    return Motion(pose.to(dtype), parallax.to(dtype), residual.to(dtype), valid)


def align(points: Tensor, to: Tensor, *, scale: bool = False) -> tuple[Tensor, Tensor]:
    r"""The rigid motion (..., 4, 4), and the scale (...), that bring points (..., P, 3) nearest to others.

    .. math:: \min_{s, R, t} \sum_p \lVert s R x_p + t - y_p \rVert^2

    The matrix has s R and t; the scale is 1 unless `scale` frees it. So a reconstruction whose gauge is free is
    compared with the truth, and a camera's metric motion found from points of known depth in both frames.
    Errors: ValueError for shapes that differ, points that are not finite, fewer than 3, or all on one line.
    Source: Kabsch (1976); Umeyama (1991).
    """
    if points.shape != to.shape or points.ndim < 2 or points.shape[-1] != 3 or points.shape[-2] < 3:
        given = f"{tuple(points.shape)} and {tuple(to.shape)}"
        raise ValueError(f"align: points and to must have one shape (..., 3 or more, 3), got {given}")
    if not bool((points.isfinite() & to.isfinite()).all()):
        raise ValueError("align: points and to must be finite")
    here, there = points.mean(-2, keepdim=True), to.mean(-2, keepdim=True)
    away, wanted = points - here, to - there
    for name, spread in (("points", away), ("to", wanted)):
        value = torch.linalg.svdvals(spread)
        if not bool((value[..., 1] > _ROUNDINGS * torch.finfo(points.dtype).eps * value[..., 0]).all()):
            raise ValueError(f"align: {name} must not lie all on one line")
    turn = _turn(away, wanted, torch.ones_like(points[..., 0], dtype=torch.bool))
    factor = torch.ones_like(points[..., 0, 0])
    if scale:
        factor = (wanted * (away @ turn.mT)).sum((-1, -2)) / away.square().sum((-1, -2))
    motion = torch.eye(4, dtype=points.dtype, device=points.device).repeat(*points.shape[:-2], 1, 1)
    motion[..., :3, :3] = factor[..., None, None] * turn
    motion[..., :3, 3] = (there - here @ motion[..., :3, :3].mT)[..., 0, :]
    return motion, factor


def _turn(away: Tensor, wanted: Tensor, used: Tensor) -> Tensor:
    """The rotation (..., 3, 3) that brings vectors (..., P, 3) nearest to others."""
    left, _, right = torch.linalg.svd((wanted * used[..., None]).mT @ away)
    sign = torch.ones_like(left[..., 0])
    sign[..., 2] = torch.linalg.det(left @ right)
    return (left * sign[..., None, :]) @ right


def _scaling(slopes: Tensor, used: Tensor) -> Tensor:
    """For each picture the map (..., 2, 3, 3) that brings the mean of its points to 0 and their mean square to 2."""
    weight = used[..., None, :, None].to(slopes)
    number = weight.sum(-2, keepdim=True).clamp(min=1)
    mean = (slopes * weight).sum(-2, keepdim=True) / number
    square = ((slopes - mean).square() * weight).sum((-1, -2), keepdim=True) / number
    scale = torch.where(square > 0, (2 / torch.where(square > 0, square, 1.0)).sqrt(), 1.0)[..., 0, 0]
    zero, one = torch.zeros_like(scale), torch.ones_like(scale)
    across, down = (-scale * mean[..., 0, i] for i in (0, 1))
    return torch.stack([scale, zero, across, zero, scale, down, zero, zero, one], -1).unflatten(-1, (3, 3))


def _four_motions(essential: Tensor) -> Tensor:
    """The four poses (..., 4, 4, 4) of the second camera that an essential matrix (..., 3, 3) allows."""
    left, _, right = torch.linalg.svd(essential)
    left, right = (side * torch.linalg.det(side)[..., None, None] for side in (left, right))
    quarter = left.new_tensor([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    poses = torch.eye(4, dtype=left.dtype, device=left.device).repeat(*left.shape[:-2], 4, 1, 1)
    for i, (turn, sign) in enumerate((t, s) for t in (quarter, quarter.mT) for s in (1, -1)):
        rotation = left @ turn @ right
        poses[..., i, :3, :3] = rotation.mT
        poses[..., i, :3, 3] = -sign * (rotation.mT @ left[..., 2:])[..., 0]
    return poses


def _before(pixels: Tensor, used: Tensor, cameras: Cameras, poses: Tensor) -> tuple[Tensor, Tensor]:
    """How many points (..., 4) have a place before both cameras, for each of four poses of the second;

    and the root of the mean squared distance in pixels that these leave.
    """
    first = torch.eye(4, dtype=poses.dtype, device=poses.device).expand(poses.shape)
    intrinsics = cameras.intrinsics if cameras.intrinsics.ndim == 1 else cameras.intrinsics[..., None, :, :]
    both = replace(cameras, pose=torch.stack([first, poses], -3), intrinsics=intrinsics)
    found = triangulate(pixels[..., None, :, :, :], both, used[..., None, None, :])
    return found.valid.sum(-1), found.residual.square().nanmean(-1).sqrt()
