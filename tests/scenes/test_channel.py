"""The exact channel: two routes to every number, closed forms, and what any information must obey."""

import functools
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import special, stats

from spacelib.estimators import two_template_information
from spacelib.scenes import Channel, channels, information_by_estimation

NAMES = ("depth", "size", "camera_motion", "occlusion", "scale", "same_side", "search")
FALSE_ALARM = 1e-3
ROUNDING = 1e-9  # of posteriors from inner products of some 1e3, with their rounding of 1e-13, and 16 strengths of them


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@functools.cache
def setting(name):
    return getattr(channels, name)()


@functools.cache
def by_entropy(name):
    return setting(name).information(samples=4000, generator=generator(1))


@functools.cache
def by_estimation(name):
    return information_by_estimation(setting(name), samples=1500, generator=generator(2))


def limit(tests):
    """Standard errors that a true null leaves with probability FALSE_ALARM in all these two-sided tests together."""
    return stats.norm.isf(FALSE_ALARM / 2 / tests)


def error(*estimates):
    return math.hypot(*(e.standard_error for e in estimates))


def two_templates(separation=1.0, frames=3, seed=0):
    """A channel of two targets and no nuisance, whose frames have unlike separations and noise."""
    g = generator(seed)
    start = torch.randn(1, 1, frames, 4, 5, generator=g, dtype=torch.float64)
    way = torch.randn(1, 1, frames, 4, 5, generator=g, dtype=torch.float64)
    way = separation * way / way.flatten(3).norm(dim=-1).view(1, 1, frames, 1, 1)
    noise = torch.linspace(0.7, 1.5, frames).double()
    return Channel(torch.cat([start, start + way]), torch.tensor([[0.3], [0.7]]).double(), noise)


@pytest.mark.oracle
@pytest.mark.parametrize("name", NAMES)
def test_two_routes_to_every_number(name):
    """Entropies of posteriors drawn by coordinates, against errors of estimation drawn by pixels: all 15 subsets."""
    entropy, first, second = setting(name).target_entropy, by_entropy(name), by_estimation(name)
    assert len(first) == 15 and list(first) == list(second)
    for subset in first:
        a, b = first[subset], second[subset]
        assert abs(a.estimate - b.estimate) < limit(15 * len(NAMES)) * error(a, b) + ROUNDING
        if 0.2 <= a.estimate / entropy <= 0.9:
            assert error(a, b) < 0.02
    assert 0.2 < first[0, 1, 2, 3].estimate / entropy < 0.9


@pytest.mark.parametrize("name", NAMES)
def test_the_settings_cover_one_to_four_frames(name):
    """Where the information is neither near nothing nor near all, for some subset of every size that has one."""
    shares = {s: e.estimate / setting(name).target_entropy for s, e in by_entropy(name).items()}
    sizes = {len(s) for s, share in shares.items() if 0.2 <= share <= 0.9}
    assert sizes >= ({1, 2, 3, 4} if name in ("depth", "size", "occlusion", "search") else {2, 3, 4})


def forgetful(channel, subset, samples, g):
    """A broken information: the posterior as if every frame had a nuisance of its own."""
    seen = channel.sample(samples, generator=g).images
    law = torch.stack([channel.posterior(seen[:, [k]], [k]).log() for k in subset]).sum(0)
    law = torch.softmax(law - (len(subset) - 1) * channel.target_prior.log(), -1)
    return channel.target_entropy - torch.special.entr(law).sum(-1).mean().item()


@pytest.mark.parametrize("name", ["camera_motion", "scale", "same_side"])
def test_forgetting_the_shared_nuisance_is_noticed(name):
    """The check that the two routes pass fails where frames are taken as independent given the target."""
    subset = (0, 1, 2, 3)
    right = by_estimation(name)[subset]
    wrong = forgetful(setting(name), subset, 500, generator(3))
    entropy = setting(name).target_entropy
    # draws of an information lie in a range of H(T): their deviation is at most half of that
    assert abs(wrong - right.estimate) > limit(15 * len(NAMES)) * math.hypot(
        right.standard_error, entropy / 500**0.5 / 2
    )


