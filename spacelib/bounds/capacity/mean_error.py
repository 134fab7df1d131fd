"""Metric answers scored by their error: what an information allows of squared and absolute errors, and Gaussian frames."""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.capacity._checks import U, require_information

_LARGEST = 350.0  # e^(2·350) is still a float


class GaussianFrames(NamedTuple):
    """What K frames with Gaussian noise tell: the information in nats, and the least mean squared error."""

    information: Number
    mean_squared_error: Number


def mean_squared_error_floor(entropy: Number, information: Number) -> Number:
    r"""Least mean squared error that any answerer can have, given what the frames tell about a continuous target.

    .. math:: E(\hat T - T)^2 \ge \frac{e^{2 (h(T \mid Q) - I)}}{2 \pi e}

    Parameters: entropy h(T | Q), the differential entropy in nats of the target in the unit that is wanted (it may be
    negative); information I(O; T | Q) >= 0 in nats. Returns errors in the unit squared, rounded down. Differentiable.
    With h(ln T) it bounds the mean squared error of ln T, hence of relative errors. Equality: a Gaussian target with
    Gaussian frames, D = tau² e^(-2 I).
    Assumes T - (O, Q) - answer and a target with a density.
    Errors: ValueError for negative information, or entropy - information above 350 (the bound is beyond float64).
    Source: Shannon 1959; the Gaussian maximises entropy at given variance.
    """
    (h, information), leave = _admit_error("mean_squared_error_floor", entropy, information)
    return leave(_exponential(2, h, information) / (2 * math.pi * math.e), "lower")


def mean_absolute_error_floor(entropy: Number, information: Number) -> Number:
    r"""Least mean absolute error that any answerer can have, given what the frames tell about a continuous target.

    .. math:: E|\hat T - T| \ge \frac{e^{h(T \mid Q) - I}}{2 e}

    Parameters, errors and assumptions as `mean_squared_error_floor`. Returns errors in the unit itself, rounded down.
    Differentiable. Equality: an answer whose error is a Laplace variable independent of it; without frames, a Laplace
    target and its median.
    Source: Shannon 1959; the Laplace law maximises entropy at given mean absolute value.
    """
    (h, information), leave = _admit_error("mean_absolute_error_floor", entropy, information)
    return leave(_exponential(1, h, information) / (2 * math.e), "lower")


def gaussian_frames(
    frames: Number, target_deviation: Number, shared_deviation: Number, frame_deviation: Number
) -> GaussianFrames:
    r"""Information and least error of K frames O_k = T + B + N_k with Gaussian target, shared error and frame noise.

    .. math:: I = \tfrac12 \ln\Big(1 + \frac{\tau^2}{\beta^2 + \sigma^2/K}\Big), \qquad D = \tau^2 e^{-2 I}

    Parameters: frames K >= 1 (need not be whole: sizes of effect); standard deviations tau > 0 of the target, beta >= 0 of
    the error that all frames share, sigma >= 0 of each frame's own; beta and sigma not both 0. One unit. Returns (I in
    nats, D in the unit squared), right to rounding. Differentiable. No number of frames tells more than
    ln(1 + tau²/beta²)/2.
    Errors: ValueError for arguments outside these ranges.
    Source: conditional variance of jointly Gaussian variables.
    """
    name = "gaussian_frames"
    given = {
        "target_deviation": target_deviation,
        "shared_deviation": shared_deviation,
        "frame_deviation": frame_deviation,
    }
    (k, tau, beta, sigma), leave = admit(name, frames=frames, **given)
    require(name, "frames", k, k >= 1, "at least 1")
    require(name, "target_deviation", tau, tau > 0, "above 0")
    require(name, "shared_deviation", beta, beta >= 0, "at least 0")
    require(name, "frame_deviation", sigma, sigma >= 0, "at least 0")
    noise = beta**2 + sigma**2 / k
    require(name, "frame_deviation", sigma, noise > 0, "above 0 where shared_deviation is 0")
    return GaussianFrames(leave(torch.log1p(tau**2 / noise) / 2), leave(noise / (1 + noise / tau**2)))


def gaussian_accuracy(tolerance: Number, mean_squared_error: Number) -> Number:
    r"""How often a Gaussian error of mean zero stays within a tolerance: the best accuracy in `gaussian_frames`.

    .. math:: P(|\hat T - T| \le t) = \operatorname{erf}\Big(\frac{t}{\sqrt{2 D}}\Big)

    Parameters: tolerance t >= 0 and mean squared error D > 0, the unit squared. Returns rates, right to rounding.
    Errors: ValueError for t < 0 or D <= 0.
    """
    (t, error), leave = admit("gaussian_accuracy", tolerance=tolerance, mean_squared_error=mean_squared_error)
    require("gaussian_accuracy", "tolerance", t, t >= 0, "at least 0")
    require("gaussian_accuracy", "mean_squared_error", error, error > 0, "above 0")
    return leave(torch.erf(t / (2 * error).sqrt()))


def _exponential(power: int, h: Tensor, information: Tensor) -> Tensor:
    """e^(power (h - I)), low enough: the difference is off by u of itself, which the exponential takes as a factor."""
    missing = h - information
    return torch.exp(power * missing) * (1 - (16 + 4 * missing.detach().abs()) * U)


def _admit_error(function: str, entropy: Number, information: Number):
    (h, information), leave = admit(function, entropy=entropy, information=information)
    require_information(function, information)
    require(function, "entropy", h, h - information <= _LARGEST, f"at most {_LARGEST:g} nats above the information")
    return (h, information), leave
