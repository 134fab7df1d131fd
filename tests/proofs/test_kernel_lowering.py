"""The normal form keeps the value, and what the kernel says of a term holds in every random model of the facts."""

import random
import sys
from contextlib import contextmanager

import pytest
from hypothesis import assume, given, reject, settings
from hypothesis import strategies as st
from random_terms import FACTS, PINNED, anything, model, nonnegative, positive
from verdicts import x, y

from spacelib.proofs.kernel import Claim, evaluate, le, ln, lt, relative, truth
from spacelib.proofs.kernel.context import Fact, context_of
from spacelib.proofs.kernel.evaluate import Q, Undecided, ball, compare
from spacelib.proofs.kernel.obligations import undischarged
from spacelib.proofs.kernel.polynomials import to_term

pytestmark = pytest.mark.property
SEEDS = st.integers(0, 2**40)
numbers = sys.modules["spacelib.proofs.kernel.evaluate"]  # the package's name `evaluate` is the function
PLACES = (FACTS, FACTS + PINNED)


@contextmanager
def refusals():
    """A part that is identically zero under a logarithm, beside a vanishing factor, is refused by the checkers: nothing to compare."""
    try:
        yield
    except ZeroDivisionError:
        reject()


@contextmanager
def total_logarithm(at_zero: int):
    """The reading under which normal forms are identities: ln|.|, with ln 0 beside a vanishing factor only, so whatever it is taken to be."""
    log = numbers._log
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(numbers, "_log", lambda a: Q(at_zero) if isinstance(a, Q) and a == 0 else log(-a if compare(a, Q(0)) == -1 else a))
        yield


def overlap(a, b) -> bool:
    """Can two certified values be the same number? Exact ones must be equal."""
    return a == b if isinstance(a, Q) and isinstance(b, Q) else ball(a).overlaps(ball(b))


@settings(max_examples=400)
@given(SEEDS, st.sampled_from((0, 1)))
def test_lowering_keeps_the_value(seed, place):
    rng = random.Random(seed)
    t = anything(rng, rng.randint(1, 4))
    with refusals():
        lowered = to_term(context_of(PLACES[place]).lower(t))
    for _ in range(3):
        values, where = model(rng)
        try:
            written = evaluate(t, values, where)
        except Undecided:
            continue
        for at_zero in (0, 17):
            try:
                with total_logarithm(at_zero):
                    normal = evaluate(lowered, values, where)
            except Undecided:
                continue
            assert overlap(written, normal), (t.key, lowered.key)


@settings(max_examples=300)
@given(SEEDS, st.sampled_from((0, 1)), st.booleans())
def test_a_sign_is_never_contradicted(seed, place, hard):
    rng = random.Random(seed)
    t = rng.choice((anything, nonnegative, positive))(rng, rng.randint(1, 3))
    context = context_of(PLACES[place])
    with refusals():
        signs = context.sign(context.lower(t), hard)
    for _ in range(4):
        values, where = model(rng)
        try:
            certain = compare(evaluate(t, values, where), Q(0))
        except Undecided:
            continue
        assert certain is None or certain in signs, (t.key, signs)


@settings(max_examples=300)
@given(SEEDS, st.sampled_from((0, 1)), st.sampled_from(("<=", "<", "==", "<<")))
def test_what_holds_is_true(seed, place, rel):
    rng = random.Random(seed)
    lhs, rhs = (rng.choice((anything, nonnegative, positive))(rng, rng.randint(0, 2)) for _ in range(2))
    claim = Claim(lhs, rel, rng.choice((rhs, lhs + nonnegative(rng, 2), lhs * positive(rng, 1))))
    with refusals():
        assume(context_of(PLACES[place]).holds(claim))
    for _ in range(5):
        values, where = model(rng)
        try:
            assert truth(claim, values, where) is not False, claim.key
        except Undecided:
            pass


@settings(max_examples=400)
@given(SEEDS, st.sampled_from((0, 1)))
def test_what_is_discharged_is_defined(seed, place):
    rng = random.Random(seed)
    inside = anything(rng, rng.randint(0, 2))
    t = rng.choice((lambda: ln(inside), lambda: 1 / inside, lambda: inside**-2, lambda: relative(inside, anything(rng, 1)), lambda: relative(nonnegative(rng, 1), nonnegative(rng, 1))))()
    context = context_of(PLACES[place])
    assume(undischarged(le(t, t), context, PLACES[place]) is None)
    for _ in range(5):
        values, where = model(rng)
        try:
            evaluate(t, values, where)
        except Undecided:
            pass


@pytest.mark.parametrize("at_zero", [0, -3, 17])
def test_the_logarithm_of_zero_multiplies_zero_only(at_zero):
    """relative(x, 1) becomes x ln x; at x = 0 it must vanish whatever ln 0 is taken to be, and no sign of ln x may be used there."""
    context = context_of([FACTS[0]])
    assert context.sign(context.lower(relative(x, 1))) == {-1, 0, 1}
    below_one = context_of([FACTS[0], Fact(lt(x, 1))])
    assert below_one.sign(below_one.lower(ln(x))) == {-1, 0}
    values, _ = model(random.Random(1))
    values.variables["x"] = 0
    assert evaluate(relative(x, 1), values) == 0
    lowered = to_term(context.lower(relative(2 * x, y)))
    with total_logarithm(at_zero):
        assert evaluate(lowered, values) == 0
