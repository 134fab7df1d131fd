"""Which part drives a sum: shares of its variance, with their errors, and the power to tell them from one half."""

import math

import torch
from scipy import stats
from torch import Tensor

from spacelib.estimators.result import Estimate


def variance_shares(parts: Tensor) -> tuple[Estimate, ...]:
    r"""Shares of the parts of a sum in its variance.

    .. math:: \beta_p = \frac{\mathrm{Cov}(X_p, \sum_q X_q)}{\mathrm{Var}(\sum_q X_q)}, \qquad \sum_p \beta_p = 1

    The slope of each part regressed on the sum. A share may be negative or above 1: a part that falls where the sum rises.
    Parameters: parts (items, p), real. Returns an Estimate for each part; its interval is Student's, from the influence function
    e_i = (C_i X_i - \beta C_i²)/Var, C and X centred. Measured in the tests: with 60 items and more it covers 92 % to 97 %.
    Assumes independent items with finite fourth moments. The shares are those of the population that the items are drawn from: another mix, other
    shares.
    Errors: ValueError for fewer than 3 items, fewer than 2 parts, entries that are not finite, or a sum that does not vary.
    Source: the covariance decomposition of a sum; Shorrocks 1982.
    """
    values = torch.as_tensor(parts).double()
    if values.ndim != 2 or values.shape[0] < 3 or values.shape[1] < 2:
        raise ValueError(f"variance_shares: parts must have shape (items, parts), at least (3, 2), got {tuple(values.shape)}")
    if not bool(values.isfinite().all()):
        raise ValueError("variance_shares: parts must be finite")
    items = len(values)
    centred = values - values.mean(0)
    whole = centred.sum(1)
    variance = whole.square().mean()
    if not variance > (2.0**-52 * values.abs().max()) ** 2:
        raise ValueError("variance_shares: the sum of the parts must vary, got one value for all items")
    share = (centred * whole[:, None]).mean(0) / variance
    influence = (centred * whole[:, None] - share * whole[:, None] ** 2) / variance
    errors = influence.square().sum(0).div(items * (items - 2)).sqrt()
    wide = float(stats.t.isf(0.025, items - 2))
    method = "share of the variance of a sum; interval by the influence function"
    pairs = zip(share.tolist(), errors.tolist(), strict=True)
    return tuple(Estimate(s, (s - wide * e, s + wide * e), e, items, method) for s, e in pairs)


def share_power(items: int, share: float, *, draws: int = 2000, generator: torch.Generator | None = None) -> Estimate:
    """Chance that `variance_shares` finds a share above one half, its 95 % interval all above, where the truth is `share`.

    Simulated from two independent normal parts with variances share and 1 - share. Parameters: items; share in (1/2, 1); draws; generator (None: a fresh one with
    seed 0). Returns a probability with its Monte Carlo interval. Errors: ValueError for a share outside (1/2, 1) or fewer than 3 items.
    """
    if not 0.5 < share < 1 or items < 3:
        raise ValueError(f"share_power: share must be in (1/2, 1) and items at least 3, got {share!r} and {items!r}")
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    scale = torch.tensor([share, 1 - share], dtype=torch.float64).sqrt()
    found = 0
    for _ in range(draws):
        parts = torch.randn(items, 2, generator=generator, dtype=torch.float64) * scale
        found += variance_shares(parts)[0].interval[0] > 0.5
    power = found / draws
    error = math.sqrt(max(power * (1 - power), 1 / draws) / draws)
    return Estimate(power, (max(0.0, power - 1.96 * error), min(1.0, power + 1.96 * error)), error, draws, "simulated power of a share above one half")
