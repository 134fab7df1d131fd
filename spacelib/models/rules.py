"""Rules that choose frames without looking at them: by their place in the sequence, by chance, by where the cameras stand."""

import torch
from torch import Tensor


def uniform_frames(frames: int, budget: int) -> tuple[int, ...]:
    """Frames evenly spread over a sequence: the middles of `budget` equal parts. Errors: ValueError for a budget outside 1 to `frames`."""
    _require_budget("uniform_frames", frames, budget)
    return tuple(int((i + 0.5) * frames / budget) for i in range(budget))


def random_frames(frames: int, budget: int, *, generator: torch.Generator) -> tuple[int, ...]:
    """Frames drawn by chance, without repetition. Errors: as `uniform_frames`."""
    _require_budget("random_frames", frames, budget)
    return tuple(torch.randperm(frames, generator=generator)[:budget].tolist())


def farthest_poses(poses: Tensor, budget: int, *, first: int = 0) -> tuple[int, ...]:
    """Cameras one after the other, each the one whose centre is farthest from those chosen.

    Parameters: poses (K, 4, 4), camera to world; budget, 1 to K; first, the frame to begin with. Ties go to the lowest frame.
    Errors: ValueError for poses of another shape or not finite, a budget or a first frame outside the K.
    Source: farthest-point sampling, Gonzalez 1985.
    """
    poses = _checked("farthest_poses", poses, budget, first)
    centre = poses[:, :3, 3]
    return _farthest(torch.cdist(centre, centre), torch.ones(len(poses), dtype=torch.float64), budget, first)


def diverse_poses(poses: Tensor, budget: int, *, sharpness: Tensor | None = None, first: int | None = None) -> tuple[int, ...]:
    r"""Cameras one after the other, each far in place and direction from those chosen, and sharp.

    .. math:: d_{ij} = \sqrt{(v_i - v_j)^\top C^{+} (v_i - v_j)}, \qquad v = (\text{centre}, \text{viewing direction})

    The Mahalanobis distance, C the covariance of all v and C+ its pseudo-inverse; the next frame has the largest product of its
    sharpness and its least distance to those chosen. A rule of the kind that picks key frames for prompting (SpatialPrompting, Taguchi et al.
    2025), in our own form.
    Parameters: poses (K, 4, 4), camera to world; budget, 1 to K; sharpness (K,) above 0, by default all alike; first, by default the sharpest.
    Errors: as `farthest_poses`; ValueError for sharpness of another shape or not above 0.
    """
    poses = _checked("diverse_poses", poses, budget, 0 if first is None else first)
    sharp = torch.ones(len(poses), dtype=torch.float64) if sharpness is None else torch.as_tensor(sharpness).double()
    if sharp.shape != (len(poses),) or not bool((sharp > 0).all() and sharp.isfinite().all()):
        raise ValueError(f"diverse_poses: sharpness must be {len(poses)} finite numbers above 0, got shape {tuple(sharp.shape)}, least {sharp.min().item()!r}")
    place = torch.cat([poses[:, :3, 3], poses[:, :3, 2]], 1)  # z looks forward
    place = place - place.mean(0)
    values, axes = torch.linalg.eigh(place.T @ place / len(place))
    spread = values > values.max() * 1e-12  # directions in which the cameras do not differ do not count
    white = place @ axes[:, spread] / values[spread].sqrt()
    return _farthest(torch.cdist(white, white), sharp, budget, int(sharp.argmax()) if first is None else first)


def _farthest(distance: Tensor, weight: Tensor, budget: int, first: int) -> tuple[int, ...]:
    order = [first]
    for _ in range(budget - 1):
        least = distance[order].amin(0) * weight
        least[order] = -1.0
        order.append(int(least.argmax()))
    return tuple(order)


def _checked(function: str, poses: Tensor, budget: int, first: int) -> Tensor:
    poses = torch.as_tensor(poses).double()
    if poses.ndim != 3 or poses.shape[1:] != (4, 4) or not bool(poses.isfinite().all()):
        raise ValueError(f"{function}: poses must be finite and of shape (frames, 4, 4), got {tuple(poses.shape)}")
    _require_budget(function, len(poses), budget)
    if not 0 <= first < len(poses):
        raise ValueError(f"{function}: first must be a frame from 0 to {len(poses) - 1}, got {first!r}")
    return poses


def _require_budget(function: str, frames: int, budget: int) -> None:
    if not isinstance(budget, int) or isinstance(budget, bool) or not 1 <= budget <= frames:
        raise ValueError(f"{function}: budget must be an integer from 1 to the {frames} frames, got {budget!r}")
