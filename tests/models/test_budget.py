"""The least number of frames: by hand, on channels, and open where the data cannot tell."""

import math

import pytest
import torch

from spacelib import models, scenes
from spacelib.estimators import Estimate, accuracy


def around(value: float, half: float) -> Estimate:
    return Estimate(value, (value - half, value + half), half / 1.96, 100, "by hand")


def test_by_hand():
    found = models.min_frames(0.8, {1: around(0.5, 0.01), 2: around(0.79, 0.02), 4: around(0.83, 0.01), 8: around(0.9, 0.01)})
    assert found.estimate == 4 and found.interval == (2, 4) and found.necessary is None


def test_an_end_may_be_open():
    found = models.min_frames(0.8, {1: around(0.5, 0.01), 2: around(0.79, 0.02)})
    assert found.estimate == math.inf and found.interval == (2, math.inf)
    assert models.min_frames(0.8, {1: around(0.5, 0.01)}).interval == (math.inf, math.inf)


def test_a_channel_knows_its_own():
    found = models.min_frames(0.8, scenes.channels.same_side(), generator=torch.Generator().manual_seed(0))
    assert found.interval[0] <= found.estimate <= found.interval[1]
    assert found.estimate == 3 and found.necessary <= found.estimate
    assert models.min_frames(0.5, scenes.channels.same_side(), generator=torch.Generator().manual_seed(0)).estimate == 1


@pytest.mark.coverage
def test_the_interval_covers():
    """Budgets 1, 2, 3 with true accuracies .6, .75, .85 and 300 items: the truth, 3 for .8, lies outside in at most 5 %; of 100 runs 13 or more would be a chance of 0.1 %."""
    misses = 0
    for seed in range(100):
        generator = torch.Generator().manual_seed(seed)
        logs = {k: accuracy(torch.rand(300, generator=generator) < p, resamples=200, generator=generator) for k, p in ((1, 0.6), (2, 0.75), (3, 0.85))}
        low, high = models.min_frames(0.8, logs).interval
        misses += not low <= 3 <= high
    assert misses < 13
