"""What dependent, weighted and stratified samples are worth: exact failure probabilities, right n and wrong."""

import itertools
from fractions import Fraction
from math import comb

import mpmath
import numpy as np
import pytest
import torch
from exact_risks import assert_root, m
from scipy.stats import binom

from spacelib.bounds import design_effect, inverse_second, kl_certificate
from spacelib.bounds.transfer.weights import (
    chromatic_published,
    chromatic_samples,
    question_weighted_samples,
    random_size_certificate,
    stratified_certificate,
    stratified_samples,
    stratified_scene_samples,
    weighted_samples,
)


@pytest.mark.parametrize(
    ("scenes", "questions", "failure"),
    [(1, 100, Fraction(1, 2)), (20, 50, Fraction(131975, 524288)), (20, 10, Fraction(34495, 262144))],
)
def test_questions_are_not_samples(scenes, questions, failure):
    """Every question of a scene alike, risk 1/2: the certificate of m s questions fails far more often than delta."""
    k = np.arange(scenes + 1)
    below = kl_certificate(k / scenes, 0.0, scenes * questions, 0.05, constant="sqrt") < 0.5
    assert sum(Fraction(comb(scenes, j), 2**scenes) for j in k[below].tolist()) == failure
    worth = chromatic_samples(scenes * questions, questions)
    assert worth == scenes == question_weighted_samples(np.full(scenes, questions))
    right = kl_certificate(k / scenes, 0.0, worth, 0.05, constant="sqrt") < 0.5
    assert binom.pmf(k, scenes, 0.5)[right].sum() <= 0.05


def test_kish_number_gives_no_certificate():
    weights, p, delta = np.array([0.5] + [0.01] * 50), 0.9998, 1e-4
    kish = 1 / (weights**2).sum()
    missed = (1 - p) * p**50  # the heavy one alone has no loss: empirical risk 1/2
    assert kl_certificate(0.5, 0.0, kish, delta, constant="sqrt") < p and missed > 1.9e-4 > delta
    assert kl_certificate(0.5, 0.0, weighted_samples(weights), delta, constant="sqrt") > p
    assert weighted_samples(weights) == pytest.approx(2) and kish == pytest.approx(3.92, abs=0.01)
    assert kish == pytest.approx(51 / design_effect(np.array([50.0] + [1] * 50), 1.0) * (100 / 51), rel=1e-12)


def test_no_stratified_design_fails_more_often_than_delta():
    """Two types, all outcomes enumerated; with the samples in the place of N it fails."""
    random, wrong = np.random.default_rng(1), 0.0
    for delta, _ in itertools.product((0.05, 0.2), range(30)):
        n, share = random.integers(1, 25, 2), random.random()
        b, p = np.array([share, 1 - share]), random.random(2)
        one, two = np.meshgrid(*(np.arange(size + 1) for size in n), indexing="ij")
        risks = np.stack([one / n[0], two / n[1]], -1)
        weight = binom.pmf(one, n[0], p[0]) * binom.pmf(two, n[1], p[1])
        found = stratified_certificate(risks, b, n, 0.0, delta)
        assert weight[found < b @ p].sum() <= delta
        naive = kl_certificate((risks @ b).clip(0, 1), 0.0, n.sum(), delta, constant="sqrt")
        wrong = max(wrong, weight[naive < b @ p].sum() / delta)
    assert wrong > 1


