"""Choosing frames one at a time: the greedy guarantee, 1 - (1 - 1/K)^K of the best set of K, at least 1 - 1/e.

Independence given the target enters through `view_monotone` and `diminishing_returns`: the best set's frames, added one at
a time to those chosen, gain in all at least what the best set tells beyond the chosen, and each gains at most what it would gain now.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Space, Step, Theorem, exp, integral, le, ln, lt, var
from ..words import hyp, positive, rational
from .setting import PLACE, ROOM

best, value, gain, number, left = var("V", "f", "g", "K", "D")
MEMBERS = Space("BestSet", "finite", ("i",), number)
(I,) = MEMBERS.indices
late, now = Family("c", (MEMBERS,)), Family("d", (MEMBERS,))
_K = Hypothesis("the best set has frames", lt(0, number), structural=True)


def _round(rng) -> Model:
    """A best set whose frames gain less and less when added after each other."""
    size = rng.randint(1, 4)
    f, alone = rational(rng, 0, 2), [rational(rng, 0, 2) for _ in range(size)]
    added = [x * rational(rng) for x in alone]
    return Model({"V": f + sum(added) * rational(rng), "f": f, "g": max(alone) + rng.choice((0, 1)) * rational(rng), "K": size},
                 {"c": {(i,): x for i, x in enumerate(added)}, "d": {(i,): x for i, x in enumerate(alone)}}, {"BestSet": [1] * size})


_rest = le(best - (value + gain), (1 - 1 / number) * (best - value))
greedy_round = Theorem(
    "greedy_round", "One greedy choice", ROOM, PLACE, "Nemhauser, Wolsey and Fisher 1978", (best, value, gain, number),
    (_K, hyp("the best set tells at most what its frames add to the chosen", le(best, value + integral(I, late[I]))),
     hyp("what a frame adds later is at most what it would add now", le(late[I], now[I])), hyp("the greedy choice adds most", le(now[I], gain))), _rest,
    (
        Step("a frame", le(late[I], gain), Combination(((1, "what a frame adds later is at most what it would add now"), (1, "the greedy choice adds most")))),
        Step("all frames", le(integral(I, late[I]), number * gain), Expectation("a frame", (I,))),
        Step("missing", le(best - value, number * gain), Combination(((1, "all frames"), (1, "the best set tells at most what its frames add to the chosen")))),
        Step("rest", _rest, Combination(((1 / number, "missing"),))),
    ),
    families=(late, now), spaces=(MEMBERS,), witness=_round, equality=lambda rng: Model({"V": 2, "f": 0, "g": 1, "K": 2}, {"c": {(0,): 1, (1,): 1}, "d": {(0,): 1, (1,): 1}}, {"BestSet": [1, 1]}),
    says="Each greedy choice closes at least a K-th of what is missing to the best set of K frames.")

ROUNDS = Space("Rounds", "finite", ("i",), number)
(R,) = ROUNDS.indices
ratio = Family("r", (ROUNDS,))
_product = best * exp(integral(R, ln(ratio[R])))


def _rounds(rng) -> Model:
    """Ratios below 1 - 1/K; the rest with some slack below their product, which is no rational number."""
    size = rng.randint(2, 4)
    ratios = [Fraction(rng.randint(1, 12), 12) * Fraction(size - 1, size) for _ in range(size)]
    whole = positive(rng)
    rest = whole * Fraction(99, 100)
    for x in ratios:
        rest *= x
    return Model({"V": whole, "D": rest, "K": size}, {"r": {(i,): x for i, x in enumerate(ratios)}}, {"Rounds": [1] * size})


greedy_guarantee = Theorem(
    "greedy_guarantee", "Greedy choice reaches 1 - 1/e of the best", ROOM, PLACE, "Nemhauser, Wolsey and Fisher 1978", (best, left, number),
    (_K, hyp("the best set tells something or nothing", le(0, best)), Hypothesis("something is missing before each choice", lt(0, ratio[R]), structural=True),
     hyp("each choice closes a K-th of what is missing", le(ratio[R], 1 - 1 / number)),
     hyp("what is missing at the end is at most the product of the ratios", le(left, _product))), le((1 - exp(-1)) * best, best - left),
    (
        Step("tangent", le(ln(ratio[R]), ratio[R] - 1), Lemma("log_tangent", Instance({var("x"): ratio[R]}))),
        Step("one choice", le(ln(ratio[R]), -1 / number), Combination(((1, "tangent"), (1, "each choice closes a K-th of what is missing")))),
        Step("all choices", le(integral(R, ln(ratio[R])), -1), Expectation("one choice", (R,))),
        Step("rest", le(exp(integral(R, ln(ratio[R])) + 1), 1), Lemma("exp_at_most_one", Instance({var("x"): integral(R, ln(ratio[R])) + 1}))),
        Step("guarantee", le((1 - exp(-1)) * best, best - left),
             Combination(((1, "what is missing at the end is at most the product of the ratios"), (best * exp(-1), "rest")))),
    ),
    families=(ratio,), spaces=(ROUNDS,), witness=_rounds, kind="order",
    ablations={"the best set tells something or nothing": Model({"V": -1, "D": Fraction(-26, 100), "K": 2}, {"r": {(0,): Fraction(1, 2), (1,): Fraction(1, 2)}}, {"Rounds": [1, 1]})},
    says="After K greedy choices at most 1/e of the best set's information is missing.")

THEOREMS = (greedy_round, greedy_guarantee)
