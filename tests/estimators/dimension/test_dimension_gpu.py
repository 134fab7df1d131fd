"""The dimensions on the GPU: equal to the CPU, whose neighbours come by another route where columns are few."""

import pytest
import torch
from dimension_truths import flat, torus

from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension
from spacelib.estimators.dimension import attention_effective_rank, covering_numbers, dimensions
from spacelib.estimators.dimension.neighbours import nearest_distances

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("x", [flat(2000, 3, 8, 0), flat(2000, 3, 40, 0), torus(2000, 2, 0)], ids=["8", "40", "torus"])
def test_all_dimensions_equal_the_cpu(device, x):
    here, there = dimensions(x), dimensions(x.to(device))
    for name in vars(here):
        ours, theirs = getattr(here, name), getattr(there, name)
        # the two know squared distances to 1e-12 of their size; the ratios' logarithms are sums of thousands
        assert theirs.estimate == pytest.approx(ours.estimate, rel=1e-9), name
        assert theirs.standard_error == pytest.approx(ours.standard_error, rel=1e-6), name


def test_neighbours_equal_the_cpu(device):
    for x in (
        flat(3000, 2, 30, 1),
        torch.randn(3000, 50, generator=torch.Generator().manual_seed(0), dtype=torch.float64),
    ):
        torch.testing.assert_close(
            nearest_distances(x.to(device), 20).cpu(), nearest_distances(x, 20), rtol=1e-11, atol=0
        )


def test_spectra_coverings_and_attention_equal_the_cpu(device):
    spectra = torch.rand(50, 12, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    for function in (effective_rank, participation_ratio, lambda s: ridge_dimension(s, 0.1)):
        there = function(spectra.to(device))
        assert there.device.type == device.type
        torch.testing.assert_close(there.cpu(), function(spectra), rtol=1e-13, atol=0)
    x, radii = flat(1000, 2, 5, 0), torch.tensor([0.05, 0.1, 0.5], dtype=torch.float64)
    here, there = covering_numbers(x, radii), covering_numbers(x.to(device), radii.to(device))
    assert there.upper.tolist() == here.upper.tolist() and there.lower.tolist() == here.lower.tolist()
    frames = torch.randn(20, 6, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    weights = torch.randn(20, 6, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64).softmax(-1)
    result = attention_effective_rank(frames.to(device), weights.to(device))
    assert result.estimate == pytest.approx(attention_effective_rank(frames, weights).estimate, rel=1e-12)
