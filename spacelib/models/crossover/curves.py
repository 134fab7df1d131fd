"""A learning curve through measured risks: a floor and a term that falls with the number of samples."""

from dataclasses import dataclass

import numpy as np

SHAPES = ("hyperbola", "power")
_STEPS = 400  # of the grid of the one number that is searched; risks move by less than 1 % between two of them


@dataclass(frozen=True)
class LearningCurve:
    """floor + scale * x(n), with x(n) = 1/(n - rate) for a hyperbola, n^(-rate) for a power."""

    shape: str
    floor: float
    scale: float
    rate: float

    def risk(self, samples: np.ndarray) -> np.ndarray:
        """Risk at numbers of samples, which a hyperbola needs above `rate`."""
        return self.floor + self.scale * _falling(self.shape, np.asarray(samples, float), self.rate)


def fit_curve(samples: np.ndarray, risks: np.ndarray, shape: str = "hyperbola") -> LearningCurve:
    r"""The learning curve nearest to measured risks, in relative error.

    .. math::
        \min_{a, A \ge 0,\, c} \sum_j \Big(\frac{a + A x_c(n_j)}{R_j} - 1\Big)^2, \qquad
        x_c(n) = \frac{1}{n - c} \ \text{(hyperbola)}, \quad x_c(n) = n^{-c} \ \text{(power)}

    The hyperbola is exact for least squares in the linear-Gaussian model, c = d + 1; for a network either shape is an
    assumption. c is searched on a grid: below the least n, or in [.05, 2].
    Parameters: samples (m,), m >= 3, all different and at least 1; risks (m,) above 0; shape. Errors: ValueError for
    other values. Source: least squares for each c; risks errors in proportion to them.
    """
    n, r = np.asarray(samples, float), np.asarray(risks, float)
    if shape not in SHAPES:
        raise ValueError(f"fit_curve: shape must be one of {', '.join(SHAPES)}, got {shape!r}")
    if n.ndim != 1 or n.shape != r.shape or len(np.unique(n)) < max(3, len(n)):
        raise ValueError(
            f"fit_curve: samples and risks must be of one length, at least 3, with different samples, "
            f"got samples {n.tolist()} and risks of shape {r.shape}"
        )
    for name, values, good in (("samples", n, n >= 1), ("risks", r, r > 0)):
        if not (good & np.isfinite(values)).all():
            expected = "at least 1" if name == "samples" else "above 0"
            raise ValueError(f"fit_curve: {name} must be {expected} and finite, got {values.tolist()}")
    rates = np.linspace(0.05, 2, _STEPS) if shape == "power" else n.min() - n.max() * np.geomspace(1e-4, 10, _STEPS)
    x = _falling(shape, n, rates[:, None])
    x, scale = x / x.max(1, keepdims=True), x.max(1)
    floor, height = _nonnegative(1 / r, x / r)
    best = ((floor[:, None] + height[:, None] * x) / r - 1) ** 2
    k = best.sum(1).argmin()
    return LearningCurve(shape, float(floor[k]), float(height[k] / scale[k]), float(rates[k]))


def _falling(shape: str, n: np.ndarray, rate: np.ndarray | float) -> np.ndarray:
    return n**-rate if shape == "power" else 1 / (n - rate)


def _nonnegative(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights (a, A) >= 0 of u (m,) and v (g, m) whose sum is nearest to 1, for each g; all entries are above 0."""
    uu, uv, vv, u1, v1 = u @ u, v @ u, (v * v).sum(1), u.sum(), v.sum(1)
    determinant = uu * vv - uv * uv
    inside = determinant > 0
    a = np.where(inside, u1 * vv - v1 * uv, 0) / np.where(inside, determinant, 1)
    b = np.where(inside, v1 * uu - u1 * uv, -1) / np.where(inside, determinant, 1)
    a, b = np.where(b < 0, u1 / uu, a), np.where(b < 0, 0, b)
    return np.where(a < 0, 0, a), np.where(a < 0, v1 / vv, b)
