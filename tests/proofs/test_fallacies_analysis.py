"""False analysis: limits, monotonicity, root counting, intervals, suprema and convexity."""

import pytest
import sympy
from verdicts import HALF, M, T, Fallacy, a, b, c, hold, judgements, p, v, verdict, w, x, y, z

from spacelib.proofs.kernel import (
    Again, BallBox, Cases, Combination, Identity, Least, Limit, Member, Monotone, Polynomial, Root, Sign, Step, conditions, eq, exp,
    integral, larger, le, ln, lt, maximum, relative, sqrt, supremum,
)

OO = sympy.oo


def limit(target, earlier, to, side, *given, assume=(), under=()):
    return lambda: verdict(target, Limit("near", c, to, side), Step("near", earlier, Sign(), given), assume=assume, given=under)


def monotone(claim, at, *assume, var=x, given=()):
    return lambda: verdict(claim, Monotone(var, at), assume=assume, given=given)


def roots(claim, low, high, *assume):
    return lambda: verdict(claim, Polynomial(x, low, high), assume=assume)


def ball(claim, *box, assume=()):
    return lambda: verdict(claim, BallBox(box), assume=assume)


UNIT = (le(0, x), le(x, 1))
ZERO_ONE = le(1 - a, 1 / (1 + a * c))  # true for every c > 0 if a is 0 or 1, with equality at a = 0
WIDE = supremum(w, 0, 1, w**2, x)
SHORT = supremum(w, 0, x, w, HALF)

