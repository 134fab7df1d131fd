"""Lowering: from a term to an exact rational function over canonical atoms, under known facts.

Every rewrite below is an identity of total functions once the term's obligations hold (ln is read as ln|.|, the relative
term and division as 0 where undefined), so two terms with the same normal form are equal. The converse is not promised: what is not
recognised stays an atom, and the checkers refuse.
"""

from __future__ import annotations

from itertools import permutations

from .polynomials import Q, Rational, atom, factor, number, prime_powers, to_term
from .terms import Term, fresh, substitute, term, var


class Lowering:
    """Lowering in a context that knows signs (`self.sign`) and equalities of atoms (`self.rewrites`).

    `pinned` indices are particular points of which something special may be known; no bound index ever carries such a name.
    """

    def __init__(self):
        self.pinned: frozenset[Term] = frozenset()
        self.rewrites: dict[str, Rational] = {}
        self._lowered: dict[str, Rational] = {}

    def lower(self, t: Term) -> Rational:
        if t.key not in self._lowered:
            self._lowered[t.key] = self._roots(getattr(self, "_" + t.op)(t))
        return self._lowered[t.key]

    def _atom(self, t: Term) -> Rational:
        """The atom, or what a known equality says it is."""
        return self.rewrites[t.key] if t.key in self.rewrites else atom(t)

    def _canonical(self, t: Term) -> Term:
        return to_term(self.lower(t))

    def _named(self, t):
        return self.lower(t.args[0])

    def _num(self, t):
        return number(t.data[0])

    def _var(self, t):
        return self._atom(t)

    _member = _var

    def _delta(self, t):
        i, j = sorted(t.args, key=lambda a: a.key)
        return number(1) if i == j else self._atom(Term("delta", (i, j)))

    def _add(self, t):
        return self.lower(t.args[0]) + self.lower(t.args[1])

    def _mul(self, t):
        return self.lower(t.args[0]) * self.lower(t.args[1])

    def _div(self, t):
        d = self.lower(t.args[1])
        if d.zero:
            raise ZeroDivisionError("a denominator is identically zero")
        return self.lower(t.args[0]) / d

    def _pow(self, t):
        base = self.lower(t.args[0])
        if t.data[0] < 0 and base.zero:
            raise ZeroDivisionError("a denominator is identically zero")
        return base ** t.data[0]

    def _roots(self, r: Rational) -> Rational:
        """sqrt(u)**2 = u in the numerator (u >= 0 is an obligation of sqrt)."""
        if not any(t.op == "sqrt" and e > 1 for m in r.num for t, e in m):
            return r
        total = number(0)
        for m, c in r.num.items():
            part = number(c)
            for t, e in m:
                if t.op == "sqrt":
                    part = part * self.lower(t.args[0]) ** (e // 2) * atom(t) ** (e % 2)
                else:
                    part = part * atom(t) ** e
            total = total + part
        return self._roots(total / Rational(r.den))

    # logarithms, exponentials, roots

    def _factors(self, r: Rational) -> tuple[Q, list[tuple[dict, int]]]:
        c, above = factor(r.num)
        d, below = factor(r.den)
        return c / d, above + [(f, -e) for f, e in below]

    def _log(self, t):
        return self._ln(self.lower(t.args[0]))

    def _ln(self, r: Rational) -> Rational:
        """ln|r| = the sum of e ln|f| over the factors."""
        if r.zero:
            raise ZeroDivisionError("the logarithm of something identically zero")
        c, factors = self._factors(r)
        total = number(0)
        for n, side in ((abs(int(c.numerator)), 1), (int(c.denominator), -1)):
            for p, e in prime_powers(n):
                total = total + atom(Term("log", (term(p),))) * number(side * e)
        for f, e in factors:
            total = total + self._ln_factor(f) * number(e)
        return total

    def _ln_factor(self, f: dict) -> Rational:
        (m, c), *rest = f.items()
        if not rest and c == 1 and len(m) == 1 and m[0][1] == 1:
            only = m[0][0]
            if only.op == "exp":
                return self.lower(only.args[0])
            if only.op == "sqrt":
                return self._ln(self.lower(only.args[0])) * number(Q(1, 2))
        return self._atom(Term("log", (to_term(Rational(f)),)))

    def _exp(self, t):
        """exp of a sum is a product; exp(k ln f) = f**k for positive f and integer k."""
        u, out = self.lower(t.args[0]), number(1)
        for m, c in u.num.items():
            if u.den_is_constant and len(m) == 1 and m[0][0].op == "log" and m[0][1] == 1 and c.denominator == 1:
                inside = self.lower(m[0][0].args[0])
                if self.sign(inside) == {1}:
                    out = out * inside ** int(c.numerator)
                    continue
            unit = Rational({m: Q(1, c.denominator)}, u.den)
            out = out * self._atom(Term("exp", (to_term(unit),))) ** int(c.numerator)
        return out

    def _sqrt(self, t):
        """sqrt of a product of nonnegative factors is the product of the roots."""
        r = self.lower(t.args[0])
        if r.zero:
            return r
        c, factors = self._factors(r)
        if c < 0 or any(not self.sign(Rational(f)) <= {0, 1} for f, _ in factors):
            return self._atom(Term("sqrt", (to_term(r),)))
        whole, odd = Q(1, c.denominator), int(c.numerator * c.denominator)
        out = number(whole)
        for p, e in prime_powers(odd):
            out = out * number(p ** (e // 2)) * (atom(Term("sqrt", (term(p),))) ** (e % 2))
        for f, e in factors:
            out = out * Rational(f) ** (e // 2)
            if e % 2:
                out = out * self._atom(Term("sqrt", (to_term(Rational(f)),)))
        return out

    def _relative(self, t):
        """x ln(x/y): expanded where y cannot vanish, positive factors pulled out, nonnegative common ones too."""
        x, y = (self.lower(a) for a in t.args)
        if x.zero or x.key == y.key:
            return number(0)
        if 0 not in self.sign(y) or 0 not in self.sign(x):  # ln 0 stands beside a vanishing factor only, so 0 ln 0 = 0 whatever value ln 0 is given
            return x * (self._ln(x) - self._ln(y))
        pulled, extra = number(1), number(0)
        for f, e in self._sized(x):
            if 0 not in self.sign(f):
                pulled = pulled * f ** e
        for f, e in self._sized(y):
            if 0 not in self.sign(f):
                y, extra = y / f ** e, extra + self._ln(f) * number(e)
        x = x / pulled
        out = pulled * x * (self._ln(pulled) - extra)
        for f, e in self._sized(x):
            common = min(e, next((k for g, k in self._sized(y) if g.key == f.key), 0))
            if common > 0:
                x, y, pulled = x / f ** common, y / f ** common, pulled * f ** common
        if x.key == y.key:
            return out
        if 0 not in self.sign(y) or 0 not in self.sign(x):
            return out + pulled * x * (self._ln(x) - self._ln(y))
        return out + pulled * self._atom(Term("relative", (to_term(x), to_term(y))))

    def _sized(self, r: Rational) -> list[tuple[Rational, int]]:
        """The factors of known nonnegative or nonpositive sign, each turned to be nonnegative."""
        c, factors = self._factors(r)
        parts = [(number(abs(c)), 1)] + [(Rational(f), e) for f, e in factors]
        return [(f if self.sign(f) <= {0, 1} else -f, e) for f, e in parts if self.sign(f) <= {0, 1} or self.sign(f) <= {-1, 0}]

    # functionals

    def _integral(self, t):
        i, body = unpinned(t, self.pinned).args
        return self._linear(i, self.lower(body), self._functional)

    def _linear(self, i: Term, r: Rational, functional) -> Rational:
        """Linearity: what is free of the index comes out, one product at a time."""
        below, outer = number(1), Rational(r.den)
        for f, e in factor(r.den)[1]:
            if any(i in a.free for m in f for a, _ in m):
                below, outer = below * Rational(f) ** e, outer / Rational(f) ** e
        total = number(0)
        for m, c in r.num.items():
            inside = Rational({tuple((a, e) for a, e in m if i in a.free): Q(1)}) / below
            total = total + Rational({tuple((a, e) for a, e in m if i not in a.free): c}) * functional(i, inside)
        return total / outer

    def _functional(self, i: Term, part: Rational) -> Rational:
        """The functional of one product, everything free of the index already outside."""
        for a in set.intersection(*({a for a, _ in m} for m in part.num)):  # a factor of the product, not of its denominator
            if a.op == "delta" and i in a.args:
                other = a.args[0] if a.args[1] == i else a.args[1]
                return self.lower(substitute(to_term(part), {i: other}))
        chain, rest = [i], part
        while (inner := self._inner(rest)) is not None:  # a lone inner functional takes the other factors in
            j, body = unpinned(inner, self.pinned | frozenset(chain) | frozenset().union(*(a.free for a in (rest / atom(inner)).atoms))).args
            chain, rest = chain + [j], self.lower(body) * (rest / atom(inner))
        body = to_term(rest)
        if len(chain) == 1:
            return self._one(i, part)
        # finite sums, expectations and integrals commute: the order with the shortest normal form is the normal one
        forms = []
        for order in permutations(chain):
            r = self.lower(body)
            for j in reversed(order):
                r = self._linear(j, r, self._one)
            forms.append(r)
        return min(forms, key=lambda r: (len(r.key), r.key))

    @staticmethod
    def _inner(r: Rational) -> Term | None:
        """The only functional among the factors of a product, if there is exactly one and it stands to the first power."""
        found = [(a, e) for m in r.num for a, e in m if a.op == "integral"] + [(a, 0) for m in r.den for a, _ in m if a.op == "integral"]
        return found[0][0] if len(found) == 1 and found[0][1] == 1 and len(r.num) == 1 else None

    def _one(self, i: Term, part: Rational) -> Rational:
        space = i.data[1]
        if part.constant == 1 and space.kind != "measure":
            return number(1) if space.kind == "probability" else self.lower(space.size)
        return self._atom(self._bind("integral", i, to_term(part)))

    def _bind(self, op: str, i: Term, body: Term) -> Term:
        """Bound indices take the first name of their space that is not free inside, outermost first: equal up to names is equal."""
        used = (body.free - {i}) | self.pinned
        new = next((j for j in i.data[1].indices if j not in used), i)
        return Term(op, (new, body if new == i else self._canonical(substitute(body, {i: new}))))

    def _maximum(self, t):
        i, body = unpinned(t, self.pinned).args
        r = self.lower(body)
        if not any(i in a.free for a in r.atoms):
            return r
        return self._atom(self._bind("maximum", i, to_term(r)))

    def _larger(self, t):
        a, b = (self.lower(x) for x in t.args)
        s = self.sign(b - a)
        if s <= {0, 1} or s <= {-1, 0}:
            return b if s <= {0, 1} else a
        return self._atom(Term("larger", tuple(sorted((to_term(a), to_term(b)), key=lambda x: x.key))))

    def _supremum(self, t):
        v, lower, upper, g, budget = t.args
        new = var("$sup")
        if new in g.free:  # an outer supremum's variable
            new = fresh(new, g.free)
        parts = [self._canonical(x) for x in (lower, upper)] + [to_term(Unknowing().lower(substitute(g, {v: new}))), self._canonical(budget)]
        return self._atom(Term("supremum", (new, *parts), t.data))


class Unknowing(Lowering):
    """Lowering that knows no sign: the bound variable of a supremum is not under the facts of its surroundings."""

    def sign(self, r: Rational) -> set:
        c = r.constant
        return {-1, 0, 1} if c is None else {(c > 0) - (c < 0)}


def unpinned(t: Term, pinned: frozenset) -> Term:
    """The same functional or maximum with a bound index that is not pinned, one of its space's names if one is left."""
    i, body = t.args
    if i not in pinned and i.data[0] in i.data[1].names:
        return t
    taken = body.indices | pinned
    new = next((j for j in i.data[1].indices if j not in taken), i)
    if new in pinned:
        new = fresh(i, taken)
    return t if new == i else Term(t.op, (new, substitute(body, {i: new})))
