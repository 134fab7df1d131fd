"""Frames that tell nothing alone and everything together; and accuracy that a third look raises more than the second."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Cases, Combination, Expectation, Family, Hypothesis, Identity, Model, Sign, Space, Step, Theorem, eq, integral, larger, le, ln, lt, named, relative, var
from ..words import hyp, inside
from .setting import PLACE, ROOM

M, error = var("M", "e")
ALPHABET = Space("Alphabet", "finite", ("x", "y", "t"), M)
X, Y, T = ALPHABET.indices
square = Family("e", (ALPHABET, ALPHABET, ALPHABET))
density = square[X, Y, T] / M**2
both, first_seen, second_seen = integral(T, density), integral(Y, density), integral(X, density)
first, second, target = integral((Y, T), density), integral((X, T), density), integral((X, Y), density)
BOTH = named(r"I(O_1,O_2;T)", (), integral((X, Y, T), relative(density, both * target)))
ONE = named(r"I(O_1;T)", (), integral((X, T), relative(first_seen, first * target)))
TWO = named(r"I(O_2;T)", (), integral((Y, T), relative(second_seen, second * target)))

SQUARE = (
    Hypothesis("the alphabet is not empty", lt(0, M), structural=True),
    hyp("a cell is marked or not", eq(square[X, Y, T] * (1 - square[X, Y, T]), 0)),
    hyp("both views fix the target", eq(integral(T, square[X, Y, T]), 1)),
    hyp("the second view and the target fix the first view", eq(integral(X, square[X, Y, T]), 1)),
    hyp("the first view and the target fix the second view", eq(integral(Y, square[X, Y, T]), 1)),
)


def latin(rng) -> Model:
    """A Latin square: t = x + y modulo M, its symbols renamed."""
    size = rng.randint(2, 4)
    names = rng.sample(range(size), size)
    return Model({"M": size}, {"e": {(a, b, t): int(names[(a + b) % size] == t) for a in range(size) for b in range(size) for t in range(size)}}, {"Alphabet": [1] * size})


def _told(marks, size=2) -> Model:
    return Model({"M": size}, {"e": {(a, b, t): marks(a, b, t) for a in range(size) for b in range(size) for t in range(size)}}, {"Alphabet": [1] * size})


SQUARES = {  # each leaves one line of the definition out
    SQUARE[1].name: _told(lambda a, b, t: Fraction(1, 2)),
    SQUARE[2].name: _told(lambda a, b, t: int(a == b)),
    SQUARE[3].name: _told(lambda a, b, t: int(b == t)),
    SQUARE[4].name: _told(lambda a, b, t: int(a == t)),
}


def _square(name, title, claim, steps, says, needs, **ablations):
    kept = tuple(SQUARE[k] for k in needs)
    return Theorem(name, title, ROOM, PLACE, "classical: the one-time pad, Shannon 1949", (M,), kept, claim, steps,
                   families=(square,), spaces=(ALPHABET,), witness=latin, kind="construction", says=says, ablations={h.name: SQUARES[h.name] for h in kept if h.name in SQUARES} | ablations)


hidden_first = _square("hidden_first", "The first view of a hidden target", eq(ONE, 0), (Step("nothing", eq(ONE, 0), Identity()),), "A target under an unknown key: the covered target alone says nothing.", (0, 4))
hidden_second = _square("hidden_second", "The second view of a hidden target", eq(TWO, 0), (Step("nothing", eq(TWO, 0), Identity()),), "The key alone says nothing either.", (0, 3))
_cell = eq(relative(density, 1 / M**3), density * ln(M))
hidden_both = _square(
    "hidden_both", "Both views of a hidden target", eq(BOTH, ln(M)),
    (
        Step("zero", le(0, square[X, Y, T]), Sign(), given=(eq(square[X, Y, T], 0),)),
        Step("one", le(0, square[X, Y, T]), Sign(), given=(eq(square[X, Y, T], 1),)),
        Step("zero or one", le(0, square[X, Y, T]), Cases(("zero", "one"))),
        Step("unmarked", _cell, Identity(), given=(eq(square[X, Y, T], 0),)),
        Step("marked", _cell, Identity(), given=(eq(square[X, Y, T], 1),)),
        Step("a cell", _cell, Cases(("unmarked", "marked"))),
        Step("everything", eq(BOTH, ln(M)), Expectation("a cell", (X, Y, T))),
    ), "Covered target and key together show it in full: the synergy of two frames can be as large as the target's entropy.", (0, 1, 2, 3), **{SQUARE[3].name: _told(lambda a, b, t: int(t == 0))})

# a fair coin seen through frames that err with probability e: accuracy of the best answer from one, two and three frames
ACCURACY_1 = named("A_1", (), larger(1 - error, error))
ACCURACY_2 = named("A_2", (), larger((1 - error) ** 2, error**2) + larger(error * (1 - error), (1 - error) * error))
ACCURACY_3 = named("A_3", (), larger((1 - error) ** 3, error**3) + 3 * larger((1 - error) ** 2 * error, (1 - error) * error**2))
_ERRS = (hyp("frames err sometimes", lt(0, error)), hyp("frames are right more often than wrong", lt(error, Fraction(1, 2))))
_half = Fraction(1, 2)
accuracy_not_submodular = Theorem(
    "accuracy_not_submodular", "Accuracy has no diminishing returns", ROOM, PLACE, "majority vote; counterexample", (error,), _ERRS,
    lt(ACCURACY_2 - ACCURACY_1, ACCURACY_3 - ACCURACY_2),
    (
        Step("one", lt(error, 1 - error), Sign()),
        Step("two", lt(0, (1 - error) ** 2 - error**2), Sign()),
        Step("three", lt(0, (1 - error) ** 3 - error**3), Sign()),
        Step("two of three", lt(0, (1 - error) ** 2 * error - (1 - error) * error**2), Sign()),
        Step("the third gains", lt(0, error * (1 - error) * (1 - 2 * error)), Sign()),
        Step("more", lt(ACCURACY_2 - ACCURACY_1, ACCURACY_3 - ACCURACY_2), Combination(((1, "the third gains"),))),
    ),
    witness=lambda rng: Model({"e": inside(rng, 0, _half)}), kind="order",
    ablations={_ERRS[0].name: Model({"e": 0}), _ERRS[1].name: Model({"e": _half})},
    says="Of independent looks at a fair coin the second does not help and the third does: accuracy is not submodular even there.")

THEOREMS = (hidden_first, hidden_second, hidden_both, accuracy_not_submodular)
