"""What is known where a step stands: signs, equalities, absolute continuity, and what follows from them.

A sign is the set of values in {-1, 0, 1} that is not excluded, so ignorance is {-1, 0, 1} and every answer here is safe:
"unknown" never turns into "true".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations_with_replacement, product

from .linear import nonnegative_combination
from .normal import Lowering
from .polynomials import ONE, Q, Rational, factor, number, poly_key, product_of, to_term
from .terms import Claim, Term, substitute, term, unfold

ANY = frozenset({-1, 0, 1})


@dataclass(frozen=True)
class Fact:
    """A known claim. It holds for all its free indices but the `rigid` ones, which are particular points."""

    claim: Claim
    rigid: frozenset = frozenset()


def times(a: frozenset, b: frozenset) -> frozenset:
    return frozenset(x * y for x in a for y in b)


def power(a: frozenset, n: int) -> frozenset:
    return a if n % 2 else frozenset(x * x for x in a)


def plus(a: frozenset, b: frozenset) -> frozenset:
    return frozenset(s for x in a for y in b for s in ((x,) if x == y or y == 0 else (y,) if x == 0 else ANY))


class Context(Lowering):
    """Facts, and the questions one may ask them."""

    def __init__(self, facts: tuple[Fact, ...]):
        super().__init__()
        self.pinned = frozenset().union(frozenset(), *(f.rigid for f in facts))
        self.table: dict[str, tuple[dict, frozenset]] = {}
        self.continuity: list[tuple[Rational, Rational]] = []
        self._signs: dict[tuple, frozenset] = {}
        instances = [c for f in facts for c in self._instances(f)]
        for _ in range(2):  # signs learnt late may sharpen the normal form of what was said early
            self._lowered.clear(), self._signs.clear()
            self.continuity = []
            for c in instances:
                self._learn(c)
            self._lowered.clear(), self._signs.clear()
            self.rewrites = {k: self.lower(to_term(r)) for k, r in self.rewrites.items()}
            self._lowered.clear(), self._signs.clear()
            for x, y in self.continuity:
                if self.sign(y) == {0}:
                    self._record(x, frozenset({0}))
                if 0 not in self.sign(x) and not y.zero:
                    for f, _ in self._factors(y)[1]:
                        self._record(Rational(f), frozenset({-1, 1}))
        self._lowered.clear(), self._signs.clear()

    @staticmethod
    def _instances(fact: Fact):
        """The fact at every naming of its free indices."""
        claim = fact.claim.map(unfold)
        free = sorted((i for i in claim.free if i.op == "index" and i not in fact.rigid), key=lambda i: i.key)
        for names in product(*(i.data[1].indices for i in free)):
            yield claim.map(lambda t: substitute(t, dict(zip(free, names))))

    def _learn(self, c: Claim):
        a, b = self.lower(c.lhs), self.lower(c.rhs)
        if c.rel == "<<":
            self.continuity.append((a, b))
            return
        if c.rel == "==":
            for left, right in ((a, b), (b, a)):
                single = self._single(left)
                if single is not None and single not in right.atoms and not any(single.key in t.key for t in right.atoms):
                    self.rewrites[single.key] = right
                    return
        self._record(b - a, {"==": frozenset({0}), "<=": frozenset({0, 1}), "<": frozenset({1})}[c.rel])

    @staticmethod
    def _single(r: Rational) -> Term | None:
        if r.den_is_constant and len(r.num) == 1:
            (m, c), = r.num.items()
            if c == 1 and len(m) == 1 and m[0][1] == 1 and m[0][0].op in ("var", "member", "integral", "delta"):
                return m[0][0]
        return None

    def _record(self, d: Rational, signs: frozenset):
        if d.zero:
            return
        below = self.sign(Rational(d.den))
        p = d.num if below == {1} else (-d).num if below == {-1} else (d * Rational(d.den) ** 2).num
        content, factors = factor(p)
        for f, e in factors:  # a factor of certain sign tells the sign of the rest
            s = self.sign(Rational(f)) if len(factors) > 1 else ANY
            if s == {1} or s == {-1}:
                p = (Rational(p) / Rational(f) ** e).num
                signs = times(signs, s) if e % 2 else signs
        content, factors = factor(p)
        if 0 not in signs and len(factors) > 1:
            for f, _ in factors:
                self._record(Rational(f), frozenset({-1, 1}))
        p = {m: v / content for m, v in p.items()}
        signs = signs if content > 0 else times(signs, frozenset({-1}))
        key = poly_key(p)
        self.table[key] = (p, self.table.get(key, (p, ANY))[1] & signs)

    # signs

    def sign(self, r: Rational, hard: bool = False) -> frozenset:
        return times(self._sign(r.num, hard), self._sign(r.den, hard))

    def _sign(self, p: dict, hard: bool) -> frozenset:
        if not p:
            return frozenset({0})
        key = (poly_key(p), hard)
        if key not in self._signs:
            self._signs[key] = ANY  # a question that leads back to itself is undecided
            content, factors = factor(p)
            positive = frozenset({1 if content > 0 else -1})
            out = positive
            for f, e in factors:
                out = times(out, power(self._factor_sign(f, hard), e))
            known = self.table.get(poly_key({m: c / content for m, c in p.items()}), (p, ANY))[1]
            self._signs[key] = out & times(known, positive)
        return self._signs[key]

    def _factor_sign(self, f: dict, hard: bool) -> frozenset:
        out = self.table.get(poly_key(f), (f, ANY))[1]
        terms = frozenset({0})
        for m, c in f.items():
            s = frozenset({1 if c > 0 else -1})
            for a, e in m:
                s = times(s, power(self._atom_sign(a, hard), e))
            terms = plus(terms, s)
        out &= terms
        if len(out) == 1 or out == {-1, 1} and not hard:
            return out
        if 1 in out or 0 in out:
            if -1 in out:
                found = self._combination(f, hard)
                out -= {"nonnegative": {-1}, "positive": {-1, 0}}.get(found, set())
            elif 0 in out and self._combination(f, hard) == "positive":
                out -= {0}
        if 1 in out and -1 in out or out == {-1, 0}:
            found = self._combination({m: -c for m, c in f.items()}, hard)
            out -= {"nonnegative": {1}, "positive": {1, 0}}.get(found, set())
        return frozenset(out)

    def _atom_sign(self, a: Term, hard: bool) -> frozenset:
        out = self.table.get(poly_key({((a, 1),): Q(1)}), (None, ANY))[1]
        if a.op == "exp":
            return out & {1}
        if a.op == "delta":
            return out & {0, 1}
        if a.op == "sqrt":
            return out & ({1} if 0 not in self.sign(self.lower(a.args[0])) else {0, 1})
        if a.op == "log":
            f = self.lower(a.args[0])
            at_zero = self.sign(f) & {0}  # ln 0 may be read as anything, as 0 here
            return out & (self.sign(f - number(1), hard) | at_zero) if self.sign(f) <= {0, 1} else out
        if a.op in ("integral", "maximum"):
            body = self.sign(self.lower(a.args[1]), hard)
            strict = a.op == "maximum" or a.args[0].data[1].kind != "measure"
            return out & (body if strict and len(body) == 1 else body | {0} if len(body | {0}) < 3 else ANY)
        if a.op == "larger":
            one, two = (self.sign(self.lower(x), hard) for x in a.args)
            return out & {max(x, y) for x in one for y in two}
        return out

    def _combination(self, f: dict, hard: bool) -> str | None:
        """Is f a nonnegative combination of what is known? "positive", "nonnegative" or None."""
        inside = {key: frozenset(a for m in p for a, _ in m) for key, (p, s) in self.table.items() if s <= {0, 1} or s <= {-1, 0}}
        first = reach = self._reach({a for m in f for a, _ in m}, inside.values())
        while (wider := self._reach(reach, inside.values())) != reach:
            reach = wider
        known: list[tuple[dict, bool]] = [({ONE: Q(1)}, True)]
        for key, atoms in inside.items():
            if atoms <= reach:
                p, s = self.table[key]
                if s <= {0, 1}:
                    known.append((p, s == {1}))
                if s <= {-1, 0}:
                    known.append(({m: -c for m, c in p.items()}, s == {-1}))
        for a in sorted(reach, key=lambda a: a.key):
            s = self._atom_sign(a, False) if a.op not in ("var", "member") else ANY
            if s <= {0, 1} or s <= {-1, 0}:
                known.append(({((a, 1),): Q(1 if s <= {0, 1} else -1)}, 0 not in s))
            if a.op == "delta":
                known.append(({ONE: Q(1), ((a, 1),): Q(-1)}, False))
        if hard:
            close = [k for k in known[1:] if all(a in first for m in k[0] for a, _ in m)]
            known += [(product_of(p, q), s and t) for (p, s), (q, t) in combinations_with_replacement(close, 2)]
            known += [({((a, 2),): Q(1)}, False) for a in sorted(first, key=lambda a: a.key)]
        return nonnegative_combination(f, known)

    @staticmethod
    def _reach(atoms: set, together) -> set:
        """The atoms, and those that stand together with one of them."""
        return atoms.union(*(those for those in together if not atoms.isdisjoint(those)))

    # absolute continuity and whole claims

    def vanishes_with(self, x: Rational, y: Rational) -> bool:
        """Does y = 0 imply x = 0?"""
        if x.zero or 0 not in self.sign(y, True):
            return True
        if y.zero:
            return False
        fx, fy = self._factors(x)[1], self._factors(y)[1]
        divisors = [f for f, e in fx if e > 0]

        def forces(f: dict, chain: int) -> bool:
            """Does f = 0 imply x = 0, by a divisor, a bound |x| <= |f|, or known absolute continuity?"""
            if f in divisors or 0 not in self.sign(Rational(f)):
                return True
            bound = self._magnitude(Rational(f))
            smaller = [self._magnitude(r) for r in [Rational(g) for g in divisors] + [x]]
            if bound and any(r and self.sign(bound - r, True) <= {0, 1} for r in smaller):
                return True
            return chain > 0 and any(f in [g for g, e in self._factors(v)[1] if e > 0] and all(forces(g, chain - 1) for g, e in self._factors(u)[1] if e > 0)
                                     for u, v in self.continuity if not u.zero and not v.zero)

        return all(forces(f, 2) for f, e in fy if e > 0)

    def _magnitude(self, r: Rational) -> Rational | None:
        """|r| where the sign of r is known up to zero."""
        s = self.sign(r, True)
        return r if s <= {0, 1} else -r if s <= {-1, 0} else None

    def holds(self, c: Claim) -> bool:
        """Does the claim follow from the facts by the rules of this file? False means: undecided."""
        a, b = self.lower(c.lhs), self.lower(c.rhs)
        if c.rel == "<<":
            return self.vanishes_with(a, b)
        d = b - a
        if c.rel == "==":
            return d.zero or self.sign(d, True) == {0}
        allowed = {"<=": {0, 1}, "<": {1}}[c.rel]
        if c.lhs == term(0) and self._shape_sign(c.rhs) <= allowed:
            return True
        return self.sign(d) <= allowed or self.sign(d, True) <= allowed

    def _shape_sign(self, t: Term) -> frozenset:
        """The sign that the written form of a term shows: squares, products, sums."""
        if t.op == "named":
            return self._shape_sign(t.args[0])
        known = self.sign(self.lower(t))
        if t.op == "pow" and t.data[0] > 0:
            known &= power(self._shape_sign(t.args[0]), t.data[0])
        elif t.op in ("add", "mul"):
            known &= (plus if t.op == "add" else times)(self._shape_sign(t.args[0]), self._shape_sign(t.args[1]))
        return known

    def nonzero(self, t: Term) -> bool:
        r = self.lower(t)
        return 0 not in self.sign(r) or 0 not in self.sign(r, True)


@lru_cache(maxsize=256)
def _context(facts: tuple[Fact, ...]) -> Context:
    return Context(facts)


def context_of(facts) -> Context:
    """The context of some facts; the same facts give the same context, which only ever remembers its own answers."""
    return _context(tuple(facts))
