"""Moments of the gap: Hoeffding's for one sample, its product over n, and the Gaussian one of the square."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Monotone, Sign, Space, Step, Theorem, eq, exp, integral, le, ln, lt, named,
                      sqrt, var)
from ..words import hyp, inside, rational
from .setting import DATA, GAP, H, I, LOSSES, PLACE, ROOM, RULES, SAMPLES, SOME_SAMPLES, W, copies, drawn, independent, loss, n, risk, speed, urn

t, l, L, x = var("t", "l", "L", "x")
_m = 1 - L + L * exp(-t)
_IN = lambda v, name: (hyp(f"{name} is nonnegative", le(0, v)), hyp(f"{name} is at most one", le(v, 1)))

mix = 1 - l + l * exp(-t)
_positive = lt(0, mix)
mixture_positive = Theorem(
    "mixture_positive", "A mixture of one and a positive number is positive", ROOM, PLACE, "classical", (t, l), _IN(l, "l"), _positive,
    (
        Step("none", _positive, Sign(), given=(eq(l, 0),)),
        Step("some", _positive, Sign(), given=(lt(0, l),)),
        Step("either", _positive, Cases(("none", "some"))),
    ),
    witness=lambda rng: Model({"t": rational(rng, -3, 3), "l": rational(rng)}), kind="order",
    ablations={"l is nonnegative": Model({"t": -1, "l": -1}), "l is at most one": Model({"t": 3, "l": 2})},
    says="One, or a positive number, or a mixture of both, is positive.")

_chord = le(exp(-t * l), mix)
exponential_chord = Theorem(
    "exponential_chord", "The exponential lies below its chord", ROOM, PLACE, "classical", (t, l), _IN(l, "l"), _chord,
    (
        Step("positive", _positive, Lemma("mixture_positive", Instance({t: t, l: l}))),
        Step("one end", le(ln(exp(-t) / mix), exp(-t) / mix - 1), Lemma("log_tangent", Instance({x: exp(-t) / mix}))),
        Step("other end", le(ln(1 / mix), 1 / mix - 1), Lemma("log_tangent", Instance({x: 1 / mix}))),
        Step("logarithms", le(-t * l, ln(mix)), Combination(((l, "one end"), (1 - l, "other end")))),
        Step("ratio", le(ln(mix * exp(t * l)), mix * exp(t * l) - 1), Lemma("log_tangent", Instance({x: mix * exp(t * l)}))),
        Step("chord", _chord, Combination(((exp(-t * l), "ratio"), (exp(-t * l), "logarithms")))),
    ),
    witness=lambda rng: Model({"t": rational(rng, -3, 3), "l": rational(rng)}), kind="order",
    ablations={"l is nonnegative": Model({"t": 1, "l": -1}), "l is at most one": Model({"t": 1, "l": 2})},
    says="Between zero and one an exponential is at most the straight line through its ends.")

_slope = L * exp(-t) / _m
_curve = le(ln(_m) + t * L, t ** 2 / 8)
bernoulli_moment = Theorem(
    "bernoulli_moment", "Hoeffding's lemma for a coin", ROOM, PLACE, "Hoeffding 1963", (t, L), _IN(L, "L"), _curve,
    (
        Step("positive", lt(0, _m), Lemma("mixture_positive", Instance({t: t, l: L}))),
        Step("square", le(0, (1 - L - L * exp(-t)) ** 2), Sign()),
        Step("variance", le(L * (1 - L) * exp(-t) / _m ** 2, Fraction(1, 4)), Combination(((1 / (4 * _m ** 2), "square"),))),
        Step("right", le(L - _slope, t / 4), Monotone(t, 0), given=(le(0, t),)),
        Step("left", le(t / 4, L - _slope), Monotone(t, 0), given=(le(t, 0),)),
        Step("rising", _curve, Monotone(t, 0), given=(le(0, t),)),
        Step("falling", _curve, Monotone(t, 0), given=(le(t, 0),)),
        Step("either", _curve, Cases(("rising", "falling"))),
    ),
    witness=lambda rng: Model({"t": rational(rng, -4, 4), "L": rational(rng)}), equality=lambda rng: Model({"t": 0, "L": Fraction(1, 3)}),
    says="The logarithmic moment of a coin's deviation is at most an eighth of the rate's square.")

_rate = speed / n
_each = integral(W, exp(_rate * (risk[H] - loss[H, I, W])))
_mixed = 1 - risk[H] + risk[H] * exp(-_rate)
_gap = le(integral(W, exp(speed * GAP)), exp(speed ** 2 / (8 * n)))


def below(label, low, high, order):
    """exp(low) <= exp(high) from low <= high."""
    return (Step(f"{label}, ratio", le(exp(low - high), 1), Lemma("exp_at_most_one", Instance({x: low - high}))),
            Step(label, le(exp(low), exp(high)), Combination(((exp(high), f"{label}, ratio"),))))


gap_moment = Theorem(
    "gap_moment", "The moment of a mean of n losses", ROOM, PLACE, "Hoeffding 1963", (n, speed), (SOME_SAMPLES, *LOSSES, independent(speed)), _gap,
    (
        Step("a loss", le(exp(-_rate * loss[H, I, W]), 1 - loss[H, I, W] + loss[H, I, W] * exp(-_rate)), Lemma("exponential_chord", Instance({t: _rate, l: loss[H, I, W]}))),
        Step("mean of a loss", le(_each, exp(_rate * risk[H]) * (1 - integral(W, loss[H, I, W]) + integral(W, loss[H, I, W]) * exp(-_rate))),
             Expectation("a loss", (W,), exp(_rate * risk[H]))),
        Step("a sample", le(_each, exp(_rate * risk[H]) * _mixed),
             Combination(((1, "mean of a loss"), (exp(_rate * risk[H]) * (exp(-_rate) - 1), "the risk is the expected loss on each sample")))),
        Step("low", le(0, loss[H, I, W]), Sign()),
        Step("high", le(loss[H, I, W], 1), Sign()),
        Step("mean is nonnegative", le(0, integral(W, loss[H, I, W])), Expectation("low", (W,))),
        Step("mean is at most one", le(integral(W, loss[H, I, W]), 1), Expectation("high", (W,))),
        Step("risk is nonnegative", le(0, risk[H]), Combination(((1, "mean is nonnegative"), (1, "the risk is the expected loss on each sample")))),
        Step("risk is at most one", le(risk[H], 1), Combination(((1, "mean is at most one"), (-1, "the risk is the expected loss on each sample")))),
        Step("mixture", lt(0, _mixed), Lemma("mixture_positive", Instance({t: _rate, l: risk[H]}))),
        Step("logarithm", le(ln(_each / (exp(_rate * risk[H]) * _mixed)), _each / (exp(_rate * risk[H]) * _mixed) - 1),
             Lemma("log_tangent", Instance({x: _each / (exp(_rate * risk[H]) * _mixed)}))),
        Step("coin", le(ln(_mixed) + _rate * risk[H], _rate ** 2 / 8), Lemma("bernoulli_moment", Instance({t: _rate, L: risk[H]}))),
        Step("one", le(ln(_each), _rate ** 2 / 8), Combination(((1, "logarithm"), (1, "coin"), (1 / (exp(_rate * risk[H]) * _mixed), "a sample")))),
        Step("all", le(integral(I, ln(_each)), speed ** 2 / (8 * n)), Expectation("one", (I,))),
        *below("product", integral(I, ln(_each)), speed ** 2 / (8 * n), "all"),
        Step("gap", _gap, Combination(((1, "moments of sums are at most products"), (1, "product")))),
    ),
    families=(loss, risk), spaces=(DATA, RULES, SAMPLES), witness=lambda rng: with_speed(rng, drawn(rng)), kind="order",
    ablations={"losses are nonnegative": urn((-1, -1, 1, 1), **{"lambda": 1}), "losses are at most one": urn((0, 0, 2, 2), **{"lambda": 1}),
               "moments of sums are at most products": copies(2, **{"lambda": 1})},
    says="A mean of n independent losses in [0, 1] has moments no larger than those of a normal variable of variance 1/(4 n).")


def with_speed(rng, model: Model) -> Model:
    return Model(model.variables | {"lambda": Fraction(rng.choice((-3, -2, -1, 1, 2, 3)))}, model.families, model.spaces)



# the square: a normal variable of our own, drawn beside the data, turns the moment of the square into one of the gap

NORMAL = Space("Normal", "probability", ("z",))
(Z,) = NORMAL.indices
normal = Family("g", (NORMAL,))
share = var("u")
RATE = 2 * sqrt(n * share)
LINEAR = Hypothesis("g is standard normal: a square's exponential is an average of exponentials",
    le(exp(2 * n * share * GAP ** 2), integral(Z, exp(RATE * normal[Z] * GAP))), structural=True)
TAILS = Hypothesis("g is standard normal: its square's moment", le(integral(Z, exp(share * normal[Z] ** 2 / 2)), 1 / sqrt(1 - share)), structural=True)
SHARE = (hyp("u is positive", lt(0, share)), hyp("u is below one", lt(share, 1)))


def with_normal(model: Model, u=Fraction(1, 16), weight=Fraction(1, 8), value=Fraction(21, 8)) -> Model:
    """Three points stand for the normal variable: at some gaps and this u they pass for one."""
    return Model(model.variables | {"u": u}, model.families | {"g": {(0,): value, (1,): -value, (2,): 0}}, model.spaces | {"Normal": [weight / 2, weight / 2, 1 - weight]})


def passing(rng, model: Model) -> Model:
    """The same with two points, at a u for which they pass for a normal variable at all the model's gaps."""
    n, losses, risks = int(model.variables["n"]), model.families["l"], model.families["L"]
    gaps = {float(risks[h,] - sum(losses[h, i, w] for i in range(n)) / n) for h, _, w in losses}
    while True:
        u, value = Fraction(rng.randint(1, 8), 16), Fraction(rng.randint(65, 72), 64)
        tails = math.exp(float(u * value ** 2) / 2) < (1 - float(u)) ** -0.5 - 1e-9
        if tails and all(math.cosh(2 * math.sqrt(n * float(u)) * float(value) * d) > math.exp(2 * n * float(u) * d * d) + 1e-9 for d in gaps if d):
            return with_normal(model, u, Fraction(1), value)


