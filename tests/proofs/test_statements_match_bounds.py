"""One formula, two forms: each statement of the kernel, lowered to numbers, equals the library's function on a random grid.

The kernel's value is a certified ball of relative width below 2^-90. The library works in float64 with unit roundoff u = 2^-53;
`tolerance` bounds what its operations may lose on these numbers.
"""

import math
import random
from fractions import Fraction

import flint
import pytest

from spacelib import bounds, proofs
from spacelib.proofs.capacity import readings
from spacelib.proofs.kernel import Model, Term, conditions, evaluate, truth, unfold, var
from spacelib.proofs.kernel.evaluate import PRECISION, ball
from spacelib.proofs.words import F_LATEX, G_LATEX, KL_LATEX, inverse_first, inverse_second, kl

pytestmark = pytest.mark.oracle
U = 2.0**-53
POINTS = 60
p, q, c, M, e, a = var("p", "q", "c", "M", "e", "A")


def within(value: float, term: Term, values: dict, tolerance: float, spaces: dict | None = None) -> bool:
    """Does the float lie within the tolerance of the certified value? The floats are the very rationals that the term is given."""
    with flint.ctx.workprec(PRECISION):
        exact = ball(evaluate(term, Model(values, {}, spaces or {})))
        distance = abs(ball(flint.fmpq(Fraction(value).numerator, Fraction(value).denominator)) - exact)
        assert term.op == "supremum" or exact.rad() < 2.0**-90 * (1 + abs(exact)).upper()
        return bool(distance.lower() <= tolerance)


def at_or_above(value: float, term: Term, values: dict) -> bool:
    with flint.ctx.workprec(PRECISION):
        return bool(ball(flint.fmpq(Fraction(value).numerator, Fraction(value).denominator)) >= ball(evaluate(term, Model(values))).lower())


def grid(seed: int, *ranges: tuple[float, float]):
    """Random floats, some of them powers of two close to the lower end."""
    rng = random.Random(seed)
    for _ in range(POINTS):
        yield tuple(low + (high - low) * (rng.random() if rng.random() < 0.8 else 2.0 ** -rng.randint(2, 20)) for low, high in ranges)


def spoken(name: str, latex: str) -> Term:
    """The only abbreviation of that look in a theorem's statement."""
    todo, found = [proofs.THEOREMS[name].statement.lhs, proofs.THEOREMS[name].statement.rhs], {}
    while todo:
        t = todo.pop()
        if t.op == "named" and t.data[0] == latex:
            found[t.key] = t
        todo += t.args[1:] if t.op == "named" else t.args
    (only,) = found.values()
    return only


def test_the_binary_divergence():
    """kl is documented to a relative 30 u; a smallest normal number more where it vanishes."""
    for x, y in grid(1, (0, 1), (0, 1)):
        if 0 < y < 1:
            value = bounds.kl(x, y)
            assert within(value, kl(p, q), {"p": Fraction(x), "q": Fraction(y)}, 30 * U * value + 1e-300)


@pytest.mark.parametrize("latex, name", [(KL_LATEX, "pinsker"), (KL_LATEX, "kl_nonnegative"), (KL_LATEX, "kl_entropy_bound")])
def test_theorems_speak_of_the_same_divergence(latex, name):
    for x, y in grid(2, (0, 1), (0.001, 1)):
        value = bounds.kl(x, y)
        if y < 1:
            assert within(value, spoken(name, latex), {"p": Fraction(x), "q": Fraction(y)}, 30 * U * value + 1e-300)


@pytest.mark.parametrize("term_of, number_of, base", [(inverse_first, bounds.inverse_first, "q"), (inverse_second, bounds.inverse_second, "p")])
def test_the_inverses(term_of, number_of, base):
    """Never below the root, and above by a few ulp of a number below one: 16 u below it is a member of the set, 16 u above it none."""
    for start, budget in grid(3, (0.01, 0.99), (0, 1.5)):
        value = number_of(start, budget, side="upper")
        term, values = unfold(term_of(var(base), c)), {base: Fraction(start), "c": Fraction(budget)}
        assert within(value, term, values, 16 * U) and at_or_above(value, term, values)
        below, above = (Model(values | {"v": Fraction(value) + step * Fraction(16 * U)}) for step in (-1, 1))
        paid = conditions(term, var("v"))[2]
        assert Fraction(value) - Fraction(16 * U) < Fraction(start) or truth(paid, below) is True
        assert value + 16 * U >= 1 or truth(paid, above) is False


def test_the_ceiling_is_the_first_inverse_of_blind_accuracy_and_information():
    statement = proofs.THEOREMS["ceiling"].statement
    blind, information = statement.rhs.args[1:]
    assert statement.rhs.data[0] == F_LATEX != G_LATEX and statement.lhs.data[0] == "A"
    assert unfold(statement.rhs) == unfold(inverse_first(blind, information))
    for start, budget in grid(4, (0.05, 0.95), (0, 1)):
        assert bounds.accuracy_ceiling(start, budget) == bounds.inverse_first(start, budget)


