"""The crossover: for which samples and which frames either side is better, and how every setting moves it."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Hypothesis, Identity, Instance, Lemma, Model, Sign, Step, Theorem, eq, le, lt, named, var
from ..words import hyp, positive
from .setting import BIAS, DIMENSION, ENOUGH, HALF, K, LINEAR, N_STAR, NOISE, PLACE, ROOM, TAU, WORSE, E, R, b, crossover, d, implicit, linear, n, numbers, sigma

_identity = eq(R - E, (E - b) * (N_STAR - n) / (n - d - 1))
gap_identity = Theorem(
    "gap_identity", "The gap of the two risks", ROOM, PLACE, "elementary", (n, d, b, sigma, E), (DIMENSION, ENOUGH, WORSE), _identity,
    (Step("gap", _identity, Identity()),),
    witness=lambda rng: linear(rng),
    says="With E above b the risks' difference is a product: its sign is that of n* - n.")

FEW, MANY = hyp("n is below n*", lt(n, N_STAR)), hyp("n is above n*", lt(N_STAR, n))
_gap = Step("gap", _identity, Lemma("gap_identity", Instance({n: n, d: d, b: b, sigma: sigma, E: E})))
_scale = (E - b) / (n - d - 1)


def beside(rng, below: bool) -> Model:
    """n on one side of n*, close or far."""
    model = linear(rng)
    v = model.variables
    top = v["d"] + 1 + (v["sigma"] ** 2 + v["b"]) * v["d"] / (v["E"] - v["b"])
    near = rng.choice((Fraction(1, 64), HALF, Fraction(63, 64)))
    return Model(v | {"n": v["d"] + 1 + (top - v["d"] - 1) * (near if below else 1 / near)})


explicit_below = Theorem(
    "explicit_below", "Below n* the explicit side is better", ROOM, PLACE, "elementary", (n, d, b, sigma, E), (DIMENSION, ENOUGH, WORSE, FEW), lt(E, R),
    (_gap, Step("better", lt(E, R), Combination(((1, "gap"), (_scale, FEW.name))))),
    witness=lambda rng: beside(rng, True), kind="order",
    ablations={FEW.name: numbers(n=9, d=1, b=0, sigma=1, E=1), WORSE.name: numbers(n=9, d=1, b=1, sigma=1, E=1)},
    says="With fewer samples than n* the geometric pipeline has the smaller risk.")
implicit_above = Theorem(
    "implicit_above", "Above n* the implicit side is better", ROOM, PLACE, "elementary", (n, d, b, sigma, E), (DIMENSION, ENOUGH, WORSE, MANY), lt(R, E),
    (_gap, Step("better", lt(R, E), Combination(((-1, "gap"), (_scale, MANY.name))))),
    witness=lambda rng: beside(rng, False), kind="order",
    ablations={MANY.name: numbers(n=3, d=1, b=0, sigma=1, E=HALF), WORSE.name: numbers(n=9, d=1, b=1, sigma=1, E=HALF)},
    says="With more samples than n* the learned side has the smaller risk; without E above b the same formula of n* gives the wrong verdict.")

GOOD = hyp("the explicit risk is at most b", le(E, b))
explicit_always = Theorem(
    "explicit_always", "An explicit risk of at most b is never overtaken", ROOM, PLACE, "elementary", (n, d, b, sigma, E), (*LINEAR, GOOD), lt(E, R),
    (Step("variance", lt(0, TAU * d / (n - d - 1)), Sign()), Step("better", lt(E, R), Combination(((1, "variance"), (1, GOOD.name))))),
    witness=lambda rng: (lambda m: Model(m.variables | {"E": m.variables["b"] * Fraction(rng.randint(0, 8), 8)}))(linear(rng)), kind="order",
    ablations={GOOD.name: numbers(n=9, d=1, b=0, sigma=1, E=1), NOISE.name: numbers(n=9, d=1, b=0, sigma=0, E=0), BIAS.name: numbers(n=9, d=1, b=-4, sigma=1, E=-4)},
    says="Samples cannot buy what the implicit model cannot express.")

FIRST = hyp("n is at least d + 2", le(d + 2, n))
_start = TAU * d
BAD = hyp("the explicit risk is above b + A", lt(b + _start, E))
implicit_always = Theorem(
    "implicit_always", "When the implicit side is better from the start", ROOM, PLACE, "elementary", (n, d, b, sigma, E), (DIMENSION, BIAS, FIRST, BAD), lt(R, E),
    (
        Step("least", lt(d + 1, n), Sign()),
        Step("first", le(TAU * d / (n - d - 1), _start), Combination(((TAU * d / (n - d - 1), FIRST.name),))),
        Step("better", lt(R, E), Combination(((1, "first"), (1, BAD.name)))),
    ),
    witness=lambda rng: (lambda v: Model(v | {"n": v["d"] + 2 + rng.randint(0, 3), "E": v["b"] + (v["sigma"] ** 2 + v["b"]) * v["d"] + positive(rng)}))(linear(rng).variables), kind="order",
    ablations={FIRST.name: numbers(n=Fraction(9, 4), d=1, b=0, sigma=1, E=2), BAD.name: numbers(n=3, d=1, b=0, sigma=1, E=HALF), BIAS.name: numbers(n=6, d=1, b=-4, sigma=1, E=-6)},
    says="At n = d + 2 the implicit risk is b + (sigma^2 + b) d: an explicit risk above it loses for every whole n for which the formula holds.")
first_risk = Theorem(
    "first_risk", "The implicit risk at the first samples", ROOM, PLACE, "elementary", (d, b, sigma), (DIMENSION,), eq(implicit(d + 2), b + _start), (Step("start", eq(implicit(d + 2), b + _start), Identity()),),
    witness=lambda rng: (lambda v: Model({k: v[k] for k in ("d", "b", "sigma")}))(linear(rng).variables),
    says="The formula begins at n = d + 2 with b + A, A = (sigma^2 + b) d: an explicit risk of at most that is not worse there, so above it is also what \"always\" needs.")



# how the crossover moves

d2, b2, sigma2, E2 = var("d'", "b'", "sigma'", "E'")


def rises(name, title, moved: dict, settled, more: Hypothesis, ablations, rng_values, slope, says) -> Theorem:
    """n* before and after one setting moves."""
    claim = lt(crossover(), crossover(**{k.rstrip("'"): v for k, v in moved.items()}))
    return Theorem(name, title, ROOM, PLACE, "elementary", (d, b, sigma, E, *moved.values()), (DIMENSION, settled, WORSE, more), claim, (Step("moved", claim, Combination(((slope, more.name),))),),
                   witness=lambda rng: (lambda v: Model({k: v[k] for k in ("d", "b", "sigma", "E")} | rng_values(rng, v)))(linear(rng).variables), kind="order",
                   ablations=ablations, says=says)


_larger_d = hyp("d' is above d", lt(d, d2))
_larger_s = hyp("sigma' is above sigma", lt(sigma, sigma2))
crossover_in_dimension = rises(
    "crossover_in_dimension", "More coefficients ask for more samples", {"d": d2}, BIAS, _larger_d,
    {_larger_d.name: numbers(d=2, b=0, sigma=1, E=1, **{"d'": 1}), BIAS.name: numbers(d=1, b=-4, sigma=1, E=Fraction(-7, 2), **{"d'": 2})}, lambda rng, v: {"d'": v["d"] + positive(rng)},
    1 + TAU / (E - b), "n* grows with the fitted coefficients, by 1 + (sigma^2 + b)/(E - b) for each.")
crossover_in_noise = rises(
    "crossover_in_noise", "Noisier labels ask for more samples", {"sigma": sigma2}, NOISE, _larger_s,
    {_larger_s.name: numbers(d=1, b=0, sigma=2, E=1, **{"sigma'": 1}), NOISE.name: numbers(d=1, b=0, sigma=-2, E=1, **{"sigma'": 1})}, lambda rng, v: {"sigma'": v["sigma"] + positive(rng)},
    d * (sigma + sigma2) / (E - b), "n* grows with the labels' noise, in which the implicit side learns.")
_worse_E = hyp("E' is above E", lt(E, E2))
crossover_in_explicit = Theorem(
    "crossover_in_explicit", "A worse explicit side is overtaken earlier", ROOM, PLACE, "elementary", (d, b, sigma, E, E2), (DIMENSION, NOISE, BIAS, WORSE, _worse_E), lt(crossover(E=E2), crossover()),
    (
        Step("above", lt(b, E2), Sign()),
        Step("moved", lt(crossover(E=E2), crossover()), Combination(((TAU * d / ((E - b) * (E2 - b)), _worse_E.name),))),
    ),
    witness=lambda rng: (lambda v: Model({k: v[k] for k in ("d", "b", "sigma", "E")} | {"E'": v["E"] + positive(rng)}))(linear(rng).variables), kind="order",
    ablations={_worse_E.name: numbers(d=1, b=0, sigma=1, E=2, **{"E'": 1})},
    says="n* falls as the explicit risk grows, whether by its systematic error or by one frame's noise.")
_more_b = hyp("b' is above b", lt(b, b2))
_under = hyp("b' is below E", lt(b2, E))
crossover_in_bias = Theorem(
    "crossover_in_bias", "A more biased implicit side needs more samples", ROOM, PLACE, "elementary", (d, b, sigma, E, b2), (DIMENSION, BIAS, _more_b, _under), lt(crossover(), crossover(b=b2)),
    (
        Step("above", lt(b, E), Sign()),
        Step("moved", lt(crossover(), crossover(b=b2)), Combination(((d * (E + sigma ** 2) / ((E - b) * (E - b2)), _more_b.name),))),
    ),
    witness=lambda rng: (lambda v: Model({k: v[k] for k in ("d", "b", "sigma", "E")} | {"b'": v["b"] + (v["E"] - v["b"]) * Fraction(rng.randint(1, 7), 8)}))(linear(rng).variables), kind="order",
    ablations={_more_b.name: numbers(d=1, b=1, sigma=1, E=2, **{"b'": 0}), _under.name: numbers(d=1, b=0, sigma=1, E=1, **{"b'": 2}), BIAS.name: numbers(d=1, b=-4, sigma=1, E=-3, **{"b'": Fraction(-7, 2)})},
    says="n* grows with what the implicit model cannot express: the bias adds to the noise in which it learns and leaves less to gain.")


# frames

beta, v, r, c, K2 = var("beta", "v", "r", "c", "K'")
RISK_OF_FRAMES = named(r"E\left(<0>\right)", (K,), beta ** 2 + v / K)
K_STAR = named("{K^*}", (), v / (r - beta ** 2))
FRAMES = Hypothesis("K is positive", lt(0, K), structural=True)
SPREAD = hyp("v is positive", lt(0, v))
ABOVE = hyp("the implicit risk is above the systematic part", lt(beta ** 2, r))


def framed(rng, **more) -> Model:
    b_ = Fraction(rng.randint(-6, 6), 4)
    return Model({"beta": b_, "v": positive(rng), "r": b_ ** 2 + positive(rng), "K": positive(rng)} | more)


_frames_identity = eq(RISK_OF_FRAMES - r, (r - beta ** 2) * (K_STAR - K) / K)
frames_gap = Theorem(
    "frames_gap", "The gap, by frames", ROOM, PLACE, "elementary", (K, beta, v, r), (FRAMES, ABOVE), _frames_identity, (Step("gap", _frames_identity, Identity()),),
    witness=lambda rng: framed(rng), says="With independent errors of frames the risks cross once in K, at K* = v/(R_imp - beta^2).")
_enough = hyp("K is above K*", lt(K_STAR, K))
explicit_from_frames = Theorem(
    "explicit_from_frames", "Above K* the explicit side is better", ROOM, PLACE, "elementary", (K, beta, v, r), (FRAMES, ABOVE, _enough), lt(RISK_OF_FRAMES, r),
    (
        Step("gap", _frames_identity, Lemma("frames_gap", Instance({K: K, beta: beta, v: v, r: r}))),
        Step("better", lt(RISK_OF_FRAMES, r), Combination(((-1, "gap"), ((r - beta ** 2) / K, _enough.name)))),
    ),
    witness=lambda rng: (lambda m: Model(m | {"K": m["v"] / (m["r"] - m["beta"] ** 2) + positive(rng)}))(framed(rng).variables), kind="order",
    ablations={_enough.name: numbers(K=1, beta=0, v=1, r=HALF), ABOVE.name: numbers(K=1, beta=1, v=1, r=HALF)},
    says="Frames average an independent error away: from K* on the pipeline is better than an implicit model of risk R_imp.")
_systematic = hyp("the implicit risk is at most the systematic part", le(r, beta ** 2))
frames_never = Theorem(
    "frames_never", "No number of frames undoes a systematic error", ROOM, PLACE, "elementary", (K, beta, v, r), (FRAMES, SPREAD, _systematic), lt(r, RISK_OF_FRAMES),
    (Step("spread", lt(0, v / K), Sign()), Step("worse", lt(r, RISK_OF_FRAMES), Combination(((1, "spread"), (1, _systematic.name))))),
    witness=lambda rng: (lambda m: Model(m | {"r": m["beta"] ** 2 * Fraction(rng.randint(0, 4), 4)}))(framed(rng).variables), kind="order",
    ablations={_systematic.name: numbers(K=4, beta=0, v=1, r=HALF), SPREAD.name: numbers(K=1, beta=1, v=0, r=1)},
    says="An implicit risk at or below beta^2 is below the explicit one for every K.")
_larger_r = hyp("the implicit risk is larger than r'", lt(var("r'"), r))
r2 = var("r'")
frames_in_samples = Theorem(
    "frames_in_samples", "More samples ask for more frames", ROOM, PLACE, "elementary", (beta, v, r, r2), (SPREAD, hyp("r' is above the systematic part", lt(beta ** 2, r2)), _larger_r), lt(v / (r - beta ** 2), v / (r2 - beta ** 2)),
    (
        Step("above", lt(beta ** 2, r), Sign()),
        Step("moved", lt(v / (r - beta ** 2), v / (r2 - beta ** 2)), Combination(((v / ((r - beta ** 2) * (r2 - beta ** 2)), _larger_r.name),))),
    ),
    witness=lambda rng: (lambda m: Model({"beta": m["beta"], "v": m["v"], "r'": m["r"], "r": m["r"] + positive(rng)}))(framed(rng).variables), kind="order",
    ablations={_larger_r.name: numbers(beta=0, v=1, r=1, **{"r'": 2}), SPREAD.name: numbers(beta=0, v=0, r=2, **{"r'": 1}), "r' is above the systematic part": numbers(beta=1, v=1, r=2, **{"r'": HALF})},
    says="As the implicit risk falls, with n or with the labels' noise, K* grows; it grows with beta^2 and with v as well.")
_cubic = hyp("K* is the root", eq(var("k") ** 3 - var("k") - c / (r - beta ** 2), 0))
k = var("k")
_line = beta ** 2 + c / (K * (K ** 2 - 1))
line_root = Theorem(
    "line_root", "The crossover with views on a line", ROOM, PLACE, "elementary", (K, k, c, beta, r), (ABOVE, hyp("k is above one", lt(1, k)), _cubic, hyp("K is above k", lt(k, K))), lt(_line, r),
    (
        Step("views", lt(1, K), Sign()),
        Step("cubes", lt(k ** 3 - k, K ** 3 - K), Combination(((K ** 2 + K * k + k ** 2 - 1, "K is above k"),))),
        Step("product", lt(0, K * (K ** 2 - 1)), Sign()),
        Step("better", lt(_line, r), Combination((((r - beta ** 2) / (K * (K ** 2 - 1)), "cubes"), (-(r - beta ** 2) / (K * (K ** 2 - 1)), _cubic.name)))),
    ),
    witness=lambda rng: (lambda m, q: Model({"beta": m["beta"], "r": m["r"], "k": q, "c": (q ** 3 - q) * (m["r"] - m["beta"] ** 2), "K": q + positive(rng)}))(framed(rng).variables, 1 + positive(rng)), kind="order",
    ablations={"K is above k": numbers(K=Fraction(3, 2), k=2, c=6, beta=0, r=1), _cubic.name: numbers(K=3, k=2, c=99, beta=0, r=1), "k is above one": numbers(K=1, k=0, c=0, beta=0, r=1)},
    says="Equally spaced views reduce the inverse depth's variance as 1/(K(K^2 - 1)): the crossover is the one root above one of K^3 - K = c/(R_imp - beta^2).")


# both without end

_far = hyp("the systematic part is above b", lt(b, beta ** 2))
_floor = crossover(E=beta ** 2)
_framed_cross = crossover(E=beta ** 2 + v / K)
_slack = TAU * d * v / (K * (beta ** 2 - b) ** 2)
crossover_limit = Theorem(
    "crossover_limit", "With many frames the biases decide", ROOM, PLACE, "elementary", (K, d, b, sigma, beta, v), (DIMENSION, NOISE, BIAS, FRAMES, SPREAD, _far), lt(_floor - _framed_cross, _slack),
    (
        Step("square", lt(0, TAU * d * v ** 2 / (K ** 2 * (beta ** 2 - b) ** 2 * (beta ** 2 - b + v / K))), Sign()),
        Step("near", lt(_floor - _framed_cross, _slack), Combination(((1, "square"),))),
    ),
    witness=lambda rng: (lambda m, w: Model({k: m[k] for k in ("d", "sigma")} | {"b": min(m["b"], Fraction(1, 2)), "beta": 1 + positive(rng), "v": w["v"], "K": w["K"]}))(linear(rng).variables, framed(rng).variables), kind="order",
    ablations={SPREAD.name: numbers(K=1, d=1, b=0, sigma=1, beta=1, v=0)},
    says="With beta^2 above b the crossover tends to d + 1 + A/(beta^2 - b), from below and as 1/K.")
_frames_enough = hyp("K is at least v/(b - beta^2)", le(v, K * (b - beta ** 2)))
explicit_with_frames = Theorem(
    "explicit_with_frames", "With a smaller systematic error enough frames win for every n", ROOM, PLACE, "elementary", (n, d, b, sigma, K, beta, v), (*LINEAR, FRAMES, _frames_enough), lt(RISK_OF_FRAMES, R),
    (
        Step("small", le(RISK_OF_FRAMES, b), Combination(((1 / K, _frames_enough.name),))),
        Step("better", lt(RISK_OF_FRAMES, R), Lemma("explicit_always", Instance({n: n, d: d, b: b, sigma: sigma, E: RISK_OF_FRAMES}))),
    ),
    witness=lambda rng: with_frames(rng), kind="order",
    ablations={_frames_enough.name: numbers(n=9, d=1, b=1, sigma=1, K=1, beta=1, v=9), NOISE.name: numbers(n=9, d=1, b=0, sigma=0, K=1, beta=0, v=0), BIAS.name: numbers(n=3, d=1, b=-4, sigma=1, K=1, beta=0, v=-4)},
    says="With beta^2 below b and v/(b - beta^2) frames the explicit side is better for every number of samples.")


def with_frames(rng) -> Model:
    m, g, s = linear(rng).variables, positive(rng), Fraction(rng.randint(-4, 4), 4)
    v_ = positive(rng)
    return Model({k: m[k] for k in ("d", "sigma", "n")} | {"b": s ** 2 + g, "beta": s, "v": v_, "K": v_ / g * rng.choice((1, 1, 2, 8))})


_even = hyp("the systematic part is b", eq(beta ** 2 - b, 0))
_linear_cross = eq(crossover(E=beta ** 2 + v / K), d + 1 + TAU * d * K / v)
crossover_even = Theorem(
    "crossover_even", "Equal biases: the crossover grows with the frames", ROOM, PLACE, "elementary", (K, d, b, sigma, beta, v), (DIMENSION, FRAMES, SPREAD, _even), _linear_cross,
    (
        Step("share", lt(0, v / K), Sign()),
        Step("excess", eq(beta ** 2 + v / K - b, v / K), Combination(((1, _even.name),))),
        Step("crossover", _linear_cross, Combination(((-TAU * d * K / (v * (beta ** 2 + v / K - b)), "excess"),))),
    ),
    witness=lambda rng: (lambda m, s: Model({k: m[k] for k in ("d", "sigma")} | {"b": s ** 2, "beta": s, "v": positive(rng), "K": positive(rng)}))(linear(rng).variables, Fraction(rng.randint(-4, 4), 4)),
    says="With beta^2 = b the crossover is d + 1 + A K/v, linear in the frames.")

d0 = var("d0")
_per = hyp("K' is above K", lt(K, K2))
_room = hyp("n is above K' d0 + 1", lt(K2 * d0 + 1, n))
_of = lambda k: implicit(n, k * d0)
more_frames_more_dimensions = Theorem(
    "more_frames_more_dimensions", "Frames that the implicit side must fit", ROOM, PLACE, "elementary", (n, d0, b, sigma, K, K2),
    (Hypothesis("d0 is positive", lt(0, d0), structural=True), NOISE, BIAS, FRAMES, _per, _room), lt(_of(K), _of(K2)),
    (
        Step("fewer", lt(K * d0, K2 * d0), Combination(((d0, _per.name),))),
        Step("room", lt(0, n - K * d0 - 1), Combination(((1, "fewer"), (1, _room.name)))),
        Step("risk", lt(_of(K), _of(K2)), Combination(((TAU * d0 * (n - 1) / ((n - K * d0 - 1) * (n - K2 * d0 - 1)), _per.name),))),
    ),
    witness=lambda rng: (lambda m, k, g: Model({"d0": m["d"], "b": m["b"], "sigma": m["sigma"], "K": k, "K'": k + g, "n": (k + g) * m["d"] + 1 + positive(rng)}))(linear(rng).variables, positive(rng), positive(rng)), kind="order",
    ablations={_per.name: numbers(n=9, d0=1, b=0, sigma=1, K=2, **{"K'": 1}), _room.name: numbers(n=4, d0=1, b=0, sigma=1, K=1, **{"K'": 6})},
    says="If every frame brings d0 coefficients, frames cost the implicit side: at fixed n its risk grows with K.")

THEOREMS = (gap_identity, explicit_below, implicit_above, explicit_always, first_risk, implicit_always, crossover_in_dimension, crossover_in_noise, crossover_in_explicit, crossover_in_bias, frames_gap,
            explicit_from_frames, frames_never, frames_in_samples, line_root, crossover_limit, explicit_with_frames, crossover_even, more_frames_more_dimensions)
