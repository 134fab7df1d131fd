"""Binary divergence against squares, entropies and its own arguments: Pinsker, its refinement, monotonicity."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Identity, Instance, Lemma, Model, Monotone, Null, Sign, Step, Theorem, dominated, eq, integral, le, ln, lt,
                      relative, sqrt, var)
from ..words import F, OMEGA, P, Q, X, divergence, hyp, inside, kl, rational, two_laws
from .divergence import MEANS, P_SCORE, Q_SCORE, SCORE, score_model

ROOM, PLACE = "data_processing", "the inequality under all four results"
p, q, r, theta, x, a1, a2, b1, b2, lam = var("p", "q", "r", "theta", "x", "a1", "a2", "b1", "b2", "lambda")
p1, p2, q1, q2 = var("p1", "p2", "q1", "q2")
THIRD = Fraction(1, 3)

_p_range = (hyp("p is nonnegative", le(0, p)), hyp("p is at most one", le(p, 1)))
_q_open = (hyp("q is positive", lt(0, q)), hyp("q is below one", lt(q, 1)))


def _pq(rng):
    return Model({"p": rational(rng), "q": inside(rng)})


_outside = {"p is nonnegative": Model({"p": -THIRD, "q": THIRD}), "p is at most one": Model({"p": 1 + THIRD, "q": THIRD}),
            "q is positive": Model({"p": THIRD, "q": 0}), "q is below one": Model({"p": THIRD, "q": 1})}

reflection = Theorem(
    "reflection", "Success and failure exchange", ROOM, PLACE, "classical",
    (p, q), (*_p_range, *_q_open), eq(kl(1 - p, 1 - q), kl(p, q)),
    (Step("reflection", eq(kl(1 - p, 1 - q), kl(p, q)), Identity()),),
    witness=_pq, ablations=_outside,
    says="Binary divergence does not care which outcome is called success; lower inverses are reflections of upper ones.",
)

kl_nonnegative = Theorem(
    "kl_nonnegative", "Binary divergence is never negative", ROOM, PLACE, "Gibbs",
    (p, q), (*_p_range, hyp("q is nonnegative", le(0, q)), hyp("q is at most one", le(q, 1)), hyp("q vanishes only with p", dominated(p, q)),
             hyp("1 - q vanishes only with 1 - p", dominated(1 - p, 1 - q))),
    le(0, kl(p, q)),
    (
        Step("success", le(p - q, relative(p, q)), Lemma("relative_tangent", Instance({x: p, var("y"): q, var("c"): 1}))),
        Step("failure", le((1 - p) - (1 - q), relative(1 - p, 1 - q)), Lemma("relative_tangent", Instance({x: 1 - p, var("y"): 1 - q, var("c"): 1}))),
        Step("together", le(0, kl(p, q)), Combination(((1, "success"), (1, "failure")))),
    ),
    witness=_pq, kind="order",
    ablations={"p is nonnegative": Model({"p": -THIRD, "q": THIRD}), "p is at most one": Model({"p": 1 + THIRD, "q": THIRD}),
               "q is nonnegative": Model({"p": THIRD, "q": -THIRD}), "q is at most one": Model({"p": THIRD, "q": 2}),
               "q vanishes only with p": Model({"p": THIRD, "q": 0}), "1 - q vanishes only with 1 - p": Model({"p": THIRD, "q": 1})},
    equality=lambda rng: (lambda v: Model({"p": v, "q": v}))(inside(rng)),
    says="The divergence of two probabilities is never negative.",
)

pinsker_corner = Theorem(
    "pinsker_corner", "Pinsker at a certain outcome", ROOM, PLACE, "classical",
    (q,), (hyp("q is nonnegative", le(0, q)), hyp("q is below one", lt(q, 1))),
    le(2 * q**2, -ln(1 - q)),
    (Step("from zero", le(2 * q**2, -ln(1 - q)), Monotone(q, 0)),),
    witness=lambda rng: Model({"q": rational(rng, 0, Fraction(23, 24))}),
    ablations={"q is nonnegative": Model({"q": -1}), "q is below one": Model({"q": 1})},
    equality=lambda rng: Model({"q": 0}),
    says="The divergence of an impossible event is at least twice its squared probability.",
)

_square = 2 * (p - q) ** 2
pinsker = Theorem(
    "pinsker", "Pinsker's inequality", ROOM, PLACE, "Pinsker 1964; the constant 2 is Csiszar's, Kemperman's and Kullback's",
    (p, q), (*_p_range, *_q_open), le(_square, kl(p, q)),
    (
        Step("never", le(2 * q**2, -ln(1 - q)), Lemma("pinsker_corner", Instance({q: q}))),
        Step("p = 0", le(_square, kl(p, q)), Combination(((1, "never"),)), given=(eq(p, 0),)),
        Step("always", le(2 * (1 - q) ** 2, -ln(q)), Lemma("pinsker_corner", Instance({q: 1 - q}))),
        Step("p = 1", le(_square, kl(p, q)), Combination(((1, "always"),)), given=(eq(p, 1),)),
        Step("0 < p < 1", le(_square, kl(p, q)), Monotone(q, p), given=(lt(0, p), lt(p, 1))),
        Step("p < 1", le(_square, kl(p, q)), Cases(("p = 0", "0 < p < 1")), given=(lt(p, 1),)),
        Step("pinsker", le(_square, kl(p, q)), Cases(("p = 1", "p < 1"))),
    ),
    witness=_pq, ablations=_outside, equality=lambda rng: (lambda v: Model({"p": v, "q": v}))(inside(rng)),
    says="Binary divergence is at least twice the squared difference.",
)

pinsker_refined_corner = Theorem(
    "pinsker_refined_corner", "The refinement at a certain outcome", ROOM, PLACE, "classical",
    (q,), (hyp("q is positive", lt(0, q)), hyp("q is at most one", le(q, 1))),
    le((1 - q) ** 2 / 2, -ln(q)),
    (Step("from one", le((1 - q) ** 2 / 2, -ln(q)), Monotone(q, 1)),),
    witness=lambda rng: Model({"q": rational(rng, Fraction(1, 24), 1)}),
    ablations={"q is positive": Model({"q": -1}), "q is at most one": Model({"q": 2})},
    equality=lambda rng: Model({"q": 1}),
    says="The divergence of a certain event is at least half the squared probability of its failure.",
)

_refined = (p - q) ** 2 / (2 * p)
pinsker_refined = Theorem(
    "pinsker_refined", "Pinsker's inequality for small probabilities", ROOM, PLACE, "classical",
    (p, q), (hyp("q is positive", lt(0, q)), hyp("p is at least q", le(q, p)), hyp("p is at most one", le(p, 1))),
    le(_refined, kl(p, q)),
    (
        Step("corner", le((1 - q) ** 2 / 2, -ln(q)), Lemma("pinsker_refined_corner", Instance({q: q}))),
        Step("p = 1", le(_refined, kl(p, q)), Combination(((1, "corner"),)), given=(eq(p, 1),)),
        Step("variance", le(q * (1 - q), p), Sign()),
        Step("p < 1", le(_refined, kl(p, q)), Monotone(q, p), given=(lt(p, 1),)),
        Step("refined", le(_refined, kl(p, q)), Cases(("p = 1", "p < 1"))),
    ),
    witness=lambda rng: (lambda v: Model({"p": v, "q": v * inside(rng)}))(inside(rng, 0, 1) if rng.random() < 0.8 else Fraction(1)),
    ablations={"q is positive": Model({"p": THIRD, "q": 0}), "p is at least q": Model({"p": Fraction(1, 100), "q": Fraction(1, 2)}), "p is at most one": Model({"p": 2, "q": THIRD})},
    equality=lambda rng: (lambda v: Model({"p": v, "q": v}))(inside(rng)),
    says="Above q, binary divergence is at least the squared difference over twice the larger probability.",
)

entropy_at_most_ln2 = Theorem(
    "entropy_at_most_ln2", "One bit at most", ROOM, PLACE, "Shannon 1948",
    (p,), _p_range, le(-ln(2), relative(p, 1) + relative(1 - p, 1)),
    (
        Step("two terms", le(relative(p + (1 - p), 1 + 1), relative(p, 1) + relative(1 - p, 1)), Lemma("log_sum_two", Instance({a1: p, a2: 1 - p, b1: 1, b2: 1}))),
        Step("one bit", le(-ln(2), relative(p, 1) + relative(1 - p, 1)), Combination(((1, "two terms"),))),
    ),
    witness=lambda rng: Model({"p": rational(rng)}),
    ablations={"p is nonnegative": Model({"p": -1}), "p is at most one": Model({"p": 2})},
    equality=lambda rng: Model({"p": Fraction(1, 2)}),
    says="The entropy of a binary outcome is at most ln 2.",
)

kl_entropy_bound = Theorem(
    "kl_entropy_bound", "Binary divergence at small q", ROOM, PLACE, "classical",
    (p, q), (*_p_range, *_q_open), le(p * ln(1 / q) - ln(2), kl(p, q)),
    (
        Step("entropy", le(-ln(2), relative(p, 1) + relative(1 - p, 1)), Lemma("entropy_at_most_ln2", Instance({p: p}))),
        Step("tangent", le(ln(1 - q), -q), Lemma("log_tangent", Instance({x: 1 - q}))),
        Step("kept", le(0, (1 - p) * -ln(1 - q)), Sign()),
        Step("small q", le(p * ln(1 / q) - ln(2), kl(p, q)), Combination(((1, "entropy"), (1, "kept")))),
    ),
    witness=_pq, ablations=_outside,
    says="Binary divergence grows at least like p times the log of 1/q, less one bit.",
)

_theta = (hyp("theta is nonnegative", le(0, theta)), hyp("theta is at most one", le(theta, 1)))


def _theta_model(rng):
    return Model({"p": rational(rng), "q": inside(rng), "theta": rational(rng)})


_outside_theta = {name: Model(m.variables | {"theta": Fraction(1, 2)}) for name, m in _outside.items()} | {
    "theta is nonnegative": Model({"p": THIRD, "q": Fraction(1, 2), "theta": Fraction(-1, 8)}),
    "theta is at most one": Model({"p": THIRD, "q": Fraction(1, 2), "theta": Fraction(9, 8)})}


def _towards(first, end):
    """Joint convexity with a pair whose own divergence is zero."""
    return (
        Step("convex", le(kl(*first), theta * kl(p, q) + (1 - theta) * kl(end, end)),
             Lemma("binary_joint_convexity", Instance({lam: theta, p1: p, q1: q, p2: end, q2: end}))),
        Step("closer", le(kl(*first), theta * kl(p, q)), Combination(((1, "convex"),))),
    )


towards_second = Theorem(
    "towards_second", "Moving the first argument towards the second", ROOM, PLACE, "classical",
    (p, q, theta), (*_p_range, *_q_open, *_theta),
    le(kl(theta * p + (1 - theta) * q, q), theta * kl(p, q)), _towards((theta * p + (1 - theta) * q, q), q),
    witness=_theta_model, ablations=_outside_theta, equality=lambda rng: Model({"p": THIRD, "q": Fraction(1, 2), "theta": 1}),
    says="Moving p a share of the way to q saves at least that share of the divergence.",
)

_moved = theta * q + (1 - theta) * p
towards_first = Theorem(
    "towards_first", "Moving the second argument towards the first", ROOM, PLACE, "classical",
    (p, q, theta), (*_p_range, *_q_open, *_theta),
    le(kl(p, _moved), theta * kl(p, q)),
    (
        Step("share of q", dominated(theta * p, theta * q), Sign()),
        Step("share of p", dominated((1 - theta) * p, (1 - theta) * p), Sign()),
        Step("success", dominated(p, _moved), Null(("share of q", "share of p"))),
        Step("share of 1 - q", dominated(theta * (1 - p), theta * (1 - q)), Sign()),
        Step("share of 1 - p", dominated((1 - theta) * (1 - p), (1 - theta) * (1 - p)), Sign()),
        Step("failure", dominated(1 - p, 1 - _moved), Null(("share of 1 - q", "share of 1 - p"))),
        *_towards((p, _moved), p),
    ),
    witness=_theta_model, ablations=_outside_theta, equality=lambda rng: Model({"p": THIRD, "q": Fraction(1, 2), "theta": 1}),
    says="Moving q a share of the way to p saves at least that share of the divergence.",
)

_claim = le(2 * (P_SCORE - Q_SCORE) ** 2, divergence(P, Q))
pinsker_total_variation = Theorem(
    "pinsker_total_variation", "Pinsker's inequality for scores", ROOM, PLACE, "Pinsker 1964",
    (), (*two_laws(), *SCORE), _claim,
    (
        *MEANS,
        Step("binary", le(kl(P_SCORE, Q_SCORE), divergence(P, Q)), Lemma("binary_data_processing", Instance())),
        Step("hellinger", le(integral(X, (sqrt(P[X]) - sqrt(Q[X])) ** 2), divergence(P, Q)), Lemma("gibbs", Instance())),
        Step("squares", le(0, (sqrt(P[X]) - sqrt(Q[X])) ** 2), Sign()),
        Step("distance", le(0, integral(X, (sqrt(P[X]) - sqrt(Q[X])) ** 2)), Expectation("squares", (X,))),
        Step("never in P", eq(P_SCORE, 0), Sign(), given=(eq(Q_SCORE, 0),)),
        Step("never", _claim, Combination(((1, "hellinger"), (1, "distance"))), given=(eq(Q_SCORE, 0),)),
        Step("always in P", eq(P_SCORE, 1), Sign(), given=(eq(Q_SCORE, 1), lt(0, Q_SCORE))),
        Step("always", _claim, Combination(((1, "hellinger"), (1, "distance"))), given=(lt(0, Q_SCORE), eq(Q_SCORE, 1))),
        Step("square", le(2 * (P_SCORE - Q_SCORE) ** 2, kl(P_SCORE, Q_SCORE)), Lemma("pinsker", Instance({p: P_SCORE, q: Q_SCORE})), given=(lt(0, Q_SCORE), lt(Q_SCORE, 1))),
        Step("sometimes", _claim, Combination(((1, "binary"), (1, "square"))), given=(lt(0, Q_SCORE), lt(Q_SCORE, 1))),
        Step("not never", _claim, Cases(("always", "sometimes")), given=(lt(0, Q_SCORE),)),
        Step("variation", _claim, Cases(("never", "not never"))),
    ),
    families=(P, Q, F), spaces=(OMEGA,), witness=score_model,
    says="The largest difference of means over all scores, the total variation, is at most the root of half the divergence.",
)

THEOREMS = (reflection, kl_nonnegative, pinsker_corner, pinsker, pinsker_refined_corner, pinsker_refined, pinsker_total_variation, entropy_at_most_ln2, kl_entropy_bound,
            towards_second, towards_first)
