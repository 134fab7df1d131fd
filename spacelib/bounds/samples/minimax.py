"""What no learner can do: problems whose minimax risk or number of samples is known, rate and loss stated together."""

from typing import NamedTuple

import torch
from scipy.special import chdtri

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.capacity.sandwich import Sandwich
from spacelib.bounds.samples._checks import (
    LN2,
    U,
    require_count,
    require_positive,
    require_share,
    whole_above,
    whole_below,
)

_PROBLEMS = ("gaussian_location", "agnostic", "realizable")


class LocationSamples(NamedTuple):
    """Samples for the mean of a normal law: by a closed form from below, exactly, by a closed form from above."""

    lower: Number
    exact: Number
    upper: Number


def gaussian_location_samples(epsilon: Number, delta: Number, dimension: Number) -> LocationSamples:
    r"""Samples for the mean of N(theta, I_d) to an excess risk epsilon: the fast rate 1/epsilon, over all estimators.

    .. math:: n^* = \Big\lceil \frac{q}{2 \epsilon} \Big\rceil, \qquad
        \max\Big(d - \tfrac23, \ln\frac{1}{2\delta}\Big) \le q \le d + 2 \sqrt{d \ln\tfrac1\delta} + 2 \ln\tfrac1\delta

    q is the upper delta-quantile of chi-square with d degrees of freedom; for d >= 2 also q >= 2 ln(1/delta).
    Parameters: epsilon > 0, of the excess risk \|theta' - theta\|^2/2; delta in (0, 1/2]; dimension d, an integer >= 1.
    Returns whole numbers of the broadcast shape: lower never above, upper never below; exact where the quantile,
    right to 2^-38, is not that near to a whole number's, and else never below.
    Errors: ValueError for values outside these ranges.
    Source: the sample mean is minimax (Anderson 1955); Chen and Rubin 1986 (median); Laurent and Massart 2000.
    """
    name = "gaussian_location_samples"
    (epsilon, delta, d), leave = admit(name, epsilon=epsilon, delta=delta, dimension=dimension)
    require_positive(name, "epsilon", epsilon)
    require(name, "delta", delta, (delta > 0) & (delta <= 0.5), "in (0, 1/2]")
    require_count(name, "dimension", d)
    log = -torch.log(delta)
    q = torch.as_tensor(chdtri(d.cpu().numpy(), delta.cpu().numpy())).to(d) * (1 + 2.0**-38)
    least = torch.maximum(d - 2 / 3, torch.where(d >= 2, 2 * log, (log - LN2).clamp(min=0)) - 4 * U)
    most = d + 2 * (d * log).sqrt() + 2 * log
    return LocationSamples(
        leave(whole_below(least / (2 * epsilon), 8), "lower"),
        leave(whole_above(q / (2 * epsilon), 2), "upper"),
        leave(whole_above(most / (2 * epsilon), 12), "upper"),
    )


def realizable_samples(epsilon: Number, delta: Number, dimension: Number) -> Sandwich:
    r"""Samples to learn one of 2^d rules that makes no errors, to an error epsilon: the rate 1/epsilon again.

    .. math::
        \frac{\ln\frac{1}{2\delta}}{-\ln(1 - \epsilon)} \;\le\; n^* \;\le\; \frac{d \ln 2 + \ln(1/\delta)}{\epsilon}

    Parameters: epsilon and delta in (0, 1); dimension d, an integer >= 1. Returns (lower, upper), whole numbers:
    lower never above (0 where delta >= 1/2), upper never below. The dimension's part of the lower bound is
    `minimax_excess`.
    Errors: ValueError for values outside these ranges.
    Source: Shalev-Shwartz and Ben-David 2014, Corollary 2.3; one rare point from below.
    """
    name = "realizable_samples"
    (epsilon, delta, d), leave = admit(name, epsilon=epsilon, delta=delta, dimension=dimension)
    require_share(name, "epsilon", epsilon)
    require_share(name, "delta", delta)
    require_count(name, "dimension", d)
    log = -torch.log(delta)
    lower = whole_below((log - LN2 - 4 * U * log).clamp(min=0) / -torch.log1p(-epsilon), 8)
    return Sandwich(leave(lower, "lower"), leave(whole_above((d * LN2 + log) / epsilon, 12), "upper"))


def minimax_excess(samples: Number, dimension: Number, *, problem: str) -> Number:
    r"""Mean excess risk that no learner undercuts on all problems of a kind.

    .. math:: \text{gaussian\_location:} \quad \frac{d}{2n} \text{ (exactly)}, \qquad
        \text{agnostic:} \quad \frac{1}{8 \sqrt2} \sqrt{\frac dn}, \qquad \text{realizable:} \quad \frac{d}{8n}

    The loss is \|theta' - theta\|^2/2 for the mean of N(theta, I_d), and 0-1 with 2^d rules that differ on d points for the
    others (where some rule makes no errors: realizable). Parameters: samples n and dimension d, integers >= 1;
    problem, one of these names. Returns risks of the broadcast shape, never above the bound; for n < d/2 that of
    ceil(d/2) samples, since fewer samples cannot help.
    Errors: ValueError for values outside these ranges or an unknown problem.
    Source: Lehmann and Casella 1998, chapter 5; Assouad 1983.
    Implements :prf:ref:`thm-location`, :prf:ref:`thm-assouad`, :prf:ref:`thm-rare_points`.
    """
    name = "minimax_excess"
    if problem not in _PROBLEMS:
        raise ValueError(f"{name}: problem must be one of {', '.join(_PROBLEMS)}, got {problem!r}")
    (n, d), leave = admit(name, samples=samples, dimension=dimension)
    require_count(name, "samples", n)
    require_count(name, "dimension", d)
    enough = n if problem == "gaussian_location" else torch.maximum(n, (d / 2).ceil())
    rate = d / enough
    risk = {"gaussian_location": rate / 2, "agnostic": (rate / 128).sqrt(), "realizable": rate / 8}[problem]
    return leave(risk * (1 - 4 * U), "lower")
