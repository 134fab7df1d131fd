"""Which way to build, certified: from intervals of both sides' risks to explicit, implicit or undecided.

Intervals [L_j, U_j] hold the learning curve R at sizes n_j, and [L_E, U_E] holds the constant risk E. What follows
depends on what is assumed of R: that more samples never harm (always); that R is convex; or that R = a + A/(n - c0),
A > 0, with c0 known, as in the linear model (c0 = d + 1). All comparisons are of fractions: no verdict is owed to
rounding.
"""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from numbers import Real

from spacelib.bounds._border import Number

_INFINITE = math.inf
_LARGEST = sys.float_info.max


@dataclass(frozen=True)
class Decision:
    """What intervals certify: a verdict and the rule behind it for each number of samples, and where the crossover is.

    `verdicts` are "explicit", "implicit" or "undecided" at the numbers `at`; `rules` are "monotone", "convex", "line"
    or "none". `low` and `high` hold the crossover: explicit is better below `low`, implicit above `high`. `regime` is
    "explicit always" (`low` infinite), "finite" (`high` finite), "undecided", or "no such curve" where no curve that is
    assumed meets all intervals: an interval failed or the assumption does, and nothing is certified.
    """

    at: tuple[float, ...]
    verdicts: tuple[str, ...]
    rules: tuple[str, ...]
    low: float
    high: float
    regime: str


def decide(
    sizes: Sequence[float],
    low: Sequence[float],
    high: Sequence[float],
    explicit_low: float,
    explicit_high: float,
    at: Sequence[float] | None = None,
    convex: bool = False,
    offset: float | None = None,
) -> Decision:
    r"""The side that is certainly better at each number of samples, from intervals of the risks.

    .. math:: U_j < L_E \Rightarrow \text{implicit for } n \ge n_j, \qquad L_j > U_E \Rightarrow \text{explicit for } n
        \le n_j, \qquad R(n) \ge L_k - (n - n_k) \frac{U_j - L_k}{n_k - n_j} \; (j < k,\ n \ge n_k,\ R \text{ convex})

    Parameters: sizes n_1 < n_2 < ..., positive; low and high, intervals of the learning curve there; explicit_low and
    explicit_high, the interval of E; at, the numbers of samples asked about (the sizes, where none are given); convex:
    R is convex too; offset: R = a + A/(n - c0) with this c0 < n_1, every verdict then from all lines in 1/(n - c0)
    that meet the intervals. All intervals must hold together with the confidence wanted: that is the caller's. Both
    risks are against the same targets; noise of labels cancels. With frames for samples, and the sides exchanged, the
    same answers which K the explicit side needs.
    Returns a `Decision`, which is right whenever the intervals hold and the assumption does.
    Errors: TypeError for what is no number, ValueError for values outside these ranges.
    Source: elementary; Helly's theorem for the lines.
    Implements :prf:ref:`thm-convex_certifies` and :prf:ref:`thm-known_offset`.
    """
    name = "decide"
    n = _numbers(name, "sizes", sizes)
    lower, upper = _numbers(name, "low", low), _numbers(name, "high", high)
    if not n:
        raise ValueError(f"{name}: sizes must have at least 1 entry, got none")
    if not len(n) == len(lower) == len(upper):
        lengths = f"{len(n)}, {len(lower)} and {len(upper)}"
        raise ValueError(f"{name}: sizes, low and high must have as many entries, got {lengths}")
    (floor,) = _numbers(name, "explicit_low", [explicit_low])
    (ceiling,) = _numbers(name, "explicit_high", [explicit_high])
    asked = n if at is None else _numbers(name, "at", at)
    _require(name, "sizes", n, [b > a for a, b in zip([Fraction(0), *n], n, strict=False)], "positive and increasing")
    _require(name, "high", upper, [u >= l for l, u in zip(lower, upper, strict=True)], "at least low")
    _require(name, "explicit_high", [ceiling], [ceiling >= floor], "at least explicit_low")
    _require(name, "at", asked, [x > 0 for x in asked], "above 0")

    known = [("monotone", _monotone(n, lower, upper, floor, ceiling))]
    if convex:
        known.append(("convex", _convex(n, lower, upper, ceiling)))
    if offset is not None:
        (c,) = _numbers(name, "offset", [offset])
        _require(name, "offset", [c], [c < n[0]], "below the first size")
        _require(name, "at", asked, [x > c for x in asked], "above offset, where the curve begins")
        known.append(("line", _line(n, lower, upper, floor, ceiling, c)))
    ends = [end for _, end in known]
    below = max((end[0] for end in ends if end is not None), default=0)
    above = min((end[1] for end in ends if end is not None), default=_INFINITE)
    where = tuple(float(x) for x in asked)
    if None in ends or below > above:
        return Decision(where, ("undecided",) * len(asked), ("none",) * len(asked), 0.0, _INFINITE, "no such curve")

    verdicts, rules = [], []
    for x in asked:
        side, rule = "undecided", "none"
        for spoken, (last, first, inclusive) in known:
            if x < last or (inclusive and x == last):
                side, rule = "explicit", spoken
            elif x > first or (inclusive and x == first):
                side, rule = "implicit", spoken
            if side != "undecided":
                break
        verdicts.append(side)
        rules.append(rule)
    regime = "explicit always" if below == _INFINITE else "finite" if above < _INFINITE else "undecided"
    return Decision(where, tuple(verdicts), tuple(rules), _outward(below, -1), _outward(above, 1), regime)


