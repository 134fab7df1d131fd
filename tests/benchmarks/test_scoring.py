"""The official scoring rules: ends included, unread answers wrong, against the owners' formulas written plainly."""

import math
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib.benchmarks import (
    cavqa_regression_counts,
    choice_matches,
    mean_relative_accuracy,
    multispa_pixel_counts,
    multispa_scalar_counts,
    multispa_vector_counts,
    spatialrgpt_direction_counts,
    spatialrgpt_length_counts,
)

NAN = math.nan
RATIOS = (spatialrgpt_length_counts, cavqa_regression_counts, mean_relative_accuracy)
SCALARS = (*RATIOS, multispa_scalar_counts)
CASES = [
    (spatialrgpt_length_counts, (3.0, 4.0), True),  # 0.75 * 4, the end
    (spatialrgpt_length_counts, (5.0, 4.0), True),  # 1.25 * 4
    (spatialrgpt_length_counts, (4.5, 3.6), True),  # 1.25 * 3.6, exact in doubles, not in single precision
    (spatialrgpt_length_counts, (2.999, 4.0), False),
    (spatialrgpt_length_counts, (5.001, 4.0), False),
    (spatialrgpt_length_counts, (-4.0, 4.0), False),
    (spatialrgpt_direction_counts, (3.0, 2.0), True),
    (spatialrgpt_direction_counts, (12.0, 1.0), True),
    (spatialrgpt_direction_counts, (0.5, 12.0), True),
    (spatialrgpt_direction_counts, (11.0, 1.0), False),
    (spatialrgpt_direction_counts, (6.0, 12.0), False),
    (multispa_scalar_counts, (8.0, 10.0), True),
    (multispa_scalar_counts, (12.0, 10.0), True),
    (multispa_scalar_counts, (12.01, 10.0), False),
    (multispa_scalar_counts, (-9.0, -10.0), True),  # a rotation to the other side
    (multispa_scalar_counts, (9.0, -10.0), False),
    (multispa_scalar_counts, (0.0, 0.0), True),
    (cavqa_regression_counts, (9.0, 10.0), True),
    (cavqa_regression_counts, (11.01, 10.0), False),
    (mean_relative_accuracy, (1.0, 1.0), 1.0),
    (mean_relative_accuracy, (1.5, 1.0), 0.1),  # 50 % off keeps the loosest of ten tolerances only
    (mean_relative_accuracy, (1.02, 1.0), 1.0),
    (mean_relative_accuracy, (0.0, 1.0), 0.0),
    (mean_relative_accuracy, (1.27, 1.0), 0.5),  # 0.50, 0.55, 0.60, 0.65, 0.70
]


@pytest.mark.parametrize(("rule", "pair", "expected"), CASES, ids=lambda x: getattr(x, "__name__", str(x)))
def test_rules_at_their_ends(rule, pair, expected):
    assert rule(*pair) == expected and type(rule(*pair)) is type(expected)


def test_vectors_and_points():
    assert multispa_vector_counts(np.array([120.0, 0, 0]), np.array([100.0, 0, 0])) == np.array(True)
    assert not multispa_vector_counts(np.array([100.0, 15, 15]), np.array([100.0, 0, 0]))
    points = np.array([[100.0, 132], [100, 133], [125, 125]])  # 32, 33 and, aslant, 35.4 away
    assert multispa_pixel_counts(points, np.array([100.0, 100]), 640).tolist() == [True, False, False]
    for rule in (multispa_vector_counts, lambda p, g: multispa_pixel_counts(p, g, 640)):
        assert not rule(np.array([NAN, 1.0]), np.array([1.0, 1.0]))


@pytest.mark.parametrize("rule", SCALARS)
def test_an_answer_that_was_not_read_fails(rule):
    found = rule(np.array([NAN, 2.0, math.inf]), np.array([2.0, 2.0, 2.0]))
    assert found.tolist() == [0, 1, 0]


def test_letters():
    assert choice_matches(["A", None, "B", ""], ["A", "A", "A", "B"]).tolist() == [True, False, False, False]
    with pytest.raises(ValueError, match="2 predictions but 1 right"):
        choice_matches(["A", "B"], ["A"])
    with pytest.raises(ValueError, match="index 1 is None"):
        choice_matches(["A", "B"], ["A", None])


