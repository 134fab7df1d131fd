"""What each hypothesis is for: a certified model of all the others in which the statement fails or means nothing.

Not trusted: the search changes a witness at random, and a model counts only if `truth` certifies what is claimed of it.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from fractions import Fraction

from .evaluate import Model, Undecided, Undefined, truth
from .models import legitimate, satisfies
from .theorem import Theorem

VALUES = tuple(Fraction(v) for v in (-2, -1, "-1/3", 0, "1/64", "1/8", "1/3", "1/2", "2/3", 1, "9/8", 2, 3, 8))
ATTEMPTS, PATIENCE = 4000, 300


@dataclass(frozen=True)
class Ablation:
    """Without `hypothesis` the statement is "false" or "meaningless" in `model`; "not found" has no model."""

    hypothesis: str
    outcome: str
    model: Model | None


def outcome_in(theorem: Theorem, hypothesis: str, model: Model) -> str | None:
    """What becomes of the statement in a model of all hypotheses but one; None if it stands, or the model is no such model."""
    own = next(h for h in theorem.hypotheses if h.name == hypothesis)
    try:
        if truth(own.claim, model) is not False:
            return None
    except (Undefined, KeyError):
        return None
    try:
        if not satisfies(theorem, model, without=hypothesis):
            return None
    except Undecided:
        return None
    except (Undefined, KeyError) as error:  # without it another hypothesis means nothing
        return "meaningless" if isinstance(error, Undefined) else None
    try:
        return "false" if truth(theorem.statement, model) is False else None
    except Undecided:
        return None
    except Undefined:
        return "meaningless"


def changed(model: Model, rng: random.Random) -> Model:
    """The model with one or two values changed: a variable, a member of a family, a whole family, a weight."""
    new = Model(dict(model.variables), {f: dict(v) for f, v in model.families.items()}, {s: list(w) for s, w in model.spaces.items()})
    for _ in range(rng.choice((1, 1, 2))):
        kind = rng.choice(["variable"] * bool(new.variables) + ["member", "scale", "exchange", "merge"] * bool(new.families) + ["weight"] * bool(new.spaces))
        if kind == "variable":
            new.variables[rng.choice(sorted(new.variables))] = rng.choice(VALUES)
        elif kind == "weight":
            weights = new.spaces[rng.choice(sorted(new.spaces))]
            weights[rng.randrange(len(weights))] = rng.choice(VALUES)
        else:
            family = new.families[rng.choice(sorted(new.families))]
            one, two = rng.choice(sorted(family)), rng.choice(sorted(family))
            if kind == "scale":
                factor = rng.choice(VALUES)
                family.update({k: v * factor for k, v in family.items()})
            elif kind in ("exchange", "merge"):  # keep totals over points of equal weight, or of weights where they are known
                first, second = (next((Fraction(w[k[-1]]) for w in new.spaces.values() if len(w) > k[-1] and len(new.spaces) == 1), Fraction(1)) for k in (one, two))
                step = -family[one] if kind == "merge" else rng.choice(VALUES)
                family[one] += step
                family[two] -= step * first / second if second else 0
            else:
                family[one] = rng.choice(VALUES)
    return new


def candidates(theorem: Theorem, rng: random.Random):
    """Changed witnesses, as they are and with what they define recomputed."""
    for _ in range(ATTEMPTS):
        model = changed(theorem.witness(rng), rng)
        if not legitimate(theorem, model):
            continue
        yield model
        if theorem.completed:
            yield theorem.completed(model)


def first(theorem: Theorem, hypothesis: str, tried) -> Ablation:
    """The first model in which the statement fails, or, if none comes soon, in which it means nothing."""
    meaningless = None
    for k, model in enumerate(tried):
        outcome = outcome_in(theorem, hypothesis, model)
        if outcome == "false":
            return Ablation(hypothesis, outcome, model)
        if outcome and meaningless is None:
            meaningless = Ablation(hypothesis, outcome, model)
        if meaningless is not None and k >= PATIENCE:
            break
    return meaningless or Ablation(hypothesis, "not found", None)


def ablations(theorem: Theorem) -> tuple[Ablation, ...]:
    """One ablation for each hypothesis that is not structural: the theorem's own if it names one, else the first found among changed witnesses."""
    out = []
    for h in theorem.hypotheses:
        if h.structural:
            continue
        rng = random.Random(f"{theorem.name}/{h.name}")
        own = theorem.ablations.get(h.name)
        tried = [own] if own is not None else candidates(theorem, rng)
        out.append(first(theorem, h.name, tried))
    return tuple(out)
