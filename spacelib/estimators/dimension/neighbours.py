"""Euclidean distances to the nearest neighbours, of all rows and of disjoint groups of them.

Two routes to the same distances.
- "tree", on the CPU in few columns: scipy's k-d tree.
- "products", on a GPU or in many columns: |a|^2 + |b|^2 - 2 ab by matrix products, for a few more candidates than asked
  for. Where its rounding could be seen, differences give the distances to the candidates; where it could have hidden a
  nearer point, the row is done again: by products of double precision if those were of single precision, which on the
  CPU are tried first among many points, for half the cost; else by the differences from all points.
"""

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from scipy.spatial import cKDTree
from torch import Tensor

from spacelib.estimators.continuous.neighbours import TREE_DIMENSIONS
from spacelib.estimators.dimension._groups import log_scale_estimate, random_groups, unit_scale
from spacelib.estimators.result import Estimate

Part = TypeVar("Part")

_SPARE = 2  # candidates beyond those asked for
_CELLS = {"cpu": 1 << 20, "cuda": 1 << 24}  # products held at once: single ones of 4 MiB, double ones of 128 MiB
_CLOSE = 1e-12  # the square of a distance may be off by this share
_SINGLE = 1e-20, 1e30  # squared norms, the largest among them, of which single precision neither over- nor underflows
_WORTH = 100  # points for each candidate: from here on the differences cost less than single precision saves
_MOST = 1e6  # a dimension beyond it is made of rounding: the ratios of distances are 1 to one part in a million


def nearest_distances(rows: Tensor, k: int, route: str = "auto") -> Tensor:
    """Distances (samples, k) of each row of (samples, features) to its k nearest others, ascending; float64."""
    if route == "auto":
        route = "tree" if rows.device.type == "cpu" and rows.shape[1] <= TREE_DIMENSIONS else "products"
    if route == "tree":
        far, _ = cKDTree(rows.numpy()).query(rows.numpy(), k=k + 1, workers=torch.get_num_threads())
        return torch.from_numpy(far[:, 1:])
    near, left = rows.new_empty(len(rows), k), torch.arange(len(rows), device=rows.device)
    for precision in _precisions(rows, k):
        left = _by_products(rows, left, near, precision) if len(left) else left
    for row in left.tolist():
        every = torch.linalg.vector_norm(rows - rows[row], dim=1)
        every[row] = torch.inf
        near[row] = every.topk(k, largest=False).values
    return near


def _precisions(rows: Tensor, k: int) -> tuple[torch.dtype, ...]:
    """Of the products: single only on the CPU, where it pays, in its range, and unless torch is told to cut digits."""
    least, most = _SINGLE
    pays = rows.device.type == "cpu" and len(rows) >= _WORTH * (k + _SPARE)
    whole = torch.backends.mkldnn.matmul.fp32_precision in ("none", "ieee")
    if pays and whole and least < rows.square().sum(1).max() < most:
        return torch.float32, torch.float64
    return (torch.float64,)


