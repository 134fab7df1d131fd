"""The moment lemma for weighted means: samples are peeled into layers, each with equal weights; a colouring of dependent samples is of the same kind.

A layer u is drawn at random and holds sample i or not. N is the mean size of a layer, and the weight of a sample its chance to be in the layer over N. Level sets of given
weights are such layers with N one over the largest weight; the colours of an exact fractional cover are such layers with N = M/chi.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Root, Sign, Space, Step, Theorem, dominated, eq, exp, integral, le, ln, lt, named, relative, sqrt, substitute, var
from ..samples.certificate import rare
from ..samples.moments import below
from ..samples.pacbayes import CHANCE, CONFIDENCE, conf, event
from ..samples.setting import DATA, EVENT, H, I, KL, POSTERIOR, PRIOR, RULES, SAMPLES, W, bad, n, posterior, prior
from ..words import X, column, hyp, kl
from .setting import HALF, PLACE, ROOM

x = var("x")
LAYERS = Space("Layers", "probability", ("u",))
(U,) = LAYERS.indices
member, loss, mean = Family("m", (LAYERS, SAMPLES)), Family("l", (SAMPLES, DATA), r"\ell"), Family("r", (SAMPLES,))
SIZE, N = integral(I, member[U, I]), named("N", (), integral((U, I), member[U, I]))


def means(losses, risks):
    """The weighted mean loss and its mean, of all samples."""
    return named(r"\hat{L}", (), integral((U, I), member[U, I] * losses) / N), named("L", (), integral((U, I), member[U, I] * risks) / N)


def score_of(losses, risks):
    """A layer's size times the divergence of its mean loss from its mean."""
    return SIZE * kl(integral(I, member[U, I] * losses) / SIZE, integral(I, member[U, I] * risks) / SIZE)


def setting(losses, risks):
    """What layers, losses and means are; each layer obeys the moment lemma."""
    seen, mean_ = means(losses, risks)
    return (*(Hypothesis(name, claim, structural=True) for name, claim in (
        ("memberships are not negative", le(0, member[U, I])), ("no layer is empty", lt(0, SIZE)), ("there is something in the layers", lt(0, N)),
        ("losses are nonnegative", le(0, losses)), ("losses are at most one", le(losses, 1)), ("means are positive", lt(0, risks)), ("means are below one", lt(risks, 1)),
        ("a layer's mean is positive", lt(0, integral(I, member[U, I] * risks))), ("a layer's mean is below one", lt(integral(I, member[U, I] * risks), SIZE)),
        ("the mean is positive", lt(0, mean_)), ("the mean is below one", lt(mean_, 1)),
        ("no layer loses more than its size", le(integral(I, member[U, I] * losses), SIZE)), ("no more is lost than there is", le(seen, 1)))),
        hyp("each layer obeys the moment lemma", le(integral(W, exp(score_of(losses, risks))), 2 * sqrt(SIZE))))


SEEN, MEAN = means(loss[I, W], mean[I])
_score = score_of(loss[I, W], mean[I])
SETTING = setting(loss[I, W], mean[I])
LAYERED = SETTING[-1]
_average, _root = integral(U, _score), integral(U, sqrt(SIZE))
_far = N * kl(SEEN, MEAN)
_lost, _kept = lambda inside: integral(I, member[U, I] * inside), lambda inside: integral(I, member[U, I] * (1 - inside))


def _log_sum(part):
    """The log-sum inequality over the layers."""
    u, v = part(loss[I, W]), part(mean[I])
    return (le(relative(integral(U, u), integral(U, v)), integral(U, relative(u, v))),
            Lemma("log_sum", Instance(families={"u": lambda k: substitute(u, {U: k[0]}), "v": lambda k: substitute(v, {U: k[0]})}, indices={X: (U,)})))


def _levelled(row, weights, number) -> Model:
    """One layer."""
    return Model({"n": len(row), "M": number}, {"m": {(0, i): Fraction(v) for i, v in enumerate(row)}, "w": column(weights)}, {"Layers": [1], "Samples": [1] * len(row)})


def levels(rng) -> Model:
    """The level sets of two weights."""
    heavy = Fraction(rng.randint(4, 7), 8)
    light = (1 - heavy) / heavy
    return Model({"n": 2, "M": 1 / heavy}, {"m": {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 0}, "w": column((heavy, 1 - heavy))}, {"Layers": [light, 1 - light], "Samples": [1, 1]})


def _with_means(rng, model: Model) -> Model:
    means_ = [Fraction(1, 2)] * 2 if rng is None else [Fraction(rng.randint(1, 7), 8) for _ in range(2)]
    return Model(model.variables, model.families | {"r": column(means_)}, model.spaces)


