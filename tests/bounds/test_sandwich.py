"""The floor and the sandwich: on known channels, attained at both ends, sharp, and the floors that are wrong."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib.bounds import (
    accuracy_ceiling,
    accuracy_floor,
    cyclic_window_channel,
    exact_ceiling,
    sandwich,
    sandwich_width,
)

ROUNDING = 1e-12  # sums of at most 200 cells of a joint law, each right to 1e-16 of itself, and their logarithms


def floor_reference(h):
    with mpmath.workdps(60):
        h = mpmath.mpf(float(h))
        k = max(1, int(mpmath.floor(mpmath.e**h)))
        while mpmath.log(k + 1) <= h:
            k += 1
        while mpmath.log(k) > h:
            k -= 1
        return mpmath.mpf(1) / k - (h - mpmath.log(k)) / (k * (k + 1) * mpmath.log1p(mpmath.mpf(1) / k))


def random_joints(number, shape, seed, power=6):
    joint = torch.rand(number, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) ** power
    return joint / joint.sum((1, 2), keepdim=True)


def figures(joint):
    """(best accuracy, H(T|O), prior, I) of joints (..., observations, targets)."""
    prior, seen = joint.sum(-2), joint.sum(-1, keepdim=True)
    unknown = -torch.xlogy(joint, torch.where(joint > 0, joint / seen, 1)).sum((-1, -2))
    return joint.amax(-1).sum(-1), unknown, prior, (torch.special.entr(prior).sum(-1) - unknown).clamp(min=0)


@pytest.mark.oracle
def test_the_floor_is_never_above_the_exact_one_and_close():
    random = np.random.default_rng(0)
    knots = np.log(np.arange(1, 200))
    points = np.concatenate(
        [
            knots,
            np.nextafter(knots, 9),
            np.nextafter(knots[1:], 0),
            10 ** random.uniform(-16, 0, 100),
            19 + 2 * random.random(100),
        ]
    )
    for h, floor in zip(points, accuracy_floor(points), strict=True):
        exact = floor_reference(h)
        # (16 + 4 H) u of 1/k, which is at most 2 psi, and as much of rounding
        assert exact * (1 - 4 * (16 + 4 * h) * 2.0**-53) <= floor <= exact
    assert accuracy_floor(0.0) == 1 and accuracy_floor(700.0) == pytest.approx(math.exp(-700), rel=1e-12)
    assert accuracy_floor(1e4) == 0


@pytest.mark.property
@given(st.floats(0, 40))
def test_the_floor_lies_above_the_simple_ones(h):
    floor = accuracy_floor(h) * (1 + 1e-13)  # rounded down by less: 4 (16 + 4·40) u
    assert floor >= math.exp(-h) and floor >= 1 - h / (2 * math.log(2))


def test_no_best_answerer_of_a_known_channel_is_below_the_floor_or_outside_the_sandwich():
    for shape, seed in (((5, 3), 0), ((3, 6), 1), ((8, 8), 2)):
        best, unknown, prior, information = figures(random_joints(3000, shape, seed))
        assert bool((best >= accuracy_floor(unknown) - ROUNDING).all())
        within = sandwich(prior, information)
        assert bool((within.lower - ROUNDING <= best).all()) and bool((best <= within.upper + ROUNDING).all())


def test_the_windows_attain_the_floor_and_only_just():
    for size in (2, 3, 8, 17):
        h = torch.cat(
            [
                torch.linspace(0, math.log(size), 41, dtype=torch.float64),
                torch.arange(1, size + 1, dtype=torch.float64).log(),
            ]
        )
        best, unknown, prior, _ = figures(cyclic_window_channel(size, h))
        torch.testing.assert_close(unknown, h, rtol=0, atol=ROUNDING)
        torch.testing.assert_close(prior, torch.full_like(prior, 1 / size), rtol=0, atol=ROUNDING)
        torch.testing.assert_close(best, accuracy_floor(h), rtol=0, atol=ROUNDING)
        assert bool((accuracy_floor(h) * 1.01 > best).all())  # sensitivity: one percent more is missed


def test_wrong_floors_are_missed_by_a_channel():
    """The error is at most H/2 in bits, not in nats; and a target uniform on pairs has error 1/2, not 1 - I/H."""
    h = torch.tensor([0.3, math.log(2)], dtype=torch.float64)
    best = figures(cyclic_window_channel(4, h))[0]
    assert bool((1 - best > h / 2 + 0.05).all()) and bool((1 - best <= h / (2 * math.log(2)) + ROUNDING).all())
    pairs = torch.block_diag(*[torch.ones(1, 2, dtype=torch.float64)] * 4) / 8
    best, unknown, _, information = figures(pairs)
    assert 1 - best > 1 - information / math.log(8) + 0.1
    assert best.item() == pytest.approx(accuracy_floor(unknown).item(), abs=ROUNDING)


def test_both_ends_of_the_sandwich_are_attained_for_uniform_targets():
    size = 5
    information = torch.linspace(0, math.log(size) - 1e-9, 20, dtype=torch.float64)
    prior = torch.full((size,), 1 / size, dtype=torch.float64)
    within = sandwich(prior, information)
    lowest = figures(cyclic_window_channel(size, math.log(size) - information))[0]
    torch.testing.assert_close(within.lower, torch.maximum(lowest, prior.max()), rtol=0, atol=ROUNDING)
    torch.testing.assert_close(within.upper, accuracy_ceiling(1 / size, information), rtol=0, atol=ROUNDING)
    torch.testing.assert_close(within.upper, exact_ceiling(prior, information), rtol=0, atol=0)


def test_the_width_by_alphabet():
    """.16, .31, .40, .55 for 2, 4, 8, 64; equal to a fine grid; towards one."""
    sizes = np.array([2.0, 4, 8, 64])
    width, place = sandwich_width(sizes)
    assert width == pytest.approx([0.16, 0.31, 0.40, 0.55], abs=0.005)
    for size, w, i in zip(sizes, width, place, strict=True):
        grid = np.linspace(0, math.log(size), 200_001)
        gap = accuracy_ceiling(1 / size, grid) - accuracy_floor(np.log(size) - grid)
        # between grid points 2e-5 apart a concave function exceeds its neighbours by less than the slopes' sum times that
        assert gap.max() - 1e-12 <= w <= gap.max() + 1e-4
        assert accuracy_ceiling(1 / size, i) - accuracy_floor(max(math.log(size) - i, 0.0)) == pytest.approx(
            w, abs=1e-12
        )
    widths, _ = sandwich_width(np.array([2.0**k for k in (1, 4, 16, 64, 256, 1000)]))
    assert (np.diff(widths) > 0).all() and widths[-1] > 0.98


def test_the_sandwich_of_all_and_of_no_information():
    prior = np.array([0.5, 0.3, 0.2])
    entropy = -float((prior * np.log(prior)).sum())
    full, none = sandwich(prior, entropy), sandwich(prior, 0.0)
    assert full.upper == 1 and full.lower == pytest.approx(1, abs=1e-13)
    assert none.lower == pytest.approx(0.5, abs=1e-14) and none.upper == pytest.approx(0.5, abs=1e-13)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: accuracy_floor(-0.1), ValueError, "equivocation must be at least 0 nats, got -0.1"),
        (
            lambda: sandwich(np.array([0.5, 0.5]), 0.7),
            ValueError,
            "information must be at most the prior's entropy, got 0.7",
        ),
        (lambda: sandwich(np.array([0.5, 0.6]), 0.1), ValueError, "the sum of prior must be 1"),
        (lambda: sandwich_width(1), ValueError, "alphabet must be an integer of at least 2"),
        (lambda: cyclic_window_channel(4, 1.5), ValueError, "equivocation must be between 0 and ln 4, got 1.5"),
        (lambda: cyclic_window_channel(1, 0.0), ValueError, "at least 2, got 1"),
        (lambda: cyclic_window_channel(4.0, 0.1), TypeError, "alphabet must be an int, got float"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call()
