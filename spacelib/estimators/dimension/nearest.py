"""The dimension of the set that points lie on, from how fast their neighbourhoods fill up."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number
from spacelib.estimators._codes import Codes
from spacelib.estimators.dimension._groups import over_batch
from spacelib.estimators.dimension.neighbours import Neighbourhoods, estimate_from, neighbourhoods
from spacelib.estimators.result import Estimate


def two_nn(
    x: Number, *, discard: float = 0.1, clusters: Codes | None = None, generator: torch.Generator | None = None
) -> Estimate:
    r"""Intrinsic dimension from the ratio of the distances to the two nearest neighbours.

    .. math:: \mu_i = r_{i,2} / r_{i,1}, \qquad P(\mu \le t) = 1 - t^{-d}, \qquad
        \hat d = \frac{\sum_i \ln\mu_{(i)} \cdot (-\ln(1 - i/n))}{\sum_i \ln^2\mu_{(i)}}

    the line through the origin over the smallest ratios, mu_(i) being the i-th smallest, the share `discard` of the
    largest left out. With discard = 0 the likelihood's estimate (n - 1) / sum ln mu takes its place.

    Parameters: x real (..., samples, features); discard in [0, 1); clusters (samples,), integers: rows that depend on
    each other, as frames of one scene do; generator (None: a fresh one with seed 0) draws the groups for the error.
    Returns an Estimate of a dimension; of a batch its numbers are arrays. Its standard error comes from the spread
    over 5 to 20 groups of rows that share none, its interval is Student's on the logarithm. It covers the noise of
    sampling, not the bias: edges draw the estimate down, the more so in many dimensions; curvature and noise off the
    manifold draw it up. Rows equal in every column count once, and `method` says so.
    Assumes independent samples (clusters) of a density that hardly changes within the two nearest neighbours.
    Errors: TypeError, ValueError for x; ValueError for discard, or fewer than 30 distinct rows.
    Source: Facco, d'Errico, Rodriguez and Laio 2017; with discard = 0, Denti, Doimo, Laio and Mira 2022.
    """
    if not 0 <= discard < 1:
        raise ValueError(f"two_nn: discard must be in [0, 1), got {discard!r}")
    name = "two_nn"
    return over_batch(
        name, x, clusters, lambda rows, codes: two_nn_of(neighbourhoods(name, rows, codes, 2, generator), discard)
    )


def two_nn_of(near: Neighbourhoods, discard: float = 0.1) -> Estimate:
    """`two_nn` where the neighbours are known."""
    words = f"TwoNN, the largest {discard:.0%} of the ratios left out" if discard else "TwoNN, likelihood"
    return estimate_from("two_nn", near, lambda distances: _two_nn(distances, discard), words)


def _two_nn(distances: Tensor, discard: float) -> Tensor:
    ratio = (distances[:, 1] / distances[:, 0]).log()
    many = len(ratio)
    if not discard:
        return (many - 1) / ratio.sum()
    kept = ratio.sort().values[: int(many * (1 - discard))]
    level = -torch.log1p(-torch.arange(1, len(kept) + 1, dtype=kept.dtype, device=kept.device) / many)
    return (kept * level).sum() / kept.square().sum()


def nearest_neighbour_mle(
    x: Number, *, k: int = 10, clusters: Codes | None = None, generator: torch.Generator | None = None
) -> Estimate:
    r"""Intrinsic dimension from the distances to the k nearest neighbours, as points of a Poisson process.

    .. math:: \hat d = \Bigl[\frac{1}{n (k - 1)} \sum_{i} \sum_{j < k} \ln\frac{r_{i,k}}{r_{i,j}}\Bigr]^{-1}

    the harmonic mean of the points' own estimates, which is the likelihood's. (Levina and Bickel take the plain mean,
    larger by the factor (k - 1) / (k - 2) on average.)

    Parameters: x real (..., samples, features); k >= 2 neighbours: more of them lower the noise and raise the bias;
    clusters, generator, the error and the interval as for `two_nn`. Returns an Estimate of a dimension.
    Assumes independent samples (clusters) of a density that hardly changes within the k nearest neighbours. Measured
    in `dimension_table`.
    Errors: TypeError, ValueError for x; for k below 2; ValueError for fewer than 15 k distinct rows.
    Source: Levina and Bickel 2004, equation 8; the mean, MacKay and Ghahramani 2005.
    """
    name = "nearest_neighbour_mle"
    require_order(name, k=k)
    return over_batch(name, x, clusters, lambda rows, codes: mle_of(neighbourhoods(name, rows, codes, k, generator), k))


def mle_of(near: Neighbourhoods, k: int) -> Estimate:
    """`nearest_neighbour_mle` where at least k neighbours are known."""

    def statistic(distances: Tensor) -> Tensor:
        return 1 / (distances[:, k - 1 : k] / distances[:, : k - 1]).log().mean()

    return estimate_from("nearest_neighbour_mle", near, statistic, f"Levina-Bickel, harmonic mean, k = {k}")


def require_order(function: str, least: int = 2, **orders: int) -> None:
    """Raise unless each order of a neighbour is a whole number of at least `least`."""
    for name, order in orders.items():
        if isinstance(order, bool) or not isinstance(order, int):
            raise TypeError(f"{function}: {name} must be a whole number, got {type(order).__name__}")
        if order < least:
            raise ValueError(f"{function}: {name} must be at least {least}, got {order}")
