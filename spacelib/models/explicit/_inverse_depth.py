"""Points as the first camera that sees them writes them: two slopes and an inverse depth.

In these a homogeneous point is linear, and so is its picture in every camera before the division by its depth there;
points far away are ordinary, and cameras side by side have a problem that is linear altogether. The inverse depth is in
one over the `unit`, the cameras' spread.
"""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.models.explicit._symmetric import Factors, Matrix, Vector
from spacelib.scenes import Cameras


class Place(NamedTuple):
    """Slopes to the right and down, and inverse depth, (..., P) each."""

    across: Tensor
    down: Tensor
    depth: Tensor

    def minus(self, move: Vector) -> "Place":
        """This place less a step."""
        return Place(*(a - b for a, b in zip(self, move, strict=True)))


@dataclass(frozen=True)
class Sightings:
    """Where each of V cameras sees P points, and how a place is seen there.

    plane and weight: slopes of the rays and pixels per slope, (..., V, P), for right and for down, weight 0 where a
    point is not seen; coefficient[i][j] (..., V, P): what the j-th of (across, down, 1, inverse depth) adds to the i-th
    coordinate in each camera. own (..., P, 4, 4): pose of the first camera that sees a point; unit (..., 1) in the
    cameras' lengths. views (..., P): how many cameras see a point; baseline (..., P): the longest way from the first of
    them to another, in units; reach (..., 1): the largest coordinate of a camera, in units.
    """

    seen: Tensor
    plane: tuple[Tensor, Tensor]
    weight: tuple[Tensor, Tensor]
    coefficient: tuple[tuple[Tensor, ...], ...]
    own: Tensor
    unit: Tensor
    views: Tensor
    baseline: Tensor
    reach: Tensor

    @staticmethod
    def of(pixels: Tensor, cameras: Cameras, seen: Tensor) -> "Sightings":
        """From pixels (..., V, P, 2) and a mask (..., V, P), over one batch."""
        batch, (frames, points) = seen.shape[:-2], seen.shape[-2:]
        pose = cameras.pose.expand(*batch, frames, 4, 4)
        focal, middle = cameras.intrinsics[..., None, :2], cameras.intrinsics[..., None, 2:]
        plane, weight = (pixels - middle) / focal, seen[..., None] * focal
        centre, rotation = pose[..., :3, 3], pose[..., :3, :3]
        spread = (centre - centre.mean(-2, keepdim=True)).square().sum((-1, -2), keepdim=True).sqrt()
        unit = torch.where(spread > 0, spread, 1.0)
        # from every camera r to every camera k: turn and, in units, offset; then each point takes those of its own r
        turn = rotation.mT[..., None, :, :, :] @ rotation[..., :, None, :, :]
        offset = rotation.mT[..., None, :, :, :] @ (centre[..., :, None, :] - centre[..., None, :, :])[..., None]
        between = torch.cat([turn, offset / unit[..., None, None]], -1).flatten(-3)
        order = torch.arange(frames, device=seen.device)[:, None]
        own = (seen & (order == seen.to(torch.int8).argmax(-2, keepdim=True))).to(pose)
        taken = (between.mT @ own).unflatten(-2, (frames, 3, 4))
        coefficient = tuple(tuple(taken[..., i, j, :].contiguous() for j in range(4)) for i in range(3))
        along = torch.stack([row[3] for row in coefficient], -1).norm(dim=-1)
        return Sightings(
            seen,
            tuple(plane[..., i].contiguous() for i in (0, 1)),
            tuple(weight[..., i].contiguous().expand(*batch, frames, points) for i in (0, 1)),
            coefficient,
            (own.mT @ pose.flatten(-2)).unflatten(-1, (4, 4)),
            unit[..., 0],
            seen.sum(-2),
            torch.where(seen, along, 0.0).amax(-2),
            (centre / unit).abs().amax((-1, -2))[..., None],
        )

    def linear(self) -> tuple[Matrix, Vector]:
        """Normal equations of the linear start, at the place 0."""
        depth = self.coefficient[2]
        rows = []
        for side, plane, weight in zip(self.coefficient, self.plane, self.weight, strict=False):
            rows.append([weight * (a - plane * b) for a, b in zip(side, depth, strict=True)])
        return _normal([(across, down, inverse, rest) for across, down, rest, inverse in rows])

    def quadratic(self, place: Place) -> tuple[Tensor, Matrix, Vector]:
        """The sum of squared distances in pixels at a place, and the normal equations of its linearisation there."""
        x, y, z = (self._coordinate(i, place) for i in range(3))
        z = torch.where(self.seen, z, 1.0)
        depth, rows, cost = self.coefficient[2], [], 0.0
        for value, side, plane, weight in zip((x, y), self.coefficient, self.plane, self.weight, strict=False):
            slope, scale = value / z, weight / z
            error = weight * (slope - plane)
            cost = cost + (error * error).sum(-2)
            rows.append((*(scale * (side[j] - slope * depth[j]) for j in (0, 1, 3)), error))
        return cost, *_normal(rows)

    def square_information(self, place: Place) -> tuple[Tensor, Tensor]:
        """What pixels of variance 1 would tell of the inverse depth if all rays were square to the offsets, (..., P);

        and whether the place lies before all cameras that see it.
        """
        z = torch.where(self.seen, self._coordinate(2, place), 1.0)
        square = sum(row[3] * row[3] for row in self.coefficient)
        scale = torch.maximum(*self.weight) / z
        return (scale * scale * square).sum(-2), (z > 0).all(-2)

    def world(self, place: Place, factors: Factors) -> tuple[Tensor, Tensor]:
        """Points (..., P, 3), and roots (..., P, 3, 3) of their covariances for pixels of variance 1."""
        one, zero = torch.ones_like(place.down), torch.zeros_like(place.down)
        ray = torch.stack([place.across, place.down, one], -1)
        by_depth = -ray / place.depth[..., None]
        moved = torch.stack([torch.stack([one, zero, zero], -1), torch.stack([zero, one, zero], -1), by_depth], -1)
        rotation, depth = self.own[..., :3, :3], (self.unit / place.depth)[..., None]
        points = self.own[..., :3, 3] + depth * (rotation @ ray[..., None])[..., 0]
        return points, depth[..., None] * (rotation @ moved @ factors.root())

    def _coordinate(self, i: int, place: Place) -> Tensor:
        across, down, one, inverse = self.coefficient[i]
        sides = ((across, place.across), (down, place.down), (inverse, place.depth))
        for coefficient, value in sides:
            one = torch.addcmul(one, coefficient, value[..., None, :])
        return one


def _normal(rows: list[tuple[Tensor, ...]]) -> tuple[Matrix, Vector]:
    """Normal equations of rows (derivatives by three unknowns, error), (..., V, P) each, summed over the cameras."""

    def product(i: int, j: int) -> Tensor:
        return sum((row[i] * row[j]).sum(-2) for row in rows)

    pairs = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
    return tuple(product(i, j) for i, j in pairs), tuple(product(i, 3) for i in range(3))
