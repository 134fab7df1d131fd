"""What a sample can and cannot say: no honest upper limit on information, and an inequality that no table of answers can break.

Clones: draw N observations for each value of the target, once, and let the world consist of these. There the target is a
function of the observation, so the information is the whole entropy; yet a small sample looks like one of the law that
the clones were drawn from, unless two of its draws take the same clone.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Member, Model, Sign, Space, Step, Theorem, dominated, eq, integral, le, lt, maximum, relative, var
from ..words import hyp, kl, rational, simplex
from .floor import BAYES
from .setting import (ACCURACY, ALPHABET_SIZE, ANSWER_INFORMATION, COLLISION, EQUIVOCATION, FAMILIES, J, M, O, OBSERVATION, ALPHABET, QUESTION, S, SPACES, T,
                      m, n, observed, prior)

ROOM, PLACE = "capacity", "result 1"
v, b = Family("v", (QUESTION, OBSERVATION)), Family("b", (QUESTION, OBSERVATION, ALPHABET))
CLONES = (
    ALPHABET_SIZE, hyp("v is nonnegative", le(0, v[S, O])), hyp("v has total mass one", eq(integral(O, v[S, O]), 1)),
    hyp("a target is behind an observation or not", eq(b[S, O, T] ** 2, b[S, O, T])), hyp("one target is behind each observation", eq(integral(T, b[S, O, T]), 1)),
    hyp("the observation tells the target", eq(n[S, O, T], v[S, O] * b[S, O, T])),
)
_INDICATOR = (
    Step("square", le(0, b[S, O, T] ** 2), Sign()),
    Step("b is nonnegative", le(0, b[S, O, T]), Combination(((1, "square"), (1, "a target is behind an observation or not")))),
)


def _telling(rng):
    """Observations each of which belongs to one target."""
    size, views, questions = rng.randint(2, 3), rng.randint(2, 4), rng.randint(1, 2)
    behind = {(s, o): rng.randrange(size) for s in range(questions) for o in range(views)}
    weights = {(s, o): x for s in range(questions) for o, x in enumerate(simplex(rng, views))}
    told = {(s, o, t): int(behind[s, o] == t) for s, o in behind for t in range(size)}
    joint = {(s, o, t): weights[s, o] * x for (s, o, t), x in told.items()}
    law = {(s, j, t): Fraction(sum(joint[s, o, t] for o in range(views)), size) for s in range(questions) for j in range(size) for t in range(size)}
    return Model({"M": size}, {"n": joint, "v": weights, "b": told, "m": law}, {"Question": simplex(rng, questions, zeros=False), "Observation": [1] * views, "Alphabet": [1] * size})


def _told(weights, told):
    """One question, two targets: weights of the observations and what is told of the targets."""
    views = len(weights)
    return Model({"M": 2}, {"n": {(0, o, t): Fraction(weights[o] * told[o][t]) for o in range(views) for t in range(2)}, "v": {(0, o): Fraction(x) for o, x in enumerate(weights)},
                            "b": {(0, o, t): Fraction(x) for o, row in enumerate(told) for t, x in enumerate(row)}, "m": {(0, j, t): Fraction(1, 4) for j in range(2) for t in range(2)}},
                 {"Question": [1], "Observation": [1] * views, "Alphabet": [1, 1]})


_HALF = Fraction(1, 2)
_UNTOLD = {
    "v is nonnegative": _told((2, -1), ((1, 0), (1, 0))), "v has total mass one": _told((_HALF,), ((1, 0),)),
    "a target is behind an observation or not": _told((1,), ((_HALF, _HALF),)), "one target is behind each observation": _told((1,), ((1, 1),)),
}


def _clone(name, title, claim, steps, says, without, ablations):
    hypotheses = tuple(h for h in CLONES if h.name != without)
    untold = {h.name: (_UNTOLD | ablations)[h.name] for h in hypotheses if h.name in _UNTOLD}
    return Theorem(name, title, ROOM, PLACE, "classical", (M,), hypotheses, claim, (*_INDICATOR, *steps), families=(*FAMILIES, v, b), spaces=SPACES, witness=_telling, kind="order", says=says, ablations=untold)


_known = eq(relative(n[S, O, T], observed()), 0)
clones_known = _clone(
    "clones_known", "Among clones nothing is left open", eq(EQUIVOCATION, 0),
    (
        Step("not this", _known, Identity(), given=(eq(b[S, O, T], 0),)),
        Step("this", _known, Identity(), given=(eq(b[S, O, T], 1),)),
        Step("this or not", eq(b[S, O, T] * (b[S, O, T] - 1), 0), Combination(((1, "a target is behind an observation or not"),))),
        Step("pointwise", _known, Cases(("not this", "this"))),
        Step("known", eq(EQUIVOCATION, 0), Expectation("pointwise", (S, O, T), -1)),
    ), "Where each observation belongs to one target, the equivocation is zero and the information is the whole entropy.", "v has total mass one", {})

_best = maximum(T, n[S, O, T])
clones_answerable = _clone(
    "clones_answerable", "Among clones every question can be answered", le(1, BAYES),
    (
        Step("likeliest", le(n[S, O, T], _best), Member(_best, T)),
        Step("weighted", le(b[S, O, T] * n[S, O, T], b[S, O, T] * _best), Combination(((b[S, O, T], "likeliest"),))),
        Step("one target", le(integral(T, b[S, O, T] * n[S, O, T]), _best), Expectation("weighted", (T,))),
        Step("the same", eq(b[S, O, T] * n[S, O, T], v[S, O] * b[S, O, T]), Combination(((v[S, O], "a target is behind an observation or not"),))),
        Step("all of it", eq(integral(T, b[S, O, T] * n[S, O, T]), v[S, O]), Expectation("the same", (T,))),
        Step("one view", le(v[S, O], _best), Combination(((1, "one target"), (-1, "all of it")))),
        Step("answerable", le(1, BAYES), Expectation("one view", (S, O))),
    ), "Where each observation belongs to one target, the best answerer is always right.", "v is nonnegative", {"one target is behind each observation": _told((1,), ((0, 0),))})

# the coupling: a sample of the law and a sample of its clones agree unless two draws take one clone
delta_, N, R, epsilon = var("delta", "N", "R", "epsilon")
DRAW, PAIR = Space("Draw", "probability", ("d",)), Space("Pair", "finite", ("i",), R)
(D,), (I,) = DRAW.indices, PAIR.indices
below, below_clones, twice, same = Family("f", (DRAW,)), Family("h", (DRAW,)), Family("c", (DRAW,)), Family("e", (DRAW, PAIR))
COUPLED = (
    Hypothesis("there is a pair of draws", lt(0, R), structural=True), hyp("there are clones", lt(0, N)),
    hyp("both samples agree unless a clone is drawn twice", le(below[D], below_clones[D] + twice[D])),
    hyp("the limit is honest among clones", le(integral(D, below_clones[D]), delta_)),
    hyp("a clone drawn twice is drawn by some pair", le(twice[D], integral(I, same[D, I]))),
    hyp("a pair rarely draws one clone", le(integral(D, same[D, I]), 1 / N)),
)


def _coupled(rng):
    draws, pairs, many = rng.randint(2, 4), rng.randint(1, 3), rng.randint(1, 4)
    weight = simplex(rng, draws, zeros=False)
    hit = {(d, i): rng.randint(0, 1) for d in range(draws) for i in range(pairs)}
    for i in range(pairs):
        mass = sum(w for d, w in enumerate(weight) if hit[d, i])
        if mass * many > 1:
            hit |= {(d, i): Fraction(1, many) * hit[d, i] for d in range(draws)}
    any_hit = {(d,): sum(hit[d, i] for i in range(pairs)) for d in range(draws)}
    honest = {(d,): rng.randint(0, 1) for d in range(draws)}
    seen = {(d,): honest[d,] + any_hit[d,] * rational(rng) for d in range(draws)}
    level = sum(w * honest[d,] for d, w in enumerate(weight))
    return Model({"delta": level, "N": many, "R": pairs, "epsilon": Fraction(pairs, many) + rational(rng)}, {"f": seen, "h": honest, "c": any_hit, "e": hit}, {"Draw": weight, "Pair": [1] * pairs})


def _drawn(pair, **more):
    """Two draws with a limit below the entropy in the law's sample alone, and a clone drawn twice."""
    return Model({"delta": 0, "N": 4, "R": 1} | more, {"f": {(0,): 1}, "h": {(0,): 0}, "c": {(0,): 1}, "e": {(0, 0): pair}}, {"Draw": [1], "Pair": [1]})


