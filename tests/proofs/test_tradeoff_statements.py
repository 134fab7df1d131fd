"""The tradeoff in two forms: the numbers of the kernel's statements are those that the library computes."""

import random

import numpy as np
import pytest

from spacelib import bounds
from spacelib.proofs.kernel import Model
from spacelib.proofs.tradeoff import combination, crossover, identify, pose, readings, risks, setting, triangulation, views
from test_capacity_statements import value

pytestmark = pytest.mark.oracle
ROUNDED = 1e-12
number = lambda model, *names: [float(model.variables[name]) for name in names]
row = lambda model, name: np.array([float(v) for v in model.families[name].values()])
same = lambda found, term, model: float(found) == pytest.approx(value(term, model), rel=ROUNDED, abs=ROUNDED)


@pytest.mark.parametrize("seed", range(20))
def test_the_two_risks(seed):
    rng = random.Random(seed)
    model = risks.implicit_risk.witness(rng)
    n, d, b, sigma = number(model, "n", "d", "b", "sigma")
    found = bounds.implicit_risk(n, d, sigma**2, b)
    assert same(found, risks.implicit_risk.statement.lhs, model) and same(found, setting.R, model)
    model = readings.explicit_risk.witness(rng)
    K, beta, v, rho = number(model, "K", "beta", "v", "rho")
    assert same(bounds.explicit_risk(K, beta**2, v, rho), readings.explicit_risk.statement.lhs, model)
    model = Model({"d": rng.randint(1, 6), "n": rng.randint(9, 30)})
    n, d = number(model, "n", "d")
    assert same(bounds.implicit_risk(n, d, 1.0, 0.0, True) + 1, risks.intercept.statement.rhs, model)


@pytest.mark.parametrize("seed", range(20))
def test_ridge(seed):
    rng = random.Random(seed)
    model = risks.ridge_risk.witness(rng)
    n, sigma, penalty = number(model, "n", "sigma", "lambda")
    found = bounds.ridge_risk(n, row(model, "q"), row(model, "c"), sigma**2, penalty)
    assert same(found, risks.ridge_risk.statement.lhs, model)
    model = Model(risks.best_ridge.witness(rng).variables | {"n": rng.randint(1, 9)})
    n, d, level, size, sigma = number(model, "n", "d", "q", "B", "sigma")
    assert same(bounds.best_ridge(n, d, level, size, sigma**2).risk, risks.best_ridge.statement.lhs, model)


