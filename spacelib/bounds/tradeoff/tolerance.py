"""Accuracy within a tolerance beside squared error: where one prefers the explicit side and the other the implicit.

An error is normal with bias b and standard deviation s; an answer is right where the error is within t.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.tradeoff._checks import U, leave_finite, require_positive

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True)
class Flips:
    """Which side each measure prefers (1 explicit, -1 implicit, 0 too near to tell), and the accuracies behind it."""

    by_error: Number
    by_accuracy: Number
    explicit_accuracy: Number
    implicit_accuracy: Number

    @property
    def flipped(self):
        """Whether the two measures prefer different sides, elementwise."""
        return self.by_error * self.by_accuracy < 0


def accuracy_within(bias: Number, deviation: Number, tolerance: Number) -> Number:
    r"""Share of normal errors within a tolerance.

    .. math:: \Phi\Big(\frac{t - b}{s}\Big) - \Phi\Big(\frac{-t - b}{s}\Big)

    Parameters: bias b; deviation s > 0; tolerance t > 0, in one unit. Returns probabilities of the broadcast shape,
    right to some 64 + 8 (b/s)^2 roundings of themselves. It falls as the size of the bias grows. It falls with s where
    \|b\| <= t; otherwise it rises up to `best_deviation`. Differentiable. Assumes normal errors.
    Errors: ValueError for values outside these ranges. Source: the normal law.
    Implements :prf:ref:`thm-bias_costs`.
    """
    name = "accuracy_within"
    (b, s, t), leave = admit(name, bias=bias, deviation=deviation, tolerance=tolerance)
    require_positive(name, "deviation", s)
    require_positive(name, "tolerance", t)
    return leave(_accuracy(b, s, t))


def limit_accuracy(bias: Number, tolerance: Number) -> Number:
    r"""The same as the deviation goes to zero: with frames without end only the bias is left.

    .. math:: 1 \;(|b| < t), \qquad \tfrac12 \;(|b| = t), \qquad 0 \;(|b| > t)

    Parameters: bias b; tolerance t > 0. Returns the broadcast shape, exactly.
    Errors: ValueError for values outside these ranges. Source: the limits of `accuracy_within`.
    Implements :prf:ref:`thm-tolerance_met` and :prf:ref:`thm-tolerance_missed`.
    """
    name = "limit_accuracy"
    (b, t), leave = admit(name, bias=bias, tolerance=tolerance)
    require_positive(name, "tolerance", t)
    return leave(((t > b.abs()).to(b.dtype) + (t >= b.abs()).to(b.dtype)) / 2)


def best_deviation(bias: Number, tolerance: Number) -> Number:
    r"""The spread at which the accuracy is largest: below it less noise, from more frames, lowers the accuracy.

    .. math:: s^2 = \frac{|b|\,t}{\operatorname{artanh}(t / |b|)} \quad (|b| > t), \qquad s = 0 \quad (|b| \le t)

    Parameters: bias b; tolerance t > 0. Returns deviations of the broadcast shape, right to some 16 roundings; 0 where
    less noise is always better. Differentiable where above 0.
    Errors: ValueError for values outside these ranges. Source: the one zero of the derivative of `accuracy_within`.
    Implements :prf:ref:`thm-spread_helps`.
    """
    name = "best_deviation"
    (b, t), leave = admit(name, bias=bias, tolerance=tolerance)
    require_positive(name, "tolerance", t)
    b = b.abs()
    beyond = b > t
    size = torch.where(beyond, b, 2 * t)
    # artanh(t/b) = ln(1 + 2 t/(b - t))/2, whose difference of floats is exact where it matters
    deviation = (2 * size * (t / torch.log1p(2 * t / (size - t)))).sqrt()
    return leave_finite(name, "deviation", leave, torch.where(beyond, deviation, 0.0))


def flips(
    explicit_bias: Number,
    explicit_deviation: Number,
    implicit_bias: Number,
    implicit_deviation: Number,
    tolerance: Number,
) -> Flips:
    r"""Whether squared error and accuracy within a tolerance prefer different sides.

    .. math:: \operatorname{sign}(b_i^2 + s_i^2 - b_e^2 - s_e^2) \quad\text{against}\quad
        \operatorname{sign}(\mathrm{Acc}_e(t) - \mathrm{Acc}_i(t))

    Parameters: bias and deviation > 0 of each side's error, tolerance t > 0, in one unit. Returns both signs and both
    accuracies, of the broadcast shape; a sign is 0 where the difference is within what rounding could make.
    Without bias on either side nothing flips. Assumes, errors: as `accuracy_within`.
    Source: elementary.
    Implements :prf:ref:`thm-accuracy_flips`.
    """
    name = "flips"
    given = {"explicit_bias": explicit_bias, "explicit_deviation": explicit_deviation, "implicit_bias": implicit_bias,
             "implicit_deviation": implicit_deviation, "tolerance": tolerance}
    (be, se, bi, si, t), leave = admit(name, **given)
    for argument, value in (("explicit_deviation", se), ("implicit_deviation", si), ("tolerance", t)):
        require_positive(name, argument, value)
    errors = [b * b + s * s for b, s in ((be, se), (bi, si))]
    for error in errors:
        require(name, "the squared error of these arguments", error, torch.isfinite(error), "finite")
    shares = [_accuracy(b, s, t) for b, s in ((be, se), (bi, si))]
    lost = [share * (64 + 8 * (b / s) ** 2) * U for share, b, s in zip(shares, (be, bi), (se, si), strict=True)]
    by_error = _sign(errors[1] - errors[0], 4 * U * (errors[0] + errors[1]))
    by_accuracy = _sign(shares[0] - shares[1], lost[0] + lost[1])
    return Flips(*map(leave, (by_error, by_accuracy, *shares)))


def _sign(gap: Tensor, slack: Tensor) -> Tensor:
    return torch.where(gap.abs() > slack, gap.sign(), 0.0)


def _accuracy(b: Tensor, s: Tensor, t: Tensor) -> Tensor:
    """By the difference where it does not cancel, else by Gauss's rule, whose summands are all positive."""
    b = b.abs()
    low, high = (torch.erfc((b - side) / s * math.sqrt(0.5)) / 2 for side in (-t, t))  # torch's ndtr loses the tail
    wide = high - low
    h, m = t / s, b / s
    narrow = (h <= 1) & (m * h <= 10)
    h, m = torch.where(narrow, h, 0.5), torch.where(narrow, m, 0.0)
    y = h[..., None] * torch.as_tensor((_NODES + 1) / 2, dtype=b.dtype, device=b.device)
    weights = torch.as_tensor(_WEIGHTS / 2, dtype=b.dtype, device=b.device)
    both = torch.exp(-((m[..., None] - y) ** 2) / 2) + torch.exp(-((m[..., None] + y) ** 2) / 2)
    return torch.where(narrow, h / math.sqrt(2 * math.pi) * (both @ weights), wide)
