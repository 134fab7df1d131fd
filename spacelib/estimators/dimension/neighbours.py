"""Euclidean distances to the nearest neighbours, of all rows and of disjoint groups of them.

Two routes to the same distances.
- "tree", on the CPU in few columns: scipy's k-d tree.
- "products", on a GPU or in many columns: |a|^2 + |b|^2 - 2 ab by matrix products, for a few more candidates than asked
  for. Where its rounding could be seen (points near each other and far from the mean), differences give the distances
  to the candidates; where it could have hidden a nearer point, to all.
"""

import math
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import torch
from scipy.spatial import cKDTree
from torch import Tensor

from spacelib.estimators.continuous.neighbours import TREE_DIMENSIONS
from spacelib.estimators.dimension._groups import log_scale_estimate, random_groups, unit_scale
from spacelib.estimators.result import Estimate

Part = TypeVar("Part")

_SPARE = 2  # candidates beyond those asked for
_CELLS = {"cpu": 1 << 19, "cuda": 1 << 24}  # distances held at once: 4 MiB, which the cache still helps, or 128 MiB
_UNIT = 2.0**-53
_CLOSE = 1e-12  # a squared distance may be off by this share
_MOST = 1e6  # a dimension beyond it is made of rounding: the ratios of distances are 1 to one part in a million


def nearest_distances(rows: Tensor, k: int, route: str = "auto") -> Tensor:
    """Distances (samples, k) of each row of (samples, features) to its k nearest others, ascending; float64."""
    if route == "auto":
        route = "tree" if rows.device.type == "cpu" and rows.shape[1] <= TREE_DIMENSIONS else "products"
    if route == "tree":
        far, _ = cKDTree(rows.numpy()).query(rows.numpy(), k=k + 1, workers=os.cpu_count() or 1)
        return torch.from_numpy(far[:, 1:])
    many, wanted = len(rows), min(k + _SPARE, len(rows) - 1)
    block = max(1, round(math.sqrt(many / wanted)))  # the fewest candidates in `_smallest`: many/block + wanted * block
    width = -(-many // block) * block
    squares = rows.new_full((width,), torch.inf)  # columns that fill up the last block are infinitely far
    squares[:many] = rows.square().sum(1)
    columns = rows.new_zeros(rows.shape[1], width)
    columns[:, :many] = rows.T
    norms = squares[:many].sqrt()
    # A product of D terms is off by at most D units of |a||b|, a square likewise.
    off = (rows.shape[1] + 4) * _UNIT * (norms + norms.max()).square()
    size = max(1, _CELLS.get(rows.device.type, 1 << 24) // width)

    def tile(start: int) -> Tensor:
        part = slice(start, min(start + size, many))
        products = torch.addmm(squares, rows[part], columns, alpha=-2)
        at = torch.arange(len(products), device=rows.device)
        products[at, at + start] = torch.inf
        near, index = _smallest(products, wanted, block)
        near += squares[part, None]  # the products' rows lacked their own square
        unsure = (off[part] > _CLOSE * near[:, 0]).nonzero()[:, 0]
        if len(unsure):
            own = start + unsure
            near[unsure] = _by_differences(rows, own, index[unsure], near[unsure, -1] - off[own])
        return near[:, :k]

    return torch.cat(_by_threads(tile, range(0, many, size), rows.device)).sqrt_()


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
    """The `wanted` smallest values of each row, ascending, and their columns.

    Column c belongs to block c modulo the number of blocks. The smallest values lie in the blocks whose least values
    are the smallest; only there are all columns looked at.
    """
    blocks = values.shape[1] // block
    least = values.view(len(values), block, blocks).amin(1)
    chosen = least.topk(min(wanted, blocks), largest=False, sorted=False).indices
    columns = (chosen[:, None] + blocks * torch.arange(block, device=values.device)[:, None]).flatten(1)
    smallest, place = values.gather(1, columns).topk(wanted, largest=False)
    return smallest, columns.gather(1, place)


def _by_differences(rows: Tensor, own: Tensor, index: Tensor, beyond: Tensor) -> Tensor:
    """Squared distances of the rows numbered `own` to their candidates `index`, ascending.

    Where a row that is no candidate may be nearer than the last but `_SPARE` of them (it lies `beyond` at least), all
    rows are looked at.
    """
    exact = (rows[index] - rows[own, None]).square_().sum(-1).sort(-1).values
    if index.shape[1] == len(rows) - 1:
        return exact
    for row in (exact[:, -1 - _SPARE] * (1 - _CLOSE) > beyond).nonzero()[:, 0].tolist():
        every = (rows - rows[own[row]]).square_().sum(1)
        every[own[row]] = torch.inf
        exact[row] = every.topk(exact.shape[1], largest=False).values
    return exact


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
