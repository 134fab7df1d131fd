"""What is necessary: learners that fail, and what their failing costs in divergence. Where the printed order is true, and where it is not."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import BallBox, Combination, Expectation, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, delta, eq, exp, integral, le, ln, lt, relative, sqrt, var
from ..words import hyp, inside, kl, positive, rational
from .moments import below
from .pacbayes import ACCURACY, conf, gap
from .setting import PLACE, ROOM, SOME_SAMPLES, n

x, chance, size, weight, turns, mixed = var("x", "beta", "M", "w", "m", "c")
_H = Fraction(1, 2)
SMALL = hyp("epsilon is at most a half", lt(gap, _H))
_low = _H - gap
_divergence = kl(_low, _H)
half_divergence = Theorem(
    "half_divergence", "A fair coin that falls short", ROOM, PLACE, "elementary", (gap,), (ACCURACY, SMALL), le(_divergence, 4 * gap ** 2),
    (
        Step("low", le(ln(1 - 2 * gap), -2 * gap), Lemma("log_tangent", Instance({x: 1 - 2 * gap}))),
        Step("high", le(ln(1 + 2 * gap), 2 * gap), Lemma("log_tangent", Instance({x: 1 + 2 * gap}))),
        Step("divergence", le(_divergence, 4 * gap ** 2), Combination(((_low, "low"), (_H + gap, "high")))),
    ),
    witness=lambda rng: Model({"epsilon": inside(rng, 0, _H)}), ablations={"epsilon is at most a half": Model({"epsilon": Fraction(3, 4)})}, kind="order",
    says="The divergence of a coin of chance 1/2 - epsilon from a fair one is at most 4 epsilon^2.")

_count = n * _low
_own = weight * exp(_count * ln(_low) + (n - _count) * ln(1 - _low))
LIKELIEST = hyp("the count is the likeliest of n + 1 at its own rate", le(1 / (n + 1), _own))
_tail = le(exp(-4 * n * gap ** 2) / (n + 1), weight * exp(-n * ln(2)))
lucky_rule = Theorem(
    "lucky_rule", "How often a fair coin looks better by epsilon", ROOM, PLACE, "method of types; Csiszar 1998", (n, gap, weight), (SOME_SAMPLES, ACCURACY, SMALL, LIKELIEST), _tail,
    (
        Step("divergence", le(_divergence, 4 * gap ** 2), Lemma("half_divergence", Instance({gap: gap}))),
        Step("exponent", le(-4 * n * gap ** 2, -n * _divergence), Combination(((n, "divergence"),))),
        *below("power", -4 * n * gap ** 2, -n * _divergence, "exponent"),
        Step("tail", _tail, Combination(((1 / (n + 1), "power"), (exp(-n * _divergence), LIKELIEST.name)))),
    ),
    witness=lambda rng: binomial(rng), kind="order",
    says="The chance that n fair coins show at most n(1/2 - epsilon) ones is at least exp(-4 n epsilon^2)/(n + 1).")


def binomial(rng) -> Model:
    """n tosses, k of them ones; w is the binomial coefficient."""
    size_ = rng.randint(3, 30)
    k = rng.randint(1, (size_ - 1) // 2)
    return Model({"n": size_, "epsilon": _H - Fraction(k, size_), "w": math.comb(size_, k)}, {}, {})


MANY = hyp("there are as many rules as one needs", le(turns, size * chance))
_luck = le(1 - exp(-turns), 1 - exp(size * ln(1 - chance)))
best_of_many = Theorem(
    "best_of_many", "The best of many fair coins", ROOM, PLACE, "elementary", (size, chance, turns),
        (Hypothesis("there are rules", lt(0, size), structural=True), hyp("beta is below one", lt(chance, 1)), MANY), _luck,
    (
        Step("tangent", le(ln(1 - chance), -chance), Lemma("log_tangent", Instance({x: 1 - chance}))),
        Step("all", le(size * ln(1 - chance), -turns), Combination(((size, "tangent"), (1, MANY.name)))),
        *below("power", size * ln(1 - chance), -turns, "all"),
        Step("luck", _luck, Combination(((1, "power"),))),
    ),
    witness=lambda rng: (lambda m, k: Model({"M": m, "m": m * Fraction(k, 12), "beta": Fraction(k, 12)}))(rng.randint(2, 9), rng.randint(0, 11)), kind="order",
    says="Among m/beta independent rules, each off with chance beta, one is off with chance 1 - exp(-m) at least.")

SAMPLES_ENOUGH = hyp("there are samples enough for the construction", le(ln(n + 1) + _H, 4 * n * gap ** 2))
RULES_COUNTED = hyp("the rules are rounded up", le(size, (n + 1) * exp(4 * n * gap ** 2) + 1))
LEVEL = (hyp("delta is positive", lt(0, conf)), Hypothesis("delta is at most a half", le(conf, _H), structural=True))
_x = (n + 1) * exp(4 * n * gap ** 2)
_budget = le(2 * conf * ln(size), 16 * conf * n * gap ** 2)
memoriser_budget = Theorem(
    "memoriser_budget", "What the memorising learner costs", ROOM, PLACE, "after Bassily et al. 2018", (n, conf, gap, size),
    (hyp("there is a sample", le(1, n)), Hypothesis("there are rules", lt(0, size), structural=True), hyp("delta is nonnegative", le(0, conf)), SAMPLES_ENOUGH, RULES_COUNTED), _budget,
    (
        Step("ratio", le(ln(size / (_x + 1)), size / (_x + 1) - 1), Lemma("log_tangent", Instance({x: size / (_x + 1)}))),
        Step("rounded", le(ln(size), ln(_x + 1)), Combination(((1, "ratio"), (1 / (_x + 1), RULES_COUNTED.name)))),
        Step("one more", le(ln(1 + 1 / _x), 1 / _x), Lemma("log_tangent", Instance({x: 1 + 1 / _x}))),
        Step("power", le(ln(exp(4 * n * gap ** 2)), exp(4 * n * gap ** 2) - 1), Lemma("log_tangent", Instance({x: exp(4 * n * gap ** 2)}))),
        Step("square", le(0, gap ** 2), Sign()),
        Step("large", le(2, _x), Combination(((n + 1, "power"), (1, "there is a sample"), (4 * n * (n + 1), "square")))),
        Step("half", le(1 / _x, _H), Combination(((1 / (2 * _x), "large"),))),
        Step("rules", le(ln(size), 8 * n * gap ** 2), Combination(((1, "rounded"), (1, "one more"), (1, "half"), (1, SAMPLES_ENOUGH.name)))),
        Step("budget", _budget, Combination(((2 * conf, "rules"),))),
    ),
    witness=lambda rng: memoriser(rng), kind="order",
    says="The learner that, on a share 2 delta of the data, names the best of M rules and the prior elsewhere has a mean divergence of 16 delta n epsilon^2 at most.")


def memoriser(rng) -> Model:
    size_, eps = rng.randint(10, 40), Fraction(rng.randint(4, 7), 16)
    while math.log(size_ + 1) + 0.5 > 4 * size_ * float(eps) ** 2 - 1e-9:
        size_ += 5
    rules = (size_ + 1) * math.exp(4 * size_ * float(eps) ** 2)
    return Model({"n": size_, "epsilon": eps, "delta": inside(rng, 0, _H), "M": math.floor(rules)}, {}, {})


# the chance of one rule is at least that of exactly n(1/2 - epsilon) ones
ODDS = hyp("a rule is off as often as that count comes at least", le(weight * exp(-n * ln(2)), chance))
COINS = (SOME_SAMPLES, ACCURACY, SMALL, LIKELIEST, Hypothesis("there are rules", lt(0, size), structural=True), hyp("beta is below one", lt(chance, 1)), ODDS)


def many(share):
    """There are m (n + 1) exp(4 n epsilon^2) rules."""
    return hyp("there are as many rules as one needs", le(share * (n + 1) * exp(4 * n * gap ** 2), size))


def lucky(share) -> tuple[Step, ...]:
    """So many rules are enough for one of them to look better by epsilon."""
    return (
        Step("tail", _tail, Lemma("lucky_rule", Instance({n: n, gap: gap, weight: weight}))),
        Step("rule", le(exp(-4 * n * gap ** 2) / (n + 1), chance), Combination(((1, "tail"), (1, ODDS.name)))),
        Step("rules", le(share, size * chance), Combination(((size, "rule"), (exp(-4 * n * gap ** 2) / (n + 1), "there are as many rules as one needs")))),
    )


_failing = 2 * conf * (1 - exp(size * ln(1 - chance)))
memoriser_fails = Theorem(
    "memoriser_fails", "The printed order is necessary where the divergence is bounded in mean", ROOM, PLACE, "after Bassily et al. 2018", (n, gap, weight, conf, size, chance),
    (*COINS, many(1), *LEVEL), lt(conf, _failing),
    (
        *lucky(1),
        Step("luck", le(1 - exp(-1), 1 - exp(size * ln(1 - chance))), Lemma("best_of_many", Instance({size: size, chance: chance, turns: 1}))),
        Step("e", lt(exp(-1), _H), BallBox(())),
        Step("fails", lt(conf, _failing), Combination(((2 * conf, "luck"), (2 * conf, "e")))),
    ),
    witness=lambda rng: (lambda m: Model(m.variables | {"delta": inside(rng, 0, _H)}))(coined(rng)), kind="order",
    says="The learner that names the best of (n + 1) exp(4 n epsilon^2) rules on a share 2 delta of the data sets fails more often than delta. "
         "By memoriser_budget it costs 16 delta n epsilon^2 in mean where 4 n epsilon^2 is at least ln(n + 1) + 1/2: "
         "for such n, up to K/(16 epsilon^2 delta), no guarantee holds for all learners of budget K.")


def coined(rng, share=1) -> Model:
    """Coins, some of whose tosses show n(1/2 - epsilon) ones, and rules enough."""
    model = binomial(rng)
    size_, eps, w = (model.variables[name] for name in ("n", "epsilon", "w"))
    rules = math.ceil(float(share) * (size_ + 1) * math.exp(4 * size_ * float(eps) ** 2) * (1 + 1e-9)) + 1
    return Model(model.variables | {"M": rules, "beta": Fraction(w, 2 ** size_) + rational(rng, 0, Fraction(1, 8)) + Fraction(1, 2 ** 30)})

# one model drawn from a posterior that is a little of the best rule and the prior otherwise

CLASS = Space("Class", "finite", ("k", "j"), size)
K_, J_ = CLASS.indices
PART = (hyp("c is nonnegative", le(0, mixed)), hyp("c is at most one", le(mixed, 1)))
_prior = (1 - mixed) / size
_part = relative(_prior + mixed * delta(K_, J_), 1 / size)
mixed_learner = Theorem(
    "mixed_learner", "What a little of the best rule costs", ROOM, PLACE, "convexity of the divergence", (size, mixed),
        (Hypothesis("there are rules", lt(0, size), structural=True), *PART),
    le(integral(K_, _part), mixed * ln(size)),
    (
        Step("rule", le(_part, relative(_prior, _prior) + relative(mixed * delta(K_, J_), mixed / size)),
             Lemma("log_sum_two", Instance({var("a1"): _prior, var("b1"): _prior, var("a2"): mixed * delta(K_, J_), var("b2"): mixed / size}))),
        Step("rules", le(integral(K_, _part), integral(K_, mixed * relative(delta(K_, J_), 1 / size))), Expectation("rule", (K_,))),
        Step("divergence", le(integral(K_, _part), mixed * ln(size)), Combination(((1, "rules"),))),
    ),
    spaces=(CLASS,), witness=lambda rng: (lambda m: Model({"M": m, "c": rational(rng)}, {}, {"Class": [1] * m}))(rng.randint(1, 4)),
    equality=lambda rng: Model({"M": 1, "c": 0}, {}, {"Class": [1]}),
    says="A posterior that is the best of M rules with weight c and the uniform prior otherwise has divergence c ln M at most, on every data set.")
drawn_fails = Theorem(
    "drawn_fails", "For one drawn model the reciprocal of delta is necessary, even with the divergence bounded on every data set", ROOM, PLACE, "after Bassily et al. 2018",
    (n, gap, weight, conf, size, chance, turns, mixed), (*COINS, many(turns), hyp("the weight makes up for the luck", le(conf, mixed * (1 - exp(-turns)))), PART[0]),
    le(conf, mixed * (1 - exp(size * ln(1 - chance)))),
    (
        *lucky(turns),
        Step("luck", _luck, Lemma("best_of_many", Instance({size: size, chance: chance, turns: turns}))),
        Step("fails", le(conf, mixed * (1 - exp(size * ln(1 - chance)))), Combination(((mixed, "luck"), (1, "the weight makes up for the luck")))),
    ),
    witness=lambda rng: drawn_from(rng), kind="order",
    ablations={"c is nonnegative": Model({"n": 4, "epsilon": Fraction(1, 4), "w": 4, "beta": _H, "M": 64, "m": 1, "c": -1, "delta": Fraction(-3, 4)})},
    says="A model drawn from that posterior is off with chance delta = c (1 - exp(-m)) at least; with m (n + 1) exp(4 n epsilon^2) rules its divergence is delta ln(M)/(1 - exp(-m)) at most, by mixed_learner.")



def drawn_from(rng) -> Model:
    m, c = Fraction(rng.randint(1, 12), 4), inside(rng)
    return Model(coined(rng, m).variables | {"m": m, "c": c, "delta": Fraction(math.floor(float(c) * (1 - math.exp(-float(m))) * 4096), 4096)})


# the ratio of the two orders

C = var("C")
POSITIVE = hyp("C is positive", lt(0, C))
DELTA = hyp("delta is positive", lt(0, conf))
_ratio = conf * (1 + ln(1 / conf) / C)
_root = sqrt(conf)
_bound = le(_ratio, conf + 2 * exp(-1) / C * _root)
order_ratio = Theorem(
    "order_ratio", "The printed order is not necessary where the divergence is bounded on every data set", ROOM, PLACE, "elementary", (conf, C), (DELTA, POSITIVE), _bound,
    (
        Step("tangent", le(ln(exp(-1) * _root / conf), exp(-1) * _root / conf - 1), Lemma("log_tangent", Instance({x: exp(-1) * _root / conf}))),
        Step("ratio", _bound, Combination(((2 * conf / C, "tangent"),))),
    ),
    witness=lambda rng: Model({"delta": inside(rng), "C": positive(rng)}, {}, {}), kind="order",
    says="With C = K + ln(2)/2 the samples that are enough for every_posterior at u = 1/2 are this share of the order C/(epsilon^2 delta): it tends to zero with delta, so no constant makes that order necessary.")
fewer_samples = Theorem(
    "fewer_samples", "Fewer samples than the printed order", ROOM, PLACE, "elementary", (conf, C),
        (DELTA, hyp("delta is at most one", le(conf, 1)), hyp("C is at least one", le(1, C))), le(_ratio, 1),
    (
        Step("tangent", le(ln(1 / conf), 1 / conf - 1), Lemma("log_tangent", Instance({x: 1 / conf}))),
        Step("share", le(conf * ln(1 / conf), 1 - conf), Combination(((conf, "tangent"),))),
        Step("slack", le(0, (1 - conf) * (C - 1) / C), Sign()),
        Step("fewer", le(_ratio, 1), Combination(((1 / C, "share"), (1, "slack")))),
    ),
    witness=lambda rng: Model({"delta": inside(rng), "C": 1 + rational(rng, 0, 4)}, {}, {}), equality=lambda rng: Model({"delta": 1, "C": 2}, {}, {}),
    says="With a budget of at least one nat the logarithm always asks for fewer samples than the reciprocal.")
HELD = hyp("one coin keeps the guarantee", le(weight * exp(-n * ln(2)), conf))
confidence_needed = Theorem(
    "confidence_needed", "The logarithm of delta is necessary even for one rule", ROOM, PLACE, "method of types; Csiszar 1998", (n, gap, weight, conf),
        (*COINS[:4], Hypothesis(DELTA.name, DELTA.claim, structural=True), HELD),
    le(ln(1 / conf), 4 * n * gap ** 2 + ln(n + 1)),
    (
        Step("tail", _tail, Lemma("lucky_rule", Instance({n: n, gap: gap, weight: weight}))),
        Step("ratio", le(ln(exp(-4 * n * gap ** 2) / ((n + 1) * conf)), exp(-4 * n * gap ** 2) / ((n + 1) * conf) - 1),
            Lemma("log_tangent", Instance({x: exp(-4 * n * gap ** 2) / ((n + 1) * conf)}))),
        Step("needed", le(ln(1 / conf), 4 * n * gap ** 2 + ln(n + 1)), Combination(((1, "ratio"), (1 / conf, "tail"), (1 / conf, HELD.name)))),
    ),
    witness=lambda rng: (lambda m: Model(m.variables | {"delta": Fraction(m.variables["w"], 2 ** m.variables["n"]) + rational(rng, 0, Fraction(1, 8)) + Fraction(1,
        2 ** 30)}))(binomial(rng)), kind="order",
    says="A guarantee that one fair coin keeps takes 4 n epsilon^2 + ln(n + 1) of at least ln(1/delta).")
THEOREMS = (half_divergence, lucky_rule, confidence_needed, best_of_many, memoriser_budget, memoriser_fails, mixed_learner, drawn_fails, order_ratio, fewer_samples)
