"""The setting of the frames: question, two views, target; what each view tells, what both tell, what they share.

The question s has any law; views x, y and target t live on any measure spaces. n(s,x,y,t) is their joint density given the question.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Family, Hypothesis, Model, Space, dominated, eq, integral, le, named, relative
from ..words import hyp, simplex

ROOM, PLACE = "frames", "frame complementarity"
QUESTION = Space("Question", "probability", ("s",))
FIRST, SECOND, TARGET = Space("First", "measure", ("x",)), Space("Second", "measure", ("y",)), Space("Target", "measure", ("t",))
(S,), (X,), (Y,), (T,) = QUESTION.indices, FIRST.indices, SECOND.indices, TARGET.indices
SPACES = (QUESTION, FIRST, SECOND, TARGET)

n = Family("n", (QUESTION, FIRST, SECOND, TARGET))
FAMILIES = (n,)

joint = n[S, X, Y, T]
both, first_seen, second_seen = integral(T, joint), integral(Y, joint), integral(X, joint)
first, second, target = integral((Y, T), joint), integral((X, T), joint), integral((X, Y), joint)

BOTH = named(r"I(O_1,O_2;T\mid Q)", (), integral((S, X, Y, T), relative(joint, both * target)))
ONE = named(r"I(O_1;T\mid Q)", (), integral((S, X, T), relative(first_seen, first * target)))
TWO = named(r"I(O_2;T\mid Q)", (), integral((S, Y, T), relative(second_seen, second * target)))
SHARED = named(r"I(O_1;O_2\mid Q)", (), integral((S, X, Y), relative(both, first * second)))

LAW = (hyp("n is nonnegative", le(0, joint)), hyp("n has total mass one", eq(integral((X, Y, T), joint), 1)))


def version(name, density, *margins) -> tuple[Hypothesis, ...]:
    """The version of a density that vanishes where one of its margins does."""
    return tuple(Hypothesis(f"{name} vanishes with {of}", dominated(density, margin), structural=True) for of, margin in margins)


VERSION = (
    *version("n", joint, ("the law of the views", both), ("the law of the target", target)),
    *version("the density of the first view and the target", first_seen, ("the first view's", first), ("the target's", target)),
    *version("the density of the second view and the target", second_seen, ("the second view's", second), ("the target's", target)),
    *version("the density of the views", both, ("the first view's", first), ("the second view's", second)),
)


def weights(rng, size: int) -> list[Fraction]:
    return [Fraction(rng.randint(1, 3), rng.randint(1, 3)) for _ in range(size)]


def sizes(rng) -> tuple[int, int, int, int]:
    """How many questions, values of the two views, values of the target."""
    return rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 3), rng.randint(2, 3)


def spaces_of(rng, questions: int, **points: int) -> dict:
    """A random law of the question and random base measures."""
    return {"Question": simplex(rng, questions, zeros=False)} | {name: weights(rng, size) for name, size in points.items()}


def two_views(rng) -> Model:
    """A random joint law of question, two views and target on small finite spaces, zeros included."""
    q, k, l, m = sizes(rng)
    spaces = spaces_of(rng, q, First=k, Second=l, Target=m)
    values = {}
    for s in range(q):
        cells = [(x, y, t) for x in range(k) for y in range(l) for t in range(m)]
        for (x, y, t), mass in zip(cells, simplex(rng, len(cells))):
            values[s, x, y, t] = mass / (spaces["First"][x] * spaces["Second"][y] * spaces["Target"][t])
    return Model({}, {"n": values}, spaces)


def sums(model: Model, keep: str) -> dict:
    """A margin of n by the letters kept, of "xyt": sums over the other points with their weights."""
    place = {"x": (1, "First"), "y": (2, "Second"), "t": (3, "Target")}
    gone = [place[v] for v in "xyt" if v not in keep]
    total = {}
    for cell, value in model.families["n"].items():
        for k, space in gone:
            value = value * model.spaces[space][cell[k]]
        key = (cell[0], *(cell[place[v][0]] for v in keep))
        total[key] = total.get(key, 0) + value
    return total
