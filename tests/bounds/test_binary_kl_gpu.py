"""The divergence and its inverses on the GPU: the same suite, and equality with the CPU."""

import checks
import pytest
import torch

from spacelib.bounds import inverse_first, inverse_second, kl

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda c: c.__name__)
def test_suite(check, device, dtype):
    check(device, dtype)


def test_gradients_against_finite_differences(device):
    checks.check_gradients(device)


def test_equal_to_the_cpu(device):
    generator = torch.Generator().manual_seed(0)
    base = torch.rand(100_000, generator=generator, dtype=torch.float64)
    budget = torch.rand(100_000, generator=generator, dtype=torch.float64) * 2
    # logarithms may differ by one ulp: 52 roundings of kl in all, each moving a root by at most 2^-53 |root - base|
    torch.testing.assert_close(kl(base, budget / 2), kl(base.to(device), budget.to(device) / 2).cpu(), rtol=1e-14, atol=0)
    for inverse in (inverse_first, inverse_second):
        for side in ("lower", "upper"):
            there = inverse(base.to(device), budget.to(device), side=side).cpu()
            torch.testing.assert_close(inverse(base, budget, side=side), there, rtol=0, atol=52 * 2.0**-53)
