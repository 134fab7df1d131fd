"""What of an architecture enters the number of samples: Lipschitz constants of attention, covering numbers, heads.

A layer of self-attention maps tokens x_1, ..., x_K to out_i = sum_j p_ij V x_j with p_i = softmax_j(beta x_i' A x_j),
where |x_j| <= R, the operator norms of A and V are at most B and v. The norm of an input or output is that of its
longest token.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_side
from spacelib.bounds.samples._checks import LN2, U, require_count, require_positive


class StackLipschitz(NamedTuple):
    """Constants of a stack of layers: in its input, and the sum by which one layer's parameter constant grows."""

    inputs: Number
    layers: Number


def attention_lipschitz(temperature: Number, radius: Number, key_norm: Number, value_norm: Number) -> Number:
    r"""Lipschitz constant of a layer of self-attention in its tokens, whatever their number.

    .. math:: \Lambda = v (1 + 2 \beta B R^2)

    Parameters: temperature beta >= 0, the factor of the scores; radius R > 0, the largest length of a token; key_norm
    B >= 0 and value_norm v >= 0, the operator norms of A and V. Returns constants of the broadcast shape, rounded up,
    in the norm of the longest token; in the Frobenius norm there is a further factor sqrt(K). At beta = 0 it is v,
    attained.
    Assumes tokens inside the ball: on unbounded inputs attention has no Lipschitz constant (Kim, Papamakarios and
    Mnih 2021).
    Errors: ValueError for values outside these ranges.
    Source: the softmax's derivative is a covariance; Kim, Papamakarios and Mnih 2021.
    Implements :prf:ref:`thm-attention_lipschitz`.
    """
    name = "attention_lipschitz"
    arguments = {"temperature": temperature, "radius": radius, "key_norm": key_norm, "value_norm": value_norm}
    (beta, r, b, v), leave = _admit_layer(name, **arguments)
    return leave(v * (1 + 2 * beta * b * r * r) * (1 + 8 * U), "upper")


def attention_parameter_lipschitz(temperature: Number, radius: Number, value_norm: Number) -> Number:
    r"""Lipschitz constant of a layer of self-attention in its parameters.

    .. math:: \Gamma = R (1 + \beta R^2 v)

    in the larger of the changes of A and V (operator norms). Parameters: temperature beta >= 0, radius R > 0,
    value_norm v >= 0. Returns constants of the broadcast shape, rounded up. Assumptions, errors and source: as
    `attention_lipschitz`.
    Implements :prf:ref:`thm-attention_parameters`.
    """
    name = "attention_parameter_lipschitz"
    (beta, r, v), leave = _admit_layer(name, temperature=temperature, radius=radius, value_norm=value_norm)
    return leave(r * (1 + beta * r * r * v) * (1 + 8 * U), "upper")


def stack_lipschitz(layer: Number, depth: Number) -> StackLipschitz:
    r"""Lipschitz constants of L layers, each with constant Lambda in its input.

    .. math::
        \Lambda^L, \qquad S_L = \sum_{l < L} \Lambda^l = \frac{\Lambda^L - 1}{\Lambda - 1}
        \quad (L \text{ at } \Lambda = 1)

    The stack moves by at most Gamma S_L times the largest change of a layer's parameters, Gamma being a layer's
    parameter constant.
    Parameters: layer Lambda >= 0; depth L, an integer >= 1. Returns (inputs Lambda^L, layers S_L), rounded up;
    infinite where above the range of float64.
    Assumes that every layer keeps its tokens in the ball on which Lambda and Gamma hold (attention with v <= 1 does).
    Errors: ValueError for values outside these ranges.
    Source: the chain rule and the geometric series.
    Implements :prf:ref:`thm-stack`.
    """
    name = "stack_lipschitz"
    (c, depth), leave = admit(name, layer=layer, depth=depth)
    require_positive(name, "layer", c, or_zero=True)
    require_count(name, "depth", depth)
    power, excess = depth * c.log(), c - 1  # ln Lambda^L, minus infinity at 0
    at_one = excess == 0
    total = torch.where(at_one, depth, torch.expm1(power) / torch.where(at_one, 1.0, excess))
    # where Lambda > 1, the exponential turns what the power carries, 2 u of itself, into a relative error
    rounding = 1 + (16 + 4 * power.clamp(min=0)) * U
    return StackLipschitz(leave(c**depth * (1 + 8 * U), "upper"), leave(total * rounding, "upper"))


