"""The exact formulas of the tradeoff against simulation, and the wrong variants told apart from them.

Standard errors come from the runs; a bound of 4.5 of them fails by chance once in 147,000 comparisons, of which there
are fewer than 60 here.
"""

import math

import pytest
import torch

from spacelib.bounds import tradeoff as room

SIGMAS = 4.5


def assert_mean(draws, value):
    error = draws.std() / math.sqrt(len(draws))
    assert abs(draws.mean() - value) <= SIGMAS * error, (float(draws.mean()), value, float(error))
    return float(error)


def assert_not(draws, value):
    assert abs(draws.mean() - value) > SIGMAS * draws.std() / math.sqrt(len(draws)), value


def assert_between(low, draws, high):
    slack = SIGMAS * draws.std() / math.sqrt(len(draws))
    assert low - slack <= draws.mean() <= high + slack, (low, float(draws.mean()), high)


def normal(generator, *shape):
    return torch.randn(shape, generator=generator, dtype=torch.float64)


def least_squares(generator, runs, n, d, noise, bias, intercept=False):
    """The risk, given each fit, on a new point: the seen inputs are standard, the unseen one has the variance b."""
    x, u = normal(generator, runs, n, d), math.sqrt(bias + noise) * normal(generator, runs, n)
    if intercept:
        x = torch.cat((x, torch.ones(runs, n, 1, dtype=torch.float64)), -1)
    fit = torch.linalg.lstsq(x, u[..., None]).solution[..., 0]
    return bias + (fit * fit).sum(-1)


@pytest.mark.parametrize(("n", "d", "noise", "bias"), [(20, 5, 1.0, 0.49), (12, 3, 1.0, 0.0), (11, 4, 0.3, 1.2)])
def test_least_squares_that_sees_a_part(n, d, noise, bias):
    runs = least_squares(torch.Generator().manual_seed(n), 20_000, n, d, noise, bias)
    assert_mean(runs, room.implicit_risk(n, d, noise, bias))
    assert_not(runs, bias + (noise + bias) * d / n)
    if bias:
        assert_not(runs, bias + noise * d / (n - d - 1))  # .847 where 1.022 is right


def test_least_squares_with_an_intercept():
    # the two differ by 0.0115, which is 7 standard errors of so many runs
    runs = least_squares(torch.Generator().manual_seed(1), 100_000, 20, 5, 1.0, 0.49, intercept=True)
    assert_mean(runs, room.implicit_risk(20, 5, 1.0, 0.49, intercept=True))
    assert_not(runs, room.implicit_risk(20, 6, 1.0, 0.49))  # one coefficient more is not the same


def test_ridge_at_a_fixed_design():
    generator = torch.Generator().manual_seed(2)
    n, noise, penalty = 12, 0.5, 0.3
    x, beta = normal(generator, n, 4), normal(generator, 4)
    moment = x.T @ x / n
    s, directions = torch.linalg.eigh(moment)
    labels = x @ beta + math.sqrt(noise) * normal(generator, 20_000, n)
    fit = torch.linalg.solve(moment + penalty * torch.eye(4, dtype=torch.float64), (labels @ x / n).T).T
    runs = ((x @ (fit - beta).T) ** 2).mean(0)
    exact = float(room.ridge_risk(n, s, directions.T @ beta, noise, penalty))
    assert_mean(runs, exact)
    more = noise / n * float((s / (s + penalty)).sum() - ((s / (s + penalty)) ** 2).sum())
    assert_not(runs, exact + more)  # the sum without squares


def test_the_best_penalty_is_best():
    s, b, n, d, noise = 0.7, 2.0, 15, 5, 0.9
    best = room.best_ridge(n, d, s, b, noise)
    beta = torch.zeros(d, dtype=torch.float64)
    beta[0] = math.sqrt(b)

    def at(penalty):
        return float(room.ridge_risk(n, torch.full((d,), s, dtype=torch.float64), beta, noise, penalty))

    assert at(best.penalty) == pytest.approx(best.risk, rel=1e-14)
    assert at(best.penalty) < min(at(best.penalty * 0.9), at(best.penalty * 1.1))


@pytest.mark.parametrize("correlation", [0.0, 0.3, -0.2])
def test_readings_that_share_an_error(correlation):
    generator = torch.Generator().manual_seed(3)
    k, bias, variance = 4, 0.5, 2.0
    law = variance * ((1 - correlation) * torch.eye(k) + correlation * torch.ones(k, k)).double()
    noise = normal(generator, 40_000, k) @ torch.linalg.cholesky(law).T
    for systematic in (math.sqrt(bias), math.sqrt(bias) * normal(generator, 40_000)):  # fixed or drawn once
        runs = (systematic + noise.mean(-1)) ** 2
        assert_mean(runs, room.explicit_risk(k, bias, variance, correlation))
        assert_not(runs, bias / k + float(room.explicit_risk(k, 0.0, variance, correlation)))


