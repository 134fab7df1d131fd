"""The exact ceiling on the CPU: the shared suite, the attaining channel, its place under the other ceiling, wrong variants."""

import math

import checks_capacity
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from priors import slack

from spacelib.bounds import (
    accuracy_ceiling,
    attaining_channel,
    certified_information,
    exact_ceiling,
    parametric_ceiling,
    required_information,
)

ROUNDING = 1e-12  # sums of at most 100 products and logarithms of size up to ln 64, each right to a few 1e-16
simplex = (
    st.lists(st.floats(0, 1), min_size=1, max_size=12)
    .filter(lambda x: sum(x) > 0.1)
    .map(lambda x: np.array(x) / sum(x))
)


def laws(number, size, seed, power=1):
    generator = torch.Generator().manual_seed(seed)
    prior = torch.rand(number, size, generator=generator, dtype=torch.float64) ** power
    return prior / prior.sum(-1, keepdim=True)


def information_of(joint):
    product = joint.sum(-1, keepdim=True) * joint.sum(-2, keepdim=True)
    return torch.xlogy(joint, torch.where(joint > 0, joint / product, 1)).sum((-1, -2))


@pytest.mark.parametrize("check", checks_capacity.CHECKS, ids=lambda c: c.__name__)
def test_suite(check, device, dtype):
    check(device, dtype)


def test_gradients_against_finite_differences(device):
    checks_capacity.check_gradients(device)


def test_known_values():
    """By hand: p = (1/2, 1/4, 1/4) at level 1/8 has A = 3/4, R = ln 2 + .5 ln 4 + .75 ln .75 + .25 ln .125."""
    prior = np.array([0.25, 0.5, 0.25])
    information = 1.5 * math.log(2) + 0.75 * math.log(0.75) + 0.25 * math.log(0.125)
    assert exact_ceiling(prior, information) == pytest.approx(0.75, abs=slack(3))
    assert required_information(prior, 0.75) == pytest.approx(information, abs=10 * slack(3))
    assert (
        exact_ceiling(prior, 0.0) == pytest.approx(0.5, abs=slack(3)) and exact_ceiling(prior, 1.5 * math.log(2)) == 1
    )
    assert exact_ceiling(np.array([1.0]), 0.3) == 1 and required_information(np.array([1.0]), 1.0) == 0


@pytest.mark.property
@given(simplex, st.floats(0, 1))
def test_the_parametric_form_is_the_inverse_curve(prior, share):
    level = share * np.sort(prior)[-2] if prior.size > 1 else share
    accuracy, information = parametric_ceiling(prior, level)
    # its information is right to 2^-53 (M + 10)(1 + ln M) < 1e-14; the slope at the flat start turns that into its root
    assert exact_ceiling(prior, information + 1e-14) >= accuracy - 1e-14
    assert required_information(prior, min(accuracy, 1.0)) <= information + 1e-14
    assert required_information(prior, min(accuracy, 1.0)) >= information - 1e-12


@pytest.mark.property
@given(simplex, st.floats(0, 3))
def test_at_most_the_ceiling_of_the_largest_probability(prior, information):
    ceiling = exact_ceiling(prior, information)
    assert ceiling <= accuracy_ceiling(min(prior.max() * (1 + 1e-15), 1.0), information) + slack(prior.size)
    accuracy = min(ceiling, 1.0)
    assert required_information(prior, accuracy) >= certified_information(accuracy, prior.max()) - 40 * slack(
        prior.size
    )


def test_equal_to_the_other_ceiling_for_uniform_targets_only():
    information = torch.linspace(0.05, 1.2, 24, dtype=torch.float64)  # below the entropies, 1.386 and 1.280
    uniform = torch.full((4,), 0.25, dtype=torch.float64)
    torch.testing.assert_close(
        exact_ceiling(uniform, information), accuracy_ceiling(0.25, information), rtol=0, atol=slack(4)
    )
    # taken as exact for another prior, the other ceiling claims what no channel does
    skewed = torch.tensor([0.4, 0.3, 0.2, 0.1], dtype=torch.float64)
    assert bool((accuracy_ceiling(0.4, information) > exact_ceiling(skewed, information) + 1e-3).all())


def test_the_channel_attains_the_ceiling_and_has_the_posterior_of_the_proof():
    prior = laws(300, 6, seed=0, power=3)
    prior[:100, 4:] = 0
    prior = prior / prior.sum(-1, keepdim=True)
    entropy = torch.special.entr(prior).sum(-1)
    information = entropy * torch.linspace(0, 1, 300, dtype=torch.float64)
    channel = attaining_channel(prior, information)
    torch.testing.assert_close(channel.sum(-1), torch.ones(300, 6, dtype=torch.float64), rtol=0, atol=ROUNDING)
    joint = prior[..., None] * channel
    ceiling = exact_ceiling(prior, information)
    torch.testing.assert_close(information_of(joint), information, rtol=0, atol=ROUNDING)
    torch.testing.assert_close(joint.diagonal(dim1=1, dim2=2).sum(-1), ceiling, rtol=0, atol=ROUNDING)
    # given an answer that is ever given: A at the answer, the level at the other answers, the prior elsewhere
    for p, law, a in zip(prior, joint, ceiling, strict=True):
        answers = (law.sum(0) > 1e-9).nonzero().squeeze(1)
        posterior = law[:, answers] / law[:, answers].sum(0)
        rest = [i for i in range(6) if i not in answers.tolist()]
        level = (p[answers].sum() - a) / max(len(answers) - 1, 1)
        for column, answer in enumerate(answers.tolist()):
            others = [i for i in answers.tolist() if i != answer]
            assert posterior[answer, column] == pytest.approx(a.item(), abs=1e-9)
            assert posterior[others, column].tolist() == pytest.approx([level.item()] * len(others), abs=1e-9)
            assert posterior[rest, column].tolist() == pytest.approx(p[rest].tolist(), abs=1e-9)


