"""Certificates of learned models: `python -m spacelib.models.certify.tabulate` writes their table.

Some six minutes on two cores.
"""

import time

import pandas as pd
import torch

from spacelib.models.certify.question import NOISE, Certified, certify_question
from spacelib.models.certify.tables import CERTIFICATES
from spacelib.estimators.processes import on_all_cores

SEEDS = 5


def row(found: Certified) -> dict:
    """A row's figures."""
    return {
        "scenes": found.prior_scenes + found.certificate.scenes,
        "prior_scenes": found.prior_scenes,
        "bound_scenes": found.certificate.scenes,
        "certificate": found.certificate.bound,
        "sampled_risk": found.certificate.sampled_risk,
        "empirical_risk": found.certificate.empirical_risk,
        "kl": found.certificate.kl,
        "held_out": found.held_out.estimate,
        "prior_certificate": found.prior.bound,
        "prior_held_out": found.prior_held_out.estimate,
        "test_set": found.test_set.bound,
        "test_held_out": found.test_set.held_out.estimate,
        "best_split": found.best_split.bound,
        "best_trained_on": found.best_split.trained_on,
        "best_held_out": found.best_split.held_out.estimate,
        "all_scenes": found.all_scenes.estimate,
        "bayes": found.bayes.estimate,
    }


def run(setting: tuple[str, int]) -> dict:
    """The row of one question and seed."""
    question, seed = setting
    start = time.process_time()  # of this process alone: as many run as there are cores
    found = certify_question(question, generator=torch.Generator().manual_seed(seed))
    return (
        {"question": question, "noise": NOISE[question], "seed": seed}
        | row(found)
        | {"seconds": time.process_time() - start}
    )


def main() -> None:
    """Certify everything, on all cores, and write the table."""
    jobs = [(question, seed) for question in NOISE for seed in range(SEEDS)]
    pd.DataFrame(on_all_cores(run, jobs, CERTIFICATES.stem)).to_csv(CERTIFICATES, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
