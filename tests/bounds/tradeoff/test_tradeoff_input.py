"""What goes in and comes out: torch, numpy and numbers in kind; bad input named, never a number or a NaN."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from tradeoff_calls import CALLS, values

from spacelib.bounds import tradeoff as room

IMPOSSIBLE = [
    (lambda: room.implicit_risk(6, 5, 1.0, 0.1), r"implicit_risk: samples must be at least dimension \+ 2, got 6"),
    (lambda: room.implicit_risk(7, 5, 1.0, 0.1, intercept=True), r"samples must be at least dimension \+ 3"),
    (lambda: room.implicit_risk(20.5, 5, 1.0, 0.1), "samples must be an integer of at least 1, got 20.5"),
    (lambda: room.implicit_risk(20, 0, 1.0, 0.1), "dimension must be an integer of at least 1"),
    (lambda: room.implicit_risk(20, 5, -1.0, 0.1), "noise must be at least 0, got -1.0"),
    (lambda: room.implicit_risk(20, 5, 1.0, math.nan), "bias must be finite, got nan"),
    (lambda: room.implicit_risk(7, 5, 1.5e308, 0.1), "the risk of these arguments must be within torch.float64"),
    (lambda: room.implicit_risk(7, 5, np.float32(2e38), 0.1), "these arguments must be within torch.float32"),
    (lambda: room.ridge_risk(9, np.ones(3), np.ones(4), 1.0, 0.1), "eigenvalues and coefficients must have"),
    (lambda: room.ridge_risk(9, np.ones(3), np.ones(3), 1.0, -0.1), "penalty must be at least 0"),
    (lambda: room.best_ridge(9, 3, 1.0, 0.0, 1.0), "norm must be above 0"),
    (lambda: room.explicit_risk(0, 0.1, 1.0), "frames must be an integer of at least 1"),
    (lambda: room.explicit_risk(3, 0.1, 1.0, -0.6), r"correlation must be from -1/\(frames - 1\) to 1, got -0.6"),
    (lambda: room.crossover_samples(-1.0, 5, 1.0, 0.1), "explicit must be at least 0"),
    (lambda: room.crossover_frames_line(1.0, 0.1, 0.0), "scale must be above 0"),
    (lambda: room.two_view_depth_bounds(5.0, 500.0, 0.1, 0.5, 1.0), r"rho must be in \[0, 1\), got 1.0"),
    (lambda: room.two_view_depth_bounds(5.0, 500.0, 0.1, 9.0, 0.1), "rho must be at least depth noise"),
    (lambda: room.unbiased_depth(-40.0, 500.0, 0.1, 1.0), "the depth of these arguments must be within"),
    (lambda: room.inverse_depth_variance(np.ones(4), 1.0, 1.0), "the largest distance from the first of positions"),
    (lambda: room.inverse_depth_variance(np.ones(1), 1.0, 1.0), "positions must have at least 2 entries"),
    (lambda: room.depth_bound_length(1.0, 1, 1.0, 1.0, 1.0), "frames must be an integer of at least 2"),
    (lambda: room.best_layout(1, 1.0), "frames must be at least 2, got 1"),
    (lambda: room.scale_risk(1.0, 0.1, 0.01, 0.2), "mean must be at most the root of second_moment"),
    (lambda: room.combine(1.0, 1.0, 1.0), "must be above 0: answers with one error are one answer"),
    (lambda: room.combine(1.0, 1.0, 1.1), r"cross must be at most sqrt\(explicit implicit\) in size, got 1.1"),
    (lambda: room.combination_price(2, 0.1, 1.0), "samples must be an integer of at least 3"),
    (lambda: room.accuracy_within(0.1, 0.0, 1.0), "deviation must be above 0"),
    (lambda: room.flips(0.1, 1.0, 0.1, 1.0, -1.0), "tolerance must be above 0"),
    (lambda: room.curve(np.array([1, 2, 4]), np.array([3, 1, 2.0])), "of decreasing risks"),
    (lambda: room.curve(np.array([1, 2, 3]), np.array([3, 2, 1.0])), "above 1: the risks must bend upwards"),
    (lambda: room.crossover_interval(50.0, 5, 5, 9.0, 9, 0.1), "samples must be above dimension"),
    (lambda: room.crossover_interval(50.0, 50, 5, 9.0, 9, 1.0), r"delta must be in \(0, 1\)"),
    (lambda: room.decide([], [], [], 1.0, 1.0), "sizes must have at least 1 entry"),
    (lambda: room.decide([5, 5], [1, 1], [2, 2], 1.0, 1.0), "sizes must be positive and increasing, got 5.0 at"),
    (lambda: room.decide([5], [1, 1], [2], 1.0, 1.0), "as many entries, got 1, 2 and 1"),
    (lambda: room.decide([5], [2], [1], 1.0, 1.0), "high must be at least low, got 1.0"),
    (lambda: room.decide([5], [1], [2], 1.0, 0.5), "explicit_high must be at least explicit_low, got 0.5"),
    (lambda: room.decide([5], [1], [math.nan], 1.0, 1.0), "high must be finite, got nan"),
    (lambda: room.decide([5], [1], [2], 1.0, 1.0, offset=5), "offset must be below the first size, got 5.0"),
    (lambda: room.decide([5], [1], [2], 1.0, 1.0, at=[2], offset=3), "at must be above offset"),
    (lambda: room.decide([5], [1], [2], 1.0, 1.0, at=[-2]), "at must be above 0, got -2.0"),
]
MISTYPED = [
    (lambda: room.implicit_risk("20", 5, 1.0, 0.1), "samples must be a number"),
    (lambda: room.best_layout(2.0, 1.0), "frames must be an int, got float"),
    (lambda: room.curve([1, 2, 4], np.ones(3)), "sizes must be a number, a numpy array or a torch tensor"),
    (lambda: room.decide([5], [1], ["2"], 1.0, 1.0), "high must hold real numbers, got str"),
    (lambda: room.decide(5, [1], [2], 1.0, 1.0), "sizes must be a sequence of numbers, got int"),
]


@pytest.mark.parametrize(("call", "sentence"), IMPOSSIBLE)
def test_impossible_values_are_one_sentence(call, sentence):
    with pytest.raises(ValueError, match=sentence):
        call()


@pytest.mark.parametrize(("call", "sentence"), MISTYPED)
def test_what_is_no_number_is_one_sentence(call, sentence):
    with pytest.raises(TypeError, match=sentence):
        call()


def test_what_float64_holds_is_given_though_float32_would_not_hold_it():
    assert room.implicit_risk(7, 5, 1e39, 0.0) == 1e39 * 5.0


@pytest.mark.parametrize("name", sorted(CALLS))
def test_results_come_back_in_kind(name):
    function, arguments = getattr(room, name), CALLS[name]
    plain = values(function(*arguments))
    if not any(isinstance(x, np.ndarray) for x in arguments):
        assert all(isinstance(value, float) or value.ndim for value in plain)
    for kind in (torch.float64, torch.float32):
        given = [x if isinstance(x, int) else torch.as_tensor(x).to(kind) for x in arguments]
        for value, reference in zip(values(function(*given)), plain, strict=True):
            assert isinstance(value, torch.Tensor) and value.dtype == kind
            reference = torch.as_tensor(reference, dtype=torch.float64)
            assert value.shape == reference.shape
            if kind == torch.float64:
                assert torch.equal(value, reference)
        given = [x if isinstance(x, int) else np.asarray(x, dtype=str(kind).split(".")[1]) for x in arguments]
        for value in values(function(*given)):
            assert isinstance(value, np.ndarray | np.generic) and value.dtype == str(kind).split(".")[1]


@pytest.mark.parametrize("name", sorted(CALLS))
def test_batches_are_their_parts(name):
    function, arguments = getattr(room, name), CALLS[name]
    stacked = [x if isinstance(x, int) else np.stack([np.asarray(x, dtype=float)] * 3) for x in arguments]
    for batch, one in zip(values(function(*stacked)), values(function(*arguments)), strict=True):
        assert batch.shape == (3, *np.shape(one)) and np.array_equal(batch[1], one)


def test_every_public_function_of_numbers_is_called():
    functions = {name for name in room.__all__ if not dataclasses.is_dataclass(getattr(room, name))}
    assert functions == set(CALLS) | {"decide"}
