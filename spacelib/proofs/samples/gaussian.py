"""A linear model with normal weights and noise: the divergence of its posterior, coordinate by coordinate, and the two factors d_eff and K_max.

Coordinate i of the features' singular basis has gain f(i); the weights have variance t, the noise variance v, and
r(i) = t f(i)^2/(t f(i)^2 + v) = s/(1 + s) is the share of the signal. The posterior's mean is m(i), its variance t (1 - r(i)).
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Member, Model, Monotone, Sign, Space, Step, Theorem, eq, exp, integral, le, ln, lt, named, var
from ..words import hyp, inside, simplex
from .moments import below, l, t as t_
from .setting import DATA, PLACE, ROOM, W

x, r, top, dimension, weights, noise, depth, rate = var("x", "r", "R", "d", "t", "v", "u", "lambda")
_H = Fraction(1, 2)
_per = lambda u: -ln(1 - u) / u
cost = named(r"K_{\max}", (), _per(top) / 2)
RISING = (hyp("r is positive", lt(0, r)), hyp("r is at most R", le(r, top)), hyp("R is below one", lt(top, 1)))
_up = le(_per(r), _per(top))
cost_rises = Theorem(
    "cost_rises", "The divergence of a dimension rises with its share", ROOM, PLACE, "elementary", (r, top), RISING, _up,
    (
        Step("tangent", le(ln(1 / (1 - r)), 1 / (1 - r) - 1), Lemma("log_tangent", Instance({x: 1 / (1 - r)}))),
        Step("rising", _up, Monotone(r, top)),
    ),
    witness=lambda rng: (lambda a, b: Model({"r": a * b, "R": b}))(Fraction(rng.randint(1, 12), 12), inside(rng)), equality=lambda rng: Model({"r": _H, "R": _H}),
    says="ln(1/(1 - r))/r grows with r.")
_signal = top / (1 - top)
cost_logarithm = Theorem(
    "cost_logarithm", "K_max is about half a logarithm", ROOM, PLACE, "elementary", (top,), (hyp("R is positive", lt(0, top)), RISING[2]), le(cost, (1 + ln(1 + _signal)) / 2),
    (
        Step("tangent", le(ln(1 / (1 - top)), 1 / (1 - top) - 1), Lemma("log_tangent", Instance({x: 1 / (1 - top)}))),
        Step("cost", le(cost, (1 + ln(1 + _signal)) / 2), Combination((((1 - top) / (2 * top), "tangent"),))),
    ),
    witness=lambda rng: Model({"R": inside(rng)}), ablations={"R is positive": Model({"R": -_H})}, kind="order",
    says="K_max is at most (1 + ln(1 + S))/2 with S = R/(1 - R), the largest signal; S grows with the samples, so K_max is about half the logarithm of their number.")

SPECTRUM = Space("Spectrum", "finite", ("i",), dimension)
(I,) = SPECTRUM.indices
share = Family("r", (SPECTRUM,))
EFFECTIVE = named(r"d_{\mathrm{eff}}", (), integral(I, share[I]))
_logarithms = -integral(I, ln(1 - share[I])) / 2
MEAN_KL = named(r"\mathbb{E}\,\mathrm{KL}", (), _logarithms)
SIGNALS = (Hypothesis("there are dimensions", lt(0, dimension), structural=True), hyp("shares are positive", lt(0, share[I])), hyp("shares are below one", lt(share[I], 1)))
BELOW = hyp("no share is above R", le(share[I], top))


def spectrum(rng) -> Model:
    """A few shares and their largest."""
    values = [inside(rng) for _ in range(rng.randint(1, 3))]
    return Model({"d": len(values), "R": max(values)}, {"r": {(i,): x for i, x in enumerate(values)}}, {"Spectrum": [1] * len(values)})


complexity_above = Theorem(
    "complexity_above", "The mean divergence is at most d_eff K_max", ROOM, PLACE, "after Zhang 2005; Seeger, Kakade and Foster 2008", (dimension, top),
        (*SIGNALS[:2], BELOW, RISING[2]), le(MEAN_KL, EFFECTIVE * cost),
    (
        Step("largest", lt(0, top), Sign()),
        Step("rises", le(_per(share[I]), _per(top)), Lemma("cost_rises", Instance({r: share[I], top: top}))),
        Step("dimension", le(-ln(1 - share[I]), share[I] * _per(top)), Combination(((share[I], "rises"),))),
        Step("all", le(-integral(I, ln(1 - share[I])), EFFECTIVE * _per(top)), Expectation("dimension", (I,))),
        Step("divergence", le(MEAN_KL, EFFECTIVE * cost), Combination(((_H, "all"),))),
    ),
    families=(share,), spaces=(SPECTRUM,), witness=spectrum, equality=lambda rng: Model({"d": 2, "R": _H}, {"r": {(0,): _H, (1,): _H}}, {"Spectrum": [1, 1]}),
    says="What the printed order calls d_eff K_max bounds the mean divergence: d_eff the sum of the shares r = s/(1 + s), K_max = (1 + 1/S) ln(1 + S)/2, with equality for a flat spectrum.")
complexity_below = Theorem(
    "complexity_below", "The mean divergence is at least half of d_eff", ROOM, PLACE, "elementary", (dimension,), (SIGNALS[0], SIGNALS[2]), le(EFFECTIVE / 2, MEAN_KL),
    (
        Step("tangent", le(ln(1 - share[I]), -share[I]), Lemma("log_tangent", Instance({x: 1 - share[I]}))),
        Step("all", le(EFFECTIVE, -integral(I, ln(1 - share[I]))), Expectation("tangent", (I,))),
        Step("divergence", le(EFFECTIVE / 2, MEAN_KL), Combination(((_H, "all"),))),
    ),
    families=(share,), spaces=(SPECTRUM,), witness=spectrum, kind="order", says="Half a nat for each effective dimension is the least that it costs.")

# where the mean divergence comes from

gain, label, centre = Family("f", (SPECTRUM,)), Family("y", (SPECTRUM, DATA)), Family("m", (SPECTRUM, DATA))
POSITIVE = tuple(Hypothesis(name, claim, structural=True) for name, claim in (
    ("shares are positive", lt(0, share[I])), ("shares are below one", lt(share[I], 1)), ("t is positive", lt(0, weights)), ("v is positive", lt(0, noise)),
        ("gains are positive", lt(0, gain[I]))))
SHARES = hyp("r is the share of the signal", eq(share[I] * (weights * gain[I] ** 2 + noise) - weights * gain[I] ** 2, 0))
MEANS = hyp("m is the posterior's mean", eq(centre[I, W] * gain[I] - share[I] * label[I, W], 0))
MODEL = hyp("labels are the model's", eq(integral(W, label[I, W] ** 2) - weights * gain[I] ** 2 - noise, 0))
KL_NORMAL = named(r"\mathrm{KL}", (), integral(I, (-ln(1 - share[I]) - share[I]) / 2 + centre[I, W] ** 2 / (2 * weights)))
_outer = centre[I, W] * gain[I] + share[I] * label[I, W]


def coordinate(r, y) -> Model:
    """One coordinate with t = 1, v = 3 and a gain of one."""
    return Model({"d": 1, "t": 1, "v": 3}, {"r": {(0,): r}, "f": {(0,): 1}, "y": {(0, 0): y, (0, 1): -y}, "m": {(0, 0): r * y, (0, 1): -r * y}}, {"Spectrum": [1], "Data": [_H, _H]})


def one_weight(w, label, noise_=1, r=_H) -> Model:
    """One coordinate with t = f = 1, a fixed weight, and labels of either sign."""
    return Model({"d": 1, "t": 1, "v": noise_}, {"r": {(0,): r}, "f": {(0,): 1}, "w": {(0,): w}, "y": {(0, 0): label, (0, 1): -label}, "m": {(0, 0): r * label, (0, 1): -r * label}},
                 {"Spectrum": [1], "Data": [_H, _H]})


def with_weights(rng) -> Model:
    """Two coordinates; labels of three points with the square that weights and noise give."""
    t_, v_ = Fraction(rng.randint(1, 3)), Fraction(rng.randint(1, 3))
    gains, chosen_ = [Fraction(rng.randint(1, 2))] * 2, [Fraction(rng.randint(0, 2), 4) for _ in range(2)]
    shares, labels, means = {}, {}, {}
    for i, (f, w) in enumerate(zip(gains, chosen_)):
        shares[i,] = t_ * f ** 2 / (t_ * f ** 2 + v_)
        low, high = Fraction(1, 2), Fraction(3)
        labels |= {(i, k): y for k, y in enumerate((high, -high, low, -low))}
    sizes = [f ** 2 * w ** 2 + v_ for f, w in zip(gains, chosen_)]
    if sizes[0] != sizes[1] or not Fraction(1, 4) < sizes[0] < 9:
        return with_weights(rng)
    heavy = (sizes[0] - Fraction(1, 4)) / (9 - Fraction(1, 4)) / 2
    means = {(i, k): shares[i,] * y / gains[i] for (i, k), y in labels.items()}
    return Model({"d": 2, "t": t_, "v": v_}, {"r": shares, "f": {(i,): f for i, f in enumerate(gains)}, "w": {(i,): w for i, w in enumerate(chosen_)}, "y": labels, "m": means},
                 {"Spectrum": [1, 1], "Data": [heavy, heavy, _H - heavy, _H - heavy]})


mean_divergence = Theorem(
    "mean_divergence", "The mean divergence is half a log-determinant", ROOM, PLACE, "Zhang 2005; Seeger, Kakade and Foster 2008", (dimension, weights, noise),
        (SIGNALS[0], *POSITIVE, SHARES, MEANS, MODEL),
    eq(integral(W, KL_NORMAL), _logarithms),
    (
        Step("squares", eq(centre[I, W] ** 2 * gain[I] ** 2, share[I] ** 2 * label[I, W] ** 2), Combination(((_outer, MEANS.name),))),
        Step("averaged", eq(integral(W, centre[I, W] ** 2) * gain[I] ** 2, share[I] ** 2 * integral(W, label[I, W] ** 2)), Expectation("squares", (W,))),
        Step("mean square", eq(integral(W, centre[I, W] ** 2), weights * share[I]),
            Combination(((1 / gain[I] ** 2, "averaged"), (share[I] ** 2 / gain[I] ** 2, MODEL.name), (share[I] / gain[I] ** 2, SHARES.name)))),
        Step("all", eq(integral((I, W), centre[I, W] ** 2), weights * EFFECTIVE), Expectation("mean square", (I,))),
        Step("mean", eq(integral(W, KL_NORMAL), _logarithms), Combination(((1 / (2 * weights), "all"),))),
    ),
    families=(share, gain, label, centre), spaces=(SPECTRUM, DATA), witness=lambda rng: labelled(rng),
    ablations={SHARES.name: coordinate(Fraction(1, 3), 2), MODEL.name: coordinate(Fraction(1, 4), 1)},
    says="Over weights and labels drawn from the model the posterior's divergence from the prior is, in mean, the information of labels about weights.")
chosen = Family("w", (SPECTRUM,))
FIXED = hyp("labels are those of fixed weights", eq(integral(W, label[I, W] ** 2) - gain[I] ** 2 * chosen[I] ** 2 - noise, 0))
SHORT = hyp("the weights are no longer than the prior's deviation", le(integral(I, chosen[I] ** 2), weights))
_squares = integral(I, share[I] ** 2)
fixed_weights = Theorem(
    "fixed_weights", "For every weights of bounded norm", ROOM, PLACE, "after Zhang 2005", (dimension, weights, noise), (SIGNALS[0], *POSITIVE, SHARES, MEANS, FIXED, SHORT),
    le(integral(W, KL_NORMAL), _logarithms),
    (
        Step("squares", eq(centre[I, W] ** 2 * gain[I] ** 2, share[I] ** 2 * label[I, W] ** 2), Combination(((_outer, MEANS.name),))),
        Step("averaged", eq(integral(W, centre[I, W] ** 2) * gain[I] ** 2, share[I] ** 2 * integral(W, label[I, W] ** 2)), Expectation("squares", (W,))),
        Step("mean square", eq(integral(W, centre[I, W] ** 2), share[I] ** 2 * chosen[I] ** 2 + weights * share[I] * (1 - share[I])),
             Combination(((1 / gain[I] ** 2, "averaged"), (share[I] ** 2 / gain[I] ** 2, FIXED.name), (share[I] / gain[I] ** 2, SHARES.name)))),
        Step("all", eq(integral((I, W), centre[I, W] ** 2), integral(I, share[I] ** 2 * chosen[I] ** 2) + weights * EFFECTIVE - weights * _squares), Expectation("mean square", (I,))),
        Step("one", le(share[I] ** 2, _squares), Member(_squares, I)),
        Step("weight", le(0, chosen[I] ** 2), Sign()),
        Step("weighted", le(integral(I, share[I] ** 2 * chosen[I] ** 2), _squares * integral(I, chosen[I] ** 2)), Expectation("one", (I,), chosen[I] ** 2)),
        Step("square", le(0, share[I] ** 2), Sign()),
        Step("sum", le(0, _squares), Expectation("square", (I,))),
        Step("mean", le(integral(W, KL_NORMAL), _logarithms), Combination(((1 / (2 * weights), "all"), (1 / (2 * weights), "weighted"), (_squares / (2 * weights), SHORT.name)))),
    ),
    families=(share, gain, label, centre, chosen), spaces=(SPECTRUM, DATA), witness=lambda rng: with_weights(rng), kind="order",
    ablations={FIXED.name: one_weight(0, 3), SHORT.name: one_weight(Fraction(4, 3), Fraction(5, 3)), SHARES.name: one_weight(0, 3, 9)},
    says="For every fixed weights of norm at most the prior's deviation the mean divergence over the labels' noise is at most half the log-determinant: no average over weights is needed.")
any_labels = Theorem(
    "any_labels", "Whatever the labels", ROOM, PLACE, "elementary", (dimension, weights, noise), (SIGNALS[0], *POSITIVE, SHARES, MEANS),
    le(integral(I, centre[I, W] ** 2) / (2 * weights), integral(I, label[I, W] ** 2) / (8 * noise)),
    (
        Step("square", le(0, (_H - share[I]) ** 2 * label[I, W] ** 2), Sign()),
        Step("squares", eq(centre[I, W] ** 2 * gain[I] ** 2, share[I] ** 2 * label[I, W] ** 2), Combination(((_outer, MEANS.name),))),
        Step("dimension", le(centre[I, W] ** 2, weights * label[I, W] ** 2 / (4 * noise)),
             Combination(((weights / noise, "square"), (weights * (1 - share[I]) / (noise * share[I]), "squares"), (centre[I, W] ** 2 / (share[I] * noise), SHARES.name)))),
        Step("all", le(integral(I, centre[I, W] ** 2), weights * integral(I, label[I, W] ** 2) / (4 * noise)), Expectation("dimension", (I,))),
        Step("labels", le(integral(I, centre[I, W] ** 2) / (2 * weights), integral(I, label[I, W] ** 2) / (8 * noise)), Combination(((1 / (2 * weights), "all"),))),
    ),
    families=(share, gain, label, centre), spaces=(SPECTRUM, DATA), witness=lambda rng: labelled(rng),
    equality=lambda rng: Model({"d": 1, "t": 1, "v": 1}, {"r": {(0,): _H}, "f": {(0,): 1}, "y": {(0, 0): 1}, "m": {(0, 0): _H}}, {"Spectrum": [1], "Data": [1]}),
    says="The mean's part of the divergence is at most the labels' squares over eight times the noise: no effective dimension bounds it for labels outside the model.")


def labelled(rng) -> Model:
    """Labels of the model's variance: t f^2 + v is the square of a rational number, and a label is plus or minus its root."""
    d, t_, root = rng.randint(1, 2), Fraction(rng.randint(1, 3)), Fraction(rng.randint(4, 8), 2)
    gains = [Fraction(rng.randint(1, 2), 2)] * d
    v_ = root ** 2 - t_ * gains[0] ** 2
    shares = [t_ * f ** 2 / root ** 2 for f in gains]
    labels = {(i, w): root * sign for i in range(d) for w, sign in enumerate((1, -1))}
    return Model({"d": d, "t": t_, "v": v_}, {"r": {(i,): x for i, x in enumerate(shares)}, "f": {(i,): f for i, f in enumerate(gains)}, "y": labels,
                                              "m": {(i, w): shares[i] * y / gains[i] for (i, w), y in labels.items()}}, {"Spectrum": [1] * d, "Data": [_H, _H]})



