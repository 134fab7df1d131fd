"""Certificates on the GPU: what is not random equals the CPU to rounding, and all stays on its device."""

from dataclasses import replace

import pytest
import torch

from spacelib.models.certify import certify_question, missed_mass

pytestmark = pytest.mark.gpu


def test_a_question_is_certified_there(device, monkeypatch):
    monkeypatch.setenv("SPACELIB_DEVICE", str(device))
    found, again = (
        certify_question("size", scenes=200, steps=20, generator=torch.Generator().manual_seed(0)) for _ in range(2)
    )
    law = found.law
    assert law.mean.device.type == law.variance.device.type == device.type
    there = replace(
        law,
        mean=law.mean.cpu(),
        variance=law.variance.cpu(),
        prior_mean=law.prior_mean.cpu(),
        prior_variance=law.prior_variance.cpu(),
    )
    assert found.certificate.kl == pytest.approx(there.kl().item(), rel=1e-9) and found.certificate.kl > 0
    assert found.certificate.empirical_risk < found.certificate.bound < 1
    assert found.prior.kl == 0 and found.prior_scenes == 100 == found.certificate.scenes
    assert again.bayes == found.bayes  # drawn on the CPU, the same scenes


def test_missed_mass_equals_that_of_the_cpu(device):
    generator = torch.Generator().manual_seed(1)
    answers, letters = torch.randn(3, 50, 4, generator=generator), torch.randint(4, (50,), generator=generator)
    found = missed_mass(answers.to(device), letters.to(device))
    torch.testing.assert_close(found.cpu(), missed_mass(answers, letters), rtol=1e-5, atol=1e-6)
