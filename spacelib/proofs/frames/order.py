"""The order of frames: two pictures of something that moves, one way or the other, and what is left without their order.

f(x,y) is the law of a film of two pictures where the answer is "forward"; backward the same film is played the other way round.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Space, Step, Theorem, eq, integral, le, ln, named, relative
from ..words import hyp, simplex
from .setting import PLACE, ROOM

PICTURES = Space("Pictures", "measure", ("x", "y"))
X, Y = PICTURES.indices
film = Family("f", (PICTURES, PICTURES))
forward, backward = film[X, Y], film[Y, X]
either = (forward + backward) / 2


def told(label, ways, seen, indices):
    """What is told about a fair coin between two laws with mean `seen`."""
    return named(label, (), integral(indices, sum(relative(way / 2, seen / 2) for way in ways)))


IN_ORDER = told("I(O_1,O_2;T)", (forward, backward), either, (X, Y))
OUT_OF_ORDER = told(r"I(\{O_1,O_2\};T)", (either, (backward + forward) / 2), either, (X, Y))
_first, _last = integral(Y, forward), integral(Y, backward)
ONE_PICTURE = told("I(O_1;T)", (_first, _last), (_first + _last) / 2, X)
_next, _before = integral(X, forward), integral(X, backward)
OTHER_PICTURE = told("I(O_2;T)", (_next, _before), (_next + _before) / 2, Y)

FILM = (
    Hypothesis("f is nonnegative", le(0, forward), structural=True),
    hyp("f has total mass one", eq(integral((X, Y), forward), 1)),
    hyp("no film is played both ways", eq(forward * backward, 0)),
    hyp("films begin as they end", eq(_first, _last)),
)


def circle(rng) -> Model:
    """Three to five places on a circle, and a step of one place to the next; each place as likely, times a random base."""
    size = rng.randint(3, 5)
    names = rng.sample(range(size), size)
    return _played({(names[a], names[(a + 1) % size]): Fraction(1, size) for a in range(size)}, size)


def _played(cells, size) -> Model:
    return Model({}, {"f": {(a, b): cells.get((a, b), 0) for a in range(size) for b in range(size)}}, {"Pictures": [1] * size})


_cell = eq(relative(forward / 2, either / 2) + relative(backward / 2, either / 2), either * ln(2))
in_order = Theorem(
    "in_order", "Two pictures in their order", ROOM, PLACE, "elementary: two laws without a common outcome", (), FILM[:3], eq(IN_ORDER, ln(2)),
    (
        Step("never backward", _cell, Identity(), given=(eq(backward, 0),)),
        Step("never forward", _cell, Identity(), given=(eq(forward, 0),)),
        Step("one way", _cell, Cases(("never backward", "never forward"))),
        Step("all films", eq(IN_ORDER, ln(2)), Expectation("one way", (X, Y))),
    ),
    families=(film,), spaces=(PICTURES,), witness=circle, kind="construction",
    ablations={FILM[1].name: _played({(0, 1): 2}, 2), FILM[2].name: _played({(0, 0): 1}, 1)},
    says="In their order two pictures of a movement that never runs both ways show its direction in full.")
out_of_order = Theorem(
    "out_of_order", "Two pictures without their order", ROOM, PLACE, "elementary: equal laws", (), FILM[:1], eq(OUT_OF_ORDER, 0),
    (Step("alike", eq(OUT_OF_ORDER, 0), Identity()),),
    families=(film,), spaces=(PICTURES,), witness=circle, kind="construction",
    says="Without their order the same pictures say nothing about the direction.")
_claim = eq(IN_ORDER - ONE_PICTURE - OTHER_PICTURE, ln(2))
motion_synergy = Theorem(
    "motion_synergy", "Motion is in no single picture", ROOM, PLACE, "elementary: equal laws of each picture", (), FILM, _claim,
    (
        Step("the first picture", eq(ONE_PICTURE, 0), Identity()),
        Step("the second picture", eq(OTHER_PICTURE, 0), Identity()),
        Step("both", eq(IN_ORDER, ln(2)), Lemma("in_order", Instance())),
        Step("synergy", _claim, Combination(((1, "both"), (-1, "the first picture"), (-1, "the second picture")))),
    ),
    families=(film,), spaces=(PICTURES,), witness=circle, kind="construction",
    ablations={FILM[1].name: _played({(0, 1): 1, (1, 2): 1, (2, 0): 1}, 3), FILM[2].name: _played({(0, 0): 1}, 1), FILM[3].name: _played({(0, 1): 1}, 2)},
    says="If films also begin as they end, no picture alone tells anything: all that is told of the motion is synergy.")

THEOREMS = (in_order, out_of_order, motion_synergy)
