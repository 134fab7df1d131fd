"""A fixed model: one side, no complexity, and no logarithm of N. The weights enter by their largest alone."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Step, Theorem, eq, exp, integral, le, ln, lt, named, substitute,
                      var)
from ..samples.moments import below
from ..samples.pacbayes import CHANCE, event
from ..samples.setting import DATA, EVENT, I, SAMPLES, W, bad, n
from ..words import column, hyp, inside, kl, rational
from .setting import HALF, PLACE, ROOM

p, q, t, N, x, l, share = var("p", "q", "t", "N", "x", "l", "theta")
_mixed = 1 - p + p * exp(-share * t)
_level = ln(1 - p + p * exp(-t))
_COIN = (hyp("p is nonnegative", le(0, p)), hyp("p is at most one", le(p, 1)))
_SHARE = (hyp("theta is nonnegative", le(0, share)), hyp("theta is at most one", le(share, 1)))
_back = lambda v: exp(-v) * (1 - p + p * exp(-t))
coin_power = Theorem(
    "coin_power", "A share of a coin", ROOM, PLACE, "Jensen", (t, p, share), (*_COIN, *_SHARE), le(_mixed, exp(share * _level)),
    (
        Step("positive", lt(0, 1 - p + p * exp(-t)), Lemma("mixture_positive", Instance({t: t, l: p}))),
        Step("zeros", le(exp(-share * _level), 1 - share + share * exp(-_level)), Lemma("exponential_chord", Instance({t: _level, l: share}))),
        Step("ones", le(exp(-share * (t + _level)), 1 - share + share * exp(-(t + _level))), Lemma("exponential_chord", Instance({t: t + _level, l: share}))),
        Step("level", le(ln(exp(_level) / (1 - p + p * exp(-t))), exp(_level) / (1 - p + p * exp(-t)) - 1), Lemma("log_tangent", Instance({x: exp(_level) / (1 - p + p * exp(-t))}))),
        Step("power", le(_mixed, exp(share * _level)), Combination(((exp(share * _level) * (1 - p), "zeros"), (exp(share * _level) * p, "ones"), (share * exp(share * _level) * _back(_level), "level")))),
    ),
    witness=lambda rng: Model({"t": rational(rng, -2, 2), "p": rational(rng), "theta": rational(rng)}), equality=lambda rng: Model({"t": 1, "p": HALF, "theta": 0}),
    ablations={"theta is nonnegative": Model({"t": 1, "p": HALF, "theta": -1}), "theta is at most one": Model({"t": 1, "p": HALF, "theta": 2})},
    says="The moment of a part of a coin is at most that part of the coin's moment, on the scale of logarithms.")


# the weighted mean of independent losses

loss, mean, weight = Family("l", (SAMPLES, DATA), r"\ell"), Family("r", (SAMPLES,)), Family("w", (SAMPLES,))
SEEN, TRUE = named(r"\hat{L}", (), integral(I, weight[I] * loss[I, W])), named("L", (), integral(I, weight[I] * mean[I]))
_rate = t * N * weight[I]
_each = integral(W, exp(-_rate * loss[I, W]))
_part = 1 - mean[I] + mean[I] * exp(-_rate)
_coin, _all = 1 - mean[I] + mean[I] * exp(-t), 1 - TRUE + TRUE * exp(-t)
WEIGHTS = (Hypothesis("there are samples", lt(0, n), structural=True), Hypothesis("N is positive", lt(0, N), structural=True), hyp("weights are nonnegative", le(0, weight[I])),
           hyp("weights have sum one", eq(integral(I, weight[I]), 1)), hyp("no weight is above 1/N", le(N * weight[I], 1)))
LOSSES = (hyp("losses are nonnegative", le(0, loss[I, W])), hyp("losses are at most one", le(loss[I, W], 1)), hyp("each sample has its mean", eq(integral(W, loss[I, W]) - mean[I], 0)))
INDEPENDENT = hyp("moments of sums are at most products", le(integral(W, exp(-t * N * SEEN)), exp(integral(I, ln(_each)))))
_moment = le(integral(W, exp(-t * N * SEEN)), exp(N * ln(_all)))


def pair(values, weights, number, rate, chances=(HALF, HALF), apart=Fraction(1, 64)) -> Model:
    """Two losses of two values each, which take the same side a little more rarely than independent ones (or more often, if apart is negative)."""
    sides = list(product((0, 1), repeat=2))
    law = [math.prod(c if v else 1 - c for c, v in zip(chances, side)) + (apart if side[0] != side[1] else -apart) for side in sides]
    means = [values[0] + c * (values[1] - values[0]) for c in chances]
    return Model({"n": 2, "N": number, "t": rate}, {"l": {(i, w): values[side[i]] for w, side in enumerate(sides) for i in range(2)}, "r": column(means), "w": column(weights)}, {"Samples": [1, 1], "Data": law})


def unequal(rng) -> Model:
    heavy = Fraction(rng.randint(4, 7), 8)
    return pair((0, 1), (heavy, 1 - heavy), 1 / heavy, Fraction(rng.choice((-3, -2, -1, 1, 2, 3)), 2), [Fraction(rng.randint(2, 6), 8) for _ in range(2)])


fixed_moment = Theorem(
    "fixed_moment", "The moment of a weighted mean", ROOM, PLACE, "Hoeffding 1963, here for weights", (n, N, t), (*WEIGHTS, *LOSSES, INDEPENDENT), _moment,
    (
        Step("low", le(0, loss[I, W]), Sign()), Step("high", le(loss[I, W], 1), Sign()),
        Step("mean is nonnegative", le(0, integral(W, loss[I, W])), Expectation("low", (W,))), Step("mean is at most one", le(integral(W, loss[I, W]), 1), Expectation("high", (W,))),
        Step("a mean", le(0, mean[I]), Combination(((1, "mean is nonnegative"), (1, LOSSES[2].name)))), Step("no more than one", le(mean[I], 1), Combination(((1, "mean is at most one"), (-1, LOSSES[2].name)))),
        Step("chord", le(exp(-_rate * loss[I, W]), 1 - loss[I, W] + loss[I, W] * exp(-_rate)), Lemma("exponential_chord", Instance({t: _rate, l: loss[I, W]}))),
        Step("averaged chord", le(_each, 1 - integral(W, loss[I, W]) + integral(W, loss[I, W]) * exp(-_rate)), Expectation("chord", (W,))),
        Step("positive", lt(0, _coin), Lemma("mixture_positive", Instance({t: t, l: mean[I]}))),
        Step("a part", le(_part, exp(N * weight[I] * ln(_coin))), Lemma("coin_power", Instance({t: t, p: mean[I], share: N * weight[I]}))),
        Step("a sample", le(_each, exp(N * weight[I] * ln(_coin))), Combination(((1, "averaged chord"), (exp(-_rate) - 1, LOSSES[2].name), (1, "a part")))),
        Step("logarithm", le(ln(_each / exp(N * weight[I] * ln(_coin))), _each / exp(N * weight[I] * ln(_coin)) - 1), Lemma("log_tangent", Instance({x: _each / exp(N * weight[I] * ln(_coin))}))),
        Step("one", le(ln(_each), N * weight[I] * ln(_coin)), Combination(((1, "logarithm"), (exp(-N * weight[I] * ln(_coin)), "a sample")))),
        Step("all", le(integral(I, ln(_each)), N * integral(I, weight[I] * ln(_coin))), Expectation("one", (I,))),
        Step("risk", le(0, TRUE), Sign()),
        Step("at most one", le(mean[I], 1), Sign()),
        Step("a risk", le(TRUE, integral(I, weight[I])), Expectation("at most one", (I,), weight[I])),
        Step("a probability", le(TRUE, 1), Combination(((1, "a risk"), (1, WEIGHTS[3].name)))),
        Step("mixture", lt(0, _all), Lemma("mixture_positive", Instance({t: t, l: TRUE}))),
        Step("tangent", le(ln(_coin / _all), _coin / _all - 1), Lemma("log_tangent", Instance({x: _coin / _all}))),
        Step("tangents", le(integral(I, weight[I] * ln(_coin)), integral(I, weight[I]) * (ln(_all) - 1) + (integral(I, weight[I]) - TRUE + TRUE * exp(-t)) / _all), Expectation("tangent", (I,), weight[I])),
        Step("concave", le(integral(I, weight[I] * ln(_coin)), ln(_all)), Combination(((1, "tangents"), (ln(_all) - 1 + 1 / _all, WEIGHTS[3].name)))),
        Step("logarithms", le(integral(I, ln(_each)), N * ln(_all)), Combination(((1, "all"), (N, "concave")))),
        *below("exponentials", integral(I, ln(_each)), N * ln(_all), "logarithms"),
        Step("moment", _moment, Combination(((1, INDEPENDENT.name), (1, "exponentials")))),
    ),
    families=(loss, mean, weight), spaces=(SAMPLES, DATA), witness=unequal, kind="order",
    ablations={"weights are nonnegative": pair((0, 1), (2, -1), HALF, 2, apart=-Fraction(1, 64)), "losses are nonnegative": pair((-1, 1), (HALF, HALF), 2, 1), "losses are at most one": pair((0, 2), (HALF, HALF), 2, 1)},
    says="A mean of independent losses with weights of at most 1/N has moments no larger than those of N tosses of a coin of its mean.")


# Chernoff's choice of the rate

_ratio = p * (1 - q) / (q * (1 - p))
INSIDE = tuple(Hypothesis(name, claim, structural=True) for name, claim in (("q is positive", lt(0, q)), ("q is below one", lt(q, 1)), ("p is positive", lt(0, p)), ("p is below one", lt(p, 1))))


def exponent(v):
    """Of Chernoff's bound at the best rate, the risk being v."""
    rate = ln(v * (1 - q) / (q * (1 - v)))
    return rate * q + ln(1 - v + v * exp(-rate))


