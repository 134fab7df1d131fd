"""How the shift grows with the number of frames: it never falls, and how fast depends on what has shifted.

The number of samples stays that of the scenes, whatever the frames. So more frames can loosen a certificate under shift
while the loss falls.
"""

import torch

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds._divergence import _term
from spacelib.bounds.transfer._checks import U, raised, require_count, require_positive


def gaussian_frames_shift(mean_shift: Number, scene_sd: Number, frame_sd: Number, frames: Number) -> Number:
    r"""KL of K frames where the mean has moved, of normal scenes with normal noise in each frame.

    .. math:: \kappa_K = \frac{D^2}{2 (t^2 + s^2/K)} \;\le\; \frac{D^2}{2 t^2}

    Parameters: mean_shift D; scene_sd t and frame_sd s, standard deviations of what all frames of a scene share and of
    each frame's own, at least 0 and not both 0; frames K, integers >= 1. Returns nats of the broadcast shape, rounded
    up: growing with K, and bounded where t > 0.
    Errors: ValueError for values outside these ranges.
    Source: KL of two normal laws of one covariance. Implements :prf:ref:`thm-scene_shift_grows`.
    """
    name = "gaussian_frames_shift"
    given = {"mean_shift": mean_shift, "scene_sd": scene_sd, "frame_sd": frame_sd, "frames": frames}
    (d, t, s, k), leave = admit(name, **given)
    require_positive(name, "scene_sd", t, or_zero=True)
    require_positive(name, "frame_sd", s, or_zero=True)
    require(name, "scene_sd", t, (t > 0) | (s > 0), "above 0 where frame_sd is 0")
    require_count(name, "frames", k)
    scaled = d / torch.hypot(t, s / k.sqrt())
    return leave(torch.where(d == 0, 0.0, raised(scaled * scaled / 2, 14)), "upper")


def independent_frames_shift(kappa: Number, frames: Number) -> Number:
    r"""KL of K frames that share nothing: each adds its own.

    .. math:: \kappa_K = K \kappa_1

    Parameters: kappa_1 >= 0 nats, of one frame; frames K, integers >= 1. Returns nats, rounded up. Only without what
    the frames of a scene share; with it the shift may stay bounded (`gaussian_frames_shift`).
    Errors: ValueError for values outside these ranges.
    Source: the chain rule of KL. Implements :prf:ref:`thm-independent_frames`.
    """
    (kappa, k), leave = admit("independent_frames_shift", kappa=kappa, frames=frames)
    require_positive("independent_frames_shift", "kappa", kappa, or_zero=True)
    require_count("independent_frames_shift", "frames", k)
    return leave(torch.where((kappa == 0) | (k == 1), kappa, raised(k * kappa, 1)), "upper")


def variance_shift_floor(ratio: Number, frames: Number) -> Number:
    r"""KL of K frames, at least, where the variance of each frame's own noise has changed, whatever they share.

    .. math:: \kappa_K \ge \frac{(K - 1) (r - 1 - \ln r)}{2}

    Parameters: ratio r > 0, target variance over source variance; frames K, integers >= 1. Returns nats, rounded down;
    0 for one frame and for r = 1, without bound in K otherwise. Not differentiable.
    Assumes normal noise, independent between frames. Errors: ValueError for values outside these ranges.
    Source: the K - 1 contrasts between frames do not hold what they share. Implements :prf:ref:`thm-frame_shift_grows`.
    """
    (r, k), leave = admit("variance_shift_floor", ratio=ratio, frames=frames)
    require_positive("variance_shift_floor", "ratio", r)
    require_count("variance_shift_floor", "frames", k)
    r = r.detach()
    value, error, _ = _term(torch.ones_like(r), r, 1 - r)
    return leave((k - 1) / 2 * (value - error).clamp(min=0) * (1 - 4 * U), "lower")
