"""The exact ceiling on its safe side and no farther than derived: against 60 digits, and against Blahut and Arimoto."""

import mpmath
import numpy as np
import pytest
import torch
from blahut_arimoto import blahut_arimoto, channel_figures
from priors import DIGITS, informations, priors, required_reference, slack

from spacelib.bounds import exact_ceiling, required_information
from spacelib.bounds.capacity import _curve, rate_distortion

pytestmark = pytest.mark.oracle


def misplaced(ceilings) -> tuple[int, int]:
    """How many ceilings of (prior, information, ceiling) lie below the exact one, and how many needlessly far above."""
    below = above = 0
    for prior, information, ceiling in ceilings:
        below += not (ceiling == 1 or required_reference(prior, ceiling) >= information)
        with mpmath.workdps(DIGITS):
            inner = mpmath.mpf(ceiling) - slack(len(prior))
        above += required_reference(prior, inner) > information
    return below, above


def ceilings(number, seed, ceiling=exact_ceiling):
    random = np.random.default_rng(seed)
    for prior in priors(number, seed):
        for information in informations(prior, random):
            yield prior, information, ceiling(prior, information)


def test_no_ceiling_is_unsafe_and_none_is_far():
    assert misplaced(ceilings(160, seed=1)) == (0, 0)


def test_the_check_sees_a_bound_without_its_slack(monkeypatch):
    """Rounded anyhow instead of up, a part of the ceilings is unsafe."""
    monkeypatch.setattr(_curve, "U", 0.0)
    monkeypatch.setattr(rate_distortion, "U", 0.0)
    below, above = misplaced(ceilings(40, seed=1))
    assert below > 20 and above == 0


@pytest.mark.parametrize("factor", [0.5, 0.999, 1.001, 2.0])
def test_a_search_that_misses_makes_the_bound_loose_but_never_unsafe(monkeypatch, factor):
    """The line at a wrong slope supports the curve as well, so the safety does not rest on the search."""
    found = rate_distortion.slope_at
    monkeypatch.setattr(rate_distortion, "slope_at", lambda *given: (found(*given) * factor).clamp(1e-160, 700))
    below, above = misplaced(ceilings(40, seed=4))
    assert below == 0 and above > 40


def test_float32_is_rounded_up_from_the_ceiling_of_its_own_numbers():
    for prior in priors(40, seed=2):
        narrow = prior.astype(np.float32)
        ceiling = exact_ceiling(narrow, 0.1)
        assert ceiling.dtype == np.float32 and (ceiling == 1 or required_reference(narrow, ceiling) >= 0.1)


def test_required_information_never_exceeds_the_exact_one():
    """Four slacks of the accuracy times the slope; on a curve that begins flat the slope doubles over the way back: 16."""
    random = np.random.default_rng(3)
    for prior in priors(160, seed=3):
        top = float(prior.max())
        for accuracy in (*random.random(3), top, min(1.0, top * (1 + 1e-9)), 1 - 1e-12, 1.0):
            required = required_information(prior, accuracy)
            assert required <= required_reference(prior, accuracy)
            with mpmath.workdps(DIGITS):
                inner = mpmath.mpf(accuracy) - 4 * slack(len(prior))
            assert required >= required_reference(prior, inner) * (1 - slack(len(prior)))


@pytest.mark.parametrize("size", [2, 3, 8, 64, 256, 1000])
def test_blahut_and_arimoto_agree_within_their_certified_gap(size):
    """Their channel is possible and their lower bound holds at any stage, so the exact ceiling lies between the two.

    The figures of a channel are sums of size² products, each right to a few u of itself, of total ln(size) at most:
    1e-12 covers their rounding; the gap itself is asserted to be below 1e-9, which is the agreement.
    """
    random = np.random.default_rng(size)
    for concentration, slope in ((1.0, 0.3), (1.0, 4.0), (0.2, 1.0)):
        prior = random.dirichlet(np.full(size, concentration))
        found = blahut_arimoto(prior, 1 - np.eye(size), slope)
        ceiling = exact_ceiling(prior, max(found.information, 0.0))
        assert found.gap / slope < 1e-9
        assert 1 - found.distortion - 1e-12 <= ceiling <= 1 - (found.least - found.information) / slope + 1e-12


def test_the_certificate_of_blahut_and_arimoto_sees_a_wrong_answer():
    """Stopped after ten rounds at a small slope, the gap is wide open: the certificate does not say what is hoped for."""
    prior = np.random.default_rng(0).dirichlet(np.ones(64))
    assert blahut_arimoto(prior, 1 - np.eye(64), 0.3, rounds=1).gap > 1e-3


def test_no_channel_found_by_climbing_beats_the_ceiling():
    """Random channels, pushed uphill on accuracy - information/slope by gradient ascent: near the ceiling, never above."""
    generator = torch.Generator().manual_seed(0)
    prior = torch.rand(200, 5, generator=generator, dtype=torch.float64)
    prior = prior / prior.sum(-1, keepdim=True)
    slope = 0.2 + 4 * torch.rand(200, generator=generator, dtype=torch.float64)
    logits = torch.randn(200, 5, 5, generator=generator, dtype=torch.float64).requires_grad_()
    optimiser = torch.optim.Adam([logits], lr=0.05)

    def figures():
        joint = prior[:, :, None] * logits.softmax(-1)
        information = torch.xlogy(joint, joint / (prior[:, :, None] * joint.sum(1, keepdim=True))).sum((1, 2))
        return joint.diagonal(dim1=1, dim2=2).sum(1), information

    closest = torch.full((200,), torch.inf, dtype=torch.float64)
    for _ in range(600):
        accuracy, information = figures()
        margin = exact_ceiling(prior, information.detach().clamp(min=0)) - accuracy.detach()
        assert bool((margin >= 0).all())
        closest = torch.minimum(closest, margin)
        optimiser.zero_grad()
        (information / slope - accuracy).sum().backward()
        optimiser.step()
    assert bool((closest < 0.01).all()) and bool((closest < 1e-8).any())
    # sensitivity: a ceiling one percent lower is beaten by most climbs
    lower = exact_ceiling(prior, information.detach().clamp(min=0)) / 1.01
    assert (lower < accuracy).double().mean() > 0.9


def test_channel_figures_by_hand():
    """A perfect channel of a fair bit: ln 2 nats and no distortion."""
    information, mean = channel_figures(np.array([0.5, 0.5]), np.eye(2), 1 - np.eye(2))
    assert information == pytest.approx(np.log(2)) and mean == 0
