"""How far two boxes are one: intersection over union, of upright rectangles and of solid boxes turned about up."""

import math

import torch
from torch import Tensor


def box_overlap(a: Tensor, b: Tensor) -> Tensor:
    r"""Intersection over union of rectangles.

    .. math:: \frac{|A \cap B|}{|A \cup B|}

    Parameters: a, b of shape (\*batch, 4): left, top, right, bottom in one unit, broadcast. Returns shares (\*batch).
    Assumes sides above 0; a NaN gives a NaN.
    """
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    common = (high - low).clamp(min=0).prod(-1)
    both = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1)
    return common / (both - common)


def solid_overlap(a: Tensor, b: Tensor) -> Tensor:
    r"""Intersection over union of solid boxes that stand upright: the common ground area times the common height.

    Parameters: a, b of shape (\*batch, 7), broadcast: centre x, y, z, sizes along the box's own x, y and z in one
    unit, and its turn about z in radians, from x towards y. Returns shares (\*batch).
    Assumes sizes above 0; a NaN gives a NaN.
    """
    a, b = torch.broadcast_tensors(a, b)
    rows = zip(a.reshape(-1, 7).tolist(), b.reshape(-1, 7).tolist(), strict=True)
    ground = a.new_tensor([_common_ground(*row) for row in rows]).view(a.shape[:-1])
    low = torch.maximum(a[..., 2] - a[..., 5] / 2, b[..., 2] - b[..., 5] / 2)
    high = torch.minimum(a[..., 2] + a[..., 5] / 2, b[..., 2] + b[..., 5] / 2)
    common = ground * (high - low).clamp(min=0)
    return common / (a[..., 3:6].prod(-1) + b[..., 3:6].prod(-1) - common)


def _common_ground(a: list[float], b: list[float]) -> float:
    """Area common to the footprints: b's, seen from a, is cut at a's four sides one after the other.

    Source: Sutherland and Hodgman 1974.
    """
    if not all(map(math.isfinite, a + b)):
        return math.nan
    cos, sin = math.cos(a[6]), math.sin(a[6])
    corners = []
    for i, j in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x, y = i * b[3] / 2, j * b[4] / 2
        x, y = (
            b[0] - a[0] + x * math.cos(b[6]) - y * math.sin(b[6]),
            b[1] - a[1] + x * math.sin(b[6]) + y * math.cos(b[6]),
        )
        corners.append((x * cos + y * sin, y * cos - x * sin))
    for axis in (0, 1):
        for side in (-1, 1):
            corners = _cut(corners, axis, side, a[3 + axis] / 2)
    ring = zip(corners, corners[1:] + corners[:1], strict=True)
    return sum(p[0] * q[1] - p[1] * q[0] for p, q in ring) / 2


def _cut(corners: list, axis: int, side: int, half: float) -> list:
    """The part of a polygon where side * coordinate <= half."""
    kept = []
    for p, q in zip(corners, corners[1:] + corners[:1], strict=True):
        here, there = side * p[axis] - half, side * q[axis] - half
        if here <= 0:
            kept.append(p)
        if (here < 0 < there) or (there < 0 < here):
            share = here / (here - there)
            kept.append((p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])))
    return kept
