"""False instances: values that mean nothing, names that are caught, spaces and sizes exchanged, one point for all."""

import pytest
from verdicts import CHANCE, E, FINITE, HALF, J, M, N, R, S, T, X, Y, Fallacy, a, b, c, d, f, g, h, hold, judged, judgements, m, p, q, theorem, u, v, verdict, w, x, y, z

from spacelib.proofs.kernel import (
    Again, Expectation, Family, Identity, Instance, Least, Lemma, Sign, Space, Step, Term, conditions, delta, eq, integral, le, ln, lt,
    supremum, term,
)

OTHER = Space("Other", "finite", ("k", "i"), M)
SMALL = Space("Small", "finite", ("o",), term(5))
NAMESAKE = Space("Finite", "finite", ("j", "t"), term(5))
(K, I), (O,), (J5, T5) = OTHER.indices, SMALL.indices, NAMESAKE.indices
k5 = Family("k5", (SMALL,))
EXOTIC = Term("index", (), ("e", u.spaces[0]))
REACH = supremum(v, 0, 1, v - u[X], 0)
SHADOW = supremum(v, 0, 1, v, HALF)


def one_step(name, claim, reason, *assume):
    return theorem(claim, Step("s", claim, reason), assume=assume, name=name)


SIZE = one_step("size", eq(integral(T, 1), M), Identity())
MEAN = one_step("mean", eq(integral(S, 1), 1), Identity())
DIAGONAL = one_step("diagonal", le(0, u[Y]), Sign(), le(0, u[X]))
TOTAL = theorem(le(0, integral(X, u[X])), Step("e", le(0, u[X]), Sign()), Step("t", le(0, integral(X, u[X])), Expectation("e", (X,))), assume=[le(0, u[X])], name="total")
ODD = theorem(le(0, integral(X, u[X])), Step("e", le(0, u[X]), Sign()), Step("t", le(0, integral(X, u[X])), Expectation("e", (X,))), assume=[le(0, u[EXOTIC])], name="odd")
CONSTANT = theorem(eq(integral(S, f[S]), c), Step("e", eq(f[S], c), Sign()), Step("t", eq(integral(S, f[S]), c), Expectation("e", (S,))), assume=[eq(f[S], c)], name="constant")
FUBINI = one_step("fubini", eq(integral((X, Y), u[X] * d[Y]), integral(X, u[X]) * integral(Y, d[Y])), Identity())
BOUND = theorem(le(REACH, u[X]), Step("m", le(w, u[X]), Sign(), conditions(REACH, w)), Step("l", le(REACH, u[X]), Least("m", REACH, w)), assume=[le(0, u[X]), le(u[X], 1)], name="bound")
SHADOWED = theorem(le(SHADOW, HALF + 0 * v), Step("m", le(w, HALF), Sign(), conditions(SHADOW, w)), Step("l", le(SHADOW, HALF + 0 * v), Least("m", SHADOW, w)), name="shadowed")
NONZERO = one_step("nonzero", lt(0, 1 + y), Sign(), le(0, x), le(0, y))
PRODUCT = one_step("product", le(x * y, 1), Sign(), le(0, x), le(0, y), eq(x * y, HALF))
WIDE = theorem(le(0, integral((T, J), m[J, T])), Step("e", le(0, m[J, T]), Sign()), Step("t", le(0, integral((T, J), m[J, T])), Expectation("e", (T, J))), assume=[le(0, m[J, T])], name="wide")


def lemma(claim, of, instance, *assume, **more):
    return lambda: verdict(claim, Lemma(of.name, instance), assume=assume, proved=[of], **more)


