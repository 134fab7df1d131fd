"""Terms, claims and theorems as LaTeX: the only place where a formula of a theorem is typeset."""

from __future__ import annotations

from .kernel import Claim, Term, Theorem

GREEK = {"lambda", "alpha", "beta", "theta", "phi", "kappa", "delta", "epsilon", "eta", "xi", "tau", "sigma", "pi", "gamma", "mu", "nu", "rho", "Lambda", "Gamma"}
RELATIONS = {"==": "=", "<=": r"\le", "<": "<", "<<": r"\ll"}
SUM, PRODUCT, POWER, ATOM = range(4)


def symbol(name: str) -> str:
    """A name in mathematical type: greek letters, trailing digits as indices, a caret as a hat."""
    base = name.rstrip("0123456789'^")
    tail = name[len(base):]
    digits = "".join(c for c in tail if c.isdigit())
    out = f"\\{base}" if base in GREEK else base if len(base) == 1 else rf"\mathrm{{{base}}}".replace("_", r"\_")
    out += f"_{{{digits}}}" if digits else ""
    return out + ("'" if "^" in tail or "'" in tail else "")


def latex(x: Term | Claim | Theorem) -> str:
    """LaTeX of a term, a claim, or a theorem's statement."""
    if isinstance(x, Theorem):
        return latex(x.statement)
    if isinstance(x, Claim):
        return rf"{_show(x.lhs, SUM)} {RELATIONS[x.rel]} {_show(x.rhs, SUM)}"
    return _show(x, SUM)


def _paren(text: str, level: int, wanted: int) -> str:
    return text if level >= wanted else rf"\left({text}\right)"


def _show(t: Term, wanted: int) -> str:
    text, level = _write(t)
    return _paren(text, level, wanted)


def _left(t: Term) -> str:
    """A left factor: in parentheses where its own reach would not end."""
    return _show(t, POWER if t.op in ("integral", "maximum", "log", "relative", "mul") and _reaches(t) else PRODUCT)


def _reaches(t: Term) -> bool:
    return t.op in ("integral", "maximum", "log", "relative") or t.op == "mul" and _reaches(t.args[1])


def _summands(t: Term, sign: int = 1) -> list[tuple[int, Term]]:
    """A sum as signed summands; a factor -1 is a sign."""
    if t.op == "add":
        return _summands(t.args[0], sign) + _summands(t.args[1], sign)
    if t.op == "mul":
        for k in (0, 1):
            if t.args[k].op == "num" and t.args[k].data[0] == -1:
                return _summands(t.args[1 - k], -sign) if t.args[1 - k].op != "add" else [(-sign, t.args[1 - k])]
    return [(sign, t)]


def _write(t: Term) -> tuple[str, int]:
    op, a = t.op, t.args
    if op == "num":
        v = t.data[0]
        return (str(v), ATOM if v >= 0 else SUM) if v.denominator == 1 else (rf"\tfrac{{{v.numerator}}}{{{v.denominator}}}", ATOM)
    if op in ("var", "index"):
        return symbol(t.data[0]), ATOM
    if op == "member":
        return rf"{symbol(t.data[0])}({','.join(symbol(i.data[0]) for i in a)})", ATOM
    if op == "named":
        text = t.data[0]
        for k, x in enumerate(a[1:]):
            text = text.replace(f"<{k}>", _show(x, SUM))
        return text, ATOM
    if op == "add" or op == "mul" and _summands(t) != [(1, t)]:
        parts = _summands(t)
        text = "".join((" - " if s < 0 else " + " if k else "") + _show(x, PRODUCT) for k, (s, x) in enumerate(parts))
        return text.strip(), SUM
    if op == "mul":
        return rf"{_left(a[0])}\,{_show(a[1], PRODUCT)}", PRODUCT
    if op == "div":
        return rf"\frac{{{_show(a[0], SUM)}}}{{{_show(a[1], SUM)}}}", POWER
    if op == "pow":
        return rf"{_show(a[0], ATOM)}^{{{t.data[0]}}}", POWER
    if op == "log":
        return rf"\ln {_show(a[0], POWER)}", PRODUCT
    if op == "exp":
        return rf"e^{{{_show(a[0], SUM)}}}", POWER
    if op == "sqrt":
        return rf"\sqrt{{{_show(a[0], SUM)}}}", ATOM
    if op == "relative":
        x = _left(a[0])
        over = rf"\frac{{{_show(a[0], SUM)}}}{{{_show(a[1], SUM)}}}" if not (a[1].op == "num" and a[1].data[0] == 1) else _show(a[0], POWER)
        return rf"{x}\ln {over}", PRODUCT
    if op == "delta":
        return rf"\mathbf{{1}}[{symbol(a[0].data[0])}={symbol(a[1].data[0])}]", ATOM
    if op == "integral":
        i, kind = symbol(a[0].data[0]), a[0].data[1].kind
        if kind == "probability":
            return rf"\mathbb{{E}}_{{{i}}}\!\left[{_show(a[1], SUM)}\right]", ATOM
        return (rf"\sum_{{{i}}} {_show(a[1], PRODUCT)}" if kind == "finite" else rf"\int {_show(a[1], PRODUCT)}\,d{i}"), PRODUCT
    if op == "maximum":
        return rf"\max_{{{symbol(a[0].data[0])}}} {_show(a[1], PRODUCT)}", PRODUCT
    if op == "larger":
        return rf"\max\left({_show(a[0], SUM)},\,{_show(a[1], SUM)}\right)", ATOM
    if op == "supremum":
        v, low, high, g, budget = a
        above = "<" if t.data[0] else r"\le"
        return rf"\sup\left\{{{symbol(v.data[0])} : {_show(low, SUM)} \le {symbol(v.data[0])} {above} {_show(high, SUM)},\; {_show(g, SUM)} \le {_show(budget, SUM)}\right\}}", ATOM
    raise ValueError(f"operation {op!r} has no LaTeX")
