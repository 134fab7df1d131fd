"""False reasoning: order, circles, undischarged hypotheses, cases, and assumptions made in silence."""

import pytest
from verdicts import HALF, J, S, T, Fallacy, a, b, c, f, hold, judged, judgements, p, q, theorem, v, verdict, w, x, y, z

from spacelib.proofs.kernel import (
    Again, Cases, Claim, Combination, Expectation, Identity, Instance, Least, Lemma, Sign, Step, conditions, eq, integral, le, ln, lt,
    maximum, sqrt, supremum, var,
)

POSITIVE, NONNEGATIVE = lt(0, x), le(0, x)
SQUARE = theorem(le(0, x * y), Step("s", le(0, x * y), Sign()), assume=[("x is nonnegative", le(0, x)), ("y is nonnegative", le(0, y))], name="product")
ROOT = theorem(le(0, sqrt(x)), Step("s", le(0, sqrt(x)), Sign()), assume=[NONNEGATIVE], name="root")


def product(one, two, *assume, **more):
    return lambda: verdict(le(0, one * two), Lemma("product", Instance({x: one, y: two})), assume=assume, proved=[SQUARE], **more)


def circle(first, second):
    """Two theorems that appeal to each other, in the order in which they are proved."""
    one = theorem(le(x, x + 1), Step("s", le(x, x + 1), Lemma(first, Instance({x: x}))), name="one")
    two = theorem(le(x, x + 1), Step("s", le(x, x + 1), Lemma(second, Instance({x: x}))), name="two")
    return judged(one) or judged(two, one)


CHAIN = (Step("first", le(x, y), Sign()), Step("second", le(y, z), Sign()))
ASSUMED = (le(x, y), le(y, z))
OWN = supremum(w, 0, 1, w, 2)


def cases(claim, *parts, assume=()):
    """One step for each case, then the claim by cases."""
    return lambda: verdict(claim, Cases(tuple(f"case {k}" for k in range(len(parts)))), *(Step(f"case {k}", claim, Sign(), (g,)) for k, g in enumerate(parts)), assume=assume)


SIGNS = (lt(x, 0), eq(x, 0), lt(0, x))

