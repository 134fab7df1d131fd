"""Instances of theorems: real variables become terms, families become functions of indices, spaces become other spaces.

A "measure" space may become a tuple of indices (iterated functionals) or a number of points (a finite sum written out);
a "probability" space only indices of probability spaces; a finite space only a finite space of the same size.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import product

from .terms import Claim, Space, Term, substitute, term
from .theorem import Refused, Theorem


@dataclass(frozen=True)
class Instance:
    """The replacement of a theorem's own names. Indices of replaced spaces are given by the index they stand for."""

    variables: dict[Term, Term] = field(default_factory=dict)
    families: dict[str, Callable] = field(default_factory=dict)
    indices: dict[Term, tuple[Term, ...]] = field(default_factory=dict)
    points: dict[Space, int] = field(default_factory=dict)
    bodies: dict = field(default_factory=dict, repr=False, compare=False)

    def __post_init__(self):
        object.__setattr__(self, "variables", {v: term(x) for v, x in self.variables.items()})

    def validate(self, theorem: Theorem, lower):
        """Spaces keep what the theorem's proof used of them, and no name is caught."""
        unknown = [v.key for v in self.variables if v not in theorem.variables]
        unknown += [n for n in self.families if n not in {f.name for f in theorem.families}]
        if unknown:
            raise Refused(f"theorem {theorem.name!r} has no variable or family {unknown[0]!r}")
        missing = [v.key for v in theorem.variables if v not in self.variables]
        if missing:
            raise Refused(f"the variable {missing[0]!r} of theorem {theorem.name!r} is given no value")
        if any(s.kind != "measure" or n < 1 for s, n in self.points.items()):
            raise Refused("only a measure space may be written out as points, at least one")
        become: dict[str, tuple[Space, ...]] = {}
        taken: set[Term] = set()
        for i in sorted(own_indices(theorem), key=lambda i: i.key):
            if i.data[1] in self.points:
                continue
            new = self.indices.get(i, (i,))
            spaces = tuple(j.data[1] for j in new)
            if become.setdefault(i.data[1].key, spaces) != spaces:
                raise Refused(f"the indices of {i.data[1].name} are sent to different spaces")
            if taken & set(new) or len(set(new)) < len(new):
                raise Refused(f"the index {i.key} shares its replacement with another")
            taken |= set(new)
            self._check_space(i, spaces, lower)
        self._check_capture(theorem, taken)

    def _check_space(self, i: Term, spaces: tuple[Space, ...], lower):
        old = i.data[1]
        if old.kind == "probability" and {s.kind for s in spaces} != {"probability"}:
            raise Refused(f"{old.name} is a probability space; its instance is not")
        if old.kind == "finite":
            same = len(spaces) == 1 and spaces[0].kind == "finite" and lower(spaces[0].size).key == lower(self.apply(old.size)).key
            if not same:
                raise Refused(f"{old.name} is a finite space of size {old.size.key}; its instance is not")

    def _check_capture(self, theorem: Theorem, bound: set[Term]):
        """What the values mention freely must not be caught by a binder of the theorem or of the instance."""
        outside = frozenset().union(frozenset(), *(v.free for v in self.variables.values()))
        self.members(theorem)
        outside = outside.union(*(body.free for body in self.bodies.values()))  # stand-ins among them are no names of anyone
        caught = sorted(i.key for i in outside & bound)
        if caught:
            raise Refused(f"the index {caught[0]} would be caught by a binder")
        suprema = {t.args[0] for t in _parts(theorem) if t.op == "supremum"}
        caught = sorted(v.key for v in suprema & (outside | set(theorem.variables)))
        if caught:
            raise Refused(f"the variable {caught[0]} would be caught by a supremum")

    # a family's new value is one term in stand-ins for its arguments, so that it cannot depend on how an index is called

    def _body(self, name: str, places: list) -> tuple[Term, dict[Term, Term]]:
        slots = [p if isinstance(p, int) else tuple(Term("index", (), (f"?{n}'{k}", j.data[1])) for k, j in enumerate(p)) for n, p in enumerate(places)]
        key = (name, tuple(slots))
        if key not in self.bodies:
            self.bodies[key] = term(self.families[name](*slots))
        return self.bodies[key], {a: b for slot, p in zip(slots, places) if not isinstance(p, int) for a, b in zip(slot, p)}

    def members(self, theorem: Theorem) -> list[Term]:
        """What the replaced families become where the theorem's claims speak of them."""
        found = []
        for t in {t for t in _parts(theorem) if t.op == "member" and t.data[0] in self.families}:
            free = [i for i in t.args if i.data[1] in self.points]
            found += [self.apply(t, dict(zip(free, ks))) for ks in product(*(range(self.points[i.data[1]]) for i in free))]
        return found

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
            body, arguments = self._body(t.data[0], [env.get(i, self.indices.get(i, (i,))) for i in t.args])
            return substitute(body, arguments)
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
        return Term(t.op, tuple(self.apply(a, env) for a in t.args), t.data)

    def claims(self, c: Claim) -> list[Claim]:
        """The instances of a claim: one for each choice of written-out points among its free indices."""
        free = [i for i in sorted(c.free, key=lambda i: i.key) if i.op == "index" and i.data[1] in self.points]
        return [c.map(lambda t, e=dict(zip(free, ks)): self.apply(t, e)) for ks in product(*(range(self.points[i.data[1]]) for i in free))]

    def universal(self, theorem: Theorem) -> frozenset[Term]:
        """Indices for all of whose values the theorem's hypotheses must hold."""
        return frozenset(j for i in own_indices(theorem) if i.data[1] not in self.points for j in self.indices.get(i, (i,)))


def _parts(theorem: Theorem):
    """Every term inside the hypotheses and the statement."""
    todo = [s for c in (*(h.claim for h in theorem.hypotheses), theorem.statement) for s in (c.lhs, c.rhs)]
    while todo:
        t = todo.pop()
        yield t
        todo += t.args


def own_indices(theorem: Theorem) -> frozenset[Term]:
    """The indices of the theorem's spaces and all others that its claims mention."""
    return frozenset(i for s in theorem.spaces for i in s.indices) | {t for t in _parts(theorem) if t.op == "index"}
