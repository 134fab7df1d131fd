"""The shift bounds in float64: one function a row, and what they share."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, require, require_probability
from spacelib.bounds.binary_kl import inverse_first, inverse_second
from spacelib.bounds.transfer._checks import capped, raised, require_at_least_one, require_positive, split_infinite


def split(row: str, divergence: Number) -> tuple[Number, Tensor]:
    if row == "total_variation":  # is never infinite
        return divergence, torch.tensor(False)
    return split_infinite(divergence, 1.0 if row == "ratio" else 0.0)


def bound(name: str, row: str, p: Tensor, argument: str, shift: Tensor, infinite: Tensor, *rest: Tensor) -> Tensor:
    """A row's bound in float64, rounded up; 1 where the divergence is infinite."""
    if row == "ratio":
        require_at_least_one(name, argument, shift)
    elif row == "total_variation":
        require_probability(name, argument, shift)
    else:
        require_positive(name, argument, shift, or_zero=True)
    if row == "renyi":
        require(name, "order", rest[0], rest[0] > 1, "above 1")
    elif rest:
        require_positive(name, "variance", rest[0], or_zero=True)
    return torch.where(infinite.to(p.device), 1.0, capped(_ROWS[row](p, shift, *rest)))


def _sum(p: Tensor, more: Tensor) -> Tensor:
    """p itself where there is no shift: `more` is then exactly 0, and off by up to 5 roundings elsewhere."""
    return torch.where(more == 0, p, raised(p + more, 6))


def _chi_square(p: Tensor, chi_square: Tensor, variance: Tensor | None = None) -> Tensor:
    deviation = p.sqrt() * (1 - p).sqrt()  # roots first, so that no product of small numbers vanishes
    if variance is not None:
        deviation = torch.minimum(deviation, variance.sqrt())
    return _sum(p, chi_square.sqrt() * deviation)


def _renyi(p: Tensor, divergence: Tensor, order: Tensor) -> Tensor:
    log = p.clamp(min=2.0**-1074).log()
    exponent = ((order - 1) / order * (divergence + log)).clamp(max=0)
    # ln p carries 2 u of itself, the sum, the share and the product 4 u of the exponent, the exponential 2 u
    roundings = 4 + 4 * (log.detach().abs() + exponent.detach().abs())
    return torch.where(p > 0, raised(exponent.exp(), roundings), 0.0)


def _ratio(p: Tensor, ratio: Tensor) -> Tensor:
    return torch.where((ratio == 1) | (p == 0), p, raised(ratio * p, 1))


_ROWS = {
    "kl": inverse_first,
    "reverse_kl": inverse_second,
    "pinsker": lambda p, kappa: _sum(p, (kappa / 2).sqrt()),
    "total_variation": _sum,
    "chi_square": _chi_square,
    "renyi": _renyi,
    "ratio": _ratio,
}
