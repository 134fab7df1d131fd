"""One row of the tightness meter."""

import math
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class Reading:
    """A bound beside what it bounds.

    side: "above" where the bound is never below the truth, "below" where never above, "equal" where it is the truth by
    another route, "none" where no theorem says so. error: the standard error of bound less truth, as far as they are
    sampled. vacuous: the bound says what was known
    before. missed: how often a bound that may fail did; NaN of others.
    """

    room: str
    bound: str
    side: str
    truth: float
    error: float
    value: float
    vacuous: bool
    missed: float = math.nan


def standard_error(draws: Tensor) -> float:
    """Of the mean of independent draws."""
    return (draws.std() / math.sqrt(len(draws))).item()
