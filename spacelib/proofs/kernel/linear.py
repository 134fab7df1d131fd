"""Nonnegative combinations of polynomials, found by the simplex method and then verified by recomputing them."""

from __future__ import annotations

from functools import lru_cache

from .polynomials import Q, padd


def nonnegative_combination(f: dict, known: list[tuple[dict, bool]]) -> str | None:
    """Is f = sum c_k g_k with c_k >= 0, where each known (g_k, strict) is >= 0, or > 0 if strict?

    "positive" if some strict g_k has c_k > 0, "nonnegative" if a combination exists, None if none was found. The search
    may fail without harm: what it finds is checked here, exactly.
    """
    used = _presolve(f, [g for g, _ in known])
    if used is None:
        return None
    known = [known[k] for k in used]
    rows = sorted({m for p in [f] + [g for g, _ in known] for m in p}, key=_order)
    place = {m: k for k, m in enumerate(rows)}
    weights = _simplex([_column(g, place) for g, _ in known], _column(f, place), [strict for _, strict in known])
    if weights is None:
        return None
    total: dict = {}
    for c, (g, _) in zip(weights, known):
        if c < 0:
            return None
        if c != 0:
            total = padd(total, {m: v * c for m, v in g.items()})
    if total != f:
        return None
    return "positive" if any(c > 0 and strict for c, (_, strict) in zip(weights, known)) else "nonnegative"


def _column(p: dict, place: dict) -> list:
    """The coefficients of a polynomial, each at its monomial's place."""
    out = [Q(0)] * len(place)
    for m, c in p.items():
        out[place[m]] = c
    return out


@lru_cache(maxsize=None)
def _order(m) -> str:
    """What monomials are sorted by: the simplex method meets them in one order in every run."""
    return str(m)


def _presolve(f: dict, columns: list[dict]) -> list[int] | None:
    """Which columns may have a positive coefficient: nothing cancels a monomial that only one sign can bring in."""
    live = set(range(len(columns)))
    while True:
        sides: dict = {}
        for k in live:
            for m, c in columns[k].items():
                sides.setdefault(m, set()).add(1 if c > 0 else -1)
        if any((1 if c > 0 else -1) not in sides.get(m, ()) for m, c in f.items()):
            return None
        stuck = {m for m, s in sides.items() if len(s) == 1 and m not in f}
        dead = {k for k in live if any(m in stuck for m in columns[k])}
        if not dead:
            return sorted(live)
        live -= dead


def _simplex(columns, target, favoured) -> list | None:
    """c >= 0 with sum c_k column_k = target, a favoured coefficient positive if possible; Bland's rule, exact."""
    n, m = len(columns), len(target)
    zero, one = Q(0), Q(1)
    table = [[columns[k][r] for k in range(n)] + [target[r]] for r in range(m)]
    table = [[-v for v in row] if row[-1] < 0 else row for row in table]
    basis: list[int | None] = [None] * m  # None: an artificial variable, never to enter again

    def pivot(rows, r, k):
        lead = rows[r][k]
        rows[r] = [v / lead if v != zero else zero for v in rows[r]]
        support = [j for j, v in enumerate(rows[r]) if v != zero]
        for i, row in enumerate(rows):
            if i != r and row[k] != zero:
                c = row[k]
                for j in support:
                    row[j] -= c * rows[r][j]
        basis[r] = k

    def maximise(gain):
        """Pivot until no column raises the gain; the gain row rides along as the last row."""
        rows = table + [gain]
        for _ in range(200):
            enter = next((k for k in range(n) if gain[k] > zero), None)
            if enter is None:
                break
            ratios = [(table[i][-1] / table[i][enter], -1 if basis[i] is None else basis[i], i) for i in range(m) if table[i][enter] > zero]
            if not ratios:
                break
            pivot(rows, min(ratios)[2], enter)
            table[:], gain = rows[:-1], rows[-1]
            rows = table + [gain]

    maximise([sum((row[k] for row in table), zero) for k in range(n + 1)])
    if any(basis[i] is None and table[i][-1] != zero for i in range(m)):
        return None
    for i in range(m):  # artificial variables at zero leave where they can
        if basis[i] is None:
            k = next((k for k in range(n) if table[i][k] != zero), None)
            if k is not None:
                pivot(table, i, k)
    gain = [one if f else zero for f in favoured] + [zero]
    for i in range(m):
        if basis[i] is not None and favoured[basis[i]]:
            gain = [a - b for a, b in zip(gain, table[i])]
    maximise(gain)
    weights = [zero] * n
    for i in range(m):
        if basis[i] is not None:
            weights[basis[i]] = table[i][-1]
    return weights