@pytest.mark.parametrize("rho", [0.1, 0.3, 0.6, 0.9])
def test_depth_under_uniform_noise(rho):
    u = rho * (2 * torch.rand(400_000, generator=torch.Generator().manual_seed(4), dtype=torch.float64) - 1)
    error = 1 / (1 + u) - 1
    moments = room.uniform_depth_moments(rho)
    assert_mean(error, moments.bias)
    assert_mean((error - moments.bias) ** 2, moments.variance)
    assert_not(error, rho**2 / 6)  # half the leading term
    assert moments.bias > 0
    noise = rho / math.sqrt(3)  # of a disparity of 1
    bounds = room.two_view_depth_bounds(1.0, 1.0, 1.0, noise, rho)
    assert bounds.bias_lower < moments.bias < bounds.bias_upper
    assert bounds.error_lower < moments.variance + moments.bias**2 < bounds.error_upper


def test_averaging_depths_leaves_the_bias_and_averaging_disparities_does_not():
    generator, rho, runs = torch.Generator().manual_seed(5), 0.6, 100_000
    noise = rho / math.sqrt(3)
    for k in (2, 8, 32):
        u = rho * (2 * torch.rand(runs, k, generator=generator, dtype=torch.float64) - 1)
        moments = room.uniform_depth_moments(rho)
        depths = (1 / (1 + u)).mean(-1) - 1
        assert_mean(depths**2, room.explicit_risk(k, moments.bias**2, moments.variance))
        late = 1 / (1 + u.mean(-1)) - 1
        for draws, bounds in (
            (depths, room.averaged_depth_bounds(k, 1.0, 1.0, 1.0, noise, rho)),
            (late, room.averaged_disparity_bounds(k, 1.0, 1.0, 1.0, noise, rho)),
        ):
            assert_between(bounds.bias_lower, draws, bounds.bias_upper)
            assert_between(bounds.error_lower, draws**2, bounds.error_upper)
    assert (late**2).mean() < 0.5 * (depths**2).mean()
    floor = room.averaged_depth_bounds(10**6, 1.0, 1.0, 1.0, noise, rho)
    assert floor.error_lower > 0.9 * floor.bias_lower**2 > 0.01
    assert room.averaged_disparity_bounds(10**6, 1.0, 1.0, 1.0, noise, rho).error_upper < 1e-5


def test_the_unbiased_depth_at_a_moderate_distance():
    """Its variance is infinite, so its logarithmic derivative's identity is tested: E e^(-t X) = e^(-mu t + t^2/2)."""
    x = torch.linspace(-8, 8, 65, dtype=torch.float64)
    depth = room.unbiased_depth(x, 1.0, 1.0, 1.0)
    # the mean over X ~ N(mu, 1) is 1/mu: M' = x M - 1 exactly, which integrates to it by parts
    step = x.clone().requires_grad_()
    (slope,) = torch.autograd.grad(room.unbiased_depth(step, 1.0, 1.0, 1.0).sum(), step)
    assert torch.allclose(slope, x * depth - 1, rtol=1e-9, atol=1e-12)
    mu = 3.0
    grid = torch.linspace(-30, 40, 700_001, dtype=torch.float64)
    weight = torch.exp(-((grid - mu) ** 2) / 2) / math.sqrt(2 * math.pi) * (grid[1] - grid[0])
    # the tail of the integrand below -30 is e^(mu x)(1 + ...), e^-90; the trapezoid rule is exact for what is analytic
    assert float((weight * room.unbiased_depth(grid, 1.0, 1.0, 1.0)).sum()) == pytest.approx(1 / mu, rel=1e-9)


def test_views_on_a_line():
    generator, runs, (z, f, s, t) = torch.Generator().manual_seed(6), 40_000, (8.0, 500.0, 0.7, 0.01)
    for k in (2, 3, 5):
        x = torch.linspace(0, 1, k, dtype=torch.float64)
        centred = x - x.mean()
        slopes = -centred / (centred @ centred) / f  # least squares of inverse depth on pixels
        for place in (0.0, 30.0):  # wherever the point is
            pixels = f * (place - x) / z + s * normal(generator, runs, k)
            assert_mean((pixels @ slopes - 1 / z) ** 2, room.inverse_depth_variance(x, f, s))
        pixels = f * (5.0 - x - t * normal(generator, runs, k)) / z + s * normal(generator, runs, k)
        assert_mean((pixels @ slopes - 1 / z) ** 2, float(room.offsets_variance(z, x, f, s, t)))
        exact = float(room.depth_bound(z, x, f, s))
        assert room.depth_bound_length(z, k, 1.0, f, s) == pytest.approx(exact, rel=1e-14)
        assert room.depth_bound_spacing(z, k, 1 / (k - 1), f, s) == pytest.approx(exact, rel=1e-14)
        best = float(room.depth_bound(z, room.best_layout(k, 1.0), f, s))
        assert best == pytest.approx(room.depth_bound_best(z, k, 1.0, f, s), rel=1e-14)
        two = s * z**2 / f * math.sqrt(2)  # the disparity of two views has twice the variance
        assert room.depth_bound_length(z, 2, 1.0, f, s) == pytest.approx(two**2, rel=1e-14)


