"""False probability: expectations, independence, maxima, Jensen's inequality, particular points and null sets."""

import pytest
from verdicts import E, J, M, R, S, T, X, Y, Fallacy, a, b, c, d, f, g, h, hold, judgements, m, p, q, u, v, verdict, x, y

from spacelib.proofs.kernel import (
    Again, Expectation, Identity, Jensen, Least, Member, Null, Sign, Step, delta, dominated, eq, exp, integral, le, ln, lt, maximum,
    substitute,
)


def jensen(phi, domain, *assume, value=f[S], over=S, given=(), flip=False):
    """phi(E f) <= E phi(f), or the other way."""
    sides = [substitute(phi, {v: integral(over, value)}), integral(over, substitute(phi, {v: value}))]
    claim = le(*(sides[::-1] if flip else sides))
    return lambda: verdict(claim, Jensen(phi, v, domain, value, over), assume=assume, given=given)


def identity(claim, *assume):
    return lambda: verdict(claim, Identity(), assume=assume)


def sign(claim, *assume, **more):
    return lambda: verdict(claim, Sign(), assume=assume, **more)


def averaged(claim, known, over, weight=1, assume=(), given=(), under=()):
    return lambda: verdict(claim, Expectation("known", over, weight), Step("known", known, Sign(), given), assume=assume, given=under)


def null(claim, *known, over=(), assume=()):
    return lambda: verdict(claim, Null(tuple(f"k{k}" for k in range(len(known))), over), *(Step(f"k{k}", one, Sign()) for k, one in enumerate(known)), assume=assume)


BEST = maximum(T, m[J, T])

K = m[J, T]
EACH = Step("each", le(K, maximum(J, K)), Member(maximum(J, K), J))
SUMMED = Step("summed", le(integral(T, K), integral(T, maximum(J, K))), Expectation("each", (T,)))
TOP_OF_SUMS, SUM_OF_TOPS = maximum(J, integral(T, K)), integral(T, maximum(J, K))

