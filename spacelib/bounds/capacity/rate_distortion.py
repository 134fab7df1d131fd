"""The exact ceiling: what a mutual information allows for one given prior, and the answerer that attains it.

`accuracy_ceiling` knows only the largest prior probability; with the whole prior the ceiling is the rate-distortion
curve under Hamming distortion, and some frames and some answerer reach it. The curve and its rounding: `_curve`.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_law, require_probability
from spacelib.bounds.capacity._checks import U, require_information
from spacelib.bounds.capacity._curve import (
    above,
    average,
    curve,
    entropy,
    prior_slope,
    slope_at,
    slope_reaching,
    sums,
    support,
)

_CHUNK = 1 << 17  # prior entries worked on at once on the CPU: the temporaries of so many fit its cache


class Conditional(NamedTuple):
    """A ceiling over several questions, and how the information is spent on them."""

    accuracy: Number
    allocation: Number


class _Solved(NamedTuple):
    """Questions (rows, questions), solved for their information: the ceiling and what its gradient needs."""

    ceiling: Tensor  # (rows,)
    allocation: Tensor  # (rows, questions)
    slope: Tensor  # (rows,): dI/dA; infinite where the information is all there is
    value: Tensor  # (rows, questions): A_q - I_q/s, what one more unit of the question's weight adds
    level: Tensor  # (rows, questions), as the next two: the point of each question's curve
    joined: Tensor
    depth: Tensor


def _solve(priors: Tensor, weights: Tensor, information: Tensor) -> _Solved:
    c = curve(priors, priors.shape[-2])
    share = weights / (sums(weights)[..., -1:] * c.total)
    whole = average(share, entropy(c))
    full = information >= whole * (1 - c.slack)
    slope = slope_at(c, share, torch.where(full, whole / 2, information))
    accuracy, least, at = support(c, share, slope)
    gap = (information - least) / slope
    ceiling = (accuracy + gap + 8 * U * (accuracy + gap.abs())).clamp(max=1)
    spent = torch.where(full[:, None], entropy(c), at.information.clamp(min=0)) / c.total
    spent = torch.where(information[:, None] == 0, 0, spent)
    value = at.accuracy / c.total - spent / slope[:, None]
    # without information the slope is the curve's first one, 0 where the two likeliest targets tie
    first = torch.where(weights > 0, c.slope[..., 0], torch.inf).amin(-1)
    slope = torch.where(full, torch.inf, torch.where(information == 0, first, slope))
    return _Solved(torch.where(full, 1, ceiling), spent, slope, value, at.level, at.joined, at.depth)


class _Ceiling(torch.autograd.Function):
    """The solved questions; the ceiling is differentiated by the envelope theorem: at the solution only the line moves.

    One more unit of p_i adds ln(p_i/L)/s where p_i is above the level. Priors and weights count relative to their sums,
    so their slopes are orthogonal to themselves.
    """

    @staticmethod
    def forward(priors: Tensor, weights: Tensor, information: Tensor) -> tuple[Tensor, ...]:
        rows = (
            max(1, _CHUNK // priors[0].numel()) if priors.device.type == "cpu" and len(priors) else max(1, len(priors))
        )
        parts = zip(*(t.split(rows) for t in (priors, weights, information)), strict=True)
        return tuple(map(torch.cat, zip(*(_solve(*part) for part in parts), strict=True)))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs[:2], *output[2:])
        ctx.mark_non_differentiable(*output[1:])

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient, *_):
        priors, weights, slope, value, *place = ctx.saved_tensors
        mass = weights.sum(-1, keepdim=True)
        share = weights / mass
        by_prior = share[..., None] * prior_slope(priors, slope[:, None].expand(weights.shape), *place)
        value = torch.where(slope.isinf()[:, None], 1, value)
        by_weight = (value - (share * value).sum(-1, keepdim=True)) / mass
        return gradient[:, None, None] * by_prior, gradient[:, None] * by_weight, gradient / slope


def exact_ceiling(prior: Number, information: Number) -> Number:
    r"""Highest accuracy that any answerer can have about a target of known prior: attained, so it cannot be lowered.

    .. math::
        A^*(I) = \max\{P(\hat T = T) : I(T; \hat T) \le I\}; \quad
        A = P_J - (k-1)\lambda,\;
        I = \sum_{i \in J} p_i \ln\tfrac{1}{p_i} + A \ln A + (k-1)\lambda \ln\lambda,\;
        J = \{i : p_i > \lambda\},\; k = |J|

    Parameters: prior (..., M), probabilities of the target's values in any order, zeros allowed; information I(O; T) >= 0
    in nats, broadcast against the prior's leading axes. A prior counts relative to its own sum. Returns accuracies of
    the broadcast leading shape, never below the exact ceiling of the numbers given and above it by some 1e-14; the
    largest probability at I = 0, 1 once I >= H(T). Differentiable: 1/ln(A/lambda) in the information (infinite at I = 0
    where the two likeliest targets tie), and in the prior.
    Assumes T - O - answer. With a question, `conditional_ceiling`. At most `accuracy_ceiling(max(prior), I)`; equal to it
    for uniform targets.
    Errors: ValueError for a prior that is negative or does not sum to 1, negative or non-finite information.
    Source: Erokhin 1958; Kostina, Polyanskiy and Verdú 2015.
    """
    name = "exact_ceiling"
    (p, information), leave = admit(name, {"prior": 1}, prior=prior, information=information)
    require_law(name, "prior", p, prior)
    require_information(name, information)
    rows = p.reshape(-1, 1, p.shape[-1])
    ceiling = _Ceiling.apply(rows, torch.ones_like(rows[..., 0]), information.reshape(-1))[0]
    return leave(ceiling.reshape(information.shape), "upper")


def conditional_ceiling(priors: Number, weights: Number, information: Number) -> Conditional:
    r"""Highest accuracy over several questions when only the average information is limited: spent at equal slopes.

    .. math:: A^*(I \mid Q) = \max\Big\{\sum_q w_q A^*_q(I_q) : \sum_q w_q I_q = I\Big\}
        = \inf_{s > 0} \sum_q w_q \max_{I_q}\big(A^*_q(I_q) - I_q/s\big) + I/s

    Parameters: priors (..., questions, M), P(T | Q); weights (..., questions), P(Q); information I(O; T | Q) >= 0 in nats,
    broadcast against the leading axes. Returns the ceiling (accuracy, leading shape, rounded up as `exact_ceiling`) and
    the allocation I_q in nats (..., questions), right to rounding; questions whose first slope ln(p_1/p_2) is above the
    common one get none. The accuracy is differentiable in all three; the allocation is not.
    Assumes T - (O, Q) - answer.
    Errors: ValueError for priors or weights that are no laws, negative or non-finite information.
    Source: equal slopes over the rate-distortion curves of the questions; Gray 1973 for conditional rate distortion.
    """
    name = "conditional_ceiling"
    axes = {"priors": 2, "weights": 1}
    (p, w, information), leave = admit(name, axes, priors=priors, weights=weights, information=information)
    require_law(name, "priors", p, priors)
    require_law(name, "weights", w, weights)
    require_information(name, information)
    if p.shape[-2] != w.shape[-1]:
        raise ValueError(f"{name}: priors must have as many questions as weights, got {p.shape[-2]} and {w.shape[-1]}")
    shape = information.shape
    rows, weights_in_rows = p.reshape(-1, *p.shape[-2:]), w.reshape(-1, w.shape[-1])
    ceiling, allocation, *_ = _Ceiling.apply(rows, weights_in_rows, information.reshape(-1))
    return Conditional(leave(ceiling.reshape(shape), "upper"), leave(allocation.reshape(w.shape)))


class _Required(torch.autograd.Function):
    """R(A) of priors (rows, M), rounded down. Slopes: s in the accuracy, -s times the ceiling's in the prior."""

    @staticmethod
    def forward(prior: Tensor, accuracy: Tensor) -> tuple[Tensor, ...]:
        c = curve(prior[:, None])
        total, first = c.total[:, 0], c.first[:, 0]
        slope = slope_reaching(c, (accuracy * total)[:, None])[:, 0]
        reached, least, at = support(c, 1 / c.total, slope)
        gain = slope * (accuracy - reached)
        required = (least + gain - 8 * U * (least.abs() + gain.abs())).clamp(min=0)
        required = torch.where(accuracy < 1, required, entropy(c)[:, 0] / total * (1 - c.slack))
        blind = accuracy * total <= first
        return (
            torch.where(blind, 0, required),
            torch.where(blind, 0, slope),
            at.level[:, 0],
            at.joined[:, 0],
            at.depth[:, 0],
        )

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(inputs[0], *output[1:])
        ctx.mark_non_differentiable(*output[1:])

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient, *_):
        prior, slope, *place = ctx.saved_tensors
        return -(gradient * slope)[:, None] * prior_slope(prior, slope, *place), gradient * slope


