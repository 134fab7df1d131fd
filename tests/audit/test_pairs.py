"""Paired tests: exact against enumeration, Holm by hand, coverage and family-wise error under no difference."""

import itertools
import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from spacelib.audit import holm, paired_tests
from spacelib.audit.pairs import FLIPS, _step, sign_flip_p_value
from spacelib.audit.sheets import Asked, Sheet


def pair(first, second, scene, named=True):
    """Two sheets of the same questions with these scores."""
    scene = np.asarray(scene)
    asked = Asked("a log", "a benchmark", "a task", pd.DataFrame(), scene, np.arange(scene.max() + 1) if named else None)
    return [Sheet(asked, "a log", name, np.asarray(c, dtype=float), None, None, 0) for name, c in zip("ab", (first, second))]


def enumerated(differences):
    """The two-sided p-value from every choice of signs."""
    sums = [sum(s * d for s, d in zip(signs, differences)) for signs in itertools.product((-1, 1), repeat=len(differences))]
    return np.mean([abs(value) >= abs(sum(differences)) - 1e-9 for value in sums])


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(20))
def test_the_exact_value_is_that_of_every_choice_of_signs(seed):
    draw = np.random.default_rng(seed)
    whole = draw.integers(-4, 5, draw.integers(1, 11))
    assert sign_flip_p_value(whole.astype(float), 1.0)[0] == pytest.approx(enumerated(whole), rel=1e-12)
    tenths = whole / 10
    assert sign_flip_p_value(tenths, 0.1)[0] == pytest.approx(enumerated(whole), rel=1e-12)


@pytest.mark.oracle
def test_single_questions_give_mcnemars_exact_test():
    draw = np.random.default_rng(0)
    a, b = draw.random(500) < 0.6, draw.random(500) < 0.5
    first, second = pair(a, b, np.arange(500))
    (found,) = paired_tests([first, second], [(0, 1)])
    only = int((a & ~b).sum()), int((b & ~a).sum())
    assert found.p_value == pytest.approx(stats.binomtest(only[0], sum(only), 0.5).pvalue, rel=1e-10)
    assert found.difference.estimate == pytest.approx(a.mean() - b.mean()) and found.agreement == (a == b).mean()
    assert (found.items, found.scenes, found.method) == (500, 500, "exact sign flips")


def test_fast_convolutions_are_never_too_small():
    """Two differences over many scenes: direct sums and fast ones; the latter may exceed by 1e-8 at most."""
    draw = np.random.default_rng(1)
    differences = draw.choice([-9.0, -7.0, 0.0, 7.0, 9.0], 6000)
    differences[:40] = 9.0
    fast, _ = sign_flip_p_value(differences, 1.0)
    sizes = np.array([np.sum(np.abs(differences) == 7), np.sum(np.abs(differences) == 9)])
    sevens, nines = (np.arange(n + 1) for n in sizes)
    laws = [stats.binom.pmf(k, n, 0.5) for k, n in zip((sevens, nines), sizes)]
    sums = 7 * (2 * sevens - sizes[0])[:, None] + 9 * (2 * nines - sizes[1])
    exact = np.outer(*laws)[np.abs(sums) >= abs(differences.sum())].sum()
    assert exact <= fast <= exact + 2e-8


