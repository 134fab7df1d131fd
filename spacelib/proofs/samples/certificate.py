"""Maurer's moment for every n and every loss in [0, 1], and the certificate that follows: kl of the two means, ln(2 sqrt n)."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Sign, Step, Theorem, dominated, eq, exp, integral, le, ln, lt, named, relative, sqrt, substitute, var
from ..words import X, hyp, kl, rational, simplex
from .mixtures import COUNTS, OUTCOMES, ROUNDS, Y, _best, _mixture, like, number, ones, sequences
from .moments import below
from .pacbayes import ACCURACY, CHANCE, CONFIDENCE, budget, conf, event, gap, moment
from .setting import DATA, EVENT, H, KL, PLACE, POSTERIOR, PRIOR, ROOM, RULES, SOME_SAMPLES, W, bad, drawn, n, posterior, prior, risk

_H = Fraction(1, 2)
x, p = var("x", "p")
COIN = (hyp("p is positive", lt(0, p)), hyp("p is below one", lt(p, 1)))
_law = exp(ones[Y] * ln(p) + (n - ones[Y]) * ln(1 - p))
_far = n * kl(ones[Y] / n, p)
TOTAL = hyp("the mixture's chances add up to one at most", le(integral(Y, exp(_mixture)), 1))
_moment = le(integral(Y, _law * exp(_far)), 2 * sqrt(n))
coin_moment = Theorem(
    "coin_moment", "The moment lemma for a coin", ROOM, PLACE, "Maurer 2004, for every n; Krichevsky and Trofimov 1981", (n, p), (SOME_SAMPLES, *COIN, *COUNTS, TOTAL), _moment,
    (
        Step("regret", le(_best - ln(2 * sqrt(n)), _mixture), Lemma("mixture_regret", Instance({n: n}))),
        Step("root", le(ln(sqrt(n) / exp(ln(n) / 2)), sqrt(n) / exp(ln(n) / 2) - 1), Lemma("log_tangent", Instance({x: sqrt(n) / exp(ln(n) / 2)}))),
        *below("likelihood", _best - ln(2 * sqrt(n)), _mixture, "regret"),
        Step("sequence", le(_law * exp(_far), 2 * sqrt(n) * exp(_mixture)), Combination(((2 * exp(ln(n) / 2), "likelihood"), (2 * exp(_mixture) * exp(ln(n) / 2), "root")))),
        Step("sequences", le(integral(Y, _law * exp(_far)), 2 * sqrt(n) * integral(Y, exp(_mixture))), Expectation("sequence", (Y,))),
        Step("moment", _moment, Combination(((1, "sequences"), (2 * sqrt(n), TOTAL.name)))),
    ),
    families=(like, number, ones), spaces=(ROUNDS, OUTCOMES), witness=lambda rng: tossed(rng), kind="order",
    says="Whatever the coin, the mean of exp(n kl(share of ones, p)) over n tosses is at most 2 sqrt n.")


def tossed(rng) -> Model:
    """All sequences of a coin, weighted a little towards those that the coin makes more likely than the mixture does, for the margin of the counts."""
    size, odds = rng.randint(2, 3), Fraction(rng.choice((1, 2, 6, 7)), 8)
    model = sequences(size)
    ones_ = model.families["s"]
    law = {y: odds ** k * (1 - odds) ** (size - k) for (y,), k in ones_.items()}
    mixture = {(y,): math.prod(float(model.families["a"][r, y] + _H) / float(model.families["N"][r,] + 1) for r in range(size - 1)) / 2 for y in law}
    weights = [Fraction(5, 4) if law[y] > mixture[y,] else Fraction(3, 4) for y in law]
    total = sum(float(w) * mixture[y,] for y, w in enumerate(weights))
    scale = Fraction(math.floor(1024 / total), 1024)
    return Model(model.variables | {"p": odds}, model.families, model.spaces | {"Outcomes": [w * scale for w in weights]})


# losses between zero and one: each is the chance of a one

draw, mean = Family("c", (OUTCOMES, DATA)), Family("e", (DATA,))
ROUNDED = (
    Hypothesis("c is nonnegative", le(0, draw[Y, W]), structural=True), Hypothesis("c has total mass one", eq(integral(Y, draw[Y, W]), 1), structural=True),
    Hypothesis("losses are the chances of ones", eq(mean[W], integral(Y, draw[Y, W] * ones[Y]) / n), structural=True),
    hyp("samples are independent: rounded losses have the coin's law", le(integral(W, draw[Y, W]), _law)),
)
MEANS = (Hypothesis("mean losses are nonnegative", le(0, mean[W]), structural=True), Hypothesis("mean losses are at most one", le(mean[W], 1), structural=True))
_kl = n * kl(mean[W], p)
_average = integral(Y, draw[Y, W] * _far)


def all_ones() -> Model:
    """Two tosses that always fall on ones, which outweigh the other sequences."""
    model = sequences(2)
    return Model(model.variables | {"p": Fraction(1, 8)}, model.families | {"c": {(y, 0): Fraction(int(y == 3), 65) for y in range(4)}, "e": {(0,): 1}},
        {"Rounds": [1], "Outcomes": [1, 1, 1, 65], "Data": [1]})


loss_moment = Theorem(
    "loss_moment", "The moment lemma", ROOM, PLACE, "Maurer 2004, for every n", (n, p), (SOME_SAMPLES, *COIN, *COUNTS, TOTAL, *MEANS, *ROUNDED), le(integral(W, exp(_kl)), 2 * sqrt(n)),
    (
        Step("accepted", le(relative(integral(Y, draw[Y, W] * ones[Y] / n), integral(Y, draw[Y, W] * p)), integral(Y, relative(draw[Y, W] * ones[Y] / n, draw[Y, W] * p))),
             Lemma("log_sum", Instance(families={"u": lambda y: draw[(*y, W)] * ones[y] / n, "v": lambda y: draw[(*y, W)] * p}, indices={X: (Y,)}))),
        Step("rejected", le(relative(integral(Y, draw[Y, W] * (1 - ones[Y] / n)), integral(Y, draw[Y, W] * (1 - p))),
            integral(Y, relative(draw[Y, W] * (1 - ones[Y] / n), draw[Y, W] * (1 - p)))),
             Lemma("log_sum", Instance(families={"u": lambda y: draw[(*y, W)] * (1 - ones[y] / n), "v": lambda y: draw[(*y, W)] * (1 - p)}, indices={X: (Y,)}))),
        Step("convex", le(_kl, _average), Combination(((n, "accepted"), (n, "rejected")))),
        *below("data set", _kl, _average, "convex"),
        Step("tangent", le(ln(exp(_far - _average)), exp(_far - _average) - 1), Lemma("log_tangent", Instance({x: exp(_far - _average)}))),
        Step("exponential of an average", le(exp(_average), integral(Y, draw[Y, W] * exp(_far))), Expectation("tangent", (Y,), draw[Y, W] * exp(_average))),
        Step("rounded", le(exp(_kl), integral(Y, draw[Y, W] * exp(_far))), Combination(((1, "data set"), (1, "exponential of an average")))),
        Step("data sets", le(integral(W, exp(_kl)), integral((W, Y), draw[Y, W] * exp(_far))), Expectation("rounded", (W,))),
        Step("law", ROUNDED[3].claim, Combination(((1, ROUNDED[3].name),))),
        Step("coins", le(integral((Y, W), draw[Y, W] * exp(_far)), integral(Y, _law * exp(_far))), Expectation("law", (Y,), exp(_far))),
        Step("coin", _moment, Lemma("coin_moment", Instance({n: n, p: p}))),
        Step("moment", le(integral(W, exp(_kl)), 2 * sqrt(n)), Combination(((1, "data sets"), (1, "coins"), (1, "coin")))),
    ),
    families=(like, number, ones, draw, mean), spaces=(ROUNDS, OUTCOMES, DATA), witness=lambda rng: rounded(rng), kind="order", ablations={TOTAL.name: all_ones()},
    says="For n independent losses in [0, 1] of mean p the moment of n kl(mean loss, p) is at most 2 sqrt n, for every n.")


def rounded(rng) -> Model:
    """Two data sets whose rounded losses have the coin's law together: one has more ones, the other fewer."""
    model = tossed(rng)
    size, odds, weights = int(model.variables["n"]), model.variables["p"], model.spaces["Outcomes"]
    law = [odds ** k * (1 - odds) ** (size - k) for k in model.families["s"].values()]
    base = [x / sum(w * v for w, v in zip(weights, law)) for x in law]
    centre = sum(w * x * k for w, x, k in zip(weights, base, model.families["s"].values()))
    tilt = Fraction(rng.randint(0, 4), 4 * size)
    chances = {(y, k): x * (1 + sign * tilt * (ones_ - centre)) for k, sign in enumerate((1, -1)) for (y,), x, ones_ in zip(model.families["s"], base, model.families["s"].values())}
    means = {(k,): sum(w * chances[y, k] * model.families["s"][y,] for y, w in enumerate(weights)) / size for k in range(2)}
    return Model(model.variables, model.families | {"c": chances, "e": means}, model.spaces | {"Data": [_H, _H]})