def test_no_layout_is_better_than_the_best():
    generator = torch.Generator().manual_seed(7)
    for k in (2, 3, 4, 7):
        places = torch.rand(2_000, k, generator=generator, dtype=torch.float64)
        assert (room.depth_bound(1.0, places, 1.0, 1.0) >= room.depth_bound_best(1.0, k, 1.0, 1.0, 1.0)).all()


def test_a_third_view_of_one_length_gains_nothing():
    k = torch.arange(2, 60, dtype=torch.float64)
    even, best = room.depth_bound_length(1.0, k, 1.0, 1.0, 1.0), room.depth_bound_best(1.0, k, 1.0, 1.0, 1.0)
    assert torch.allclose(even[:5], torch.tensor([2, 2, 9 / 5, 8 / 5, 10 / 7], dtype=torch.float64), rtol=1e-15)
    assert even[0] == even[1] and bool((even[1:].diff() < 0).all())
    assert bool((best <= even).all()) and best[-1] / even[-1] == pytest.approx(1 / 3, rel=0.05)


@pytest.mark.parametrize("k", [2, 3, 6, 24])
def test_drift(k):
    generator, (z, b, t) = torch.Generator().manual_seed(k), (4.0, 0.5, 0.03)
    walk = t * torch.cat((torch.zeros(50_000, 1), normal(generator, 50_000, k - 1).cumsum(-1)), -1).double()
    x = b * torch.arange(k, dtype=torch.float64)
    centred = x - x.mean()
    fitted = walk @ centred / (centred @ centred) / z
    assert_mean(fitted**2, room.drift_variance(z, k, b, t))
    assert_mean(((walk[:, -1] - walk[:, 0]) / (x[-1] * z)) ** 2, room.drift_variance(z, k, b, t, best=True))
    if k == 24:
        assert_not(fitted**2, (t / b / z) ** 2 * 24 / (k * (k**2 - 1)))  # the rate of pixel noise


def test_a_shared_scale_error():
    generator = torch.Generator().manual_seed(8)
    eps, noise = 0.02 + 0.05 * normal(generator, 200_000), 0.3 * normal(generator, 200_000)
    runs = ((1 + eps) * (5.0 + noise) - 5.0) ** 2
    assert_mean(runs, room.scale_risk(5.0, 0.09, 0.05**2 + 0.02**2, 0.02))
    assert_not(runs, float(room.scale_risk(5.0, 0.09, (0.05**2 + 0.02**2) / 8)))  # as if frames averaged it


def test_the_price_of_the_weight():
    generator, (a, g, c, noise) = torch.Generator().manual_seed(9), (1.0, 1.5, 0.2, 0.5)
    best = room.combine(a, g, c)
    law = torch.linalg.cholesky(torch.tensor([[a, c], [c, g]], dtype=torch.float64))
    for n in (5, 10, 40):
        errors = normal(generator, 30_000, n, 2) @ law.T
        labels = math.sqrt(noise) * normal(generator, 30_000, n)
        apart = errors[..., 0] - errors[..., 1]  # A - B; y - B is minus B's error, plus the label's
        weight = (apart * (labels - errors[..., 1])).sum(-1) / (apart * apart).sum(-1)
        runs = best.risk + (a + g - 2 * c) * (weight - best.weight) ** 2
        assert_mean(runs, best.risk + room.combination_price(n, best.risk, noise))
        assert (runs.mean() < min(a, g)) == (n > room.samples_to_gain(a, g, c, noise))


def test_the_combination_takes_second_moments():
    """Biases of equal sign are not averaged out; a covariance in their place promises what does not come."""
    b, v = 0.7, 1.0
    same, opposite = room.combine(b * b + v, b * b + v, b * b), room.combine(b * b + v, b * b + v, -b * b)
    assert same.risk == pytest.approx(b * b + v / 2, rel=1e-14) and opposite.risk == pytest.approx(v / 2, rel=1e-14)
    assert room.combine(b * b + v, b * b + v, 0.0).risk < same.risk
    wide = room.combine(1.0, 2.0, 1.2)
    assert wide.weight == pytest.approx(4 / 3) and wide.risk == pytest.approx(0.9333333333333333)
    assert wide.convex_weight == 1 and wide.convex_risk == 1
