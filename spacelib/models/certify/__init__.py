"""Certificates for learned models: posteriors trained by their PAC-Bayes bound, beside what plain testing certifies."""

from spacelib.models.certify.gibbs import (
    GibbsCertificate,
    certify_posterior,
    minimise_bound,
    missed_mass,
    sampled_misses,
)

__all__ = ["GibbsCertificate", "certify_posterior", "minimise_bound", "missed_mass", "sampled_misses"]