FALLACIES = [
    Fallacy("one size passed off as all", "its instance is not",
            (lemma(eq(integral(T, 1), 5), SIZE, Instance({M: 5})), lemma(eq(integral(T, 1), N), SIZE, Instance({M: N})), lemma(eq(integral(T, 1), 2 * M), SIZE, Instance({M: 2 * M}))),
            (lemma(eq(integral(T, 1) + x, M + x), SIZE, Instance({M: M})), lemma(eq(integral(K, 1), M), SIZE, Instance({M: M}, {}, {J: (I,), T: (K,)})), lemma(eq(integral(T, 1), 5), SIZE, Instance({M: 5}), eq(M, a), eq(a, 5)))),
    Fallacy("a sum proved at one size", "not identically zero",
            (lambda: verdict(eq(integral(T, p[T]), 5 * c), Identity(), assume=[eq(p[T], c)]), lambda: verdict(eq(integral(T, p[T]), integral(O, k5[O])), Identity(), assume=[eq(p[T], c), eq(k5[O], c)])),
            (lambda: verdict(eq(integral(O, k5[O]), 5 * c), Identity(), assume=[eq(k5[O], c)]), lambda: verdict(eq(integral(T, p[T]), integral(O, k5[O])), Identity(), assume=[eq(p[T], c), eq(k5[O], c), eq(M, 5)]))),
    Fallacy("a finite space for one of another size", "its instance is not",
            (lemma(eq(integral(O, 1), M), SIZE, Instance({M: M}, {}, {J: (Term("index", (), ("n", SMALL)),), T: (O,)})), lemma(eq(integral(X, 1), M), SIZE, Instance({M: M}, {}, {J: (Y,), T: (X,)})),
             lemma(eq(integral((K, I), 1), M), SIZE, Instance({M: M}, {}, {J: (T, J), T: (K, I)}))),
            (lemma(eq(integral(O, 1), 5), SIZE, Instance({M: 5}, {}, {J: (Term("index", (), ("n", SMALL)),), T: (O,)})),)),
    Fallacy("two spaces of one name", "not identically zero",
            (lambda: verdict(eq(integral(J, 1), integral(J5, 1)), Identity()), lambda: verdict(eq(integral(J5, 1), M), Identity(), assume=[le(0, p[J])])),
            (lambda: verdict(eq(integral(J5, 1), 5), Identity()),)),
    Fallacy("a probability space for a measure space", "is a probability space; its instance is not",
            (lemma(eq(integral(X, 1), 1), MEAN, Instance({}, {}, {S: (X,), R: (Y,)})), lemma(eq(integral(T, 1), 1), MEAN, Instance({}, {}, {S: (T,), R: (J,)})), lemma(eq(integral((S, T), 1), 1), MEAN, Instance({}, {}, {S: (S, T), R: (R, J)}))),
            (lemma(eq(integral(E, 1), 1), MEAN, Instance({}, {}, {S: (E,), R: (Term("index", (), ("e2", E.data[1])),)})), lemma(le(0, integral(T, p[T])), TOTAL, Instance({}, {"u": lambda i: p[i]}, {X: (T,), Y: (J,)}), le(0, p[T])))),
    Fallacy("a finite space or an expectation written out as points", "only a measure space may be written out",
            (lemma(eq(M, 2), SIZE, Instance({M: M}, points={FINITE: 2})), lemma(eq(2 + 0 * x, 1), MEAN, Instance(points={CHANCE: 2})), lemma(le(0, 0 * x), TOTAL, Instance({}, {"u": lambda k: x}, points={u.spaces[0]: 0}))),
            (lemma(le(0, a + b), TOTAL, Instance({}, {"u": lambda k: (a, b)[k]}, points={u.spaces[0]: 2}), le(0, a), le(0, b)),)),
    Fallacy("a hypothesis that holds at one written-out point only", "is not discharged",
            (lemma(le(0, a + b), TOTAL, Instance({}, {"u": lambda k: (a, b)[k]}, points={u.spaces[0]: 2}), le(0, a)), lemma(le(0, integral(X, u[X])), TOTAL, Instance(), given=(le(0, u[X]),)),
             lemma(le(0, integral(X, u[X])), ODD, Instance(), given=(le(0, u[EXOTIC]),)), lemma(le(0, integral(T, p[T])), TOTAL, Instance({}, {"u": lambda i: p[i]}, {X: (T,), Y: (J,)}), given=(le(0, p[T]),))),
            (lemma(le(0, integral(X, d[X])), TOTAL, Instance({}, {"u": lambda i: d[i]}), le(0, d[X])),)),
    Fallacy("a value caught by a binder", "would be caught by a binder",
            (lemma(eq(integral(S, g[S]), g[S]), CONSTANT, Instance({c: g[S]}, {"f": lambda i: g[S]})), lemma(eq(integral(S, g[S]), g[R]), CONSTANT, Instance({c: g[R]}, {"f": lambda i: g[R]})), 
             lemma(eq(integral(S, g[S] ** 2), g[S] ** 2), CONSTANT, Instance({c: g[S] ** 2}, {"f": lambda i: g[S] ** 2}))),
            (lemma(eq(integral(S, p[T]), p[T]), CONSTANT, Instance({c: p[T]}, {"f": lambda i: p[T]})), lemma(eq(integral(S, integral(E, h[E])), integral(E, h[E])), CONSTANT, Instance({c: integral(E, h[E])}, {"f": lambda i: integral(E, h[E])})))),
    Fallacy("a value caught by a supremum", "would be caught by a supremum",
            (lemma(le(supremum(z, 0, 1, z - z, 0), v), BOUND, Instance({}, {"u": lambda i: v}), le(0, v), le(v, 1)), lemma(le(supremum(z, 0, 1, 0 * z, 0), HALF), SHADOWED, Instance({v: HALF})), lemma(le(supremum(z, 0, 1, term(HALF) + 0 * z, HALF), HALF), SHADOWED, Instance({v: term(0)}))),
            (lemma(le(supremum(v, 0, 1, v - z, 0), z), BOUND, Instance({}, {"u": lambda i: z}), le(0, z), le(z, 1)),)),
    Fallacy("one index for two in an instance", "shares its replacement",
            (lemma(eq(integral((J, J), p[J] * q[J]), integral(J, p[J]) * integral(J, q[J])), FUBINI, Instance({}, {"u": lambda i: p[i], "d": lambda i: q[i]}, {X: (J,), Y: (J,)})), lemma(eq(integral((X, X), u[X] * d[X]), integral(X, u[X]) * integral(X, d[X])), FUBINI, Instance({}, {}, {Y: (X,)})),
             lemma(le(0, integral((J, J), m[J, J])), WIDE, Instance({M: M}, {}, {T: (J,)}), le(0, m[J, T]))),
            (lemma(eq(integral((J, T), p[J] * q[T]), integral(J, p[J]) * integral(J, q[J])), FUBINI, Instance({}, {"u": lambda i: p[i], "d": lambda i: q[i]}, {X: (J,), Y: (T,)})), lemma(le(0, integral((J, T), m[T, J])), WIDE, Instance({M: M}, {}, {T: (J,), J: (T,)}), le(0, m[J, T])))),
    Fallacy("the indices of a space sent to different spaces", "are sent to different spaces",
            (lemma(le(0, k5[O]), DIAGONAL, Instance({}, {"u": lambda i: k5[i]}, {Y: (O,)}), le(0, k5[O] + 1)), lemma(le(0, p[J]), DIAGONAL, Instance({}, {"u": lambda i: p[i]}, {Y: (J,)}))),
            (lemma(le(0, p[J]), DIAGONAL, Instance({}, {"u": lambda i: p[i]}, {X: (T,), Y: (J,)}), le(0, p[T] - c), le(0, c)),)),
    Fallacy("a family that depends on how its index is called", "is not discharged",
            (lemma(le(0, -1 + 0 * x), DIAGONAL, Instance({}, {"u": lambda i: term(1) if i == (X,) else term(-1)})), lemma(le(0, -1 + 0 * x), DIAGONAL, Instance({}, {"u": lambda i: term(-1) if i == (Y,) else term(-1)}))),
            (lemma(le(0, 1 + 0 * x), DIAGONAL, Instance({}, {"u": lambda i: term(1)})),)),
    Fallacy("an instance with a value that may mean nothing", "a value in the instance",
            (lemma(le(1 + 0 * z, 1 + z), PRODUCT, Instance({x: 1 / z, y: z * HALF}), le(0, z), le(z, 9)), lemma(lt(0, 1 + z + a - a), NONZERO, Instance({x: 1 / a, y: z}), le(0, z), le(0, a)),
             lemma(lt(0, 1 + z), NONZERO, Instance({x: ln(a) ** 2, y: z}), le(0, z))),
            (lemma(lt(0, 1 + z + a - a), NONZERO, Instance({x: 1 / a, y: z}), le(0, z), lt(0, a)),)),
    Fallacy("an earlier step at a value that may mean nothing", "the value of c",
            (lambda: verdict(lt(0, z), Again("s", ((c, 1 / z),)), Step("q", lt(0, c * z), Sign(), (lt(0, c * z - HALF), le(0, c))), Step("s", lt(0, z), Sign(), (lt(0, c * z - HALF), le(0, c), lt(0, z))), assume=[le(0, z)]),
             lambda: verdict(le(0, 0 * z), Again("s", ((c, ln(z)),)), Step("s", le(0, 0 * c), Sign()), assume=[le(0, z)])),
            (lambda: verdict(le(0, z + 1 / z), Again("s", ((c, 1 / z),)), Step("s", le(0, z + c), Sign(), (le(0, c),)), assume=[lt(0, z)]),)),
    Fallacy("an earlier step at another value of the theorem's own variable", "is a variable of the theorem",
            (lambda: verdict(le(z, 1), Again("s", ((x, z),)), Step("s", le(x, 1), Sign()), assume=[le(x, HALF), le(z, 5)]), lambda: verdict(le(2, 1 + 0 * x), Again("s", ((x, 2),)), Step("s", le(x, 1), Sign()), assume=[le(x, HALF)])),
            (lambda: verdict(le(z**2, z**2 + 1), Again("s", ((c, z**2),)), Step("s", le(c, c + 1), Sign())),)),
    Fallacy("an index of another space in an earlier step", "is not an index of the space",
            (lambda: verdict(le(Term("member", (O,), ("p",)), 1), Again("s", ((T, O),)), Step("s", le(p[T], 1), Sign()), assume=[le(p[T], HALF)]), lambda: verdict(eq(Term("delta", (K, J)), Term("delta", (K, J))), Again("s", ((T, K),)), Step("s", eq(delta(T, J), delta(T, J)), Identity()))),
            (lambda: verdict(le(p[J], 1), Again("s", ((T, J),)), Step("s", le(p[T], 1), Sign()), assume=[le(p[T], HALF)]),)),
    Fallacy("a variable left without a value", "is given no value",
            (lemma(le(x * y, 1), PRODUCT, Instance({x: x}), le(0, x), le(0, y), eq(x * y, HALF)), lemma(eq(integral(T, 1), M), SIZE, Instance())),
            (lemma(le(a * y, 1), PRODUCT, Instance({x: a, y: y}), le(0, a), le(0, y), eq(a * y, HALF)),)),
    Fallacy("a name that the theorem does not have", "has no variable or family",
            (lemma(eq(integral(T, 1), M), SIZE, Instance({M: M, x: 1})), lemma(eq(integral(T, 1), M), SIZE, Instance({M: M}, {"p": lambda i: term(0)}))),
            (lemma(eq(integral(T, 1) + 1, M + 1), SIZE, Instance({M: M})),)),
]


@pytest.mark.parametrize("says, argument", judgements(FALLACIES))
def test_false_instances_are_refused_beside_their_true_neighbour(says, argument):
    hold(says, argument())


def test_the_theorems_that_are_instantiated_are_themselves_proved():
    for one in (SIZE, MEAN, DIAGONAL, TOTAL, ODD, CONSTANT, FUBINI, BOUND, SHADOWED, NONZERO, PRODUCT, WIDE):
        assert judged(one) == ""
