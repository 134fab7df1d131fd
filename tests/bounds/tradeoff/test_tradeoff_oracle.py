"""Every formula of the tradeoff room against 60 digits, at arguments of every size, to the roundings it states."""

import mpmath
import numpy as np
import pytest

from spacelib.bounds import tradeoff as room

pytestmark = pytest.mark.oracle
mpmath.mp.dps = 60
U = mpmath.mpf(2) ** -53
N = 60


def m(value) -> mpmath.mpf:
    """The exact number that a float is."""
    return mpmath.mpf(float(value))


def sizes(random, low=-6, high=6):
    return 10.0 ** random.uniform(low, high, N)


def check(found, exact, roundings, *columns, size=None):
    """|found - exact| is at most so many 2^-53 of the exact value, or of `size` where it is given."""
    rows = list(zip(np.asarray(found).tolist(), *(np.asarray(column).tolist() for column in columns), strict=True))
    assert rows
    for value, *given in rows:
        given = [m(x) if not isinstance(x, list) else [m(y) for y in x] for x in given]
        wanted = exact(*given)
        scale = abs(wanted) if size is None else size(*given)
        allowed = (roundings(*given) if callable(roundings) else roundings) * U * scale
        assert abs(m(value) - wanted) <= allowed + mpmath.mpf(2) ** -1060, (value, mpmath.nstr(wanted, 20), given)


def between(bound, exact, side, *columns):
    """Never inside the exact value, and outside it by at most 64 roundings."""
    for value, *given in zip(*(np.asarray(column).tolist() for column in (bound, *columns)), strict=True):
        value, wanted = m(value), exact(*map(m, given))
        assert side * value >= side * wanted and abs(value - wanted) <= 64 * U * wanted, (value, wanted, given)


def linear(seed):
    """n from d + 2 on, near the border as far as beyond."""
    random = np.random.default_rng(seed)
    d = np.floor(sizes(random, 0, 6))
    n = d + 3 + np.floor(sizes(random, 0, 9)) * (np.arange(N) % 4 > 0)
    return random, n, d, sizes(random, -9, 9) * (np.arange(N) % 5 > 0), sizes(random, -9, 9) * (np.arange(N) % 7 > 0)


def risk(n, d, s, b):
    return b + (s + b) * d / (n - d - 1)


def test_the_implicit_risk():
    _, n, d, s, b = linear(1)
    check(room.implicit_risk(n, d, s, b), risk, 8, n, d, s, b)
    check(room.implicit_risk(d + 2, d, s, b), lambda d, s, b: b + (s + b) * d, 8, d, s, b)
    found = room.implicit_risk(n, d, s, b, intercept=True)
    check(found, lambda n, d, s, b: b + (s + b) * ((n + 1) * (n - 2) / (n * (n - d - 2)) - 1), 8, n, d, s, b)


def test_ridge():
    random = np.random.default_rng(2)
    n, noise, penalty = np.floor(sizes(random, 0, 6)), sizes(random), sizes(random) * (np.arange(N) % 6 > 0)
    s = 10.0 ** random.uniform(-6, 6, (N, 5)) * (random.random((N, 5)) > 0.2)
    beta = random.standard_normal((N, 5))

    def exact(n, s, beta, noise, penalty):
        pairs = [(x, y) for x, y in zip(s, beta, strict=True) if x > 0]
        bias = sum(penalty**2 * x * y**2 / (x + penalty) ** 2 for x, y in pairs)
        return bias + noise / n * sum((x / (x + penalty)) ** 2 for x, _ in pairs)

    check(room.ridge_risk(n, s, beta, noise, penalty), exact, 24, n, s, beta, noise, penalty)
    d, one, norm = np.floor(sizes(random, 0, 4)), sizes(random), sizes(random)
    best = room.best_ridge(n, d, one, norm, noise)
    check(best.penalty, lambda n, d, b, s: s * d / (n * b), 8, n, d, norm, noise)
    check(best.risk, lambda n, d, e, b, s: 1 / (1 / (e * b) + n / (s * d)), 8, n, d, one, norm, noise)


