"""Metric answers: how often a blind guess succeeds under a tolerance rule, which is the A0 that `accuracy_ceiling` takes.

A rule makes an answer x right for the targets in a success set S_x. Then A <= U(A0, I) with A0 = max_x P(T in S_x), given
the question; for any score s(x, T) in [0, 1], E s <= U(max_x E s(x, T), I). A0 of a law that is known by design gives a
ceiling; A0 of a sample of gold values is that of the sample: as an estimate of the population's it is too high, since
the guess is chosen on the same values.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_law
from spacelib.bounds.capacity._checks import U, require_range

_TOUCH = 8 * U  # interval ends closer than this, relatively, count as touching: each carries up to three roundings


class Blind(NamedTuple):
    """The best single answer to all of a set of gold values: the share that it gets right, and the answer."""

    share: Number
    guess: Number


def log_width(tolerance: Number) -> Number:
    r"""Width, in ln T, of the set of targets for which an answer is right within a relative tolerance.

    .. math:: |x - T| \le r T \iff T \in \Big[\frac{x}{1+r}, \frac{x}{1-r}\Big], \qquad \ln\frac{1+r}{1-r}

    Parameters: tolerance r in [0, 1). Returns widths of the same shape, right to rounding: ln(5/3) at r = 1/4 (twice
    ln 1.25 belongs to another rule, `ratio_log_width`). Differentiable.
    Errors: ValueError for r outside [0, 1).
    """
    (r,), leave = admit("log_width", tolerance=tolerance)
    require("log_width", "tolerance", r, (r >= 0) & (r < 1), "in [0, 1)")
    return leave(2 * torch.atanh(r))


def ratio_log_width(factor: Number) -> Number:
    r"""Width, in ln T, of the set of targets for which an answer is right within a factor (depth's delta rule).

    .. math:: \max(x/T, T/x) \le f \iff T \in [x/f, x f], \qquad 2 \ln f

    Parameters: factor f >= 1. Returns widths of the same shape, right to rounding. Differentiable.
    Errors: ValueError for f below 1.
    """
    (f,), leave = admit("ratio_log_width", factor=factor)
    require("ratio_log_width", "factor", f, f >= 1, "at least 1")
    return leave(2 * torch.log1p(f - 1))


def log_uniform_blind(low: Number, high: Number, width: Number) -> Number:
    r"""Best blind success rate where ln T is uniform between ln a and ln b, under a rule of a given log-width.

    .. math:: A_0 = \min\Big(1, \frac{w}{\ln(b/a)}\Big)

    Parameters: low a > 0 and high b > a, in one unit; width w >= 0 (`log_width`, `ratio_log_width`). Returns rates,
    rounded up. Differentiable.
    Errors: ValueError unless 0 < a < b, or for w < 0.
    """
    name = "log_uniform_blind"
    (low, high, width), leave = admit(name, low=low, high=high, width=width)
    require_range(name, low, high)
    require(name, "width", width, width >= 0, "at least 0")
    # b - a, the quotient, the logarithm, the division: 8 u; the width itself comes with up to 3 u
    return leave((width / torch.log1p((high - low) / low) * (1 + 16 * U)).clamp(max=1), "upper")


def circle_blind(tolerance: Number, length: Number) -> Number:
    r"""Best blind success rate for a target uniform on a circle (an azimuth, a heading), right within t either way.

    .. math:: A_0 = \min\Big(1, \frac{2t}{L}\Big)

    Parameters: tolerance t >= 0 and the circle's length L > 0 in one unit (360 degrees). Returns rates, rounded up. The
    ceiling U(A0, I) is attained where 2 t <= L. Differentiable.
    Errors: ValueError for t < 0 or L <= 0.
    """
    (t, length), leave = admit("circle_blind", tolerance=tolerance, length=length)
    require("circle_blind", "tolerance", t, t >= 0, "at least 0")
    require("circle_blind", "length", length, length > 0, "above 0")
    return leave((2 * t / length * (1 + 4 * U)).clamp(max=1), "upper")


def disc_blind(radius: Number, width: Number, height: Number) -> Number:
    r"""Best blind success rate for a point uniform in an image, right within a distance: the largest disc's share.

    .. math:: A_0 = \max_c \frac{|D(c, r) \cap R|}{|R|}

    The overlap is log-concave and symmetric in the centre c (Brunn and Minkowski), so the image's centre is best.
    Parameters: radius r >= 0, width and height > 0 in one unit. Returns rates, rounded up; 1 once r reaches the corners.
    Errors: ValueError for r < 0 or sides <= 0.
    """
    (r, width, height), leave = admit("disc_blind", radius=radius, width=width, height=height)
    require("disc_blind", "radius", r, r >= 0, "at least 0")
    for name, side in (("width", width), ("height", height)):
        require("disc_blind", name, side, side > 0, "above 0")
    a, b = width / 2, height / 2
    end = torch.minimum(a, r)
    flat = torch.minimum(((r - b).clamp(min=0) * (r + b)).sqrt(), end)  # up to here the disc is higher than the image

    def under(x):  # integral of sqrt(r² - t²) from 0 to x
        inside = torch.where(r > 0, x / r, 0).clamp(max=1)
        return (x * ((r - x).clamp(min=0) * (r + x)).sqrt() + r * r * torch.asin(inside)) / 2

    quarter = b * flat + (under(end) - under(flat))
    # areas of at most r² pi/4 each, right to 16 u, of which one is subtracted from the other
    share = (quarter + 32 * U * torch.minimum(r, a + b) ** 2) / (a * b) * (1 + 4 * U)
    share = torch.where(r == 0, 0, torch.where(r >= torch.hypot(a, b), 1, share.clamp(max=1)))
    return leave(share, "upper")


def interval_blind(low: Number, high: Number, weights: Number | None = None) -> Blind:
    r"""The guess that lies in the most intervals: the best blind success rate of any rule on the line, exactly.

    .. math:: \max_x \sum_i w_i\, [\,l_i \le x \le h_i\,]

    Parameters: low and high (..., n), the answers that are right for each gold value; weights (..., n), a law, or None for
    equal ones. No grid: the maximum stands at some l_i, and all are tried. Ends within 8·2^-53 of each other, relatively,
    count as touching, so rounding cannot lower the share. Returns (share, guess), leading shape.
    Errors: ValueError for low above high, no interval, weights that are no law or shapes that differ.
    """
    name = "interval_blind"
    given = {"low": low, "high": high} | ({} if weights is None else {"weights": weights})
    (low, high, *w), leave = admit(name, dict.fromkeys(given, 1), **given)
    if low.shape[-1] == 0 or any(v.shape[-1] != low.shape[-1] for v in (high, *w)):
        raise ValueError(f"{name}: low, high and weights must have one and the same number of intervals, at least 1")
    require(name, "low", low, low <= high, "at most high")
    if weights is not None:
        require_law(name, "weights", w[0], weights)
    share, guess = _deepest(low, high, w[0] if w else torch.ones_like(low))
    return Blind(leave(share), leave(guess))


def _deepest(low: Tensor, high: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Largest weight of intervals with a common point, and such a point: the middle of what they share."""

    def sorted_with_weights(ends):
        ends, order = ends.sort(-1)
        total = weights.gather(-1, order).cumsum(-1)
        return ends, torch.cat([torch.zeros_like(total[..., :1]), total], -1)

    lows, opened = sorted_with_weights(low - _TOUCH * low.abs())
    highs, closed = sorted_with_weights(high + _TOUCH * high.abs())
    before = torch.searchsorted(highs, lows, right=False)  # intervals that end before this point
    upto = torch.searchsorted(lows, lows, right=True)
    depth, index = (opened.gather(-1, upto) - closed.gather(-1, before)).max(-1)
    first_end = highs.gather(-1, before.gather(-1, index[..., None]))[..., 0]
    guess = (lows.gather(-1, index[..., None])[..., 0] + first_end) / 2
    return (depth / opened[..., -1]).clamp(max=1), guess


def tolerance_blind(gold: Number, tolerance: Number, weights: Number | None = None, *, relative: bool = True) -> Blind:
    r"""Best blind success rate on given gold values, right within r of them: relative to the value, or in its unit.

    .. math:: \max_x \sum_i w_i\, [\,|x - t_i| \le r t_i\,]

    Parameters: gold values t (..., n), positive where the rule is relative; tolerance r >= 0, a number or broadcast
    against the leading axes; weights (..., n), a law, or None for equal ones. Returns (share, guess), leading shape.
    The share is exact for these values. As an estimate for a population it is biased upwards.
    Errors: ValueError for gold <= 0 under the relative rule, r < 0, weights that are no law.
    """
    name = "tolerance_blind"
    (gold, r), leave = admit(name, {"gold": 1}, gold=gold, tolerance=tolerance)
    require(name, "tolerance", r, r >= 0, "at least 0")
    if relative:
        require(name, "gold", gold, gold > 0, "above 0 (the rule is relative)")
    reach = r[..., None] * (gold if relative else torch.ones_like(gold))
    share, guess = interval_blind(gold - reach, gold + reach, _as_tensor(weights, gold))
    return Blind(leave(share), leave(guess))


def _as_tensor(weights: Number | None, like: Tensor) -> Tensor | None:
    return None if weights is None else torch.as_tensor(weights, device=like.device)