_best = exponent(p)
chernoff_rate = Theorem(
    "chernoff_rate", "The best rate gives the divergence", ROOM, PLACE, "Chernoff 1952", (p, q), INSIDE, le(_best, -kl(q, p)),
    (
        Step("reciprocal", le(ln(exp(ln(_ratio)) / _ratio), exp(ln(_ratio)) / _ratio - 1), Lemma("log_tangent", Instance({x: exp(ln(_ratio)) / _ratio}))),
        Step("mixture", lt(0, 1 - p + p * exp(-ln(_ratio))), Sign()),
        Step("small", le(1 - p + p * exp(-ln(_ratio)), (1 - p) / (1 - q)), Combination(((p * exp(-ln(_ratio)), "reciprocal"),))),
        Step("logarithm", le(ln((1 - p + p * exp(-ln(_ratio))) * (1 - q) / (1 - p)), (1 - p + p * exp(-ln(_ratio))) * (1 - q) / (1 - p) - 1),
             Lemma("log_tangent", Instance({x: (1 - p + p * exp(-ln(_ratio))) * (1 - q) / (1 - p)}))),
        Step("rate", le(_best, -kl(q, p)), Combination(((1, "logarithm"), ((1 - q) / (1 - p), "small")))),
    ),
    witness=lambda rng: (lambda a, b: Model({"q": min(a, b), "p": max(a, b)}))(inside(rng), inside(rng)), kind="order",
    says="With exp(t) the odds ratio of p and q the exponent of Chernoff's bound is kl(q, p).")

