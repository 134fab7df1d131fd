"""Measures the dimensions on manifolds where they are known: `python -m spacelib.estimators.dimension.tabulate`.

Writes `tables/dimension.csv`; some ten minutes on two cores.
"""

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import torch
from scipy import stats
from torch import Tensor

from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension
from spacelib.estimators.dimension.covariance import (
    covariance_effective_rank,
    covariance_participation_ratio,
    covariance_ridge_dimension,
)
from spacelib.estimators.dimension.covering import covering_dimension
from spacelib.estimators.dimension.gride import derivatives, gride
from spacelib.estimators.dimension.manifolds import manifolds
from spacelib.estimators.dimension.nearest import nearest_neighbour_mle, two_nn
from spacelib.estimators.dimension.neighbours import nearest_distances
from spacelib.estimators.processes import on_all_cores
from spacelib.estimators.result import Estimate
from spacelib.estimators.tables import DIMENSION

REPETITIONS = 400
SAMPLES = 1000
LOCAL: dict[str, Callable[..., Estimate]] = {
    "two_nn": two_nn,
    "nearest_neighbour_mle": nearest_neighbour_mle,
    "gride": gride,
    "covering_dimension": covering_dimension,
}
OF_COVARIANCE: dict[str, tuple[Callable[..., Estimate], Callable[[Tensor], Tensor]]] = {
    "covariance_participation_ratio": (covariance_participation_ratio, participation_ratio),
    "covariance_effective_rank": (covariance_effective_rank, effective_rank),
    "covariance_ridge_dimension": (
        lambda x, generator: covariance_ridge_dimension(x, ridge=0.1, generator=generator),
        lambda spectrum: ridge_dimension(spectrum, 0.1),
    ),
}
SPECTRA = {"flat": 1.0, "falling": 0.9}  # of 50 features: each eigenvalue this share of the one before
SIZES = (40, 200, 1000)
Setting = tuple[str, int, str]  # manifold or spectrum, samples, method


def settings() -> list[Setting]:
    """Every manifold with every local method, every spectrum with every method of the covariance."""
    local = [(manifold.name, SAMPLES, method) for manifold in manifolds() for method in LOCAL]
    spectra = [(name, samples, method) for name in SPECTRA for samples in SIZES for method in OF_COVARIANCE]
    return local + spectra


def measure(setting: Setting, repetitions: int = REPETITIONS) -> dict:
    """A row of `dimension_table`: repeated draws, seeds 0, 1, ... ."""
    name, samples, method = setting
    results, naive = [], []
    for seed in range(repetitions):
        generator = torch.Generator().manual_seed(seed)
        if method in LOCAL:
            manifold = next(m for m in manifolds() if m.name == name)
            truth, x = float(manifold.dimension), manifold.sample(samples, generator)
            estimate = LOCAL[method]
            naive.append(naive_error(method, x))
        else:
            spectrum = SPECTRA[name] ** torch.arange(50, dtype=torch.float64)
            x = torch.randn(samples, 50, generator=generator, dtype=torch.float64) * spectrum.sqrt()
            estimate, exact = OF_COVARIANCE[method]
            truth = round(exact(spectrum).item(), 9)  # an end of the range is met but for rounding
        results.append(estimate(x, generator=generator))
    values, errors = (np.array([getattr(r, field) for r in results]) for field in ("estimate", "standard_error"))
    low, high = np.array([r.interval for r in results]).T
    mean, spread = values.mean(), values.std(ddof=1)

    def share(target: float, below: np.ndarray, above: np.ndarray) -> float:
        return float(((below <= target) & (target <= above)).mean())

    row = {"name": name, "dimension": truth, "features": x.shape[1], "samples": samples, "method": method}
    row |= {"estimate": mean, "standard_error": spread, "bias": mean - truth, "reported_error": errors.mean()}
    row |= {"low": np.median(low), "high": np.median(high)}
    row |= {"coverage": share(mean, low, high), "truth_coverage": share(truth, low, high)}
    half = stats.norm.ppf(0.975) * np.array(naive)
    row["naive_coverage"] = (
        share(mean, values - half, values + half) if np.isfinite(half).all() and len(half) else math.nan
    )
    return row | {"repetitions": repetitions}


def naive_error(method: str, x: Tensor) -> float:
    """The standard error as if the points' ratios were independent: from the Fisher information."""
    if method == "covering_dimension":
        return math.nan
    first, second = {"two_nn": (1, 2), "nearest_neighbour_mle": (1, 10), "gride": (2, 4)}[method]
    near = nearest_distances(x, second)
    if method == "nearest_neighbour_mle":
        d = 1 / (near[:, -1:] / near[:, :-1]).log().mean()
        return (d / math.sqrt(len(x) * (second - 1))).item()
    ratio = (near[:, second - 1] / near[:, first - 1]).log()
    if method == "two_nn":
        return (len(x) / ratio.sum() / math.sqrt(len(x))).item()
    d = torch.tensor(gride(x).estimate, dtype=torch.float64)
    return derivatives(ratio, d, second, second - first - 1)[1].neg().rsqrt().item()


def main() -> None:
    """Measure everything, on all cores, and write the table."""
    rows = on_all_cores(measure, settings(), DIMENSION.stem)
    pd.DataFrame(rows).to_csv(DIMENSION, index=False, float_format="%.5g")


if __name__ == "__main__":
    main()
