"""Several frame budgets of one model: logs made from scenes with exact answers, coverage of the gains, bad input."""

import dataclasses
import math

import numpy as np
import pandas as pd
import pytest
import torch
from scipy import stats
from vlm4d_form import write

from spacelib.audit import frames_of_logs, measure
from spacelib.audit.budgets import _information_gain
from spacelib.benchmarks import answer_counts, read_log
from spacelib.estimators.channels import law_information, symmetric_law
from spacelib.estimators.cluster import mean_over_scenes
from spacelib.scenes import channels

LETTERS = "ABCD"
DISTANCES = ["near", "nearer", "farther", "far"]


def generator(seed):
    return torch.Generator().manual_seed(seed)


def forms(truth, answered, turn, asked):
    """Questions and answers in VLM4D's form: choices of question i turned by turn[i], `asked` questions a scene."""
    questions, answers = [], []
    for i, (t, a, shift) in enumerate(zip(truth, answered, turn, strict=True)):
        values = DISTANCES[shift:] + DISTANCES[:shift]
        choices = dict(zip(LETTERS, values, strict=True))
        said = f"{LETTERS[values.index(DISTANCES[a])]}: {DISTANCES[a]}"
        shared = {"id": f"validation_{i}", "question": f"How far is the box, question {i}?", "choices": choices}
        video = f"https://example.org/videos_synthetic/{i // asked}.mp4"
        questions.append(shared | {"video": video, "question_type": "multiple-choice", "answer": DISTANCES[t]})
        reply = {"response": said, "ground_truth_answer": DISTANCES[t], "extracted_answer": said, "correct": t == a}
        answers.append(shared | reply)
    return questions, answers


def observed(channel, scenes, seed, asked):
    """Targets and Bayes' answers from the first 1, 2, ... frames, (scenes * asked,) each: copies within a scene."""
    seen = channel.sample(scenes, generator=generator(seed))
    said = {k: channel.bayes_answers(seen.images[:, :k], range(k)) for k in range(1, channel.frames + 1)}
    return seen.target.repeat_interleave(asked), {k: a.repeat_interleave(asked) for k, a in said.items()}


@pytest.fixture(scope="module")
def paths(tmp_path_factory):
    """Logs of Bayes' answers from 1, 2 and 4 frames of 120 scenes, two questions each, and their question file."""
    folder = tmp_path_factory.mktemp("budgets")
    truth, said = observed(channels.depth(), 120, 0, 2)
    turn = torch.randint(4, (240,), generator=generator(1)).tolist()
    for k in (1, 2, 4):
        items = write(folder, *forms(truth.tolist(), said[k].tolist(), turn, 2), name=f"bayes_{k}frame.json")[1]
    return {k: folder / f"bayes_{k}frame.json" for k in (1, 2, 4)}, items


@pytest.fixture(scope="module")
def logs(paths):
    return {k: read_log(path, [paths[1]]) for k, path in paths[0].items()}


def changed(log, column, value, row=0, **others):
    records = log.records.copy()
    records.at[row, column] = value
    return dataclasses.replace(log, records=records, **others)


def test_the_truth_of_the_scenes_is_within_the_intervals(logs):
    found = frames_of_logs([logs[4], logs[1], logs[2]], target_accuracy=0.6)
    subsets = [(0,), (0, 1), (0, 1, 2, 3)]
    draws = channels.depth().draws("accuracy", subsets, 20_000, generator=generator(2))
    exact = dict(zip((1, 2, 4), draws.mean(0).tolist(), strict=True))
    assert list(found.figures) == [1, 2, 4] and [(g.fewer, g.more) for g in found.gains] == [(1, 2), (2, 4)]
    for k, figures in found.figures.items():
        low, high = figures.accuracy.interval
        assert low < exact[k] < high and figures.counts.frames == k and "120 scenes" in figures.accuracy.method
        assert figures.certificate.at_estimate > 0 and figures.information.interval[0] > 0
    for gain in found.gains:
        low, high = gain.accuracy.interval
        assert low < exact[gain.more] - exact[gain.fewer] < high
        before, after = found.figures[gain.fewer], found.figures[gain.more]
        assert gain.accuracy.estimate == pytest.approx(after.accuracy.estimate - before.accuracy.estimate, abs=1e-12)
        told = after.corrected.estimate - before.corrected.estimate
        assert gain.information.estimate == pytest.approx(told, abs=1e-12)
    assert found.least.interval[0] <= next(k for k, a in exact.items() if a >= 0.6) <= found.least.interval[1]
    assert frames_of_logs(logs.values()).least is None


def test_figures_are_those_of_the_audit(logs):
    (counts,) = answer_counts(logs[2])
    assert frames_of_logs([logs[1], logs[2]]).figures[2].accuracy == measure(counts).accuracy