UNLUCKY = hyp("on the event the mean loss is at most q", le(0, bad[W] * (q - SEEN)))
_gain = t * N * (q - SEEN)
_on, _off, _rated = eq(bad[W], 1), eq(bad[W], 0), le(CHANCE, exp(N * (t * q + ln(_all))))


def on(model: Model, reach, outcomes) -> Model:
    """The model with a q, and the event of some outcomes: none of two losses is large, the first, the second, both."""
    return Model({k: v for k, v in model.variables.items() if k != "t"} | {"q": reach}, model.families | {"b": {(w,): int(w in outcomes) for w in range(4)}}, model.spaces)


def rated(model: Model, rate) -> Model:
    return Model(model.variables | {"t": rate}, model.families, model.spaces)


def with_rate(rng, model: Model) -> Model:
    return rated(model, Fraction(rng.randint(0, 6), 2))


def below_risk(rng) -> Model:
    """A q below the risk, from far to close, and the event that the mean loss is at most q."""
    model = unequal(rng)
    w, r, losses = (model.families[k] for k in "wrl")
    reach = sum(w[k] * r[k] for k in w) * rng.choice((Fraction(1, 64), Fraction(1, 4), Fraction(7, 8), Fraction(63, 64)))
    return on(model, reach, [k for k in range(4) if sum(w[i,] * losses[i, k] for i in range(2)) <= reach])


