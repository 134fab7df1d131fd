"""Terms as numbers: exact rationals where possible, rigorous balls elsewhere; and the truth of a claim in a model.

A model gives a value to each variable, each member of each family and each point's weight. It is how witnesses,
ablations, mutants' counterexamples and `ball` checks are certified, and how a statement is lowered to numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from itertools import product

import flint

from .terms import Claim, Space, Term

Q, Ball = flint.fmpq, flint.arb
PRECISION = 128


class Undefined(ArithmeticError):
    """The term certainly means nothing in this model."""


class Undecided(Undefined):
    """The balls do not tell whether the term means anything in this model."""


@dataclass
class Model:
    """Variables by name, families by name (a dict from index tuples), spaces by name (a list of weights)."""

    variables: dict = field(default_factory=dict)
    families: dict = field(default_factory=dict)
    spaces: dict = field(default_factory=dict)
    suprema: dict = field(default_factory=dict, repr=False, compare=False)  # values already found, by term and free values
    kept: dict | None = field(default=None, repr=False, compare=False)  # of a model that changes no more: values already found, by term

    def points(self, space: Space) -> range:
        return range(len(self.spaces[space.name]))

    def weight(self, space: Space, point: int):
        return Q(1) if space.kind == "finite" else exact(self.spaces[space.name][point])


def exact(x):
    """An exact rational from an int, a Fraction or a decimal float's exact value; balls stay balls."""
    if isinstance(x, (Q, Ball)):
        return x
    x = x if isinstance(x, (Fraction, int)) else Fraction(x)
    return Q(x.numerator, x.denominator)


@lru_cache(maxsize=4096)
def _number(key: str) -> Q:
    """The value of a number from its key: a string is looked up faster than a fraction."""
    return exact(Fraction(key))


def ball(x) -> Ball:
    return x if isinstance(x, Ball) else Ball(x)


def pair(a, b):
    """Two numbers in one type."""
    return (a, b) if isinstance(a, Q) and isinstance(b, Q) else (ball(a), ball(b))


def compare(a, b) -> int | None:
    """-1, 0, 1 for a < b, a = b, a > b; None where the balls do not tell."""
    a, b = pair(a, b)
    if a < b:
        return -1
    if a > b:
        return 1
    return 0 if isinstance(a, Q) else None


def evaluate(t: Term, model: Model, env: dict | None = None):
    """The value of a term; `env` gives points to its free indices and values to bound variables."""
    with flint.ctx.workprec(PRECISION):
        return _value(t, model, env or {})


def _value(t: Term, m: Model, env: dict):
    """The value, found once in a model that keeps what does not depend on `env`."""
    if m.kept is None or not t.args or not t.free.isdisjoint(env):
        return _found(t, m, env)
    if t.key not in m.kept:
        m.kept[t.key] = _found(t, m, env)
    return m.kept[t.key]


def _found(t: Term, m: Model, env: dict):
    op = t.op
    if op == "num":
        return _number(t.key)
    if op == "var":
        return exact(env[t] if t in env else m.variables[t.data[0]])
    if op == "member":
        return exact(m.families[t.data[0]][tuple([env[i] for i in t.args])])
    if op == "delta":
        return Q(int(env[t.args[0]] == env[t.args[1]]))
    if op == "named":
        return _value(t.args[0], m, env)
    if op == "integral":
        i, body = t.args
        total = Q(0)
        for k in m.points(i.data[1]):
            w = m.weight(i.data[1], k)
            a, b = pair(total, _times(w, _value(body, m, env | {i: k})))
            total = a + b
        return total
    if op == "maximum":
        i, body = t.args
        return _largest([_value(body, m, env | {i: k}) for k in m.points(i.data[1])])
    if op == "supremum":
        return _supremum(t, m, env)
    args = [_value(a, m, env) for a in t.args]
    if op == "add":
        a, b = pair(*args)
        return a + b
    if op == "mul":
        return _times(*args)
    if op == "div":
        return _times(args[0], _inverse(args[1]))
    if op == "pow":
        base = args[0] if t.data[0] >= 0 else _inverse(args[0])
        return base ** abs(t.data[0]) if t.data[0] else Q(1)
    if op == "log":
        return _log(args[0])
    if op == "exp":
        return Q(1) if args[0] == 0 and isinstance(args[0], Q) else ball(args[0]).exp()
    if op == "sqrt":
        if compare(args[0], Q(0)) == -1:
            raise Undefined("square root of a negative number")
        return Q(0) if args[0] == 0 and isinstance(args[0], Q) else ball(args[0]).sqrt()
    if op == "relative":
        return _relative(*args)
    if op == "larger":
        return _largest(args)
    raise ValueError(f"operation {op!r}: no value is known for it")


def _times(a, b):
    if (isinstance(a, Q) and not a) or (isinstance(b, Q) and not b):
        return Q(0)
    a, b = pair(a, b)
    return a * b


def _inverse(a):
    if (c := compare(a, Q(0))) in (0, None):
        raise Undecided("division by what may be zero") if c is None else Undefined("division by zero")
    return 1 / a


def _log(a):
    if (c := compare(a, Q(0))) != 1:
        raise Undecided("logarithm of what may be nonpositive") if c is None else Undefined("logarithm of a nonpositive number")
    return Q(0) if isinstance(a, Q) and a == 1 else ball(a).log()


