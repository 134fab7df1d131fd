"""What the estimators of a dimension share: samples in, groups of rows for the error, an `Estimate` out."""

import math
from collections.abc import Callable

import torch
from scipy import stats
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.estimators._codes import Codes, default_generator, relabel
from spacelib.estimators.result import Estimate

MOST_GROUPS, FEWEST_GROUPS = 20, 5  # Student's 97.5 % point is 2.09 with 19 degrees of freedom, 2.78 with 4
_LARGEST = 1e150  # squares of values below it stay finite


Core = Callable[[Tensor, Tensor], Estimate]
"""From rows (samples, features) and the clusters (samples,) that they belong to, as codes on the CPU."""


def over_batch(function: str, x: Number, clusters: Codes | None, core: Core) -> Estimate:
    """`core` on every (samples, features) of x (..., samples, features), the numbers of a batch in arrays of its shape.

    Where clusters is None each row is its own. Errors: TypeError for anything but real numbers; ValueError for fewer
    than two axes, an empty axis, NaN, infinity, values beyond 1e150, rows that are all equal, and clusters of another
    length.
    """
    (rows,), leave = admit(function, {"x": 2}, x=x)
    if rows.numel() == 0:
        raise ValueError(f"{function}: x must have at least one entry, got shape {tuple(rows.shape)}")
    require(function, "x", rows, rows.abs() <= _LARGEST, "at most 1e150 in size")
    items = rows.detach().flatten(0, -3) if rows.ndim > 2 else rows.detach()[None]
    for item in items:
        if bool((item == item[:1]).all()):
            raise ValueError(f"{function}: all {len(item)} rows of x are equal; one point has no dimension to measure")
    codes = cluster_codes(function, rows.shape[-2], clusters)
    results = [core(item, codes) for item in items]
    if rows.ndim == 2:
        return results[0]

    def joined(values: list[float]) -> Number:
        return leave(torch.tensor(values, dtype=torch.float64, device=rows.device).reshape(rows.shape[:-2]))

    return Estimate(
        joined([r.estimate for r in results]),
        (joined([r.interval[0] for r in results]), joined([r.interval[1] for r in results])),
        joined([r.standard_error for r in results]),
        results[0].samples,
        "; ".join(dict.fromkeys(r.method for r in results)),
    )


def cluster_codes(function: str, samples: int, clusters: Codes | None) -> Tensor:
    """The clusters as codes 0, 1, ... on the CPU; each sample its own where there are none."""
    if clusters is None:
        return torch.arange(samples)
    codes = relabel(function, torch.device("cpu"), clusters=clusters)["clusters"]
    if len(codes) != samples:
        raise ValueError(f"{function}: clusters must have one entry a sample, {samples}, got {len(codes)}")
    return codes


def unit_scale(rows: Tensor) -> Tensor:
    """The rows about their mean, the largest entry 1: a dimension knows no unit, and squares do not overflow."""
    centred = rows - rows.mean(0)
    return centred / centred.abs().max()


def random_groups(
    function: str,
    codes: Tensor,
    least: int,
    generator: torch.Generator | None,
    device: torch.device,
    most: int = MOST_GROUPS,
) -> list[Tensor]:
    """Row numbers of 5 to `most` groups that share no cluster, each of at least `least` rows, drawn at random.

    Errors: ValueError for too few rows or clusters.
    """
    present, codes = torch.unique(codes, return_inverse=True)
    samples, many = len(codes), len(present)
    generator = default_generator(generator, torch.device("cpu"))
    place = torch.randperm(many, generator=generator, device=generator.device).cpu()[codes]
    for number in range(min(most, many, samples // least), FEWEST_GROUPS - 1, -1):
        groups = [(place % number == group).nonzero()[:, 0].to(device) for group in range(number)]
        if min(map(len, groups)) >= least:
            return groups
    have, whole = (f" in {many} clusters", ", clusters kept whole") if many < samples else ("", "")
    raise ValueError(
        f"{function}: a standard error takes {FEWEST_GROUPS} groups of at least {least} samples each{whole}; "
        f"x has {samples} samples{have}"
    )


def log_scale_estimate(value: float, error: float, groups: int, samples: int, method: str) -> Estimate:
    """An Estimate from the standard error of the logarithm, with Student's interval there: it stays above 0."""
    half = float(stats.t.ppf(0.975, groups - 1)) * error
    return Estimate(value, (value * math.exp(-half), value * math.exp(half)), value * error, samples, method)
