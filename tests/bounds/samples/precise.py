"""The 60-digit oracle of the samples room: what a bound's safe side is held against."""

import mpmath

mpmath.mp.dps = 60


def m(value) -> mpmath.mpf:
    """The exact number that a float is."""
    return mpmath.mpf(float(value))


def assert_above(bound: float, exact: mpmath.mpf, roundings: float) -> None:
    """Never below the exact value (normal numbers), and above it by no more than so many 2^-53 of it."""
    assert m(bound) >= exact or exact < mpmath.mpf(2) ** -1022, (bound, exact)
    assert m(bound) <= exact * (1 + roundings * mpmath.mpf(2) ** -53) + mpmath.mpf(2) ** -1060, (bound, exact)


def assert_below(bound: float, exact: mpmath.mpf, roundings: float) -> None:
    """Never above the exact value, and below it by no more than so many 2^-53 of it."""
    assert m(bound) <= exact, (bound, exact)
    assert m(bound) >= exact * (1 - roundings * mpmath.mpf(2) ** -53) - mpmath.mpf(2) ** -1060, (bound, exact)
