"""One change of measure, three certificates: with a budget fixed before the data, for all posteriors at once, and in mean.

What fails is an event of the data; `b` marks it, together with the posterior that was chosen there, so that a bound on its chance holds for every choice.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Null, Root, Sign, Step, Theorem, dominated, eq, exp,
    integral, le, ln, lt, named, sqrt, substitute, var)
from ..words import OMEGA, P, X, hyp, kl, law, laws, rational
from .moments import LINEAR, NORMAL, RATE, SHARE, TAILS, normal, share, with_normal
from .setting import (DATA, EVENT, GAP, H, HALVES, KL, LOSSES, PLACE, POSTERIOR, POSTERIOR_GAP, PRIOR, ROOM, RULES, SAMPLES, SOME_SAMPLES, W, bad, copies, drawn,
    failed, gap_of, independent, loss, n, posterior,
                      prior, risk, speed, urn)

x, conf, moment, budget, gap = var("x", "delta", "C", "K", "epsilon")
score = Family("f", (RULES, DATA))
CONFIDENCE = hyp("delta is positive", lt(0, conf))
SCORES = Hypothesis("the moment is positive", lt(0, moment), structural=True)
MOMENT = hyp("each rule's score has moment C at most", le(integral(W, exp(score[H, W])), moment))
_mean = named(r"\mathbb{E}_{Q_w} f", (), integral(H, posterior[H, W] * score[H, W]))
_Z = integral(H, prior[H] * exp(score[H, W]))
_ratio = _Z * conf / moment
CHANCE = integral(W, bad[W])
_fails = hyp("on the event the posterior's score is larger", le(bad[W] * (KL + ln(moment / conf)), bad[W] * _mean))
_pointwise = le(bad[W] * moment / conf, _Z)
_OFF, _ON = eq(bad[W], 0), eq(bad[W], 1)


def change_of_measure(score, name="change of measure"):
    """Donsker-Varadhan on each data set: the posterior's mean score is at most its divergence and the prior's log-mean-exponential."""
    at = lambda slot: substitute(score, {H: slot[0]})
    total = integral(H, prior[H] * exp(score))
    return (
        Step(f"{name}, mass", dominated(prior[H], prior[H] * exp(score)), Sign()),
        Step(f"{name}, total", dominated(integral(H, prior[H]), total), Null((f"{name}, mass",), (H,))),
        Step(f"{name}, positive", lt(0, total), Sign()),
        Step(name, le(integral(H, posterior[H, W] * score), KL + ln(total)),
             Lemma("donsker_varadhan", Instance(families={"q": lambda h: posterior[(*h, W)], "p": lambda h: prior[h], "phi": at}, indices={X: (H,)}))),
    )


def failing(rng, model: Model, scores: dict, moment_of) -> Model:
    """The data sets on which the posterior's score is the larger one, at a confidence at which there may be some."""
    p, q, weights = model.families["p"], model.families["q"], model.spaces["Data"]
    rules, data = len(p), len(weights)
    C = moment_of(max(sum(float(w) * math.exp(scores[h, k]) for k, w in enumerate(weights)) for h in range(rules)))
    excess = [sum(float(q[h, k]) * (float(scores[h, k]) - (math.log(q[h, k] / p[h,]) if q[h, k] else 0)) for h in range(rules)) for k in range(data)]
    level = Fraction(rng.choice((1, 2, 3, 5, 8, 11)), 12)
    return Model(model.variables | {"delta": level, "C": C}, model.families | {"f": scores, "b": {(k,): int(excess[k] > math.log(C / level) + 1e-6) for k in range(data)}}, model.spaces)


def scored(rng) -> Model:
    model = drawn(rng)
    rules, data = len(model.families["p"]), len(model.spaces["Data"])
    scores = {(h, k): rational(rng, -2, 1) for h in range(rules) for k in range(data)}
    scores |= {(h, 0): Fraction(rng.randint(1, 3)) for h in range(rules)}
    out = failing(rng, model, scores, lambda m: Fraction(math.ceil(m * 64 + 1), 64))
    return Model({k: v for k, v in out.variables.items() if k != "n"}, {k: v for k, v in out.families.items() if k in "pqfb"}, {k: v for k, v in out.spaces.items() if k != "Samples"})


