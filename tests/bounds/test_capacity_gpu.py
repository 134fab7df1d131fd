"""The exact ceiling and the sandwich on the GPU: the same suite, and equality with the CPU."""

import checks_capacity
import pytest
import torch

from spacelib.bounds import conditional_ceiling, exact_ceiling, required_information

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("check", checks_capacity.CHECKS, ids=lambda c: c.__name__)
def test_suite(check, device, dtype):
    check(device, dtype)


def test_gradients_against_finite_differences(device):
    checks_capacity.check_gradients(device)


def test_equal_to_the_cpu(device):
    generator = torch.Generator().manual_seed(0)
    prior = torch.rand(2000, 64, generator=generator, dtype=torch.float64).softmax(-1)
    information = 4 * torch.rand(2000, generator=generator, dtype=torch.float64)
    # both lie within four slacks, 4 (6·6 + 32) u, above the same exact ceiling; the inverse's slope is at most ln(1/u) < 40
    slack = 4 * 68 * 2.0**-53
    ceiling = exact_ceiling(prior, information)
    torch.testing.assert_close(
        ceiling, exact_ceiling(prior.to(device), information.to(device)).cpu(), rtol=0, atol=slack
    )
    there = required_information(prior.to(device), ceiling.to(device)).cpu()
    torch.testing.assert_close(required_information(prior, ceiling), there, rtol=0, atol=40 * slack)
    questions, weights = prior.reshape(100, 20, 64), torch.full((20,), 0.05, dtype=torch.float64)
    here = conditional_ceiling(questions, weights, information[:100])
    there = conditional_ceiling(questions.to(device), weights.to(device), information[:100].to(device))
    torch.testing.assert_close(here.accuracy, there.accuracy.cpu(), rtol=0, atol=2 * slack)
