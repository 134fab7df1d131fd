"""The square of the gap: for all posteriors at once with ln(1/delta), and in mean with 1/delta. One moment, two ways to use it.

Markov's inequality on the exponential of the square gives the logarithm, on the square itself the reciprocal; the second needs the divergence only in mean.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Cases, Combination, Expectation, Family, Instance, Lemma, Model, Sign, Step, Theorem, eq, exp, integral, le, ln, lt, named, sqrt, substitute, var
from ..words import X, hyp, rational, simplex
from .moments import LINEAR, NORMAL, RATE, SHARE, TAILS, Z, normal, passing, share, with_normal
from .pacbayes import ACCURACY, CHANCE, CONFIDENCE, budget, change_of_measure, conf, divergence_of, event, gap, moment, x
from .setting import (DATA, EVENT, GAP, H, HALVES, KL, LOSSES, PLACE, POSTERIOR, POSTERIOR_GAP, PRIOR, ROOM, RULES, SAMPLES, SOME_SAMPLES, W, bad, copies, drawn,
    failed, gap_of, independent,
                      loss, n, opposed, posterior, prior, risk, urn)

FAMILIES, SPACES = (loss, risk, prior, posterior, bad, normal), (DATA, RULES, SAMPLES, NORMAL)
SETTING = (SOME_SAMPLES, *SHARE, *LOSSES, *PRIOR, *POSTERIOR, EVENT, independent(RATE * normal[Z]), LINEAR, TAILS)
_score, _top = 2 * n * share * GAP ** 2, 1 / sqrt(1 - share)
_squares = integral(H, posterior[H, W] * GAP ** 2)
_jensen = Step("square of the mean", le(POSTERIOR_GAP ** 2, _squares), Lemma("mean_square", Instance(
    families={"p": lambda h: posterior[(*h, W)], "s": lambda h: substitute(GAP, {H: h[0]})}, indices={X: (H,)})))
_moment = Step("moment", le(integral(W, exp(_score)), _top), Lemma("square_moment", Instance({n: n, share: share})))

LARGE = hyp("on the event the posterior's gap is large", le(bad[W] * (KL + ln(1 / conf) + ln(1 / (1 - share)) / 2), bad[W] * 2 * n * share * POSTERIOR_GAP ** 2))
MEAN_BUDGET = hyp("the divergence is at most K in mean", le(integral(W, KL), budget))
MISSED = hyp("on the event the posterior's gap is at least epsilon", le(bad[W] * gap ** 2, bad[W] * POSTERIOR_GAP ** 2))


def larger_gap(rng, model: Model) -> Model:
    level, n_, u = Fraction(rng.randint(1, 12), 12), int(model.variables["n"]), float(model.variables["u"])
    over = lambda w: 2 * n_ * u * float(gap_of(model, w)) ** 2 > divergence_of(model, w) - math.log(level) - math.log(1 - u) / 2 + 1e-6
    return Model(model.variables | {"delta": level}, model.families | {"b": {(w,): int(over(w)) for w in range(len(model.spaces["Data"]))}}, model.spaces)


def mean_budget(rng, model: Model) -> Model:
    weights = model.spaces["Data"]
    K = sum(float(v) * divergence_of(model, w) for w, v in enumerate(weights))
    return Model(model.variables | {"K": Fraction(math.ceil(K * 64 + 1), 64)}, model.families, model.spaces)


def mean_failures(rng, model: Model) -> Model:
    epsilon = Fraction(rng.randint(1, 12), 24)
    return failed(Model(model.variables | {"epsilon": epsilon}, model.families, model.spaces), lambda g: g ** 2 >= epsilon ** 2)


_TWO = (Fraction(1, 4), Fraction(1), Fraction(107, 100))  # u and two points that pass for a normal variable at gaps of a half
_WIDE = opposed(Fraction(16, 7), Fraction(-9, 7)), opposed(Fraction(16, 7), Fraction(16, 7)), opposed(Fraction(1, 256), Fraction(1, 2), Fraction(3, 2))
_COIN = urn((0, 0, 1, 1))


def tripled(model: Model) -> Model:
    return Model(model.variables, model.families | {"b": {w: 3 * x for w, x in model.families["b"].items()}}, model.spaces)


def broken(case) -> dict:
    """What each hypothesis is for: models of the others with gaps of one, of a half, or none, and a divergence that their budget is for."""
    return {
        "losses are nonnegative": case(with_normal(_WIDE[0]), 0, 1), "losses are at most one": case(with_normal(_WIDE[1]), 0, 1),
        "the risk is the expected loss on each sample": case(with_normal(_WIDE[2]), 0, Fraction(3, 4)),
        "p has total mass one": case(with_normal(urn((0, 0, 1, 1), p=[4]), *_TWO), Fraction(-5, 4), Fraction(1, 2)),
        "q has total mass one": case(with_normal(urn((0, 0, 1, 1), q=Fraction(3, 8)), *_TWO), Fraction(-3, 8), Fraction(3, 16)),
        "moments of sums are at most products": case(with_normal(copies(2), *_TWO), 0, Fraction(1, 2)),
        EVENT.name: tripled(case(with_normal(_COIN, *_TWO), 0, Fraction(1, 2))),
        MEAN_BUDGET.name: case(with_normal(urn(*HALVES, chosen=True), *_TWO), 0, Fraction(1, 2)),
        MISSED.name: case(with_normal(_COIN, *_TWO), 0, 2, everywhere=True),
    }


def _means(model, divergence, reached, everywhere=False) -> Model:
    return failed(Model(model.variables | {"K": divergence + Fraction(1, 64), "epsilon": Fraction(reached)}, model.families, model.spaces), lambda g: g ** 2 >= reached ** 2, everywhere)


def _every(model, divergence, reached, everywhere=False) -> Model:
    return failed(Model(model.variables | {"delta": Fraction(9, 10) if reached != 2 else Fraction(1, 3)}, model.families, model.spaces), lambda g: g ** 2 >= reached ** 2, everywhere)


every_posterior = Theorem(
    "every_posterior", "A bound for all posteriors at once", ROOM, PLACE, "after McAllester 1999", (n, conf, share), (*SETTING, CONFIDENCE, LARGE), le(CHANCE, conf),
    (
        *event, _moment, _jensen,
        Step("score", le(bad[W] * (KL + ln(_top / conf)), bad[W] * integral(H, posterior[H, W] * _score)),
            Combination(((1, LARGE.name), (2 * n * share * bad[W], "square of the mean")))),
        Step("chance", le(CHANCE, conf), Lemma("posterior_scores", Instance({conf: conf, moment: _top}, families={"f": lambda h, w: substitute(_score, {H: h[0], W: w[0]})}))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: larger_gap(rng, passing(rng, drawn(rng))), kind="order",
    ablations={k: v for k, v in broken(_every).items() if k not in (MEAN_BUDGET.name, MISSED.name, "p has total mass one", "q has total mass one")} | {
        "p has total mass one": _every(with_normal(urn((0, 0, 1, 1), p=[4]), *_TWO), 0, 2, everywhere=True),
        "q has total mass one": failed(with_normal(urn((0, 0, 1, 1), q=30, delta=Fraction(1, 4)), *_TWO), lambda g: g != 0),
            LARGE.name: _every(with_normal(_COIN, *_TWO), 0, 2, everywhere=True)},
    says="Off a share delta of the data sets the squared gap of every posterior is at most (KL + ln(1/delta) + ln(1/(1 - u))/2)/(2 n u): no logarithm of n, and no budget fixed before.")


# the mean of the divergence

_Z = integral(H, prior[H] * exp(_score))
_whole = named(r"\mathbb{E}\,\mathbb{E}_{Q}\Delta^2", (), integral((W, H), posterior[H, W] * GAP ** 2))
_cost = budget + ln(1 / (1 - share)) / 2
mean_squares = Theorem(
    "mean_squares", "The mean squared gap", ROOM, PLACE, "after Russo and Zou 2016; Xu and Raginsky 2017", (n, budget, share), (*(h for h in SETTING if h is not EVENT), MEAN_BUDGET),
    le(_whole, _cost / (2 * n * share)),
    (
        _moment, *change_of_measure(_score),
        Step("logarithm", le(ln(_Z / _top), _Z / _top - 1), Lemma("log_tangent", Instance({x: _Z / _top}))),
        Step("data set", le(2 * n * share * _squares, KL + _Z / _top - 1 + ln(_top)), Combination(((1, "change of measure"), (1, "logarithm")))),
        Step("all data sets", le(2 * n * share * _whole, integral(W, KL) + integral((W, H), prior[H] * exp(_score)) / _top - 1 + ln(_top)), Expectation("data set", (W,))),
        Step("all rules", le(integral((H, W), prior[H] * exp(_score)), _top), Expectation("moment", (H,), prior[H])),
        Step("mean", le(_whole, _cost / (2 * n * share)),
             Combination(((1 / (2 * n * share), "all data sets"), (1 / (2 * n * share * _top), "all rules"), (1 / (2 * n * share), MEAN_BUDGET.name)))),
    ),
    families=tuple(f for f in FAMILIES if f is not bad), spaces=SPACES, witness=lambda rng: mean_budget(rng, passing(rng, drawn(rng))), kind="order",
    ablations={k: v for k, v in broken(_means).items() if k not in (MISSED.name, EVENT.name)},
    says="In mean over data sets and posterior the squared gap is at most (K + ln(1/(1 - u))/2)/(2 n u), where K bounds the mean divergence.")

budget_in_mean = Theorem(
    "budget_in_mean", "The printed order, as an upper bound", ROOM, PLACE, "after Russo and Zou 2016; Bassily et al. 2018", (n, budget, share, gap),
    (*SETTING, ACCURACY, MEAN_BUDGET, MISSED), le(CHANCE, _cost / (2 * n * share * gap ** 2)),
    (
        Step("squares", le(_whole, _cost / (2 * n * share)), Lemma("mean_squares", Instance({n: n, budget: budget, share: share}))),
        *event, _jensen,
        Step("on", le(bad[W] * gap ** 2, POSTERIOR_GAP ** 2), Combination(((1, MISSED.name),)), given=(eq(bad[W], 1),)),
        Step("off", le(bad[W] * gap ** 2, POSTERIOR_GAP ** 2), Sign(), given=(eq(bad[W], 0),)),
        Step("either", le(bad[W] * gap ** 2, POSTERIOR_GAP ** 2), Cases(("on", "off"))),
        Step("data set", le(bad[W] * gap ** 2, _squares), Combination(((1, "either"), (1, "square of the mean")))),
        Step("data sets", le(CHANCE * gap ** 2, _whole), Expectation("data set", (W,))),
        Step("chance", le(CHANCE, _cost / (2 * n * share * gap ** 2)), Combination(((1 / gap ** 2, "data sets"), (1 / gap ** 2, "squares")))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: mean_failures(rng, mean_budget(rng, passing(rng, drawn(rng)))), kind="order",
    ablations=broken(_means),
    says="If the divergence is at most K in mean, (K + ln(2)/2)/(epsilon^2 delta) samples are enough (u = 1/2): the printed order, as an upper bound.")


# or: the divergence is rarely above a cut, and below it the budget holds always

cut, divergence, above, below_cut = var("c"), Family("k", (DATA,)), Family("o", (DATA,)), Family("r", (DATA,))
SPLIT = (
    hyp("c is positive", lt(0, cut)), hyp("o marks divergences of at least c", le(above[W] * cut, divergence[W])),
    hyp("what fails has a large divergence, or fails below the cut", le(bad[W], above[W] + below_cut[W])),
        hyp("the divergence is at most K in mean", le(integral(W, divergence[W]), budget)),
    hyp("below the cut delta is kept", le(integral(W, below_cut[W]), conf)))
_split = le(CHANCE, budget / cut + conf)
markov_budget = Theorem(
    "markov_budget", "A cut in the divergence", ROOM, PLACE, "Markov", (budget, conf, cut), SPLIT, _split,
    (
        Step("large", SPLIT[1].claim, Sign()),
        Step("markov", le(integral(W, above[W]) * cut, integral(W, divergence[W])), Expectation("large", (W,))),
        Step("either", SPLIT[2].claim, Sign()),
        Step("split", le(CHANCE, integral(W, above[W]) + integral(W, below_cut[W])), Expectation("either", (W,))),
        Step("chance", _split, Combination(((1, "split"), (1 / cut, "markov"), (1 / cut, SPLIT[3].name), (1, SPLIT[4].name)))),
    ),
    families=(divergence, above, below_cut, bad), spaces=(DATA,), witness=lambda rng: cut_in_two(rng), kind="order",
    ablations={SPLIT[0].name: Model({"c": -1, "K": 0, "delta": 0}, {"k": {(0,): 0}, "o": {(0,): 1}, "r": {(0,): 0}, "b": {(0,): 1}}, {"Data": [1]})},
    says="With a mean divergence of K, data sets of divergence c or more have a share K/c at most; on the others a budget of c holds always.")


def cut_in_two(rng) -> Model:
    size, c = rng.randint(1, 4), Fraction(rng.randint(1, 8), 2)
    law, k = simplex(rng, size, zeros=False), [Fraction(rng.randint(0, 12), 2) for _ in range(size)]
    o, r = [int(x >= c) for x in k], [rng.randint(0, 1) for _ in range(size)]
    mean = lambda values: sum(w * v for w, v in zip(law, values))
    return Model({"c": c, "K": mean(k) + rational(rng, 0, 1), "delta": mean(r)}, {name: {(w,): v for w, v in enumerate(values)} for name, values in (
        ("k", k), ("o", o), ("r", r), ("b", [max(x, y) for x, y in zip(o, r)]))}, {"Data": law})


THEOREMS = (every_posterior, mean_squares, budget_in_mean, markov_budget)
