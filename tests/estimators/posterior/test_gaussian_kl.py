"""KL of Gaussians: against torch.distributions, 60 digits and closed forms; four forms of one covariance agree."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch.distributions import MultivariateNormal, kl_divergence

from spacelib.estimators import gaussian_kl, grid_prior, prior_variance_of_features


def drawn(seed: int, size: int, rank: int = 2, batch: tuple[int, ...] = ()):
    """Mean, variances, factor, prior mean and variances of a random posterior and prior."""
    generator = torch.Generator().manual_seed(seed)
    normal = lambda *shape: torch.randn(*batch, *shape, generator=generator, dtype=torch.float64)  # noqa: E731
    return normal(size), normal(size).exp(), normal(size, rank), normal(size), normal(size).exp()


@pytest.mark.property
@given(st.integers(0, 10_000), st.integers(1, 7), st.integers(1, 9))
def test_four_forms_of_one_covariance_agree_with_torch(seed, size, rank):
    mean, variance, factor, prior_mean, prior = drawn(seed, size, rank)
    covariance = torch.diag(variance) + factor @ factor.T
    truth = kl_divergence(
        MultivariateNormal(mean, covariance), MultivariateNormal(prior_mean, torch.diag(prior))
    ).item()
    options = {"prior_mean": prior_mean, "prior_variance": prior}
    # condition numbers of these draws stay below 1e6
    close = pytest.approx(truth, rel=1e-9, abs=1e-9)
    assert gaussian_kl(mean, variance=variance, factor=factor, **options).item() == close
    assert gaussian_kl(mean, covariance=covariance, **options).item() == close
    assert gaussian_kl(mean, scale_tril=torch.linalg.cholesky(covariance), **options).item() == close
    plain = gaussian_kl(mean, variance=variance, **options).item()
    assert gaussian_kl(mean, variance=variance, factor=0 * factor, **options).item() == pytest.approx(
        plain, rel=1e-12, abs=1e-12
    )
    assert gaussian_kl(mean, covariance=torch.diag(variance), **options).item() == pytest.approx(plain, rel=1e-12)


@pytest.mark.oracle
@pytest.mark.parametrize(
    "ratio", [1e-300, 1e-20, 0.3, 0.89, 0.91, 1 - 1e-9, 1 - 2**-53, 1 + 1e-12, 1.005, 1.0999, 1.1001, 1.5, 40.0, 1e200]
)
def test_one_coordinate_to_the_last_digits(ratio):
    """Every ratio of variances: a plain t - 1 - ln t has lost all digits at 1 + 1e-12."""
    with mpmath.workdps(60):
        t = mpmath.mpf(ratio)
        truth = float((t - 1 - mpmath.log(t)) / 2)
    assert gaussian_kl(np.zeros(1), variance=np.array([ratio])) == pytest.approx(truth, rel=1e-14, abs=0)


@pytest.mark.oracle
def test_ill_conditioned_covariances_against_sixty_digits():
    """Hilbert's matrix of 8 (condition 1e10), by its factor, by itself, and low rank with variances over 12 decades."""
    size = 8
    with mpmath.workdps(60):
        hilbert = mpmath.matrix(size, size)
        for i in range(size):
            for j in range(size):
                hilbert[i, j] = mpmath.mpf(1) / (i + j + 1)
        factor = mpmath.cholesky(hilbert)
        truth = float((sum(hilbert[i, i] for i in range(size)) - size - mpmath.log(mpmath.det(hilbert))) / 2)
    lower = torch.tensor([[float(factor[i, j]) for j in range(size)] for i in range(size)], dtype=torch.float64)
    zero = torch.zeros(size, dtype=torch.float64)
    assert gaussian_kl(zero, scale_tril=lower).item() == pytest.approx(truth, rel=1e-13)
    full = torch.tensor([[1 / (i + j + 1) for j in range(size)] for i in range(size)], dtype=torch.float64)
    assert gaussian_kl(zero, covariance=full).item() == pytest.approx(truth, abs=8 * 1.6e10 * 2.0**-52)
    variance = 10.0 ** torch.linspace(-6, 6, size, dtype=torch.float64)
    columns = torch.stack([torch.ones(size), torch.ones(size) * (1 + 1e-6)], 1).double() * 1e3
    with mpmath.workdps(60):
        whole = mpmath.matrix(size, size)
        for i in range(size):
            for j in range(size):
                shared = sum(mpmath.mpf(columns[i, k].item()) * mpmath.mpf(columns[j, k].item()) for k in range(2))
                whole[i, j] = shared + (mpmath.mpf(variance[i].item()) if i == j else 0)
        truth = float((sum(whole[i, i] for i in range(size)) - size - mpmath.log(mpmath.det(whole))) / 2)
    assert gaussian_kl(zero, variance=variance, factor=columns).item() == pytest.approx(truth, rel=1e-12)


@pytest.mark.property
@given(st.integers(0, 10_000), st.floats(-12, -3))
def test_never_negative_and_zero_only_at_the_prior(seed, decade):
    step = 10.0**decade
    _, variance, factor, prior_mean, _ = drawn(seed, 6)
    options = {"prior_mean": prior_mean, "prior_variance": variance}
    assert gaussian_kl(prior_mean, variance=variance, **options) == 0
    assert gaussian_kl(prior_mean, variance=variance, factor=step * factor, **options) >= 0
    assert gaussian_kl(prior_mean, variance=variance * (1 + step), **options) > 0
    assert gaussian_kl(prior_mean, covariance=torch.diag(variance * (1 + step)), **options) >= 0


