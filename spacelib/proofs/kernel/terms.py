"""The term language: what a statement can say.

A term is a tree that keeps what was written: nothing is simplified on the way in, so that the obligations of
`obligations.py` see every denominator and every logarithm. Real variables, families over index spaces, positive linear
functionals (finite sums of symbolic length, expectations, integrals), maxima and suprema.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property

NAME = re.compile(r"[^\W\d][\w^']*|[$?][\w^']+")  # no name may read as another term's key


@dataclass(frozen=True)
class Space:
    """An index space with one positive linear functional on it.

    kind "finite": counting measure on a nonempty set of `size` points; "probability": an expectation (the functional of
    1 is 1); "measure": any measure. All displayed functionals are taken to converge absolutely. `names` are the names of its indices,
    in the order in which bound indices take them.
    """

    name: str
    kind: str
    names: tuple[str, ...]
    size: "Term | None" = None

    @property
    def indices(self) -> tuple["Term", ...]:
        return tuple(Term("index", (), (n, self)) for n in self.names)

    @cached_property
    def key(self) -> str:
        """Two spaces of one name and different kind or size are different."""
        return checked_name(self.name) + (f"[{self.size.key}]" if self.kind == "finite" else f"/{self.kind}")

    def __post_init__(self):
        if self.kind not in ("finite", "probability", "measure") or (self.kind == "finite") != (self.size is not None):
            raise ValueError(f"space {self.name}: kind {self.kind!r} with size {self.size!r}; a finite space has a size, the others have none")


def checked_name(name: str) -> str:
    if not NAME.fullmatch(name):
        raise ValueError(f"name {name!r}: a letter followed by letters, digits, _, ^ or ' is expected")
    return name


@dataclass(frozen=True, eq=False)
class Term:
    """One node: operation, arguments, data. Equality is structural."""

    op: str
    args: tuple["Term", ...] = ()
    data: tuple = ()

    @cached_property
    def key(self) -> str:
        """A string that is equal exactly for structurally equal terms."""
        if self.op == "num":
            return str(self.data[0])
        if self.op == "var":
            return checked_name(self.data[0])
        if self.op == "index":
            return f"{checked_name(self.data[0])}@{self.data[1].key}"
        return f"{self.op}{'' if not self.data else list(map(str, self.data))}({','.join(a.key for a in self.args)})"

    def __hash__(self):
        return hash(self.key)

    def __eq__(self, other):
        return isinstance(other, Term) and self.key == other.key

    def __add__(self, other):
        return Term("add", (self, term(other)))

    def __radd__(self, other):
        return term(other) + self

    def __sub__(self, other):
        return self + term(other) * -1

    def __rsub__(self, other):
        return term(other) - self

    def __neg__(self):
        return self * -1

    def __mul__(self, other):
        return Term("mul", (self, term(other)))

    def __rmul__(self, other):
        return term(other) * self

    def __truediv__(self, other):
        return Term("div", (self, term(other)))

    def __rtruediv__(self, other):
        return term(other) / self

    def __pow__(self, exponent: int):
        if not isinstance(exponent, int):
            raise TypeError(f"exponent {exponent!r}: an integer is expected; write exp(a * ln(x)) for other powers")
        return Term("pow", (self,), (exponent,))

    @cached_property
    def free(self) -> frozenset["Term"]:
        """Free variables and indices."""
        if self.op in ("var", "index"):
            return frozenset((self,))
        below = frozenset().union(*(a.free for a in self.args)) if self.args else frozenset()
        if self.op in ("integral", "maximum"):
            return below - {self.args[0]}
        if self.op == "supremum":
            v, lower, upper, g, budget = self.args
            return lower.free | upper.free | budget.free | (g.free - {v})
        return below

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of families used anywhere."""
        own = {self.data[0]} if self.op == "member" else set()
        return frozenset(own.union(*(a.names for a in self.args)))

    @cached_property
    def indices(self) -> frozenset["Term"]:
        """All indices, bound ones included."""
        own = {self} if self.op == "index" else set()
        return frozenset(own.union(*(a.indices for a in self.args)))


def term(x) -> Term:
    """A term from a term, an int or a Fraction (floats are refused: they are not exact)."""
    if isinstance(x, Term):
        return x
    if isinstance(x, (int, Fraction)) and not isinstance(x, bool):
        return Term("num", (), (Fraction(x),))
    raise TypeError(f"{x!r} of type {type(x).__name__} in a term: an int, a Fraction or a term is expected")


def var(*names: str):
    """Real variables."""
    made = tuple(Term("var", (), (n,)) for n in names)
    return made[0] if len(made) == 1 else made


@dataclass(frozen=True)
class Family:
    """A family of reals over index spaces: `p[x]`, `m[s, j, t]`."""

    name: str
    spaces: tuple[Space, ...]
    latex: str = ""

    def __getitem__(self, indices) -> Term:
        indices = indices if isinstance(indices, tuple) else (indices,)
        if tuple(i.data[1] for i in indices) != self.spaces:
            raise ValueError(f"family {self.name}: indices {[i.key for i in indices]} do not lie in its spaces {[s.name for s in self.spaces]}")
        return Term("member", indices, (self.name,))


