"""Frames that share an error: what K of them tell, how many a goal takes, and when no number does."""

import torch

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.capacity._checks import require_information

_VARIANCES = ("target_variance", "shared_variance", "own_variance")


def shared_error_information(
    target_variance: Number, shared_variance: Number, own_variance: Number, frames: Number
) -> Number:
    r"""Information of K frames whose errors have a common part.

    .. math:: I(K) = \tfrac12 \ln\left(1 + \frac{\tau^2}{\beta^2 + \sigma^2 / K}\right), \qquad O_k = T + B + N_k

    Parameters: variances tau² > 0 of the target, beta² >= 0 of the shared error, sigma² > 0 of each frame's own; frames K > 0.
    Returns nats of the broadcast shape; at most ln(1 + tau²/beta²)/2 however many frames there are.
    Assumes T, B and the N_k independent and Gaussian. Differentiable.
    Errors: ValueError for a variance or a number outside these ranges.
    Source: classical, the Gaussian channel (Cover and Thomas 2006, section 9.1). Implements :prf:ref:`thm-frames_enough`.
    """
    (t, b, s, k), leave = admit("shared_error_information", target_variance=target_variance, shared_variance=shared_variance,
                                own_variance=own_variance, frames=frames)
    _require("shared_error_information", t, b, s)
    require("shared_error_information", "frames", k, k > 0, "above 0")
    return leave(torch.log1p(t / (b + s / k)) / 2)


def frames_under_shared_error(
    target_variance: Number, shared_variance: Number, own_variance: Number, information: Number
) -> Number:
    r"""Number of frames that a goal takes when their errors have a common part.

    .. math:: K \ge \frac{\sigma^2}{\tau^2 / (e^{2I} - 1) - \beta^2}, \qquad \text{infinite where } I \ge \tfrac12\ln(1 + \tau^2/\beta^2)

    Parameters: as `shared_error_information`, and the goal in nats, at least 0. Returns the real number of frames of the broadcast
    shape, 0 for a goal of 0, infinite (a statement, not an overflow) where no number of frames is enough: `ceil` it.
    Errors: as `shared_error_information`; ValueError for a negative goal.
    Source: solving `shared_error_information` for K. Implements :prf:ref:`thm-frames_enough`, :prf:ref:`thm-frames_too_few`,
    :prf:ref:`thm-frames_saturate`.
    """
    name = "frames_under_shared_error"
    (t, b, s, goal), leave = admit(name, target_variance=target_variance, shared_variance=shared_variance, own_variance=own_variance,
                                   information=information)
    _require(name, t, b, s)
    require_information(name, goal)
    # sigma² (e^(2I) - 1) / (tau² - beta² (e^(2I) - 1)), which is 0 at I = 0 instead of 0/0
    ratio = torch.expm1(2 * goal)
    room = t - b * ratio
    needed = torch.where(room > 0, s * ratio / torch.where(room > 0, room, torch.ones_like(room)), torch.inf)
    return leave(torch.where(goal == 0, torch.zeros_like(needed), needed))


def _require(function: str, t: torch.Tensor, b: torch.Tensor, s: torch.Tensor) -> None:
    for name, value in zip(_VARIANCES, (t, b, s), strict=True):
        if name == "shared_variance":
            require(function, name, value, value >= 0, "at least 0")
        else:
            require(function, name, value, value > 0, "above 0")
