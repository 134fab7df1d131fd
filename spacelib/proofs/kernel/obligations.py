"""Definedness: what must hold for a claim, as written, to mean something. Emitted before anything is simplified."""

from __future__ import annotations

from dataclasses import dataclass

from .context import Context, Fact, context_of
from .normal import unpinned
from .terms import Claim, Term, conditions, dominated, fresh, le, lt, substitute, unfold


@dataclass(frozen=True)
class Obligation:
    """`claim` must hold (or `nonzero` must not vanish) under the facts and the extra `given`s of its place."""

    where: str
    claim: Claim | None = None
    nonzero: Term | None = None
    given: tuple[Claim, ...] = ()


def obligations(t: Term, pinned: frozenset, given: tuple[Claim, ...] = ()):
    """Every obligation of a term, bound indices left free under names that are not pinned (they stand for all their values)."""
    if t.op == "named":
        yield from obligations(t.args[0], pinned, given)
        return
    if t.op == "supremum":
        yield from _supremum(t, pinned, given)
        return
    if t.op in ("integral", "maximum"):
        t = unpinned(t, pinned)
    for a in t.args:
        yield from obligations(a, pinned, given)
    if t.op == "div":
        yield Obligation("a denominator may be zero", nonzero=t.args[1], given=given)
    elif t.op == "pow" and t.data[0] < 0:
        yield Obligation("a base with negative exponent may be zero", nonzero=t.args[0], given=given)
    elif t.op == "log":
        yield Obligation("the argument of a logarithm may be nonpositive", lt(0, t.args[0]), given=given)
    elif t.op == "sqrt":
        yield Obligation("the argument of a square root may be negative", le(0, t.args[0]), given=given)
    elif t.op == "relative":
        x, y = t.args
        yield Obligation("the first argument of x ln(x/y) may be negative", le(0, x), given=given)
        yield Obligation("the second argument of x ln(x/y) may be negative", le(0, y), given=given)
        yield Obligation("in x ln(x/y), y may vanish where x does not", dominated(x, y), given=given)


def _supremum(t: Term, pinned, given):
    """A supremum needs a member (its lower end), and its body must mean something on the whole set."""
    v, lower, upper, g, budget = t.args
    for a in (lower, upper, budget):
        yield from obligations(a, pinned, given)
    member = conditions(t, lower)
    yield Obligation("the lower end of a supremum's range may lie above the upper", member[1], given=given)
    yield from obligations(substitute(g, {v: lower}), pinned, given)
    yield Obligation("the lower end of a supremum's range may miss its condition", member[2], given=given)
    inner = fresh(v, t.free | {v})
    yield from obligations(substitute(g, {v: inner}), pinned, given + conditions(t, inner)[:2])


def undischarged(claim: Claim, context: Context, facts: list[Fact]) -> str | None:
    """The first obligation of a claim that the facts do not settle, in words; None if all are settled."""
    for side in (claim.lhs, claim.rhs):
        for o in obligations(side, context.pinned):
            place = context_of(facts + [Fact(g, g.free) for g in o.given]) if o.given else context
            try:
                ok = place.nonzero(unfold(o.nonzero)) if o.claim is None else place.holds(o.claim.map(unfold))
            except ZeroDivisionError as error:
                return f"{o.where} ({error})"
            if not ok:
                shown = o.nonzero.key if o.claim is None else o.claim.key
                return f"{o.where}: {shown}"
    return None