def test_the_order_of_items_and_of_logs_does_not_matter(logs):
    turned = dataclasses.replace(logs[2], records=logs[2].records[::-1].reset_index(drop=True))
    (one,), (other,) = (frames_of_logs(pair).gains for pair in ([logs[1], logs[2]], [turned, logs[1]]))
    assert one.information.estimate == pytest.approx(other.information.estimate, abs=1e-12)
    assert one.information.standard_error == pytest.approx(other.information.standard_error, rel=1e-9)
    assert one.accuracy.estimate == pytest.approx(other.accuracy.estimate, abs=1e-12)


def test_pairing_shortens_the_interval(logs):
    """Answers from two frames agree with those from one on most items: unpaired errors would be larger."""
    found = frames_of_logs([logs[1], logs[2]])
    before, after = (found.figures[k] for k in (1, 2))
    (gain,) = found.gains
    assert gain.accuracy.standard_error < math.hypot(before.accuracy.standard_error, after.accuracy.standard_error)


def test_equal_answers_gain_nothing_but_are_not_certain(logs):
    again = dataclasses.replace(logs[1], records=logs[1].records.assign(frames=pd.array([2] * 240, "Int64")))
    (gain,) = frames_of_logs([logs[1], again]).gains
    assert gain.accuracy.estimate == gain.information.estimate == 0 and gain.information.standard_error == 0
    for low, high in (gain.accuracy.interval, gain.information.interval):
        assert low < 0 < high


