"""Preconditions and rounding that the transfer room's functions share."""

import math

import numpy as np
import torch
from torch import Tensor

from spacelib.bounds._border import Number, require
from spacelib.bounds.samples._checks import LN2, U, require_count, require_positive, require_share

__all__ = [
    "LN2",
    "TINY",
    "U",
    "capped",
    "raised",
    "require_at_least_one",
    "require_count",
    "require_positive",
    "require_share",
    "split_infinite",
]

TINY = 2.0**-1074  # the step of the least floats, which a rounding loses beside its share


def require_at_least_one(function: str, argument: str, value: Tensor) -> None:
    require(function, argument, value, value >= 1, "at least 1")


def raised(value: Tensor, roundings: float | Tensor) -> Tensor:
    """Certainly not below a number >= 0 that `value` is up to so many relative 2^-53, or steps of the least float."""
    return value * (1 + (roundings + 3) * U) + 8 * TINY


def capped(value: Tensor) -> Tensor:
    """A risk is never above 1."""
    return value.clamp(max=1.0)


def split_infinite(value: Number, instead: float) -> tuple[Number, Tensor]:
    """A divergence with a number in the place of its infinite entries, which say nothing, and where they were."""
    if isinstance(value, Tensor) and value.is_floating_point():
        infinite = value == math.inf
        return torch.where(infinite, instead, value), infinite
    if isinstance(value, np.ndarray | np.generic) and np.issubdtype(value.dtype, np.floating):
        infinite = np.asarray(value == np.inf)
        return np.where(infinite, value.dtype.type(instead), value), torch.as_tensor(infinite)
    infinite = isinstance(value, float) and value == math.inf
    return (instead if infinite else value), torch.tensor(infinite)
