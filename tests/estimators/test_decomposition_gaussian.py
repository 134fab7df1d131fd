"""Gaussian decomposition, co-information and O-information: closed forms, identities, a grid's BROJA, the border."""

import itertools
import math

import numpy as np
import pytest
import torch
from laws import KINDS, gate, random_laws

from spacelib.estimators.decomposition import (
    co_information,
    co_information_gaussian,
    decompose,
    decompose_gaussian,
    o_information,
    o_information_gaussian,
)

ROUNDING = 1e-13  # sums of up to 125 terms of size 1 at most, a few times over
PARTS = ("redundancy", "unique_1", "unique_2", "synergy")


def covariances(size, count, seed):
    """Covariance matrices (count, size, size), of twice as many degrees of freedom as rows: condition in the hundreds."""
    factor = torch.from_numpy(np.random.default_rng(seed).normal(size=(count, size, 2 * size)))
    return factor @ factor.mT


def entropy(covariance, rows):
    """Gaussian entropy of some rows, nats, by numpy's determinant."""
    part = np.asarray(covariance)[..., rows, :][..., rows]
    return 0.5 * np.linalg.slogdet(2 * math.pi * math.e * part)[1]


def information(covariance, one, two):
    return entropy(covariance, one) + entropy(covariance, two) - entropy(covariance, [*one, *two])


def correlated(a, c, between):
    """T, X1, X2 of variance 1 with these correlations of T with X1 and X2, and between X1 and X2."""
    return np.array([[1, a, c], [a, 1, between], [c, between, 1]])


def test_two_noisy_views_of_one_number():
    """X_i = T + noise of variance 1 and 3, T of variance 1: 1/2 ln 2, 1/2 ln(4/3), together 1/2 ln(1 + 1 + 1/3)."""
    found = decompose_gaussian(np.array([[1.0, 1, 1], [1, 2, 1], [1, 1, 4]]), (1, 1, 1))
    less, more, both = 0.5 * math.log(4 / 3), 0.5 * math.log(2), 0.5 * math.log(7 / 3)
    parts = [getattr(found, name) for name in PARTS]
    np.testing.assert_allclose(parts, [less, more - less, 0, both - more], atol=ROUNDING)
    assert found.gap == 0 and found.method == "mmi"


def test_noise_known_from_the_other_source_is_synergy():
    """X1 = T + N, X2 = N + a little: X2 alone says nothing of T."""
    found = decompose_gaussian(np.array([[1.0, 1, 0], [1, 2, 1], [0, 1, 1.01]]), (1, 1, 1))
    assert found.redundancy == 0 == found.unique_2
    assert found.unique_1 == pytest.approx(0.5 * math.log(2), abs=ROUNDING)
    # given X2 the noise has variance 1 - 1/1.01
    assert found.unique_1 + found.synergy == pytest.approx(0.5 * math.log(1 + 1 / (1 - 1 / 1.01)), abs=1e-12)


@pytest.mark.parametrize("sizes", [(1, 1, 1), (1, 3, 2), (2, 1, 3), (3, 2, 2)])
def test_identities(sizes):
    covariance = covariances(sum(sizes), 50, 0)
    found = decompose_gaussian(covariance, sizes)
    redundancy, unique_1, unique_2, synergy = parts = np.stack([getattr(found, name) for name in PARTS])
    t, x, y = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
    one, two, both = (information(covariance, t, source) for source in (x, y, np.concatenate([x, y])))
    assert (parts >= 0).all() and (unique_1 * unique_2 == 0).all()
    rounding = 1e-11  # condition numbers in the hundreds, log-determinants of size ten, in both routes
    np.testing.assert_allclose(redundancy + unique_1, one, atol=rounding)
    np.testing.assert_allclose(redundancy + unique_2, two, atol=rounding)
    np.testing.assert_allclose(parts.sum(0), both, atol=rounding)
    np.testing.assert_allclose(co_information_gaussian(covariance, sizes), redundancy - synergy, atol=rounding)
    units = torch.logspace(-3, 3, sum(sizes), dtype=torch.float64)
    scaled = covariance * units.outer(units)
    np.testing.assert_allclose(decompose_gaussian(scaled, sizes).synergy, synergy, atol=rounding)


@pytest.mark.parametrize("correlations", [(0.6, 0.3, 0.1), (0.5, 0.5, 0.0), (0.7, 0.2, 0.6)])
def test_broja_of_the_discretised_gaussian_has_one_unique_part(correlations):
    """BROJA of the density at six and at ten points of an axis, beside the closed form: the finer grid comes nearer."""
    covariance = correlated(*correlations)
    exact = decompose_gaussian(covariance, (1, 1, 1))
    errors = []
    for bins in (5, 9):
        edges = np.linspace(-2.5, 2.5, bins)
        middle = (edges[1:] + edges[:-1]) / 2
        grid = np.stack(np.meshgrid(*[np.r_[edges[0] - 0.4, middle, edges[-1] + 0.4]] * 3, indexing="ij"), -1)
        law = np.exp(-0.5 * np.einsum("...i,ij,...j", grid, np.linalg.inv(covariance), grid))
        found = decompose(law / law.sum())
        errors.append(max(abs(getattr(found, name) - getattr(exact, name)) for name in PARTS))
    assert errors[1] < 0.8 * errors[0] and errors[1] < 0.05


