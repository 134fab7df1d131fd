"""Depth from K views along a line: what their number and layout give, and what wrong poses take.

A camera at x_k sees the point (X, Z) at u_k = f (X - x_k)/Z, linear in X/Z and 1/Z. Least squares on inverse depth is
unbiased and efficient there; for depth itself the bound is reached to leading order only, since an inverted normal
number has no mean. Noise s is one image's, in pixels: two views at distance B have the disparity variance 2 s^2.
"""

from collections.abc import Callable

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.tradeoff._checks import U, leave_finite, require_count, require_positive


def inverse_depth_variance(positions: Number, focal: Number, noise: Number) -> Number:
    r"""Variance of the best unbiased inverse depth from cameras on a line.

    .. math:: \operatorname{Var}(1/Z) = \frac{s^2}{f^2 S}, \qquad S = \sum_k (x_k - \bar x)^2

    Parameters: positions x_k (..., K), K >= 2, not all equal, across the line of sight; focal f > 0 and noise s >= 0
    in pixels. Returns inverse squared lengths of the leading shape, right to some 32 + 4 K roundings where positions
    are exact. It does not depend on where the point is. Differentiable.
    Errors: ValueError for values outside these ranges. Source: Gauss-Markov; the Cramer-Rao bound for normal noise.
    Implements :prf:ref:`thm-inverse_depth_variance`.
    """
    name = "inverse_depth_variance"
    (x, f, s), leave = admit(name, {"positions": 1}, positions=positions, focal=focal, noise=noise)
    return leave_finite(name, "variance", leave, _inverse_variance(name, x, f, s))


def depth_bound(depth: Number, positions: Number, focal: Number, noise: Number) -> Number:
    r"""Cramer-Rao bound of depth from cameras on a line.

    .. math:: \frac{Z^4 s^2}{f^2 S}

    Parameters: depth Z > 0; the rest as `inverse_depth_variance`. Returns squared lengths of the leading shape.
    Assumes normal noise. Errors: ValueError for values outside these ranges. Source: as `inverse_depth_variance`.
    Implements :prf:ref:`thm-depth_bound`.
    """
    name = "depth_bound"
    (x, z, f, s), leave = admit(name, {"positions": 1}, positions=positions, depth=depth, focal=focal, noise=noise)
    require_positive(name, "depth", z)
    return leave_finite(name, "bound", leave, _inverse_variance(name, x, f, s) * z**4)


def depth_bound_spacing(depth: Number, frames: Number, spacing: Number, focal: Number, noise: Number) -> Number:
    r"""The bound for K cameras evenly spaced at B: it falls as the cube of K.

    .. math:: \frac{12 Z^4 s^2}{f^2 B^2 K (K^2 - 1)}

    Parameters: depth Z > 0; frames K, an integer of at least 2; spacing B > 0; focal, noise as `depth_bound`. Returns
    squared lengths of the broadcast shape, right to 24 roundings. Errors: ValueError for values outside these ranges.
    Source: sum of squares of evenly spaced numbers.
    Implements :prf:ref:`thm-equal_spacing`.
    """
    def factor(k):
        return 12 / (k * (k - 1) * (k + 1))

    return _spread_bound("depth_bound_spacing", depth, frames, focal, noise, factor, spacing=spacing)


def depth_bound_length(depth: Number, frames: Number, length: Number, focal: Number, noise: Number) -> Number:
    r"""The bound for K cameras evenly spaced over one total length D: it falls as 1/K, and not from 2 to 3.

    .. math:: \frac{12 (K - 1) Z^4 s^2}{f^2 D^2 K (K + 1)}

    Parameters: depth Z > 0; frames K, an integer of at least 2; length D > 0; focal, noise as `depth_bound`. Returns
    squared lengths of the broadcast shape, right to 24 roundings; 2, 2, 9/5, 8/5, 10/7 in units of Z^4 s^2/(f D)^2.
    Errors: ValueError for values outside these ranges. Source: `depth_bound_spacing` at B = D/(K - 1).
    Implements :prf:ref:`thm-third_view`.
    """
    def factor(k):
        return 12 * (k - 1) / (k * (k + 1))

    return _spread_bound("depth_bound_length", depth, frames, focal, noise, factor, length=length)