def test_the_channel_at_its_ends():
    prior = np.array([0.5, 0.3, 0.2, 0.0])
    assert attaining_channel(prior, 0.0)[:, 0].tolist() == [1, 1, 1, 1]
    assert attaining_channel(prior, 5.0)[:3, :3].tolist() == np.eye(3).tolist()
    assert attaining_channel(prior, 5.0)[3].sum() == 1
    uniform = attaining_channel(np.full(4, 0.25), 0.0)
    assert uniform.max() == pytest.approx(0.25) == uniform.min()


def curve_with(prior, level, weight, ascending=False):
    """The parametric form with a wrong weight of the level (k for k - 1), or over the smallest targets."""
    p = np.sort(prior)[:: 1 if ascending else -1]
    joined = p > level if not ascending else np.arange(p.size) < (p > level).sum()
    k = joined.sum()
    accuracy = p[joined].sum() - weight(k) * level
    return accuracy, -(p[joined] * np.log(p[joined])).sum() + accuracy * np.log(accuracy) + weight(k) * level * np.log(
        level
    )


def test_wrong_variants_are_violated_by_the_attaining_channel():
    """k in place of k - 1, and an ascending order, promise less accuracy than a channel reaches (or less information)."""
    prior = np.array([0.4, 0.3, 0.2, 0.1])
    right, information = curve_with(prior, 0.05, lambda k: k - 1)
    joint = torch.tensor(prior[:, None] * attaining_channel(prior, information))
    reached = joint.diagonal().sum().item()
    assert reached == pytest.approx(right, abs=ROUNDING)
    wrong, wrong_information = curve_with(prior, 0.05, lambda k: k)
    assert wrong < reached - 0.04 and wrong_information < required_information(prior, wrong) - 0.05
    wrong, _ = curve_with(prior, 0.25, lambda k: k - 1, ascending=True)
    assert wrong < prior.max() - 0.3


def test_the_order_of_the_targets_does_not_matter_and_zeros_do_not_count():
    prior = laws(50, 7, seed=1)
    information = torch.linspace(0, 2, 50, dtype=torch.float64)
    shuffled = prior[:, torch.randperm(7, generator=torch.Generator().manual_seed(0))]
    padded = torch.cat([prior, torch.zeros(50, 1, dtype=torch.float64)], -1)
    for other in (shuffled, padded):
        torch.testing.assert_close(
            exact_ceiling(other, information), exact_ceiling(prior, information), rtol=0, atol=slack(8)
        )


def test_kinds_shapes_and_empty_batches():
    prior = np.array([0.5, 0.3, 0.2])
    assert type(exact_ceiling(prior, 0.2)) is np.float64
    assert exact_ceiling(torch.tensor(prior), 0.2).item() == exact_ceiling(prior, 0.2)
    assert exact_ceiling(torch.rand(4, 1, 3).softmax(-1), torch.rand(5)).shape == (4, 5)
    assert exact_ceiling(np.ones((0, 3)), 0.1).shape == (0,) and required_information(np.ones((0, 3)), 0.1).shape == (
        0,
    )
    assert attaining_channel(np.tile(prior, (2, 1)), np.zeros((4, 2))).shape == (4, 2, 3, 3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: exact_ceiling(np.array([0.5, 0.4]), 0.1), "exact_ceiling: the sum of prior must be 1, got 0.9"),
        (lambda: exact_ceiling(np.array([1.5, -0.5]), 0.1), "prior of shape \\(2,\\) must be at least 0, got -0.5"),
        (lambda: exact_ceiling(0.5, 0.1), "prior must have at least 1 axis, got shape \\(\\)"),
        (lambda: exact_ceiling(np.ones((2, 0)), 0.1), "prior must have at least one outcome"),
        (lambda: exact_ceiling(np.array([0.5, 0.5]), -0.1), "information must be at least 0 nats, got -0.1"),
        (lambda: exact_ceiling(np.array([0.5, math.nan]), 0.1), "prior of shape \\(2,\\) must be finite"),
        (lambda: exact_ceiling(np.full((3, 2), 0.5), np.ones(2)), "shapes must broadcast"),
        (lambda: required_information(np.array([0.5, 0.5]), 1.1), "accuracy must be in \\[0, 1\\], got 1.1"),
        (lambda: parametric_ceiling(np.array([0.5, 0.5]), -0.1), "level must be at least 0, got -0.1"),
        (lambda: attaining_channel(np.array([0.5, 0.5]), math.inf), "information must be finite"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
