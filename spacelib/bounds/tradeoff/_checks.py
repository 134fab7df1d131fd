"""Preconditions and rounding that the tradeoff room's functions share."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from spacelib.bounds._border import Number, require
from spacelib.bounds.samples._checks import U, require_count, require_positive, require_share

__all__ = ["U", "leave_finite", "require_count", "require_line", "require_positive", "require_share"]


def leave_finite(
    function: str, result: str, leave: Callable[..., Number], value: Tensor, side: str | None = None
) -> Number:
    """The result in the arguments' kind, or ValueError where extreme ones took it beyond the floats of their dtype."""
    left = leave(value, side)
    found = left if isinstance(left, Tensor) else torch.from_numpy(np.asarray(left))  # a float is float64
    require(function, f"the {result} of these arguments", found, torch.isfinite(found), f"within {found.dtype}")
    return left


def require_line(function: str, samples: Tensor, dimension: Tensor, spare: int) -> None:
    """Raise ValueError unless d is an integer of at least 1 and n an integer of at least d + spare."""
    require_count(function, "dimension", dimension)
    require_count(function, "samples", samples)
    require(function, "samples", samples, samples >= dimension + spare, f"at least dimension + {spare}")
