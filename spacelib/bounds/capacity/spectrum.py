"""The ceiling from the whole distribution of the information density, where rare events carry most of the information."""

import torch

from spacelib.bounds._border import Number, admit, require_law
from spacelib.bounds.capacity._checks import U, require_blind


def spectrum_ceiling(density: Number, weights: Number, blind_accuracy: Number) -> Number:
    r"""Highest accuracy that any answerer can have, from how the information is distributed over events.

    .. math:: A \le \inf_{\gamma > 0} \{\gamma A_0 + P(i(O; T \mid Q) > \ln\gamma)\}

    Parameters: density i of finitely many events (..., events) in nats and their weights (..., events), a law; an event
    without weight does not count. blind_accuracy A0 in (0, 1], broadcast against the leading axes. The infimum is exact:
    it stands at a jump, gamma = e^i. Returns accuracies of the leading shape, rounded up, at most 1. Differentiable.
    Well below `accuracy_ceiling` where rare events dominate the information, above it on some other channels: take the
    smaller of the two.
    Assumes T - (O, Q) - answer, and the law itself: densities estimated from data certify nothing.
    Errors: ValueError for weights that are no law, non-finite densities or A0 outside (0, 1].
    Source: Verdú and Han 1994; the meta-converse of Polyanskiy, Poor and Verdú 2010.
    """
    name = "spectrum_ceiling"
    axes = {"density": 1, "weights": 1}
    (i, w, a0), leave = admit(name, axes, density=density, weights=weights, blind_accuracy=blind_accuracy)
    require_law(name, "weights", w, weights)
    require_blind(name, a0)
    if i.shape[-1] != w.shape[-1]:
        raise ValueError(f"{name}: density must have as many events as weights, got {i.shape[-1]} and {w.shape[-1]}")
    i, order = i.sort(-1, descending=True)
    w = w.gather(-1, order) / w.sum(-1, keepdim=True)
    # P(i > i_j): the weight before j; among equal densities the first has the right one and the others a larger one
    beyond = torch.cat([torch.zeros_like(w[..., :1]), w.cumsum(-1)[..., :-1]], -1)
    bound = (i.exp() * a0[..., None] + beyond).amin(-1)
    # sums of n weights, two divisions, an exponential of a rounded number: all terms nonnegative
    return leave((bound * (1 + (2 * i.shape[-1] + 8) * U)).clamp(max=1), "upper")