def test_without_a_nuisance_there_is_nothing_to_forget():
    right = by_estimation("depth")[0, 1, 2, 3]
    wrong = forgetful(setting("depth"), (0, 1, 2, 3), 500, generator(3))
    assert abs(wrong - right.estimate) < limit(1) * math.hypot(right.standard_error, math.log(4) / 500**0.5 / 2)


@pytest.mark.oracle
@pytest.mark.parametrize("separation", [0.5, 2.0, 8.0])
def test_two_templates_in_closed_form(separation):
    """Separations of independent frames add as squares, and the information has a formula."""
    channel = two_templates(separation)
    for route in (channel.information, functools.partial(information_by_estimation, channel)):
        found = route(samples=4000, generator=generator())
        for subset, estimate in found.items():
            d = separation * (channel.noise[list(subset)] ** -2).sum().sqrt().item()
            off = estimate.estimate - two_template_information(d, 0.7)
            assert abs(off) < limit(3 * 2 * 7) * estimate.standard_error + ROUNDING


@pytest.mark.oracle
def test_exclusive_or_in_closed_form():
    """Two independent bits, each seen with its log-odds: the posterior is p q + (1 - p)(1 - q). By quadrature."""
    channel = setting("same_side")
    place = channel.templates.flatten(3) / channel.noise[:, None]
    # room 1 shows the first bit, that of z; room 2 the second, z flipped where the sides differ
    first, second = ((place[0, 0] - place[0, 1])[k].norm(dim=-1) for k in ([0, 2], [1, 3]))
    z, weight = np.polynomial.hermite_e.hermegauss(80)
    weight = weight / weight.sum()

    def bit(d):
        return 1 / (1 + np.exp(-(d * d / 2 + d * z)))

    for rooms, d in {(0, 1): (first[0], second[0]), (0, 1, 2, 3): (first.norm(), second.norm())}.items():
        p, q = bit(d[0].item())[:, None], bit(d[1].item())
        same = p * q + (1 - p) * (1 - q)
        entropy = special.entr(same) + special.entr(p * (1 - q) + q * (1 - p))
        exact = math.log(2) - weight @ entropy @ weight
        for found in (by_entropy("same_side")[rooms], by_estimation("same_side")[rooms]):
            assert abs(found.estimate - exact) < limit(4) * found.standard_error


def test_what_single_frames_tell_exactly():
    nothing = {"same_side": [(0,), (1,), (2,), (3,), (0, 2), (1, 3)], "camera_motion": [(0,)]}
    nothing["occlusion"] = [(0,), (1,), (3,), (0, 1, 3)]
    for name, subsets in nothing.items():
        assert all(abs(by_entropy(name)[s].estimate) < ROUNDING for s in subsets)
    everything = by_entropy("occlusion")[0, 1, 2, 3].estimate
    assert all(abs(e.estimate - everything) < ROUNDING for s, e in by_entropy("occlusion").items() if 2 in s)


@pytest.mark.parametrize("name", NAMES)
def test_more_frames_never_tell_less(name):
    """I(O_S; T) <= I(O_S', T) for S in S', by paired draws, in all 28 steps of one frame; and all stay within H(T)."""
    channel = setting(name)
    subsets = channel.subsets()
    draws = channel.draws("information", samples=4000, generator=generator(1))
    for i, small in enumerate(subsets):
        for j, large in enumerate(subsets):
            if len(large) == len(small) + 1 and set(small) < set(large):
                gain = draws[:, j] - draws[:, i]
                assert gain.mean() > -limit(28 * len(NAMES)) * gain.std() / len(gain) ** 0.5 - ROUNDING
    assert draws.max() <= channel.target_entropy + ROUNDING
    scene = channel.scene_information(samples=4000, generator=generator(1))
    assert all(e.estimate <= scene[s].estimate + ROUNDING for s, e in by_entropy(name).items())


