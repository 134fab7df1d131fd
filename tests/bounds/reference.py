"""The 60-digit reference of the binary divergence, and the check that a root is on the safe side."""

import mpmath
import numpy as np

DIGITS = 60


def kl_reference(p: float, q: float) -> mpmath.mpf:
    """kl(p, q) of the exact numbers given, right to far more than 20 digits.

    60 digits would not hold 1 - 1e-300 apart from 1, so logarithms of ratios near 1 are taken from the difference, which
    is exact to 60 digits of itself. For neighbouring p and q the two summands agree to (2^-53)² = 1e-32 of themselves;
    28 digits are left.
    """
    with mpmath.workdps(DIGITS):
        p, q = mpmath.mpf(p), mpmath.mpf(q)
        total = mpmath.mpf(0)
        for x, y, difference in ((p, q, p - q), (1 - p, 1 - q, q - p)):
            if x == 0:
                continue
            if y == 0:
                return mpmath.inf
            near = abs(difference) < y / 2
            total += x * (mpmath.log1p(difference / y) if near else mpmath.log(x / y))
        return total


def slope_reference(root: float, base: float, first: bool) -> mpmath.mpf:
    """Size of kl's slope in its free argument at the root."""
    with mpmath.workdps(DIGITS):
        x, b = mpmath.mpf(root), mpmath.mpf(base)
        if first:
            return abs(mpmath.log(x / b) - mpmath.log((1 - x) / (1 - b)))
        return abs(x - b) / (x * (1 - x))


def unsafe(base: float, budget: float, root: float, *, first: bool, upper: bool) -> bool:
    """Whether a claimed root lies inside the exact one: below it (upper) or above it (lower).

    kl is strictly monotone away from its base, so the root is reached exactly when kl at the claimed point reaches the
    budget; the end of [0, 1] and an infinitely steep side are the two other ways to be right.
    """
    if not 0 <= root <= 1 or (root < base if upper else root > base):
        return True
    if root == (1.0 if upper else 0.0):
        return False
    if root == base:
        return budget > 0 and not (first and base in (0.0, 1.0))
    value = kl_reference(root, base) if first else kl_reference(base, root)
    return value < budget


def overshoot(base: float, budget: float, root: float, *, first: bool, upper: bool) -> tuple[float, float]:
    """How far beyond the exact root a safe one lies: in ulp of itself, and in relative roundings (2^-53) of the budget.

    One ulp is what rounding to the safe side costs anyway. By convexity kl's excess at the next float inward, over the
    slope there, is at least the distance from that float to the root.
    """
    inner = float(np.nextafter(root, base))
    if root == base or inner == base or inner in (0.0, 1.0):
        return 1.0, 0.0
    value = kl_reference(inner, base) if first else kl_reference(base, inner)
    if value <= budget:
        return 1.0, 0.0
    excess = value - mpmath.mpf(budget)
    ulp = abs(mpmath.mpf(root) - mpmath.mpf(inner))
    return 1 + float(excess / slope_reference(inner, base, first) / ulp), float(excess / budget * 2**53)


def certification_points(number: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Bases and budgets of every kind: uniform, tiny, next to 1, special; budgets from 1e-300 to 1e300."""
    random = np.random.default_rng(seed)
    special = np.array(
        [0, 1, 1e-300, 5e-324, 1e-310, 2.0**-1022, 1 - 2.0**-53, 2.0**-53, 0.5, 0.25, 1 / 3, 0.1, 0.9, 1e-10, 1 - 1e-10, 1e-17]
    )
    quarter = number // 4
    bases = np.concatenate(
        [
            random.random(quarter),
            10 ** (-320 * random.random(quarter)),
            1 - 10 ** (-17 * random.random(quarter)),
            random.choice(special, number - 3 * quarter),
        ]
    )
    budget_special = np.array([0, 1e-300, 1e-200, 2.0**-53, 1e-32, np.log(2), 1, 10, 700, 745, 1e5, 1e300])
    third = number // 3
    budgets = np.concatenate(
        [
            2 * random.random(third),
            10 ** (3 - 40 * random.random(third)),
            random.choice(budget_special, number - 2 * third),
        ]
    )
    random.shuffle(budgets)
    return bases, budgets
