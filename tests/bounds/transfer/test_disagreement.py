"""Disagreement on random problems, of two answers and of four; and how a shift grows with the frames."""

import math

import mpmath
import numpy as np
import pytest
import torch
from exact_risks import U, assert_above, m, risks, second, sizes

from spacelib.bounds import kl_certificate
from spacelib.bounds.transfer.disagreement import (
    disagreement_2015,
    disagreement_2016,
    disagreement_certificate,
    gibbs_from_disagreement,
)
from spacelib.bounds.transfer.frames import gaussian_frames_shift, independent_frames_shift, variance_shift_floor


def problems(answers: int, number: int, seed: int):
    """Random laws of scene and label, answers of models and posteriors: R, e, d of source and target, and beta_2."""
    random = np.random.default_rng(seed)
    scenes, models = 3, 3
    laws = random.dirichlet(np.full(scenes * answers, 0.5), (number, 2)).reshape(number, 2, scenes, answers)
    given = random.integers(0, answers, (number, models, scenes))
    rho = random.dirichlet(np.ones(models), number)
    wrong = given[:, :, :, None] != np.arange(answers)  # (number, models, scenes, answers)
    gibbs = np.einsum("nm,nmsa->nsa", rho, wrong)
    risk = np.einsum("ndsa,nsa->nd", laws, gibbs)
    joint = np.einsum("ndsa,nsa->nd", laws, gibbs**2)
    differ = given[:, :, None] != given[:, None]
    disagree = np.einsum("nds,nh,nk,nhks->nd", laws.sum(-1), rho, rho, differ)
    beta = (laws[:, 1] ** 2 / laws[:, 0]).sum((-1, -2)) ** 0.5
    return risk, joint, disagree, beta


def test_two_answers_make_it_an_identity_and_four_do_not():
    for answers in (2, 4):
        risk, joint, disagree, beta = problems(answers, 2000, answers)
        found = gibbs_from_disagreement(disagree.clip(0, 1), joint.clip(0, 1))
        assert (risk <= found + 1e-12).all()
        assert (np.abs(found - risk).max() < 1e-12) == (answers == 2)
        source, target = risk.T
        gap = np.abs(joint[:, 1] - joint[:, 0])
        of_2015 = disagreement_2015(source.clip(0, 1), disagree[:, 0].clip(0, 1), disagree[:, 1].clip(0, 1), gap)
        assert (target > of_2015 + 1e-12).any() == (answers == 4)  # false with four answers
        of_2016 = disagreement_2016(disagree[:, 1].clip(0, 1), joint[:, 0].clip(0, 1), beta, 2.0, 0.0)
        assert (target <= of_2016 + 1e-9).all()


@pytest.mark.oracle
def test_the_forms_against_sixty_digits():
    random = np.random.default_rng(5)
    d, e, eta, beta = risks(random, 60), risks(random, 60), risks(random, 60), sizes(random, 60, least=1e-20, most=1e20)
    order = 1 + 10.0 ** random.uniform(-10, 10, 60)
    found = disagreement_2016(d, e, beta, order, eta), disagreement_2016(d, e, beta, math.inf, eta)
    others = gibbs_from_disagreement(d, e), disagreement_2015(d, e, eta, eta)
    for a, b, c, w, q, *bounds in zip(*(x.tolist() for x in (d, e, eta, beta, order, *found, *others)), strict=True):
        a, b, c, w, q = map(m, (a, b, c, w, q))
        power = b ** (1 - 1 / q) if b > 0 else mpmath.mpf(0)
        size = 16 * abs(mpmath.log(b)) if b > 0 else 0  # the power's exponent, twice its 8 roundings
        least = 64 * (1 + w) * mpmath.mpf(2) ** -1074  # of the power, beta times
        for bound, exact in ((bounds[0], a / 2 + w * power + c), (bounds[1], a / 2 + w * b + c)):
            assert min(exact, 1) <= bound <= exact * (1 + (40 + size) * U) + least
        assert_above(bounds[2], a / 2 + b, 12)
        assert_above(bounds[3], a + abs(c - b) / 2 + c, 24)


def test_the_certificate_pays_for_pairs():
    found = disagreement_certificate(0.2, 1000, 0.05, 800, 3.0, 0.02, 0.03, beta=1.5, order=math.inf, eta=0.01)
    d, e = kl_certificate(0.2, 6.0, 1000, 0.02), kl_certificate(0.05, 6.0, 800, 0.03)
    assert found == pytest.approx(d / 2 + 1.5 * e + 0.01, rel=1e-12)
    single = kl_certificate(0.2, 3.0, 1000, 0.02)
    assert d > single + 0.005
    c = (2 * m(3.0) + mpmath.log(2 * mpmath.sqrt(1000) / m(0.02))) / 1000
    free = disagreement_certificate(
        0.2, 1000, 0.0, 1000, 3.0, 0.02, 0.02, beta=0.0, order=2.0, eta=0.0, constant="sqrt"
    )
    assert_above(free, second(m(0.2), c) / 2, 100)
    p = torch.tensor(0.2, dtype=torch.float64, requires_grad=True)
    disagreement_certificate(p, 1000, 0.05, 800, 3.0, 0.02, 0.03, beta=1.5, order=3.0, eta=0.01).backward()
    assert p.grad > 0.4


