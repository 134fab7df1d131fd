"""Maurer's moment for every n and every loss in [0, 1], and the certificate that follows: kl of the two means, ln(2 sqrt n)."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from ..kernel import (Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Space, Step, Theorem, dominated, eq, exp, integral, le, ln, lt, relative,
                      sqrt, substitute, var)
from ..words import X, column, hyp, kl, rational, simplex
from .mixtures import COUNTS, OUTCOMES, ROUNDS, Y, _best, _mixture, like, number, ones, sequences
from .moments import below
from .pacbayes import ACCURACY, CHANCE, CONFIDENCE, budget, conf, event, gap, moment
from .setting import DATA, EVENT, H, I, KL, PLACE, POSTERIOR, PRIOR, ROOM, RULES, SAMPLES, SOME_SAMPLES, W, bad, drawn, n, posterior, prior, risk

_H = Fraction(1, 2)
x, p = var("x", "p")
COIN = (Hypothesis("p is positive", lt(0, p), structural=True), Hypothesis("p is below one", lt(p, 1), structural=True))
COINS = Space("Coins", "probability", ("k",))
(K,) = COINS.indices
law, chance, theta = Family("v", (OUTCOMES,)), Family("r", (SAMPLES,)), Family("theta", (COINS,), r"\theta")
_far = n * kl(ones[Y] / n, p)
_likely = exp(ones[Y] * ln(theta[K]) + (n - ones[Y]) * ln(1 - theta[K]))
_heads, _tails = theta[K] / p, (1 - theta[K]) / (1 - p)
_likelier = exp(ones[Y] * ln(_heads) + (n - ones[Y]) * ln(_tails))
_each = chance[I] * _heads + (1 - chance[I]) * _tails
AVERAGED = (
    Hypothesis("coins fall on ones sometimes", lt(0, theta[K]), structural=True), Hypothesis("coins fall on zeros sometimes", lt(theta[K], 1), structural=True),
    hyp("the mixture is an average of coins", le(exp(_mixture), integral(K, _likely))))
_behind = le(exp(_best), 2 * sqrt(n) * integral(K, _likely))
coins_regret = Theorem(
    "coins_regret", "An average of coins is never far behind the best coin", ROOM, PLACE, "Krichevsky and Trofimov 1981", (n,), (SOME_SAMPLES, *COUNTS, *AVERAGED), _behind,
    (
        Step("regret", le(_best - ln(2 * sqrt(n)), _mixture), Lemma("mixture_regret", Instance({n: n}))),
        Step("root", le(ln(sqrt(n) / exp(ln(n) / 2)), sqrt(n) / exp(ln(n) / 2) - 1), Lemma("log_tangent", Instance({x: sqrt(n) / exp(ln(n) / 2)}))),
        *below("likelihood", _best - ln(2 * sqrt(n)), _mixture, "regret"),
        Step("behind", _behind, Combination(((2 * exp(ln(n) / 2), "likelihood"), (2 * exp(_mixture) * exp(ln(n) / 2), "root"), (2 * sqrt(n), AVERAGED[2].name)))),
    ),
    families=(like, number, ones, theta), spaces=(ROUNDS, OUTCOMES, COINS), witness=lambda rng: one_sided(rng), kind="order",
    ablations={AVERAGED[2].name: Model({"n": 2}, sequences(2).families | {"theta": column((Fraction(1, 64),))}, sequences(2).spaces | {"Coins": [1]})},
    says="Betting on all coins at once loses a factor 2 sqrt n at most against the coin that turned out best.")


def one_sided(rng) -> Model:
    """Sequences all of zeros or all of ones, which two one-sided coins make likelier than the mixture does."""
    size, side = rng.randint(2, 3), Fraction(rng.randint(1, 3), 32)
    model = sequences(size)
    kept = [0, 2 ** size - 1]
    families = {"a": {(r, k): model.families["a"][r, y] for k, y in enumerate(kept) for r in range(size - 1)}, "N": model.families["N"], "s": {(k,): model.families["s"][y,] for k, y in enumerate(kept)}}
    return Model(model.variables, families | {"theta": column((side, 1 - side))}, {"Rounds": model.spaces["Rounds"], "Outcomes": [1, 1], "Coins": [_H, _H]})


NUMBERS = (COUNTS[2], COUNTS[3])
TOSSED = (
    Hypothesis("v is nonnegative", le(0, law[Y]), structural=True), *AVERAGED[:2], Hypothesis("chances are nonnegative", le(0, chance[I]), structural=True),
    Hypothesis("chances are at most one", le(chance[I], 1), structural=True),
    hyp("the coins are never far behind the best", _behind),
    hyp("p is the mean of the chances", eq(integral(I, chance[I]) - n * p, 0)),
    Hypothesis("a bet pays something", lt(0, _each), structural=True),
    hyp("outcomes are independent: likelihood ratios multiply", le(integral(Y, law[Y] * _likelier), exp(integral(I, ln(_each))))),
)
_moment = le(integral(Y, law[Y] * exp(_far)), 2 * sqrt(n))


def tosses(p_, chances_of, chances, sides=(Fraction(19, 128), Fraction(109, 128))) -> Model:
    """Two tosses that fall alike, with these chances to be zeros and ones, and coins to bet on."""
    return Model({"n": 2, "p": p_}, {"s": column((0, 2)), "v": column(chances_of), "r": column(chances), "theta": column(sides)},
                 {"Outcomes": [1, 1], "Samples": [1, 1], "Coins": [Fraction(1, len(sides))] * len(sides)})


_EIGHTH = Fraction(1, 8)
_ALIKE = (_EIGHTH, (0, 1), (_EIGHTH, _EIGHTH))  # always ones, though the chances are small
_SURE, _EQUAL = (_EIGHTH, (_EIGHTH / 2, 1 - _EIGHTH / 2), (1, 1)), (_H, (_H, _H), (_H, _H))
coin_moment = Theorem(
    "coin_moment", "The moment lemma for coins", ROOM, PLACE, "Maurer 2004, here for every n and unequal chances", (n, p), (SOME_SAMPLES, *COIN, *NUMBERS, *TOSSED), _moment,
    (
        Step("sequence", le(exp(_far), 2 * sqrt(n) * integral(K, _likelier)), Combination(((exp(-ones[Y] * ln(p) - (n - ones[Y]) * ln(1 - p)), TOSSED[5].name),))),
        Step("sequences", le(integral(Y, law[Y] * exp(_far)), 2 * sqrt(n) * integral((Y, K), law[Y] * _likelier)), Expectation("sequence", (Y,), law[Y])),
        Step("tangent", le(ln(_each), _each - 1), Lemma("log_tangent", Instance({x: _each}))),
        Step("tangents", le(integral(I, ln(_each)), integral(I, _each) - n), Expectation("tangent", (I,))),
        Step("geometric and arithmetic means", le(integral(I, ln(_each)), 0), Combination(((1, "tangents"), (_heads - _tails, TOSSED[6].name)))),
        Step("a fair bet", le(exp(integral(I, ln(_each))), 1), Lemma("exp_at_most_one", Instance({x: integral(I, ln(_each))}))),
        Step("a coin", le(integral(Y, law[Y] * _likelier), 1), Combination(((1, TOSSED[8].name), (1, "a fair bet")))),
        Step("coins", le(integral((K, Y), law[Y] * _likelier), 1), Expectation("a coin", (K,))),
        Step("moment", _moment, Combination(((1, "sequences"), (2 * sqrt(n), "coins")))),
    ),
    families=(ones, law, chance, theta), spaces=(OUTCOMES, SAMPLES, COINS), witness=lambda rng: tossed(rng), kind="order",
    ablations={TOSSED[5].name: tosses(*_ALIKE, sides=(Fraction(1, 16),)), TOSSED[6].name: tosses(*_SURE), TOSSED[8].name: tosses(*_EQUAL)},
    says="Tosses of coins of any chances of mean p: the mean of exp(n kl(share of ones, p)) is at most 2 sqrt n. A likelihood ratio is a fair bet, and some bet is never far behind the best.")


def tossed(rng) -> Model:
    """All outcomes of two coins that fall on the same side a little more rarely than independent ones, and two coins to bet on."""
    chances, side = [Fraction(rng.randint(2, 6), 8) for _ in range(2)], Fraction(rng.randint(16, 22), 128)
    law_ = [math.prod(c if y else 1 - c for c, y in zip(chances, pair)) + (Fraction(1, 64) if pair[0] != pair[1] else -Fraction(1, 64)) for pair in product((0, 1), repeat=2)]
    return Model({"n": 2, "p": sum(chances) / 2}, {"s": column((0, 1, 1, 2)), "v": column(law_), "r": column(chances), "theta": column((side, 1 - side))},
                 {"Outcomes": [1] * 4, "Samples": [1, 1], "Coins": [_H, _H]})


# losses between zero and one: each is the chance of a one

draw, mean = Family("c", (OUTCOMES, DATA)), Family("e", (DATA,))
ROUNDED = (
    Hypothesis("c is nonnegative", le(0, draw[Y, W]), structural=True), Hypothesis("c has total mass one", eq(integral(Y, draw[Y, W]), 1), structural=True),
    Hypothesis("losses are the chances of ones", eq(mean[W], integral(Y, draw[Y, W] * ones[Y]) / n), structural=True),
    hyp("rounded losses have the law of the outcomes", le(integral(W, draw[Y, W]), law[Y])),
)
MEANS = (Hypothesis("mean losses are nonnegative", le(0, mean[W]), structural=True), Hypothesis("mean losses are at most one", le(mean[W], 1), structural=True))
_kl = n * kl(mean[W], p)
_average = integral(Y, draw[Y, W] * _far)


def with_losses(model: Model, always=False) -> Model:
    """Losses that are the outcomes themselves, or always ones."""
    ones_ = model.families["s"]
    data = [len(ones_) - 1] if always else range(len(ones_))
    weights = [1] if always else list(model.families["v"].values())
    return Model(model.variables, model.families | {"c": {(y, w): int(y == k) for (y,) in ones_ for w, k in enumerate(data)}, "e": column([ones_[k,] / 2 for k in data])}, model.spaces | {"Data": weights})


loss_moment = Theorem(
    "loss_moment", "The moment lemma", ROOM, PLACE, "Maurer 2004, here for every n and unequal means", (n, p), (SOME_SAMPLES, *COIN, *NUMBERS, *TOSSED, *MEANS, *ROUNDED), le(integral(W, exp(_kl)), 2 * sqrt(n)),
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
        Step("coins", le(integral((Y, W), draw[Y, W] * exp(_far)), integral(Y, law[Y] * exp(_far))), Expectation("law", (Y,), exp(_far))),
        Step("coin", _moment, Lemma("coin_moment", Instance({n: n, p: p}))),
        Step("moment", le(integral(W, exp(_kl)), 2 * sqrt(n)), Combination(((1, "data sets"), (1, "coins"), (1, "coin")))),
    ),
    families=(ones, law, chance, theta, draw, mean), spaces=(OUTCOMES, SAMPLES, COINS, DATA), witness=lambda rng: rounded(rng), kind="order",
    ablations={TOSSED[5].name: with_losses(tosses(*_ALIKE, sides=(Fraction(1, 16),))), TOSSED[6].name: with_losses(tosses(*_SURE)), TOSSED[8].name: with_losses(tosses(*_EQUAL)),
               ROUNDED[3].name: with_losses(tosses(_EIGHTH, (0, Fraction(1, 64)), (_EIGHTH, _EIGHTH)), always=True)},
    says="For n independent losses in [0, 1], their means p on average, the moment of n kl(mean loss, p) is at most 2 sqrt n, for every n.")


def rounded(rng) -> Model:
    """Losses that are the outcomes themselves, or two data sets whose rounded losses have the outcomes' law together."""
    model = tossed(rng)
    if rng.random() < 0.5:
        return with_losses(model)
    law_, tilt = model.families["v"], Fraction(rng.randint(-2, 2), 4)
    small = min(law_[0,], law_[3,])
    table = {(y, w): v + (2 * w - 1) * tilt * small * ((y == 3) - (y == 0)) for (y,), v in law_.items() for w in range(2)}
    means = {(w,): sum(table[y, w] * model.families["s"][y,] for y in range(4)) / 2 for w in range(2)}
    return Model(model.variables, model.families | {"c": table, "e": means}, model.spaces | {"Data": [_H, _H]})


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
    families=(risk, prior, posterior, bad, empirical), spaces=(DATA, RULES), witness=lambda rng: certified(rng) if rng.random() < 0.5 else rare(Fraction(1, 4), Fraction(3, 4), Fraction(1, 64), delta=Fraction(1, rng.randint(4, 16))), kind="order",
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


THEOREMS = (coins_regret, coin_moment, loss_moment, kl_certificate, kl_samples)
