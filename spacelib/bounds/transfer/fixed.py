"""The bound of one fixed model: no complexity, one side, and weights that enter by their largest alone."""

import torch

from spacelib.bounds._border import Number, admit, require_probability, require_side
from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.transfer._checks import raised, require_at_least_one, require_share

_MOST = torch.finfo(torch.float64).max


def fixed_model_bound(empirical_risk: Number, samples: Number, delta: Number, *, side: str = "upper") -> Number:
    r"""Chernoff's bound of the risk of a model that was fixed before the data, for weighted means too.

    .. math:: L \le \sup\{p : \mathrm{kl}(\hat L, p) \le \ln(1/\delta)/N\}

    Parameters: empirical_risk, the weighted mean loss, in [0, 1]; samples N >= 1, one over the largest weight
    (`weighted_samples`), n where weights are equal; delta in (0, 1), of this one side. side: "upper", or "lower" with
    the infimum. Returns risks of the broadcast shape, on the safe side. Differentiable. Below `kl_certificate` at
    complexity 0, which holds for all posteriors at once and pays ln(xi(N)/delta).
    Assumes losses in [0, 1] of independent samples, of any means, and weights fixed before them.
    Errors: ValueError for values outside these ranges.
    Source: Chernoff 1952; Hoeffding 1963 (theorem 1) for equal weights.
    Implements :prf:ref:`thm-fixed_model` and, from the other side, :prf:ref:`thm-fixed_model_above`.
    """
    name = "fixed_model_bound"
    require_side(name, side)
    (risk, samples, delta), leave = admit(name, empirical_risk=empirical_risk, samples=samples, delta=delta)
    require_probability(name, "empirical_risk", risk)
    require_at_least_one(name, "samples", samples)
    require_share(name, "delta", delta)
    budget = raised(-torch.log(delta) / samples, 4).clamp(max=_MOST)
    return leave(inverse_second(risk, budget, side=side), side)
