"""Solids from tracks: the upright box or the ball that the points of each object lie on."""

import math

import torch
from torch import Tensor

from spacelib.models.explicit.triangulation import triangulate
from spacelib.scenes import BOX, SPHERE, Cameras, Scenes, Tracks
from spacelib.scenes.trajectories import about_up

_FEWEST = 4  # points that fix a ball
_ANGLES = 180  # of a footprint, half a degree apart
_LEAST = 0.01  # metres: smaller sizes are not told from none
_KNOWN = 2.0  # times the middle deviation of an object's points: those known worse are left out


def reconstruct(tracks: Tracks, cameras: Cameras) -> Scenes:
    """The scenes that tracks show, as boxes and balls, by triangulation in the cameras as they are believed.

    Each object's points are triangulated. A ball is fitted to them by linear least squares, and a box: the upright one
    of least footprint that holds them all. The object is the one of the two whose surface is nearer to its points, a
    ball only where it is no larger than twice what is seen of it. Its colour is grey and it stands still: neither is
    measured. Points whose deviation is over twice the middle one of their object are left out; an object with fewer
    than 4 points is not present.
    Assumes objects at rest, and objects and sightings matched rightly (`Tracks.owner`). A size is what is seen of it:
    too small where a side has no point, and too large by noise.
    Shapes: tracks of B scenes and K frames, cameras of K frames.
    Errors: as `triangulate`.
    """
    found = triangulate(tracks.pixels, cameras, tracks.seen)
    spread = found.covariance.diagonal(dim1=-2, dim2=-1).sum(-1).sqrt()
    objects = [_solid(found.points[:, own], spread[:, own]) for own in _members(tracks.owner)]
    kind, centre, size, yaw, present = (torch.stack(values, 1) for values in zip(*objects, strict=True))
    return Scenes(kind, centre, size, yaw, torch.full_like(centre, 0.5), torch.zeros_like(centre), present)


def _members(owner: Tensor) -> list[Tensor]:
    """The points of each object."""
    return [(owner == n).nonzero()[:, 0] for n in range(int(owner.max()) + 1)]


def _solid(points: Tensor, spread: Tensor) -> tuple[Tensor, ...]:
    """Kind (B,), centre (B, 3), size (B, 3), yaw (B,) and presence (B,) of one object from points (B, P, 3)."""
    used = spread <= _KNOWN * spread.nanmedian(-1, keepdim=True).values  # false for points without a place
    present = used.sum(-1) >= _FEWEST
    used = used | ~present[:, None]
    points = torch.where((used & present[:, None])[..., None], points, 0.0)
    box_centre, box_size, yaw, box_off = _box(points, used)
    ball_centre, diameter, ball_off = _ball(points, used)
    ball = (ball_off < box_off) & (diameter <= 2 * box_size.amax(-1))
    size = torch.where(ball[:, None], diameter[:, None], box_size).clamp(min=_LEAST)
    centre = torch.where(ball[:, None], ball_centre, box_centre)
    kind = torch.where(ball, SPHERE, BOX)
    still = torch.zeros_like(centre)
    return kind, torch.where(present[:, None], centre, still), size, torch.where(ball, 0.0, yaw), present


def _box(points: Tensor, used: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Centre, size, yaw of the upright box of least footprint round points, and their root mean square way to it."""
    angles = torch.arange(_ANGLES, dtype=points.dtype, device=points.device) * (math.pi / 2 / _ANGLES)
    along, aside = torch.stack([angles.cos(), angles.sin()]), torch.stack([-angles.sin(), angles.cos()])
    sides = torch.stack([points[..., :2] @ along, points[..., :2] @ aside], -1)
    low, high = _ends(sides, used[..., None, None])
    yaw = angles[(high - low).prod(-1).argmin(-1)]
    turn = about_up(yaw)
    own = points @ turn
    low, high = _ends(own, used[..., None])
    way = torch.minimum(own - low[:, None], high[:, None] - own).amin(-1)
    centre = (turn @ ((low + high) / 2)[..., None])[..., 0]
    return centre, high - low, yaw, _root_mean_square(way, used)


def _ball(points: Tensor, used: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    r"""Centre and diameter of the ball 2 c'p + r^2 - c'c = p'p of points, and their root mean square way to it."""
    weight = used.to(points)
    middle = (points * weight[..., None]).sum(-2, keepdim=True) / weight.sum(-1)[:, None, None]
    away = (points - middle) * weight[..., None]
    rows = torch.cat([2 * away, weight[..., None]], -1)
    solution = (torch.linalg.pinv(rows) @ away.square().sum(-1, keepdim=True))[..., 0]
    centre = solution[:, None, :3]
    radius = (solution[:, 3] + centre[:, 0].square().sum(-1)).clamp(min=0).sqrt()
    way = ((points - middle) - centre).norm(dim=-1) - radius[:, None]
    return (middle + centre)[:, 0], 2 * radius, _root_mean_square(way, used)


def _ends(values: Tensor, used: Tensor) -> tuple[Tensor, Tensor]:
    """Least and greatest of the values used, along the points' axis 1."""
    return torch.where(used, values, math.inf).amin(1), torch.where(used, values, -math.inf).amax(1)


def _root_mean_square(way: Tensor, used: Tensor) -> Tensor:
    return (torch.where(used, way, 0.0).square().sum(-1) / used.sum(-1)).sqrt()
