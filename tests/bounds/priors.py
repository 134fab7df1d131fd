"""Priors of every kind, and the closed form of the exact ceiling's inverse with 60 digits."""

import math

import mpmath
import numpy as np

DIGITS = 60


def slack(size: int) -> float:
    """What a bound of a prior of this size may lose, as spacelib.bounds.capacity._curve derives it: four times (6 d + 32) u."""
    return 4 * (6 * max(1, size - 1).bit_length() + 32) * 2.0**-53


def required_reference(prior, accuracy) -> mpmath.mpf:
    """R(A) of the very numbers given, relative to their exact sum: the level follows from A once the support is known."""
    with mpmath.workdps(DIGITS):
        p = sorted((mpmath.mpf(float(x)) for x in prior), reverse=True)
        total = mpmath.fsum(p)
        p = [x / total for x in p if x > 0]
        a = mpmath.mpf(float(accuracy)) if not isinstance(accuracy, mpmath.mpf) else accuracy
        if a <= p[0]:
            return mpmath.mpf(0)
        mass, k = p[0], 1
        # with k targets above the level, the accuracy runs up to mass - (k-1) p_(k+1)
        while k < len(p) and mass - (k - 1) * p[k] < a:
            mass += p[k]
            k += 1
        known = mpmath.fsum(-x * mpmath.log(x) for x in p[:k])
        if k == 1 or a >= mass:
            return known + (mass * mpmath.log(mass) if k > 1 else 0)
        level = (mass - a) / (k - 1)
        return known + a * mpmath.log(a) + (k - 1) * level * mpmath.log(level)


def priors(number: int, seed: int):
    """Dirichlet of several concentrations, uniform, nearly uniform, ties, zeros, tiny tails, one certain target."""
    random = np.random.default_rng(seed)
    for index in range(number):
        size = int(random.choice([1, 2, 3, 4, 5, 8, 16, 33, 64]))
        kind = index % 8
        if kind < 3:
            p = random.dirichlet(np.full(size, [0.1, 1, 10][kind]))
        elif kind == 3:
            p = np.full(size, 1 / size)
        elif kind == 4:
            p = 1 + 10.0 ** random.uniform(-16, -2) * random.standard_normal(size)
        elif kind == 5:
            p = random.integers(1, 4, size).astype(float)
        elif kind == 6:
            p = random.random(size) * (random.random(size) < 0.5)
            p[0] += p.sum() == 0
        else:
            p = 10.0 ** random.uniform(-300, 0, size)
        yield random.permutation(p / p.sum())


def informations(prior, random):
    """Budgets over the whole range: nothing, tiny, ordinary, next to the entropy, beyond it."""
    entropy = float(np.where(prior > 0, -prior * np.log(np.where(prior > 0, prior, 1)), 0).sum())
    yield from (0.0, 10.0 ** random.uniform(-300, -20), 10.0 ** random.uniform(-20, -1), entropy * random.random())
    yield from (
        entropy * (1 - 10.0 ** random.uniform(-15, -1)),
        entropy + 10.0 ** random.uniform(-15, 1),
        math.log(len(prior)) + 1,
    )
