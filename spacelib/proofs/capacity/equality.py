"""When the ceiling is reached: uniform targets, one symmetric confusion, nothing lost between frames and answer."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Identity, Instance, Lemma, Model, Sign, Step, Theorem, delta, eq, le, ln, lt, maximum, relative, var
from ..words import X, hyp, kl, rational
from .ceiling import RIGHT
from .setting import ALPHABET_SIZE, ANSWER_INFORMATION, ANSWER_LAW, BLIND, FAMILIES, J, M, S, SPACES, T, answered, m, prior, setting, symmetric

ROOM, PLACE = "capacity", "result 1"
a, alpha, beta = var("A", "alpha", "beta")
SIZE = hyp("the alphabet has at least two symbols", lt(1, M))
ACCURATE = (hyp("A is nonnegative", le(0, a)), hyp("A is at most one", le(a, 1)))

_classical = ln(M) + relative(a, 1) + relative(1 - a, 1) - (1 - a) * ln(M - 1)
uniform_fano = Theorem(
    "uniform_fano", "For uniform targets the ceiling is Fano's", ROOM, PLACE, "Fano 1952",
    (a, M), (*ACCURATE, SIZE), eq(kl(a, 1 / M), _classical),
    (Step("fano", eq(kl(a, 1 / M), _classical), Identity()),),
    witness=lambda rng: Model({"A": rational(rng), "M": rng.randint(2, 9)}),
    ablations={"A is nonnegative": Model({"A": -1, "M": 2}), "A is at most one": Model({"A": 2, "M": 2}), "the alphabet has at least two symbols": Model({"A": Fraction(1, 2), "M": 1})},
    says="With blind accuracy 1/M the divergence is ln M minus the entropy of being right minus the cost of M - 1 ways to be wrong.",
)

UNIFORM = hyp("targets are uniform given the question", eq(prior(T), 1 / M))
uniform_blind = Theorem(
    "uniform_blind", "Blind accuracy for uniform targets", ROOM, PLACE, "classical",
    (M,), (ALPHABET_SIZE, UNIFORM), eq(BLIND, 1 / M),
    (
        Step("largest", eq(maximum(T, prior(T)), 1 / M), Identity()),
        Step("blind", eq(BLIND, 1 / M), Expectation("largest", (S,))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: setting(rng, uniform=True),
    says="With M equally likely targets the best blind guess is right once in M times.",
)

_channel = 1 / M * (a * delta(J, T) + (1 - a) / (M - 1) * (1 - delta(J, T)))
symmetric_attains = Theorem(
    "symmetric_attains", "The symmetric channel reaches the ceiling", ROOM, PLACE, "classical",
    (a, M), (*ACCURATE, SIZE, hyp("uniform targets through a symmetric channel", eq(m[S, J, T], _channel))), eq(kl(a, 1 / M), ANSWER_INFORMATION),
    (
        Step("shares", le(0, _channel), Sign()),
        Step("attained", eq(kl(a, 1 / M), ANSWER_INFORMATION),
             Lemma("data_processing_equality", Instance({alpha: a * M, beta: (1 - a) / (M - 1) * M}, RIGHT, {X: (S, J, T)}))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: symmetric(rng.randint(2, 4), rational(rng)),
    ablations={f"A is {what}": Model({"M": 3, "A": v}, {"m": {(0, j, t): (v if j == t else (1 - v) / 2) / 3 for j in range(3) for t in range(3)}},
                                     {"Question": [1], "Alphabet": [1] * 3, "Observation": [1]}) for what, v in (("nonnegative", Fraction(-1)), ("at most one", Fraction(2)))}
    | {SIZE.name: Model({"M": 1, "A": Fraction(1, 2)}, {"m": {(0, 0, 0): Fraction(1, 2)}}, {"Question": [1], "Alphabet": [1], "Observation": [1]})},
    says="Uniform targets seen through an M-ary symmetric channel meet the ceiling exactly.",
)

# The converse: if the answers meet the ceiling, the gap of `data_processing_gap` vanishes, so the ratio of m to the product of its margins
# takes one value alpha on right answers and one value beta on wrong ones. Then:
RATIOS = hyp("the likelihood ratio is alpha where right and beta where wrong", eq(m[S, J, T], (alpha * delta(J, T) + beta * (1 - delta(J, T))) * answered(J) * prior(T)))


def _ratio_model(rng):
    """A symmetric channel, sometimes on part of the alphabet only."""
    size, accuracy = rng.randint(2, 4), rational(rng)
    model = symmetric(size, accuracy)
    spare = rng.randint(0, 1)
    joint = {(0, j, t): model.families["m"].get((0, j, t), 0) for j in range(size + spare) for t in range(size + spare)}
    return Model({"M": size + spare, "alpha": accuracy * size, "beta": (1 - accuracy) / (size - 1) * size}, {"m": joint},
                 {"Question": [1], "Alphabet": [1] * (size + spare), "Observation": [1]})


_HALF = Fraction(1, 2)
_TWICE = Model({"M": 2, "alpha": _HALF, "beta": _HALF}, {"m": {(0, j, t): _HALF for j in range(2) for t in range(2)}}, {"Question": [1], "Alphabet": [1, 1], "Observation": [1]})


def _forced(name, title, claim, over, says):
    return Theorem(
        name, title, ROOM, PLACE, "classical", (alpha, beta, M), (ANSWER_LAW[1], RATIOS), claim,
        (
            Step("ratios", RATIOS.claim, Combination(((1, RATIOS.name),))),
            Step("summed", claim, Expectation("ratios", (over,), -1)),
        ),
        families=FAMILIES, spaces=SPACES, witness=_ratio_model, kind="order", says=says, ablations={"m has total mass one": _TWICE})


equality_forces_priors = _forced(
    "equality_forces_priors", "Equality forces equal priors", eq(answered(J) * ((alpha - beta) * prior(J) - (1 - beta)), 0), T,
    "If the ceiling is met, all targets that the model ever names have the same prior probability.")
equality_forces_answers = _forced(
    "equality_forces_answers", "Equality forces equal habits", eq(prior(T) * ((alpha - beta) * answered(T) - (1 - beta)), 0), J,
    "If the ceiling is met, all targets that occur are named equally often: the targets are uniform on one support.")

THEOREMS = (uniform_fano, uniform_blind, symmetric_attains, equality_forces_priors, equality_forces_answers)
