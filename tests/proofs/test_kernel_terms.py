"""Substitution against locally nameless terms, where capture cannot happen; names, keys and types of terms."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import CHANCE, FINITE, J, M, S, T, X, a, b, c, f, m, p, u, v, w, x, y

from spacelib.proofs.kernel import Claim, Family, Space, Term, delta, integral, le, ln, maximum, named, substitute, supremum, term, unfold, var

BINDERS = {"integral": 1, "maximum": 1, "supremum": 3}  # which argument the bound name of argument 0 reaches


def nameless(t: Term, values: dict, bound: tuple = ()):
    """Bound names as their distance to the binder, free names replaced by the nameless form of their values."""
    if t in bound:
        return ("bound", bound.index(t))
    if t in values:
        return nameless(values[t], {})
    if t.op in BINDERS:
        scope, i = BINDERS[t.op], t.args[0]
        space = i.data[1].key if i.op == "index" else ""
        return (t.op, t.data, space, *(nameless(s, values, (i, *bound) if k == scope else bound) for k, s in enumerate(t.args) if k))
    return (t.op, () if t.op == "index" else t.data, t.key if t.op in ("var", "index") else "", *(nameless(s, values, bound) for s in t.args))


def tangled(rng, depth: int) -> Term:
    """A term whose bound names collide with free ones and with each other as often as possible."""
    if depth == 0:
        return rng.choice((x, y, v, w, p[T], p[J], m[J, T], f[S], u[X], delta(J, T), term(2)))
    less = lambda: tangled(rng, depth - 1)
    return rng.choice((lambda: less() + less(), lambda: less() * less(), lambda: integral(rng.choice((J, T, S, X)), less()), lambda: maximum(rng.choice((J, T)), less()),
                       lambda: supremum(rng.choice((v, w, x)), less(), less(), less(), less()), lambda: ln(less()), lambda: named("f(<0>)", (x,), less())))()


@pytest.mark.property
@settings(max_examples=400)
@given(st.integers(0, 2**40))
def test_substitution_captures_nothing(seed):
    rng = random.Random(seed)
    t = tangled(rng, rng.randint(1, 5))
    values = {x: tangled(rng, 2), y: rng.choice((x, v, w, f[S], p[T] * m[J, T])), v: rng.choice((w, x + y)), J: rng.choice((J, T)), T: rng.choice((J, T))}
    values = {k: value for k, value in values.items() if rng.random() < 0.7}
    assert nameless(substitute(t, values), {}) == nameless(t, values)


@pytest.mark.property
@settings(max_examples=200)
@given(st.integers(0, 2**40))
def test_free_names_are_those_that_substitution_reaches(seed):
    t = tangled(random.Random(seed), 4)
    fresh = var("fresh")
    for name in (x, y, v, w):
        assert (fresh in substitute(t, {name: fresh}).free) == (name in t.free)


def test_substitution_is_simultaneous():
    assert substitute(x + 2 * y, {x: y, y: x}) == y + 2 * x


def test_a_bound_name_is_renamed_before_it_catches_a_value():
    caught = substitute(integral(T, p[T] * p[J]), {J: T})
    assert T in caught.free and caught.args[0] != T


def test_terms_are_equal_exactly_when_written_alike():
    assert x + y == x + y and hash(x + y) == hash(x + y)
    assert x + y != y + x and x != term(1) and p[T] != p[J]
    assert len({p[T], f[S], u[X], delta(J, T), x, M}) == 6
    other = Space("Finite", "finite", ("j", "t"), term(5))
    assert other.indices[0] != J and Space("Finite", "measure", ("j",)).indices[0] != J


def test_unfold_removes_every_abbreviation():
    inner = named("b", (), a + b)
    assert unfold(named("f(<0>)", (inner,), inner * 2)) == (a + b) * 2


@pytest.mark.parametrize("wrong, error", [
    (lambda: term(0.5), TypeError), (lambda: term(True), TypeError), (lambda: term("x"), TypeError), (lambda: x**0.5, TypeError), (lambda: x**Fraction(1, 2), TypeError),
    (lambda: p[S], ValueError), (lambda: p[J, T], ValueError), (lambda: m[T, S], ValueError), (lambda: delta(S, S), ValueError), (lambda: delta(J, S), ValueError), (lambda: maximum(X, u[X]), ValueError),
    (lambda: Claim(x, ">", y), ValueError), (lambda: Space("A", "finite", ("j",)), ValueError), (lambda: Space("A", "measure", ("j",), M), ValueError), (lambda: Space("A", "sum", ("j",)), ValueError),
    (lambda: var("2 x").key, ValueError), (lambda: Family("p", (Space("A b", "measure", ("j",)),))[Space("A b", "measure", ("j",)).indices[0]].key, ValueError)])
def test_ill_formed_terms_are_refused(wrong, error):
    with pytest.raises(error):
        wrong()


def test_claims_hold_for_all_their_free_names():
    assert le(integral(T, p[T] * c), f[S]).free == {c, S}
    assert supremum(v, x, 1, v * y, M).free == {x, y, M}
    assert CHANCE.indices[0] == S and FINITE.indices == (J, T)
