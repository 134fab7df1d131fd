"""The two risks, exactly: least squares with an omitted part, ridge regression, and the mean of frames that err together."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Sign, Space, Step, Theorem, delta, eq, integral, le, lt, named, var
from ..words import column, hyp, inside, positive
from .setting import DIMENSION, ENOUGH, HALF, PLACE, R, ROOM, TAU, b, d, n, sigma

tau, k_ = var("tau", "k")

# the mean of an inverse chi-square, by Stein's identity

FREE = Space("Free", "finite", ("c",), k_)
DRAWS = Space("Draws", "probability", ("w",))
(C,), (W,) = FREE.indices, DRAWS.indices
g = Family("g", (FREE, DRAWS))
CHI = named(r"{\chi^2}", (), integral(C, g[C, W] ** 2))
MORE_THAN_TWO = Hypothesis("k is above two", lt(2, k_), structural=True)
SOMETHING = Hypothesis("the squares are not all zero", lt(0, CHI), structural=True)
STEIN = hyp("each coordinate integrates by parts", eq(integral(W, 1 / CHI - 2 * g[C, W] ** 2 / CHI ** 2) - integral(W, g[C, W] ** 2 / CHI), 0))


def normal_squares(rng, k=None) -> Model:
    """k coordinates of one size, at two radii whose inverse squares have the mean k/(k - 2)."""
    k, (near, far) = k or rng.choice((3, 4, 5, 6)), (Fraction(1, 2), Fraction(2))
    mean = Fraction(k, k - 2)
    share = (mean - 1 / far ** 2) / (1 / near ** 2 - 1 / far ** 2)
    signs = [[rng.choice((-1, 1)) for _ in range(k)] for _ in range(2)]
    return Model({"k": k}, {"g": {(c, w): s[c] * radius for w, (s, radius) in enumerate(zip(signs, (near, far))) for c in range(k)}}, {"Free": [1] * k, "Draws": [share, 1 - share]})


_inverse = eq(integral(W, 1 / CHI), 1 / (k_ - 2))
inverse_chi_square = Theorem(
    "inverse_chi_square", "The mean of an inverse chi-square", ROOM, PLACE, "Stein 1981", (k_,), (MORE_THAN_TWO, SOMETHING, STEIN), _inverse,
    (
        Step("parts", STEIN.claim, Sign()),
        Step("all", eq(k_ * integral(W, 1 / CHI) - 2 * integral((C, W), g[C, W] ** 2 / CHI ** 2) - integral((C, W), g[C, W] ** 2 / CHI), 0), Expectation("parts", (C,))),
        Step("inverse", _inverse, Combination(((1 / (k_ - 2), "all"),))),
    ),
    families=(g,), spaces=(FREE, DRAWS), witness=lambda rng: normal_squares(rng),
    ablations={STEIN.name: Model({"k": 3}, {"g": {(c, 0): 1 for c in range(3)}}, {"Free": [1] * 3, "Draws": [1]})},
    says="Of k > 2 standard normal squares the inverse of the sum has the mean 1/(k - 2): integration by parts says so; for k = 1 and 2 there is no mean.")

# errors that are weighted sums of uncorrelated ones

SAMPLES, NOISES = Space("Samples", "finite", ("j", "l"), n), Space("Noise", "probability", ("v",))
(J, L), (V,) = SAMPLES.indices, NOISES.indices
a, u, e = Family("a", (SAMPLES,)), Family("u", (SAMPLES, NOISES)), Family("e", (NOISES,))
SOME_SAMPLES = Hypothesis("there are samples", lt(0, n), structural=True)
WHITE = hyp("noises are uncorrelated, of one variance", eq(integral(V, u[J, V] * u[L, V]) - tau * delta(J, L), 0))
SUM = Hypothesis("the error is the weighted sum", eq(e[V] - integral(J, a[J] * u[J, V]), 0), structural=True)
_weights = integral(J, a[J] ** 2)


def coins(weights, size=Fraction(1)) -> dict:
    """Two uncorrelated noises of one size, by four equally likely outcomes, and their weighted sum."""
    sides = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
    return {"u": {(j, w): size * side[j] for w, side in enumerate(sides) for j in range(2)}, "e": column(size * sum(x * s for x, s in zip(weights, side)) for side in sides)}


def summed(rng) -> Model:
    size, weights = Fraction(rng.randint(1, 4), 2), [Fraction(rng.randint(-4, 4), 2) for _ in range(2)]
    return Model({"n": 2, "tau": size ** 2}, {"a": column(weights)} | coins(weights, size), {"Samples": [1, 1], "Noise": [Fraction(1, 4)] * 4})


_spread = eq(integral(V, e[V] ** 2), tau * _weights)
weighted_noise = Theorem(
    "weighted_noise", "The square of a weighted sum of noises", ROOM, PLACE, "elementary", (n, tau), (SOME_SAMPLES, WHITE, SUM), _spread,
    (
        Step("white", WHITE.claim, Sign()),
        Step("with one noise", eq(u[L, V] * e[V], integral(J, a[J] * u[J, V] * u[L, V])), Combination(((u[L, V], SUM.name),))),
        Step("averaged", eq(integral(V, u[L, V] * e[V]), integral(J, a[J] * integral(V, u[J, V] * u[L, V]))), Expectation("with one noise", (V,))),
        Step("each", eq(integral(J, a[J] * integral(V, u[J, V] * u[L, V])), tau * a[L]), Expectation("white", (J,), a[J])),
        Step("one noise", eq(integral(V, u[L, V] * e[V]), tau * a[L]), Combination(((1, "averaged"), (1, "each")))),
        Step("weighed", eq(integral(L, a[L] * integral(V, u[L, V] * e[V])), tau * _weights), Expectation("one noise", (L,), a[L])),
        Step("square", eq(e[V] ** 2, integral(L, a[L] * u[L, V] * e[V])), Combination(((e[V], SUM.name),))),
        Step("squares", eq(integral(V, e[V] ** 2), integral(L, a[L] * integral(V, u[L, V] * e[V]))), Expectation("square", (V,))),
        Step("sum", _spread, Combination(((1, "squares"), (1, "weighed")))),
    ),
    families=(a, u, e), spaces=(SAMPLES, NOISES), witness=lambda rng: summed(rng),
    ablations={WHITE.name: Model({"n": 2, "tau": 1}, {"a": column([1, 1]), "u": {(j, w): (1, -1)[w] for w in range(2) for j in range(2)}, "e": column([2, -2])}, {"Samples": [1, 1], "Noise": [HALF, HALF]})},
    says="Uncorrelated noises of variance tau, weighted by a, have the mean square tau times the sum of a^2.")

# a test point: the fitted part's errors and the omitted part

COORDINATES, TESTS = Space("Coordinates", "finite", ("i", "h"), d), Space("Test", "probability", ("z",))
(I, H), (Z,) = COORDINATES.indices, TESTS.indices
x, o, s, m = Family("x", (COORDINATES, TESTS)), Family("o", (TESTS,)), Family("s", (COORDINATES,)), Family("m", (TESTS,))
WHITENED = hyp("features are whitened", eq(integral(Z, x[I, Z] * x[H, Z]) - delta(I, H), 0))
OMITTED = hyp("the omitted part is uncorrelated with the features", eq(integral(Z, x[I, Z] * o[Z]), 0))
PART = hyp("the omitted part has the mean square b", eq(integral(Z, o[Z] ** 2) - b, 0))
MISS = Hypothesis("the error is the features times the coefficients' errors, less the omitted part", eq(m[Z] - (integral(I, s[I] * x[I, Z]) - o[Z]), 0), structural=True)
_test = eq(integral(Z, m[Z] ** 2), integral(I, s[I] ** 2) + b)


def tested(rng) -> Model:
    """Two whitened features, an omitted part on the fourth pattern of signs, and errors of the coefficients."""
    sides, size, errors = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)], Fraction(rng.randint(0, 4), 2), [Fraction(rng.randint(-4, 4), 2) for _ in range(2)]
    return omitted(sides, size, errors)


def omitted(sides, size, errors, features=1, b=None) -> Model:
    left = column([size * side[2] for side in sides])
    x_ = {(i, z): features * side[i] for z, side in enumerate(sides) for i in range(2)}
    miss = column(sum(e * x_[i, z] for i, e in enumerate(errors)) - left[z,] for z in range(len(sides)))
    return Model({"d": 2, "b": size ** 2 if b is None else b}, {"x": x_, "o": left, "s": column(errors), "m": miss}, {"Coordinates": [1, 1], "Test": [Fraction(1, 4)] * 4})


_PLAIN = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
test_error = Theorem(
    "test_error", "The error at a new point", ROOM, PLACE, "elementary", (d, b), (DIMENSION, WHITENED, OMITTED, PART, MISS), _test,
    (
        Step("white", WHITENED.claim, Sign()), Step("omitted", OMITTED.claim, Sign()),
        Step("with one", eq(x[H, Z] * m[Z], integral(I, s[I] * x[I, Z] * x[H, Z]) - x[H, Z] * o[Z]), Combination(((x[H, Z], MISS.name),))),
        Step("averaged", eq(integral(Z, x[H, Z] * m[Z]), integral(I, s[I] * integral(Z, x[I, Z] * x[H, Z])) - integral(Z, x[H, Z] * o[Z])), Expectation("with one", (Z,))),
        Step("each", eq(integral(I, s[I] * integral(Z, x[I, Z] * x[H, Z])), s[H]), Expectation("white", (I,), s[I])),
        Step("one", eq(integral(Z, x[H, Z] * m[Z]), s[H]), Combination(((1, "averaged"), (1, "each"), (-1, "omitted")))),
        Step("weighed", eq(integral(H, s[H] * integral(Z, x[H, Z] * m[Z])), integral(H, s[H] ** 2)), Expectation("one", (H,), s[H])),
        Step("with omitted", eq(o[Z] * m[Z], integral(I, s[I] * x[I, Z] * o[Z]) - o[Z] ** 2), Combination(((o[Z], MISS.name),))),
        Step("averaged omitted", eq(integral(Z, o[Z] * m[Z]), integral(I, s[I] * integral(Z, x[I, Z] * o[Z])) - integral(Z, o[Z] ** 2)), Expectation("with omitted", (Z,))),
        Step("none", eq(integral(I, s[I] * integral(Z, x[I, Z] * o[Z])), 0), Expectation("omitted", (I,), s[I])),
        Step("left", eq(integral(Z, o[Z] * m[Z]), -b), Combination(((1, "averaged omitted"), (1, "none"), (-1, PART.name)))),
        Step("square", eq(m[Z] ** 2, integral(H, s[H] * x[H, Z] * m[Z]) - o[Z] * m[Z]), Combination(((m[Z], MISS.name),))),
        Step("squares", eq(integral(Z, m[Z] ** 2), integral(H, s[H] * integral(Z, x[H, Z] * m[Z])) - integral(Z, o[Z] * m[Z])), Expectation("square", (Z,))),
        Step("error", _test, Combination(((1, "squares"), (1, "weighed"), (-1, "left")))),
    ),
    families=(x, o, s, m), spaces=(COORDINATES, TESTS), witness=tested,
    ablations={WHITENED.name: omitted(_PLAIN, 1, [1, 0], 2), OMITTED.name: omitted([(1, 1, 1), (1, -1, 1), (-1, 1, -1), (-1, -1, -1)], 1, [1, 0]), PART.name: omitted(_PLAIN, 1, [1, 0], b=2)},
    says="The coefficients' errors add up, and the omitted part, uncorrelated with the features, adds its mean square.")


# least squares

w_, g_, o_, S_ = Family("a", (COORDINATES, SAMPLES, DRAWS)), Family("g", (COORDINATES, FREE, DRAWS)), Family("e", (COORDINATES, DRAWS, NOISES)), Family("m", (DRAWS, NOISES, TESTS))
_chi = integral(C, g_[I, C, W] ** 2)
_row = integral(J, w_[I, J, W] ** 2)
FREEDOM = Hypothesis("k is n - d + 1", eq(k_ - (n - d + 1), 0), structural=True)
FIT = (
    SOME_SAMPLES, DIMENSION, ENOUGH, FREEDOM,
    hyp("labels' noise has the variance sigma^2 + b given the features", eq(integral(V, u[J, V] * u[L, V]) - TAU * delta(J, L), 0)),
    Hypothesis("a coefficient's error is the weighted sum of the noises", eq(o_[I, W, V] - integral(J, w_[I, J, W] * u[J, V]), 0), structural=True),
    Hypothesis("the squares are not all zero", lt(0, _chi), structural=True),
    hyp("the weights' squares are the inverse of n - d + 1 normal squares", eq(_row * _chi, 1)),
    hyp("each coordinate integrates by parts", eq(integral(W, 1 / _chi - 2 * g_[I, C, W] ** 2 / _chi ** 2) - integral(W, g_[I, C, W] ** 2 / _chi), 0)),
    WHITENED, OMITTED, PART,
    Hypothesis("the error is the features times the coefficients' errors, less the omitted part", eq(S_[W, V, Z] - (integral(I, o_[I, W, V] * x[I, Z]) - o[Z]), 0), structural=True),
)
_risk = integral((W, V, Z), S_[W, V, Z] ** 2)
_each = integral((W, V), o_[I, W, V] ** 2)


def fitted(root, size, *, sides=_PLAIN, features=1, stretch=1, share=Fraction(11, 15), white=True, omitted=None) -> Model:
    """Two coefficients from four samples, so three normal squares: all of one radius in either of two draws, the noises on four patterns of signs.

    root is the labels' deviation given the features, size that of the omitted part.
    """
    patterns = [(1, 1, 1, 1), (1, 1, -1, -1), (1, -1, 1, -1), (1, -1, -1, 1)] if white else [(1, -1, 1, -1)] * 4
    rows = {HALF: (Fraction(2, 3),) * 3 + (0,), Fraction(2): (Fraction(1, 6),) * 3 + (0,)}  # their squares add up to 1/(3 r^2)
    a_ = {(i, j, w): stretch * row[j] for i in range(2) for w, row in enumerate(rows.values()) for j in range(4)}
    u_ = {(j, v): root * patterns[j][v] for j in range(4) for v in range(4)}
    e_ = {(i, w, v): sum(a_[i, j, w] * u_[j, v] for j in range(4)) for i in range(2) for w in range(2) for v in range(4)}
    x_ = {(i, z): features * side[i] for z, side in enumerate(sides) for i in range(2)}
    o_ = column([size * side[2] for side in sides])
    m_ = {(w, v, z): sum(e_[i, w, v] * x_[i, z] for i in range(2)) - o_[z,] for w in range(2) for v in range(4) for z in range(4)}
    said = size if omitted is None else omitted  # what b says of it
    other = {Fraction(3, 5): Fraction(4, 5), Fraction(4, 5): Fraction(3, 5), Fraction(0): 1}[Fraction(said) / root] * root  # the labels' noise
    return Model({"n": 4, "d": 2, "k": 3, "sigma": other, "b": said ** 2}, {"a": a_, "g": {(i, c, w): r for i in range(2) for c in range(3) for w, r in enumerate(rows)}, "u": u_, "e": e_, "x": x_, "o": o_, "m": m_},
                 {"Samples": [1] * 4, "Coordinates": [1] * 2, "Free": [1] * 3, "Draws": [share, 1 - share], "Noise": [Fraction(1, 4)] * 4, "Test": [Fraction(1, 4)] * 4})


implicit_risk = Theorem(
    "implicit_risk", "The implicit risk, exactly", ROOM, PLACE, "Breiman and Freedman 1983", (n, d, b, sigma, k_), FIT, eq(_risk, R),
    (
        Step("row", eq(integral(V, o_[I, W, V] ** 2), TAU * _row), Lemma("weighted_noise", Instance({n: n, tau: TAU}, families={"a": lambda j: w_[(I, *j, W)], "u": lambda j, v: u[(*j, *v)], "e": lambda v: o_[(I, W, *v)]}))),
        Step("inverse", eq(_row, 1 / _chi), Combination(((1 / _chi, FIT[7].name),))),
        Step("one", eq(integral(V, o_[I, W, V] ** 2), TAU / _chi), Combination(((1, "row"), (TAU, "inverse")))),
        Step("over designs", eq(_each, TAU * integral(W, 1 / _chi)), Expectation("one", (W,))),
        Step("chi-square", eq(integral(W, 1 / _chi), 1 / (k_ - 2)), Lemma("inverse_chi_square", Instance({k_: k_}, families={"g": lambda c, w: g_[(I, *c, *w)]}))),
        Step("degrees", eq(1 / (k_ - 2), 1 / (n - d - 1)), Combination(((-1 / ((k_ - 2) * (n - d - 1)), FREEDOM.name),))),
        Step("coefficient", eq(_each, TAU / (n - d - 1)), Combination(((1, "over designs"), (TAU, "chi-square"), (TAU, "degrees")))),
        Step("coefficients", eq(integral((W, V), integral(I, o_[I, W, V] ** 2)), TAU * d / (n - d - 1)), Expectation("coefficient", (I,))),
        Step("point", eq(integral(Z, S_[W, V, Z] ** 2), integral(I, o_[I, W, V] ** 2) + b), Lemma("test_error", Instance({d: d, b: b}, families={"x": lambda i, z: x[(*i, *z)], "o": lambda z: o[z], "s": lambda i: o_[(*i, W, V)], "m": lambda z: S_[(W, V, *z)]}))),
        Step("points", eq(_risk, integral((W, V), integral(I, o_[I, W, V] ** 2)) + b), Expectation("point", (W, V))),
        Step("risk", eq(_risk, R), Combination(((1, "points"), (1, "coefficients")))),
    ),
    families=(w_, g_, u, o_, x, o, S_), spaces=(SAMPLES, COORDINATES, FREE, DRAWS, NOISES, TESTS),
    witness=lambda rng: (lambda root: fitted(root, root * rng.choice((0, Fraction(3, 5), Fraction(4, 5)))))(Fraction(rng.randint(1, 6), 2)),
    ablations={FIT[4].name: fitted(1, 0, white=False), FIT[7].name: fitted(1, 0, stretch=2), FIT[8].name: fitted(1, 0, share=HALF), WHITENED.name: fitted(1, 0, features=2),
               OMITTED.name: fitted(1, Fraction(3, 5), sides=[(1, 1, 1), (1, -1, 1), (-1, 1, -1), (-1, -1, -1)]), PART.name: fitted(1, 0, omitted=Fraction(4, 5))},
    says="b + (sigma^2 + b) d/(n - d - 1): what the model cannot express is not only lost, it is also noise while it learns.")
_fitted_mean = eq(1 / n + (1 + 1 / n) * d / (n - d - 2) + 1, (n + 1) * (n - 2) / (n * (n - d - 2)))
intercept = Theorem(
    "intercept", "What an intercept costs", ROOM, PLACE, "elementary", (n, d), (DIMENSION, Hypothesis("n is above d + 2", lt(d + 2, n), structural=True)), _fitted_mean, (Step("form", _fitted_mean, Identity()),),
    witness=lambda rng: (lambda k: Model({"d": k, "n": k + 2 + positive(rng)}))(Fraction(rng.randint(1, 8))),
    says="With means to be fitted the factor of sigma^2 + b is 1/n + (1 + 1/n) d/(n - d - 2), not d + 1 in the place of d.")


# ridge regression at a fixed design

q, r, c_, z_, h = Family("q", (COORDINATES,)), Family("r", (COORDINATES,)), Family("c", (COORDINATES,)), Family("z", (COORDINATES, NOISES)), Family("h", (COORDINATES, NOISES))
penalty = var("lambda")
RIDGE = (
    DIMENSION, Hypothesis("n is positive", lt(0, n), structural=True), Hypothesis("eigenvalues are nonnegative", le(0, q[I]), structural=True), Hypothesis("the penalty is positive", lt(0, penalty), structural=True),
    Hypothesis("the estimate shrinks", eq(h[I, V] * (q[I] + penalty) - (q[I] * c_[I] + z_[I, V]), 0), structural=True),
    hyp("the noise has mean zero", eq(integral(V, z_[I, V]), 0)), hyp("the noise has the eigenvalue's variance", eq(integral(V, z_[I, V] ** 2) - sigma ** 2 * q[I] / n, 0)),
)
SHARE = Hypothesis("r is the share that the penalty leaves", eq(r[I] * (q[I] + penalty) - q[I], 0), structural=True)
D_ONE, D_TWO = named("d_1", (), integral(I, r[I])), named("d_2", (), integral(I, r[I] ** 2))
_kept = q[I] / (q[I] + penalty)
_excess = eq(integral((I, V), q[I] * (h[I, V] - c_[I]) ** 2), integral(I, q[I] * c_[I] ** 2 * (1 - r[I]) ** 2) + sigma ** 2 / n * D_TWO)


def shrunk(eigenvalues, coefficients, root, penalty, n=2, size=1, signs=(1, -1)) -> Model:
    """Noise of either sign with the eigenvalue's variance sigma^2 q/n, where sigma = root and q/n is a square."""
    sizes = [root * {Fraction(0): Fraction(0), Fraction(1, 4): HALF, Fraction(1): Fraction(1), Fraction(4): Fraction(2)}[Fraction(e) / n] for e in eigenvalues]
    z = {(i, v): size * s * signs[v] for i, s in enumerate(sizes) for v in range(2)}
    return Model({"d": len(eigenvalues), "n": n, "sigma": root, "lambda": penalty},
                 {"q": column(eigenvalues), "r": column(Fraction(e) / (e + Fraction(penalty)) for e in eigenvalues), "c": column(coefficients), "z": z, "h": {k: (eigenvalues[k[0]] * coefficients[k[0]] + y) / (eigenvalues[k[0]] + Fraction(penalty)) for k, y in z.items()}},
                 {"Coordinates": [1] * len(eigenvalues), "Noise": [HALF, HALF]})


