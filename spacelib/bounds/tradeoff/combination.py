"""Both sides together: the best weights from second moments of the errors, and what estimating them costs.

Errors e_A of the explicit side and e_B of the implicit one have second moments a and g and the cross moment c =
E e_A e_B: not the covariance, from which it differs by the product of the biases.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.tradeoff._checks import U, leave_finite, require_count, require_positive


@dataclass(frozen=True)
class Combination:
    """The best combination w A + (1 - w) B of two answers, and the best with a weight in [0, 1].

    `weight` is the explicit side's; `gain_explicit` and `gain_implicit` are what `risk` lies below each side's own.
    """

    weight: Number
    risk: Number
    convex_weight: Number
    convex_risk: Number
    gain_explicit: Number
    gain_implicit: Number


def combine(explicit: Number, implicit: Number, cross: Number) -> Combination:
    r"""The best combination of two answers whose errors' second moments are known.

    .. math:: R(w) = R^* + D (w - w^*)^2, \qquad w^* = \frac{g - c}{D}, \qquad R^* = \frac{a g - c^2}{D}, \qquad
        D = a + g - 2 c

    Parameters: explicit a >= 0 and implicit g >= 0, both risks; cross c = E e_A e_B, at most sqrt(a g) in size; D > 0:
    with D = 0 both answers are one. Returns the broadcast shape, risks right to some 64 roundings of max(a, g).
    R* is below both risks unless c equals one of them; the weight is in [0, 1] iff c <= min(a, g). Differentiable.
    Errors: ValueError for values outside these ranges. Source: Bates and Granger 1969, with second moments.
    Implements :prf:ref:`thm-combination`.
    """
    name = "combine"
    a, g, c, leave = _moments(name, explicit, implicit, cross)
    u, v = a - c, g - c
    d = u + v  # exact or nearly so where u and v cancel, a and g then being near c
    weight = v / d
    least = torch.minimum(a, g)
    risk = torch.minimum((c + u * (v / d)).clamp(min=0), least)  # (a g - c^2)/D, without its cancellation
    inside = (u >= 0) & (v >= 0)
    parts = (weight, risk, weight.clamp(0, 1), torch.where(inside, risk, least), u * (u / d), v * (v / d))
    return Combination(*(leave_finite(name, "combination", leave, part) for part in parts))


def combination_price(samples: Number, risk: Number, noise: Number) -> Number:
    r"""What estimating the weight from n labelled answers adds to the least risk, on average.

    .. math:: \frac{R^* + s_y^2}{n - 2}

    Parameters: samples n, an integer of at least 3, of their own (not those the sides were fitted on); risk R* >= 0 of
    `combine`; noise s_y^2 >= 0, the labels' variance. Returns squared units of the target. The weight is by least
    squares of y - B on A - B, without intercept. Assumes errors jointly normal of mean zero.
    Errors: ValueError for values outside these ranges. Source: `implicit_risk` with d = 1.
    Implements :prf:ref:`thm-price_of_weight`.
    """
    name = "combination_price"
    (n, r, s), leave = admit(name, samples=samples, risk=risk, noise=noise)
    require_count(name, "samples", n, 3)
    require_positive(name, "risk", r, or_zero=True)
    require_positive(name, "noise", s, or_zero=True)
    return leave_finite(name, "price", leave, (r + s) / (n - 2))


def samples_to_gain(explicit: Number, implicit: Number, cross: Number, noise: Number) -> Number:
    r"""Beyond how many labelled answers a combination with an estimated weight is better than both sides.

    .. math:: n > 2 + \frac{R^* + s_y^2}{\min(a, g) - R^*}

    Parameters: as `combine` and `combination_price`. Returns a real number of the broadcast shape, infinite where the
    best combination is one side alone. Assumes, errors: as those two.
    Source: `combination_price` below min(a, g) - R*.
    Implements :prf:ref:`thm-points_for_gain`.
    """
    name = "samples_to_gain"
    a, g, c, leave, noise = _moments(name, explicit, implicit, cross, noise=noise)
    require_positive(name, "noise", noise, or_zero=True)
    u, v = a - c, g - c
    d = u + v
    near = torch.where(a <= g, u, v)  # min(a, g) - R* is its square over D
    gain = near * (near / d)
    risk = torch.minimum((c + u * (v / d)).clamp(min=0), torch.minimum(a, g))
    return leave(torch.where(gain > 0, 2 + (risk + noise) / torch.where(gain > 0, gain, 1.0), torch.inf))


def _moments(name: str, explicit: Number, implicit: Number, cross: Number, **more: Number) -> tuple[Tensor, ...]:
    (a, g, c, *rest), leave = admit(name, explicit=explicit, implicit=implicit, cross=cross, **more)
    require_positive(name, "explicit", a, or_zero=True)
    require_positive(name, "implicit", g, or_zero=True)
    require(name, "cross", c, c.abs() <= a.sqrt() * g.sqrt() * (1 + 4 * U), "at most sqrt(explicit implicit) in size")
    spread = (a - c) + (g - c)
    require(name, "explicit + implicit - 2 cross", spread, spread > 0, "above 0: answers with one error are one answer")
    return a, g, c, leave, *rest