def test_batches_and_kinds():
    mean, variance, factor, prior_mean, prior = drawn(0, 5, batch=(3, 2))
    whole = gaussian_kl(mean, variance=variance, factor=factor, prior_mean=prior_mean, prior_variance=prior)
    assert whole.shape == (3, 2)
    one = gaussian_kl(
        mean[1, 1],
        variance=variance[1, 1],
        factor=factor[1, 1],
        prior_mean=prior_mean[1, 1],
        prior_variance=prior[1, 1],
    )
    torch.testing.assert_close(whole[1, 1], one, rtol=1e-13, atol=0)
    assert gaussian_kl(mean.float(), variance=0.5).dtype == torch.float32
    assert isinstance(gaussian_kl(np.ones(3), variance=1.0), float)
    assert gaussian_kl(np.ones(3), variance=1.0, prior_variance=2.0) == pytest.approx(
        3 * (0.5 - 1 + math.log(2)) / 2 + 3 / 4, rel=1e-14
    )


def test_a_large_low_rank_posterior_needs_no_square_matrix():
    """200,000 coordinates: a D x D matrix would take 320 GB."""
    size = 200_000
    factor = torch.zeros(size, 2, dtype=torch.float64)
    factor[:, 0] = 1e-2
    found = gaussian_kl(torch.zeros(size, dtype=torch.float64), variance=1.0, factor=factor)
    assert found.item() == pytest.approx((20 - math.log(21)) / 2, rel=1e-9)


def test_gradients():
    mean, variance, factor, prior_mean, prior = drawn(1, 4)
    lower = torch.linalg.cholesky(torch.diag(variance) + factor @ factor.T)
    near = prior * (1 + torch.tensor([0.0, 1e-3, 0.2, -0.4], dtype=torch.float64))
    leaves = [v.clone().requires_grad_() for v in (mean, near, factor, lower)]
    options = {"prior_mean": prior_mean, "prior_variance": prior}
    assert torch.autograd.gradcheck(lambda m, v, u: gaussian_kl(m, variance=v, factor=u, **options), leaves[:3])
    assert torch.autograd.gradcheck(
        lambda m, low: gaussian_kl(m, scale_tril=low.tril(), **options), [leaves[0], leaves[3]]
    )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "got none"),
        ({"variance": 1.0, "covariance": np.eye(3)}, "got variance, covariance"),
        ({"factor": np.ones((3, 1))}, "got factor"),
        ({"variance": np.ones(2)}, "shapes must broadcast|of the 3 coordinates"),
        ({"variance": 0.0}, "variance .* above 0"),
        ({"variance": 1.0, "prior_variance": -1.0}, "prior_variance .* above 0"),
        ({"variance": 1.0, "factor": np.ones((2, 1))}, "factor must be of the 3 coordinates"),
        ({"covariance": np.eye(2)}, "covariance must be of the 3 coordinates"),
        ({"covariance": np.array([[1.0, 0.5, 0], [0, 1, 0], [0, 0, 1]])}, "asymmetry"),
        ({"covariance": np.ones((3, 3))}, "positive definite"),
        ({"scale_tril": np.ones((3, 3))}, "lower triangular"),
        ({"scale_tril": -np.eye(3)}, "diagonal of scale_tril"),
        ({"variance": math.nan}, "finite"),
        ({"variance": 1e300, "prior_variance": 1e-300}, "finite number"),
    ],
)
def test_errors_name_what_is_wrong(options, said):
    with pytest.raises(ValueError, match=said):
        gaussian_kl(np.zeros(3), **options)


def test_the_prior_of_the_feature_norm():
    features = torch.tensor([[3.0, 4.0], [0.0, 1.0]])
    assert prior_variance_of_features(features) == 13 and prior_variance_of_features(
        features, inverse=True
    ) == pytest.approx(1 / 13)
    with pytest.raises(ValueError, match="above 0"):
        prior_variance_of_features(torch.zeros(3, 2))


@pytest.mark.property
@given(st.floats(1e-30, 1e3), st.floats(1e-3, 1e6))
def test_the_grid_is_near_and_its_weights_sum_to_one(wished, first):
    variance, cost = grid_prior(wished, first=first)
    j = round(math.log(first / variance) / 2)
    assert (
        j >= 1
        and cost >= math.log(j) + math.log(j + 1) - 1e-15
        and cost == pytest.approx(math.log(j * (j + 1)), rel=1e-14)
    )
    if wished <= first * math.exp(-1):
        assert abs(math.log(variance / wished)) <= 1 + 1e-12


def test_the_union_over_the_grid_costs_no_more_than_one():
    """The failure probabilities delta e^-cost over the grid sum to at most delta: 1/(j(j+1)) telescopes to 1."""
    costs = grid_prior(torch.exp(-2.0 * torch.arange(1, 2000, dtype=torch.float64)).clamp(min=1e-300))[1].unique()
    assert 0.99 < torch.exp(-costs).sum() <= 1
