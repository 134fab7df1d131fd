"""Depth from two views: what inverting a noisy disparity does to it, under noise that is bounded.

With disparity disp = f B/Z and its relative error u = e/disp, the depth read off is Z/(1 + u). Normal noise reaches
u = -1, so that this depth has no mean at all; all bounds here are for symmetric noise of at most rho disp, rho < 1.
Noise is the standard deviation of the disparity: sqrt 2 times one image's, where both images' errors are independent.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.tradeoff._checks import U, leave_finite, require_count, require_positive

_SMALL, _TERMS = 0.1, 18  # rho^2 up to which series are summed: the next term is below 0.1^18/37 of the first


@dataclass(frozen=True)
class DepthBounds:
    """Between which numbers the bias (length) and the mean squared error (length squared) of a depth lie."""

    bias_lower: Number
    bias_upper: Number
    error_lower: Number
    error_upper: Number


@dataclass(frozen=True)
class DepthMoments:
    """Bias and variance of a relative depth, Zhat/Z."""

    bias: Number
    variance: Number


def two_view_depth_bounds(
    depth: Number, focal: Number, baseline: Number, noise: Number, rho: Number
) -> DepthBounds:
    r"""Bias and squared error of a depth read off one disparity.

    .. math:: t \le \frac{\text{bias}}{Z} \le \frac{t}{1 - \rho^2}, \qquad
        t \le \frac{\text{error}}{Z^2} \le t\,\frac{1 + \rho^2}{(1 - \rho^2)^2}, \qquad
        t = \mathrm{E} u^2 = \Big(\frac{Z s}{f B}\Big)^2

    Parameters: depth Z > 0 and baseline B > 0 in one length; focal f > 0 and noise s >= 0, the disparity's, in pixels;
    rho in [0, 1), the largest \|u\|, which is at least sqrt t. Returns bounds of the broadcast shape, rounded outward.
    The bias is positive: depth is over-estimated. Assumes symmetric noise. Under normal noise neither number exists.
    Errors: ValueError for values outside these ranges.
    Source: the mean of both signs, 1/(1 + u) + 1/(1 - u) = 2/(1 - u^2).
    Implements :prf:ref:`thm-two_view_bias_above` and :prf:ref:`thm-two_view_risk_above`.
    """
    name = "two_view_depth_bounds"
    depth, t, rho, leave = _admitted(name, depth, focal, baseline, noise, rho)
    return _bounds(name, leave, depth, *_relative(t, rho))


def averaged_disparity_bounds(
    frames: Number, depth: Number, focal: Number, baseline: Number, noise: Number, rho: Number
) -> DepthBounds:
    r"""The same for the depth read off the mean of K disparities: both bias and error vanish with K.

    .. math:: t \text{ replaced by } t/K

    Parameters: frames K, an integer of at least 1; the rest, returns and errors as `two_view_depth_bounds`. The mean
    of K errors of at most rho disp is none above it. Assumes independent symmetric noise.
    Source: as `two_view_depth_bounds`.
    Implements :prf:ref:`thm-disparities_first`.
    """
    name = "averaged_disparity_bounds"
    depth, t, rho, k, leave = _admitted(name, depth, focal, baseline, noise, rho, frames=frames)
    return _bounds(name, leave, depth, *_relative(t / k, rho))


def averaged_depth_bounds(
    frames: Number, depth: Number, focal: Number, baseline: Number, noise: Number, rho: Number
) -> DepthBounds:
    r"""The same for the mean of K depths, each read off its own disparity: the bias stays.

    .. math:: \text{error}_K = \text{bias}^2 + \frac{\text{error}_1 - \text{bias}^2}{K}

    Parameters, returns, errors: as `averaged_disparity_bounds`. The difference to it is owed to the order of averaging
    and inverting alone. Assumes independent symmetric noise.
    Source: the variance of a mean, with the bounds of one depth.
    Implements :prf:ref:`thm-depth_floor`.
    """
    name = "averaged_depth_bounds"
    depth, t, rho, k, leave = _admitted(name, depth, focal, baseline, noise, rho, frames=frames)
    low, high, error_low, error_high = _relative(t, rho)
    share = 1 / k
    errors = (error * share + bias * bias * (1 - share) for bias, error in ((low, error_low), (high, error_high)))
    return _bounds(name, leave, depth, low, high, *errors)


def uniform_depth_moments(rho: Number) -> DepthMoments:
    r"""Bias and variance of one relative depth where the disparity's error is uniform: rounding to pixels.

    .. math:: \frac{\text{bias}}{Z} = \frac{\operatorname{artanh} \rho}{\rho} - 1, \qquad
        \frac{\text{variance}}{Z^2} = \frac{1}{1 - \rho^2} - \Big(\frac{\operatorname{artanh} \rho}{\rho}\Big)^2

    Parameters: rho in [0, 1), half the rounding step over the disparity. Returns both of its shape, right to some 64
    roundings: rho^2/3 + ... each, from series where rho is small. Differentiable.
    Errors: ValueError outside [0, 1). Source: the integrals of 1/(1 + u) and its square.
    Implements :prf:ref:`thm-uniform_bias`.
    """
    name = "uniform_depth_moments"
    (rho,), leave = admit(name, rho=rho)
    _require_rho(name, rho)
    x = rho * rho
    small = x < _SMALL
    y = torch.where(small, x, 0.0)
    bias = variance = torch.zeros_like(y)
    odd = [sum(1 / (2 * j + 1) for j in range(k + 1)) for k in range(_TERMS + 1)]
    for k in range(_TERMS, 0, -1):  # of 1/(1 - y), and of (sum y^k/(2k + 1))^2 by partial fractions
        bias = y * (bias + 1 / (2 * k + 1))
        variance = y * (variance + 1 - odd[k] / (k + 1))
    r = torch.where(small, 0.5, rho)
    mean = torch.log1p(2 * r / (1 - r)) / (2 * r)
    second = 1 / ((1 - r) * (1 + r))
    bias, variance = torch.where(small, bias, mean - 1), torch.where(small, variance, second - mean * mean)
    return DepthMoments(leave(bias), leave(variance))


def unbiased_depth(disparity: Number, focal: Number, baseline: Number, noise: Number) -> Number:
    r"""The depth without bias from a disparity with normal noise, positive in truth.

    .. math:: \hat Z = \frac{f B}{s} M\Big(\frac{\widehat{disp}}{s}\Big), \qquad M(x) = \frac{1 - \Phi(x)}{\phi(x)}

    Parameters: disparity as measured, any sign, and its noise s > 0, in pixels; focal f > 0 in pixels; baseline B > 0.
    Returns lengths of the broadcast shape, right to some 32 + 4 x^2 roundings. Its variance is infinite: to be without
    bias is not yet to be of use. Differentiable. Errors: ValueError for values outside these ranges, or a disparity so
    far below zero (some -37 s) that the depth is beyond the floats.
    Source: Mills 1926; Voinov and Nikulin 1993 for inverses of normal means.
    Implements :prf:ref:`thm-unbiased_depth`.
    """
    name = "unbiased_depth"
    (d, f, b, s), leave = admit(name, disparity=disparity, focal=focal, baseline=baseline, noise=noise)
    for argument, value in (("focal", f), ("baseline", b), ("noise", s)):
        require_positive(name, argument, value)
    mills = torch.special.erfcx(d / s * math.sqrt(0.5)) * math.sqrt(math.pi / 2)
    return leave_finite(name, "depth", leave, f * b / s * mills)


def _admitted(
    name: str, depth: Number, focal: Number, baseline: Number, noise: Number, rho: Number, **frames: Number
):
    """Depth, t = E u^2 up to 8 roundings, rho, frames where given, and the way back out."""
    given = {"depth": depth, "focal": focal, "baseline": baseline, "noise": noise, "rho": rho}
    (z, f, b, s, rho, *k), leave = admit(name, **given, **frames)
    for argument, value in (("depth", z), ("focal", f), ("baseline", b)):
        require_positive(name, argument, value)
    require_positive(name, "noise", s, or_zero=True)
    _require_rho(name, rho)
    for count in k:
        require_count(name, "frames", count)
    root = z / b * (s / f)
    require(name, "rho", rho, rho >= root * (1 - 8 * U), "at least depth noise/(focal baseline), the error's spread")
    return z, root * root, rho, *k, leave


def _relative(t: Tensor, rho: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Bounds of bias/Z and error/Z^2 from E u^2."""
    rest = (1 - rho) * (1 + rho)
    return t, t / rest, t, t * (1 + rho * rho) / (rest * rest)


def _bounds(name: str, leave, depth: Tensor, *relative: Tensor) -> DepthBounds:
    """In lengths, outward by more than the some 24 roundings that they carry."""
    values = []
    for value, power, side in zip(relative, (1, 1, 2, 2), ("lower", "upper") * 2, strict=True):
        outward = 1 + (32 * U if side == "upper" else -32 * U)
        values.append(leave_finite(name, "bound", leave, value * depth**power * outward, side))
    return DepthBounds(*values)


def _require_rho(name: str, rho: Tensor) -> None:
    require(name, "rho", rho, (rho >= 0) & (rho < 1), "in [0, 1)")
