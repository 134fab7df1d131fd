"""Ranks of a spectrum: participation ratio, effective rank, rank, ridge dimension; which is at most which, and which are not comparable."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import BallBox, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, eq, exp, integral, le, ln, lt, named, relative, var
from ..words import hyp, positive, rational, simplex
from .moments import below
from .gaussian import I, SPECTRUM, dimension
from .setting import PLACE, ROOM

x, ridge = var("x", "mu")
_H = Fraction(1, 2)
weight = Family("p", (SPECTRUM,))
_SOME = Hypothesis("there are dimensions", lt(0, dimension), structural=True)
LAW = (_SOME, hyp("p is positive", lt(0, weight[I])), hyp("p has total mass one", eq(integral(I, weight[I]), 1)))
_squares = integral(I, weight[I] ** 2)
PARTICIPATION, ENTROPY = named(r"\mathrm{PR}", (), 1 / _squares), -integral(I, relative(weight[I], 1))
EFFECTIVE_RANK = named(r"\mathrm{erank}", (), exp(ENTROPY))


def shares(rng) -> Model:
    masses = simplex(rng, rng.randint(1, 4), zeros=False)
    return Model({"d": len(masses)}, {"p": {(i,): x for i, x in enumerate(masses)}}, {"Spectrum": [1] * len(masses)})


flat = lambda rng: Model({"d": 2}, {"p": {(0,): _H, (1,): _H}}, {"Spectrum": [1, 1]})
participation_below = Theorem(
    "participation_below", "The participation ratio is at most the effective rank", ROOM, PLACE, "Renyi 1961; Roy and Vetterli 2007", (dimension,), LAW,
        le(PARTICIPATION, EFFECTIVE_RANK),
    (
        Step("square", lt(0, weight[I] ** 2), Sign()),
        Step("squares", lt(0, _squares), Sign()),
        Step("tangent", le(ln(weight[I] / _squares), weight[I] / _squares - 1), Lemma("log_tangent", Instance({x: weight[I] / _squares}))),
        Step("averaged", le(integral(I, relative(weight[I], 1)), ln(_squares)), Expectation("tangent", (I,), weight[I])),
        *below("power", -ln(_squares), ENTROPY, "averaged"),
        Step("ranks", le(PARTICIPATION, EFFECTIVE_RANK), Combination(((1, "power"),))),
    ),
    families=(weight,), spaces=(SPECTRUM,), witness=shares, equality=flat, says="1/sum p^2 is at most exp(-sum p ln p), with equality for a flat spectrum.")
effective_below = Theorem(
    "effective_below", "The effective rank is at most the rank", ROOM, PLACE, "Roy and Vetterli 2007", (dimension,), LAW, le(EFFECTIVE_RANK, dimension),
    (
        Step("tangent", le(ln(1 / (dimension * weight[I])), 1 / (dimension * weight[I]) - 1), Lemma("log_tangent", Instance({x: 1 / (dimension * weight[I])}))),
        Step("averaged", le(ENTROPY, ln(dimension)), Expectation("tangent", (I,), weight[I])),
        *below("power", ENTROPY, ln(dimension), "averaged"),
        Step("ranks", le(EFFECTIVE_RANK, dimension), Combination(((1, "power"),))),
    ),
    families=(weight,), spaces=(SPECTRUM,), witness=shares, equality=flat, says="exp(-sum p ln p) is at most the number of nonzero eigenvalues.")

first = Fraction(10, 11)  # singular values 1 and 1/10; their squares 1 and 1/100
_p, _q = var("p", "q")
_PR, _ER = 1 / (_p ** 2 + (1 - _p) ** 2), exp(-_q * ln(_q) - (1 - _q) * ln(1 - _q))
ranks_apart = Theorem(
    "ranks_apart", "Ranks of singular values and of eigenvalues do not compare", ROOM, PLACE, "this book", (_p, _q),
        (hyp("p is the share of singular value 1 beside 1/10", eq(_p, first)), hyp("q is that of the squares", eq(_q, Fraction(100, 101)))),
    lt(_ER, _PR), (Step("apart", lt(_ER, _PR), BallBox(((_p, first, first), (_q, Fraction(100, 101), Fraction(100, 101))))),),
    witness=lambda rng: Model({"p": first, "q": Fraction(100, 101)}), kind="construction",
    says="The participation ratio of singular values 1 and 1/10 is above the effective rank of their squares: a rank has to say which spectrum it is of.")

value = Family("lambda", (SPECTRUM,))
_trace, _second = integral(I, value[I]), integral(I, value[I] * (value[I] + ridge))
share = Family("r", (SPECTRUM,))
RIDGE = hyp("r is an eigenvalue's share above the ridge", eq(share[I] * (value[I] + ridge) - value[I], 0))
VALUES = (_SOME, hyp("eigenvalues are positive", lt(0, value[I])), hyp("mu is positive", lt(0, ridge)), RIDGE)
DIMENSION = named(r"d_{\mathrm{eff}}(\mu)", (), integral(I, share[I]))


def spectrum(rng) -> Model:
    values, mu = [positive(rng) for _ in range(rng.randint(1, 3))], positive(rng)
    return Model({"d": len(values), "mu": mu}, {"lambda": {(i,): v for i, v in enumerate(values)}, "r": {(i,): v / (v + mu) for i, v in enumerate(values)}},
        {"Spectrum": [1] * len(values)})


def several(eigenvalues, mu) -> Model:
    return Model({"d": len(eigenvalues), "mu": mu}, {"lambda": {(i,): Fraction(v) for i, v in enumerate(eigenvalues)},
        "r": {(i,): v / (v + Fraction(mu)) for i, v in enumerate(eigenvalues)}},
                 {"Spectrum": [1] * len(eigenvalues)})


ridge_above = Theorem(
    "ridge_above", "The ridge dimension is at most the trace over the ridge", ROOM, PLACE, "Zhang 2005", (dimension, ridge), VALUES, le(DIMENSION, _trace / ridge),
    (
        Step("share", le(share[I], value[I] / ridge), Combination(((value[I] / (ridge * (value[I] + ridge)), "eigenvalues are positive"), (1 / (value[I] + ridge), RIDGE.name)))),
        Step("all", le(DIMENSION, _trace / ridge), Expectation("share", (I,))),
    ),
    families=(value, share), spaces=(SPECTRUM,), witness=spectrum, kind="order", ablations={"eigenvalues are positive": several((-2,), 1), "mu is positive": several((1,), -_H)},
    says="However many dimensions features have, at most trace/mu of them count at ridge mu.")
_ratio = _trace / _second
ridge_below = Theorem(
    "ridge_below", "The ridge dimension and the participation ratio", ROOM, PLACE, "Cauchy and Schwarz", (dimension, ridge), VALUES, le(_trace ** 2 / _second, DIMENSION),
    (
        Step("one", lt(0, value[I] * (value[I] + ridge)), Sign()),
        Step("all", lt(0, _second), Sign()),
        Step("positive", lt(0, share[I]), Combination(((1 / (value[I] + ridge), "eigenvalues are positive"), (-1 / (value[I] + ridge), RIDGE.name)))),
        Step("square", le(0, (1 - _ratio * (value[I] + ridge)) ** 2 * share[I]), Sign()),
        Step("share", le(2 * _ratio * value[I] - _ratio ** 2 * value[I] * (value[I] + ridge), share[I]),
            Combination(((1, "square"), (_ratio ** 2 * (value[I] + ridge) - 2 * _ratio, RIDGE.name)))),
        Step("sum", le(_trace ** 2 / _second, DIMENSION), Expectation("share", (I,))),
    ),
    families=(value, share), spaces=(SPECTRUM,), witness=spectrum, 
    ablations={"eigenvalues are positive": several((1, Fraction(-1, 4)), _H), "mu is positive": several((1, 4), -2)},
        equality=lambda rng: Model({"d": 1, "mu": 1}, {"lambda": {(0,): 1}, "r": {(0,): _H}}, {"Spectrum": [1]}),
    says="The ridge dimension is at least PR/(1 + mu PR/trace).")


THEOREMS = (participation_below, effective_below, ranks_apart, ridge_above, ridge_below)
