"""Naive intervals: their misses by two routes, exactly where scenes repeat one question, and in the shipped table."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import stats
from mark_counts import marks

from spacelib.audit import log_certificate, naive_misses, naive_misses_table
from spacelib.audit.tabulate_naive import REPETITIONS, SCENES, measure, settings


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.oracle
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_misses_are_those_of_the_bounds_themselves(side):
    """The same draws, each bound computed and compared with the truth."""
    counts, scenes, repetitions, delta = settings()[-2], 30, 25, 0.2
    found = naive_misses(counts, scenes, repetitions, side=side, delta=delta, generator=generator(1))
    drawn = torch.randint(len(counts.asked), (repetitions, scenes), generator=generator(1)).numpy()
    missed = np.zeros(4)
    for rows in drawn:
        of = log_certificate(marks(counts.asked[rows], counts.right[rows]), delta=delta)
        truths = [(of.naive, found.question_risk), (of.naive_exact, found.question_risk)]
        truths += [(of.question, found.question_risk), (of.scene, found.scene_risk)]
        missed += [b.upper < truth if side == "upper" else b.lower > truth for b, truth in truths]
    shares = [found.naive, found.naive_exact, found.question, found.scene]
    assert (missed / repetitions).tolist() == shares and missed[:2].min() > 0


@pytest.mark.coverage
def test_scenes_that_repeat_one_question():
    """50 copies of a question, risk 1/2, 20 scenes: the naive bounds miss as exact binomial sums say."""
    counts = marks([50] * 10, [50] * 5 + [0] * 5)
    found = naive_misses(counts, 20, 4000, generator=generator())
    k = np.arange(21)
    mass = stats.binom.pmf(k, 20, 0.5)
    beyond = 1000 * (k / 20 * np.log(np.maximum(k, 1) / 10) + (1 - k / 20) * np.log(np.maximum(20 - k, 1) / 10))
    exact = {
        "naive": mass[(k < 10) & (beyond > math.log(20))].sum(),
        "naive_exact": mass[stats.binom.cdf(50 * k, 1000, 0.5) < 0.05].sum(),
        "question": mass[(k < 10) & (beyond / 50 > math.log(20))].sum(),
        "scene": mass[(k < 10) & (beyond / 50 > math.log(20))].sum(),
    }
    assert found.design_effect == pytest.approx(50) and exact["naive"] > 0.2 and exact["scene"] < 0.05
    for name, share in exact.items():
        assert abs(getattr(found, name) - share) <= 4 * math.sqrt(share * (1 - share) / 4000) + 1e-12


@pytest.mark.coverage
def test_independent_questions_do_no_harm():
    counts = marks([1] * 100, [1] * 60 + [0] * 40)
    most = stats.binom.isf(1e-4, 4000, 0.05) / 4000
    for side in ("lower", "upper"):
        found = naive_misses(counts, 50, 4000, side=side, generator=generator(2))
        assert found.naive == found.scene <= found.naive_exact <= most and found.design_effect == pytest.approx(1)


def test_the_shipped_table_follows_from_the_counts():
    """One log and one pool measured again; the table has all."""
    table = naive_misses_table()
    per_log = 2 * len(SCENES)
    assert len(table) == per_log * len(settings()) and (table["repetitions"] == REPETITIONS).all()
    for number in (0, len(settings()) - 2):
        rows = table.iloc[per_log * number : per_log * (number + 1)].reset_index(drop=True)
        pd.testing.assert_frame_equal(rows, measure(number), rtol=1e-5, check_dtype=False)


@pytest.mark.long
def test_the_whole_shipped_table_follows_from_the_counts():
    found = pd.concat([measure(number) for number in range(len(settings()))], ignore_index=True)
    pd.testing.assert_frame_equal(naive_misses_table(), found, rtol=1e-5, check_dtype=False)


def test_what_the_table_says():
    """Bounds over scenes miss no more than delta anywhere; naive ones of pooled models do, of single ones not."""
    table = naive_misses_table()
    most = stats.binom.isf(1e-4 / len(table), REPETITIONS, 0.05) / REPETITIONS
    assert (table[["scene", "question"]] <= most).all(axis=None)
    pool = table["model"] == "11 models"
    assert (table.loc[pool, "naive_exact"] > most).all() and (table.loc[pool, "design_effect"] > 2.5).all()
    assert (table.loc[~pool, "naive_exact"] <= most).all() and table.loc[~pool, "design_effect"].max() < 1.2


@pytest.mark.parametrize(("change", "message"), [
    ({"scenes": 0}, "at least 1, got 0 and 5"),
    ({"repetitions": 0}, "at least 1, got 3 and 0"),
    ({"side": "both"}, "side must be 'lower' or 'upper', got 'both'"),
    ({"delta": 1.0}, r"delta must be in \(0, 1\), got 1.0"),
])
def test_wrong_arguments_are_named(change, message):
    settings = {"scenes": 3, "repetitions": 5, "side": "upper", "delta": 0.1} | change
    with pytest.raises(ValueError, match=message):
        naive_misses(marks([1], [1]), **settings, generator=generator())
