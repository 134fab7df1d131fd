"""Both sides together: the best weights come from second moments, and estimating them has a price."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Sign, Space, Step, Theorem, eq, integral, le, lt, named, var
from ..words import column, hyp, positive, rational
from .risks import CHI, DRAWS, FREE, MORE_THAN_TWO, NOISES, SOMETHING, STEIN, V, W, k_, normal_squares
from .setting import HALF, PLACE, ROOM, numbers

a, g, c, w, price = var("a", "g", "c", "w", "p")
TESTS = Space("Test", "probability", ("z",))
(Z,) = TESTS.indices
first, second = Family("e", (TESTS,)), Family("h", (TESTS,))
GAP = a + g - 2 * c
BEST_W, BEST_R = named("{w^*}", (), (g - c) / GAP), named("{R^*}", (), (a * g - c ** 2) / GAP)
MOMENTS = (hyp("a is the first error's mean square", eq(integral(Z, first[Z] ** 2) - a, 0)), hyp("g is the second error's mean square", eq(integral(Z, second[Z] ** 2) - g, 0)),
           hyp("c is the errors' mean product", eq(integral(Z, first[Z] * second[Z]) - c, 0)))
DIFFERENT = Hypothesis("the errors differ", lt(0, GAP), structural=True)
_mixed = integral(Z, (w * first[Z] + (1 - w) * second[Z]) ** 2)
_parabola = eq(_mixed, BEST_R + GAP * (w - BEST_W) ** 2)


def errors(e, h, w, *, weights=None, **said) -> Model:
    """Two errors on a few points; a, g and c are theirs unless said otherwise."""
    weights = weights or [Fraction(1, len(e))] * len(e)
    moment = lambda x, y: sum(p * s * t for p, s, t in zip(weights, x, y))
    return Model({"a": moment(e, e), "g": moment(h, h), "c": moment(e, h), "w": w} | said, {"e": column(e), "h": column(h)}, {"Test": weights})


def some_errors(rng) -> Model:
    while True:
        e, h = ([Fraction(rng.randint(-4, 4), 2) for _ in range(3)] for _ in range(2))
        if e != h:
            return errors(e, h, rational(rng, -1, 2), weights=[Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)])


combination = Theorem(
    "combination", "The risk of a weighted answer", ROOM, PLACE, "Bates and Granger 1969", (a, g, c, w), (*MOMENTS, DIFFERENT), _parabola,
    (
        Step("expanded", eq(_mixed, w ** 2 * integral(Z, first[Z] ** 2) + 2 * w * (1 - w) * integral(Z, first[Z] * second[Z]) + (1 - w) ** 2 * integral(Z, second[Z] ** 2)), Identity()),
        Step("moments", eq(_mixed, w ** 2 * a + 2 * w * (1 - w) * c + (1 - w) ** 2 * g), Combination(((1, "expanded"), (w ** 2, MOMENTS[0].name), (2 * w * (1 - w), MOMENTS[2].name), ((1 - w) ** 2, MOMENTS[1].name)))),
        Step("parabola", _parabola, Combination(((1, "moments"),))),
    ),
    families=(first, second), spaces=(TESTS,), witness=some_errors,
    ablations={MOMENTS[0].name: errors([1, -1], [1, 1], HALF, a=3), MOMENTS[1].name: errors([1, -1], [1, 1], HALF, g=3), MOMENTS[2].name: errors([1, 1], [1, 3], HALF, c=0)},
    says="w on the first answer, 1 - w on the second: the risk is a parabola in w, with its least value (a g - c^2)/(a + g - 2c). c is the mean product of the errors, their biases' product included, not their covariance.")


def moments(rng, **more) -> Model:
    a_, g_ = positive(rng), positive(rng)
    return Model({"a": a_, "g": g_, "c": min(a_, g_) * Fraction(rng.randint(-8, 7), 8)} | more)


_gain = eq(a - BEST_R, (a - c) ** 2 / GAP)
combination_gain = Theorem(
    "combination_gain", "What the best weights save", ROOM, PLACE, "elementary", (a, g, c), (DIFFERENT,), _gain, (Step("gain", _gain, Identity()),),
    witness=lambda rng: moments(rng), says="The best weighted answer is better than either by (a - c)^2/D and (g - c)^2/D: it is never worse, and strictly better unless c is one of the risks.")
SMALL = (hyp("c is below a", lt(c, a)), hyp("c is below g", lt(c, g)))
convex_gain = Theorem(
    "convex_gain", "When a mean beats both", ROOM, PLACE, "elementary", (a, g, c), SMALL, lt(0, BEST_W * (1 - BEST_W)),
    (
        Step("differ", lt(0, GAP), Sign()),
        Step("product", lt(0, (g - c) * (a - c) / GAP ** 2), Sign()),
        Step("inside", lt(0, BEST_W * (1 - BEST_W)), Combination(((1, "product"),))),
    ),
    witness=lambda rng: moments(rng), kind="order", ablations={SMALL[0].name: numbers(a=1, g=4, c=2), SMALL[1].name: numbers(a=4, g=1, c=2)},
    says="The best weights lie inside (0, 1) when c is below both risks; that it must be below them says the next theorem.")
_range = (hyp("w is nonnegative", le(0, w)), hyp("w is at most one", le(w, 1)))
LARGE, ORDER = hyp("c is at least a", le(a, c)), hyp("a is at most g", le(a, g))
_risk = w ** 2 * a + 2 * w * (1 - w) * c + (1 - w) ** 2 * g
convex_no_gain = Theorem(
    "convex_no_gain", "When no mean beats the better side", ROOM, PLACE, "elementary", (a, g, c, w), (*_range, LARGE, ORDER), le(a, _risk),
    (
        Step("risk", le(a, _risk), Combination(((2 * w * (1 - w), LARGE.name), ((1 - w) ** 2, ORDER.name)))),
    ),
    witness=lambda rng: (lambda x, y, z: Model({"a": x, "g": x + y, "c": x + z, "w": rational(rng)}))(positive(rng), positive(rng), positive(rng)), kind="order",
    equality=lambda rng: numbers(a=1, g=2, c=1, w=1),
    ablations={LARGE.name: numbers(a=1, g=1, c=0, w=HALF), ORDER.name: numbers(a=2, g=1, c=2, w=0), _range[0].name: numbers(a=1, g=1, c=4, w=-1), _range[1].name: numbers(a=1, g=Fraction(9, 8), c=Fraction(9, 8), w=2)},
    says="With c at or above the smaller risk every mean with weights in [0, 1] is at least as bad as the better side.")
_apart = (hyp("a is positive", lt(0, a)), hyp("g is positive", lt(0, g)))
uncorrelated = Theorem(
    "uncorrelated", "Errors with mean product zero", ROOM, PLACE, "elementary", (a, g, c), (*_apart, hyp("c is zero", eq(c, 0))), eq(1 / BEST_R, 1 / a + 1 / g),
    (Step("harmonic", eq(1 / BEST_R, 1 / a + 1 / g), Identity()),),
    witness=lambda rng: Model(moments(rng).variables | {"c": 0}), kind="order", ablations={"c is zero": numbers(a=1, g=1, c=HALF)},
    says="With c = 0 precisions add: 1/R* = 1/a + 1/g; at the crossover, a = g, the combination halves the risk.")
_even = hyp("the risks are equal", eq(a - g, 0))
at_crossover = Theorem(
    "at_crossover", "At the crossover", ROOM, PLACE, "elementary", (a, g, c), (_even, DIFFERENT), eq(BEST_R, (a + c) / 2),
    (Step("half", eq(BEST_R, (a + c) / 2), Combination((((a + c) / (2 * GAP) - a / GAP, _even.name),))),),
    witness=lambda rng: (lambda m: Model(m | {"g": m["a"], "c": m["a"] * Fraction(rng.randint(-8, 7), 8)}))(moments(rng).variables), ablations={_even.name: numbers(a=1, g=2, c=0)},
    says="Where the two risks cross the best weights are one half each and the risk (a + c)/2.")


# biases enter the product

bias1, bias2, cov = var("b1", "b2", "kappa")
_mean = lambda f, b: hyp(f"{b.data[0]} is the bias", eq(integral(Z, f[Z]) - b, 0))
COVARIANCE = hyp("kappa is the errors' covariance", eq(integral(Z, (first[Z] - bias1) * (second[Z] - bias2)) - cov, 0))
_product = eq(integral(Z, first[Z] * second[Z]), bias1 * bias2 + cov)


def biased(b1, b2, said=None, coupled=0) -> Model:
    e, h = [b1 + s for s in (1, 1, -1, -1)], [b2 + s + coupled * t for s, t in zip((1, -1, 1, -1), (1, 1, -1, -1))]
    return Model({"b1": b1, "b2": b2, "kappa": coupled} | (said or {}), {"e": column(e), "h": column(h)}, {"Test": [Fraction(1, 4)] * 4})


biases = Theorem(
    "biases", "Uncorrelated errors still share their biases", ROOM, PLACE, "elementary", (bias1, bias2, cov), (_mean(first, bias1), _mean(second, bias2), COVARIANCE), _product,
    (
        Step("expanded", eq(integral(Z, (first[Z] - bias1) * (second[Z] - bias2)), integral(Z, first[Z] * second[Z]) - bias2 * integral(Z, first[Z]) - bias1 * integral(Z, second[Z]) + bias1 * bias2), Identity()),
        Step("product", _product, Combination(((-1, "expanded"), (1, COVARIANCE.name), (bias2, "b1 is the bias"), (bias1, "b2 is the bias")))),
    ),
    families=(first, second), spaces=(TESTS,), witness=lambda rng: biased(Fraction(rng.randint(-4, 4), 2), Fraction(rng.randint(-4, 4), 2), coupled=Fraction(rng.randint(-2, 2), 2)),
    ablations={COVARIANCE.name: biased(1, 1, {"kappa": 0}, coupled=1), "b1 is the bias": biased(1, 1, {"b1": 2}), "b2 is the bias": biased(1, 1, {"b2": 2})},
    says="The mean product of two errors is their covariance and the product of their biases: with no covariance equal biases stay in the combination, and opposite ones cancel.")
scale, truth, explicit, implicit = Family("s", (NOISES,)), Family("t", (TESTS,)), Family("x", (TESTS, NOISES)), Family("o", (TESTS,))
eps, b = var("epsilon", "b")
SCALE = (
    Hypothesis("the explicit error is the scale error times the truth", eq(explicit[Z, V] - scale[V] * truth[Z], 0), structural=True),
    hyp("the scale error has the mean epsilon", eq(integral(V, scale[V]) - eps, 0)),
    hyp("the truth and the omitted part have the mean product b", eq(integral(Z, truth[Z] * implicit[Z]) - b, 0)),
)
_cross = eq(integral((V, Z), explicit[Z, V] * -implicit[Z]), -eps * b)


def scaled(mean, truths, left, **said) -> Model:
    s = [mean + 1, mean - 1]
    return Model({"epsilon": mean, "b": sum(x * y for x, y in zip(truths, left)) / Fraction(len(left))} | said, {"s": column(s), "t": column(truths), "o": column(left), "x": {(z, v): s[v] * t for z, t in enumerate(truths) for v in range(2)}},
                 {"Noise": [HALF, HALF], "Test": [Fraction(1, len(left))] * len(left)})


scale_bias = Theorem(
    "scale_bias", "A scale error meets the omitted part", ROOM, PLACE, "elementary", (eps, b), SCALE, _cross,
    (
        Step("product", eq(explicit[Z, V] * -implicit[Z], -scale[V] * truth[Z] * implicit[Z]), Combination(((-implicit[Z], SCALE[0].name),))),
        Step("over scales", eq(integral(V, explicit[Z, V] * -implicit[Z]), -integral(V, scale[V]) * truth[Z] * implicit[Z]), Expectation("product", (V,))),
        Step("over points", eq(integral((V, Z), explicit[Z, V] * -implicit[Z]), -integral(V, scale[V]) * integral(Z, truth[Z] * implicit[Z])), Expectation("over scales", (Z,))),
        Step("cross", _cross, Combination(((1, "over points"), (-integral(Z, truth[Z] * implicit[Z]), SCALE[1].name), (-eps, SCALE[2].name)))),
    ),
    families=(scale, truth, explicit, implicit), spaces=(NOISES, TESTS), witness=lambda rng: scaled(Fraction(rng.randint(-4, 4), 4), [Fraction(rng.randint(-4, 4)) for _ in range(3)], [Fraction(rng.randint(-4, 4)) for _ in range(3)]), kind="construction",
    ablations={SCALE[1].name: scaled(HALF, [1, 2], [1, 1], epsilon=1), SCALE[2].name: scaled(HALF, [1, 2], [1, 1], b=4)},
    says="A scale error of mean epsilon and an implicit model that omits a part of mean square b have errors with the mean product -epsilon b: c is not zero.")


# estimated weights

guess = Family("x", (DRAWS,))
_drawn = eq(integral(W, BEST_R + GAP * (guess[W] - BEST_W) ** 2), BEST_R + GAP * integral(W, (guess[W] - BEST_W) ** 2))
LEFT = Family("r", (DRAWS,))
WEIGHED = (
    DIFFERENT, hyp("given the weight the risk is the parabola's", eq(LEFT[W] - (BEST_R + GAP * (guess[W] - BEST_W) ** 2), 0)),
)
_missed = integral(W, (guess[W] - BEST_W) ** 2)
_better = hyp("the weight's mean square error is below w*^2", lt(_missed, BEST_W ** 2))


def guessed(values, a_=Fraction(1), g_=Fraction(2), c_=Fraction(0), extra=0) -> Model:
    gap, w_, r_ = a_ + g_ - 2 * c_, (g_ - c_) / (a_ + g_ - 2 * c_), (a_ * g_ - c_ ** 2) / (a_ + g_ - 2 * c_)
    return Model({"a": a_, "g": g_, "c": c_}, {"x": column(values), "r": column(r_ + gap * (x - w_) ** 2 + extra for x in values)}, {"Draws": [Fraction(1, len(values))] * len(values)})


def a_guess(rng) -> Model:
    m = moments(rng).variables
    w_ = (m["g"] - m["c"]) / (m["a"] + m["g"] - 2 * m["c"])
    return guessed([w_ * (1 + Fraction(rng.randint(-7, 7), 8)) for _ in range(2)], m["a"], m["g"], m["c"])


estimated_weight = Theorem(
    "estimated_weight", "The price of an estimated weight", ROOM, PLACE, "elementary", (a, g, c), WEIGHED, eq(integral(W, LEFT[W]), BEST_R + GAP * _missed),
    (
        Step("given", eq(LEFT[W] - (BEST_R + GAP * (guess[W] - BEST_W) ** 2), 0), Sign()),
        Step("price", eq(integral(W, LEFT[W]), BEST_R + GAP * _missed), Expectation("given", (W,))),
    ),
    families=(guess, LEFT), spaces=(DRAWS,), witness=lambda rng: a_guess(rng), ablations={WEIGHED[1].name: guessed([1, 0], extra=1)},
    says="A weight from other data costs D times its mean square error; from the same data the formula does not hold.")
estimated_gain = Theorem(
    "estimated_gain", "When an estimated weight still pays", ROOM, PLACE, "elementary", (a, g, c), (*WEIGHED, _better), lt(integral(W, LEFT[W]), g),
    (
        Step("price", eq(integral(W, LEFT[W]), BEST_R + GAP * _missed), Lemma("estimated_weight", Instance({a: a, g: g, c: c}))),
        Step("better", lt(integral(W, LEFT[W]), g), Combination(((-1, "price"), (GAP, _better.name)))),
    ),
    families=(guess, LEFT), spaces=(DRAWS,), witness=lambda rng: a_guess(rng), kind="order", ablations={_better.name: guessed([3, -3]), WEIGHED[1].name: guessed([HALF, HALF], extra=9)},
    says="It beats the second side as long as its mean square error is below w*^2, and the first, by exchange, below (1 - w*)^2.")
noise_y = var("v")
slope = Family("f", (DRAWS, NOISES))
REGRESSION = (
    MORE_THAN_TWO, SOMETHING, STEIN, DIFFERENT, Hypothesis("the best risk is nonnegative", le(0, BEST_R), structural=True), Hypothesis("v is nonnegative", le(0, noise_y), structural=True),
    hyp("the weight's error is the residual's variance over the regressor's squares", eq(integral(V, slope[W, V] ** 2) * CHI * GAP - (BEST_R + noise_y), 0)),
)


def regressed(rng, k=3, extra=0, share=None) -> Model:
    """A weight's error of either sign in two draws of three normal squares; R* + v over D chi-square is a square."""
    base = normal_squares(rng, k)
    share = base.spaces["Draws"][0] if share is None else share
    a_, g_, c_ = Fraction(1), Fraction(1), Fraction(0)  # R* is a half, D is two
    f, size = {}, Fraction(rng.randint(1, 3), 2)
    v_ = 6 * size ** 2 - HALF  # so that (R* + v)/(D k r^2) = size^2/r^2 with k = 3
    for w_ in range(2):
        radius = abs(base.families["g"][0, w_])
        for s, sign in enumerate((1, -1)):
            f[w_, s] = sign * size / radius + extra
    return Model({"a": a_, "g": g_, "c": c_, "v": v_, "k": k}, {"g": base.families["g"], "f": f}, {"Free": [1] * k, "Draws": [share, 1 - share], "Noise": [HALF, HALF]})


