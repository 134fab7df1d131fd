"""Seconds of the nearest-neighbour estimators and of all subsets of frames; the ratio to npeet_plus is what is asserted."""

import math

import pytest
import torch
from npeet_plus import mi
from timing import best_seconds

from spacelib.estimators import ksg, subset_information

pytestmark = pytest.mark.long


@pytest.fixture(autouse=True)
def both_cores():
    """Timed as a user runs them: the threads that torch takes by itself are two here."""
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(threads)


def neighbours():
    """Calls of KSG and of npeet_plus on the same samples, which must agree."""
    generator = torch.Generator().manual_seed(0)
    factor = torch.randn(10_000, 5, generator=generator, dtype=torch.float64)
    x, y = (factor + torch.randn(10_000, 5, generator=generator, dtype=torch.float64) for _ in range(2))
    a, b = x.numpy(), y.numpy()
    assert ksg(x, y, k=3).estimate == pytest.approx(mi(a, b, k=3, base=math.e), abs=1e-6)
    return {"ksg": lambda: ksg(x, y, k=3), "npeet_plus": lambda: mi(a, b, k=3, base=math.e)}


def all_subsets(method, samples):
    """The call for all 255 subsets of eight frames of two numbers each."""
    generator = torch.Generator().manual_seed(0)
    target = torch.randn(samples, 1, generator=generator, dtype=torch.float64)
    frames = target[:, None] + torch.randn(samples, 8, 2, generator=generator, dtype=torch.float64)
    return lambda: subset_information(frames, target, method=method)


def test_ksg_beside_npeet(capsys):
    seconds = best_seconds(neighbours(), 5)
    with capsys.disabled():
        print(f"\nKSG, 10 000 samples, 5 + 5 dimensions: {seconds['ksg']:.2f} s; npeet_plus {seconds['npeet_plus']:.2f} s")
    assert seconds["ksg"] < seconds["npeet_plus"]


def test_all_subsets_of_eight_frames(capsys):
    """Measured and reported; each is far less than its 255 estimates one after another."""
    for method, samples in (("gaussian_copula", 10_000), ("ksg", 2_000)):
        seconds = best_seconds({method: all_subsets(method, samples)}, 1)
        with capsys.disabled():
            print(f"\n255 subsets, {method}, {samples} samples: {seconds[method]:.2f} s")
