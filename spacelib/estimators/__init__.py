"""Estimators: quantities measured from samples, each with its uncertainty.

`mutual_information` is the front door for information, `accuracy` for scores, `relabelling_gain` for what a remapping
of the answers would add; of discrete variables each gives an `Estimate` whose interval resamples whole scenes. `entropy` and
`information_from_counts` take tables of counts; `coverage_table` and `estimator_table` hold what was measured of them
all. Integer codes are discrete; of real numbers `mutual_information` chooses an estimator by the data, among nearest
neighbours (`ksg`), the Gaussian and the t copula and a learned critic, and `subset_information` takes all subsets of frames
at once. `dimensions` takes features and gives every dimension that they have, of their covariance and of the set that they lie
on. Nats throughout.
`falsify` and `falsify_linear` estimate nothing: they attack the ceilings on channels known exactly, pictures among them.
"""

from spacelib.estimators.cluster import accuracy
from spacelib.estimators.continuous.choice import chosen_information
from spacelib.estimators.continuous.gaussian import gaussian_copula_information, gaussian_information
from spacelib.estimators.continuous.ksg import ksg
from spacelib.estimators.continuous.subsets import SubsetInformation, subset_information
from spacelib.estimators.continuous.t_copula import t_copula_information
from spacelib.estimators.critics.information import critic_information, critic_subset_information
from spacelib.estimators.critics.table import critic_table
from spacelib.estimators.decomposition import (
    Decomposition,
    SampledDecomposition,
    co_information,
    co_information_gaussian,
    decompose,
    decompose_gaussian,
    decompose_samples,
    o_information,
    o_information_gaussian,
)
from spacelib.estimators.dimension import (
    CoveringNumbers,
    Dimensions,
    attention_effective_rank,
    covariance_effective_rank,
    covariance_participation_ratio,
    covariance_ridge_dimension,
    covering_dimension,
    covering_numbers,
    dimensions,
    gride,
    nearest_neighbour_mle,
    two_nn,
)
from spacelib.estimators.discrete import discrete_information, information_from_counts
from spacelib.estimators.entropy import entropy
from spacelib.estimators.falsifier import Attack, decoders, falsify, known_ceilings
from spacelib.estimators.grey_pictures import falsify_linear, linear_accuracy, two_template_information
from spacelib.estimators.information import mutual_information
from spacelib.estimators.latent import latent_information
from spacelib.estimators.nsb import nsb_posterior
from spacelib.estimators.permutation import permutation_p_value
from spacelib.estimators.pictures import arrow_pictures, flipped_counts, flipped_joint
from spacelib.estimators.posterior import SpectralNorm, composed_lipschitz, gaussian_kl, grid_prior, prior_variance_of_features, spectral_norm
from spacelib.estimators.relabelling import relabelling_gain
from spacelib.estimators.result import Estimate
from spacelib.estimators.shares import share_power, variance_shares
from spacelib.estimators.tables import continuous_table, coverage_table, dimension_table, estimator_table, speed_table

__all__ = [
    "Attack",
    "CoveringNumbers",
    "Decomposition",
    "Dimensions",
    "Estimate",
    "SampledDecomposition",
    "SpectralNorm",
    "SubsetInformation",
    "accuracy",
    "arrow_pictures",
    "attention_effective_rank",
    "co_information",
    "co_information_gaussian",
    "composed_lipschitz",
    "chosen_information",
    "continuous_table",
    "covariance_effective_rank",
    "covariance_participation_ratio",
    "covariance_ridge_dimension",
    "coverage_table",
    "covering_dimension",
    "covering_numbers",
    "critic_information",
    "critic_subset_information",
    "critic_table",
    "decoders",
    "decompose",
    "decompose_gaussian",
    "decompose_samples",
    "dimension_table",
    "dimensions",
    "discrete_information",
    "entropy",
    "estimator_table",
    "falsify",
    "falsify_linear",
    "flipped_counts",
    "flipped_joint",
    "gaussian_copula_information",
    "gaussian_information",
    "gaussian_kl",
    "grid_prior",
    "gride",
    "information_from_counts",
    "known_ceilings",
    "ksg",
    "latent_information",
    "linear_accuracy",
    "mutual_information",
    "nearest_neighbour_mle",
    "nsb_posterior",
    "o_information",
    "o_information_gaussian",
    "permutation_p_value",
    "prior_variance_of_features",
    "relabelling_gain",
    "share_power",
    "speed_table",
    "spectral_norm",
    "subset_information",
    "t_copula_information",
    "two_nn",
    "two_template_information",
    "variance_shares",
]
