"""The cluster bootstrap and the accuracy over scenes."""

import math

import numpy as np
import pytest
import torch
from scipy import stats

from spacelib.estimators import accuracy
from spacelib.estimators.channels import clustered_cells
from spacelib.estimators.cluster import bootstrap_totals, mean_interval


def test_resamples_are_whole_clusters():
    """Totals 1, 10, 100, ... of as many clusters: the digits of a resampled total are multinomial counts."""
    totals = (10.0 ** torch.arange(5, dtype=torch.float64))[:, None]
    draws = bootstrap_totals(totals, lambda t: t[:, 0], 3000, torch.Generator().manual_seed(0))
    digits = torch.stack([(draws // 10**k) % 10 for k in range(5)], 1)
    assert bool((digits.sum(1) == 5).all())
    # each count is binomial(5, 1/5): mean 1, variance .8; the mean over 3000 draws has sd sqrt(.8/3000), here five of them
    assert bool(((digits.mean(0) - 1).abs() < 5 * math.sqrt(0.8 / 3000)).all())
    # the sample variance of 3000 draws: relative sd about sqrt((kurtosis - 1)/3000), kurtosis 3 + (1 - 6·.16)/.8 = 3.05
    assert bool(((digits.var(0) - 0.8).abs() < 5 * 0.8 * math.sqrt(2.05 / 3000)).all())


@pytest.mark.oracle
def test_standard_error_against_the_ratio_estimators_formula():
    random = np.random.default_rng(0)
    scene = random.integers(0, 300, 2000)
    scene = np.unique(scene, return_inverse=True)[1]
    scores = (random.random(2000) < random.random(300)[scene]).astype(float)
    result = accuracy(scores, clusters=scene, resamples=3000)
    sums, sizes = np.bincount(scene, scores), np.bincount(scene)
    residual = sums - sizes * scores.mean()
    formula = math.sqrt((residual**2).sum()) / len(scores)
    assert result.estimate == pytest.approx(scores.mean(), rel=1e-14)
    # 4000 resamples: relative error sqrt(1/8000), five of them; linearisation: order 1/clusters
    assert result.standard_error == pytest.approx(formula, rel=5 / math.sqrt(8000) + 3 / 300)
    # clusters matter here: items taken as independent would claim too little
    assert result.standard_error > 1.5 * accuracy(scores).standard_error


def test_duplicating_every_item_within_its_scene_adds_no_certainty():
    generator = torch.Generator().manual_seed(0)
    scores, scene = torch.rand(200, generator=generator) < 0.6, torch.arange(200)
    once = accuracy(scores, clusters=scene)
    many = accuracy(scores.repeat(7), clusters=scene.repeat(7))
    assert many.interval == pytest.approx(once.interval, rel=1e-12) and many.samples == 7 * once.samples


@pytest.mark.oracle
@pytest.mark.parametrize(("right", "items"), [(1, 30), (95, 100), (990, 1000)])
def test_single_items_with_one_more_right_and_one_wrong_against_scipy(right, items):
    scores = np.arange(items) < right
    more = np.append(scores, [True, False])
    low, high = stats.t.interval(0.95, items - 1, more.mean(), stats.sem(more))
    result = accuracy(scores)
    # the hull holds it, and far from the nearer end of [0, 1] the bootstrap reaches less far
    assert result.interval[0] <= max(low, 0.0) + 1e-12 and min(high, 1.0) - 1e-12 <= result.interval[1]
    if 2 * right < items:
        assert result.interval[1] == pytest.approx(high, abs=1e-12)
    else:
        assert result.interval[0] == pytest.approx(low, abs=1e-12)


@pytest.mark.oracle
@pytest.mark.parametrize("span", [(0.0, 1.0), (-3.0, 1.0)])
def test_pseudo_scenes_of_unequal_scenes_by_hand(span):
    """One scene of 40 wrong as a whole: far from the end the interval is the pseudo-scenes', on any scale."""
    random = np.random.default_rng(0)
    sizes = random.integers(1, 20, 40).astype(float)
    share = np.where(np.arange(40) == 0, 0.0, random.uniform(0.9, 1.0, 40))
    n = np.append(sizes, [sizes.mean(), sizes.mean()])
    s = n * np.append(share, [0.0, 1.0])
    centre = s.sum() / n.sum()
    error = math.sqrt(42 / 41 * ((s - centre * n) ** 2).sum()) / n.sum()
    want = centre - stats.t.ppf(0.975, 39) * error
    width = span[1] - span[0]
    totals = torch.tensor(np.stack([sizes * (span[0] + width * share), sizes], -1))
    mean, low, high, _ = mean_interval(totals, span, 1000, torch.Generator().manual_seed(0))
    assert low.item() == pytest.approx(span[0] + width * want, abs=1e-12)
    assert mean.item() == pytest.approx(span[0] + width * (sizes * share).sum() / sizes.sum(), abs=1e-12)
    assert low < mean < high <= span[1]


def test_scenes_all_alike_are_not_certainty():
    """Half of every scene right: nothing varies, and up to q = 1 - .025^(1/10) of other scenes may be unlike these."""
    result = accuracy(np.tile([1, 0], 10), clusters=np.repeat(np.arange(10), 2))
    q = 1 - 0.025**0.1
    assert result.interval == pytest.approx((0.5 - 0.5 * q, 0.5 + 0.5 * q)) and result.standard_error == 0.0


def test_all_right_is_not_certainty():
    result = accuracy(np.ones(30, dtype=bool), clusters=np.repeat(np.arange(10), 3))
    assert result.estimate == 1.0 and result.interval == (pytest.approx(0.025**0.1), 1.0)
    assert accuracy(np.zeros(30)).interval == (0.0, pytest.approx(1 - 0.025 ** (1 / 30)))
    one = accuracy(np.array([1.0, 0.0]), clusters=np.array([4, 4]))
    assert one.interval == (0.0, 1.0) and one.standard_error == math.inf


@pytest.mark.coverage
@pytest.mark.parametrize(("scenes", "size", "spread"), [(100, 1, 0.0), (100, 5, 0.25)])
def test_coverage_over_scenes(scenes, size, spread):
    """300 data sets: scene accuracies 0.7 ± spread, items independent given the scene.

    The bootstrap's error at 100 scenes is of order 1/100 beside its nominal .95; allowed is coverage below .93 by no
    more than 3.1 standard errors of 300 draws (one false alarm in a thousand).
    """
    generator = torch.Generator().manual_seed(1)
    hits = 0
    for _ in range(300):
        centre = 0.7 + spread * (2 * (torch.rand(scenes, generator=generator) < 0.5).double() - 1)
        scores = torch.rand(scenes, size, generator=generator) < centre[:, None]
        low, high = accuracy(
            scores.flatten(), clusters=torch.arange(scenes).repeat_interleave(size), resamples=300, generator=generator
        ).interval
        hits += low <= 0.7 <= high
    assert hits / 300 > 0.93 - 3.1 * math.sqrt(0.93 * 0.07 / 300)


@pytest.mark.coverage
@pytest.mark.parametrize("scenes", [30, 100])
def test_coverage_where_few_scenes_are_wrong_as_a_whole(scenes):
    """1000 data sets of 10 items a scene, accuracy .975, correlation .5: an item repeats its scene's own result or not.

    Allowed is coverage below .92 by no more than 3.1 binomial standard errors (one false alarm in a thousand).
    """
    generator = torch.Generator().manual_seed(1)
    right = clustered_cells(generator, torch.tensor([[0.975, 0.025]]), 1000, scenes, 10, 0.5) == 0
    totals = torch.stack([right.double().sum(-1), torch.full((1000, scenes), 10.0, dtype=torch.float64)], -1)
    _, low, high, _ = mean_interval(totals, (0.0, 1.0), 200, generator)
    covered = ((low <= 0.975) & (high >= 0.975)).double().mean().item()
    assert covered >= 0.92 - 3.1 * math.sqrt(0.92 * 0.08 / 1000)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: accuracy(np.array([0.5, 1.5])), ValueError, "scores must be in \\[0, 1\\], got 1.5 at index 1"),
        (lambda: accuracy(np.array([0.5, math.nan])), ValueError, "got nan at index 1"),
        (lambda: accuracy(np.ones((2, 2))), ValueError, "shape \\(samples,\\)"),
        (lambda: accuracy([1, 0]), TypeError, "got list"),
        (lambda: accuracy(np.ones(3), clusters=np.arange(4)), ValueError, "clusters must have 3 samples like scores, got 4"),
        (lambda: accuracy(np.ones(3), clusters=np.ones(3)), TypeError, "clusters must hold integer codes"),
        (lambda: accuracy(np.ones(3), resamples=1), ValueError, "resamples must be at least 100"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call()