# the certificate

empirical = Family("e", (RULES, DATA))
RISKS = (Hypothesis("mean losses are nonnegative", le(0, empirical[H, W]), structural=True), Hypothesis("mean losses are at most one", le(empirical[H, W], 1), structural=True),
         Hypothesis("risks are positive", lt(0, risk[H]), structural=True), Hypothesis("risks are below one", lt(risk[H], 1), structural=True))
_score = n * kl(empirical[H, W], risk[H])
OBEYS = hyp("each rule obeys the moment lemma", le(integral(W, exp(_score)), 2 * sqrt(n)))
_seen, _true = integral(H, posterior[H, W] * empirical[H, W]), integral(H, posterior[H, W] * risk[H])
SENSE = tuple(Hypothesis(f"the certificate means something: {name}", claim, structural=True) for name, claim in (
    ("losses", le(_seen, 1)), ("risks", le(_true, 1)), ("accepted", dominated(_seen, _true)), ("rejected", dominated(1 - _seen, 1 - _true))))
FAR = hyp("on the event the posterior's mean loss is far from its risk", le(bad[W] * (KL + ln(2 * sqrt(n) / conf)), bad[W] * n * kl(_seen, _true)))
_products = lambda left, right: Lemma("log_sum", Instance(families={"u": lambda h: posterior[(*h, W)] * left(h), "v": lambda h: posterior[(*h, W)] * right(h)}, indices={X: (H,)}))