def plain(p, q, f, C=1) -> Model:
    """One rule, one data set, an event that is certain."""
    return Model({"delta": Fraction(1, 2), "C": C}, {"p": {(0,): p}, "q": {(0, 0): q}, "f": {(0, 0): f}, "b": {(0,): 1}}, {"Data": [1], "Rules": [1]})


change = Theorem(
    "posterior_scores", "A score that is rarely large under the prior is rarely large under any posterior", ROOM, PLACE, "Catoni 2007; after Donsker and Varadhan 1975",
    (conf, moment), (SCORES, CONFIDENCE, *PRIOR, *POSTERIOR, EVENT, MOMENT, _fails), le(CHANCE, conf),
    (
        *change_of_measure(score[H, W]),
        Step("logarithm", le(ln(_ratio), _ratio - 1), Lemma("log_tangent", Instance({x: _ratio}))),
        Step("off", _pointwise, Sign(), given=(_OFF,)),
        Step("on", _pointwise, Combination(((moment / conf, "logarithm"), (moment / conf, "change of measure"), (moment / conf, _fails.name))), given=(_ON,)),
        Step("either", _pointwise, Cases(("off", "on"))),
        Step("averaged", le(CHANCE * moment / conf, integral((W, H), prior[H] * exp(score[H, W]))), Expectation("either", (W,))),
        Step("each rule", MOMENT.claim, Combination(((1, MOMENT.name),))),
        Step("all rules", le(integral((H, W), prior[H] * exp(score[H, W])), moment), Expectation("each rule", (H,), prior[H])),
        Step("chance", le(CHANCE, conf), Combination(((conf / moment, "averaged"), (conf / moment, "all rules")))),
    ),
    families=(prior, posterior, score, bad), spaces=(DATA, RULES), witness=scored, kind="order",
    ablations={"p has total mass one": plain(p=4, q=1, f=0), "q has total mass one": plain(p=1, q=3, f=3, C=21), "each rule's score has moment C at most": plain(p=1, q=1, f=3)},
    says="However a posterior is chosen with the data, its mean score exceeds its divergence from the prior by ln(C/delta) on a share delta of the data sets at most.")

# a square of a mean is at most the mean of the squares

OMEGA_SCORE = Family("s", (OMEGA,))
_average = integral(X, P[X] * OMEGA_SCORE[X])
mean_square = Theorem(
    "mean_square", "The square of a mean is at most the mean of the squares", ROOM, PLACE, "classical", (), law(P, "P"), le(_average ** 2, integral(X, P[X] * OMEGA_SCORE[X] ** 2)),
    (
        Step("square", le(0, (OMEGA_SCORE[X] - _average) ** 2), Sign()),
        Step("averaged", le(_average ** 2, integral(X, P[X] * OMEGA_SCORE[X] ** 2)), Expectation("square", (X,), P[X])),
    ),
    families=(P, OMEGA_SCORE), spaces=(OMEGA,), witness=lambda rng: with_scores(rng, laws(rng, "p")),
    equality=lambda rng: Model({}, {"p": {(0,): 1}, "s": {(0,): 2}}, {"Omega": [1]}), says="Averages square to less than squares average.")


def with_scores(rng, model: Model) -> Model:
    return Model(model.variables, model.families | {"s": {k: rational(rng, -2, 2) for k in model.families["p"]}}, model.spaces)


# a budget fixed before the data: one rate is enough

event = (Step("square of b", le(0, bad[W] ** 2), Sign()), Step("b", le(0, bad[W]), Combination(((1, "square of b"), (1, EVENT.name)))))
_rate, _top = 4 * n * gap, exp(2 * n * gap ** 2)
ACCURACY = Hypothesis("epsilon is positive", lt(0, gap), structural=True)
BUDGET = hyp("the divergence is at most K on every data set", le(KL, budget))
ENOUGH = hyp("there are enough samples", le((budget + ln(1 / conf)) / (2 * gap ** 2), n))
WRONG = hyp("on the event the posterior's gap is at least epsilon", le(bad[W] * gap, bad[W] * POSTERIOR_GAP))
_score = _rate * GAP