def ln(x) -> Term:
    return Term("log", (term(x),))


def exp(x) -> Term:
    return Term("exp", (term(x),))


def sqrt(x) -> Term:
    return Term("sqrt", (term(x),))


def relative(x, y) -> Term:
    """x ln(x/y) for x, y >= 0 with (y = 0 implies x = 0); the convention 0 ln(0/y) = 0 is the axiom `zero_log_zero`."""
    return Term("relative", (term(x), term(y)))


def delta(i: Term, j: Term) -> Term:
    """1 where two indices of one finite space agree, 0 elsewhere."""
    if i.data[1] != j.data[1] or i.data[1].kind != "finite":
        raise ValueError(f"delta({i.key}, {j.key}): two indices of one finite space are expected")
    return Term("delta", (i, j))


def integral(indices, body) -> Term:
    """The functional of the index's space: a finite sum, an expectation or an integral; several indices nest."""
    indices = indices if isinstance(indices, tuple) else (indices,)
    for i in reversed(indices):
        body = Term("integral", (i, term(body)))
    return body


def maximum(i: Term, body) -> Term:
    """max over a finite space."""
    if i.data[1].kind != "finite":
        raise ValueError(f"maximum over {i.data[1].name}: a finite space is expected")
    return Term("maximum", (i, term(body)))


def larger(a, b) -> Term:
    """max(a, b)."""
    return Term("larger", (term(a), term(b)))


def supremum(v: Term, lower, upper, g, budget, open_above=False) -> Term:
    """sup {v : lower <= v <= upper, g(v) <= budget}; `open_above` asks v < upper."""
    return Term("supremum", (v, term(lower), term(upper), term(g), term(budget)), (open_above,))


def named(latex: str, args, body) -> Term:
    """An abbreviation: prints as its LaTeX template filled with its arguments, means its body."""
    return Term("named", (term(body),) + tuple(term(a) for a in args), (latex,))


def unfold(t: Term) -> Term:
    """The term without abbreviations."""
    if t.op == "named":
        return unfold(t.args[0])
    args = tuple(unfold(a) for a in t.args)
    return t if args == t.args else Term(t.op, args, t.data)


@dataclass(frozen=True)
class Claim:
    """lhs rel rhs, for every value of its free indices. rel: "==", "<=", "<", or "<<" (rhs = 0 implies lhs = 0)."""

    lhs: Term
    rel: str
    rhs: Term
    free: frozenset = field(init=False, compare=False, repr=False)

    def __post_init__(self):
        if self.rel not in ("==", "<=", "<", "<<"):
            raise ValueError(f"relation {self.rel!r}: one of ==, <=, <, << is expected")
        object.__setattr__(self, "lhs", term(self.lhs))
        object.__setattr__(self, "rhs", term(self.rhs))
        object.__setattr__(self, "free", self.lhs.free | self.rhs.free)

    @property
    def key(self) -> str:
        return f"{self.lhs.key} {self.rel} {self.rhs.key}"

    def map(self, f) -> "Claim":
        return Claim(f(self.lhs), self.rel, f(self.rhs))


def le(a, b) -> Claim:
    return Claim(a, "<=", b)


def lt(a, b) -> Claim:
    return Claim(a, "<", b)


def eq(a, b) -> Claim:
    return Claim(a, "==", b)


def dominated(a, b) -> Claim:
    """Absolute continuity at a point: b = 0 implies a = 0."""
    return Claim(a, "<<", b)


def conditions(sup: Term, v: Term) -> tuple[Claim, ...]:
    """What a member v of the set under a supremum satisfies."""
    bound, lower, upper, g, budget = sup.args
    above = Claim(v, "<" if sup.data[0] else "<=", upper)
    return le(lower, v), above, le(substitute(g, {bound: v}), budget)


def fresh(i: Term, taken) -> Term:
    """A renamed copy of a bound variable or index that clashes with nothing in `taken`."""
    names = {t.data[0] for t in taken}
    n = 1
    while f"{i.data[0]}'{n}" in names:
        n += 1
    return Term(i.op, (), (f"{i.data[0]}'{n}",) + i.data[1:])


def substitute(t: Term, values: dict[Term, Term]) -> Term:
    """Simultaneous, capture-avoiding replacement of free variables and indices."""
    values = {k: v for k, v in values.items() if k in t.free and k != v}
    if not values:
        return t
    if t in values:
        return values[t]
    if t.op in ("integral", "maximum", "supremum"):
        bound, incoming = t.args[0], frozenset().union(*(v.free for v in values.values()))
        scope = 3 if t.op == "supremum" else 1
        args = list(t.args)
        if bound in incoming:
            new = fresh(bound, incoming | t.args[scope].free | t.args[scope].indices)
            args[0], args[scope] = new, substitute(args[scope], {bound: new})
        inner = {k: v for k, v in values.items() if k != args[0]}
        return Term(t.op, (args[0],) + tuple(substitute(a, inner if k == scope else values) for k, a in enumerate(args[1:], 1)), t.data)
    return Term(t.op, tuple(substitute(a, values) for a in t.args), t.data)