def log_covering_number(
    dimension: Number, radius: Number, precision: Number, *, lipschitz: Number = 1.0, side: str = "upper"
) -> Number:
    r"""Logarithm of the number of small balls that cover what a ball of few dimensions is mapped to.

    .. math::
        d \ln\frac{R}{\epsilon} \;\le\; \ln N(B_R, \epsilon), \qquad
        \ln N(F(B_R), \epsilon) \;\le\; d \ln\Big(1 + \frac{2 R \Lambda}{\epsilon}\Big)

    for any F with Lipschitz constant Lambda: the dimension is that of the ball, and an architecture moves the
    constant alone. With parameters for the ball it bounds the number of functions that a network can be told apart
    into (`stack_log_covering`).
    Parameters: dimension d, an integer >= 0; radius R > 0 and precision epsilon > 0 in one unit; lipschitz Lambda >=
    0; side, "upper", or "lower" for the ball itself (Lambda = 1), 0 where epsilon > R. Returns nats of the broadcast
    shape, on the safe side.
    Errors: ValueError for values outside these ranges, or a lower side with Lambda other than 1.
    Source: comparison of volumes; Vershynin 2018, Corollary 4.2.13.
    Implements :prf:ref:`thm-packing`, :prf:ref:`thm-local_dimension`.
    """
    name = "log_covering_number"
    require_side(name, side)
    given = {"dimension": dimension, "radius": radius, "precision": precision, "lipschitz": lipschitz}
    (d, r, precision, c), leave = admit(name, **given)
    require_count(name, "dimension", d, 0)
    for argument, value in (("radius", r), ("precision", precision)):
        require_positive(name, argument, value)
    require_positive(name, "lipschitz", c, or_zero=True)
    if side == "upper":
        return leave(d * torch.log1p(2 * r * c / precision) * (1 + 12 * U), side)
    require(name, "lipschitz", c, c == 1, "1 for the lower side")
    log = torch.log((r / precision).clamp(max=2.0**1000))
    return leave(d * ((log - 2 * U - 2 * U * log.abs()).clamp(min=0)) * (1 - 2 * U), side)


def stack_log_covering(
    parameters: Number,
    parameter_radius: Number,
    precision: Number,
    *,
    depth: Number,
    layer: Number,
    layer_parameter: Number,
    tied: bool,
) -> Number:
    r"""Covering number of the functions that a stack of layers can be, in the sup norm: its logarithm.

    .. math::
        \ln N(\epsilon) \le D \ln\Big(1 + \frac{2 R_\theta \Gamma S_L}{\epsilon}\Big), \qquad
        D = D_0 \text{ (tied) or } L D_0

    Parameters: parameters D_0 of one layer, an integer >= 0, in a ball of parameter_radius R_theta > 0; precision
    epsilon > 0; depth L, an integer >= 1; layer Lambda >= 0 and layer_parameter Gamma >= 0, a layer's constants in
    its input and in its parameters; tied: whether all layers share their parameters. Returns nats of the broadcast
    shape, rounded up, also where Lambda^L is above the range of float64. In depth it is linear, of slope D_0 ln
    Lambda, for tied layers with Lambda > 1; bounded for tied ones with Lambda < 1; and quadratic for untied ones with
    Lambda > 1.
    Assumptions: as `stack_lipschitz`. Errors: ValueError for values outside these ranges; TypeError unless tied is
    True or False.
    Source: `log_covering_number` of the ball of parameters, mapped with the constant Gamma S_L.
    """
    name = "stack_log_covering"
    if not isinstance(tied, bool):
        raise TypeError(f"{name}: tied must be True or False, got {tied!r}")
    given = {"parameters": parameters, "parameter_radius": parameter_radius, "precision": precision}
    given |= {"depth": depth, "layer": layer, "layer_parameter": layer_parameter}
    (d, r, precision, depth, c, g), leave = admit(name, **given)
    require_count(name, "parameters", d, 0)
    require_count(name, "depth", depth)
    for argument, value in (("parameter_radius", r), ("precision", precision)):
        require_positive(name, argument, value)
    for argument, value in (("layer", c), ("layer_parameter", g)):
        require_positive(name, argument, value, or_zero=True)
    growth, size = _log_layers(c.clamp(min=2.0**-1022), depth)  # at Lambda = 0 it is 0 as well
    logs = [value.log() for value in (r, g.clamp(min=2.0**-1022), precision)]  # at Gamma = 0 there is one function
    exponent = growth + LN2 + logs[0] + logs[1] - logs[2]
    error = (8 * (size + sum(log.abs() for log in logs)) + 8) * U
    log = torch.logaddexp(torch.zeros_like(exponent), torch.where(g == 0, -torch.inf, exponent + error))
    return leave(d * (1 if tied else depth) * log * (1 + 8 * U), "upper")


