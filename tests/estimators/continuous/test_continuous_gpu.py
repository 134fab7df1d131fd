"""Information of continuous variables on the GPU: equal to the CPU on the same data."""

import time

import pytest
import torch
from normal_laws import normal_pair

from spacelib.estimators import gaussian_copula_information, ksg, subset_information

pytestmark = pytest.mark.gpu


def test_equal_to_the_cpu(device):
    x, y, _ = normal_pair(0, 1500, 3, 4, 1.0)
    z = x[:, :1] + y[:, :1]
    there = [v.to(device) for v in (x, y, z)]
    for variant in (1, 2):
        assert ksg(*there[:2], variant=variant).estimate == pytest.approx(ksg(x, y, variant=variant).estimate, abs=1e-6)
    assert ksg(there[0], there[1], condition=there[2]).estimate == pytest.approx(ksg(x, y, condition=z).estimate, abs=1e-6)
    rounded = [v.round(decimals=1) for v in (x[:, :1], y[:, :1])]
    assert ksg(*(v.to(device) for v in rounded)).estimate == pytest.approx(ksg(*rounded).estimate, abs=1e-6)
    want = gaussian_copula_information(x, y).estimate
    assert gaussian_copula_information(*there[:2]).estimate == pytest.approx(want, abs=1e-9)
    for method in ("ksg", "gaussian_copula"):
        here, far = (
            subset_information([a, b[:, :2]], c + b[:, 3:], method=method, permutations=9)
            for a, b, c in ((x, y, z), there)
        )
        torch.testing.assert_close(far.information.cpu(), here.information, rtol=0, atol=1e-6)
        torch.testing.assert_close(far.p_value.cpu(), here.p_value, rtol=0, atol=0.11)  # an order may be tied to rounding


@pytest.mark.long
def test_a_hundred_thousand_samples(device, capsys):
    x, y, truth = normal_pair(0, 100_000, 5, 5, 1.0)
    there = x.to(device), y.to(device)
    ksg(*(v[:1000] for v in there))
    torch.cuda.synchronize()
    start = time.perf_counter()
    result = ksg(*there, k=3)
    seconds = time.perf_counter() - start
    with capsys.disabled():
        print(f"\nKSG, 100 000 samples, 5 + 5 dimensions, on {torch.cuda.get_device_name()}: {seconds:.2f} s")
    assert result.estimate == pytest.approx(truth, abs=0.1)