def _relative(x, y):
    if compare(x, Q(0)) == 0:
        if compare(y, Q(0)) == -1:
            raise Undefined("x ln(x/y) with negative y")
        return Q(0)
    if compare(x, Q(0)) == -1 or compare(y, Q(0)) in (-1, 0):
        raise Undefined("x ln(x/y) outside its domain")
    if compare(y, Q(0)) is None:
        raise Undecided("x ln(x/y) near y = 0")
    if compare(x, Q(0)) is None:  # a ball around zero: x ln(x/y) lies between -y/e and its value at the upper end
        top = ball(x).upper()
        y = ball(y)
        return (-y / ball(1).exp()).union(_times(top, _log(top / y)).max(ball(0))) if top > 0 else ball(0)
    return _times(x, _log(_times(x, _inverse(y))))


def _largest(values):
    out = values[0]
    for v in values[1:]:
        a, b = pair(out, v)
        out = (a if a > b else b) if isinstance(a, Q) else a.max(b)
    return out


def _supremum(t: Term, m: Model, env: dict):
    """The enclosure of a supremum, remembered at exact values: mutants of one claim ask for the same ones again."""
    values = {v.key: env[v] if v in env else m.variables.get(v.data[0]) for v in t.free}
    if any(isinstance(x, Ball) for x in values.values()):  # two balls that print alike need not be alike
        return _enclosure(t, m, env)
    key = (t.key, tuple(sorted((k, str(x)) for k, x in values.items())))
    if key not in m.suprema:
        m.suprema[key] = _enclosure(t, m, env)
    return m.suprema[key]


def _enclosure(t: Term, m: Model, env: dict):
    """Members certified from below, cells certified to hold no member from above."""
    v, low, high, g, budget = t.args
    low, high, budget = (_value(a, m, env) for a in (low, high, budget))
    if compare(_value(g, m, env | {v: low}), budget) == 1 or compare(low, high) == 1:
        raise Undefined("a supremum over an empty set")
    env = dict(env)
    g = _fold(g, v, m, env)
    member = low

    def inside(x):
        try:
            return compare(_value(g, m, env | {v: x}), budget) in (-1, 0)
        except Undefined:
            return False

    def empty(a, b, depth=6):
        if compare(_least(g, m, env | {v: a.union(b)}), budget) == 1:
            return True
        mid = ((a + b) / 2).mid()
        return depth > 0 and empty(a, mid, depth - 1) and empty(mid, b, depth - 1)

    if not t.data[0] and inside(high):
        return high
    a, b = ball(low).upper(), ball(high).lower()  # between the two, whatever values in their balls the ends have
    for _ in range(36):
        mid = ((a + b) / 2).mid()
        if not a < mid < b:
            break
        if inside(mid):
            a = member = mid
        else:
            b = mid
    top = ball(high).upper()
    b = ball(low).lower().min(b) if b < a else b
    # the set may have a gap: from the top down to the last member, cell by cell, the rest is certified empty
    width, upper = (top - b).mid(), top
    for _ in range(30):
        if not width > 0 or not empty((b + width / 2).mid(), upper):
            break
        width = (width / 2).mid()
        upper = (b + width).mid()
    return ball(member).union(upper)


def _fold(g: Term, v: Term, m: Model, env: dict) -> Term:
    """The term with all that is free of v evaluated once and kept in `env` under names of its own."""
    if v not in g.free:
        if g.op == "num":
            return g
        name = Term("var", (), (f"${len(env)}",))
        env[name] = _value(g, m, env)
        return name
    if g.op in ("integral", "maximum", "supremum") or g == v:
        return g
    return Term(g.op, tuple(_fold(a, v, m, env) for a in (g.args[:1] if g.op == "named" else g.args)), g.data)


def _least(g: Term, m: Model, env: dict) -> Ball:
    """A lower bound of a term; sums of x ln(x/y) keep one where y may vanish and the value has no upper bound."""
    if g.op == "named":
        return _least(g.args[0], m, env)
    if g.op == "add":
        return _least(g.args[0], m, env) + _least(g.args[1], m, env)
    try:
        return ball(_value(g, m, env)).lower()
    except Undefined:
        if g.op == "relative":
            x, y = (ball(_value(a, m, env)) for a in g.args)
            if x > 0 and y.upper() > 0:
                return (x * (x / y.upper()).log()).lower()
    return ball("-inf")


def truth(claim: Claim, model: Model, env: dict | None = None, given: tuple[Claim, ...] = ()) -> bool | None:
    """Certified truth of a claim at all points of its free indices that satisfy `given`; None where undecided."""
    env = env or {}
    free = sorted({i for c in (claim, *given) for i in c.free if i.op == "index" and i not in env}, key=lambda i: i.key)
    answers = set()
    for points in product(*(model.points(i.data[1]) for i in free)):
        here = env | dict(zip(free, points))
        holds = [at_point(g, model, here) for g in given]
        if False in holds:
            continue
        answers.add(None if None in holds else at_point(claim, model, here))
    return False if False in answers else None if None in answers else True


def at_point(claim: Claim, model: Model, env: dict) -> bool | None:
    a, b = evaluate(claim.lhs, model, env), evaluate(claim.rhs, model, env)
    c = compare(a, b)
    if claim.rel == "==":
        return None if c is None else c == 0
    if claim.rel == "<<":
        zero_b, zero_a = compare(b, Q(0)), compare(a, Q(0))
        return True if zero_b in (-1, 1) else None if zero_b is None else None if zero_a is None else zero_a == 0
    if c is None:
        return None
    return c == -1 or (claim.rel == "<=" and c == 0)