@pytest.mark.oracle
def test_frames_against_sixty_digits():
    random = np.random.default_rng(6)
    d, t = random.normal(0, 2, 100), sizes(random, 100, least=1e-20, most=1e20)
    s, k = sizes(random, 100, least=1e-20, most=1e20), np.floor(10.0 ** random.uniform(0, 6, 100))
    s = np.where((t == 0) & (s == 0), 1.0, s)
    ratio, kappa = 10.0 ** random.uniform(-10, 10, 100), sizes(random, 100)
    ratio[:30] = 1 + 10.0 ** -random.uniform(1, 15, 30)
    found = gaussian_frames_shift(d, t, s, k), independent_frames_shift(kappa, k), variance_shift_floor(ratio, k)
    for a, b, c, n, r, one, *bounds in zip(*(x.tolist() for x in (d, t, s, k, ratio, kappa, *found)), strict=True):
        a, b, c, n, r = map(m, (a, b, c, n, r))
        exact = a**2 / (2 * (b**2 + c**2 / n))
        assert exact <= bounds[0] <= exact * (1 + 40 * U) + mpmath.mpf(2) ** -1060
        assert n * m(one) <= bounds[1] <= n * m(one) * (1 + 8 * U) + mpmath.mpf(2) ** -1060
        exact = (n - 1) * (r - 1 - mpmath.log(r)) / 2
        assert exact * (1 - 70 * U) - mpmath.mpf(2) ** -1060 <= bounds[2] <= exact


def test_shifts_grow_with_the_frames():
    k = torch.tensor([1, 2, 4, 16, 64])
    for found, bounded in (
        (gaussian_frames_shift(torch.tensor(1.0, dtype=torch.float64), 0.5, 2.0, k), True),
        (gaussian_frames_shift(torch.tensor(1.0, dtype=torch.float64), 0.0, 2.0, k), False),
        (variance_shift_floor(torch.tensor(1.5, dtype=torch.float64), k), False),
    ):
        assert (found.diff() > 0).all()
        assert (found[-1] < 2.0) == bounded or not bounded
    # no scene latent: the frames are independent
    one = gaussian_frames_shift(1.0, 0.0, 2.0, 1)
    assert gaussian_frames_shift(1.0, 0.0, 2.0, 7) == pytest.approx(independent_frames_shift(one, 7), rel=1e-13)
    # the K-frame KL of two normal laws in full, by matrices: mean moved, and variance changed
    for frames in (1, 3, 6):
        source = 0.25 * np.ones((frames, frames)) + 4.0 * np.eye(frames)
        solved = np.linalg.solve(source, np.ones(frames))
        assert gaussian_frames_shift(1.0, 0.5, 2.0, frames) == pytest.approx(solved.sum() / 2, rel=1e-12)
        target = 0.25 * np.ones((frames, frames)) + 4.0 * 1.7 * np.eye(frames)
        ratio = np.linalg.solve(source, target)
        full = (np.trace(ratio) - frames - np.linalg.slogdet(ratio)[1]) / 2
        assert variance_shift_floor(1.7, frames) <= full + 1e-12


def certificate(**changed):
    given = {"target_disagreement": 0.1, "target_samples": 9, "source_joint_error": 0.1, "source_samples": 9}
    given |= {"complexity": 1.0, "delta_target": 0.1, "delta_source": 0.1, "beta": 1.0, "order": 2.0, "eta": 0.0}
    return disagreement_certificate(**(given | changed))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: gibbs_from_disagreement(1.2, 0.1), r"disagreement must be in \[0, 1\], got 1.2"),
        (lambda: disagreement_2015(0.1, 0.1, 0.1, -0.1), r"joint_error_gap must be in \[0, 1\], got -0.1"),
        (lambda: disagreement_2016(0.1, 0.1, -1.0, 2.0, 0.0), "beta must be at least 0, got -1.0"),
        (lambda: disagreement_2016(0.1, 0.1, 1.0, 1.0, 0.0), "order must be above 1, got 1.0"),
        (lambda: disagreement_2016(0.1, 0.1, 1.0, 2.0, 1.5), r"eta must be in \[0, 1\], got 1.5"),
        (lambda: certificate(target_samples=9.5), "target_samples must be an integer of at least 1, got 9.5"),
        (lambda: certificate(delta_source=2.0), r"delta_source must be in \(0, 1\), got 2.0"),
        (lambda: certificate(constant="no"), "constant must be one of exact, sqrt, got 'no'"),
        (lambda: gaussian_frames_shift(1.0, 0.0, 0.0, 2), "scene_sd must be above 0 where frame_sd is 0, got 0.0"),
        (lambda: gaussian_frames_shift(1.0, -1.0, 1.0, 2), "scene_sd must be at least 0, got -1.0"),
        (lambda: independent_frames_shift(0.1, 0), "frames must be an integer of at least 1, got 0.0"),
        (lambda: variance_shift_floor(0.0, 3), "ratio must be above 0, got 0.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
