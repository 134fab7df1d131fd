"""The dimension from the ratio of the distances to two neighbours of any order."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number
from spacelib.estimators._codes import Codes
from spacelib.estimators.dimension._groups import over_batch
from spacelib.estimators.dimension.nearest import require_order
from spacelib.estimators.dimension.neighbours import Neighbourhoods, estimate_from, neighbourhoods
from spacelib.estimators.result import Estimate

_STEPS = 60  # Newton's steps from below, on a convex falling function; some six are taken


def gride(
    x: Number,
    *,
    n1: int = 2,
    n2: int = 4,
    clusters: Codes | None = None,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Intrinsic dimension by the likelihood of the ratios mu = r_{n2} / r_{n1} of two neighbours' distances.

    .. math::
        f(\mu \mid d) = \frac{d\,(\mu^d - 1)^{n_2 - n_1 - 1}}{B(n_2 - n_1, n_1)\, \mu^{(n_2 - 1) d + 1}}, \quad \mu > 1

    The logarithm of the likelihood is concave in d; its maximum is found by Newton's method from a bound below it. With
    n1 = 1, n2 = 2 it is n / sum ln mu, `two_nn` with nothing discarded but for the factor n / (n - 1).

    Parameters: x real (..., samples, features); 1 <= n1 < n2: larger orders look at a larger scale, where noise off
    the manifold matters less and curvature more; clusters, generator, the error and the interval as for `two_nn`.
    Returns an Estimate of a dimension.
    Assumes independent samples (clusters) of a density that hardly changes within the n2 nearest neighbours. The
    points' ratios are not independent, since they share neighbours: intervals by the Fisher information of
    independent ones are too short (`naive_coverage` in `dimension_table`), hence the groups.
    Errors: TypeError, ValueError for x; for n1, n2; ValueError for fewer than 15 n2 distinct rows.
    Source: Denti, Doimo, Laio and Mira 2022, equation 9.
    """
    require_order("gride", 1, n1=n1, n2=n2)
    if n1 >= n2:
        raise ValueError(f"gride: n1 must be below n2, got {n1} and {n2}")
    return over_batch(
        "gride", x, clusters, lambda rows, codes: gride_of(neighbourhoods("gride", rows, codes, n2, generator), n1, n2)
    )


def gride_of(near: Neighbourhoods, n1: int, n2: int) -> Estimate:
    """`gride` where at least n2 neighbours are known."""
    return estimate_from("gride", near, lambda distances: maximum(distances, n1, n2), f"Gride, n1 = {n1}, n2 = {n2}")


def maximum(distances: Tensor, n1: int, n2: int) -> Tensor:
    """The d of the largest likelihood of `distances` (samples, at least n2); infinite where all ratios are 1."""
    ratio = (distances[:, n2 - 1] / distances[:, n1 - 1]).log()
    many, total, between = len(ratio), ratio.sum(), n2 - n1 - 1
    # 1/s <= 1/(1 - e^-s) <= 1/s + 1 would do; 1/s + 1/2 <= 1/(1 - e^-s) is sharper: the derivative is positive here
    d = many * (n2 - n1) / ((n2 - 1 - between / 2) * total)
    for _ in range(_STEPS):
        slope, curvature = derivatives(ratio, d, n2, between)
        step = -slope / curvature
        d = d + step
        if not bool(step > 1e-15 * d):
            break
    return d


def derivatives(ratio: Tensor, d: Tensor, n2: int, between: int) -> tuple[Tensor, Tensor]:
    """The log-likelihood's first two derivatives in d; -1 / second is Fisher's variance. ratio holds ln mu."""
    s = d * ratio
    falls = torch.where(s > 0, s / -torch.expm1(-s), 1.0)  # s / (1 - e^-s)
    bends = torch.where(s > 0, s / (2 * torch.sinh(s / 2)), 1.0).square()  # (s / (2 sinh(s/2)))^2
    slope = (len(ratio) + between * falls.sum()) / d - (n2 - 1) * ratio.sum()
    return slope, -(len(ratio) + between * bends.sum()) / d.square()
