r"""What a risk under the source law says of the risk under the target law: deterministic steps, one a divergence.

p is the source risk L_mu(Q), or any upper bound of it: every row but `shift_chi_square` with a known variance is
nondecreasing in p, so a certificate of p may be put in its place. As nothing here is random, no confidence is spent,
and Q may depend on the data. The target law nu stands first in every divergence. An infinite divergence says nothing:
the bound is then 1.
"""

from spacelib.bounds._border import Number, admit, require_probability
from spacelib.bounds.transfer._rows import bound, split


def shift_kl(risk: Number, kappa: Number) -> Number:
    r"""The target risk within a divergence of the target law from the source law.

    .. math:: L_\nu \le \sup\{l : \mathrm{kl}(l, p) \le \kappa\}, \qquad \kappa = \mathrm{KL}(\nu\|\mu)

    Parameters: risk p in [0, 1]; kappa >= 0 nats, target first, may be infinite. Returns risks of the broadcast shape,
    rounded up; 1 once kappa >= ln(1/p), and p itself at kappa = 0. Attained by one coin for every p and kappa.
    Differentiable.
    Assumes losses in [0, 1]. Errors: ValueError for values outside these ranges.
    Source: data processing; `inverse_first`. Implements :prf:ref:`thm-shifted_risk`.
    """
    return _row("shift_kl", "kl", risk, "kappa", kappa)


def shift_reverse_kl(risk: Number, reverse_kl: Number) -> Number:
    r"""The target risk within a divergence of the source law from the target law: the other inverse.

    .. math:: L_\nu \le \sup\{l : \mathrm{kl}(p, l) \le \mathrm{KL}(\mu\|\nu)\}

    Parameters: risk p in [0, 1]; reverse_kl >= 0 nats, source first, may be infinite. Returns risks, rounded up.
    Neither this nor `shift_kl` is always the smaller. Mixing the order of one with the inverse of the other is no
    bound. Differentiable. Assumes losses in [0, 1]. Errors: ValueError for values outside these ranges.
    Source: data processing; `inverse_second`. Implements :prf:ref:`thm-shifted_risk_reverse`.
    """
    return _row("shift_reverse_kl", "reverse_kl", risk, "reverse_kl", reverse_kl)


def shift_pinsker(risk: Number, kappa: Number) -> Number:
    r"""Pinsker's relaxation of `shift_kl`.

    .. math:: L_\nu \le p + \sqrt{\kappa/2}

    Parameters and errors: as `shift_kl`. Returns risks, rounded up, at most 1, never below `shift_kl`.
    Source: Pinsker 1964.
    """
    return _row("shift_pinsker", "pinsker", risk, "kappa", kappa)


def shift_total_variation(risk: Number, total_variation: Number) -> Number:
    r"""The target risk within a total variation distance.

    .. math:: L_\nu \le p + \mathrm{TV}(\nu, \mu)

    Parameters: risk p and total_variation in [0, 1]. Returns risks, rounded up, at most 1. Attained by a loss of 1
    where nu has more mass than mu and 0 where it has less. Differentiable. Assumes losses in [0, 1].
    Errors: ValueError for values outside these ranges.
    Source: definition of total variation. Implements :prf:ref:`thm-shift_total_variation`.
    """
    return _row("shift_total_variation", "total_variation", risk, "total_variation", total_variation)


def shift_chi_square(risk: Number, chi_square: Number, variance: Number | None = None) -> Number:
    r"""The target risk within a chi-square divergence, from the loss' variance under the source law or its maximum.

    .. math:: L_\nu \le \min\Big\{1,\; p + \sqrt{\chi^2(\nu\|\mu)\, v}\Big\}, \quad v = \mathrm{Var}_\mu f \le p (1 - p)

    Parameters: risk p in [0, 1]; chi_square >= 0, target first, may be infinite; variance, of f = the posterior's mean
    loss, at least 0: then v is the smaller of it and p (1 - p). Returns risks, rounded up, at most 1. Capped at 1 it is
    nondecreasing in p (uncapped it is not); with a variance p must be the source risk itself, not a bound of it, since
    a larger p may come with another variance. Differentiable. Assumes losses in [0, 1].
    Errors: ValueError for values outside these ranges.
    Source: Cauchy and Schwarz. Implements :prf:ref:`thm-shift_chi_square`.
    """
    more = {} if variance is None else {"variance": variance}
    return _row("shift_chi_square", "chi_square", risk, "chi_square", chi_square, **more)


def shift_renyi(risk: Number, divergence: Number, order: Number) -> Number:
    r"""The target risk within a Renyi divergence of an order above 1.

    .. math:: L_\nu \le \big(e^{D_\alpha(\nu\|\mu)}\, p\big)^{(\alpha - 1)/\alpha}

    Parameters: risk p in [0, 1]; divergence D_alpha >= 0 nats, target first, may be infinite; order alpha > 1. Returns
    risks, rounded up, at most 1. Order 2 is never below `shift_chi_square`; the order's limit is `shift_ratio`.
    Differentiable at p > 0. Assumes losses in [0, 1]. Errors: ValueError for values outside these ranges.
    Source: Hoelder; van Erven and Harremoes 2014 for the divergence. Implements :prf:ref:`thm-shift_renyi`.
    """
    return _row("shift_renyi", "renyi", risk, "divergence", divergence, order=order)


def shift_ratio(risk: Number, ratio: Number) -> Number:
    r"""The target risk where no outcome is more than so many times likelier than under the source law.

    .. math:: L_\nu \le B p, \qquad \frac{d\nu}{d\mu} \le B

    Parameters: risk p in [0, 1]; ratio B >= 1, may be infinite. Returns risks, rounded up, at most 1. Differentiable.
    Assumes losses in [0, 1]. Errors: ValueError for values outside these ranges.
    Source: definition. Implements :prf:ref:`thm-shift_ratio`.
    """
    return _row("shift_ratio", "ratio", risk, "ratio", ratio)


def _row(name: str, row: str, risk: Number, argument: str, divergence: Number, **more: Number) -> Number:
    """A row on its own."""
    finite, infinite = split(row, divergence)
    (p, shift, *rest), leave = admit(name, risk=risk, **{argument: finite}, **more)
    require_probability(name, "risk", p)
    return leave(bound(name, row, p, argument, shift, infinite, *rest), "upper")