def _by_products(rows: Tensor, left: Tensor, near: Tensor, precision: torch.dtype) -> Tensor:
    """Write the distances of the rows numbered `left` into `near` (samples, k); the numbers of those not certain."""
    (many, features), k = rows.shape, near.shape[1]
    wanted = min(k + _SPARE, many - 1)
    block = max(1, round(math.sqrt(many / wanted)))  # the fewest candidates in `_smallest`: many/block + wanted * block
    width = -(-many // block) * block
    squares = rows.square().sum(1)
    columns = rows.new_zeros(features + 1, width, dtype=precision)
    columns[:-1, :many] = -2 * rows.T
    columns[-1] = torch.inf  # columns that fill up the last block are infinitely far
    columns[-1, :many] = squares
    # A sum of D + 1 products is off by at most D + 1 units of |b|(2|a| + |b|), a square by D of its own.
    norms = squares.sqrt()
    off = (features + 4) * torch.finfo(precision).eps * (norms + norms.max()).square()
    size = max(1, _CELLS.get(rows.device.type, 1 << 24) // width)

    def tile(start: int) -> Tensor:
        own = left[start : start + size]
        here = rows[own]
        products = torch.cat([here, here.new_ones(len(own), 1)], 1).to(precision) @ columns
        products[torch.arange(len(own), device=rows.device), own] = torch.inf
        values, index = _smallest(products, wanted, block)
        squared = values.to(rows.dtype) + squares[own, None]  # the products lacked the row's own
        beyond = squared.amax(1) - off[own]  # what is no candidate is no nearer
        seen = (off[own] > _CLOSE * squared.amin(1)).nonzero()[:, 0]
        if len(seen):
            squared[seen] = torch.linalg.vector_norm(rows[index[seen]] - here[seen, None], dim=-1).square_()
        squared = _ascending(squared)
        near[own] = squared[:, :k].sqrt()
        hidden = squared[seen, k - 1] * (1 + _CLOSE) > beyond[seen]
        return own[seen[hidden]]

    unsure = torch.cat(_by_threads(tile, range(0, len(left), size), rows.device))
    return unsure if wanted < many - 1 else unsure[:0]


def _by_threads(work: Callable[[Part], Tensor], parts: Sequence[Part], device: torch.device) -> list[Tensor]:
    """`work` on each part, on the CPU by as many threads as torch would take, in each of which torch takes one.

    Torch's own threads meet after every operation, and wait there for each other where other work shares the cores.
    """
    threads = torch.get_num_threads() if device.type == "cpu" and len(parts) > 1 else 1
    if threads == 1:
        return [work(part) for part in parts]
    try:
        with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(work, parts))
    finally:
        torch.set_num_threads(threads)  # of this thread it has not changed; those made later take the last that was set


def _smallest(values: Tensor, wanted: int, block: int) -> tuple[Tensor, Tensor]:
    """The `wanted` smallest values of each row and their columns, in no order.

    Column c belongs to block c modulo the number of blocks. The smallest values lie in the blocks whose least values
    are the smallest; only there are all columns looked at.
    """
    blocks = values.shape[1] // block
    chosen = _places(values.view(len(values), block, blocks).amin(1), min(wanted, blocks))
    columns = (chosen[:, None] + blocks * torch.arange(block, device=values.device)[:, None]).flatten(1)
    candidates = values.gather(1, columns)
    place = _places(candidates, wanted)
    return candidates.gather(1, place), columns.gather(1, place)


def _places(values: Tensor, wanted: int) -> Tensor:
    """Where in each row its `wanted` smallest values stand, in no order; numpy finds them faster than torch."""
    if values.device.type == "cpu":
        return torch.from_numpy(np.argpartition(values.numpy(), wanted - 1, axis=1)[:, :wanted])
    return values.topk(wanted, largest=False, sorted=False).indices


def _ascending(values: Tensor) -> Tensor:
    """Each row sorted; short rows numpy sorts ten times as fast as torch."""
    if values.device.type == "cpu":
        return torch.from_numpy(np.sort(values.numpy(), axis=1))
    return values.sort(1).values


@dataclass(frozen=True)
class Neighbourhoods:
    """Distances (rows, k) of all rows and of each group among its own rows; what was done about repeated rows."""

    whole: Tensor
    groups: list[Tensor]
    note: str


def neighbourhoods(
    function: str, rows: Tensor, codes: Tensor, k: int, generator: torch.Generator | None
) -> Neighbourhoods:
    """Neighbours of distinct rows: of rows that are equal in every column the first is kept.

    Errors: ValueError for fewer rows than 5 groups of 3 k, and for rows that differ by less than squares can show.
    """
    rows, note = unit_scale(rows), ""
    groups = random_groups(function, codes, 3 * k, generator, rows.device)
    whole = nearest_distances(rows, k)
    if bool((whole[:, 0] == 0).any()):
        first = _first_of_equal(rows)
        note = f"; {len(rows) - len(first):,} repeated rows left out"
        rows = rows[first]
        groups = random_groups(function, codes[first.cpu()], 3 * k, generator, rows.device)
        whole = nearest_distances(rows, k)
        if bool((whole[:, 0] == 0).any()):
            raise ValueError(
                f"{function}: two rows of x differ by less than 1e-150 of its largest entry; round or rescale it"
            )
    apart = _by_threads(lambda group: nearest_distances(rows[group], k), groups, rows.device)
    return Neighbourhoods(whole, apart, note)


def _first_of_equal(rows: Tensor) -> Tensor:
    """Numbers of the rows that equal none before them, ascending."""
    _, code = torch.unique(rows, dim=0, return_inverse=True)
    first = torch.full((int(code.max()) + 1,), len(rows), device=rows.device)
    first.scatter_reduce_(0, code, torch.arange(len(rows), device=rows.device), "amin")
    return first.sort().values


def estimate_from(function: str, near: Neighbourhoods, statistic: Callable[[Tensor], Tensor], words: str) -> Estimate:
    """The statistic of all rows; its standard error from the spread of that of the groups.

    Terms of points that share neighbours are dependent, so that independent terms would promise errors a fifth to a
    quarter too small. Groups share no points: the spread of their estimates over the root of their number is the error
    of the whole, as long as the variance falls as 1 / samples.
    """
    values = torch.stack([statistic(distances) for distances in (near.whole, *near.groups)])
    if not bool((values < _MOST).all()):
        raise ValueError(
            f"{function}: the neighbours of every point are equally far to one part in a million; no dimension follows"
        )
    groups = len(near.groups)
    error = values[1:].log().std().item() / groups**0.5
    method = f"{words}; error from {groups} groups{near.note}"
    return log_scale_estimate(values[0].item(), error, groups, len(near.whole), method)
