"""Wrong versions of every claim, each with a certified counterexample, shown to the checker that accepted the right one.

Nothing here is trusted: a mutant counts as falsified only if `truth` certifies, in exact rationals and balls, a model that
meets the hypotheses and in which the mutant is false. Accepting a falsified mutant is an error of the kernel.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from .check import accept, scope_of
from .checkers import Sign
from .evaluate import Model, Undecided, Undefined, evaluate, exact, truth
from .models import satisfies
from .terms import Claim, Term, substitute, term, unfold
from .theorem import Refused, Scope, Step, Theorem

MOST, MODELS = 8, 32


@dataclass(frozen=True)
class Vocabulary:
    """What the words of a library mean to the mutants: small facts about a claim's terms, and abbreviations at other arguments."""

    facts: Callable[[Claim], Iterable[tuple[Claim, object]]]
    rebuilt: Callable[[Term, tuple[Term, ...]], Term | None]


@dataclass(frozen=True)
class Mutant:
    """A wrong version of a step's claim. `outcome`: "refused" (falsified, not accepted), "accepted" (falsified, an error), "weaker", "unresolved"."""

    step: str
    kind: str
    claim: Claim
    outcome: str
    counterexample: Model | None


def variants(claim: Claim, words: Vocabulary) -> Iterator[tuple[str, Claim]]:
    """Local edits of a claim as a reader sees it: relation, signs, constants, terms, exponents, symbols."""
    lhs, rel, rhs = claim.lhs, claim.rel, claim.rhs
    if rel != "==":
        yield "relation flipped", Claim(rhs, rel, lhs)
    if rel == "<<":
        yield "zero not forced", Claim(lhs + 1, rel, rhs)
        return
    for left, side in ((True, lhs), (False, rhs)):
        for kind, changed in edits(side, words):
            yield kind, Claim(changed, rel, rhs) if left else Claim(lhs, rel, changed)
    names = sorted((v for v in claim.free if v.op == "var"), key=lambda v: v.key)
    for k, a in enumerate(names):
        for b in names[k + 1:]:
            yield "symbols exchanged", claim.map(lambda t: substitute(t, {a: b, b: a}))


def edits(t: Term, words: Vocabulary) -> Iterator[tuple[str, Term]]:
    """The term with one place changed; an abbreviation as a whole or in one of its arguments."""
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
    if t.op == "named":
        yield from abbreviations(t, words)
    if t.op in ("member", "delta", "supremum", "named"):
        return
    for k in range(1 if t.op in ("integral", "maximum") else 0, len(t.args)):
        for kind, changed in edits(t.args[k], words):
            yield kind, Term(t.op, t.args[:k] + (changed,) + t.args[k + 1:], t.data)


def abbreviations(t: Term, words: Vocabulary) -> Iterator[tuple[str, Term]]:
    """An abbreviation with its arguments exchanged or one of them changed; one without arguments, by its meaning."""
    arguments = t.args[1:]
    if not arguments:
        yield from edits(t.args[0], words)
        return
    changed = [("arguments exchanged", arguments[::-1])] if len(arguments) == 2 else []
    for k, a in enumerate(arguments):
        changed += [(kind, arguments[:k] + (new,) + arguments[k + 1:]) for kind, new in edits(a, words)]
        changed += [("argument halved", arguments[:k] + (a / 2,) + arguments[k + 1:])]
    for kind, new in changed:
        built = words.rebuilt(t, new)
        if built is not None:
            yield kind, built


def chosen(step: Step, among: list[Model], most: int, words: Vocabulary) -> list[tuple[str, Claim]]:
    """At most so many different variants that ask more than the step, one of each kind first, the rest spread evenly."""
    seen, kinds, rest, met = {step.claim.map(unfold).key}, [], [], set()
    for kind, c in variants(step.claim, words):
        key = c.map(unfold).key
        if key not in seen:
            seen.add(key)
            (rest if kind in met else kinds).append((kind, c))
            met.add(kind)
    spread = rest[::2] + rest[1::2]
    found = []
    for kind, c in kinds + spread:
        if len(found) < most and asks_more(c, step, among):
            found.append((kind, c))
    return found


class Pool:
    """Certified models of a theorem's hypotheses, made when they are asked for, and shared by its steps."""

    def __init__(self, theorem: Theorem, stream: str = ""):
        self.theorem, self.rng = theorem, random.Random(theorem.name + stream)
        self.found: list[Model] = []
        self.left = 24 * MODELS

    def __iter__(self) -> Iterator[Model]:
        k = 0
        while k < len(self.found) or self._another():
            yield self.found[k]
            k += 1

    def _another(self) -> bool:
        while self.left:
            self.left -= 1
            model = self.theorem.equality(self.rng) if self.theorem.equality and self.left % 4 == 3 else self.theorem.witness(self.rng)
            try:
                if satisfies(self.theorem, model):
                    self.found.append(settled(model))
                    return True
            except (Undefined, KeyError):
                pass
        return False


