"""Counts of answers: from a log, and as shipped; recomputed from the real files where they are found."""

from collections import Counter
from dataclasses import fields

import blink_form
import numpy as np
import pandas as pd
import pytest
import spatialrgpt_form
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import chisquare
from vlm4d_form import DATA, QUESTIONS, synthetic, write

from spacelib.benchmarks import (
    RULES,
    answer_counts,
    blink_counts,
    disagreement,
    read_log,
    spatialrgpt_counts,
    vlm4d_counts,
)
from spacelib.benchmarks.counts import best_constant
from spacelib.benchmarks.judging import KINDS, MARKS
from spacelib.benchmarks.shipped import SPATIALRGPT, TABLES, letter_tables
from spacelib.benchmarks.tabulate import write_tables
from spacelib.benchmarks.vsibench import TYPES

LOGS, COUNTS = letter_tables("vlm4d")
needs_all_data = pytest.mark.skipif(
    not all((DATA / name).is_dir() for name in ("vlm4d", "blink", "spatialrgpt_bench", "vsibench")),
    reason="no real data: set SPACELIB_DATA to a folder that holds vlm4d/, blink/, spatialrgpt_bench/ and vsibench/",
)


def test_counts_of_a_log(tmp_path):
    questions, answers = synthetic(items=30, scenes=7)
    answers[5] |= {"extracted_answer": "No Valid Answer", "correct": False}
    log, items = write(tmp_path, questions, answers)
    (counts,) = answer_counts(read_log(log, [items]))
    assert counts.table.shape == (7, 5, 4) and counts.items == 30 and counts.unparsed == 1
    assert counts.correct == sum(a["correct"] for a in answers)
    expected = Counter()
    for question, answer in zip(questions, answers):
        said = answer["extracted_answer"][0] if answer is not answers[5] else "unparsed"
        truth = next(k for k, v in question["choices"].items() if v == question["answer"])
        expected[question["video"], said, truth] += 1
    scenes = list(dict.fromkeys(q["video"] for q in questions))
    for scene, said, truth in np.ndindex(counts.table.shape):
        key = scenes[scene], (*"ABCD", "unparsed")[said], "ABCD"[truth]
        assert counts.table[scene, said, truth] == expected[key]
    assert (counts.frames, counts.model, counts.task) == (8, "synthetic-model", "real")


def test_chance_is_one_over_m_and_counts_equal_choices(tmp_path):
    questions, answers = synthetic(items=8, scenes=2)
    log, items = write(tmp_path, questions, answers)
    (counts,) = answer_counts(read_log(log, [items]))
    assert (counts.chance.of_item, counts.chance.of_scene) == (1 / 4, 1 / 4)
    choices = {"A": "up", "B": "left", "C": "left", "D": "down"}
    questions[0] |= {"choices": choices, "answer": "left", "video": questions[1]["video"]}
    answers[0] |= {"choices": choices, "ground_truth_answer": "left", "extracted_answer": "C", "correct": True}
    write(tmp_path, questions, answers)
    (counts,) = answer_counts(read_log(log, [items]))
    assert counts.chance.of_item == pytest.approx((7 / 4 + 2 / 4) / 8)
    assert np.sort(counts.table.sum((1, 2))).tolist() == [3, 5]
    # The scene of the doubled choice has 5 questions: (4/4 + 2/4)/5; the other one 1/4.
    assert counts.chance.of_scene == pytest.approx(((4 / 4 + 2 / 4) / 5 + 1 / 4) / 2)
    assert "equal choices raise it in 1 of 8 questions" in counts.chance.source


def test_uneven_letters_show_up(tmp_path):
    questions, answers = synthetic(items=400, scenes=100)
    log, items = write(tmp_path, questions, answers)
    (even,) = answer_counts(read_log(log, [items]))
    right = [next(k for k, v in q["choices"].items() if v == q["answer"]) for q in questions]
    assert even.chance.evenness == pytest.approx(chisquare([right.count(letter) for letter in "ABCD"]).pvalue, rel=1e-9)
    for question, answer, letter in zip(questions, answers, right):
        if letter == "D":  # what an unshuffled file looks like: no right answer under D
            values = {**question["choices"], "A": question["answer"], "D": question["choices"]["A"]}
            question["choices"] = answer["choices"] = values
    write(tmp_path, questions, answers)
    (uneven,) = answer_counts(read_log(log, [items]))
    assert uneven.chance.evenness < 1e-6


