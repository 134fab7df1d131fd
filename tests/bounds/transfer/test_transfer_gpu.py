"""The transfer room on the GPU: equal to the CPU's, on the device of the arguments."""

import pytest
import torch

from spacelib import bounds

pytestmark = pytest.mark.gpu

RISK = torch.tensor([0.0, 0.1, 0.4, 1.0], dtype=torch.float64)
SHIFT = torch.tensor([[0.0], [0.2], [1.5]], dtype=torch.float64)
LAW = torch.tensor([0.5, 0.3, 0.2], dtype=torch.float64)

CALLS = [
    lambda p, c, b: bounds.kl_certificate(p, c, p.new_tensor(1000.0), 0.05),
    lambda p, c, b: bounds.empirical_bernstein(p, p * (1 - p), c, 1000, 0.05),
    lambda p, c, b: bounds.monte_carlo_certificate(p, 100, c, 1000, 0.05, 0.01),
    lambda p, c, b: bounds.lambda_bound(p, c, 1000, 0.05),
    lambda p, c, b: bounds.importance_weighted(p, 2.0, c, 1000, 0.05),
    lambda p, c, b: bounds.tightest(p, kl=c, chi_square=2 * c, renyi=(c, 2.0), ratio=1 + c).risk,
    lambda p, c, b: bounds.tightest(p, kl=c, ratio=p.new_tensor(torch.inf)).row,
    lambda p, c, b: bounds.transfer_certificate(p, 3.0, 1000, 0.05, c),
    lambda p, c, b: bounds.shift_divergences(b, b.flip(-1)).kl,
    lambda p, c, b: bounds.renyi_divergence(b, b.flip(-1), 1.1 + p + c),
    lambda p, c, b: bounds.clopper_pearson((p * 40).round(), 40, 0.05),
    lambda p, c, b: bounds.clopper_pearson((p * 40).round(), 40, 0.05, side="lower"),
    lambda p, c, b: bounds.shift_upper_bound((100 * b).round(), (90 * b.flip(-1)).round(), 0.05),
    lambda p, c, b: bounds.empirical_law_tail(c, 100, 4),
    lambda p, c, b: bounds.stratified_certificate(b.flip(-1), b, (100 * b).round(), c, 0.05),
    lambda p, c, b: bounds.stratified_scene_samples(b, torch.ones(4, 3, dtype=b.dtype, device=b.device)),
    lambda p, c, b: bounds.weighted_samples(b),
    lambda p, c, b: bounds.random_size_certificate(p, 2.0, 5.0, c, 1000, 0.05),
    lambda p, c, b: bounds.critical_shift(p, 0.5, measure="chi_square"),
    lambda p, c, b: bounds.sensitivity_curve(p[:3], c),
    lambda p, c, b: bounds.disagreement_2016(p, 0.1, 1 + c, torch.inf, 0.0),
    lambda p, c, b: bounds.gaussian_frames_shift(c, 0.5, 1.0, 4),
    lambda p, c, b: bounds.variance_shift_floor(1 + c, 4),
]


@pytest.mark.parametrize("call", CALLS)
def test_equal_to_the_cpu(call, device):
    here, there = call(RISK, SHIFT, LAW), call(*(value.to(device) for value in (RISK, SHIFT, LAW)))
    assert there.device.type == device.type
    torch.testing.assert_close(here, there.cpu(), rtol=1e-11, atol=1e-15)  # logarithms differ by their last digit
