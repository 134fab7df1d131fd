"""Exact rational functions over atoms: the arithmetic in which identities are decided.

An atom is a canonical term (a variable, a logarithm, a functional, ...) treated as an independent indeterminate, so a
rational function that is zero here is zero whatever the atoms' values are. Greatest common divisors and factors come
from python-flint; every cancelled fraction is again a fraction of polynomials with denominator of leading coefficient 1.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import flint

from .terms import Term, term

Q = flint.fmpq
Monomial = tuple[tuple[Term, int], ...]
ONE: Monomial = ()


class Rational:
    """num / den, each a dict from monomial to nonzero rational, coprime, den with leading coefficient 1."""

    __slots__ = ("num", "den", "_key")

    def __init__(self, num: dict, den: dict | None = None):
        self.num, self.den = num, den or {ONE: Q(1)}
        self._key = None
        if not self.den_is_constant or self.den[ONE] != 1:
            self._cancel()

    @property
    def den_is_constant(self) -> bool:
        return len(self.den) == 1 and ONE in self.den

    def _cancel(self):
        if self.den_is_constant:
            c = self.den[ONE]
            self.num, self.den = {m: v / c for m, v in self.num.items()}, {ONE: Q(1)}
            return
        atoms = sorted({a for p in (self.num, self.den) for m in p for a, _ in m}, key=lambda a: a.key)
        n, d = to_flint(self.num, atoms), to_flint(self.den, atoms)
        g = n.gcd(d)
        n, d = n / g, d / g
        lead = d.leading_coefficient()
        self.num, self.den = from_flint(n / lead, atoms), from_flint(d / lead, atoms)

    @property
    def key(self) -> str:
        if self._key is None:
            self._key = poly_key(self.num) + " / " + poly_key(self.den)
        return self._key

    @property
    def zero(self) -> bool:
        return not self.num

    @property
    def constant(self) -> Q | None:
        if self.zero:
            return Q(0)
        return self.num[ONE] if self.den_is_constant and set(self.num) == {ONE} else None

    @property
    def atoms(self) -> set[Term]:
        return {a for p in (self.num, self.den) for m in p for a, _ in m}

    def __add__(self, o):
        if self.den == o.den:
            return Rational(padd(self.num, o.num), self.den)
        return Rational(padd(pmul(self.num, o.den), pmul(o.num, self.den)), pmul(self.den, o.den))

    def __neg__(self):
        return Rational({m: -c for m, c in self.num.items()}, self.den)

    def __sub__(self, o):
        return self + -o

    def __mul__(self, o):
        return Rational(pmul(self.num, o.num), pmul(self.den, o.den))

    def __truediv__(self, o):
        return Rational(pmul(self.num, o.den), pmul(self.den, o.num))

    def __pow__(self, n: int):
        out = number(1)
        for _ in range(abs(n)):
            out = out * self
        return out if n >= 0 else number(1) / out


def number(c) -> Rational:
    return Rational({ONE: rational(c)} if c else {})


def rational(c) -> Q:
    """A flint rational from an int, a Fraction or a flint rational."""
    return c if isinstance(c, Q) else Q(c.numerator, c.denominator)


def fraction(c) -> Fraction:
    return Fraction(int(c.numerator), int(c.denominator))


def atom(t: Term) -> Rational:
    return Rational({((t, 1),): Q(1)})


def padd(p: dict, q: dict) -> dict:
    out = dict(p)
    for m, c in q.items():
        total = out.get(m, 0) + c
        if total:
            out[m] = total
        else:
            out.pop(m, None)
    return out


def mono_mul(a: Monomial, b: Monomial) -> Monomial:
    if not b:
        return a
    powers = dict(a)
    for t, e in b:
        # a Kronecker delta is 0 or 1, hence equal to its own powers
        powers[t] = 1 if t.op == "delta" else powers.get(t, 0) + e
    return tuple(sorted(powers.items(), key=lambda te: te[0].key))


def pmul(p: dict, q: dict) -> dict:
    out: dict = {}
    for a, x in p.items():
        for b, y in q.items():
            m = mono_mul(a, b)
            total = out.get(m, 0) + x * y
            if total:
                out[m] = total
            else:
                out.pop(m, None)
    return out


@lru_cache(maxsize=None)
def _written(m: Monomial) -> tuple[str, str]:
    """What a monomial is sorted by, and how it is written in a key."""
    return str([(t.key, e) for t, e in m]), "*".join(f"{t.key}^{e}" for t, e in m)


def poly_key(p: dict) -> str:
    if len(p) == 1:
        (m, c), = p.items()
        return f"{c}*{_written(m)[1]}"
    return " + ".join(f"{c}*{text}" for (_, text), c in sorted(((_written(m), c) for m, c in p.items()), key=lambda wc: wc[0])) or "0"


_products: dict[tuple[str, str], dict] = {}


def product_of(p: dict, q: dict) -> dict:
    """The product of two polynomials, found once: a context asks for those of its facts again and again."""
    key = poly_key(p), poly_key(q)
    if key not in _products:
        _products[key] = pmul(p, q)
    return _products[key]


def to_flint(p: dict, atoms: list):
    ctx = flint.fmpq_mpoly_ctx.get([f"x{k}" for k in range(len(atoms))], "lex")
    place = {a: k for k, a in enumerate(atoms)}
    out = {}
    for m, c in p.items():
        e = [0] * len(atoms)
        for t, n in m:
            e[place[t]] = n
        out[tuple(e)] = c
    return ctx.from_dict(out)


def from_flint(p, atoms: list) -> dict:
    return {tuple((atoms[k], int(n)) for k, n in enumerate(e) if n): c for e, c in p.to_dict().items()}


_factors: dict[str, tuple] = {}


def factor(p: dict) -> tuple[Q, list[tuple[dict, int]]]:
    """Content and irreducible factors over the rationals, each with leading coefficient 1 and its multiplicity."""
    key = poly_key(p)
    if key not in _factors:
        atoms = sorted({a for m in p for a, _ in m}, key=lambda a: a.key)
        if not atoms:
            _factors[key] = (p.get(ONE, Q(0)), [])
        else:
            content, parts = to_flint(p, atoms).factor()
            c, out = content, []
            for f, e in parts:
                lead = f.leading_coefficient()
                c *= lead ** int(e)
                out.append((from_flint(f / lead, atoms), int(e)))
            _factors[key] = (c, out)
    return _factors[key]


@lru_cache(maxsize=None)
def prime_powers(n: int) -> tuple[tuple[int, int], ...]:
    return tuple((int(p), int(e)) for p, e in flint.fmpz(n).factor())


def to_term(r: Rational) -> Term:
    """The rational function as a term, in one fixed order."""

    def poly(p):
        total = None
        for m, c in sorted(p.items(), key=lambda mc: _written(mc[0])):
            part = None if c == 1 and m else term(fraction(c))
            for t, e in m:
                power = t if e == 1 else t**e
                part = power if part is None else part * power
            total = part if total is None else total + part
        return term(0) if total is None else total

    return poly(r.num) if r.den_is_constant else poly(r.num) / poly(r.den)
