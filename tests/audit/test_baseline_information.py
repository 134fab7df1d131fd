"""What frames brought, against laws whose information is known; what a log resolves, against its formula."""

import math
from dataclasses import replace

import numpy as np
import pytest
from audit_sheets import lettered
from scipy import stats

from spacelib.audit import information_beyond
from spacelib.audit.baseline import over_blind
from spacelib.audit.resolution import observed_design_effect
from spacelib.bounds import kl
from spacelib.estimators import Estimate


def test_an_answer_that_repeats_the_blind_one_tells_nothing_more():
    truth = np.tile(np.arange(4), 100)
    blind = np.where(np.arange(400) % 3 == 0, truth, 0)
    sheet = lettered(blind, truth)
    assert information_beyond(sheet, sheet).estimate == 0


def test_right_answers_bring_all_that_a_constant_leaves():
    truth = np.tile(np.arange(4), 100)
    found = information_beyond(lettered(truth, truth), lettered(np.zeros(400, int), truth))
    assert found.estimate == pytest.approx(math.log(4), abs=4**2 / 400) and found.interval[1] <= math.log(4)


def test_it_is_the_difference_of_two_informations():
    draw = np.random.default_rng(0)
    truth, blind, said = draw.integers(3, size=(3, 600))
    said, blind = np.where(draw.random(600) < 0.5, truth, said), np.where(draw.random(600) < 0.4, truth, blind)

    def corrected(x, y):
        """Miller and Madow's estimate from the definition."""
        cells = [np.unique(z, return_counts=True, axis=0)[1] for z in (np.stack([x, y], 1), x[:, None], y[:, None])]
        entropies = [-(c / 600 * np.log(c / 600)).sum() + (len(c) - 1) / 1200 for c in cells]
        return entropies[1] + entropies[2] - entropies[0]

    expected = corrected(3 * said + blind, truth) - corrected(blind, truth)
    assert information_beyond(lettered(said, truth), lettered(blind, truth)).estimate == pytest.approx(expected, abs=1e-12)


@pytest.mark.coverage
def test_the_truth_lies_within_the_interval():
    """The truth is known from the question in half of the scenes, from the frames in half of the rest: ln 4 / 4.

    Of 60 sets of 150 scenes of 2 5 % may miss; one false alarm in a thousand.
    """
    draw, misses = np.random.default_rng(1), 0
    scene = np.repeat(np.arange(150), 2)
    for _ in range(60):
        truth = draw.integers(4, size=300)
        asked, seen = (np.repeat(draw.random(150) < 0.5, 2) for _ in range(2))
        blind = np.where(asked, truth, 4)  # it answers nothing where the question does not tell
        said = np.where(asked | seen, truth, 4)
        low, high = information_beyond(lettered(said, truth, scene), lettered(blind, truth, scene), resamples=200).interval
        misses += not low <= math.log(4) / 4 <= high
    assert misses <= stats.binom.isf(1e-3, 60, 0.05), misses


def test_free_answers_have_no_information():
    free = replace(lettered(np.zeros(4, int), np.zeros(4, int)), answer=None)
    assert information_beyond(free, free) is None


def test_over_the_blind_accuracy():
    def of(low, high):
        return Estimate((low + high) / 2, (low, high), 0.1, 100, "")

    assert over_blind(of(0.6, 0.8), of(0.2, 0.4)) == pytest.approx(kl(0.6, 0.4), rel=1e-12)
    assert over_blind(of(0.3, 0.8), of(0.2, 0.4)) == over_blind(of(0.9, 1.0), of(0.9, 1.0)) == 0
    assert over_blind(of(0.6, 0.8), of(0.0, 0.0)) > 100


def test_the_design_effect_by_hand():
    truth = np.zeros(8, int)
    together = lettered(np.array([0, 0, 0, 0, 4, 4, 4, 4]), truth, np.repeat([0, 1, 2, 3], 2))
    assert observed_design_effect(together) == pytest.approx(4 / 3 * 2)  # pairs that go together, and m/(m - 1)
    balanced = lettered(np.array([0, 4, 0, 4, 0, 4, 0, 4]), truth, np.repeat([0, 1, 2, 3], 2))
    assert observed_design_effect(balanced) == 1  # never below that of independent ones
    assert observed_design_effect(lettered(truth, truth)) == 1