def test_lattices_are_found_and_what_lies_on_none_is_drawn():
    assert _step(np.array([0.0, 1.0, -1.0])) == 1 and _step(np.array([0.1, 0.3, 1.0]) - 0.2) == pytest.approx(0.1)
    assert _step(np.array([1 / 3, 0.5])) == pytest.approx(1 / 6) and _step(np.array([math.pi / 4, 0.5])) is None
    draw = np.random.default_rng(2)
    scores = draw.random((2, 60))
    (found,) = paired_tests(pair(*scores, np.arange(60) // 2), [(0, 1)])
    assert found.method == "9,999 draws of signs" and 1 / (1 + FLIPS) <= found.p_value <= 1
    whole = draw.integers(-3, 4, 30).astype(float)
    exact, drawn = sign_flip_p_value(whole, 1.0)[0], sign_flip_p_value(whole, None)[0]
    assert abs(drawn - exact) < 4 * math.sqrt(exact * (1 - exact) / FLIPS) + 1 / FLIPS  # four standard errors


def test_rounding_is_no_difference():
    """Scores off any lattice whose differences cancel, within scenes of three or over all scenes: p = 1."""
    draw = np.random.default_rng(7)
    scores = draw.random((50, 3))
    (found,) = paired_tests(pair(scores.ravel(), np.roll(scores, 1, axis=1).ravel(), np.arange(150) // 3), [(0, 1)])
    assert found.p_value == 1 and found.difference.estimate == 0
    apart = draw.random(7)
    cancelling = draw.permutation(np.concatenate([apart, -apart[:5], [-apart[5] - apart[6]]]))
    assert 0 < abs(cancelling.sum()) < 1e-15 and sign_flip_p_value(cancelling, None)[0] == 1


def test_equal_answers_and_one_scene():
    same = np.array([1, 0, 1, 0])
    (found,) = paired_tests(pair(same, same, [0, 0, 1, 1]), [(0, 1)])
    assert found.p_value == 1 and found.agreement == 1 and math.isinf(found.resolvable)
    low, high = found.difference.interval
    assert low < 0 < high  # scenes that differ may not have been met
    (found,) = paired_tests(pair([1, 1, 1], [0, 0, 0], [0, 0, 0]), [(0, 1)])
    assert found.p_value == 1 and found.difference.interval == (-1, 1) and math.isinf(found.difference.standard_error)


def test_scenes_are_the_units():
    """Ten questions a scene that all go together tell as much as one."""
    draw = np.random.default_rng(3)
    a, b = draw.integers(0, 2, 40), draw.integers(0, 2, 40)
    (once,), (tenfold,) = (
        paired_tests(pair(np.repeat(a, n), np.repeat(b, n), np.repeat(np.arange(40), n)), [(0, 1)]) for n in (1, 10)
    )
    assert tenfold.p_value == pytest.approx(once.p_value, rel=1e-12)
    assert tenfold.difference.interval == pytest.approx(once.difference.interval, abs=1e-12)
    assert tenfold.resolvable == pytest.approx(once.resolvable, rel=1e-12)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([0.5, 0.9]) == pytest.approx([1.0, 1.0]) and len(holm([])) == 0


def shared_luck(draw, models, scenes, asked):
    """Scores (models, questions) with one success rate for all, which answers of a scene share within a model."""
    rate = draw.beta(1.0, 1.0, (models, scenes, 1))
    return (draw.random((models, scenes, asked)) < rate).reshape(models, -1)


@pytest.mark.coverage
def test_the_family_wise_error_under_no_difference():
    """Five equal models, ten tests, 60 scenes of 3 that vary together: any rejection in 5 % of 400 sets at most.

    One false alarm of this test in a thousand.
    """
    draw, scene, wrong = np.random.default_rng(4), np.repeat(np.arange(60), 3), 0
    for _ in range(400):
        scores = shared_luck(draw, 5, 60, 3)
        by_scene = [np.bincount(scene, weights=row) for row in scores]
        p = [sign_flip_p_value(a - b, 1.0)[0] for a, b in itertools.combinations(by_scene, 2)]
        wrong += holm(p).min() <= 0.05
    assert wrong <= stats.binom.isf(1e-3, 400, 0.05), wrong


@pytest.mark.coverage
def test_questions_as_units_would_err_more():
    """The same sets with every question its own scene: the error is far above 5 %, so the test above can fail."""
    draw, wrong = np.random.default_rng(4), 0
    for _ in range(400):
        scores = shared_luck(draw, 5, 60, 3)
        p = [sign_flip_p_value(a.astype(float) - b, 1.0)[0] for a, b in itertools.combinations(scores, 2)]
        wrong += holm(p).min() <= 0.05
    assert wrong > stats.binom.isf(1e-3, 400, 0.05), wrong


@pytest.mark.coverage
def test_the_interval_of_a_difference_covers():
    """True difference 0.2, 80 scenes of 2: at most 5 % of 200 sets miss it, one false alarm in a thousand."""
    draw, scene, misses = np.random.default_rng(5), np.repeat(np.arange(80), 2), 0
    for _ in range(200):
        luck = draw.random((80, 1))
        a, b = (((luck + draw.random((80, 2))) / 2 < threshold).ravel() for threshold in (0.6, 0.4482))
        (found,) = paired_tests(pair(a, b, scene), [(0, 1)], resamples=400)
        truth = _below(0.6) - _below(0.4482)
        low, high = found.difference.interval
        misses += not low <= truth <= high
    assert misses <= stats.binom.isf(1e-3, 200, 0.05), misses


def _below(x):
    """P((U + V)/2 < x) of two independent uniform numbers."""
    return 2 * x * x if x <= 0.5 else 1 - 2 * (1 - x) ** 2


def test_many_pairs_at_once_are_the_pairs_alone():
    draw = np.random.default_rng(6)
    scene = np.repeat(np.arange(30), 2)
    asked = pair(np.zeros(60), np.zeros(60), scene)[0].asked
    sheets = [Sheet(asked, "", "", draw.integers(0, 2, 60).astype(float), None, None, 0) for _ in range(4)]
    pairs = list(itertools.combinations(range(4), 2))
    together = paired_tests(sheets, pairs, seed=3)
    alone = [paired_tests(sheets, [one], seed=3)[0] for one in pairs]
    assert together == alone and paired_tests(sheets, []) == []
