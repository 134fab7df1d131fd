"""Overlap of boxes: known cases, counting points, and the rules of CA-VQA built on it."""

import math

import numpy as np
import pytest
import torch

from spacelib.benchmarks import cavqa_box_counts, cavqa_count_matches, cavqa_solid_counts
from spacelib.benchmarks.boxes import box_overlap, solid_overlap

BOX = torch.tensor([0.0, 0, 0, 2, 1, 1, 0], dtype=torch.float64)


def changed(**by):
    """The box with some of its numbers changed."""
    names = ["x", "y", "z", "w", "d", "h", "turn"]
    box = BOX.clone()
    for name, value in by.items():
        box[names.index(name)] = value
    return box


@pytest.mark.parametrize(
    ("other", "share"),
    [
        (BOX, 1),
        (changed(turn=math.pi), 1),
        (changed(x=1), 1 / 3),
        (changed(x=2), 0),
        (changed(x=5), 0),
        (changed(z=0.5), 1 / 3),
        (changed(z=1), 0),
        (changed(w=1), 1 / 2),
        (changed(h=0.25), 1 / 4),
        (changed(turn=math.pi / 2), 1 / 3),
        (changed(w=1, d=2), 1 / 3),
    ],
)
def test_known_overlaps(other, share):
    assert solid_overlap(BOX, other).item() == pytest.approx(share, abs=1e-12)
    assert solid_overlap(other, BOX).item() == pytest.approx(share, abs=1e-12)


def test_an_octagon():
    """A unit square turned by an eighth shares with itself the octagon of area 2 (sqrt 2 - 1)."""
    square, area = changed(w=1, d=1), 2 * (math.sqrt(2) - 1)
    assert solid_overlap(square, changed(w=1, d=1, turn=math.pi / 4)).item() == pytest.approx(area / (2 - area))


def test_turned_boxes_against_counted_points():
    """Ground area by points of a fine grid: off by at most the cells that the outlines of both cross."""
    rng, side = np.random.default_rng(0), 800
    grid = (np.arange(side) + 0.5) / side * 4 - 2
    x, y = np.meshgrid(grid, grid)

    def holds(box):
        dx, dy = x - box[0], y - box[1]
        cos, sin = math.cos(box[6]), math.sin(box[6])
        return (abs(dx * cos + dy * sin) <= box[3] / 2) & (abs(dy * cos - dx * sin) <= box[4] / 2)

    for _ in range(20):
        a, b = (
            np.array([*rng.uniform(-0.4, 0.4, 2), 0, *rng.uniform(0.4, 1.5, 2), 1, rng.uniform(-4, 4)]) for _ in range(2)
        )
        both, either = (holds(a) & holds(b)).sum(), (holds(a) | holds(b)).sum()
        cell = 4 / side
        crossed = 2 * (2 * (a[3] + a[4] + b[3] + b[4]) / cell + 8)  # a line of length l meets at most 2 l / cell + 2
        assert abs(solid_overlap(torch.tensor(a), torch.tensor(b)).item() - both / either) <= 2 * crossed / either


def test_rectangles():
    a = torch.tensor([[0.0, 0, 2, 2]] * 4, dtype=torch.float64)
    b = torch.tensor([[0.0, 0, 2, 2], [1, 0, 3, 2], [2, 2, 3, 3], [0, 0, 1, 2]], dtype=torch.float64)
    torch.testing.assert_close(box_overlap(a, b), torch.tensor([1, 1 / 3, 0, 1 / 2], dtype=torch.float64))


def test_the_rules_at_their_ends():
    gold = np.array([0.0, 0, 2, 2])
    assert cavqa_box_counts(np.array([[0.0, 0, 1, 2], [0, 0, 0.99, 2], [2, 2, 0, 0], [np.nan] * 4]), gold).tolist() == [
        True, False, False, False,
    ]  # fmt: skip
    solid = torch.stack([changed(h=0.15), changed(h=0.149), changed(w=-2), BOX * math.nan])
    # 0.15 of the height, up to rounding of the division
    assert cavqa_solid_counts(solid[1:], BOX).tolist() == [False] * 3
    assert cavqa_solid_counts(changed(h=0.151), BOX).item() is True
    assert cavqa_count_matches(torch.tensor([3.0, 4, math.nan]), 3.0).tolist() == [True, False, False]
    assert cavqa_count_matches(0, 0) is True


@pytest.mark.parametrize(
    ("rule", "prediction", "gold", "says"),
    [
        (cavqa_box_counts, [0, 0, 1, 1], [0, 0, 0, 1], "gold must have sides above 0, got 0.0"),
        (cavqa_box_counts, [0, 0, 1], [0, 0, 1, 1], "do not match"),
        (cavqa_box_counts, [0, 0, 1], [0, 0, 1], r"prediction must have shape \(..., 4\), got \(3,\)"),
        (cavqa_solid_counts, [0] * 7, [0, 0, 0, 1, 1, math.inf, 0], "gold must be finite, got inf"),
        (cavqa_solid_counts, 1.0, [0, 0, 0, 1, 1, 1, 0], r"prediction must have shape \(..., 7\)"),
        (cavqa_count_matches, 1, 1.5, "whole numbers from 0 on, got 1.5"),
        (cavqa_count_matches, 1, -1, "whole numbers from 0 on, got -1"),
    ],
)
def test_bad_input_is_named(rule, prediction, gold, says):
    with pytest.raises(ValueError, match=says):
        rule(prediction, gold)