@pytest.mark.parametrize("seed", range(20))
def test_where_they_cross(seed):
    rng = random.Random(seed)
    model = crossover.gap_identity.witness(rng)
    E, d, sigma, b = number(model, "E", "d", "sigma", "b")
    assert same(bounds.crossover_samples(E, d, sigma**2, b), setting.N_STAR, model)
    model = crossover.frames_gap.witness(rng)
    r, beta, v = number(model, "r", "beta", "v")
    assert same(bounds.crossover_frames(r, beta**2, v), crossover.K_STAR, model)
    model = crossover.line_root.witness(rng)
    r, beta, c, root = number(model, "r", "beta", "c", "k")
    assert bounds.crossover_frames_line(r, beta**2, c) == pytest.approx(root, rel=1e-9)
    model = crossover.crossover_limit.witness(rng)
    d, sigma, b, beta, v, K = number(model, "d", "sigma", "b", "beta", "v", "K")
    ends = [bounds.crossover_samples(e, d, sigma**2, b) for e in (beta**2, beta**2 + v / K)]
    assert ends[0] - ends[1] == pytest.approx(value(crossover.crossover_limit.statement.lhs, model), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_a_depth_of_two_views(seed):
    model = triangulation.symmetric(random.Random(seed))
    u, law = row(model, "u"), np.array([float(w) for w in model.spaces["Disparities"]])
    (rho,) = number(model, "rho")
    noise = float(np.sqrt(law @ u**2))
    found = bounds.two_view_depth_bounds(1.0, 1.0, 1.0, noise, rho)
    for ours, term in (
        (found.bias_lower, triangulation.two_view_bias_below.statement.lhs),
        (found.bias_upper, triangulation.two_view_bias_above.statement.rhs),
        (found.error_lower, triangulation.two_view_risk_below.statement.lhs),
        (found.error_upper, triangulation.two_view_risk_above.statement.rhs),
    ):
        assert ours == pytest.approx(value(term, model), rel=1e-9, abs=1e-12)
    if 2 * noise <= rho:  # four disparities of twice the noise have a mean of this one
        upper = bounds.averaged_disparity_bounds(4, 1.0, 1.0, 1.0, 2 * noise, rho).bias_upper
        statement = triangulation.disparities_first.statement
        assert upper == pytest.approx(value(statement.rhs, triangulation.counted(model, 4)), rel=1e-9, abs=1e-12)
    artanh = value(triangulation.uniform_bias.statement.rhs, Model({"rho": model.variables["rho"]}))
    assert rho * (bounds.uniform_depth_moments(rho).bias + 1) == pytest.approx(artanh, rel=ROUNDED)


@pytest.mark.parametrize("seed", range(20))
def test_views_on_a_line(seed):
    rng = random.Random(seed)
    model = views.inverse_depth_variance.witness(rng)
    f, s = number(model, "f", "s")
    assert same(bounds.inverse_depth_variance(row(model, "x"), f, s), views.inverse_depth_variance.statement.lhs, model)
    model = views.depth_bound.witness(rng)
    f, s, Z = number(model, "f", "s", "Z")
    assert same(bounds.depth_bound(Z, row(model, "x"), f, s), views.depth_bound.statement.lhs, model)
    model = views.equal_spacing.witness(rng)
    K, step = number(model, "K", "B")
    spread = value(views.equal_spacing.statement.lhs, model)
    assert bounds.depth_bound_spacing(1.0, K + 1, step, 1.0, 1.0) == pytest.approx(1 / spread, rel=ROUNDED)
    K = rng.randint(2, 9)
    steps = [bounds.depth_bound_length(1.0, k, 1.0, 1.0, 1.0) for k in (K, K + 1)]
    assert steps[1] - steps[0] == pytest.approx(value(views.third_view.statement.rhs, Model({"K": K})), rel=1e-9, abs=1e-14)
    half = Model({"K": K, "n": K // 2, "D": 1, "m": 0})
    most = value(views.odd_layout.statement.lhs, half)
    assert bounds.depth_bound_best(1.0, K, 1.0, 1.0, 1.0) == pytest.approx(1 / most, rel=ROUNDED)


@pytest.mark.parametrize("seed", range(20))
def test_cameras_elsewhere(seed):
    rng = random.Random(seed)
    model = pose.shared_scale.witness(rng)
    Z, v, epsilon, w = number(model, "Z", "v", "epsilon", "w")
    assert same(bounds.scale_risk(Z, v, w, epsilon), pose.shared_scale.statement.lhs, model)
    model = pose.own_offsets.witness(rng)
    Z, f, s, tau = number(model, "Z", "f", "s", "tau")
    assert same(bounds.offsets_variance(Z, row(model, "x"), f, s, tau), pose.own_offsets.statement.lhs, model)
    model = pose.drift.witness(rng)
    K, step = number(model, "K", "B")
    assert same(bounds.drift_variance(1.0, K, step, 1.0), pose.drift.statement.lhs, model)
    assert same(bounds.drift_variance(1.0, K, step, 1.0, best=True), pose.drift_best.statement.lhs, model)


@pytest.mark.parametrize("seed", range(20))
def test_both_together(seed):
    rng = random.Random(seed)
    model = combination.combination_gain.witness(rng)
    a, g, c = number(model, "a", "g", "c")
    found = bounds.combine(a, g, c)
    assert same(found.weight, combination.BEST_W, model) and same(found.risk, combination.BEST_R, model)
    assert same(found.gain_explicit, combination.combination_gain.statement.rhs, model)
    model = combination.price_of_weight.witness(rng)
    a, g, c, v, k = number(model, "a", "g", "c", "v", "k")
    price = bounds.combination_price(k, bounds.combine(a, g, c).risk, v)
    assert same(price, combination.price_of_weight.statement.lhs, model)


@pytest.mark.parametrize("seed", range(20))
def test_what_can_be_known(seed):
    rng = random.Random(seed)
    model = identify.curve_offset.witness(rng)
    a, A, c, *sizes = number(model, "a", "A", "c", "n1", "n2", "n3")
    found = bounds.curve(np.array(sizes), a + A / (np.array(sizes) - c))
    assert found.offset == pytest.approx(value(identify.curve_offset.statement.lhs, model), rel=1e-6)
    assert found.scale == pytest.approx(A, rel=1e-5) and found.floor == pytest.approx(a, rel=1e-4)
    model = identify.same_labels.witness(rng)
    d, b, sigma, E = number(model, "d", "b", "sigma", "E")
    assert same(bounds.crossover_samples(E, d, sigma**2, b), identify.same_labels.statement.lhs, model)
