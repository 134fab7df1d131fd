"""Floors of squared and absolute error: equality cases, wrong constants, Gaussian frames by linear algebra."""

import math

import mpmath
import numpy as np
import pytest
import torch
from scipy.stats import laplace, norm

from spacelib.bounds import gaussian_accuracy, gaussian_frames, mean_absolute_error_floor, mean_squared_error_floor


def test_gaussian_targets_and_frames_attain_the_squared_floor():
    for tau in (0.1, 1.0, 30.0):
        entropy = float(norm(scale=tau).entropy())
        for frames in (1, 4, 100):
            known = gaussian_frames(frames, tau, 0.2, 0.5)
            floor = mean_squared_error_floor(entropy, known.information)
            assert floor == pytest.approx(known.mean_squared_error, rel=1e-12)
            assert floor * 1.01 > known.mean_squared_error  # sensitivity
            assert known.mean_squared_error == pytest.approx(tau**2 * math.exp(-2 * known.information), rel=1e-13)


def test_a_laplace_target_attains_the_absolute_floor_and_breaks_the_wrong_constant():
    for scale in (0.3, 2.0):
        error = laplace(scale=scale).expect(abs)  # of the median, without frames
        floor = mean_absolute_error_floor(float(laplace(scale=scale).entropy()), 0.0)
        assert floor == pytest.approx(error, rel=1e-7)
        assert 2 * floor > error * 1.9  # e^(h - I)/e in place of e^(h - I)/(2 e) is exceeded by this very guess


def test_floors_hold_for_other_targets():
    """Uniform on [0, 1], h = 0, blind: squared error 1/12 and absolute error 1/4; a log-normal by its ln T."""
    assert mean_squared_error_floor(0.0, 0.0) <= 1 / 12 and mean_absolute_error_floor(0.0, 0.0) <= 1 / 4
    assert mean_squared_error_floor(0.0, 0.0) > 0.7 / 12 and mean_absolute_error_floor(0.0, 0.0) > 0.7 / 4
    # ln T of spread .5: its best blind guess has log error .25, which is the floor with h(ln T), not with h(T)
    assert mean_squared_error_floor(float(norm(scale=0.5).entropy()), 0.0) == pytest.approx(0.25, rel=1e-12)


@pytest.mark.oracle
def test_floors_are_rounded_down():
    random = np.random.default_rng(0)
    entropy, information = random.uniform(-300, 300, 500), random.uniform(0, 40, 500)
    squared, absolute = mean_squared_error_floor(entropy, information), mean_absolute_error_floor(entropy, information)
    with mpmath.workdps(40):
        for h, i, s, a in zip(entropy, information, squared, absolute, strict=True):
            missing = mpmath.mpf(float(h)) - mpmath.mpf(float(i))
            for floor, exact in (
                (s, mpmath.e ** (2 * missing - 1) / (2 * mpmath.pi)),
                (a, mpmath.e ** (missing - 1) / 2),
            ):
                assert exact * (1 - (40 + 10 * abs(missing)) * mpmath.mpf(2) ** -53) <= floor <= exact


@pytest.mark.oracle
def test_gaussian_frames_by_linear_algebra():
    """I = (ln det of the frames' covariance without and with T known)/2; D is the conditional variance of T."""
    for frames in (1, 2, 7):
        tau, beta, sigma = 1.3, 0.4, 0.9
        noise = beta**2 * np.ones((frames, frames)) + sigma**2 * np.eye(frames)
        whole = noise + tau**2
        information = (np.linalg.slogdet(whole)[1] - np.linalg.slogdet(noise)[1]) / 2
        error = tau**2 - tau**4 * np.ones(frames) @ np.linalg.solve(whole, np.ones(frames))
        known = gaussian_frames(frames, tau, beta, sigma)
        assert known.information == pytest.approx(information, rel=1e-10) and known.mean_squared_error == pytest.approx(
            error, rel=1e-10
        )
        within = gaussian_accuracy(0.5, known.mean_squared_error)
        assert within == pytest.approx(1 - 2 * norm.sf(0.5 / math.sqrt(error)), rel=1e-9)
    assert gaussian_frames(1e12, 1.0, 0.5, 1.0).information < 0.5 * math.log(
        5
    )  # what all frames share never averages out


def test_gradients_and_errors():
    values = [torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (3.0, 1.2, 0.3, 0.8)]
    assert torch.autograd.gradcheck(lambda *v: tuple(gaussian_frames(*v)), values)
    assert torch.autograd.gradcheck(mean_squared_error_floor, values[:2]) and torch.autograd.gradcheck(
        mean_absolute_error_floor, values[:2]
    )
    assert torch.autograd.gradcheck(gaussian_accuracy, values[1:3])
    for call, words in (
        (
            lambda: mean_squared_error_floor(400.0, 0.0),
            "entropy must be at most 350 nats above the information, got 400.0",
        ),
        (lambda: mean_absolute_error_floor(1.0, -1.0), "information must be at least 0"),
        (lambda: gaussian_frames(0.0, 1.0, 0.1, 0.1), "frames must be at least 1"),
        (lambda: gaussian_frames(1.0, 0.0, 0.1, 0.1), "target_deviation must be above 0"),
        (lambda: gaussian_frames(1.0, 1.0, 0.0, 0.0), "frame_deviation must be above 0 where shared_deviation is 0"),
        (lambda: gaussian_accuracy(0.1, 0.0), "mean_squared_error must be above 0"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