FALLACIES = [
    Fallacy("maximum and sum exchanged the wrong way", "",
            (lambda: verdict(le(SUM_OF_TOPS, TOP_OF_SUMS), Least("summed", TOP_OF_SUMS, J), EACH, SUMMED), lambda: verdict(le(SUM_OF_TOPS, TOP_OF_SUMS), Member(TOP_OF_SUMS, J)), lambda: verdict(le(SUM_OF_TOPS, TOP_OF_SUMS), Sign(), EACH, SUMMED),
             lambda: verdict(eq(SUM_OF_TOPS, TOP_OF_SUMS), Identity()), lambda: verdict(le(SUM_OF_TOPS, TOP_OF_SUMS), Expectation("each", (T,)), EACH)),
            (lambda: verdict(le(TOP_OF_SUMS, SUM_OF_TOPS), Least("summed", TOP_OF_SUMS, J), EACH, SUMMED),)),
    Fallacy("independence used without being assumed", "not identically zero",
            (identity(eq(integral(S, f[S] * g[S]), integral(S, f[S]) * integral(S, g[S]))), identity(eq(integral(S, f[S] ** 2), integral(S, f[S]) ** 2)), identity(eq(integral(S, f[S] * (g[S] + 1)), integral(S, f[S]) * (integral(S, g[S]) + 1))),
             identity(eq(integral((S, E), f[S] * (f[S] + h[E])), integral(S, f[S]) * (integral(S, f[S]) + integral(E, h[E])))), identity(eq(integral(S, f[S] * g[S]), integral(S, f[S]) * c), eq(integral(S, g[S]), c))),
            (identity(eq(integral((S, E), f[S] * h[E]), integral(S, f[S]) * integral(E, h[E]))), identity(eq(integral((S, R), f[S] * g[R]), integral(S, f[S]) * integral(S, g[S]))), identity(eq(integral(S, f[S] * c), integral(S, f[S]) * c)),
             identity(eq(integral(S, f[S] * g[S]), integral(S, f[S]) * integral(S, g[S])), eq(g[S], c)))),
    Fallacy("a factor that depends on the point pulled out", "not identically zero",
            (identity(eq(integral(S, f[S] * g[S]), f[S] * integral(S, g[S]))), identity(eq(integral(T, delta(J, T) * p[T]), p[T])), identity(eq(integral(S, exp(f[S] + c)), exp(f[S]) * exp(c))), identity(eq(integral(S, f[S] / g[S]), integral(S, f[S]) / integral(S, g[S])), lt(0, g[S]))),
            (identity(eq(integral(S, f[R] * g[S]), f[R] * integral(S, g[S]))), identity(eq(integral(T, delta(J, T) * p[T]), p[J])), identity(eq(integral(S, exp(f[S] + c)), exp(c) * integral(S, exp(f[S])))), identity(eq(integral(S, f[S] / c), integral(S, f[S]) / c), lt(0, c)))),
    Fallacy("one index for two", "not identically zero",
            (identity(eq(integral((T, J), p[T] * p[J]), integral((T, T), p[T] * p[T]))), identity(eq(integral((X, Y), u[X] * d[Y]), integral((X, X), u[X] * d[X]))), identity(eq(integral((J, T), m[J, T]), integral((J, T), m[J, J])))),
            (identity(eq(integral((T, J), m[J, T]), integral((J, T), m[J, T]))), identity(eq(integral((T, J), m[J, T]), integral((J, T), m[T, J]))), identity(eq(integral((X, Y), u[X] * d[Y]), integral((Y, X), u[Y] * d[X]))))),
    Fallacy("a fact at one point used at all points", "",
            (sign(eq(integral(T, p[T]), 0), given=(eq(p[T], 0),)), sign(le(0, integral(T, p[T])), given=(le(0, p[T]),)), sign(le(maximum(T, p[T]), c), given=(le(p[T], c),)), sign(le(p[J], 0), given=(le(p[T], 0),)),
             lambda: verdict(eq(integral(X, u[X] * d[X]), 0), Identity(), given=(eq(u[X], 0),)), lambda: verdict(le(p[T], integral(T, p[T])), Member(integral(T, p[T]), T), given=(le(0, p[T]),))),
            (sign(eq(integral(T, p[T]), 0), eq(p[T], 0)), sign(le(0, integral(T, p[T])), le(0, p[T])), sign(eq(p[T] * q[T], 0), given=(eq(p[T], 0),)), lambda: verdict(le(p[T], integral(T, p[T])), Member(integral(T, p[T]), T), assume=[le(0, p[T])]))),
    Fallacy("an expectation over a particular point", "holds only for particular",
            (averaged(le(integral(S, f[S]), 1), le(f[S], 1), (S,), given=(le(f[S], 0),), under=(le(f[S], 0),)), averaged(eq(integral(T, p[T]), 0), eq(p[T], 0), (T,), given=(eq(p[T], 0),), under=(eq(p[T], 0),))),
            (averaged(le(integral(S, f[S]), 1), le(f[S], 1), (S,), assume=[le(f[S], 0)]), averaged(le(f[S] + integral(R, g[R]), 1), le(f[S] + g[R], 1), (R,), given=(le(f[S], 0),), under=(le(f[S], 0),), assume=[le(g[S], 1)]))),
    Fallacy("an inequality averaged with a negative weight", "may be negative",
            (averaged(le(-integral(S, f[S]), -1), le(f[S], 1), (S,), -1, assume=[le(f[S], 0)]), averaged(le(integral(S, f[S] * g[S]), integral(S, f[S])), le(g[S], 1), (S,), f[S], assume=[le(g[S], 0)]),
             averaged(le(integral(S, f[S] * g[S]), integral(S, f[S])), le(g[S], 1), (S,), f[S], assume=[le(g[S], 0)], under=(le(0, f[S]),))),
            (averaged(le(2 * integral(S, f[S]), 2), le(f[S], 1), (S,), 2, assume=[le(f[S], 0)]), averaged(le(integral(S, f[S] * g[S]), integral(S, f[S])), le(g[S], 1), (S,), f[S], assume=[le(g[S], 0), le(0, f[S])]),
             averaged(eq(-integral(S, f[S]), -1), eq(f[S], 1), (S,), -1, assume=[eq(f[S] + c, 1 + c)]))),
    Fallacy("a weight that may mean nothing", "the weight: a denominator may be zero",
            (averaged(eq(integral(X, u[X]), integral(X, d[X])), eq(d[X] * u[X], d[X] ** 2), (X,), 1 / d[X], assume=[eq(d[X] * u[X], d[X] ** 2)]), averaged(le(integral(S, f[S]), 1), le(g[S] * f[S], g[S]), (S,), 1 / g[S], assume=[le(0, g[S]), le(g[S] * f[S], g[S])])),
            (averaged(le(integral(S, f[S]), 1), le(g[S] * f[S], g[S]), (S,), 1 / g[S], assume=[lt(0, g[S]), le(g[S] * f[S], g[S])]),)),
    Fallacy("a strict inequality kept by a measure", "keeps an equality and a non-strict inequality",
            (averaged(lt(integral(X, u[X]), integral(X, d[X])), lt(u[X], d[X]), (X,), assume=[lt(u[X], d[X])]), averaged(eq(integral(S, f[S]), 1), le(f[S], 1), (S,), assume=[le(f[S], 0)]),
             averaged(lt(integral(S, f[S] * g[S]), integral(S, g[S])), lt(f[S], 1), (S,), g[S], assume=[lt(f[S], 0), le(0, g[S])])),
            (averaged(le(integral(X, u[X]), integral(X, d[X])), lt(u[X], d[X]), (X,), assume=[lt(u[X], d[X])]), sign(lt(0, integral(S, f[S])), lt(0, f[S])), sign(lt(0, integral(T, p[T])), lt(0, p[T])))),
    Fallacy("a positive integral of a positive function over nothing", "the sign of the difference is undecided",
            (sign(lt(0, integral(X, u[X])), lt(0, u[X])), sign(lt(0, integral(X, 1))), sign(lt(0, integral(S, f[S])), le(0, f[S])), sign(lt(0, integral(S, f[S] ** 2)))),
            (sign(le(0, integral(X, u[X])), lt(0, u[X])), sign(lt(0, integral(S, 1))), sign(lt(0, integral(S, f[S])), lt(0, f[S])))),
    Fallacy("an average that is not the claim", "the averaged inequality misses the claim",
            (averaged(le(integral(X, u[X]), c), le(u[X], c), (X,), assume=[le(u[X], c)]), averaged(le(integral(T, p[T]), c), le(p[T], c), (T,), assume=[le(p[T], c)]), averaged(le(integral(S, f[S]) ** 2, 1), le(f[S], 1), (S,), assume=[le(f[S], 0)])),
            (averaged(le(integral(S, f[S]), c), le(f[S], c), (S,), assume=[le(f[S], c)]), averaged(le(integral(T, p[T]), M * c), le(p[T], c), (T,), assume=[le(p[T], c)]), averaged(le(integral(X, u[X]), c * integral(X, 1)), le(u[X], c), (X,), assume=[le(u[X], c)]))),
    Fallacy("Jensen's inequality for a function convex on part of its domain", "convexity is undecided",
            (jensen(v**3, ()), jensen(v**3, (le(-1, v),), le(-1, f[S])), jensen(v**4 - v**2, (le(0, v),), le(0, f[S])), jensen(-exp(v), ()), jensen(1 / (v + 1) ** 2 - v**2, (le(0, v),), le(0, f[S]))),
            (jensen(v**3, (le(0, v),), le(0, f[S])), jensen(v**4 + v**2, ()), jensen(exp(v), ()), jensen(-ln(v), (lt(0, v),), lt(0, f[S])))),
    Fallacy("Jensen's inequality the wrong way", "this is not phi(E f) <= E phi(f)",
            (jensen(v**2, (), flip=True), jensen(exp(v), (), flip=True), jensen(-ln(v), (lt(0, v),), lt(0, f[S]), flip=True), lambda: verdict(eq(integral(S, f[S]) ** 2, integral(S, f[S] ** 2)), Jensen(v**2, v, (), f[S], S))),
            (jensen(v**2, ()), jensen(exp(v), ()), lambda: verdict(le(-ln(integral(S, f[S])), -integral(S, ln(f[S]))), Jensen(-ln(v), v, (lt(0, v),), f[S], S), assume=[lt(0, f[S])]))),
    Fallacy("Jensen's inequality for a measure", "an expectation is expected",
            (jensen(v**2, (), value=u[X], over=X), jensen(v**2, (), value=p[T], over=T), jensen(v**2, (), eq(integral(X, u[X]), 1), value=u[X], over=X)),
            (jensen(v**2, (), value=f[S], over=S), jensen(v**2, (), value=h[E], over=E))),
    Fallacy("Jensen's inequality where the values leave the domain", "the values may leave the domain",
            (jensen(v**3, (le(0, v),)), jensen(v**3, (le(0, v),), le(-1, f[S])), jensen(v**3, (le(0, v),), le(0, g[S])), jensen(v**4, (le(0, v), le(v, 1)), le(0, f[S])), jensen(v**3, (le(0, v),), given=(le(0, f[S]),))),
            (jensen(v**3, (le(0, v),), le(1, f[S])), jensen(v**4, (le(0, v), le(v, 1)), le(0, f[S]), le(f[S], 1)))),
    Fallacy("Jensen's inequality on what is no interval", "does not cut out an interval",
            (jensen(v**3, (le(0, v**3),), le(0, f[S] ** 3)), jensen(v**3, (le(0, v * (v + 1)),), le(0, f[S])), jensen(v**3, (le(f[S], v), le(0, v)), le(0, f[S]))),
            (jensen(v**3, (le(c, v), le(0, v)), le(0, f[S]), le(c, f[S])),)),
    Fallacy("Jensen's inequality under a borrowed assumption", "is not a variable of the convex function alone",
            (lambda: verdict(le(integral(S, f[S]) ** 3, integral(S, f[S] ** 3)), Again("j", ((v, 1),)), Step("j", le(integral(S, f[S]) ** 3, integral(S, f[S] ** 3)), Jensen(v**3, v, (), f[S], S), (lt(0, v),))),
             lambda: verdict(le(integral(S, f[S]) ** 3, integral(S, f[S] ** 3) + x - x), Jensen(x**3, x, (), f[S], S), assume=[lt(0, x)])),
            (jensen(v**3, (le(0, v),), le(0, f[S])),)),
    Fallacy("null sets without nonnegativity", "may be negative",
            (null(dominated(integral(X, u[X]), integral(X, d[X])), dominated(u[X], d[X]), over=(X,), assume=[dominated(u[X], d[X])]), null(dominated(a + b, x + y), dominated(a, x), dominated(b, y), assume=[dominated(a, x), dominated(b, y), le(0, x)]),
             null(dominated(integral(X, u[X]), integral(X, -(d[X] ** 2))), dominated(u[X], -(d[X] ** 2)), over=(X,), assume=[dominated(u[X], d[X])])),
            (null(dominated(integral(X, u[X]), integral(X, d[X])), dominated(u[X], d[X]), over=(X,), assume=[dominated(u[X], d[X]), le(0, d[X])]), null(dominated(a + b, x + y), dominated(a, x), dominated(b, y), assume=[dominated(a, x), dominated(b, y), le(0, x), le(0, y)]))),
    Fallacy("null sets at a particular point", "only at particular points",
            (lambda: verdict(dominated(integral(T, p[T]), integral(T, q[T])), Null(("k",), (T,)), Step("k", dominated(p[T], q[T]), Sign(), (eq(p[T], 0),)), assume=[le(0, q[T])], given=(eq(p[T], 0),)),),
            (lambda: verdict(dominated(integral(T, p[T]), integral(T, q[T])), Null(("k",), (T,)), Step("k", dominated(p[T], q[T]), Sign()), assume=[le(0, q[T]), dominated(p[T], q[T])]),)),
    Fallacy("totals of other pairs", "not the totals of the pairs",
            (null(dominated(integral(X, d[X]), integral(X, u[X])), dominated(u[X], d[X]), over=(X,), assume=[dominated(u[X], d[X]), le(0, d[X])]), null(dominated(a + b, x), dominated(a, x), dominated(b, y), assume=[dominated(a, x), dominated(b, y), le(0, x), le(0, y)])),
            (null(dominated(integral(X, 2 * u[X]), 2 * integral(X, d[X])), dominated(2 * u[X], 2 * d[X]), over=(X,), assume=[dominated(u[X], d[X]), le(0, d[X])]),)),
    Fallacy("a term of a sum with negative terms", "a term of the sum may be negative",
            (lambda: verdict(le(p[J], integral(T, p[T])), Member(integral(T, p[T]), J)), lambda: verdict(le(p[J], integral(T, p[T])), Member(integral(T, p[T]), J), given=(le(0, p[J]),)), lambda: verdict(le(p[J] * q[J], integral(T, p[T] * q[T])), Member(integral(T, p[T] * q[T]), J), assume=[le(0, p[T])])),
            (lambda: verdict(le(p[J], integral(T, p[T])), Member(integral(T, p[T]), J), assume=[le(0, p[T])]), lambda: verdict(le(p[J] ** 2, integral(T, p[T] ** 2)), Member(integral(T, p[T] ** 2), J)), lambda: verdict(le(p[J], maximum(T, p[T])), Member(maximum(T, p[T]), J)))),
    Fallacy("a density at most its integral", "a finite family and one of its indices",
            (lambda: verdict(le(u[X], integral(X, u[X])), Member(integral(X, u[X]), X), assume=[le(0, u[X])]), lambda: verdict(le(f[S], integral(S, f[S])), Member(integral(S, f[S]), S), assume=[le(0, f[S])])),
            (lambda: verdict(le(p[T], integral(T, p[T])), Member(integral(T, p[T]), T), assume=[le(0, p[T])]),)),
]


@pytest.mark.parametrize("says, argument", judgements(FALLACIES))
def test_false_probability_is_refused_beside_its_true_neighbour(says, argument):
    hold(says, argument())
