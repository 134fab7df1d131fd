"""Reasons of algebra and analysis: each decides, or refuses."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import flint
import sympy

from .calculus import affine, derivative, limit, to_sympy
from .context import Fact
from .evaluate import PRECISION, Model, Undefined, evaluate
from .obligations import undischarged
from .polynomials import number
from .terms import Claim, Term, le, substitute, term, unfold
from .theorem import Refused, Scope


def gap(claim: Claim, scope: Scope):
    """rhs - lhs in normal form under the facts in scope."""
    return scope.context.lower(claim.rhs) - scope.context.lower(claim.lhs)


def need(ok: bool, message: str):
    if not ok:
        raise Refused(message)


@dataclass(frozen=True)
class Identity:
    """Both sides have one normal form: their difference is exactly zero under the facts."""

    name = "identity"

    def check(self, claim, scope):
        need(claim.rel == "==", "an identity proves only an equality")
        d = gap(claim, scope)
        need(d.zero, f"the difference is not identically zero; left over: {d.key}")


@dataclass(frozen=True)
class Sign:
    """The difference of the sides has the claimed sign: by its factors, its terms, or a nonnegative combination of facts."""

    name = "sign"

    def check(self, claim, scope):
        need(scope.context.holds(claim), f"the sign of the difference is undecided: {gap(claim, scope).key if claim.rel != '<<' else claim.key}")


@dataclass(frozen=True)
class Combination:
    """rhs - lhs = sum of multiplier x (rhs - lhs) over earlier steps or hypotheses; multipliers of inequalities are nonnegative."""

    parts: tuple[tuple[object, str], ...]
    name = "combination"

    def check(self, claim, scope):
        need(claim.rel in ("==", "<=", "<"), "a combination proves an equality or an inequality")
        total, strict = number(0), False
        hypotheses = {h.name: h.claim for h in scope.theorem.hypotheses}
        for multiplier, label in self.parts:
            part = hypotheses[label] if label in hypotheses else scope.available(label).claim
            need(part.rel != "<<", f"{label!r} is not an equality or an inequality")
            m = scope.context.lower(term(multiplier))
            problem = undischarged(le(term(multiplier), term(multiplier)), scope.context, scope.facts)
            need(problem is None, f"the multiplier of {label!r}: {problem}")
            if part.rel != "==":
                need(claim.rel != "==", f"{label!r} is an inequality; it cannot give an equality")
                sign = scope.context.sign(m, True)
                need(sign <= {0, 1}, f"the multiplier of {label!r} has no known nonnegative sign")
                strict |= part.rel == "<" and sign == {1}
            total = total + m * gap(part, scope)
        rest = gap(claim, scope) - total
        need(rest.zero, f"the combination misses the claim; left over: {rest.key}")
        need(claim.rel != "<" or strict, "a strict claim needs a strict part with a positive multiplier")


@dataclass(frozen=True)
class Monotone:
    """rhs - lhs is smallest where `var` equals `at`, and nonnegative there: (var - at) x derivative >= 0 on an interval."""

    var: Term
    at: object
    name = "monotone"

    def check(self, claim, scope):
        v, at = self.var, term(self.at)
        need(claim.rel == "<=", "monotonicity from an endpoint proves a non-strict inequality")
        need(v.op == "var" and v not in at.free, f"{v.key} is not a real variable independent of the endpoint")
        problem = undischarged(le(at, at), scope.context, scope.facts)
        need(problem is None, f"the endpoint: {problem}")
        f = unfold(claim.rhs - claim.lhs)
        for c in [h.claim for h in scope.theorem.hypotheses] + list(scope.given):
            if v in c.free:
                need(c.rel in ("<=", "<"), f"{c.key} does not bound {v.key} from one side: the range may not be an interval")
                need(affine(gap(c, scope), v) is not None, f"{c.key} is not linear in {v.key}: the range may not be an interval")
                need(scope.context.holds(c.map(lambda t: substitute(unfold(t), {v: at}))), f"the endpoint {at.key} may lie outside the range: {c.key}")
        try:
            slope = derivative(f, v)
        except ValueError as error:
            raise Refused(str(error)) from None
        problem = undischarged(le(slope, slope), scope.context, scope.facts)
        need(problem is None, f"the derivative: {problem}")
        need(scope.context.holds(le(0, (v - at) * slope)), f"the derivative's sign is undecided: {scope.context.lower(slope).key}")
        need(scope.context.holds(le(0, substitute(f, {v: at}))), f"the value at the endpoint {at.key} may be negative")


@dataclass(frozen=True)
class Polynomial:
    """A polynomial with rational coefficients in one variable keeps its sign on [low, high] (None: unbounded), by counting roots."""

    var: Term
    low: object
    high: object
    name = "polynomial"

    def check(self, claim, scope):
        v = self.var
        need(claim.rel in ("<=", "<"), "root counting proves an inequality")
        for bound, side in ((self.low, "below"), (self.high, "above")):
            inside = bound is None or scope.context.holds(le(bound, v) if side == "below" else le(v, bound))
            need(inside, f"the range of {v.key} may reach {side} {bound}")
        d = gap(claim, scope)
        need(d.den_is_constant and d.atoms <= {v}, f"the difference is not a polynomial in {v.key} alone")
        x = sympy.Symbol("x")
        p = sympy.Poly(sum(sympy.Rational(int(c.numerator), int(c.denominator)) * x ** sum(e for _, e in m) for m, c in d.num.items()), x)
        low, high = (None if b is None else sympy.Rational(Fraction(b).numerator, Fraction(b).denominator) for b in (self.low, self.high))
        if claim.rel == "<=":
            content, factors = p.factor_list()
            p = sympy.Poly(content, x)
            for f, e in factors:
                p = p * f if e % 2 else p
        roots = p.count_roots(low, high) if p.degree() > 0 else 0
        if claim.rel == "<=":  # roots at the very ends do not change the sign inside
            roots -= sum(1 for b in (low, high) if b is not None and p.degree() > 0 and p.eval(b) == 0)
        inner = (low + high) / 2 if low is not None and high is not None else low + 1 if low is not None else high - 1 if high is not None else 0
        need(roots == 0, f"the polynomial has {roots} root(s) where its sign may change")
        need(p.eval(inner) > 0, "the polynomial is not positive inside its range")


@dataclass(frozen=True)
class BallBox:
    """A strict inequality on a compact box of real variables by rigorous interval arithmetic on its pieces."""

    box: tuple[tuple[Term, object, object], ...]
    depth: int = 14
    name = "ball"

    def check(self, claim, scope):
        need(claim.rel in ("<=", "<"), "interval arithmetic proves an inequality")
        covered = {v for v, _, _ in self.box}
        missing = [v.key for v in claim.free - covered]
        need(not missing, f"the box does not bound {', '.join(missing)}")
        for v, low, high in self.box:
            inside = scope.context.holds(le(low, v)) and scope.context.holds(le(v, high))
            need(inside, f"the box [{low}, {high}] does not cover the range of {v.key}")
        f = unfold(claim.rhs - claim.lhs)

        def positive(cells, depth):
            with flint.ctx.workprec(PRECISION):
                values = {v.data[0]: flint.arb(flint.fmpq(*_ratio((a + b) / 2)), flint.fmpq(*_ratio((b - a) / 2))) for v, (a, b) in cells.items()}
                try:
                    if evaluate(f, Model(values)) > 0:
                        return True
                except Undefined:
                    pass
                except KeyError as error:
                    raise Refused(f"{error} has no value on a box of real variables") from None
            if depth == 0 or not cells:
                return False
            v, (a, b) = max(cells.items(), key=lambda c: c[1][1] - c[1][0])
            mid = (a + b) / 2
            return positive(cells | {v: (a, mid)}, depth - 1) and positive(cells | {v: (mid, b)}, depth - 1)

        start = {v: (Fraction(low), Fraction(high)) for v, low, high in self.box}
        need(positive(start, self.depth), "some piece of the box is not certified positive")


def _ratio(x: Fraction) -> tuple[int, int]:
    return x.numerator, x.denominator


@dataclass(frozen=True)
class Limit:
    """An earlier inequality, true for all values of its own variable near `to` on one side, passes to the limit."""

    step: str
    var: Term
    to: object  # a rational or sympy.oo
    side: str  # "+" from above, "-" from below
    name = "limit"

    def check(self, claim, scope):
        earlier, v = scope.step(self.step), self.var
        need(v.op == "var" and scope.arbitrary(v) and v not in claim.free, f"{v.key} is not a variable of step {self.step!r} alone")
        need(self.side in ("+", "-"), f"the side {self.side!r} is neither '+' nor '-'")
        need(claim.rel == "<=" and earlier.claim.rel in ("<=", "<"), "a limit passes a non-strict inequality on")
        own = {g.key for g in scope.given}
        for g in earlier.given:
            if v in g.free:
                need(self._near(g, scope), f"step {self.step!r} may not hold near the limit from side {self.side}: {g.key}")
            else:
                need(g.key in own, f"step {self.step!r} holds only given {g.key}")
        symbols: dict = {}
        place = Scope(scope.theorem, scope.before, earlier.given, scope.proved).context
        to = self.to if self.to in (sympy.oo, -sympy.oo) else sympy.Rational(*_ratio(Fraction(self.to)))
        try:
            reached = limit(place.lower(earlier.claim.rhs) - place.lower(earlier.claim.lhs), v, to, self.side, place, symbols)
            target = to_sympy(gap(claim, scope), v, scope.context, symbols)
        except ValueError as error:
            raise Refused(str(error)) from None
        need(sympy.cancel(reached - target) == 0, f"the limit is {reached}, the claim needs {target}")

    def _near(self, g: Claim, scope: Scope) -> bool:
        """Does the linear condition g hold on a one-sided neighbourhood of the limit point?"""
        form = affine(gap(g, scope), self.var)
        if form is None or g.rel not in ("<=", "<"):
            return False
        slope, rest = (scope.context.sign(r) for r in form)
        inwards = slope if self.side == "+" else frozenset(-s for s in slope)
        if self.to in (sympy.oo, -sympy.oo):
            outwards = slope if self.to == sympy.oo else frozenset(-s for s in slope)
            return outwards == {1} or (outwards == {0} and rest == {1})
        value = scope.context.sign(form[0] * number(Fraction(self.to)) + form[1])
        return value == {1} or (value <= {0, 1} and inwards == {1})


@dataclass(frozen=True)
class Cases:
    """The same claim was shown in each of several cases, and the cases leave nothing out."""

    labels: tuple[str, ...]
    name = "cases"

    def check(self, claim, scope):
        own = {g.key for g in scope.given}
        shown = claim.map(unfold).key
        cases = []
        for label in self.labels:
            s = scope.step(label)
            extra = [g for g in s.given if g.key not in own]
            need(len(extra) == 1 and extra[0].rel != "<<", f"step {label!r} does not add exactly one assumption on the order of two terms")
            need(s.claim.map(unfold).key == shown, f"step {label!r} shows something else")
            cases.append((extra[0].rel, gap(extra[0], scope)))
        product = number(1)
        for _, d in cases:
            product = product * d
        if all(rel == "==" for rel, _ in cases) and scope.context.sign(product) == {0}:
            return
        first, covered = cases[0][1], set()
        for rel, d in cases:
            side = 1 if (d - first).zero else -1
            need((d - first).zero or (d + first).zero, "the cases do not speak of one and the same quantity")
            covered |= {side * x for x in {"==": {0}, "<=": {0, 1}, "<": {1}}[rel]}
        possible = scope.context.sign(first, True)
        need(possible <= covered, f"the cases leave out a sign: covered {sorted(covered)}, possible {sorted(possible)}")


def facts_without(scope: Scope, indices: frozenset) -> list[Fact]:
    """The facts that speak of no particular value of the given indices."""
    return [f for f in scope.facts if not (f.rigid & indices)]
