"""More frames: never a smaller shift. Bounded, if only scenes shift; growing without end, if each frame does."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Null, Sign, Space, Step, Theorem, dominated, eq, integral, le, ln,
                      lt, relative, var)
from ..words import X, column, hyp, positive, rational, simplex
from .setting import HALF, PLACE, ROOM

FIRST, NEXT = Space("First", "measure", ("x",)), Space("Next", "measure", ("y",))
(A,), (B,) = FIRST.indices, NEXT.indices
nu, mu = Family("nu", (FIRST, NEXT), r"\nu"), Family("mu", (FIRST, NEXT), r"\mu")
_all = integral((A, B), relative(nu[A, B], mu[A, B]))
_nu, _mu = integral(B, nu[A, B]), integral(B, mu[A, B])
PAIRS = (hyp("nu is nonnegative", le(0, nu[A, B])), hyp("mu is nonnegative", le(0, mu[A, B])), Hypothesis("nu is absolutely continuous", dominated(nu[A, B], mu[A, B]), structural=True))
frames_add_shift = Theorem(
    "frames_add_shift", "More frames, no smaller shift", ROOM, PLACE, "data processing inequality", (), PAIRS, le(integral(A, relative(_nu, _mu)), _all),
    (
        Step("zeros", PAIRS[2].claim, Sign()),
        Step("zeros of the first", dominated(_nu, _mu), Null(("zeros",), (B,))),
        Step("first", le(relative(_nu, _mu), integral(B, relative(nu[A, B], mu[A, B]))), Lemma("log_sum", Instance(families={"u": lambda y: nu[(A, *y)], "v": lambda y: mu[(A, *y)]}, indices={X: (B,)}))),
        Step("all", le(integral(A, relative(_nu, _mu)), _all), Expectation("first", (A,))),
    ),
    families=(nu, mu), spaces=(FIRST, NEXT), witness=lambda rng: paired(rng), equality=lambda rng: both((1, 0, 0, 1), (1, 0, 0, 3)),
    says="The first frames of two laws are no further apart than all of them: showing more can only widen a shift.")


def both(target, source) -> Model:
    """Two values of what is seen first, two of what is seen next, with these masses."""
    table = lambda values: {(a, b): Fraction(values[2 * a + b]) / sum(values) for a in (0, 1) for b in (0, 1)}
    return Model({}, {"nu": table(target), "mu": table(source)}, {"First": [1, 1], "Next": [1, 1]})


def paired(rng) -> Model:
    return both([rng.randint(0, 3) for _ in range(3)] + [1], [rng.randint(1, 4) for _ in range(4)])


K, J, D, t, s, r = var("K", "J", "D", "t", "s", "r")
shift_of = lambda k: D ** 2 / (2 * (t + s / k))
POSITIVE = tuple(Hypothesis(f"{name} is positive", lt(0, v), structural=True) for name, v in (("t", t), ("s", s), ("K", K)))
scene_shift_grows = Theorem(
    "scene_shift_grows", "A shift of scenes grows with frames", ROOM, PLACE, "normal laws of one variance", (K, J, D, t, s), (*POSITIVE, hyp("J is at least K", le(K, J))), le(shift_of(K), shift_of(J)),
    (
        Step("room", le(s / J, s / K), Combination(((s / (J * K), "J is at least K"),))),
        Step("grows", le(shift_of(K), shift_of(J)), Combination(((D ** 2 / (2 * (t + s / K) * (t + s / J)), "room"),))),
    ),
    witness=lambda rng: (lambda a, b: Model({"K": min(a, b), "J": max(a, b), "D": rational(rng, -2, 2), "t": positive(rng), "s": positive(rng)}))(rng.randint(1, 9), rng.randint(1, 9)),
    equality=lambda rng: Model({"K": 2, "J": 2, "D": 1, "t": 1, "s": 1}), ablations={"J is at least K": Model({"K": 2, "J": 1, "D": 1, "t": 1, "s": 1})},
    says="Scenes of variance t whose mean moves by D, seen in K frames with noise of variance s: the divergence D^2/(2 (t + s/K)) grows with K.")
scene_shift_bounded = Theorem(
    "scene_shift_bounded", "And stays below that of the scenes", ROOM, PLACE, "normal laws of one variance", (K, D, t, s), POSITIVE, le(shift_of(K), D ** 2 / (2 * t)),
    (
        Step("room", le(0, s / K), Sign()),
        Step("bounded", le(shift_of(K), D ** 2 / (2 * t)), Combination(((D ** 2 / (2 * t * (t + s / K)), "room"),))),
    ),
    witness=lambda rng: Model({"K": rng.randint(1, 9), "D": rational(rng, -2, 2), "t": positive(rng), "s": positive(rng)}), kind="order",
    says="However many frames, they shift no more than the scene that they show.")

level = var("M")
EACH = r - 1 - ln(r)
NOISE = (hyp("r is positive", lt(0, r)), hyp("each frame adds something", lt(0, EACH)), hyp("there are frames enough", le(1 + 2 * level / EACH, K)))
frame_shift_grows = Theorem(
    "frame_shift_grows", "A shift of each frame grows without end", ROOM, PLACE, "normal laws of one mean", (K, r, level), NOISE, le(level, (K - 1) * EACH / 2),
    (Step("grows", le(level, (K - 1) * EACH / 2), Combination(((EACH / 2, "there are frames enough"),))),),
    witness=lambda rng: (lambda factor, wanted: Model({"r": factor, "M": wanted, "K": math.ceil(1 + 2 * float(wanted) / (float(factor) - 1 - math.log(factor)) + 1e-9)}))(rng.choice((HALF, 2, 3)), rational(rng, 0, 3)),
    ablations={"there are frames enough": Model({"r": 2, "M": 1, "K": 1})},
    kind="order", says="If each frame's noise changes its variance by the factor r, the differences of K frames are (K - 1)(r - 1 - ln r)/2 apart, given the formula for normal laws: any level is passed.")

one, two, other, another = Family("a", (FIRST,)), Family("b", (NEXT,)), Family("c", (FIRST,)), Family("d", (NEXT,))
_product = integral((A, B), relative(one[A] * two[B], other[A] * another[B]))
APART = (hyp("a is nonnegative", le(0, one[A])), hyp("b is nonnegative", le(0, two[B])), hyp("a has total mass one", eq(integral(A, one[A]), 1)), hyp("b has total mass one", eq(integral(B, two[B]), 1)),
         Hypothesis("c is positive", lt(0, other[A]), structural=True), Hypothesis("d is positive", lt(0, another[B]), structural=True))
_sum = integral(A, relative(one[A], other[A])) + integral(B, relative(two[B], another[B]))
independent_frames = Theorem(
    "independent_frames", "Shifts of independent frames add", ROOM, PLACE, "chain rule", (), APART, eq(_product, _sum),
    (
        Step("pair", eq(relative(one[A] * two[B], other[A] * another[B]), two[B] * relative(one[A], other[A]) + one[A] * relative(two[B], another[B])), Identity()),
        Step("pairs", eq(_product, _sum), Expectation("pair", (A, B))),
    ),
    families=(one, two, other, another), spaces=(FIRST, NEXT), witness=lambda rng: apart(rng),
    says="With nothing shared behind them, K frames that shift alike are K times as far apart as one.")


def apart(rng) -> Model:
    return Model({}, {"a": column(simplex(rng, 2)), "b": column(simplex(rng, 2)), "c": column(simplex(rng, 2, zeros=False)), "d": column(simplex(rng, 2, zeros=False))}, {"First": [1, 1], "Next": [1, 1]})


THEOREMS = (frames_add_shift, scene_shift_grows, scene_shift_bounded, frame_shift_grows, independent_frames)
