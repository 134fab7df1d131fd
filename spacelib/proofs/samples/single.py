"""One model drawn from the posterior: the confidence enters by its reciprocal, even where the divergence is bounded on every data set."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

from ..data_processing.divergence import P_SCORE, Q_SCORE
from ..kernel import Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Null, Sign, Step, Theorem, dominated, eq, exp, integral, le, ln, lt, named, relative, var
from ..words import P_VAR, Q_VAR, X, hyp, inside, kl, rational, simplex
from .moments import below
from .pacbayes import ACCURACY, budget, conf, gap
from .setting import DATA, GAP, H, LOSSES, PLACE, ROOM, RULES, SAMPLES, SOME_SAMPLES, W, copies, drawn, independent, loss, n, opposed, posterior, prior, risk, speed, urn

x, often, rare = var("x", "a", "r")
_H, _S = Fraction(1, 2), Fraction(1, 64)
off = Family("b", (RULES, DATA))
_rate = 4 * n * gap
OFF = hyp("b is an indicator", eq(off[H, W] ** 2 - off[H, W], 0))
FARS = hyp("on the event the gap is at least epsilon", le(off[H, W] * gap, off[H, W] * GAP))
_NOT, _IS = eq(off[H, W], 0), eq(off[H, W], 1)
_markov = le(off[H, W] * exp(4 * n * gap ** 2), exp(_rate * GAP))
_tail = le(integral(W, off[H, W]), exp(-2 * n * gap ** 2))


def marked(rng, model: Model, epsilon=None) -> Model:
    """The event on which a rule's gap is at least epsilon."""
    m, size = model.families, int(model.variables["n"])
    epsilon = epsilon or Fraction(rng.randint(1, 12), 12)
    gaps = {(h, w): m["L"][h,] - sum((m["l"][h, i, w] for i in range(size)), Fraction(0)) / size for h, i, w in m["l"] if i == 0}
    return Model({"n": size, "epsilon": epsilon}, {"l": m["l"], "L": m["L"], "b": {k: int(g >= epsilon) for k, g in gaps.items()}}, model.spaces)


fixed_rule = Theorem(
    "fixed_rule", "A rule fixed before the data", ROOM, PLACE, "Hoeffding 1963", (n, gap), (SOME_SAMPLES, ACCURACY, *LOSSES, OFF, independent(_rate), FARS), _tail,
    (
        Step("far", le(4 * n * gap ** 2, _rate * GAP), Combination(((_rate, FARS.name),)), given=(_IS,)),
        Step("ratio", le(exp(4 * n * gap ** 2 - _rate * GAP), 1), Lemma("exp_at_most_one", Instance({x: 4 * n * gap ** 2 - _rate * GAP})), given=(_IS,)),
        Step("on", _markov, Combination(((exp(_rate * GAP), "ratio"),)), given=(_IS,)),
        Step("off", _markov, Sign(), given=(_NOT,)),
        Step("either", _markov, Cases(("on", "off"))),
        Step("averaged", le(integral(W, off[H, W]) * exp(4 * n * gap ** 2), integral(W, exp(_rate * GAP))), Expectation("either", (W,))),
        Step("moment", le(integral(W, exp(_rate * GAP)), exp(2 * n * gap ** 2)), Lemma("gap_moment", Instance({n: n, speed: _rate}))),
        Step("tail", _tail, Combination(((exp(-4 * n * gap ** 2), "averaged"), (exp(-4 * n * gap ** 2), "moment")))),
    ),
    families=(loss, risk, off), spaces=(DATA, RULES, SAMPLES), witness=lambda rng: marked(rng, drawn(rng)), kind="order",
    ablations={"losses are nonnegative": marked(None, opposed(Fraction(16, 7), Fraction(-9, 7)), Fraction(1)),
        "losses are at most one": marked(None, opposed(Fraction(16, 7), Fraction(16, 7)), Fraction(1)),
               "the risk is the expected loss on each sample": marked(None, opposed(Fraction(1, 256), Fraction(1, 2), Fraction(3, 2)), Fraction(3, 4)),
               "moments of sums are at most products": marked(None, copies(4), Fraction(1, 2))},
    says="The gap of one rule, chosen before the data are seen, exceeds epsilon with chance exp(-2 n epsilon^2) at most.")


# the rule that was drawn

