"""The numbers of samples on the GPU: equal to the CPU's, on the device of the arguments."""

import pytest
import torch

from spacelib import bounds

pytestmark = pytest.mark.gpu

EPSILON = torch.tensor([0.3, 0.1, 0.02], dtype=torch.float64)
DELTA = torch.tensor([[0.2], [0.01]], dtype=torch.float64)
VALUES = {"complexity": 3.0, "variance": 2.0, "chi_square": 9.0, "dimension": 5.0}
SIGNAL = torch.tensor([50.0, 8.0, 1.0, 0.1], dtype=torch.float64)

CALLS = [
    *(
        lambda e, d, s, f=function, r=regime: f(e, d, regime=r, **{k: s.new_tensor(VALUES[k]) for k in bounds.REGIMES[r].takes})
        for function in (bounds.required_samples, bounds.necessary_samples, bounds.gap_factor)
        for regime in bounds.REGIMES
    ),
    lambda e, d, s: bounds.attainable_gap((100 / e).ceil(), d, s.new_tensor(2.0), regime="averaged_almost_sure", bound="maurer"),
    lambda e, d, s: bounds.required_samples(e, d, s.new_tensor(2.0), regime="averaged_almost_sure", bound="maurer"),
    lambda e, d, s: bounds.maurer_moment((1e5 / e).ceil()),
    lambda e, d, s: bounds.squared_gap((1 / e).ceil(), e),
    lambda e, d, s: bounds.gaussian_location_samples(e, d, 3.0).exact,
    lambda e, d, s: bounds.realizable_samples(e, d, 3.0).upper,
    lambda e, d, s: bounds.posterior_kl(s, e),
    lambda e, d, s: bounds.kl_tail(s, d[:, 0]),
    lambda e, d, s: bounds.complexity_bounds(s).upper,
    lambda e, d, s: bounds.stack_log_covering(10, 1.0, e, depth=7, layer=1.5, layer_parameter=2.0, tied=True),
    lambda e, d, s: bounds.heads_dimension(16, 4, e, d),
    lambda e, d, s: bounds.resolvable_difference((40 / e).ceil(), against="known", method="exact", power=0.8),
    lambda e, d, s: bounds.resolvable_difference((40 / e).ceil(), against="paired", agreement=1 - d, design_effect=1.5),
]


@pytest.mark.parametrize("call", CALLS)
def test_equal_to_the_cpu(call, device):
    here, there = call(EPSILON, DELTA, SIGNAL), call(*(value.to(device) for value in (EPSILON, DELTA, SIGNAL)))
    assert there.device.type == device.type
    # logarithms and powers differ by their last digit; a whole number may differ by one where that decides
    torch.testing.assert_close(here, there.cpu(), rtol=1e-11, atol=0 if bool((here < 10).all()) else 1)