def test_redundant_frames_and_frames_worth_most_together():
    """Independent given the target, a pair tells at most the sum; of one scale, or one start, it tells more."""
    for name, synergy in (("depth", False), ("scale", True), ("camera_motion", True)):
        draws = setting(name).draws("information", [(0,), (3,), (0, 3)], 4000, generator=generator(1))
        more = draws[:, 2] - draws[:, 0] - draws[:, 1]
        bar = limit(3) * more.std() / len(more) ** 0.5
        assert more.mean() > bar if synergy else more.mean() < -bar


@pytest.mark.oracle
def test_posterior_by_the_densities_of_pixels():
    channel = setting("size")
    seen = channel.sample(20, generator=generator())
    for subset in ((2,), (3, 0), (0, 1, 2, 3)):
        density = torch.zeros(20, 3, 5, dtype=torch.float64)
        for k in subset:
            law = stats.norm(channel.templates[:, :, k].numpy(), channel.noise[k].item())
            logs = [law.logpdf(image.numpy()).sum((-1, -2, -3)) for image in seen.images[:, k]]
            density += torch.from_numpy(np.stack(logs))
        exact = torch.softmax(density.flatten(1), -1).unflatten(1, (3, 5)).sum(-1)
        # logarithms of densities of some 1e4, each with its rounding
        torch.testing.assert_close(channel.posterior(seen.images[:, list(subset)], subset), exact, rtol=0, atol=1e-10)


@pytest.mark.coverage
@pytest.mark.parametrize("name", NAMES)
def test_bayes_answers_reach_the_accuracy_on_images(name):
    channel = setting(name)
    accuracy = channel.accuracy([(0, 1), (0, 1, 2, 3)], generator=generator(4))
    seen = channel.sample(500, generator=generator(5))
    for subset, found in accuracy.items():
        right = (channel.bayes_answers(seen.images[:, list(subset)], subset) == seen.target).double().mean().item()
        spread = math.hypot(found.standard_error, (found.estimate * (1 - found.estimate) / 500) ** 0.5)
        assert abs(right - found.estimate) < limit(12) * spread
        assert found.estimate > channel.target_prior.max() - ROUNDING


def test_the_order_of_frames_does_not_matter():
    channel = setting("scale")
    order = [2, 0, 3, 1]
    turned = Channel(channel.templates[:, :, order], channel.prior, channel.noise[order])
    seen = channel.sample(50, generator=generator())
    there = turned.posterior(seen.images[:, order])
    torch.testing.assert_close(channel.posterior(seen.images), there, rtol=0, atol=ROUNDING)
    torch.testing.assert_close(channel.posterior(seen.images[:, order], order), there, rtol=0, atol=ROUNDING)
    a, b = (
        channel.information([(0, 3)], generator=generator())[0, 3],
        turned.information([(1, 2)], generator=generator(9))[1, 2],
    )
    assert abs(a.estimate - b.estimate) < limit(1) * error(a, b)


def test_a_bright_picture_costs_no_digits():
    """The same constant on all pictures changes no posterior, though it is 1e4 times the noise."""
    channel = setting("scale")
    bright = replace(channel, templates=channel.templates + 2e4)
    seen = channel.sample(50, generator=generator()).images
    # pixels of 2e4 are rounded to 2e-12 of the noise; logarithms add 9216 of them, times differences of at most 1
    torch.testing.assert_close(channel.posterior(seen), bright.posterior(seen + 2e4), rtol=0, atol=1e-9)


def test_too_few_strengths_are_owned_up_to():
    """With four strengths the integral is off by more than sampling is: the standard error says so."""
    channel = two_templates(100.0, frames=1)
    exact = channel.target_entropy  # less some e^-2500
    rough, fine = (
        information_by_estimation(channel, samples=4000, nodes=n, generator=generator())[0,] for n in (4, 16)
    )
    assert abs(rough.estimate - exact) < limit(2) * rough.standard_error
    assert (
        abs(fine.estimate - exact) < limit(2) * fine.standard_error and fine.standard_error < rough.standard_error / 10
    )