JOINT, PRODUCT = named("a", (), integral((W, H), posterior[H, W] * off[H, W])), named("r", (), integral((W, H), prior[H] * off[H, W]))
_information = named(r"\mathbb{E}\,\mathrm{KL}(Q\,\|\,P)", (), integral((W, H), relative(posterior[H, W], prior[H])))
LAWS = (
    hyp("q is nonnegative", le(0, posterior[H, W])), hyp("q has total mass one", eq(integral(H, posterior[H, W]), 1)), hyp("p is nonnegative", le(0, prior[H])),
    hyp("p has total mass one", eq(integral(H, prior[H]), 1)), hyp("q is absolutely continuous", dominated(posterior[H, W], prior[H])),
)
drawn_rule = Theorem(
    "drawn_rule", "The rule that was drawn, against one drawn before the data", ROOM, PLACE, "Kullback and Leibler 1951", (),
    (*LAWS, OFF), le(kl(JOINT, PRODUCT), _information),
    (
        Step("square", le(0, off[H, W] ** 2), Sign()),
        Step("b", le(0, off[H, W]), Combination(((1, "square"), (1, OFF.name)))),
        Step("co-square", le(0, (1 - off[H, W]) ** 2), Sign()),
        Step("b is at most one", le(off[H, W], 1), Combination(((1, "co-square"), (1, OFF.name)))),
        Step("off", dominated(posterior[H, W] * off[H, W], prior[H] * off[H, W]), Sign()),
        Step("fine", dominated(posterior[H, W] * (1 - off[H, W]), prior[H] * (1 - off[H, W])), Sign()),
        Step("chances of being off", dominated(JOINT, PRODUCT), Null(("off",), (W, H))),
        Step("chances of being fine", dominated(1 - JOINT, 1 - PRODUCT), Null(("fine",), (W, H))),
        Step("drawn is at most one", le(JOINT, 1), Expectation("b is at most one", (W, H), posterior[H, W])),
        Step("fixed is at most one", le(PRODUCT, 1), Expectation("b is at most one", (W, H), prior[H])),
        Step("data processing", le(kl(JOINT, PRODUCT), _information), Lemma("binary_data_processing_event", Instance(
        families={"p": lambda i: posterior[i[1], i[0]], "q": lambda i: prior[i[1]], "f": lambda i: off[i[1], i[0]]}, indices={X: (W, H)}))),
    ),
    families=(prior, posterior, off), spaces=(DATA, RULES), witness=lambda rng: chosen(rng), kind="order",
    says="The chance that the drawn rule is off cannot differ from that of a rule drawn before the data by more than the mean divergence allows.")


def chosen(rng) -> Model:
    data, rules = rng.randint(1, 3), rng.randint(1, 3)
    p = simplex(rng, rules, zeros=False)
    q = {}
    for w in range(data):
        q |= {(h, w): v for h, v in enumerate(simplex(rng, rules))}
    return Model({}, {"p": {(h,): v for h, v in enumerate(p)}, "q": q, "b": {k: rng.randint(0, 1) for k in q}}, {"Data": simplex(rng, data, zeros=False), "Rules": [1] * rules})


