"""The certificate under shift: the chain for numbers, and for every posterior at once off a share delta of the data sets."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Instance, Least, Lemma, Member, Model, Sign, Step, Theorem, conditions, eq, exp, integral,
                      le, ln, lt, named, sqrt, unfold, var)
from ..samples.certificate import empirical
from ..samples.pacbayes import CHANCE, CONFIDENCE, conf, event
from ..samples.setting import DATA, EVENT, H, KL, POSTERIOR, PRIOR, RULES, W, bad, n, posterior, prior
from ..words import column, hyp, inside, inverse_first, inverse_second, kl, rational, simplex
from .setting import CONTINUOUS, HALF, MU, NU, PLACE, ROOM, SCENES, SHIFT, Z, kappa, mu, nu

l, p, q, r, c, m1, x = var("l", "p", "q", "r", "c", "m1", "x")
_seen = inverse_second(l, c)
_within = conditions(unfold(_seen), m1)
NUMBERS = (hyp("l is nonnegative", le(0, l)), Hypothesis("l is below one", lt(l, 1), structural=True), Hypothesis("p is positive", lt(0, p), structural=True),
           Hypothesis("p is below one", lt(p, 1), structural=True), hyp("the divergence of l from p is at most c", le(kl(l, p), c)), Hypothesis("c is nonnegative", le(0, c), structural=True),
           hyp("kappa is nonnegative", le(0, kappa)), hyp("r is within kappa of p", le(r, inverse_first(p, kappa))))
chained = Theorem(
    "chained", "Two steps, two inverses", ROOM, PLACE, "monotonicity", (l, p, r, c, kappa), NUMBERS, le(r, inverse_first(_seen, kappa)),
    (
        Step("seen", le(l, _seen), Member(_seen, l)),
        Step("lucky", le(p, _seen), Sign(), given=(le(p, l),)),
        Step("unlucky", le(p, _seen), Member(_seen, p), given=(lt(l, p),)),
        Step("sampled risk", le(p, _seen), Cases(("lucky", "unlucky"))),
        Step("member", le(m1, 1), Sign(), given=_within),
        Step("a probability", le(_seen, 1), Least("member", _seen, m1)),
        Step("a larger reference", le(inverse_first(p, kappa), inverse_first(_seen, kappa)), Lemma("first_monotone_reference", Instance({q: p, r: _seen, c: kappa}))),
        Step("chain", le(r, inverse_first(_seen, kappa)), Combination(((1, "a larger reference"), (1, NUMBERS[-1].name)))),
    ),
    witness=lambda rng: links(rng), kind="order",
    ablations={"the divergence of l from p is at most c": Model({"l": 0, "p": HALF, "r": HALF, "c": Fraction(1, 64), "kappa": Fraction(1, 64)}), "r is within kappa of p": Model({"l": HALF, "p": HALF, "r": 1, "c": 0, "kappa": 0})},
    says="From a mean loss to the sampled risk by the second inverse, from there to the risk to come by the first.")


def links(rng) -> Model:
    a, b, k = inside(rng), inside(rng), rational(rng)
    far = sum(u * math.log(u / v) for u, v in ((float(a), float(b)), (1 - float(a), 1 - float(b))) if u)
    return Model({"l": a, "p": b, "c": Fraction(math.ceil(far * 64 + 1), 64), "kappa": k, "r": b * rational(rng, 0, Fraction(7, 8))})


# for every posterior at once

loss = Family("g", (RULES, SCENES), r"\ell")
SEEN = named(r"\hat{L}(Q_w)", (), integral(H, posterior[H, W] * empirical[H, W]))
MIXED = integral(H, posterior[H, W] * loss[H, Z])
SOURCE, TO_COME = named(r"L_\mu(Q_w)", (), integral(Z, mu[Z] * MIXED)), named(r"L_\nu(Q_w)", (), integral(Z, nu[Z] * MIXED))
PRICE = KL + ln(2 * sqrt(n) / conf)
SAMPLED = integral(Z, mu[Z] * loss[H, Z])
_score = n * kl(empirical[H, W], SAMPLED)
# Nothing is lost by the next two: where all losses of a data set are ones the bound is one and cannot fail, and a rule whose risk is zero or one has its risk as mean loss.
NOT_ALL = Hypothesis("on no data set are all losses ones", lt(SEEN, 1), structural=True)
SOMETIMES = (Hypothesis("rules err sometimes", lt(0, SAMPLED), structural=True), Hypothesis("rules are right sometimes", lt(SAMPLED, 1), structural=True))
MEANING = tuple(Hypothesis(f"every term of the bound is defined: {name}", claim, structural=True) for name, claim in (
    ("scenes", lt(0, n)), ("mean losses", le(0, empirical[H, W])), ("no more than one", le(empirical[H, W], 1)), ("posteriors err", lt(0, SOURCE)), ("posteriors are right", lt(SOURCE, 1)),
    ("a price", le(0, PRICE)), ("a shift", le(0, kappa))))
RANGE = (Hypothesis("the sampled risk's bound is positive", lt(0, inverse_second(SEEN, PRICE / n)), structural=True), Hypothesis("the sampled risk's bound is at most one", le(inverse_second(SEEN, PRICE / n), 1), structural=True))
LOSSES = (hyp("losses are nonnegative", le(0, loss[H, Z])), hyp("losses are at most one", le(loss[H, Z], 1)))
TOGETHER = (("every term of the bound is defined", (*MEANING, *RANGE)), ("no rule is always right or always wrong", SOMETIMES), ("losses lie in [0, 1]", LOSSES))
MOMENTS = hyp("each rule obeys the moment lemma", le(integral(W, exp(_score)), 2 * sqrt(n)))
BUDGET = hyp("the shift is at most kappa", le(SHIFT, kappa))
BOUND = inverse_first(inverse_second(SEEN, PRICE / n), kappa)
FAILS = hyp("on the event the bound fails", lt(bad[W] * BOUND, bad[W] * TO_COME + 1 - bad[W]))
_on, _off = eq(bad[W], 1), eq(bad[W], 0)
_near, _far = le(kl(SEEN, SOURCE), PRICE / n), lt(PRICE / n, kl(SEEN, SOURCE))
_claim = le(bad[W] * PRICE, bad[W] * n * kl(SEEN, SOURCE))


def single(seen, losses=(1, 0), target=(HALF, HALF), source=(HALF, HALF), shift=0, p=1, q=1, b=1, chance=1, delta=HALF) -> Model:
    """One rule, nine scenes, two kinds of scene; the mean loss is off the risk with some chance only."""
    seen = [Fraction(seen), *([] if chance == 1 else [sum(Fraction(w) * x for w, x in zip(source, losses))])]
    data = range(len(seen))
    return Model({"n": 9, "delta": delta, "kappa": shift}, {"p": {(0,): p}, "q": {(0, w): q for w in data}, "e": {(0, w): seen[w] for w in data}, "b": {(w,): b * (w == 0) for w in data},
        "nu": column(target), "mu": column(source), "g": {(0, k): Fraction(x) for k, x in enumerate(losses)}}, {"Data": [chance, *([] if chance == 1 else [1 - chance])], "Rules": [1], "Scenes": [1, 1]})


transfer_certificate = Theorem(
    "transfer_certificate", "The certificate under shift", ROOM, PLACE, "Maurer 2004 for the sample; data processing for the shift", (n, conf, kappa),
    (CONFIDENCE, *PRIOR, *POSTERIOR, *MEANING, NOT_ALL, *SOMETIMES, *RANGE, EVENT, *NU, *MU, CONTINUOUS, *LOSSES, BUDGET, MOMENTS, FAILS), le(CHANCE, conf),
    (
        *event,
        Step("losses of the posterior", le(0, MIXED), Sign()),
        Step("at most one", le(loss[H, Z], 1), Sign()),
        Step("of the posterior", le(MIXED, 1), Expectation("at most one", (H,), posterior[H, W])),
        Step("shift", le(TO_COME, inverse_first(SOURCE, kappa)), Lemma("shifted_risk", Instance({kappa: kappa}, families={"f": lambda z: integral(H, posterior[H, W] * loss[(H, *z)])}))),
        Step("a chain", le(TO_COME, BOUND), Lemma("chained", Instance({l: SEEN, p: SOURCE, r: TO_COME, c: PRICE / n, kappa: kappa})), given=(_on, _near)),
        Step("broken", lt(BOUND, TO_COME), Combination(((1, FAILS.name),)), given=(_on, _near)),
        Step("near", _claim, Combination(((n * (PRICE / n - kl(SEEN, SOURCE)) / (TO_COME - BOUND), "a chain"),)), given=(_on, _near)),
        Step("far", _claim, Sign(), given=(_on, _far)),
        Step("on", _claim, Cases(("near", "far")), given=(_on,)),
        Step("off", _claim, Sign(), given=(_off,)),
        Step("score", _claim, Cases(("on", "off"))),
        Step("chance", le(CHANCE, conf), Lemma("kl_certificate", Instance({n: n, conf: conf}, families={"L": lambda h: integral(Z, mu[Z] * loss[(*h, Z)])}))),
    ),
    families=(prior, posterior, empirical, bad, nu, mu, loss), spaces=(DATA, RULES, SCENES), witness=lambda rng: moved(rng) if rng.random() < 0.5 else single(seen=Fraction(1, 4), losses=(Fraction(3, 4),) * 2, chance=Fraction(1, 64), delta=Fraction(1, rng.randint(4, 16))), kind="order",
    ablations={
        MOMENTS.name: single(seen=Fraction(1, 16), losses=(Fraction(15, 16),) * 2), BUDGET.name: single(seen=Fraction(1, 16), target=(Fraction(15, 16), Fraction(1, 16)), source=(Fraction(1, 16), Fraction(15, 16))),
        "p has total mass one": single(seen=Fraction(1, 4), losses=(Fraction(35, 64),) * 2, p=4),
        "q has total mass one": single(seen=0, losses=(Fraction(7, 16),) * 2, q=2, chance=Fraction(1, 64), delta=Fraction(1, 65)),
        EVENT.name: single(seen=HALF, b=HALF, delta=Fraction(1, 3)), FAILS.name: single(seen=HALF),
        "losses are nonnegative": single(seen=Fraction(1, 8), losses=(1, -6), target=(1, 0), source=(Fraction(7, 8), Fraction(1, 8)), shift=Fraction(9, 64)),
        "losses are at most one": single(seen=Fraction(7, 8), losses=(7, 0), target=(Fraction(1, 4), Fraction(3, 4)), source=(Fraction(1, 8), Fraction(7, 8)), shift=Fraction(1, 16)),
        "nu has total mass one": single(seen=Fraction(7, 8), losses=(Fraction(7, 8),) * 2, target=(1, 1), shift=Fraction(7, 5)),
        "mu has total mass one": single(seen=0, source=(Fraction(1, 8), 4)),
    },
    says="Off a share delta of the data sets, for every posterior at once: the second inverse bounds the sampled risk, the first one what becomes of it; shift costs no confidence.")


def moved(rng) -> Model:
    """Few scenes, rules and data sets; the event is where the bound fails, which at these sizes is rare."""
    rules, data, size = rng.randint(1, 2), rng.randint(2, 3), rng.randint(4, 9)
    law, source, target = simplex(rng, data, zeros=False), simplex(rng, 2, zeros=False), simplex(rng, 2)
    losses = [[rational(rng, 0, 1, parts=4), inside(rng, 0, 1, parts=4)] for _ in range(rules)]
    risks = [sum(w * x for w, x in zip(source, row)) for row in losses]
    seen = {(h, w): min(Fraction(3, 4), max(Fraction(0), risks[h] + Fraction(rng.randint(-2, 2), 16))) for h in range(rules) for w in range(data)}
    worst = max(sum(float(x) * math.exp(size * far(seen[h, w], risks[h])) for w, x in enumerate(law)) for h in range(rules))
    if worst > 2 * math.sqrt(size) - 1e-6:
        return moved(rng)
    p, chosen = simplex(rng, rules, zeros=False), {(h, w): x for w in range(data) for h, x in enumerate(simplex(rng, rules))}
    return decided(Model({"n": size, "delta": Fraction(rng.randint(1, 12), 12), "kappa": Fraction(math.ceil(sum(float(u) * math.log(u / v) for u, v in zip(target, source) if u) * 64 + 1), 64)},
        {"nu": column(target), "mu": column(source), "g": {(h, z): x for h, row in enumerate(losses) for z, x in enumerate(row)}, "p": column(p), "q": chosen, "e": seen},
        {"Data": law, "Rules": [1] * rules, "Scenes": [1, 1]}))


def far(a, b) -> float:
    return sum(u * math.log(u / v) for u, v in ((float(a), float(b)), (1 - float(a), 1 - float(b))) if u) if all(v for u, v in ((a, b), (1 - a, 1 - b)) if u) else math.inf


def decided(model: Model) -> Model:
    """The model with the event on which its bound fails, up to what floats can tell."""
    m, n_, kappa_ = model.families, float(model.variables["n"]), float(model.variables["kappa"])
    events = {}
    for w in range(len(model.spaces["Data"])):
        chosen = [(float(x), h) for (h, k), x in m["q"].items() if k == w]
        seen, come = sum(x * float(m["e"][h, w]) for x, h in chosen), sum(x * float(m["nu"][z,]) * float(m["g"][h, z]) for x, h in chosen for z in range(len(m["nu"])))
        price = (sum(x * math.log(x / float(m["p"][h,])) for x, h in chosen if x) + math.log(2 * math.sqrt(n_) / float(model.variables["delta"]))) / n_
        bound = farthest(farthest(seen, price, first=False), kappa_, first=True)
        events[w,] = int(come > bound + 1e-6)
    return Model(model.variables, m | {"b": events}, model.spaces)


def farthest(start: float, budget: float, *, first: bool) -> float:
    low, high = start, 1.0
    for _ in range(60):
        mid = (low + high) / 2
        low, high = (mid, high) if (far(mid, start) if first else far(start, mid)) <= budget else (low, mid)
    return low


THEOREMS = (chained, transfer_certificate)
