"""The exact ceiling given mutual information: the rate-distortion curve under Hamming distortion, its converse and its attaining channel.

At level l the curve passes through the accuracy A = l + sum over t of (max(p_t, l) - l) and the information
R = A ln A + (1 - A) ln l - sum over t of p_t ln max(p_t, l). No set of likely symbols and no sorting is needed: the
maximum does both. Its slope is 1/ln(A/l), so that questions share one ratio a = l/A.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Member, Model, Sign, Step, Theorem, delta, eq,
                      integral, larger, le, ln, lt, named, relative, var)
from ..kernel.evaluate import Undecided, truth
from ..words import hyp, kl, simplex
from .ceiling import HYPOTHESES, LAW, SAME
from .setting import (ACCURACY, ALPHABET, ALPHABET_SIZE, ANSWER_INFORMATION, ANSWER_LAW, FAMILIES, INFORMATION, J, M, QUESTION, S,
                      SPACES, T, answered, answered_again, m, prior, setting)

ROOM, PLACE = "capacity", "result 1"
a = var("a")
p, w, accuracy = Family("p", (QUESTION, ALPHABET)), Family("w", (QUESTION, ALPHABET)), Family("A", (QUESTION,))
LEVEL = a * accuracy[S]


def by_cases(label, claim, reason, *splits, given=()):
    """The steps that show one claim by one reason in every case of some splits."""
    if not splits:
        return [Step(label, claim, reason, given)]
    labels = [f"{label}, {name}" for name, _ in splits[0]]
    steps = [s for part, (_, case) in zip(labels, splits[0]) for s in by_cases(part, claim, reason, *splits[1:], given=(*given, case))]
    return [*steps, Step(label, claim, Cases(tuple(labels)), given)]


RIGHT_OR_WRONG = (("right", eq(delta(J, T), 1)), ("wrong", eq(delta(J, T), 0)))


def likely(i):
    """The two cases of a symbol: at least as likely as the level, or less."""
    return ((f"likely {i.data[0]}", le(LEVEL, p[S, i])), (f"unlikely {i.data[0]}", lt(p[S, i], LEVEL)))


top = lambda i: larger(p[S, i], LEVEL)
PRIOR = hyp("p is the prior of the target", eq(p[S, T], prior(T)))
SLOPE = (hyp("a is positive", lt(0, a)), hyp("a is below one", lt(a, 1)))
_match = delta(J, T) + a * (1 - delta(J, T))
_dual = integral((S, T), p[S, T] * ln(w[S, T])) + (1 - ACCURACY) * ln(a)
_paid = m[S, J, T] * (ln(w[S, T]) + (1 - delta(J, T)) * ln(a)) + m[S, J, T] - w[S, T] * _match * (answered(J) * p[S, T])
_share = integral(T, p[S, T] * w[S, T] * _match)
MARGINS = (
    Step("row", le(m[S, J, T], answered(J)), Member(answered(J), T)),
    Step("column", le(m[S, J, T], prior(T)), Member(prior(T), J)),
)


def _priced(rng):
    """Answers at random, and the prices of a random level."""
    model = setting(rng)
    size, questions = int(model.variables["M"]), len(model.spaces["Question"])
    priors = [[sum(model.families["m"][s, j, t] for j in range(size)) for t in range(size)] for s in range(questions)]
    slope = Fraction(rng.randint(1, 11), 12)
    levels = [_level_at(slope, q) for q in priors]
    return Model(model.variables | {"a": slope}, model.families | _curve(priors, levels) | {
        "w": {(s, t): levels[s] / slope / max(x, levels[s]) for s, q in enumerate(priors) for t, x in enumerate(q)}}, model.spaces)


_HALF, _EIGHTH = Fraction(1, 2), Fraction(1, 8)


def _joined(slope, joint, accuracy, times=1, families=None):
    """One question; the answer is the observation, given `times` over. For ablations: nothing here need be a law."""
    size = len(joint)
    law = {(0, j, t): Fraction(x) for j, row in enumerate(joint) for t, x in enumerate(row)}
    answers = {z: times * x for z, x in law.items()}
    priors = {(0, t): sum(answers[0, j, t] for j in range(size)) for t in range(size)}
    rule = {(0, o, j): times * int(o == j) for o in range(size) for j in range(size)}
    return Model({"M": size, "a": slope}, {"m": answers, "n": law, "g": rule, "p": priors, "A": {(0,): accuracy}} | (families or {}), {"Question": [1], "Alphabet": [1] * size, "Observation": [1] * size})


def _level_at(slope, priors):
    """The level that is `slope` times its own accuracy: the accuracy is affine in the level between neighbouring priors."""
    falling = [*sorted(priors, reverse=True), Fraction(0)]
    for k in range(1, len(priors) + 1):
        found = slope * sum(falling[:k]) / (1 + (k - 1) * slope)
        if falling[k] <= found <= falling[k - 1]:
            return found


def _curve(priors, levels):
    """The prior and the accuracies at the levels as families."""
    return {"p": {(s, t): x for s, q in enumerate(priors) for t, x in enumerate(q)},
            "A": {(s,): v + sum(max(x - v, 0) for x in q) for s, (q, v) in enumerate(zip(priors, levels))}}


information_priced = Theorem(
    "information_priced", "Every price list bounds the information", ROOM, PLACE, "Csiszar 1974; Lagrangian dual of the rate-distortion function, Blahut 1972",
    (M, a), (ALPHABET_SIZE, *ANSWER_LAW, PRIOR, SLOPE[0], hyp("w is positive", lt(0, w[S, T])), hyp("no answer is worth more than it costs", le(_share, 1))), le(_dual, ANSWER_INFORMATION),
    (
        *MARGINS,
        Step("if right", le(_paid, relative(m[S, J, T], answered(J) * prior(T))),
             Lemma("relative_tangent", Instance({var("x"): m[S, J, T], var("y"): answered(J) * prior(T), var("c"): w[S, T]})), given=(eq(delta(J, T), 1),)),
        Step("if wrong", le(_paid, relative(m[S, J, T], answered(J) * prior(T))),
             Lemma("relative_tangent", Instance({var("x"): m[S, J, T], var("y"): answered(J) * prior(T), var("c"): a * w[S, T]})), given=(eq(delta(J, T), 0),)),
        Step("one answer, one target", le(_paid, relative(m[S, J, T], answered(J) * prior(T))), Cases(("if right", "if wrong"))),
        Step("all of them", le(integral((S, J, T), _paid), ANSWER_INFORMATION), Expectation("one answer, one target", (S, J, T))),
        Step("worth", le(answered(J) * _share, answered(J)), Combination(((answered(J), "no answer is worth more than it costs"),))),
        Step("total worth", le(integral((S, J), answered(J) * _share), 1), Expectation("worth", (S, J))),
        Step("priced", le(_dual, ANSWER_INFORMATION), Combination(((1, "all of them"), (1, "total worth")))),
    ),
    families=(*FAMILIES, p, w), spaces=SPACES, witness=_priced, ablations={"m has total mass one": _joined(_HALF, [[2]], _HALF, families={"w": {(0, 0): _HALF}})},
    says="Price each target and each mistake so that no answer is worth more than it costs: the mean price of a model's answers is at most their information.",
)

CURVE = (
    Hypothesis("A is positive", lt(0, accuracy[S]), structural=True),  # the next line implies it, where p is a law; logarithms ask for it before
    hyp("A is the accuracy at its level", eq(accuracy[S], LEVEL + integral(T, top(T) - LEVEL))),
)
RATE = named(r"R_a", (), integral(S, accuracy[S] * ln(accuracy[S]) + (1 - accuracy[S]) * ln(LEVEL) - integral(T, p[S, T] * ln(top(T)))))
CURVE_ACCURACY = named(r"A_a", (), integral(S, accuracy[S]))
CURVE_FACTS = (
    Step("above the level", lt(0, top(T)), Sign()),
    Step("priors in all", eq(integral(T, p[S, T]), 1), Identity()),
)
_kept = p[S, T] * (LEVEL / top(T))  # the smaller of the two
_feasible = integral(T, p[S, T] * (accuracy[S] / top(T)) * _match)
_tangent = (ACCURACY - CURVE_ACCURACY) * ln(1 / a)
exact_tangent = Theorem(
    "exact_tangent", "The exact ceiling, by its tangents", ROOM, PLACE, "Erokhin 1958; dual form of the rate-distortion function",
    (M, a), (ALPHABET_SIZE, *ANSWER_LAW, PRIOR, SLOPE[0], *CURVE), le(_tangent, ANSWER_INFORMATION - RATE),
    (
        *MARGINS, *CURVE_FACTS,
        *by_cases("over the level", le(0, top(T) - LEVEL), Sign(), likely(T)),
        Step("all over the level", le(0, integral(T, top(T) - LEVEL)), Expectation("over the level", (T,))),
        Step("A is over its level", le(0, accuracy[S] - LEVEL), Combination(((1, "all over the level"), (-1, "A is the accuracy at its level")))),
        *by_cases("the smaller", eq(_kept, p[S, T] + LEVEL - top(T)), Identity(), likely(T)),
        *by_cases("share of a symbol", le(p[S, J] * (accuracy[S] - LEVEL) / top(J), accuracy[S] - LEVEL), Sign(), likely(J)),
        Step("kept", eq(integral(T, _kept), integral(T, p[S, T] + LEVEL - top(T))), Expectation("the smaller", (T,))),
        Step("kept in all", eq(integral(T, _kept), 1 + LEVEL - accuracy[S]), Combination(((1, "kept"), (1, "priors in all"), (1, "A is the accuracy at its level")))),
        Step("worth", le(_feasible, 1), Combination(((1, "share of a symbol"), (1, "kept in all")))),
        Step("priced", le(integral((S, T), p[S, T] * ln(accuracy[S] / top(T))) + (1 - ACCURACY) * ln(a), ANSWER_INFORMATION),
             Lemma("information_priced", Instance({M: M, a: a}, {"w": lambda s, t: accuracy[s] / larger(p[s + t], a * accuracy[s])}))),
        Step("tangent", le(_tangent, ANSWER_INFORMATION - RATE), Combination(((1, "priced"),))),
    ),
    families=(*FAMILIES, p, accuracy), spaces=SPACES, witness=lambda rng: _without(_priced(rng), "w"),
    ablations={"m has total mass one": _joined(_HALF, [[2]], Fraction(2))},
    says="At every level the curve of accuracy against information has a tangent that no answerer crosses.",
)


def _without(model, family):
    return Model(model.variables, {k: v for k, v in model.families.items() if k != family}, model.spaces)


def best_channel(slope, priors, accuracies=None, named=None):
    """The best channel of some priors at a slope; the answer is the observation. Wrong accuracies or shares make an ablation."""
    size, questions = len(priors[0]), range(len(priors))
    best = accuracies or [_level_at(slope, law) / slope for law in priors]
    shares = {(s, j): (max(x, slope * best[s]) - slope * best[s]) / (best[s] * (1 - slope)) if named is None else named for s, law in enumerate(priors) for j, x in enumerate(law)}
    behind = {(s, t): x * slope * best[s] / max(x, slope * best[s]) if max(x, slope * best[s]) else 0 for s, law in enumerate(priors) for t, x in enumerate(law)}
    joint = {(s, j, t): shares[s, j] * (best[s] if j == t else behind[s, t]) for s in questions for j in range(size) for t in range(size)}
    rule = {(s, o, j): int(o == j) for s in questions for o in range(size) for j in range(size)}
    curve = {"p": {(s, t): x for s, law in enumerate(priors) for t, x in enumerate(law)}, "A": {(s,): x for s, x in enumerate(best)}}
    return Model({"M": size, "a": slope}, {"m": joint, "n": joint, "g": rule, "q": shares} | curve,
                 {"Question": [Fraction(1, len(priors))] * len(priors), "Alphabet": [1] * size, "Observation": [1] * size})


def attaining(rng):
    size = rng.randint(2, 3)
    return best_channel(Fraction(rng.randint(1, 11), 12), [simplex(rng, size) for _ in range(rng.randint(1, 2))])


def _informed(rng):
    """A level whose information suffices for a random answerer."""
    while True:
        model = _without(_priced(rng), "w") if rng.random() < 0.5 else attaining(rng)
        try:
            if truth(le(INFORMATION, RATE), model):
                return model
        except Undecided:
            pass



exact_ceiling = Theorem(
    "exact_ceiling", "The exact ceiling, given the information", ROOM, PLACE, "Erokhin 1958; Kostina, Polyanskiy and Verdu 2015",
    (M, a), (*HYPOTHESES, PRIOR, SLOPE[0], Hypothesis("a is below one", lt(a, 1), structural=True),  # at one the curve is flat, and the blind ceiling says it all
            *CURVE, hyp("the information is at most that of the level", le(INFORMATION, RATE))), le(ACCURACY, CURVE_ACCURACY),
    (
        *LAW, *MARGINS, *CURVE_FACTS,
        Step("processing", le(ANSWER_INFORMATION, INFORMATION), Lemma("information_processing", SAME)),
        Step("tangent", le(_tangent, ANSWER_INFORMATION - RATE), Lemma("exact_tangent", Instance({M: M, a: a}))),
        Step("steep", lt(0, ln(1 / a)), Sign()),
        Step("paid", le(_tangent, 0), Combination(((1, "tangent"), (1, "processing"), (1, "the information is at most that of the level")))),
        Step("below", le(ACCURACY, CURVE_ACCURACY), Combination(((1 / ln(1 / a), "paid"),))),
    ),
    families=(*FAMILIES, p, accuracy), spaces=SPACES, completed=answered_again, witness=_informed, kind="order",
    ablations={"n is nonnegative": _joined(_HALF, [[2, -1], [0, 0]], Fraction(2)), "a is positive": _joined(Fraction(0), [[1]], Fraction(1)),
               "n has total mass one": _joined(_HALF, [[1, 0], [0, 1]], Fraction(4, 3)), "g has total mass one": _joined(Fraction(1, 10), [[_HALF, 0], [0, _HALF]], Fraction(20, 11), 2),
               "A is the accuracy at its level": _joined(Fraction(7, 10), [[Fraction(3, 8), _EIGHTH], [_EIGHTH, Fraction(3, 8)]], Fraction(7, 10))},
    says="With no more information than a level of the curve needs, nobody answers better than its accuracy.",
)


l = var("l")
_best = 1 - (M - 1) * l
_uniform = eq(_best * ln(_best) + (1 - _best) * ln(l) - ln(1 / M), kl(_best, 1 / M))
exact_uniform = Theorem(
    "exact_uniform", "For uniform targets the exact ceiling is Fano's", ROOM, PLACE, "Fano 1952; Erokhin 1958",
    (M, l), (hyp("the alphabet has at least two symbols", lt(1, M)), hyp("the level is positive", lt(0, l)), hyp("the level is below the prior", lt(l, 1 / M))), _uniform,
    (
        Step("not always", lt(0, _best), Combination(((M, "the level is below the prior"), (1, "the level is positive")))),
        Step("at most always", le(_best, 1), Sign()),
        Step("fano", _uniform, Identity()),
    ),
    witness=lambda rng: (lambda size: Model({"M": size, "l": Fraction(rng.randint(1, 11), 12 * size)}))(rng.randint(2, 9)),
    says="With M equally likely targets the curve's information at accuracy A = 1 - (M - 1) l is the divergence of A from 1/M: both ceilings are one.",
)

THEOREMS = (information_priced, exact_tangent, exact_ceiling, exact_uniform)