CHANCES = (hyp("a is nonnegative", le(0, often)), hyp("a is at most one", le(often, 1)), hyp("r is positive", lt(0, rare)), hyp("r is below one", lt(rare, 1)))
LEVEL = (hyp("delta is positive", lt(0, conf)), Hypothesis("delta is below one", lt(conf, 1), structural=True))
WITHIN = hyp("the divergence of the chances is within the budget", le(kl(often, rare), budget))
RARE = hyp("a rule fixed before the data is rarely off", le(rare, 2 * exp(-2 * n * gap ** 2)))
ENOUGH = hyp("there are enough samples", le((budget / conf + ln(2 / conf) + 1) / (2 * gap ** 2), n))
_slope = ln(conf * (1 - rare) / (rare * (1 - conf)))
single_draw = Theorem(
    "single_draw", "Samples that are enough for one drawn model", ROOM, PLACE, "after Xu and Raginsky 2017; Bassily et al. 2018", (n, conf, budget, gap, often, rare),
    (SOME_SAMPLES, ACCURACY, *CHANCES, *LEVEL, WITHIN, RARE, ENOUGH), le(often, conf),
    (
        Step("divergence", le(0, kl(often, rare)), Lemma("kl_nonnegative", Instance({P_VAR: often, Q_VAR: rare}))),
        Step("K is nonnegative", le(0, budget), Combination(((1, "divergence"), (1, WITHIN.name)))),
        Step("samples", le(budget / conf + ln(2 / conf) + 1, 2 * n * gap ** 2), Combination(((2 * gap ** 2, ENOUGH.name),))),
        Step("top", le(ln(rare / (2 * exp(-2 * n * gap ** 2))), rare / (2 * exp(-2 * n * gap ** 2)) - 1), Lemma("log_tangent", Instance({x: rare / (2 * exp(-2 * n * gap ** 2))}))),
        Step("rarely", le(ln(rare), ln(2) - 2 * n * gap ** 2), Combination(((1, "top"), (1 / (2 * exp(-2 * n * gap ** 2)), RARE.name)))),
        Step("room", le(budget / conf + 1, ln(conf / rare)), Combination(((1, "samples"), (1, "rarely")))),
        Step("ratio", le(ln(conf / rare), conf / rare - 1), Lemma("log_tangent", Instance({x: conf / rare}))),
        Step("apart", lt(rare, conf), Combination(((rare, "ratio"), (rare, "room"), (rare / conf, "K is nonnegative"), (1, "r is positive")))),
        Step("other end", le(ln(1 / (1 - conf)), 1 / (1 - conf) - 1), Lemma("log_tangent", Instance({x: 1 / (1 - conf)}))),
        Step("complement", le(ln((1 - rare)), -rare), Lemma("log_tangent", Instance({x: 1 - rare}))),
        Step("at delta", le(budget, kl(conf, rare)), Combination(((conf, "room"), (1 - conf, "other end"), (1 - conf, "complement"), (1 - conf, "r is positive")))),
        Step("tangent", le(0, kl(often, conf)), Lemma("kl_nonnegative", Instance({P_VAR: often, Q_VAR: conf}))),
        Step("one", lt(0, 1 + budget / conf), Sign()),
        Step("first part", lt(0, ln(conf / rare)), Combination(((1, "room"), (1, "one")))),
        Step("odds", le(ln((1 - conf) / (1 - rare)), (1 - conf) / (1 - rare) - 1), Lemma("log_tangent", Instance({x: (1 - conf) / (1 - rare)}))),
        Step("slope", lt(0, _slope), Combination(((1, "first part"), (1, "odds"), (1 / (1 - rare), "apart")))),
        Step("chance", le(often, conf), Combination(((1 / _slope, "tangent"), (1 / _slope, "at delta"), (1 / _slope, WITHIN.name)))),
    ),
    witness=lambda rng: enough(rng), kind="order",
    says="With (K/delta + ln(2/delta) + 1)/(2 epsilon^2) samples one model drawn from the posterior is off by epsilon with chance delta at most, if K bounds the mean divergence.")


def enough(rng) -> Model:
    level, eps, r = inside(rng), Fraction(rng.randint(2, 8), 16), Fraction(1, 2 ** rng.randint(6, 20))
    a = rational(rng, 0, level) if rng.random() < 0.7 else rational(rng)
    far = lambda u, v: u * math.log(u / v) if u else 0.0
    K = Fraction(math.ceil((far(float(a), float(r)) + far(1 - float(a), 1 - float(r))) * 64 + 1), 64)
    least = (float(K / level) + math.log(2 / level) + 1) / (2 * float(eps) ** 2)
    size = math.ceil(least + 1e-9)
    r = min(r, Fraction(math.floor(2 * math.exp(-2 * size * float(eps) ** 2) * 2 ** 40), 2 ** 40))
    return Model({"n": size, "delta": level, "K": K, "epsilon": eps, "a": a, "r": r}, {}, {}) if r > 0 and far(float(a), float(r)) + far(1 - float(a), 1 - float(r)) < K else enough(rng)


# the two together: what is enough for the model that a learner draws

BUDGET = hyp("the divergence is at most K in mean", le(_information, budget))
SOME = (Hypothesis("some fixed rule is off at times", lt(0, PRODUCT), structural=True), Hypothesis("fixed rules are not always off", lt(PRODUCT, 1), structural=True),
        Hypothesis("the drawn rule is not more than always off", le(JOINT, 1), structural=True),
            Hypothesis("what is off when drawn is off at times when fixed", dominated(JOINT, PRODUCT), structural=True),
        Hypothesis("what is fine when drawn is fine at times when fixed", dominated(1 - JOINT, 1 - PRODUCT), structural=True))


def model_of(model: Model, reached, delta, K=_S, size=1, only=None) -> Model:
    """The model with the rules' events: gaps of at least `reached`, or the data sets in `only`."""
    m, number = model.families, int(model.variables["n"])
    gaps = {(h, w): m["L"][h,] - sum((m["l"][h, i, w] for i in range(number)), Fraction(0)) / number for h, i, w in m["l"] if i == 0}
    events = {k: size * int(g >= Fraction(reached) if only is None else k[1] in only) for k, g in gaps.items()}
    return Model({"n": number, "epsilon": Fraction(reached), "delta": Fraction(delta), "K": K}, m | {"b": events}, model.spaces)


