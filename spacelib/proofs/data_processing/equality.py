"""What looking through an event loses, exactly when nothing, and how much at least."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Identity, Instance, Lemma, Model, Sign, Step, Theorem, dominated, eq, integral, le, ln, lt, relative,
                      sqrt, var)
from ..words import F, OMEGA, P, Q, X, divergence, hyp, kl, law, positive, rational, simplex, two_laws
from .divergence import MEANS, PLACE, ROOM, SCORE, P_SCORE, Q_SCORE, score_model, two_points, x, y

THIRD = Fraction(1, 3)

alpha, beta, z = var("alpha", "beta", "z")
relative_congruence = Theorem(
    "relative_congruence", "Equal numerators", ROOM, PLACE, "classical",
    (x, z, y), (hyp("x is nonnegative", le(0, x)), hyp("y is nonnegative", le(0, y)), hyp("y vanishes only with x", dominated(x, y)), hyp("x is z", eq(x, z))),
    eq(relative(x, y), relative(z, y)),
    (Step("congruence", eq(relative(x, y), relative(z, y)), Identity()),),
    witness=lambda rng: (lambda v: Model({"x": v, "z": v, "y": positive(rng)}))(rational(rng, 0, 3)),
    ablations={"x is nonnegative": Model({"x": -1, "z": -1, "y": 1}), "y is nonnegative": Model({"x": 1, "z": 1, "y": -1}),
               "y vanishes only with x": Model({"x": 1, "z": 1, "y": 0}), "x is z": Model({"x": 1, "z": 2, "y": 1})},
    kind="order", says="Equals may replace equals inside x ln(x/y).",
)

_two_ratios = alpha * F[X] + beta * (1 - F[X])
_on_off = Q[X] * (F[X] * relative(alpha, 1) + (1 - F[X]) * relative(beta, 1))


def _two_ratio_model(rng):
    """An event, a law Q, and P with likelihood ratios alpha on the event and beta off it."""
    while True:
        n = rng.randint(2, 3)
        q, f = simplex(rng, n, zeros=False), [1] + [rng.randint(0, 1) for _ in range(n - 2)] + [0]
        b = sum(m for m, e in zip(q, f) if e)
        ratio = rational(rng, 0, 1) / b
        off = (1 - ratio * b) / (1 - b)
        p = [(ratio if e else off) * m for m, e in zip(q, f)]
        return Model({"alpha": ratio, "beta": off}, {"p": {(k,): v for k, v in enumerate(p)}, "q": {(k,): v for k, v in enumerate(q)}, "f": {(k,): v for k, v in enumerate(f)}},
                     {"Omega": [1] * n})


data_processing_equality = Theorem(
    "data_processing_equality", "When nothing is lost", ROOM, PLACE, "classical",
    (alpha, beta),
    (hyp("alpha is nonnegative", le(0, alpha)), hyp("beta is nonnegative", le(0, beta)), *law(Q, "Q"), hyp("f is an indicator", eq(F[X] ** 2, F[X])),
     hyp("P has total mass one", eq(integral(X, P[X]), 1)), hyp("the likelihood ratio is constant on the event and off it", eq(P[X], _two_ratios * Q[X]))),
    eq(kl(P_SCORE, Q_SCORE), divergence(P, Q)),
    (
        Step("square", le(0, F[X] ** 2), Sign()),
        Step("nonnegative", le(0, F[X]), Combination(((1, "square"), (1, "f is an indicator")))),
        Step("co-square", le(0, (1 - F[X]) ** 2), Sign()),
        Step("at most one", le(F[X], 1), Combination(((1, "co-square"), (1, "f is an indicator")))),
        Step("P is nonnegative", le(0, P[X]), Sign()),
        Step("P is absolutely continuous", dominated(P[X], Q[X]), Sign()),
        *MEANS,
        Step("squares", eq(F[X] ** 2 * Q[X], F[X] * Q[X]), Combination(((Q[X], "f is an indicator"),))),
        Step("event", eq(integral(X, F[X] ** 2 * Q[X]), Q_SCORE), Expectation("squares", (X,))),
        Step("off", eq(relative(P[X], Q[X]), _on_off), Identity(), given=(eq(F[X], 0),)),
        Step("on", eq(relative(P[X], Q[X]), _on_off), Identity(), given=(eq(F[X], 1),)),
        Step("zero or one", eq(F[X] * (F[X] - 1), 0), Combination(((1, "f is an indicator"),))),
        Step("pointwise", eq(relative(P[X], Q[X]), _on_off), Cases(("off", "on"))),
        Step("divergence", eq(divergence(P, Q), Q_SCORE * relative(alpha, 1) + (1 - Q_SCORE) * relative(beta, 1)), Expectation("pointwise", (X,))),
        Step("off mass", eq(1 - P_SCORE, beta * (1 - Q_SCORE)), Combination(((-1, "P has total mass one"),))),
        Step("off ratio", eq(relative(1 - P_SCORE, 1 - Q_SCORE), relative(beta * (1 - Q_SCORE), 1 - Q_SCORE)),
             Lemma("relative_congruence", Instance({x: 1 - P_SCORE, z: beta * (1 - Q_SCORE), y: 1 - Q_SCORE}))),
        Step("nothing lost", eq(kl(P_SCORE, Q_SCORE), divergence(P, Q)), Combination(((1, "off ratio"), (-1, "divergence")))),
    ),
    families=(P, Q, F), spaces=(OMEGA,), witness=_two_ratio_model,
    ablations={name: Model({"alpha": a, "beta": b}, two_points(p=(a * s, b * t), q=(s, t), f=(1, 0)).families, {"Omega": [1, 1]}) for name, a, b, s, t in (
        ("alpha is nonnegative", -1, 2, THIRD, 2 * THIRD), ("beta is nonnegative", 2, -1, 2 * THIRD, THIRD),
        ("Q is nonnegative", 1, 1, -1, 2), ("P has total mass one", 2, 2, THIRD, 2 * THIRD))},
    says="Equality: the likelihood ratio takes one value on the event and one value off it.",
)


_c = var("c")
_on, _off = P_SCORE / Q_SCORE, (1 - P_SCORE) / (1 - Q_SCORE)
_lost = integral(X, F[X] * (sqrt(P[X]) - sqrt(_on * Q[X])) ** 2) + integral(X, (1 - F[X]) * (sqrt(P[X]) - sqrt(_off * Q[X])) ** 2)


def _plane(ratio):
    return P[X] * ln(ratio) + P[X] - ratio * Q[X] + (sqrt(P[X]) - sqrt(ratio * Q[X])) ** 2


data_processing_gap = Theorem(
    "data_processing_gap", "What a score loses", ROOM, PLACE, "the Hellinger gap of the log-sum inequality",
    (), (*two_laws(), *SCORE, hyp("P accepts sometimes", lt(0, P_SCORE)), hyp("P rejects sometimes", lt(P_SCORE, 1))),
    le(kl(P_SCORE, Q_SCORE) + _lost, divergence(P, Q)),
    (
        *MEANS,
        Step("Q accepts sometimes", lt(0, Q_SCORE), Sign()),
        Step("Q rejects sometimes", lt(0, 1 - Q_SCORE), Sign()),
        Step("where accepted", le(_plane(_on), relative(P[X], Q[X])), Lemma("relative_gap", Instance({x: P[X], y: Q[X], _c: _on}))),
        Step("where rejected", le(_plane(_off), relative(P[X], Q[X])), Lemma("relative_gap", Instance({x: P[X], y: Q[X], _c: _off}))),
        Step("weighted", le(F[X] * _plane(_on) + (1 - F[X]) * _plane(_off), relative(P[X], Q[X])), Combination(((F[X], "where accepted"), (1 - F[X], "where rejected")))),
        Step("averaged", le(kl(P_SCORE, Q_SCORE) + _lost, divergence(P, Q)), Expectation("weighted", (X,))),
    ),
    families=(P, Q, F), spaces=(OMEGA,), witness=score_model,
    says="The divergence that a score does not see is at least a squared distance from constant likelihood ratios: equality forces them.",
)

THEOREMS = (relative_congruence, data_processing_equality, data_processing_gap)