def ablated(case) -> dict:
    """What each hypothesis is for, as cases(model, share of failures allowed, its divergence, its gap on the event)."""
    return {
        "losses are nonnegative": case(urn((-1, -1, 1, 1)), 0, 1), "losses are at most one": case(urn((0, 0, 2, 2)), 0, 1),
        "the risk is the expected loss on each sample": case(urn((0, 0, 1, 1), risks=[Fraction(1)]), 0, Fraction(1, 2), Fraction(1, 2)),
        "p has total mass one": case(urn((0, 0, 1, 1), p=[4]), Fraction(-5, 4), Fraction(1, 2)),
        "q has total mass one": case(urn((0, 0, 1, 1), q=3), Fraction(107, 32), Fraction(3, 2)),
        "moments of sums are at most products": case(copies(4), 0, Fraction(1, 2), Fraction(1, 4)),
        "the divergence is at most K on every data set": case(urn(*HALVES, chosen=True), 0, Fraction(1, 2), Fraction(1, 2)),
        WRONG.name: case(urn((0, 0, 1, 1)), 0, Fraction(1, 2), Fraction(1, 2), everywhere=True),
    }


def _everywhere(model, divergence, reached, share=Fraction(1, 7), everywhere=False) -> Model:
    model = Model(model.variables | {"K": divergence + Fraction(1, 64), "delta": share, "epsilon": reached}, model.families, model.spaces)
    return failed(model, lambda gap: gap >= reached, everywhere)


budget_everywhere = Theorem(
    "budget_everywhere", "Samples that are enough when the divergence is bounded on every data set", ROOM, PLACE, "Catoni 2007; Hoeffding 1963",
    (n, conf, budget, gap), (SOME_SAMPLES, CONFIDENCE, ACCURACY, *LOSSES, *PRIOR, *POSTERIOR, EVENT, independent(_rate), BUDGET, WRONG, ENOUGH), le(CHANCE, conf),
    (
        *event,
        Step("moment", le(integral(W, exp(_score)), _top), Lemma("gap_moment", Instance({n: n, speed: _rate}))),
        Step("samples", le(budget + ln(1 / conf), 2 * n * gap ** 2), Combination(((2 * gap ** 2, ENOUGH.name),))),
        Step("score", le(bad[W] * (KL + ln(_top / conf)), bad[W] * integral(H, posterior[H, W] * _score)),
             Combination(((bad[W], BUDGET.name), (bad[W], "samples"), (_rate, WRONG.name)))),
        Step("chance", le(CHANCE, conf), Lemma("posterior_scores", Instance({conf: conf, moment: _top}, families={"f": lambda h, w: substitute(_score, {H: h[0], W: w[0]})}))),
    ),
    families=(loss, risk, prior, posterior, bad), spaces=(DATA, RULES, SAMPLES), witness=lambda rng: budgeted(rng, drawn(rng)), kind="order", ablations=ablated(_everywhere),
    says="With (K + ln(1/delta))/(2 epsilon^2) samples the posterior's gap exceeds epsilon on a share delta of the data sets at most: the confidence enters by its logarithm.")


def divergence_of(model: Model, w: int) -> float:
    p, q = model.families["p"], model.families["q"]
    return sum(float(x) * math.log(x / p[h,]) for (h, k), x in q.items() if k == w and x)


def budgeted(rng, model: Model) -> Model:
    """A budget, a gap and a confidence for which these few samples are enough."""
    data = range(len(model.spaces["Data"]))
    K = Fraction(math.ceil(max(divergence_of(model, w) for w in data) * 64 + 1), 64)
    delta = Fraction(rng.randint(2, 12), 12)
    least = math.sqrt((float(K) - math.log(delta)) / (2 * int(model.variables["n"])))
    epsilon = Fraction(math.ceil(least * 64 + rng.randint(1, 8)), 64)
    events = {(w,): int(gap_of(model, w) >= epsilon) for w in data}
    return Model(model.variables | {"K": K, "delta": delta, "epsilon": epsilon}, model.families | {"b": events}, model.spaces)


THEOREMS = (change, mean_square, budget_everywhere)