ridge_risk = Theorem(
    "ridge_risk", "Ridge regression at a fixed design", ROOM, PLACE, "Hoerl and Kennard 1970", (n, d, sigma, penalty), (*RIDGE, SHARE), _excess,
    (
        Step("mean", RIDGE[5].claim, Sign()),
        Step("error", eq((q[I] + penalty) * (h[I, V] - c_[I]), z_[I, V] - penalty * c_[I]), Combination(((1, RIDGE[4].name),))),
        Step("squared", eq((q[I] + penalty) ** 2 * (h[I, V] - c_[I]) ** 2, (z_[I, V] - penalty * c_[I]) ** 2), Combination((((q[I] + penalty) * (h[I, V] - c_[I]) + z_[I, V] - penalty * c_[I], "error"),))),
        Step("averaged", eq((q[I] + penalty) ** 2 * integral(V, (h[I, V] - c_[I]) ** 2), integral(V, z_[I, V] ** 2) - 2 * penalty * c_[I] * integral(V, z_[I, V]) + penalty ** 2 * c_[I] ** 2), Expectation("squared", (V,))),
        Step("share", eq(_kept - r[I], 0), Combination(((-1 / (q[I] + penalty), SHARE.name),))),
        Step("one by eigenvalue", eq(integral(V, q[I] * (h[I, V] - c_[I]) ** 2), q[I] * c_[I] ** 2 * (1 - _kept) ** 2 + sigma ** 2 / n * _kept ** 2),
             Combination(((q[I] / (q[I] + penalty) ** 2, "averaged"), (q[I] / (q[I] + penalty) ** 2, RIDGE[6].name), (-2 * penalty * c_[I] * q[I] / (q[I] + penalty) ** 2, "mean")))),
        Step("one", eq(integral(V, q[I] * (h[I, V] - c_[I]) ** 2), q[I] * c_[I] ** 2 * (1 - r[I]) ** 2 + sigma ** 2 / n * r[I] ** 2),
             Combination(((1, "one by eigenvalue"), (sigma ** 2 / n * (_kept + r[I]) - q[I] * c_[I] ** 2 * (2 - _kept - r[I]), "share")))),
        Step("all", _excess, Expectation("one", (I,))),
    ),
    families=(q, r, c_, z_, h), spaces=(COORDINATES, NOISES),
    witness=lambda rng: shrunk([rng.choice((Fraction(0), HALF, Fraction(2), Fraction(8))) for _ in range(2)], [Fraction(rng.randint(-4, 4), 2) for _ in range(2)], Fraction(rng.randint(1, 4), 2), positive(rng)),
    ablations={RIDGE[5].name: shrunk([2], [1], 1, 1, signs=(1, 1)),
               RIDGE[6].name: shrunk([2], [1], 1, 1, size=2)},
    says="Ridge's in-sample risk is a bias q c^2 (1 - r)^2 in each direction, r = q/(q + lambda), and a variance of sigma^2 d_2/n.")
