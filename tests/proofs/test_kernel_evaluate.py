"""Certified values against mpmath, the supremum against the certified inverses, and what `truth` says."""

import random
from fractions import Fraction

import flint
import mpmath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_terms import anything, model
from verdicts import CHANCE, FINITE, HALF, J, M, S, T, X, f, m, p, theorem, u, v, w, x, y

from spacelib import bounds
from spacelib.proofs.kernel import Model, Undefined, dominated, eq, evaluate, integral, larger, le, ln, lt, maximum, relative, satisfies, sqrt, supremum, truth
from spacelib.proofs.kernel.evaluate import PRECISION, Undecided, ball, compare
from spacelib.proofs.kernel.mutants import settled
from spacelib.proofs.words import inverse_first, inverse_second

DIGITS = 60


def in_mpmath(t, values: Model, env: dict):
    """A second evaluator: 60-digit numbers, no intervals."""
    def at(s, more=None):
        return in_mpmath(s, values, env | (more or {}))

    def number(q):
        return mpmath.mpf(Fraction(q).numerator) / Fraction(q).denominator

    if t.op in ("integral", "maximum"):
        i, body = t.args
        weights = values.spaces[i.data[1].name]
        parts = [(1 if i.data[1].kind == "finite" else number(c)) * at(body, {i: k}) if t.op == "integral" else at(body, {i: k}) for k, c in enumerate(weights)]
        return mpmath.fsum(parts) if t.op == "integral" else max(parts)
    if t.op == "num":
        return number(t.data[0])
    if t.op == "var":
        return number(values.variables[t.data[0]])
    if t.op == "member":
        return number(values.families[t.data[0]][tuple(env[i] for i in t.args)])
    if t.op == "delta":
        return mpmath.mpf(env[t.args[0]] == env[t.args[1]])
    a = [at(s) for s in t.args]
    return {"add": lambda: a[0] + a[1], "mul": lambda: a[0] * a[1], "div": lambda: a[0] / a[1], "pow": lambda: a[0] ** t.data[0], "log": lambda: mpmath.log(a[0]), "exp": lambda: mpmath.exp(a[0]),
            "sqrt": lambda: mpmath.sqrt(abs(a[0])), "larger": lambda: max(a), "relative": lambda: a[0] * mpmath.log(a[0] / a[1]) if a[0] > 0 else mpmath.mpf(0)}[t.op]()


@pytest.mark.oracle
@settings(max_examples=300)
@given(st.integers(0, 2**40))
def test_values_contain_those_of_mpmath(seed):
    """Balls are certified. mpmath's 60 digits carry an error of at most 1e-60 x condition; 1e-40 x size leaves room for a condition of 1e20."""
    rng = random.Random(seed)
    t = anything(rng, rng.randint(1, 4))
    values, where = model(rng)
    try:
        ours = ball(evaluate(t, values, where))
    except Undecided:
        return
    with mpmath.workdps(DIGITS), flint.ctx.workprec(4 * DIGITS):
        theirs = in_mpmath(t, values, where)
        slack = flint.arb(0, mpmath.nstr((1 + abs(theirs)) * mpmath.mpf(10) ** -40, 5))
        assert ours.overlaps(flint.arb(mpmath.nstr(theirs, DIGITS)) + slack), t.key


@settings(max_examples=60)
@given(st.integers(0, 2**40))
def test_a_model_that_keeps_values_gives_the_same_ones(seed):
    rng = random.Random(seed)
    values, where = model(rng)
    kept = settled(values)
    for t in (anything(rng, rng.randint(1, 4)) for _ in range(4)):
        t = integral(J, t * t) + t  # the same parts under a bound index, at other points than outside, and again outside
        expected = valued(t, values, where)
        assert valued(t, kept, where) == expected and valued(t, kept, where) == expected, t.key
    assert kept.kept


def valued(t, values: Model, where: dict) -> str:
    try:
        return repr(evaluate(t, values, where))
    except Undefined as error:
        return repr(error)


@pytest.mark.oracle
@pytest.mark.parametrize("term_of, number_of", [(inverse_first, bounds.inverse_first), (inverse_second, bounds.inverse_second)])
def test_the_supremum_encloses_the_inverse(term_of, number_of):
    """The library's inverse is at or above the root, by a few ulp of numbers below one at most: eight ulp, 8 x 2^-53, is the slack above the enclosure."""
    rng, narrow = random.Random(3), 0
    for _ in range(40):
        base, budget = Fraction(rng.randint(1, 63), 64), Fraction(rng.randint(0, 96), 64)
        enclosure = ball(evaluate(term_of(x, y), Model({"x": base, "y": budget})))
        above = Fraction(number_of(float(base), float(budget), side="upper"))
        with flint.ctx.workprec(PRECISION):
            value = ball(flint.fmpq(above.numerator, above.denominator))
            assert value >= enclosure.lower() and value <= enclosure.upper() + flint.arb(2) ** -50
            narrow += enclosure.upper() - enclosure.lower() < flint.arb(2) ** -30
    assert narrow >= 30  # near 1 an enclosure may stay wide; it may not always


