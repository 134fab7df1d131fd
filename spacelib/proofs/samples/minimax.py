"""Lower bounds for every learner: two coins, many coins, rare points, a location. Rate and loss are stated together."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, eq, exp, integral, le, ln, lt, sqrt, var
from ..words import F, OMEGA, P, Q, X, hyp, inside, law, laws, rational, simplex
from .moments import below, l, t
from .pacbayes import ACCURACY, CONFIDENCE, conf, gap
from .setting import DATA, PLACE, ROOM, SOME_SAMPLES, W, n

x, dimension, slope, wide = var("x", "d", "gamma", "tau")
_H = Fraction(1, 2)
AFFINITY = integral(X, sqrt(P[X]) * sqrt(Q[X]))
_first, _second = integral(X, P[X] * F[X]), integral(X, Q[X] * (1 - F[X]))
SCORES = (hyp("f is nonnegative", le(0, F[X])), hyp("f is at most one", le(F[X], 1)))
THERE = Hypothesis("the laws overlap", lt(0, AFFINITY), structural=True)
_s = AFFINITY / 2


def told(rng) -> Model:
    while True:
        model = laws(rng, "p", "q", n=rng.randint(2, 3))
        if any(model.families["p"][k] and model.families["q"][k] for k in model.families["p"]):
            return Model({}, model.families | {"f": {k: rational(rng) for k in model.families["p"]}}, model.spaces)


_square = Step("square", le(0, (sqrt(P[X]) - _s * sqrt(Q[X])) ** 2), Sign())
_other = Step("other square", le(0, (sqrt(Q[X]) - _s * sqrt(P[X])) ** 2), Sign())
_overlap = le(AFFINITY ** 2 / 2, _first + _second)
two_errors = Theorem(
    "two_errors", "Two laws that overlap cannot be told apart", ROOM, PLACE, "Le Cam 1973", (), (*law(P, "P"), *law(Q, "Q"), *SCORES, THERE), _overlap,
    (
        _square, _other,
        Step("said second", le(2 * sqrt(P[X]) * sqrt(Q[X]) * F[X], P[X] * F[X] / _s + _s * Q[X] * F[X]), Combination(((F[X] / _s, "square"),))),
        Step("said first", le(2 * sqrt(P[X]) * sqrt(Q[X]) * (1 - F[X]), Q[X] * (1 - F[X]) / _s + _s * P[X] * (1 - F[X])), Combination((((1 - F[X]) / _s, "other square"),))),
        Step("either", le(2 * sqrt(P[X]) * sqrt(Q[X]), (P[X] * F[X] + Q[X] * (1 - F[X])) / _s + _s * (P[X] + Q[X])),
             Combination(((1, "said second"), (1, "said first"), (_s * P[X], "f is nonnegative"), (_s * Q[X], "f is at most one")))),
        Step("all", le(2 * AFFINITY, (_first + _second) / _s + 2 * _s), Expectation("either", (X,))),
        Step("errors", _overlap, Combination(((_s, "all"),))),
    ),
    families=(P, Q, F), spaces=(OMEGA,), witness=told, kind="order",
    says="Whatever is decided from the samples, the chances of error under two laws add up to half the square of their affinity at least.")

_C = Fraction(1, 64)


def pair(p, q, f, epsilon=Fraction(1, 8), delta=Fraction(1, 50)) -> Model:
    """Two laws on two points and what is decided there."""
    at = lambda values: {(k,): Fraction(v) for k, v in enumerate(values)}
    return Model({"n": 1, "epsilon": epsilon, "delta": delta}, {"p": at(p), "q": at(q), "f": at(f)}, {"Omega": [1, 1]})


SMALL = hyp("epsilon is below one", lt(gap, 1))
PRODUCT = hyp("affinities of independent samples multiply", le(exp(n * ln(1 - gap ** 2)), AFFINITY ** 2))
ERRORS = (hyp("the first error is at most delta", le(_first, conf)), hyp("the second error is at most delta", le(_second, conf)))
_level = le(exp(n * ln(1 - gap ** 2)) / 4, conf)
two_coins = Theorem(
    "two_coins", "Telling two coins apart", ROOM, PLACE, "Le Cam 1973", (n, conf, gap), (SOME_SAMPLES, ACCURACY, SMALL, *two_errors.hypotheses, PRODUCT, *ERRORS), _level,
    (
        Step("errors", _overlap, Lemma("two_errors", Instance())),
        Step("level", _level, Combination(((Fraction(1, 4), PRODUCT.name), (_H, "errors"), (_H, ERRORS[0].name), (_H, ERRORS[1].name)))),
    ),
    families=(P, Q, F), spaces=(OMEGA,), witness=lambda rng: coins(rng), kind="order",
    ablations={
        "P has total mass one": pair((100, _C), (_C, 1 - _C), (0, 1)), "Q has total mass one": pair((1 - _C, _C), (_C, 100), (0, 1)),
        "f is nonnegative": pair((_H, _H), (_C, 1 - _C), (Fraction(-9, 10), 1), Fraction(5, 8), Fraction(3, 50)),
        "f is at most one": pair((_C, 1 - _C), (_H, _H), (Fraction(19, 10), 0), Fraction(5, 8), Fraction(3, 50)),
        ERRORS[0].name: pair((_H, _H), (_H, _H), (1, 1)), ERRORS[1].name: pair((_H, _H), (_H, _H), (0, 0))},
    says="No rule predicts the likelier side of a coin of chance (1 + epsilon)/2 or (1 - epsilon)/2 with an error below (1 - epsilon^2)^n/4 from n tosses.")


def coins(rng) -> Model:
    """n tosses of either coin, by the number of ones; the affinity has a little room."""
    tosses, eps = rng.randint(1, 3), Fraction(rng.randint(1, 7), 8)
    up, down = (1 + eps) / 2, (1 - eps) / 2
    mass = lambda odds: {(k,): math.comb(tosses, k) * odds ** k * (1 - odds) ** (tosses - k) for k in range(tosses + 1)}
    p, q = mass(up), mass(down)
    guess = {(k,): Fraction(int(2 * k < tosses)) + (_H if 2 * k == tosses else 0) for k in range(tosses + 1)}
    error = sum(p[k] * guess[k] for k in p), sum(q[k] * (1 - guess[k]) for k in q)
    return Model({"n": tosses, "epsilon": eps + Fraction(1, 64), "delta": max(error) + rational(rng, 0, Fraction(1, 4))}, {"p": p, "q": q, "f": guess}, {"Omega": [1] * (tosses + 1)})


FLOOR = hyp("delta is at least the two coins' floor", _level)
_needed = (1 - gap ** 2) * ln(1 / (4 * conf)) / gap ** 2
two_coins_samples = Theorem(
    "two_coins_samples", "The logarithm of delta is necessary for every learner", ROOM, PLACE, "elementary", (n, conf, gap),
        (SOME_SAMPLES, ACCURACY, SMALL, Hypothesis(CONFIDENCE.name, CONFIDENCE.claim, structural=True), FLOOR), le(_needed, n),
    (
        Step("ratio", le(ln(exp(n * ln(1 - gap ** 2)) / (4 * conf)), exp(n * ln(1 - gap ** 2)) / (4 * conf) - 1),
            Lemma("log_tangent", Instance({x: exp(n * ln(1 - gap ** 2)) / (4 * conf)}))),
        Step("logarithm", le(n * ln(1 - gap ** 2), ln(4 * conf)), Combination(((1, "ratio"), (1 / conf, FLOOR.name)))),
        Step("one toss", le(ln(1 / (1 - gap ** 2)), 1 / (1 - gap ** 2) - 1), Lemma("log_tangent", Instance({x: 1 / (1 - gap ** 2)}))),
        Step("samples", le(_needed, n), Combination((((1 - gap ** 2) / gap ** 2, "logarithm"), (n * (1 - gap ** 2) / gap ** 2, "one toss")))),
    ),
    witness=lambda rng: floor_of(rng), kind="order",
    says="An error of delta below epsilon in excess takes (1 - epsilon^2) ln(1/(4 delta))/epsilon^2 samples.")


def floor_of(rng) -> Model:
    size, eps = rng.randint(1, 12), Fraction(rng.randint(1, 7), 8)
    return Model({"n": size, "epsilon": eps, "delta": Fraction(math.ceil((1 - float(eps) ** 2) ** size / 4 * 2 ** 20) + rng.randint(1, 9), 2 ** 20)})


# many cells

ONE = hyp("there is a sample", le(1, n))
_stay = le(_H, exp(n * ln(1 - 1 / (2 * n))))
unseen = Theorem(
    "half_unseen", "A cell of chance 1/(2 n) stays unseen in half the data sets", ROOM, PLACE, "Bernoulli", (n,), (ONE,), _stay,
    (
        Step("chord", le(exp(-ln(2) * (1 / n)), 1 - 1 / n + 1 / n * exp(-ln(2))), Lemma("exponential_chord", Instance({t: ln(2), l: 1 / n}))),
        Step("ratio", le(ln(exp(-ln(2) * (1 / n)) / (1 - 1 / (2 * n))), exp(-ln(2) * (1 / n)) / (1 - 1 / (2 * n)) - 1),
            Lemma("log_tangent", Instance({x: exp(-ln(2) * (1 / n)) / (1 - 1 / (2 * n))}))),
        Step("logarithm", le(-ln(2), n * ln(1 - 1 / (2 * n))), Combination(((n, "ratio"), (n / (1 - 1 / (2 * n)), "chord")))),
        *below("power", -ln(2), n * ln(1 - 1 / (2 * n)), "logarithm"),
        Step("half", _stay, Combination(((1, "power"),))),
    ),
    witness=lambda rng: Model({"n": 1 + rng.randint(0, 12) + rational(rng) + Fraction(1, 64)}), kind="order", ablations={"there is a sample": Model({"n": Fraction(3, 5)})},
    says="After n draws a cell of chance 1/(2 n) is unseen with chance one half at least.")

CELLS = Space("Cells", "finite", ("c",), dimension)
(C,) = CELLS.indices
count, excess = Family("N", (CELLS, DATA)), Family("e", (CELLS,))
_edge = 1 - dimension / (2 * n)  # 1 - 4 gamma^2, gamma being matched to the samples
CELL = hyp("a cell's excess is at least that of two coins", le(2 * slope / dimension * integral(W, exp(count[C, W] * ln(_edge))) / 4, excess[C]))
COUNTS = hyp("counts are binomial", le(exp(n * ln(1 - 1 / (2 * n))), integral(W, exp(count[C, W] * ln(_edge)))))
_total = integral(C, excess[C])
assouad = Theorem(
    "assouad", "A dimension is necessary for every learner", ROOM, PLACE, "Assouad 1983", (n, dimension, slope),
    (Hypothesis(ONE.name, ONE.claim, structural=True), Hypothesis("there are cells", lt(0, dimension), structural=True), Hypothesis("gamma is nonnegative",
        le(0, slope), structural=True), Hypothesis("gamma is matched to the samples", eq(8 * n * slope ** 2 - dimension, 0), structural=True),
            Hypothesis("there are samples for the cells", lt(dimension, 2 * n), structural=True), CELL, COUNTS), le(slope / 4, _total),
    (
        Step("cell", le(2 * slope / dimension * exp(n * ln(1 - 1 / (2 * n))) / 4, excess[C]), Combination(((1, CELL.name), (slope / (2 * dimension), COUNTS.name)))),
        Step("half", _stay, Lemma("half_unseen", Instance({n: n}))),
        Step("cells", le(slope / 2 * exp(n * ln(1 - 1 / (2 * n))), _total), Expectation("cell", (C,))),
        Step("excess", le(slope / 4, _total), Combination(((1, "cells"), (slope / 2, "half")))),
    ),
    families=(count, excess), spaces=(CELLS, DATA), witness=lambda rng: cells(rng), kind="order",
    says="If each of d cells holds a coin of chance 1/2 +- gamma, gamma^2 = d/(8 n), as hard to tell as two coins are, some assignment leaves every learner an excess of gamma/4 = (d/n)^(1/2)/(8 2^(1/2)).")


def cells(rng) -> Model:
    """One or two cells, counts below the binomial ones, so that floats can tell."""
    d, n_ = rng.randint(1, 2), Fraction(rng.randint(9, 32), 8)
    gamma = Fraction(1, rng.randint(3, 5))
    n_ = d / (8 * gamma ** 2)
    edge = 1 - d / (2 * float(n_))
    law = simplex(rng, 2, zeros=False)
    counts = {(c, w): n_ / d * Fraction(rng.randint(1, 7), 8) for c in range(d) for w in range(2)}
    least = [float(2 * gamma / d) * sum(float(law[w]) * edge ** float(counts[c, w]) for w in range(2)) / 4 for c in range(d)]
    if any(sum(float(law[w]) * edge ** float(counts[c, w]) for w in range(2)) < (1 - 1 / (2 * float(n_))) ** float(n_) + 1e-9 for c in range(d)):
        return cells(rng)
    return Model({"n": n_, "d": d, "gamma": gamma}, {"N": counts, "e": {(c,): Fraction(math.ceil(v * 4096) + rng.randint(1, 40), 4096) for c,
        v in enumerate(least)}}, {"Cells": [1] * d, "Data": law})


# rare points, and a location

POINTS = hyp("a point that was not seen is guessed", le(exp(n * ln(1 - 1 / (2 * n))) / (4 * n), excess[C]))
rare_points = Theorem(
    "rare_points", "Without noise the order is one over epsilon", ROOM, PLACE, "Ehrenfeucht, Haussler, Kearns and Valiant 1989", (n, dimension),
        (ONE, Hypothesis("there are cells", lt(0, dimension), structural=True), POINTS),
    le(dimension / (8 * n), _total),
    (
        Step("half", _stay, Lemma("half_unseen", Instance({n: n}))),
        Step("point", le(1 / (8 * n), excess[C]), Combination(((1, POINTS.name), (1 / (4 * n), "half")))),
        Step("points", le(dimension / (8 * n), _total), Expectation("point", (C,))),
    ),
    families=(excess,), spaces=(CELLS,), witness=lambda rng: points_of(rng), kind="order",
    says="d points of chance 1/(2 n) each, beside one on which all rules agree, leave every learner an error of d/(8 n) where labels have no noise.")


def points_of(rng) -> Model:
    d, n_ = rng.randint(1, 3), rng.randint(1, 9)
    least = (1 - 1 / (2 * n_)) ** n_ / (4 * n_)
    return Model({"n": n_, "d": d}, {"e": {(c,): Fraction(math.ceil(least * 4096) + rng.randint(1, 40), 4096) for c in range(d)}}, {"Cells": [1] * d})


place, guess, centre = Family("theta", (CELLS, DATA)), Family("g", (CELLS, DATA)), Family("m", (CELLS, DATA))
ORTHOGONAL = hyp("m is the posterior mean: its error is orthogonal to what the data say", eq(integral(W, (centre[C, W] - place[C, W]) * (guess[C, W] - centre[C, W])), 0))
SPREAD = hyp("the posterior variance is that of a normal prior", le(wide / (1 + n * wide), integral(W, (centre[C, W] - place[C, W]) ** 2)))
_risk = integral((C, W), (guess[C, W] - place[C, W]) ** 2) / 2
location = Theorem(
    "location", "With squared loss the order is d over n", ROOM, PLACE, "Lehmann and Casella 1998, chapter 5", (n, dimension, wide),
    (SOME_SAMPLES, Hypothesis("there are cells", lt(0, dimension), structural=True), hyp("tau is positive", lt(0, wide)), ORTHOGONAL, SPREAD),
        le(dimension / (2 * n) * (1 - 1 / (1 + n * wide)), _risk),
    (
        Step("square", le(0, (guess[C, W] - centre[C, W]) ** 2), Sign()),
        Step("squares", le(0, integral(W, (guess[C, W] - centre[C, W]) ** 2)), Expectation("square", (W,))),
        Step("coordinate", le(wide / (1 + n * wide), integral(W, (guess[C, W] - place[C, W]) ** 2)), Combination(((1, "squares"), (1, SPREAD.name), (-2, ORTHOGONAL.name)))),
        Step("all", le(dimension * wide / (1 + n * wide), integral((C, W), (guess[C, W] - place[C, W]) ** 2)), Expectation("coordinate", (C,))),
        Step("risk", le(dimension / (2 * n) * (1 - 1 / (1 + n * wide)), _risk), Combination(((_H, "all"),))),
    ),
    families=(place, guess, centre), spaces=(CELLS, DATA), witness=lambda rng: located(rng),
    equality=lambda rng: Model({"n": 3, "d": 1, "tau": 1}, {"theta": {(0, 0): _H, (0, 1): -_H}, "m": {(0, 0): 0, (0, 1): 0}, "g": {(0, 0): 0, (0, 1): 0}},
        {"Cells": [1], "Data": [_H, _H]}),
    says="No estimate of a normal mean in d dimensions has a mean excess below d/(2 n), less a share 1/(1 + n tau) that a wide prior removes.")


def located(rng) -> Model:
    """Signs that the data tell only in part."""
    d, tau, n_ = rng.randint(1, 2), Fraction(rng.randint(1, 8), 4), rng.randint(1, 4)
    scale = Fraction(rng.randint(4, 8), 4)
    theta, m, g = {}, {}, {}
    for c in range(d):
        shift = rational(rng, -1, 1)
        for w, (side, sign) in enumerate(((1, 1), (1, -1), (-1, 1), (-1, -1))):
            m[c, w], theta[c, w], g[c, w] = Fraction(side), Fraction(side) + scale * sign, side + shift * side
    return Model({"n": n_, "d": d, "tau": tau}, {"theta": theta, "m": m, "g": g}, {"Cells": [1] * d, "Data": [Fraction(1, 4)] * 4})


THEOREMS = (two_errors, two_coins, two_coins_samples, unseen, assouad, rare_points, location)