def rare(risk_, seen, chance, delta=_H, p=1, q=1, b=1) -> Model:
    """One rule and nine samples; its mean loss is off its risk with some chance only."""
    other = [] if chance == 1 else [1 - chance]
    values = [seen, risk_][:1 + len(other)]
    return Model({"n": 9, "delta": delta}, {"L": {(0,): risk_}, "e": {(0, w): x for w, x in enumerate(values)}, "p": {(0,): p}, "q": {(0, w): q for w in range(len(values))},
                                             "b": {(w,): b * (1 - w) for w in range(len(values))}}, {"Data": [chance, *other], "Rules": [1]})


kl_certificate = Theorem(
    "kl_certificate", "The kl certificate", ROOM, PLACE, "Maurer 2004; Langford and Seeger 2001", (n, conf),
        (SOME_SAMPLES, CONFIDENCE, *PRIOR, *POSTERIOR, EVENT, *RISKS, *SENSE, OBEYS, FAR), le(CHANCE, conf),
    (
        *event,
        Step("seen", le(relative(_seen, _true), integral(H, relative(posterior[H, W] * empirical[H, W], posterior[H, W] * risk[H]))),
            _products(lambda h: empirical[(*h, W)], lambda h: risk[h])),
        Step("unseen", le(relative(1 - _seen, 1 - _true), integral(H, relative(posterior[H, W] * (1 - empirical[H, W]), posterior[H, W] * (1 - risk[H])))),
             _products(lambda h: 1 - empirical[(*h, W)], lambda h: 1 - risk[h])),
        Step("convex", le(n * kl(_seen, _true), integral(H, posterior[H, W] * _score)), Combination(((n, "seen"), (n, "unseen")))),
        Step("score", le(bad[W] * (KL + ln(2 * sqrt(n) / conf)), bad[W] * integral(H, posterior[H, W] * _score)), Combination(((1, FAR.name), (bad[W], "convex")))),
        Step("chance", le(CHANCE, conf), Lemma("posterior_scores", Instance({conf: conf, moment: 2 * sqrt(n)}, families={"f": lambda h, w: substitute(_score, {H: h[0], W: w[0]})}))),
    ),
    families=(risk, prior, posterior, bad, empirical), spaces=(DATA, RULES), witness=lambda rng: certified(rng), kind="order",
    ablations={
        OBEYS.name: rare(Fraction(1, 16), Fraction(15, 16), 1), EVENT.name: rare(Fraction(1, 4), Fraction(3, 4), Fraction(1, 64), delta=Fraction(1, 16), b=8),
        "p has total mass one": rare(Fraction(1, 4), Fraction(1, 4), 1, p=64),
            "q has total mass one": rare(Fraction(1, 16), Fraction(7, 16), Fraction(1, 64), delta=Fraction(1, 65), q=2)},
    says="Off a share delta of the data sets, for every posterior at once, kl(mean loss, risk) is at most (KL + ln(2 sqrt n) + ln(1/delta))/n: for every n.")


