"""The estimators on the GPU: equal to the CPU where nothing is random, and within its noise where something is."""

import pytest
import torch
from channels import symmetric_sample

from spacelib.estimators import (
    accuracy,
    entropy,
    information_from_counts,
    mutual_information,
    permutation_p_value,
    relabelling_gain,
)
from spacelib.estimators.entropy import METHODS

pytestmark = pytest.mark.gpu


def test_equal_to_the_cpu(device):
    x, y, scene = symmetric_sample(torch.Generator().manual_seed(0), 200, 5, 4, 0.6)
    there = [v.to(device) for v in (x, y, scene)]
    here = mutual_information(x, y, clusters=scene, resamples=4000)
    result = mutual_information(there[0], there[1], clusters=there[2], resamples=4000)
    assert result.estimate == pytest.approx(here.estimate, abs=1e-12)
    # the jackknife's, and the lower end: nothing random, sums in another order
    assert result.standard_error == pytest.approx(here.standard_error, rel=1e-9)
    assert result.interval[0] == pytest.approx(here.interval[0], abs=1e-9)
    # the upper end: a 97.5 % point of 4000 draws has a sd of .042 deviations, twice, here five of them
    assert result.interval[1] == pytest.approx(here.interval[1], abs=0.3 * here.standard_error)
    scores = accuracy(there[0] == there[1], clusters=there[2])
    assert scores.estimate == pytest.approx(accuracy(x == y, clusters=scene).estimate, abs=1e-12)
    assert permutation_p_value(there[0], there[1], clusters=there[2], permutations=199) == 1 / 200


def test_counts_equal_to_the_cpu(device):
    counts = torch.randint(0, 50, (1000, 4, 4), generator=torch.Generator().manual_seed(0))
    for function in (information_from_counts, entropy):
        for method in METHODS:
            there = function(counts.to(device), method=method)
            assert there.device.type == device.type
            # the special functions of the two differ in their last bits; sums of 16 of them, of size 10
            torch.testing.assert_close(there.cpu(), function(counts, method=method), rtol=0, atol=1e-11)


def test_relabelling_finds_the_same_gain(device):
    truth, answer, scene = (v.to(device) for v in symmetric_sample(torch.Generator().manual_seed(0), 300, 3, 4, 0.6))
    shifted = relabelling_gain((answer + 1) % 4, truth, clusters=scene)
    # other folds than on the CPU, but the map is plain in each
    assert shifted.estimate == pytest.approx(
        accuracy(answer == truth).estimate - accuracy((answer + 1) % 4 == truth).estimate, abs=1e-12
    )
