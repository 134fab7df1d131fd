"""Random terms that mean something, the facts under which they do, and random models of these facts."""

from fractions import Fraction

from verdicts import HALF, J, M, R, S, T, X, d, f, integral_of, m, p, q, u, x, y

from spacelib.proofs.kernel import Model, delta, dominated, eq, exp, integral, larger, le, ln, lt, maximum, relative, sqrt, term
from spacelib.proofs.kernel.context import Fact

FACTS = [Fact(c) for c in (le(0, x), lt(0, y), le(y, 1), lt(0, M), le(0, p[T]), eq(integral(T, p[T]), 1), lt(0, q[T]), le(0, m[J, T]), le(0, u[X]), lt(0, d[X]), dominated(u[X], d[X]))]
PINNED = [Fact(eq(p[T], 0), frozenset({T})), Fact(le(f[R], x), frozenset({R}))]


def _share(rng, parts=12) -> Fraction:
    return Fraction(rng.randint(0, parts), parts)


def model(rng) -> tuple[Model, dict]:
    """Values that satisfy FACTS, corners included, and points at which PINNED holds too."""
    size = rng.randint(2, 3)
    masses = [0] + [rng.choice((0, 1, 2, 5)) for _ in range(size - 2)] + [rng.randint(1, 3)]
    points, draws = rng.randint(1, 3), rng.randint(1, 2)
    chances = [rng.randint(1, 3) for _ in range(draws)]
    values = {k: _share(rng, 4) * 3 for k in ("x",)}
    families = {
        "p": {(k,): Fraction(w, sum(masses)) for k, w in enumerate(masses)}, "q": {(k,): Fraction(rng.randint(1, 5), rng.randint(1, 3)) for k in range(size)},
        "m": {(j, t): _share(rng, 3) for j in range(size) for t in range(size)}, "u": {(k,): _share(rng, 3) for k in range(points)},
        "d": {(k,): Fraction(rng.randint(1, 5), 3) for k in range(points)}, "f": {(k,): 2 * _share(rng) - 1 for k in range(draws)}}
    families["f"][0,] = min(families["f"][0,], values["x"])
    spaces = {"Finite": [1] * size, "Omega": [Fraction(rng.randint(0, 4), 3) for _ in range(points)], "Chance": [Fraction(w, sum(chances)) for w in chances]}
    where = {T: 0, J: rng.randrange(size), X: rng.randrange(points), S: rng.randrange(draws), R: 0}
    return Model(values | {"y": Fraction(rng.randint(1, 6), 6), "M": size}, families, spaces), where


def anything(rng, depth: int):
    """A real term that is defined wherever FACTS hold."""
    if depth == 0:
        return rng.choice((term(rng.randint(-3, 3)), term(HALF), x, y, p[T], p[J], q[J], f[S], f[R], u[X], delta(J, T), m[J, T], m[T, T]))
    more = lambda: anything(rng, depth - 1)
    return rng.choice((
        lambda: more() + more(), lambda: more() - more(), lambda: more() * more(), lambda: more() ** rng.randint(2, 3), lambda: more() / positive(rng, depth - 1),
        lambda: ln(positive(rng, depth - 1)), lambda: nonnegative(rng, depth), lambda: integral_of(rng, more()), lambda: larger(more(), more()),
        lambda: maximum(rng.choice((J, T)), more()), lambda: relative(nonnegative(rng, depth - 1), positive(rng, depth - 1)), lambda: positive(rng, depth) ** -rng.randint(1, 2)))()


def nonnegative(rng, depth: int):
    if depth <= 0:
        return rng.choice((x, y, p[T], p[J], q[T], u[X], m[J, T], m[J, J], delta(J, T), 1 - y, 1 - delta(J, T), term(0), term(2)))
    less = lambda: nonnegative(rng, depth - 1)
    return rng.choice((lambda: less() + less(), lambda: less() * less(), lambda: anything(rng, depth - 1) ** 2, lambda: sqrt(less()), lambda: integral_of(rng, less()),
                       lambda: less() / positive(rng, depth - 1), lambda: positive(rng, depth - 1), lambda: larger(less(), anything(rng, depth - 1))))()


def positive(rng, depth: int):
    if depth <= 0:
        return rng.choice((y, q[J], q[T], d[X], M, 1 + x, 1 + delta(J, T), term(3)))
    less = lambda: positive(rng, depth - 1)
    return rng.choice((lambda: less() + nonnegative(rng, depth - 1), lambda: less() * less(), lambda: exp(rng.choice((x, -x, f[S], ln(y), 2 * ln(q[T])))), lambda: 1 / less(), lambda: sqrt(less()),
                       lambda: integral(rng.choice((J, T, S)), less())))()
