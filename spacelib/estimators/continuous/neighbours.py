"""Nearest neighbours in the maximum norm: how many points of each margin lie nearer than the k-th neighbour of the whole.

Two routes to the same integers. Both take distances as the largest of exact differences, so that a point on a ball's
rim is on it in the whole and in the margins alike.
- "tree", on the CPU in low dimension: scipy's k-d tree finds the k-th neighbours; the margins are counted by tiles of
  points that are near each other (leaves of a tree), beside only those points that the tile's largest ball can reach.
- "brute", on a GPU or in high dimension: all distances, tile by tile.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from scipy.spatial import cKDTree
from scipy.spatial.distance import cdist
from torch import Tensor

TREE_DIMENSIONS = 16  # above it a k-d tree on the CPU visits nearly all points and brute force is faster
_LEAF = 32  # points of a tile of near points: measured best between 16 and 256
_TILE = 1 << 15  # distances of a tile on the CPU: they stay in the cache, and torch does not split its work over threads
_CELLS = 1 << 24  # distances held at once on another device: 128 MiB

Margin = tuple[int, ...]


def neighbour_counts(
    blocks: list[Tensor], k: int, margins: Sequence[Margin], *, rims: bool = False, route: str = "auto"
) -> list[Tensor]:
    """For each margin (a tuple of block numbers), how many points lie in each point's ball there, itself included.

    The ball reaches to the k-th nearest other point of all blocks together, its rim left out. With rims, the ball of
    each margin is as wide as the k nearest points spread in it, rim included (the second algorithm of Kraskov et al.).
    Errors: ValueError where more than k points coincide, so that a ball is empty.
    """
    if route == "auto":
        low = sum(block.shape[1] for block in blocks) <= TREE_DIMENSIONS
        route = "tree" if blocks[0].device.type == "cpu" and low else "brute"
    counts = (_by_tree if route == "tree" else _by_tiles)(blocks, k, margins, rims)
    require_balls(counts, k)
    return counts


def require_balls(counts: list[Tensor], k: int) -> None:
    """Raise ValueError where a ball does not even hold its own centre: its radius is 0."""
    if any(bool((count < 1).any()) for count in counts):
        raise ValueError(f"nearest neighbours: more than k = {k} points coincide, even after the jitter; take a larger k")


def distances(rows: Tensor, points: Tensor) -> Tensor:
    """Maximum-norm distances (rows, points)."""
    if rows.device.type == "cpu":
        return torch.from_numpy(cdist(rows.numpy(), points.numpy(), "chebyshev"))
    far = (rows[:, :1] - points[:, 0]).abs_()  # one column at a time: torch's cdist is slow where columns are few
    for column in range(1, rows.shape[1]):
        torch.maximum(far, (rows[:, column : column + 1] - points[:, column]).abs_(), out=far)
    return far


def over_tiles(work: Callable[[slice], Tensor], samples: int, device: torch.device, matrices: int) -> list[Tensor]:
    """`work` on every tile of rows, so many that `matrices` distance matrices of a tile fit; on the CPU by all its cores."""
    on_cpu = device.type == "cpu"
    size = max(1, (_TILE if on_cpu else _CELLS // matrices) // samples)
    tiles = [slice(start, start + size) for start in range(0, samples, size)]
    with ThreadPoolExecutor(os.cpu_count() if on_cpu else 1) as pool:
        return list(pool.map(work, tiles))


def _by_tree(blocks: list[Tensor], k: int, margins: Sequence[Margin], rims: bool) -> list[Tensor]:
    whole = torch.cat(blocks, 1).numpy()
    far, near = cKDTree(whole).query(whole, k=k + 1, p=np.inf, workers=os.cpu_count() or 1)
    counts = []
    for margin in margins:
        part = torch.cat([blocks[b] for b in margin], 1)
        if rims:  # the farthest of the k nearest, the rim inside: the next larger number
            radius = (part[torch.from_numpy(near)] - part[:, None]).abs().amax((1, 2))
            radius = torch.nextafter(radius, torch.full_like(radius, torch.inf))
        else:
            radius = torch.from_numpy(far[:, k])
        counts.append(_count(part, radius))
    return counts


def _count(points: Tensor, radius: Tensor) -> Tensor:
    """Points nearer than `radius` to each, itself included, by tiles of near points, on all cores."""
    order = cKDTree(points.numpy(), leafsize=_LEAF).indices
    ordered, reach = points.numpy()[order], radius.numpy()[order]
    columns = np.ascontiguousarray(ordered.T)
    counts = np.empty(len(order), dtype=np.int64)

    def tile(start: int) -> None:
        rows, ball = ordered[start : start + _LEAF], reach[start : start + _LEAF]
        low, high = rows.min(0) - ball.max(), rows.max(0) + ball.max()
        # An ulp of rounding in the box's edges could lose a point just inside: widen it by more than that.
        slack = 1e-14 * np.maximum(np.abs(low), np.abs(high))
        near = ((columns >= (low - slack)[:, None]) & (columns <= (high + slack)[:, None])).all(0)
        inside = cdist(rows, ordered[near], "chebyshev") < ball[:, None]
        counts[order[start : start + _LEAF]] = np.count_nonzero(inside, axis=1)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(tile, range(0, len(order), _LEAF)))
    return torch.from_numpy(counts)


def _by_tiles(blocks: list[Tensor], k: int, margins: Sequence[Margin], rims: bool) -> list[Tensor]:
    def tile(rows: slice) -> Tensor:
        far = [distances(block[rows], block) for block in blocks]
        nearest, index = largest(far).topk(k + 1, largest=False)
        parts = [largest([far[b] for b in margin]) for margin in margins]
        if rims:
            return torch.stack([(part <= part.gather(1, index).amax(1, keepdim=True)).sum(1) for part in parts], 1)
        return torch.stack([(part < nearest[:, k:]).sum(1) for part in parts], 1)

    matrices = len(blocks) + len(margins) + 2
    counts = torch.cat(over_tiles(tile, len(blocks[0]), blocks[0].device, matrices))
    return list(counts.unbind(1))


def largest(distances: list[Tensor]) -> Tensor:
    """The elementwise largest of several matrices: the maximum-norm distance of the blocks together."""
    whole = distances[0]
    for other in distances[1:]:
        whole = torch.maximum(whole, other)
    return whole
