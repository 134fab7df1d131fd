"""Derivatives against sympy's; lines recognised; limits of one variable."""

import random
from fractions import Fraction

import flint
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import HALF, T, a, b, c, p, w, x, y, z

from spacelib.proofs.kernel import Model, evaluate, exp, integral, larger, le, ln, lt, maximum, relative, sqrt, supremum, term
from spacelib.proofs.kernel.calculus import affine, derivative, limit
from spacelib.proofs.kernel.context import Fact, context_of
from spacelib.proofs.kernel.evaluate import PRECISION, ball

SYMBOLS = {v.key: sympy.Symbol(v.key, positive=True) for v in (x, y)}
FACTS = [Fact(lt(0, x)), Fact(lt(0, y))]


def rise(rng, depth: int):
    """A smooth positive term in x and y."""
    if depth == 0:
        return rng.choice((x, y, term(HALF), term(2)))
    less = lambda: rise(rng, depth - 1)
    return rng.choice((lambda: less() + less(), lambda: less() * less(), lambda: less() / less(), lambda: less() ** rng.choice((-2, 2, 3)), lambda: sqrt(less()), lambda: exp(ln(1 + less())),
                       lambda: ln(1 + less()), lambda: 5 + relative(less(), less()) ** 2))()


def in_sympy(t) -> sympy.Expr:
    args = [in_sympy(s) for s in t.args]
    return {"num": lambda: sympy.Rational(t.data[0].numerator, t.data[0].denominator), "var": lambda: SYMBOLS[t.key], "add": lambda: args[0] + args[1], "mul": lambda: args[0] * args[1],
            "div": lambda: args[0] / args[1], "pow": lambda: args[0] ** t.data[0], "log": lambda: sympy.log(args[0]), "exp": lambda: sympy.exp(args[0]), "sqrt": lambda: sympy.sqrt(args[0]),
            "relative": lambda: args[0] * sympy.log(args[0] / args[1])}[t.op]()


@pytest.mark.oracle
@settings(max_examples=150)
@given(st.integers(0, 2**40))
def test_derivatives_agree_with_sympy(seed):
    """Two exact derivatives, each evaluated to 40 digits from numbers of modest size: they agree to 1e-20 relative to the larger intermediate (1e6 at most here)."""
    rng = random.Random(seed)
    t = rise(rng, rng.randint(1, 4))
    values = {"x": Fraction(rng.randint(1, 8), rng.randint(3, 5)), "y": Fraction(rng.randint(1, 8), rng.randint(3, 5))}
    theirs = sympy.diff(in_sympy(t), SYMBOLS["x"]).subs({SYMBOLS[k]: sympy.Rational(v.numerator, v.denominator) for k, v in values.items()}).evalf(40)
    size = 1 + abs(float(theirs)) + abs(float(ball(evaluate(t, Model(values)))))
    with flint.ctx.workprec(PRECISION):
        ours = ball(evaluate(derivative(t, x), Model(values)))
        assert abs(ours - ball(str(theirs))) < 1e-20 * size


def test_the_derivative_of_a_finite_sum_goes_inside_and_others_are_refused():
    assert derivative(integral(T, x * p[T]), x).op == "integral"
    for t in (larger(x, 0), maximum(T, x * p[T]), supremum(w, 0, 1, w * x, 1)):
        with pytest.raises(ValueError, match="not known to exist"):
            derivative(t, x)
    assert derivative(maximum(T, p[T]), x) == term(0)


@pytest.mark.parametrize("t, line", [(2 * x + 1, True), (a * x + b, True), ((x**2 - 1) / (x - 1), True), (x**2, False), (x * y, True), (ln(x), False), (1 / x, False), (x * ln(x), False), (x - x, True)])
def test_lines_are_recognised(t, line):
    context = context_of([Fact(lt(1, x))])
    form = affine(context.lower(t), x)
    assert (form is not None) == line
    if line:
        slope, rest = form
        assert (slope * context.lower(x) + rest - context.lower(t)).zero and not any(x in s.free for s in slope.atoms | rest.atoms)


@pytest.mark.parametrize("t, to, side, value", [
    (x * ln(x), 0, "+", 0), (1 / x, sympy.oo, "-", 0), ((exp(x) - 1) / x, 0, "+", 1), (x**2 * exp(-x) + 3, sympy.oo, "-", 3), (ln(1 + x) / x, 0, "+", 1), (sqrt(x), 4, "-", 2)])
def test_limits_of_one_variable(t, to, side, value):
    context = context_of(FACTS)
    assert limit(context.lower(t), x, to, side, context, {}) == value


@pytest.mark.parametrize("t, to, says", [
    (1 / x, 0, "no finite limit"), (1 / (1 + z * x), sympy.oo, "parameter z"), (exp(-z * x), sympy.oo, "parameter z"), (larger(x, 1), 0, "larger depends on x"),
    (x * larger(1 / x, 2), 0, "larger depends on x"), (x * maximum(T, p[T] / x), 0, "maximum depends on x"), (exp(-larger(x, 1)), 0, "larger depends on x"), (x * supremum(w, 0, 1, w * x, 1), 0, "supremum depends on x")])
def test_limits_that_are_not_taken(t, to, says):
    context = context_of([*FACTS, Fact(le(0, z))])
    with pytest.raises(ValueError, match=says):
        limit(context.lower(t), x, to, "+", context, {})


def test_coefficients_stay_outside_a_limit():
    context, symbols = context_of([*FACTS, Fact(le(0, c))]), {}
    reached = limit(context.lower(c * (1 + 1 / x) + y), x, sympy.oo, "-", context, symbols)
    assert sympy.cancel(reached - symbols["c"] - symbols["y"]) == 0
