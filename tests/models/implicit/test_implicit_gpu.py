"""The transformer, its posteriors and the Gaussian KL on the GPU: what is not random equals the CPU to rounding."""

import pytest
import torch
from torch.nn.utils import parameters_to_vector

from spacelib.estimators import gaussian_kl, spectral_norm
from spacelib.models.implicit import (
    Implicit,
    Task,
    answers_of,
    coarser,
    laplace,
    last_layer,
    learn_question,
    mean_field,
    misses,
    train,
)
from spacelib.scenes import channels

pytestmark = pytest.mark.gpu


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_kl_and_norms_equal_those_of_the_cpu(device):
    generator = seeded(0)
    mean, factor = (
        torch.randn(3, 50, generator=generator, dtype=torch.float64),
        torch.randn(3, 50, 4, generator=generator, dtype=torch.float64),
    )
    variance = torch.rand(3, 50, generator=generator, dtype=torch.float64) + 0.1
    covariance = torch.diag_embed(variance) + factor @ factor.mT
    for form in ({"variance": variance}, {"variance": variance, "factor": factor}, {"covariance": covariance}):
        there = gaussian_kl(mean.to(device), **{name: value.to(device) for name, value in form.items()})
        assert there.device.type == device.type
        torch.testing.assert_close(there.cpu(), gaussian_kl(mean, **form), rtol=1e-10, atol=0)
    norms = spectral_norm(factor.to(device))
    truth = torch.linalg.svdvals(factor)[..., 0]
    # LAPACK's own error in the truth
    assert bool((norms.lower.cpu() <= truth * (1 + 1e-13)).all() and (truth * (1 - 1e-13) <= norms.upper.cpu()).all())


def test_a_trained_network_and_its_posteriors(device):
    task = Task(coarser(channels.search(noise=0.9), 4))
    drawn = task.draw(512, generator=seeded(0))
    model = Implicit((6, 8, 3), 4, generator=seeded(1)).to(device)
    before = parameters_to_vector(model.parameters()).detach().clone()
    frames, place = drawn.frames.to(device), drawn.place.to(device)
    there = torch.Generator(device).manual_seed(0)
    losses = train(model, frames, place, steps=200, generator=there)
    assert losses.device.type == device.type and losses[-20:].mean() < losses[:20].mean() / 2
    assert misses(answers_of(model, frames), place, task.tolerance).mean() < 0.8
    law = last_layer(model, frames, place, noise_variance=0.05)
    options = {"noise_variance": 0.05, "prior_mean": before, "prior_variance": 0.01}
    wide = mean_field(model, frames, place, steps=20, generator=there, **options)
    for found in (law, wide, laplace(model, frames, place, **options)):
        assert found.kl().device.type == device.type and found.kl() > 0
        assert bool(found.risk(frames, place.to(found.mean.dtype), samples=4, generator=there).isfinite().all())
    own = last_layer(model.cpu(), drawn.frames, drawn.place, noise_variance=0.05)
    # features in float32, sums in another order
    assert law.kl().item() == pytest.approx(own.kl().item(), rel=1e-3)


def test_live_on_the_device_that_is_named(device, monkeypatch):
    monkeypatch.setenv("SPACELIB_DEVICE", "cuda")
    found = learn_question(noise=0.9)
    assert found.model.place.device.type == "cuda" and found.error.estimate < 0.2
