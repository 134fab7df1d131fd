"""Preconditions and rounding that the tradeoff room's functions share."""

from torch import Tensor

from spacelib.bounds._border import require
from spacelib.bounds.samples._checks import U, require_count, require_positive, require_share

__all__ = ["U", "representable", "require_count", "require_line", "require_positive", "require_share"]


def representable(function: str, result: str, value: Tensor) -> Tensor:
    """The result, or ValueError where extreme arguments took it beyond the largest float."""
    require(function, f"the {result} of these arguments", value, value.abs() <= 1.7e308, "at most 1.7e308")
    return value


def require_line(function: str, samples: Tensor, dimension: Tensor, spare: int) -> None:
    """Raise ValueError unless d is an integer of at least 1 and n an integer of at least d + spare."""
    require_count(function, "dimension", dimension)
    require_count(function, "samples", samples)
    require(function, "samples", samples, samples >= dimension + spare, f"at least dimension + {spare}")
