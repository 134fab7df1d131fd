"""A posterior in numbers: its KL from a Gaussian prior, the rebuttal's prior, and Lipschitz constants of layers."""

from spacelib.estimators.posterior.gaussian import gaussian_kl
from spacelib.estimators.posterior.lipschitz import SpectralNorm, composed_lipschitz, spectral_norm
from spacelib.estimators.posterior.prior import grid_prior, prior_variance_of_features

__all__ = [
    "SpectralNorm",
    "composed_lipschitz",
    "gaussian_kl",
    "grid_prior",
    "prior_variance_of_features",
    "spectral_norm",
]
