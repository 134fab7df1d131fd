"""The channel that attains the exact ceiling: it keeps the prior, has the accuracy of the curve, and carries its information, no more."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Again, Cases, Combination, Expectation, Family, Identity, Instance, Lemma, Model, Sign, Step, Theorem, delta, dominated, eq, integral,
                      le, ln, lt, relative, var)
from ..words import hyp, inside, rational
from .exact import CURVE, CURVE_ACCURACY, LEVEL, MARGINS, PLACE, RATE, RIGHT_OR_WRONG, ROOM, SLOPE, a, accuracy, attaining, best_channel, by_cases, likely, p, top
from .setting import ACCURACY, ALPHABET, ALPHABET_SIZE, ANSWER_INFORMATION, FAMILIES, J, M, QUESTION, S, SPACES, T, answered, m, prior

_HALF, _THIRD = Fraction(1, 2), Fraction(1, 3)
# The attaining channel: named with share q, a symbol is right with probability A; another symbol t stands behind it with min(p_t, level).
q = Family("q", (QUESTION, ALPHABET))
smaller = lambda t: p[S, t] * LEVEL / top(t)
CHANNEL = (
    ALPHABET_SIZE, hyp("p is nonnegative", le(0, p[S, T])), hyp("p has total mass one", eq(integral(T, p[S, T]), 1)), *SLOPE, *CURVE,
    hyp("q is the excess over the level", eq((accuracy[S] - LEVEL) * q[S, J], top(J) - LEVEL)),
    hyp("answers and targets are joined by the best channel", eq(m[S, J, T] - q[S, J] * smaller(T), q[S, J] * delta(J, T) * (accuracy[S] - smaller(T)))),
)
_LAW, _CURVE, _JOINED = ("p is nonnegative", "p has total mass one"), "A is the accuracy at its level", "answers and targets are joined by the best channel"
_gain = 1 / (accuracy[S] - LEVEL)
_ROOM = (
    Step("above the level", lt(0, top(T)), Sign()),
    Step("room", lt(0, accuracy[S] - LEVEL), Sign()),
    Step("excess", CHANNEL[-2].claim, Combination(((1, CHANNEL[-2].name),))),
)
_SHARES = (
    *by_cases("over", le(LEVEL, top(J)), Sign(), likely(J)),
    Step("q is nonnegative", le(0, q[S, J]), Combination(((_gain, "over"), (-_gain, "excess")))),
)
_MASS = (
    Step("all excess", eq(integral(J, (accuracy[S] - LEVEL) * q[S, J]), integral(J, top(J) - LEVEL)), Expectation("excess", (J,))),
    Step("q has total mass one", eq(integral(J, q[S, J]), 1), Combination(((_gain, "all excess"), (-_gain, "A is the accuracy at its level")))),
)
_LEVELS = (
    *by_cases("at the level or not named", eq((top(T) - LEVEL) * (p[S, T] - top(T)), 0), Identity(), likely(T)),
    Step("excess of t", eq((accuracy[S] - LEVEL) * q[S, T], top(T) - LEVEL), Again("excess", ((J, T),))),
    Step("named if likely", eq(q[S, T] * (p[S, T] - top(T)), 0), Combination(((_gain, "at the level or not named"), (_gain * (p[S, T] - top(T)), "excess of t")))),
)
_BASIS = (*_ROOM, *_MASS, *_LEVELS)


_ABLATIONS = {
    "p is nonnegative": best_channel(_HALF, [[Fraction(3, 2), -_HALF]]),
    "p has total mass one": best_channel(_HALF, [[Fraction(1), _HALF]]),
    "a is positive": best_channel(Fraction(0), [[Fraction(1), Fraction(0)]], [Fraction(1)]),
    "a is below one": best_channel(Fraction(1), [[_HALF, _HALF]], [Fraction(1)], Fraction(1)),
    "A is the accuracy at its level": best_channel(_HALF, [[Fraction(3, 4), Fraction(1, 4)]], [2 * _THIRD]),
    "q is the excess over the level": best_channel(_HALF, [[Fraction(3, 4), Fraction(1, 4)]], named=_THIRD),
}
_NEGATIVE = {"a is below one": best_channel(Fraction(2), [[Fraction(2), Fraction(0)]], [_HALF]), "q is the excess over the level": best_channel(_HALF, [[_HALF, _HALF]], named=Fraction(-1))}


def _channel(name, title, claim, steps, says, basis=_BASIS, without=(), ablations=_ABLATIONS):
    """A property of the attaining channel, under those of its hypotheses that it needs."""
    hypotheses = tuple(h for h in CHANNEL if h.name not in without)
    ablations = {h.name: ablations[h.name] for h in hypotheses if h.name in ablations}
    return Theorem(name, title, ROOM, PLACE, "Erokhin 1958", (M, a), hypotheses, claim, (*basis, *steps), families=(*FAMILIES, p, accuracy, q), spaces=SPACES,
                   witness=attaining, kind="order", says=says, ablations=ablations)


exact_channel_share = _channel(
    "exact_channel_share", "No symbol is named a negative number of times", le(0, q[S, J]), _SHARES,
    "Every symbol exceeds the level by at least nothing.", basis=_ROOM[1:], without=(*_LAW, "a is positive", _CURVE, _JOINED), ablations=_ABLATIONS | _NEGATIVE)
exact_channel_level = _channel(
    "exact_channel_level", "Only likely symbols are named", eq(q[S, T] * (p[S, T] - top(T)), 0), _LEVELS,
    "The best channel names no symbol whose prior lies under the level.", basis=_ROOM[1:], without=(*_LAW, "a is positive", _CURVE, _JOINED))

_right_behind = q[S, T] * accuracy[S] + (1 - q[S, T]) * smaller(T)
exact_channel_mixture = _channel(
    "exact_channel_mixture", "Right answers and wrong ones make up the prior", eq(_right_behind, p[S, T]),
    (
        Step("mixture", eq(_right_behind, p[S, T]),
             Combination(((1, "excess of t"), (-LEVEL / top(T), "named if likely"), (-1 / top(T), "at the level or not named")))),
    ), "A symbol is behind its own name with probability A, behind any other with what its prior keeps under the level.", basis=(*_ROOM, *_LEVELS), without=(*_LAW, _CURVE, _JOINED))

exact_channel_prior = _channel(
    "exact_channel_prior", "The best channel keeps the prior", eq(prior(T), p[S, T]),
    (
        Step("mixture", eq(_right_behind, p[S, T]), Lemma("exact_channel_mixture", Instance({M: M, a: a}))),
        Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
        Step("over answers", eq(integral(J, CHANNEL[-1].claim.lhs), integral(J, CHANNEL[-1].claim.rhs)), Expectation("joined", (J,))),
        Step("kept", eq(prior(T), p[S, T]), Combination(((1, "over answers"), (1, "mixture"), (-smaller(T), "q has total mass one")))),
    ), "Averaged over its answers the best channel has the given prior.", without=_LAW)

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
    ), "The best channel names a symbol in proportion to what its prior exceeds the level by; symbols under the level are never named.", without=_LAW[:1])

_diagonal = eq(m[S, T, T], q[S, T] * accuracy[S])
exact_channel_accuracy = _channel(
    "exact_channel_accuracy", "The best channel has the accuracy of the curve", eq(ACCURACY, CURVE_ACCURACY),
    (
        Step("joined", CHANNEL[-1].claim, Combination(((1, CHANNEL[-1].name),))),
        Step("right answers", _diagonal, Again("joined", ((J, T),))),
        Step("one question", eq(integral(T, m[S, T, T]), accuracy[S]), Combination(((accuracy[S], "q has total mass one"),))),
        Step("attained", eq(ACCURACY, CURVE_ACCURACY), Expectation("one question", (S,))),
    ), "The best channel is right as often as the curve says.", without=_LAW)

x, y, l, r, best = var("x", "y", "l", "r", "A")
_symbol = (hyp("x is nonnegative", le(0, x)), hyp("r is positive", lt(0, r)))
cost_of_wrong = Theorem(
    "cost_of_wrong", "What a wrong name costs", ROOM, PLACE, "classical", (x, y, l, r), (*_symbol, hyp("y is nonnegative", le(0, y)), hyp("l is positive", lt(0, l))),
    eq(relative(x * (y * l / r), x * y), x * (y * l / r) * ln(l / r)), (Step("cost", eq(relative(x * (y * l / r), x * y), x * (y * l / r) * ln(l / r)), Identity()),),
    witness=lambda rng: Model({"x": rational(rng), "y": rational(rng), "l": inside(rng), "r": inside(rng)}), kind="order",
    ablations={"x is nonnegative": Model({"x": -1, "y": 1, "l": 1, "r": 2}), "y is nonnegative": Model({"x": 1, "y": -1, "l": 1, "r": 2}),
               "r is positive": Model({"x": 1, "y": 1, "l": 1, "r": -2}), "l is positive": Model({"x": 1, "y": 1, "l": -1, "r": 2})},
    says="Behind a wrong name a symbol is as much rarer than its prior as the level is under it.",
)
only_named = Theorem(
    "only_named", "Nothing is named that cannot be", ROOM, PLACE, "classical", (x, y, r), (_symbol[1], hyp("only y = r is named", eq(x * (y - r), 0))), dominated(x, y),
    (
        *(s for label, case in (("often", lt(0, x)), ("less than never", lt(x, 0))) for s in (
            Step(f"{label}, y is r", eq(y, r), Sign(), given=(case,)), Step(label, dominated(x, y), Sign(), given=(case,)))),
        Step("never", dominated(x, y), Sign(), given=(eq(x, 0),)),
        Step("named", dominated(x, y), Cases(("often", "less than never", "never"))),
    ),
    witness=lambda rng: (lambda v, u: Model({"x": u, "y": v if u else rational(rng), "r": v}))(inside(rng), rng.choice((Fraction(0), rational(rng, -1)))), kind="order",
    ablations={"r is positive": Model({"x": 1, "y": 0, "r": 0}), "only y = r is named": Model({"x": 1, "y": 0, "r": 1})},
    says="A symbol of prior zero lies under every level.",
)
_right_claim = eq(relative(x * best, x * y), x * best * ln(best / r))
cost_of_right = Theorem(
    "cost_of_right", "What a right name costs", ROOM, PLACE, "classical", (x, y, best, r), (*_symbol, hyp("A is positive", lt(0, best)), hyp("only y = r is named", eq(x * (y - r), 0))),
    _right_claim,
    (
        Step("only named", dominated(x, y), Lemma("only_named", Instance({x: x, y: y, r: r}))),
        Step("no prior", le(0, x * y), Sign(), given=(eq(x, 0),)),
        Step("y is r", eq(y, r), Sign(), given=(lt(0, x),)),
        Step("prior", le(0, x * y), Sign(), given=(lt(0, x),)),
        Step("x y is nonnegative", le(0, x * y), Cases(("no prior", "prior"))),
        Step("not named", _right_claim, Identity(), given=(eq(x, 0),)),
        Step("named", _right_claim, Identity(), given=(lt(0, x),)),
        Step("cost", _right_claim, Cases(("not named", "named"))),
    ),
    witness=lambda rng: (lambda v, u: Model({"x": u, "y": v if u else rational(rng), "A": inside(rng), "r": v}))(inside(rng), rational(rng)), kind="order",
    ablations={"x is nonnegative": Model({"x": -1, "y": 1, "A": 1, "r": 1}), "r is positive": Model({"x": 1, "y": 0, "A": 1, "r": 0}), "A is positive": Model({"x": 1, "y": 1, "A": -1, "r": 1}),
               "only y = r is named": Model({"x": 1, "y": 2, "A": 1, "r": 1})},
    says="Behind its own name a symbol is as much likelier than its prior as the accuracy is over it.",
)

_cost = lambda j: relative(m[S, j, T], answered(j) * prior(T))
_right, _wrong = q[S, T] * accuracy[S] * ln(accuracy[S] / top(T)), smaller(T) * ln(LEVEL / top(T))
_NAMED = (
    _ROOM[0],
    Step("q is nonnegative", le(0, q[S, J]), Lemma("exact_channel_share", Instance({M: M, a: a}))),
    Step("named if likely", eq(q[S, T] * (p[S, T] - top(T)), 0), Lemma("exact_channel_level", Instance({M: M, a: a}))),
)
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
        Step("named at the level", le(0, q[S, T] * top(T)), Sign()),
        Step("prior is nonnegative", le(0, q[S, T] * p[S, T]), Combination(((1, "named at the level"), (-1, "named if likely")))),
        Step("only named", dominated(q[S, T], p[S, T]), Lemma("only_named", Instance({x: q[S, T], y: p[S, T], r: top(T)}))),
        Step("right", eq(_cost(T), _right), Lemma("cost_of_right", Instance({x: q[S, T], y: p[S, T], best: accuracy[S], r: top(T)}))),
    ), "Each right answer of the best channel carries the log of how much likelier than its prior it is.", basis=_NAMED, without=_LAW[:1])

exact_channel_law = _channel(
    "exact_channel_law", "The best channel is a law", le(0, m[S, J, T]),
    (
        *by_cases("behind a name", le(0, smaller(T) + delta(J, T) * (accuracy[S] - smaller(T))), Sign(), RIGHT_OR_WRONG),
        Step("nonnegative", le(0, m[S, J, T]), Combination(((q[S, J], "behind a name"), (-1, CHANNEL[-1].name)))),
    ), "The best channel never asks for negative probabilities.", basis=_NAMED, without=(_LAW[1], _CURVE), ablations=_ABLATIONS | _NEGATIVE)

_POSITIVE = Step("m is nonnegative", le(0, m[S, J, T]), Lemma("exact_channel_law", Instance({M: M, a: a})))
_off = eq((1 - delta(J, T)) * _cost(J), (1 - delta(J, T)) * q[S, J] * _wrong)
exact_cost_wrong = _channel(
    "exact_cost_wrong", "What wrong answers of the best channel carry", _off,
    (
        *_SEEN, _POSITIVE, *MARGINS,
        Step("if right", _off, Identity(), given=(eq(delta(J, T), 1),)),
        Step("wrong answers", eq(m[S, J, T], q[S, J] * smaller(T)), Sign(), given=(eq(delta(J, T), 0),)),
        Step("if wrong", _off, Lemma("cost_of_wrong", Instance({x: q[S, J], y: p[S, T], l: LEVEL, r: top(T)})), given=(eq(delta(J, T), 0),)),
        Step("wrong", _off, Cases(("if right", "if wrong"))),
    ), "Wrong answers of the best channel carry the log of how far the level lies under a likely symbol.", basis=_NAMED)

_others = integral(J, (1 - delta(J, T)) * q[S, J] * _wrong)
_mixed = q[S, T] * accuracy[S] * ln(accuracy[S]) + (p[S, T] - q[S, T] * accuracy[S]) * ln(LEVEL) - p[S, T] * ln(top(T))
_whole = integral(T, -p[S, T] * ln(top(T))) + accuracy[S] * ln(accuracy[S]) + (1 - accuracy[S]) * ln(LEVEL)
_sum = eq(integral((S, T), _right + _others), RATE)
exact_channel_sum = _channel(
    "exact_channel_sum", "What all answers of the best channel carry", _sum,
    (
        Step("mixture", eq(_right_behind, p[S, T]), Lemma("exact_channel_mixture", Instance({M: M, a: a}))),
        Step("other answers", eq(_others, (1 - q[S, T]) * _wrong), Combination(((_wrong, "q has total mass one"),))),
        Step("one target", eq(_right + _others, _mixed), Combination(((1, "other answers"), (ln(LEVEL / top(T)), "mixture")))),
        Step("all targets", eq(integral((S, T), _right + _others), integral((S, T), _mixed)), Expectation("one target", (S, T))),
        Step("one question", eq(integral(T, _mixed), _whole), Combination(((accuracy[S] * ln(accuracy[S] / LEVEL), "q has total mass one"), (ln(LEVEL), "p has total mass one")))),
        Step("all questions", eq(integral((S, T), _mixed), RATE), Expectation("one question", (S,))),
        Step("sum", _sum, Combination(((1, "all targets"), (1, "all questions")))),
    ), "Right and wrong answers together carry the information of the curve.", without=(_LAW[0], _JOINED), ablations={k: v for k, v in _ABLATIONS.items() if k != "a is below one"})

exact_channel_information = _channel(
    "exact_channel_information", "The best channel carries the information of the curve, no more", eq(ANSWER_INFORMATION, RATE),
    (
        _POSITIVE, *MARGINS,
        Step("sum", _sum, Lemma("exact_channel_sum", Instance({M: M, a: a}))),
        Step("right", eq(_cost(T), _right), Lemma("exact_cost_right", Instance({M: M, a: a}))),
        Step("all right", eq(integral((S, T), _cost(T)), integral((S, T), _right)), Expectation("right", (S, T))),
        Step("wrong", _off, Lemma("exact_cost_wrong", Instance({M: M, a: a}))),
        Step("all wrong", eq(integral((S, J, T), _off.lhs), integral((S, T), _others)), Expectation("wrong", (S, J, T))),
        Step("attained", eq(ANSWER_INFORMATION, RATE), Combination(((1, "all right"), (1, "all wrong"), (1, "sum")))),
    ), "The best channel reaches the curve with exactly the information that the curve asks for: the ceiling is exact.", basis=_ROOM[:1])

THEOREMS = (exact_channel_share, exact_channel_level, exact_channel_mixture, exact_channel_prior, exact_channel_answers, exact_channel_accuracy, only_named, cost_of_wrong,
            cost_of_right, exact_cost_right, exact_channel_law, exact_cost_wrong, exact_channel_sum, exact_channel_information)
