"""How many frames are enough: looks at one target, independent given it, tell any two targets apart exponentially fast.

n(o,t) is the joint density of all K frames and a target that is uniform on M symbols. For each pair of targets a weighted geometric mean of
their densities integrates to at most exp(-K C)/M, C a Chernoff information: for frames of one kind the affinities multiply.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from ..capacity.setting import ALPHABET, J, M, O, OBSERVATION, T
from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Member, Model, Sign, Step, Theorem, delta, eq, exp, integral, larger, le,
                      ln, lt, named, var)
from ..words import hyp, inside, positive
from .setting import PLACE, ROOM

number, rate, goal, x, y, w = var("K", "C", "e", "x", "y", "w")
n, rule, weight = Family("n", (OBSERVATION, ALPHABET)), Family("d", (OBSERVATION, ALPHABET)), Family("w", (ALPHABET, ALPHABET))
smaller = lambda a, b: a + b - larger(a, b)
mean = lambda a, b, share: exp((1 - share) * ln(a) + share * ln(b))
WEIGHT = (hyp("w is nonnegative", le(0, w)), hyp("w is at most one", le(w, 1)))

_below = le(smaller(x, y), mean(x, y, w))


def _case(label, low, high, factor, case):
    """Where `low` is the smaller one the mean is low exp(z), z = factor ln(high/low), which is nonnegative."""
    z = factor * (ln(high) - ln(low))
    return (
        Step(f"{label}, order", le(low, high), Sign(), given=(case,)),
        Step(f"{label}, tangent", le(ln(low / high), low / high - 1), Lemma("log_tangent", Instance({x: low / high})), given=(case,)),
        Step(f"{label}, logarithms", le(0, ln(high) - ln(low)), Combination(((1, f"{label}, tangent"), (1 / high, f"{label}, order"))), given=(case,)),
        Step(f"{label}, power", le(ln(exp(z)), exp(z) - 1), Lemma("log_tangent", Instance({x: exp(z)})), given=(case,)),
        Step(label, _below, Combination(((low, f"{label}, power"), (low * factor, f"{label}, logarithms"))), given=(case,)),
    )


smaller_below_mean = Theorem(
    "smaller_below_mean", "The smaller of two lies below their geometric means", ROOM, PLACE, "classical",
    (x, y, w), (hyp("x is positive", lt(0, x)), hyp("y is positive", lt(0, y)), *WEIGHT), _below,
    (
        *_case("x is smaller", x, y, w, le(x, y)),
        *_case("y is smaller", y, x, 1 - w, le(y, x)),
        Step("either", _below, Cases(("x is smaller", "y is smaller"))),
    ),
    witness=lambda rng: Model({"x": positive(rng), "y": positive(rng), "w": inside(rng)}), kind="order",
    ablations={"w is nonnegative": Model({"x": 1, "y": 2, "w": -1}), "w is at most one": Model({"x": 2, "y": 1, "w": 2})},
    says="A mean of two numbers, weighted in any way, is at least the smaller one.")

RULE = (
    Hypothesis("d is nonnegative", le(0, rule[O, J]), structural=True), hyp("d has total mass one", eq(integral(J, rule[O, J]), 1)),
    hyp("only a likeliest target is named", le(rule[O, J] * n[O, T], rule[O, J] * n[O, J])),
)
LAW = (
    Hypothesis("the alphabet is not empty", lt(0, M), structural=True), Hypothesis("n is positive", lt(0, n[O, T]), structural=True),
    hyp("n has total mass one", eq(integral((O, T), n[O, T]), 1)),
)
PAIRS = (Hypothesis("w is nonnegative", le(0, weight[J, T]), structural=True), Hypothesis("w is at most one", le(weight[J, T], 1), structural=True),
         hyp("affinities of pairs fall at rate C", le((1 - delta(J, T)) * integral(O, mean(n[O, J], n[O, T], weight[J, T])), (1 - delta(J, T)) * exp(-number * rate) / M)))
BAYES = named("A", (), integral((O, T), rule[O, T] * n[O, T]))
_swap = rule[O, J] * n[O, T] + rule[O, T] * n[O, J]
_unequal = 1 - delta(J, T)
_lesser = le(_unequal * _swap, _unequal * smaller(n[O, J], n[O, T]))
_half = Fraction(1, 2)
_SAME, _DIFFERENT = eq(delta(J, T), 1), eq(delta(J, T), 0)
_error = le(1 - BAYES, (M - 1) / 2 * exp(-number * rate))


def looks(rng) -> Model:
    """K looks through one channel at a uniform target; C a little below the rate of the pair that is hardest to tell apart."""
    frames, size = rng.randint(1, 2), 2
    share = [Fraction(rng.randint(1, 3), 8), Fraction(rng.randint(5, 7), 8)]
    cells = list(product(range(2), repeat=frames))
    law = {}
    for i, cell in enumerate(cells):
        for t in range(size):
            mass = Fraction(1, size)
            for v in cell:
                mass *= share[t] if v else 1 - share[t]
            law[i, t] = mass
    named_rule = {}
    for i in range(len(cells)):
        top = max(law[i, t] for t in range(size))
        best = [t for t in range(size) if law[i, t] == top]
        named_rule |= {(i, t): Fraction(int(t in best), len(best)) for t in range(size)}
    affinity = math.sqrt(share[0] * share[1]) + math.sqrt((1 - share[0]) * (1 - share[1]))
    slow = Fraction(math.floor(-math.log(affinity) * 4096) - 1, 4096)
    return Model({"M": size, "K": frames, "C": slow}, {"n": law, "d": named_rule, "w": {(i, j): Fraction(1, 2) for i in range(size) for j in range(size)}},
                 {"Alphabet": [1] * size, "Observation": [1] * len(cells)})


pairwise_error = Theorem(
    "pairwise_error", "Errors are made between pairs", ROOM, PLACE, "Chernoff 1952; union over pairs",
    (M, number, rate), (*LAW, *RULE, *PAIRS), _error,
    (
        Step("others", le(rule[O, J] * _unequal, 1 - rule[O, T]), Member(integral(J, rule[O, J] * _unequal), J)),
        Step("the other way round", le(rule[O, T] * n[O, J], rule[O, T] * n[O, T]), Sign()),
        Step("one target", _lesser, Sign(), given=(_SAME,)),
        Step("the named one is less likely", _lesser, Combination(((1, RULE[2].name), (n[O, J], "others"))), given=(_DIFFERENT, le(n[O, J], n[O, T]))),
        Step("the other one is less likely", _lesser, Combination(((1, "the other way round"), (n[O, T], "others"))), given=(_DIFFERENT, lt(n[O, T], n[O, J]))),
        Step("two targets", _lesser, Cases(("the named one is less likely", "the other one is less likely")), given=(_DIFFERENT,)),
        Step("any pair", _lesser, Cases(("one target", "two targets"))),
        Step("all pairs", le(integral((O, J, T), _unequal * _swap), integral((O, J, T), _unequal * smaller(n[O, J], n[O, T]))), Expectation("any pair", (O, J, T))),
        Step("mean", le(smaller(n[O, J], n[O, T]), mean(n[O, J], n[O, T], weight[J, T])), Lemma("smaller_below_mean", Instance({x: n[O, J], y: n[O, T], w: weight[J, T]}))),
        Step("means", le(integral((J, T, O), _unequal * smaller(n[O, J], n[O, T])), integral((J, T, O), _unequal * mean(n[O, J], n[O, T], weight[J, T]))), Expectation("mean", (J, T, O), _unequal)),
        Step("a pair", PAIRS[2].claim, Combination(((1, PAIRS[2].name),))),
        Step("pairs", le(integral((J, T), _unequal * integral(O, mean(n[O, J], n[O, T], weight[J, T]))), (M - 1) * exp(-number * rate)), Expectation("a pair", (J, T))),
        Step("wrong answers", eq(2 * (1 - BAYES), integral((O, J, T), _unequal * _swap)), Identity()),
        Step("error", _error, Combination(((_half, "wrong answers"), (_half, "all pairs"), (_half, "means"), (_half, "pairs")))),
    ),
    families=(n, rule, weight), spaces=(ALPHABET, OBSERVATION), witness=looks, kind="order",
    says="The best answer errs at most as often as pairs of targets are confused, and that falls exponentially with the number of frames.")

REACH = hyp("there are enough frames", le(ln((M - 1) / (2 * goal)) / rate, number))
enough_frames = Theorem(
    "enough_frames", "How many frames are enough for an accuracy", ROOM, PLACE, "Chernoff 1952",
    (M, number, rate, goal), (*LAW, *RULE, *PAIRS, Hypothesis("there are two targets", lt(1, M), structural=True), Hypothesis("pairs can be told apart", lt(0, rate), structural=True),
                              Hypothesis("the error allowed is positive", lt(0, goal), structural=True), REACH), le(1 - BAYES, goal),
    (
        Step("error", _error, Lemma("pairwise_error", Instance({M: M, number: number, rate: rate}))),
        Step("looks", le(ln((M - 1) / (2 * goal)), number * rate), Combination(((rate, REACH.name),))),
        Step("small", le(exp(ln((M - 1) / (2 * goal)) - number * rate), 1), Lemma("exp_at_most_one", Instance({x: ln((M - 1) / (2 * goal)) - number * rate}))),
        Step("accurate", le(1 - BAYES, goal), Combination(((1, "error"), (goal, "small")))),
    ),
    families=(n, rule, weight), spaces=(ALPHABET, OBSERVATION), witness=lambda rng: _reached(rng), kind="order",
    says="With ln((M - 1)/(2 e))/C looks that are independent given the target, the best answer errs with probability e at most.")


def _reached(rng) -> Model:
    """An error that these looks stay under, with a margin that floats can decide."""
    model = looks(rng)
    known = model.variables
    error = (int(known["M"]) - 1) / 2 * math.exp(-float(known["K"] * known["C"]))
    return Model(known | {"e": Fraction(math.ceil(error * 256) + 1, 256)}, model.families, model.spaces)


THEOREMS = (smaller_below_mean, pairwise_error, enough_frames)