def _uncoupled(**more):
    return {"a clone drawn twice is drawn by some pair": _drawn(0, **more), "a pair rarely draws one clone": _drawn(1, **more)}


_hidden = delta_ + R / N
clones_hidden = Theorem(
    "clones_hidden", "A small sample does not see the clones", ROOM, PLACE, "McAllester and Stratos 2020 prove a related statement", (delta_, N, R), COUPLED, le(integral(D, below[D]), _hidden),
    (
        Step("agree", COUPLED[2].claim, Combination(((1, COUPLED[2].name),))),
        Step("samples", le(integral(D, below[D]), integral(D, below_clones[D] + twice[D])), Expectation("agree", (D,))),
        Step("some pair", COUPLED[4].claim, Combination(((1, COUPLED[4].name),))),
        Step("twice", le(integral(D, twice[D]), integral((D, I), same[D, I])), Expectation("some pair", (D,))),
        Step("one pair", COUPLED[5].claim, Combination(((1, COUPLED[5].name),))),
        Step("all pairs", le(integral((I, D), same[D, I]), R / N), Expectation("one pair", (I,))),
        Step("hidden", le(integral(D, below[D]), _hidden), Combination(((1, "samples"), (1, "twice"), (1, "all pairs"), (1, "the limit is honest among clones")))),
    ),
    families=(below, below_clones, twice, same), spaces=(DRAW, PAIR), witness=_coupled, kind="order", ablations=_uncoupled(),
    says="What is said of the clones at a confidence is said of the law itself at that confidence, but for the chance to draw one clone twice.",
)
no_honest_limit = Theorem(
    "no_honest_limit", "No honest upper limit on information", ROOM, PLACE, "McAllester and Stratos 2020 prove a related statement", (delta_, N, R, epsilon),
    (*COUPLED, hyp("epsilon is positive", lt(0, epsilon)), hyp("there are many clones", le(R / epsilon, N))), le(integral(D, below[D]), delta_ + epsilon),
    (
        Step("hidden", le(integral(D, below[D]), _hidden), Lemma("clones_hidden", Instance({delta_: delta_, N: N, R: R}))),
        Step("enough", le(R / N, epsilon), Combination(((epsilon / N, "there are many clones"),))),
        Step("vacuous", le(integral(D, below[D]), delta_ + epsilon), Combination(((1, "hidden"), (1, "enough")))),
    ),
    families=(below, below_clones, twice, same), spaces=(DRAW, PAIR), witness=_coupled, kind="order", ablations=_uncoupled(epsilon=Fraction(1, 2)),
    says="An upper limit on the information that holds for every law lies below the whole entropy with at most its own error probability: it says nothing.",
)

