"""What the tradeoff's theorems say, over generated arguments; and the examples that refute the wrong ones."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib.bounds import tradeoff as room

pytestmark = pytest.mark.property
U = 2.0**-53
SIZES = st.floats(1e-6, 1e6)
COUNTS = st.integers(1, 1000)


@given(SIZES, COUNTS, SIZES, SIZES, st.integers(0, 1000))
def test_the_gap_identity(e, d, s, b, more):
    n = d + 2 + more
    risk, crossover = room.implicit_risk(n, d, s, b), room.crossover_samples(e, d, s, b)
    if e <= b:
        assert crossover == np.inf and risk > e and room.preferred(e, n, d, s, b) == 1
        return
    left, right = risk - e, (e - b) * (crossover - n) / (n - d - 1)
    # 8 roundings of both risks; of n*, times the factor before it
    assert abs(left - right) <= U * (16 * (risk + e) + 16 * (e - b) * (crossover + n) / (n - d - 1))
    if abs(crossover - n) > 32 * U * crossover:
        assert room.preferred(e, n, d, s, b) == np.sign(crossover - n)
    # implicit at every admissible n iff E > b + (s + b) d
    whole = b + (s + b) * d
    if abs(e - whole) > 32 * U * (e + whole):
        assert (room.preferred(e, d + 2, d, s, b) == -1) == (e > whole)


@given(SIZES, COUNTS, SIZES, SIZES)
def test_the_derivatives_of_the_crossover(times_above, d, s, b):
    e = b * (1 + times_above)
    arguments = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (e, s, b)]
    slopes = torch.autograd.grad(room.crossover_samples(arguments[0], d, *arguments[1:]), arguments)
    gap = e - b
    expected = (-(s + b) * d / gap**2, d / gap, d * (e + s) / gap**2)
    # the derivative by b is a sum of two positive parts
    for slope, value in zip(slopes, expected, strict=True):
        assert float(slope) == pytest.approx(value, rel=64 * U)
    assert slopes[0] < 0 < slopes[1] and slopes[2] > 0
    assert room.crossover_samples(e, d + 1, s, b) > room.crossover_samples(e, d, s, b)


@given(SIZES, SIZES, SIZES, st.integers(1, 50), COUNTS, SIZES, SIZES)
def test_the_crossover_grows_with_frames(be, v, over, k, d, s, b):
    few, more = (room.crossover_samples(room.explicit_risk(x, be, v), d, s, b) for x in (k, k + 1))
    assert more >= few * (1 - 16 * U)
    wins = room.crossover_frames(be + over, be, v)
    line = room.crossover_frames_line(be + over, be, v)
    assert wins > 0 and line > 1 - 16 * U
    assert room.crossover_frames(be, be + over, v) == np.inf == room.crossover_frames_line(be, be + over, v)
    if wins < 1e6:
        k = np.floor(wins) + 1
        risk = room.explicit_risk(k, be, v)
        assert risk < (be + over) * (1 + 32 * U)  # explicit is better beyond K*
    assert room.crossover_frames(be + 2 * over, be, v) < wins  # a worse implicit side needs fewer frames


@given(SIZES, SIZES)
def test_the_limit_of_both(be, b):
    side = room.limit_preference(be, b)
    assert side == np.sign(b - be)
    far = room.crossover_samples(be, 5, 1.0, b)
    assert (far == np.inf) == (side >= 0)


def test_the_map_is_the_gap_at_each_place():
    n, k = np.array([10.0, 20.0, 40.0]), np.array([1.0, 2.0])
    found = room.phase_map(n, k, 5, np.array([1.0, 2.0]), 0.3, 0.2, 1.5, 0.25)
    assert found.shape == (2, 3, 2)
    for place in np.ndindex(found.shape):
        noise = 1.0 + place[0]
        gap = room.implicit_risk(n[place[1]], 5, noise, 0.3) - room.explicit_risk(k[place[2]], 0.2, 1.5, 0.25)
        assert found[place] == gap and np.sign(gap) == room.preferred(
            room.explicit_risk(k[place[2]], 0.2, 1.5, 0.25), n[place[1]], 5, noise, 0.3
        )


def test_equal_floors_push_the_crossover_out_in_proportion_to_frames():
    k = np.array([10.0, 20.0, 40.0])
    found = room.crossover_samples(0.3 + 2.0 / k, 5, 1.0, 0.3)
    assert np.allclose(found, 6 + 1.3 * 5 * k / 2, rtol=1e-12)


def test_features_of_every_frame_can_harm():
    """With d = K d0 the implicit risk at fixed n grows with K, and so does the crossover."""
    k = np.arange(1, 6)
    assert (np.diff(room.implicit_risk(60, 8 * k, 1.0, 0.2)) > 0).all()


@given(st.lists(st.floats(1e-3, 1e3), min_size=1, max_size=6), SIZES, st.floats(0, 1e3), st.integers(1, 1000))
def test_the_ridge_variance_is_below_the_other_sum(eigenvalues, noise, penalty, n):
    s = np.array(eigenvalues)
    found = room.ridge_risk(n, s, np.zeros_like(s), noise, penalty)
    assert found <= noise / n * (s / (s + penalty)).sum() * (1 + 64 * U)
    at_zero = room.ridge_risk(n, s, np.ones_like(s), noise, 0.0)
    assert at_zero == pytest.approx(noise * len(s) / n, rel=1e-14)


@given(SIZES, SIZES, st.floats(-1, 1))
def test_the_combination_is_never_worse(a, g, share):
    c = share * np.sqrt(a * g)
    if a + g - 2 * c <= 1e-9 * (a + g):
        return
    found = room.combine(a, g, c)
    least = min(a, g)
    assert 0 <= found.risk <= found.convex_risk <= least
    assert (found.convex_risk < least) <= (0 < found.convex_weight < 1)
    if c < least * (1 - 1e-3):
        assert found.risk < least and 0 <= found.weight <= 1
    if c > least * (1 + 1e-3):
        assert found.convex_risk == least and not 0 <= found.weight <= 1
    d = a + g - 2 * c
    for w in (0.0, 0.3, 1.0, found.weight):
        direct = w * w * a + 2 * w * (1 - w) * c + (1 - w) ** 2 * g
        size = (1 + w * w) * (a + g)
        assert abs(direct - found.risk - d * (w - found.weight) ** 2) <= 256 * U * size * (1 + size / d)


def test_halving_takes_uncorrelated_errors():
    assert room.combine(1.0, 1.0, 0.0).risk == 0.5
    assert room.combine(1.0, 1.0, 0.5).risk == 0.75  # not 1/2 at c = v/2
    assert room.samples_to_gain(1.0, 2.0, 1.0, 0.1) == np.inf


@given(SIZES, st.floats(0.01, 100), st.floats(0.01, 100))
def test_accuracy_falls_with_the_bias_and_below_the_tolerance_with_the_spread(unit, ratio, spread):
    t, s = unit, spread * unit
    b = ratio * unit
    here = room.accuracy_within(b, s, t)
    assert 0 <= here <= 1 and here == room.accuracy_within(-b, s, t)
    slack = (64 + 8 * (1.1 * b / s) ** 2) * U
    assert room.accuracy_within(1.1 * b, s, t) <= here * (1 + slack)
    if b <= t:
        assert room.accuracy_within(b, 1.1 * s, t) <= here * (1 + slack)
        assert room.best_deviation(b, t) == 0
    else:
        best = room.best_deviation(b, t)
        top = room.accuracy_within(b, best, t)
        assert top >= here * (1 - slack) and top > room.accuracy_within(b, best / 2, t)
        assert top > room.accuracy_within(b, best * 2, t)


@given(SIZES, SIZES, SIZES)
def test_errors_without_bias_never_flip(s, other, t):
    assert not room.flips(0.0, s, 0.0, other, t).flipped


def test_order_by_accuracy_depends_on_the_tolerance():
    found = room.flips(0.0, 1.0, 0.9, 0.3, np.array([0.5, 1.5]))
    assert np.allclose(found.explicit_accuracy, [0.3829, 0.8664], atol=5e-5)
    assert np.allclose(found.implicit_accuracy, [0.0912, 0.9772], atol=5e-5)
    assert found.by_error.tolist() == [-1, -1] and found.flipped.tolist() == [True, False]
    equal = room.flips(0.0, 1.0, 0.8, 0.6, np.array([0.2, 2.5]))
    assert np.allclose(equal.explicit_accuracy, [0.1585, 0.9876], atol=5e-5)
    assert np.allclose(equal.implicit_accuracy, [0.1109, 0.9977], atol=5e-5)
    assert equal.by_error.tolist() == [0, 0] and equal.by_accuracy.tolist() == [1, -1]


def test_equal_squared_errors_are_told_equal_whatever_rounding_says():
    assert 0.1 * 0.1 + 0.7 * 0.7 != 0.5 * 0.5 + 0.5 * 0.5
    assert room.flips(0.1, 0.7, 0.5, 0.5, 1.0).by_error == 0


def test_more_frames_can_lower_the_accuracy():
    k = np.array([1, 4, 16, 64, 256])
    found = room.accuracy_within(1.2, 2 / np.sqrt(k), 1.0)
    assert np.allclose(found, [0.3245, 0.4068, 0.3446, 0.2119, 0.0548], atol=1e-4)
    assert room.best_deviation(1.2, 1.0) == pytest.approx(np.sqrt(1.2 / np.arctanh(1 / 1.2)))
    assert [room.limit_accuracy(b, 1.0) for b in (0.9, 1.0, -1.2)] == [1.0, 0.5, 0.0]


def test_far_below_the_tolerance_both_measures_part():
    """E's bias within the tolerance, but its risk above the implicit one: with frames without end they disagree."""
    bias, implicit_bias, implicit_spread = 0.9, 0.0, 0.8
    found = room.flips(bias, 1e-6, implicit_bias, implicit_spread, 1.0)
    assert found.by_error == -1 and found.by_accuracy == 1 and found.explicit_accuracy == room.limit_accuracy(bias, 1.0)