def required_information(prior: Number, accuracy: Number) -> Number:
    r"""Information about a target of known prior that an accuracy needs: the inverse of the exact ceiling.

    .. math:: R(A) = \min\{I(T; \hat T) : P(\hat T = T) \ge A\}

    Parameters: prior (..., M), as in `exact_ceiling`; accuracy A in [0, 1], broadcast against the prior's leading axes.
    Returns nats of the broadcast leading shape, never above the exact value of the numbers given; 0 where A is at most
    the largest probability, H(T) at A = 1. At least `certified_information(A, max(prior))`. Differentiable: ln(A/lambda)
    in the accuracy, and in the prior.
    Assumes T - O - answer. A lower confidence limit of A makes it a certificate of the same confidence.
    Errors: ValueError for a prior that is negative or does not sum to 1, or A outside [0, 1].
    Source: as `exact_ceiling`.
    """
    name = "required_information"
    (p, accuracy), leave = admit(name, {"prior": 1}, prior=prior, accuracy=accuracy)
    require_law(name, "prior", p, prior)
    require_probability(name, "accuracy", accuracy)
    required = _Required.apply(p.reshape(-1, p.shape[-1]), accuracy.reshape(-1))[0]
    return leave(required.reshape(accuracy.shape), "lower")


def parametric_ceiling(prior: Number, level: Number) -> tuple[Number, Number]:
    r"""The point of the exact ceiling's curve at one level, as the theorem writes it.

    .. math::
        A = P_J - (k-1)\lambda, \qquad
        I = \sum_{i \in J} p_i \ln\tfrac{1}{p_i} + A \ln A + (k-1)\lambda \ln\lambda, \qquad
        J = \{i : p_i > \lambda\},\; k = |J|

    Parameters: prior (..., M); level lambda >= 0, broadcast against the leading axes. At or above the second largest
    probability the point is (largest probability, 0). Returns (accuracy, information in nats), right to some
    2^-53 (M + 10) (1 + ln M) in absolute terms and not rounded to a side: `exact_ceiling` is. Differentiable.
    Errors: ValueError for a prior that is negative or does not sum to 1, a negative or non-finite level.
    Source: as `exact_ceiling`.
    """
    (p, level), leave = admit("parametric_ceiling", {"prior": 1}, prior=prior, level=level)
    require_law("parametric_ceiling", "prior", p, prior)
    require("parametric_ceiling", "level", level, level >= 0, "at least 0")
    law = p / p.sum(-1, keepdim=True)
    second = law.topk(2).values[..., 1] if p.shape[-1] > 1 else torch.zeros_like(level)
    level = torch.minimum(level, second)
    joined = law > level[..., None]
    others = joined.sum(-1) - 1
    accuracy = torch.where(joined, law, 0).sum(-1) - others * level
    known = torch.where(joined, torch.special.entr(law), 0).sum(-1)
    information = known + torch.xlogy(accuracy, accuracy) + others * torch.xlogy(level, level)
    return leave(accuracy.clamp(max=1)), leave(information.clamp(min=0))


