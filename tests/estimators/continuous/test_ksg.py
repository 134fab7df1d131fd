"""Nearest-neighbour information: equal to an independent implementation, the same by both routes, near known values."""

import math

import numpy as np
import pytest
import torch
from normal_laws import normal_pair
from npeet_plus import mi

from spacelib.estimators import ksg
from spacelib.estimators.continuous.ksg import ksg_terms
from spacelib.estimators.continuous.neighbours import neighbour_counts


def sample(seed, samples, dimension):
    x, y, _ = normal_pair(seed, samples, dimension, dimension, 1.0)
    z = torch.randn(samples, 2, generator=torch.Generator().manual_seed(seed + 1), dtype=torch.float64) + x[:, :1]
    return x, y, z


@pytest.mark.oracle
@pytest.mark.parametrize(("samples", "dimension", "k"), [(50, 1, 1), (300, 1, 3), (400, 3, 7), (500, 5, 3)])
def test_equal_to_npeet(samples, dimension, k):
    x, y, z = (v.numpy() for v in sample(samples, samples, dimension))
    assert ksg(x, y, k=k).estimate == pytest.approx(mi(x, y, k=k, base=math.e), abs=1e-6)
    assert ksg(x, y, condition=z, k=k).estimate == pytest.approx(mi(x, y, z, k=k, base=math.e), abs=1e-6)


def by_definition(x, y, k, variant):
    """Both algorithms point by point, as their paper writes them."""
    dx = (x[:, None] - x).abs().amax(-1).fill_diagonal_(torch.inf)
    dy = (y[:, None] - y).abs().amax(-1).fill_diagonal_(torch.inf)
    near = torch.maximum(dx, dy).argsort(1)[:, :k]
    psi, n = torch.digamma, torch.tensor(float(len(x)))
    if variant == 1:
        reach = torch.maximum(dx, dy).gather(1, near).amax(1, keepdim=True)
        inside = [(d < reach).sum(1) + 1 for d in (dx, dy)]
        return psi(torch.tensor(float(k))) + psi(n) - sum(psi(c.double()).mean() for c in inside)
    inside = [(d <= d.gather(1, near).amax(1, keepdim=True)).sum(1) for d in (dx, dy)]
    return psi(torch.tensor(float(k))) - 1 / k + psi(n) - sum(psi(c.double()).mean() for c in inside)


@pytest.mark.parametrize("variant", [1, 2])
@pytest.mark.parametrize("route", ["tree", "brute"])
def test_equal_to_the_definition(variant, route):
    x, y, _ = sample(3, 200, 2)
    want = by_definition(x, y, 4, variant).item()
    # digamma of k and n in float32 there: some 1e-7 each
    assert ksg_terms([x, y], 4, variant, route).mean().item() == pytest.approx(want, abs=1e-6)
    assert ksg(x, y, k=4, variant=variant).estimate == pytest.approx(want, abs=1e-6)


@pytest.mark.parametrize("dimension", [1, 4, 9])
def test_both_routes_count_alike(dimension):
    blocks = list(sample(dimension, 700, dimension))
    coarse = [v.round(decimals=4) + 1e6 for v in blocks]  # many distances equal to their last bit, and large boxes' edges
    plain, given = [(0,), (1,)], [(0, 2), (1, 2), (2,)]
    # with rims, which of several equal neighbours is the k-th is open: only without ties are the counts determined
    for data, margins, rims in ((blocks, plain, False), (blocks, plain, True), (coarse, plain, False), (coarse, given, False)):
        tree, brute = (neighbour_counts(data, 3, margins, rims=rims, route=route) for route in ("tree", "brute"))
        assert all(torch.equal(a, b) for a, b in zip(tree, brute, strict=True))


