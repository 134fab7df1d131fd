"""Checking a theorem: every obligation discharged, every step accepted, the last one the statement."""

from __future__ import annotations

import time
from dataclasses import dataclass

from .checkers import BallBox, Cases, Combination, Identity, Limit, Monotone, Polynomial, Sign
from .context import Fact, context_of
from .normal import Unknowing
from .obligations import undischarged
from .rules import Again, Expectation, Jensen, Least, Lemma, Member, Null, Root
from .terms import Claim, unfold
from .theorem import Reason, Refused, Scope, Step, Theorem

REASONS = {Again, BallBox, Cases, Combination, Expectation, Identity, Jensen, Least, Lemma, Limit, Member, Monotone, Null, Polynomial, Root, Sign}


@dataclass(frozen=True)
class Outcome:
    label: str
    reason: str
    ok: bool
    message: str
    seconds: float


@dataclass(frozen=True)
class Result:
    """What the kernel says of a theorem: its own conditions, then each step."""

    theorem: Theorem
    problems: tuple[str, ...]
    steps: tuple[Outcome, ...]

    @property
    def ok(self) -> bool:
        return not self.problems and bool(self.steps) and all(s.ok for s in self.steps)


def undefined(claim: Claim, facts: list[Fact]) -> str | None:
    """Why the claim may mean nothing under the facts, or they themselves; None if it does."""
    try:
        return undischarged(claim, context_of(facts), facts)
    except ZeroDivisionError as error:
        return str(error)


def scope_of(step: Step, before: dict[str, Step], theorem: Theorem, proved: dict[str, Theorem]) -> Scope:
    """The scope of a step, its assumptions checked to mean something."""
    for k, g in enumerate(step.given):
        problem = undefined(g, Scope(theorem, before, step.given[:k], proved).facts)
        if problem:
            raise Refused(f"the assumption {g.key}: {problem}")
    return Scope(theorem, before, step.given, proved)


def accept(claim: Claim, reason: Reason, scope: Scope) -> None:
    """Raise Refused unless the claim is defined and follows by the reason in this scope."""
    if type(reason) not in REASONS:
        raise Refused(f"the reason {type(reason).__name__!r} is none of the kernel's")
    stray = sorted((claim.lhs.names | claim.rhs.names) - {f.name for f in scope.theorem.families})
    if stray:
        raise Refused(f"speaks of the family {stray[0]!r}, which the theorem does not declare")
    try:
        problem = undischarged(claim, scope.context, scope.facts)
        if problem:
            raise Refused(f"not defined: {problem}")
        reason.check(claim, scope)
    except ZeroDivisionError as error:
        raise Refused(f"not defined: {error}") from None


def check_step(step: Step, before: dict[str, Step], theorem: Theorem, proved: dict[str, Theorem]) -> None:
    """Raise Refused unless the step follows from what it may use."""
    accept(step.claim, step.reason, scope_of(step, before, theorem, proved))


def conditions_of(theorem: Theorem) -> list[str]:
    """What is wrong with a theorem before any step: names, hypotheses, last step."""
    problems = []
    labels = [s.label for s in theorem.steps] + [h.name for h in theorem.hypotheses]
    problems += [f"the name {x!r} is used twice" for x in sorted({x for x in labels if labels.count(x) > 1})]
    declared = set(theorem.variables)
    for name, claim in [(h.name, h.claim) for h in theorem.hypotheses] + [("statement", theorem.statement)]:
        stray = [v.key for v in claim.free if v.op == "var" and v not in declared]
        problems += [f"{name!r} speaks of {v}, which is not declared" for v in stray]
    facts: list[Fact] = []
    for h in theorem.hypotheses:
        problem = undefined(h.claim, facts)
        if problem:
            problems.append(f"hypothesis {h.name!r} is not defined: {problem}")
            break
        if assumes(h.claim, theorem.statement):
            problems.append(f"hypothesis {h.name!r} is the statement itself")
        facts.append(Fact(h.claim))
    if not theorem.steps:
        return problems + ["there is no step"]
    last = theorem.steps[-1]
    if last.given or last.claim.map(unfold).key != theorem.statement.map(unfold).key:
        problems.append(f"the last step {last.label!r} is not the statement")
    return problems


def assumes(known: Claim, claim: Claim) -> bool:
    """Is the claim the known one written in another way, multiplied by a positive number, or weakened?"""
    low = Unknowing().lower
    try:
        if claim.rel == "<<" or known.rel == "<<":
            return claim.rel == known.rel and all(low(a).key == low(b).key for a, b in ((known.lhs, claim.lhs), (known.rhs, claim.rhs)))
        p, q = (low(c.rhs - c.lhs) for c in (known, claim))
        ratio = None if p.zero or q.zero else (p / q).constant
    except ZeroDivisionError:
        return False
    weaker = claim.rel in {"==": ("==", "<="), "<": ("<", "<="), "<=": ("<=",)}[known.rel]
    return weaker and ratio is not None and (ratio > 0 or known.rel == "==")


def check(theorem: Theorem, proved: dict[str, Theorem]) -> Result:
    """Check a theorem against the theorems proved before it."""
    problems, outcomes, before = conditions_of(theorem), [], {}
    for step in theorem.steps:
        start = time.perf_counter()
        try:
            check_step(step, before, theorem, proved)
            ok, message = True, ""
        except Refused as error:
            ok, message = False, f"step {step.label!r} ({step.reason.name}): {error}"
        outcomes.append(Outcome(step.label, step.reason.name, ok, message, time.perf_counter() - start))
        before[step.label] = step
    return Result(theorem, tuple(problems), tuple(outcomes))
