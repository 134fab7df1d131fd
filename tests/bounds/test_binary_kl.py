"""The divergence and its inverses on the CPU: the shared suite, properties, the border, errors."""

import math

import checks
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib.bounds import inverse_first, inverse_second, kl

probabilities = st.floats(0, 1)
budgets = st.floats(0, 1e6)


@pytest.mark.parametrize("check", checks.CHECKS, ids=lambda c: c.__name__)
def test_suite(check, device, dtype):
    check(device, dtype)


def test_gradients_against_finite_differences(device):
    checks.check_gradients(device)


def test_known_values():
    # d(p || 1/2) = ln 2 - h(p); roots from T1: U(.2, .1) = .3952, V(.2, .1) = .4100
    assert kl(1.0, 0.5) == pytest.approx(math.log(2), rel=1e-15)
    assert kl(0.5, 0.25) == pytest.approx(0.5 * math.log(4 / 3), rel=1e-15)
    assert inverse_first(0.2, 0.1) == pytest.approx(0.3952, abs=5e-5)
    assert inverse_second(0.2, 0.1) == pytest.approx(0.4100, abs=5e-5)
    assert inverse_second(0.0, 0.1) == pytest.approx(-math.expm1(-0.1), rel=1e-14)
    assert inverse_second(1.0, 0.1, side="lower") == pytest.approx(math.exp(-0.1), rel=1e-14)


def test_the_two_inverses_are_not_confused():
    """kl of the root in the right order is the budget; in the wrong order it is not."""
    first, second = inverse_first(0.2, 0.1), inverse_second(0.2, 0.1)
    assert kl(first, 0.2) == pytest.approx(0.1, rel=1e-12) and kl(0.2, second) == pytest.approx(0.1, rel=1e-12)
    assert abs(kl(0.2, first) - 0.1) > 0.01 and abs(kl(second, 0.2) - 0.1) > 0.01


@pytest.mark.property
@given(probabilities, probabilities)
def test_reflection(p, q):
    """kl(p, q) = kl(1-p, 1-q) where 1-p and 1-q are exact."""
    p, q = round(p * 2**30) / 2**30, round(q * 2**30) / 2**30
    assert kl(p, q) == pytest.approx(kl(1 - p, 1 - q), rel=1e-13)


@pytest.mark.property
@given(st.floats(1e-9, 1 - 1e-9), budgets)
def test_reflected_inverses(q, c):
    q = round(q * 2**30) / 2**30
    if not 0 < q < 1:
        return
    for inverse in (inverse_first, inverse_second):
        assert inverse(q, c, side="upper") == pytest.approx(1 - inverse(1 - q, c, side="lower"), abs=1e-12)


@pytest.mark.property
@given(probabilities, probabilities, probabilities, probabilities, probabilities)
def test_joint_convexity(p1, q1, p2, q2, weight):
    mixed = kl(weight * p1 + (1 - weight) * p2, weight * q1 + (1 - weight) * q2)
    ends = (kl(p1, q1), kl(p2, q2))
    if all(map(math.isfinite, ends)):
        # the mixed arguments are rounded: near 0 or 1 that moves kl by up to 745 roundings of an argument
        assert mixed <= weight * ends[0] + (1 - weight) * ends[1] + 1e-12


@pytest.mark.property
@given(st.floats(0.001, 0.999), st.floats(0.001, 0.999), st.floats(0, 2), st.floats(0, 2), probabilities)
def test_the_first_upper_inverse_is_jointly_concave(q1, q2, c1, c2, weight):
    middle = inverse_first(weight * q1 + (1 - weight) * q2, weight * c1 + (1 - weight) * c2)
    assert middle >= weight * inverse_first(q1, c1) + (1 - weight) * inverse_first(q2, c2) - 1e-12


def test_read_only_arrays_are_taken_and_left_alone():
    p = np.array([0.2, 0.4])
    p.flags.writeable = False
    assert (kl(p, 0.3) == kl(p.copy(), 0.3)).all() and not p.flags.writeable


@pytest.mark.property
@given(probabilities, budgets)
def test_kinds_agree(p, c):
    """float, numpy and torch: the same number, each in its own kind."""
    number = inverse_second(p, c)
    assert type(number) is float
    array = inverse_second(np.array([p]), c)
    assert isinstance(array, np.ndarray) and array[0] == pytest.approx(number, rel=1e-13)
    tensor = inverse_second(torch.tensor([p], dtype=torch.float64), c)
    assert isinstance(tensor, torch.Tensor) and tensor[0].item() == array[0]


def test_broadcasting_and_empty():
    assert inverse_first(torch.rand(3, 1, 2), torch.rand(4, 1)).shape == (3, 4, 2)
    assert kl(np.empty((0, 3)), 0.5).shape == (0, 3)
    assert inverse_first(torch.empty(0), 1.0).shape == (0,)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: kl(1.5, 0.5), ValueError, "kl: p must be in \\[0, 1\\], got 1.5"),
        (lambda: kl(0.5, torch.tensor([0.1, float("nan")])), ValueError, "kl: q of shape \\(2,\\) must be finite, got nan at index \\(1,\\)"),
        (lambda: kl(0.5, 0.5, side="middle"), ValueError, "kl: side must be .*'middle'"),
        (lambda: kl("a", 0.5), TypeError, "kl: p must be a number"),
        (lambda: kl(True, 0.5), TypeError, "kl: p must be a number"),
        (lambda: kl(np.array(["a"]), 0.5), TypeError, "kl: p must be an array of real numbers"),
        (lambda: kl(torch.tensor(0.5, dtype=torch.float16), 0.5), TypeError, "float16"),
        (lambda: kl(torch.tensor([True]), 0.5), TypeError, "bool"),
        (lambda: kl(torch.rand(2), torch.rand(3)), ValueError, "kl: the shapes must broadcast, got p \\(2,\\), q \\(3,\\)"),
        (lambda: inverse_first(0.5, -1e-300), ValueError, "inverse_first: budget must be at least 0"),
        (lambda: inverse_first(0.5, math.inf), ValueError, "inverse_first: budget must be finite, got inf"),
        (lambda: inverse_second(-0.1, 1.0), ValueError, "inverse_second: p must be in"),
        (lambda: inverse_second(0.5, 1.0, side=None), ValueError, "side must be 'lower' or 'upper'"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call()
