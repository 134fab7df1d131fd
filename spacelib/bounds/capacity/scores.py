"""Mean relative accuracy: a score that averages tolerance rules, its best blind value and its ceiling."""

from typing import NamedTuple

import torch

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.binary_kl import inverse_first
from spacelib.bounds.capacity._checks import U, require_information, require_range
from spacelib.bounds.capacity.success import interval_blind, log_uniform_blind, log_width, tolerance_blind

MEAN_RELATIVE_TOLERANCES = (0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0.05)
"""One minus the ten thresholds .50, .55, ..., .95 of mean relative accuracy (Yang et al. 2024)."""


class BlindScore(NamedTuple):
    """Best blind values: the success rate of each tolerance, each with its own guess, and the mean score of one guess."""

    by_tolerance: Number
    score: Number


def mean_relative_accuracy_ceiling(by_tolerance: Number, score: Number, information: Number) -> Number:
    r"""Highest mean relative accuracy that any answerer can have: the smaller of two ceilings.

    .. math::
        \mathrm{MRA} \le \min\Big\{ \frac{1}{n} \sum_r U(A_0(r), I),\; U\big(\max_x E\,s(x, T), I\big) \Big\}

    Parameters: by_tolerance, best blind success rates A0(r) in (0, 1] (..., tolerances); score, the best blind mean score
    in (0, 1]; information I(O; T | Q) >= 0 in nats; score and information broadcast against the leading axes. Returns
    scores, rounded up. Neither of the two is always the smaller; both are at most U(mean of A0(r), I). Differentiable.
    Assumes T - (O, Q) - answer.
    Errors: ValueError for rates outside (0, 1], negative or non-finite information.
    Source: the accuracy ceiling for each rule, and for the score as a whole; the score, Yang et al. 2024.
    """
    name = "mean_relative_accuracy_ceiling"
    given = {"by_tolerance": by_tolerance, "score": score, "information": information}
    (rates, score, information), leave = admit(name, {"by_tolerance": 1}, **given)
    if rates.shape[-1] == 0:
        raise ValueError(f"{name}: by_tolerance must have at least one tolerance, got shape {tuple(rates.shape)}")
    require(name, "by_tolerance", rates, (rates > 0) & (rates <= 1), "in (0, 1]")
    require(name, "score", score, (score > 0) & (score <= 1), "in (0, 1]")
    require_information(name, information)
    each = inverse_first(rates, information[..., None]).mean(-1) * (1 + (rates.shape[-1] + 2) * U)
    return leave(torch.minimum(each, inverse_first(score, information)).clamp(max=1), "upper")


def mean_relative_blind(gold: Number, weights: Number | None = None) -> BlindScore:
    r"""Best blind mean relative accuracy on given gold values: of each tolerance, and of one guess for all.

    .. math::
        A_0(r) = \max_x \sum_i w_i [\,|x - t_i| \le r t_i\,], \qquad
        \max_x \frac{1}{n} \sum_r \sum_i w_i [\,|x - t_i| \le r t_i\,]

    Parameters: gold values t > 0 (..., n); weights (..., n), a law, or None for equal ones. Returns (by_tolerance
    (..., 10), score), exact for these values, and biased upwards as an estimate for a population. (The score's own rule
    is strict: the error is below r t; with ends included the blind values can only be larger.)
    Errors: as `tolerance_blind`.
    """
    name = "mean_relative_blind"
    (gold_, *w), leave = admit(
        name, {"gold": 1, "weights": 1}, gold=gold, **({} if weights is None else {"weights": weights})
    )
    require(name, "gold", gold_, gold_ > 0, "above 0 (the rule is relative)")
    own = w[0] if w else None
    rates = [tolerance_blind(gold_, r, own).share for r in MEAN_RELATIVE_TOLERANCES]
    reach = torch.tensor(MEAN_RELATIVE_TOLERANCES, device=gold_.device, dtype=gold_.dtype)[:, None]
    low, high = ((1 + sign * reach) * gold_[..., None, :] for sign in (-1, 1))
    spread = None if own is None else (own[..., None, :] / len(reach)).expand(low.shape).flatten(-2)
    score = interval_blind(low.flatten(-2), high.flatten(-2), spread).share
    return BlindScore(leave(torch.stack(rates, -1)), leave(score))


def log_uniform_mean_relative_blind(low: Number, high: Number) -> BlindScore:
    r"""Best blind mean relative accuracy where ln T is uniform between ln a and ln b.

    .. math:: A_0(r) = \min\Big(1, \frac{w_r}{\ln(b/a)}\Big), \qquad
        \max_y \frac{1}{n} \sum_r \frac{|[y - \ln(1+r),\, y - \ln(1-r)] \cap [\ln a, \ln b]|}{\ln(b/a)}, \quad y = \ln x

    The mean is piecewise linear in y, so its maximum stands where one overlap stops growing (the set's lower end meets
    ln a) or starts to shrink (its upper end meets ln b); all are tried. Parameters: low a > 0 and high b > a, in one unit. Returns (by_tolerance (..., 10),
    score), rounded up.
    Errors: ValueError unless 0 < a < b.
    """
    (a, b), leave = admit("log_uniform_mean_relative_blind", low=low, high=high)
    require_range("log_uniform_mean_relative_blind", a, b)
    r = torch.tensor(MEAN_RELATIVE_TOLERANCES, device=a.device, dtype=a.dtype)
    rates = log_uniform_blind(a[..., None], b[..., None], log_width(r))
    range_ = torch.log1p((b - a) / a)[..., None]
    up, down = torch.log1p(r), torch.log1p(-r)  # in y - ln a: the success set is [y - up, y - down]
    zero = torch.zeros_like(range_)
    places = torch.cat([up + zero, down + range_], -1)[..., None]
    overlap = torch.minimum(places - down, range_[..., None]) - torch.maximum(places - up, zero[..., None])
    score = (overlap.clamp(min=0).mean(-1).amax(-1) / range_[..., 0] * (1 + 32 * U)).clamp(max=1)
    # the ends are sums of rounded logarithms, so an overlap is off by a few u of the range and of ln 2
    return BlindScore(leave(rates, "upper"), leave((score + 8 * U * (1 + 1 / range_[..., 0])).clamp(max=1), "upper"))
