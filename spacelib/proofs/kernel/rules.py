"""Reasons of logic and probability: instances, functionals, suprema, convexity. Each checks its side conditions, or refuses."""

from __future__ import annotations

from dataclasses import dataclass

from .calculus import affine, derivative
from .checkers import facts_without, gap, need
from .context import Fact, context_of
from .instances import Instance
from .obligations import undischarged
from .terms import Claim, Term, conditions, integral, le, substitute, term, unfold
from .theorem import Refused, points


def follows(claim: Claim, known: Claim, scope) -> bool:
    """Is the claim the known one, up to normal form and a weaker relation?"""
    if claim.rel == "<<" or known.rel == "<<":
        lower = scope.context.lower
        return claim.rel == known.rel and all(lower(a).key == lower(b).key for a, b in ((claim.lhs, known.lhs), (claim.rhs, known.rhs)))
    a, b = gap(claim, scope), gap(known, scope)
    if claim.rel == "==":
        return known.rel == "==" and ((a - b).zero or (a + b).zero)
    same = (a - b).zero or known.rel == "==" and (a + b).zero
    return same and not (claim.rel == "<" and known.rel != "<")


@dataclass(frozen=True)
class Lemma:
    """An instance of a theorem proved before; every one of its hypotheses is discharged from the facts."""

    theorem: str
    instance: Instance
    name = "lemma"

    def check(self, claim, scope):
        t = scope.proved.get(self.theorem)
        need(t is not None, f"appeals to {self.theorem!r}, which is not proved before {scope.theorem.name!r}")
        self.instance.validate(t, scope.context.lower)
        universal = self.instance.universal(t)
        facts = facts_without(scope, universal)
        context = scope.context if len(facts) == len(scope.facts) else context_of(facts)
        for values, place, known in ((self.instance.variables.values(), scope.context, scope.facts), (self.instance.members(t), context, facts)):
            for value in values:
                problem = undischarged(le(value, value), place, known)
                need(problem is None, f"a value in the instance of {t.name!r}: {problem}")
        for h in t.hypotheses:
            for c in self.instance.claims(h.claim):
                need(context.holds(c.map(unfold)), f"the hypothesis {h.name!r} of {t.name!r} is not discharged: {c.key}")
        known = self.instance.claims(t.statement)
        need(any(follows(claim, k, scope) for k in known), f"the instance of {t.name!r} says something else: {known[0].key}")


@dataclass(frozen=True)
class Again:
    """An earlier step at other values of its own variables and indices; its assumptions are discharged."""

    step: str
    values: tuple[tuple[Term, object], ...] = ()
    name = "instance"

    def check(self, claim, scope):
        s = scope.step(self.step)
        values = {v: term(x) for v, x in self.values}
        for v, x in values.items():
            need(v.op != "index" or x.op == "index" and x.data[1] == v.data[1], f"{x.key} is not an index of the space of {v.key}")
            problem = undischarged(le(x, x), scope.context, scope.facts)
            need(problem is None, f"the value of {v.key}: {problem}")
        fixed = [v.key for v in values if not scope.local(v)]
        need(not fixed, f"{fixed[:1]} is a variable of the theorem, not of step {self.step!r}")
        at = lambda c: c.map(lambda t: substitute(unfold(t), values))
        for g in s.given:
            need(scope.context.holds(at(g)), f"the assumption of step {self.step!r} is not discharged: {at(g).key}")
        need(follows(claim, at(s.claim), scope), f"step {self.step!r} says something else there: {at(s.claim).key}")


@dataclass(frozen=True)
class Expectation:
    """A pointwise inequality or equality passes through positive linear functionals, also after a nonnegative weight."""

    step: str
    over: tuple[Term, ...]
    weight: object = 1
    name = "expectation"

    def check(self, claim, scope):
        known = scope.available(self.step)
        need(known.claim.rel != "<<", f"step {self.step!r} is not an inequality")
        need(claim.rel in {"==": ("==",), "<=": ("<=",), "<": ("<=",)}[known.claim.rel], "a functional keeps an equality and a non-strict inequality")
        for i in self.over:
            pinned = [g.key for g in known.given if i in g.free]
            need(i.op == "index" and not pinned, f"step {self.step!r} holds only for particular {i.key}: {pinned[:1]}")
        weight = term(self.weight)
        facts = facts_without(scope, frozenset(self.over))
        problem = undischarged(le(weight, weight), context_of(facts), facts)
        need(problem is None, f"the weight: {problem}")
        if known.claim.rel != "==":
            need(context_of(facts).holds(le(0, unfold(weight))), f"the weight {weight.key} may be negative")
        step_gap = unfold(known.claim.rhs - known.claim.lhs)
        rest = gap(claim, scope) - scope.context.lower(integral(self.over, unfold(weight) * step_gap))
        need(rest.zero, f"the averaged inequality misses the claim; left over: {rest.key}")


@dataclass(frozen=True)
class Null:
    """If v = 0 forces u = 0 for each of some pairs, at every point, and every v >= 0, then the total of the v being 0 forces that of the u to be 0.

    The total is over the pairs and over the indices of `over` (finite sums or integrals).
    """

    steps: tuple[str, ...]
    over: tuple[Term, ...] = ()
    name = "null"

    def check(self, claim, scope):
        need(claim.rel == "<<", "this shows absolute continuity")
        hypotheses = {h.name: h.claim for h in scope.theorem.hypotheses}
        pinned = {i for f in scope.facts for i in f.rigid} & set(self.over)
        need(not pinned, "the pairs are known only at particular points")
        totals = [term(0), term(0)]
        for label in self.steps:
            known = hypotheses[label] if label in hypotheses else scope.available(label).claim
            need(known.rel == "<<", f"{label!r} is not an absolute continuity")
            need(scope.context.holds(le(0, unfold(known.rhs))), f"the dominating side of {label!r} may be negative")
            totals = [t + integral(self.over, unfold(side)) for t, side in zip(totals, (known.lhs, known.rhs))]
        same = all(scope.context.holds(Claim(unfold(c), "==", t)) for c, t in zip((claim.lhs, claim.rhs), totals))
        need(same, "these are not the totals of the pairs")


