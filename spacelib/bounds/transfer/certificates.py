"""Certificates of a posterior's risk from its empirical risk: PAC-Bayes, in the forms that are in use.

All hold with probability at least 1 - delta for every posterior Q at once, of a prior P fixed before the data, losses
in [0, 1] and independent samples. `kl_certificate` is the tightest of those from q = E_Q(empirical risk) alone; the
others are relaxations of it or stand beside it to be compared.
"""

import math

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_probability, require_side
from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.samples._checks import whole_above
from spacelib.bounds.samples.moments import maurer_sum
from spacelib.bounds.transfer._checks import (
    LN2,
    U,
    capped,
    raised,
    require_at_least_one,
    require_count,
    require_positive,
    require_share,
)

_CONSTANTS = ("exact", "sqrt")
_MOST = torch.finfo(torch.float64).max
_BERNSTEIN = math.e - 2


def kl_certificate(
    empirical_risk: Number,
    complexity: Number,
    samples: Number,
    delta: Number,
    *,
    constant: str = "exact",
    side: str = "upper",
) -> Number:
    r"""The certificate of the binary divergence: the farthest true risk within the budget of the empirical one.

    .. math::
        L(Q) \le \sup\Big\{p : \mathrm{kl}(\hat L(Q), p) \le \frac{\mathrm{KL}(Q\|P) + \ln(\xi(n)/\delta)}{n}\Big\}

    Parameters: empirical_risk E_Q of the mean loss, in [0, 1]; complexity KL(Q\|P) >= 0 nats; samples n; delta in (0,
    1). constant: "exact" for xi(n) = `maurer_moment`, of integers n >= 1; "sqrt" for 2 sqrt(n) in its place, of real n
    >= 1 too, such as `weighted_samples`. side: "upper" or, from the same event, "lower" with the infimum.
    Returns risks of the broadcast shape, on the safe side. Differentiable in risk, complexity and delta, and in n of
    "sqrt".
    Assumes losses in [0, 1], independent samples (scenes, not the questions of one) and a prior fixed before them.
    Where samples differ in mean, L(Q) is the mean of their risks: 2 sqrt(n) is proved for them too
    (:prf:ref:`thm-coin_moment`, :prf:ref:`thm-loss_moment`), xi(n) rests on Hoeffding 1956: of sums of independent
    trials of given mean the binomial one is extreme.
    Errors: ValueError for values outside these ranges.
    Source: Langford and Seeger 2001; Maurer 2004 for the constant. Implements :prf:ref:`thm-kl_certificate`.
    """
    name = "kl_certificate"
    require_side(name, side)
    (q, k, n, delta), leave = _admit(name, empirical_risk, complexity, samples, delta, constant)
    return leave(inverse_second(q, budget(k, n, delta, constant), side=side), side)


def mcallester(empirical_risk: Number, complexity: Number, samples: Number, delta: Number) -> Number:
    r"""The certificate with a square root: Pinsker's relaxation of `kl_certificate`.

    .. math:: L(Q) \le \hat L(Q) + \sqrt{\frac{\mathrm{KL}(Q\|P) + \ln(2 \sqrt n/\delta)}{2 n}}

    Parameters, assumptions and errors: as `kl_certificate` with constant="sqrt". Returns risks, rounded up, at most 1.
    Source: McAllester 1999, with the constant of Maurer 2004.
    """
    (q, k, n, delta), leave = _admit("mcallester", empirical_risk, complexity, samples, delta, "sqrt")
    return leave(capped(raised(q + (budget(k, n, delta, "sqrt") / 2).sqrt(), 6)), "upper")


