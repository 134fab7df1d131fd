"""Preconditions that the capacity room's functions share, and the constants of their rounding."""

from torch import Tensor

from spacelib.bounds._border import require

U = 2.0**-53
LN2 = 0.6931471805599453  # rounded down by less than U/2; the factors (1 + 8 U) and (1 + 16 U) of its users cover it


def require_blind(function: str, a0: Tensor) -> None:
    require(function, "blind_accuracy", a0, (a0 > 0) & (a0 <= 1), "in (0, 1]")


def require_alphabet(function: str, m: Tensor, least: int) -> None:
    require(function, "alphabet", m, (m >= least) & (m == m.floor()), f"an integer of at least {least}")


def require_information(function: str, information: Tensor) -> None:
    require(function, "information", information, information >= 0, "at least 0 nats")


def require_range(function: str, low: Tensor, high: Tensor) -> None:
    require(function, "low", low, low > 0, "above 0")
    require(function, "high", high, high > low, "above low")
