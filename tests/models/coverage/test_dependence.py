"""The settings of dependence: their laws, their draws, and what is tried on them."""

import dataclasses
import itertools
import math

import pytest
import torch
from scipy.stats import binom, binomtest

from spacelib.bounds import kl_certificate
from spacelib.models.coverage.dependence import BEST, FIXED, GIBBS, Reading, Setting, counting, measure
from spacelib.models.coverage.settings import round_robin, scenes_of, settings

SETTINGS = list(settings())


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.detail)
def test_draws_have_the_law_that_is_summed(setting):
    """Every statistic's mean over 2,000 draws of 2 models is its expectation, up to five standard errors.

    And that of a valid reading of one statistic is the risk that it certifies.
    """
    outcomes, law = setting.outcomes()
    assert law.sum().item() == pytest.approx(1, abs=1e-9) and (law >= 0).all()
    mean = law @ outcomes
    spread = (law @ (outcomes - mean) ** 2).sqrt()
    drawn = setting.draw(2000, 2, torch.Generator().manual_seed(1))
    assert drawn.shape == (2000, 2, outcomes.shape[1])
    # sizes of scenes are the same for both models, so only repetitions count
    assert ((drawn.mean((0, 1)) - mean).abs() <= 5 * spread / math.sqrt(2000) + 1e-12).all()
    for reading in setting.readings:
        if reading.valid and len(reading.columns) == 1:
            assert mean[reading.columns[0]].item() == pytest.approx(reading.risk, rel=1e-9), reading.name


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.5, 1.0])
def test_questions_of_a_scene_have_the_correlation(correlation):
    """The variance of the share is p (1 - p) (1 + (s - 1) rho)/(m s), by summation."""
    outcomes, law = scenes_of(((7, 6),), 0.3, math.sqrt(correlation))["outcomes"]()
    variance = (law @ (outcomes[:, 0] - 0.3) ** 2).item()
    assert variance == pytest.approx(0.21 * (1 + 5 * correlation) / 42, rel=1e-9)


def test_questions_mislead_by_summation():
    outcomes, law = scenes_of(((20, 50),), 0.5)["outcomes"]()
    naive = kl_certificate(outcomes[:, 0], 0.0, 1000, 0.05, constant="sqrt")
    assert law[naive < 0.5].sum().item() == pytest.approx(131975 / 524288, rel=1e-12)


def test_pairs_are_coloured():
    """Every pair once, no scene twice in a round: an exact cover by as many classes as a scene has partners."""
    for scenes in (2, 4, 10, 40):
        rounds = round_robin(scenes)
        assert len(rounds) == scenes - 1
        assert all(sorted(itertools.chain(*pairs)) == list(range(scenes)) for pairs in rounds)
        met = sorted(tuple(sorted(pair)) for pairs in rounds for pair in pairs)
        assert met == list(itertools.combinations(range(scenes), 2))


def test_the_best_of_many_is_summed_through_one():
    """Of 3 models of 5 coins, all 216 outcomes by hand."""
    law, size, models = binom.pmf(range(6), 5, 0.5), 5, 3
    reading = Reading("free", counting(size), 0.5, size, posteriors=(BEST,), free=True)
    setting = Setting("toy", "toy", readings=(reading,), models=models, deltas=(0.5,), **scenes_of(((size, 1),), 0.5))
    row = next(measure(setting, 0, 4000))
    bounds = kl_certificate(torch.arange(6).double() / 5, 0.0, size, 0.5, constant="sqrt")
    failing = [k for k in range(6) if bounds[k] < 0.5]
    by_hand = sum(
        law[a] * law[b] * law[c] for a, b, c in itertools.product(range(6), repeat=3) if min(a, b, c) in failing
    )
    assert 0 < by_hand < 1 and row["exact"] == pytest.approx(by_hand, rel=1e-12)
    assert binomtest(row["failures"], 4000, by_hand).pvalue > 1e-3


def test_a_gibbs_posterior_pays_its_complexity():
    """Any of them fails at most as often as delta says; were none paid for, the best of a thousand fails often."""
    independent = SETTINGS[0]
    reading = independent.readings[0]
    for free in (False, True):
        tried = dataclasses.replace(reading, posteriors=(GIBBS, FIXED), free=free)
        # a Gibbs posterior that is not paid for is the best model's, as the last of those tried
        setting = dataclasses.replace(independent, readings=(tried,), models=400, deltas=(0.1,))
        gibbs = next(measure(setting, 3, 1000))
        test = binomtest(gibbs["failures"], 1000, 0.1, alternative="less" if not free else "greater")
        assert test.pvalue < 1e-3
