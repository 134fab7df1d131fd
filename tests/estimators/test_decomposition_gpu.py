"""The decomposition on the GPU: equal to the CPU up to the gap that the certificate leaves."""

import pytest
import torch
from laws import KINDS, counted_laws, random_laws

from spacelib.estimators.decomposition import (
    co_information,
    decompose,
    decompose_gaussian,
    decompose_samples,
    o_information_gaussian,
)
from spacelib.estimators.decomposition.discrete import METHODS

pytestmark = pytest.mark.gpu

PARTS = ("redundancy", "unique_1", "unique_2", "synergy")
GAP = 1e-10  # nats: where the method stops, on either device


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (5, 4, 5)])
def test_laws(device, shape, method):
    laws = torch.cat([*(random_laws(shape, kind, 250, 0) for kind in KINDS), counted_laws(shape, 20, 250, 0)])
    here, there = decompose(laws, method=method), decompose(laws.to(device), method=method)
    assert there.gap.device.type == device.type and (there.gap <= GAP).all()
    for name in PARTS:
        torch.testing.assert_close(getattr(there, name).cpu(), getattr(here, name), rtol=0, atol=2 * GAP)


def test_gaussians_and_several(device):
    factor = torch.randn(100, 5, 10, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    covariance = factor @ factor.mT
    here, there = (decompose_gaussian(c, (1, 2, 2)) for c in (covariance, covariance.to(device)))
    # condition numbers in the hundreds, log-determinants of size ten
    torch.testing.assert_close(there.synergy.cpu(), here.synergy, rtol=0, atol=1e-11)
    there = o_information_gaussian(covariance.to(device), (1, 1, 1, 2))
    torch.testing.assert_close(there.cpu(), o_information_gaussian(covariance, (1, 1, 1, 2)), rtol=0, atol=1e-11)
    laws = random_laws((3, 4, 2), "sparse", 50, 1)
    torch.testing.assert_close(co_information(laws.to(device), 3).cpu(), co_information(laws, 3), rtol=0, atol=1e-13)


def test_samples(device):
    t, x, y = torch.randint(0, 3, (3, 500), generator=torch.Generator().manual_seed(1))
    here = decompose_samples((t + x + y) // 2, x, y, resamples=2000)
    there = decompose_samples(*(v.to(device) for v in ((t + x + y) // 2, x, y)), resamples=2000)
    for name in PARTS:
        one, two = getattr(here, name), getattr(there, name)
        assert getattr(there.plug_in, name) == pytest.approx(getattr(here.plug_in, name), abs=2 * GAP)
        # the mean of 2000 other draws, twice: .032 standard errors, five times; their deviation: .022, five times
        assert two.estimate == pytest.approx(one.estimate, abs=0.16 * one.standard_error)
        assert two.standard_error == pytest.approx(one.standard_error, rel=0.12)
