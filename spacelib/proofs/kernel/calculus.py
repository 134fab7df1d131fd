"""Derivatives of terms, and the passage to sympy that limits and root counting need."""

from __future__ import annotations

import sympy

from .context import Context
from .polynomials import Rational
from .polynomials import atom as atom_of
from .terms import Term, ln, term


def derivative(t: Term, v: Term) -> Term:
    """d t / d v, as a term whose obligations say where it exists."""
    if v not in t.free:
        return term(0)
    if t == v:
        return term(1)
    a = t.args
    if t.op == "named":
        return derivative(a[0], v)
    if t.op == "add":
        return derivative(a[0], v) + derivative(a[1], v)
    if t.op == "mul":
        return derivative(a[0], v) * a[1] + a[0] * derivative(a[1], v)
    if t.op == "div":
        return (derivative(a[0], v) * a[1] - a[0] * derivative(a[1], v)) / a[1] ** 2
    if t.op == "pow":
        n = t.data[0]
        return n * a[0] ** (n - 1) * derivative(a[0], v)
    if t.op == "log":
        return derivative(a[0], v) / a[0]
    if t.op == "exp":
        return t * derivative(a[0], v)
    if t.op == "sqrt":
        return derivative(a[0], v) / (2 * t)
    if t.op == "relative":
        x, y = a
        return derivative(x, v) * (ln(x / y) + 1) - x / y * derivative(y, v)
    if t.op == "integral" and a[0].data[1].kind == "finite":
        return Term("integral", (a[0], derivative(a[1], v)))
    raise ValueError(f"{t.op} depends on {v.key}: its derivative is not known to exist")


def affine(r: Rational, v: Term) -> tuple[Rational, Rational] | None:
    """(a, b) with r = a v + b and a, b free of v; None if r is not of this form."""
    if any(v in t.free for m in r.den for t, _ in m):
        return None
    slope, rest = {}, {}
    for m, c in r.num.items():
        inside = [(t, e) for t, e in m if v in t.free]
        if not inside:
            rest[m] = c
        elif inside == [(v, 1)]:
            slope[tuple((t, e) for t, e in m if t != v)] = c
        else:
            return None
    return Rational(slope, r.den), Rational(rest, r.den)


def to_sympy(r: Rational, v: Term, context: Context, symbols: dict) -> sympy.Expr:
    """The rational function in sympy, v as the symbol of that name, atoms free of v as symbols with their known sign."""

    def atom(t: Term) -> sympy.Expr:
        if t == v:
            return symbols.setdefault(t.key, sympy.Symbol("v", real=True))
        if v not in t.free:
            sign = context.sign(atom_of(t))
            assume = {"positive": True} if sign == {1} else {"nonnegative": True} if sign <= {0, 1} else {"real": True}
            return symbols.setdefault(t.key, sympy.Symbol(f"a{len(symbols)}", **assume))
        if t.op in ("log", "exp", "sqrt"):
            inside = to_sympy(context.lower(t.args[0]), v, context, symbols)
            return {"log": lambda x: sympy.log(sympy.Abs(x)), "exp": sympy.exp, "sqrt": sympy.sqrt}[t.op](inside)
        raise ValueError(f"{t.op} depends on {v.key}: no limit is taken inside it")

    def poly(p: dict) -> sympy.Expr:
        return sum((sympy.Rational(int(c.numerator), int(c.denominator)) * sympy.prod([atom(t) ** e for t, e in m]) for m, c in p.items()), sympy.Integer(0))

    return poly(r.num) / poly(r.den)
