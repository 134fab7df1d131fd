"""The estimators on the GPU: equal to the CPU where nothing is random, and within its noise where something is."""

import pytest
import torch
from channels import symmetric_sample

from spacelib.estimators import accuracy, information_from_counts, mutual_information, permutation_p_value

pytestmark = pytest.mark.gpu


def test_equal_to_the_cpu(device):
    x, y, scene = symmetric_sample(torch.Generator().manual_seed(0), 200, 5, 4, 0.6)
    there = [v.to(device) for v in (x, y, scene)]
    here = mutual_information(x, y, clusters=scene, resamples=4000)
    result = mutual_information(there[0], there[1], clusters=there[2], resamples=4000)
    assert result.estimate == pytest.approx(here.estimate, abs=1e-12)
    # two bootstrap standard deviations of 4000 draws each: relative sd of their ratio 1/sqrt(4000), here five of them
    assert result.standard_error == pytest.approx(here.standard_error, rel=5 / 4000**0.5)
    scores = accuracy(there[0] == there[1], clusters=there[2])
    assert scores.estimate == pytest.approx(accuracy(x == y, clusters=scene).estimate, abs=1e-12)
    assert permutation_p_value(there[0], there[1], clusters=there[2], permutations=199) == 1 / 200


def test_counts_equal_to_the_cpu(device):
    counts = torch.randint(0, 50, (1000, 4, 4), generator=torch.Generator().manual_seed(0))
    for method in ("plug_in", "miller_madow"):
        there = information_from_counts(counts.to(device), method=method)
        assert there.device.type == device.type
        torch.testing.assert_close(there.cpu(), information_from_counts(counts, method=method), rtol=0, atol=1e-12)