layered_moment = Theorem(
    "layered_moment", "The moment lemma for weighted means", ROOM, PLACE, "peeling; after Maurer 2004", (n,), (Hypothesis("there are samples", lt(0, n), structural=True), *SETTING),
    le(integral(W, exp(_far)), 2 * sqrt(N)),
    (
        Step("lost", *_log_sum(_lost)),
        Step("kept", *_log_sum(_kept)),
        Step("convex", le(_far, _average), Combination(((1, "lost"), (1, "kept")))),
        *below("data set", _far, _average, "convex"),
        Step("tangent", le(ln(exp(_score - _average)), exp(_score - _average) - 1), Lemma("log_tangent", Instance({x: exp(_score - _average)}))),
        Step("exponential of an average", le(exp(_average), integral(U, exp(_score))), Expectation("tangent", (U,), exp(_average))),
        Step("layers", le(exp(_far), integral(U, exp(_score))), Combination(((1, "data set"), (1, "exponential of an average")))),
        Step("data sets", le(integral(W, exp(_far)), integral((W, U), exp(_score))), Expectation("layers", (W,))),
        Step("a layer", LAYERED.claim, Combination(((1, LAYERED.name),))),
        Step("all layers", le(integral((U, W), exp(_score)), 2 * integral(U, sqrt(SIZE))), Expectation("a layer", (U,))),
        Step("square", le(0, (sqrt(SIZE) - _root) ** 2), Sign()),
        Step("mean root", le(_root ** 2, N), Expectation("square", (U,))),
        Step("roots", le(_root, sqrt(N)), Root(_root, N)),
        Step("moment", le(integral(W, exp(_far)), 2 * sqrt(N)), Combination(((1, "data sets"), (1, "all layers"), (2, "roots")))),
    ),
    families=(member, loss, mean), spaces=(LAYERS, SAMPLES, DATA), witness=lambda rng: peeled(rng), kind="order",
    says="A mean over layers, each of which obeys the moment lemma, obeys that of N samples, a real number: the mean size of a layer.")


def peeled(rng) -> Model:
    """Two coins of unequal weight, their losses pulled a little towards their means; the heavier is in both layers."""
    chances, light = [Fraction(rng.randint(2, 6), 8) for _ in range(2)], Fraction(rng.randint(1, 7), 8)
    pairs = list(product((0, 1), repeat=2))
    losses = {(i, w): c + Fraction(7, 8) * (pair[i] - c) for w, pair in enumerate(pairs) for i, c in enumerate(chances)}
    return Model({"n": 2}, {"m": {(0, 0): 1, (0, 1): 1, (1, 0): 1, (1, 1): 0}, "l": losses, "r": column(chances)},
                 {"Layers": [light, 1 - light], "Samples": [1, 1], "Data": [math.prod(c if v else 1 - c for c, v in zip(chances, pair)) for pair in pairs]})



# given weights: level sets, strata and colours are memberships in proportion to them

weight, count = Family("w", (SAMPLES,)), var("M")
PROPORTION = hyp("memberships average to M times the weight", eq(integral(U, member[U, I]) - count * weight[I], 0))
layers_size = Theorem(
    "layers_size", "What weights count for", ROOM, PLACE, "elementary", (n, count), (Hypothesis("there are samples", lt(0, n), structural=True), PROPORTION, hyp("weights have sum one", eq(integral(I, weight[I]), 1))),
    eq(N, count),
    (
        Step("sample", PROPORTION.claim, Combination(((1, PROPORTION.name),))),
        Step("samples", eq(N - count * integral(I, weight[I]), 0), Expectation("sample", (I,))),
        Step("size", eq(N, count), Combination(((1, "samples"), (count, "weights have sum one")))),
    ),
    families=(member, weight), spaces=(LAYERS, SAMPLES), witness=levels, kind="order",
    ablations={PROPORTION.name: _levelled((1, 1), (HALF, HALF), 1), "weights have sum one": _levelled((1, 1), (1, 1), 1)},
    says="If a random layer holds each sample with a chance of M times its weight, N is M: one over the largest weight for the level sets of weights, M/chi for the colours of an exact fractional cover.")
layers_mean = Theorem(
    "layers_mean", "What layers average", ROOM, PLACE, "elementary", (n, count), (Hypothesis("there are samples", lt(0, n), structural=True), PROPORTION),
    eq(integral((U, I), member[U, I] * mean[I]), count * integral(I, weight[I] * mean[I])),
    (
        Step("sample", PROPORTION.claim, Combination(((1, PROPORTION.name),))),
        Step("samples", eq(integral((U, I), member[U, I] * mean[I]) - count * integral(I, weight[I] * mean[I]), 0), Expectation("sample", (I,), mean[I])),
        Step("mean", eq(integral((U, I), member[U, I] * mean[I]), count * integral(I, weight[I] * mean[I])), Combination(((1, "samples"),))),
    ),
    families=(member, weight, mean), spaces=(LAYERS, SAMPLES), witness=lambda rng: _with_means(rng, levels(rng)), ablations={PROPORTION.name: _with_means(None, _levelled((1, 1), (HALF, HALF), 1))},
    says="The layers' mean loss is the weighted mean loss.")


# the certificate with N samples: weights, strata, colours

