"""Trained posteriors and their certificates, on a linear model whose risks are known; what goes wrong is seen to."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import optimize, stats

from spacelib.bounds.transfer import kl_certificate
from spacelib.models.certify.gibbs import certify_posterior, minimise_bound, missed_mass, sampled_misses
from spacelib.models.implicit import Posterior

DELTA, DELTA_DRAWS = 0.1, 0.05


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def linear(weights: torch.Tensor, frames: torch.Tensor) -> torch.Tensor:
    """Logits (S, n, 2) of the sign of w'x."""
    score = weights @ frames.flatten(1).T
    return torch.stack([torch.zeros_like(score), score], -1)


def law(mean: torch.Tensor, deviation: float) -> Posterior:
    """N(mean, deviation^2 I) as Q and P."""
    variance = torch.full_like(mean, deviation**2)
    return Posterior(mean, variance, None, mean, variance, linear)


def scenes(number: int, place: torch.Tensor, generator: torch.Generator) -> tuple[torch.Tensor, torch.Tensor]:
    """Letters by a fair coin, one frame around +place or -place, variance 1."""
    letters = torch.randint(2, (number,), generator=generator)
    noise = torch.randn(number, len(place), generator=generator)
    return (noise + (2 * letters[:, None] - 1) * place)[:, None], letters


def exact_risk(posterior: Posterior, place: torch.Tensor, generator: torch.Generator) -> tuple[float, float]:
    """Gibbs risk: exact for every drawn w, P(w'x on the wrong side) = ndtr(-w'u/|w|); with its standard error."""
    drawn = posterior.sample(2000, generator=generator).double()
    risks = torch.special.ndtr(-(drawn @ place.double()) / drawn.norm(dim=1))
    return risks.mean().item(), risks.std().item() / math.sqrt(len(risks))


def exact_empirical_risk(posterior: Posterior, frames: torch.Tensor, letters: torch.Tensor) -> float:
    """Gibbs risk on the scenes: w'x is normal for every x."""
    x = frames.flatten(1).double()
    margin = (2 * letters - 1) * (x @ posterior.mean.double())
    return torch.special.ndtr(-margin / (x.square() @ posterior.variance.double()).sqrt()).mean().item()


def violations(train, repetitions: int) -> int:
    """How often the exact risk is above the certificate; train(frames, letters, generator) gives law and bound."""
    count = 0
    for seed in range(repetitions):
        generator = seeded(seed)
        place = torch.full((20,), 0.15)
        posterior, certificate = train(*scenes(24, place, generator), generator)
        risk, error = exact_risk(posterior, place, generator)
        count += risk - 4 * error > certificate.bound
    return count


def least_squares(frames: torch.Tensor, letters: torch.Tensor) -> torch.Tensor:
    return torch.linalg.lstsq(frames.flatten(1), 2.0 * letters - 1).solution


def options(generator: torch.Generator, rounds: int = 16) -> dict:
    return {"delta": DELTA, "delta_draws": DELTA_DRAWS, "rounds": rounds, "generator": generator}


def honest(frames, letters, generator):
    prior = law(least_squares(frames[:12], letters[:12]), 0.1)
    rest = frames[12:], letters[12:]
    found = minimise_bound(prior, *rest, delta=DELTA, steps=6, batch=12, rate=0.3, generator=generator)
    return found, certify_posterior(found, *rest, **options(generator))


def prior_that_saw_the_scenes(frames, letters, generator):
    prior = law(least_squares(frames, letters), 0.01)
    return prior, certify_posterior(prior, frames, letters, **options(generator))


def without_the_divergence(frames, letters, generator):
    posterior = replace(
        law(torch.zeros(20), 1.0), mean=least_squares(frames, letters), variance=torch.full((20,), 1e-4)
    )
    assert posterior.kl() > 24  # nats that a bound of 24 scenes cannot pay
    free = replace(posterior, prior_mean=posterior.mean, prior_variance=posterior.variance)
    return posterior, certify_posterior(free, frames, letters, **options(generator))


