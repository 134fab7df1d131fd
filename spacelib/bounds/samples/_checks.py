"""Preconditions and rounding that the samples room's functions share."""

import math
from collections.abc import Callable
from fractions import Fraction

import torch
from torch import Tensor

from spacelib.bounds._border import require
from spacelib.bounds.capacity._checks import LN2, U

__all__ = [
    "LN2",
    "U",
    "bisect",
    "require_count",
    "require_positive",
    "require_share",
    "whole_above",
    "whole_below",
    "whole_exactly",
]


def require_positive(function: str, argument: str, value: Tensor, *, or_zero: bool = False) -> None:
    require(function, argument, value, value >= 0 if or_zero else value > 0, "at least 0" if or_zero else "above 0")


def require_share(function: str, argument: str, value: Tensor) -> None:
    require(function, argument, value, (value > 0) & (value < 1), "in (0, 1)")


def require_count(function: str, argument: str, value: Tensor, least: int = 1) -> None:
    require(function, argument, value, (value >= least) & (value == value.floor()), f"an integer of at least {least}")


def whole_above(value: Tensor, roundings: float) -> Tensor:
    """The least whole number that is certainly not below a value >= 0 off by so many 2^-53 of itself."""
    return (value * (1 + (roundings + 1) * U)).ceil()


def whole_exactly(value: Tensor, exact: Callable[..., Fraction], *floats: Tensor) -> Tensor:
    """The least whole number at least exact(*floats), a fraction that `value` is up to some 16 roundings of itself.

    Only where rounding hides on which side of a whole number the value lies, the fraction itself is asked.
    """
    whole = value.ceil()
    near = ((value - value.round()).abs() <= 32 * U * value) & (value < 2.0**45)
    for place in near.nonzero().tolist():
        whole[tuple(place)] = math.ceil(exact(*(Fraction(number[tuple(place)].item()) for number in floats)))
    return torch.where(value < 2.0**45, whole, whole_above(value, 32))


def whole_below(value: Tensor, roundings: float) -> Tensor:
    """The same from below: never above the least whole number that is at least the value."""
    return (value * (1 - (roundings + 1) * U)).ceil().clamp(min=0, max=torch.finfo(value.dtype).max)


def bisect(
    low: Tensor, high: Tensor, at_low: Callable[[Tensor], Tensor], *, whole: bool = False
) -> tuple[Tensor, Tensor]:
    """Ends of the last interval: `at_low` was seen true at the low one and false at the high one, where they moved.

    Between two positive numbers the geometric mean is tried first, so that 100 steps do for any two float64.
    """
    for step in range(100):
        half, middle = low + (high - low) / 2, (low * high).sqrt()
        if whole:
            half, middle = half.floor(), middle.floor()
        geometric = (step < 40) & (middle > low) & (middle < high)
        middle = torch.where(geometric, middle, half)
        inside = (middle > low) & (middle < high)
        if not bool(inside.any()):
            break
        holds = at_low(middle)
        low = torch.where(inside & holds, middle, low)
        high = torch.where(inside & ~holds, middle, high)
    return low, high
