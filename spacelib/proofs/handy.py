"""Small true facts about the terms of a claim, offered when a mutant may be a weaker truth."""

from __future__ import annotations

from collections.abc import Iterator

from .kernel import Claim, Instance, Lemma, Member, Term, le, unfold
from .words import KL_LATEX, P_VAR, Q_VAR


def parts(t: Term) -> Iterator[Term]:
    """A term and everything inside it that is not under a binder."""
    yield t
    if t.op not in ("integral", "maximum", "supremum"):
        for a in t.args if t.op != "named" else t.args[1:]:
            yield from parts(a)


def handy(claim: Claim) -> Iterator[tuple[Claim, object]]:
    """kl >= 0 for each binary divergence in the claim; an inverse is at least where it starts."""
    seen = set()
    for t in (*parts(claim.lhs), *parts(claim.rhs)):
        if t.op != "named" or t.key in seen:
            continue
        seen.add(t.key)
        body = unfold(t)
        if t.data[0] == KL_LATEX:
            yield le(0, t), Lemma("kl_nonnegative", Instance({P_VAR: t.args[1], Q_VAR: t.args[2]}))
        elif body.op == "supremum":
            yield le(body.args[1], t), Member(t, body.args[1])