FALLACIES = [
    Fallacy("a step that uses a later one", "does not stand before it",
            (lambda: verdict(le(x, z), Sign(), Step("early", le(x, z), Combination(((1, "first"), (1, "second")))), *CHAIN, assume=ASSUMED),
             lambda: verdict(le(x, z), Combination(((1, "last"),)), *CHAIN, assume=ASSUMED), lambda: verdict(le(x, z), Again("last"), assume=ASSUMED),
             lambda: verdict(le(integral(S, f[S]), c), Expectation("last", (S,)), assume=[le(f[S], c)]), lambda: verdict(le(x, z), Cases(("last", "first")), *CHAIN, assume=ASSUMED)),
            (lambda: verdict(le(x, z), Combination(((1, "first"), (1, "second"))), *CHAIN, assume=ASSUMED),
             lambda: verdict(le(integral(S, f[S]), c), Expectation("first", (S,)), Step("first", le(f[S], c), Sign()), assume=[le(f[S], c)]))),
    Fallacy("theorems that rest on each other", "which is not proved before",
            (lambda: circle("two", "one"), lambda: circle("one", "one"), lambda: verdict(le(x, x + 1), Lemma("claimed", Instance({x: x}))), lambda: verdict(le(x, x + 1), Lemma("unheard of", Instance({x: x})))),
            (lambda: judged(theorem(le(x * 1, x + 1), Step("s", le(x * 1, x + 1), Lemma("base", Instance({x: x}))), name="next"),
                            theorem(le(x, x + 1), Step("s", le(x, x + 1), Sign()), name="base")),)),
    Fallacy("a hypothesis that is not discharged", "is not discharged",
            (product(a, b), product(a, b, le(0, a)), product(a, -b, le(0, a), le(0, b)), product(p[T], p[J], le(0, q[T])), product(p[T], p[J], given=(le(0, p[T]),)),
             lambda: verdict(le(0, a - 1), Lemma("product", Instance({x: a - 1, y: 1})), assume=[le(0, a)], proved=[SQUARE])),
            (product(a, b, le(0, a), le(0, b)), product(a - 1, b, lt(1, a), le(0, b)), product(p[T], p[J], le(0, p[T])), product(a**2, 1),
             lambda: verdict(le(0, sqrt(a - 1)), Lemma("root", Instance({x: a - 1})), assume=[le(1, a)], proved=[ROOT]))),
    Fallacy("a theorem that says something else", "says something else",
            (lambda: verdict(lt(0, a * b), Lemma("product", Instance({x: a, y: b})), assume=[le(0, a), le(0, b)], proved=[SQUARE]), lambda: verdict(le(0, a), Lemma("product", Instance({x: a, y: b})), assume=[le(0, a), le(0, b)], proved=[SQUARE]),
             lambda: verdict(le(a * b, 0), Lemma("product", Instance({x: a, y: b})), assume=[le(0, a), le(0, b)], proved=[SQUARE]), lambda: verdict(eq(a * b, 0), Lemma("product", Instance({x: a, y: b})), assume=[le(0, a), le(0, b)], proved=[SQUARE])),
            (product(a, b, le(0, a), le(0, b)), product(b, a, le(0, a), le(0, b)))),
    Fallacy("the conclusion assumed", "is the statement itself",
            (lambda: verdict(le(x, y), Sign(), assume=[le(x, y)]), lambda: verdict(le(x, y), Sign(), assume=[le(x - y, 0)]), lambda: verdict(le(x, y), Sign(), assume=[le(0, (y - x) * 1 + z - z)]),
             lambda: verdict(le(x, y), Combination(((HALF, "h0"),)), assume=[le(2 * x, 2 * y)]), lambda: verdict(eq(x, y), Identity(), assume=[eq(y, x)]), lambda: verdict(eq(x, y), Sign(), assume=[eq(3 * y, 3 * x)]),
             lambda: verdict(le(x, y), Sign(), assume=[lt(x, y)]), lambda: verdict(le(x, y), Sign(), assume=[eq(x, y)]), lambda: verdict(Claim(x, "<<", y), Sign(), assume=[Claim(x, "<<", y)])),
            (lambda: verdict(le(x, y + 1), Sign(), assume=[le(x, y)]), lambda: verdict(le(x, y), Sign(), assume=[le(x, z), le(z, y)]), lambda: verdict(le(a * x, a * y), Combination(((a, "h0"),)), assume=[le(x, y), le(0, a)]))),
    Fallacy("the last step is not the statement", "is not the statement",
            (lambda: judged(theorem(le(x, y), Step("s", le(x, y + 1), Sign()), assume=[le(x, y - 1)])), lambda: judged(theorem(lt(x, y), Step("s", le(x, y), Sign()), assume=[le(x, y - 1)])),
             lambda: judged(theorem(le(x, y), Step("s", le(x, y), Sign(), (le(x, y),)), assume=[le(0, y)])), lambda: judged(theorem(le(x, y), Step("s", le(x, y), Sign()), Step("t", le(x, y + 1), Sign()), assume=[le(x, y - 1)]))),
            (lambda: judged(theorem(le(x, y), Step("s", le(x, y + 1), Sign()), Step("t", le(x, y), Sign()), assume=[le(x, y - 1)])),)),
    Fallacy("no step at all", "step",
            (lambda: "step 'none': " + judged(theorem(le(x, x + 1))),),
            (lambda: judged(theorem(le(x, x + 1), Step("s", le(x, x + 1), Sign()))),)),
    Fallacy("two things of one name", "is used twice",
            (lambda: judged(theorem(le(x, y), Step("s", le(x, y + 1), Sign()), Step("s", le(x, y), Sign()), assume=[le(x, y - 1)])), lambda: judged(theorem(le(x, y), Step("s", le(x, y), Sign()), assume=[("s", le(x, y - 1))])),
             lambda: judged(theorem(le(x, y), Step("s", le(x, y), Sign()), assume=[("h", le(x, y - 1)), ("h", le(0, y))]))),
            (lambda: judged(theorem(le(x, y), Step("s", le(x, y + 1), Sign()), Step("t", le(x, y), Sign()), assume=[le(x, y - 1)])),)),
    Fallacy("what is not declared", "not declare",
            (lambda: verdict(eq(p[T], p[T]), Identity(), families=()), lambda: verdict(le(0, p[T] ** 2), Sign(), families=()), lambda: verdict(le(0, x**2), Sign(), Step("s", le(0, p[T] ** 2), Sign()), families=()),
             lambda: "hypothesis 'h0': " + verdict(le(x, y), Sign(), assume=[le(x, y - 1)], variables=(x,))),
            (lambda: verdict(eq(p[T], p[T]), Identity()), lambda: verdict(le(x, y), Sign(), assume=[le(x, y - 1)], variables=(x, y)))),
    Fallacy("a step under an assumption that is not in force", "holds only given",
            (lambda: verdict(le(x, 1), Combination(((1, "s"),)), Step("s", le(x, 1), Sign(), (le(x, 0),))), lambda: verdict(le(integral(S, f[S]), 1), Expectation("s", (S,)), Step("s", le(f[S], 1), Sign(), (le(x, 0), le(f[S], x))), assume=[le(x, 1)]),
             lambda: verdict(le(x, 2), Combination(((1, "s"),)), Step("s", le(x, 1), Sign(), (le(x, 0),)), assume=[le(x, 1 + HALF)])),
            (lambda: verdict(le(x, 1), Combination(((1, "s"),)), Step("s", le(x, 1), Sign(), (le(x, 0),)), given=(le(x, 0),)),
             lambda: verdict(le(x, 1), Again("s"), Step("s", le(x, 1), Sign(), (le(x, 0),)), assume=[lt(x, 0)]))),
    Fallacy("an assumption forgotten", "the assumption of step 's' is not discharged",
            (lambda: verdict(le(x, 1), Again("s"), Step("s", le(x, 1), Sign(), (le(x, 0),))), lambda: verdict(le(ln(2), 1), Again("s", ((c, 2),)), Step("s", le(ln(c), 0), Sign(), (lt(0, c), le(c, 1)))),
             lambda: verdict(le(p[J], 0), Again("s"), Step("s", le(p[J], 0), Sign(), (le(p[J], 0),)), assume=[le(p[T], 1)])),
            (lambda: verdict(le(ln(HALF), 0), Again("s", ((c, HALF),)), Step("s", le(ln(c), 0), Sign(), (lt(0, c), le(c, 1)))),)),
    Fallacy("cases that leave one out", "the cases leave out a sign",
            (cases(le(0, x**2), lt(x, 0), lt(0, x)), cases(le(0, x**2), lt(x, 0), eq(x, 0)), cases(le(0, x**2), le(x, 1)), cases(le(0, x**2), lt(1, x), lt(x, 1)),
             cases(le(0, x**2), eq(x, 0), eq(x, 0)), cases(le(0, p[T] ** 2), lt(p[T], 0), lt(0, p[T]))),
            (cases(le(0, x**2), *SIGNS), cases(le(0, x**2), le(x, 0), le(0, x)), cases(le(0, x**2), eq(x, 0), lt(0, x), assume=[le(0, x)]), cases(le(0, x**2), lt(1, x), le(x, 1)), cases(le(0, p[T] ** 2), lt(p[T], 0), le(0, p[T])))),
    Fallacy("cases of different quantities", "one and the same quantity",
            (cases(le(0, x**2), lt(x, 0), le(0, y)), cases(le(0, x**2), lt(x, 0), le(1, x)), cases(le(0, p[T] ** 2), lt(p[T], 0), le(0, p[J])), cases(le(0, x**2), lt(x, 0), eq(x, y), lt(0, x))),
            (cases(le(0, x**2), lt(x, 0), le(0, 1 * x)), cases(le(0, x**2), lt(x, y), le(y, x)))),
    Fallacy("cases that show different things", "shows something else",
            (lambda: verdict(le(x, 1), Cases(("n", "p")), Step("n", le(x, 1), Sign(), (le(x, 0),)), Step("p", le(x, 2), Sign(), (lt(0, x),)), assume=[le(x, 2)]),
             lambda: verdict(lt(0, x**2 + y**2), Cases(("n", "p")), Step("n", lt(0, x**2 + y**2), Sign(), (lt(x, 0),)), Step("p", le(0, x**2 + y**2), Sign(), (le(0, x),)))),
            (lambda: verdict(le(x, 2), Cases(("n", "p")), Step("n", le(x, 2), Sign(), (le(x, 0),)), Step("p", le(x, 2), Sign(), (lt(0, x),)), assume=[lt(x, 1)]),)),
    Fallacy("a case with more than one assumption", "does not add exactly one assumption",
            (lambda: verdict(le(0, x**2), Cases(("n", "p")), Step("n", le(0, x**2), Sign(), (lt(x, 0), lt(y, 0))), Step("p", le(0, x**2), Sign(), (le(0, x),))),
             lambda: verdict(le(0, x**2), Cases(("n", "p")), Step("n", le(0, x**2), Sign()), Step("p", le(0, x**2), Sign(), (le(0, x),)))),
            (cases(le(0, x**2), lt(x, 0), le(0, x)),)),
    Fallacy("a bound for every member, but of a chosen one", "is not a variable of step",
            (lambda: verdict(le(OWN, HALF), Again("b", ((v, 0),)), Step("a", le(v, HALF), Sign(), (*conditions(OWN, v), le(v, HALF))), Step("b", le(OWN, HALF), Least("a", OWN, v), (le(v, HALF),))),
             lambda: verdict(le(maximum(T, p[T]), c), Least("a", maximum(T, p[T]), T), Step("a", le(p[T], c), Sign(), (le(p[T], c),)), given=(le(p[T], c),)),
             lambda: verdict(le(OWN, x), Least("a", OWN, x), Step("a", le(x, x), Sign(), conditions(OWN, x)), assume=[le(0, x)])),
            (lambda: verdict(le(OWN, 1), Least("a", OWN, v), Step("a", le(v, 1), Sign(), conditions(OWN, v))), lambda: verdict(le(maximum(T, p[T]), c), Least("a", maximum(T, p[T]), T), Step("a", le(p[T], c), Sign()), assume=[le(p[T], c)]))),
    Fallacy("more assumed of a member than membership", "assumes more than membership",
            (lambda: verdict(le(OWN, HALF), Least("a", OWN, v), Step("a", le(v, HALF), Sign(), (*conditions(OWN, v), le(v, HALF)))), lambda: verdict(le(maximum(T, p[T]), c), Least("a", maximum(T, p[T]), T), Step("a", le(p[T], c), Sign(), (le(p[T], c),)))),
            (lambda: verdict(le(OWN, 1), Least("a", OWN, v), Step("a", le(v, 1), Sign(), conditions(OWN, v)[:2])),)),
    Fallacy("a reason of one's own", "none of the kernel's",
            (lambda: verdict(eq(x, x + 1), Trust()), lambda: verdict(le(0, x**2), Trust()), lambda: verdict(eq(x, x + 1), Waved())),
            (lambda: verdict(le(0, x**2), Sign()),)),
]


class Trust:
    name = "trust"

    def check(self, claim, scope):
        pass


class Waved(Identity):
    def check(self, claim, scope):
        pass


@pytest.mark.parametrize("says, argument", judgements(FALLACIES))
def test_false_reasoning_is_refused_beside_its_true_neighbour(says, argument):
    hold(says, argument())


@pytest.mark.parametrize("name", ["2", "-1", "1/2", "log(x)", "j@Finite[M]", "a,b", "", "x y"])
def test_a_variable_does_not_carry_the_name_of_another_term(name):
    with pytest.raises(ValueError, match="name"):
        verdict(eq(var(name), 2), Identity())


def test_an_undefined_hypothesis_is_named_and_stops_the_check_without_a_crash():
    said = verdict(le(x, 0), Sign(), assume=[eq(x, 0), le(1 / x, 1), le(x, 5)])
    assert "hypothesis 'h1' is not defined: a denominator may be zero" in said
