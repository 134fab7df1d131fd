"""Derivatives of terms, and the passage to sympy that limits and root counting need."""

from __future__ import annotations

import sympy

from .context import Context
from .polynomials import Q, Rational, factor, number
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


def limit(r: Rational, v: Term, to, side: str, context: Context, symbols: dict) -> sympy.Expr:
    """The one-sided limit of r as v tends to `to`: coefficients free of v times limits of functions of v alone.

    No parameter enters a limit: sympy takes parameters to be in general position, and a theorem holds also where they are not.
    """
    below, outer = number(1), Rational(r.den)
    for f, e in factor(r.den)[1]:
        if any(v in t.free for m in f for t, _ in m):
            below, outer = below * Rational(f) ** e, outer / Rational(f) ** e
    parts: dict = {}
    for m, c in r.num.items():
        outside, inside = (tuple((t, e) for t, e in m if (v in t.free) == with_v) for with_v in (False, True))
        parts.setdefault(outside, {})[inside] = c
    total = sympy.Integer(0)
    for outside, inside in parts.items():
        part = Rational(inside) / below
        parameters = sorted({x.key for t in part.atoms for x in t.free} - {v.key})
        if parameters:
            raise ValueError(f"the limit in {v.key} depends on the parameter {parameters[0]}")
        at = symbols.setdefault(v.key, sympy.Symbol("v", real=True))
        try:
            reached = sympy.limit(to_sympy(part, v, context, symbols), at, to, dir=side)
        except NotImplementedError:
            raise ValueError("sympy does not decide this limit") from None
        if not (reached.is_number and reached.is_finite):
            raise ValueError(f"a part has no finite limit: {reached}")
        total += to_sympy(Rational({outside: Q(1)}), v, context, symbols) * reached
    return total / to_sympy(outer, v, context, symbols)


def to_sympy(r: Rational, v: Term, context: Context, symbols: dict) -> sympy.Expr:
    """The rational function in sympy: logarithms, exponentials and roots as themselves, v and what is free of it as symbols."""

    def atom(t: Term) -> sympy.Expr:
        if t.op in ("log", "exp", "sqrt"):
            inside = to_sympy(context.lower(t.args[0]), v, context, symbols)
            return {"log": lambda x: sympy.log(sympy.Abs(x)), "exp": sympy.exp, "sqrt": sympy.sqrt}[t.op](inside)
        if t != v and v in t.free:
            raise ValueError(f"{t.op} depends on {v.key}: no limit is taken inside it")
        return symbols.setdefault(t.key, sympy.Symbol(f"a{len(symbols)}", real=True))

    def poly(p: dict) -> sympy.Expr:
        return sum((sympy.Rational(int(c.numerator), int(c.denominator)) * sympy.prod([atom(t) ** e for t, e in m]) for m, c in p.items()), sympy.Integer(0))

    return poly(r.num) / poly(r.den)