def test_samples_of_designs_against_fractions():
    random = np.random.default_rng(2)
    for _ in range(100):
        scenes, types = random.integers(1, 8), random.integers(1, 5)
        counts = random.integers(0, 6, (scenes, types)) + (np.arange(scenes) == 0)[:, None]
        parts = random.multinomial(64, np.full(types, 1 / types))
        b = [Fraction(int(part), 64) for part in parts]
        total = [int(n) for n in counts.sum(0)]
        exact = 1 / max(sum(w * int(n) / t for w, n, t in zip(b, row, total, strict=True)) for row in counts)
        found = Fraction(stratified_scene_samples(parts / 64, counts))
        assert exact * (1 - Fraction(40, 2**53)) <= found <= exact
        exact = min(t / w for w, t in zip(b, total, strict=True) if w > 0)
        assert exact * (1 - Fraction(40, 2**53)) <= Fraction(stratified_samples(parts / 64, np.array(total))) <= exact
        weights = random.random(int(scenes))
        exact = sum(map(Fraction, weights.tolist())) / Fraction(weights.max())
        assert exact * (1 - Fraction(60, 2**53)) <= Fraction(weighted_samples(weights)) <= exact
        sizes = random.integers(1, 30, int(scenes))
        exact = Fraction(int(sizes.sum()), int(sizes.max()))
        assert exact * (1 - Fraction(4, 2**53)) <= Fraction(question_weighted_samples(sizes)) <= exact
        chi = 1 + random.random() * 3
        exact = Fraction(100) / Fraction(chi)
        assert exact * (1 - Fraction(4, 2**53)) <= Fraction(chromatic_samples(100, chi)) <= exact
    assert weighted_samples(np.full(7, 0.1)) == 7
    assert 9 - 1e-14 <= stratified_samples(np.array([1.0, 0.0]), np.array([9, 0])) <= 9


def test_a_task_mix():
    """Types (.5, .3, .2) of 1,000 samples carried over to (.2, .3, .5): 400 samples are left, and the risk is exact."""
    b, counts = np.array([0.2, 0.3, 0.5]), np.array([500, 300, 200])
    assert stratified_samples(b, counts) == pytest.approx(400, rel=1e-14)
    found = stratified_certificate(np.array([0.1, 0.2, 0.6]), b, counts, 0.0, 0.05)
    assert found == pytest.approx(kl_certificate(0.38, 0.0, 400, 0.05, constant="sqrt"), rel=1e-12)


def test_the_published_chromatic_bound_is_never_smaller():
    random = np.random.default_rng(3)
    q, m_, chi = random.random(300), np.floor(10 ** random.uniform(0.7, 5, 300)), 1 + 4 * random.random(300)
    k, delta = random.exponential(5, 300), random.uniform(0.001, 0.3, 300)
    published = chromatic_published(q, k, m_, chi, delta)
    ours = kl_certificate(q, k, chromatic_samples(m_, chi), delta, constant="sqrt")
    assert (ours <= published * (1 + 1e-13)).all()
    columns = (q, k, m_, chi, delta, published)
    for a, c, n, x, d, bound in zip(*(column[:30].tolist() for column in columns), strict=True):
        budget = m(x) / m(n) * (m(c) + mpmath.log((m(n) + m(x)) / (m(d) * m(x))))
        assert_root(bound, m(a), budget, 2 * 26 + 16)


def test_independence_in_pairs_is_no_colour():
    """The 31 sums mod 2 of 5 fair bits: any two are independent, yet all are 0 with chance 1/32, above delta.

    As one class they break the certificate. Five basis vectors in a row of the field with 32 elements are mutually
    independent: 31 such classes of weight 1/5 hold each question five times, so chi = 31/5 and N = 5, the bits.
    """
    powers = [1]
    while len(powers) < 31:  # of the root of x^5 + x^2 + 1, which runs through all but 0
        powers.append(2 * powers[-1] ^ (0b100101 if powers[-1] >= 16 else 0))
    wrong = np.array([[(bits & mask).bit_count() % 2 for mask in powers] for bits in range(32)])
    assert (wrong.T @ wrong == np.where(np.eye(31), 16, 8)).all()  # both wrong in a quarter of the outcomes
    for start in range(31):
        assert len(np.unique(wrong[:, np.arange(start, start + 5) % 31], axis=0)) == 32
    delta, risk = 0.02, wrong.mean(1)
    one_class = kl_certificate(risk, 0.0, chromatic_samples(31, 1.0), delta, constant="sqrt")
    assert (one_class < 0.5).mean() == 1 / 32 > delta
    cover = chromatic_samples(31, 31 / 5)
    assert cover == pytest.approx(5) and (kl_certificate(risk, 0.0, cover, delta, constant="sqrt") >= 0.5).all()