def tolstikhin_seldin(empirical_risk: Number, complexity: Number, samples: Number, delta: Number) -> Number:
    r"""The certificate with a fast rate in closed form: the refined Pinsker relaxation of `kl_certificate`.

    .. math:: L(Q) \le \hat L(Q) + \sqrt{2 \hat L(Q) c} + 2 c, \qquad
        c = \frac{\mathrm{KL}(Q\|P) + \ln(2 \sqrt n/\delta)}{n}

    Parameters, assumptions and errors: as `kl_certificate` with constant="sqrt". Returns risks, rounded up, at most 1.
    Source: Tolstikhin and Seldin 2013, with the constant of Maurer 2004.
    """
    (q, k, n, delta), leave = _admit("tolstikhin_seldin", empirical_risk, complexity, samples, delta, "sqrt")
    c = budget(k, n, delta, "sqrt").clamp(max=_MOST / 4)
    return leave(capped(raised(q + (2 * q).sqrt() * c.sqrt() + 2 * c, 12)), "upper")


def lambda_bound(
    empirical_risk: Number, complexity: Number, samples: Number, delta: Number, *, trade_off: Number | None = None
) -> Number:
    r"""The certificate that is linear in risk and complexity, at a trade-off lambda or at the best one.

    .. math::
        L(Q) \le \frac{\hat L(Q)}{1 - \lambda/2} + \frac{c}{\lambda (1 - \lambda/2)}, \qquad
        c = \frac{\mathrm{KL}(Q\|P) + \ln(2 \sqrt n/\delta)}{n}

    least at lambda = 2/(1 + sqrt(1 + 2 q/c)), q the empirical risk, with the value q + c + sqrt(c (c + 2 q)).
    Parameters: as `kl_certificate` with constant="sqrt"; trade_off lambda in (0, 2), or None for the best, allowed
    because the bound holds for all lambda at once. Returns risks, rounded up, at most 1. Assumptions: as
    `kl_certificate`. Errors: ValueError for values outside these ranges.
    Source: Thiemann, Igel, Wintenberger and Seldin 2017.
    """
    name = "lambda_bound"
    more = {} if trade_off is None else {"trade_off": trade_off}
    (q, k, n, delta, *rate), leave = _admit(name, empirical_risk, complexity, samples, delta, "sqrt", **more)
    c = budget(k, n, delta, "sqrt").clamp(max=_MOST / 4)
    if not rate:
        return leave(capped(raised(q + c + c.sqrt() * (c + 2 * q).sqrt(), 10)), "upper")
    require(name, "trade_off", rate[0], (rate[0] > 0) & (rate[0] < 2), "in (0, 2)")
    half = rate[0] / 2
    return leave(capped(raised((q + c / (2 * half)) / (1 - half), 10)), "upper")


def catoni(empirical_risk: Number, complexity: Number, samples: Number, delta: Number, rate: Number) -> Number:
    r"""Catoni's certificate, at a rate fixed before the data.

    .. math:: L(Q) \le \frac{1 - \exp\big(-C \hat L(Q) - \frac{\mathrm{KL}(Q\|P) + \ln(1/\delta)}{n}\big)}{1 - e^{-C}}

    Parameters: as `kl_certificate`, real n >= 1; rate C > 0, not chosen by these data. Returns risks, rounded up, at
    most 1. It has no ln(2 sqrt(n)); at the best C, which no one may choose, it is `kl_certificate` without that term.
    Assumptions: as `kl_certificate`. Errors: ValueError for values outside these ranges.
    Source: Catoni 2007.
    """
    name = "catoni"
    (q, k, n, delta, c), leave = _admit(name, empirical_risk, complexity, samples, delta, "sqrt", rate=rate)
    require_positive(name, "rate", c)
    exponent = raised(c * q + (k - torch.log(delta)) / n, 8)  # 1 - e^-x has slope times x at most itself
    return leave(capped(raised(torch.expm1(-exponent) / torch.expm1(-c), 6)), "upper")