def certified(rng) -> Model:
    """Few data sets and rules; the event is where the certificate fails, which at these sizes is rare."""
    rules, data, size = rng.randint(1, 2), rng.randint(2, 3), rng.randint(1, 9)
    model = drawn(rng, rules)
    law = simplex(rng, data, zeros=False)
    risks = [Fraction(rng.randint(2, 14), 16) for _ in range(rules)]
    seen = {(h, w): min(Fraction(1), max(Fraction(0), risks[h] + Fraction(rng.randint(-2, 2), 16))) for h in range(rules) for w in range(data)}
    far = lambda a, b: sum(u * math.log(u / v) for u, v in ((a, b), (1 - a, 1 - b)) if u)
    worst = max(sum(float(x) * math.exp(size * far(float(seen[h, w]), float(risks[h]))) for w, x in enumerate(law)) for h in range(rules))
    if worst > 2 * math.sqrt(size) - 1e-6:
        return certified(rng)
    level = Fraction(rng.randint(1, 12), 12)
    q, p_ = {(h, w): model.families["q"][h, w] for h in range(rules) for w in range(data)}, model.families["p"]
    bad_ = {}
    for w in range(data):
        excess = size * far(*(float(sum(q[h, w] * v for h, v in enumerate(values))) for values in ([seen[h, w] for h in range(rules)], risks)))
        excess -= sum(float(q[h, w]) * math.log(q[h, w] / p_[h,]) for h in range(rules) if q[h, w])
        bad_[w,] = int(excess > math.log(2 * math.sqrt(size) / level) + 1e-6)
    return Model({"n": size, "delta": level}, {"L": {(h,): x for h, x in enumerate(risks)}, "e": seen, "p": p_, "q": q, "b": bad_}, {"Data": law, "Rules": [1] * rules})


ENOUGH = hyp("there are enough samples", le((budget + ln(1 / conf) + ln(sqrt(2) / gap) - _H) / gap ** 2, n))
kl_samples = Theorem(
    "kl_samples", "Samples that the certificate asks for", ROOM, PLACE, "elementary", (n, conf, budget, gap), (SOME_SAMPLES, CONFIDENCE, ACCURACY, ENOUGH),
    le(budget + ln(2 * sqrt(n) / conf), 2 * n * gap ** 2),
    (
        Step("logarithm", le(ln(2 * gap ** 2 * n), 2 * gap ** 2 * n - 1), Lemma("log_tangent", Instance({x: 2 * gap ** 2 * n}))),
        Step("enough", le(budget + ln(2 * sqrt(n) / conf), 2 * n * gap ** 2), Combination(((_H, "logarithm"), (gap ** 2, ENOUGH.name)))),
    ),
    witness=lambda rng: counted(rng), equality=None, kind="order",
    says="With (K + ln(1/delta) + ln(sqrt(2)/epsilon) - 1/2)/epsilon^2 samples the certificate allows a gap of epsilon at most.")


def counted(rng) -> Model:
    K, level, eps = rational(rng, 0, 4), Fraction(rng.randint(1, 12), 12), Fraction(rng.randint(1, 8), 16)
    least = (float(K) - math.log(level) + math.log(math.sqrt(2) / eps) - 0.5) / float(eps) ** 2
    return Model({"n": max(1, math.ceil(least + 1e-6) + rng.randint(0, 2)), "delta": level, "K": K, "epsilon": eps}, {}, {})


THEOREMS = (coin_moment, loss_moment, kl_certificate, kl_samples)