@pytest.mark.parametrize("low, high, budget, least, most", [((0, 0), (1, 1), (HALF, HALF), HALF, HALF), ((0, 0), (HALF / 2, 1), (HALF, HALF), HALF / 2, HALF), ((0, HALF / 2), (1, 1), (HALF, 1), HALF, 1),
                                                               ((0, 0), (HALF / 2, HALF * 3 / 2), (HALF * 5 / 4, HALF * 5 / 4), HALF / 2, HALF * 5 / 4)])
def test_a_supremum_of_uncertain_ends_encloses_every_case(low, high, budget, least, most):
    def between(ends):
        with flint.ctx.workprec(PRECISION):
            a, b = (flint.arb(flint.fmpq(Fraction(e).numerator, Fraction(e).denominator)) for e in ends)
            return a.union(b)

    found = ball(evaluate(supremum(w, x, y, w, v), Model({"x": between(low), "y": between(high), "v": between(budget)})))
    for end in (least, most):
        assert found.overlaps(flint.arb(flint.fmpq(Fraction(end).numerator, Fraction(end).denominator)))


def test_a_supremum_sees_members_beyond_a_gap():
    gap = (w - HALF / 2) * (w - HALF) * (w - HALF * 3 / 2)  # at most 0 on [0, 1/4] and [1/2, 3/4]
    found = ball(evaluate(supremum(w, 0, 1, gap, 0), Model()))
    assert found.overlaps(flint.arb(0.75))


def test_a_supremum_over_nothing_is_undefined():
    for t in (supremum(w, 0, 1, w + 1, HALF), supremum(w, 1, 0, w, 5)):
        with pytest.raises(Undefined):
            evaluate(t, Model())


@pytest.mark.parametrize("t", [1 / (x - x), ln(x - 2), ln(x - 1), sqrt(x - 2), (x - 1) ** -1, relative(x, x - 1), relative(x - 2, x), relative(x - x, x - 2)])
def test_what_means_nothing_is_undefined(t):
    with pytest.raises(Undefined):
        evaluate(t, Model({"x": 1}))


@pytest.mark.parametrize("t, value", [(relative(x - 1, x), 0), (relative(x - 1, x - 1), 0), (x**0, 1), (0 * x, 0), (larger(x, 3), 3), (sqrt(x - 1), 0), (ln(x), 0)])
def test_exact_values_stay_exact(t, value):
    assert evaluate(t, Model({"x": 1})) == value and isinstance(evaluate(t, Model({"x": 1})), flint.fmpq)


POINTS = Model({"M": 2, "x": 1}, {"p": {(0,): 0, (1,): 1}, "m": {(j, t): j for j in range(2) for t in range(2)}, "u": {(0,): 2}, "f": {(0,): 1, (1,): 2}},
               {"Finite": [1, 1], "Omega": [3], "Chance": [HALF, HALF]})


@pytest.mark.parametrize("claim, said", [
    (le(0, p[T]), True), (lt(0, p[T]), False), (eq(p[T], 1), False), (eq(integral(T, p[T]), 1), True), (dominated(p[T], p[T]), True), (dominated(p[T] + 1, p[T]), False), (eq(integral(X, u[X]), 6), True),
    (eq(integral(S, f[S]), Fraction(3, 2)), True), (eq(maximum(T, p[T]), 1), True), (eq(sqrt(x + 1) ** 2, 2), None), (le(ln(x + 1), ln(x + 1)), None), (lt(ln(x + 1), 1), True), (eq(m[J, T], m[T, J]), False), (eq(m[T, T], p[T]), True)])
def test_truth_at_every_point_of_the_free_indices(claim, said):
    assert truth(claim, POINTS) is said


def test_truth_under_assumptions_looks_only_where_they_hold():
    assert truth(lt(0, p[T]), POINTS, given=(eq(p[T], 1),)) is True
    assert truth(eq(p[T], 5), POINTS, given=(lt(1, p[T]),)) is True  # nowhere
    assert truth(lt(0, p[T]), POINTS, {T: 0}) is False
    assert truth(lt(0, p[J]), POINTS, given=(eq(p[T], 1),)) is False  # J is any point still


@pytest.mark.parametrize("spaces", [{"Finite": [1]}, {"Finite": [1, 1, 1]}, {"Finite": []}, {"Chance": [1, 1]}, {"Chance": [2, -1]}, {"Omega": [-1]}])
def test_a_model_whose_spaces_are_not_what_they_are_called_meets_no_hypotheses(spaces):
    stated = theorem(le(0, integral((T, X, S), p[T] * u[X] * f[S])), assume=[le(0, 1 + p[T] * 0 + u[X] * 0 + f[S] * 0)])
    assert {s.name for s in stated.spaces} == {FINITE.name, CHANCE.name, "Omega"} and M in stated.variables
    assert satisfies(stated, POINTS)
    families = {"p": {(k,): 1 for k in range(3)}, "u": {(0,): 1}, "f": {(k,): 1 for k in range(2)}}
    assert not satisfies(stated, Model({"M": 2}, families, POINTS.spaces | spaces))


def test_comparison_of_overlapping_balls_is_undecided():
    third = ball(1) / 3
    assert compare(third, third) is None and compare(third, flint.fmpq(1)) == -1 and compare(flint.fmpq(1), flint.fmpq(1)) == 0