_few, _halves = Fraction(1, 64), (HALF, HALF)
fixed_rate = Theorem(
    "fixed_rate", "The bound of a fixed model at any rate", ROOM, PLACE, "Chernoff 1952; Hoeffding 1963, here for weights", (n, N, q, t),
    (*WEIGHTS, *LOSSES, hyp("the rate is nonnegative", le(0, t)), Hypothesis("the moment is positive", lt(0, _all), structural=True), EVENT, INDEPENDENT, UNLUCKY), _rated,
    (
        *event,
        Step("gained", le(0, _gain), Combination(((t * N, UNLUCKY.name),)), given=(_on,)),
        Step("a loss", le(exp(-_gain), 1), Lemma("exp_at_most_one", Instance({x: -_gain})), given=(_on,)),
        Step("on", le(bad[W], exp(_gain)), Combination(((exp(_gain), "a loss"),)), given=(_on,)),
        Step("off", le(bad[W], exp(_gain)), Sign(), given=(_off,)),
        Step("data set", le(bad[W], exp(_gain)), Cases(("on", "off"))),
        Step("markov", le(CHANCE, exp(t * N * q) * integral(W, exp(-t * N * SEEN))), Expectation("data set", (W,))),
        Step("moment", _moment, Lemma("fixed_moment", Instance({n: n, N: N, t: t}))),
        Step("chance", _rated, Combination(((1, "markov"), (exp(t * N * q), "moment")))),
    ),
    families=(loss, mean, weight, bad), spaces=(SAMPLES, DATA), witness=lambda rng: with_rate(rng, below_risk(rng)), kind="order",
    ablations={
        "the rate is nonnegative": rated(on(pair((0, 1), _halves, 2, 1), Fraction(7, 8), (0, 1, 2)), -4), INDEPENDENT.name: rated(on(pair((0, 1), _halves, 2, 1, apart=-Fraction(1, 4)), _few, (0,)), 4),
        "losses are nonnegative": rated(on(pair((-1, 1), _halves, 2, 1, (Fraction(3, 4),) * 2), _few, (0, 1, 2)), 2), "losses are at most one": rated(on(pair((0, 2), _halves, 2, 1, (Fraction(3, 8),) * 2), _few, (0,)), 4),
        "weights are nonnegative": rated(on(pair((0, 1), (2, -1), HALF, 1, (HALF, Fraction(1, 8)), apart=-_few), _few, (0, 1)), 4)},
    says="For every rate the chance of a mean loss of q or less is at most this; at q = 0, no loss at all, the rate may grow without end and leaves (1 - L)^N.")

_odds = TRUE * (1 - q) / (q * (1 - TRUE))
_t = ln(_odds)
_at_rate = lambda h: Hypothesis(h.name, h.claim.map(lambda v: substitute(v, {t: _t})), structural=h.structural)
REACH = (Hypothesis("q is positive", lt(0, q), structural=True), Hypothesis("q is below one", lt(q, 1), structural=True), Hypothesis("the risk is below one", lt(TRUE, 1), structural=True),
         Hypothesis("the risk is positive", lt(0, TRUE), structural=True), hyp("q is at most the risk", le(q, TRUE)))
fixed_model = Theorem(
    "fixed_model", "The bound for a fixed model", ROOM, PLACE, "Chernoff 1952; Hoeffding 1963, here for weights", (n, N, q), (*WEIGHTS, *LOSSES, *REACH, EVENT, _at_rate(INDEPENDENT), UNLUCKY),
    le(CHANCE, exp(-N * kl(q, TRUE))),
    (
        Step("odds", le(ln(1 / _odds), 1 / _odds - 1), Lemma("log_tangent", Instance({x: 1 / _odds}))),
        Step("small odds", le(1 / _odds, 1), Combination(((1 / (TRUE * (1 - q)), "q is at most the risk"),))),
        Step("a rate", le(0, _t), Combination(((1, "odds"), (1, "small odds")))),
        Step("rated", le(CHANCE, exp(N * exponent(TRUE))), Lemma("fixed_rate", Instance({n: n, N: N, q: q, t: _t}))),
        Step("exponent", le(exponent(TRUE), -kl(q, TRUE)), Lemma("chernoff_rate", Instance({p: TRUE, q: q}))),
        Step("scaled", le(N * exponent(TRUE), -N * kl(q, TRUE)), Combination(((N, "exponent"),))),
        *below("exponentials", N * exponent(TRUE), -N * kl(q, TRUE), "scaled"),
        Step("chance", le(CHANCE, exp(-N * kl(q, TRUE))), Combination(((1, "rated"), (1, "exponentials")))),
    ),
    families=(loss, mean, weight, bad), spaces=(SAMPLES, DATA), witness=lambda rng: below_risk(rng), kind="order",
    ablations={
        "q is at most the risk": on(pair((0, 1), (Fraction(3, 4), Fraction(1, 4)), Fraction(4, 3), 1), Fraction(7, 8), (0, 1, 2)), INDEPENDENT.name: on(pair((0, 1), _halves, 2, 1, apart=-Fraction(1, 4)), _few, (0,)),
        "losses are nonnegative": on(pair((-1, 1), _halves, 2, 1, (Fraction(3, 4),) * 2), _few, (0, 1, 2)), "losses are at most one": on(pair((0, 2), _halves, 2, 1, (Fraction(3, 8),) * 2), _few, (0,)),
        "weights are nonnegative": on(pair((0, 1), (2, -1), HALF, 1, (HALF, Fraction(1, 8)), apart=-_few), _few, (0, 1))},
    says="A mean loss of q or less with weights of at most 1/N has a chance of exp(-N kl(q, L)) at most: a fixed model pays ln(1/delta)/N, whatever the weights below the largest.")



