"""The 60-digit oracle of the transfer room, and arguments of every size to hold the functions against it."""

import mpmath
import numpy as np

mpmath.mp.dps = 60
U = mpmath.mpf(2) ** -53


def m(value) -> mpmath.mpf:
    """The exact number that a float is."""
    return mpmath.mpf(float(value))


def kl(p: mpmath.mpf, q: mpmath.mpf) -> mpmath.mpf:
    """kl(p, q) with as many digits as 1 - p and 1 - q need."""
    digits = max((-mpmath.mag(x) for x in (p, q) if x > 0), default=0) // 3
    with mpmath.workdps(70 + 2 * max(digits, 0)):
        total = mpmath.mpf(0)
        for x, y in ((p, q), (1 - p, 1 - q)):
            if x > 0:
                total += x * mpmath.log(x / y) if y > 0 else mpmath.inf
        return +total


def second(q: mpmath.mpf, budget: mpmath.mpf) -> mpmath.mpf:
    """sup{p : kl(q, p) <= budget}."""
    return _root(lambda p: kl(q, p) <= budget, q)


def first(p: mpmath.mpf, budget: mpmath.mpf) -> mpmath.mpf:
    """sup{l : kl(l, p) <= budget}."""
    return p if p == 0 else _root(lambda x: kl(x, p) <= budget, p)


def _root(inside, low: mpmath.mpf) -> mpmath.mpf:
    high = mpmath.mpf(1)
    if inside(high):
        return high
    for _ in range(110):  # to 2^-110 of what lies between, or of the root where that is small
        middle = mpmath.sqrt(low * high) if 0 < 4 * low < high else (low + high) / 2
        if low == 0 and high > mpmath.mpf(2) ** -1080:
            middle = high * min(high, mpmath.mpf(2) ** -8)
        low, high = (middle, high) if inside(middle) else (low, middle)
    return high


def assert_root(bound: float, base: mpmath.mpf, budget: mpmath.mpf, roundings: float, *, free: str = "second") -> None:
    """An inverse of kl: never inside the exact root, and beyond it by no more than so many 2^-53 of itself."""
    divergence = (lambda x: kl(base, x)) if free == "second" else (lambda x: kl(x, base))
    pinned = free == "first" and base == bound == 0
    assert bound == 1 or pinned or divergence(m(bound)) >= budget, (bound, base, budget)
    inner = m(bound) * (1 - (roundings + 2) * U) - 64 * mpmath.mpf(2) ** -1074
    assert inner <= base or divergence(inner) <= budget, (bound, base, budget)


def assert_above(bound: float, exact: mpmath.mpf, roundings: float) -> None:
    """Never below the exact risk; above it by no more than so many 2^-53 of it, or steps of the least float."""
    exact = min(exact, mpmath.mpf(1))
    assert m(bound) >= exact * (1 - mpmath.mpf(2) ** -90), (bound, mpmath.nstr(exact, 25))
    assert m(bound) <= exact * (1 + (roundings + 2) * U) + 64 * mpmath.mpf(2) ** -1074, (bound, mpmath.nstr(exact, 25))


def risks(random: np.random.Generator, number: int) -> np.ndarray:
    """From 0 to 1: even, tiny, next to 1, and the corners."""
    kinds = [random.random(number), 10.0 ** -(320 * random.random(number)), 1 - 10.0 ** -(16 * random.random(number))]
    kinds.append(random.choice([0.0, 1.0, 0.5, 5e-324, 1 - 2.0**-53], number))
    return np.choose(random.integers(0, 4, number), kinds)


def sizes(random: np.random.Generator, number: int, *, least: float = 1e-300, most: float = 1e300) -> np.ndarray:
    """At least 0: of everyday size, of every size, and 0."""
    low, high = np.log10(least), np.log10(most)
    kinds = [random.exponential(2.0, number), 10.0 ** random.uniform(low, high, number), np.zeros(number)]
    return np.choose(random.choice(3, number, p=[0.5, 0.4, 0.1]), kinds)


def shares(random: np.random.Generator, number: int) -> np.ndarray:
    """In (0, 1)."""
    kinds = [random.uniform(0.001, 0.2, number), 10.0 ** -(300 * random.random(number) + 1e-3)]
    kinds.append(np.full(number, 1 - 2.0**-53))
    return np.choose(random.choice(3, number, p=[0.6, 0.3, 0.1]), kinds)
