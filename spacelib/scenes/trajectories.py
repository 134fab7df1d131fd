"""Where the cameras of a log stand: poses along simple paths, and the step that gives a chosen overlap."""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from spacelib.scenes.cameras import Cameras, overlap, pinhole

_TARGET = (0.0, 0.0, 0.5)  # half a metre above the middle of the floor
_SCAN = 256
_HALVINGS = 60


def look_at(position: Tensor, target: Tensor) -> Tensor:
    """Poses (..., 4, 4) of cameras at `position` (..., 3) that look at `target` (..., 3), upright.

    Errors: ValueError where a camera would look straight up or down, or stands on its target: upright means nothing
    there.
    """
    position, target = torch.broadcast_tensors(position, target)
    forward = target - position
    length = forward.norm(dim=-1, keepdim=True)
    up = torch.zeros_like(forward)
    up[..., 2] = 1
    right = torch.linalg.cross(forward, up)
    # below this the direction of "right" is rounding
    if not bool((right.norm(dim=-1, keepdim=True) > 1e-6 * length).all()):
        raise ValueError("look_at: position must differ from target, and not only in height")
    forward, right = forward / length, right / right.norm(dim=-1, keepdim=True)
    axes = torch.stack([right, torch.linalg.cross(forward, right), forward, position], -1)
    last = torch.zeros_like(axes[..., :1, :])
    last[..., 3] = 1
    return torch.cat([axes, last], -2)


def arc(
    frames: int, step: float, *, distance: float = 5.0, above: float = 2.0, target: Sequence[float] = _TARGET
) -> Tensor:
    """Poses (frames, 4, 4), float64, on an arc round the target, `step` radians apart, all looking at it.

    The arc is centred before the target, at `distance` metres on the floor, `above` metres over it.
    """
    angle, at = _offsets(frames, step), _place(target)
    place = at + torch.stack([distance * angle.sin(), -distance * angle.cos(), torch.zeros_like(angle)], -1)
    place[..., 2] = above
    return look_at(place, at)


def parallel(
    frames: int, step: float, *, distance: float = 5.0, above: float = 2.0, target: Sequence[float] = _TARGET
) -> Tensor:
    """Poses (frames, 4, 4), float64, side by side, `step` metres apart, parallel; the middle looks at the target."""
    poses = _start(distance, above, target).repeat(frames, 1, 1)
    poses[:, 0, 3] += _offsets(frames, step)
    return poses


def forward(
    frames: int, step: float, *, distance: float = 5.0, above: float = 2.0, target: Sequence[float] = _TARGET
) -> Tensor:
    """Poses (frames, 4, 4), float64, from `distance` metres before the target on, `step` metres forward each."""
    poses = _start(distance, above, target).repeat(frames, 1, 1)
    poses[:, 1, 3] += step * torch.arange(frames, dtype=torch.float64)
    return poses


def turn(
    frames: int, step: float, *, distance: float = 5.0, above: float = 2.0, target: Sequence[float] = _TARGET
) -> Tensor:
    """Poses (frames, 4, 4), float64, in one place, turned by `step` radians each; the middle looks at the target."""
    start, angle = _start(distance, above, target), _offsets(frames, step)
    poses = start.repeat(frames, 1, 1)
    poses[:, :3, :3] = about_up(angle) @ start[:3, :3]
    return poses


def with_overlap(
    path: Callable[..., Tensor],
    share: float,
    frames: int,
    *,
    depth: float = 5.0,
    height: int = 64,
    width: int = 64,
    field_of_view: float = math.pi / 3,
    **layout,
) -> Cameras:
    """Cameras on a path whose step is such that frames 1 and 2 overlap by a chosen share.

    The overlap is that of `overlap` at one depth, frame 2 seen from frame 1. The step is the first at which it falls to
    `share`, found by a scan (of 256 steps up to pi radians for `arc` and `turn`, up to four depths otherwise) and
    bisection. A count of pixels jumps: what is attained differs from `share` by less than one row or column of pixels
    at each border that a frame has, 2/height + 2/width.
    Parameters: path, one of arc, parallel, forward, turn; share in (0, 1]; frames >= 2; depth in metres; the image in
    pixels; `layout` goes to the path (distance, above, target).
    Errors: ValueError for a share outside (0, 1], fewer than 2 frames, or a share that no step attains (on an arc all
    cameras look at one target: little can be made to leave the image).
    """
    if not 0 < share <= 1:
        raise ValueError(f"with_overlap: share must be in (0, 1], got {share!r}")
    if frames < 2:
        raise ValueError(f"with_overlap: frames must be at least 2, got {frames}")
    intrinsics = pinhole(height, width, field_of_view)

    def at(step: float) -> Cameras:
        return Cameras(path(frames, step, **layout), intrinsics, height, width)

    def attained(step: float) -> float:
        return overlap(at(step).subset([0, 1]), depth)[0, 1].item()

    longest = math.pi if path in (arc, turn) else 4 * depth
    lowest, near = 1.0, 0.0
    for k in range(_SCAN + 1):
        far = longest * k / _SCAN
        now = attained(far)
        lowest = min(lowest, now)
        if now <= share:
            break
        near = far
    else:
        raise ValueError(f"with_overlap: share must be one that the path attains, at least {lowest:.4g}, got {share!r}")
    for _ in range(_HALVINGS):
        middle = (near + far) / 2
        near, far = (near, middle) if attained(middle) <= share else (middle, far)
    return at(far)


def about_up(angle: Tensor) -> Tensor:
    """Rotations (..., 3, 3) by an angle in radians about the world's z axis, from x towards y."""
    cos, sin, zero = angle.cos(), angle.sin(), torch.zeros_like(angle)
    rows = (cos, -sin, zero, sin, cos, zero, zero, zero, torch.ones_like(angle))
    return torch.stack(rows, -1).reshape(*angle.shape, 3, 3)


def _offsets(frames: int, step: float) -> Tensor:
    """Multiples of the step, centred at 0."""
    if frames < 1:
        raise ValueError(f"frames must be at least 1, got {frames}")
    return step * (torch.arange(frames, dtype=torch.float64) - (frames - 1) / 2)


def _place(target: Sequence[float]) -> Tensor:
    return torch.as_tensor(target, dtype=torch.float64)


def _start(distance: float, above: float, target: Sequence[float]) -> Tensor:
    """The pose `distance` metres before the target and `above` metres over the floor, looking at it."""
    at = _place(target)
    return look_at(torch.stack([at[0], at[1] - distance, torch.as_tensor(above, dtype=at.dtype)]), at)