def depth_bound_best(depth: Number, frames: Number, length: Number, focal: Number, noise: Number) -> Number:
    r"""The least bound for K cameras within a length D: half of them at each end.

    .. math:: \frac{4}{K} \frac{Z^4 s^2}{f^2 D^2} \quad (K \text{ even}), \qquad
        \frac{4 K}{K^2 - 1} \frac{Z^4 s^2}{f^2 D^2} \quad (K \text{ odd})

    Parameters, returns, errors: as `depth_bound_length`; a third of it as K grows. `best_layout` is the layout.
    Source: Popoviciu 1935.
    Implements :prf:ref:`thm-spread_at_most`.
    """
    def factor(k):
        return torch.where(k % 2 == 0, 4 / k, 4 * k / ((k - 1) * (k + 1)))

    return _spread_bound("depth_bound_best", depth, frames, focal, noise, factor, length=length)


def best_layout(frames: int, length: Number) -> Number:
    r"""Where the cameras of `depth_bound_best` stand: half at 0, half at the length.

    .. math:: x_k = 0 \; (k \le \lceil K/2 \rceil), \qquad x_k = D \; (k > \lceil K/2 \rceil)

    Parameters: frames K, an integer of at least 2; length D > 0. Returns positions (..., K).
    Errors: TypeError for frames that are no int, ValueError for values outside these ranges. Source: Popoviciu 1935.
    Implements :prf:ref:`thm-ends_are_best`.
    """
    name = "best_layout"
    if isinstance(frames, bool) or not isinstance(frames, int):
        raise TypeError(f"{name}: frames must be an int, got {type(frames).__name__}")
    if frames < 2:
        raise ValueError(f"{name}: frames must be at least 2, got {frames}")
    (length,), leave = admit(name, length=length)
    require_positive(name, "length", length)
    far = torch.arange(frames, device=length.device) >= (frames + 1) // 2
    return leave(length[..., None] * far)


def offsets_variance(depth: Number, positions: Number, focal: Number, noise: Number, offset: Number) -> Number:
    r"""Variance of inverse depth where each camera stands off its nominal place by its own error along the line.

    .. math:: \frac{s^2 + f^2 \tau^2 / Z^2}{f^2 S}

    Parameters: depth Z > 0; positions, focal, noise as `inverse_depth_variance`, the positions being the nominal ones;
    offset tau >= 0, the standard deviation of a place, a length. Returns inverse squared lengths of the leading shape;
    times Z^4 it is depth's variance to leading order. Places matter near, pixels far: `equal_range` between.
    Assumes independent errors of mean zero. Errors: ValueError for values outside these ranges.
    Source: both errors enter least squares alike, as e_k - f eta_k/Z.
    Implements :prf:ref:`thm-own_offsets`.
    """
    name = "offsets_variance"
    (x, z, f, s, t), leave = admit(
        name, {"positions": 1}, positions=positions, depth=depth, focal=focal, noise=noise, offset=offset
    )
    require_positive(name, "depth", z)
    require_positive(name, "offset", t, or_zero=True)
    require_positive(name, "noise", s, or_zero=True)
    require_positive(name, "focal", f)
    return leave_finite(name, "variance", leave, _inverse_variance(name, x, f, torch.hypot(s, f * (t / z))))


def equal_range(focal: Number, noise: Number, offset: Number) -> Number:
    r"""The depth at which offsets of the cameras cost as much as noise of the pixels.

    .. math:: Z = \frac{f \tau}{s}

    Parameters: focal f > 0 and noise s > 0 in pixels; offset tau >= 0, a length. Returns lengths of the broadcast
    shape. Errors: ValueError for values outside these ranges. Source: both summands of `offsets_variance` equal.
    """
    name = "equal_range"
    (f, s, t), leave = admit(name, focal=focal, noise=noise, offset=offset)
    require_positive(name, "focal", f)
    require_positive(name, "noise", s)
    require_positive(name, "offset", t, or_zero=True)
    return leave_finite(name, "depth", leave, t * (f / s))


