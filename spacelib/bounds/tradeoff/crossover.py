"""Which side errs less: the crossover in samples, the crossover in frames, and the map of both.

With risks R(n) = b + (s^2 + b) d/(n - d - 1) and E(K), and E > b,

    R(n) - E = (E - b)(n* - n)/(n - d - 1),    n* = d + 1 + (s^2 + b) d/(E - b),

so the explicit side is better exactly below n*. Where E <= b it is better however many samples there are, and n* is
infinite; the formula would then give a number below d + 1, which is no crossover.
"""

from fractions import Fraction

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit
from spacelib.bounds.tradeoff._checks import U, require_count, require_line, require_positive
from spacelib.bounds.tradeoff.explicit import explicit_risk
from spacelib.bounds.tradeoff.linear import implicit_risk


def crossover_samples(explicit: Number, dimension: Number, noise: Number, bias: Number) -> Number:
    r"""The number of samples n* below which the explicit side is better, and beyond which the implicit one.

    .. math:: n^* = d + 1 + \frac{(\sigma^2 + b) d}{E - b} \quad (E > b), \qquad n^* = \infty \quad (E \le b)

    Parameters: explicit E >= 0, its risk; dimension, noise, bias as `implicit_risk`. Returns a real number of samples,
    to be read on n >= d + 2, right to 8 roundings; infinite (a statement) where explicit is always better. Below d + 2
    implicit always is. It grows with d, noise, bias and the frames behind E, and falls with E. Differentiable where
    finite. Assumes, errors: as `implicit_risk`.
    Source: solving R(n) = E.
    Implements :prf:ref:`thm-gap_identity`.
    """
    name = "crossover_samples"
    (e, d, s, b), leave = admit(name, explicit=explicit, dimension=dimension, noise=noise, bias=bias)
    require_count(name, "dimension", d)
    for argument, value in (("explicit", e), ("noise", s), ("bias", b)):
        require_positive(name, argument, value, or_zero=True)
    room = e - b
    crossover = d + 1 + (s + b) * (d / torch.where(room > 0, room, 1.0))
    return leave(torch.where(room > 0, crossover, torch.inf))


def crossover_frames(implicit: Number, bias: Number, variance: Number) -> Number:
    r"""The number of frames K* beyond which the explicit side is better, its noise falling as 1/K.

    .. math:: K^* = \frac{v_1}{R - b_e} \quad (R > b_e), \qquad K^* = \infty \quad (R \le b_e)

    Parameters: implicit R >= 0, its risk; bias b_e >= 0 and variance v_1 >= 0 as `explicit_risk` (with a correlation r
    give b_e + r v_1 and (1 - r) v_1). Returns a real number of frames, right to 4 roundings; infinite (a statement)
    where no number is enough. Differentiable where finite. Errors: ValueError for values outside these ranges.
    Source: solving E(K) = R.
    Implements :prf:ref:`thm-frames_gap`.
    """
    name = "crossover_frames"
    room, v, leave = _frames_room(name, implicit, bias, variance=variance)
    return leave(torch.where(room > 0, v / torch.where(room > 0, room, 1.0), torch.inf))


def crossover_frames_line(implicit: Number, bias: Number, scale: Number) -> Number:
    r"""The same for cameras evenly spaced on a line, where the noise is c/(K(K^2 - 1)).

    .. math:: K^* > 1: \quad K^3 - K = \frac{c}{R - b_e} \quad (R > b_e), \qquad K^* = \infty \quad (R \le b_e)

    Parameters: implicit R >= 0; bias b_e >= 0; scale c > 0: 12 s^2/(f^2 B^2) for inverse depth, exactly (with Z^4 in
    front for depth to leading order: an inverted depth has no squared error under normal noise), s being one image's
    noise. Returns a real number of frames, right to 16 roundings; infinite where no number is enough. Differentiable
    where finite. Errors: ValueError for values outside these ranges.
    Source: K^3 - K grows for K > 1; Viete's solution of the cubic.
    Implements :prf:ref:`thm-line_root`.
    """
    name = "crossover_frames_line"
    room, c, leave = _frames_room(name, implicit, bias, scale=scale)
    require_positive(name, "scale", c)
    wanted = torch.where(room > 0, c / torch.where(room > 0, room, 1.0), 1.0)
    wanted = wanted.clamp(max=1e300)
    with torch.no_grad():
        cosine = wanted * (27**0.5 / 2)
        above, below = cosine.clamp(min=1).acosh() / 3, cosine.clamp(max=1).acos() / 3
        root = torch.where(cosine > 1, above.cosh(), below.cos()) * (2 / 3**0.5)
        root = root - (root * (root * root - 1) - wanted) / (3 * root * root - 1)
    root = root - (root * (root * root - 1) - wanted) / (3 * root * root - 1)  # the step that carries the gradient
    return leave(torch.where(room > 0, torch.where(c / room < 1e300, root, torch.inf), torch.inf))


