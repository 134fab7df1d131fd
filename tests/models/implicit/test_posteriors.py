"""Posteriors of the transformer: exact where linear, curvature by hand, the prior where nothing was seen."""

import math

import pytest
import torch
from torch.nn.utils import parameters_to_vector

from spacelib.models.implicit import (
    Implicit,
    Posterior,
    laplace,
    last_layer,
    loss_of,
    mean_field,
    misses,
    network_answers,
    train,
)


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def trained(outputs: int = 1, number: int = 40):
    """A tiny network, its scenes and answers, and its weights before training."""
    generator = seeded(0)
    model = Implicit((3,), 2, depth=1, heads=1, width=4, outputs=outputs, generator=generator)
    before = parameters_to_vector(model.parameters()).detach().clone()
    frames = torch.randn(number, 2, 3, generator=generator)
    place = torch.tanh(frames[:, 0, 0] + frames[:, 1, 1])
    targets = place if outputs == 1 else (place > 0).long() + (place > 0.5).long()
    train(model, frames, targets, steps=100, generator=generator)
    return model, frames, targets, before


@pytest.mark.oracle
def test_the_last_layer_is_the_law_of_weights_given_answers():
    """Against conditioning in the joint normal law of (w, y), and the spectral form of its KL."""
    model, frames, places, _ = trained()
    noise, prior = 0.1, 0.7
    found = last_layer(model, frames, places, noise_variance=noise, prior_variance=prior)
    with torch.no_grad():
        phi, y = model.features(frames).double(), places.double()
    seen = prior * phi @ phi.T + noise * torch.eye(len(y), dtype=torch.float64)
    gain = prior * phi.T @ torch.linalg.inv(seen)
    torch.testing.assert_close(found.mean, gain @ y, rtol=1e-8, atol=1e-8)
    covariance = prior * torch.eye(4, dtype=torch.float64) - prior * gain @ phi
    torch.testing.assert_close(found.scale_tril @ found.scale_tril.T, covariance, rtol=1e-6, atol=1e-9)
    s = prior * torch.linalg.eigvalsh(phi.T @ phi) / noise
    kl = (torch.log1p(s) - s / (1 + s)).sum() / 2 + found.mean.square().sum() / (2 * prior)
    assert found.kl().item() == pytest.approx(kl.item(), rel=1e-9)
    rebuttal = last_layer(model, frames, places, noise_variance=noise)
    assert rebuttal.prior_variance == pytest.approx(phi.square().sum(1).mean().item(), rel=1e-12)


def test_the_risk_of_the_last_layer_is_its_exact_gibbs_risk():
    model, frames, places, _ = trained()
    found = last_layer(model, frames, places, noise_variance=0.1, prior_variance=1.0)
    with torch.no_grad():
        phi = model.features(frames).double()
    exact = ((places - phi @ found.mean).square() + (phi @ found.scale_tril).square().sum(1)).mean().item()
    draws = found.risk(frames, places, samples=4000, generator=seeded(1))
    assert draws.shape == (4000,) and abs(draws.mean().item() - exact) < 4 * draws.std().item() / math.sqrt(4000)
    bounded = found.risk(frames, places, lambda a, y: misses(a, y, 0.1), samples=20, generator=seeded(1))
    assert bool(((bounded >= 0) & (bounded <= 1)).all())


@pytest.mark.oracle
@pytest.mark.parametrize("outputs", [1, 3])
def test_laplace_has_the_curvature_of_the_loss_in_the_answers(outputs):
    """The Gauss-Newton diagonal scene by scene: slopes by backward, the loss's Hessian in the answers."""
    model, frames, targets, before = trained(outputs)
    noise, prior = 0.3, 0.02
    found = laplace(model, frames, targets, noise_variance=noise, prior_mean=before, prior_variance=prior)
    curvature = torch.zeros_like(before)
    for frame, target in zip(frames, targets, strict=True):
        answer = model(frame[None])[0].reshape(-1)
        slopes = torch.stack(
            [
                torch.cat([g.flatten() for g in torch.autograd.grad(a, list(model.parameters()), retain_graph=True)])
                for a in answer
            ]
        )
        scaled = (
            (lambda a, t=target: (a - t).square().sum() / (2 * noise))
            if outputs == 1
            else (lambda a, t=target: loss_of(a[None], t[None]).sum())
        )
        hessian = torch.autograd.functional.hessian(scaled, answer.detach())
        curvature += torch.einsum("cd,cj,dj->j", hessian, slopes, slopes)
    torch.testing.assert_close(found.variance, 1 / (1 / prior + curvature), rtol=1e-3, atol=1e-7)
    assert torch.equal(found.mean, parameters_to_vector(model.parameters())) and found.kl() > 0


