"""Certificates carried over: closed forms, exact facts on random mixes, frequencies of misses, real logs."""

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats
from mark_counts import marks

from spacelib.audit import spatialrgpt_mixes, spatialrgpt_transfers, to_benchmark, to_mix, vlm4d_transfers
from spacelib.benchmarks import Chance, spatialrgpt_counts, vlm4d_counts
from spacelib.bounds import inverse_first, kl, stratified_certificate, stratified_scene_samples

TASKS = ("near", "far", "turned")


def three_tasks(sizes=(500, 300, 200), risks=(0.1, 0.2, 0.6)):
    """Counts (synthetic) of three tasks, one question a scene."""
    wrong = [round(n * risk) for n, risk in zip(sizes, risks, strict=True)]
    return [marks([1] * n, [0] * k + [1] * (n - k), task=t) for n, k, t in zip(sizes, wrong, TASKS, strict=True)]


def test_a_mix_by_hand():
    """a = (.5, .3, .2), b = (.2, .3, .5): source risk .23, exactly .38 under b, .5754 by KL alone, N = 400."""
    found = to_mix(three_tasks(), {"near": 0.2, "far": 0.3, "turned": 0.5})
    divergence = 0.2 * math.log(0.4) + 0.5 * math.log(2.5)
    assert found.source.risk == pytest.approx(0.23) and found.by_strata.risk == pytest.approx(0.38)
    assert found.divergences.kl == pytest.approx(divergence) and found.divergences.ratio == pytest.approx(2.5)
    assert found.observed_by_kl == pytest.approx(0.5754, abs=5e-5)
    assert found.by_strata.samples == pytest.approx(400) and found.source.samples == 1000
    assert kl(0.38, found.by_strata.upper) == pytest.approx(math.log(20) / 400, rel=1e-9)
    assert kl(0.38 / 2.5, found.by_ratio / 2.5) == pytest.approx(math.log(20) / 1000, rel=1e-9)
    assert found.by_kl == pytest.approx(inverse_first(found.source.upper, divergence), rel=1e-9)


def test_scenes_that_tasks_share_go_unseen():
    """m scenes, each holding all T tasks: counted as T m and worth m, as the docstring warns."""
    scenes = 40
    found = to_mix(three_tasks((scenes,) * 3, (0.5,) * 3), dict.fromkeys(TASKS, 1.0))
    assert found.source.samples == 3 * scenes and found.by_strata.samples == pytest.approx(3 * scenes)
    assert stratified_scene_samples(np.full(3, 1 / 3), np.ones((scenes, 3))) == pytest.approx(scenes)


def test_the_target_comes_first():
    """Of one task alone KL(b || a) = ln(1/a), and the other order is infinite; that of a rare task counts more."""
    counts = three_tasks()
    for task, share in zip(TASKS, (0.5, 0.3, 0.2), strict=True):
        found = to_mix(counts, {task: 3.0})
        assert found.divergences.kl == pytest.approx(math.log(1 / share)) and math.isinf(found.divergences.reverse_kl)
        assert found.by_strata.samples == pytest.approx(1000 * share)


def test_the_own_mix_moves_nothing():
    found = to_mix(three_tasks(), {"near": 5, "far": 3, "turned": 2})
    assert found.divergences.kl == 0 and found.by_kl == found.source.upper
    assert found.by_strata.upper == pytest.approx(found.source.upper, rel=1e-9)


