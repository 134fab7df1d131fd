"""Shift families: laws of circumstances whose divergences are exact, by sampling, by scipy and by data processing."""

import functools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import special, stats

from spacelib.bounds import inverse_first, kl
from spacelib.scenes import Channel, ShiftFamily, shifts

NAMES = ("clutter", "baseline", "colours", "task_mix")
ALL = (0, 1, 2, 3)
SAMPLES = 40_000


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@functools.cache
def family(name) -> ShiftFamily:
    return getattr(shifts, name)()


def limit(tests, false_alarm=1e-3):
    """Standard errors that a true null leaves with probability false_alarm in all these two-sided tests together."""
    return stats.norm.isf(false_alarm / 2 / tests)


def by_cells(channel: Channel) -> Channel:
    """The channel with every cell as a target of its own: its posterior is that of the whole scene."""
    return Channel(channel.templates.flatten(0, 1)[:, None], channel.prior.flatten()[:, None], channel.noise)


def away(values, expected, tests):
    return (values.mean() - expected).abs() <= limit(tests) * values.std() / len(values) ** 0.5


@pytest.mark.parametrize("name", NAMES)
def test_laws_are_laws_and_meet_their_ends(name):
    f = family(name)
    for strength in (0.0, 0.3, 1.0):
        law, prior = f.target_law(strength), f.shifted(strength).prior
        assert law.sum().item() == pytest.approx(1, abs=1e-14) and (law > 0).all()
        found = torch.zeros_like(law).index_add_(0, f.circumstance.flatten(), prior.flatten())
        torch.testing.assert_close(found, law, rtol=1e-13, atol=0)
    torch.testing.assert_close(f.target_law(0.0), f.source_law, rtol=0, atol=0)
    torch.testing.assert_close(f.target_law(1.0), f.far, rtol=0, atol=0)
    assert len(f.circumstances) == len(f.source_law)


@pytest.mark.parametrize("name", NAMES)
def test_only_the_law_of_circumstances_moves(name):
    """Given the circumstance, cells keep their proportions; templates and noise are the same objects' values."""
    f = family(name)
    far = f.shifted(1.0)
    assert torch.equal(far.templates, f.channel.templates) and torch.equal(far.noise, f.channel.noise)
    for c in range(len(f.circumstances)):
        inside = f.circumstance == c
        for channel in (f.channel, far):
            share = torch.where(inside, channel.prior, 0.0) / channel.prior[inside].sum()
            torch.testing.assert_close(f.given(c).prior, share, rtol=1e-13, atol=0)


@pytest.mark.oracle
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("strength", [0.25, 1.0])
def test_divergences_are_those_of_the_cells(name, strength):
    """By the chain rule the cells' law has the divergences of the circumstances' law: scipy's, of all cells."""
    f = family(name)
    nu, mu = (channel.prior.flatten().numpy() for channel in (f.shifted(strength), f.channel))
    found = f.divergences(strength)
    for value, exact in (
        (found.kl, special.rel_entr(nu, mu).sum()),
        (found.reverse_kl, special.rel_entr(mu, nu).sum()),
        (found.total_variation, np.abs(nu - mu).sum() / 2),
        (found.chi_square, ((nu - mu) ** 2 / mu).sum()),
        (found.ratio, (nu / mu).max()),
    ):
        # at most some 100 cells, each with some roundings
        assert float(value) == pytest.approx(exact, rel=1e-13, abs=1e-14)


@pytest.mark.coverage
@pytest.mark.parametrize("name", NAMES)
def test_divergences_by_sampled_ratios(name):
    """E_nu ln w is the divergence, E_mu w is 1, E_mu w^2 - 1 chi-square, E_mu |w - 1|/2 total variation; w <= ratio."""
    f, exact = family(name), family(name).divergences(1.0)
    # frames are not needed for the ratio, so small ones are drawn
    small = replace(f, channel=replace(f.channel, templates=f.channel.templates[..., :2, :2, :]))
    source = small.ratio(small.channel.sample(SAMPLES, generator=generator(1)), 1.0)
    target = small.ratio(small.shifted(1.0).sample(SAMPLES, generator=generator(2)), 1.0)
    assert away(target.log(), float(exact.kl), 16)
    assert away(source, 1.0, 16)
    assert away(source**2 - 1, float(exact.chi_square), 16)
    assert away((source - 1).abs() / 2, float(exact.total_variation), 16)
    assert max(source.max(), target.max()) <= float(exact.ratio)
    assert not away(target.log(), float(exact.reverse_kl), 4)  # the other order of the arguments


