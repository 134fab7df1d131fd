"""Diminishing returns: of frames that are independent given the target, the later one adds less; and so does it to the ceiling.

v(s,x,y,t) is the joint density of what was seen before, x first and then y, and the target; k(s,z,t) the law of one more
frame given the target. Their product is the density of all: given the target the new frame is independent of those before.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Cases, Combination, Family, Hypothesis, Instance, Lemma, Model, Null, Sign, Space, Step, Theorem, dominated, eq, integral, le, lt, named, relative, var
from ..words import hyp, inside, inverse_first, rational, simplex
from .setting import FIRST, PLACE, QUESTION, ROOM, S, SECOND, T, TARGET, X, Y, spaces_of, version

THIRD = Space("Third", "measure", ("z",))
(Z,) = THIRD.indices
SPACES = (QUESTION, FIRST, SECOND, THIRD, TARGET)
v, k = Family("v", (QUESTION, FIRST, SECOND, TARGET)), Family("k", (QUESTION, THIRD, TARGET))
density = v[S, X, Y, T] * k[S, Z, T]


def margin(*kept):
    """The margin of the density of everything on some of x, y, z, t."""
    return integral(tuple(i for i in (X, Y, Z, T) if i not in kept), density) if len(kept) < 4 else density


def tells(label, *views):
    """What some of the views tell about the target."""
    return named(rf"I({label};T\mid Q)", (), integral((S, *views, T), relative(margin(*views, T), margin(*views) * margin(T))))


LAW = (
    hyp("v is nonnegative", le(0, v[S, X, Y, T])),
    Hypothesis("k is nonnegative", le(0, k[S, Z, T]), structural=True), Hypothesis("k has total mass one", eq(integral(Z, k[S, Z, T]), 1), structural=True),
)
VERSION = (
    *version("the density of all", density, ("the law of the views", margin(X, Y, Z))),
    *version("v", v[S, X, Y, T], ("the law of the target", margin(T))),
    *version("the density of the first view and the target", integral(Y, v[S, X, Y, T]), ("the law of the target", margin(T))),
    *version("the law of the views", margin(X, Y, Z), ("the third view's", margin(Z))),
    *version("the law of the first and the third view", margin(X, Z), ("the third view's", margin(Z))),
)


def three_views(rng) -> Model:
    """A random law of two views and the target, and a third view through a channel of its own."""
    questions, i, j, l, m = rng.randint(1, 2), rng.randint(1, 2), rng.randint(1, 2), rng.randint(1, 3), rng.randint(2, 3)
    spaces = spaces_of(rng, questions, First=i, Second=j, Third=l, Target=m)
    seen, rule = {}, {}
    for s in range(questions):
        cells = [(a, b, t) for a in range(i) for b in range(j) for t in range(m)]
        for (a, b, t), mass in zip(cells, simplex(rng, len(cells))):
            seen[s, a, b, t] = mass / (spaces["First"][a] * spaces["Second"][b] * spaces["Target"][t])
        for t in range(m):
            rule |= {(s, c, t): p / spaces["Third"][c] for c, p in enumerate(simplex(rng, l))}
    return Model({}, {"v": seen, "k": rule}, spaces)


PLAIN = (
    Step("seen before, or not", dominated(density, v[S, X, Y, T]), Sign()),
    Step("first and target", dominated(margin(X, T), margin(X)), Null((VERSION[0].name,), (Y, Z))),
    Step("third and target", dominated(margin(Z, T), margin(Z)), Null((VERSION[0].name,), (X, Y))),
    Step("first two and target", dominated(v[S, X, Y, T], margin(X, Y)), Null((VERSION[0].name,), (Z,))),
    Step("first, third, target", dominated(margin(X, Z, T), margin(X, Z)), Null((VERSION[0].name,), (Y,))),
    Step("views", dominated(margin(X, Y, Z), margin(X, Y)), Null(("seen before, or not",), (T,))),
    Step("first and third", dominated(margin(X, Z), margin(X)), Null(("seen before, or not",), (Y, T))),
)
_late, _early = tells("O_1,O_2,O_3", X, Y, Z) - tells("O_1,O_2", X, Y), tells("O_1,O_3", X, Z) - tells("O_1", X)
_own = tells("O_3", Z)
_shared = lambda label, *views: named(rf"I({label};O_3\mid Q)", (), integral((S, *views, Z), relative(margin(*views, Z), margin(*views) * margin(Z))))
_with_one, _with_two = _shared("O_1", X), _shared("O_1,O_2", X, Y)
_claim = le(_late, _early)
diminishing_returns = Theorem(
    "diminishing_returns", "Frames independent given the target: diminishing returns", ROOM, PLACE, "Krause and Guestrin 2005",
    (), (*LAW, *VERSION), _claim,
    (
        *PLAIN,
        Step("late", eq(_late, _own - _with_two), Lemma("gain_given_target", Instance(
            families={"n": lambda s, x, z, t: v[(*s, *x, *t)] * k[(*s, *z, *t)], "k": lambda s, z, t: k[(*s, *z, *t)]}, indices={X: (X, Y), Y: (Z,)}))),
        Step("early", eq(_early, _own - _with_one), Lemma("gain_given_target", Instance(
            families={"n": lambda s, x, z, t: integral(Y, v[(*s, *x, Y, *t)]) * k[(*s, *z, *t)], "k": lambda s, z, t: k[(*s, *z, *t)]}, indices={Y: (Z,)}))),
        Step("more is shared", le(_with_one, _with_two), Lemma("view_monotone", Instance(
            families={"n": lambda s, x, y, z: integral(T, v[(*s, *x, *y, T)] * k[(*s, *z, T)])}, indices={T: (Z,)}))),
        Step("diminishing", _claim, Combination(((1, "late"), (-1, "early"), (1, "more is shared")))),
    ),
    families=(v, k), spaces=SPACES, witness=three_views,
    says="If frames are independent given the target, one more frame adds less the more was seen before: information is submodular.")

# the ceiling F(q, I) is concave and rises with I, so that it inherits diminishing returns
q, low, high, more, less = var("q", "a", "b", "x", "y")
_span = high + less - low
_rise = le(inverse_first(q, high + less) - inverse_first(q, high), inverse_first(q, low + more) - inverse_first(q, low))
_mixes = lambda weight: weight * inverse_first(q, low) + (1 - weight) * inverse_first(q, high + less)
_lemma = lambda weight: Lemma("first_concave", Instance({var("lambda"): weight, var("q1"): q, var("q2"): q, var("c1"): low, var("c2"): high + less}))
ceiling_diminishing = Theorem(
    "ceiling_diminishing", "The ceiling has diminishing returns too", ROOM, PLACE, "classical: concave and rising after submodular",
    (q, low, high, more, less),
    (hyp("q is positive", lt(0, q)), hyp("q is at most one", le(q, 1)), hyp("a is nonnegative", le(0, low)), hyp("b is at least a", le(low, high)),
     hyp("y is nonnegative", le(0, less)), hyp("x is at least y", le(less, more))), _rise,
    (
        Step("more for more", le(inverse_first(q, low + less), inverse_first(q, low + more)), Lemma("first_monotone_budget", Instance({q: q, var("c"): low + less, var("d"): low + more}))),
        Step("nothing new", _rise, Combination(((1, "more for more"),)), given=(eq(less, 0),)),
        Step("something new", lt(0, _span), Sign(), given=(lt(0, less),)),
        Step("early", le(_mixes(1 - less / _span), inverse_first(q, low + less)), _lemma(1 - less / _span), given=(lt(0, less),)),
        Step("late", le(_mixes(less / _span), inverse_first(q, high)), _lemma(less / _span), given=(lt(0, less),)),
        Step("something", _rise, Combination(((1, "more for more"), (1, "early"), (1, "late"))), given=(lt(0, less),)),
        Step("either", _rise, Cases(("nothing new", "something"))),
    ),
    witness=lambda rng: (lambda a, y: Model({"q": inside(rng), "a": a, "b": a + rational(rng), "y": y, "x": y + rational(rng)}))(rational(rng), rational(rng)), kind="order",
    ablations={"b is at least a": Model({"q": Fraction(1, 4), "a": 1, "b": 0, "y": 1, "x": 1}), "x is at least y": Model({"q": Fraction(1, 4), "a": 0, "b": 0, "y": 1, "x": 0})},
    says="Where frames have diminishing returns in information, they have them in the ceiling of the accuracy.")

THEOREMS = (diminishing_returns, ceiling_diminishing)