def test_co_information_of_three_is_redundancy_less_synergy():
    for kind in KINDS:
        laws = random_laws((3, 4, 2), kind, 50, 0)
        found = decompose(laws)
        for measure in (co_information, o_information):
            np.testing.assert_allclose(measure(laws, 3), found.redundancy - found.synergy, atol=ROUNDING)
    assert co_information(gate(lambda x, y: x ^ y), 3) == pytest.approx(-math.log(2), abs=ROUNDING)


def test_more_than_three():
    """Copies of one fair bit share it; the parity of n - 1 fair bits is all synergy."""
    for n in (2, 3, 4, 5):
        copies, parity = np.zeros((2,) * n), np.zeros((2,) * n)
        copies[(0,) * n] = copies[(1,) * n] = 0.5
        for bits in itertools.product((0, 1), repeat=n - 1):
            parity[(*bits, sum(bits) % 2)] = 2.0 ** (1 - n)
        assert co_information(copies, n) == pytest.approx(math.log(2), abs=ROUNDING)
        assert co_information(parity, n) == pytest.approx((-1) ** n * math.log(2), abs=ROUNDING)
        if n > 2:
            assert o_information(copies, n) == pytest.approx((n - 2) * math.log(2), abs=ROUNDING)
            assert o_information(parity, n) == pytest.approx(-(n - 2) * math.log(2), abs=ROUNDING)


def test_o_information_is_total_less_dual_total_correlation():
    law = torch.from_numpy(np.random.default_rng(0).dirichlet(np.ones(24), 20).reshape(20, 2, 3, 2, 2))
    h = lambda margin: -torch.special.xlogy(margin, margin).flatten(1).sum(1)  # noqa: E731
    ones = [h(law.sum([a for a in range(1, 5) if a != axis])) for axis in range(1, 5)]
    rest = [h(law.sum(axis)) for axis in range(1, 5)]
    total, dual = sum(ones) - h(law), h(law) - sum(h(law) - r for r in rest)
    np.testing.assert_allclose(o_information(law, 4), total - dual, atol=ROUNDING)
    # co-information is the information of three less that of the three given the fourth
    weight = law.sum((1, 2, 3), keepdim=True)
    given = sum(weight[:, 0, 0, 0, z] * co_information((law / weight)[..., z], 3) for z in (0, 1))
    np.testing.assert_allclose(co_information(law, 4), co_information(law.sum(4), 3) - given, atol=ROUNDING)


def test_gaussian_o_information():
    sizes = (2, 1, 2, 1)
    covariance = covariances(6, 30, 1)
    rows = np.split(np.arange(6), np.cumsum(sizes)[:-1])
    every = np.arange(6)
    total = sum(entropy(covariance, part) for part in rows) - entropy(covariance, every)
    given = sum(entropy(covariance, every) - entropy(covariance, np.setdiff1d(every, part)) for part in rows)
    dual = entropy(covariance, every) - given
    np.testing.assert_allclose(o_information_gaussian(covariance, sizes), total - dual, atol=1e-11)
    np.testing.assert_allclose(
        co_information_gaussian(covariance[:, :3, :3], (2, 1)), information(covariance, [0, 1], [2]), atol=1e-11
    )


def test_kinds(dtype):
    covariance = torch.tensor(correlated(0.6, 0.3, 0.1), dtype=dtype)
    assert decompose_gaussian(covariance, (1, 1, 1)).synergy.dtype == dtype
    assert o_information_gaussian(covariance.expand(2, 4, 3, 3), (1, 1, 1)).shape == (2, 4)
    assert isinstance(co_information_gaussian(covariance.numpy(), (1, 2)), np.floating)
    assert co_information(torch.full((5, 2, 2), 0.25, dtype=dtype), 2).dtype == dtype


ONE, HALF = np.eye(3), np.full((2, 2), 0.25)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: decompose_gaussian(ONE[:2], (1, 1, 1)), ValueError, r"must have shape \(\*batch, n, n\), got \(2, 3\)"),
        (lambda: decompose_gaussian(ONE, (1, 1)), ValueError, r"sizes must be 3 positive .* sum to 3, got \(1, 1\)"),
        (lambda: decompose_gaussian(ONE, (1, 1, 2)), ValueError, r"sizes must be 3 .* sum to 3, got \(1, 1, 2\)"),
        (lambda: decompose_gaussian(ONE, (1, 1, 1.0)), TypeError, "sizes must be a tuple of whole numbers"),
        (lambda: decompose_gaussian(np.ones((3, 3)), (1, 1, 1)), ValueError, "least eigenvalue of .* at least"),
        (lambda: decompose_gaussian(-ONE, (1, 1, 1)), ValueError, r"diagonal .* must be positive, got -1\.0"),
        (lambda: decompose_gaussian(ONE + np.eye(3, k=1) / 2, (1, 1, 1)), ValueError, "asymmetry .* got 0.5"),
        (lambda: decompose_gaussian(np.full((3, 3), np.inf), (1, 1, 1)), ValueError, "must be finite, got inf"),
        (lambda: o_information_gaussian(np.eye(2), (1, 1)), ValueError, "sizes must be at least 3 .* sum to 2"),
        (lambda: co_information(HALF, 1), ValueError, "variables must be at least 2, got 1"),
        (lambda: o_information(HALF, 3), ValueError, r"law must have at least 3 axes, got shape \(2, 2\)"),
        (lambda: o_information(np.full((2, 2, 2), 0.125), 3.0), TypeError, "variables must be a whole number, got float"),
        (lambda: co_information(np.full((2, 2), 0.3), 2), ValueError, r"the sum of law must be 1, got 1\.2"),
    ],
)  # fmt: skip
def test_bad_input(call, error, words):
    with pytest.raises(error, match=words):
        call()