def empirical_bernstein(
    empirical_risk: Number,
    empirical_variance: Number,
    complexity: Number,
    samples: Number,
    delta: Number,
    *,
    grid: float = 1.15,
) -> Number:
    r"""The certificate from the empirical variance of the losses, better than the others where that is small.

    .. math::
        V &= \min\Big\{\tfrac14,\; \hat V + (1 + c) \sqrt{\frac{\hat V B}{2 (n - 1)}} + \frac{2 c B}{n - 1}\Big\}, \quad
        B = \mathrm{KL}(Q\|P) + \ln\frac{2 \nu_2}{\delta}, \; A = \mathrm{KL}(Q\|P) + \ln\frac{2 \nu_1}{\delta} \\
        L(Q) &\le \hat L(Q) + (1 + c) \sqrt{\frac{(e - 2) V A}{n}} \;\text{ if } A \le (e - 2) n V,
        \qquad \hat L(Q) + \frac{2 A}{n} \;\text{ else} \\
        \nu_1 &= \Big\lceil \log_c \sqrt{\frac{(e - 2) n}{4 \ln(2/\delta)}} \Big\rceil + 1, \qquad
        \nu_2 = \Big\lceil \log_c \Big(\tfrac12 \sqrt{\frac{n - 1}{\ln(2/\delta)} + 1} + \tfrac12\Big) \Big\rceil

    Parameters: as `kl_certificate`, n at least 2; empirical_variance, E_Q of each hypothesis' unbiased sample variance
    of the losses, in [0, 1/2]; grid c > 1, the ratio of neighbouring rates, fixed before the data. nu_1 and nu_2 are
    at least 1. Returns risks, rounded up, at most 1.
    Assumes independent samples of one law, besides those of `kl_certificate`.
    Errors: ValueError for values outside these ranges.
    Source: Tolstikhin and Seldin 2013, with c_1 = c_2 and delta/2 for each step. Derived anew from the moments of
    Seldin et al. 2012 and, of the variance, Maurer and Pontil 2009: at each point of a grid of rates r and l of ratio
    c, which reaches from the least that can be best to n and to 1, L <= q + A/r + (e - 2) r V/n and V (1 - l/2) <=
    V-hat + B/((n - 1) l); the point next to the best costs the factors c.
    """
    name = "empirical_bernstein"
    if not isinstance(grid, float | int) or isinstance(grid, bool) or not 1 < grid < math.inf:
        raise ValueError(f"{name}: grid must be a number above 1, got {grid!r}")
    given = {"empirical_variance": empirical_variance}
    (q, k, n, delta, v), leave = _admit(name, empirical_risk, complexity, samples, delta, "exact", **given)
    require(name, "empirical_variance", v, (v >= 0) & (v <= 0.5), "in [0, 1/2]")
    require_count(name, "samples", n, 2)
    log = LN2 - torch.log(delta)
    rates = (_BERNSTEIN * n / (4 * log)).sqrt(), ((n - 1) / log + 1).sqrt() / 2 + 0.5
    steps = [whole_above(((rate.log() + 16 * U) / math.log(grid)).clamp(min=0), 8) for rate in rates]
    a = raised(k + torch.log(steps[0] + 1) + log, 6).clamp(max=_MOST / 1e3)
    b = raised(k + torch.log(steps[1].clamp(min=1)) + log, 6).clamp(max=_MOST / 1e3)
    b = b / (n - 1)
    variance = raised(v + (1 + grid) * (v / 2).sqrt() * b.sqrt() + 2 * grid * b, 14).clamp(max=0.25)
    # At the border of the two cases the first is the larger one: rounding may choose it there, and never the second
    slow = a / n <= _BERNSTEIN * (1 + 8 * U) * variance
    first = (1 + grid) * (_BERNSTEIN * variance).sqrt() * (a / n).sqrt()
    return leave(capped(raised(q + torch.where(slow, first, 2 * a / n), 14)), "upper")


