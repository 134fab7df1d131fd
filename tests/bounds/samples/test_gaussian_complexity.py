"""The complexity of a linear model: against the normal laws themselves, their mean over data, and simulation."""

import math

import mpmath
import pytest
import torch
from precise import assert_above, assert_below, m

from spacelib.bounds.samples.gaussian import complexity_bounds, expected_kl, kl_per_dimension, kl_tail, posterior_kl
from spacelib.bounds.samples.spectrum import ridge_dimension


def model(seed, samples=20, features=6):
    """A design, its signals, and the posterior's covariance and gain: mean = gain @ y."""
    generator = torch.Generator().manual_seed(seed)
    design = torch.randn(samples, features, generator=generator, dtype=torch.float64) * torch.logspace(-2, 1, features, dtype=torch.float64)
    noise, spread = 0.5 + torch.rand(2, generator=generator, dtype=torch.float64)
    precision = design.T @ design / noise**2 + torch.eye(features, dtype=torch.float64) / spread**2
    covariance = torch.linalg.inv(precision)
    signal = spread**2 * torch.linalg.eigvalsh(design.T @ design).clamp(min=0) / noise**2
    return design, signal, covariance, covariance @ design.T / noise**2, noise, spread, generator


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(20))
def test_kl_against_the_normal_laws(seed):
    design, signal, covariance, gain, noise, spread, generator = model(seed)
    y = torch.randn(len(design), generator=generator, dtype=torch.float64) * 3
    mean = gain @ y
    prior = torch.distributions.MultivariateNormal(torch.zeros_like(mean), spread**2 * torch.eye(len(mean), dtype=torch.float64))
    posterior = torch.distributions.MultivariateNormal(mean, (covariance + covariance.T) / 2)
    direct = torch.distributions.kl_divergence(posterior, prior)
    found = posterior_kl(signal, (mean @ mean / spread**2).item())
    assert found == pytest.approx(direct.item(), rel=1e-9)  # the condition of the design is up to 1e6
    assert mean @ mean / (2 * spread**2) <= y @ y / (8 * noise**2)
    # E |mean|^2/sigma_0^2 = trace of the covariance of the mean = d_eff, with y ~ N(0, design design' sigma_0^2 + sigma^2)
    of_y = spread**2 * design @ design.T + noise**2 * torch.eye(len(design), dtype=torch.float64)
    mean_norm = torch.trace(gain @ of_y @ gain.T) / spread**2
    dimension = ridge_dimension(signal, 1.0)
    assert mean_norm == pytest.approx(dimension.item(), rel=1e-9)
    assert expected_kl(signal) == pytest.approx(posterior_kl(signal, dimension).item(), rel=1e-12)
    bounds = complexity_bounds(signal)
    assert bounds.lower <= expected_kl(signal) <= bounds.upper


@pytest.mark.oracle
@pytest.mark.parametrize("s", [1e-300, 1e-12, 1e-3, 0.1, 0.112, 1.0, 30.0, 1e9])
def test_one_direction_at_sixty_digits(s):
    exact = m(s)
    ratio = (1 + exact) * mpmath.log1p(exact) / exact
    assert_above(kl_per_dimension(s), ratio / 2, 30)
    signal = torch.tensor([s], dtype=torch.float64)
    found = posterior_kl(signal, 0.0).item()
    assert found == pytest.approx(float((mpmath.log1p(exact) - exact / (1 + exact)) / 2), rel=1e-14)
    bounds = complexity_bounds(signal)
    assert_below(bounds.lower.item(), exact / (1 + exact) / 2, 16)
    assert_above(bounds.upper.item(), mpmath.log1p(exact) / 2, 64)  # one direction: equality
    share, log = exact / (1 + exact), mpmath.log(4)
    c = 2 * log / share  # the best rate is 1 - e^-y with e^y - 1 - y = c
    y = -1 - c - mpmath.lambertw(-mpmath.exp(-1 - c), -1).real if c < 1000 else mpmath.log(1 + c) + mpmath.log(1 + c) / c
    chernoff = (log + share * y / 2) / (1 - mpmath.exp(-y))
    assert_above(kl_tail(signal, 0.25).item(), (mpmath.log1p(exact) - share) / 2 + chernoff, 96)
    assert kl_per_dimension(s) <= (1 + math.log1p(s)) / 2 * (1 + 1e-14)


def test_limits_and_growth():
    assert kl_per_dimension(0.0) == pytest.approx(0.5, rel=1e-14)
    assert complexity_bounds(torch.zeros(3, dtype=torch.float64)) == pytest.approx((0, 0))
    n = torch.tensor([1e2, 1e4, 1e6], dtype=torch.float64)  # K_max depends on n, about as ln(n)/2
    assert torch.allclose(kl_per_dimension(n).diff(), torch.full((2,), math.log(100) / 2, dtype=torch.float64), atol=0.05)
    equal = torch.full((7,), 2.5, dtype=torch.float64)
    assert complexity_bounds(equal).upper == pytest.approx(expected_kl(equal).item(), rel=1e-13)


def test_without_the_mean_the_bound_fails():
    """E KL <= d_eff ln(1 + s)/2 forgets the posterior mean: false in one dimension for every s > 0."""
    for s in (1e-3, 1.0, 100.0):
        assert expected_kl(torch.tensor([s])) > s / (1 + s) * math.log1p(s) / 2


@pytest.mark.coverage
@pytest.mark.parametrize("delta", [0.5, 0.1, 0.01])
def test_the_kl_of_one_data_set(delta):
    """20,000 data sets: sum r_i g_i^2 is |mean|^2/sigma_0^2. The tail holds within 4 standard errors; d_eff K_max alone does not."""
    signal = torch.tensor([50.0, 8.0, 1.0, 0.1], dtype=torch.float64)
    generator = torch.Generator().manual_seed(3)
    squares = torch.randn(20_000, 4, generator=generator, dtype=torch.float64) ** 2
    norms = squares @ (signal / (1 + signal))
    kls = posterior_kl(signal, norms)
    error = 4 * math.sqrt(delta * (1 - delta) / len(kls))
    assert (kls > kl_tail(signal, delta)).double().mean() <= delta + error
    assert (kls > complexity_bounds(signal).upper).double().mean() > 0.05
    assert kls.mean() == pytest.approx(expected_kl(signal).item(), abs=4 * (kls.std() / math.sqrt(len(kls))).item())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: posterior_kl(torch.tensor([-1.0]), 0.0), "signal of shape .* must be at least 0, got -1.0"),
        (lambda: posterior_kl(torch.ones(1), -1.0), "mean_norm must be at least 0, got -1.0"),
        (lambda: expected_kl(1.0), "signal must have at least 1 axis"),
        (lambda: complexity_bounds(torch.zeros(0)), "signal must have at least 1 direction"),
        (lambda: kl_tail(torch.ones(1), 0.0), r"delta must be in \(0, 1\), got 0.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