lost, expected = Family("l", (RULES, SAMPLES, DATA), r"\ell"), Family("r", (RULES, SAMPLES))
_of = lost[H, I, W], expected[H, I]
_rule_seen, _rule_mean = means(*_of)
_seen, _true = (integral(H, posterior[H, W] * t) for t in (_rule_seen, _rule_mean))
PRICE = KL + ln(2 * sqrt(N) / conf)
MEANING = tuple(Hypothesis(f"the certificate means something: {name}", claim, structural=True) for name, claim in (
    ("losses", le(_seen, 1)), ("risks", le(_true, 1)), ("accepted", dominated(_seen, _true)), ("rejected", dominated(1 - _seen, 1 - _true))))
FAR = hyp("on the event the posterior's mean loss is far from its risk", le(bad[W] * PRICE, bad[W] * N * kl(_seen, _true)))
_in_rule = {"l": lambda i, w: lost[(H, *i, *w)], "r": lambda i: expected[(H, *i)]}


def alike(*arguments, **more) -> Model:
    """Nine samples in one layer that lose the same: one rule whose mean loss is off its risk with some chance only."""
    model = rare(*arguments, **more)
    m, data = model.families, range(len(model.spaces["Data"]))
    return Model(model.variables, {k: m[k] for k in "pqb"} | {"m": {(0, i): 1 for i in range(9)}, "l": {(0, i, w): m["e"][0, w] for i in range(9) for w in data}, "r": {(0, i): m["L"][0,] for i in range(9)}},
                 model.spaces | {"Layers": [1], "Samples": [1] * 9})


def doubled(prior_, chosen) -> Model:
    """Two rules that are one."""
    model = alike(Fraction(1, 4), Fraction(1, 4), 1)
    m = model.families
    return Model(model.variables, m | {k: {(h, *rest): v for (_, *rest), v in m[k].items() for h in (0, 1)} for k in "lr"} | {"p": column(prior_), "q": {(h, 0): v for h, v in enumerate(chosen)}},
                 model.spaces | {"Rules": [1, 1]})


TOGETHER = tuple(("no layer is empty; losses lie in [0, 1], their means inside", meant[:-1]) for meant in (SETTING, setting(*_of))) + (("every term of the bound is defined", MEANING),)
weighted_certificate = Theorem(
    "weighted_certificate", "The certificate for weighted samples", ROOM, PLACE, "peeling; after Maurer 2004", (n, conf),
    (Hypothesis("there are samples", lt(0, n), structural=True), CONFIDENCE, *PRIOR, *POSTERIOR, EVENT, *setting(*_of), *MEANING, FAR), le(CHANCE, conf),
    (
        *event,
        Step("each rule", le(integral(W, exp(N * kl(_rule_seen, _rule_mean))), 2 * sqrt(N)), Lemma("layered_moment", Instance({n: n}, families=_in_rule))),
        Step("chance", le(CHANCE, conf), Lemma("kl_certificate", Instance({n: N, conf: conf}, families={
            "L": lambda h: substitute(_rule_mean, {H: h[0]}), "e": lambda h, w: substitute(_rule_seen, {H: h[0], W: w[0]})}))),
    ),
    families=(member, lost, expected, prior, posterior, bad), spaces=(LAYERS, SAMPLES, DATA, RULES), witness=lambda rng: one_rule(peeled(rng), rng) if rng.random() < 0.5 else alike(Fraction(1, 4), Fraction(3, 4), Fraction(1, 64), delta=Fraction(1, rng.randint(4, 16))), kind="order",
    ablations={
        LAYERED.name: alike(Fraction(1, 16), Fraction(15, 16), 1), EVENT.name: alike(Fraction(1, 4), Fraction(3, 4), Fraction(1, 64), delta=Fraction(1, 16), b=8),
        "p has total mass one": alike(Fraction(1, 4), Fraction(1, 4), 1, p=64), "q has total mass one": alike(Fraction(1, 16), Fraction(7, 16), Fraction(1, 64), delta=Fraction(1, 65), q=2),
        FAR.name: alike(Fraction(1, 4), Fraction(1, 4), 1), "p is nonnegative": doubled((2, -1), (HALF, HALF)), "q is nonnegative": doubled((HALF, HALF), (2, -1))},
    says="Off a share delta of the data sets kl(weighted mean loss, weighted risk) is at most (KL + ln(2 sqrt N) + ln(1/delta))/N for every posterior: strata and colours need no union bound.")


def one_rule(model: Model, rng) -> Model:
    """The same for one rule; nothing is far from its risk at so few samples."""
    m, data = model.families, model.spaces["Data"]
    return Model(model.variables | {"delta": Fraction(rng.randint(1, 12), 12)}, {"m": m["m"], "l": {(0, *k): v for k, v in m["l"].items()}, "r": {(0, *k): v for k, v in m["r"].items()},
        "p": {(0,): 1}, "q": {(0, w): 1 for w in range(len(data))}, "b": {(w,): 0 for w in range(len(data))}}, model.spaces | {"Rules": [1]})


THEOREMS = (layered_moment, layers_size, layers_mean, weighted_certificate)
