"""The exact ceiling given mutual information: the rate-distortion curve under Hamming distortion, its converse and its attaining channel.

At level l the curve passes through the accuracy A = l + sum over t of (max(p_t, l) - l) and the information
R = A ln A + (1 - A) ln l - sum over t of p_t ln max(p_t, l). No set of likely symbols and no sorting is needed: the
maximum does both. Its slope is 1/ln(A/l), so that questions share one ratio a = l/A.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Again, Cases, Combination, Expectation, Family, Identity, Instance, Lemma, Member, Model, Sign, Step, Theorem, delta, dominated, eq,
                      integral, larger, le, ln, lt, named, relative, var)
from ..kernel.evaluate import Undecided, truth
from ..words import hyp, inside, rational, simplex
from .ceiling import HYPOTHESES, LAW, SAME
from .setting import (ACCURACY, ALPHABET, ALPHABET_SIZE, ANSWER_INFORMATION, ANSWER_LAW, FAMILIES, INFORMATION, J, M, OBSERVATION_LAW, QUESTION, S,
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
_MARGINS = (
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
    (M, a), (ALPHABET_SIZE, *ANSWER_LAW, PRIOR, *SLOPE, hyp("w is positive", lt(0, w[S, T])), hyp("no answer is worth more than it costs", le(_share, 1))), le(_dual, ANSWER_INFORMATION),
    (
        *_MARGINS,
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
    families=(*FAMILIES, p, w), spaces=SPACES, witness=_priced,
    says="Price each target and each mistake so that no answer is worth more than it costs: the mean price of a model's answers is at most their information.",
)

CURVE = (
    hyp("A is positive", lt(0, accuracy[S])),
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
    (M, a), (ALPHABET_SIZE, *ANSWER_LAW, PRIOR, *SLOPE, *CURVE), le(_tangent, ANSWER_INFORMATION - RATE),
    (
        *_MARGINS, *CURVE_FACTS,
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
    says="At every level the curve of accuracy against information has a tangent that no answerer crosses.",
)


def _without(model, family):
    return Model(model.variables, {k: v for k, v in model.families.items() if k != family}, model.spaces)


def _attaining(rng, questions=None):
    """The best channel of random priors at a random level; the answer is the observation."""
    size, questions, slope = rng.randint(2, 3), questions or rng.randint(1, 2), Fraction(rng.randint(1, 11), 12)
    priors = [simplex(rng, size) for _ in range(questions)]
    levels = [_level_at(slope, q) for q in priors]
    joint, shares = {}, {}
    for s, (q, v) in enumerate(zip(priors, levels)):
        best = v / slope
        shares |= {(s, j): max(q[j] - v, 0) / (best - v) for j in range(size)}
        joint |= {(s, j, t): shares[s, j] * (best if j == t else min(q[t], v)) for j in range(size) for t in range(size)}
    rule = {(s, o, j): int(o == j) for s in range(questions) for o in range(size) for j in range(size)}
    return Model({"M": size, "a": slope}, {"m": joint, "n": joint, "g": rule, "q": shares} | _curve(priors, levels),
                 {"Question": simplex(rng, questions, zeros=False), "Alphabet": [1] * size, "Observation": [1] * size})


def _informed(rng):
    """A level whose information suffices for a random answerer."""
    while True:
        model = _without(_priced(rng), "w") if rng.random() < 0.5 else _attaining(rng)
        try:
            if truth(le(INFORMATION, RATE), model):
                return model
        except Undecided:
            pass



exact_ceiling = Theorem(
    "exact_ceiling", "The exact ceiling, given the information", ROOM, PLACE, "Erokhin 1958; Kostina, Polyanskiy and Verdu 2015",
    (M, a), (*HYPOTHESES, PRIOR, *SLOPE, *CURVE, hyp("the information is at most that of the level", le(INFORMATION, RATE))), le(ACCURACY, CURVE_ACCURACY),
    (
        *LAW, *_MARGINS, *CURVE_FACTS,
        Step("processing", le(ANSWER_INFORMATION, INFORMATION), Lemma("information_processing", SAME)),
        Step("tangent", le(_tangent, ANSWER_INFORMATION - RATE), Lemma("exact_tangent", Instance({M: M, a: a}))),
        Step("steep", lt(0, ln(1 / a)), Sign()),
        Step("paid", le(_tangent, 0), Combination(((1, "tangent"), (1, "processing"), (1, "the information is at most that of the level")))),
        Step("below", le(ACCURACY, CURVE_ACCURACY), Combination(((1 / ln(1 / a), "paid"),))),
    ),
    families=(*FAMILIES, p, accuracy), spaces=SPACES, completed=answered_again, witness=_informed, kind="order",
    says="With no more information than a level of the curve needs, nobody answers better than its accuracy.",
)

# The attaining channel: named with share q, a symbol is right with probability A; another symbol t stands behind it with min(p_t, level).
q = Family("q", (QUESTION, ALPHABET))
smaller = lambda t: p[S, t] * LEVEL / top(t)
CHANNEL = (
    ALPHABET_SIZE, hyp("p is nonnegative", le(0, p[S, T])), hyp("p has total mass one", eq(integral(T, p[S, T]), 1)), *SLOPE, *CURVE,
    hyp("q is the excess over the level", eq((accuracy[S] - LEVEL) * q[S, J], top(J) - LEVEL)),
    hyp("answers and targets are joined by the best channel", eq(m[S, J, T] - q[S, J] * smaller(T), q[S, J] * delta(J, T) * (accuracy[S] - smaller(T)))),
)
_gain = 1 / (accuracy[S] - LEVEL)
_BASIS = (
    Step("above the level", lt(0, top(T)), Sign()),
    Step("room", lt(0, accuracy[S] - LEVEL), Sign()),
    *by_cases("over", le(LEVEL, top(J)), Sign(), likely(J)),
    Step("excess", CHANNEL[-2].claim, Combination(((1, CHANNEL[-2].name),))),
    Step("q is nonnegative", le(0, q[S, J]), Combination(((_gain, "over"), (-_gain, "excess")))),
    Step("all excess", eq(integral(J, (accuracy[S] - LEVEL) * q[S, J]), integral(J, top(J) - LEVEL)), Expectation("excess", (J,))),
    Step("q has total mass one", eq(integral(J, q[S, J]), 1), Combination(((_gain, "all excess"), (-_gain, "A is the accuracy at its level")))),
    *by_cases("at the level or not named", eq((top(T) - LEVEL) * (p[S, T] - top(T)), 0), Identity(), likely(T)),
    Step("excess of t", eq((accuracy[S] - LEVEL) * q[S, T], top(T) - LEVEL), Again("excess", ((J, T),))),
    Step("named if likely", eq(q[S, T] * (p[S, T] - top(T)), 0), Combination(((_gain, "at the level or not named"), (_gain * (p[S, T] - top(T)), "excess of t")))),
)


def _channel(name, title, claim, steps, says):
    """A property of the attaining channel."""
    return Theorem(name, title, ROOM, PLACE, "Erokhin 1958", (M, a), CHANNEL, claim, (*_BASIS, *steps), families=(*FAMILIES, p, accuracy, q), spaces=SPACES,
                   witness=_attaining, kind="order", says=says)


_right_behind = q[S, T] * accuracy[S] + (1 - q[S, T]) * smaller(T)
exact_channel_mixture = _channel(
    "exact_channel_mixture", "Right answers and wrong ones make up the prior", eq(_right_behind, p[S, T]),
    (
        Step("mixture", eq(_right_behind, p[S, T]),
             Combination(((1, "excess of t"), (-LEVEL / top(T), "named if likely"), (-1 / top(T), "at the level or not named")))),
    ), "A symbol is behind its own name with probability A, behind any other with what its prior keeps under the level.")

exact_channel_prior = _channel(
    "exact_channel_prior", "The best channel keeps the prior", eq(prior(T), p[S, T]),
    (
        Step("mixture", eq(_right_behind, p[S, T]), Lemma("exact_channel_mixture", Instance({M: M, a: a}))),
        Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
        Step("over answers", eq(integral(J, CHANNEL[-1].claim.lhs), integral(J, CHANNEL[-1].claim.rhs)), Expectation("joined", (J,))),
        Step("kept", eq(prior(T), p[S, T]), Combination(((1, "over answers"), (1, "mixture"), (-smaller(T), "q has total mass one")))),
    ), "Averaged over its answers the best channel has the given prior.")

_all_smaller = eq(integral(T, smaller(T)), 1 - accuracy[S] + LEVEL)
exact_channel_answers = _channel(
    "exact_channel_answers", "How often the best channel names each symbol", eq(answered(J), q[S, J]),
    (
        *by_cases("the smaller", eq(smaller(T), p[S, T] + LEVEL - top(T)), Identity(), likely(T)),
        Step("all smaller", eq(integral(T, smaller(T)), integral(T, p[S, T] + LEVEL - top(T))), Expectation("the smaller", (T,))),
        Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
        Step("over targets", eq(integral(T, CHANNEL[-1].claim.lhs), integral(T, CHANNEL[-1].claim.rhs)), Expectation("joined", (T,))),
        Step("named if likely, j", eq(q[S, J] * (p[S, J] - top(J)), 0), Again("named if likely", ((T, J),))),
        Step("named", eq(answered(J), q[S, J]),
             Combination(((1, "over targets"), (q[S, J], "all smaller"), (q[S, J], "p has total mass one"), (q[S, J], "A is the accuracy at its level"),
                          (-LEVEL / top(J), "named if likely, j")))),
    ), "The best channel names a symbol in proportion to what its prior exceeds the level by; symbols under the level are never named.")

_diagonal = eq(m[S, T, T], q[S, T] * accuracy[S])
exact_channel_accuracy = _channel(
    "exact_channel_accuracy", "The best channel has the accuracy of the curve", eq(ACCURACY, CURVE_ACCURACY),
    (
        Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
        Step("right answers", _diagonal, Again("joined", ((J, T),))),
        Step("one question", eq(integral(T, m[S, T, T]), accuracy[S]), Combination(((accuracy[S], "q has total mass one"),))),
        Step("attained", eq(ACCURACY, CURVE_ACCURACY), Expectation("one question", (S,))),
    ), "The best channel is right as often as the curve says.")

x, y, l, r, best = var("x", "y", "l", "r", "A")
_symbol = (hyp("x is nonnegative", le(0, x)), hyp("y is nonnegative", le(0, y)), hyp("r is positive", lt(0, r)))
cost_of_wrong = Theorem(
    "cost_of_wrong", "What a wrong name costs", ROOM, PLACE, "classical", (x, y, l, r), (*_symbol, hyp("l is positive", lt(0, l))),
    eq(relative(x * (y * l / r), x * y), x * (y * l / r) * ln(l / r)), (Step("cost", eq(relative(x * (y * l / r), x * y), x * (y * l / r) * ln(l / r)), Identity()),),
    witness=lambda rng: Model({"x": rational(rng), "y": rational(rng), "l": inside(rng), "r": inside(rng)}), kind="order",
    ablations={"x is nonnegative": Model({"x": -1, "y": 1, "l": 1, "r": 2}), "y is nonnegative": Model({"x": 1, "y": -1, "l": 1, "r": 2}),
               "r is positive": Model({"x": 1, "y": 1, "l": 1, "r": -2}), "l is positive": Model({"x": 1, "y": 1, "l": -1, "r": 2})},
    says="Behind a wrong name a symbol is as much rarer than its prior as the level is under it.",
)
only_named = Theorem(
    "only_named", "Nothing is named that cannot be", ROOM, PLACE, "classical", (x, y, r), (_symbol[1], _symbol[2], hyp("only y = r is named", eq(x * (y - r), 0))), dominated(x, y),
    (
        Step("not named", eq(x, 0), Sign(), given=(eq(y, 0),)),
        Step("absent", dominated(x, y), Sign(), given=(eq(y, 0),)),
        Step("present", dominated(x, y), Sign(), given=(lt(0, y),)),
        Step("named", dominated(x, y), Cases(("absent", "present"))),
    ),
    witness=lambda rng: (lambda v, u: Model({"x": u, "y": v if u else rational(rng), "r": v}))(inside(rng), rational(rng)), kind="order",
    ablations={"r is positive": Model({"x": 1, "y": 0, "r": 0}), "only y = r is named": Model({"x": 1, "y": 0, "r": 1})},
    says="A symbol of prior zero lies under every level.",
)
_right_claim = eq(relative(x * best, x * y), x * best * ln(best / r))
cost_of_right = Theorem(
    "cost_of_right", "What a right name costs", ROOM, PLACE, "classical", (x, y, best, r), (*_symbol, hyp("A is positive", lt(0, best)), hyp("only y = r is named", eq(x * (y - r), 0))),
    _right_claim,
    (
        Step("only named", dominated(x, y), Lemma("only_named", Instance({x: x, y: y, r: r}))),
        Step("not named", _right_claim, Identity(), given=(eq(x, 0),)),
        Step("y is r", eq(y, r), Sign(), given=(lt(0, x),)),
        Step("named", _right_claim, Identity(), given=(lt(0, x),)),
        Step("cost", _right_claim, Cases(("not named", "named"))),
    ),
    witness=lambda rng: (lambda v, u: Model({"x": u, "y": v if u else rational(rng), "A": inside(rng), "r": v}))(inside(rng), rational(rng)), kind="order",
    ablations={"x is nonnegative": Model({"x": -1, "y": 1, "A": 1, "r": 1}), "r is positive": Model({"x": 1, "y": 0, "A": 1, "r": 0}), "A is positive": Model({"x": 1, "y": 1, "A": -1, "r": 1}),
               "y is nonnegative": Model({"x": 0, "y": -1, "A": 1, "r": 0}), "only y = r is named": Model({"x": 1, "y": 2, "A": 1, "r": 1})},
    says="Behind its own name a symbol is as much likelier than its prior as the accuracy is over it.",
)

_cost = lambda j: relative(m[S, j, T], answered(j) * prior(T))
_right, _wrong = q[S, T] * accuracy[S] * ln(accuracy[S] / top(T)), smaller(T) * ln(LEVEL / top(T))
_SEEN = (
    Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
    Step("right answers", _diagonal, Again("joined", ((J, T),))),
    *(Step(label, claim, Lemma(lemma, Instance({M: M, a: a}))) for label, claim, lemma in (
        ("named", eq(answered(J), q[S, J]), "exact_channel_answers"), ("kept", eq(prior(T), p[S, T]), "exact_channel_prior"))),
)
exact_cost_right = _channel(
    "exact_cost_right", "What right answers of the best channel carry", eq(_cost(T), _right),
    (
        *_SEEN,
        Step("only named", dominated(q[S, T], p[S, T]), Lemma("only_named", Instance({x: q[S, T], y: p[S, T], r: top(T)}))),
        Step("right", eq(_cost(T), _right), Lemma("cost_of_right", Instance({x: q[S, T], y: p[S, T], best: accuracy[S], r: top(T)}))),
    ), "Each right answer of the best channel carries the log of how much likelier than its prior it is.")

_off = eq((1 - delta(J, T)) * _cost(J), (1 - delta(J, T)) * q[S, J] * _wrong)
exact_cost_wrong = _channel(
    "exact_cost_wrong", "What wrong answers of the best channel carry", _off,
    (
        *_SEEN,
        *by_cases("behind a name", le(0, smaller(T) + delta(J, T) * (accuracy[S] - smaller(T))), Sign(), RIGHT_OR_WRONG),
        Step("m is nonnegative", le(0, m[S, J, T]), Combination(((q[S, J], "behind a name"), (-1, "joined")))),
        *_MARGINS,
        Step("if right", _off, Identity(), given=(eq(delta(J, T), 1),)),
        Step("wrong answers", eq(m[S, J, T], q[S, J] * smaller(T)), Sign(), given=(eq(delta(J, T), 0),)),
        Step("if wrong", _off, Lemma("cost_of_wrong", Instance({x: q[S, J], y: p[S, T], l: LEVEL, r: top(T)})), given=(eq(delta(J, T), 0),)),
        Step("wrong", _off, Cases(("if right", "if wrong"))),
    ), "Wrong answers of the best channel carry the log of how far the level lies under a likely symbol.")

_others = integral(J, (1 - delta(J, T)) * q[S, J] * _wrong)
_mixed = q[S, T] * accuracy[S] * ln(accuracy[S]) + (p[S, T] - q[S, T] * accuracy[S]) * ln(LEVEL) - p[S, T] * ln(top(T))
_whole = integral(T, -p[S, T] * ln(top(T))) + accuracy[S] * ln(accuracy[S]) + (1 - accuracy[S]) * ln(LEVEL)
exact_channel_information = _channel(
    "exact_channel_information", "The best channel carries the information of the curve, no more", eq(ANSWER_INFORMATION, RATE),
    (
        Step("mixture", eq(_right_behind, p[S, T]), Lemma("exact_channel_mixture", Instance({M: M, a: a}))),
        Step("other answers", eq(_others, (1 - q[S, T]) * _wrong), Combination(((_wrong, "q has total mass one"),))),
        Step("one target", eq(_right + _others, _mixed), Combination(((1, "other answers"), (ln(LEVEL / top(T)), "mixture")))),
        Step("all targets", eq(integral((S, T), _right + _others), integral((S, T), _mixed)), Expectation("one target", (S, T))),
        Step("one question", eq(integral(T, _mixed), _whole), Combination(((accuracy[S] * ln(accuracy[S] / LEVEL), "q has total mass one"), (ln(LEVEL), "p has total mass one")))),
        Step("all questions", eq(integral((S, T), _mixed), RATE), Expectation("one question", (S,))),
        Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
        *by_cases("behind a name", le(0, smaller(T) + delta(J, T) * (accuracy[S] - smaller(T))), Sign(), RIGHT_OR_WRONG),
        Step("m is nonnegative", le(0, m[S, J, T]), Combination(((q[S, J], "behind a name"), (-1, "joined")))),
        *_MARGINS,
        Step("right", eq(_cost(T), _right), Lemma("exact_cost_right", Instance({M: M, a: a}))),
        Step("all right", eq(integral((S, T), _cost(T)), integral((S, T), _right)), Expectation("right", (S, T))),
        Step("wrong", _off, Lemma("exact_cost_wrong", Instance({M: M, a: a}))),
        Step("all wrong", eq(integral((S, J, T), _off.lhs), integral((S, T), _others)), Expectation("wrong", (S, J, T))),
        Step("attained", eq(ANSWER_INFORMATION, RATE), Combination(((1, "all right"), (1, "all wrong"), (1, "all targets"), (1, "all questions")))),
    ), "The best channel reaches the curve with exactly the information that the curve asks for: the ceiling is exact.")

THEOREMS = (information_priced, exact_tangent, exact_ceiling, exact_channel_mixture, exact_channel_prior, exact_channel_answers, exact_channel_accuracy, only_named, cost_of_wrong,
            cost_of_right, exact_cost_right, exact_cost_wrong, exact_channel_information)