def test_the_explicit_risk():
    random = np.random.default_rng(3)
    k, b, v = np.floor(sizes(random, 0, 6)), sizes(random), sizes(random)
    r = np.where(np.arange(N) % 2, random.random(N), -random.random(N) / np.maximum(k - 1, 1))
    found = room.explicit_risk(k, b, v, r)
    check(found, lambda k, b, v, r: b + v * (r + (1 - r) / k), 8, k, b, v, r, size=lambda k, b, v, r: b + v)


def test_the_crossovers():
    random, _, d, s, b = linear(4)
    e = b * (1 + sizes(random, -14, 3)) + sizes(random, -30, -20)
    check(room.crossover_samples(e, d, s, b), lambda e, d, s, b: d + 1 + (s + b) * d / (e - b), 8, e, d, s, b)
    assert (room.crossover_samples(b, d, s, b) == np.inf).all()
    v = sizes(random, -9, 9)
    check(room.crossover_frames(e, b, v), lambda e, b, v: v / (e - b), 4, e, b, v)
    assert (room.crossover_frames(b, b, v) == np.inf).all()
    found = room.crossover_frames_line(e, b, v)

    def root(e, b, v):
        wanted = v / (e - b)
        start = max(mpmath.mpf(1), wanted ** (mpmath.mpf(1) / 3))
        return mpmath.findroot(lambda k: k**3 - k - wanted, (1, start + 1), solver="anderson", tol=1e-80, verify=False)

    check(found, root, 16, e, b, v)


def test_the_sign_of_the_gap_is_exact_where_rounding_hides_it():
    random, n, d, s, b = linear(5)
    e = room.implicit_risk(n, d, s, b)
    answers = set()
    for e in (e, np.nextafter(e, 0), np.nextafter(e, np.inf), 2 * e + 1, e / 2):
        found = room.preferred(e, n, d, s, b)
        for sign, *given in zip(found, e, n, d, s, b, strict=True):
            ours, theirs = risk(*map(m, given[1:])), m(given[0])
            assert sign == (ours > theirs) - (ours < theirs), given
        answers |= set(found)
    assert answers == {-1.0, 0.0, 1.0}


def test_depth_from_two_views():
    random = np.random.default_rng(6)
    rho = np.where(np.arange(N) % 2, random.random(N), 10.0 ** -random.uniform(0, 12, N))
    rho[::5] = 1 - 10.0 ** -random.uniform(1, 15, len(rho[::5]))
    z, f, b, k = sizes(random, -3, 4), sizes(random, 1, 4), sizes(random, -3, 2), np.floor(sizes(random, 0, 4))
    s = rho * random.random(N) * f * b / z

    def part(name, k, z, f, b, s, rho):
        t = (z * s / (f * b)) ** 2
        x = rho**2
        low, high, error_low, error_high = t, t / (1 - x), t, t * (1 + x) / (1 - x) ** 2
        if name == "disparity":
            low, high, error_low, error_high = (value / k for value in (low, high, error_low, error_high))
        if name == "depth":
            error_low, error_high = error_low / k + low**2 * (1 - 1 / k), error_high / k + high**2 * (1 - 1 / k)
        return low * z, high * z, error_low * z**2, error_high * z**2

    rest = (z, f, b, s, rho)
    found = {
        "one": room.two_view_depth_bounds(*rest),
        "disparity": room.averaged_disparity_bounds(k, *rest),
        "depth": room.averaged_depth_bounds(k, *rest),
    }
    for name, bounds in found.items():
        fields = (bounds.bias_lower, bounds.bias_upper, bounds.error_lower, bounds.error_upper)
        for place, (field, side) in enumerate(zip(fields, (-1, 1, -1, 1), strict=True)):
            between(field, lambda *a, p=place, q=name: part(q, *a)[p], side, k, *rest)


def test_uniform_noise():
    random = np.random.default_rng(7)
    near = 10.0 ** -random.uniform(0, 15, N)
    rho = np.concatenate((near, 1 - near, [0.1**0.5, 0.31622, 0.3163, 0.9]))
    found = room.uniform_depth_moments(rho)
    check(found.bias, lambda r: mpmath.atanh(r) / r - 1, 64, rho)
    check(found.variance, lambda r: 1 / (1 - r**2) - (mpmath.atanh(r) / r) ** 2, 64, rho)
    zero = room.uniform_depth_moments(0.0)
    assert zero.bias == 0 and zero.variance == 0


