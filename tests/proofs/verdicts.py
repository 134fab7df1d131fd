"""A claim, a reason, and what the kernel says: the empty string if it accepts, else where and why not."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import pytest

from spacelib.proofs.kernel import Claim, Family, Hypothesis, Model, Space, Step, Term, Theorem, check, integral, var


def _parts(t: Term):
    yield t
    for a in t.args:
        yield from _parts(a)
    if t.op == "index" and t.data[1].size is not None:
        yield from _parts(t.data[1].size)


def _families(terms):
    found = {t.data[0]: Family(t.data[0], tuple(i.data[1] for i in t.args)) for t in terms if t.op == "member"}
    return tuple(found[n] for n in sorted(found))


def theorem(claim: Claim, *steps: Step, assume=(), name="claimed", **changes) -> Theorem:
    """A theorem whose variables, families and spaces are those that its hypotheses, statement and steps speak of."""
    hypotheses = tuple(Hypothesis(*h) if isinstance(h, tuple) else Hypothesis(f"h{k}", h) for k, h in enumerate(assume))
    stated = [s for c in (claim, *(h.claim for h in hypotheses)) for s in (c.lhs, c.rhs)]
    said = stated + [s for step in steps for c in (step.claim, *step.given) for s in (c.lhs, c.rhs)]
    everything = [t for s in said for t in _parts(s)]
    variables = frozenset().union(*(s.free for s in stated), *(t.data[1].size.free for t in everything if t.op == "index" and t.data[1].size is not None))
    about = {
        "witness": lambda rng: Model(),
        "variables": tuple(sorted((v for v in variables if v.op == "var"), key=lambda v: v.key)),
        "families": _families(everything),
        "spaces": tuple({t.data[1].name: t.data[1] for t in everything if t.op == "index"}.values()),
    }
    return Theorem(name, name, "none", "none", "none", hypotheses=hypotheses, statement=claim, steps=steps, **about | changes)


def judged(one: Theorem, *proved: Theorem) -> str:
    """What is wrong with a theorem, given others proved before it."""
    result = check(one, {t.name: t for t in proved})
    return "; ".join([*result.problems, *(s.message for s in result.steps if not s.ok)])


def verdict(claim: Claim, reason, *steps: Step, assume=(), given=(), proved=(), **changes) -> str:
    """What is wrong with a claim by a reason after some steps, as the statement of a theorem or (`given`) as a step on the way."""
    last = Step("last", claim, reason, given)
    if not given:
        return judged(theorem(claim, *steps, last, assume=assume, **changes), *proved)
    made = theorem(claim, *steps, last, assume=assume, **changes)
    result = check(made, {t.name: t for t in proved})
    return "; ".join(s.message for s in result.steps if not s.ok)


@dataclass(frozen=True)
class Fallacy:
    """A false argument in several disguises, each refused with a message that says `says`, beside true neighbours, each accepted."""

    name: str
    says: str
    false: tuple[Callable[[], str], ...]
    true: tuple[Callable[[], str], ...]


def judgements(fallacies) -> list:
    """Test parameters: the expected fragment (None: accepted) and the argument."""
    return [pytest.param(says, argument, id=f"{one.name}-{kind}-{k}")
            for one in fallacies for kind, says, arguments in (("false", one.says, one.false), ("true", None, one.true)) for k, argument in enumerate(arguments)]


def hold(says: str | None, message: str) -> None:
    """Accepted where nothing is said against it; refused with where (the step or hypothesis) and why elsewhere."""
    if says is None:
        assert message == ""
    else:
        assert says in message
        assert "step '" in message or "hypothesis '" in message or "the name '" in message


# a vocabulary for small arguments
M, N, x, y, z, a, b, c, v, w = var("M", "N", "x", "y", "z", "a", "b", "c", "v", "w")
FINITE = Space("Finite", "finite", ("j", "t"), M)
MEASURE = Space("Omega", "measure", ("x", "y"))
CHANCE = Space("Chance", "probability", ("s", "r"))
COIN = Space("Coin", "probability", ("e",))
(J, T), (X, Y), (S, R), (E,) = FINITE.indices, MEASURE.indices, CHANCE.indices, COIN.indices
p, q = Family("p", (FINITE,)), Family("q", (FINITE,))
u, d = Family("u", (MEASURE,)), Family("d", (MEASURE,))
f, g, h = Family("f", (CHANCE,)), Family("g", (CHANCE,)), Family("h", (COIN,))
m = Family("m", (FINITE, FINITE))
HALF = Fraction(1, 2)


def integral_of(rng, body: Term) -> Term:
    """The functional of a random index of the vocabulary."""
    return integral(rng.choice((J, T, X, S)), body)