def scenes_counted_many_times(frames, letters, generator):
    """Two hundred questions of each scene, all alike, each counted as a scene of its own."""
    prior = law(torch.full((20,), 0.15), 0.01)
    return prior, certify_posterior(
        prior, frames.repeat(200, 1, 1), letters.repeat(200), **options(generator, rounds=1)
    )


@pytest.mark.coverage
def test_certificates_of_trained_posteriors_hold():
    """At most delta + delta' of the repetitions, within the 99.9 % point of the binomial law."""
    repetitions = 40
    assert violations(honest, repetitions) <= stats.binom.ppf(0.999, repetitions, DELTA + DELTA_DRAWS)


@pytest.mark.coverage
@pytest.mark.parametrize(
    "wrong", [prior_that_saw_the_scenes, without_the_divergence, scenes_counted_many_times], ids=lambda f: f.__name__
)
def test_what_certificates_assume_is_needed(wrong):
    """More violations than delta + delta' has with 99.9 %."""
    repetitions = 100
    assert violations(wrong, repetitions) > stats.binom.ppf(0.999, repetitions, DELTA + DELTA_DRAWS)


@pytest.mark.coverage
def test_the_sampled_risk_is_paid_for():
    """The empirical risk is above its upper end in at most delta' of draws, and above their mean in about half."""
    repetitions, place = 100, torch.full((3,), 0.5)
    frames, letters = scenes(20, place, seeded(0))
    posterior = law(place, 0.5)
    exact = exact_empirical_risk(posterior, frames, letters)
    generator = seeded(1)
    found = [certify_posterior(posterior, frames, letters, **options(generator, rounds=2)) for _ in range(repetitions)]
    assert sum(exact > c.empirical_risk for c in found) <= stats.binom.ppf(0.999, repetitions, DELTA_DRAWS)
    assert sum(exact > c.sampled_risk for c in found) > repetitions / 4
    mean = np.mean([c.sampled_risk for c in found])
    assert abs(mean - exact) < 4 * 0.5 / math.sqrt(repetitions * 40)


@pytest.mark.oracle
def test_the_certificate_is_made_of_its_parts():
    """KL against torch.distributions, the two inversions against scipy's root finder."""
    generator = seeded(2)
    frames, letters = scenes(50, torch.full((4,), 0.5), generator)
    prior = law(torch.full((4,), 0.3), 0.2)
    posterior = minimise_bound(prior, frames, letters, delta=DELTA, steps=30, rate=0.1, generator=generator)
    found = certify_posterior(posterior, frames, letters, **options(generator))
    q = torch.distributions.Normal(posterior.mean.double(), posterior.variance.double().sqrt())
    p = torch.distributions.Normal(prior.mean.double(), prior.variance.double().sqrt())
    assert found.kl == pytest.approx(torch.distributions.kl_divergence(q, p).sum().item(), rel=1e-9) and found.kl > 0
    assert (found.scenes, found.draws) == (50, 800)

    def inverse(risk: float, budget: float) -> float:
        gap = lambda x: stats.entropy([risk, 1 - risk], [x, 1 - x]) - budget
        return optimize.brentq(gap, risk, 1 - 1e-12, xtol=1e-13)

    moment = sum(math.comb(50, k) * (k / 50) ** k * (1 - k / 50) ** (50 - k) for k in range(51))
    assert found.empirical_risk == pytest.approx(inverse(found.sampled_risk, math.log(1 / DELTA_DRAWS) / 800), rel=1e-9)
    bound = inverse(found.empirical_risk, (found.kl + math.log(moment / DELTA)) / 50)
    assert found.bound == pytest.approx(bound, rel=1e-9)


