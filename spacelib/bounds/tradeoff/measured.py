"""The crossover from data: a curve through three risks, and the exact interval from one data set of the linear model.

Data of the implicit side alone never decide: the law of inputs and labels knows bias and noise only through their sum
tau = sigma^2 + b. Scored against the same noisy labels as the explicit side, the noise cancels: with E' = E + sigma^2,
E - b = E' - tau.
"""

from dataclasses import dataclass

import numpy as np
import torch
from scipy.special import gammainccinv, gammaincinv

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.tradeoff._checks import leave_finite, require_count, require_positive, require_share

_QUANTILE = 2.0**-36  # by which chi-square quantiles are moved outward: far more than the inverse functions' error


@dataclass(frozen=True)
class CurveFit:
    """The learning curve a + A/(n - c0): its floor a, scale A > 0 and offset c0."""

    floor: Number
    scale: Number
    offset: Number


@dataclass(frozen=True)
class CrossoverInterval:
    """Between which numbers of samples the crossover lies; `high` is infinite where no crossover may exist."""

    low: Number
    high: Number

    @property
    def regime(self):
        """1 where explicit is always better, -1 where a crossover exists, 0 where the data do not decide."""
        return (self.low == np.inf) * 1.0 - (self.high < np.inf) * 1.0

    def verdict(self, samples: float):
        """1 where explicit is better at so many samples, -1 where implicit is, 0 where the data do not decide."""
        return (samples < self.low) * 1.0 - (samples > self.high) * 1.0


def curve(sizes: Number, risks: Number) -> CurveFit:
    r"""The one curve a + A/(n - c0) through the risks at three sizes.

    .. math:: r = \frac{(R_1 - R_2)(n_3 - n_2)}{(R_2 - R_3)(n_2 - n_1)}, \quad c_0 = n_1 - \frac{n_3 - n_1}{r - 1},
        \quad A = \frac{(R_1 - R_2)(n_1 - c_0)(n_2 - c_0)}{n_2 - n_1}, \quad a = R_1 - \frac{A}{n_1 - c_0}

    Parameters: sizes n_1 < n_2 < n_3 and risks R_1 > R_2 > R_3, both (..., 3), with r > 1 (else no such curve goes
    through them). Returns the three numbers of the leading shape, without an interval: they are no verdict; rounding is
    multiplied by r/(r - 1). The crossover with a constant E is c0 + A/(E - a). Differentiable. Assumes the shape,
    which `implicit_risk` has.
    Errors: ValueError for values outside these ranges. Source: elementary.
    Implements :prf:ref:`thm-curve_offset` and :prf:ref:`thm-curve_scale`.
    """
    name = "curve"
    given = {"sizes": sizes, "risks": risks}
    (n, risk), leave = admit(name, dict.fromkeys(given, 1), **given)
    for argument, value, sign, condition in (("sizes", n, 1, "increasing"), ("risks", risk, -1, "decreasing")):
        if value.shape[-1] != 3:
            raise ValueError(f"{name}: {argument} must have 3 entries, got shape {tuple(value.shape)}")
        steps = value.diff(dim=-1)
        require(name, f"the differences of {argument}", steps, sign * steps > 0, f"of {condition} {argument}")
    (first, second), (run, rest) = (-risk.diff(dim=-1)).unbind(-1), n.diff(dim=-1).unbind(-1)
    ratio = first / second * (rest / run)
    require(name, "(R1 - R2)(n3 - n2)/((R2 - R3)(n2 - n1))", ratio, ratio > 1, "above 1: the risks must bend upwards")
    one = (n[..., 2] - n[..., 0]) / (ratio - 1)  # n_1 - c_0
    scale = first / run * one * (one + run)
    parts = (risk[..., 0] - scale / one, scale, n[..., 0] - one)
    return CurveFit(*(leave_finite(name, "curve", leave, part) for part in parts))


def crossover_interval(
    residuals: Number, samples: Number, dimension: Number, errors: Number, tests: Number, delta: Number
) -> CrossoverInterval:
    r"""Exact confidence interval of the crossover from one data set, both sides scored on noisy labels.

    .. math:: n^* = d + 1 + \frac{\tau d}{E' - \tau}, \qquad \frac{RSS}{\tau} \sim \chi^2_{n - d}, \qquad
        \frac{\sum_i e_i^2}{E'} \sim \chi^2_m

    Parameters: residuals, the sum of squares RSS > 0 that least squares leaves on its n samples; samples n and
    dimension d, integers, n > d; errors, the explicit side's sum of squared errors > 0 on m other labelled samples;
    tests m, an integer of at least 1; delta in (0, 1). Returns the interval, failing with probability at most delta:
    n* grows with tau and falls with E', each of which has a two-sided interval at delta/2. Rounded outward. Explicit is
    always better where the low end is infinite; the high end is infinite where a crossover is not proved. n* itself
    may be infinite. Not differentiable.
    Assumes `implicit_risk` without an intercept; the explicit side's errors independent and normal with mean zero,
    without a calibration error that they share; both data sets independent.
    Errors: ValueError for values outside these ranges. Source: the chi-square law of residuals.
    Implements :prf:ref:`thm-crossover_above`.
    """
    name = "crossover_interval"
    given = {"residuals": residuals, "samples": samples, "dimension": dimension, "errors": errors, "tests": tests}
    (rss, n, d, total, m, delta), leave = admit(name, **given, delta=delta)
    require_positive(name, "residuals", rss)
    require_positive(name, "errors", total)
    require_count(name, "dimension", d)
    require_count(name, "samples", n)
    require_count(name, "tests", m)
    require(name, "samples", n, n > d, "above dimension")
    require_share(name, "delta", delta)
    tau = [_variance(rss, n - d, delta, upper) for upper in (False, True)]
    risk = [_variance(total, m, delta, upper) for upper in (False, True)]
    ends = []
    for own, other, outward in ((tau[0], risk[1], -1), (tau[1], risk[0], 1)):
        room = other - own
        end = (d + 1 + own * (d / torch.where(room > 0, room, 1.0))) * (1 + outward * _QUANTILE)
        ends.append(torch.where(room > 0, end, torch.inf))
    return CrossoverInterval(leave(ends[0], "lower"), leave(ends[1], "upper"))


def _variance(total: torch.Tensor, degrees: torch.Tensor, delta: torch.Tensor, upper: bool) -> torch.Tensor:
    """The end of a variance's two-sided interval at delta/2, from a sum of squares of so many degrees of freedom."""
    inverse = gammaincinv if upper else gammainccinv
    half, share = (value.detach().cpu().numpy() for value in (degrees / 2, delta / 4))
    quantile = torch.as_tensor(2 * inverse(half, share), dtype=total.dtype).to(total.device)
    return total.detach() / quantile * (1 + _QUANTILE if upper else 1 - _QUANTILE)
