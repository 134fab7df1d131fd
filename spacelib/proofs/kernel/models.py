"""Which models count: spaces as their kinds say, all hypotheses certified."""

from __future__ import annotations

from .evaluate import Model, evaluate, exact, truth
from .theorem import Theorem


def legitimate(theorem: Theorem, model: Model) -> bool:
    """Are the model's spaces what their kinds say: as many points as their size, weights nonnegative, expectations of total mass one?"""
    for space in theorem.spaces:
        weights = [exact(w) for w in model.spaces.get(space.name, [])]
        if space.kind == "finite" and (not weights or evaluate(space.size, model) != len(weights)) or any(w < 0 for w in weights):
            return False
        if space.kind == "probability" and sum(weights, exact(0)) != 1:
            return False
    return True


def satisfies(theorem: Theorem, model: Model, without: str | None = None) -> bool:
    """Is the model legitimate, and are all hypotheses (but one) certified true in it?"""
    return legitimate(theorem, model) and all(truth(h.claim, model) is True for h in theorem.hypotheses if h.name != without)
