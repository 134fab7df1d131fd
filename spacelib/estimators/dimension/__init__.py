"""Dimensions of features: how many directions they fill, and of how many dimensions the set is that they lie on."""

from spacelib.estimators.dimension.attention import attention_effective_rank
from spacelib.estimators.dimension.covariance import (
    covariance_effective_rank,
    covariance_participation_ratio,
    covariance_ridge_dimension,
)
from spacelib.estimators.dimension.covering import CoveringNumbers, covering_dimension, covering_numbers
from spacelib.estimators.dimension.every import Dimensions, dimensions
from spacelib.estimators.dimension.gride import gride
from spacelib.estimators.dimension.nearest import nearest_neighbour_mle, two_nn

__all__ = [
    "CoveringNumbers",
    "Dimensions",
    "attention_effective_rank",
    "covariance_effective_rank",
    "covariance_participation_ratio",
    "covariance_ridge_dimension",
    "covering_dimension",
    "covering_numbers",
    "dimensions",
    "gride",
    "nearest_neighbour_mle",
    "two_nn",
]
