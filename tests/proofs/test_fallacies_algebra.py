"""False algebra: meaningless quotients, logarithms and roots, unknown signs, strictness, equality from inequality."""

import pytest
from verdicts import HALF, J, M, S, T, X, Fallacy, a, b, c, f, hold, judgements, p, q, u, verdict, x, y, z

from spacelib.proofs.kernel import (Combination, Identity, Sign, Step, delta, dominated, eq, exp, integral, larger, le, ln, lt, maximum, relative,
                                    sqrt)
from spacelib.proofs.words import kl


def identity(claim, *assume, **more):
    return lambda: verdict(claim, Identity(), assume=assume, **more)


def sign(claim, *assume, **more):
    return lambda: verdict(claim, Sign(), assume=assume, **more)


def combined(claim, parts, *assume):
    return lambda: verdict(claim, Combination(parts), assume=assume)


POSITIVE, NONNEGATIVE = lt(0, x), le(0, x)

FALLACIES = [
    Fallacy("a number over itself is one", "a denominator may be zero",
            (identity(eq(x / x, 1)), identity(eq(x / x, 1), NONNEGATIVE), identity(eq((x - y) / (x - y), 1), le(y, x)),
             identity(eq(x * (1 / x), 1), le(x, 5)), sign(le(0, x / x))),
            (identity(eq(x / x, 1), POSITIVE), identity(eq((x - y) / (x - y), 1), lt(y, x)), identity(eq(x / x, 1), lt(x, 0)), identity(eq(x / (1 + x**2), x / (1 + x**2))))),
    Fallacy("a cancelled factor", "a denominator may be zero",
            (identity(eq((x**2 - 1) / (x - 1), x + 1)), identity(eq((x**2 - y**2) / (x - y), x + y)), identity(eq((x**3 - 1) / (x - 1), x**2 + x + 1), le(1, x))),
            (identity(eq((x**2 - 1) / (x - 1), x + 1), lt(1, x)), identity(eq((x**2 - 1) / (x + 1), x - 1), NONNEGATIVE))),
    Fallacy("a base with a negative exponent", "negative exponent may be zero",
            (identity(eq(x**-2 * x**2, 1)), sign(le(0, x**-2)), sign(le(0, x**-2), NONNEGATIVE)),
            (identity(eq(x**-2 * x**2, 1), POSITIVE), sign(lt(0, x**-2), POSITIVE))),
    Fallacy("a logarithm of what may be nonpositive", "the argument of a logarithm may be nonpositive",
            (identity(eq(ln(x), ln(x))), identity(eq(ln(x**2), 2 * ln(x))), identity(eq(ln(x * y), ln(x) + ln(y)), lt(0, x * y)), identity(eq(ln(x), ln(x)), NONNEGATIVE),
             identity(eq(exp(ln(x)), x)), sign(le(0, 0 * ln(x)))),
            (identity(eq(ln(x), ln(x)), POSITIVE), identity(eq(ln(x**2), 2 * ln(x)), POSITIVE), identity(eq(ln(x * y), ln(x) + ln(y)), POSITIVE, lt(0, y)),
             identity(eq(exp(ln(x)), x), POSITIVE))),
    Fallacy("zero times the logarithm of zero", "the argument of a logarithm may be nonpositive",
            (identity(eq(x * ln(x), 0), eq(x, 0)), identity(eq(x * ln(x), relative(x, 1)), NONNEGATIVE), identity(eq(integral(T, p[T] * ln(p[T])), integral(T, relative(p[T], 1))), le(0, p[T]))),
            (identity(eq(relative(x, 1), 0), eq(x, 0)), identity(eq(x * ln(x), relative(x, 1)), POSITIVE))),
    Fallacy("x ln(x/y) where y vanishes and x does not", "y may vanish where x does not",
            (identity(eq(relative(x, y), relative(x, y)), NONNEGATIVE, le(0, y)), sign(le(0, relative(x, y)), le(1, x), eq(y, 0)), identity(eq(relative(p[T], q[T]), relative(p[T], q[T])), le(0, p[T]), le(0, q[T])),
             identity(eq(relative(x, 0), 0), NONNEGATIVE)),
            (identity(eq(relative(x, y), relative(x, y)), NONNEGATIVE, le(0, y), dominated(x, y)), identity(eq(relative(x, y), x * ln(x / y)), POSITIVE, lt(0, y)),
             identity(eq(relative(x, 0), 0), eq(x, 0)))),
    Fallacy("what vanishes nowhere dominated by what may", "the sign of the difference is undecided",
            (sign(dominated(1, 0)), sign(dominated(x, y - y)), sign(dominated(1, y)), lambda: verdict(dominated(1, y), Sign(), Step("empty", dominated(0, y), Sign())),
             lambda: verdict(dominated(1, y), Sign(), assume=[dominated(z, y), eq(z, 0)]), sign(dominated(x, x + y)), sign(dominated(x, x + y), NONNEGATIVE)),
            (sign(dominated(0, y)), sign(dominated(x * y, y)), sign(dominated(x, x + y), NONNEGATIVE, le(0, y)), sign(dominated(1, y), lt(0, y)), sign(dominated(z * x, z * y), dominated(x, y)))),
    Fallacy("a root undone", "square root may be negative",
            (identity(eq(sqrt(x)**2, x)), identity(eq(sqrt(x) * sqrt(x), x), lt(-1, x)), identity(eq(sqrt(x - y) ** 2, x - y), NONNEGATIVE)),
            (identity(eq(sqrt(x)**2, x), NONNEGATIVE), identity(eq(sqrt(x - y) ** 2, x - y), le(y, x)))),
    Fallacy("the root of a square", "not identically zero",
            (identity(eq(sqrt(x**2), x)), identity(eq(sqrt(x**2), x), le(-1, x)), identity(eq(sqrt((x - y) ** 2), x - y), NONNEGATIVE, le(0, y)), identity(eq(sqrt(x**2), x), le(x, 0))),
            (identity(eq(sqrt(x**2), x), NONNEGATIVE), identity(eq(sqrt((x - y) ** 2), x - y), le(y, x)))),
    Fallacy("a root split over factors of unknown sign", "square root may be negative",
            (identity(eq(sqrt(x * y), sqrt(x) * sqrt(y)), le(0, x * y)), identity(eq(sqrt(x / y), sqrt(x) / sqrt(y)), lt(0, x * y), lt(y, 0))),
            (identity(eq(sqrt(x * y), sqrt(x) * sqrt(y)), NONNEGATIVE, le(0, y)), identity(eq(sqrt(4 * x), 2 * sqrt(x)), NONNEGATIVE))),
    Fallacy("the domain narrowed in silence", "the sign of the difference is undecided",
            (sign(le(0, x)), sign(le(0, x**3)), sign(le(x, x**2)), sign(lt(0, x**2)), sign(le(x, x**2), NONNEGATIVE), sign(le(0, p[T]), le(0, q[T]))),
            (sign(le(0, x**3), NONNEGATIVE), sign(le(x, x**2), le(1, x)), sign(lt(0, x**2), lt(x, 0)), sign(le(0, p[T]), le(0, p[J])))),
    Fallacy("an inequality multiplied by what has no known sign", "has no known nonnegative sign",
            (combined(le(a * x, a * y), ((a, "h0"),), le(x, y)), combined(le(a * x, a * y), ((a, "h0"),), le(x, y), le(-1, a)), combined(le(y, x), ((-1, "h0"),), le(x, y)),
             combined(le((a - b) * x, (a - b) * y), ((a - b, "h0"),), le(x, y), le(0, a), le(0, b)), combined(le(0, -y), ((-2, "h0"), (1, "h1")), le(0, y), le(0, y * 1 + a * 0))),
            (combined(le(a * x, a * y), ((a, "h0"),), le(x, y), le(0, a)), combined(le(a**2 * x, a**2 * y), ((a**2, "h0"),), le(x, y)),
             combined(eq(a * x, a * y), ((a, "h0"),), eq(x, y)), combined(le(-y, b - x), ((1, "h0"), (1, "h1")), le(x, y), le(0, b)))),
    Fallacy("a multiplier that may mean nothing", "a denominator may be zero",
            (combined(le(x, y), ((1 / a, "h0"),), le(a * x, a * y), le(0, a)), combined(eq(x, y), ((1 / a, "h0"),), eq(a * x, a * y)), combined(eq(x, y), ((1 / (a - b), "h0"),), eq(a * x - b * x, a * y - b * y), le(a, b))),
            (combined(le(x, y), ((1 / a, "h0"),), le(a * x, a * y), lt(0, a)), combined(eq(x, y), ((1 / a, "h0"),), eq(a * x, a * y), lt(a, 0)))),
    Fallacy("strict from non-strict", "a strict claim needs a strict part",
            (combined(lt(2 * x, 2 * y + a), ((2, "h0"), (1, "h1")), le(x, y), le(0, a)), combined(lt(a * x, a * y), ((a, "h0"),), lt(x, y), le(0, a)), combined(lt(x, z), ((1, "h0"), (1, "h1")), le(x, y), le(y, z)),
             combined(lt(x, z), ((1, "h0"), (1, "h1"), (0, "h2")), le(x, y), le(y, z), lt(0, b))),
            (combined(lt(x, z), ((1, "h0"), (1, "h1")), le(x, y), lt(y, z)), combined(lt(a * x, a * y), ((a, "h0"),), lt(x, y), lt(0, a)))),
    Fallacy("an equality from inequalities", "it cannot give an equality",
            (combined(eq(x, z), ((1, "h0"), (1, "h1")), le(x, y), le(y, z)), combined(eq(x, y), ((1, "h0"),), le(2 * x, 2 * y + x - y)), combined(eq(x, z), ((1, "h0"), (1, "h1")), eq(x, y), lt(y, z))),
            (combined(eq(x, z), ((1, "h0"), (1, "h1")), eq(x, y), eq(y, z)), combined(eq(x, z), ((-1, "h0"), (1, "h1")), eq(y, x), eq(y, z)), sign(eq(x, y), le(x, y), le(y, x)))),
    Fallacy("an identity from an inequality", "an identity proves only an equality",
            (identity(le(x, x)), identity(lt(0, x), POSITIVE), identity(dominated(x, x))),
            (identity(eq(x + y, y + x)), sign(le(x, x)), sign(dominated(x, x)))),
    Fallacy("a combination that misses", "the combination misses the claim",
            (combined(le(x, y), ((1, "h0"),), le(x, 2 * y)), combined(le(x, z), ((1, "h0"),), le(x, y), le(y, z)), combined(le(x**2, y**2), ((x, "h0"),), le(x, y), le(0, x))),
            (combined(le(x, z), ((1, "h0"), (1, "h1")), le(x, y), le(y, z)), combined(le(x**2, y**2), ((x, "h0"), (y, "h0")), le(x, y), le(0, x), le(0, y)))),
    Fallacy("an identity at one size only", "not identically zero",
            (identity(eq(integral(T, c), 2 * c)), identity(eq(integral((J, T), c), 4 * c)), identity(eq(integral(T, delta(J, T)) + 1, M)), identity(eq(integral(T, p[T]) ** 2, integral(T, p[T] ** 2))),
             identity(eq(integral((J, T), p[J] * p[T]), M * integral(T, p[T] ** 2)))),
            (identity(eq(integral(T, c), M * c)), identity(eq(integral((J, T), c), M**2 * c)), identity(eq(integral(T, delta(J, T)) + 1, 2)), identity(eq(integral((J, T), p[J] * p[T]), integral(T, p[T]) ** 2)),
             identity(eq(integral(T, c), 2 * c), eq(M, 2)))),
    Fallacy("an identity at integers only", "not identically zero",
            (identity(eq(x * (x - 1) * (x - 2), 0)), identity(eq(x**2, x)), identity(eq(x**2, x), le(0, x), le(x, 1)), identity(eq(delta(J, T) * 2, delta(J, T) ** 2))),
            (identity(eq(delta(J, T) ** 2, delta(J, T))), identity(eq(p[T] ** 2 * 1, p[T] * p[T])), combined(eq(x * (x - 1) * (x - 2), 0), ((x - 2, "h0"),), eq(x * (x - 1), 0)))),
    Fallacy("a difference with a delta in the denominator", "not identically zero",
            (identity(eq(integral(J, 1 / (1 + delta(J, T))), HALF)), identity(eq(integral(J, p[J] / (2 - delta(J, T))), p[T])), identity(eq(integral(J, delta(J, T) / (1 + delta(J, T))), integral(J, delta(J, T))))),
            (identity(eq(integral(J, delta(J, T) / (1 + delta(J, T))), HALF)), identity(eq(integral(J, delta(J, T) * p[J]), p[T])), identity(eq(integral(J, 1 - delta(J, T)), M - 1)))),
    Fallacy("the divergence with its arguments exchanged", "not identically zero",
            (identity(eq(kl(x, y), kl(y, x)), POSITIVE, lt(x, 1), lt(0, y), lt(y, 1)), identity(eq(relative(x, y), -relative(y, x)), POSITIVE, lt(0, y)), identity(eq(kl(x, y), kl(1 - x, y)), POSITIVE, lt(x, 1), lt(0, y), lt(y, 1))),
            (identity(eq(kl(x, y), kl(1 - x, 1 - y)), POSITIVE, lt(x, 1), lt(0, y), lt(y, 1)), identity(eq(relative(x, y), -x / y * relative(y, x)), POSITIVE, lt(0, y)))),
    Fallacy("a value of the logarithm at zero", "the sign of the difference is undecided",
            (sign(lt(relative(x, 1), 0), NONNEGATIVE, lt(x, 1)), sign(le(0, relative(x, 1)), NONNEGATIVE), sign(le(relative(x, 1), 0), NONNEGATIVE),
             sign(lt(relative(1 - x, 1), 0), NONNEGATIVE, le(x, 1))),
            (sign(le(relative(x, 1), 0), NONNEGATIVE, le(x, 1)), sign(lt(relative(x, 1), 0), POSITIVE, lt(x, 1)), identity(eq(relative(2 * x, 1), 2 * relative(x, 1) + 2 * x * ln(2)), NONNEGATIVE))),
    Fallacy("equalities rewritten in a circle", "not identically zero",
            (identity(eq(x, z), eq(x, y), eq(y, x)), identity(eq(x, 0), eq(x, 2 * y - x), eq(y, 2 * x - y)), identity(eq(p[T], q[J]), eq(p[T], q[T]), eq(q[T], p[T]))),
            (identity(eq(x, z), eq(x, y), eq(y, z)), identity(eq(x, z), eq(y, x), eq(z, y)), identity(eq(p[T], c), eq(p[T], q[T]), eq(q[T], c)))),
    Fallacy("equal at one index, equal at another", "not identically zero",
            (identity(eq(p[T], p[J])), identity(eq(integral(T, p[T] * q[T]), p[J] * integral(T, q[T]))), identity(eq(maximum(T, p[T]), p[J])), identity(eq(delta(J, T), 1))),
            (identity(eq(p[T], p[J]), eq(p[T], c)), identity(eq(integral(T, p[J] * q[T]), p[J] * integral(T, q[T]))), identity(eq(maximum(T, p[J]), p[J])), identity(eq(delta(J, J), 1)))),
    Fallacy("the larger of two is the first", "not identically zero",
            (identity(eq(larger(x, y), x)), identity(eq(larger(x, y), x), NONNEGATIVE), identity(eq(larger(x, y) + larger(y, x), x + y))),
            (identity(eq(larger(x, y), x), le(y, x)), identity(eq(larger(x, y), larger(y, x))), sign(le(0, larger(x, y)), NONNEGATIVE, le(0, y)))),
    Fallacy("a measure taken for a probability", "not identically zero",
            (identity(eq(integral(X, c), c)), identity(eq(integral(X, 1), 1)), identity(eq(integral(X, c + u[X]), c + integral(X, u[X]))), identity(eq(integral(X, c), c), le(0, integral(X, 1)))),
            (identity(eq(integral(S, c), c)), identity(eq(integral(S, c + f[S]), c + integral(S, f[S]))), identity(eq(integral(X, c), c), eq(integral(X, 1), 1)))),
]


@pytest.mark.parametrize("says, argument", judgements(FALLACIES))
def test_false_algebra_is_refused_beside_its_true_neighbour(says, argument):
    hold(says, argument())
