"""What a density ratio allows: total variation, chi-square, Renyi, a ratio that is bounded; which of them are never beaten, and which must be capped.

The sampled scenes' law is the expectation, w(z) the ratio of the law to come to it, f(z) the loss: the sampled risk is E f, the risk to come E w f.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (BallBox, Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, eq, exp, integral, le, ln, lt,
                      named, relative, sqrt, term, var)
from ..words import column, hyp, positive, rational, simplex
from .setting import HALF, PLACE, ROOM

SAMPLED = Space("Sampled", "probability", ("z",))
(Z,) = SAMPLED.indices
ratio, loss, above = Family("w", (SAMPLED,)), Family("f", (SAMPLED,)), Family("u", (SAMPLED,))
p, r, c, s, B, a, x, t = var("p", "r", "c", "s", "B", "a", "x", "t")
L_MU, L_NU = named(r"L_\mu", (), integral(Z, loss[Z])), named(r"L_\nu", (), integral(Z, ratio[Z] * loss[Z]))
CHI = named(r"\chi^2(\nu\,\|\,\mu)", (), integral(Z, (ratio[Z] - 1) ** 2))
VARIANCE = named(r"\mathrm{Var}_\mu f", (), integral(Z, (loss[Z] - L_MU) ** 2))
NONNEGATIVE = hyp("w is nonnegative", le(0, ratio[Z]))
AVERAGE = hyp("w averages to one", eq(integral(Z, ratio[Z]), 1))
LOSS = (hyp("losses are nonnegative", le(0, loss[Z])), hyp("losses are at most one", le(loss[Z], 1)))
TOGETHER = (("losses lie in [0, 1]", LOSS),)


def weighted(weights, ratios, losses, **variables) -> Model:
    return Model(variables, {"w": column(ratios), "f": column(losses)}, {"Sampled": [Fraction(v) for v in weights]})


def _point(weight, risk, order, divergence, level, g=0) -> Model:
    """One scene."""
    return Model({"a": order, "D": divergence, "b": level}, {"g": {(0,): g}, "f": {(0,): risk}}, {"Sampled": [weight]})


def _ratios_only(model: Model) -> Model:
    return Model(model.variables, {"w": model.families["w"]}, model.spaces)


def reweighted(rng, **variables) -> Model:
    size = rng.randint(2, 3)
    source, target = simplex(rng, size, zeros=False), simplex(rng, size)
    losses = [rng.randint(0, 1) for _ in range(size)] if rng.random() < 0.5 else [rational(rng, parts=4) for _ in range(size)]
    return weighted(source, [v / u for u, v in zip(source, target)], losses, **variables)


def _extended(rng, add):
    model = reweighted(rng)
    variables, families = add(model)
    return Model(model.variables | variables, model.families | families, model.spaces)


EXCESS = hyp("u is at least the ratio's excess over one", le(ratio[Z] - 1, above[Z]))
_moved = le(L_NU, L_MU + integral(Z, above[Z]))
shift_total_variation = Theorem(
    "shift_total_variation", "The row of total variation", ROOM, PLACE, "classical", (), (*LOSS, EXCESS, hyp("u is nonnegative", le(0, above[Z]))), _moved,
    (
        Step("scene", le(ratio[Z] * loss[Z], loss[Z] + above[Z]), Combination(((loss[Z], EXCESS.name), (1 - loss[Z], "u is nonnegative")))),
        Step("moved", _moved, Expectation("scene", (Z,))),
    ),
    families=(ratio, loss, above), spaces=(SAMPLED,), witness=lambda rng: _extended(rng, lambda m: ({}, {"u": {k: max(v - 1, Fraction(0)) + rational(rng, 0, 1) for k, v in m.families["w"].items()}})),
    equality=lambda rng: Model({}, {"w": {(0,): Fraction(3, 2), (1,): HALF}, "f": {(0,): 1, (1,): 0}, "u": {(0,): HALF, (1,): 0}}, {"Sampled": [HALF, HALF]}),
    ablations={name: Model({}, {"w": {(0,): w}, "f": {(0,): f_}, "u": {(0,): u}}, {"Sampled": [1]}) for name, w, f_, u in (
        ("losses are nonnegative", 0, -2, 1), ("losses are at most one", 2, 2, 1), (EXCESS.name, 2, 1, 0), ("u is nonnegative", 0, 0, -1))},
    says="The risk moves by the mean of the ratio's excess over one at most; with u that excess the mean is the total variation, and errors where the ratio is above one attain it.")

_covariance = integral(Z, (ratio[Z] - 1) * (loss[Z] - L_MU))
_gap = L_NU - L_MU
_row, _flat, _vary = le(_gap ** 2, CHI * VARIANCE), eq(VARIANCE, 0), lt(0, VARIANCE)
shift_chi_square = Theorem(
    "shift_chi_square", "The row of chi-square", ROOM, PLACE, "Cauchy and Schwarz", (), (AVERAGE,), _row,
    (
        Step("covariance", eq(_covariance, _gap), Combination(((L_MU, AVERAGE.name),))),
        Step("a square", le(0, (VARIANCE * (ratio[Z] - 1) - _gap * (loss[Z] - L_MU)) ** 2), Sign()),
        Step("averaged", le(0, VARIANCE ** 2 * CHI - 2 * VARIANCE * _gap * _covariance + _gap ** 2 * VARIANCE), Expectation("a square", (Z,))),
        Step("varying", _row, Combination(((1 / VARIANCE, "averaged"), (-2 * _gap, "covariance"))), given=(_vary,)),
        Step("squares", le(0, (loss[Z] - L_MU) ** 2), Sign()),
        Step("variance", le(0, VARIANCE), Expectation("squares", (Z,))),
        Step("squared ratio", le(0, (ratio[Z] - 1) ** 2), Sign()),
        Step("chi-square", le(0, CHI), Expectation("squared ratio", (Z,))),
        Step("another square", le(0, (_gap / (1 + CHI) * (ratio[Z] - 1) - (loss[Z] - L_MU)) ** 2), Sign()),
        Step("averaged too", le(0, (_gap / (1 + CHI)) ** 2 * CHI - 2 * _gap / (1 + CHI) * _covariance + VARIANCE), Expectation("another square", (Z,))),
        Step("no variance", _flat, Sign(), given=(_flat,)),
        Step("flat", _row, Combination((((1 + CHI) ** 2 / (2 + CHI), "averaged too"), (-2 * _gap * (1 + CHI) / (2 + CHI), "covariance"), ((1 + CHI) ** 2 / (2 + CHI) - CHI, "no variance"))),
             given=(_flat,)),
        Step("row", _row, Cases(("flat", "varying"))),
    ),
    families=(ratio, loss), spaces=(SAMPLED,), witness=reweighted, equality=lambda rng: weighted((HALF, HALF), (Fraction(3, 2), HALF), (1, 0)),
    ablations={AVERAGE.name: weighted((HALF, HALF), (2, 2), (1, Fraction(7, 8)))},
    says="The risk moves by the root of chi-square times the losses' variance at most; losses that rise with the ratio in a straight line attain it.")

loss_variance = Theorem(
    "loss_variance", "The variance of losses", ROOM, PLACE, "Bhatia and Davis 2000", (), LOSS, le(VARIANCE, L_MU * (1 - L_MU)),
    (
        Step("product", le(0, loss[Z] * (1 - loss[Z])), Sign()),
        Step("averaged", le(VARIANCE, L_MU * (1 - L_MU)), Expectation("product", (Z,))),
    ),
    families=(ratio, loss), spaces=(SAMPLED,), witness=reweighted, equality=lambda rng: weighted((HALF, HALF), (1, 1), (1, 0)),
    ablations={"losses are nonnegative": weighted((HALF, HALF), (1, 1), (1, -1)), "losses are at most one": weighted((HALF, HALF), (1, 1), (2, 0))},
    says="Losses in [0, 1] vary no more than a coin of their mean.")

BOUNDED = hyp("the ratio is at most B", le(ratio[Z], B))
shift_ratio = Theorem(
    "shift_ratio", "The row of a bounded ratio", ROOM, PLACE, "classical", (B,), (BOUNDED, LOSS[0]), le(L_NU, B * L_MU),
    (
        Step("scene", le(ratio[Z] * loss[Z], B * loss[Z]), Combination(((loss[Z], BOUNDED.name),))),
        Step("row", le(L_NU, B * L_MU), Expectation("scene", (Z,))),
    ),
    families=(ratio, loss), spaces=(SAMPLED,), witness=lambda rng: _extended(rng, lambda m: ({"B": max(m.families["w"].values()) + rational(rng)}, {})),
    equality=lambda rng: weighted((HALF, HALF), (Fraction(3, 2), HALF), (1, 0), B=Fraction(3, 2)), kind="order",
    ablations={BOUNDED.name: weighted((1,), (2,), (1,), B=1), "losses are nonnegative": weighted((1,), (1,), (-1,), B=2)},
    says="A risk grows by the largest ratio at most; errors only where the ratio is largest attain it. The ratio must be known: the largest one that was seen is no bound.")


# Renyi's order: Hoelder by way of Young

_top = exp(a * t) / a + 1 - 1 / a
_order = hyp("the order is above one", lt(1, a))
young = Theorem(
    "young", "Young's inequality with one", ROOM, PLACE, "Young 1912", (t, a), (_order,), le(exp(t), _top),
    (
        Step("positive", lt(0, _top), Sign()),
        Step("power", le(ln(exp(a * t) / _top), exp(a * t) / _top - 1), Lemma("log_tangent", Instance({x: exp(a * t) / _top}))),
        Step("one", le(ln(1 / _top), 1 / _top - 1), Lemma("log_tangent", Instance({x: 1 / _top}))),
        Step("logarithm", le(t - ln(_top), 0), Combination(((1 / a, "power"), (1 - 1 / a, "one")))),
        Step("ratio", le(exp(t - ln(_top)), 1), Lemma("exp_at_most_one", Instance({x: t - ln(_top)}))),
        Step("product", le(exp(t), _top), Combination(((_top, "ratio"),))),
    ),
    witness=lambda rng: Model({"t": rational(rng, -3, 3), "a": 1 + positive(rng)}), equality=lambda rng: Model({"t": 0, "a": 2}), ablations={_order.name: Model({"t": 1, "a": HALF})},
    says="A number is at most a mixture of its power and of one.")

logarithm, D, b = Family("g", (SAMPLED,), r"\ln w"), *var("D", "b")
_w = exp(logarithm[Z])
_come, _mean = named(r"L_\nu", (), integral(Z, _w * loss[Z])), integral(Z, exp(a * logarithm[Z]))
_scale = (b - (a - 1) * D) / a  # the logarithm of the factor that makes the bound least
_renyi = exp((1 - 1 / a) * (D + b))
RENYI = hyp("the divergence of order a is at most D", le(_mean, exp((a - 1) * D)))
SAMPLED_RISK = hyp("the sampled risk is at most exp(b)", le(L_MU, exp(b)))
shift_renyi = Theorem(
    "shift_renyi", "The row of Renyi", ROOM, PLACE, "Hoelder; van Erven and Harremoes 2014", (a, D, b), (_order, *LOSS, RENYI, SAMPLED_RISK), le(_come, _renyi),
    (
        Step("young", le(exp(logarithm[Z] + _scale), exp(a * (logarithm[Z] + _scale)) / a + 1 - 1 / a), Lemma("young", Instance({t: logarithm[Z] + _scale, a: a}))),
        Step("scene", le(exp(_scale) * _w * loss[Z], exp(a * _scale) * exp(a * logarithm[Z]) / a + (1 - 1 / a) * loss[Z]),
             Combination(((loss[Z], "young"), (exp(a * _scale) * exp(a * logarithm[Z]) / a, LOSS[1].name)))),
        Step("averaged", le(exp(_scale) * _come, exp(a * _scale) * _mean / a + (1 - 1 / a) * L_MU), Expectation("scene", (Z,))),
        Step("row", le(_come, _renyi), Combination(((exp(-_scale), "averaged"), (exp((a - 1) * _scale) / a, RENYI.name), (exp(-_scale) * (1 - 1 / a), SAMPLED_RISK.name)))),
    ),
    families=(logarithm, loss), spaces=(SAMPLED,), witness=lambda rng: powered(rng), equality=lambda rng: _point(1, 1, 2, 0, 0),
    ablations={_order.name: Model({"a": HALF, "D": 1, "b": 0}, {"g": {(0,): 0, (1,): -99}, "f": {(0,): 1, (1,): 0}}, {"Sampled": [HALF, HALF]}),
               "losses are nonnegative": Model({"a": 2, "D": 1, "b": -6}, {"g": {(0,): 0, (1,): -99}, "f": {(0,): 1, (1,): -1}}, {"Sampled": [HALF, HALF]}),
               "losses are at most one": Model({"a": 2, "D": 1, "b": 0}, {"g": {(0,): 2, (1,): -9}, "f": {(0,): 8, (1,): 0}}, {"Sampled": [Fraction(1, 24), Fraction(23, 24)]}),
               RENYI.name: _point(1, 1, 2, 0, 0, g=1), SAMPLED_RISK.name: _point(1, 1, 2, 0, -1)},
    says="The risk to come is at most (exp(D) p)^((a-1)/a), D the Renyi divergence of order a: of high order it is the row of the bounded ratio.")


def powered(rng) -> Model:
    """Two scenes with some ratios, and bounds of their moment and of the risk a little above the truth."""
    weights, order = simplex(rng, 2, zeros=False), rng.randint(2, 3)
    logs, losses = [rational(rng, -2, 1), rational(rng, -2, 1)], [1, rational(rng, parts=4)]
    moment = sum(float(w) * math.exp(order * g) for w, g in zip(weights, logs))
    risk = sum(float(w) * float(v) for w, v in zip(weights, losses))
    above = lambda v: Fraction(math.ceil(v * 64 + 1), 64)
    return Model({"a": order, "D": above(math.log(moment) / (order - 1)), "b": above(math.log(risk))}, {"g": column(logs), "f": column(losses)}, {"Sampled": weights})


# which row is never beaten, and which must be capped

_spread = lambda v: sqrt(c * v) * sqrt(1 - v)
_p = (hyp("p is nonnegative", le(0, p)), hyp("p is at most one", le(p, 1)), hyp("c is nonnegative", le(0, c)))
chi_square_beats_renyi = Theorem(
    "chi_square_beats_renyi", "Chi-square beats Renyi's order two", ROOM, PLACE, "elementary", (p, c), _p, le((p + _spread(p)) ** 2, (1 + c) * p),
    (
        Step("square", le(0, p * (sqrt(1 - p) - sqrt(c * p)) ** 2), Sign()),
        Step("smaller", le((p + _spread(p)) ** 2, (1 + c) * p), Combination(((1, "square"),))),
    ),
    witness=lambda rng: Model({"p": rational(rng), "c": rational(rng, 0, 3)}), equality=lambda rng: Model({"p": Fraction(1, 5), "c": 4}),
    says="With the same second moment of the ratio the chi-square row is never above Renyi's; they meet where p is 1/(1 + c), at 0, and where both are capped.")



def rooted(p_, r_, c_) -> Model:
    """Two risks at which the roots are rational."""
    root = lambda v: (lambda x: Fraction(math.isqrt(x.numerator), math.isqrt(x.denominator)))(Fraction(c_ * v * (1 - v)))
    return Model({"p": p_, "r": r_, "c": c_, "s": root(p_), "t": root(r_)})


_claim = le(p + s, r + t)
ROOTS = (Hypothesis("s is nonnegative", le(0, s), structural=True), hyp("t is nonnegative", le(0, t)), hyp("s is the root at p", eq(s ** 2 - c * p * (1 - p), 0)), hyp("t is the root at r", eq(t ** 2 - c * r * (1 - r), 0)))
capped_monotone = Theorem(
    "capped_monotone", "Capped, the chi-square row is monotone", ROOM, PLACE, "elementary", (p, r, c, s, t),
    (Hypothesis("p is positive", lt(0, p), structural=True), hyp("r is at least p", le(p, r)), hyp("the row at r is not capped", le((1 + c) * r, 1)), Hypothesis("c is positive", lt(0, c), structural=True),
     Hypothesis("r is a probability", le(r, 1), structural=True), *ROOTS), _claim,
    (
        Step("p is at most one", le(p, 1), Sign()),
        Step("positive", lt(0, c * r), Sign()),
        Step("spread", le(c * r, t), Combination(((c * r / (t + c * r), "the row at r is not capped"), (-1 / (t + c * r), ROOTS[3].name)))),
        Step("spreads", lt(0, s + t), Combination(((1, "spread"), (1, ROOTS[0].name), (1, "positive")))),
        Step("row", _claim, Combination((((r - p) / (s + t), "spread"), ((r - p) / (s + t), ROOTS[0].name), ((r - p) * c / (s + t), "p is at most one"),
             (-1 / (s + t), ROOTS[3].name), (1 / (s + t), ROOTS[2].name)))),
    ),
    witness=lambda rng: (lambda u, v: rooted(min(u, v), max(u, v), 1))(rng.choice((Fraction(1, 10), HALF)), rng.choice((HALF, Fraction(1, 10)))), kind="order",
    ablations={"r is at least p": rooted(HALF, Fraction(1, 10), 1), "the row at r is not capped": rooted(Fraction(4, 5), 1, 4),
               "t is nonnegative": Model({"p": HALF, "r": HALF, "c": 1, "s": HALF, "t": -HALF})},
    says="Up to where it reaches one the row rises with p, so that min(1, row) may be put after a bound of p.")

_top = le(1, r + t)
capped_above = Theorem(
    "capped_above", "Beyond, the chi-square row is at least one", ROOM, PLACE, "elementary", (r, c, t),
    (hyp("the row at r is capped", le(1, (1 + c) * r)), Hypothesis("c is positive", lt(0, c), structural=True), Hypothesis("r is a probability", le(r, 1), structural=True), ROOTS[1], ROOTS[3]), _top,
    (
        Step("certain", _top, Sign(), given=(eq(r, 1),)),
        Step("sum", lt(0, t + 1 - r), Sign(), given=(lt(r, 1),)),
        Step("unsure", _top, Combination((((1 - r) / (t + 1 - r), "the row at r is capped"), (-1 / (t + 1 - r), ROOTS[3].name))), given=(lt(r, 1),)),
        Step("capped", _top, Cases(("certain", "unsure"))),
    ),
    witness=lambda rng: (lambda v: Model({"r": v, "c": 4, "t": Fraction(math.isqrt(int(4 * v * (1 - v) * 10000)), 100)}))(rng.choice((HALF, Fraction(4, 5), Fraction(9, 10), Fraction(1)))), kind="order",
    ablations={"the row at r is capped": Model({"r": Fraction(1, 10), "c": 1, "t": Fraction(3, 10)}), "t is nonnegative": Model({"r": HALF, "c": 1, "t": -HALF}), "t is the root at r": Model({"r": HALF, "c": 1, "t": 0})},
    says="Where r reaches 1/(1 + c) the row reaches one and stays there or above, so that the capped row never falls.")

_high, _end = Fraction(9, 10) + sqrt(term(4) * Fraction(9, 10) * Fraction(1, 10)), 1 + sqrt(term(4) * 1 * 0)
uncapped_falls = Theorem(
    "uncapped_falls", "Without its cap the row falls", ROOM, PLACE, "a counterexample", (), (), lt(_end, _high),
    (Step("values", lt(_end, _high), BallBox(())),), witness=lambda rng: Model({}), kind="construction",
    says="With a chi-square of four the row is 1.5 at a risk of .9 and 1 at a risk of one: a bound of the risk may not be put in before the cap.")

_divergence = named(r"\mathrm{KL}(\nu\,\|\,\mu)", (), integral(Z, relative(ratio[Z], 1)))
_second = integral(Z, ratio[Z] ** 2)
kl_below_chi_square = Theorem(
    "kl_below_chi_square", "Chi-square bounds the divergence", ROOM, PLACE, "Jensen; Gibbs and Su 2002", (), (NONNEGATIVE, AVERAGE), le(_divergence, ln(1 + CHI)),
    (
        Step("squared excess", le(0, (ratio[Z] - 1) ** 2), Sign()),
        Step("chi-square", le(0, CHI), Expectation("squared excess", (Z,))),
        Step("never", le(relative(ratio[Z], 1), ratio[Z] * (ln(1 + CHI) + ratio[Z] / (1 + CHI) - 1)), Sign(), given=(eq(ratio[Z], 0),)),
        Step("tangent", le(ln(ratio[Z] / (1 + CHI)), ratio[Z] / (1 + CHI) - 1), Lemma("log_tangent", Instance({x: ratio[Z] / (1 + CHI)})), given=(lt(0, ratio[Z]),)),
        Step("sometimes", le(relative(ratio[Z], 1), ratio[Z] * (ln(1 + CHI) + ratio[Z] / (1 + CHI) - 1)), Combination(((ratio[Z], "tangent"),)), given=(lt(0, ratio[Z]),)),
        Step("scene", le(relative(ratio[Z], 1), ratio[Z] * (ln(1 + CHI) + ratio[Z] / (1 + CHI) - 1)), Cases(("never", "sometimes"))),
        Step("averaged", le(_divergence, ln(1 + CHI) * integral(Z, ratio[Z]) + _second / (1 + CHI) - integral(Z, ratio[Z])), Expectation("scene", (Z,))),
        Step("second moment", eq(_second, 1 + CHI), Combination(((2, AVERAGE.name),))),
        Step("bounded", le(_divergence, ln(1 + CHI)), Combination(((1, "averaged"), (1 / (1 + CHI), "second moment"), (ln(1 + CHI) - 1, AVERAGE.name)))),
    ),
    families=(ratio,), spaces=(SAMPLED,), witness=lambda rng: _ratios_only(reweighted(rng)),
    equality=lambda rng: _ratios_only(weighted((HALF, HALF), (2, 0), (0, 0))), ablations={AVERAGE.name: _ratios_only(weighted((1,), (2,), (0,)))},
    says="The divergence is at most the logarithm of one plus chi-square; a law confined to a part of the scenes attains it.")

THEOREMS = (shift_total_variation, shift_chi_square, loss_variance, shift_ratio, young, shift_renyi, chi_square_beats_renyi, capped_monotone, capped_above, uncapped_falls, kl_below_chi_square)