# the inequality inside a table of answers
size = var("n")
ITEM = Space("Item", "finite", ("k",), size)
(K,) = ITEM.indices
says_, gold = Family("a", (ITEM, ALPHABET)), Family("b", (ITEM, ALPHABET))
_table = integral(K, says_[K, J] * gold[K, T]) / size


def _answered(rng):
    symbols, items = rng.randint(2, 3), rng.randint(1, 5)
    answers, golds = ([rng.randrange(symbols) for _ in range(items)] for _ in range(2))
    joint = {(0, j, t): Fraction(sum(x == j and y == t for x, y in zip(answers, golds)), items) for j in range(symbols) for t in range(symbols)}
    pick = lambda chosen: {(k, j): int(x == j) for k, x in enumerate(chosen) for j in range(symbols)}
    return Model({"M": symbols, "n": items}, {"a": pick(answers), "b": pick(golds), "m": joint}, {"Question": [1], "Item": [1] * items, "Alphabet": [1] * symbols, "Observation": [1]})


def _tabled(answer, target):
    """One item, two symbols, with shares of an answer and a target that none has."""
    return Model({"M": 2, "n": 1}, {"a": {(0, j): Fraction(x) for j, x in enumerate(answer)}, "b": {(0, t): Fraction(x) for t, x in enumerate(target)},
                                    "m": {(0, j, t): Fraction(x * y) for j, x in enumerate(answer) for t, y in enumerate(target)}},
                 {"Question": [1], "Item": [1], "Alphabet": [1, 1], "Observation": [1]})


tautology = Theorem(
    "tautology", "No table of answers can break the ceiling", ROOM, PLACE, "classical", (M, size),
    (ALPHABET_SIZE, Hypothesis("there are items", lt(0, size), structural=True), hyp("an answer is chosen or not", le(0, says_[K, J])), hyp("each item has one answer", eq(integral(J, says_[K, J]), 1)),
     hyp("a target is right or not", le(0, gold[K, T])), hyp("each item has one target", eq(integral(T, gold[K, T]), 1)), hyp("m holds the shares of the table", eq(m[S, J, T], _table))),
    le(kl(ACCURACY, COLLISION), ANSWER_INFORMATION),
    (
        Step("shares", le(0, m[S, J, T]), Sign()),
        Step("all shares", eq(integral((J, T), m[S, J, T]), 1), Identity()),
        *(Step(label, claim, Lemma(lemma, Instance({M: M}))) for label, claim, lemma in (
            ("A is at most one", le(ACCURACY, 1), "accuracy_at_most_one"), ("q is at most one", le(COLLISION, 1), "collision_at_most_one"),
            ("right answers", dominated(ACCURACY, COLLISION), "right_answers"), ("wrong answers", dominated(1 - ACCURACY, 1 - COLLISION), "wrong_answers"))),
        Step("row", le(m[S, J, T], integral(T, m[S, J, T])), Member(integral(T, m[S, J, T]), T)),
        Step("column", le(m[S, J, T], prior(T)), Member(prior(T), J)),
        Step("identically", le(kl(ACCURACY, COLLISION), ANSWER_INFORMATION), Lemma("answer_ceiling", Instance({M: M}))),
    ),
    families=(*FAMILIES, says_, gold), spaces=(*SPACES, ITEM), witness=_answered, kind="order",
    ablations={"an answer is chosen or not": _tabled((2, -1), (_HALF, _HALF)), "each item has one answer": _tabled((2, 0), (_HALF, _HALF)),
               "a target is right or not": _tabled((_HALF, _HALF), (2, -1)), "each item has one target": _tabled((_HALF, _HALF), (2, 0))},
    says="With information plugged in from the same answers the inequality is one of arithmetic: it holds for every log, so it is evidence of nothing.",
)

THEOREMS = (clones_known, clones_answerable, clones_hidden, no_honest_limit, tautology)