_square = le(integral(W, exp(2 * n * share * GAP ** 2)), 1 / sqrt(1 - share))
square_moment = Theorem(
    "square_moment", "The moment of the squared gap", ROOM, PLACE, "after Hoeffding 1963 and Kac", (n, share),
        (SOME_SAMPLES, *SHARE, *LOSSES, independent(RATE * normal[Z]), LINEAR, TAILS), _square,
    (
        Step("each rate", le(integral(W, exp(RATE * normal[Z] * GAP)), exp(share * normal[Z] ** 2 / 2)), Lemma("gap_moment", Instance({n: n, speed: RATE * normal[Z]}))),
        Step("all rates", le(integral((Z, W), exp(RATE * normal[Z] * GAP)), integral(Z, exp(share * normal[Z] ** 2 / 2))), Expectation("each rate", (Z,))),
        Step("linear", LINEAR.claim, Combination(((1, LINEAR.name),))),
        Step("data", le(integral(W, exp(2 * n * share * GAP ** 2)), integral((W, Z), exp(RATE * normal[Z] * GAP))), Expectation("linear", (W,))),
        Step("square", _square, Combination(((1, "data"), (1, "all rates"), (1, TAILS.name)))),
    ),
    families=(loss, risk, normal), spaces=(DATA, RULES, SAMPLES, NORMAL), witness=lambda rng: passing(rng, drawn(rng)), kind="order",
    ablations={"losses are nonnegative": with_normal(urn((-1, -1, 1, 1))), "losses are at most one": with_normal(urn((0, 0, 2, 2))),
        "moments of sums are at most products": with_normal(copies(2), Fraction(1, 4), Fraction(1), Fraction(107, 100))},
    says="The squared gap has exponential moments up to 2 n, free of n: (1 - u)^(-1/2) at 2 n u.")


THEOREMS = (mixture_positive, exponential_chord, bernoulli_moment, gap_moment, square_moment)
