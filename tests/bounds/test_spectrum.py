"""Known channels and their decoders; the information spectrum against them, and where it beats the other ceiling."""

import math

import numpy as np
import pytest
import torch

from spacelib.bounds import (
    accuracy_ceiling,
    attaining_channel,
    decoder_accuracy,
    exact_ceiling,
    information_density,
    known_channel,
    spectrum_ceiling,
)

ROUNDING = 1e-12  # sums of at most 64 cells of a joint law and their logarithms


def joints(number, shape, seed, power=6):
    joint = torch.rand(number, *shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) ** power
    return joint / joint.sum((1, 2), keepdim=True)


def spectrum_of(joint):
    return spectrum_ceiling(
        information_density(joint).flatten(-2), joint.flatten(-2), known_channel(joint).blind_accuracy
    )


def test_figures_of_a_channel_by_hand():
    joint = np.array([[0.4, 0.1], [0.1, 0.4]])
    known = known_channel(joint)
    assert known.information == pytest.approx(0.8 * math.log(1.6) + 0.2 * math.log(0.4), rel=1e-14)
    assert (
        known.entropy == pytest.approx(math.log(2))
        and known.blind_accuracy == 0.5
        and known.bayes_accuracy == pytest.approx(0.8)
    )
    assert information_density(joint) == pytest.approx(np.log(np.array([[1.6, 0.4], [0.4, 1.6]])))
    diagonal = np.diag([0.5, 0.5])
    assert (
        information_density(diagonal) == pytest.approx(np.diag([math.log(2)] * 2))
        and known_channel(diagonal).bayes_accuracy == 1
    )
    assert known_channel(np.array([[0.3, 0.7, 0.0], [0.0, 0.0, 0.0]])).information == 0
    tiny = known_channel(np.array([[1e-320, 0.0], [0.0, 1.0]]))
    assert all(math.isfinite(v) for v in tiny) and tiny.bayes_accuracy == 1


def test_a_thousand_decoders_stay_under_bayes_and_the_ceilings():
    joint = joints(1, (6, 5), seed=0)[0]
    known = known_channel(joint)
    generator = torch.Generator().manual_seed(1)
    random = (6 * torch.randn(1000, 6, 5, generator=generator, dtype=torch.float64)).softmax(-1)
    bayes = torch.nn.functional.one_hot(joint.argmax(-1), 5).double()
    worst = torch.nn.functional.one_hot(joint.argmin(-1), 5).double()
    accuracy = decoder_accuracy(joint, torch.cat([random, bayes[None], worst[None]]))
    assert bool((accuracy <= known.bayes_accuracy + ROUNDING).all()) and accuracy[-1] < accuracy[-2]
    assert accuracy[1000].item() == pytest.approx(known.bayes_accuracy.item(), abs=ROUNDING)
    for ceiling in (
        exact_ceiling(joint.sum(0), known.information),
        accuracy_ceiling(known.blind_accuracy, known.information),
        spectrum_of(joint),
    ):
        assert known.bayes_accuracy <= ceiling + ROUNDING


def test_the_attaining_channel_is_answered_by_repeating_it():
    prior = np.array([0.4, 0.3, 0.2, 0.1])
    joint = (prior[:, None] * attaining_channel(prior, 0.3)).T  # observation = the answer
    known = known_channel(joint)
    assert known.information == pytest.approx(0.3, abs=ROUNDING)
    assert decoder_accuracy(joint, np.eye(4)) == pytest.approx(exact_ceiling(prior, 0.3), abs=ROUNDING)
    assert known.bayes_accuracy == pytest.approx(exact_ceiling(prior, 0.3), abs=ROUNDING)


def test_no_best_answerer_of_a_known_channel_exceeds_the_spectrum():
    for shape in ((3, 3), (8, 8), (2, 20)):
        joint = joints(2000, shape, seed=shape[1])
        best, ceiling = known_channel(joint).bayes_accuracy, spectrum_of(joint)
        assert bool((best <= ceiling + ROUNDING).all())
    # sensitivity, where nothing is lost: a target that is shown with probability 1 %, else nothing is
    rare = rare_channel(100, 0.01)
    assert spectrum_of(rare) / 1.01 < known_channel(rare).bayes_accuracy


def rare_channel(size, shown):
    return torch.cat(
        [
            shown * torch.eye(size, dtype=torch.float64) / size,
            torch.full((1, size), (1 - shown) / size, dtype=torch.float64),
        ]
    )


def test_the_infimum_is_exact():
    """No gamma on a fine grid gives less, and one just beyond a jump gives the same."""
    joint = joints(50, (4, 4), seed=3)
    density, known = information_density(joint).flatten(1), known_channel(joint)
    found = spectrum_of(joint)
    gammas = torch.cat(
        [torch.logspace(-8, 4, 4000, dtype=torch.float64).expand(50, -1), density.exp() * (1 + 1e-12)], 1
    )
    beyond = (joint.flatten(1)[:, None] * (density[:, None] > gammas[..., None].log())).sum(-1)
    grid = (gammas * known.blind_accuracy[:, None] + beyond).amin(1)
    torch.testing.assert_close(found, grid.clamp(max=1), rtol=1e-11, atol=0)
    # equal densities: the weight beyond a jump leaves out all of them
    assert spectrum_ceiling(np.array([0.1, 0.1, 0.1]), np.full(3, 1 / 3), 0.5) == pytest.approx(
        0.5 * math.exp(0.1), rel=1e-13
    )


def test_each_of_the_two_ceilings_is_smaller_somewhere():
    """Information in rare events: the spectrum is smaller. Many densities of middling size: sometimes the divergence is."""
    rare = rare_channel(1000, 0.05)
    known = known_channel(rare)
    assert spectrum_of(rare) < accuracy_ceiling(known.blind_accuracy, known.information) - 0.02
    even = joints(200, (6, 6), seed=4, power=1)
    known = known_channel(even)
    assert bool((spectrum_of(even) > accuracy_ceiling(known.blind_accuracy, known.information) + 0.02).any())


def test_gradients():
    logits = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0), dtype=torch.float64).requires_grad_()
    assert torch.autograd.gradcheck(
        lambda x: tuple(known_channel(x.flatten(1).softmax(-1).reshape(x.shape))), (logits,)
    )
    assert torch.autograd.gradcheck(lambda x: spectrum_of(x.flatten(1).softmax(-1).reshape(x.shape)), (logits,))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: known_channel(np.array([0.5, 0.5])), "joint must have at least 2 axes"),
        (lambda: known_channel(np.full((2, 2), 0.3)), "the sum of joint must be 1, got 1.2"),
        (
            lambda: decoder_accuracy(np.full((2, 2), 0.25), np.full((2, 2), 0.6)),
            "the sum of decoder of shape \\(2,\\) must be 1",
        ),
        (
            lambda: decoder_accuracy(np.full((2, 2), 0.25), np.eye(3)),
            "decoder must have the joint's observations and targets",
        ),
        (lambda: spectrum_ceiling(np.zeros(2), np.array([0.5, 0.6]), 0.5), "the sum of weights must be 1"),
        (lambda: spectrum_ceiling(np.zeros(3), np.array([0.5, 0.5]), 0.5), "as many events as weights, got 3 and 2"),
        (
            lambda: spectrum_ceiling(np.array([0.0, -math.inf]), np.array([0.5, 0.5]), 0.5),
            "density of shape \\(2,\\) must be finite",
        ),
        (lambda: spectrum_ceiling(np.zeros(2), np.array([0.5, 0.5]), 0.0), "blind_accuracy must be in \\(0, 1\\]"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