def test_the_gain_in_information_by_hand():
    """From answers spread evenly over two letters to right ones: ln 2, and Miller and Madow's 1/(2n) for each budget."""
    tables = torch.zeros(2, 40, 3, 2, dtype=torch.float64)
    for scene in range(40):
        tables[0, scene, scene // 2 % 2, scene % 2] = tables[1, scene, scene % 2, scene % 2] = 1
    found = _information_gain(tables, "scenes")
    # cells less margins: 4 - 2 - 2 + 1 = 1 of the even table, 2 - 2 - 2 + 1 = -1 of the diagonal one
    assert found.estimate == pytest.approx(math.log(2) + 2 / (2 * 40), abs=1e-12)
    assert found.interval[1] == math.log(2)  # no gain exceeds what there is to know
    assert found.samples == 40


@pytest.mark.oracle
def test_the_error_is_that_of_the_linearised_difference():
    """Delta method over 400 scenes of 2; the jackknife differs from it by terms of order 1/m: within 5 %."""
    draw = np.random.default_rng(3)
    truth = draw.integers(4, size=(400, 2))
    tables = torch.zeros(2, 400, 5, 4, dtype=torch.float64)
    for which, known in enumerate((0.5, 0.7)):
        said = np.where(draw.random((400, 1)) < known, truth, draw.integers(4, size=(400, 2)))
        np.add.at(tables[which].numpy(), (np.arange(400)[:, None], said, truth), 1)
    share = tables.sum(1) / 800
    ratio = share / (share.sum(-1, keepdim=True) * share.sum(-2, keepdim=True))
    density = torch.where(share > 0, ratio, 1.0).log()
    influence = (tables * density[:, None]).sum((-2, -1)) - 2 * (share * density).sum((-2, -1))[:, None]
    expected = (influence[1] - influence[0]).square().sum().sqrt().item() / 800
    assert _information_gain(tables, "scenes").standard_error == pytest.approx(expected, rel=0.05)


def test_one_scene_says_nothing_about_others(logs):
    alone = [dataclasses.replace(log, records=log.records.assign(scene="one")) for log in (logs[1], logs[2])]
    (gain,) = frames_of_logs(alone).gains
    assert gain.accuracy.interval == (-1, 1) and gain.information.interval == (-math.log(4), math.log(4))


def test_budgets_by_argument_where_a_log_does_not_say(logs):
    none = pd.array([None] * 240, "Int64")
    silent = [dataclasses.replace(log, records=log.records.assign(frames=none)) for log in logs.values()]
    assert list(frames_of_logs(silent, frames=[3, 6, 9]).figures) == [3, 6, 9]
    assert list(frames_of_logs([logs[1], silent[1]], frames=[None, np.int64(5)]).figures) == [1, 5]
    with pytest.raises(ValueError, match=r"bayes_1frame\.json: the log does not say how many frames were shown"):
        frames_of_logs(silent)


def test_a_path_is_no_log(paths):
    with pytest.raises(TypeError, match="logs as read_log gives them, got PosixPath"):
        frames_of_logs(paths[0].values())


def test_bad_input_is_refused_by_name(logs):
    one, two = logs[1], logs[2]
    item = two.records["item"][3]
    without = dataclasses.replace(two, records=two.records.drop(3).reset_index(drop=True))
    gold = next(letter for letter in LETTERS if letter != two.records["gold"][3])
    renamed = dataclasses.replace(two, records=two.records.assign(model="another"))
    for given, arguments, says in (
        ([one], {}, "at least 2 logs expected, one for each number of frames, got 1"),
        ([one, one], {}, "1 frames, as in .*bayes_1frame.json"),
        ([one, renamed], {}, "bayes_2frame.json: model 'another', but .*bayes_1frame.json has 'bayes'"),
        ([one, without], {}, f"bayes_2frame.json: item '{item}' is missing, which stands in .*bayes_1frame.json"),
        ([without, one], {}, f"bayes_2frame.json: item '{item}' is missing"),
        ([one, changed(two, "gold", gold, 3)], {}, f"bayes_2frame.json: item '{item}': gold '{gold}', but"),
        ([one, changed(two, "scene", "elsewhere", 3)], {}, f"item '{item}': scene 'elsewhere', but"),
        ([one, changed(two, "scene", None, 3)], {}, f"item '{item}': scene none, but"),
        ([one, changed(two, "task", "real", 3)], {}, "one task was expected, found 'synthetic', 'real'; name one by"),
        ([one, changed(two, "model", "b", 3)], {}, "one model was expected, found"),
        ([one, changed(two, "frames", 7, 3)], {}, "its items have different numbers of frames"),
        ([one, two], {"task": "real"}, "no records of task 'real'; it has 'synthetic'"),
        ([one, two], {"frames": [1]}, "one number for each of 2 logs, got 1"),
        ([one, two], {"frames": [1, 3]}, "bayes_2frame.json: 2 frames by its own account, but frames says 3"),
        ([one, two], {"frames": [1, 0]}, "frames is 0; an integer of at least 1"),
        ([one, two], {"frames": [1, 2.0]}, "frames is 2.0; an integer of at least 1"),
        ([one, two], {"frames": [True, 2]}, "frames is True; an integer of at least 1"),
        ([one, two], {"target_accuracy": 1.2}, r"target_accuracy must be in \(0, 1\], got 1.2"),
        ([one, two], {"chance": 0.1}, "chance 0.1 is less than the 0.2500 known by design"),
    ):
        with pytest.raises(ValueError, match=says):
            frames_of_logs(given, **arguments)


@pytest.mark.coverage
def test_the_gain_in_accuracy_covers():
    """100 sets of 60 scenes asked twice: the exact gain lies outside in at most 5 %, one false alarm in a thousand."""
    channel, misses = channels.depth(), 0
    draws = channel.draws("accuracy", [(0,), (0, 1)], 40_000, generator=generator(10**6))
    exact = (draws[:, 1] - draws[:, 0]).mean().item()
    scene = torch.arange(60).repeat_interleave(2)
    for seed in range(100):
        truth, said = observed(channel, 60, seed, 2)
        difference = (said[2] == truth).double() - (said[1] == truth).double()
        low, high = mean_over_scenes(difference, scene, (-1.0, 1.0), "scenes", "", 500, generator(seed)).interval
        misses += not low <= exact <= high
    assert misses <= stats.binom.isf(1e-3, 100, 0.05)


@pytest.mark.coverage
@pytest.mark.parametrize(("fewer", "more"), [(0.3, 0.6), (0.6, 0.6), (0.0, 0.3), (0.85, 0.95), (0.1, 0.0)])
@pytest.mark.parametrize("asked", [1, 3])
def test_the_gain_in_information_covers(fewer, more, asked):
    """120 scenes, whose items share what is known: shares of answers that know the truth, one nested in the other.

    Truth by the exact law. Of 200 sets 5 % may miss; ten settings, one false alarm in a thousand for all.
    """
    truth_of = [law_information(symmetric_law(4, k + (1 - k) / 4)) for k in (fewer, more)]
    draw, misses, runs = np.random.default_rng(5), 0, 200
    for _ in range(runs):
        truth = draw.integers(4, size=(120, asked))
        luck = np.repeat(draw.random((120, 1)), asked, 1)
        guess = draw.integers(4, size=(2, 120, asked))
        tables = torch.zeros(2, 120, 5, 4, dtype=torch.float64)
        for which, known in enumerate((fewer, more)):
            said = np.where(luck < known, truth, guess[which])
            np.add.at(tables[which].numpy(), (np.arange(120)[:, None], said, truth), 1)
        low, high = _information_gain(tables, "scenes").interval
        misses += not low <= truth_of[1] - truth_of[0] <= high
    assert misses <= stats.binom.isf(1e-3 / 10, runs, 0.05), misses