_price = eq(GAP * integral((W, V), slope[W, V] ** 2), (BEST_R + noise_y) / (k_ - 2))
price_of_weight = Theorem(
    "price_of_weight", "The price of a weight from k points", ROOM, PLACE, "elementary", (a, g, c, noise_y, k_), REGRESSION, _price,
    (
        Step("given the regressor", eq(GAP * integral(V, slope[W, V] ** 2), (BEST_R + noise_y) / CHI), Combination(((1 / CHI, REGRESSION[6].name),))),
        Step("averaged", eq(GAP * integral((W, V), slope[W, V] ** 2), (BEST_R + noise_y) * integral(W, 1 / CHI)), Expectation("given the regressor", (W,))),
        Step("chi-square", eq(integral(W, 1 / CHI), 1 / (k_ - 2)), Lemma("inverse_chi_square", Instance({k_: k_}))),
        Step("price", _price, Combination(((1, "averaged"), (BEST_R + noise_y, "chi-square")))),
    ),
    families=(Family("g", (FREE, DRAWS)), slope), spaces=(FREE, DRAWS, NOISES), witness=lambda rng: regressed(rng),
    ablations={},
    says="Normal errors of mean zero, the weight by regression without intercept on k labelled points with noise v: it costs (R* + v)/(k - 2).")
