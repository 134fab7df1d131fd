"""The relabelling gain: channels whose optimal gain is known, what it is on average, coverage, the border, errors."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
from channels import joint_sample
from hypothesis import given
from hypothesis import strategies as st

from spacelib.estimators import accuracy, relabelling_gain
from spacelib.estimators.relabelling import _best_map

UNIFORM = torch.full((4,), 0.25, dtype=torch.float64)
SKEWED = torch.tensor([0.5, 0.3, 0.15, 0.05], dtype=torch.float64)
EYE = torch.eye(4, dtype=torch.float64)
# joint laws (truth, answer), and the gain of their best map: sum_a max_t p(t, a) - A
CHANNELS = {
    "right": (UNIFORM[:, None] * EYE, 0.0),
    "noisy": (UNIFORM[:, None] * (0.6 * EYE + 0.4 * UNIFORM), 0.0),
    "shifted": (UNIFORM[:, None] * (0.6 * EYE.roll(1, 1) + 0.4 * UNIFORM), 0.6),
    "independent": (SKEWED[:, None] * UNIFORM, 0.25),
}


@pytest.mark.parametrize("name", CHANNELS)
def test_large_samples_find_the_optimal_gain(name):
    law, gain = CHANNELS[name]
    best = (law.max(0).values.sum() - law.diagonal().sum()).item()
    assert best == pytest.approx(gain, abs=1e-12)
    truth, answer, scene = joint_sample(torch.Generator().manual_seed(0), law, 2000, 3)
    result = relabelling_gain(answer, truth, clusters=scene, resamples=200)
    # the best map leads by .04 a row of 1500 items at least, so it is learned: left is the noise of 6000 gains in [-1, 1]
    assert result.estimate == pytest.approx(gain, abs=4 / math.sqrt(6000))
    if name in ("right", "noisy"):
        assert result.estimate == 0.0
    assert result.interval[0] <= result.estimate <= result.interval[1] and result.samples == 6000


def by_hand(answer, truth, scene, fold):
    """Cross-fitting with dictionaries, one item at a time; ties as documented. Shares no code with the library."""
    gains = []
    for a, t, s in zip(answer, truth, scene, strict=True):
        others = [(b, u) for b, u, c in zip(answer, truth, scene, strict=True) if fold[c] != fold[s]]
        truths = Counter(u for _, u in others)
        seen = Counter(u for b, u in others if b == a)
        best = max(sorted(truths), key=lambda u, a=a, seen=seen, truths=truths: (seen[u], u == a, truths[u]))
        gains.append((best == t) - (a == t))
    return sum(gains) / len(gains)


@pytest.mark.oracle
@given(st.integers(0, 10**6))
def test_against_cross_fitting_by_hand(seed):
    random = np.random.default_rng(seed)
    n, scenes = int(random.integers(4, 40)), int(random.integers(2, 8))
    scene = np.unique(random.integers(0, scenes, n), return_inverse=True)[1]
    answer, truth = random.integers(-1, 4, n), random.integers(0, 3, n)
    if scene.max() == 0:
        return
    result = relabelling_gain(answer, truth, clusters=scene, folds=3, resamples=100)
    order = torch.randperm(scene.max() + 1, generator=torch.Generator().manual_seed(0))
    fold = (order % min(3, scene.max() + 1)).tolist()
    assert result.estimate == pytest.approx(by_hand(answer.tolist(), truth.tolist(), scene.tolist(), fold), abs=1e-12)


def test_a_map_for_each_condition():
    """One kind of question answered right, the other inverted: no single map helps, one for each kind sets all right."""
    truth = torch.arange(400) % 2
    kind = torch.arange(400) // 2 % 2
    answer = torch.where(kind == 1, 1 - truth, truth)
    assert relabelling_gain(answer, truth).estimate <= 0.0
    assert relabelling_gain(answer, truth, condition=kind).estimate == 0.5


def test_unanswered_is_a_symbol_like_others():
    """Code -1 wherever the truth is 2: answering 2 there sets a third of all right."""
    truth = torch.arange(300) % 3
    assert relabelling_gain(torch.where(truth == 2, -1, truth), truth).estimate == pytest.approx(1 / 3)


def test_ties_and_symbols_not_met():
    counts = torch.tensor([[[2.0, 2, 0], [3, 3, 4], [0, 0, 0], [0, 0, 0]]], dtype=torch.float64)
    # a tie goes to the answer itself; else to the most counts; unseen: itself, or the most frequent truth (0 and 1 tie: 0)
    assert _best_map(counts, torch.tensor([1, 0, 2, 0])).tolist() == [[1, 2, 2, 0]]
    rare = torch.tensor([[[0.0, 1, 0], [0, 5, 0], [0, 0, 0]]], dtype=torch.float64)
    assert _best_map(rare, torch.tensor([0, 1, 2])).tolist() == [[1, 1, 1]]  # symbol 2 is no truth: 1 is the most frequent


@pytest.mark.property
def test_too_low_when_held_out_and_too_high_in_sample():
    """Means of 300 data sets of 60 items: cross-fitted <= optimal <= in-sample, each beyond four standard errors or exact."""
    law, optimal = CHANNELS["independent"]
    generator = torch.Generator().manual_seed(0)
    held_out, inside = [], []
    for _ in range(300):
        truth, answer, scene = joint_sample(generator, law, 60, 1)
        held_out.append(relabelling_gain(answer, truth, clusters=scene, resamples=100, generator=generator).estimate)
        counts = torch.zeros(4, 4).index_put_((answer, truth), torch.ones(()), accumulate=True)
        inside.append(((counts.max(1).values.sum() - counts.diagonal().sum()) / 60).item())
    for values, sign in ((held_out, -1), (inside, 1)):
        assert sign * (np.mean(values) - optimal) > 4 * np.std(values) / math.sqrt(300)


@pytest.mark.coverage
@pytest.mark.parametrize(("name", "size", "correlation"), [("shifted", 1, 0.0), ("independent", 3, 0.5)])
def test_coverage(name, size, correlation, monkeypatch):
    """100 scenes, 200 data sets: the gain of the learned maps on the law itself; and the optimal gain from below.

    Allowed is a share below .92, or of lower ends above the optimum beyond .025, by no more than 3.1 binomial standard
    errors (one false alarm in a thousand).
    """
    law, optimal = CHANNELS[name]
    learned = []
    original = _best_map
    monkeypatch.setattr(
        "spacelib.estimators.relabelling._best_map", lambda *tables: learned.append(original(*tables)) or learned[-1]
    )
    generator = torch.Generator().manual_seed(1)
    hits = beyond = 0
    for _ in range(200):
        truth, answer, scene = joint_sample(generator, law, 100, size, correlation)
        low, high = relabelling_gain(answer, truth, clusters=scene, resamples=200, generator=generator).interval
        assert learned[-1].shape == (10, 4)  # all four answers occur, so rows and symbols are the letters
        true = law[learned[-1], torch.arange(4)].sum(-1).mean() - law.diagonal().sum()
        hits += low <= true <= high
        beyond += low > optimal
    assert hits / 200 >= 0.92 - 3.1 * math.sqrt(0.92 * 0.08 / 200)
    assert beyond / 200 <= 0.025 + 3.1 * math.sqrt(0.025 * 0.975 / 200)


def test_one_scene_one_class_and_the_same_figures_again():
    truth = torch.tensor([0, 1, 0, 1])
    one = relabelling_gain(1 - truth, truth, clusters=torch.zeros(4, dtype=torch.int64))
    assert one.estimate == 0.0 and one.interval == (-1.0, 1.0) and one.standard_error == math.inf
    answer = torch.arange(90) % 3
    single = relabelling_gain(answer, torch.zeros_like(answer))
    assert single.estimate == pytest.approx(1 - accuracy(answer == 0).estimate)
    assert single == relabelling_gain(answer, torch.zeros_like(answer))
    always = relabelling_gain(truth + 1 - 2 * truth, truth)
    assert always.samples == 4 and -1 <= always.interval[0] <= always.interval[1] <= 1


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: relabelling_gain(x, x[:3]), ValueError, "same number of samples"),
        (lambda x: relabelling_gain(x * 1.0, x), TypeError, "answer must hold integer codes"),
        (lambda x: relabelling_gain(x, x, folds=1), ValueError, "folds must be at least 2, got 1"),
        (lambda x: relabelling_gain(x, x, resamples=5), ValueError, "resamples must be at least 100, got 5"),
        (lambda x: relabelling_gain(x.reshape(5, 2), x[:5]), ValueError, "answer must be one code a sample, got shape \\(5, 2\\)"),
        (lambda x: relabelling_gain(torch.arange(5000), torch.arange(5000)), ValueError, "at most 16777216 cells"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call(torch.arange(10))