@pytest.mark.property
@pytest.mark.parametrize("seed", range(20))
def test_what_always_holds(seed):
    """Weighting anew never exceeds the shifted risk; the ratio's bound is never below that of the strata."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 60, 3)
    counts = three_tasks(sizes, rng.random(3))
    found = to_mix(counts, dict(zip(TASKS, rng.dirichlet(np.full(3, 0.4)), strict=True)))
    assert found.by_strata.risk <= found.observed_by_kl + 1e-9
    assert found.by_strata.upper <= found.by_ratio + 1e-9
    assert found.by_any.risk <= found.by_kl and found.source.upper <= found.by_kl
    # what a posterior would pay beside the fixed model, of complexity 0
    risks = [(c.asked - c.right).mean() for c in counts]
    assert found.by_strata.upper <= stratified_certificate(np.array(risks), found.target_mix, sizes, 0.0, 0.05)
    assert found.by_strata.samples <= sizes.sum() * (1 + 1e-9)


@pytest.mark.coverage
def test_frequency_of_misses_under_another_mix():
    """Drawn anew, every upper bound misses the true target risk at most as often as delta lets it; the untransferred
    one almost always."""
    rng, delta, repetitions = np.random.default_rng(0), 0.4, 60
    sizes, risks, mix = (40, 30, 20), np.array([0.1, 0.3, 0.7]), dict(zip(TASKS, (0.1, 0.2, 0.7), strict=True))
    truth = float(risks @ list(mix.values()))
    misses = np.zeros(5)
    for _ in range(repetitions):
        drawn = [marks([1] * n, rng.random(n) >= p, task=t) for n, p, t in zip(sizes, risks, TASKS, strict=True)]
        found = to_mix(drawn, mix, delta=delta)
        bounds = (found.by_strata.upper, found.by_ratio, found.by_kl, found.by_any.risk, found.source.upper)
        misses += np.array(bounds) < truth
    most = stats.binom.isf(1e-4, repetitions, delta)
    assert (misses[:4] <= most).all() and misses[4] > most
    assert misses[0] > 0  # the tightest does miss now and then: the check can fail


def chanced(counts, chance=0.25):
    """The same counts of a benchmark whose design gives the chance."""
    return replace(counts, chance=Chance(chance, chance, "by design"))


def test_another_benchmark_by_hand():
    source, target = marks([1] * 100, [1] * 70 + [0] * 30), chanced(marks([2] * 50, [0] * 40 + [2] * 10))
    found = to_benchmark(source, target)
    assert found.source.risk == 0.3 and found.target.risk == 0.8 and found.chance_risk == 0.75
    assert kl(0.3, found.source.upper) == pytest.approx(math.log(20) / 100, rel=1e-9)
    assert kl(0.8, found.target.lower) == pytest.approx(math.log(40) / 50, rel=1e-9)
    assert found.critical_shift == pytest.approx(kl(0.75, found.source.upper), rel=1e-12)
    assert found.least_shift == pytest.approx(kl(0.8, 0.3), rel=1e-12) != pytest.approx(kl(0.3, 0.8), rel=0.05)
    # over a grid of both intervals at delta/4 a side
    ends = [(q, math.log(80) / n) for q, n in ((0.8, 50), (0.3, 100))]
    grid = np.linspace(0.001, 0.999, 999)
    inside = [grid[kl(np.full_like(grid, q), grid) <= budget] for q, budget in ends]
    least = kl(inside[0][:, None], inside[1][None]).min()
    assert found.certified_shift <= least < found.certified_shift * 1.1
    assert found.shift_shown and found.certificate_broken


def test_no_shift_is_shown_where_the_intervals_meet():
    source, target = marks([1] * 20, [1] * 10 + [0] * 10), chanced(marks([1] * 20, [1] * 8 + [0] * 12))
    found = to_benchmark(source, target)
    assert found.certified_shift == 0 < found.least_shift and not found.shift_shown and not found.certificate_broken
    assert to_benchmark(source, chanced(target, 0.5)).critical_shift == 0  # the certificate is above chance already


def test_the_shift_shown_the_other_way():
    source, target = marks([1] * 100, [1] * 20 + [0] * 80), chanced(marks([1] * 100, [1] * 80 + [0] * 20))
    found = to_benchmark(source, target)
    assert 0 < found.certified_shift < found.least_shift and not found.certificate_broken


def test_real_videos_to_synthetic_and_back():
    table = vlm4d_transfers()
    assert len(table) == 22 and table["model"].nunique() == 11
    logs = {(c.model, c.task): c for c in vlm4d_counts() if "direct" in c.log}
    for row in table.itertuples():
        wrong = [1 - (c.right / c.asked).mean() for c in (logs[row.model, row.source], logs[row.model, row.target])]
        assert (row.source_risk, row.target_risk) == pytest.approx(wrong, rel=1e-12)
        assert row.certified_shift <= row.least_shift and row.source_risk < row.source_upper
        assert row.target_lower < row.target_risk < row.target_upper
        assert (row.critical_shift > 0) == (row.source_upper < row.chance_risk)
    shown = table[table["shift_shown"]]
    assert set(shown["model"]) == {"VideoLLaMA3-2B"} and len(shown) == 2
    broken = table.loc[table["certificate_broken"], ["model", "source"]]
    assert broken.to_numpy().tolist() == [["VideoLLaMA3-2B", "real"]]


def test_other_mixes_of_spatialrgpt_bench():
    mixes, table = spatialrgpt_mixes(), spatialrgpt_transfers()
    assert list(mixes) == ["uniform", "mostly numbers", "texts", "vsibench"] and len(table) == 5 * 4
    assert (table["risk"] <= table["observed_by_kl"] + 1e-9).all()
    assert (table["upper"] <= table["by_ratio"] + 1e-9).all()
    assert (table["by_any"] <= table["by_kl"]).all()
    marked = {(c.model, c.task): c.correct / c.items for c in spatialrgpt_counts()}
    for row in table[table["mix"] == "vsibench"].itertuples():
        # sizes 953 in two halves, distances 834, left or right 217 + 378/2, behind 378/2, quadrants 373
        weights = {"width": 476.5, "height": 476.5, "direct_distance": 834, "left_right": 406, "behind_front": 189}
        weights["direction"] = 373
        right = sum(w * marked[row.model, task] for task, w in weights.items()) / 2755
        assert row.risk == pytest.approx(1 - right, rel=1e-12)
    weight = mixes["mostly numbers"]
    assert sum(weight[c.task] for c in spatialrgpt_counts()[:12] if c.constant) == pytest.approx(0.75)


@pytest.mark.parametrize(("counts", "mix", "message"), [
    ([], {}, "at least one task were expected, got none"),
    (three_tasks()[:1] * 2, {"near": 1}, "each task once, got 'near' 2 times"),
    ([*three_tasks(), marks([1], [1], model="another")], {"near": 1}, "one model were expected, got 'a model', 'ano"),
    (three_tasks(), {"taste": 1}, "has the task 'taste'; known are 'near', 'far', 'turned'"),
    (three_tasks(), {"near": -1}, "not negative, got -1 for 'near'"),
    (three_tasks(), {"near": math.nan}, "finite and not negative, got nan"),
    (three_tasks(), {"near": 0}, "sum of target_mix must be above 0"),
])
def test_a_wrong_mix_is_named(counts, mix, message):
    with pytest.raises(ValueError, match=message):
        to_mix(counts, mix)


def test_wrong_benchmarks_are_named():
    one, other = marks([1], [1]), chanced(marks([1], [1], model="another"))
    with pytest.raises(ValueError, match="one model were expected, got 'a model' and 'another'"):
        to_benchmark(one, other)
    with pytest.raises(ValueError, match="design gives the chance"):
        to_benchmark(one, one)
    with pytest.raises(ValueError, match="delta must be in"):
        to_benchmark(one, chanced(one), delta=0.9)