def test_probabilities_of_zero_and_very_little_noise():
    """A scene that never is, and noise that leaves no doubt: H(T), by either route within what it says of itself."""
    prior = torch.tensor([[0.5, 0.0], [0.25, 0.25]]).double()
    templates = torch.arange(4.0).double().view(2, 2, 1, 1, 1)
    for sigma in (0.01, 1e-5):
        channel = Channel(templates, prior, torch.tensor([sigma]).double())
        exact = channel.information(generator=generator())[0,]
        assert exact.estimate == pytest.approx(math.log(2), abs=1e-12)
        other = information_by_estimation(channel, samples=500, generator=generator())[0,]
        assert abs(other.estimate - math.log(2)) < limit(2) * other.standard_error
    loud = channel.with_noise(1e6)
    assert abs(loud.information(generator=generator())[0,].estimate) < 1e-6


def test_samples_show_the_scene_that_they_name():
    channel = setting("camera_motion").with_noise(torch.tensor([1e-3, 2e-3, 1e-3, 2e-3]))
    seen = channel.sample(200, generator=generator())
    off = (seen.images - channel.templates[seen.target, seen.nuisance]) / channel.noise.view(-1, 1, 1, 1)
    pixels = off.numel() / channel.frames
    assert len(seen.nuisance.unique()) > 10
    assert ((off.transpose(0, 1).flatten(1).var(1) - 1).abs() < limit(4) * (2 / pixels) ** 0.5).all()


def test_draws_are_those_of_the_seed():
    channel = setting("depth")
    for quantity in ("information", "scene_information", "accuracy"):
        first, again, other = (channel.draws(quantity, samples=10, generator=generator(s)) for s in (1, 1, 2))
        assert torch.equal(first, again) and not torch.equal(first, other) and first.shape == (10, 15)
    seen = channel.sample(4, generator=generator(1))
    assert torch.equal(seen.images, channel.sample(4, generator=generator(1)).images)
    assert seen.images.shape == (4, 4, 24, 32, 3) and seen.nuisance.tolist() == [0] * 4


GOOD = two_templates()


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (
            lambda: Channel(torch.ones(2, 3), GOOD.prior, GOOD.noise),
            r"\(targets, nuisances, frames, \*image\), got \(2, 3\)",
        ),
        (lambda: Channel(GOOD.templates, GOOD.prior.T, GOOD.noise), r"prior must have shape \(2, 1\), got \(1, 2\)"),
        (lambda: Channel(GOOD.templates, 2 * GOOD.prior, GOOD.noise), "the sum of prior must be 1, got 2.0"),
        (
            lambda: Channel(GOOD.templates, torch.tensor([[1.0], [0]]), GOOD.noise),
            "over the nuisance .* above 0, got 0.0",
        ),
        (lambda: Channel(GOOD.templates, GOOD.prior, -GOOD.noise), "noise of shape .* must be above 0, got -0.69999"),
        (lambda: Channel(GOOD.templates * math.nan, GOOD.prior, GOOD.noise), "templates .* must be finite, got nan"),
        (lambda: GOOD.with_noise(1e-7), "distance from their mean, over the noise, .* must be at most 1e6, got"),
        (lambda: GOOD.posterior(1.7e308 * torch.ones(1, 3, 4, 5).double()), "within the range of floats"),
        (lambda: GOOD.information([()], generator=generator()), r"must hold different frames of 0 to 2, got \(\)"),
        (lambda: GOOD.accuracy([(0, 3)], generator=generator()), r"frames of 0 to 2, got \(0, 3\)"),
        (lambda: GOOD.posterior(torch.ones(1, 2, 4, 5), [1, 1]), r"frames of 0 to 2, got \(1, 1\)"),
        (lambda: GOOD.posterior(torch.ones(1, 2, 4, 5)), r"images must have shape \(n, 3, 4, 5\), got \(1, 2, 4, 5\)"),
        (lambda: GOOD.posterior(torch.full((1, 3, 4, 5), math.inf)), "images .* must be finite, got inf"),
        (lambda: GOOD.information(samples=1, generator=generator()), "samples must be at least 2, got 1"),
        (lambda: GOOD.draws("bits", generator=generator()), "quantity must be one of information, .*, got 'bits'"),
        (lambda: GOOD.sample(0, generator=generator()), "number must be at least 1, got 0"),
        (lambda: information_by_estimation(GOOD, nodes=3, generator=generator()), "4 nodes, got 4000 and 3"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
