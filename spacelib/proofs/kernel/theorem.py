"""Theorems and steps as data, and the scope in which a step is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from .context import Context, Fact, context_of
from .terms import Claim, Family, Space, Term


class Refused(Exception):
    """A step that was not accepted, with where and why."""


class Reason(Protocol):
    """Why a step holds. `check` returns nothing if the claim follows, and raises Refused otherwise."""

    name: str

    def check(self, claim: Claim, scope: "Scope") -> None: ...


@dataclass(frozen=True)
class Step:
    """A claim with a reason. It holds whenever the theorem's hypotheses and its own `given` do."""

    label: str
    claim: Claim
    reason: Reason
    given: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Hypothesis:
    """An assumption. A structural one says what the objects are (a space has points), so no model goes without it."""

    name: str
    claim: Claim
    structural: bool = False


@dataclass(frozen=True)
class Theorem:
    """A statement with hypotheses, proved by steps of which the last one is the statement.

    `witness(rng)` gives a random model of all hypotheses. `ablations` maps each hypothesis to a model of all the others
    in which the statement fails or loses its meaning. `equality` is a model in which a quantitative statement is an
    equality. `kind` is "quantitative", "order" (signs and monotonicity) or "construction".
    """

    name: str
    title: str
    room: str
    paper: str
    source: str
    variables: tuple[Term, ...]
    hypotheses: tuple[Hypothesis, ...]
    statement: Claim
    steps: tuple[Step, ...]
    witness: Callable
    families: tuple[Family, ...] = ()
    spaces: tuple[Space, ...] = ()
    ablations: dict = field(default_factory=dict)
    equality: Callable | None = None
    completed: Callable | None = None
    kind: str = "quantitative"
    says: str = ""

    @property
    def uses(self) -> tuple[str, ...]:
        """Theorems that the steps appeal to, in order of first use."""
        return tuple(dict.fromkeys(s.reason.theorem for s in self.steps if getattr(s.reason, "theorem", None)))


@dataclass
class Scope:
    """What a step may use: the hypotheses, what stands before it, and the theorems proved before its own."""

    theorem: Theorem
    before: dict[str, Step]
    given: tuple[Claim, ...]
    proved: dict[str, Theorem]
    facts: list[Fact] = field(init=False)

    def __post_init__(self):
        self.facts = [Fact(h.claim) for h in self.theorem.hypotheses] + [Fact(g, points(g)) for g in self.given]
        own = {g.key for g in self.given}
        for s in self.before.values():
            if {g.key for g in s.given} <= own:
                self.facts.append(Fact(s.claim, frozenset().union(*(points(g) for g in s.given))))

    @property
    def context(self) -> Context:
        return context_of(self.facts)

    def step(self, label: str) -> Step:
        if label not in self.before:
            raise Refused(f"uses step {label!r}, which does not stand before it")
        return self.before[label]

    def available(self, label: str) -> Step:
        """An earlier step whose own assumptions are all in force here."""
        s = self.step(label)
        missing = [g.key for g in s.given if g.key not in {h.key for h in self.given}]
        if missing:
            raise Refused(f"uses step {label!r}, which holds only given {missing[0]}")
        return s

    def local(self, t: Term) -> bool:
        return t.op == "index" or t not in self.theorem.variables

    def arbitrary(self, t: Term) -> bool:
        """Is nothing assumed of a local variable or index here, so that it stands for any value?"""
        return self.local(t) and not any(t in g.free for g in self.given)


def points(claim: Claim) -> frozenset[Term]:
    return frozenset(i for i in claim.free if i.op == "index")