def scalar_stack_covering(gain: Number, depth: Number, precision: Number) -> Number:
    r"""The exact covering number of tied scalar layers without other tokens: depth's slope is attained.

    .. math:: N(\epsilon) = \max\Big(1, \Big\lceil \frac{g^L}{2\epsilon} \Big\rceil\Big)

    of the functions x -> a^L x on \|x\| <= 1, 0 <= a <= g, in the sup norm: one token alone is attended to with
    weight 1, so that a layer is x -> V x. Parameters: gain g >= 0; depth L, an integer >= 1; precision epsilon > 0.
    Returns whole numbers; a quotient that rounding cannot tell from a whole number counts as that number.
    Errors: ValueError for values outside these ranges.
    Source: slopes fill [0, g^L], and an interval of length 2 epsilon covers those within epsilon of its centre.
    """
    name = "scalar_stack_covering"
    (g, depth, precision), leave = admit(name, gain=gain, depth=depth, precision=precision)
    require_positive(name, "gain", g, or_zero=True)
    require_count(name, "depth", depth)
    require_positive(name, "precision", precision)
    # a power and a quotient, 2 u each; an exact integer stays one
    ratio = g**depth / (2 * precision)
    whole = ratio.round()
    exact = (ratio - whole).abs() <= 4 * U * ratio
    return leave(torch.where(exact, whole, ratio.ceil()).clamp(min=1))


def heads_dimension(frames: Number, heads: Number, score: Number, ridge: Number) -> Number:
    r"""Ridge dimension of what H attention heads make of N frames: it grows with the number of heads.

    .. math:: d_{\mathrm{eff}}(\mu) = (H - 1) \frac{a^2}{a^2 + \mu} + \frac{c_H}{c_H + \mu}, \qquad
        a = \frac{e^\beta - 1}{e^\beta + N - 1}, \quad b = \frac{1}{e^\beta + N - 1}, \quad
        c_H = a^2 + H (2 a b + N b^2)

    Frames are independent standard normal; head i scores frame i by beta and the others by 0, so the features'
    covariance is P P' with P = a I + b 1 1' (H rows). Parameters: frames N and heads H, integers, 1 <= H <= N; score
    beta >= 0; ridge mu > 0. Returns dimensions of the broadcast shape, right to some 20 roundings: strictly
    increasing in H where beta > 0, and towards H as mu falls.
    Errors: ValueError for values outside these ranges.
    Source: the eigenvalues of a multiple of the identity plus a matrix of equal entries.
    Implements :prf:ref:`thm-heads_count`.
    """
    name = "heads_dimension"
    (n, h, beta, mu), leave = admit(name, frames=frames, heads=heads, score=score, ridge=ridge)
    require_count(name, "frames", n)
    require_count(name, "heads", h)
    require(name, "heads", h, h <= n, "at most the number of frames")
    require_positive(name, "score", beta, or_zero=True)
    require_positive(name, "ridge", mu)
    small = torch.exp(-beta)
    a, b = -torch.expm1(-beta) / (1 + (n - 1) * small), small / (1 + (n - 1) * small)
    c = a * a + h * (2 * a * b + n * b * b)
    return leave((h - 1) * (a * a / (a * a + mu)) + c / (c + mu))


def _admit_layer(function: str, **arguments: Number):
    values, leave = admit(function, **arguments)
    for name, value in zip(arguments, values, strict=True):
        require_positive(function, name, value, or_zero=name != "radius")
    return values, leave


def _log_layers(layer: Tensor, depth: Tensor) -> tuple[Tensor, Tensor]:
    """ln S_L for Lambda > 0, without overflow, and the size of the terms of which it is the sum."""
    excess = layer - 1
    at_one = excess == 0
    power = depth * layer.log()
    rise = torch.log(-torch.expm1(-power.abs().clamp(min=2.0**-60)))  # ln |Lambda^L - 1|, less the power where it grows
    run = torch.where(at_one, 1.0, excess.abs()).log()
    total = torch.where(at_one, depth.log(), power.clamp(min=0) + rise - run)
    return total, power.clamp(min=0) + rise.abs() + run.abs() + 1