def mirrored(model: Model) -> Model:
    m = model.families
    return Model(model.variables | {"q": 1 - model.variables["q"]}, m | {"l": {k: 1 - v for k, v in m["l"].items()}, "r": {k: 1 - v for k, v in m["r"].items()}}, model.spaces)


# the other side: right answers in the place of wrong ones

LUCKY = hyp("on the event the mean loss is at least q", le(0, bad[W] * (SEEN - q)))
_other_odds = (1 - TRUE) * q / ((1 - q) * TRUE)
_right = ln(_other_odds) * N * weight[I]
OTHER = hyp("moments of sums are at most products", le(integral(W, exp(-ln(_other_odds) * N * integral(I, weight[I] * (1 - loss[I, W])))), exp(integral(I, ln(integral(W, exp(-_right * (1 - loss[I, W]))))))))
fixed_model_above = Theorem(
    "fixed_model_above", "The bound for a fixed model, from the other side", ROOM, PLACE, "Chernoff 1952; Hoeffding 1963, here for weights", (n, N, q),
    (*WEIGHTS[:3], Hypothesis(WEIGHTS[3].name, WEIGHTS[3].claim, structural=True), WEIGHTS[4], *LOSSES, *REACH[:-1], hyp("q is at least the risk", le(TRUE, q)), EVENT, OTHER, LUCKY), le(CHANCE, exp(-N * kl(q, TRUE))),
    (
        Step("low", le(0, 1 - loss[I, W]), Sign()), Step("high", le(1 - loss[I, W], 1), Sign()),
        Step("mean", eq(integral(W, 1 - loss[I, W]) - (1 - mean[I]), 0), Combination(((-1, LOSSES[2].name),))),
        Step("right answers", eq(integral(I, weight[I] * (1 - loss[I, W])), 1 - SEEN), Combination(((1, WEIGHTS[3].name),))),
        Step("their mean", eq(integral(I, weight[I] * (1 - mean[I])), 1 - TRUE), Combination(((1, WEIGHTS[3].name),))),
        Step("mirrored", le(CHANCE, exp(-N * kl(1 - q, 1 - TRUE))), Lemma("fixed_model", Instance({n: n, N: N, q: 1 - q}, families={"l": lambda i, w: 1 - loss[(*i, *w)], "r": lambda i: 1 - mean[i]}))),
        Step("chance", le(CHANCE, exp(-N * kl(q, TRUE))), Combination(((1, "mirrored"),))),
    ),
    families=(loss, mean, weight, bad), spaces=(SAMPLES, DATA), witness=lambda rng: mirrored(below_risk(rng)), kind="order",
    ablations={name: mirrored(fixed_model.ablations[of]) for name, of in ((OTHER.name, INDEPENDENT.name), ("losses are nonnegative", "losses are at most one"),
        ("losses are at most one", "losses are nonnegative"), ("weights are nonnegative", "weights are nonnegative"))},
    says="A mean loss of q or more, q above the risk, has no larger chance: the same bound with right answers in the place of wrong ones.")


THEOREMS = (coin_power, fixed_moment, fixed_rate, chernoff_rate, fixed_model, fixed_model_above)
