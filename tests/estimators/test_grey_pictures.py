"""Grey pictures with white noise: information by independent quadrature, accuracies by sampling, linear decoders."""

import math

import pytest
import torch
from scipy import integrate, stats

from spacelib import bounds
from spacelib.estimators import arrow_pictures, falsify_linear, linear_accuracy, two_template_information

TEMPLATES = arrow_pictures()[2:].repeat_interleave(2, 1).repeat_interleave(2, 2)  # 24 of 48 pixels differ


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.oracle
@pytest.mark.parametrize("separation", [0.01, 0.5, 2.0, 5.0, 10.0])
@pytest.mark.parametrize("prior", [0.5, 0.2, 0.01])
def test_information_by_adaptive_quadrature(separation, prior):
    """H(X) - H(X | T) of the mixture of two normal laws, in place of the expectation of a log-ratio."""

    def surprise(x):
        density = (1 - prior) * stats.norm.pdf(x) + prior * stats.norm.pdf(x - separation)
        return -density * math.log(density)

    ends = (-12, separation + 12)
    inside = sorted({0.0, separation / 2, separation})
    entropy, error = integrate.quad(surprise, *ends, points=inside, epsabs=1e-13, epsrel=1e-13, limit=500)
    conditional = 0.5 * math.log(2 * math.pi * math.e)
    assert two_template_information(separation, prior) == pytest.approx(entropy - conditional, abs=5e-13)


def test_half_the_step_changes_nothing():
    d = torch.tensor([0.0, 1e-3, 0.1, 1, 3, 8, 12, 16], dtype=torch.float64)
    for prior in (0.5, 0.1, 1e-3):
        once, twice = (two_template_information(d, prior, refine=k) for k in (1, 2))
        assert (once - twice).abs().max() < 1e-15 and (once.diff() >= -1e-15).all()
    assert two_template_information(16.0, 0.3) == pytest.approx(bounds.binary_entropy(0.3), abs=1e-13)
    # small separations: I = p (1 - p) d²/2 to the leading order
    assert two_template_information(1e-3, 0.3) == pytest.approx(0.21 * 1e-6 / 2, rel=1e-5)


def test_two_dimensional_pictures_lose_nothing_in_their_ratio():
    """Two pixels, by a grid over both, against the one-dimensional integral."""
    s = torch.tensor([[0.0, 0.0], [0.9, 1.3]], dtype=torch.float64)
    x = torch.arange(-10, 12, 1 / 16, dtype=torch.float64)
    density = [torch.exp(-((x - a) ** 2)[:, None] / 2 - (x - b) ** 2 / 2) / (2 * math.pi) / 256 for a, b in s.tolist()]
    joint = torch.stack([0.3 * density[0].flatten(), 0.7 * density[1].flatten()], 1)
    information = bounds.known_channel(joint / joint.sum()).information
    assert two_template_information(s[1].norm(), 0.7).item() == pytest.approx(information.item(), abs=1e-10)


@pytest.mark.coverage
def test_accuracies_by_sampling():
    g = generator(1)
    s = TEMPLATES.flatten(1)
    w = torch.randn(3, s.shape[1], generator=g, dtype=torch.float64) + (s[1] - s[0])
    b = w @ s.mean(0) + torch.tensor([0.0, 1.0, -3.0], dtype=torch.float64)
    exact = linear_accuracy(w, b, s, 2.0, 0.3)
    target = (torch.rand(100_000, generator=g) < 0.3).long()
    x = s[target] + 2 * torch.randn(100_000, s.shape[1], generator=g, dtype=torch.float64)
    right = ((x @ w.T > b) == target[:, None].bool()).double().mean(0)
    assert ((right - exact).abs() < 5 * (exact * (1 - exact) / 100_000).sqrt()).all()


def test_rules_without_weights_answer_always_the_same():
    nothing, threshold = torch.zeros(2, 48, dtype=torch.float64), torch.tensor([1.0, -1.0], dtype=torch.float64)
    assert linear_accuracy(nothing, threshold, TEMPLATES.flatten(1), 1.0, 0.3).tolist() == [0.7, 0.3]


@pytest.mark.parametrize("noise", [0.6, 2.0, 6.0, 1e3, 1e6, 3.14e8])
@pytest.mark.parametrize("prior", [0.5, 0.3])
def test_a_thousand_linear_decoders_stay_under(noise, prior):
    attack = falsify_linear(TEMPLATES, noise, prior, generator=generator())
    assert sum(map(len, attack.accuracy.values())) == 1000
    for name in ("general", "exact"):
        assert attack.slack(name) >= -1e-12 and attack.above(name) == 0
    bayes = attack.accuracy["Bayes"].item()
    assert bayes >= attack.floor - 1e-12
    assert all((values <= bayes + 1e-12).all() for values in attack.accuracy.values())
    d = (TEMPLATES[1] - TEMPLATES[0]).norm().item() / noise
    z = math.log((1 - prior) / prior) / d
    by_hand = (1 - prior) * stats.norm.cdf(d / 2 + z) + prior * stats.norm.cdf(d / 2 - z)
    assert bayes == pytest.approx(by_hand, abs=1e-12)


def test_wrong_ceilings_are_caught_and_adversaries_climb():
    attack = falsify_linear(TEMPLATES, 2.5, generator=generator())
    wrong = {
        "printed": attack.ceiling["printed"],
        "half the information": bounds.accuracy_ceiling(0.5, attack.channel.information / 2),
        "Bayes less a trifle": attack.accuracy["Bayes"].item() - 1e-11,
    }
    caught = attack._replace(ceiling=wrong)
    assert all(caught.above(name) > 0 for name in wrong)
    bayes = attack.accuracy["Bayes"]
    assert attack.accuracy["adversarial"].max() > bayes - 1e-4 > attack.accuracy["random"].max()
    # 1,000 samples for 48 weights: nearly there
    assert attack.accuracy["learned"].max() > bayes - 0.02


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: two_template_information(17.0), "separation must be in \\[0, 16\\], got 17.0"),
        (lambda s: two_template_information(1.0, 0.0), "prior must be in \\(0, 1\\), got 0.0"),
        (lambda s: two_template_information(math.nan), "separation must be finite, got nan"),
        (lambda s: linear_accuracy(s[0, 0], 0.0, s[0], 1.0), "templates must have shape \\(2, 8\\) as the weights"),
        (lambda s: linear_accuracy(s[0, 0], 0.0, s[:, 0], 0.0), "noise must be above 0, got 0.0"),
        (lambda s: falsify_linear(s[:1], 1.0, generator=generator()), "must have shape \\(2, ...\\), got \\(1, 6, 8\\)"),
        (lambda s: falsify_linear(s[[0, 0]], 1.0, generator=generator()), "templates must differ, got two equal ones"),
        (lambda s: falsify_linear(s, 0.0, generator=generator()), "noise must be above 0, got 0.0"),
        (lambda s: falsify_linear(s, 1.0, 1.0, generator=generator()), "prior must be in \\(0, 1\\), got 1.0"),
        (lambda s: falsify_linear(s, 0.1, generator=generator()), "separation must be in \\[0, 16\\], got 48.98"),
        (lambda s: falsify_linear(s, 1.0, number=4, generator=generator()), "number must be at least 5"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call(TEMPLATES)
