"""The explicit side: a systematic error that frames do not average out, and noise that they do."""

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.tradeoff._checks import U, leave_finite, require_count, require_positive


def explicit_risk(frames: Number, bias: Number, variance: Number, correlation: Number = 0.0) -> Number:
    r"""Risk of the mean of K readings that share a systematic error.

    .. math:: E(K) = b_e + v_1 \Big(r + \frac{1 - r}{K}\Big)

    Parameters: frames K, an integer of at least 1; bias b_e >= 0, the second moment of the systematic error (fixed or
    drawn once: only that moment matters); variance v_1 >= 0 of one reading's noise; correlation r of two readings'
    noise, from -1/(K - 1) to 1. Returns squared units of the target, right to 8 roundings of b_e + v_1. r v_1 acts as
    bias does. Differentiable. Assumes noise of mean zero, equally correlated, independent of the systematic error.
    Errors: ValueError for values outside these ranges.
    Source: classical, the variance of a mean.
    Implements :prf:ref:`thm-explicit_risk`.
    """
    name = "explicit_risk"
    (k, b, v, r), leave = admit(name, frames=frames, bias=bias, variance=variance, correlation=correlation)
    require_count(name, "frames", k)
    require_positive(name, "bias", b, or_zero=True)
    require_positive(name, "variance", v, or_zero=True)
    possible = (r <= 1) & (r * (k - 1) >= -1 - 4 * U) & (r >= -1)
    require(name, "correlation", r, possible, "from -1/(frames - 1) to 1")
    share = ((1 + (k - 1) * r) / k).clamp(min=0)
    return leave_finite(name, "risk", leave, b + v * share)