@pytest.mark.parametrize("name", NAMES)
def test_the_frames_divergence_is_no_larger(name):
    """E_nu ln E_mu(w | frames) is the frames' divergence: at most the circumstances', and 0 where they hide it."""
    f = family(name)
    w = (f.shifted(1.0).prior / f.channel.prior).flatten()
    seen = f.shifted(1.0).sample(500, generator=generator(3))
    told = (by_cells(f.channel).posterior(seen.images) @ w).log()
    kappa = float(f.divergences(1.0).kl)
    assert told.mean() <= kappa + limit(4) * told.std() / 500**0.5
    quiet = replace(f, channel=f.channel.with_noise(0.02))
    seen = quiet.shifted(1.0).sample(500, generator=generator(3))
    told = (by_cells(quiet.channel).posterior(seen.images) @ w).log()
    if name == "task_mix":  # a picture of a box serves all three questions alike
        assert told.abs().max() < 1e-9
    else:  # almost without noise frames tell the circumstance, and nothing is lost
        assert away(told, kappa, 4) and told.mean() > kappa / 2


@pytest.mark.parametrize("name", NAMES)
def test_a_decoder_s_risk_moves_no_farther_than_the_divergence_lets_it(name):
    """kl(target risk || source risk) <= kappa, whatever the risks in the circumstances are; and the risk does rise."""
    f = family(name)
    per = []
    for c in range(len(f.circumstances)):
        decoder = f.given(c) if name == "task_mix" else f.channel
        seen = f.given(c).sample(400, generator=generator(10 + c))
        per.append((decoder.bayes_answers(seen.images) != seen.target).double().mean())
    per = torch.stack(per)
    source, target = (f.target_law(s) @ per for s in (0.0, 1.0))
    assert target > source + 0.03
    assert kl(target, source) <= f.divergences(1.0).kl
    assert target <= inverse_first(source, f.divergences(1.0).kl)


@pytest.mark.parametrize("name", NAMES)
def test_circumstances_are_seen(name):
    """Every circumstance renders other frames for some target, but for the task mix, whose frames are the same."""
    f = family(name)
    sets = []
    for c in range(len(f.circumstances)):
        frames = f.channel.templates[f.circumstance == c].flatten(1)
        sets.append({tuple(row.round(decimals=6).tolist()) for row in frames})
    for a in range(len(sets)):
        for b in range(a):
            assert (sets[a] == sets[b]) == (name == "task_mix")
    assert f.channel.templates.shape[2:] == (4, 24, 32, 3)
    assert math.log(f.channel.prior.shape[0]) == pytest.approx(f.channel.target_entropy)


def test_strength_moves_the_divergence_up():
    f = family("baseline")
    values = [float(f.divergences(s).kl) for s in (0.0, 0.1, 0.5, 1.0)]
    assert values == sorted(values) and values[0] < 1e-13 < values[1]


def test_bad_input_is_named():
    f = family("task_mix")
    for call in (f.target_law, f.shifted, f.divergences):
        for strength in (-0.1, 1.5, math.nan):
            with pytest.raises(ValueError, match=r"strength must be in \[0, 1\]"):
                call(strength)
    with pytest.raises(ValueError, match="one of 0 to 2, got 3"):
        f.given(3)
    for change, message in (
        ({"far": torch.tensor([0.5, 0.5])}, r"far must have shape \(3,\)"),
        ({"far": torch.tensor([0.5, 0.6, 0.2])}, "sum of far must be 1"),
        ({"far": torch.tensor([0.5, 0.5, math.nan])}, "far .*must be finite"),
        ({"far": torch.tensor([1.5, -0.5, 0.0])}, "far .*at least 0"),
        ({"circumstance": f.circumstance[:, :5]}, r"circumstance must have shape \(2, 12\)"),
        ({"circumstance": f.circumstance + 1}, "circumstance .*one of 0 to 2"),
        ({"circumstance": f.circumstance.clamp(max=1)}, "source's law of circumstances .*above 0"),
    ):
        with pytest.raises(ValueError, match=message):
            replace(f, **change)
    with pytest.raises(TypeError, match="must be integer"):
        replace(f, circumstance=f.circumstance.double())
