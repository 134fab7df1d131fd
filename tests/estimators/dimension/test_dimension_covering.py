"""Covering numbers between their bounds, against exact ones of small sets; the dimension of their growth."""

import itertools
import math

import numpy as np
import pytest
import torch
from dimension_truths import flat, torus

from spacelib.estimators.dimension import covering_dimension, covering_numbers
from spacelib.estimators.dimension.covering import _slope, farthest_points

COMB = torch.diag(1 / torch.arange(1.0, 33, dtype=torch.float64))


def smallest_ball(points):
    """Radius of the smallest circle around a few points of the plane: it is fixed by two or three of them."""
    best = math.inf
    centres = [(a + b) / 2 for a, b in itertools.combinations_with_replacement(points, 2)]
    for a, b, c in itertools.combinations(points, 3):
        lines = np.array([b - a, c - a])
        if abs(np.linalg.det(lines)) > 1e-12:
            centres.append(a + np.linalg.solve(2 * lines, (lines**2).sum(1)))
    for centre in centres:
        best = min(best, np.linalg.norm(points - centre, axis=1).max())
    return best


def exact_numbers(points, radius, anywhere):
    """Fewest balls by trying all: a set of points is covered by one ball around a point of the set, or anywhere."""
    many = len(points)
    coverable = []
    for subset in range(1, 1 << many):
        inside = points[[i for i in range(many) if subset >> i & 1]]
        reach = smallest_ball(inside) if anywhere else np.linalg.norm(points[:, None] - inside, axis=-1).max(1).min()
        if reach <= radius:
            coverable.append(subset)
    fewest = [0] + [many] * ((1 << many) - 1)
    for whole in range(1, 1 << many):
        fewest[whole] = min(fewest[whole & ~part] for part in coverable if part & whole) + 1
    return fewest[-1]


@pytest.mark.parametrize("seed", range(4))
def test_the_exact_numbers_lie_between(seed):
    points = np.random.default_rng(seed).normal(size=(7, 2))
    radii = np.array([0.2, 0.5, 0.8, 1.2, 2.0, 4.0])
    found = covering_numbers(points, radii)
    for radius, lower, upper in zip(radii, found.lower, found.upper, strict=True):
        anywhere, inside = (exact_numbers(points, radius, kind) for kind in (True, False))
        assert lower <= anywhere <= inside <= upper


def test_the_net_by_hand():
    x = np.array([[0.0], [1.0], [3.0], [7.0]])  # mean 2.75: from 7 on, to 0, to 3, to 1
    assert farthest_points(torch.from_numpy(x)).tolist() == [math.inf, 7, 3, 1]
    found = covering_numbers(x, np.array([0.4, 1.0, 1.4, 3.0, 10.0]))
    assert found.upper.tolist() == [4, 4, 3, 3, 1] and found.lower.tolist() == [4, 3, 3, 2, 1]
    assert found.samples == 4


def test_a_distance_at_a_radius_counts_on_the_safe_side():
    """The radius 3 is the distance itself: a ball would do, but rounding could have made the distance smaller."""
    x = np.array([[0.0], [3.0]])
    found = covering_numbers(x, np.array([3.0, 3.0 * (1 + 1e-12), 1.5, 1.5 * (1 - 1e-12)]))
    assert found.upper.tolist() == [2, 1, 2, 2] and found.lower.tolist() == [1, 1, 1, 2]


def test_a_cube_between_the_bounds_by_volume():
    """In the unit square at most (1 + eps)^2 / (pi eps^2 / 4) points lie more than eps apart."""
    x = flat(4000, 2, 2, 0)
    for radius in (0.1, 0.2, 0.4):
        found = covering_numbers(x, torch.tensor([radius], dtype=torch.float64))
        # they carry disjoint discs of radius eps/2, within the square widened by eps/2 on each side
        assert found.lower.item() <= found.upper.item() <= (1 + radius) ** 2 / (math.pi * radius**2 / 4)


def test_one_point_and_kinds(dtype):
    found = covering_numbers(torch.ones(5, 3, dtype=dtype), torch.tensor([0.1, 1.0], dtype=dtype))
    assert found.upper.tolist() == found.lower.tolist() == [1, 1] and found.upper.dtype == dtype
    assert isinstance(covering_numbers(np.ones((5, 3)), np.array([1.0])).lower, np.ndarray)


@pytest.mark.parametrize("dimension", [1, 2])
def test_the_dimension_of_its_growth(dimension):
    """On a torus, which has no edge: within a tenth, at nets of 32 to 250 balls."""
    result = covering_dimension(torus(5000, dimension, 0))
    assert result.estimate == pytest.approx(dimension, rel=0.1)
    assert "32 to 250 balls; error from 5 groups" in result.method and result.standard_error < 0.1


def test_the_slope_by_hand():
    """Points of sizes 1, 1/2, 1/3, ... on axes of their own: m balls first cover at the distance of the next point."""
    reach = farthest_points(COMB)
    counts = torch.arange(2, 17)
    radius = reach[counts]  # at which 2, ..., 16 balls first cover
    slope = np.polyfit(-np.log(radius.numpy()), np.log(counts.numpy()), 1)[0]
    assert _slope("by hand", COMB, 16).item() == pytest.approx(slope, rel=1e-10)


def test_the_growth_knows_no_unit():
    x = flat(400, 2, 5, 0)
    plain = covering_dimension(x)
    # an offset changes the last digits of the differences
    for other in (1e-100 * x, 1e100 * x, x + 10):
        assert covering_dimension(other).estimate == pytest.approx(plain.estimate, rel=1e-9)
    batch = covering_dimension(torch.stack([x, 2 * x]))
    assert batch.estimate.tolist() == pytest.approx([plain.estimate] * 2, rel=1e-9)


def test_refusals():
    x = flat(400, 2, 3, 0)
    for wrong, radii, says in (
        (x[0], torch.ones(1), "x must have at least 2 axes"),
        (x[None], torch.ones(1), r"x must have shape \(samples, features\)"),
        (x, torch.tensor([1.0, 0.0]), "radii of shape .* must be above 0"),
        (x, torch.tensor([]), "none empty"),
        (x * 1e200, torch.ones(1), "at most 1e150"),
        (x * math.nan, torch.ones(1), "must be finite"),
    ):
        with pytest.raises(ValueError, match=f"covering_numbers: .*{says}"):
            covering_numbers(wrong, radii)
    with pytest.raises(ValueError, match="5 groups of at least 64 samples each; x has 319 samples"):
        covering_dimension(x[:319])
    with pytest.raises(ValueError, match="fewer than 17 distinct ones"):
        covering_dimension(x[:10].repeat(32, 1))
    with pytest.raises(ValueError, match="shrink at once"):
        covering_dimension(torch.eye(400))