def test_a_log_without_scenes_takes_each_question_as_its_own(tmp_path):
    log, items = write(tmp_path, *synthetic(items=9, scenes=3))
    found = read_log(log, [items])
    found.records["scene"] = pd.array([pd.NA] * 9, dtype="string")
    (counts,) = answer_counts(found)
    assert len(counts.table) == 9 and not counts.scenes_known


def test_shipped_tables_agree_with_each_other():
    logs = pd.read_csv(TABLES / LOGS)
    shipped = vlm4d_counts()
    assert len(shipped) == len(logs) == 24
    for row, counts in zip(logs.itertuples(), shipped):
        assert (row.items, row.correct, row.unparsed) == (counts.items, counts.correct, counts.unparsed)
        assert (counts.table.sum((1, 2)) > 0).all(), "a scene without a question"
    assert set(logs["repository"]) == {"ShijieZhou-UCLA/VLM4D"} and set(logs["licence"]) == {"MIT"}
    assert logs["commit"].nunique() == 1
    assert not pd.read_csv(TABLES / COUNTS).duplicated(["log", "scene", "answer", "truth"]).any()


def test_a_log_of_letters_without_scenes_keeps_its_joint_counts(tmp_path):
    content = blink_form.synthetic(items=50, letters="AB")
    content["val"][7]["prediction"] = "(Z)"
    (counts,) = answer_counts(read_log(blink_form.write(tmp_path, content)))
    assert counts.table.shape == (50, 3, 2) and not counts.scenes_known and counts.chance is None
    assert (counts.asked == 1).all() and counts.right.sum() == counts.correct
    expected = Counter((row["prediction"][1], row["answer"][1]) for row in content["val"])
    for said, right in np.ndindex(3, 2):
        assert counts.joint[said, right] == expected["ABZ"[said], "AB"[right]]
    share = max(expected[a, t] + expected[b, t] + expected["Z", t] for t in "AB" for a, b in ["AB"]) / 50
    assert counts.constant.share == share and counts.constant.answer == "B"


def test_counts_of_free_answers(tmp_path):
    records = spatialrgpt_form.judged(items=120, accuracy=0.6)
    records[6] |= {"prediction": "Quite far away.", "score": 0.0, "correct": False}
    records[0] |= {"score": 0.0, "correct": False, "judge_response": "<ERROR: Connection error.>"}
    counts = {c.task: c for c in answer_counts(read_log(spatialrgpt_form.write(tmp_path, records)))}
    assert len(counts) == 12 and all(c.items == 10 and not c.scenes_known for c in counts.values())
    assert all((np.diff(c.right) <= 0).all() and (c.asked == 1).all() for c in counts.values())
    distance = counts["direct_distance"]
    assert distance.unparsed == 1 and sum(distance.judged.values()) == 10 and distance.judged["judge_only"] == 0
    assert distance.correct == sum(r["correct"] for r in records[6::12])
    assert counts["below_above"].unmarked == 1 and counts["below_above"].constant is None
    assert counts["direction"].judged["both"] == 0, "the judge marks no direction right"
    assert counts["direction"].correct == counts["direction"].judged["rule_only"] > 0


def test_pictures_make_scenes_of_free_answers(tmp_path):
    records = spatialrgpt_form.judged(items=120, categories=spatialrgpt_form.LENGTHS[:1])
    log = spatialrgpt_form.write(tmp_path, records)
    source = spatialrgpt_form.write(tmp_path, spatialrgpt_form.questions(records), "questions.jsonl")
    (counts,) = answer_counts(read_log(log, [source]))
    assert counts.scenes_known and counts.asked.tolist() == [3] * 40
    right = [sum(r["correct"] for r in records[i : i + 3]) for i in range(0, 120, 3)]
    assert counts.right.tolist() == right