def settled(model: Model) -> Model:
    """The model in exact numbers, to be changed no more: the values of its terms are kept, since mutants of one claim share most of them."""
    return Model({v: exact(x) for v, x in model.variables.items()}, {f: {k: exact(x) for k, x in values.items()} for f, values in model.families.items()},
                 {s: [exact(w) for w in weights] for s, weights in model.spaces.items()}, kept={})


def models(step: Step, pool: Pool, rng: random.Random, count: int) -> list[Model]:
    """Certified models of the hypotheses and of the step's assumptions, with values for the step's own variables."""
    claims = (step.claim, *step.given)
    local = sorted({v for c in claims for v in c.free if v.op == "var"} - set(pool.theorem.variables), key=lambda v: v.key)
    solved = [g for g in step.given if g.rel == "==" and g.lhs.op == "var"]
    moved = any(g.lhs in pool.theorem.variables for g in solved)  # then the hypotheses have to be asked again
    plain = [g for g in step.given if all(i.op == "var" for i in g.free)]
    found = []
    for model in pool:
        try:
            if local or solved:
                model = Model(dict(model.variables), model.families, model.spaces)
                for v in local:
                    model.variables[v.data[0]] = Fraction(rng.randint(0, 48), rng.choice((12, 24, 48, 48, 480)))
                for g in solved:
                    model.variables[g.lhs.data[0]] = evaluate(g.rhs, model)
                model = settled(model)
            if all(truth(g, model) is True for g in plain) and (not moved or satisfies(pool.theorem, model)):
                found.append(model)
        except (Undefined, KeyError):
            pass
        if len(found) == count:
            break
    return found


def falsified(claim: Claim, step: Step, among: list[Model]) -> Model | None:
    """A model in which the claim is certainly false, or certainly means nothing, at a point that meets the step's assumptions."""
    for model in among:
        try:
            if truth(claim, model, given=step.given) is False:
                return model
        except Undecided:
            pass
        except Undefined:
            return model
    return None


def asks_more(claim: Claim, step: Step, among: list[Model]) -> bool:
    """Is the variant somewhere sharper than the step? One that is nowhere sharper is no wrong version of it."""
    if claim.rel != step.claim.rel or claim.rel not in ("<=", "<"):
        return True
    tighter = Claim(claim.lhs - claim.rhs, "<=", step.claim.lhs - step.claim.rhs)  # false where the variant asks more
    return any(sharper(tighter, step, model) for model in among)


def sharper(tighter: Claim, step: Step, model: Model) -> bool:
    try:
        return truth(tighter, model, given=step.given) is False
    except Undecided:
        return False
    except Undefined:
        return True


def accepted(claim: Claim, step: Step, scope: Scope) -> bool:
    try:
        accept(claim, step.reason, scope)
        return True
    except Refused:
        return False


def weaker(claim: Claim, step: Step, theorem: Theorem, before: dict, proved: dict, words: Vocabulary) -> bool:
    """Does the mutant follow from the step itself and small facts about its terms?"""
    known = dict(before)
    for k, (fact, reason) in enumerate((*words.facts(step.claim), *words.facts(claim))):
        extra = Step(f"handy {k}", fact, reason, step.given)
        if accepted(fact, extra, Scope(theorem, before, step.given, proved)):
            known[extra.label] = extra
    return accepted(claim, Step(step.label, claim, Sign(), step.given), Scope(theorem, known, step.given, proved))


def mutants(theorem: Theorem, proved: dict[str, Theorem], words: Vocabulary, most: int = MOST) -> list[Mutant]:
    """The mutants of every step of a theorem that itself checks."""
    out, before, pool = [], {}, Pool(theorem)
    for step in theorem.steps:
        rng = random.Random(f"{theorem.name}/{step.label}")
        scope = scope_of(step, before, theorem, proved)
        before[step.label] = step
        among = models(step, pool, rng, MODELS)
        wrong = chosen(step, among, most, words)
        if step is theorem.steps[-1] and theorem.equality:
            wrong.insert(0, ("sharpened by 1/1000", Claim(step.claim.lhs + Fraction(1, 1000), step.claim.rel, step.claim.rhs)))
        for kind, claim in wrong:
            model = falsified(claim, step, among)
            if model is not None:
                outcome = "accepted" if accepted(claim, step, scope) else "refused"
            else:
                follows = accepted(claim, step, scope) or weaker(claim, step, theorem, before, proved, words)
                outcome = "weaker" if follows else "unresolved"
            out.append(Mutant(step.label, kind, claim, outcome, model))
    return out
