"""Binary Kullback-Leibler divergence and its two inverses, each on the safe side.

kl(p, q) = p ln(p/q) + (1-p) ln((1-p)/(1-q)) is not symmetric, so it has two different inverses:

- `inverse_first`: the first argument is free. From a reference probability q and an information budget, how far can
  the actual probability go? This is the step of Fano's inequality and of distribution shift.
- `inverse_second`: the second argument is free. From an observed frequency p and a budget, how far can the true
  probability be? This is the step of PAC-Bayes and of Chernoff confidence bounds.

Example: inverse_first(0.2, 0.1) = 0.3952..., inverse_second(0.2, 0.1) = 0.4100...
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_probability, require_side
from spacelib.bounds._divergence import divergence
from spacelib.bounds._root import solve


class _Divergence(torch.autograd.Function):
    """kl with its exact partial derivatives; they are infinite where one argument is 0 or 1 and the other is not."""

    @staticmethod
    def forward(p: Tensor, q: Tensor, side: str | None) -> Tensor:
        value, error, _ = divergence(p, q)
        if side is None:
            return value
        return value + error if side == "upper" else torch.where(value.isinf(), value, (value - error).clamp(min=0))

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.save_for_backward(*inputs[:2])

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient):
        p, q = ctx.saved_tensors
        slope_p = _slope_in_first(p, q)
        slope_q = torch.where(p == q, 0, (q - p) / (q * (1 - q)))
        return gradient * slope_p, gradient * slope_q, None


class _Inverse(torch.autograd.Function):
    """A root x of kl = budget, differentiated through kl(x(base, budget), base) = budget (implicit function theorem)."""

    @staticmethod
    def forward(base: Tensor, budget: Tensor, upper: bool, first: bool) -> Tensor:
        return solve(base, budget, upper, first)

    @staticmethod
    def setup_context(ctx, inputs, output):
        base, budget, ctx.upper, ctx.first = inputs
        ctx.save_for_backward(base, budget, output)

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, gradient):
        base, budget, root = ctx.saved_tensors
        by_base, by_budget = _implicit_slopes(base, budget, root, ctx.upper, ctx.first)
        return gradient * by_base, gradient * by_budget, None, None


def _slope_in_first(p: Tensor, q: Tensor) -> Tensor:
    """d kl/dp = ln(p/q) - ln((1-p)/(1-q)), infinite at p = 0 and p = 1 unless q is there too."""
    slope = torch.where((p == 0) & (q > 0), -torch.inf, divergence(p, q)[2])
    return torch.where((p == 1) & (q < 1), torch.inf, slope)


def _implicit_slopes(base: Tensor, budget: Tensor, root: Tensor, upper: bool, first: bool) -> tuple[Tensor, Tensor]:
    """d root/d base = -(kl's slope in the base)/(its slope in the root), d root/d budget = 1/(its slope in the root).

    Near the base the rounded root knows nothing of the displacement, so there the slopes come from the expansion in
    s = ±sqrt(2 budget/v), v = base (1 - base), k = 1 - 2 base. First argument free: slope s - k s²/3; second: s - 2 k s²/3;
    and d root/d base = 1 + k s/2 for both. What is left out is of relative order s² <= 1e-10, and beyond s = 1e-5 the
    displacement has lost at most 2^-53/s to the root's rounding: the slopes are right to about 1e-10 throughout.
    """
    v, k = base * (1 - base), 1 - 2 * base
    s = torch.sqrt(2 * budget / v) * (1 if upper else -1)
    near_slope = s * (1 - k * s / 3 * (1 if first else 2))
    near_base = 1 + k * s / 2

    e = root - base
    if first:
        slope, base_slope = _slope_in_first(root, base), -e / v
    else:
        slope, base_slope = e / (root * (1 - root)), _slope_in_first(base, root)
    near = s.abs() <= 1e-5
    by_budget = 1 / torch.where(near, near_slope, slope)
    by_base = torch.where(near, near_base, -base_slope / slope)

    end = 1.0 if upper else 0.0
    saturated = (root == end) & ~near
    by_budget = torch.where(saturated, 0, by_budget)
    by_base = torch.where(saturated, 0, by_base)
    # No budget: the root is the base. Pinned base (0 or 1, first argument free): the root does not move with the budget.
    by_base = torch.where(budget == 0, 1, by_base)
    if first:
        pinned = (v == 0) & (budget > 0)
        by_budget = torch.where(v == 0, 0, by_budget)
        by_base = torch.where(pinned & (base != end), torch.inf, by_base)
    return by_base, by_budget


def kl(p: Number, q: Number, *, side: str | None = None) -> Number:
    r"""Binary Kullback-Leibler divergence of Bernoulli(p) from Bernoulli(q), in nats.

    .. math:: \mathrm{kl}(p, q) = p \ln\frac{p}{q} + (1-p) \ln\frac{1-p}{1-q}, \qquad 0 \ln 0 = 0

    Parameters: p and q, probabilities of any shapes that broadcast; side, None for the nearest value (relative error
    below 30·2^-53 in float64, also for p next to q), "lower" or "upper" for a rigorous bound of the exact divergence of
    the numbers given. Returns nats, of the broadcast shape; infinite where q is 0 or 1 and p is not.

    Differentiable in both arguments; a slope is infinite where it truly is (p at 0 or 1 and q elsewhere).
    Errors: ValueError for NaN, infinity or a value outside [0, 1]; TypeError for what is not a real number or array.
    Source: Kullback and Leibler 1951.
    """
    require_side("kl", side, optional=True)
    (p, q), leave = admit("kl", p=p, q=q)
    require_probability("kl", "p", p)
    require_probability("kl", "q", q)
    return leave(_Divergence.apply(p, q, side), side)


def inverse_first(q: Number, budget: Number, *, side: str = "upper") -> Number:
    r"""The farthest first argument within a divergence budget of q: the step of Fano's inequality and of shift.

    .. math:: \sup\{p \in [q, 1] : \mathrm{kl}(p, q) \le c\} \quad\text{or}\quad \inf\{p \in [0, q] : \mathrm{kl}(p, q) \le c\}

    Parameters: q, probabilities; budget c >= 0, nats, finite; side, "upper" for the supremum or "lower" for the infimum.
    Returns probabilities of the broadcast shape, on the safe side: the upper inverse is never below the exact root for
    the numbers given, the lower one never above, in float32 and in float64. It exceeds the root by a few ulp, or by
    what a few roundings of the budget would do where that is more (a lower root far below q).

    Exact cases: budget 0 gives q; q = 0 and q = 1 give q for every budget (absolute continuity); the upper inverse is 1
    once c >= ln(1/q), the lower one 0 once c >= ln(1/(1-q)).
    Differentiable by the implicit function theorem: 0 where saturated at 0 or 1; infinite in the budget at budget 0.
    Errors: ValueError for NaN, infinity (in the budget as well: no information budget is a number then), a negative
    budget or q outside [0, 1].
    Source: the binary form of Fano's inequality; Han and Verdú 1994.
    """
    return _inverse("inverse_first", "q", q, budget, side, first=True)


def inverse_second(p: Number, budget: Number, *, side: str = "upper") -> Number:
    r"""The farthest second argument within a divergence budget of p: the step of PAC-Bayes and of Chernoff intervals.

    .. math:: \sup\{q \in [p, 1] : \mathrm{kl}(p, q) \le c\} \quad\text{or}\quad \inf\{q \in [0, p] : \mathrm{kl}(p, q) \le c\}

    Parameters: p, probabilities; budget c >= 0, nats, finite; side, "upper" for the supremum or "lower" for the infimum.
    Returns probabilities of the broadcast shape, on the safe side: the upper inverse is never below the exact root for
    the numbers given, the lower one never above, in float32 and in float64. It exceeds the root by a few ulp, or by
    what a few roundings of the budget would do where that is more (a lower root near exp(-c/p)).

    Exact cases: budget 0 gives p; the upper inverse of 1 is 1, the lower one of 0 is 0. For p < 1 the exact upper root
    is below 1 for every finite budget; the returned one is 1 where the root rounds up to it.
    Differentiable by the implicit function theorem: 0 where the root was rounded to 0 or 1; infinite in the budget at
    budget 0, and in p at p = 0 (upper) and p = 1 (lower).
    Errors: ValueError for NaN, infinity (in the budget as well), a negative budget or p outside [0, 1].
    Source: Langford and Seeger 2001; Maurer 2004.
    """
    return _inverse("inverse_second", "p", p, budget, side, first=False)


def _inverse(function: str, argument: str, base: Number, budget: Number, side: str, *, first: bool) -> Number:
    require_side(function, side)
    (base, budget), leave = admit(function, **{argument: base, "budget": budget})
    require_probability(function, argument, base)
    require(function, "budget", budget, budget >= 0, "at least 0")
    return leave(_Inverse.apply(base, budget, side == "upper", first), side)