_points = hyp("k is above 2 + (R* + v)/(g - R*)", lt(BEST_R + noise_y, (k_ - 2) * (g - BEST_R)))
points_for_gain = Theorem(
    "points_for_gain", "How many labelled points a combination needs", ROOM, PLACE, "elementary", (a, g, c, noise_y, k_), (MORE_THAN_TWO, DIFFERENT, _points), lt(BEST_R + (BEST_R + noise_y) / (k_ - 2), g),
    (Step("better", lt(BEST_R + (BEST_R + noise_y) / (k_ - 2), g), Combination(((1 / (k_ - 2), _points.name),))),),
    witness=lambda rng: (lambda m, v_: (lambda r: Model(m | {"v": v_, "k": 2 + (r + v_) / (m["g"] - r) + positive(rng)}))((m["a"] * m["g"] - m["c"] ** 2) / (m["a"] + m["g"] - 2 * m["c"])))(moments(rng).variables, positive(rng)), kind="order",
    ablations={_points.name: numbers(a=1, g=1, c=0, v=1, k=3)},
    says="The combination is worth its estimated weight from k = 2 + (R* + v)/(min(a, g) - R*) points on.")
THEOREMS = (combination, combination_gain, convex_gain, convex_no_gain, uncorrelated, at_crossover, biases, scale_bias, estimated_weight, estimated_gain, price_of_weight, points_for_gain)