def test_the_unbiased_depth():
    random = np.random.default_rng(8)
    x = np.concatenate((np.linspace(-37, 10, 30), [-8.0], 10.0 ** random.uniform(0, 8, 28), [1e8]))
    f, b, s = sizes(random, 1, 4), sizes(random, -3, 2), sizes(random, -3, 3)

    def exact(d, f, b, s):
        y = d / s
        return f * b / s * mpmath.erfc(y / mpmath.sqrt(2)) * mpmath.exp(y**2 / 2) * mpmath.sqrt(mpmath.pi / 2)

    near = x < 1e3
    d = x * s
    found = room.unbiased_depth(d, f, b, s)
    args = (d, f, b, s)
    check(found[near], exact, lambda d, f, b, s: 32 + 4 * (d / s) ** 2 * (d < 0), *(x[near] for x in args))

    def far(d, f, b, s):  # the asymptotic series: its next term is below 1e-27 of the first
        y = d / s
        return f * b / d * (1 - y**-2 + 3 * y**-4 - 15 * y**-6 + 105 * y**-8)

    check(found[~near], far, 32, *(x[~near] for x in args))


def test_views_along_a_line():
    random = np.random.default_rng(9)
    x = random.standard_normal((N, 6)) * sizes(random, -6, 6)[:, None] + 1e3 * (np.arange(N) % 2)[:, None]
    z, f, s, b, t = (sizes(random, -3, 3) for _ in range(5))
    k = np.floor(sizes(random, 0.31, 5))

    def spread(x):
        mean = sum(x) / len(x)
        return sum((y - mean) ** 2 for y in x)

    check(room.inverse_depth_variance(x, f, s), lambda x, f, s: s**2 / (f**2 * spread(x)), 64, x, f, s)
    check(room.depth_bound(z, x, f, s), lambda z, x, f, s: z**4 * s**2 / (f**2 * spread(x)), 64, z, x, f, s)
    offsets = room.offsets_variance(z, x, f, s, t)
    check(offsets, lambda z, x, f, s, t: (s**2 + f**2 * t**2 / z**2) / (f**2 * spread(x)), 64, z, x, f, s, t)
    unit = lambda z, b, f, s: z**4 * s**2 / (f**2 * b**2)  # noqa: E731
    by_spacing = room.depth_bound_spacing(z, k, b, f, s)
    check(by_spacing, lambda z, k, b, f, s: 12 * unit(z, b, f, s) / (k * (k**2 - 1)), 24, z, k, b, f, s)
    by_length = room.depth_bound_length(z, k, b, f, s)
    check(by_length, lambda z, k, b, f, s: 12 * (k - 1) * unit(z, b, f, s) / (k * (k + 1)), 24, z, k, b, f, s)
    best = lambda z, k, b, f, s: (4 / k if k % 2 == 0 else 4 * k / (k**2 - 1)) * unit(z, b, f, s)  # noqa: E731
    check(room.depth_bound_best(z, k, b, f, s), best, 24, z, k, b, f, s)
    check(room.equal_range(f, s, t), lambda f, s, t: f * t / s, 4, f, s, t)
    walk = lambda z, k, b, t: (t / (z * b)) ** 2  # noqa: E731
    ols = room.drift_variance(z, k, b, t)
    check(ols, lambda z, k, b, t: walk(z, k, b, t) * 6 * (k**2 + 1) / (5 * k * (k**2 - 1)), 24, z, k, b, t)
    check(room.drift_variance(z, k, b, t, best=True), lambda z, k, b, t: walk(z, k, b, t) / (k - 1), 24, z, k, b, t)
    mean = random.uniform(-0.5, 0.5, N)
    second = mean**2 * (1 + 2.0**-50) + sizes(random, -9, 0)
    risks = room.scale_risk(z, b, second, mean)
    check(risks, lambda z, v, q, e: z**2 * q + v * (1 + 2 * e + q), 24, z, b, second, mean)


