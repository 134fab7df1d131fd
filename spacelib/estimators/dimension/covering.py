"""Covering numbers by the farthest-point net, certified on both sides, and the dimension that their growth shows."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.estimators._codes import Codes
from spacelib.estimators.dimension._groups import (
    FEWEST_GROUPS,
    log_scale_estimate,
    over_batch,
    random_groups,
    unit_scale,
)
from spacelib.estimators.result import Estimate

_UNIT = 2.0**-53
_GROUPED = 4  # rows of a group for each ball of its net: fewer, and the net is the group itself
_SPAN = 8.0  # the largest net of the fit over the smallest
_FEWEST_BALLS = 16


@dataclass(frozen=True)
class CoveringNumbers:
    """Bounds on how many balls of each radius cover the samples.

    radii, lower, upper: arrays (radii,); the fewest balls of that radius that cover all samples are at least `lower`,
    wherever their centres stand, and at most `upper`, with centres among the samples. Counts as float64. `lower`
    holds for every set that contains the samples too; `upper` for the samples alone. samples is their number.
    """

    radii: Tensor | np.ndarray
    lower: Tensor | np.ndarray
    upper: Tensor | np.ndarray
    samples: int


def covering_numbers(x: Number, radii: Number) -> CoveringNumbers:
    r"""How many Euclidean balls of each radius cover the samples: a greedy net above, a packing below.

    .. math:: \#\{m : \rho_m > 2 \varepsilon\} \le N(\varepsilon) \le \#\{m : \rho_m > \varepsilon\}

    rho_m is the distance of the m-th point of the farthest-point net from those before it (rho_1 infinite; the net
    starts at the sample farthest from the mean). It falls with m. The points with rho_m > eps lie within eps of every
    sample, and are a net; those with rho_m > 2 eps lie more than 2 eps apart, and no ball of radius eps holds two of
    them.

    Parameters: x real (samples, features); radii (radii,), positive, in the unit of x, in any order. Returns
    `CoveringNumbers`. Distances near a radius are counted on the safe side of their rounding. The time grows with the
    net of the smallest radius, samples x features for each point.
    Errors: TypeError for anything but real numbers; ValueError for shapes, NaN, values beyond 1e150, radii not above 0.
    Source: Gonzalez 1985 (the net); Kolmogorov and Tikhomirov 1959 (packing against covering).
    """
    name = "covering_numbers"
    (rows, sizes), leave = admit(name, {"x": 2, "radii": 1}, x=x, radii=radii)
    if rows.ndim != 2 or sizes.ndim != 1 or rows.numel() == 0 or sizes.numel() == 0:
        raise ValueError(
            f"{name}: x must have shape (samples, features) and radii (radii,), none empty, "
            f"got shapes {tuple(rows.shape)} and {tuple(sizes.shape)}"
        )
    require(name, "x", rows, rows.abs() <= 1e150, "at most 1e150 in size")
    require(name, "radii", sizes, sizes > 0, "above 0")
    scale = float((rows - rows.mean(0)).abs().max()) or 1.0  # all samples in one point: one ball
    reach = farthest_points((rows - rows.mean(0)) / scale, least=float(sizes.min()) / scale * 0.99) * scale
    # of the mean, a difference, its square, a sum and a root; the scale goes in and out; entries round relative to 1
    off = (rows.shape[1] + 16) * _UNIT * (reach + 4 * scale)
    off[reach == torch.inf] = 0
    upper = ((reach + off)[:, None] > sizes).sum(0)
    lower = ((reach - off)[:, None] > 2 * sizes).sum(0)
    return CoveringNumbers(leave(sizes), leave(lower.double()), leave(upper.double()), len(rows))


def covering_dimension(
    x: Number, *, clusters: Codes | None = None, generator: torch.Generator | None = None
) -> Estimate:
    r"""Dimension from the growth of the farthest-point net: the slope of ln N against ln(1/eps) over its radii.

    .. math:: N(\varepsilon) \approx c\, \varepsilon^{-d}

    Least squares over the nets of m/8 to m balls, each with the radius at which it first covers; m is such that a
    group (below) still has four rows a ball.

    Parameters: x real (..., samples, features); clusters, generator as for
    `two_nn`. Returns an Estimate of a dimension. Its standard error is the spread of the slopes of 5 groups of rows
    that share none, each over the same numbers of balls; it is not divided by their number, since the noise of a
    slope comes from its balls, not from the samples beyond. The interval, Student's on the logarithm, is of that
    noise alone. The bias of a coarse scale is often larger: edges draw the slope down, strongly above some three
    dimensions (`dimension_table`). A slope between two radii is certified by `covering_numbers` at both, which mostly
    leaves a wide range.
    Errors: TypeError, ValueError for x; ValueError for fewer than 320 distinct rows.
    Source: Kolmogorov and Tikhomirov 1959 (the definition); Gonzalez 1985 (the net).
    """
    name = "covering_dimension"

    def core(rows: Tensor, codes: Tensor) -> Estimate:
        rows = unit_scale(rows)
        groups = random_groups(name, codes, _GROUPED * _FEWEST_BALLS, generator, rows.device, FEWEST_GROUPS)
        balls = min(map(len, groups)) // _GROUPED
        slopes = torch.stack([_slope(name, part, balls) for part in (rows, *(rows[group] for group in groups))])
        error = slopes[1:].log().std().item()
        words = f"growth of farthest-point nets of {math.ceil(balls / _SPAN)} to {balls} balls"
        words = f"{words}; error from {len(groups)} groups"
        return log_scale_estimate(slopes[0].item(), error, len(groups), len(rows), words)

    return over_batch(name, x, clusters, core)


def farthest_points(rows: Tensor, *, most: int | None = None, least: float = 0.0) -> Tensor:
    """Distances inf >= rho_2 >= ... of each point of the net from those before, to `most` or to one below `least`."""
    near = rows - rows.mean(0)
    far = near.square().sum(1)
    at, reach = far.argmax(), [torch.full((), torch.inf, dtype=rows.dtype, device=rows.device)]
    far = torch.full_like(far, torch.inf)
    for _ in range(min(len(rows), most or len(rows)) - 1):
        torch.minimum(far, torch.sub(rows, rows[at], out=near).square_().sum(1), out=far)
        largest, at = far.max(0)
        reach.append(largest.sqrt())
        if largest <= least**2:
            break
    return torch.stack(reach)


def _slope(name: str, rows: Tensor, balls: int) -> Tensor:
    """Least squares of ln m on ln(1/rho_{m+1}), the radius at which m balls first cover, m from balls/8 to balls."""
    reach = farthest_points(rows, most=balls + 1)
    counts = torch.arange(math.ceil(balls / _SPAN), balls + 1, device=rows.device)
    if len(reach) <= balls or bool(reach[-1] == 0):
        raise ValueError(
            f"{name}: a group of {len(rows)} rows has fewer than {balls + 1} distinct ones; take more samples"
        )
    fine, many = -reach[counts].log(), counts.to(rows.dtype).log()
    fine = fine - fine.mean()
    spread = fine.square().sum()
    if not bool(spread > 0):
        raise ValueError(f"{name}: the balls shrink at once, as on a lattice; no dimension follows")
    return (fine * many).sum() / spread
