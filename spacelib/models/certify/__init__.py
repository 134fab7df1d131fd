"""Certificates for learned models: posteriors trained by their PAC-Bayes bound, beside what plain testing certifies."""

from spacelib.models.certify.finetuning import finetune
from spacelib.models.certify.gibbs import (
    GibbsCertificate,
    certify_posterior,
    minimise_bound,
    missed_mass,
    sampled_misses,
)
from spacelib.models.certify.question import Certified, Tested, certify_question, learn_prior, question_task
from spacelib.models.certify.tables import certificates_table, finetuning_table

__all__ = [
    "Certified",
    "GibbsCertificate",
    "Tested",
    "certificates_table",
    "certify_posterior",
    "certify_question",
    "finetune",
    "finetuning_table",
    "learn_prior",
    "minimise_bound",
    "missed_mass",
    "question_task",
    "sampled_misses",
]
