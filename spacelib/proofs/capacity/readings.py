"""The printed form 1 - I/H + o(1): refuted; its true readings proved, its false ones refuted."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Identity, Instance, Lemma, Model, Sign, Step, Theorem, delta, dominated, eq, integral, le,
                      ln, lt, named, relative, var)
from ..words import hyp, kl, positive, rational
from .ceiling import HYPOTHESES, LAW, MARGINALS, SAME
from .equality import UNIFORM
from .setting import (ACCURACY, ALPHABET, ALPHABET_SIZE, ANSWER_INFORMATION, ANSWER_LAW, COLLISION, ENTROPY, EQUIVOCATION, FAMILIES, INFORMATION, J, M, O, S, SPACES, T, answered,
                      m, answered_again, habitual, n, observed, prior, prior_seen, setting)

ROOM, PLACE = "capacity", "result 1, as printed in the rebuttal"
e, x, y, p, q, c = var("e", "x", "y", "p", "q", "c")
TWO = hyp("the alphabet has at least two symbols", lt(1, M))

log_increasing = Theorem(
    "log_increasing", "The logarithm increases", ROOM, PLACE, "classical",
    (x, y), (hyp("x is positive", lt(0, x)), hyp("y is above x", lt(x, y))), lt(ln(x), ln(y)),
    (
        Step("tangent", le(ln(x / y), x / y - 1), Lemma("log_tangent", Instance({x: x / y}))),
        Step("below one", lt(x / y - 1, 0), Sign()),
        Step("increases", lt(ln(x), ln(y)), Combination(((1, "tangent"), (1, "below one")))),
    ),
    witness=lambda rng: (lambda v: Model({"x": v, "y": v + positive(rng)}))(positive(rng)),
    ablations={"x is positive": Model({"x": -1, "y": 1}), "y is above x": Model({"x": 2, "y": 1})}, kind="order",
    says="A larger number has a larger logarithm.",
)

r, z = var("r", "z")
_product = eq(relative(x, r * z), relative(x, r) + relative(x, x * z))
relative_product = Theorem(
    "relative_product", "A product of references", ROOM, PLACE, "classical",
    (x, r, z), (hyp("x is nonnegative", le(0, x)), hyp("r is nonnegative", le(0, r)), hyp("z is nonnegative", le(0, z)),
                hyp("r vanishes only with x", dominated(x, r)), hyp("z vanishes only with x", dominated(x, z))), _product,
    (
        Step("none", _product, Identity(), given=(eq(x, 0),)),
        Step("r is positive", lt(0, r), Sign(), given=(lt(0, x),)),
        Step("z is positive", lt(0, z), Sign(), given=(lt(0, x),)),
        Step("some", _product, Identity(), given=(lt(0, x),)),
        Step("product", _product, Cases(("none", "some"))),
    ),
    witness=lambda rng: Model({"x": rational(rng, 0, 3), "r": positive(rng), "z": positive(rng)}), kind="order",
    says="The cost of a product of references splits into the costs of its factors.",
)

# the erasure channel: the target is seen with probability 1 - e, else nothing is
_seen, _erased = (1 - e) / M, e / M
ERASURE_INFORMATION = named(r"I(O;T)", (), integral(T, relative(_seen, 1 / M * _seen)) + integral(T, relative(_erased, 1 / M * e)))
ERASURE_ENTROPY = named(r"H(T)", (), -integral(T, relative(1 / M, 1)))
ERASURE_ACCURACY = named("A", (), integral(T, _seen) + _erased)
ERASURE = (hyp("e is nonnegative", le(0, e)), hyp("e is at most one", le(e, 1)), TWO)


def _erasure_model(rng, most=Fraction(1)):
    size = rng.randint(2, 6)
    return Model({"M": size, "e": rational(rng, 0, most)}, {}, {"Alphabet": [1] * size})


_line = ERASURE_INFORMATION / ERASURE_ENTROPY
erasure_accuracy = Theorem(
    "erasure_accuracy", "Accuracy of the erasure channel", ROOM, PLACE, "classical",
    (M, e), ERASURE, eq(ERASURE_ACCURACY, _line + (1 - _line) / M),
    (
        Step("log two", lt(ln(1), ln(M)), Lemma("log_increasing", Instance({x: 1, y: M}))),
        Step("line", eq(ERASURE_ACCURACY, _line + (1 - _line) / M), Identity()),
    ),
    spaces=(ALPHABET,), witness=_erasure_model, ablations={TWO.name: Model({"M": 1, "e": Fraction(1, 2)}, {}, {"Alphabet": [1]})},
    says="Accuracy is the share of the entropy that is known, plus a blind guess at the rest: it rises with information.",
)

printed_form_refuted = Theorem(
    "printed_form_refuted", "The printed ceiling is exceeded", ROOM, PLACE, "counterexample: the erasure channel",
    (M, e), (ERASURE[0], TWO, hyp("more is seen than half, up to a blind guess", lt(0, 1 - 2 * e + e / M))), lt(1 - _line, ERASURE_ACCURACY),
    (
        Step("log two", lt(ln(1), ln(M)), Lemma("log_increasing", Instance({x: 1, y: M}))),
        Step("share", le(1 / M, 1), Sign()),
        Step("small e", lt(0, (1 - e) + e * (1 / M - 1)), Combination(((1, "more is seen than half, up to a blind guess"),))),
        Step("seen", lt(0, 1 - e), Combination(((1, "small e"), (e, "share")))),
        Step("exceeded", lt(1 - _line, ERASURE_ACCURACY), Sign()),
    ),
    spaces=(ALPHABET,), witness=lambda rng: _erasure_model(rng, Fraction(1, 2)), kind="construction",
    ablations={TWO.name: Model({"M": 1, "e": 0}, {}, {"Alphabet": [1]}), "more is seen than half, up to a blind guess": Model({"M": 4, "e": 1}, {}, {"Alphabet": [1] * 4})},
    says="1 - I/H falls as information grows, while the accuracy rises above it.",
)

_uniform = (*(h for h in HYPOTHESES if h.name != "n has total mass one"), TWO, UNIFORM)
_uniform_model = lambda rng: setting(rng, uniform=True)
_UNIFORM_ABLATIONS = {TWO.name: habitual([Fraction(1)]), UNIFORM.name: habitual([Fraction(9, 10)] + [Fraction(1, 70)] * 7)}
_uniform_steps = (
    Step("n has total mass one", eq(integral((O, T), n[S, O, T]), 1), Identity()),
    *LAW,
    Step("A is at most one", le(ACCURACY, 1), Lemma("accuracy_at_most_one", SAME)),
    Step("collision", le(kl(ACCURACY, COLLISION), INFORMATION), Lemma("collision_ceiling", SAME)),
    Step("habit is 1/M", eq(COLLISION, 1 / M), Identity()),
    Step("log two", lt(ln(1), ln(M)), Lemma("log_increasing", Instance({x: 1, y: M}))),
    Step("1/M is below one", lt(1 / M, 1), Sign()),
    Step("entropy", le(ACCURACY * ln(1 / (1 / M)) - ln(2), kl(ACCURACY, 1 / M)), Lemma("kl_entropy_bound", Instance({p: ACCURACY, q: 1 / M}))),
    Step("paid", le(ACCURACY * ln(M), INFORMATION + ln(2)), Combination(((1, "entropy"), (1, "collision")))),
)
_reading_a = (INFORMATION + ln(2)) / ln(M)
reading_error = Theorem(
    "reading_error", "True reading: the error is at least 1 - (I + ln 2)/ln M", ROOM, PLACE, "Fano 1952",
    (M,), _uniform, le(ACCURACY, _reading_a),
    (*_uniform_steps, Step("fano", le(ACCURACY, _reading_a), Combination(((1 / ln(M), "paid"),)))),
    families=FAMILIES, spaces=SPACES, witness=_uniform_model, completed=answered_again, ablations=_UNIFORM_ABLATIONS,
    says="For uniform targets accuracy is at most the share of the entropy that is known, plus one bit of it.",
)

_guess = answered(J) * (delta(J, T) / 2 + (1 - delta(J, T)) / (2 * (M - 1)))
_split = relative(m[S, J, T], answered(J)) + m[S, J, T] * ln(2) + m[S, J, T] * (1 - delta(J, T)) * ln(M - 1)
_claim_split = eq(relative(m[S, J, T], _guess), _split)
_claim_prior = eq(relative(m[S, J, T], answered(J) * prior(T)), relative(m[S, J, T], answered(J)) + relative(m[S, J, T], m[S, J, T] * prior(T)))
_THREE = hyp("the alphabet has at least three symbols", lt(2, M))
answer_equivocation = Theorem(
    "answer_equivocation", "What the answers leave open", ROOM, PLACE, "Fano 1952; Cover and Thomas 2006, Theorem 2.10.1",
    (M,), (*ANSWER_LAW, TWO), le(ENTROPY - ANSWER_INFORMATION - ln(2), (1 - ACCURACY) * ln(M - 1)),
    (
        *MARGINALS,
        Step("half right", dominated(m[S, J, T], _guess), Sign(), given=(eq(delta(J, T), 1),)),
        Step("half wrong", dominated(m[S, J, T], _guess), Sign(), given=(eq(delta(J, T), 0),)),
        Step("guess", dominated(m[S, J, T], _guess), Cases(("half right", "half wrong"))),
        Step("tangent", le(m[S, J, T] - _guess, relative(m[S, J, T], _guess)), Lemma("relative_tangent", Instance({x: m[S, J, T], y: _guess, c: 1}))),
        Step("total", le(0, integral((S, J, T), relative(m[S, J, T], _guess))), Expectation("tangent", (S, J, T))),
        Step("if right", _claim_split, Identity(), given=(eq(delta(J, T), 1),)),
        Step("if wrong", _claim_split, Identity(), given=(eq(delta(J, T), 0),)),
        Step("split", _claim_split, Cases(("if right", "if wrong"))),
        Step("of the guess", eq(integral((S, J, T), relative(m[S, J, T], _guess)), integral((S, J, T), _split)), Expectation("split", (S, J, T))),
        Step("prior", _claim_prior, Lemma("relative_product", Instance({x: m[S, J, T], r: answered(J), z: prior(T)}))),
        Step("of the prior", eq(ANSWER_INFORMATION, integral((S, J, T), relative(m[S, J, T], answered(J))) + ENTROPY), Expectation("prior", (S, J, T))),
        Step("left open", le(ENTROPY - ANSWER_INFORMATION - ln(2), (1 - ACCURACY) * ln(M - 1)),
             Combination(((1, "total"), (1, "of the guess"), (-1, "of the prior")))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: setting(rng, size=3), ablations={TWO.name: habitual([Fraction(1)])},
    says="The entropy that the answers leave open fits into being wrong among M - 1 symbols, and one bit.",
)

reading_general = Theorem(
    "reading_general", "True reading for any prior", ROOM, PLACE, "Fano 1952; Cover and Thomas 2006, Theorem 2.10.1",
    (M,), (*HYPOTHESES, _THREE), le((ENTROPY - INFORMATION - ln(2)) / ln(M - 1), 1 - ACCURACY),
    (
        *LAW, *MARGINALS,
        Step("processing", le(ANSWER_INFORMATION, INFORMATION), Lemma("information_processing", SAME)),
        Step("log two", lt(ln(1), ln(M - 1)), Lemma("log_increasing", Instance({x: 1, y: M - 1}))),
        Step("left open", le(ENTROPY - ANSWER_INFORMATION - ln(2), (1 - ACCURACY) * ln(M - 1)), Lemma("answer_equivocation", SAME)),
        Step("paid", le(ENTROPY - INFORMATION - ln(2), (1 - ACCURACY) * ln(M - 1)), Combination(((1, "left open"), (1, "processing")))),
        Step("fano", le((ENTROPY - INFORMATION - ln(2)) / ln(M - 1), 1 - ACCURACY), Combination(((1 / ln(M - 1), "paid"),))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: setting(rng, size=3), completed=answered_again, ablations={_THREE.name: habitual([Fraction(1, 2)] * 2)},
    says="For any prior the error is at least the entropy that information does not cover, less one bit, over the log of the wrong answers.",
)

_reading_b = 1 - (EQUIVOCATION - ln(2)) / ln(M)
_seen_split = eq(relative(n[S, O, T], observed() * prior_seen()), relative(n[S, O, T], observed()) + relative(n[S, O, T], n[S, O, T] * prior_seen()))
reading_equivocation = Theorem(
    "reading_equivocation", "True reading: I is the equivocation", ROOM, PLACE, "Fano 1952; Cover and Thomas 2006, Theorem 2.10.1",
    (M,), (*HYPOTHESES, TWO), le(ACCURACY, _reading_b),
    (
        *LAW, *MARGINALS,
        Step("A is at most one", le(ACCURACY, 1), Lemma("accuracy_at_most_one", SAME)),
        Step("processing", le(ANSWER_INFORMATION, INFORMATION), Lemma("information_processing", SAME)),
        Step("left open", le(ENTROPY - ANSWER_INFORMATION - ln(2), (1 - ACCURACY) * ln(M - 1)), Lemma("answer_equivocation", SAME)),
        Step("seen or not", dominated(n[S, O, T], prior_seen()), Sign()),
        Step("observed or not", dominated(n[S, O, T], observed()), Sign()),
        Step("log two", lt(ln(1), ln(M)), Lemma("log_increasing", Instance({x: 1, y: M}))),
        Step("one more answer", lt(ln(M - 1), ln(M)), Lemma("log_increasing", Instance({x: M - 1, y: M}))),
        Step("wrong at M", le((1 - ACCURACY) * ln(M - 1), (1 - ACCURACY) * ln(M)), Combination(((1 - ACCURACY, "one more answer"),))),
        Step("seen by chance", dominated(n[S, O, T], n[S, O, T] * prior_seen()), Sign()),
        Step("split", _seen_split, Lemma("relative_product", Instance({x: n[S, O, T], r: observed(), z: prior_seen()}))),
        Step("what is not known", eq(INFORMATION, ENTROPY - EQUIVOCATION), Expectation("split", (S, O, T))),
        Step("paid", le(EQUIVOCATION - ln(2), (1 - ACCURACY) * ln(M)),
             Combination(((1, "left open"), (1, "processing"), (1, "wrong at M"), (1, "what is not known")))),
        Step("equivocation", le(ACCURACY, _reading_b), Combination(((1 / ln(M), "paid"),))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: setting(rng, size=3), completed=answered_again, ablations={TWO.name: habitual([Fraction(1)])},
    says="The printed form is right if its I is read as what remains unknown of the target, its H as ln M, and one bit is allowed for.",
)

_half = Fraction(1, 2)
_skew = named("H(T)", (), -relative(_half, 1) - (M - 1) * relative(1 / (2 * (M - 1)), 1))
false_reading_skewed = Theorem(
    "false_reading_skewed", "False reading: (I + ln 2)/H(T) for any prior", ROOM, PLACE, "counterexample",
    (M,), (hyp("the alphabet has more than five symbols", lt(5, M)),), lt((0 + ln(2)) / _skew, _half),
    (
        Step("log four", lt(ln(4), ln(M - 1)), Lemma("log_increasing", Instance({x: 4, y: M - 1}))),
        Step("log one", lt(ln(1), ln(2)), Lemma("log_increasing", Instance({x: 1, y: 2}))),
        Step("exceeded", lt((0 + ln(2)) / _skew, _half), Sign()),
    ),
    witness=lambda rng: Model({"M": rng.randint(6, 40)}), ablations={"the alphabet has more than five symbols": Model({"M": 4})}, kind="construction",
    says="A target that is one symbol half the time is guessed half the time with no information, however large its entropy.",
)

false_reading_pairs = Theorem(
    "false_reading_pairs", "False reading: the error is at most 1 - I/H", ROOM, PLACE, "counterexample",
    (M,), (hyp("the alphabet has more than four symbols", lt(4, M)),), lt(1 - (ln(M) - ln(2)) / ln(M), _half),
    (
        Step("log four", lt(ln(4), ln(M)), Lemma("log_increasing", Instance({x: 4, y: M}))),
        Step("log one", lt(ln(1), ln(2)), Lemma("log_increasing", Instance({x: 1, y: 2}))),
        Step("exceeded", lt(1 - (ln(M) - ln(2)) / ln(M), _half), Sign()),
    ),
    witness=lambda rng: Model({"M": rng.randint(5, 40)}), ablations={"the alphabet has more than four symbols": Model({"M": 3})}, kind="construction",
    says="If frames always leave two symbols equally likely, half the answers are wrong while 1 - I/H goes to zero.",
)

_blind_information = named("I(O;T)", (), integral(T, relative(1 / M, 1 * (1 / M))))
false_reading_information = Theorem(
    "false_reading_information", "False reading: accuracy is at most the information", ROOM, PLACE, "counterexample: no frames at all",
    (M,), (ALPHABET_SIZE,), lt(_blind_information, 1 / M),
    (Step("exceeded", lt(_blind_information, 1 / M), Sign()),),
    spaces=(ALPHABET,), witness=lambda rng: (lambda k: Model({"M": k}, {}, {"Alphabet": [1] * k}))(rng.randint(2, 9)), kind="construction",
    says="With no information at all a blind guess is still right once in M times.",
)

THEOREMS = (log_increasing, relative_product, erasure_accuracy, printed_form_refuted, reading_error, answer_equivocation, reading_equivocation, reading_general, false_reading_skewed,
            false_reading_pairs, false_reading_information)
