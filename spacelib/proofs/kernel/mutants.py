"""Wrong versions of every claim, each with a certified counterexample, shown to the checker that accepted the right one.

Nothing here is trusted: a mutant counts as falsified only if `truth` certifies, in exact rationals and balls, a model that
meets the hypotheses and in which the mutant is false. Accepting a falsified mutant is an error of the kernel.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from .check import accept, satisfies, scope_of
from .checkers import Sign
from .evaluate import Model, Undefined, evaluate, truth
from .terms import Claim, Term, substitute, term, unfold
from .theorem import Refused, Scope, Step, Theorem

MOST, MODELS = 8, 60


@dataclass(frozen=True)
class Mutant:
    """A wrong version of a step's claim. `outcome`: "refused" (falsified, not accepted), "accepted" (falsified, an error), "weaker", "unresolved"."""

    step: str
    kind: str
    claim: Claim
    outcome: str
    counterexample: Model | None


def variants(claim: Claim) -> Iterator[tuple[str, Claim]]:
    """Local edits of a claim as a reader sees it: relation, signs, constants, terms, exponents, symbols."""
    lhs, rel, rhs = claim.lhs, claim.rel, claim.rhs
    if rel != "==":
        yield "relation flipped", Claim(rhs, rel, lhs)
    if rel == "<<":
        yield "zero not forced", Claim(lhs + 1, rel, rhs)
        return
    for left, side in ((True, lhs), (False, rhs)):
        for kind, changed in edits(side):
            yield kind, Claim(changed, rel, rhs) if left else Claim(lhs, rel, changed)
    names = sorted((v for v in claim.free if v.op == "var"), key=lambda v: v.key)
    for k, a in enumerate(names):
        for b in names[k + 1:]:
            yield "symbols exchanged", claim.map(lambda t: substitute(t, {a: b, b: a}))


def edits(t: Term) -> Iterator[tuple[str, Term]]:
    """The term with one place changed; abbreviations are changed as a whole."""
    if t.op == "num" and t.data[0] not in (0, 1, -1):
        yield "constant scaled", term(t.data[0] * 2)
        yield "constant scaled", term(t.data[0] / 2)
    if t.op == "add":
        yield "term dropped", t.args[0]
        yield "term dropped", t.args[1]
        yield "sign flipped", t.args[0] - t.args[1]
    if t.op in ("log", "relative", "integral", "sqrt", "maximum", "supremum", "div", "named"):
        yield "doubled", t * 2
        yield "halved", t / 2
    if t.op == "pow":
        yield "exponent raised", t.args[0] ** (t.data[0] + 1)
        yield "exponent lowered", t.args[0] ** (t.data[0] - 1)
    if t.op in ("relative", "div"):
        yield "arguments exchanged", Term(t.op, t.args[::-1])
    if t.op in ("member", "delta", "supremum", "named"):
        return
    for k in range(1 if t.op in ("integral", "maximum") else 0, len(t.args)):
        for kind, changed in edits(t.args[k]):
            yield kind, Term(t.op, t.args[:k] + (changed,) + t.args[k + 1:], t.data)


def chosen(claim: Claim, most: int) -> list[tuple[str, Claim]]:
    """At most so many different variants, one of each kind first, the rest spread evenly."""
    seen, kinds, rest, met = {claim.map(unfold).key}, [], [], set()
    for kind, c in variants(claim):
        key = c.map(unfold).key
        if key not in seen:
            seen.add(key)
            (rest if kind in met else kinds).append((kind, c))
            met.add(kind)
    room = max(0, most - len(kinds))
    spread = [rest[k * len(rest) // room] for k in range(min(room, len(rest)))] if room else []
    return (kinds + (spread if len(rest) > room else rest))[:most]


def models(step: Step, theorem: Theorem, rng: random.Random, count: int) -> list[Model]:
    """Certified models of the hypotheses and of the step's assumptions, with values for the step's own variables."""
    claims = (step.claim, *step.given)
    local = sorted({v for c in claims for v in c.free if v.op == "var"} - set(theorem.variables), key=lambda v: v.key)
    found = []
    for attempt in range(12 * count):
        model = theorem.equality(rng) if theorem.equality and attempt % 4 == 0 else theorem.witness(rng)
        model = Model(dict(model.variables), model.families, model.spaces)
        for v in local:
            model.variables[v.data[0]] = Fraction(rng.randint(0, 48), rng.choice((12, 24, 48, 48, 480)))
        try:
            for g in step.given:
                if g.rel == "==" and g.lhs.op == "var":
                    model.variables[g.lhs.data[0]] = evaluate(g.rhs, model)
            pointless = all(truth(g, model) is True for g in step.given if all(i.op == "var" for i in g.free))
            if pointless and satisfies(theorem, model):
                found.append(model)
        except (Undefined, KeyError):
            pass
        if len(found) == count:
            break
    return found


def falsified(claim: Claim, step: Step, among: list[Model]) -> Model | None:
    """A model in which the claim is certainly false at a point that meets the step's assumptions."""
    for model in among:
        try:
            if truth(claim, model, given=step.given) is False:
                return model
        except Undefined:
            pass
    return None


def accepted(claim: Claim, step: Step, scope: Scope) -> bool:
    try:
        accept(claim, step.reason, scope)
        return True
    except Refused:
        return False


def weaker(claim: Claim, step: Step, theorem: Theorem, before: dict, proved: dict, handy: Callable) -> bool:
    """Does the mutant follow from the step itself and small facts about its terms?"""
    known = dict(before)
    for k, (fact, reason) in enumerate((*handy(step.claim), *handy(claim))):
        extra = Step(f"handy {k}", fact, reason, step.given)
        if accepted(fact, extra, Scope(theorem, before, step.given, proved)):
            known[extra.label] = extra
    return accepted(claim, Step(step.label, claim, Sign(), step.given), Scope(theorem, known, step.given, proved))


def mutants(theorem: Theorem, proved: dict[str, Theorem], handy: Callable, most: int = MOST) -> list[Mutant]:
    """The mutants of every step of a theorem that itself checks; `handy` offers small facts about a claim's terms, with reasons."""
    out, before = [], {}
    for step in theorem.steps:
        rng = random.Random(f"{theorem.name}/{step.label}")
        scope = scope_of(step, before, theorem, proved)
        before[step.label] = step
        among = models(step, theorem, rng, MODELS)
        wrong = chosen(step.claim, most)
        if step is theorem.steps[-1] and theorem.equality:
            wrong.insert(0, ("sharpened by 1/1000", Claim(step.claim.lhs + Fraction(1, 1000), step.claim.rel, step.claim.rhs)))
        for kind, claim in wrong:
            model = falsified(claim, step, among)
            if model is not None:
                outcome = "accepted" if accepted(claim, step, scope) else "refused"
            else:
                follows = accepted(claim, step, scope) or weaker(claim, step, theorem, before, proved, handy)
                outcome = "weaker" if follows else "unresolved"
            out.append(Mutant(step.label, kind, claim, outcome, model))
    return out
