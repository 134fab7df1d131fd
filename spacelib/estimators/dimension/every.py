"""All dimensions of one set of features at once, each with its error."""

from dataclasses import dataclass

import torch

from spacelib.bounds._border import Number, admit
from spacelib.estimators._codes import Codes, default_generator
from spacelib.estimators.dimension._groups import cluster_codes
from spacelib.estimators.dimension.covariance import (
    covariance_effective_rank,
    covariance_participation_ratio,
    covariance_ridge_dimension,
)
from spacelib.estimators.dimension.covering import covering_dimension
from spacelib.estimators.dimension.gride import gride_of
from spacelib.estimators.dimension.nearest import mle_of, two_nn_of
from spacelib.estimators.dimension.neighbours import neighbourhoods
from spacelib.estimators.result import Estimate

MOST_ROWS = 20_000  # of the neighbours and nets, whose time grows with the square of the rows
FEWEST_ROWS = 320  # five groups of four rows for each of 16 balls
NEIGHBOURS, ORDERS = 10, (2, 4)


@dataclass(frozen=True)
class Dimensions:
    """Seven dimensions of the same features, each an Estimate.

    The first three count directions of the covariance; the last four look at the set that the samples lie on, which
    may be of low dimension and still bend through all directions.
    """

    participation_ratio: Estimate
    effective_rank: Estimate
    ridge_dimension: Estimate
    two_nn: Estimate
    nearest_neighbour_mle: Estimate
    gride: Estimate
    covering: Estimate


def dimensions(
    x: Number,
    *,
    clusters: Codes | None = None,
    ridge: float | None = None,
    rows: int = MOST_ROWS,
    generator: torch.Generator | None = None,
) -> Dimensions:
    r"""Every dimension of features that this library estimates, with its error.

    Parameters: x real (samples, features), at least 320 samples; clusters (samples,), integers: rows that depend on
    each other, as frames of one scene; ridge as for `covariance_ridge_dimension`; at most `rows` samples, drawn at
    random, serve the neighbours and nets (`samples` of each Estimate says how many); generator (None: a fresh one
    with seed 0). Returns `Dimensions`: k = 10 neighbours for the likelihood, orders 2 and 4 for Gride, a tenth
    discarded for TwoNN.
    Assumes independent samples or clusters. The seven answer different questions and need not agree.
    Errors: as those of the estimators that it calls, each named in its message.
    Source: those of its parts.
    """
    (given,), _ = admit("dimensions", {"x": 2}, x=x)
    if given.ndim != 2:
        raise ValueError(f"dimensions: x must have shape (samples, features), got {tuple(given.shape)}")
    if rows < FEWEST_ROWS:
        raise ValueError(f"dimensions: rows must be at least {FEWEST_ROWS}, got {rows}")
    if len(given) < FEWEST_ROWS:
        raise ValueError(f"dimensions: x must have at least {FEWEST_ROWS} samples, got {len(given)}")
    codes = cluster_codes("dimensions", len(given), clusters)
    shared = {"clusters": codes, "generator": generator}
    ratio = covariance_participation_ratio(given, **shared)
    rank = covariance_effective_rank(given, **shared)
    ridged = covariance_ridge_dimension(given, ridge=ridge, **shared)
    if len(given) > rows:
        drawn = default_generator(generator, torch.device("cpu"))
        chosen = torch.randperm(len(given), generator=drawn, device=drawn.device)[:rows].cpu().sort().values
        given, codes = given[chosen.to(given.device)], codes[chosen]
    covering = covering_dimension(given, clusters=codes, generator=generator)
    near = neighbourhoods("dimensions", given, codes, NEIGHBOURS, generator)
    return Dimensions(ratio, rank, ridged, two_nn_of(near), mle_of(near, NEIGHBOURS), gride_of(near, *ORDERS), covering)