part, off = Family("a", (DATA,)), Family("b", (DATA,))
RATE = (hyp("lambda is positive", lt(0, rate)), hyp("lambda is below one", lt(rate, 1)))
_log = -ln(1 - rate)
SQUARES = hyp("the mean's part has the moment of independent normal squares", le(integral(W, exp(rate * part[W])), exp(-integral(I, ln(1 - rate * share[I])) / 2)))
INDICATOR = hyp("b is an indicator", eq(off[W] ** 2 - off[W], 0))
LARGE = hyp("on the event the mean's part is large", le(off[W] * (EFFECTIVE * _log / 2 + depth) / rate, off[W] * part[W]))
_top = EFFECTIVE * _log / 2
_tail = le(off[W] * exp(_top + depth), exp(rate * part[W]))
_mix = 1 - share[I] + share[I] * exp(-_log)


def one(r, a, u) -> Model:
    return Model({"d": 1, "u": u, "lambda": _H}, {"r": {(0,): r}, "a": {(0,): a}, "b": {(0,): 1}}, {"Spectrum": [1], "Data": [1]})


divergence_tail = Theorem(
    "divergence_tail", "The divergence of one data set", ROOM, PLACE, "Chernoff 1952", (dimension, depth, rate), (*SIGNALS, *RATE, SQUARES, INDICATOR, LARGE),
        le(integral(W, off[W]), exp(-depth)),
    (
        Step("chord", le(exp(-_log * share[I]), _mix), Lemma("exponential_chord", Instance({t_: _log, l: share[I]}))),
        Step("ratio", le(ln(exp(-_log * share[I]) / (1 - rate * share[I])), exp(-_log * share[I]) / (1 - rate * share[I]) - 1),
            Lemma("log_tangent", Instance({x: exp(-_log * share[I]) / (1 - rate * share[I])}))),
        Step("power", le(ln((1 - rate) / exp(-_log)), (1 - rate) / exp(-_log) - 1), Lemma("log_tangent", Instance({x: (1 - rate) / exp(-_log)}))),
        Step("dimension", le(-ln(1 - rate * share[I]), share[I] * _log),
            Combination(((1, "ratio"), (1 / (1 - rate * share[I]), "chord"), (share[I] * exp(-_log) / (1 - rate * share[I]), "power")))),
        Step("all", le(-integral(I, ln(1 - rate * share[I])) / 2, _top), Expectation("dimension", (I,), _H)),
        *below("moment", -integral(I, ln(1 - rate * share[I])) / 2, _top, "all"),
        Step("far", le(_top + depth, rate * part[W]), Combination(((rate, LARGE.name),)), given=(eq(off[W], 1),)),
        Step("small", le(exp(_top + depth - rate * part[W]), 1), Lemma("exp_at_most_one", Instance({x: _top + depth - rate * part[W]})), given=(eq(off[W], 1),)),
        Step("on", _tail, Combination(((exp(rate * part[W]), "small"),)), given=(eq(off[W], 1),)),
        Step("off", _tail, Sign(), given=(eq(off[W], 0),)),
        Step("either", _tail, Cases(("on", "off"))),
        Step("markov", le(integral(W, off[W]) * exp(_top + depth), integral(W, exp(rate * part[W]))), Expectation("either", (W,))),
        Step("tail", le(integral(W, off[W]), exp(-depth)), Combination(((exp(-_top - depth), "markov"), (exp(-_top - depth), SQUARES.name), (exp(-_top - depth), "moment")))),
    ),
    families=(share, part, off), spaces=(SPECTRUM, DATA), witness=lambda rng: squared(rng), kind="order",
    ablations={SIGNALS[1].name: one(-1, Fraction(-7, 16), Fraction(1, 8)), SQUARES.name: one(_H, 10, 1)},
    says="Off a share exp(-u) of the weights and data sets that the model draws, the mean's part of the divergence is at most (u + d_eff ln(1/(1 - lambda))/2)/lambda: bounded by d_eff and a logarithm.")


def squared(rng) -> Model:
    """A few values whose moment stays below that of normal squares."""
    model = spectrum(rng)
    law, lam = simplex(rng, 3, zeros=False), Fraction(rng.randint(1, 7), 8)
    shares = [float(v) for v in model.families["r"].values()]
    room = math.exp(-sum(math.log(1 - float(lam) * v) for v in shares) / 2)
    values = [Fraction(rng.randint(0, 12), 8) for _ in range(3)]
    while sum(float(p) * math.exp(float(lam * v)) for p, v in zip(law, values)) > room - 1e-9:
        values = [v / 2 for v in values]
    u = Fraction(rng.randint(0, 8), 16)
    least = (-sum(shares) * math.log(1 - float(lam)) / 2 + float(u)) / float(lam)
    return Model({"d": model.variables["d"], "u": u, "lambda": lam}, {"r": model.families["r"], "a": {(w,): v for w, v in enumerate(values)},
        "b": {(w,): int(v > least) for w, v in enumerate(values)}},
                 model.spaces | {"Data": law})


THEOREMS = (cost_rises, cost_logarithm, complexity_above, complexity_below, mean_divergence, fixed_weights, any_labels, divergence_tail)
