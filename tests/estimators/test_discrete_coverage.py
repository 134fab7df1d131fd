"""Coverage of the information's 95 % interval through the front door; the whole table is tested in test_tables.py."""

import math

import pytest
import torch
from channels import symmetric_information, symmetric_sample

from spacelib.estimators import mutual_information

pytestmark = pytest.mark.coverage


def coverage(scenes, size, m, accuracy, copying, draws, resamples):
    truth = symmetric_information(m, accuracy)
    generator = torch.Generator().manual_seed(1)
    hits = 0
    for _ in range(draws):
        x, y, scene = symmetric_sample(generator, scenes, size, m, accuracy, copying)
        low, high = mutual_information(x, y, clusters=scene, resamples=resamples, generator=generator).interval
        hits += low <= truth <= high
    return hits / draws


def least(rate, draws):
    """Below this share of `draws` a coverage of `rate` is refuted, one false alarm in a thousand (binomial, normal limit)."""
    return rate - 3.1 * math.sqrt(rate * (1 - rate) / draws)


@pytest.mark.parametrize(
    ("scenes", "size", "m", "accuracy", "copying"),
    [(100, 1, 4, 0.25, 0.0), (100, 3, 4, 0.9, 0.5), (300, 3, 8, 0.9, 0.5), (100, 1, 2, 0.98, 0.0)],
)
def test_the_default_interval_covers(scenes, size, m, accuracy, copying):
    assert coverage(scenes, size, m, accuracy, copying, draws=200, resamples=200) >= least(0.92, 200)


def test_the_check_sees_an_interval_of_a_scaled_estimate():
    """Sensitivity: the truth scaled by 1.1 stands for an estimator scaled by 1/1.1; at 3000 items it is not covered."""
    truth = 1.1 * symmetric_information(4, 0.6)
    generator = torch.Generator().manual_seed(1)
    hits = 0
    for _ in range(50):
        x, y, scene = symmetric_sample(generator, 1000, 3, 4, 0.6)
        low, high = mutual_information(x, y, clusters=scene, resamples=200, generator=generator).interval
        hits += low <= truth <= high
    assert hits / 50 < least(0.92, 50)