_gains = le(D_TWO, D_ONE)
ridge_dimensions = Theorem(
    "ridge_dimensions", "Two effective dimensions", ROOM, PLACE, "elementary", (d,), (DIMENSION, hyp("shares are nonnegative", le(0, r[I])), hyp("shares are at most one", le(r[I], 1))), _gains,
    (
        Step("most", le(r[I], 1), Sign()),
        Step("one", le(r[I] ** 2, r[I]), Combination(((r[I], "most"),))),
        Step("all", _gains, Expectation("one", (I,))),
    ),
    families=(r,), spaces=(COORDINATES,), witness=lambda rng: Model({"d": 2}, {"r": column([inside(rng), rng.choice((Fraction(0), Fraction(1), inside(rng)))])}, {"Coordinates": [1, 1]}), kind="order",
    ablations={"shares are nonnegative": Model({"d": 1}, {"r": column([-1])}, {"Coordinates": [1]}), "shares are at most one": Model({"d": 1}, {"r": column([2])}, {"Coordinates": [1]})},
    says="The variance's dimension d_2, the sum of the squared shares, is at most their sum d_1, the trace: one is not the other.")
size_, level = var("B", "q")
_flat = lambda l: l ** 2 * level * size_ / (level + l) ** 2 + sigma ** 2 * d / n * level ** 2 / (level + l) ** 2
_least = 1 / (1 / (level * size_) + n / (sigma ** 2 * d))
FLAT = (DIMENSION, Hypothesis("n is positive", lt(0, n), structural=True), hyp("the noise is positive", lt(0, sigma)), Hypothesis("q is positive", lt(0, level), structural=True), Hypothesis("B is positive", lt(0, size_), structural=True),
        Hypothesis("the penalty is nonnegative", le(0, penalty), structural=True))
best_ridge = Theorem(
    "best_ridge", "The best penalty", ROOM, PLACE, "elementary", (n, d, sigma, penalty, size_, level), FLAT, le(_least, _flat(penalty)),
    (
        Step("square", le(0, level * (penalty * size_ - sigma ** 2 * d / n) ** 2 / ((level * size_ + sigma ** 2 * d / n) * (level + penalty) ** 2)), Sign()),
        Step("least", le(_least, _flat(penalty)), Combination(((level, "square"),))),
    ),
    witness=lambda rng: Model({"n": positive(rng), "d": Fraction(rng.randint(1, 6)), "sigma": positive(rng), "B": positive(rng), "q": positive(rng), "lambda": rng.choice((Fraction(0), positive(rng), positive(rng)))}),
    equality=lambda rng: Model({"n": 4, "d": 2, "sigma": 1, "B": 1, "q": 1, "lambda": HALF}),
    says="With equal eigenvalues q and coefficients of square B the risk's inverse is at most 1/(q B) + n/(sigma^2 d), reached at lambda = sigma^2 d/(n B).")

THEOREMS = (inverse_chi_square, weighted_noise, test_error, implicit_risk, intercept, ridge_risk, ridge_dimensions, best_ridge)