@pytest.mark.parametrize("name, relaxation", [("relaxed_root", "pinsker"), ("relaxed_entropy", "entropy"), ("relaxed_variance", "refined")])
def test_the_relaxations(name, relaxation):
    """A chain of at most eight operations, each right to 2 u, lifted by a factor 1 + 16 u: relative 40 u in all; cut at one."""
    term = proofs.THEOREMS[name].statement.rhs
    cut = 0
    for start, budget in grid(5, (0.01, 0.99), (0, 0.6)):
        value, values = bounds.relaxed_ceiling(start, budget, relaxation=relaxation), {"q": Fraction(start), "c": Fraction(budget)}
        if value == 1:
            cut += 1
            assert not ball(evaluate(term, Model(values))) < 1
        else:
            assert within(value, term, values, 40 * U * value) and at_or_above(value, term, values)
    assert cut <= POINTS - 20


def test_fano_for_uniform_targets():
    """Five terms of size at most ln M < 3, each right to 4 u of its size: 64 u in absolute terms. Below A = 1/M the library says 0."""
    statement = proofs.THEOREMS["uniform_fano"].statement
    for accuracy, in grid(6, (0, 1)):
        for size in (2, 3, 5, 16):
            if accuracy * size > 1:
                value = bounds.fano_information(accuracy, float(size))
                for side in (statement.lhs, statement.rhs):
                    assert within(value, side, {"A": Fraction(accuracy), "M": size}, 64 * U)


def test_certified_information_is_the_divergence_from_the_blind_accuracy():
    """Rounded down by at most the relative 60 u of kl's error bound on both sides."""
    shown = unfold(spoken("certified_information", KL_LATEX).args[1])
    assert shown.op == "larger"  # max(a, A0): what is certified below A0 is nothing
    for accuracy, blind in grid(7, (0, 1), (0.01, 0.99)):
        value = bounds.certified_information(accuracy, blind)
        top = max(accuracy, blind)
        assert within(value, kl(p, q), {"p": Fraction(top), "q": Fraction(blind)}, 1e-14 * bounds.kl(top, blind) + 1e-30)


@pytest.mark.parametrize("size", [2, 3, 4, 7])
def test_the_erasure_channel_and_the_printed_form(size):
    """Three operations on numbers below 2: 8 u; the quotient I/H of two logarithms: 16 u."""
    statement, spaces = proofs.THEOREMS["printed_form_refuted"].statement, {"Alphabet": [1] * size}
    for erasure, in grid(8, (0, 1)):
        values = {"M": size, "e": Fraction(erasure)}
        information, accuracy = bounds.erasure_channel(float(size), erasure)
        assert within(information, readings.ERASURE_INFORMATION, values, 8 * U * size, spaces)
        assert within(accuracy, readings.ERASURE_ACCURACY, values, 8 * U, spaces)
        assert within(bounds.printed_ceiling(information, math.log(size)), statement.lhs, values, 16 * U, spaces)
        assert within(accuracy, statement.rhs, values, 8 * U, spaces)


def replaced(t: Term, names: dict[str, Term]) -> Term:
    """The term with each abbreviation of the given looks replaced by a variable."""
    if t.op == "named":
        return names[t.data[0]] if t.data[0] in names else replaced(t.args[0], names)
    return Term(t.op, tuple(replaced(s, names) for s in t.args), t.data)


INFORMATION, ENTROPY = r"I(O;T\mid Q)", r"H(T\mid Q)"


def test_the_true_reading_for_uniform_targets():
    """The sum and the quotient of two logarithms, lifted by 1 + 16 u: relative 40 u; cut at one."""
    term = replaced(proofs.THEOREMS["reading_error"].statement.rhs, {INFORMATION: c})
    assert term.free == {c, M}
    for information, in grid(9, (0, 1)):
        for size in (4, 9, 64):
            value = bounds.uniform_ceiling(information, float(size))
            if value < 1:
                assert within(value, term, {"c": Fraction(information), "M": size}, 40 * U)


def test_the_true_reading_for_any_prior():
    """The floor gives away 4 u (H + I + ln 2) / ln(M - 1) and a relative 8 u, on numbers below 8: 80 u / ln 2 < 128 u. Never below zero."""
    term = replaced(proofs.THEOREMS["reading_general"].statement.lhs, {INFORMATION: c, ENTROPY: p})
    assert term.free == {c, p, M}
    positive = 0
    for information, share in grid(10, (0, 1), (0.3, 1)):
        for size in (3, 8, 64):
            entropy = share * math.log(size)
            value = bounds.error_floor(information, entropy, float(size))
            values = {"c": Fraction(information), "p": Fraction(entropy), "M": size}
            if value > 0:
                positive += 1
                assert within(value, term, values, 128 * U)
            else:
                assert not ball(evaluate(term, Model(values))) > 128 * U
    assert positive > 20
