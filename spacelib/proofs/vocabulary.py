"""The vocabulary for mutants: small true facts about the terms of a claim, and abbreviations at other arguments."""

from __future__ import annotations

from collections.abc import Iterator

from .kernel import Claim, Instance, Lemma, Member, Term, le, unfold
from .kernel.mutants import Vocabulary
from .words import F_LATEX, G_LATEX, KL_LATEX, P_VAR, Q_VAR, inverse_first, inverse_second, kl

BUILDERS = {KL_LATEX: kl, F_LATEX: inverse_first, G_LATEX: inverse_second}


def parts(t: Term) -> Iterator[Term]:
    """A term and everything inside it that is not under a binder."""
    yield t
    if t.op not in ("integral", "maximum", "supremum"):
        for a in t.args if t.op != "named" else t.args[1:]:
            yield from parts(a)


def facts(claim: Claim) -> Iterator[tuple[Claim, object]]:
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


def rebuilt(t: Term, arguments: tuple[Term, ...]) -> Term | None:
    """The abbreviation at other arguments, if it is one of the words."""
    build = BUILDERS.get(t.data[0])
    return build(*arguments) if build else None


VOCABULARY = Vocabulary(facts, rebuilt)
