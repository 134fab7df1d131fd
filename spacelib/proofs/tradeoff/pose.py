"""Cameras that are not where the pipeline believes: a shared scale, offsets of their own, and a drift that adds up."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, delta, eq, integral, le, lt, var
from ..words import column, hyp, positive
from .readings import F, G, THERE, VIEWS
from .risks import J, L, NOISES, V
from .setting import HALF, K, PLACE, ROOM, numbers
from .views import APART, CENTRE, FOCAL, LINE, SUM, SXX, at, focal, m, miss, pixel, s, weight, views

Z, spread, mean, square, tau, q, step = var("Z", "v", "epsilon", "w", "tau", "q", "B")
CALIBRATIONS = Space("Calibrations", "probability", ("y",))
(Y,) = CALIBRATIONS.indices
scale, depth, read = Family("s", (CALIBRATIONS,)), Family("z", (NOISES,)), Family("r", (CALIBRATIONS, NOISES))
SHARED = (
    Hypothesis("every depth is scaled", eq(read[Y, V] - (1 + scale[Y]) * depth[V], 0), structural=True),
    hyp("the scale error has the mean epsilon", eq(integral(Y, scale[Y]) - mean, 0)), hyp("the scale error has the mean square w", eq(integral(Y, scale[Y] ** 2) - square, 0)),
    hyp("the depth has no bias", eq(integral(V, depth[V]) - Z, 0)), hyp("the depth has the variance v", eq(integral(V, (depth[V] - Z) ** 2) - spread, 0)),
)
_shared = eq(integral((Y, V), (read[Y, V] - Z) ** 2), Z ** 2 * square + spread * (1 + 2 * mean + square))


def scaled(scales, depths, **said) -> Model:
    z, e = Fraction(sum(depths), len(depths)), [Fraction(x) for x in scales]
    return Model({"Z": z, "v": sum((x - z) ** 2 for x in depths) / len(depths), "epsilon": sum(e) / len(e), "w": sum(x ** 2 for x in e) / len(e)} | said,
                 {"s": column(e), "z": column(depths), "r": {(y, v): (1 + x) * d for y, x in enumerate(e) for v, d in enumerate(depths)}}, {"Calibrations": [Fraction(1, len(e))] * len(e), "Noise": [Fraction(1, len(depths))] * len(depths)})


shared_scale = Theorem(
    "shared_scale", "An error of scale that all frames share", ROOM, PLACE, "elementary", (Z, spread, mean, square), SHARED, _shared,
    (
        Step("square", eq((read[Y, V] - Z) ** 2 - ((1 + scale[Y]) ** 2 * (depth[V] - Z) ** 2 + 2 * (1 + scale[Y]) * scale[Y] * Z * (depth[V] - Z) + scale[Y] ** 2 * Z ** 2), 0),
             Combination(((read[Y, V] + (1 + scale[Y]) * depth[V] - 2 * Z, SHARED[0].name),))),
        Step("over frames", eq(integral(V, (read[Y, V] - Z) ** 2) - ((1 + scale[Y]) ** 2 * integral(V, (depth[V] - Z) ** 2) + 2 * (1 + scale[Y]) * scale[Y] * Z * (integral(V, depth[V]) - Z) + scale[Y] ** 2 * Z ** 2), 0), Expectation("square", (V,))),
        Step("given the scale", eq(integral(V, (read[Y, V] - Z) ** 2) - ((1 + scale[Y]) ** 2 * spread + scale[Y] ** 2 * Z ** 2), 0),
             Combination(((1, "over frames"), ((1 + scale[Y]) ** 2, SHARED[4].name), (2 * (1 + scale[Y]) * scale[Y] * Z, SHARED[3].name)))),
        Step("over scales", eq(integral((Y, V), (read[Y, V] - Z) ** 2) - (spread * (1 + 2 * integral(Y, scale[Y]) + integral(Y, scale[Y] ** 2)) + integral(Y, scale[Y] ** 2) * Z ** 2), 0), Expectation("given the scale", (Y,))),
        Step("risk", _shared, Combination(((1, "over scales"), (2 * spread, SHARED[1].name), (spread + Z ** 2, SHARED[2].name)))),
    ),
    families=(scale, depth, read), spaces=(CALIBRATIONS, NOISES), witness=lambda rng: scaled([Fraction(rng.randint(-3, 3), 4) for _ in range(2)], [Fraction(rng.randint(1, 8), 2) for _ in range(3)]),
    ablations={SHARED[1].name: scaled([HALF, 0], [1, 2], epsilon=0), SHARED[2].name: scaled([HALF, 0], [1, 2], w=0), SHARED[3].name: Model({"Z": 1, "v": 1, "epsilon": HALF, "w": Fraction(1, 4)}, {"s": column([HALF]), "z": column([2]), "r": {(0, 0): 3}}, {"Calibrations": [1], "Noise": [1]}),
               SHARED[4].name: scaled([HALF, 0], [1, 2], v=4)},
    says="A scale error leaves Z^2 E epsilon^2 however small the frames' own variance gets: a floor, not a part that K divides.")

OFFSETS = hyp("errors are those of pixels and of the cameras' offsets", eq(integral(V, pixel[F, V] * pixel[G, V]) - (s ** 2 + focal ** 2 * tau ** 2 / Z ** 2) * delta(F, G), 0))
_offset = eq(integral(V, miss[V] ** 2), (s ** 2 + focal ** 2 * tau ** 2 / Z ** 2) / (focal ** 2 * SXX))


def offset(rng) -> Model:
    """Pixel errors and offsets of 3 and 4 parts, so together 5, seen at some depth."""
    size, f, z = Fraction(rng.randint(1, 4), 2), Fraction(rng.randint(1, 4)), positive(rng)
    first = Fraction(rng.randint(-4, 4), 2)
    model = views([first, first + positive(rng)], size=5 * size, focal=f)
    return Model(model.variables | {"s": 3 * size, "tau": 4 * size * z / f, "Z": z}, model.families, model.spaces)


own_offsets = Theorem(
    "own_offsets", "Offsets of the cameras' own", ROOM, PLACE, "elementary", (K, m, focal, s, tau, Z), (THERE, CENTRE, APART, FOCAL, Hypothesis("Z is positive", lt(0, Z), structural=True), OFFSETS, LINE, SUM), _offset,
    (
        Step("noise", eq(integral(V, miss[V] ** 2), (s ** 2 + focal ** 2 * tau ** 2 / Z ** 2) * integral(F, weight[F] ** 2)),
             Lemma("weighted_noise", Instance({var("n"): K, var("tau"): s ** 2 + focal ** 2 * tau ** 2 / Z ** 2}, families={"a": lambda k: weight[k], "u": lambda k, v: pixel[(*k, *v)], "e": lambda v: miss[v]}, indices={J: (F,), L: (G,)}))),
        Step("weight", eq(weight[F] ** 2 * (focal * SXX) ** 2 - (at[F] - m) ** 2, 0), Combination(((weight[F] * focal * SXX - at[F] + m, LINE.name),))),
        Step("weights", eq(integral(F, weight[F] ** 2) * (focal * SXX) ** 2 - SXX, 0), Expectation("weight", (F,))),
        Step("variance", _offset, Combination(((1, "noise"), ((s ** 2 + focal ** 2 * tau ** 2 / Z ** 2) / (focal * SXX) ** 2, "weights")))),
    ),
    families=(at, weight, pixel, miss), spaces=(VIEWS, NOISES), witness=offset, ablations={OFFSETS.name: Model(views([0, 2]).variables | {"tau": 1, "Z": 1}, views([0, 2]).families, views([0, 2]).spaces)},
    says="Offsets of deviation tau count as f tau/Z pixels: they matter where it is near, pixels where it is far, alike at Z = f tau/s.")


# drift: every frame stands where the last one stood, and a step more

DRIFTS = Space("Steps", "finite", ("j", "l"), K - 1)
I_, L_ = DRIFTS.indices
number, later = Family("j", (DRIFTS,)), Family("c", (DRIFTS,))
STEPS = Hypothesis("there are two frames", lt(1, K), structural=True)
POWERS = tuple(Hypothesis(name, eq(integral(I_, number[I_] ** power) - total, 0), structural=True) for name, power, total in (  # of 1 to K - 1
    ("the steps' squares add up", 2, (K - 1) * K * (2 * K - 1) / 6), ("the steps' cubes add up", 3, (K * (K - 1) / 2) ** 2), ("the steps' fourth powers add up", 4, (K - 1) * K * (2 * K - 1) * (3 * K ** 2 - 3 * K - 1) / 30)))
LATER = Hypothesis("a step moves all later frames", eq(later[I_] * step ** 2 * K * (K ** 2 - 1) / 12 - step * number[I_] * (K - number[I_]) / 2, 0), structural=True)
LENGTH = Hypothesis("the step's length is positive", lt(0, step), structural=True)
_ols = 6 * (K ** 2 + 1) / (5 * K * (K ** 2 - 1))
_drift = eq(integral(I_, later[I_] ** 2), _ols / step ** 2)


def drifting(count, step) -> Model:
    numbers = range(1, count)
    return Model({"K": count, "B": step}, {"j": column(numbers), "c": column(6 * j * Fraction(count - j) / (step * count * (count ** 2 - 1)) for j in numbers)}, {"Steps": [1] * (count - 1)})


drift = Theorem(
    "drift", "What drift does to regression", ROOM, PLACE, "elementary", (K, step), (STEPS, LENGTH, *POWERS, LATER), _drift,
    (
        Step("more than one", lt(0, K ** 2 - 1), Combination(((K + 1, STEPS.name),))),
        Step("weight", eq(later[I_] ** 2 * (step * K * (K ** 2 - 1)) ** 2 - 36 * number[I_] ** 2 * (K - number[I_]) ** 2, 0),
             Combination(((144 * (later[I_] * K * (K ** 2 - 1) / 12 + number[I_] * (K - number[I_]) / (2 * step)), LATER.name),))),
        Step("weights", eq(integral(I_, later[I_] ** 2) * (step * K * (K ** 2 - 1)) ** 2 - 36 * (K ** 2 * integral(I_, number[I_] ** 2) - 2 * K * integral(I_, number[I_] ** 3) + integral(I_, number[I_] ** 4)), 0), Expectation("weight", (I_,))),
        Step("drift", _drift, Combination(tuple((c / (step * K * (K ** 2 - 1)) ** 2, name) for c, name in ((1, "weights"), (36 * K ** 2, POWERS[0].name), (-72 * K, POWERS[1].name), (36, POWERS[2].name))))),
    ),
    families=(number, later), spaces=(DRIFTS,), witness=lambda rng: drifting(rng.randint(2, 5), positive(rng)),
    says="Steps of deviation tau that add up give regression the variance q^2 (tau/B)^2 6 (K^2 + 1)/(5 K (K^2 - 1)): it falls as 1/K, no longer as 1/K^3.")
_sum4 = lambda k: (k - 1) * k * (2 * k - 1) * (3 * k ** 2 - 3 * k - 1) / 30
fourth_powers = Theorem(
    "fourth_powers", "Sums of fourth powers pass on", ROOM, PLACE, "Bernoulli 1713", (K,), (), eq(_sum4(K + 1) - _sum4(K), K ** 4), (Step("next", eq(_sum4(K + 1) - _sum4(K), K ** 4), Sign()),),
    witness=lambda rng: Model({"K": rng.randint(-3, 6)}),
    says="The formula of the sum of the fourth powers below K grows by K^4 from K to K + 1, and is zero at K = 1; squares and cubes likewise.")
free = Family("a", (DRIFTS,))
SEES = hyp("the steps' weights see the inverse depth", eq(step * integral(I_, free[I_]) - 1, 0))
_gls = le(1 / (step ** 2 * (K - 1)), integral(I_, free[I_] ** 2))
drift_best = Theorem(
    "drift_best", "The best that can be done against drift", ROOM, PLACE, "Gauss-Markov", (K, step), (STEPS, LENGTH, SEES), _gls,
    (
        Step("square", le(0, (free[I_] - 1 / (step * (K - 1))) ** 2), Sign()),
        Step("all", le(0, integral(I_, free[I_] ** 2) - 2 / (step * (K - 1)) * integral(I_, free[I_]) + 1 / (step ** 2 * (K - 1))), Expectation("square", (I_,))),
        Step("least", _gls, Combination(((1, "all"), (-2 / (step ** 2 * (K - 1)), SEES.name)))),
    ),
    families=(free,), spaces=(DRIFTS,), witness=lambda rng: (lambda b, x: Model({"K": 3, "B": b}, {"a": column([x, 1 / b - x])}, {"Steps": [1, 1]}))(positive(rng), Fraction(rng.randint(-4, 4), 2)),
    equality=lambda rng: Model({"K": 3, "B": 1}, {"a": column([HALF, HALF])}, {"Steps": [1, 1]}), ablations={SEES.name: Model({"K": 3, "B": 1}, {"a": column([0, 0])}, {"Steps": [1, 1]})},
    says="Every linear unbiased use of the differences between neighbours has at least q^2 (tau/B)^2/(K - 1): with drift 1/K is the best rate there is.")
drift_ratio = Theorem(
    "drift_ratio", "Regression loses a fifth at most", ROOM, PLACE, "elementary", (K,), (STEPS,), le(_ols * (K - 1), Fraction(6, 5)),
    (
        Step("surplus", le(0, 6 * (K - 1) / (5 * K * (K + 1))), Sign()),
        Step("ratio", le(_ols * (K - 1), Fraction(6, 5)), Combination(((1, "surplus"),))),
    ),
    witness=lambda rng: Model({"K": rng.randint(2, 9)}), kind="order",
    says="Against the best it is worse by the factor 6 (K^2 + 1)/(5 K (K + 1)), one at two and three frames and at most 6/5.")
THEOREMS = (shared_scale, own_offsets, drift, fourth_powers, drift_best, drift_ratio)
