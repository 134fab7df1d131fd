"""From ln x <= x - 1 to log-sum, Gibbs, joint convexity, data processing and Donsker-Varadhan."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Again, Cases, Combination, Expectation, Family, Instance, Lemma, Limit, Model, Monotone, Null, Sign,
                      Step, Theorem, dominated, eq, exp, integral, le, ln, lt, named, relative, sqrt, var)
from ..words import F, OMEGA, P, Q, X, base, densities_of, divergence, hyp, inside, kl, law, laws, positive, rational, two_laws

ROOM, PLACE = "data_processing", "the inequality under all four results"
x, y, c, lam = var("x", "y", "c", "lambda")
U, V = Family("u", (OMEGA,)), Family("v", (OMEGA,))
H = Fraction(1, 2)

log_tangent = Theorem(
    "log_tangent", "The logarithm lies under its tangent", ROOM, PLACE, "classical",
    (x,), (hyp("x is positive", lt(0, x)),),
    le(ln(x), x - 1),
    (Step("tangent", le(ln(x), x - 1), Monotone(x, 1)),),
    witness=lambda rng: Model({"x": positive(rng)}),
    ablations={"x is positive": Model({"x": -1})},
    equality=lambda rng: Model({"x": 1}),
    says="The logarithm never rises above the line that touches it at one.",
)

log_tangent_gap = Theorem(
    "log_tangent_gap", "How far below", ROOM, PLACE, "classical",
    (x,), (hyp("x is positive", lt(0, x)),),
    le((sqrt(x) - 1) ** 2, x - 1 - ln(x)),
    (
        Step("at the root", le(ln(sqrt(x)), sqrt(x) - 1), Lemma("log_tangent", Instance({x: sqrt(x)}))),
        Step("doubled", le((sqrt(x) - 1) ** 2, x - 1 - ln(x)), Combination(((2, "at the root"),))),
    ),
    witness=lambda rng: Model({"x": positive(rng) ** 2}),
    ablations={"x is positive": Model({"x": -1})},
    equality=lambda rng: Model({"x": 1}),
    says="The gap between the line and the logarithm is at least a square, so it closes only at one.",
)

_gap = x * ln(c) + x - c * y + (sqrt(x) - sqrt(c * y)) ** 2
relative_gap = Theorem(
    "relative_gap", "Tangents of x ln(x/y)", ROOM, PLACE, "classical",
    (x, y, c), (hyp("x is nonnegative", le(0, x)), hyp("y is nonnegative", le(0, y)), hyp("c is positive", lt(0, c)),
                hyp("y vanishes only with x", dominated(x, y))),
    le(_gap, relative(x, y)),
    (
        Step("at zero", le(_gap, relative(x, y)), Sign(), given=(eq(x, 0),)),
        Step("y is positive", lt(0, y), Sign(), given=(lt(0, x),)),
        Step("scaled gap", le((sqrt(c * y / x) - 1) ** 2, c * y / x - 1 - ln(c * y / x)), Lemma("log_tangent_gap", Instance({x: c * y / x})), given=(lt(0, x),)),
        Step("away from zero", le(_gap, relative(x, y)), Combination(((x, "scaled gap"),)), given=(lt(0, x),)),
        Step("both", le(_gap, relative(x, y)), Cases(("at zero", "away from zero"))),
    ),
    witness=lambda rng: Model({"x": rng.choice((0, positive(rng) ** 2)), "y": positive(rng) ** 2, "c": positive(rng) ** 2}),
    ablations={"x is nonnegative": Model({"x": -1, "y": 1, "c": 1}), "y is nonnegative": Model({"x": 1, "y": -1, "c": 1}),
               "c is positive": Model({"x": 1, "y": 1, "c": -1}), "y vanishes only with x": Model({"x": 1, "y": 0, "c": 1})},
    equality=lambda rng: (lambda a, b: Model({"x": a * b, "y": a, "c": b}))(positive(rng) ** 2, positive(rng) ** 2),
    says="For every slope c the function x ln(x/y) lies above a plane, by a square.",
)

_plane = x * ln(c) + x - c * y
relative_tangent = Theorem(
    "relative_tangent", "The planes under x ln(x/y)", ROOM, PLACE, "classical",
    (x, y, c), relative_gap.hypotheses, le(_plane, relative(x, y)),
    (
        Step("with its gap", le(_gap, relative(x, y)), Lemma("relative_gap", Instance({x: x, y: y, c: c}))),
        Step("square", le(0, (sqrt(x) - sqrt(c * y)) ** 2), Sign()),
        Step("without", le(_plane, relative(x, y)), Combination(((1, "with its gap"), (1, "square")))),
    ),
    witness=relative_gap.witness, ablations=relative_gap.ablations, equality=relative_gap.equality,
    says="For every slope c the function x ln(x/y) lies above a plane.",
)

_a, _b = integral(X, U[X]), integral(X, V[X])
_sum = integral(X, relative(U[X], V[X]))


def _log_sum_model(rng):
    weights = base(rng)
    v = {(k,): rational(rng, 0, 3) for k in range(len(weights))}
    u = {k: rational(rng, 0, 3) if v[k] else Fraction(0) for k in v}
    return Model({}, {"u": u, "v": v}, {"Omega": weights})


def _points(u, v, weights=(1, 1)):
    return Model({}, {"u": {(k,): a for k, a in enumerate(u)}, "v": {(k,): a for k, a in enumerate(v)}}, {"Omega": list(weights)})


log_sum = Theorem(
    "log_sum", "Log-sum inequality", ROOM, PLACE, "Cover and Thomas 2006, Theorem 2.7.1 for sums",
    (), (hyp("u is nonnegative", le(0, U[X])), hyp("v is nonnegative", le(0, V[X])), hyp("v vanishes only with u", dominated(U[X], V[X]))),
    le(relative(_a, _b), _sum),
    (
        Step("pointwise", dominated(U[X], V[X]), Sign()),
        Step("totals", dominated(_a, _b), Null(("pointwise",), (X,))),
        Step("plane", le(U[X] * ln(c) + U[X] - c * V[X], relative(U[X], V[X])), Lemma("relative_tangent", Instance({x: U[X], y: V[X], c: c})), given=(lt(0, c),)),
        Step("averaged", le(_a * ln(c) + _a - c * _b, _sum), Expectation("plane", (X,)), given=(lt(0, c),)),
        Step("no mass", le(-c * _b, _sum), Combination(((1, "averaged"),)), given=(lt(0, c), eq(_a, 0))),
        Step("no mass, steep", le(0, _sum), Limit("no mass", c, 0, "+"), given=(eq(_a, 0),)),
        Step("empty", le(relative(_a, _b), _sum), Combination(((1, "no mass, steep"),)), given=(eq(_a, 0),)),
        Step("mass", lt(0, _b), Sign(), given=(lt(0, _a),)),
        Step("at the ratio", le(_a * ln(_a / _b) + _a - _a / _b * _b, _sum), Again("averaged", ((c, _a / _b),)), given=(lt(0, _a),)),
        Step("full", le(relative(_a, _b), _sum), Combination(((1, "at the ratio"),)), given=(lt(0, _a),)),
        Step("log-sum", le(relative(_a, _b), _sum), Cases(("empty", "full"))),
    ),
    families=(U, V), spaces=(OMEGA,), witness=_log_sum_model,
    ablations={"u is nonnegative": _points((-1, 2), (1, 1)), "v is nonnegative": _points((1, 1), (-1, 2)), "v vanishes only with u": _points((1, 1), (0, 1))},
    equality=lambda rng: (lambda s: _points([s * k for k in (1, 2, 3)], (1, 2, 3), (1, 1, 1)))(positive(rng)),
    says="Adding up before comparing can only hide divergence.",
)

gibbs = Theorem(
    "gibbs", "Gibbs' inequality, with the Hellinger gap", ROOM, PLACE, "Gibbs; the Hellinger form is classical",
    (), two_laws(),
    le(integral(X, (sqrt(P[X]) - sqrt(Q[X])) ** 2), divergence(P, Q)),
    (
        Step("pointwise", le(P[X] - Q[X] + (sqrt(P[X]) - sqrt(Q[X])) ** 2, relative(P[X], Q[X])), Lemma("relative_gap", Instance({x: P[X], y: Q[X], c: 1}))),
        Step("averaged", le(integral(X, (sqrt(P[X]) - sqrt(Q[X])) ** 2), divergence(P, Q)), Expectation("pointwise", (X,))),
    ),
    families=(P, Q), spaces=(OMEGA,), witness=lambda rng: laws(rng, "p", "q", dominated_by="q"),
    says="A divergence is at least the squared Hellinger distance: it is never negative and vanishes only for equal laws.",
)

P1, P2, Q1, Q2 = (Family(n, (OMEGA,)) for n in ("p1", "p2", "q1", "q2"))
_mixed = integral(X, relative(lam * P1[X] + (1 - lam) * P2[X], lam * Q1[X] + (1 - lam) * Q2[X]))


def _convex_model(rng):
    weights = base(rng)
    model = Model({"lambda": rational(rng)}, {}, {"Omega": weights})
    for p, q in (("p1", "q1"), ("p2", "q2")):
        model.families |= {k: v for k, v in laws(rng, p, q, dominated_by=q, n=len(weights)).families.items()}
    for name, values in model.families.items():  # one base for both pairs
        total = sum(values[(k,)] * w for k, w in enumerate(weights))
        model.families[name] = {k: v / total for k, v in values.items()} if total else values
    return model


a1, a2, b1, b2 = var("a1", "a2", "b1", "b2")
log_sum_two = Theorem(
    "log_sum_two", "Log-sum inequality for two terms", ROOM, PLACE, "Cover and Thomas 2006, Theorem 2.7.1",
    (a1, a2, b1, b2),
    (hyp("a1 is nonnegative", le(0, a1)), hyp("a2 is nonnegative", le(0, a2)), hyp("b1 is nonnegative", le(0, b1)), hyp("b2 is nonnegative", le(0, b2)),
     hyp("b1 vanishes only with a1", dominated(a1, b1)), hyp("b2 vanishes only with a2", dominated(a2, b2))),
    le(relative(a1 + a2, b1 + b2), relative(a1, b1) + relative(a2, b2)),
    (
        Step("totals", dominated(a1 + a2, b1 + b2), Null(("b1 vanishes only with a1", "b2 vanishes only with a2"))),
        Step("two points", le(relative(a1 + a2, b1 + b2), relative(a1, b1) + relative(a2, b2)),
             Lemma("log_sum", Instance(families={"u": lambda k: (a1, a2)[k], "v": lambda k: (b1, b2)[k]}, points={OMEGA: 2}))),
    ),
    witness=lambda rng: (lambda z: Model({"b1": z[0], "b2": z[1], "a1": rational(rng, 0, 3) if z[0] else 0, "a2": rational(rng, 0, 3) if z[1] else 0}))(
        [rng.choice((0, 1, 2, Fraction(1, 3))), rng.choice((1, 2, Fraction(1, 3)))]),
    ablations={f"{n} is nonnegative": Model({"a1": 1, "a2": 1, "b1": 1, "b2": 1} | {n: Fraction(-1, 2)}) for n in ("a1", "a2", "b1", "b2")}
    | {f"b{k} vanishes only with a{k}": Model({"a1": 1, "a2": 1, "b1": 1, "b2": 1} | {f"b{k}": 0}) for k in (1, 2)},
    equality=lambda rng: (lambda s: Model({"a1": 2 * s, "b1": 2, "a2": 3 * s, "b2": 3}))(positive(rng)),
    says="Two comparisons at once lose nothing against their sum only when the ratios agree.",
)

joint_convexity = Theorem(
    "joint_convexity", "Divergence is jointly convex", ROOM, PLACE, "Cover and Thomas 2006, Theorem 2.7.2",
    (lam,), (hyp("lambda is nonnegative", le(0, lam)), hyp("lambda is at most one", le(lam, 1)), *densities_of(P1, Q1, ("P1", "Q1")), *densities_of(P2, Q2, ("P2", "Q2"))),
    le(_mixed, lam * divergence(P1, Q1) + (1 - lam) * divergence(P2, Q2)),
    (
        Step("first", dominated(lam * P1[X], lam * Q1[X]), Sign()),
        Step("second", dominated((1 - lam) * P2[X], (1 - lam) * Q2[X]), Sign()),
        Step("mixed", dominated(lam * P1[X] + (1 - lam) * P2[X], lam * Q1[X] + (1 - lam) * Q2[X]), Null(("first", "second"))),
        Step("pointwise", le(relative(lam * P1[X] + (1 - lam) * P2[X], lam * Q1[X] + (1 - lam) * Q2[X]),
                             lam * relative(P1[X], Q1[X]) + (1 - lam) * relative(P2[X], Q2[X])),
             Lemma("log_sum_two", Instance({a1: lam * P1[X], a2: (1 - lam) * P2[X], b1: lam * Q1[X], b2: (1 - lam) * Q2[X]}))),
        Step("averaged", le(_mixed, lam * divergence(P1, Q1) + (1 - lam) * divergence(P2, Q2)), Expectation("pointwise", (X,))),
    ),
    families=(P1, P2, Q1, Q2), spaces=(OMEGA,), witness=_convex_model,
    says="Mixing two comparisons gives at most the mixture of their divergences.",
)

binary_joint_convexity = (lambda p1, p2, q1, q2: Theorem(
    "binary_joint_convexity", "Binary divergence is jointly convex", ROOM, PLACE, "classical",
    (lam, p1, p2, q1, q2),
    (hyp("lambda is nonnegative", le(0, lam)), hyp("lambda is at most one", le(lam, 1)),
     *(h for n, p, q in (("1", p1, q1), ("2", p2, q2)) for h in (
         hyp(f"p{n} is nonnegative", le(0, p)), hyp(f"p{n} is at most one", le(p, 1)), hyp(f"q{n} is nonnegative", le(0, q)), hyp(f"q{n} is at most one", le(q, 1)),
         hyp(f"q{n} vanishes only with p{n}", dominated(p, q)), hyp(f"1 - q{n} vanishes only with 1 - p{n}", dominated(1 - p, 1 - q))))),
    le(kl(lam * p1 + (1 - lam) * p2, lam * q1 + (1 - lam) * q2), lam * kl(p1, q1) + (1 - lam) * kl(p2, q2)),
    (
        Step("p1 ~ q1", dominated(lam * p1, lam * q1), Sign()),
        Step("p2 ~ q2", dominated((1 - lam) * p2, (1 - lam) * q2), Sign()),
        Step("successes", dominated(lam * p1 + (1 - lam) * p2, lam * q1 + (1 - lam) * q2), Null(("p1 ~ q1", "p2 ~ q2"))),
        Step("1 - p1 ~ 1 - q1", dominated(lam * (1 - p1), lam * (1 - q1)), Sign()),
        Step("1 - p2 ~ 1 - q2", dominated((1 - lam) * (1 - p2), (1 - lam) * (1 - q2)), Sign()),
        Step("failures", dominated(1 - (lam * p1 + (1 - lam) * p2), 1 - (lam * q1 + (1 - lam) * q2)), Null(("1 - p1 ~ 1 - q1", "1 - p2 ~ 1 - q2"))),
        Step("success", le(relative(lam * p1 + (1 - lam) * p2, lam * q1 + (1 - lam) * q2), lam * relative(p1, q1) + (1 - lam) * relative(p2, q2)),
             Lemma("log_sum_two", Instance({a1: lam * p1, a2: (1 - lam) * p2, b1: lam * q1, b2: (1 - lam) * q2}))),
        Step("failure", le(relative(1 - (lam * p1 + (1 - lam) * p2), 1 - (lam * q1 + (1 - lam) * q2)), lam * relative(1 - p1, 1 - q1) + (1 - lam) * relative(1 - p2, 1 - q2)),
             Lemma("log_sum_two", Instance({a1: lam * (1 - p1), a2: (1 - lam) * (1 - p2), b1: lam * (1 - q1), b2: (1 - lam) * (1 - q2)}))),
        Step("together", le(kl(lam * p1 + (1 - lam) * p2, lam * q1 + (1 - lam) * q2), lam * kl(p1, q1) + (1 - lam) * kl(p2, q2)),
             Combination(((1, "success"), (1, "failure")))),
    ),
    witness=lambda rng: Model({"lambda": rational(rng), "p1": rational(rng), "p2": rational(rng), "q1": inside(rng), "q2": inside(rng)}),
    equality=lambda rng: Model({"lambda": H, "p1": Fraction(1, 3), "p2": Fraction(1, 3), "q1": Fraction(1, 5), "q2": Fraction(1, 5)}),
    says="Mixing pairs of probabilities gives at most the mixture of their binary divergences.",
))(*var("p1", "p2", "q1", "q2"))

P_SCORE = named(r"\mathbb{E}_P f", (), integral(X, P[X] * F[X]))
Q_SCORE = named(r"\mathbb{E}_Q f", (), integral(X, Q[X] * F[X]))
SCORE = (hyp("f is nonnegative", le(0, F[X])), hyp("f is at most one", le(F[X], 1)))


def score_model(rng):
    model = laws(rng, "p", "q", dominated_by="q")
    event = rng.random() < 0.5
    model.families["f"] = {k: rng.randint(0, 1) if event else rational(rng, parts=4) for k in model.families["p"]}
    return model


def _mean(name, title, hypotheses, claim, steps, says, families=(P, Q, F), ablations=None):
    return Theorem(name, title, ROOM, PLACE, "classical", (), hypotheses, claim, steps, families=families, spaces=(OMEGA,), witness=score_model, kind="order", says=says,
                   ablations=ablations or {})


def two_points(**families):
    """A model on two points of weight one."""
    return Model({}, {name: {(0,): Fraction(a), (1,): Fraction(b)} for name, (a, b) in families.items()}, {"Omega": [1, 1]})


_low, _high = SCORE
_P_total, _Q_total = law(P, "P")[1], law(Q, "Q")[1]
_Q_nonnegative, _continuous = law(Q, "Q")[0], two_laws()[-1]
mean_at_most_one = _mean(
    "mean_at_most_one", "A mean score is at most one", (*law(P, "P"), _high), le(P_SCORE, 1),
    (
        Step("below", le(P[X] * F[X], P[X]), Sign()),
        Step("averaged", le(P_SCORE, integral(X, P[X])), Expectation("below", (X,))),
        Step("mean", le(P_SCORE, 1), Combination(((1, "averaged"), (1, "P has total mass one")))),
    ), "A score of at most one has a mean of at most one.", (P, F))
accepted_mass = _mean(
    "accepted_mass", "What Q never accepts P never accepts", (_Q_nonnegative, _continuous, _low), dominated(P_SCORE, Q_SCORE),
    (Step("on f", dominated(P[X] * F[X], Q[X] * F[X]), Sign()), Step("mean", dominated(P_SCORE, Q_SCORE), Null(("on f",), (X,)))),
    "Absolute continuity passes to the means of a score.", ablations={"Q is nonnegative": two_points(p=(1, 0), q=(1, -1), f=(1, 1)), "f is nonnegative": two_points(p=(1, 0), q=(H, H), f=(1, -1))})
rejected_mass = _mean(
    "rejected_mass", "What Q never rejects P never rejects", (_P_total, _Q_nonnegative, _Q_total, _continuous, _high), dominated(1 - P_SCORE, 1 - Q_SCORE),
    (Step("off f", dominated(P[X] * (1 - F[X]), Q[X] * (1 - F[X])), Sign()), Step("mean", dominated(1 - P_SCORE, 1 - Q_SCORE), Null(("off f",), (X,)))),
    "Absolute continuity passes to the means of the complementary score.",
    ablations={"Q is nonnegative": two_points(p=(H, H), q=(2, -1), f=(H, 0)), "f is at most one": two_points(p=(1, 0), q=(H, H), f=(2, 0))})

_identity = Instance(families={})
MEANS = (  # what makes the binary divergence of two mean scores meaningful
    Step("P(f) is at most one", le(P_SCORE, 1), Lemma("mean_at_most_one", _identity)),
    Step("Q(f) is at most one", le(Q_SCORE, 1), Lemma("mean_at_most_one", Instance(families={"p": lambda i: Q[i]}))),
    Step("accepted mass", dominated(P_SCORE, Q_SCORE), Lemma("accepted_mass", _identity)),
    Step("rejected mass", dominated(1 - P_SCORE, 1 - Q_SCORE), Lemma("rejected_mass", _identity)),
)

binary_data_processing = Theorem(
    "binary_data_processing", "The one inequality, for scores", ROOM, PLACE, "Kullback and Leibler 1951; Csiszar 1967",
    (), (*two_laws(), *SCORE),
    le(kl(P_SCORE, Q_SCORE), divergence(P, Q)),
    (
        *MEANS,
        Step("accepted", le(relative(P_SCORE, Q_SCORE), integral(X, relative(P[X] * F[X], Q[X] * F[X]))),
             Lemma("log_sum", Instance(families={"u": lambda i: P[i] * F[i], "v": lambda i: Q[i] * F[i]}, indices={X: (X,)}))),
        Step("rejected", le(relative(1 - P_SCORE, 1 - Q_SCORE), integral(X, relative(P[X] * (1 - F[X]), Q[X] * (1 - F[X])))),
             Lemma("log_sum", Instance(families={"u": lambda i: P[i] * (1 - F[i]), "v": lambda i: Q[i] * (1 - F[i])}, indices={X: (X,)}))),
        Step("together", le(kl(P_SCORE, Q_SCORE), divergence(P, Q)), Combination(((1, "accepted"), (1, "rejected")))),
    ),
    families=(P, Q, F), spaces=(OMEGA,), witness=score_model,
    says="Whatever score one looks at, the binary divergence of its two means is at most the divergence of the laws.",
)

binary_data_processing_event = Theorem(
    "binary_data_processing_event", "The one inequality, for events", ROOM, PLACE, "Kullback and Leibler 1951",
    (), (*two_laws(), hyp("f is an indicator", eq(F[X] ** 2, F[X]))),
    le(kl(P_SCORE, Q_SCORE), divergence(P, Q)),
    (
        Step("square", le(0, F[X] ** 2), Sign()),
        Step("nonnegative", le(0, F[X]), Combination(((1, "square"), (1, "f is an indicator")))),
        Step("co-square", le(0, (1 - F[X]) ** 2), Sign()),
        Step("at most one", le(F[X], 1), Combination(((1, "co-square"), (1, "f is an indicator")))),
        *MEANS,
        Step("score", le(kl(P_SCORE, Q_SCORE), divergence(P, Q)), Lemma("binary_data_processing", Instance())),
    ),
    families=(P, Q, F), spaces=(OMEGA,),
    witness=lambda rng: (lambda m: (m.families.__setitem__("f", {k: rng.randint(0, 1) for k in m.families["p"]}), m)[1])(laws(rng, "p", "q", dominated_by="q")),
    says="For every event E the binary divergence of P(E) and Q(E) is at most the divergence of P and Q.",
)

phi = Family("phi", (OMEGA,))
_Z = named(r"\mathbb{E}_P e^{\phi}", (), integral(X, P[X] * exp(phi[X])))
_Qphi = named(r"\mathbb{E}_Q \phi", (), integral(X, Q[X] * phi[X]))
donsker_varadhan = Theorem(
    "donsker_varadhan", "Donsker-Varadhan inequality", ROOM, PLACE, "Donsker and Varadhan 1975",
    (), (*law(Q, "Q"), hyp("P is nonnegative", le(0, P[X])), hyp("Q is absolutely continuous", dominated(Q[X], P[X]))),
    le(_Qphi, divergence(Q, P) + ln(_Z)),
    (
        Step("tilted mass", dominated(Q[X], P[X] * exp(phi[X])), Sign()),
        Step("totals", dominated(integral(X, Q[X]), _Z), Null(("tilted mass",), (X,))),
        Step("normaliser", lt(0, _Z), Sign()),
        Step("pointwise", le(Q[X] * (phi[X] - ln(_Z)) + Q[X] - P[X] * exp(phi[X]) / _Z, relative(Q[X], P[X])),
             Lemma("relative_tangent", Instance({x: Q[X], y: P[X], c: exp(phi[X]) / _Z}))),
        Step("averaged", le(_Qphi, divergence(Q, P) + ln(_Z)), Expectation("pointwise", (X,))),
    ),
    families=(P, Q, phi), spaces=(OMEGA,),
    witness=lambda rng: (lambda m: (m.families.__setitem__("phi", {k: rational(rng, -2, 2) for k in m.families["p"]}), m)[1])(laws(rng, "q", "p", dominated_by="p")),
    equality=lambda rng: Model({}, {"p": {(0,): H, (1,): H}, "q": {(0,): H, (1,): H}, "phi": {(0,): 1, (1,): 1}}, {"Omega": [1, 1]}),
    says="Every function's mean under Q is at most its log-mean-exponential under P plus the divergence.",
)

THEOREMS = (log_tangent, log_tangent_gap, relative_gap, relative_tangent, log_sum, gibbs, log_sum_two, joint_convexity, binary_joint_convexity,
            mean_at_most_one, accepted_mass, rejected_mass, binary_data_processing, binary_data_processing_event, donsker_varadhan)
