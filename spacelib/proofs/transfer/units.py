"""What the unit is: scenes, not questions. Two exact counterexamples, and what weights, colours and the law of a record change."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (BallBox, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Null, Sign, Space, Step, Theorem, dominated, eq, integral, le, ln, lt,
                      relative, sqrt, term, var)
from ..words import X, hyp, kl, rational, simplex
from .setting import CONTINUOUS, HALF, MU, NU, PLACE, ROOM, SCENES, SHIFT, Z, mu, nu, shifted

k, y = var("k", "y")

# twenty scenes, fifty questions each, all questions of a scene alike

_budget = ln(2 * sqrt(term(1000)) * 20)
_lucky = hyp("eight scenes or fewer go wrong", le(k, 8))
questions_mislead = Theorem(
    "questions_mislead", "A bound that counts questions fails on eight wrong scenes of twenty", ROOM, PLACE, "a counterexample", (k,), (hyp("k is nonnegative", le(0, k)), _lucky),
    lt(_budget, 1000 * kl(k / 20, HALF)),
    (
        Step("at eight", lt(_budget, 1000 * kl(term(Fraction(2, 5)), HALF)), BallBox(())),
        Step("closer", le(kl(term(Fraction(2, 5)), HALF), kl(k / 20, HALF)), Lemma("kl_first_up", Instance({var("p"): k / 20, var("q"): HALF, var("r"): Fraction(2, 5)}))),
        Step("fails", lt(_budget, 1000 * kl(k / 20, HALF)), Combination(((1, "at eight"), (1000, "closer")))),
    ),
    witness=lambda rng: Model({"k": rng.randint(0, 8)}), kind="construction", ablations={_lucky.name: Model({"k": 10})},
    says="A fair coin a scene, copied to fifty questions: with eight wrong scenes of twenty or fewer the bound for a thousand questions at delta .05 lies below the true risk of one half.")

_tail = sum((term(math.comb(20, j)) for j in range(9)), term(0)) / 2 ** 20
questions_mislead_often = Theorem(
    "questions_mislead_often", "And so it fails five times too often", ROOM, PLACE, "exact enumeration", (), (), eq(_tail, Fraction(131975, 524288)),
    (Step("tail", eq(_tail, Fraction(131975, 524288)), Identity()),), witness=lambda rng: Model({}), kind="construction",
    says="Eight wrong scenes of twenty or fewer have a chance of .2517, five times the .05 that was allowed.")

# Kish's size is not N

_weight, _coin = Fraction(1, 100), Fraction(9998, 10000)
_kish = Fraction(1, Fraction(1, 4) + 50 * _weight ** 2)
kish_misleads = Theorem(
    "kish_misleads", "Kish's effective size is no sample size", ROOM, PLACE, "a counterexample", (), (), lt(ln(2 * sqrt(term(_kish)) * 10000), _kish * kl(HALF, _coin)),
    (Step("too far", lt(ln(2 * sqrt(term(_kish)) * 10000), _kish * kl(HALF, _coin)), BallBox(())),), witness=lambda rng: Model({}), kind="construction",
    says="One sample of weight 1/2 and fifty of 1/100, coins of .9998: when the heavy one is a zero and the others ones, the bound with 1/sum w^2 samples at delta 1/10000 lies below the risk.")
kish_misleads_often = Theorem(
    "kish_misleads_often", "And that happens with nearly twice the chance allowed", ROOM, PLACE, "exact enumeration", (), (), lt(Fraction(198, 1000000), (1 - term(_coin)) * term(_coin) ** 50),
    (Step("chance", lt(Fraction(198, 1000000), (1 - term(_coin)) * term(_coin) ** 50), BallBox(())),), witness=lambda rng: Model({}), kind="construction",
    says="The chance of that is above 1.98/10000, where 1/10000 was allowed.")

# colours: the confidence term of this room and the published one

colours_sharper = Theorem(
    "colours_sharper", "The confidence term of a colouring", ROOM, PLACE, "Ralaivola, Szafranski and Stempfel 2010 have y + 1", (y,), (hyp("y is positive", lt(0, y)),), le(2 * sqrt(y), y + 1),
    (Step("square", le(0, (sqrt(y) - 1) ** 2), Sign()), Step("sharper", le(2 * sqrt(y), y + 1), Combination(((1, "square"),)))),
    witness=lambda rng: Model({"y": Fraction(rng.randint(1, 16), rng.randint(1, 4))}), equality=lambda rng: Model({"y": 1}),
    says="With y = M/chi samples a class the term 2 sqrt y replaces the published y + 1, which follows from it.")

# sizes that go with the loss: the risk of a question is a ratio of two means

_A, _B, _hi, _lo = var("A", "B", "U", "V")
random_sizes = Theorem(
    "random_sizes", "A ratio of two bounds", ROOM, PLACE, "elementary", (_A, _B, _hi, _lo),
    (hyp("weighted losses are bounded from above", le(_A, _hi)), hyp("sizes are bounded from below", le(_lo, _B)), Hypothesis("V is positive", lt(0, _lo), structural=True), Hypothesis("U is nonnegative", le(0, _hi), structural=True),
     Hypothesis("B is positive", lt(0, _B), structural=True)),
    le(_A / _B, _hi / _lo), (Step("ratio", le(_A / _B, _hi / _lo), Combination(((1 / _B, "weighted losses are bounded from above"), (_hi / (_B * _lo), "sizes are bounded from below")))),),
    witness=lambda rng: (lambda a, b: Model({"A": a, "B": b + 1, "U": a + rational(rng), "V": 1 + b * rational(rng)}))(rational(rng), rational(rng)), equality=lambda rng: Model({"A": 1, "B": 2, "U": 1, "V": 2}),
    ablations={"weighted losses are bounded from above": Model({"A": 2, "B": 1, "U": 1, "V": 1}), "sizes are bounded from below": Model({"A": 1, "B": 1, "U": 1, "V": 2})},
    says="Where sizes vary with the loss, the risk of a question is a mean of losses times sizes over a mean of sizes: each is bounded with half of the confidence.")

# one record, drawn from a scene at random, shifts no more than the scene

RECORDS = Space("Records", "measure", ("o",))
(O,) = RECORDS.indices
record = Family("r", (RECORDS, SCENES))
_nu, _mu = integral(Z, nu[Z] * record[O, Z]), integral(Z, mu[Z] * record[O, Z])
RENDERED = (hyp("r is nonnegative", le(0, record[O, Z])), hyp("r has total mass one", eq(integral(O, record[O, Z]), 1)))
_pair = relative(nu[Z] * record[O, Z], mu[Z] * record[O, Z])
record_shift = Theorem(
    "record_shift", "What is drawn from a scene shifts no more than the scene", ROOM, PLACE, "data processing inequality; Cover and Thomas 2006, Theorem 2.8.1", (), (NU[0], MU[0], CONTINUOUS, *RENDERED),
    le(integral(O, relative(_nu, _mu)), SHIFT),
    (
        Step("same zeros", dominated(nu[Z] * record[O, Z], mu[Z] * record[O, Z]), Sign()),
        Step("zeros of records", dominated(_nu, _mu), Null(("same zeros",), (Z,))),
        Step("a record", le(relative(_nu, _mu), integral(Z, _pair)), Lemma("log_sum", Instance(families={"u": lambda z: nu[z] * record[(O, *z)], "v": lambda z: mu[z] * record[(O, *z)]}, indices={X: (Z,)}))),
        Step("records", le(integral(O, relative(_nu, _mu)), integral((O, Z), _pair)), Expectation("a record", (O,))),
        Step("together", le(integral(O, relative(_nu, _mu)), SHIFT), Combination(((1, "records"),))),
    ),
    families=(nu, mu, record), spaces=(SCENES, RECORDS), witness=lambda rng: drawn(rng), kind="order",
    says="Frames, questions and detections made from a scene by one rule, whatever their number, are no further apart than the scenes: a shift of scenes alone is bounded for every number of frames.")


def drawn(rng) -> Model:
    model = shifted(rng)
    size, kinds = len(model.spaces["Scenes"]), rng.randint(2, 3)
    rows = [simplex(rng, kinds) for _ in range(size)]
    return Model({}, {"nu": model.families["nu"], "mu": model.families["mu"], "r": {(o, z): rows[z][o] for o in range(kinds) for z in range(size)}}, model.spaces | {"Records": [1] * kinds})


THEOREMS = (questions_mislead, questions_mislead_often, kish_misleads, kish_misleads_often, colours_sharper, random_sizes, record_shift)
