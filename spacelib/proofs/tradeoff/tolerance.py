"""Accuracy within a tolerance t is not squared error: what bias and spread do to it, and where the two prefer different sides.

A normal error of bias b and deviation s is within t with the chance Phi((t - b)/s) - Phi((-t - b)/s).
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, eq, exp, integral, le, ln, lt, named, var
from ..words import column, hyp, positive
from .setting import HALF, PLACE, ROOM, numbers

t, b, s, x, m = var("t", "b", "s", "x", "m")
bell = lambda v: exp(-v ** 2 / 2)
TOLERANCE, BIAS, SPREAD = hyp("t is positive", lt(0, t)), hyp("b is positive", lt(0, b)), Hypothesis("s is positive", lt(0, s), structural=True)


# bias costs accuracy

SHIFTS = Space("Shifts", "measure", ("c",))
(C,) = SHIFTS.indices
shift = Family("c", (SHIFTS,))
LOST, GAINED = named(r"\mathrm{lost}", (), integral(C, bell(t - shift[C]))), named(r"\mathrm{gained}", (), integral(C, bell(t + shift[C])))
bias_costs = Theorem(
    "bias_costs", "Bias costs accuracy", ROOM, PLACE, "Anderson 1955, in one dimension", (t,), (hyp("t is nonnegative", le(0, t)), hyp("the biases are nonnegative", le(0, shift[C]))), le(GAINED, LOST),
    (
        Step("farther", le(0, 2 * t * shift[C]), Sign()),
        Step("tangent", le(exp(-2 * t * shift[C]), 1), Lemma("exp_at_most_one", Instance({var("x"): -2 * t * shift[C]}))),
        Step("one", le(bell(t + shift[C]), bell(t - shift[C])), Combination(((bell(t - shift[C]), "tangent"),))),
        Step("all", le(GAINED, LOST), Expectation("one", (C,))),
    ),
    families=(shift,), spaces=(SHIFTS,), witness=lambda rng: Model({"t": Fraction(rng.randint(1, 6), 4)}, {"c": column([Fraction(rng.randint(1, 6), 4) for _ in range(2)])}, {"Shifts": [1, 2]}), kind="order",
    ablations={"t is nonnegative": Model({"t": -1}, {"c": column([1])}, {"Shifts": [1]}), "the biases are nonnegative": Model({"t": 1}, {"c": column([-1])}, {"Shifts": [1]})},
    says="As the bias grows the window of right answers loses bell(t - c) at one end and gains bell(t + c) at the other: accuracy falls, for every deviation (the unit here).")


# spread costs accuracy while the bias is within the tolerance, and may raise it beyond

LEFT, RIGHT = (t - b) * bell((t - b) / s), (t + b) * bell((t + b) / s)
_slope = named(r"-s^2 \sqrt{2 \pi}\,\mathrm{Acc}'", (), LEFT + RIGHT)
NEAR = hyp("the bias is within the tolerance", le(b, t))
spread_costs = Theorem(
    "spread_costs", "Spread costs accuracy while the bias is within the tolerance", ROOM, PLACE, "elementary", (t, b, s), (TOLERANCE, hyp("b is nonnegative", le(0, b)), SPREAD, NEAR), lt(0, _slope),
    (
        Step("near side", le(0, t - b), Sign()),
        Step("inner", le(0, LEFT), Combination(((bell((t - b) / s), "near side"),))),
        Step("outer", lt(0, RIGHT), Sign()),
        Step("slope", lt(0, _slope), Combination(((1, "inner"), (1, "outer")))),
    ),
    witness=lambda rng: (lambda v: Model({"t": v, "b": v * Fraction(rng.randint(0, 8), 8), "s": positive(rng)}))(Fraction(rng.randint(1, 8), 4)), kind="order",
    ablations={NEAR.name: numbers(t=1, b=2, s=HALF), "b is nonnegative": numbers(t=1, b=-2, s=HALF), TOLERANCE.name: numbers(t=0, b=0, s=1)},
    says="d Acc/d s is negative while the bias is at most t: there more frames help.")
FAR, QUIET = hyp("the bias is beyond the tolerance", lt(t, b)), hyp("the spread is small", lt(s ** 2 * ln((b + t) / (b - t)), 2 * b * t))
_ratio = (b + t) / (b - t)
spread_helps = Theorem(
    "spread_helps", "Beyond the tolerance spread can help", ROOM, PLACE, "elementary", (t, b, s), (TOLERANCE, SPREAD, FAR, QUIET), lt(_slope, 0),
    (
        Step("odds", lt(ln(_ratio), 2 * b * t / s ** 2), Combination(((1 / s ** 2, QUIET.name),))),
        Step("tangent", le(ln(exp(2 * b * t / s ** 2) / _ratio), exp(2 * b * t / s ** 2) / _ratio - 1), Lemma("log_tangent", Instance({x: exp(2 * b * t / s ** 2) / _ratio}))),
        Step("more", lt(1, exp(2 * b * t / s ** 2) / _ratio), Combination(((1, "tangent"), (1, "odds")))),
        Step("slope", lt(_slope, 0), Combination((((b + t) * bell((b + t) / s), "more"),))),
    ),
    witness=lambda rng: (lambda v, w: Model({"t": v, "b": v * (1 + w), "s": v * Fraction(rng.randint(1, 4), 4)}))(Fraction(rng.randint(1, 4), 2), Fraction(rng.randint(1, 8), 2)), kind="order",
    ablations={FAR.name: numbers(t=2, b=1, s=1), QUIET.name: numbers(t=1, b=2, s=4)},
    says="With a bias beyond t a smaller deviation lowers the accuracy where s^2 ln((b + t)/(b - t)) is below 2 b t: more frames make it worse, down to zero.")


# equal squared error, different bias

y = var("y")
SIZES = (hyp("x is positive", lt(0, x)), hyp("x is at most y", le(x, y)), hyp("y is at most m", le(y, m)))
_density = lambda v: -ln(v) / 2 - (m - v) / (2 * v)
_rising = le(_density(x), _density(y))
small_tolerance = Theorem(
    "small_tolerance", "At equal squared error the less biased wins within a small tolerance", ROOM, PLACE, "elementary", (x, y, m), SIZES, _rising,
    (
        Step("positive", lt(0, y), Sign()),
        Step("tangent", le(ln(y / x), y / x - 1), Lemma("log_tangent", Instance({var("x"): y / x}))),
        Step("more", le(0, (y - x) * (m - y) / (2 * x * y)), Sign()),
        Step("rising", _rising, Combination(((HALF, "tangent"), (1, "more")))),
    ),
    witness=lambda rng: (lambda p, q, r: Model({"x": p, "y": p + q, "m": p + q + r}))(positive(rng), rng.choice((Fraction(0), positive(rng))), rng.choice((Fraction(0), positive(rng)))), equality=lambda rng: numbers(x=1, y=1, m=2),
    ablations={SIZES[1].name: numbers(x=2, y=1, m=2), SIZES[2].name: numbers(x=1, y=4, m=1), SIZES[0].name: numbers(x=0, y=1, m=1)},
    says="Of two normal errors with one mean square m the density at zero grows with the variance: the less biased error is right more often within a small enough tolerance.")


# many frames: Chebyshev on either side of the tolerance

NOISE = Space("Noise", "probability", ("v",))
(V,) = NOISE.indices
error, right = Family("e", (NOISE,)), Family("a", (NOISE,))
beta, spread, K = var("beta", "v", "K")
ACC = named(r"\mathrm{Acc}", (), integral(V, right[V]))
BOTH = (
    hyp("the noise has a variance of v/K", eq(integral(V, error[V] ** 2) * K - spread, 0)), Hypothesis("K is positive", lt(0, K), structural=True),
    hyp("an answer is right or wrong", eq(right[V] ** 2 - right[V], 0)),
)
MEETS, MISSES = hyp("the systematic error is below the tolerance", lt(beta, t)), hyp("the systematic error is above the tolerance", lt(t, beta))
WRONG = hyp("a wrong answer's noise is at least t - beta", le((1 - right[V]) * (t - beta) ** 2, (1 - right[V]) * error[V] ** 2))
RIGHT = hyp("a right answer's noise is at least beta - t", le(right[V] * (beta - t) ** 2, right[V] * error[V] ** 2))


def noisy(values, beta, t, rights, frames=1, **more) -> Model:
    square = sum(Fraction(e) ** 2 for e in values) / len(values)
    return Model({"beta": beta, "t": t, "K": frames, "v": square * frames} | more, {"e": column(values), "a": column(rights)}, {"Noise": [Fraction(1, len(values))] * len(values)})


def answered(rng, met: bool) -> Model:
    e = Fraction(rng.randint(1, 8), 4)
    values, small, gap = [e, -e, 0, 0], Fraction(rng.randint(0, 4), 4), Fraction(rng.randint(1, 8), 4)
    b_, t_ = (small, small + gap) if met else (small + gap, small)
    return noisy(values, b_, t_, [int(abs(b_ + v) <= t_) for v in values], rng.randint(1, 4))


_met, _missed = le(1 - spread / (K * (t - beta) ** 2), ACC), le(ACC, spread / (K * (beta - t) ** 2))
tolerance_met = Theorem(
    "tolerance_met", "Frames make a small systematic error harmless", ROOM, PLACE, "Chebyshev", (t, beta, spread, K), (*BOTH, MEETS, WRONG), _met,
    (
        Step("apart", lt(0, (t - beta) ** 2), Sign()),
        Step("wrong", le((1 - right[V]) * (t - beta) ** 2, (1 - right[V]) * error[V] ** 2), Sign()),
        Step("off", le(0, right[V] ** 2 * error[V] ** 2), Sign()),
        Step("one", le((1 - right[V]) * (t - beta) ** 2, error[V] ** 2), Combination(((1, "wrong"), (1, "off"), (error[V] ** 2, BOTH[2].name)))),
        Step("all", le((1 - ACC) * (t - beta) ** 2, integral(V, error[V] ** 2)), Expectation("one", (V,))),
        Step("met", _met, Combination(((1 / (t - beta) ** 2, "all"), (1 / (K * (t - beta) ** 2), BOTH[0].name)))),
    ),
    families=(error, right), spaces=(NOISE,), witness=lambda rng: answered(rng, True), equality=lambda rng: noisy([1, -1], 0, 1, [0, 0]),
    ablations={WRONG.name: noisy([0, 0], 0, 1, [0, 0]), BOTH[0].name: noisy([1, -1], 0, 1, [0, 0], v=0), MEETS.name: noisy([0, 0], 1, 1, [0, 0]), BOTH[2].name: noisy([1, -1], 0, 1, [-1, -1])},
    says="With beta below t the accuracy tends to one, whatever the noise's law: it is at least 1 - v/(K (t - beta)^2).")
tolerance_missed = Theorem(
    "tolerance_missed", "And a large one fatal", ROOM, PLACE, "Chebyshev", (t, beta, spread, K), (*BOTH, MISSES, RIGHT), _missed,
    (
        Step("apart", lt(0, (beta - t) ** 2), Sign()),
        Step("right", le(right[V] * (beta - t) ** 2, right[V] * error[V] ** 2), Sign()),
        Step("off", le(0, (1 - right[V]) ** 2 * error[V] ** 2), Sign()),
        Step("one", le(right[V] * (beta - t) ** 2, error[V] ** 2), Combination(((1, "right"), (1, "off"), (error[V] ** 2, BOTH[2].name)))),
        Step("all", le(ACC * (beta - t) ** 2, integral(V, error[V] ** 2)), Expectation("one", (V,))),
        Step("missed", _missed, Combination(((1 / (beta - t) ** 2, "all"), (1 / (K * (beta - t) ** 2), BOTH[0].name)))),
    ),
    families=(error, right), spaces=(NOISE,), witness=lambda rng: answered(rng, False), equality=lambda rng: noisy([1, -1], 1, 0, [1, 1]),
    ablations={RIGHT.name: noisy([0, 0], 1, 0, [1, 1]), BOTH[0].name: noisy([1, -1], 1, 0, [1, 1], v=0), MISSES.name: noisy([0, 0], 1, 1, [1, 1]), BOTH[2].name: noisy([1, -1], 1, 0, [3, 3])},
    says="With beta above t the accuracy tends to zero: it is at most v/(K (beta - t)^2).")
alpha, risk = var("alpha", "r")
FLIP = (hyp("beta^2 is above the implicit risk", lt(risk, beta ** 2)), hyp("K is above v/((1 - alpha)(t - beta)^2)", lt(spread, K * (1 - alpha) * (t - beta) ** 2)))
_gap = (ACC - alpha) * (beta ** 2 + spread / K - risk)
accuracy_flips = Theorem(
    "accuracy_flips", "Squared error and accuracy can prefer different sides", ROOM, PLACE, "elementary", (t, beta, spread, K, alpha, risk), (*BOTH, MEETS, WRONG, Hypothesis("v is nonnegative", le(0, spread), structural=True), *FLIP), lt(0, _gap),
    (
        Step("met", _met, Lemma("tolerance_met", Instance({t: t, beta: beta, spread: spread, K: K}))),
        Step("room", lt(0, (t - beta) ** 2), Sign()),
        Step("accurate", lt(alpha, ACC), Combination(((1, "met"), (1 / (K * (t - beta) ** 2), FLIP[1].name)))),
        Step("share", le(0, spread / K), Sign()),
        Step("worse", lt(0, beta ** 2 + spread / K - risk), Combination(((1, FLIP[0].name), (1, "share")))),
        Step("both", lt(0, _gap), Combination(((beta ** 2 + spread / K - risk, "accurate"),))),
    ),
    families=(error, right), spaces=(NOISE,), witness=lambda rng: flipped(rng), kind="construction",
    ablations={FLIP[0].name: noisy([0, 0], HALF, 1, [1, 1], alpha=0, r=4), FLIP[1].name: noisy([1, -1], HALF, 1, [0, 0], alpha=HALF, r=0),
               BOTH[0].name: noisy([1, -1], HALF, 1, [0, 0], v=0, alpha=HALF, r=0), BOTH[2].name: noisy([HALF, -HALF], HALF, 1, [-1, -1], alpha=-HALF, r=0)},
    says="With beta below t but beta^2 above the implicit risk, enough frames make the explicit side right more often than any accuracy alpha < 1 of the implicit side, though its squared error stays larger.")


def flipped(rng) -> Model:
    """A systematic error within the tolerance, noise small enough, an implicit side of less squared error and some accuracy."""
    b_, e = Fraction(rng.randint(1, 4), 4), Fraction(1, 64)
    return noisy([e, -e, 0, 0], b_, b_ + Fraction(rng.randint(1, 4), 8), [1] * 4, rng.randint(1, 3), alpha=Fraction(rng.randint(0, 7), 8), r=b_ ** 2 * Fraction(rng.randint(0, 7), 8))


THEOREMS = (bias_costs, spread_costs, spread_helps, small_tolerance, tolerance_met, tolerance_missed, accuracy_flips)
