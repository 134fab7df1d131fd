"""The explicit side: a systematic error that no frame removes, and frames whose errors average out as far as they are not shared."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, delta, eq, integral, lt, named, var
from ..words import column, hyp
from .risks import NOISES, V
from .setting import HALF, K, PLACE, ROOM

VIEWS, CALIBRATIONS = Space("Frames", "finite", ("k", "l"), K), Space("Calibrations", "probability", ("y",))
(F, G), (Y,) = VIEWS.indices, CALIBRATIONS.indices
beta, per, corr = var("beta", "v", "rho")
system, noise, total, inner = Family("t", (CALIBRATIONS,)), Family("e", (VIEWS, NOISES)), Family("s", (CALIBRATIONS, NOISES)), Family("m", (NOISES,))
THERE = Hypothesis("there are frames", lt(0, K), structural=True)
EQUAL = hyp("frames' errors are equally correlated", eq(integral(V, noise[F, V] * noise[G, V]) - per * (corr + (1 - corr) * delta(F, G)), 0))
ZERO = hyp("frames' errors have mean zero", eq(integral(V, noise[F, V]), 0))
SYSTEMATIC = hyp("the systematic error has the mean square beta^2", eq(integral(Y, system[Y] ** 2) - beta ** 2, 0))
MEAN = Hypothesis("m is the frames' mean error", eq(inner[V] * K - integral(F, noise[F, V]), 0), structural=True)
TOTAL = Hypothesis("the error is the systematic one and the frames' mean", eq(total[Y, V] - system[Y] - inner[V], 0), structural=True)
_mean = eq(integral(V, inner[V] ** 2), per * (corr + (1 - corr) / K))


def readings(own, shared, systematic=Fraction(0), *, drift=Fraction(0), beta=None, sides=None) -> Model:
    """Two frames: an error that both share and one of each, on four patterns of signs; the systematic error takes two values."""
    sides = sides or [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
    e = {(f, v): shared * side[2] + own * side[f] + drift for v, side in enumerate(sides) for f in range(2)}
    m, t = [(e[0, v] + e[1, v]) / 2 for v in range(4)], [systematic, systematic / 7]
    size = shared ** 2 + own ** 2
    return Model({"K": 2, "v": size, "rho": Fraction(shared) ** 2 / size, "beta": systematic * Fraction(5, 7) if beta is None else beta},
                 {"t": column(t), "e": e, "m": column(m), "s": {(y, v): t[y] + m[v] for y in range(2) for v in range(4)}}, {"Frames": [1, 1], "Noise": [Fraction(1, 4)] * 4, "Calibrations": [HALF, HALF]})


def shifted() -> Model:
    """Errors of mean one: their second moments are in order, the systematic error adds to them."""
    model = readings(1, 0, Fraction(7))
    e = {k: 1 for k in model.families["e"]}
    return Model(model.variables | {"v": 1, "rho": 1}, model.families | {"e": e, "m": column([1] * 4), "s": {(y, v): model.families["t"][y,] + 1 for y in range(2) for v in range(4)}}, model.spaces)


def some(rng) -> Model:
    return readings(Fraction(rng.randint(1, 4), 2), Fraction(rng.randint(0, 4), 2), Fraction(rng.randint(-7, 7), 2))


def without(model: Model, *families) -> Model:
    return Model(model.variables, {k: v for k, v in model.families.items() if k not in families}, model.spaces)


frames_mean = Theorem(
    "frames_mean", "The mean of frames", ROOM, PLACE, "elementary", (K, per, corr), (THERE, EQUAL, MEAN), _mean,
    (
        Step("equal", EQUAL.claim, Sign()),
        Step("with one", eq(K * noise[G, V] * inner[V], integral(F, noise[F, V] * noise[G, V])), Combination(((noise[G, V], MEAN.name),))),
        Step("averaged", eq(K * integral(V, noise[G, V] * inner[V]), integral(F, integral(V, noise[F, V] * noise[G, V]))), Expectation("with one", (V,))),
        Step("added", eq(integral(F, integral(V, noise[F, V] * noise[G, V])), per * (corr * K + 1 - corr)), Expectation("equal", (F,))),
        Step("one", eq(K * integral(V, noise[G, V] * inner[V]), per * (corr * K + 1 - corr)), Combination(((1, "averaged"), (1, "added")))),
        Step("all", eq(K * integral(G, integral(V, noise[G, V] * inner[V])), K * per * (corr * K + 1 - corr)), Expectation("one", (G,))),
        Step("square", eq(K * inner[V] ** 2, integral(G, noise[G, V] * inner[V])), Combination(((inner[V], MEAN.name),))),
        Step("squares", eq(K * integral(V, inner[V] ** 2), integral(G, integral(V, noise[G, V] * inner[V]))), Expectation("square", (V,))),
        Step("mean", _mean, Combination(((1 / K, "squares"), (1 / K ** 2, "all")))),
    ),
    families=(noise, inner), spaces=(VIEWS, NOISES), witness=lambda rng: without(some(rng), "t", "s"),
    ablations={EQUAL.name: without(readings(1, 0, sides=[(1, 1, 1)] * 2 + [(-1, -1, -1)] * 2), "t", "s")},
    says="Of K frames' errors the part that all share stays, the rest falls as 1/K: the correlation is a floor.")
E_OF_K = named(r"E\left(K\right)", (), beta ** 2 + per * (corr + (1 - corr) / K))
_risk = eq(integral((Y, V), total[Y, V] ** 2), E_OF_K)
explicit_risk = Theorem(
    "explicit_risk", "The explicit risk, exactly", ROOM, PLACE, "elementary", (K, beta, per, corr), (THERE, EQUAL, ZERO, SYSTEMATIC, MEAN, TOTAL), _risk,
    (
        Step("sum", eq(K * inner[V] - integral(F, noise[F, V]), 0), Combination(((1, MEAN.name),))),
        Step("mean", eq(K * integral(V, inner[V]), 0), Expectation("sum", (V,))),
        Step("centred", eq(integral(V, inner[V]), 0), Combination(((1 / K, "mean"),))),
        Step("frames", _mean, Lemma("frames_mean", Instance({K: K, per: per, corr: corr}))),
        Step("square", eq(total[Y, V] ** 2, system[Y] ** 2 + 2 * system[Y] * inner[V] + inner[V] ** 2), Combination(((total[Y, V] + system[Y] + inner[V], TOTAL.name),))),
        Step("over frames", eq(integral(V, total[Y, V] ** 2), system[Y] ** 2 + 2 * system[Y] * integral(V, inner[V]) + integral(V, inner[V] ** 2)), Expectation("square", (V,))),
        Step("given a calibration", eq(integral(V, total[Y, V] ** 2), system[Y] ** 2 + per * (corr + (1 - corr) / K)), Combination(((1, "over frames"), (2 * system[Y], "centred"), (1, "frames")))),
        Step("over calibrations", eq(integral((Y, V), total[Y, V] ** 2), integral(Y, system[Y] ** 2) + per * (corr + (1 - corr) / K)), Expectation("given a calibration", (Y,))),
        Step("risk", _risk, Combination(((1, "over calibrations"), (1, SYSTEMATIC.name)))),
    ),
    families=(noise, inner, system, total), spaces=(VIEWS, NOISES, CALIBRATIONS), witness=some,
    ablations={EQUAL.name: readings(1, 0, sides=[(1, 1, 1)] * 2 + [(-1, -1, -1)] * 2), ZERO.name: shifted(), SYSTEMATIC.name: readings(1, 0, Fraction(7), beta=1)},
    says="beta^2 + v (rho + (1 - rho)/K): only the systematic error's mean square matters, and what frames share acts as a bias.")
THEOREMS = (frames_mean, explicit_risk)
