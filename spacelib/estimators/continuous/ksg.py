"""Mutual information of continuous variables by nearest neighbours, plain or given a third variable."""

import math

import torch
from torch import Tensor

from spacelib.estimators.continuous._samples import Samples, checked_samples, without_ties
from spacelib.estimators.continuous.neighbours import neighbour_counts
from spacelib.estimators.result import Estimate


def ksg(
    x: Samples,
    y: Samples,
    *,
    condition: Samples | None = None,
    k: int = 3,
    variant: int = 1,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Mutual information I(X; Y) or I(X; Y | Z) by the distances to the k-th nearest neighbours.

    .. math::
        \hat I_1 = \psi(k) + \psi(n) - \overline{\psi(n_x + 1) + \psi(n_y + 1)}, \qquad
        \hat I_2 = \psi(k) - 1/k + \psi(n) - \overline{\psi(n_x) + \psi(n_y)}

    and, given Z, psi(k) - mean(psi(n_xz + 1) + psi(n_yz + 1) - psi(n_z + 1)). In the first, n_x is the number of other
    points whose x lies nearer than the k-th neighbour of (x, y) in the maximum norm; in the second, those within the
    spread in x of the k nearest, its rim included.

    Parameters: x, y, condition: real (samples,) or (samples, dimension), on one device; k >= 1 neighbours, fewer than
    samples; variant 1 or 2 (1 only, given Z); generator, a CPU generator for the jitter (None: a fresh one with seed
    0). Where points of a variable coincide, they are moved by at most 1e-10 standard deviations, and `method` says so.
    Returns an Estimate in nats. It may fall below 0, where I is 0 about half the time. Its standard error is that of
    the mean of the points' terms; the interval is 1.96 of them on either side and knows nothing of bias, which draws
    the estimate down where the density changes within a ball: in many dimensions, or where the information is large.
    Assumes independent samples of a density, smooth at the scale of the balls. Scales matter: it is not invariant when
    a column is stretched; `mutual_information` takes normal scores first.
    Errors: TypeError and ValueError as to shape, NaN, constant columns; ValueError for k or variant.
    Source: Kraskov, Stoegbauer and Grassberger 2004, equations 8 and 9; given Z, Frenzel and Pompe 2007.
    """
    checked = checked_samples("ksg", x=x, y=y, condition=condition)
    samples = len(checked["x"])
    require_neighbours("ksg", k, samples)
    if variant not in (1, 2) or variant == 2 and condition is not None:
        allowed = "1 or 2" if condition is None else "1 where a condition is given"
        raise ValueError(f"ksg: variant must be {allowed}, got {variant!r}")
    blocks, jittered = without_ties(list(checked.values()), generator)
    terms = ksg_terms(blocks, k, variant)
    error = terms.std().item() / math.sqrt(samples)
    value = terms.mean().item()
    given = "" if condition is None else " given a condition"
    ties = "; ties jittered by 1e-10 deviations" if jittered else ""
    words = f"Kraskov-Stoegbauer-Grassberger {variant}, k = {k}{given}{ties}"
    return Estimate(value, (value - 1.96 * error, value + 1.96 * error), error, samples, words)


def ksg_terms(blocks: list[Tensor], k: int, variant: int = 1, route: str = "auto") -> Tensor:
    """The terms whose mean `ksg` is, (samples,), of the blocks x, y or x, y, z; no two points of a block coincide."""
    psi = torch.digamma
    start = psi(torch.tensor(float(k), dtype=torch.float64)).item()
    if len(blocks) == 3:
        xz, yz, z = (psi(c.double()) for c in neighbour_counts(blocks, k, [(0, 2), (1, 2), (2,)], route=route))
        return start - xz - yz + z
    size = psi(torch.tensor(float(len(blocks[0])), dtype=torch.float64)).item()
    counts = neighbour_counts(blocks, k, [(0,), (1,)], rims=variant == 2, route=route)
    if variant == 2:
        return start - 1 / k + size - sum(psi((c - 1).double()) for c in counts)
    return start + size - sum(psi(c.double()) for c in counts)


def require_neighbours(function: str, k: int, samples: int) -> None:
    """Raise unless k is a whole number from 1 to samples - 1."""
    if isinstance(k, bool) or not isinstance(k, int):
        raise TypeError(f"{function}: k must be a whole number, got {type(k).__name__}")
    if not 1 <= k < samples:
        raise ValueError(f"{function}: k must be at least 1 and below the number of samples, {samples}, got {k}")