@pytest.mark.oracle
def test_the_least_bound_of_one_weight():
    """Against a direct search over mean and deviation, the mean over weights by quadrature."""
    frames, letters = scenes(200, torch.ones(1), seeded(3))
    prior = law(torch.tensor([0.05]), 0.1)
    found = minimise_bound(
        prior, frames, letters, delta=DELTA, steps=200, batch=200, samples=32, rate=0.05, generator=seeded(4)
    )
    nodes, shares = np.polynomial.hermite_e.hermegauss(60)
    points, shares = torch.tensor(nodes).float()[:, None], torch.tensor(shares / shares.sum())

    def bound(mean: float, log_deviation: float) -> float:
        posterior = replace(
            prior, mean=torch.tensor([mean]).float(), variance=torch.tensor([math.exp(2 * log_deviation)])
        )
        weights = posterior.mean + posterior.variance.sqrt() * points
        losses = missed_mass(linear(weights, frames), letters).double().mean(1)
        return kl_certificate((shares * losses).sum().item(), posterior.kl().item(), 200.0, DELTA)

    best = optimize.minimize(lambda x: bound(*x), [0.05, math.log(0.1)], method="Nelder-Mead").fun
    reached = bound(found.mean.item(), found.variance.sqrt().log().item())
    start = bound(0.05, math.log(0.1))
    assert best - 1e-6 <= reached < best + 0.02 * (start - best)


def test_losses_are_drawn_each_for_itself():
    """Bernoulli of the exact mean of each scene, and no two entries alike by sharing their weights."""
    frames, letters = scenes(6, torch.full((3,), 0.5), seeded(5))
    posterior = law(torch.full((3,), 0.2), 0.5)
    rounds = 4000
    losses = sampled_misses(posterior, frames, letters, rounds=rounds, generator=seeded(6))
    assert losses.shape == (rounds, 6) and losses.dtype == torch.float64 and set(losses.unique().tolist()) == {0.0, 1.0}
    exact = torch.tensor(
        [exact_empirical_risk(posterior, f[None], y[None]) for f, y in zip(frames, letters, strict=True)]
    )
    assert bool(((losses.mean(0) - exact).abs() < 4.5 * 0.5 / math.sqrt(rounds)).all())
    correlation = torch.corrcoef(losses.T) - torch.eye(6)
    assert correlation.abs().max() < 4.5 / math.sqrt(rounds)


def test_missed_mass_is_a_loss():
    answers = torch.tensor([[[0.0, 1.0], [2.0, 0.0]]])
    found = missed_mass(answers, torch.tensor([1, 1]))
    assert found.shape == (1, 2)
    torch.testing.assert_close(found, torch.tensor([[1 / (1 + math.exp(8)), 1 / (1 + math.exp(-16))]]))


def test_bad_priors_and_rounds():
    frames, letters = scenes(4, torch.ones(2), seeded(7))
    moved = replace(law(torch.ones(2), 1.0), prior_mean=torch.zeros(2))
    with pytest.raises(ValueError, match="Q = P, got a KL of 1 nats"):
        minimise_bound(moved, frames, letters, delta=0.1, generator=seeded(0))
    full = Posterior(torch.ones(2), None, torch.eye(2), torch.ones(2), 1.0, linear)
    with pytest.raises(ValueError, match="got a scale_tril"):
        minimise_bound(full, frames, letters, delta=0.1, generator=seeded(0))
    for call in (minimise_bound, certify_posterior):
        with pytest.raises(ValueError, match=r"letters must have shape \(4,\), .*got \(3,\)"):
            call(law(torch.ones(2), 1.0), frames, letters[:3], delta=0.1, generator=seeded(0))
    with pytest.raises(ValueError, match="not finite"):
        sampled_misses(law(torch.ones(2), 1.0), frames * math.inf, letters, generator=seeded(0))
    with pytest.raises(ValueError, match="rounds must be at least 1, got 0"):
        sampled_misses(law(torch.ones(2), 1.0), frames, letters, rounds=0, generator=seeded(0))
