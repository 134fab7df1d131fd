"""The setting of the samples: data sets, rules, their losses on n samples; prior and posterior; risk and gap.

A data set w has any law. A rule h lives on any measure space; p(h) is the prior's density, fixed before the data, and q(h,w) that of the posterior,
chosen with the data in any way. l(h,i,w) is the loss of rule h on sample i, L(h) its risk; the gap is the risk less the mean loss on the samples.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from ..kernel import Family, Hypothesis, Model, Space, dominated, eq, exp, integral, le, ln, lt, named, relative, var
from ..words import hyp, simplex

ROOM, PLACE = "samples", "result 2, sample complexity"
n, speed = var("n", "lambda")
DATA, RULES, SAMPLES = Space("Data", "probability", ("w",)), Space("Rules", "measure", ("h",)), Space("Samples", "finite", ("i", "j"), n)
(W,), (H,), (I, J) = DATA.indices, RULES.indices, SAMPLES.indices

loss = Family("l", (RULES, SAMPLES, DATA), r"\ell")
risk = Family("L", (RULES,))
prior, posterior = Family("p", (RULES,)), Family("q", (RULES, DATA))
bad = Family("b", (DATA,))

GAP = named(r"\Delta(h,w)", (), integral(I, risk[H] - loss[H, I, W]) / n)
MEAN_LOSS = named(r"\hat{L}(h,w)", (), integral(I, loss[H, I, W]) / n)
KL = named(r"\mathrm{KL}(Q_w\,\|\,P)", (), integral(H, relative(posterior[H, W], prior[H])))
POSTERIOR_GAP = named(r"\mathbb{E}_{Q_w}\Delta", (), integral(H, posterior[H, W] * GAP))

SOME_SAMPLES = Hypothesis("there are samples", lt(0, n), structural=True)
LOSSES = (hyp("losses are nonnegative", le(0, loss[H, I, W])), hyp("losses are at most one", le(loss[H, I, W], 1)),
          hyp("the risk is the expected loss on each sample", eq(integral(W, loss[H, I, W]) - risk[H], 0)))
PRIOR = (hyp("p is nonnegative", le(0, prior[H])), hyp("p has total mass one", eq(integral(H, prior[H]), 1)))
POSTERIOR = (hyp("q is nonnegative", le(0, posterior[H, W])), hyp("q has total mass one", eq(integral(H, posterior[H, W]), 1)),
             Hypothesis("q is absolutely continuous", dominated(posterior[H, W], prior[H]), structural=True))
EVENT = hyp("b is an indicator", eq(bad[W] ** 2 - bad[W], 0))
TOGETHER = (("losses lie in [0, 1] and have the risk as their mean", LOSSES), ("p is a law, fixed before the data", PRIOR), ("q is a law, chosen with the data", POSTERIOR))


def independent(rate):
    """Samples are drawn independently, as far as moments at this rate see: that of a sum is at most the product of those of its terms (less, without replacement)."""
    return hyp("moments of sums are at most products", le(integral(W, exp(rate * GAP)), exp(integral(I, ln(integral(W, exp(rate / n * (risk[H] - loss[H, I, W]))))))))


def drawn(rng, rules: int | None = None) -> Model:
    """Two samples drawn without replacement from an urn of three; some rules, a prior, and posteriors chosen with the data."""
    rules, urn = rules or rng.randint(1, 2), 3
    data = list(permutations(range(urn), 2))
    table = [[Fraction(rng.randint(0, 4), 4) for _ in range(urn)] for _ in range(rules)]
    for row in table:
        if len(set(row)) == 1:
            row[0] = 1 - row[0] if row[0] != Fraction(1, 2) else Fraction(1)
    losses = {(h, i, w): table[h][data[w][i]] for h in range(rules) for i in range(2) for w in range(len(data))}
    masses = simplex(rng, rules, zeros=False)
    chosen = {}
    for w in range(len(data)):
        chosen |= {(h, w): x for h, x in enumerate(simplex(rng, rules))}
    return Model({"n": 2}, {"l": losses, "L": {(h,): sum(table[h], Fraction(0)) / urn for h in range(rules)}, "p": {(h,): x for h, x in enumerate(masses)}, "q": chosen},
                 {"Data": [Fraction(1, len(data))] * len(data), "Rules": [1] * rules, "Samples": [1, 1]})


def urn(*rows, risks=None, p=None, q=None, chosen=None, **variables) -> Model:
    """Two samples drawn without replacement from an urn; each row holds a rule's losses. `chosen(gaps)` says which rule the posterior takes."""
    data, rules = list(permutations(range(len(rows[0])), 2)), range(len(rows))
    risks = risks or [Fraction(sum(row), len(row)) for row in rows]
    losses = {(h, i, w): Fraction(rows[h][data[w][i]]) for h in rules for i in range(2) for w in range(len(data))}
    taken = [max(rules, key=lambda h: -losses[h, 0, w] - losses[h, 1, w]) if chosen else 0 for w in range(len(data))]
    return Model({"n": 2, **variables}, {"l": losses, "L": {(h,): x for h, x in zip(rules, risks)}, "p": {(h,): x for h, x in zip(rules, p or [Fraction(1, len(rows))] * len(rows))},
                                         "q": {(h, w): Fraction(q or 1) * (h == taken[w]) for h in rules for w in range(len(data))}},
                 {"Data": [Fraction(1, len(data))] * len(data), "Rules": [1] * len(rows), "Samples": [1, 1]})


def opposed(deviation, centre, risk=None, **variables) -> Model:
    """One rule, two samples: the first is off its centre by a fair sign, the second a little to the other side."""
    values = [[centre + sign * deviation for sign in (1, -1)], [centre - sign * deviation / 8 for sign in (1, -1)]]
    return Model({"n": 2, **variables}, {"l": {(0, i, w): Fraction(values[i][w]) for i in range(2) for w in range(2)}, "L": {(0,): Fraction(centre if risk is None else risk)},
                                         "p": {(0,): 1}, "q": {(0, 0): 1, (0, 1): 1}}, {"Data": [Fraction(1, 2)] * 2, "Rules": [1], "Samples": [1, 1]})


def copies(number: int, **variables) -> Model:
    """One rule, one fair coin, counted as several samples."""
    return Model({"n": number, **variables}, {"l": {(0, i, w): w for i in range(number) for w in range(2)}, "L": {(0,): Fraction(1, 2)}, "p": {(0,): 1}, "q": {(0, 0): 1, (0, 1): 1}},
                 {"Data": [Fraction(1, 2)] * 2, "Rules": [1], "Samples": [1] * number})


def gap_of(model: Model, w: int) -> Fraction:
    """The posterior's gap on a data set."""
    m, size = model.families, int(model.variables["n"])
    return sum((x * (m["L"][h,] - sum((m["l"][h, i, w] for i in range(size)), Fraction(0)) / size) for (h, k), x in m["q"].items() if k == w), Fraction(0))


def failed(model: Model, test, everywhere=False) -> Model:
    """The model with the event on which the posterior's gap passes a test, or with all data sets."""
    return Model(model.variables, model.families | {"b": {(w,): int(everywhere or test(gap_of(model, w))) for w in range(len(model.spaces["Data"]))}}, model.spaces)


HALVES = [[int(i in pair) for i in range(4)] for pair in ((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3))]  # for each two draws of four there is a rule that they flatter
