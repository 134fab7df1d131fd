"""Depth from a disparity: Z = f B/disp, so that a relative disparity error u gives Z/(1 + u). Bounded symmetric noise has a bias and a risk; normal noise has neither.

h is 1/(1 + u), the depth that is read over the true one, and l is 1/(1 - u), what the opposite error would give.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Monotone, Sign, Space, Step, Theorem, eq, integral, le, ln, lt, named, term, var
from ..words import column, hyp, inside
from .setting import HALF, K, PLACE, ROOM

NOISE = Space("Disparities", "probability", ("e", "e'"))
W, W2 = NOISE.indices
u, h, l = Family("u", (NOISE,)), Family("h", (NOISE,)), Family("l", (NOISE,))
rho = var("rho")
T2 = named("{t^2}", (), integral(W, u[W] ** 2))
BIAS = named(r"\mathrm{bias}/Z", (), integral(W, h[W]) - 1)
RISK = named(r"\mathrm{MSE}/Z^2", (), integral(W, (h[W] - 1) ** 2))
READ = (Hypothesis("h is 1/(1 + u)", eq(h[W] * (1 + u[W]) - 1, 0), structural=True), Hypothesis("l is 1/(1 - u)", eq(l[W] * (1 - u[W]) - 1, 0), structural=True))
BOUNDED = (hyp("u is at most rho", le(u[W], rho)), hyp("u is at least -rho", le(-rho, u[W])), hyp("rho is below one", lt(rho, 1)))
MIRROR = hyp("u is symmetric: h and l have one mean", eq(integral(W, h[W]) - integral(W, l[W]), 0))
MIRROR_SQUARES = hyp("u is symmetric: u h and u l have one mean square", eq(integral(W, u[W] ** 2 * h[W] ** 2) - integral(W, u[W] ** 2 * l[W] ** 2), 0))


def points(values, rho, weights=None, **more) -> Model:
    read = lambda sign: column(1 / (1 + sign * Fraction(x)) for x in values)
    return Model({"rho": rho} | more, {"u": column(values), "h": read(1), "l": read(-1)}, {"Disparities": weights or [Fraction(1, len(values))] * len(values)})


def symmetric(rng, **more) -> Model:
    """A symmetric law of relative disparity errors on four points inside [-rho, rho]."""
    bound, share = inside(rng), inside(rng) / 2
    near, far = (bound * Fraction(rng.randint(0, 8), 8) for _ in range(2))
    return points([near, -near, far, -far], bound, [share, share, HALF - share, HALF - share], **more)


def lopsided(rare, common, shares) -> Model:
    """One error beyond 1/2 on one side only, made up for on the other, so that the means that a symmetric law has agree."""
    return points([rare, common], HALF, [Fraction(share, sum(shares)) for share in shares])


_THREE, _NINE = Fraction(3), Fraction(9, 10)
both = h[W] * l[W]


def reading(*more: Step) -> tuple[Step, ...]:
    """h and l are positive, and h l (1 - u^2) = 1."""
    return (
        Step("above", lt(0, 1 + u[W]), Combination(((1, BOUNDED[1].name), (1, BOUNDED[2].name)))),
        Step("below", lt(0, 1 - u[W]), Combination(((1, BOUNDED[0].name), (1, BOUNDED[2].name)))),
        Step("product", lt(0, (1 + u[W]) * (1 - u[W])), Combination(((1 + u[W], "below"),))),
        Step("inverse", eq(both - 1 / ((1 + u[W]) * (1 - u[W])), 0), Combination(((l[W] / (1 + u[W]), READ[0].name), (1 / ((1 + u[W]) * (1 - u[W])), READ[1].name)))),
        Step("reciprocal", lt(0, 1 / ((1 + u[W]) * (1 - u[W]))), Sign()),
        Step("positive", lt(0, both), Combination(((1, "reciprocal"), (-1, "inverse")))),
        Step("one", eq(both * (1 - u[W] ** 2), 1), Combination((((1 + u[W]) * (1 - u[W]), "inverse"),))),
        *more,
    )


_bias = (
    Step("pair", eq(h[W] + l[W] - 2 * both, 0), Combination(((-l[W], READ[0].name), (-h[W], READ[1].name)))),
    Step("excess", eq(both - 1 - u[W] ** 2 * both, 0), Combination(((1, "one"),))),
    Step("pairs", eq(integral(W, h[W]) + integral(W, l[W]) - 2 * integral(W, both), 0), Expectation("pair", (W,))),
    Step("excesses", eq(integral(W, both) - 1 - integral(W, u[W] ** 2 * both), 0), Expectation("excess", (W,))),
    Step("bias", eq(BIAS - integral(W, u[W] ** 2 * both), 0), Combination(((HALF, "pairs"), (1, "excesses"), (HALF, MIRROR.name)))),
)
_low = (Step("at least one", le(1, both), Combination(((u[W] ** 2, "positive"), (-1, "one")))),)
_high = (
    Step("size", le(0, (rho - u[W]) * (rho + u[W])), Sign()),
    Step("nonnegative", le(0, rho), Combination(((HALF, BOUNDED[0].name), (HALF, BOUNDED[1].name)))),
    Step("room", lt(0, 1 - rho ** 2), Combination(((1 + rho, BOUNDED[2].name),))),
    Step("at most", le(both, 1 / (1 - rho ** 2)), Combination(((both / (1 - rho ** 2), "size"), (1 / (1 - rho ** 2), "one")))),
)
two_view_bias_below = Theorem(
    "two_view_bias_below", "Depth is over-estimated", ROOM, PLACE, "elementary", (rho,), (*READ, *BOUNDED, MIRROR), le(T2, BIAS),
    (
        *reading(*_bias, *_low),
        Step("squares", le(u[W] ** 2, u[W] ** 2 * both), Combination(((u[W] ** 2, "at least one"),))),
        Step("all", le(T2, integral(W, u[W] ** 2 * both)), Expectation("squares", (W,))),
        Step("from below", le(T2, BIAS), Combination(((1, "all"), (-1, "bias")))),
    ),
    families=(u, h, l), spaces=(NOISE,), witness=symmetric, equality=lambda rng: points([0], HALF), ablations={MIRROR.name: points([HALF], HALF), BOUNDED[2].name: points([3, -3], 3), BOUNDED[0].name: lopsided(_THREE, HALF, (16, 9)), BOUNDED[1].name: lopsided(-_THREE, -HALF, (16, 9))},
    says="Symmetric disparity noise makes depth too large in mean: by at least t^2 Z, t^2 the mean square of the relative error.")
two_view_bias_above = Theorem(
    "two_view_bias_above", "By no more than this", ROOM, PLACE, "elementary", (rho,), (*READ, *BOUNDED, MIRROR), le(BIAS, T2 / (1 - rho ** 2)),
    (
        *reading(*_bias, *_high),
        Step("squares", le(u[W] ** 2 * both, u[W] ** 2 / (1 - rho ** 2)), Combination(((u[W] ** 2, "at most"),))),
        Step("all", le(integral(W, u[W] ** 2 * both), T2 / (1 - rho ** 2)), Expectation("squares", (W,))),
        Step("from above", le(BIAS, T2 / (1 - rho ** 2)), Combination(((1, "all"), (1, "bias")))),
    ),
    families=(u, h, l), spaces=(NOISE,), witness=symmetric, equality=lambda rng: points([HALF, -HALF], HALF),
    ablations={MIRROR.name: points([-HALF], HALF), BOUNDED[0].name: lopsided(_NINE, -HALF, (19, 135)), BOUNDED[1].name: lopsided(-_NINE, HALF, (19, 135)), BOUNDED[2].name: points([HALF, -HALF], 1)},
    says="The bias is at most t^2 Z/(1 - rho^2): positive, and of the second order.")
_risk = (
    Step("miss", eq((h[W] - 1) ** 2 - u[W] ** 2 * h[W] ** 2, 0), Combination(((h[W] - 1 - u[W] * h[W], READ[0].name),))),
    Step("misses", eq(RISK - integral(W, u[W] ** 2 * h[W] ** 2), 0), Expectation("miss", (W,))),
    Step("pair", eq(h[W] + l[W] - 2 * both, 0), Combination(((-l[W], READ[0].name), (-h[W], READ[1].name)))),
    Step("squared", eq(u[W] ** 2 * h[W] ** 2 + u[W] ** 2 * l[W] ** 2 - 2 * u[W] ** 2 * (2 * both ** 2 - both), 0), Combination(((u[W] ** 2 * (h[W] + l[W] + 2 * both), "pair"),))),
    Step("pairs", eq(integral(W, u[W] ** 2 * h[W] ** 2) + integral(W, u[W] ** 2 * l[W] ** 2) - 2 * integral(W, u[W] ** 2 * (2 * both ** 2 - both)), 0), Expectation("squared", (W,))),
    Step("risk", eq(RISK - integral(W, u[W] ** 2 * (2 * both ** 2 - both)), 0), Combination(((1, "misses"), (HALF, "pairs"), (HALF, MIRROR_SQUARES.name)))),
)
two_view_risk_below = Theorem(
    "two_view_risk_below", "The risk of a depth, from below", ROOM, PLACE, "elementary", (rho,), (*READ, *BOUNDED, MIRROR_SQUARES), le(T2, RISK),
    (
        *reading(*_risk, *_low),
        Step("squares", le(u[W] ** 2, u[W] ** 2 * (2 * both ** 2 - both)), Combination(((u[W] ** 2 * (2 * both + 1), "at least one"),))),
        Step("all", le(T2, integral(W, u[W] ** 2 * (2 * both ** 2 - both))), Expectation("squares", (W,))),
        Step("from below", le(T2, RISK), Combination(((1, "all"), (-1, "risk")))),
    ),
    families=(u, h, l), spaces=(NOISE,), witness=symmetric, equality=lambda rng: points([0], HALF), ablations={MIRROR_SQUARES.name: points([HALF], HALF), BOUNDED[2].name: points([3, -3], 3), BOUNDED[0].name: lopsided(_THREE, -HALF, (128, 243)), BOUNDED[1].name: lopsided(-_THREE, HALF, (128, 243))},
    says="The relative mean square error of a depth is at least t^2.")
_top = T2 * (1 + rho ** 2) / (1 - rho ** 2) ** 2
two_view_risk_above = Theorem(
    "two_view_risk_above", "The risk of a depth, from above", ROOM, PLACE, "elementary", (rho,), (*READ, *BOUNDED, MIRROR_SQUARES), le(RISK, _top),
    (
        *reading(*_risk, *_low, *_high, Step("unit", lt(0, term(1)), Sign())),
        Step("margin", lt(0, 1 / (1 - rho ** 2)), Sign()),
        Step("factor", lt(0, 2 * both + 2 / (1 - rho ** 2) - 1), Combination(((2, "at least one"), (2, "margin"), (1, "unit")))),
        Step("rising", le(2 * both ** 2 - both, (1 + rho ** 2) / (1 - rho ** 2) ** 2), Combination(((2 * both + 2 / (1 - rho ** 2) - 1, "at most"),))),
        Step("squares", le(u[W] ** 2 * (2 * both ** 2 - both), u[W] ** 2 * (1 + rho ** 2) / (1 - rho ** 2) ** 2), Combination(((u[W] ** 2, "rising"),))),
        Step("all", le(integral(W, u[W] ** 2 * (2 * both ** 2 - both)), _top), Expectation("squares", (W,))),
        Step("from above", le(RISK, _top), Combination(((1, "all"), (1, "risk")))),
    ),
    families=(u, h, l), spaces=(NOISE,), witness=symmetric, equality=lambda rng: points([HALF, -HALF], HALF),
    ablations={MIRROR_SQUARES.name: points([-HALF], HALF), BOUNDED[0].name: lopsided(_NINE, -HALF, (361, 32805)), BOUNDED[1].name: lopsided(-_NINE, HALF, (361, 32805)), BOUNDED[2].name: points([HALF, -HALF], 1)},
    says="And at most t^2 (1 + rho^2)/(1 - rho^2)^2: both sides are met as the noise gets small.")


# averaging depths, averaging disparities

_mean_of_depths = le((integral(W, h[W]) - 1) ** 2, RISK)
depth_floor = Theorem(
    "depth_floor", "Averaging depths leaves their bias", ROOM, PLACE, "elementary", (), (), _mean_of_depths,
    (
        Step("square", le(0, (h[W] - integral(W2, h[W2])) ** 2), Sign()),
        Step("variance", le(0, RISK - (integral(W, h[W]) - 1) ** 2), Expectation("square", (W,))),
        Step("floor", _mean_of_depths, Combination(((1, "variance"),))),
    ),
    families=(h,), spaces=(NOISE,), witness=lambda rng: Model({}, {"h": symmetric(rng).families["h"]}, {"Disparities": [Fraction(1, 4)] * 4}), equality=lambda rng: Model({}, {"h": column([2])}, {"Disparities": [1]}),
    says="The mean of depths keeps the square of their bias, however many there are: with K of them the risk is the squared bias and the variance over K.")


def counted(model: Model, frames: int) -> Model:
    """The law as that of the mean of some disparities, whose own mean square is then so much larger."""
    square = sum(p * x ** 2 for p, x in zip(model.spaces["Disparities"], model.families["u"].values()))
    return Model(model.variables | {"K": frames, "t": frames * square}, model.families, model.spaces)


_few = T2 / (1 - rho ** 2)
averaged = var("K")
MEAN_NOISE = (Hypothesis("K is positive", lt(0, averaged), structural=True), hyp("K disparities' mean error has the mean square t^2/K", eq(integral(W, u[W] ** 2) * averaged - var("t"), 0)))
disparities_first = Theorem(
    "disparities_first", "Averaging disparities removes it", ROOM, PLACE, "elementary", (rho, averaged, var("t")), (*READ, *BOUNDED, MIRROR, *MEAN_NOISE), le(BIAS, var("t") / (averaged * (1 - rho ** 2))),
    (
        Step("bias", le(BIAS, _few), Lemma("two_view_bias_above", Instance({rho: rho}))),
        *_high[:3],
        Step("mean", le(BIAS, var("t") / (averaged * (1 - rho ** 2))), Combination(((1, "bias"), (1 / (averaged * (1 - rho ** 2)), MEAN_NOISE[1].name)))),
    ),
    families=(u, h, l), spaces=(NOISE,), witness=lambda rng: counted(symmetric(rng), rng.randint(1, 8)),
    equality=lambda rng: points([HALF, -HALF], HALF, K=2, t=HALF),
    ablations={MEAN_NOISE[1].name: points([HALF, -HALF], HALF, K=2, t=0), MIRROR.name: counted(points([-HALF], HALF), 1), BOUNDED[2].name: counted(points([HALF, -HALF], 1), 1),
               BOUNDED[0].name: counted(lopsided(_NINE, -HALF, (19, 135)), 2), BOUNDED[1].name: counted(lopsided(-_NINE, HALF, (19, 135)), 2)},
    says="The mean of K disparities has 1/K of their mean square, and the depth from it a bias of at most t^2/(K (1 - rho^2)): part of the explicit bias is only the order of two operations.")


# uniform noise

_atanh = ln((1 + rho) / (1 - rho)) / 2
uniform_bias = Theorem(
    "uniform_bias", "Uniform noise", ROOM, PLACE, "elementary", (rho,), (hyp("rho is nonnegative", le(0, rho)), BOUNDED[2]), le(rho + rho ** 3 / 3, _atanh),
    (
        Step("ratio", lt(0, 1 + rho), Sign()),
        Step("series", le(rho + rho ** 3 / 3, _atanh), Monotone(rho, 0)),
    ),
    witness=lambda rng: Model({"rho": inside(rng)}), equality=lambda rng: Model({"rho": 0}),
    ablations={"rho is nonnegative": Model({"rho": -HALF}), BOUNDED[2].name: Model({"rho": 1})},
    says="For u uniform on [-rho, rho] the bias is Z (artanh(rho)/rho - 1), at least Z rho^2/3 = Z t^2.")


# normal noise has no mean


def shells(count, *, rest=Fraction(1), low=False, more=1) -> Model:
    """Shells of sizes 1, 1/2, 1/4 ...: the point in each has a mass of c times its size, c = 1/4, and the depth there is the inverse."""
    sizes, c = [Fraction(1, 2 ** j) for j in range(count)], Fraction(1, 4)
    depth = [1 / (s * (4 if low else 1)) for s in sizes] + [rest]
    weights = [c * s for s in sizes]
    return Model({"K": count, "c": c * more}, {"s": {(j, w): int(w == j) for j in range(count) for w in range(count + 1)}, "r": column(sizes), "a": column(depth)},
                 {"Shells": [1] * count, "Disparities": weights + [1 - sum(weights)]})

SHELLS = Space("Shells", "finite", ("j",), K)
(J,) = SHELLS.indices
inside_, size, mass, big = Family("s", (SHELLS, NOISE)), Family("r", (SHELLS,)), var("c"), Family("a", (NOISE,))
DIVERGES = (
    Hypothesis("there are shells", lt(0, K), structural=True), Hypothesis("shells have a size", lt(0, size[J]), structural=True), Hypothesis("indicators are nonnegative", le(0, inside_[J, W]), structural=True), hyp("a is nonnegative", le(0, big[W])),
    hyp("shells do not overlap", le(integral(J, inside_[J, W]), 1)),
    hyp("in a shell the depth is at least the inverse of its size", le(inside_[J, W], inside_[J, W] * big[W] * size[J])),
    hyp("a shell has a mass of at least c times its size", le(mass * size[J], integral(W, inside_[J, W]))),
)
_endless = le(K * mass, integral(W, big[W]))
no_mean = Theorem(
    "no_mean", "With normal noise the depth has no mean", ROOM, PLACE, "elementary", (K, mass), DIVERGES, _endless,
    (
        Step("in a shell", le(inside_[J, W], inside_[J, W] * big[W] * size[J]), Sign()),
        Step("part", le(inside_[J, W] / size[J], inside_[J, W] * big[W]), Combination(((1 / size[J], "in a shell"),))),
        Step("averaged part", le(integral(W, inside_[J, W]) / size[J], integral(W, inside_[J, W] * big[W])), Expectation("part", (W,))),
        Step("mass", le(mass, integral(W, inside_[J, W] * big[W])), Combination(((1, "averaged part"), (1 / size[J], DIVERGES[6].name)))),
        Step("masses", le(K * mass, integral(J, integral(W, inside_[J, W] * big[W]))), Expectation("mass", (J,))),
        Step("once", le(integral(J, inside_[J, W]) * big[W], big[W]), Combination(((big[W], DIVERGES[4].name),))),
        Step("all", le(integral((W, J), inside_[J, W] * big[W]), integral(W, big[W])), Expectation("once", (W,))),
        Step("endless", _endless, Combination(((1, "masses"), (1, "all")))),
    ),
    families=(inside_, size, big), spaces=(SHELLS, NOISE), witness=lambda rng: shells(rng.randint(1, 4)), kind="order", equality=lambda rng: shells(2, rest=0),
    ablations={DIVERGES[4].name: Model({"K": 2, "c": 1}, {"s": {(0, 0): 1, (1, 0): 1}, "r": column([1, 1]), "a": column([1])}, {"Shells": [1, 1], "Disparities": [1]}), DIVERGES[5].name: shells(2, low=True, rest=0), DIVERGES[6].name: shells(2, more=4), "a is nonnegative": shells(2, rest=-8)},
    says="Where the density at u = -1 is positive, the shell in which |1 + u| lies between r/2 and r has a mass of at least c r, for r as small as one likes; |Z_hat|/Z is at least 1/r there. K shells give K c, for every K: E|Z_hat| is infinite.")
THEOREMS = (two_view_bias_below, two_view_bias_above, two_view_risk_below, two_view_risk_above, depth_floor, disparities_first, uniform_bias, no_mean)
