"""Losses of finite variance only: the reciprocal of delta is necessary for the empirical mean, 1 + chi^2 takes the divergence's place, and a better mean has neither."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import permutations

from ..kernel import Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Step, Theorem, delta, eq, exp, integral, le, ln, lt, var
from ..words import hyp, inside, positive, rational, simplex
from .lower import chance, size
from .moments import below, l, t
from .pacbayes import ACCURACY, CHANCE, CONFIDENCE, conf, gap
from .setting import DATA, EVENT, H, I, J, PLACE, ROOM, RULES, SAMPLES, SOME_SAMPLES, W, bad, independent, loss, n, prior, risk

x, variance = var("x", "v")
_H = Fraction(1, 2)
ATOM = (Hypothesis("x is nonnegative", le(0, x), structural=True), hyp("x is at most one", le(x, 1)))
SAMPLE = hyp("there is more than one sample", lt(1, n))
_once = x * exp((n - 1) * ln(1 - x / n))
lone_outlier = Theorem(
    "lone_outlier", "One outlier spoils the mean", ROOM, PLACE, "Catoni 2012", (n, x), (SAMPLE, *ATOM), le(x * exp(-x), _once),
    (
        Step("tangent", le(ln(n / (n - x)), n / (n - x) - 1), Lemma("log_tangent", Instance({x: n / (n - x)}))),
        Step("slack", le(0, x * (1 - x) / (n - x)), Sign()),
        Step("exponent", le(-x, (n - 1) * ln(1 - x / n)), Combination((((n - 1), "tangent"), (1, "slack")))),
        *below("power", -x, (n - 1) * ln(1 - x / n), "exponent"),
        Step("outlier", le(x * exp(-x), _once), Combination(((x, "power"),))),
    ),
    witness=lambda rng: Model({"n": 1 + positive(rng), "x": rational(rng)}), kind="order",
    ablations={"x is at most one": Model({"n": 4, "x": 3})},
    says="n samples that are n epsilon or -n epsilon with chance x/n altogether have a mean off by epsilon with chance x exp(-x) at least.")
outlier_level = Theorem(
    "outlier_level", "The empirical mean needs the reciprocal of delta", ROOM, PLACE, "Catoni 2012", (n, conf, gap, variance, x),
    (Hypothesis(SAMPLE.name, SAMPLE.claim, structural=True), CONFIDENCE, ACCURACY, *ATOM, hyp("the outliers have variance v", eq(x * n * gap ** 2 - variance, 0)),
     hyp("there are few samples", le(n, variance * exp(-1) / (conf * gap ** 2)))), le(conf, _once),
    (
        Step("outlier", le(x * exp(-x), _once), Lemma("lone_outlier", Instance({n: n, x: x}))),
        *below("power", -1, -x, "x is at most one"),
        Step("level", le(conf, x * exp(-1)), Combination(((conf / n, "there are few samples"), (-exp(-1) / (n * gap ** 2), "the outliers have variance v")))),
        Step("fails", le(conf, _once), Combination(((1, "level"), (x, "power"), (1, "outlier")))),
    ),
    witness=lambda rng: few(rng), kind="order", ablations={"x is at most one": Model({"n": 4, "x": 3, "v": 12, "epsilon": 1, "delta": 1})},
    says="For delta at most 1/e some law of variance v makes the mean of n samples fail with chance delta for every n from v/epsilon^2 up to v/(e delta epsilon^2).")


def few(rng) -> Model:
    size_, eps, share = rng.randint(2, 20), Fraction(rng.randint(1, 8), 8), inside(rng)
    return Model({"n": size_, "epsilon": eps, "x": share, "v": share * size_ * eps ** 2, "delta": Fraction(math.floor(float(share) / math.e * 4096), 4096) or Fraction(1, 8192)})


# Chebyshev, and the change of measure with chi-square

error, average = Family("d", (SAMPLES, DATA)), Family("m", (DATA,))
UNCORRELATED = hyp("deviations of two samples are uncorrelated, of one have variance v at most", le(integral(W, error[I, W] * error[J, W]), variance * delta(I, J)))
MEAN = hyp("m is the mean deviation", eq(average[W] - integral(I, error[I, W]) / n, 0))
OFF = hyp("on the event the mean is off by epsilon", le(bad[W] * gap ** 2, bad[W] * average[W] ** 2))
_pointwise = le(bad[W] * gap ** 2, average[W] ** 2)
chebyshev = Theorem(
    "chebyshev", "The mean of n losses of finite variance", ROOM, PLACE, "Chebyshev 1867", (n, gap, variance),
        (SOME_SAMPLES, ACCURACY, UNCORRELATED, MEAN, EVENT, OFF), le(CHANCE, variance / (n * gap ** 2)),
    (
        Step("pair", UNCORRELATED.claim, Sign()),
        Step("one sample", le(integral((J, W), error[I, W] * error[J, W]), variance), Expectation("pair", (J,))),
        Step("pairs", le(integral((I, J, W), error[I, W] * error[J, W]), n * variance), Expectation("one sample", (I,))),
        Step("mean", eq(average[W], integral(J, error[J, W]) / n), Combination(((1, MEAN.name),))),
        Step("with one sample", eq(integral(W, error[I, W] * average[W]), integral((J, W), error[I, W] * error[J, W]) / n), Expectation("mean", (W,), error[I, W])),
        Step("with all samples", eq(integral((I, W), error[I, W] * average[W]), integral((I, J, W), error[I, W] * error[J, W]) / n), Expectation("with one sample", (I,))),
        Step("square", eq(integral(W, average[W] ** 2), integral((I, W), error[I, W] * average[W]) / n), Expectation("mean", (W,), average[W])),
        Step("on", _pointwise, Combination(((1, OFF.name),)), given=(eq(bad[W], 1),)),
        Step("off", _pointwise, Sign(), given=(eq(bad[W], 0),)),
        Step("either", _pointwise, Cases(("on", "off"))),
        Step("markov", le(CHANCE * gap ** 2, integral(W, average[W] ** 2)), Expectation("either", (W,))),
        Step("chance", le(CHANCE, variance / (n * gap ** 2)),
             Combination(((1 / gap ** 2, "markov"), (1 / gap ** 2, "square"), (1 / (n * gap ** 2), "with all samples"), (1 / (n * gap) ** 2, "pairs")))),
    ),
    families=(error, average, bad), spaces=(DATA, SAMPLES), witness=lambda rng: deviations(rng), kind="order",
    ablations={MEAN.name: Model({"n": 1, "epsilon": 2, "v": 1}, {"d": {(0, 0): 1, (0, 1): -1}, "m": {(0,): 2, (1,): -2}, "b": {(0,): 1, (1,): 1}}, {"Data": [_H, _H], "Samples": [1]})},
    equality=lambda rng: Model({"n": 1, "epsilon": 1, "v": 1}, {"d": {(0, 0): 1, (0, 1): -1}, "m": {(0,): 1, (1,): -1}, "b": {(0,): 1, (1,): 1}}, {"Data": [_H, _H], "Samples": [1]}),
    says="The mean of n uncorrelated losses of variance v is off by epsilon with chance v/(n epsilon^2) at most.")


def deviations(rng) -> Model:
    """Signs of two samples, independent or opposed."""
    rows = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    same = Fraction(rng.randint(0, 4), 16)
    law, scale = [same, _H - same, _H - same, same], Fraction(rng.randint(1, 4), 2)
    means = [Fraction(sum(row), 2) * scale for row in rows]
    epsilon = Fraction(rng.randint(1, 8), 4)
    return Model({"n": 2, "epsilon": epsilon, "v": scale ** 2 + Fraction(rng.randint(0, 1), 4)},
                 {"d": {(i, w): scale * rows[w][i] for i in range(2) for w in range(4)}, "m": {(w,): m for w, m in enumerate(means)},
                     "b": {(w,): int(m ** 2 >= epsilon ** 2) for w, m in enumerate(means)}},
                 {"Data": law, "Samples": [1, 1]})


# a change of measure by Cauchy and Schwarz

density, deviation = Family("r", (RULES, DATA)), Family("d", (RULES, DATA))
SIZE = integral(H, prior[H] * density[H, W] ** 2)
_mean = integral(H, prior[H] * density[H, W] * deviation[H, W])
_square = integral(H, prior[H] * deviation[H, W] ** 2)
DENSITY = (hyp("p is nonnegative", le(0, prior[H])), hyp("the posterior is not null", lt(0, SIZE)))
SPREAD = hyp("under the prior the mean loss of a rule has variance v at most", le(integral((W, H), prior[H] * deviation[H, W] ** 2), variance))
WIDE = hyp("on the event the posterior's mean is off", le(bad[W] * SIZE * variance / conf, bad[W] * _mean ** 2))
_marked = le(bad[W] * variance / conf, _square)


def sure(p=1, r=1, d=1, v=Fraction(1, 4)) -> Model:
    """One data set and an event that is certain."""
    p, d = (x if isinstance(x, tuple) else (x,) for x in (p, d))
    return Model({"delta": _H, "v": v}, {"p": {(h,): x for h, x in enumerate(p)}, "r": {(h, 0): r for h in range(len(p))}, "d": {(h, 0): x for h, x in enumerate(d)},
        "b": {(0,): 1}}, {"Data": [1], "Rules": [1] * len(p)})


chi_square_budget = Theorem(
    "chi_square_budget", "With finite variance one plus chi-square takes the divergence's place", ROOM, PLACE, "Alquier and Guedj 2018", (conf, variance),
    (CONFIDENCE, hyp("v is positive", lt(0, variance)), *DENSITY, EVENT, SPREAD, WIDE), le(CHANCE, conf),
    (
        Step("square", le(0, (SIZE * deviation[H, W] - _mean * density[H, W]) ** 2), Sign()),
        Step("averaged", le(0, SIZE ** 2 * _square - SIZE * _mean ** 2), Expectation("square", (H,), prior[H])),
        Step("cauchy", le(_mean ** 2, SIZE * _square), Combination(((1 / SIZE, "averaged"),))),
        Step("off", _marked, Sign(), given=(eq(bad[W], 0),)),
        Step("on", _marked, Combination(((1 / SIZE, WIDE.name), (1 / SIZE, "cauchy"))), given=(eq(bad[W], 1),)),
        Step("either", _marked, Cases(("off", "on"))),
        Step("markov", le(CHANCE * variance / conf, integral((W, H), prior[H] * deviation[H, W] ** 2)), Expectation("either", (W,))),
        Step("chance", le(CHANCE, conf), Combination(((conf / variance, "markov"), (conf / variance, SPREAD.name)))),
    ),
    families=(prior, density, deviation, bad), spaces=(DATA, RULES), witness=lambda rng: reweighted(rng), kind="order",
    ablations={"v is positive": sure(d=0, v=0), "p is nonnegative": sure(p=(2, -1), d=(0, 1)), "the posterior is not null": sure(r=0, d=0), SPREAD.name: sure(d=1)},
    says="Off a share delta of the data sets every posterior's mean is off by at most the root of v (1 + chi^2)/delta, v the variance of a rule's mean loss.")


def reweighted(rng) -> Model:
    rules, data = rng.randint(1, 2), rng.randint(1, 3)
    p, law = simplex(rng, rules, zeros=False), simplex(rng, data, zeros=False)
    r, d, events = {}, {(h, w): rational(rng, -2, 2, 8) for h in range(rules) for w in range(data)}, {}
    for w in range(data):
        r |= {(h, w): m / p[h] for h, m in enumerate(simplex(rng, rules))}
    v = sum(law[w] * p[h] * d[h, w] ** 2 for h in range(rules) for w in range(data)) or Fraction(1, 4)
    level = Fraction(rng.randint(1, 12), 12)
    for w in range(data):
        size_, m = sum(p[h] * r[h, w] ** 2 for h in range(rules)), sum(p[h] * r[h, w] * d[h, w] for h in range(rules))
        events[w,] = int(m ** 2 >= size_ * v / level)
    return Model({"delta": level, "v": v}, {"p": {(h,): m for h, m in enumerate(p)}, "r": r, "d": d, "b": events}, {"Data": law, "Rules": [1] * rules})


# many rules with outliers of their own, and a better mean

_each = exp(size * ln(1 - chance))
many_outliers = Theorem(
    "many_outliers", "The divergence is no measure of what heavy tails cost", ROOM, PLACE, "after Catoni 2012", (conf, x, size, chance),
    (Hypothesis("there are rules", lt(0, size), structural=True), hyp("delta is nonnegative", le(0, conf)), hyp("delta is at most a half", le(conf, _H)),
        hyp("beta is below one", lt(chance, 1)),
     hyp("each rule is off with chance x/e", le(x * exp(-1), chance)), hyp("there are few samples", le(2 * conf * ln(2), size * x * exp(-1)))), le(conf, 1 - _each),
    (
        Step("tangent", le(ln(1 - chance), -chance), Lemma("log_tangent", Instance({x: 1 - chance}))),
        Step("exponent", le(size * ln(1 - chance), -2 * conf * ln(2)), Combination(((size, "tangent"), (size, "each rule is off with chance x/e"), (1, "there are few samples")))),
        *below("power", size * ln(1 - chance), -2 * conf * ln(2), "exponent"),
        Step("chord", le(exp(-ln(2) * 2 * conf), 1 - 2 * conf + 2 * conf * exp(-ln(2))), Lemma("exponential_chord", Instance({t: ln(2), l: 2 * conf}))),
        Step("fails", le(conf, 1 - _each), Combination(((1, "power"), (1, "chord")))),
    ),
    witness=lambda rng: outliers(rng), kind="order", ablations={"delta is nonnegative": Model({"M": 2, "x": -10, "beta": Fraction(-367, 100), "delta": -6})},
    says="Among M rules with outliers of their own the worst is off with chance delta up to n = M v/(2 e ln(2) epsilon^2 delta): a factor M = exp(KL), where the printed order has ln M.")


def outliers(rng) -> Model:
    rules, level, share = rng.randint(2, 12), inside(rng, 0, _H), inside(rng)
    if 2 * float(level) * math.log(2) > rules * float(share) / math.e - 1e-9:
        return outliers(rng)
    return Model({"M": rules, "delta": level, "x": share, "beta": min(Fraction(15, 16), Fraction(math.ceil(float(share) / math.e * 4096), 4096))})


GOOD = hyp("a block is good with chance 5/6", le(Fraction(5, 6), risk[H]))
HALF = hyp("on the event at least half the blocks are bad", le(bad[W] * _H, bad[W] * (1 - integral(I, loss[H, I, W]) / n)))
BLOCKS = hyp("there are enough blocks", le(Fraction(9, 2) * ln(1 / conf), n))
_GAP = integral(I, risk[H] - loss[H, I, W]) / n
_FOURTH = Fraction(1, 4)


def judged(level, law, rows, risk_=None, everywhere=False) -> Model:
    """Blocks in a few data sets; the event is where at least half of them are bad."""
    size_ = len(rows[0])
    mean_ = risk_ or sum(x * Fraction(row[0]) for x, row in zip(law, rows))
    return Model({"n": size_, "delta": level}, {"l": {(0, i, w): Fraction(row[i]) for w, row in enumerate(rows) for i in range(size_)}, "L": {(0,): mean_},
                                                "b": {(w,): int(everywhere or 2 * sum(row) <= size_) for w, row in enumerate(rows)}},
                                                    {"Data": law, "Rules": [1], "Samples": [1] * size_})


median_of_means = Theorem(
    "median_of_means", "The median of means needs only the logarithm", ROOM, PLACE, "Nemirovsky and Yudin 1983; Lugosi and Mendelson 2019", (n, conf),
    (SOME_SAMPLES, CONFIDENCE, hyp("blocks are good or bad", le(0, loss[H, I, W])), hyp("losses are at most one", le(loss[H, I, W], 1)),
     hyp("the risk is the expected loss on each sample", eq(integral(W, loss[H, I, W]) - risk[H], 0)), EVENT, independent(4 * n * Fraction(1, 3)), GOOD, HALF, BLOCKS), le(CHANCE, conf),
    (
        Step("square of b", le(0, bad[W] ** 2), Sign()),
        Step("b", le(0, bad[W]), Combination(((1, "square of b"), (1, EVENT.name)))),
        Step("far", le(bad[W] * Fraction(1, 3), bad[W] * _GAP), Combination(((1, HALF.name), (bad[W], GOOD.name)))),
        Step("tail", le(integral(W, bad[W]), exp(-2 * n * Fraction(1, 3) ** 2)), Lemma("fixed_rule", Instance({n: n, gap: Fraction(1, 3)}, families={"b": lambda h, w: bad[w]}))),
        Step("level", le(-2 * n * Fraction(1, 9), ln(conf)), Combination(((Fraction(2, 9), BLOCKS.name),))),
        *below("power", -2 * n * Fraction(1, 9), ln(conf), "level"),
        Step("chance", le(CHANCE, conf), Combination(((1, "tail"), (1, "power")))),
    ),
    families=(loss, risk, bad), spaces=(DATA, RULES, SAMPLES), witness=lambda rng: blocks(rng), kind="order",
    ablations={
        "blocks are good or bad": judged(Fraction(1, 13), [Fraction(1, 36)] * 12 + [Fraction(2, 3)], [[-5 if i == w else 1 for i in range(12)] for w in range(13)]),
        "losses are at most one": judged(Fraction(2, 3), [Fraction(3, 4), Fraction(1, 4)], [[0, Fraction(5, 6) + Fraction(1, 32)], [Fraction(10, 3), Fraction(5, 6) - Fraction(3, 32)]]),
        "the risk is the expected loss on each sample": judged(Fraction(2, 3), [_H, _H], [[_FOURTH, _FOURTH + Fraction(1, 64)], [_FOURTH + Fraction(1, 64), _FOURTH]], Fraction(5, 6)),
        "moments of sums are at most products": judged(Fraction(1, 7), [Fraction(5, 6), Fraction(1, 6)], [[1] * 9, [0] * 9]),
        GOOD.name: judged(Fraction(2, 3), [Fraction(1, 6)] * 6, [[1, 1], [1, 0], [1, 0], [0, 1], [0, 1], [0, 0]]),
        HALF.name: judged(Fraction(2, 3), [Fraction(1, 6)] * 6, [[1, 1]] * 4 + [[0, 1], [1, 0]], everywhere=True)},
    says="With 4.5 ln(1/delta) blocks, each good with chance 5/6 (6 v/epsilon^2 samples, by chebyshev), fewer than half of them are good with chance delta at most: only then the median of the blocks' means can be off.")


def blocks(rng) -> Model:
    """Two blocks of an urn in which at most one of six is bad."""
    size_ = rng.randint(6, 8)
    data = list(permutations(range(size_), 2))
    good = [1] * (size_ - 1) + [0]
    losses = {(0, i, w): good[data[w][i]] for i in range(2) for w in range(len(data))}
    level = Fraction(rng.randint(8, 12), 12)
    return Model({"n": 2, "delta": level}, {"l": losses, "L": {(0,): Fraction(size_ - 1, size_)}, "b": {(w,): int(losses[0, 0, w] + losses[0, 1, w] <= 1) for w in range(len(data))}},
                 {"Data": [Fraction(1, len(data))] * len(data), "Rules": [1], "Samples": [1, 1]})


THEOREMS = (lone_outlier, outlier_level, chebyshev, chi_square_budget, many_outliers, median_of_means)
