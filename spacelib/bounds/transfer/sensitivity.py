"""How much shift a certificate bears: where it cannot be estimated it is an assumption, and this is its price."""

import torch

from spacelib.bounds._border import Number, admit, require_probability
from spacelib.bounds.binary_kl import kl
from spacelib.bounds.transfer._checks import TINY, U
from spacelib.bounds.transfer._rows import bound, split

_MEASURES = ("kl", "reverse_kl", "total_variation", "chi_square", "ratio")


def critical_shift(risk: Number, target_risk: Number, *, measure: str = "kl") -> Number:
    r"""The shift below which the target risk is certainly under a given one.

    .. math::
        \text{kl: } \kappa^* = \mathrm{kl}(c_0, p), \quad \text{reverse\_kl: } \mathrm{kl}(p, c_0), \quad
        \text{total\_variation: } c_0 - p, \quad \text{chi\_square: } \frac{(c_0 - p)^2}{p (1 - p)}, \quad
        \text{ratio: } \frac{c_0}{p}

    Parameters: risk p, the source risk or a certificate of it, and target_risk c_0, such as that of chance, in [0, 1];
    measure, of the shift. Returns shifts of the broadcast shape, rounded down: the measure's row gives c_0 there, and
    less below. 0 (ratio 1) where c_0 <= p: nothing is borne. Infinite at p = 0 < c_0 for kl, chi_square and ratio.
    Errors: ValueError for values outside these ranges or an unknown measure.
    Source: the shift bounds, solved for the shift. Implements :prf:ref:`thm-critical_shift` (kl).
    """
    name = "critical_shift"
    _require_measure(name, measure)
    (p, c), leave = admit(name, risk=risk, target_risk=target_risk)
    require_probability(name, "risk", p)
    require_probability(name, "target_risk", c)
    none = 1.0 if measure == "ratio" else 0.0
    borne = c > p
    p, c = torch.where(borne, p, 0.25), torch.where(borne, c, 0.5)  # no division by 0 off the branch, nor in its slope
    if measure in ("kl", "reverse_kl"):
        found = kl(*((c, p) if measure == "kl" else (p, c)), side="lower")
    elif measure == "total_variation":
        found = (c - p) * (1 - 4 * U)
    elif measure == "chi_square":
        root = (c - p) / p.sqrt() / (1 - p).sqrt()  # squared last: nothing overflows before the value does
        found = (root * root * (1 - 20 * U) - 8 * TINY).clamp(min=0)
    else:
        found = (c / p * (1 - 4 * U)).clamp(min=1)
    if measure in ("chi_square", "ratio"):  # beyond the largest float, yet finite
        found = torch.where(p > 0, found.clamp(max=torch.finfo(p.dtype).max), found)
    return leave(torch.where(borne, found, none), "lower")


def sensitivity_curve(risk: Number, shifts: Number, *, measure: str = "kl") -> Number:
    r"""The target risk as a function of the assumed shift.

    .. math:: \kappa \mapsto \sup\{l : \mathrm{kl}(l, p) \le \kappa\}, \quad \text{and alike for the other measures}

    Parameters: risk p (...) in [0, 1]; shifts (..., s), a grid in its last axis, of the measure, may be infinite.
    Returns risks (..., s), rounded up, nondecreasing along the grid where that is; it crosses c_0 at `critical_shift`.
    Errors: ValueError for values outside these ranges or an unknown measure.
    Source: the shift bounds.
    """
    name = "sensitivity_curve"
    _require_measure(name, measure)
    finite, infinite = split(measure, shifts)
    (p, grid), leave = admit(name, {"shifts": 1}, risk=risk, shifts=finite)
    require_probability(name, "risk", p)
    p = p[..., None].expand(grid.shape)
    return leave(bound(name, measure, p, "shifts", grid, infinite), "upper")


def _require_measure(name: str, measure: str) -> None:
    if measure not in _MEASURES:
        raise ValueError(f"{name}: measure must be one of {', '.join(_MEASURES)}, got {measure!r}")
