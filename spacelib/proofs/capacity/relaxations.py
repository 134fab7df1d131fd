"""Explicit upper bounds on the ceiling F(q, c)."""

from __future__ import annotations

from ..kernel import Combination, Instance, Least, Lemma, Model, Root, Sign, Step, Theorem, conditions, le, ln, lt, sqrt, unfold, var
from ..words import hyp, inside, inverse_first, kl, rational

ROOM, PLACE = "capacity", "result 1"
p, q, c, m1 = var("p", "q", "c", "m1")
_ceiling = inverse_first(q, c)
_member = conditions(unfold(_ceiling), m1)
_q = (hyp("q is positive", lt(0, q)), hyp("q is below one", lt(q, 1)))
_budget = hyp("c is nonnegative", le(0, c))


def _model(rng):
    return Model({"q": inside(rng), "c": rational(rng, 0, 2)})


_outside = {"c is nonnegative": Model({"q": 0.5, "c": -1})}

_root = sqrt(c / 2)
relaxed_root = Theorem(
    "relaxed_root", "The ceiling rises at most like a square root", ROOM, PLACE, "Pinsker 1964",
    (q, c), (*_q, _budget), le(_ceiling, q + _root),
    (
        Step("square", le(2 * (m1 - q) ** 2, kl(m1, q)), Lemma("pinsker", Instance({p: m1, q: q})), given=_member),
        Step("root", le(m1 - q, _root), Root(m1 - q, c / 2), given=_member),
        Step("member", le(m1, q + _root), Combination(((1, "root"),)), given=_member),
        Step("all members", le(_ceiling, q + _root), Least("member", _ceiling, m1)),
    ),
    witness=_model, ablations=_outside, equality=lambda rng: Model({"q": inside(rng), "c": 0}),
    says="The ceiling exceeds the blind accuracy by at most the root of half the information.",
)

_fano = (c + ln(2)) / ln(1 / q)
relaxed_entropy = Theorem(
    "relaxed_entropy", "The ceiling in units of surprise", ROOM, PLACE, "Fano 1952",
    (q, c), (*_q, _budget), le(_ceiling, _fano),
    (
        Step("tangent", le(ln(q), q - 1), Lemma("log_tangent", Instance({var("x"): q}))),
        Step("surprise", lt(0, ln(1 / q)), Sign()),
        Step("entropy", le(m1 * ln(1 / q) - ln(2), kl(m1, q)), Lemma("kl_entropy_bound", Instance({p: m1, q: q})), given=_member),
        Step("paid", le(m1 * ln(1 / q), c + ln(2)), Sign(), given=_member),
        Step("member", le(m1, _fano), Combination(((1 / ln(1 / q), "paid"),)), given=_member),
        Step("all members", le(_ceiling, _fano), Least("member", _ceiling, m1)),
    ),
    witness=_model, ablations=_outside | {"q is below one": Model({"q": 1, "c": 1})},
    says="The ceiling is at most information plus one bit over the surprise of a blind hit.",
)

_variance = q + c + sqrt(c**2 + 2 * q * c)
relaxed_variance = Theorem(
    "relaxed_variance", "The ceiling at small blind accuracy", ROOM, PLACE, "classical",
    (q, c), (_q[0], hyp("q is at most one", le(q, 1)), _budget), le(_ceiling, _variance),
    (
        Step("square", le((m1 - q) ** 2 / (2 * m1), kl(m1, q)), Lemma("pinsker_refined", Instance({p: m1, q: q})), given=_member),
        Step("paid", le((m1 - q) ** 2 / (2 * m1), c), Sign(), given=_member),
        Step("cleared", le((m1 - q) ** 2, 2 * m1 * c), Combination(((2 * m1, "paid"),)), given=_member),
        Step("completed", le((m1 - q - c) ** 2, c**2 + 2 * q * c), Combination(((1, "cleared"),)), given=_member),
        Step("root", le(m1 - q - c, sqrt(c**2 + 2 * q * c)), Root(m1 - q - c, c**2 + 2 * q * c), given=_member),
        Step("member", le(m1, _variance), Combination(((1, "root"),)), given=_member),
        Step("all members", le(_ceiling, _variance), Least("member", _ceiling, m1)),
    ),
    witness=lambda rng: Model({"q": inside(rng) / rng.choice((1, 64, 4096)), "c": rational(rng, 0, 2)}),
    ablations=_outside, equality=lambda rng: Model({"q": inside(rng), "c": 0}),
    says="For rare blind hits the ceiling grows with the information itself, not with its root.",
)

THEOREMS = (relaxed_root, relaxed_entropy, relaxed_variance)