@pytest.mark.property
@given(arrays(np.float64, st.integers(1, 12), elements=st.floats(0.01, 50)), st.floats(0.005, 70))
def test_no_guess_beats_the_best_constant(gold, guess):
    rule = RULES["within 25 %"]
    best = best_constant(rule, gold, "m")
    assert rule.counts(np.array(guess), gold).mean() <= best.share <= 1
    assert best.share >= 1 / len(gold)
    ends = np.unique(np.concatenate(rule.sets(gold)))  # somewhere between neighbouring ends the best guess stands
    assume((np.diff(ends) > 1e-12 * ends[1:]).all())  # ends nearer than rounding count as touching there, not here
    assert best.share == max(rule.counts(x, gold).mean() for x in (*ends, *((ends[:, None] + ends) / 2).ravel()))


@pytest.mark.property
@given(arrays(np.float64, st.integers(1, 12), elements=st.integers(1, 12)), st.floats(0.01, 12))
def test_no_guess_beats_the_best_constant_hour(gold, guess):
    rule = RULES["within one hour"]
    best = best_constant(rule, gold, "o'clock")
    assert rule.counts(np.array(guess), gold).mean() <= best.share
    # Three neighbouring whole hours are all that one guess can serve.
    hours = np.array([(gold == hour).mean() for hour in range(1, 13)])
    assert best.share == pytest.approx((hours + np.roll(hours, 1) + np.roll(hours, -1)).max(), abs=1e-12)


def test_shipped_blink_and_spatialrgpt_tables_hold_together():
    blink, marks = blink_counts(), spatialrgpt_counts()
    assert len(blink) == 46 and len({c.model for c in blink}) == 12
    sizes = {"Multi-view_Reasoning": 133, "Visual_Correspondence": 172, "Relative_Depth": 124, "Spatial_Relation": 143}
    for counts in blink:
        assert counts.items == len(counts.table) == sizes[counts.task] and counts.chance is None
    golds = {c.task: tuple(c.joint.sum(0)) for c in blink}
    assert all(golds[c.task] == tuple(c.joint.sum(0)) for c in blink), "every model had the same questions"
    assert golds["Multi-view_Reasoning"] == (59, 74)
    assert len(marks) == 60 and sum(c.items for c in marks) == 5 * 1406
    for counts in marks:
        assert counts.judged is None or sum(counts.judged.values()) == counts.items
        assert counts.judged is None or counts.correct >= counts.judged["both"] + counts.judged["rule_only"]
    for name in (*letter_tables("blink"), SPATIALRGPT):
        table = pd.read_csv(TABLES / name)
        assert "repository" not in table or not table[["repository", "commit", "licence"]].isna().any().any()


@needs_all_data
def test_shipped_counts_are_those_of_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACELIB_DATA", str(DATA))
    write_tables(tables=tmp_path)
    written = sorted(p.name for p in tmp_path.iterdir())
    assert written == sorted([LOGS, COUNTS, *letter_tables("blink"), SPATIALRGPT, TYPES])
    for name in written:
        assert (tmp_path / name).read_bytes() == (TABLES / name).read_bytes()


def alike(read, shipped):
    for field in fields(read):
        assert np.array_equal(getattr(read, field.name), getattr(shipped, field.name)), field.name


@needs_all_data
def test_what_ships_is_what_a_file_gives():
    for shipped in vlm4d_counts()[::6]:
        alike(*answer_counts(read_log(DATA / "vlm4d" / shipped.log, QUESTIONS)), shipped)
    for shipped in blink_counts():
        alike(*answer_counts(read_log(DATA / "blink" / shipped.log)), shipped)
    marks = spatialrgpt_counts()
    for path in sorted(DATA.glob("spatialrgpt_bench/*.jsonl")):
        log = read_log(path)
        for read in answer_counts(log):
            (shipped,) = (c for c in marks if (c.model, c.task) == (read.model, read.task))
            alike(read, shipped)
        found, apart = pd.read_csv(TABLES / SPATIALRGPT), disagreement(log.records)
        found = found[found["model"].eq(path.stem) & found["both"].notna()].set_index(["model", "task"])
        assert (found.loc[list(apart.index), [*MARKS, *KINDS]].to_numpy() == apart[[*MARKS, *KINDS]].to_numpy()).all()