@dataclass(frozen=True)
class Member:
    """A member of a set is at most its supremum; a term of a finite family at most its maximum, and at most its sum if none is negative."""

    of: Term
    at: Term
    name = "member"

    def check(self, claim, scope):
        of = unfold(self.of)
        need(of.op in ("supremum", "maximum", "integral", "larger"), f"{of.op} has no members")
        if of.op == "supremum":
            for c in conditions(of, self.at):
                need(scope.context.holds(c.map(unfold)), f"{self.at.key} may miss the condition {c.key}")
            value = self.at
        elif of.op == "larger":
            value = unfold(self.at)
            need(value in of.args, f"{self.at.key} is not one of the two")
        else:
            i, body = of.args
            need(i.data[1].kind == "finite" and self.at.op == "index" and self.at.data[1] == i.data[1], "a finite family and one of its indices are expected")
            if of.op == "integral":
                need(context_of(facts_without(scope, frozenset((i,)))).holds(le(0, body)), "a term of the sum may be negative")
            value = substitute(body, {i: self.at})
        need(follows(claim, le(value, of), scope), f"this membership says {le(value, of).key}")


@dataclass(frozen=True)
class Least:
    """A bound that holds for every member, affine in it with a nonnegative slope, holds for the supremum or maximum."""

    step: str
    of: Term
    at: Term  # the variable or index of the member in the step
    slope: object = 1
    name = "least upper bound"

    def check(self, claim, scope):
        s, of = scope.step(self.step), unfold(self.of)
        need(of.op in ("supremum", "maximum") and claim.rel == "<=" and s.claim.rel in ("<=", "<"), "a supremum or maximum and inequalities are expected")
        need(scope.arbitrary(self.at) and self.at not in claim.free, f"{self.at.key} is not a variable of step {self.step!r} alone")
        allowed = {g.key for g in scope.given}
        if of.op == "supremum":
            need(self.at.op == "var" and self.at not in of.free, f"{self.at.key} must stand for an arbitrary member")
            allowed |= {c.map(unfold).key for c in conditions(of, self.at)}
            value = self.at
        else:
            need(self.at.op == "index" and self.at.data[1] == of.args[0].data[1], "an index of the family is expected")
            value = substitute(of.args[1], {of.args[0]: self.at})
        extra = [g.key for g in s.given if g.map(unfold).key not in allowed and g.key not in allowed]
        need(not extra, f"step {self.step!r} assumes more than membership: {extra[:1]}")
        lower, slope = scope.context.lower, unfold(term(self.slope))
        need(self.at not in slope.free and scope.context.holds(le(0, slope)), "the slope may be negative or depend on the member")
        constant = lower(unfold(s.claim.rhs - s.claim.lhs) + slope * value)
        need(all(self.at not in a.free for a in constant.atoms), f"step {self.step!r} is not affine in its member with this slope")
        rest = gap(claim, scope) - constant + lower(slope * of)
        need(rest.zero, f"the bound on every member misses the claim; left over: {rest.key}")


@dataclass(frozen=True)
class Root:
    """u^2 <= v gives u <= sqrt(v)."""

    u: Term
    v: Term
    name = "root"

    def check(self, claim, scope):
        u, v = unfold(self.u), unfold(self.v)
        need(scope.context.holds(le(u * u, v)), f"{u.key} squared may exceed {v.key}")
        need(follows(claim, le(u, Term("sqrt", (v,))), scope), "this root says something else")


@dataclass(frozen=True)
class Jensen:
    """phi(E f) <= E phi(f) for an expectation: phi'' >= 0 on an interval in which f takes its values."""

    phi: Term
    var: Term
    domain: tuple[Claim, ...]
    f: Term
    over: Term
    name = "jensen"

    def check(self, claim, scope):
        v = self.var
        need(self.over.op == "index" and self.over.data[1].kind == "probability", "an expectation is expected")
        need(scope.arbitrary(v) and v.op == "var", f"{v.key} is not a variable of the convex function alone")
        outer = facts_without(scope, frozenset((self.over,)))
        here = outer + [Fact(g, points(g)) for g in self.domain]
        context, plain = context_of(here), context_of(outer)
        for g in self.domain:
            linear = affine(context.lower(g.rhs) - context.lower(g.lhs), v) if g.rel in ("<=", "<") else None
            need(linear is not None and self.over not in g.free, f"{g.key} does not cut out an interval of {v.key}")
            need(plain.holds(g.map(lambda t: substitute(unfold(t), {v: unfold(self.f)}))), f"the values may leave the domain: {g.key}")
        try:
            second = derivative(derivative(unfold(self.phi), v), v)
        except ValueError as error:
            raise Refused(str(error)) from None
        problem = undischarged(le(second, second), context, here)
        need(problem is None, f"the second derivative: {problem}")
        need(context.holds(le(0, second)), f"convexity is undecided on this domain: {context.lower(second).key}")
        need(self.over not in unfold(self.phi).free, "the convex function may not depend on the point")
        mean = substitute(unfold(self.phi), {v: integral(self.over, self.f)})
        averaged = integral(self.over, substitute(unfold(self.phi), {v: unfold(self.f)}))
        need(follows(claim, le(mean, averaged), scope), "this is not phi(E f) <= E phi(f)")