@pytest.mark.coverage
def test_near_the_truth_of_a_normal_law():
    """Twenty samples of 1000: the mean within 4 standard errors and the bias known for k = 3, below .01 in 1 + 1."""
    for variant in (1, 2):
        runs = [ksg(*normal_pair(seed, 1000, 1, 1, 1.0)[:2], variant=variant) for seed in range(20)]
        truth = normal_pair(0, 10, 1, 1, 1.0)[2]
        mean = sum(run.estimate for run in runs) / 20
        assert abs(mean - truth) < 0.01 + 4 * runs[0].standard_error / math.sqrt(20)
        assert sum(run.interval[0] <= truth <= run.interval[1] for run in runs) >= 16  # P(fewer | 95 %) = .003


def test_chain_rule_of_a_condition():
    """z makes x and y independent: near 0, while the plain information is not."""
    generator = torch.Generator().manual_seed(0)
    z = torch.randn(2000, 1, generator=generator, dtype=torch.float64)
    x, y = (z + torch.randn(2000, 1, generator=generator, dtype=torch.float64) for _ in range(2))
    given = ksg(x, y, condition=z)
    assert abs(given.estimate) < 4 * given.standard_error + 0.01
    assert ksg(x, y).estimate > 0.1


def test_ties_are_jittered_and_said():
    x, y, _ = sample(0, 300, 1)
    coarse, rough = x.round(decimals=1), y.round(decimals=1)
    first, again = ksg(coarse, rough), ksg(coarse, rough)
    assert first == again and "jittered" in first.method and math.isfinite(first.estimate)
    assert "jittered" not in ksg(x, y).method
    assert ksg(coarse, rough, generator=torch.Generator().manual_seed(5)).estimate == pytest.approx(first.estimate, abs=0.1)
    # a large offset leaves room for the jitter
    assert math.isfinite(ksg(coarse + 1e8, rough).estimate)


def test_numpy_and_torch_and_shapes_alike():
    x, y, _ = sample(1, 100, 1)
    want = ksg(x, y)
    assert ksg(x.numpy(), y.numpy()) == want == ksg(x[:, 0], y[:, 0])
    assert ksg(x.float(), y.float()).estimate == pytest.approx(want.estimate, abs=0.05)


def spoiled(value):
    x = torch.randn(20, 2, generator=torch.Generator().manual_seed(0))
    x[3, 1] = value
    return x


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x: ksg(spoiled(math.nan), x), ValueError, r"ksg: x must be finite .* got nan in row 3, column 1"),
        (lambda x: ksg(x, spoiled(math.inf)), ValueError, r"ksg: y must be finite .* got inf in row 3, column 1"),
        (lambda x: ksg(x, spoiled(0.0) * 0 + 7), ValueError, r"ksg: column 0 of y is constant \(7.0\)"),
        (lambda x: ksg(x, x.double() * 1e-200), ValueError, r"varies by .* rescale it"),
        (lambda x: ksg(x, x[:5]), ValueError, r"same number of samples, got \{'x': 20, 'y': 5\}"),
        (lambda x: ksg(x, x, k=20), ValueError, r"k must be at least 1 and below the number of samples, 20, got 20"),
        (lambda x: ksg(x, x, k=0), ValueError, "k must be at least 1"),
        (lambda x: ksg(x, x, k=2.0), TypeError, "k must be a whole number, got float"),
        (lambda x: ksg(x, x, variant=3), ValueError, "variant must be 1 or 2, got 3"),
        (lambda x: ksg(x, x, condition=x, variant=2), ValueError, "variant must be 1 where a condition is given, got 2"),
        (lambda x: ksg([1.0], x), TypeError, "x must be a torch tensor or a numpy array, got list"),
        (lambda x: ksg(np.array(["a"] * 20), x), TypeError, "x must hold real numbers"),
        (lambda x: ksg(x[None], x), ValueError, r"x must have shape .* got shape \(1, 20, 2\)"),
        (lambda x: ksg(x[:0], x[:0]), ValueError, "at least one sample"),
    ],
)
def test_errors_name_what_is_wrong(call, error, message):
    with pytest.raises(error, match=message):
        call(spoiled(0.0))