def monte_carlo_certificate(
    sampled_risk: Number,
    draws: Number,
    complexity: Number,
    samples: Number,
    delta: Number,
    delta_draws: Number,
    *,
    constant: str = "exact",
) -> Number:
    r"""`kl_certificate` where E_Q of the empirical risk was only sampled: both steps are paid for.

    .. math:: \hat L(Q) \le \sup\Big\{p : \mathrm{kl}(\bar L_T, p) \le \frac{\ln(1/\delta')}{T}\Big\}, \quad
        \text{then as } \texttt{kl\_certificate}

    Parameters: sampled_risk, mean empirical risk of T = draws independent draws from Q, integers >= 1; delta_draws
    delta' in (0, 1); the rest as `kl_certificate`. Returns risks, rounded up, that fail with probability at most delta
    + delta', for one posterior Q, chosen before its draws. Assumptions and errors: as `kl_certificate`.
    Source: Langford and Caruana 2002; `fixed_model_bound` for the draws.
    """
    name = "monte_carlo_certificate"
    more = {"draws": draws, "delta_draws": delta_draws}
    (q, k, n, delta, t, missed), leave = _admit(
        name, sampled_risk, complexity, samples, delta, constant, risk="sampled_risk", **more
    )
    require_count(name, "draws", t)
    require_share(name, "delta_draws", missed)
    risk = inverse_second(q, raised(-torch.log(missed) / t, 4))
    return leave(inverse_second(risk, budget(k, n, delta, constant)), "upper")


def importance_weighted(
    weighted_risk: Number,
    ratio: Number,
    complexity: Number,
    samples: Number,
    delta: Number,
    *,
    constant: str = "exact",
) -> Number:
    r"""The certificate of the target's risk from source samples of known weights w = dnu/dmu <= B.

    .. math:: L_\nu(Q) \le B \sup\Big\{p : \mathrm{kl}\Big(\frac{\hat L_w(Q)}{B}, p\Big) \le
        \frac{\mathrm{KL}(Q\|P) + \ln(\xi(n)/\delta)}{n}\Big\}

    Parameters: weighted_risk, E_Q of the mean of w times the loss, in [0, B]; ratio B >= 1, a bound of w known before
    the data (the largest seen is none); the rest as `kl_certificate`. Returns target risks, rounded up, at most 1. It
    is never above B times `kl_certificate` of the unweighted risk.
    Assumes w known exactly, a ratio of whole scenes, or a sample that is the mean over its scene; and as
    `kl_certificate`.
    Errors: ValueError for values outside these ranges.
    Source: `kl_certificate` for the loss w l/B; Cortes, Mansour and Mohri 2010 for the weights.
    Implements :prf:ref:`thm-importance_mean`.
    """
    name = "importance_weighted"
    (q, k, n, delta, most), leave = _admit(
        name, weighted_risk, complexity, samples, delta, constant, risk="weighted_risk", ratio=ratio
    )
    require_at_least_one(name, "ratio", most)
    share = torch.where(most == 1, q, capped(raised(q / most, 1)))
    found = inverse_second(share, budget(k, n, delta, constant))
    return leave(capped(torch.where(most == 1, found, raised(most * found, 1))), "upper")


def budget(complexity: Tensor, samples: Tensor, delta: Tensor, constant: str) -> Tensor:
    """(K + ln(xi(n)/delta))/n, or with 2 sqrt(n) for xi(n), rounded up: all parts are positive."""
    if constant == "exact":
        some, place = samples.detach().unique(return_inverse=True)
        moment = maurer_sum(some)[place]
    else:
        moment = 2 * samples.sqrt()
    return raised((complexity + torch.log(moment) - torch.log(delta)) / samples, 8).clamp(max=_MOST)


def _admit(name, empirical_risk, complexity, samples, delta, constant, *, risk: str = "empirical_risk", **more: Number):
    if constant not in _CONSTANTS:
        raise ValueError(f"{name}: constant must be one of {', '.join(_CONSTANTS)}, got {constant!r}")
    given = {risk: empirical_risk, "complexity": complexity, "samples": samples, "delta": delta}
    values, leave = admit(name, **given, **more)
    q, k, n, delta = values[:4]
    if risk != "weighted_risk":
        require_probability(name, risk, q)
    else:
        most = values[4]
        require(name, risk, q, (q >= 0) & (q <= most), "between 0 and the ratio")
    require_positive(name, "complexity", k, or_zero=True)
    (require_count if constant == "exact" else require_at_least_one)(name, "samples", n)
    require_share(name, "delta", delta)
    return values, leave