@pytest.mark.parametrize("rule", SCALARS)
def test_numbers_arrays_and_tensors_come_back_in_kind(rule):
    p, g = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 4.0])
    array, tensor = rule(p, g), rule(torch.tensor(p), torch.tensor(g))
    assert isinstance(array, np.ndarray) and isinstance(tensor, torch.Tensor)
    assert array.shape == tensor.shape == (2, 2) and (array == tensor.numpy()).all()
    assert rule(torch.tensor(p, dtype=torch.float32), g).shape == (2, 2)
    assert rule(2.0, 4.0) == rule(np.array(2.0), np.array(4.0)) and rule(2, 4) == rule(2.0, 4.0)
    assert rule(np.empty(0), np.empty(0)).shape == (0,)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: spatialrgpt_length_counts(1.0, 0.0), ValueError, "gold must be positive and finite, got 0.0"),
        (lambda: cavqa_regression_counts(1.0, NAN), ValueError, "gold must be positive and finite, got nan"),
        (lambda: mean_relative_accuracy(np.ones(2), np.array([1, -2])), ValueError, "positive and finite, got -2.0"),
        (lambda: multispa_scalar_counts(1.0, math.inf), ValueError, "gold must be finite, got inf"),
        (lambda: spatialrgpt_direction_counts(3.0, 13.0), ValueError, "gold must be clock hours in (0, 12], got 13.0"),
        (lambda: spatialrgpt_direction_counts(0.0, 3.0), ValueError, "prediction must be clock hours"),
        (lambda: multispa_scalar_counts(np.ones(2), np.ones(3)), ValueError, "prediction (2,) and gold (3,)"),
        (lambda: multispa_vector_counts(1.0, 1.0), ValueError, "vectors of shape"),
        (lambda: multispa_pixel_counts(np.ones(3), np.ones(3), 640), ValueError, "points of shape (..., 2)"),
        (lambda: multispa_pixel_counts(np.ones(2), np.ones(2), 0), ValueError, "width must be positive"),
        (lambda: multispa_scalar_counts("2 m", 2.0), TypeError, "must be numbers, arrays or tensors"),
    ],
)
def test_refusals(call, error, says):
    with pytest.raises(error, match=re.escape(says)):
        call()


def official_mra(prediction, gold, start=0.5, end=0.95, interval=0.05):
    """The rule as its owners state it: a linear grid of confidence levels."""
    levels = np.linspace(start, end, int((end - start) / interval + 2))
    return (abs(prediction - gold) / gold <= 1 - levels).mean()


@pytest.mark.oracle
@given(st.floats(0, 20), st.floats(0.1, 10))
def test_mean_relative_accuracy_is_the_official_one(prediction, gold):
    error = abs(prediction - gold) / gold
    if min(abs(error - k / 20) for k in range(11)) > 1e-12:  # off the ends, which the two grids round differently
        assert mean_relative_accuracy(prediction, gold) == pytest.approx(official_mra(prediction, gold), abs=1e-12)


@pytest.mark.property
@given(st.floats(0.01, 100), st.floats(0.01, 100), st.floats(0.01, 100))
def test_rules_of_ratios_know_no_unit(prediction, gold, unit):
    for rule, ends in ((spatialrgpt_length_counts, (0.75, 1.25)), (cavqa_regression_counts, (0.9, 1.1))):
        if min(abs(prediction / gold - end) for end in ends) > 1e-9:
            assert (
                rule(prediction, gold)
                == rule(unit * prediction, unit * gold)
                == (ends[0] < prediction / gold < ends[1])
            )


@pytest.mark.property
@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 11))
def test_the_clock_has_no_beginning(prediction, gold, turn):
    turned = [(hour - 1 + turn) % 12 + 1 for hour in (prediction, gold)]
    near = (prediction - gold) % 12 in (0, 1, 11)
    assert spatialrgpt_direction_counts(prediction, gold) == spatialrgpt_direction_counts(*turned) == near
