"""The complexity K where everything is Gaussian: linear regression on d features, whose posterior is exact.

Targets are y = Phi w + N(0, sigma^2 I), the prior is w ~ N(0, sigma_0^2 I). Of the design only the signal-to-noise
ratios s_i = sigma_0^2 lambda_i(Phi' Phi)/sigma^2 enter; they grow with the number of samples. d_eff = sum s_i/(1 +
s_i) is `ridge_dimension(s, 1)`.
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit
from spacelib.bounds.capacity.sandwich import Sandwich
from spacelib.bounds.samples._checks import U, require_positive, require_share
from spacelib.bounds.samples.moments import least_numerator


def posterior_kl(signal: Number, mean_norm: Number) -> Number:
    r"""KL of the posterior from the prior.

    .. math::
        \mathrm{KL} = \tfrac12 \sum_i \Big[\ln(1 + s_i) - \frac{s_i}{1 + s_i}\Big]
        + \tfrac12 \frac{|\mu|^2}{\sigma_0^2}

    Parameters: signal s (..., d), at least 0; mean_norm \|mu\|^2/sigma_0^2 >= 0, mu being the posterior's mean.
    Returns nats of the leading shape, right to some d 2^-53 of the value. Under the model the last term is d_eff/2 on
    average; whatever y is, it is at most \|y\|^2/(8 sigma^2).
    Errors: ValueError for negative values.
    Source: the KL of two normal laws.
    """
    name = "posterior_kl"
    (s, norm), leave = admit(name, {"signal": 1}, signal=signal, mean_norm=mean_norm)
    require_positive(name, "signal", s, or_zero=True)
    require_positive(name, "mean_norm", norm, or_zero=True)
    r = s / (1 + s)
    series = torch.zeros_like(r)  # ln(1 + s) - r = -ln(1 - r) - r = r^2/2 + r^3/3 + ...
    for power in range(20, 1, -1):
        series = series * r + 1 / power
    return leave(torch.where(r < 0.1, series * r * r, torch.log1p(s) - r).sum(-1) / 2 + norm / 2)


def expected_kl(signal: Number) -> Number:
    r"""Mean KL of the posterior from the prior: the information between weights and targets.

    .. math:: E\,\mathrm{KL} = \tfrac12 \sum_i \ln(1 + s_i) = I(w; y)

    Parameters: signal s (..., d), at least 0. Returns nats of the leading shape, right to some d 2^-53 of the value.
    Assumes the model: the mean is over weights of the prior and noise.
    Errors: ValueError for negative values.
    Source: Seeger, Kakade and Foster 2008.
    Implements :prf:ref:`thm-mean_divergence`.
    """
    (s,), leave = admit("expected_kl", {"signal": 1}, signal=signal)
    require_positive("expected_kl", "signal", s, or_zero=True)
    return leave(torch.log1p(s).sum(-1) / 2)


def kl_per_dimension(signal: Number) -> Number:
    r"""Largest KL for each effective dimension, on average: the K_max that makes d_eff K_max a bound.

    .. math:: K_{\max} = \tfrac12 \Big(1 + \frac1s\Big) \ln(1 + s) \le \tfrac12 (1 + \ln(1 + s))

    Parameters: signal s >= 0, the largest of the design. Returns nats of the same shape, rounded up: 1/2 at s = 0. It
    is about ln(n)/2, since s grows with n.
    Errors: ValueError for negative values.
    Source: (1 + s) ln(1 + s)/s increases.
    Implements :prf:ref:`thm-cost_logarithm`.
    """
    (s,), leave = admit("kl_per_dimension", signal=signal)
    require_positive("kl_per_dimension", "signal", s, or_zero=True)
    return leave(_ratio(s) / 2 * (1 + 12 * U), "upper")


def complexity_bounds(signal: Number) -> Sandwich:
    r"""The effective dimension brackets the mean KL: the K of `averaged_mean` and `single_draw`.

    .. math:: \tfrac12 d_{\mathrm{eff}} \;\le\; E\,\mathrm{KL} \;\le\; d_{\mathrm{eff}} K_{\max}

    equal on the right where all positive s_i are equal. Parameters: signal s (..., d), at least 0. Returns (lower,
    upper) in nats, of the leading shape, rounded outward.
    Assumes the model, as `expected_kl`; the upper side holds for any fixed weights of norm at most sigma_0 too
    (:prf:ref:`thm-fixed_weights`). The KL of one data set has no such bound; `kl_tail` holds with high probability.
    Errors: ValueError for negative values or no direction.
    Source: -ln(1 - r)/r increases from 1.
    Implements :prf:ref:`thm-complexity_above`, :prf:ref:`thm-complexity_below`.
    """
    d, largest, leave = _spectrum("complexity_bounds", signal)
    return Sandwich(leave(d * (1 - 4 * U) / 2, "lower"), leave(d * _ratio(largest) / 2 * (1 + 24 * U), "upper"))


def kl_tail(signal: Number, delta: Number) -> Number:
    r"""The KL of one data set, except with probability delta.

    .. math:: \mathrm{KL} \le \tfrac12 \sum_i \Big[\ln(1 + s_i) - \frac{s_i}{1 + s_i}\Big]
        + \min_{0 < \lambda < 1} \frac{\ln\frac1\delta + \frac{d_{\mathrm{eff}}}{2} \ln\frac{1}{1 - \lambda}}{\lambda}

    Parameters: signal s (..., d), at least 0; delta in (0, 1), broadcast against the leading axes. Returns nats,
    rounded up. With averaged_almost_sure at delta/2 beside it
    (and the signals replaced by bounds over all designs, since K is fixed before the data) 1/delta is not needed here
    either.
    Assumes the model: weights of the prior, normal noise.
    Errors: ValueError for values outside these ranges.
    Source: Chernoff 1952 for the posterior mean's norm, a weighted sum of chi-squares of one degree.
    Implements :prf:ref:`thm-divergence_tail`.
    """
    name = "kl_tail"
    (s, delta), leave = admit(name, {"signal": 1}, signal=signal, delta=delta)
    require_share(name, "delta", delta)
    d, _, _ = _spectrum(name, s)
    log = -torch.log(delta)
    some = d.clamp(min=2.0**-500)  # the bound grows with d, and without any signal it is the logarithm
    mean = 2 * some * least_numerator(log / some)
    return leave((posterior_kl(s, torch.zeros_like(d)) + mean) * (1 + (32 + 4 * s.shape[-1]) * U), "upper")


def _ratio(s: Tensor) -> Tensor:
    """(1 + s) ln(1 + s)/s, 1 at 0; right to some 6 roundings."""
    positive = s.clamp(min=2.0**-1022)
    return (1 + s) * (torch.log1p(positive) / positive)


def _spectrum(function: str, signal: Number):
    """d_eff up to a relative 2^-50 (the pairwise sum of positive terms), the largest signal, and the way back out."""
    (s,), leave = admit(function, {"signal": 1}, signal=signal)
    require_positive(function, "signal", s, or_zero=True)
    if s.shape[-1] == 0:
        raise ValueError(f"{function}: signal must have at least 1 direction, got shape {tuple(s.shape)}")
    return (s / (1 + s)).sum(-1), s.amax(-1), leave
