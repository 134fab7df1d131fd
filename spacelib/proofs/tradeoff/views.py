"""Views on a line: what their positions give, why inverse depth is the thing to average, and an unbiased depth without a variance.

A point at (X, Z) is seen from x_k at f (X - x_k)/Z, which is linear in X/Z and in q = 1/Z.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Sign, Space, Step, Theorem, delta, eq, exp, integral, le, lt, named, var
from ..words import column, hyp, positive
from .readings import F, G, THERE, VIEWS
from .risks import J, L, NOISES, V
from .setting import HALF, K, PLACE, ROOM, numbers

x, X, q, focal, s, Z, m, y, D = var("x", "X", "q", "f", "s", "Z", "m", "y", "D")
at, pixel, weight, miss = Family("x", (VIEWS,)), Family("u", (VIEWS, NOISES)), Family("a", (VIEWS,)), Family("e", (NOISES,))
CENTRE = Hypothesis("m is the views' mean", eq(integral(F, at[F]), K * m), structural=True)
SXX = named("S_{xx}", (), integral(F, (at[F] - m) ** 2))
APART = Hypothesis("not all views are at one place", lt(0, SXX), structural=True)
FOCAL = Hypothesis("the focal length is positive", lt(0, focal), structural=True)

# any linear estimate of inverse depth, and the best one

PIXELS = hyp("pixel errors are uncorrelated, of variance s^2", eq(integral(V, pixel[F, V] * pixel[G, V]) - s ** 2 * delta(F, G), 0))
UNBIASED = (hyp("the weights add up to zero", eq(integral(F, weight[F]), 0)), hyp("the weights see inverse depth", eq(focal * integral(F, weight[F] * at[F]) + 1, 0)))


def views(positions, weights=None, sides=None, size=Fraction(1), focal=Fraction(1), **more) -> Model:
    """Two views, the best weights unless others are given, pixel errors on four patterns of signs."""
    n = len(positions)
    mean = Fraction(sum(positions), n)
    square = sum((p - mean) ** 2 for p in positions)
    weights = weights or [-(p - mean) / (focal * square) for p in positions]
    sides = sides or [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    u = {(k, v): size * side[k] for v, side in enumerate(sides) for k in range(n)}
    return Model({"K": n, "m": mean, "f": focal, "s": size} | more, {"x": column(positions), "a": column(weights), "u": u, "e": column(sum(w * u[k, v] for k, w in enumerate(weights)) for v in range(len(sides)))},
                 {"Frames": [1] * n, "Noise": [Fraction(1, len(sides))] * len(sides)})


def some_views(rng) -> Model:
    first = Fraction(rng.randint(-4, 4), 2)
    return views([first, first + positive(rng)], size=Fraction(rng.randint(1, 4), 2), focal=positive(rng))


def only(model: Model, *families) -> Model:
    spaces = {"Frames": model.spaces["Frames"]} | ({"Noise": model.spaces["Noise"]} if "u" in families else {})
    return Model(model.variables, {k: v for k, v in model.families.items() if k in families}, spaces)


_least = 1 / (focal ** 2 * SXX)
best_inverse_depth = Theorem(
    "best_inverse_depth", "The least noise of an inverse depth", ROOM, PLACE, "Gauss-Markov", (K, m, focal), (THERE, CENTRE, APART, FOCAL, *UNBIASED), le(_least, integral(F, weight[F] ** 2)),
    (
        Step("square", le(0, (weight[F] + (at[F] - m) / (focal * SXX)) ** 2), Sign()),
        Step("all", le(0, integral(F, weight[F] ** 2) + 2 / (focal * SXX) * integral(F, weight[F] * (at[F] - m)) + integral(F, (at[F] - m) ** 2) / (focal * SXX) ** 2), Expectation("square", (F,))),
        Step("seen", eq(focal * integral(F, weight[F] * (at[F] - m)) + 1, 0), Combination(((1, UNBIASED[1].name), (-focal * m, UNBIASED[0].name)))),
        Step("least", le(_least, integral(F, weight[F] ** 2)), Combination(((1, "all"), (2 / (focal ** 2 * SXX), "seen")))),
    ),
    families=(at, weight), spaces=(VIEWS,), witness=lambda rng: only(some_views(rng), "x", "a"), equality=lambda rng: only(views([0, 2]), "x", "a"),
    ablations={UNBIASED[0].name: only(views([5, 7], weights=[Fraction(-1, 5), 0]), "x", "a"), UNBIASED[1].name: only(views([0, 2], weights=[0, 0]), "x", "a")},
    says="Every linear unbiased estimate of 1/Z has a variance of at least s^2/(f^2 S_xx), whatever the sideways place of the point.")
LINE = Hypothesis("the weights are those of regression on the views' places", eq(weight[F] * focal * SXX + at[F] - m, 0), structural=True)
SUM = Hypothesis("the error is the weighted sum", eq(miss[V] - integral(F, weight[F] * pixel[F, V]), 0), structural=True)
_variance = eq(integral(V, miss[V] ** 2), s ** 2 / (focal ** 2 * SXX))
inverse_depth_variance = Theorem(
    "inverse_depth_variance", "The noise of an inverse depth", ROOM, PLACE, "elementary", (K, m, focal, s), (THERE, CENTRE, APART, FOCAL, PIXELS, LINE, SUM), _variance,
    (
        Step("noise", eq(integral(V, miss[V] ** 2), s ** 2 * integral(F, weight[F] ** 2)), Lemma("weighted_noise", Instance({var("n"): K, var("tau"): s ** 2}, families={"a": lambda k: weight[k], "u": lambda k, v: pixel[(*k, *v)], "e": lambda v: miss[v]}, indices={J: (F,), L: (G,)}))),
        Step("weight", eq(weight[F] ** 2 * (focal * SXX) ** 2 - (at[F] - m) ** 2, 0), Combination(((weight[F] * focal * SXX - at[F] + m, LINE.name),))),
        Step("weights", eq(integral(F, weight[F] ** 2) * (focal * SXX) ** 2 - SXX, 0), Expectation("weight", (F,))),
        Step("variance", _variance, Combination(((1, "noise"), (s ** 2 / (focal * SXX) ** 2, "weights")))),
    ),
    families=(at, weight, pixel, miss), spaces=(VIEWS, NOISES), witness=some_views, ablations={PIXELS.name: views([0, 2], sides=[(1, 1), (-1, -1)])},
    says="Regression of the views reaches it: inverse depth is unbiased and efficient, its variance s^2/(f^2 S_xx).")


# the Cramer-Rao bound of the depth

square_of = Family("w", (VIEWS,))
_along = focal ** 2 / (s ** 2 * Z ** 2)
INFORMATION = named("I", (), K * _along), named("J", (), -integral(F, focal ** 2 * (X - at[F]) / (s ** 2 * Z ** 3))), named("L", (), integral(F, focal ** 2 * (X - at[F]) ** 2 / (s ** 2 * Z ** 4)))
_det = INFORMATION[0] * INFORMATION[2] - INFORMATION[1] ** 2
_bound = eq(INFORMATION[0] / _det, Z ** 4 * s ** 2 / (focal ** 2 * SXX))
depth_bound = Theorem(
    "depth_bound", "The Cramer-Rao bound of a depth", ROOM, PLACE, "elementary", (K, m, focal, s, X, Z),
    (THERE, CENTRE, APART, FOCAL, Hypothesis("s is positive", lt(0, s), structural=True), Hypothesis("Z is positive", lt(0, Z), structural=True)), _bound,
    (
        Step("determinant", eq(_det, K * focal ** 4 * SXX / (s ** 4 * Z ** 6)), Identity()),
        Step("curvature", lt(0, K * focal ** 4 * SXX / (s ** 4 * Z ** 6)), Sign()),
        Step("bound", _bound, Identity()),
    ),
    families=(at,), spaces=(VIEWS,), witness=lambda rng: (lambda v: Model(v.variables | {"X": Fraction(rng.randint(-4, 4)), "Z": positive(rng)}, v.families, v.spaces))(only(some_views(rng), "x")),
    says="With the sideways place unknown as well the bound of the depth is Z^4 s^2/(f^2 S_xx), the same wherever the point is.")


# where to stand

NEW_MEAN = (K * m + y) / (K + 1)
_more = eq(integral(F, (at[F] - NEW_MEAN) ** 2) + (y - NEW_MEAN) ** 2, SXX + K / (K + 1) * (y - m) ** 2)
one_more_view = Theorem(
    "one_more_view", "What one more view adds", ROOM, PLACE, "Welford 1962", (K, m, y), (THERE, CENTRE), _more, (Step("added", _more, Identity()),),
    families=(at,), spaces=(VIEWS,), witness=lambda rng: (lambda v: Model({k: v.variables[k] for k in ("K", "m")} | {"y": Fraction(rng.randint(-4, 4))}, v.families, v.spaces))(only(some_views(rng), "x")),
    says="A view at y adds K/(K + 1) (y - m)^2 to the spread: the further from the mean the better.")
step, N = var("B", "n")
EQUAL = (hyp("the first K views have this spread", eq(SXX - step ** 2 * K * (K ** 2 - 1) / 12, 0)), hyp("their mean is in the middle", eq(m - step * (K - 1) / 2, 0)), hyp("the next view is one step on", eq(y - step * K, 0)))
_next = eq(integral(F, (at[F] - NEW_MEAN) ** 2) + (y - NEW_MEAN) ** 2, step ** 2 * (K + 1) * ((K + 1) ** 2 - 1) / 12)


def equal(count, step, **more) -> Model:
    return Model({"K": count, "B": step, "m": step * Fraction(count - 1, 2), "y": step * count} | more, {"x": column(step * k for k in range(count))}, {"Frames": [1] * count})


equal_spacing = Theorem(
    "equal_spacing", "Equally spaced views", ROOM, PLACE, "elementary", (K, m, y, step), (THERE, CENTRE, *EQUAL), _next,
    (
        Step("added", _more, Lemma("one_more_view", Instance({K: K, m: m, y: y}))),
        Step("distance", eq((y - m) ** 2 - (step * (K + 1) / 2) ** 2, 0), Combination(((y - m + step * (K + 1) / 2, EQUAL[2].name), (-(y - m + step * (K + 1) / 2), EQUAL[1].name)))),
        Step("next", _next, Combination(((1, "added"), (1, EQUAL[0].name), (K / (K + 1), "distance")))),
    ),
    families=(at,), spaces=(VIEWS,), witness=lambda rng: equal(rng.randint(1, 4), positive(rng)),
    ablations={EQUAL[0].name: Model({"K": 2, "B": 1, "m": HALF, "y": 2}, {"x": column([-1, 2])}, {"Frames": [1, 1]}), EQUAL[2].name: equal(2, Fraction(1), y=9),
               EQUAL[1].name: Model({"K": 2, "B": 1, "m": 5, "y": 2}, {"x": column([Fraction(9, 2), Fraction(11, 2)])}, {"Frames": [1, 1]})},
    says="With one view the spread is zero, and from K equally spaced views to K + 1 the formula B^2 K (K^2 - 1)/12 passes on: it holds for every K, and inverse depth has the variance 12 s^2/(f^2 B^2 K (K^2 - 1)).")
_total = lambda k: 12 * (k - 1) / (k * (k + 1))
_third = eq(_total(K + 1) - _total(K), -12 * (K - 2) / (K * (K + 1) * (K + 2)))
third_view = Theorem(
    "third_view", "A third view on the same line gains nothing", ROOM, PLACE, "elementary", (K,), (Hypothesis("there is a view", lt(0, K), structural=True),), _third, (Step("difference", _third, Identity()),),
    witness=lambda rng: Model({"K": rng.randint(1, 9)}),
    says="Equally spaced on a line of fixed length D, K views have the bound 12 (K - 1)/(K (K + 1)) Z^4 s^2/(f^2 D^2): the same for two and three, and only ~12/K after that.")
INSIDE = (hyp("views are not before the line", le(0, at[F])), hyp("views are not beyond it", le(at[F], D)))
_most = le(SXX, K * D ** 2 / 4)
spread_at_most = Theorem(
    "spread_at_most", "The largest spread on a line", ROOM, PLACE, "Popoviciu 1935", (K, m, D), (THERE, CENTRE, *INSIDE), _most,
    (
        Step("below", le(at[F], D), Sign()),
        Step("one", le(at[F] ** 2, D * at[F]), Combination(((at[F], "below"),))),
        Step("all", le(integral(F, at[F] ** 2), D * integral(F, at[F])), Expectation("one", (F,))),
        Step("middle", le(0, K * (m - D / 2) ** 2), Sign()),
        Step("most", _most, Combination(((1, "all"), (1, "middle")))),
    ),
    families=(at,), spaces=(VIEWS,), witness=lambda rng: (lambda d, places: Model({"K": 3, "m": sum(places) / 3, "D": d}, {"x": column(places)}, {"Frames": [1] * 3}))(*(lambda d: (d, [d * Fraction(rng.randint(0, 8), 8) for _ in range(3)]))(positive(rng))),
    equality=lambda rng: Model({"K": 2, "m": HALF, "D": 1}, {"x": column([0, 1])}, {"Frames": [1, 1]}),
    ablations={INSIDE[0].name: Model({"K": 2, "m": -1, "D": 1}, {"x": column([-3, 1])}, {"Frames": [1, 1]}), INSIDE[1].name: Model({"K": 2, "m": 2, "D": 1}, {"x": column([0, 4])}, {"Frames": [1, 1]})},
    says="K views within a length D spread by at most K D^2/4, half of them at each end: the bound of the depth is 4/K, a third of what equal spacing tends to.")
_ends = le((y - m) ** 2, (1 - y / D) * m ** 2 + y / D * (D - m) ** 2)
ends_are_best = Theorem(
    "ends_are_best", "One of the ends is at least as good", ROOM, PLACE, "elementary", (m, y, D), (Hypothesis("D is positive", lt(0, D), structural=True), hyp("y is not before the line", le(0, y)), hyp("y is not beyond it", le(y, D))), _ends,
    (Step("product", le(0, y * (D - y)), Sign()), Step("ends", _ends, Combination(((1, "product"),)))),
    witness=lambda rng: (lambda d: Model({"D": d, "y": d * Fraction(rng.randint(0, 8), 8), "m": Fraction(rng.randint(-4, 8), 2)}))(positive(rng)), equality=lambda rng: numbers(m=1, y=0, D=2),
    ablations={"y is not before the line": numbers(m=0, y=-1, D=1), "y is not beyond it": numbers(m=0, y=2, D=1)},
    says="A view inside the line is no better than a mixture of the two ends: the best layouts have every view at an end.")
odd_layout = Theorem(
    "odd_layout", "An odd number of views", ROOM, PLACE, "elementary", (K, N, D), (THERE, hyp("n is a whole number and K odd", le(1, (2 * N - K) ** 2))), le(D ** 2 * N * (K - N) / K, D ** 2 * (K ** 2 - 1) / (4 * K)),
    (Step("split", le(D ** 2 * N * (K - N) / K, D ** 2 * (K ** 2 - 1) / (4 * K)), Combination(((D ** 2 / (4 * K), "n is a whole number and K odd"),))),),
    witness=lambda rng: (lambda k: Model({"K": k, "n": rng.randint(0, k), "D": positive(rng)}))(2 * rng.randint(0, 4) + 1), equality=lambda rng: numbers(K=3, n=1, D=1),
    ablations={"n is a whole number and K odd": numbers(K=2, n=1, D=1)},
    says="With n of K views at one end and the others at the other the spread is D^2 n (K - n)/K, for odd K at most D^2 (K^2 - 1)/(4K): the bound of the depth is 4K/(K^2 - 1).")


# an unbiased depth

RATES = Space("Rates", "measure", ("r",))
(T,) = RATES.indices
rate, reading, ratio = Family("t", (RATES,)), Family("x", (NOISES,)), Family("h", (NOISES,))
mu = var("mu")
NORMAL = (
    Hypothesis("the disparity is positive", lt(0, mu), structural=True), FOCAL, Hypothesis("s is positive", lt(0, s), structural=True),
    Hypothesis("h is the Mills ratio of the reading", eq(ratio[V] - integral(T, exp(-reading[V] * rate[T] - rate[T] ** 2 / 2)), 0), structural=True),
    hyp("the reading is normal about mu", eq(integral(V, exp(-reading[V] * rate[T])) - exp(-mu * rate[T] + rate[T] ** 2 / 2), 0)),
    hyp("exponentials integrate to the inverse of their rate", eq(integral(T, exp(-mu * rate[T])) - 1 / mu, 0)),
)
_depth = eq(focal * step / s * integral(V, ratio[V]), focal * step / (s * mu))


def one_rate(mass, mu, t=0, **more) -> Model:
    """All mass at one rate: at rate zero every law has the moments of a normal one."""
    return Model({"mu": mu, "f": 1, "B": 1, "s": 1} | more, {"t": column([t]), "x": column([mu]), "h": column([mass])}, {"Rates": [mass], "Noise": [1]})


unbiased_depth = Theorem(
    "unbiased_depth", "A depth without bias", ROOM, PLACE, "Voinov 1985", (focal, step, s, mu), NORMAL, _depth,
    (
        Step("definition", eq(ratio[V] - integral(T, exp(-reading[V] * rate[T] - rate[T] ** 2 / 2)), 0), Sign()),
        Step("averaged", eq(integral(V, ratio[V]) - integral(T, exp(-rate[T] ** 2 / 2) * integral(V, exp(-reading[V] * rate[T]))), 0), Expectation("definition", (V,))),
        Step("normal", eq(integral(V, exp(-reading[V] * rate[T])) - exp(-mu * rate[T] + rate[T] ** 2 / 2), 0), Sign()),
        Step("at each rate", eq(exp(-rate[T] ** 2 / 2) * integral(V, exp(-reading[V] * rate[T])) - exp(-mu * rate[T]), 0), Combination(((exp(-rate[T] ** 2 / 2), "normal"),))),
        Step("rates", eq(integral(T, exp(-rate[T] ** 2 / 2) * integral(V, exp(-reading[V] * rate[T]))) - integral(T, exp(-mu * rate[T])), 0), Expectation("at each rate", (T,))),
        Step("depth", _depth, Combination(((focal * step / s, "averaged"), (focal * step / s, "rates"), (focal * step / s, NORMAL[5].name)))),
    ),
    families=(rate, reading, ratio), spaces=(RATES, NOISES), witness=lambda rng: (lambda k: one_rate(1 / k, k, f=positive(rng), B=positive(rng), s=positive(rng)))(positive(rng)),
    ablations={NORMAL[5].name: one_rate(Fraction(2), Fraction(1))},
    says="f B/s times the Mills ratio of the disparity over its noise has the depth as its mean, with normal noise that leaves f B/disp without any; its variance is infinite all the same.")
THEOREMS = (best_inverse_depth, inverse_depth_variance, depth_bound, one_more_view, equal_spacing, third_view, spread_at_most, ends_are_best, odd_layout, unbiased_depth)