def test_the_combination():
    random = np.random.default_rng(10)
    a, g = sizes(random), sizes(random)
    g[::3] = a[::3] * (1 + 10.0 ** -random.uniform(1, 10, len(a[::3])))
    c = np.sqrt(a * g) * random.uniform(-1, 1, N)
    c[1::4] = np.minimum(a, g)[1::4] * (1 - 10.0 ** -random.uniform(1, 12, len(c[1::4])))
    found = room.combine(a, g, c)
    top = lambda a, g, c: max(a, g)  # noqa: E731
    check(found.risk, lambda a, g, c: (a * g - c**2) / (a + g - 2 * c), 64, a, g, c, size=top)
    check(found.gain_explicit, lambda a, g, c: (a - c) ** 2 / (a + g - 2 * c), 64, a, g, c, size=top)
    check(found.gain_implicit, lambda a, g, c: (g - c) ** 2 / (a + g - 2 * c), 64, a, g, c, size=top)
    # a weight off by w costs D w^2: what counts is that this is below the roundings of the risk
    for w, *given in zip(found.weight, a, g, c, strict=True):
        x, y, z = map(m, given)
        assert (x + y - 2 * z) * (m(w) - (y - z) / (x + y - 2 * z)) ** 2 <= 64 * U * max(x, y)
    n, s = np.floor(sizes(random, 0.5, 6)), sizes(random)
    check(room.combination_price(n, a, s), lambda n, r, s: (r + s) / (n - 2), 4, n, a, s)
    enough = room.samples_to_gain(a, g, np.minimum(a, g) / 3, s)

    def exact(a, g, c, s):
        risk = (a * g - c**2) / (a + g - 2 * c)
        return 2 + (risk + s) / (min(a, g) - risk)

    check(enough, exact, 64, a, g, np.minimum(a, g) / 3, s)


def test_accuracy_within_a_tolerance():
    random = np.random.default_rng(11)
    b, s, t = sizes(random, -3, 3), sizes(random, -2, 3), sizes(random, -6, 3)
    b[::4] = t[::4] * (1 + random.uniform(-0.1, 0.1, len(b[::4])))
    keep = np.abs((np.abs(b) - t) / s) < 35  # farther out the accuracy is below the floats or 1

    def exact(b, s, t):
        scale = s * mpmath.sqrt(2)
        with mpmath.workdps(700):  # the tails of 35 deviations are 1e-270
            return (mpmath.erfc((b - t) / scale) - mpmath.erfc((b + t) / scale)) / 2

    assert keep.sum() > 30
    b, s, t = b[keep], s[keep], t[keep]
    check(room.accuracy_within(b, s, t), exact, lambda b, s, t: 64 + 8 * (b / s) ** 2, b, s, t)
    beyond = t * (1 + 10.0 ** random.uniform(-12, 6, len(t)))
    check(room.best_deviation(beyond, t), lambda b, t: mpmath.sqrt(b * t / mpmath.atanh(t / b)), 16, beyond, t)


def test_the_curve_through_three_risks():
    random = np.random.default_rng(12)
    n = np.cumsum(1 + sizes(random, 0, 2)[:, None] * random.random((N, 3)), -1)
    offset = n[:, 0] * random.uniform(-1, 0.9, N)
    risks = random.random((N, 1)) + sizes(random, -2, 2)[:, None] / (n - offset[:, None])
    fit = room.curve(n, risks)

    def solved(n, y):
        r = (y[0] - y[1]) * (n[2] - n[1]) / ((y[1] - y[2]) * (n[1] - n[0]))
        c = (r * n[0] - n[2]) / (r - 1)
        scale = (y[0] - y[1]) * (n[0] - c) * (n[1] - c) / (n[1] - n[0])
        return y[0] - scale / (n[0] - c), scale, c, r

    loss = lambda n, y: 64 * solved(n, y)[3] / (solved(n, y)[3] - 1)  # noqa: E731
    check(fit.scale, lambda n, y: solved(n, y)[1], loss, n, risks)
    for found, at, which in ((fit.floor, 0, 1), (fit.offset, 2, 0)):  # both are differences from the first point

        def size(n, y, at=at, which=which):
            first = (n, y)[which][0]
            return first + abs(first - solved(n, y)[at])

        check(found, lambda n, y, at=at: solved(n, y)[at], loss, n, risks, size=size)