def test_mean_field_without_evidence_is_the_prior():
    """Places whose noise is endless say nothing: what is left of the objective is the KL."""
    model, frames, places, before = trained()
    found = mean_field(
        model,
        frames,
        places,
        noise_variance=1e9,
        prior_mean=before,
        prior_variance=0.01,
        steps=300,
        rate=5e-2,
        generator=seeded(0),
    )
    assert found.kl() < 0.05


def test_mean_field_lowers_its_objective_and_leaves_the_model():
    model, frames, places, before = trained()
    weights = parameters_to_vector(model.parameters()).detach().clone()
    options = {
        "rate": 1e-2,
        "noise_variance": 0.05,
        "prior_mean": before,
        "prior_variance": 0.04,
        "generator": seeded(0),
    }

    def objective(found: Posterior) -> float:
        risk = found.risk(frames, places, samples=2000, generator=seeded(1)).mean().item()
        return risk / 0.1 + found.kl().item() / len(frames)

    first, seeing = (mean_field(model, frames, places, steps=steps, **options) for steps in (1, 150))
    assert objective(seeing) < objective(first)
    blind = mean_field(model, frames, places, steps=150, **options | {"noise_variance": 1e9})
    risks = [law.risk(frames, places, samples=200, generator=seeded(1)) for law in (seeing, blind)]
    assert risks[0].mean() + 5 * risks[0].std() / math.sqrt(200) < risks[1].mean()
    assert torch.equal(weights, parameters_to_vector(model.parameters()))


def test_a_bound_can_be_trained_through_risk_and_kl():
    model, frames, places, before = trained()
    mean, log = before.clone().requires_grad_(), torch.full_like(before, -3.0).requires_grad_()
    law = Posterior(mean, (2 * log).exp(), None, before, 0.01, network_answers(model))
    (law.risk(frames, places, samples=4, generator=seeded(0)).mean() + (law.kl() / len(frames)).sqrt()).backward()
    assert bool(mean.grad.isfinite().all()) and bool(log.grad.isfinite().all()) and mean.grad.norm() > 0


def test_the_network_answers_with_its_own_weights_and_draws_have_the_law():
    model, frames, _, before = trained(outputs=3)
    answers = network_answers(model)(parameters_to_vector(model.parameters())[None], frames)
    torch.testing.assert_close(answers[0], model(frames))
    law = Posterior(before, torch.full_like(before, 0.04), None, 0.0, 1.0, network_answers(model))
    draws = law.sample(20_000, generator=seeded(0))
    # of 75 coordinates: the mean's error .2/sqrt(20000), the variance's .04 sqrt(2/20000); five of each
    assert (draws.mean(0) - before).abs().max() < 5 * 0.2 / math.sqrt(20_000)
    assert (draws.var(0) - 0.04).abs().max() < 5 * 0.04 * math.sqrt(2 / 20_000)


def test_errors_name_what_is_wrong():
    model, frames, places, before = trained()
    with pytest.raises(ValueError, match="noise_variance must be above 0"):
        last_layer(model, frames, places, noise_variance=0.0)
    with pytest.raises(ValueError, match="prior_variance must be above 0"):
        laplace(model, frames, places, prior_variance=math.inf)
    with pytest.raises(ValueError, match="prior_variance must be above 0"):
        mean_field(model, frames, places, prior_mean=before, prior_variance=-1.0, generator=seeded(0))
    with pytest.raises(ValueError, match="number must be at least 1"):
        last_layer(model, frames, places, noise_variance=0.1).sample(0, generator=seeded(0))
    for variance, scale_tril, said in (
        (None, None, "either variance or scale_tril"),
        (before, torch.eye(len(before)), "either variance or scale_tril"),
        (before[1:], None, "variance must have shape"),
        (None, before, "variance must have shape"),
    ):
        with pytest.raises(ValueError, match=said):
            Posterior(before, variance, scale_tril, 0.0, 1.0, network_answers(model))
    letters = Implicit((3,), 2, outputs=3, generator=seeded(0))
    with pytest.raises(ValueError, match="one real output"):
        last_layer(letters, frames, places, noise_variance=0.1)