def attaining_channel(prior: Number, information: Number) -> Number:
    r"""The answerer that reaches the exact ceiling: the law of the answer given the target.

    .. math::
        P(j \mid i) = \frac{q_j\, a^{[i \ne j]}}{q_i + (1 - q_i) a}, \qquad
        q_j \propto (p_j - \lambda)^+, \quad a = \lambda/A

    Frames that show exactly this answer carry I nats, and whoever repeats it has accuracy A*(I).
    Parameters: as `exact_ceiling`. Returns (..., target i, answer j), rows summing to 1, right to rounding. Once I >= H(T)
    it is the identity on the targets that occur. Where all likeliest targets tie and I = 0, it answers one of them at
    random. Not differentiable.
    Errors: as `exact_ceiling`.
    Source: as `exact_ceiling`.
    """
    name = "attaining_channel"
    (p, information), leave = admit(name, {"prior": 1}, prior=prior, information=information)
    require_law(name, "prior", p, prior)
    require_information(name, information)
    solved = _solve(p.reshape(-1, 1, p.shape[-1]), torch.ones_like(information).reshape(-1, 1), information.reshape(-1))
    level, joined, depth = (v.reshape(information.shape) for v in (solved.level, solved.joined, solved.depth))
    full = solved.slope.isinf().reshape(information.shape)[..., None]
    mass = torch.where(full, p, above(p, level, joined, depth))
    level = torch.where(full, 0, level[..., None])
    total = mass.sum(-1, keepdim=True)
    repeat = torch.eye(p.shape[-1], device=p.device, dtype=torch.bool)
    weight = (mass / total)[..., None, :] * torch.where(repeat, 1, (level / (level + total))[..., None])
    norm = weight.sum(-1, keepdim=True)
    return leave(torch.where(norm > 0, weight / norm, (mass / total)[..., None, :]))