def preferred(explicit: Number, samples: Number, dimension: Number, noise: Number, bias: Number) -> Number:
    r"""Which side has the smaller risk: 1 the explicit, -1 the implicit, 0 neither.

    .. math:: \operatorname{sign}(R(n) - E) = \operatorname{sign}\big((E - b)(n^* - n)\big)

    Parameters: explicit E >= 0; samples, dimension, noise, bias as `implicit_risk`. Returns 1, -1 or 0 of the broadcast
    shape, exact for the floats given: where rounding could hide the sign, it is taken in fractions.
    Assumes, errors: as `implicit_risk`.
    Source: b(n - d - 1) + (sigma^2 + b) d against E(n - d - 1), whose difference has the sign of R(n) - E.
    Implements :prf:ref:`thm-explicit_below` and :prf:ref:`thm-implicit_above`.
    """
    name = "preferred"
    given = {"explicit": explicit, "samples": samples, "dimension": dimension, "noise": noise, "bias": bias}
    (e, n, d, s, b), leave = admit(name, **given)
    require_line(name, n, d, 2)
    for argument, value in (("explicit", e), ("noise", s), ("bias", b)):
        require_positive(name, argument, value, or_zero=True)

    def sides(e, n, d, s, b):
        return b * (n - d - 1) + (s + b) * d, e * (n - d - 1)

    ours, theirs = sides(e, n, d, s, b)
    gap = ours - theirs
    sign = gap.sign()
    clear = gap.abs() > 16 * U * (ours + theirs)  # false for infinite sides as well
    for place in (~(clear & (ours < torch.inf) & (theirs < torch.inf))).nonzero().tolist():
        ours, theirs = sides(*(Fraction(value[tuple(place)].item()) for value in (e, n, d, s, b)))
        sign[tuple(place)] = (ours > theirs) - (ours < theirs)
    return leave(sign)


def limit_preference(explicit_bias: Number, bias: Number) -> Number:
    r"""Which side wins when both samples and frames grow without end: 1 explicit, -1 implicit, 0 neither.

    .. math:: \operatorname{sign}(b - b_e)

    Parameters: explicit_bias b_e >= 0 and bias b >= 0, the floors of both risks. Where b_e > b the crossover stays
    below `crossover_samples` at E = b_e; where b_e < b the explicit side wins for every n from K = v_1/(b - b_e) on;
    where they are equal n* grows in proportion to K. Returns the broadcast shape, exactly.
    Errors: ValueError for negative values. Source: the limits of both risks.
    Implements :prf:ref:`thm-crossover_limit`.
    """
    name = "limit_preference"
    (e, b), leave = admit(name, explicit_bias=explicit_bias, bias=bias)
    require_positive(name, "explicit_bias", e, or_zero=True)
    require_positive(name, "bias", b, or_zero=True)
    return leave((b > e).to(b.dtype) - (b < e).to(b.dtype))


def phase_map(
    samples: Number,
    frames: Number,
    dimension: Number,
    noise: Number,
    bias: Number,
    explicit_bias: Number,
    variance: Number,
    correlation: Number = 0.0,
) -> Number:
    r"""The gap of both risks on a grid: positive where the explicit side is better.

    .. math:: G_{ij} = R(n_i) - E(K_j)

    Parameters: samples (..., N) and frames (..., K), the two axes; dimension, noise, bias as `implicit_risk` and
    explicit_bias, variance, correlation as `explicit_risk`, of the leading shape. Returns (..., N, K), squared units of
    the target. Differentiable. Assumes, errors: as those two.
    Source: their difference.
    """
    name = "phase_map"
    axes = {"samples": samples, "frames": frames}
    rest = {"dimension": dimension, "noise": noise, "bias": bias, "explicit_bias": explicit_bias, "variance": variance,
            "correlation": correlation}
    (n, k, *values), leave = admit(name, dict.fromkeys(axes, 1), **axes, **rest)
    d, s, b, be, v, r = (value[..., None] for value in values)
    return leave(implicit_risk(n, d, s, b)[..., :, None] - explicit_risk(k, be, v, r)[..., None, :])


def _frames_room(name: str, implicit: Number, bias: Number, **noise: Number) -> tuple[Tensor, Tensor, object]:
    """R - b_e, the noise's one number, and the way back out."""
    (r, b, v), leave = admit(name, implicit=implicit, bias=bias, **noise)
    require_positive(name, "implicit", r, or_zero=True)
    require_positive(name, "bias", b, or_zero=True)
    require_positive(name, next(iter(noise)), v, or_zero=True)
    return r - b, v, leave
