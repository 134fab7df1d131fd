"""The implicit side, exactly: the risk of least squares that sees a part of what the target depends on.

The target is y = x_1' beta_1 + x_2' beta_2 + e; the model sees x_1 only. Its risk is the expected squared error against
the noiseless target on a new point.
"""

from dataclasses import dataclass

import torch

from spacelib.bounds._border import Number, admit
from spacelib.bounds.tradeoff._checks import leave_finite, require_count, require_line, require_positive


def implicit_risk(
    samples: Number, dimension: Number, noise: Number, bias: Number, intercept: bool = False
) -> Number:
    r"""Risk of least squares on n samples of d of the inputs: bias plus what fitting costs.

    .. math:: R(n) = b + (\sigma^2 + b) \frac{d}{n - d - 1}, \qquad
        \text{with an intercept } b + (\sigma^2 + b) \Big[\frac1n + \Big(1 + \frac1n\Big) \frac{d}{n - d - 2}\Big]

    Parameters: samples n, an integer of at least d + 2 (with an intercept d + 3: below, the mean is infinite);
    dimension d >= 1, the fitted coefficients without the intercept; noise sigma^2 >= 0, the labels' variance; bias
    b >= 0, the variance of the target that is left when the seen inputs are known. Returns squared units of the
    target, right to 8 roundings. What is left acts as noise in the fit too: b stands twice. Differentiable in both.
    Assumes seen and unseen inputs jointly Gaussian, of mean zero where no intercept is fitted; independent samples.
    Errors: ValueError for values outside these ranges.
    Source: Breiman and Freedman 1983; the mean of the inverse Wishart law.
    Implements :prf:ref:`thm-implicit_risk`.
    """
    name = "implicit_risk"
    (n, d, s, b), leave = admit(name, samples=samples, dimension=dimension, noise=noise, bias=bias)
    require_line(name, n, d, 3 if intercept else 2)
    require_positive(name, "noise", s, or_zero=True)
    require_positive(name, "bias", b, or_zero=True)
    cost = 1 / n + (1 + 1 / n) * d / (n - d - 2) if intercept else d / (n - d - 1)
    return leave_finite(name, "risk", leave, b + (s + b) * cost)


def ridge_risk(
    samples: Number, eigenvalues: Number, coefficients: Number, noise: Number, penalty: Number
) -> Number:
    r"""Risk of ridge regression at the points that it was fitted at, the design being fixed.

    .. math:: R = \sum_j \frac{\lambda^2 s_j \beta_j^2}{(s_j + \lambda)^2}
        + \frac{\sigma^2}{n} \sum_j \Big(\frac{s_j}{s_j + \lambda}\Big)^2

    Parameters: samples n, an integer of at least 1; eigenvalues s_j >= 0 of X'X/n and coefficients beta_j in their
    directions, both (..., d); noise sigma^2 >= 0; penalty lambda >= 0, minimising \|y - X w\|^2/n + lambda \|w\|^2.
    Returns squared units of the target, of the leading shape. The second sum is not sum s_j/(s_j + lambda), which is
    larger. A direction without data (s_j = 0) adds nothing. Differentiable. Assumes the model right: no bias but the
    penalty's. Errors: ValueError for values outside these ranges.
    Source: Hoerl and Kennard 1970.
    Implements :prf:ref:`thm-ridge_risk`.
    """
    name = "ridge_risk"
    given = {"eigenvalues": eigenvalues, "coefficients": coefficients}
    (n, s, beta, noise, penalty), leave = admit(
        name, dict.fromkeys(given, 1), samples=samples, **given, noise=noise, penalty=penalty
    )
    require_count(name, "samples", n)
    for argument, value in (("eigenvalues", s), ("noise", noise), ("penalty", penalty)):
        require_positive(name, argument, value, or_zero=True)
    if s.shape[-1] != beta.shape[-1]:
        raise ValueError(f"{name}: eigenvalues and coefficients must have as many entries, got shapes {tuple(s.shape)} "
                         f"and {tuple(beta.shape)}")
    penalty = penalty[..., None]
    kept = torch.where(s > 0, s / torch.where(s > 0, s + penalty, 1.0), 0.0)
    lost = torch.where(s > 0, penalty / torch.where(s > 0, s + penalty, 1.0), 0.0)
    risk = (lost * lost * s * beta * beta).sum(-1) + noise / n * (kept * kept).sum(-1)
    return leave_finite(name, "risk", leave, risk)


@dataclass(frozen=True)
class BestRidge:
    """The penalty of the least risk, and that risk."""

    penalty: Number
    risk: Number


def best_ridge(
    samples: Number, dimension: Number, eigenvalue: Number, norm: Number, noise: Number
) -> BestRidge:
    r"""The best penalty where all directions have one eigenvalue s, and the risk that it leaves.

    .. math:: \lambda^* = \frac{\sigma^2 d}{n B}, \qquad \frac{1}{R^*} = \frac{1}{s B} + \frac{n}{\sigma^2 d}

    Parameters: samples n and dimension d, integers of at least 1; eigenvalue s > 0; norm B = \|beta\|^2 > 0; noise
    sigma^2 >= 0. Returns both, of the broadcast shape. The precision of the fit adds to that of saying zero.
    Assumes, errors: as `ridge_risk`. Source: its derivative is 2 s^2 (n B lambda - sigma^2 d)/(n (s + lambda)^3).
    Implements :prf:ref:`thm-best_ridge`.
    """
    name = "best_ridge"
    (n, d, s, b, noise), leave = admit(
        name, samples=samples, dimension=dimension, eigenvalue=eigenvalue, norm=norm, noise=noise
    )
    require_count(name, "samples", n)
    require_count(name, "dimension", d)
    require_positive(name, "eigenvalue", s)
    require_positive(name, "norm", b)
    require_positive(name, "noise", noise, or_zero=True)
    fitted, zero = noise * d / n, s * b  # the risks without a penalty, and of saying zero
    risk = fitted * (zero / (fitted + zero))
    penalty = leave_finite(name, "penalty", leave, fitted / b)
    return BestRidge(penalty, leave_finite(name, "risk", leave, risk))