@given(st.floats(1e-3, 0.999), st.floats(0, 1), st.integers(1, 10_000))
def test_averaging_first_is_never_promised_worse(rho, share, k):
    noise = rho * share
    late = room.averaged_disparity_bounds(k, 1.0, 1.0, 1.0, noise, rho)
    early = room.averaged_depth_bounds(k, 1.0, 1.0, 1.0, noise, rho)
    one = room.two_view_depth_bounds(1.0, 1.0, 1.0, noise, rho)
    for bounds in (late, early, one):
        assert bounds.bias_lower <= bounds.bias_upper and bounds.error_lower <= bounds.error_upper
    assert late.error_upper <= early.error_upper * (1 + 128 * U) and early.bias_upper == one.bias_upper
    assert early.error_upper <= one.error_upper * (1 + 128 * U)


def test_places_matter_near_and_pixels_far():
    x, f, s, t = np.array([0.0, 1.0, 2.0]), 500.0, 1.0, 0.02
    z = room.equal_range(f, s, t)
    assert z == 10.0
    places, pixels = (room.offsets_variance(z, x, f, *pair) for pair in ((0.0, t), (s, 0.0)))
    assert places == pytest.approx(pixels, rel=1e-14)
    assert room.offsets_variance(z / 2, x, f, 0.0, t) > pixels > room.offsets_variance(2 * z, x, f, 0.0, t)


def test_drift_falls_as_one_over_k():
    ratio = room.drift_variance(1.0, np.array([1000, 2000]), 1.0, 1.0)
    assert ratio[0] / ratio[1] == pytest.approx(2, rel=1e-3)
    best = room.drift_variance(1.0, 1000, 1.0, 1.0, best=True)
    assert ratio[0] / best == pytest.approx(6 / 5, rel=2e-3)
    assert room.drift_variance(1.0, 2, 1.0, 1.0) == room.drift_variance(1.0, 2, 1.0, 1.0, best=True) == 1.0


def test_the_curve_gives_back_what_made_the_risks():
    n = np.array([20.0, 40.0, 80.0])
    fit = room.curve(n, 0.9 + 3 / (n - 6))
    assert (fit.floor, fit.scale, fit.offset) == pytest.approx((0.9, 3, 6), rel=1e-13)
    wrong = room.curve(n, 0.9 + 3 / n)  # c/n: the crossover with it is off by the offset
    assert wrong.offset == pytest.approx(0, abs=1e-12)
