"""Success sets: tolerance rules and their blind rates against the rules themselves, exact fractions and known channels."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from spacelib.bounds import (
    accuracy_ceiling,
    circle_blind,
    disc_blind,
    interval_blind,
    kl,
    known_channel,
    log_uniform_blind,
    log_width,
    ratio_log_width,
    tolerance_blind,
)

golds = st.lists(st.integers(1, 40), min_size=1, max_size=12)


def log_uniform_success(guess, right, low=0.5, high=10.0, points=200_001):
    """Share of an even grid of ln T at which a guess is right: exact to two steps of the grid."""
    targets = np.exp(np.linspace(math.log(low), math.log(high), points))
    return right(guess, targets).mean(), 2 / points


def test_the_quarter_rule_has_width_ln_five_thirds():
    assert log_width(0.25) == pytest.approx(math.log(5 / 3), rel=1e-15) and log_width(0.0) == 0
    blind = log_uniform_blind(0.5, 10.0, log_width(0.25))
    reached, error = log_uniform_success(2.0, lambda x, t: abs(x - t) <= 0.25 * t)
    assert reached == pytest.approx(blind, abs=error) and blind == pytest.approx(0.1705, abs=5e-5)
    # the other rule's width, 2 ln 1.25, taken for this rule gives a ceiling that a blind guess exceeds
    wrong = log_uniform_blind(0.5, 10.0, ratio_log_width(1.25))
    assert accuracy_ceiling(wrong, 0.0) < reached - 0.02


def test_the_ratio_rule():
    assert ratio_log_width(1.25) == pytest.approx(2 * math.log(1.25), rel=1e-15) and ratio_log_width(1.0) == 0
    blind = log_uniform_blind(0.5, 10.0, ratio_log_width(1.25))
    reached, error = log_uniform_success(2.0, lambda x, t: np.maximum(x / t, t / x) <= 1.25)
    assert reached == pytest.approx(blind, abs=error)
    assert log_uniform_blind(1.0, 1.5, ratio_log_width(1.25)) == 1  # every target within reach of one guess


def deepest(intervals, weights):
    """The largest weight of closed intervals with a common point, in exact fractions, every end tried."""
    return max(
        sum(w for (a, b), w in zip(intervals, weights, strict=True) if a <= x <= b) for pair in intervals for x in pair
    )


@pytest.mark.property
@given(golds, st.sampled_from([0.25, 0.5, 0.125, 1.0]), st.booleans())
def test_the_sweep_is_exact(gold, tolerance, relative):
    """Integers and dyadic tolerances: the interval ends are exact floats, ties included."""
    r = Fraction(tolerance)
    ends = [(g - r * (g if relative else 1), g + r * (g if relative else 1)) for g in gold]
    expected = deepest(ends, [Fraction(1, len(gold))] * len(gold))
    found = tolerance_blind(np.array(gold, dtype=float), tolerance, relative=relative)
    assert found.share == float(expected)
    hits = sum(abs(found.guess - g) <= tolerance * (g if relative else 1) * (1 + 1e-12) for g in gold)
    assert hits == expected * len(gold)


@pytest.mark.property
@given(st.lists(st.tuples(st.integers(1, 20), st.integers(1, 8)), min_size=1, max_size=8))
def test_weights_are_repetitions(pairs):
    gold, counts = np.array(pairs, dtype=float).T
    repeated = tolerance_blind(np.repeat(gold, counts.astype(int)), 0.25)
    weighted = tolerance_blind(gold, 0.25, counts / counts.sum())
    assert weighted.share == pytest.approx(repeated.share, abs=1e-14)


def test_touching_ends_count_whatever_their_rounding():
    """91 + 30 % and 169 - 30 % meet at 118.3; in floats the ends miss each other by one rounding."""
    assert 91.0 + 0.3 * 91.0 < 169.0 - 0.3 * 169.0
    assert tolerance_blind(np.array([91.0, 169.0]), 0.3).share == 1
    assert tolerance_blind(np.array([91.0, 169.0001]), 0.3).share == 0.5
    # without any tolerance, equal values still are one answer, zero included
    assert tolerance_blind(np.array([0.0, 0.0, 1.0]), 0.0, relative=False) == (pytest.approx(2 / 3), 0.0)


def test_batches_kinds_and_overlaps():
    gold = torch.tensor([[1.0, 2, 3, 5], [3, 4, 5, 6]])
    found = tolerance_blind(gold, torch.tensor([0.25, 1.0]), relative=False)
    assert found.share.tolist() == [0.25, 0.75] and found.share.dtype == torch.float32
    nested = interval_blind(np.array([0.0, 1, 1.5, 4]), np.array([10.0, 2, 1.75, 5]))
    assert nested.share == 0.75 and 1.5 <= nested.guess <= 1.75


def test_no_answerer_of_a_known_channel_exceeds_the_ceiling_of_its_rule():
    """Nine distances, random observations; the best answer to each observation is the best blind answer to its posterior."""
    values = torch.tensor([1.0, 1.2, 1.5, 1.9, 2.4, 3.0, 3.8, 4.8, 6.0], dtype=torch.float64)
    joint = torch.rand(400, 5, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64) ** 6
    joint = joint / joint.sum((1, 2), keepdim=True)
    seen = joint.sum(2)
    prior = joint.sum(1)
    blind = tolerance_blind(values.expand(400, 9), 0.25, prior / prior.sum(1, keepdim=True)).share
    best = (seen * tolerance_blind(values.expand(400, 5, 9), 0.25, joint / seen[..., None]).share).sum(1)
    ceiling = accuracy_ceiling(blind, known_channel(joint).information)
    assert bool((best <= ceiling + 1e-12).all())
    # the exact-match blind accuracy in place of the rule's own is too small, and is exceeded
    assert bool((accuracy_ceiling(prior.amax(1), known_channel(joint).information) < best - 0.01).any())


def test_the_ceiling_is_attained_on_the_circle():
    """360 directions, right within 15 either way (30 of 360 cells), answers near the truth with probability A."""
    blind = circle_blind(15.0, 360.0)
    offset = (torch.arange(360)[None] - torch.arange(360)[:, None]) % 360
    for accuracy in (0.2, 0.5, 0.9):
        inside = (offset < 30).double()
        near = (inside * accuracy / 30 + (1 - inside) * (1 - accuracy) / 330) / 360
        information = known_channel(near).information.item()
        assert information == pytest.approx(kl(accuracy, 30 / 360), abs=1e-12)
        assert accuracy_ceiling(blind, information) == pytest.approx(accuracy, abs=1e-11)
    assert circle_blind(200.0, 360.0) == 1 and circle_blind(0.0, 360.0) == 0


def test_the_disc_in_an_image():
    """Against quadrature in every case of overlap, and against discs elsewhere."""
    for radius, width, height in (
        (1, 8, 6),
        (3, 8, 6),
        (3.5, 8, 6),
        (4.5, 8, 6),
        (4.5, 6, 8),
        (4.99, 8, 6),
        (2, 100, 1),
    ):
        a, b = width / 2, height / 2
        area = quad(
            lambda x, r=radius, b=b: 2 * min(b, math.sqrt(max(r * r - x * x, 0))),
            -min(a, radius),
            min(a, radius),
            points=[0],
            limit=500,
        )
        assert disc_blind(radius, width, height) == pytest.approx(area[0] / (width * height), abs=1e-7)
    assert disc_blind(0.0, 8.0, 6.0) == 0 and disc_blind(5.0, 8.0, 6.0) == 1 and disc_blind(50.0, 8.0, 6.0) == 1
    points = np.random.default_rng(0).random((200_000, 2)) * [8, 6]
    for centre in ((4, 3), (3, 3), (4, 2), (0, 0)):
        share = (((points - centre) ** 2).sum(1) <= 3.5**2).mean()
        limit = disc_blind(3.5, 8.0, 6.0) + 5 * 0.5 / math.sqrt(200_000)  # five standard errors
        assert share <= limit and (centre != (4, 3) or share >= limit - 10 * 0.5 / math.sqrt(200_000))


def test_gradients():
    x = torch.tensor([0.1, 0.25], dtype=torch.float64, requires_grad=True)
    y = torch.tensor([1.2, 2.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(log_width, (x,)) and torch.autograd.gradcheck(ratio_log_width, (y,))
    far = torch.tensor([10.0, 30.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(log_uniform_blind, (x, far, y)) and torch.autograd.gradcheck(circle_blind, (x, y))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: log_width(1.0), "tolerance must be in \\[0, 1\\), got 1.0"),
        (lambda: ratio_log_width(0.9), "factor must be at least 1, got 0.9"),
        (lambda: log_uniform_blind(0.0, 1.0, 0.1), "low must be above 0"),
        (lambda: log_uniform_blind(2.0, 1.0, 0.1), "high must be above low, got 1.0"),
        (lambda: log_uniform_blind(1.0, 2.0, -0.1), "width must be at least 0"),
        (lambda: circle_blind(1.0, 0.0), "length must be above 0"),
        (lambda: disc_blind(1.0, 2.0, 0.0), "height must be above 0"),
        (lambda: tolerance_blind(np.array([1.0, 0.0]), 0.25), "gold of shape \\(2,\\) must be above 0"),
        (lambda: tolerance_blind(np.array([1.0]), -0.25), "tolerance must be at least 0"),
        (lambda: tolerance_blind(np.array([1.0, 2.0]), 0.25, np.array([0.5, 0.6])), "the sum of weights must be 1"),
        (lambda: interval_blind(np.array([2.0]), np.array([1.0])), "low of shape \\(1,\\) must be at most high"),
        (lambda: interval_blind(np.array([]), np.array([])), "same number of intervals, at least 1"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