FALLACIES = [
    Fallacy("a limit from the wrong side", "may not hold near the limit",
            (limit(le(0, a - 1), le(0, a - c), 1, "+", lt(c, 1), assume=[le(1, a)]), limit(le(x, 0), le(x, c), 0, "-", lt(0, c), assume=[lt(x, 0)]),
             limit(le(x, 1), le(x, c), 1, "+", le(c, 1), lt(x, c), assume=[lt(x, -1)]), limit(le(0, 0 * x), le(0, -1 / c), OO, "-", lt(c, 0))),
            (limit(le(0, a - 1), le(0, a - c), 1, "-", lt(c, 1), assume=[le(1, a + z), le(z, 0)]), limit(le(x, 0), le(x, c), 0, "+", lt(0, c), assume=[lt(x, z), le(z, 0)]), limit(le(0, 0 * x), le(0, 1 / c), OO, "-", lt(0, c)))),
    Fallacy("a limit of what does not hold near the point", "may not hold near the limit",
            (limit(le(x, 0), le(x, c), 0, "+", le(1, c), assume=[lt(x, z), le(z, 1)]), limit(le(x, 0), le(x, c), 0, "+", le(x, c)), limit(le(x, 0), le(x, c), 0, "+", eq(c, x)), limit(le(0, -1 + 0 * x), le(0, c - 1), 0, "+", lt(1, c)),
             limit(le(x, 1), le(x, c), 1, "+", lt(2 * x, c), lt(0, x), assume=[]), limit(le(x, 0), le(x, 1 / c), OO, "-", lt(c, 9), lt(0, c), le(x * c, 1))),
            (limit(le(x, 1), le(x, c), 1, "+", le(1, c), assume=[lt(x, z), le(z, 1)]), limit(le(-x, 1), le(-x, c), 1, "+", lt(HALF, c), assume=[lt(0, x)]))),
    Fallacy("a limit in a variable of which something is assumed", "is not a variable of step",
            (lambda: verdict(le(0, -1 + 0 * x), Again("b", ((c, 2),)), Step("near", le(0, c - 1), Sign(), (lt(1, c),)), Step("b", le(0, -1 + 0 * x), Limit("near", c, 0, "+"), (eq(c, 2),))),
             limit(le(0, x - 1), le(0, x - c), 1, "-", lt(c, x), under=(lt(c, x),)), limit(le(0, c), le(0, 2 * c), 0, "+", lt(0, c))),
            (limit(le(0, 0 * x), le(0, c), 0, "+", lt(0, c)),)),
    Fallacy("a limit in a variable of the theorem", "is not a variable of step",
            (lambda: verdict(le(0, -1 + 0 * x), Limit("near", x, 0, "+"), Step("near", le(0, x - 1), Sign()), assume=[lt(1, x)]), lambda: verdict(le(0, z), Limit("near", x, 0, "+"), Step("near", le(0, z + x), Sign()), assume=[le(0, z + x)])),
            (limit(le(0, z), le(0, z + c), 0, "+", lt(0, c), assume=[le(0, z - y), le(0, y)]),)),
    Fallacy("a limit with a parameter in general position", "depends on the parameter",
            (lambda: verdict(le(0, a - 1), Limit("near", c, OO, "+"), Step("zero", ZERO_ONE, Sign(), (lt(0, c), eq(a, 0))), Step("one", ZERO_ONE, Sign(), (lt(0, c), eq(a, 1))), Step("s", eq(a * (a - 1), 0), Combination(((1, "h0"),))),
                             Step("near", ZERO_ONE, Cases(("zero", "one")), (lt(0, c),)), assume=[eq(a**2, a)]),
             limit(le(0, -b + b), le(0, exp(-a * c)), OO, "-", lt(0, c), assume=[le(0, a)])),
            (limit(le(0, a), le(0, a + 1 / c), OO, "-", lt(0, c), assume=[le(0, a + z), le(z, 0)]), limit(le(0, 0 * a), le(0, a * exp(-c)), OO, "-", lt(0, c), assume=[le(0, a)]))),
    Fallacy("a limit taken inside what is not known to be continuous", "no limit is taken inside it",
            (limit(le(0, 0 * x), le(0, c * larger(1 / c, 2)), 0, "+", lt(0, c)), limit(le(0, 0 * x), le(0, c * maximum(T, p[T] ** 2 / c)), 0, "+", lt(0, c))),
            (limit(le(0, 0 * x), le(0, c * exp(c)), 0, "+", lt(0, c)),)),
    Fallacy("a strict inequality kept by a limit", "passes a non-strict inequality on",
            (limit(lt(0, 0 * x), lt(0, c), 0, "+", lt(0, c)), limit(lt(x, 1), lt(x, c), 1, "+", lt(1, c), assume=[le(x, 1 + 0 * z), le(x, z)])),
            (limit(le(0, 0 * x), lt(0, c), 0, "+", lt(0, c)),)),
    Fallacy("a limit that is another number", "the limit is",
            (limit(le(1, 0 * x), le(c, 2 * c), 0, "+", lt(0, c)), limit(le(1, x), le(c, x + c), 0, "+", lt(0, c), assume=[le(0, x)])),
            (limit(le(0, 0 * x), le(c, 2 * c), 0, "+", lt(0, c)), limit(le(0, x), le(c, x + c), 0, "+", lt(0, c), assume=[le(0, x - y), le(0, y)]))),
    Fallacy("a limit that is infinite", "no finite limit",
            (limit(le(0, 0 * x), le(0, 1 / c), 0, "+", lt(0, c)), limit(le(0, 0 * x), le(0, c), OO, "-", lt(0, c)), limit(le(0, 0 * x), le(0, -ln(c)), 0, "+", lt(0, c), lt(c, 1))),
            (limit(le(0, 0 * x), le(0, 1 / c), OO, "-", lt(0, c)), limit(le(0, 0 * x), le(0, -c * ln(c)), 0, "+", lt(0, c), lt(c, 1)))),
    Fallacy("monotone from the wrong end", "the derivative's sign is undecided",
            (monotone(le(ln(x), x - 1), 2, lt(0, x)), monotone(le(0, x), 1, *UNIT), monotone(le(x, 2 * x + 0), 1, *UNIT), monotone(le(0, 1 - x**2), 0, *UNIT)),
            (monotone(le(ln(x), x - 1), 1, lt(0, x)), monotone(le(0, x**3 + x), 0, *UNIT), monotone(le(0, 1 - x**2), 1, *UNIT))),
    Fallacy("an endpoint outside the range", "may lie outside the range",
            (monotone(le(0, x + x**3), 0, le(1, x)), monotone(le(ln(x), x - 1), 1, lt(1, x)), monotone(le(0, x - 1), 1, lt(0, x), lt(x, 1))),
            (monotone(le(0, x + x**3), 1, le(1, x)), monotone(le(ln(x), x - 1), 1, le(1, x)))),
    Fallacy("a negative value at the endpoint", "may be negative",
            (monotone(le(0, x - HALF), 0, *UNIT), monotone(le(x, ln(x) + 2 * x - 2), 1, le(1, x)), monotone(le(0, x**2 - 1), 0)),
            (monotone(le(0, x**2), 0), monotone(le(x, ln(x) + 2 * x - 1), 1, le(1, x)))),
    Fallacy("a derivative of one sign on part of the range only", "the derivative's sign is undecided",
            (monotone(le(0, x**3 - x), 0, le(0, x)), monotone(le(0, x**2 - x), 0, le(0, x)), monotone(le(1, x + 1 / x - 1), 2, lt(0, x)), monotone(le(0, x**3 + 0 * y), 0)),
            (monotone(le(0, x**3 + x), 0, le(0, x)), monotone(le(1, x + 1 / x - 1), 1, lt(0, x)), monotone(le(0, x**4), 0))),
    Fallacy("a range that is no interval", "may not be an interval",
            (monotone(le(-5, x), 1, le(1, x**2)), monotone(le(0, x + 1), 1, eq(x**2, x)), monotone(le(0, x), 1, le(0, x * (x - 1))), monotone(le(0, x + 1), 1, eq(x, y), le(1, y))),
            (monotone(le(0, x + 1), 0, le(0, x)), monotone(le(0, x), 1, le(1, x), le(x, 2)))),
    Fallacy("a derivative that is not there", "derivative",
            (monotone(le(0, larger(x, -x)), 0), monotone(le(0, sqrt(x)), 0, le(0, x)), monotone(le(0, relative(x, 1) + 1), 1, le(0, x)), monotone(le(0, supremum(w, 0, 1, w * x, 2)), 0)),
            (monotone(le(0, relative(x, 1)), 1, le(1, x)), monotone(le(1, sqrt(x)), 1, le(1, x)))),
    Fallacy("monotone from an endpoint that may mean nothing", "the endpoint: a denominator may be zero",
            (monotone(le(0, (z * x - 1) ** 2), 1 / z, le(0, z)), monotone(le(0, (z * x - 1) ** 2), 1 / z)),
            (monotone(le(0, (z * x - 1) ** 2), 1 / z, lt(0, z)),)),
    Fallacy("a polynomial checked at its grid points", "may change",
            (roots(le(0, (x - HALF) * (x - HALF / 2)), 0, 1, *UNIT), roots(le(0, (3 * x - 1) * (3 * x - 2) * (2 - x)), 0, 1, *UNIT), roots(lt(0, (x - HALF) ** 2), 0, 1, *UNIT), roots(le(0, x**3 - x), None, None),
             roots(le(0, (10 * x - 3) * (10 * x - 4)), 0, 1, *UNIT)),
            (roots(le(0, (x - HALF) ** 2 * (x + 1)), 0, 1, *UNIT), roots(le(0, x * (1 - x)), 0, 1, *UNIT), roots(lt(0, (x - HALF) ** 2 + 1), None, None), roots(lt(0, x**2 - x + 1), 0, 1, *UNIT))),
    Fallacy("a polynomial of the wrong sign", "not positive inside its range",
            (roots(le(0, -x), 0, 1, *UNIT), roots(lt(0, -1 - x**2), None, None), roots(le(1, x * (1 - x)), 0, 1, *UNIT), roots(le(0, -((x - HALF) ** 2)), 0, 1, *UNIT)),
            (roots(le(-x, x**2), 0, 1, *UNIT), roots(le(x * (1 - x), HALF), 0, 1, *UNIT))),
    Fallacy("a polynomial on a range that it leaves", "the range of x may reach",
            (roots(le(x**2, x), 0, 1), roots(le(x**2, x), 0, 1, le(0, x)), roots(le(x**2, x), 0, 1, le(0, x), le(x, 2)), roots(le(0, x + 0), 0, None, le(-1, x))),
            (roots(le(x**2, x), 0, 1, *UNIT), roots(le(x, x**2), 1, None, le(1, x)))),
    Fallacy("root counting on what is no polynomial in one variable", "is not a polynomial",
            (roots(le(0, x + y + 3), 0, 1, *UNIT), roots(le(0, x + ln(1 + x) + 1), 0, 1, *UNIT), roots(lt(0, 1 / (1 + x)), 0, 1, *UNIT)),
            (roots(lt(0, x**5 + 1), 0, 1, *UNIT),)),
    Fallacy("a ball check on a box that does not cover", "does not cover the range",
            (ball(lt(x**2, HALF), (x, 0, HALF), assume=UNIT), ball(lt(x, 2), (x, 0, 1)), ball(lt(x, 2), (x, 0, 1), assume=[le(0, x)]), ball(lt(x * y, 2), (x, 0, 1), (y, 0, 1), assume=[*UNIT, le(0, y)]),
             ball(lt(0, exp(x) - x), (x, HALF, 1), assume=UNIT)),
            (ball(lt(x**2, 2), (x, 0, 1), assume=UNIT), ball(lt(0, exp(x) - x), (x, 0, 1), assume=UNIT), ball(lt(x * y, 2), (x, 0, 1), (y, 0, 1), assume=[*UNIT, le(0, y), le(y, 1)]))),
    Fallacy("a ball check of what is false or tight", "not certified positive",
            (ball(lt(x**2, HALF), (x, 0, 1), assume=UNIT), ball(lt(HALF, exp(-1))), ball(le(0, x), (x, 0, 1), assume=UNIT), ball(le(ln(x), x - 1), (x, HALF, 2), assume=[le(HALF, x), le(x, 2)]),
             ball(lt(HALF - HALF / 8, SHORT), (x, HALF - HALF / 4, 1), assume=[le(HALF - HALF / 4, x), le(x, 1)])),
            (ball(lt(ln(x), x - HALF), (x, HALF, 2), assume=[le(HALF, x), le(x, 2)]), ball(lt(exp(-1), HALF)), ball(lt(HALF - HALF / 2, SHORT), (x, HALF - HALF / 4, 1), assume=[le(HALF - HALF / 4, x), le(x, 1)]))),
    Fallacy("a ball check that forgets a variable", "the box does not bound",
            (ball(lt(x, 2 + y**2), (x, 0, 1), assume=UNIT), ball(lt(x, 2 + p[T] ** 2), (x, 0, 1), assume=UNIT)), (ball(lt(x, 2 + 0 * x), (x, 0, 1), assume=UNIT),)),
    Fallacy("a ball check of a sum of unknown length", "has no value on a box",
            (ball(lt(0, integral(T, 1) + M), (M, 1, 2), assume=[le(1, M), le(M, 2)]),), (ball(lt(0, 1 + M), (M, 1, 2), assume=[le(1, M), le(M, 2)]),)),
    Fallacy("a member without its condition", "may miss the condition",
            (lambda: verdict(le(v, WIDE), Member(WIDE, v), assume=[le(0, v), le(v, 1), le(0, x)]), lambda: verdict(le(v, WIDE), Member(WIDE, v), assume=[le(v**2, x), le(v, 1), le(0, x)]), lambda: verdict(le(v, WIDE), Member(WIDE, v), assume=[le(v**2, x), le(0, v), le(0, x)])),
            (lambda: verdict(le(v, WIDE), Member(WIDE, v), assume=[le(v**2, x), le(0, v), le(v, 1), le(0, x)]), lambda: verdict(le(0, WIDE), Member(WIDE, 0 * v), assume=[le(0, x - v**2), le(0, x)]))),
    Fallacy("an open upper end reached", "may miss the condition",
            (lambda: (lambda s: verdict(le(1, s), Member(s, 1 + 0 * x), assume=[le(0, x)]))(supremum(w, 0, 1, 0 * w, x, open_above=True)),),
            (lambda: (lambda s: verdict(le(1, s), Member(s, 1 + 0 * x), assume=[le(0, x)]))(supremum(w, 0, 1, 0 * w, x)), lambda: (lambda s: verdict(le(HALF, s), Member(s, HALF + 0 * x), assume=[le(0, x)]))(supremum(w, 0, 1, 0 * w, x, open_above=True)))),
    Fallacy("a supremum of an empty set", "supremum's range may",
            (lambda: verdict(le(supremum(w, x, y, w, 1), 5 + x**2), Sign()), lambda: (lambda s: verdict(eq(s, s), Identity()))(supremum(w, 0, 1, w + 1, HALF)), lambda: (lambda s: verdict(eq(s, s), Identity(), assume=[le(x, 0)]))(supremum(w, 0, x, w, 1)),
             lambda: (lambda s: verdict(eq(s, s), Identity(), assume=[le(0, x)]))(supremum(w, 0, x, w, 1, open_above=True))),
            (lambda: (lambda s: verdict(eq(s, s), Identity(), assume=[le(0, x)]))(supremum(w, 0, x, w, 1)), lambda: (lambda s: verdict(eq(s, s), Identity(), assume=[lt(0, x)]))(supremum(w, 0, x, w, 1, open_above=True)))),
    Fallacy("a supremum whose condition means nothing on part of the range", "may",
            (lambda: (lambda s: verdict(eq(s, s), Identity()))(supremum(w, 1, 5, ln(3 - w), 2)), lambda: (lambda s: verdict(eq(s, s), Identity()))(supremum(w, -1, 1, 1 / w, 2)), lambda: (lambda s: verdict(eq(s, s), Identity()))(supremum(w, 0, 1, w, 1 / x))),
            (lambda: (lambda s: verdict(eq(s, s), Identity()))(supremum(w, 1, 5, ln(6 - w), 2)) and (lambda s: verdict(eq(s, s), Identity()))(supremum(w, 1, 2, 1 / w, 2)),)),
    Fallacy("suprema that catch each other's variables", "not identically zero",
            (lambda: (lambda one, two: verdict(eq(supremum(v, 0, 1, one(v), HALF), supremum(v, 0, 1, two(v), HALF)), Identity(), *(s for k, inner in ((1, one), (2, two)) for s in (
                Step(f"member {k}", le(c, HALF), Sign(), conditions(inner(0 * x), c)), Step(f"start {k}", le(inner(0 * x), HALF), Least(f"member {k}", inner(0 * x), c))))))(
                    lambda o: supremum(w, 0, 1, 2 * w - o, 0), lambda o: supremum(w, 0, 1, w, 0)),
             lambda: verdict(eq(supremum(w, 0, 1, w - x, 0), supremum(w, 0, 1, 0 * w, 0)), Identity(), assume=[le(0, x)])),
            (lambda: verdict(eq(supremum(w, 0, 1, w - x, 0), supremum(v, 0, 1, v - x, 0)), Identity(), assume=[le(0, x)]), lambda: verdict(eq(supremum(w, 0, 1, w, x), supremum(x, 0, 1, x, x)), Identity(), assume=[le(0, x)]))),
    Fallacy("a least upper bound with a negative slope", "the slope may be negative",
            (lambda: verdict(le(-WIDE, 0 * x), Least("s", WIDE, v, -1), Step("s", le(-v, 0 * x), Sign(), conditions(WIDE, v)), assume=[le(0, x)]),
             lambda: verdict(le(-maximum(T, p[T]), c), Least("s", maximum(T, p[T]), T, -1), Step("s", le(-p[T], c), Sign()), assume=[le(-c, p[T])])),
            (lambda: verdict(le(2 * WIDE, 2 + 0 * x), Least("s", WIDE, v, 2), Step("s", le(2 * v, 2 + 0 * x), Sign(), conditions(WIDE, v)), assume=[le(0, x)]),)),
    Fallacy("a bound that is not affine in the member", "is not affine in its member",
            (lambda: verdict(le(WIDE, 1 + 0 * x), Least("s", WIDE, v), Step("s", le(v**2, 1 + 0 * x), Sign(), conditions(WIDE, v)), assume=[le(0, x), le(x, 1)]), lambda: verdict(le(WIDE * HALF, 1 + 0 * x), Least("s", WIDE, v, HALF), Step("s", le(v, 1 + 0 * x), Sign(), conditions(WIDE, v)), assume=[le(0, x)])),
            (lambda: verdict(le(WIDE, 1 + 0 * x), Least("s", WIDE, v), Step("s", le(v, 1 + 0 * x), Sign(), conditions(WIDE, v)), assume=[le(0, x)]),)),
    Fallacy("a root taken of a smaller square", "squared may exceed",
            (lambda: verdict(le(a, sqrt(b)), Root(a, b), assume=[le(a, b), le(0, b)]), lambda: verdict(le(a, sqrt(b)), Root(a, b), assume=[le(a**2, 2 * b), le(0, b)])),
            (lambda: verdict(le(a, sqrt(b)), Root(a, b), assume=[le(a**2, b), le(0, b)]),)),
]


@pytest.mark.parametrize("says, argument", judgements(FALLACIES))
def test_false_analysis_is_refused_beside_its_true_neighbour(says, argument):
    hold(says, argument())
