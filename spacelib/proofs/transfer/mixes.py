"""Shifts that are known: another mix of tasks, and a ratio that is given. What is known need not be bounded."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (Combination, Expectation, Family, Hypothesis, Identity, Instance, Least, Lemma, Member, Model, Sign, Space, Step, Theorem, conditions, dominated,
                      eq, exp, integral, le, ln, lt, named, relative, unfold, var)
from ..samples.moments import below
from ..words import X, column, hyp, inside, inverse_first, inverse_second, rational, simplex
from .setting import HALF, L_NU, PLACE, ROOM, SCENES, Z, f, kappa, mu, nu, scenes, shifted

x, c, B, l, m1, p, r = var("x", "c", "B", "l", "m1", "p", "r")
TYPES = Space("Types", "measure", ("t",))
(T,) = TYPES.indices
sampled, come, within, risk = Family("a", (TYPES,)), Family("b", (TYPES,)), Family("g", (TYPES, SCENES)), Family("L", (TYPES,))
MIX = (hyp("a is nonnegative", le(0, sampled[T])), hyp("b is nonnegative", le(0, come[T])), Hypothesis("b is absolutely continuous", dominated(come[T], sampled[T]), structural=True))
MASSES = (hyp("a has total mass one", eq(integral(T, sampled[T]), 1)), hyp("b has total mass one", eq(integral(T, come[T]), 1)))
TOGETHER = (("a and b are mixes of tasks, b of those that were sampled", (*MIX, *MASSES)),)
MIX_SHIFT = named(r"\mathrm{KL}(b\,\|\,a)", (), integral(T, relative(come[T], sampled[T])))
_joint = integral((T, Z), relative(come[T] * within[T, Z], sampled[T] * within[T, Z]))


def mixed(rng) -> Model:
    types, size = rng.randint(2, 3), rng.randint(1, 2)
    a, b = simplex(rng, types, zeros=False), simplex(rng, types)
    rows = [simplex(rng, size) for _ in range(types)]
    return Model({}, {"a": column(a), "b": column(b), "g": {(t, z): x for t, row in enumerate(rows) for z, x in enumerate(row)}}, {"Types": [1] * types, "Scenes": [1] * size})


mix_divergence = Theorem(
    "mix_divergence", "A shift of the mix is known exactly", ROOM, PLACE, "chain rule; Cover and Thomas 2006, Theorem 2.5.3", (),
    (*MIX, hyp("g is nonnegative", le(0, within[T, Z])), hyp("g has total mass one", eq(integral(Z, within[T, Z]), 1))), eq(_joint, MIX_SHIFT),
    (Step("chain", eq(_joint, MIX_SHIFT), Identity()),),
    families=(sampled, come, within), spaces=(TYPES, SCENES), witness=mixed,
    says="If only the mix of tasks changes, and a question shows its task, the divergence is that of the two mixes: nothing is estimated.")



def two_tasks(a, b, risks, shift) -> Model:
    return Model({"kappa": shift}, {"a": column(a), "b": column(b), "L": column(risks)}, {"Types": [1, 1]})


_sampled, _come = integral(T, sampled[T] * risk[T]), integral(T, come[T] * risk[T])
reweighting = Theorem(
    "reweighting", "Re-weighting never exceeds the bound of shift", ROOM, PLACE, "data processing", (kappa,),
    (*MIX, *MASSES, hyp("risks are nonnegative", le(0, risk[T])), hyp("risks are at most one", le(risk[T], 1)), Hypothesis("there are errors in the sampled mix", lt(0, _sampled), structural=True),
     Hypothesis("kappa is nonnegative", le(0, kappa), structural=True), hyp("the mixes' divergence is at most kappa", le(MIX_SHIFT, kappa))), le(_come, inverse_first(_sampled, kappa)),
    (Step("a probability", le(_sampled, 1), Lemma("mean_at_most_one", Instance(families={"p": lambda t: sampled[t], "f": lambda t: risk[t]}, indices={X: (T,)}))),
     Step("row", le(_come, inverse_first(_sampled, kappa)), Lemma("shifted_risk", Instance({kappa: kappa}, families={"nu": lambda t: come[t], "mu": lambda t: sampled[t], "f": lambda t: risk[t]}, indices={Z: (T,)}))),),
    families=(sampled, come, risk), spaces=(TYPES,), witness=lambda rng: risked(rng), kind="order",
    ablations={"risks are nonnegative": two_tasks((Fraction(7, 8), Fraction(1, 8)), (1, 0), (1, -6), Fraction(9, 64)), "the mixes' divergence is at most kappa": two_tasks((HALF, HALF), (1, 0), (1, 0), 0),
               "risks are at most one": two_tasks((HALF, HALF), (HALF, HALF), (4, 0), 0)},
    says="With the tasks' own risks at hand their new mixture is the risk to come; the bound of shift, which knows only the old mixture, is never below it.")


def risked(rng) -> Model:
    model = mixed(rng)
    a, b = ([model.families[k][t,] for t in range(len(model.spaces["Types"]))] for k in "ab")
    risks = [1, *(rational(rng, parts=4) for _ in a[1:])]
    shift = sum(float(v) * math.log(v / u) for u, v in zip(a, b) if v)
    return Model({"kappa": Fraction(math.ceil(shift * 64 + 1), 64)}, {"a": column(a), "b": column(b), "L": column(risks)}, {"Types": model.spaces["Types"]})



# a ratio that is given, and bounded by B

def with_ratio(model: Model, ratios, bound) -> Model:
    return Model({"B": bound}, model.families | {"w": column(ratios)}, model.spaces)



weight = Family("w", (SCENES,))
GIVEN = (hyp("w is the ratio of nu to mu", eq(nu[Z] - weight[Z] * mu[Z], 0)), Hypothesis("B is positive", lt(0, B), structural=True))
_weighted = integral(Z, mu[Z] * (weight[Z] * f[Z] / B))
importance_mean = Theorem(
    "importance_mean", "Weighted losses are unbiased for the law to come", ROOM, PLACE, "importance sampling", (B,), GIVEN, eq(_weighted, L_NU / B),
    (
        Step("a scene", eq(mu[Z] * (weight[Z] * f[Z] / B), nu[Z] * f[Z] / B), Combination(((-f[Z] / B, GIVEN[0].name),))),
        Step("mean", eq(_weighted, L_NU / B), Expectation("a scene", (Z,))),
    ),
    families=(nu, mu, f, weight), spaces=(SCENES,), witness=lambda rng: weighted(rng), ablations={GIVEN[0].name: with_ratio(scenes((HALF, HALF), (HALF, HALF), (1, 0)), (2, 0), 2)},
    says="Losses times the known ratio over its bound lie in [0, 1] and have the risk to come over the bound as their mean: the certificate for them is one for the law to come.")

_w = var("w")
_plain, _bought = inverse_second(l, c), inverse_second(_w, c)
importance_better = Theorem(
    "importance_better", "Known weights beat their bound", ROOM, PLACE, "monotonicity", (l, _w, c), (hyp("w is nonnegative", le(0, _w)), hyp("weighted losses are no larger", le(_w, l)),
        Hypothesis("l is below one", lt(l, 1), structural=True), hyp("c is nonnegative", le(0, c))), le(_bought, _plain),
    (Step("monotone", le(_bought, _plain), Lemma("second_monotone_observed", Instance({p: _w, r: l, c: c}))),),
    witness=lambda rng: (lambda u, v: Model({"w": min(u, v), "l": max(u, v), "c": rational(rng)}))(inside(rng), inside(rng)), kind="order",
    ablations={"weighted losses are no larger": Model({"w": Fraction(3, 4), "l": HALF, "c": Fraction(1, 64)})},
    says="A loss times its ratio over the bound is at most the loss: the weighted certificate is never above the bound times the plain one.")

# no error seen

_zero = inverse_second(0, c)
_members = conditions(unfold(_zero), m1)
_left = exp(ln(1 - m1))
no_errors_seen = Theorem(
    "no_errors_seen", "What no error allows", ROOM, PLACE, "elementary", (c,), (hyp("c is nonnegative", le(0, c)),), eq(_zero, 1 - exp(-c)),
    (
        Step("small", le(exp(-c), 1), Lemma("exp_at_most_one", Instance({x: -c}))),
        Step("positive", lt(0, exp(-c)), Sign()),
        Step("nonnegative", le(0, 1 - exp(-c)), Combination(((1, "small"),))),
        Step("reached", le(1 - exp(-c), _zero), Member(_zero, 1 - exp(-c))),
        Step("within", le(-c, ln(1 - m1)), Sign(), given=_members),
        *(Step(s.label, s.claim, s.reason, _members) for s in below("exponentials", -c, ln(1 - m1), "within")),
        Step("logarithm", le(ln((1 - m1) / _left), (1 - m1) / _left - 1), Lemma("log_tangent", Instance({x: (1 - m1) / _left})), given=_members),
        Step("member", le(m1, 1 - exp(-c)), Combination(((1, "exponentials"), (_left, "logarithm"))), given=_members),
        Step("not passed", le(_zero, 1 - exp(-c)), Least("member", _zero, m1)),
        Step("value", eq(_zero, 1 - exp(-c)), Sign()),
    ),
    witness=lambda rng: Model({"c": rational(rng, 0, 3)}), says="Without an error among the samples the bound is 1 - exp(-c), the second inverse at zero; the first one would be zero.")


def weighted(rng) -> Model:
    model = shifted(rng)
    m = model.families
    ratios = [m["nu"][k] / m["mu"][k] for k in m["mu"]]
    return with_ratio(model, ratios, max(ratios) + rational(rng))


THEOREMS = (mix_divergence, reweighting, importance_mean, importance_better, no_errors_seen)
