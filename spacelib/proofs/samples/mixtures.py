"""The moment lemma for every n: one mixture of coins is nearly as likely as the best coin in hindsight.

The mixture of Krichevsky and Trofimov gives the next outcome the chance (a + 1/2)/(N + 1), a the number of earlier outcomes like it among N. Round by round its likelihood
falls behind that of the best coin by no more than the logarithm of n grows: in all by ln(2 sqrt n). Counts telescope along a sequence; that is what the hypotheses on `a` and
`N` say, and the kernel needs no induction.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Monotone, Sign, Space, Step, Theorem, eq, exp, integral,
    le, ln, lt, relative, sqrt,
                      substitute, var)
from ..words import hyp, inside, kl, positive, rational
from .moments import below
from .setting import PLACE, ROOM, SOME_SAMPLES, n

x, s, a, N, p = var("x", "s", "a", "N", "p")
_H = Fraction(1, 2)

above = Theorem(
    "logarithm_of_ratio", "A ratio about one", ROOM, PLACE, "classical", (s,), (hyp("s is nonnegative", le(0, s)), hyp("s is below one", lt(s, 1))), le(2 * s, ln((1 + s) / (1 - s))),
    (Step("rising", le(2 * s, ln((1 + s) / (1 - s))), Monotone(s, 0)),),
    witness=lambda rng: Model({"s": inside(rng)}), equality=lambda rng: Model({"s": 0}), ablations={"s is nonnegative": Model({"s": -_H})},
    says="The logarithm of (1 + s)/(1 - s) is at least 2 s.")
_upper = le(ln((1 + s) / (1 - s)), 2 * s - s * ln(1 - s ** 2))
ratio_above = Theorem(
    "logarithm_of_ratio_above", "A ratio about one, from above", ROOM, PLACE, "elementary", (s,), above.hypotheses, _upper,
    (
        Step("square", lt(0, 1 - s ** 2), Sign()),
        Step("tangent", le(ln(1 - s ** 2), -s ** 2), Lemma("log_tangent", Instance({x: 1 - s ** 2}))),
        Step("squares", le(0, s ** 2), Sign()),
        Step("logarithm", le(ln(1 - s ** 2), 0), Combination(((1, "tangent"), (1, "squares")))),
        Step("rising", _upper, Monotone(s, 0)),
    ),
    witness=lambda rng: Model({"s": inside(rng)}), equality=lambda rng: Model({"s": 0}), ablations={"s is nonnegative": Model({"s": -_H})},
    says="The logarithm of (1 + s)/(1 - s) exceeds 2 s by no more than s ln(1/(1 - s^2)).")

_like = le(relative(a + 1, 1) - relative(a, 1) - ln(a + _H), 1)
_s = 1 / (2 * a + 1)
earlier = Theorem(
    "outcomes_like_it", "What one more outcome of a kind costs", ROOM, PLACE, "Krichevsky and Trofimov 1981", (a,), (hyp("a is nonnegative", le(0, a)),), _like,
    (
        Step("none, tangent", le(ln(2), 1), Lemma("log_tangent", Instance({x: 2})), given=(eq(a, 0),)),
        Step("none", _like, Combination(((1, "none, tangent"),)), given=(eq(a, 0),)),
        Step("some, ratio", le(ln((1 + _s) / (1 - _s)), 2 * _s - _s * ln(1 - _s ** 2)), Lemma("logarithm_of_ratio_above", Instance({s: _s})), given=(lt(0, a),)),
        Step("some", _like, Combination((((2 * a + 1) / 2, "some, ratio"),)), given=(lt(0, a),)),
        Step("either", _like, Cases(("none", "some"))),
    ),
    witness=lambda rng: Model({"a": rational(rng, 0, 6)}), kind="order", ablations={"a is nonnegative": Model({"a": Fraction(-1, 4)})},
    says="In (a + 1) ln(a + 1) - a ln a the logarithm grows by ln(a + 1/2) and less than one.")

_round = le(relative(a + 1, 1) - relative(a, 1) - (N + 3 * _H) * ln(N + 1) + (N + _H) * ln(N), ln((a + _H) / (N + 1)))
_t = 1 / (2 * N + 1)
one_round = Theorem(
    "mixture_round", "One round of the mixture", ROOM, PLACE, "Krichevsky and Trofimov 1981; Willems, Shtarkov and Tjalkens 1995", (a, N),
        (hyp("a is nonnegative", le(0, a)), hyp("N is positive", lt(0, N))), _round,
    (
        Step("outcome", _like, Lemma("outcomes_like_it", Instance({a: a}))),
        Step("all", le(2 * _t, ln((1 + _t) / (1 - _t))), Lemma("logarithm_of_ratio", Instance({s: _t}))),
        Step("round", _round, Combination(((1, "outcome"), ((2 * N + 1) / 2, "all")))),
    ),
    witness=lambda rng: Model({"a": rational(rng, 0, 6), "N": positive(rng)}), kind="order",
    says="In each round the mixture's chance of the outcome covers what the best coin in hindsight gains, less the growth of half a logarithm.")

ROUNDS, OUTCOMES = Space("Rounds", "measure", ("r",)), Space("Outcomes", "measure", ("y",))
(R,), (Y,) = ROUNDS.indices, OUTCOMES.indices
like, number, ones = Family("a", (ROUNDS, OUTCOMES)), Family("N", (ROUNDS,)), Family("s", (OUTCOMES,))
COUNTS = (
    Hypothesis("a is nonnegative", le(0, like[R, Y]), structural=True), Hypothesis("N is positive", lt(0, number[R]), structural=True),
    Hypothesis("there are no fewer than no ones", le(0, ones[Y]), structural=True), Hypothesis("there are no more ones than samples", le(ones[Y], n), structural=True),
    Hypothesis("counts of like outcomes telescope", le(relative(ones[Y], 1) + relative(n - ones[Y], 1),
        integral(R, relative(like[R, Y] + 1, 1) - relative(like[R, Y], 1))), structural=True),
    Hypothesis("counts of rounds telescope", le(integral(R, (number[R] + 3 * _H) * ln(number[R] + 1) - (number[R] + _H) * ln(number[R])), (n + _H) * ln(n)), structural=True),
)
_mixture = ln(_H) + integral(R, ln((like[R, Y] + _H) / (number[R] + 1)))
_best = relative(ones[Y], n) + relative(n - ones[Y], n)
_regret = le(_best - ln(2 * sqrt(n)), _mixture)
mixture_regret = Theorem(
    "mixture_regret", "The mixture falls behind by ln(2 sqrt n) at most", ROOM, PLACE, "Krichevsky and Trofimov 1981; Willems, Shtarkov and Tjalkens 1995", (n,),
        (SOME_SAMPLES, *COUNTS), _regret,
    (
        Step("round", _round.map(lambda t: substitute(t, {a: like[R, Y], N: number[R]})), Lemma("mixture_round", Instance({a: like[R, Y], N: number[R]}))),
        Step("rounds", le(integral(R, relative(like[R, Y] + 1, 1) - relative(like[R, Y], 1)) - integral(R, (number[R] + 3 * _H) * ln(number[R] + 1) - (number[R] + _H) * ln(number[R])),
                          integral(R, ln((like[R, Y] + _H) / (number[R] + 1)))), Expectation("round", (R,))),
        Step("regret", _regret, Combination(((1, "rounds"), (1, COUNTS[4].name), (1, COUNTS[5].name)))),
    ),
    families=(like, number, ones), spaces=(ROUNDS, OUTCOMES), witness=lambda rng: sequences(rng.randint(2, 4)), kind="order",
    says="The logarithm of the mixture's likelihood is at least that of the best coin in hindsight less ln(2 sqrt n), for every sequence of n outcomes.")


def sequences(size: int) -> Model:
    """All sequences of so many outcomes, counts a little to the safe side of telescoping, where floats can tell."""
    words = list(product((0, 1), repeat=size))
    before = {(r, y): sum(int(v == word[r + 1]) for v in word[:r + 1]) + Fraction(1, 1024) for r in range(size - 1) for y, word in enumerate(words)}
    return Model({"n": size}, {"a": before, "N": {(r,): r + 1 - Fraction(1, 1024) for r in range(size - 1)}, "s": {(y,): sum(word) for y, word in enumerate(words)}},
                 {"Rounds": [1] * (size - 1), "Outcomes": [1] * len(words)})


THEOREMS = (above, ratio_above, earlier, one_round, mixture_regret)