def scale_risk(depth: Number, variance: Number, second_moment: Number, mean: Number = 0.0) -> Number:
    r"""Risk of a depth where all views share one relative error of focal length or scale: a floor without frames.

    .. math:: Z^2\,\mathrm{E} \epsilon^2 + V (1 + 2\,\mathrm{E} \epsilon + \mathrm{E} \epsilon^2)

    Parameters: depth Z > 0; variance V >= 0 of the depth without that error, unbiased; second_moment E eps^2 >= 0;
    mean E eps, of at most the root of it. Returns squared lengths of the broadcast shape. No number of frames lowers
    the first summand. Assumes eps independent of the rest. Errors: ValueError for values outside these ranges.
    Source: the second moment of (1 + eps) Zhat - Z.
    Implements :prf:ref:`thm-shared_scale`.
    """
    name = "scale_risk"
    given = {"depth": depth, "variance": variance, "second_moment": second_moment, "mean": mean}
    (z, v, second, first), leave = admit(name, **given)
    require_positive(name, "depth", z)
    require_positive(name, "variance", v, or_zero=True)
    require_positive(name, "second_moment", second, or_zero=True)
    possible = first.abs() <= second.sqrt() * (1 + 4 * U)
    require(name, "mean", first, possible, "at most the root of second_moment in size")
    spread = (second - first * first).clamp(min=0)
    return leave_finite(name, "risk", leave, z * z * second + v * ((1 + first) ** 2 + spread))


def drift_variance(depth: Number, frames: Number, spacing: Number, step: Number, best: bool = False) -> Number:
    r"""Variance of inverse depth where the error of the places is a random walk from camera to camera.

    .. math:: \Big(\frac{\tau}{Z B}\Big)^2 \frac{6 (K^2 + 1)}{5 K (K^2 - 1)}, \qquad
        \text{at best } \Big(\frac{\tau}{Z B}\Big)^2 \frac{1}{K - 1}

    Parameters: depth Z > 0; frames K, an integer of at least 2; spacing B > 0 of the nominal places; step tau >= 0, the
    standard deviation of the walk's step; best: the best linear estimator (only first and last view) in the place of
    least squares. Returns inverse squared lengths of the broadcast shape, right to 24 roundings. It falls as 1/K where
    pixel noise falls as 1/K^3. Assumes independent steps of mean zero, no pixel noise.
    Errors: ValueError for values outside these ranges. Source: Gauss-Markov for a random walk.
    Implements :prf:ref:`thm-drift` and :prf:ref:`thm-drift_best`.
    """
    name = "drift_variance"
    (z, k, b, t), leave = admit(name, depth=depth, frames=frames, spacing=spacing, step=step)
    require_positive(name, "depth", z)
    require_count(name, "frames", k, 2)
    require_positive(name, "spacing", b)
    require_positive(name, "step", t, or_zero=True)
    factor = 1 / (k - 1) if best else 6 * (k * k + 1) / (5 * k * ((k - 1) * (k + 1)))
    return leave_finite(name, "variance", leave, (t / b / z) ** 2 * factor)


def _inverse_variance(name: str, x: Tensor, f: Tensor, s: Tensor) -> Tensor:
    require_positive(name, "focal", f)
    require_positive(name, "noise", s, or_zero=True)
    if x.shape[-1] < 2:
        raise ValueError(f"{name}: positions must have at least 2 entries, got shape {tuple(x.shape)}")
    x = x - x[..., :1]  # far from the origin nothing is lost in the mean
    length = x.abs().amax(-1)
    spread = (length > 0) & (length < torch.inf)
    require(name, "the largest distance from the first of positions", length, spread, "above 0 and finite")
    x = x / length[..., None]  # squares neither overflow nor vanish
    x = x - x.mean(-1, keepdim=True)
    return (s / f / length) ** 2 / (x * x).sum(-1)


def _spread_bound(
    name: str, depth: Number, frames: Number, focal: Number, noise: Number, factor: Callable, **size: Number
) -> Number:
    """factor(K) Z^4 s^2/(f^2 size^2)."""
    (z, k, f, s, b), leave = admit(name, depth=depth, frames=frames, focal=focal, noise=noise, **size)
    require_positive(name, "depth", z)
    require_count(name, "frames", k, 2)
    require_positive(name, "focal", f)
    require_positive(name, "noise", s, or_zero=True)
    require_positive(name, next(iter(size)), b)
    return leave_finite(name, "bound", leave, factor(k) * (z * (z / b) * (s / f)) ** 2)