@pytest.mark.coverage
def test_sizes_that_go_with_the_loss():
    """Large scenes are the hard ones: the mean over scenes is far below that over questions, whose bound holds."""
    random = np.random.default_rng(4)
    repetitions, scenes, delta = 100, 2000, 0.1
    size = np.where(random.random((repetitions, scenes)) < 0.2, 10, 1)
    loss = random.random(size.shape) < np.where(size == 10, 0.8, 0.1)
    target = (0.2 * 10 * 0.8 + 0.8 * 0.1) / (0.2 * 10 + 0.8)
    found = random_size_certificate((size * loss).mean(-1), size.mean(-1), 10, 0.0, scenes, delta)
    assert (found < target).mean() <= delta and (found < 1).all()
    assert (kl_certificate(loss.mean(-1), 0.0, scenes, delta) < target).mean() > 0.99
    # the two steps, by hand
    above, below = kl_certificate(0.08, 3.0, 500, 0.025), inverse_second(0.4, np.log(40) / 500, side="lower")
    assert random_size_certificate(0.8, 4.0, 10.0, 3.0, 500, 0.05) == pytest.approx(above / below, rel=1e-12)


def test_kinds_and_gradients():
    b, counts = torch.tensor([0.25, 0.75], dtype=torch.float64), torch.tensor([30, 40])
    risks = torch.tensor([[0.1, 0.2], [0.3, 0.4]], dtype=torch.float64, requires_grad=True)
    found = stratified_certificate(risks, b, counts, 2.0, 0.05)
    assert found.shape == (2,)
    found.sum().backward()
    assert (risks.grad > 0).all()
    assert isinstance(chromatic_samples(10, 2.0), float) and weighted_samples(torch.ones(3)).dtype == torch.float32


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: weighted_samples(np.zeros(3)), "the largest of weights must be above 0, got 0.0"),
        (lambda: weighted_samples(np.array([1.0, -1.0])), "weights of shape .* must be at least 0, got -1.0"),
        (lambda: weighted_samples(np.zeros(0)), "weights must have at least 1 entry"),
        (lambda: question_weighted_samples(np.array([2, 0])), "sizes of shape .* must be an integer of at least 1"),
        (lambda: question_weighted_samples(np.zeros(0)), "sizes must have at least 1 scene"),
        (lambda: stratified_samples(np.array([0.5, 0.5]), np.array([3, 0])), "counts .* must be at least 1 for each"),
        (lambda: stratified_samples(np.array([0.5, 0.6]), np.array([3, 1])), "the sum of target_mix must be 1"),
        (lambda: stratified_samples(np.array([0.5, 0.5]), np.array([3])), "as many types as each other"),
        (lambda: stratified_scene_samples(np.array([0.5, 0.5]), np.array([[3, 0]])), "the sum of counts of a type"),
        (lambda: chromatic_samples(10, 11.0), "chromatic must be at most the questions, got 11.0"),
        (lambda: chromatic_samples(10, 0.5), "chromatic must be at least 1, got 0.5"),
        (lambda: chromatic_published(2.0, 1.0, 10, 2.0, 0.1), r"empirical_risk must be in \[0, 1\], got 2.0"),
        (lambda: stratified_certificate(np.ones(3), np.ones(1), np.ones(1), 0.0, 0.1), "as many types as target_mix"),
        (lambda: random_size_certificate(5.0, 4.0, 10.0, 1.0, 9, 0.1), "weighted_risk must be from 0 to mean_size"),
        (lambda: random_size_certificate(0.5, 11.0, 10.0, 1.0, 9, 0.1), "mean_size must be from 1 to largest_size"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