# A rule's answer: explicit certainly below the first number, implicit certainly above the second, and whether both hold
# at the numbers themselves; None where no curve that the rule assumes meets the intervals.
_Ends = tuple[Fraction | float, Fraction | float, bool] | None


def _monotone(n, lower, upper, floor, ceiling) -> _Ends:
    if any(lower[k] > upper[j] for j, k in combinations(range(len(n)), 2)):
        return None
    below = max((x for x, l in zip(n, lower, strict=True) if l > ceiling), default=Fraction(0))
    above = min((x for x, u in zip(n, upper, strict=True) if u < floor), default=_INFINITE)
    return below, above, True


def _convex(n, lower, upper, ceiling) -> _Ends:
    """Explicit as long as every falling chord prolonged stays above E's upper end."""
    for i, j, k in combinations(range(len(n)), 3):
        if upper[i] + (upper[k] - upper[i]) * (n[j] - n[i]) / (n[k] - n[i]) < lower[j]:
            return None
    below = Fraction(0)
    for j, k in combinations(range(len(n)), 2):
        if lower[k] > ceiling:
            fall = (upper[j] - lower[k]) / (n[k] - n[j])
            below = max(below, n[k] + (lower[k] - ceiling) / fall if fall > 0 else _INFINITE)
    return below, _INFINITE, False


def _line(n, lower, upper, floor, ceiling, c) -> _Ends:
    """The crossover's range over all lines a + A x, A >= 0, x = 1/(n - c), through the intervals: at its corners."""
    x = [1 / (size - c) for size in n]
    edges = [(x[j], side[j]) for side in (lower, upper) for j in range(len(n))]
    corners = [(value, Fraction(0)) for _, value in edges]  # flat lines, A = 0
    for (x1, v1), (x2, v2) in combinations(edges, 2):
        if x1 != x2:
            slope = (v1 - v2) / (x1 - x2)
            corners.append((v1 - slope * x1, slope))
    corners = [
        (a, slope)
        for a, slope in corners
        if slope >= 0 and all(l <= a + slope * y <= u for l, u, y in zip(lower, upper, x, strict=True))
    ]
    if not corners:
        return None
    single = len(n) == 1  # then the slope has no upper end, and the floor no lower one
    least, most = min(a for a, _ in corners), max(a for a, _ in corners)
    # the crossover c + A/(E - a) with E at its ends; a line whose floor reaches E has none
    crossings = [c + slope / (ceiling - a) for a, slope in corners if a < ceiling]
    below = _INFINITE if least >= ceiling and not single else min(crossings, default=c)
    above = max(c + slope / (floor - a) for a, slope in corners) if most < floor and not single else _INFINITE
    return max(below, Fraction(0)), above, False


def _numbers(name: str, argument: str, values: Sequence[float] | Number) -> list[Fraction]:
    """Exact fractions of finite real numbers."""
    try:
        values = values.tolist() if hasattr(values, "tolist") else list(values)
    except TypeError as error:
        raise TypeError(f"{name}: {argument} must be a sequence of numbers, got {type(values).__name__}") from error
    for value in values:
        if isinstance(value, bool) or not (isinstance(value, Real) or hasattr(value, "__float__")):
            raise TypeError(f"{name}: {argument} must hold real numbers, got {type(value).__name__}")
        if not abs(value) <= _LARGEST:
            raise ValueError(f"{name}: {argument} must be finite, got {value!r}")
    return [Fraction(value if isinstance(value, int | Fraction) else float(value)) for value in values]


def _require(name: str, argument: str, values: list[Fraction], holds: list[bool], condition: str) -> None:
    for place, (value, fine) in enumerate(zip(values, holds, strict=True)):
        if not fine:
            where = f" at index {place}" if len(values) > 1 else ""
            raise ValueError(f"{name}: {argument} must be {condition}, got {float(value)!r}{where}")


def _outward(value: Fraction | float, side: int) -> float:
    """The nearest float that is not inside."""
    if value in (_INFINITE, -_INFINITE):
        return float(value)
    found = float(value)
    inside = Fraction(found) > value if side < 0 else Fraction(found) < value
    return math.nextafter(found, side * _INFINITE) if inside else found
