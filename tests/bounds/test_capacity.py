"""The accuracy ceiling against exact channels, its relaxations, its contrapositive, and the printed form's refutation."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from reference import kl_reference

from spacelib.bounds import (
    accuracy_ceiling,
    binary_entropy,
    certified_information,
    erasure_channel,
    error_floor,
    fano_information,
    kl,
    printed_ceiling,
    relaxed_ceiling,
    uniform_ceiling,
)

RELAXATIONS = ("pinsker", "entropy", "refined")
ROUNDING = 1e-12  # joint laws below are rounded in every cell: sums of at most 100 terms of 1e-16, and logarithms


def random_channels(number, seed):
    """Joint laws of (question, target, frame), (number, 3, 4, 6): sparse and dense, with any prior."""
    generator = torch.Generator().manual_seed(seed)
    joint = torch.rand(number, 3, 4, 6, generator=generator, dtype=torch.float64) ** 6
    return joint / joint.sum((1, 2, 3), keepdim=True)


def information(joint):
    """I(O; T | Q) by its definition, summed."""
    target, frame, question = joint.sum(3, keepdim=True), joint.sum(2, keepdim=True), joint.sum((2, 3), keepdim=True)
    return torch.special.xlogy(joint, joint * question / (target * frame)).sum((1, 2, 3)).clamp(min=0)


def test_no_answerer_of_a_known_channel_exceeds_the_ceiling():
    joint = random_channels(4000, seed=0)
    blind = joint.sum(3).amax(2).sum(1).clamp(max=1)
    best = joint.amax(2).sum((1, 2))
    slack = accuracy_ceiling(blind, information(joint)) - best
    assert bool((slack >= -ROUNDING).all())
    # the ceiling is not idle: on these channels a marginal blind accuracy in place of the conditional one breaks it
    marginal = joint.sum((1, 3)).amax(1)
    assert bool((accuracy_ceiling(marginal, information(joint)) < best - 1e-3).any())


def test_the_ceiling_is_attained_by_symmetric_channels_and_only_just():
    for m in (2, 4, 16):
        accuracy = torch.linspace(1 / m + 0.01, 0.99, 50, dtype=torch.float64)
        info = math.log(m) - binary_entropy(accuracy) - (1 - accuracy) * math.log(m - 1)
        a0 = torch.full_like(accuracy, 1 / m)
        torch.testing.assert_close(accuracy_ceiling(a0, info), accuracy, rtol=1e-12, atol=0)
        # sensitivity: a ceiling one percent lower is exceeded here
        assert bool((accuracy_ceiling(a0, info) / 1.01 < accuracy).all())


@pytest.mark.property
@given(st.floats(1e-6, 1), st.floats(0, 20))
def test_certificate_and_ceiling_are_inverse(a0, info):
    ceiling = accuracy_ceiling(a0, info)
    assert a0 <= ceiling <= 1
    assert certified_information(min(ceiling, 1.0), a0) <= max(info, 0) * (1 + 1e-9) + 1e-9 * (ceiling > a0)


@pytest.mark.oracle
def test_the_certificate_never_exceeds_the_exact_information():
    random = np.random.default_rng(0)
    accuracy, a0 = random.random(2000), np.maximum(random.random(2000), 1e-9)
    certified = certified_information(accuracy, a0)
    for a, q, c in zip(accuracy.tolist(), a0.tolist(), certified.tolist(), strict=True):
        exact = kl_reference(max(a, q), q)
        assert c <= exact and c >= exact * (1 - 2 * 27 * 2.0**-53)
    assert bool((certified[accuracy <= a0] == 0).all())
    # the wrong variant, without the maximum, certifies information that is not there
    assert kl(0.1, 0.9) == pytest.approx(1.758, abs=1e-3) and certified_information(0.1, 0.9) == 0


@pytest.mark.parametrize("relaxation", RELAXATIONS)
def test_relaxations_lie_above_the_ceiling(relaxation):
    a0 = torch.cat([torch.logspace(-12, 0, 60, dtype=torch.float64), 1 - torch.logspace(-12, -1, 20, dtype=torch.float64)])
    info = torch.cat([torch.zeros(1, dtype=torch.float64), torch.logspace(-20, 2, 80, dtype=torch.float64)])
    exact = accuracy_ceiling(a0[:, None], info)
    relaxed = relaxed_ceiling(a0[:, None], info, relaxation=relaxation)
    # the exact ceiling is itself rounded up, by at most 52 ulp (see test_binary_kl_certified)
    assert bool((relaxed >= exact * (1 - 104 * 2.0**-53)).all()) and bool((relaxed <= 1).all())


def test_relaxations_with_one_percent_less_fall_below_the_ceiling():
    """Sensitivity, each where its slack vanishes: small budgets at 1/2; saturation; small blind accuracy and budget."""
    assert 0.5 + (relaxed_ceiling(0.5, 1e-6, relaxation="pinsker") - 0.5) / 1.01 < accuracy_ceiling(0.5, 1e-6)
    assert relaxed_ceiling(1e-300, 345.0, relaxation="entropy") / 1.01 < accuracy_ceiling(1e-300, 345.0)
    excess = relaxed_ceiling(1e-9, 1e-16, relaxation="refined") - 1e-9
    assert 1e-9 + excess / 1.01 < accuracy_ceiling(1e-9, 1e-16)


def test_relaxations_at_the_border():
    for relaxation in RELAXATIONS:
        assert relaxed_ceiling(1.0, 0.0, relaxation=relaxation) == 1.0
    assert relaxed_ceiling(0.25, 0.0, relaxation="pinsker") == pytest.approx(0.25, rel=1e-14)


@pytest.mark.property
@given(st.integers(2, 1000), st.floats(0, 1))
def test_fano_is_the_divergence_from_uniform(m, accuracy):
    expected = kl(accuracy, 1 / m) if accuracy > 1 / m else 0.0
    assert fano_information(accuracy, m) == pytest.approx(expected, abs=1e-13 * max(1, math.log(m)))


def test_entropy():
    assert binary_entropy(0.5) == pytest.approx(math.log(2), rel=1e-15)
    assert binary_entropy(0.0) == binary_entropy(1.0) == 0
    p = torch.tensor([0.1, 0.5, 0.7], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(binary_entropy, p)


def test_the_printed_form_is_exceeded_and_falls_as_information_grows():
    erasure = np.linspace(0, 0.49, 50)
    for m in (2, 4, 64):
        info, accuracy = erasure_channel(m, erasure)
        printed = printed_ceiling(info, math.log(m))
        assert (accuracy > printed + 1e-3).all()
        assert accuracy - printed == pytest.approx(1 - 2 * erasure + erasure / m)
        assert (np.diff(info) < 0).all() and (np.diff(printed) > 0).all()
        # the three true readings hold on the same channel
        assert (accuracy <= uniform_ceiling(info, m)).all()
        assert (accuracy <= accuracy_ceiling(1 / m, info) + 1e-15).all()
        if m > 2:
            assert (1 - accuracy >= error_floor(info, math.log(m), m)).all()


def test_erasure_channel_by_its_joint_law():
    m, e = 5, 0.3
    joint = torch.cat([torch.eye(m, dtype=torch.float64) * (1 - e) / m, torch.full((m, 1), e / m, dtype=torch.float64)], 1)
    info, accuracy = erasure_channel(m, e)
    assert info == pytest.approx(information(joint[None, None]).item())
    assert accuracy == pytest.approx(joint.amax(0).sum().item())


def test_true_readings_by_their_formulas():
    assert error_floor(0.1, math.log(4), 4) == pytest.approx((math.log(4) - 0.1 - math.log(2)) / math.log(3), rel=1e-13)
    assert uniform_ceiling(0.1, 64) == pytest.approx((0.1 + math.log(2)) / math.log(64), rel=1e-13)


def test_error_floor_holds_on_known_channels_and_not_with_one_percent_more():
    joint = random_channels(4000, seed=1).sum(1, keepdim=True)
    prior = joint.sum((1, 3))
    entropy = torch.special.entr(prior).sum(1).clamp(max=math.log(4))
    error = 1 - joint.amax(2).sum((1, 2))
    floor = error_floor(information(joint), entropy, 4)
    assert bool((error >= floor - ROUNDING).all()) and bool((floor > 0).any())
    # a case near equality: no information, uniform on M values: 1 - 1/M against (ln M - ln 2)/ln(M - 1)
    m = 10.0**12
    assert 1 - 1 / m < error_floor(0.0, math.log(m), m) * 1.03


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: accuracy_ceiling(0.0, 0.1), "blind_accuracy must be in \\(0, 1\\], got 0.0"),
        (lambda: accuracy_ceiling(0.5, -0.1), "information must be at least 0"),
        (lambda: accuracy_ceiling(0.5, math.nan), "information must be finite"),
        (lambda: certified_information(1.2, 0.5), "accuracy must be in \\[0, 1\\]"),
        (lambda: relaxed_ceiling(0.5, 0.1, relaxation="best"), "'best'"),
        (lambda: fano_information(0.5, 2.5), "alphabet must be an integer of at least 2"),
        (lambda: error_floor(0.1, 0.2, 2), "alphabet must be an integer of at least 3"),
        (lambda: error_floor(0.1, 5.0, 4), "entropy must be between 0 and the logarithm"),
        (lambda: printed_ceiling(2.0, 1.0), "information must be between 0 and the entropy"),
        (lambda: printed_ceiling(0.0, 0.0), "entropy must be above 0"),
        (lambda: uniform_ceiling(-1.0, 4), "information must be at least 0"),
        (lambda: erasure_channel(4, 1.5), "erasure must be in"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
