"""Instances of theorems: real variables become terms, families become functions of indices, spaces become other spaces.

A "measure" space may become a tuple of indices (iterated functionals) or a number of points (a finite sum written out);
a "probability" space only indices of probability spaces; a finite space only a finite space of the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from .terms import Claim, Space, Term, term
from .theorem import Refused, Theorem


@dataclass(frozen=True)
class Instance:
    """The replacement of a theorem's own names. Indices of replaced spaces are given by the index they stand for."""

    variables: dict[Term, Term] = field(default_factory=dict)
    families: dict[str, Callable] = field(default_factory=dict)
    indices: dict[Term, tuple[Term, ...]] = field(default_factory=dict)
    points: dict[Space, int] = field(default_factory=dict)

    def __post_init__(self):
        object.__setattr__(self, "variables", {v: term(x) for v, x in self.variables.items()})

    def validate(self, theorem: Theorem, lower):
        """Spaces keep what the theorem's proof used of them."""
        for i, new in self.indices.items():
            kind, kinds = i.data[1].kind, {j.data[1].kind for j in new}
            if kind == "probability" and kinds != {"probability"}:
                raise Refused(f"{i.data[1].name} is a probability space; its instance is not")
            if kind == "finite":
                same = len(new) == 1 and kinds == {"finite"} and lower(new[0].data[1].size).key == lower(self.apply(i.data[1].size)).key
                if not same:
                    raise Refused(f"{i.data[1].name} is a finite space of size {i.data[1].size.key}; its instance is not")
        if any(s.kind != "measure" for s in self.points):
            raise Refused("only a measure space may be written out as points")
        unknown = [v.key for v in self.variables if v not in theorem.variables]
        unknown += [n for n in self.families if n not in {f.name for f in theorem.families}]
        if unknown:
            raise Refused(f"theorem {theorem.name!r} has no variable or family {unknown[0]!r}")
        missing = [v.key for v in theorem.variables if v not in self.variables]
        if missing:
            raise Refused(f"the variable {missing[0]!r} of theorem {theorem.name!r} is given no value")
        self._check_capture(theorem)

    def _check_capture(self, theorem: Theorem):
        """What the values mention freely must not be caught by a binder of the theorem or of the instance."""
        kept = {i for s in theorem.spaces for i in s.indices if i not in self.indices and s not in self.points}
        bound = kept | {j for new in self.indices.values() for j in new}
        outside = frozenset().union(frozenset(), *(v.free for v in self.variables.values()))
        for f in theorem.families:
            if f.name in self.families:
                slots = [self._slots(s, n) for n, s in enumerate(f.spaces)]
                own = frozenset(j for slot in slots if isinstance(slot, tuple) for j in slot)
                outside |= term(self.families[f.name](*slots)).free - own
        caught = sorted(i.key for i in outside & bound)
        if caught and theorem.spaces:
            raise Refused(f"the index {caught[0]} would be caught by a binder")

    def _slots(self, space: Space, n: int):
        """Fresh stand-ins for the indices that replace one argument of a family."""
        if space in self.points:
            return 0
        for i, new in self.indices.items():
            if i.data[1] == space:
                return tuple(Term("index", (), (f"?{n}{k}", j.data[1])) for k, j in enumerate(new))
        return (Term("index", (), (f"?{n}", space)),)

    def apply(self, t: Term, env: dict | None = None) -> Term:
        """The term under the replacement; `env` says what bound indices have become."""
        env = env or {}
        if t.op == "var":
            return self.variables.get(t, t)
        if t.op == "index":
            new = env.get(t, self.indices.get(t, (t,)))
            if not isinstance(new, tuple) or len(new) != 1:
                raise Refused(f"the index {t.key} stands where a single index is needed")
            return new[0]
        if t.op == "member" and t.data[0] in self.families:
            return term(self.families[t.data[0]](*[env.get(i, self.indices.get(i, (i,))) for i in t.args]))
        if t.op in ("integral", "maximum"):
            i, body = t.args
            if i.data[1] in self.points:
                if t.op == "maximum":
                    raise Refused("a maximum cannot be written out as points")
                parts = [self.apply(body, env | {i: k}) for k in range(self.points[i.data[1]])]
                return sum(parts[1:], parts[0])
            new = self.indices.get(i, (i,))
            inner = self.apply(body, env | {i: new})
            if t.op == "maximum":
                return Term("maximum", (new[0], inner))
            for j in reversed(new):
                inner = Term("integral", (j, inner))
            return inner
        if t.op == "supremum" and any(t.args[0] in v.free for v in self.variables.values()):
            raise Refused(f"the variable {t.args[0].key} would be caught by a supremum")
        return Term(t.op, tuple(self.apply(a, env) for a in t.args), t.data)

    def claims(self, c: Claim) -> list[Claim]:
        """The instances of a claim: one for each choice of written-out points among its free indices."""
        free = [i for i in sorted(c.free, key=lambda i: i.key) if i.op == "index" and i.data[1] in self.points]
        return [c.map(lambda t, e=dict(zip(free, ks)): self.apply(t, e)) for ks in product(*(range(self.points[i.data[1]]) for i in free))]

    def universal(self, theorem: Theorem) -> frozenset[Term]:
        """Indices for all of whose values the theorem's hypotheses must hold."""
        own = {i for s in theorem.spaces for i in s.indices if s not in self.points}
        return frozenset(j for i in own for j in self.indices.get(i, (i,)))
