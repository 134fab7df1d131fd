"""The setting of the tradeoff: the two risks, the crossover between them, and random models of both.

All risks are expected squared errors against the noiseless target. b is the squared bias of the implicit model, sigma^2 its labels' noise, d its fitted coefficients, n its samples; E is the
explicit risk, beta its systematic error, v what one frame adds, K the frames.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Hypothesis, Model, lt, le, named, var
from ..words import hyp, positive

ROOM, PLACE = "tradeoff", "result 4, explicit against implicit"
HALF = Fraction(1, 2)
n, d, b, sigma, E, K = var("n", "d", "b", "sigma", "E", "K")
TAU = sigma ** 2 + b  # the variance of the labels given what the implicit model sees


def implicit(n=n, d=d, b=b, sigma=sigma):
    """R_imp(n) = b + (sigma^2 + b) d/(n - d - 1)."""
    return named(r"R_{\mathrm{imp}}\left(<0>\right)", (n,), b + (sigma ** 2 + b) * d / (n - d - 1))


def crossover(d=d, b=b, sigma=sigma, E=E):
    """n* = d + 1 + (sigma^2 + b) d/(E - b)."""
    return d + 1 + (sigma ** 2 + b) * d / (E - b)


R = implicit()
N_STAR = named("{n^*}", (), crossover())
DIMENSION = Hypothesis("d is positive", lt(0, d), structural=True)
NOISE, BIAS = hyp("the noise is positive", lt(0, sigma)), hyp("b is nonnegative", le(0, b))
ENOUGH = Hypothesis("n is above d + 1", lt(d + 1, n), structural=True)
WORSE = hyp("the explicit risk is above b", lt(b, E))
LINEAR = (DIMENSION, NOISE, BIAS, ENOUGH)


def linear(rng, **more) -> Model:
    """Random d, noise, b and n; E above b."""
    d_, b_ = Fraction(rng.randint(1, 8)), rng.choice((Fraction(0), positive(rng), positive(rng)))
    return Model({"d": d_, "sigma": Fraction(rng.randint(1, 6), rng.randint(1, 4)), "b": b_, "n": d_ + 1 + positive(rng), "E": b_ + positive(rng)} | more)


def numbers(**values) -> Model:
    return Model({k: Fraction(v) for k, v in values.items()})