def spoilt() -> dict:
    """What each hypothesis is for: in all but one the model is one of two samples, or of a coin that is counted often."""
    coin, pairs = urn((0, 0, 1, 1)), [[int(i not in pair) for i in range(8)] for pair in combinations(range(8), 2)]
    return {
        "losses are nonnegative": model_of(opposed(Fraction(16, 7), Fraction(-9, 7)), 1, "1/5"), "losses are at most one": model_of(opposed(Fraction(16, 7), Fraction(16, 7)), 1, "1/5"),
        "the risk is the expected loss on each sample": model_of(opposed(Fraction(1, 256), _H, Fraction(5, 2)), "3/2", "1/5", only=(0,)),
        "q has total mass one": model_of(urn((0, 0, 1, 1), q=Fraction(3, 8)), _H, "1/20", Fraction(-36, 100)),
            "p has total mass one": model_of(urn((0, 0, 1, 1), p=[4]), _H, "1/7", Fraction(-138, 100)),
        OFF.name: model_of(urn(pairs[0]), Fraction(3, 4), "5/8", size=20), "moments of sums are at most products": model_of(copies(16), _H, "1/5"),
        FARS.name: model_of(coin, 2, "1/5", only=range(4)), BUDGET.name: model_of(urn(*pairs, chosen=True), Fraction(3, 4), "5/8"),
    }


one_drawn_model = Theorem(
    "one_drawn_model", "One model, drawn from its posterior", ROOM, PLACE, "after Xu and Raginsky 2017; Bassily et al. 2018", (n, conf, budget, gap),
    (SOME_SAMPLES, ACCURACY, *LOSSES, *LAWS, OFF, independent(_rate), FARS, *SOME, BUDGET, *LEVEL, ENOUGH), le(JOINT, conf),
    (
        Step("square", le(0, off[H, W] ** 2), Sign()),
        Step("b", le(0, off[H, W]), Combination(((1, "square"), (1, OFF.name)))),
        Step("drawn against fixed", le(kl(JOINT, PRODUCT), _information), Lemma("drawn_rule", Instance())),
        Step("budget", le(kl(JOINT, PRODUCT), budget), Combination(((1, "drawn against fixed"), (1, BUDGET.name)))),
        Step("one rule", _tail, Lemma("fixed_rule", Instance({n: n, gap: gap}))),
        Step("all rules", le(integral((H, W), prior[H] * off[H, W]), exp(-2 * n * gap ** 2)), Expectation("one rule", (H,), prior[H])),
        Step("some", le(0, exp(-2 * n * gap ** 2)), Sign()),
        Step("rare", le(PRODUCT, 2 * exp(-2 * n * gap ** 2)), Combination(((1, "all rules"), (1, "some")))),
        Step("nonnegative", le(0, JOINT), Expectation("b", (W, H), posterior[H, W])),
        Step("chance", le(JOINT, conf), Lemma("single_draw", Instance({n: n, conf: conf, budget: budget, gap: gap, often: JOINT, rare: PRODUCT}))),
    ),
    families=(loss, risk, prior, posterior, off), spaces=(DATA, RULES, SAMPLES), witness=lambda rng: trained(rng), kind="order", ablations=spoilt(),
    says="If the divergence is at most K in mean, the one model that is drawn from the posterior is off by epsilon with chance delta at most, from (K/delta + ln(2/delta) + 1)/(2 epsilon^2) samples on.")


def trained(rng) -> Model:
    """Two rules on an urn in which two of eight losses are zero; the posterior leans a little to the better one."""
    rows = [[0, 0] + [1] * 6, [1] * 6 + [0, 0]]
    model = urn(*rows)
    lean = Fraction(rng.randint(0, 3), 16)
    m = model.families
    q = {}
    for w in range(len(model.spaces["Data"])):
        better = int(m["l"][1, 0, w] + m["l"][1, 1, w] < m["l"][0, 0, w] + m["l"][0, 1, w])
        q |= {(better, w): _H + lean, (1 - better, w): _H - lean}
    K = sum(float(x) * math.log(2 * x) for x in (_H + lean, _H - lean))
    off_ = {(h, w): int(m["L"][h,] - Fraction(m["l"][h, 0, w] + m["l"][h, 1, w], 2) >= Fraction(3, 4)) for h in range(2) for w in range(len(model.spaces["Data"]))}
    return Model({"n": 2, "epsilon": Fraction(3, 4), "delta": Fraction(rng.randint(29, 31), 32), "K": Fraction(math.ceil(K * 1024) + 1, 1024)},
        {"l": m["l"], "L": m["L"], "p": m["p"], "q": q, "b": off_}, model.spaces)


THEOREMS = (fixed_rule, drawn_rule, single_draw, one_drawn_model)
