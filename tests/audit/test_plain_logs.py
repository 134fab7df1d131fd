"""Logs in the plain form through `audit` itself: what several say together, and what is refused (synthetic)."""

import json
import random

import blink_form
import pytest
from plain_form import write_lines

from spacelib.audit import audit, to_dict, to_text

HEADER = {"spacelib_records": 1, "model": "m", "benchmark": "b", "letters_shuffled": "drawn evenly"}


def choices(n=60, accuracy=0.6, seed=0, size=3, letters="ABCD", **fields):
    """Records of the same n questions for every seed, `size` a scene, answered right so often."""
    asked, said = random.Random(1), random.Random(seed)
    found = []
    for i in range(n):
        gold = asked.choice(letters)
        answer = gold if said.random() < accuracy else said.choice([x for x in "ABCD" if x != gold])
        record = {"item": f"q{i}", "scene": f"s{i // size}", "options": ["o", "p", "q", "r"], "gold": gold}
        found.append(record | {"prediction": answer} | fields)
    return found


def log(folder, name, records, **header):
    return write_lines(folder, records, HEADER | header, f"{name}.jsonl")


def report_of(*paths, **options):
    return audit(paths, resamples=100, **options)


def warned(row, *words):
    return [warning for warning in row.warnings if all(word in warning for word in words)]


def test_scores_that_cancel_within_scenes_show_no_difference(tmp_path):
    """Credit off any lattice, exchanged within each scene: nothing speaks for a difference."""
    scores = [(k + 0.123456789) ** 0.5 / 7 for k in range(40)]
    paths = []
    for name, turn in (("a", 0), ("b", 1)):
        records = [
            {"item": str(i), "scene": f"s{i // 2}", "answer_type": "text", "rule": "by hand", "gold": "x",
             "prediction": "y", "score": scores[i ^ turn]}
            for i in range(40)
        ]  # fmt: skip
        paths.append(log(tmp_path, name, records, model=name))
    (test,) = report_of(*paths).tests
    assert test.p_value == 1 == test.adjusted and test.difference.estimate == 0


def test_items_of_two_tasks_never_share_a_name_when_they_are_pooled(tmp_path):
    """Task a with item b/1 beside task a/b with item 1."""
    tasks = (("a", "b/"), ("a/b", ""), ("a%2Fb", ""))
    asked = [(task, before, i, row) for task, before in tasks for i, row in enumerate(choices(20))]
    records = [row | {"task": task, "item": f"{before}{i}"} for task, before, i, row in asked]
    report = report_of(log(tmp_path, "one", records), log(tmp_path, "two", records, model="n"))
    assert [row.figures.counts.items for row in report.rows if row.pooled] == [60, 60]


def test_an_accuracy_above_its_ceiling_is_said(tmp_path):
    """Always A where A is right a little more often than the design has it: no information, yet above chance."""
    records = [row | {"prediction": "A"} for row in choices(200, letters="ABCDA")]
    share = sum(row["gold"] == "A" for row in records) / 200
    right = [row | {"prediction": row["gold"]} for row in choices(59)]
    report = report_of(log(tmp_path, "constant", records), log(tmp_path, "right", right, model="n"))
    for row in report.rows:
        figures = row.figures
        above = figures.accuracy.estimate > figures.ceiling.at_estimate
        assert bool(warned(row, "is above the ceiling", f"{figures.circularity.agreement:.3f}")) == above
    assert share > 0.25 and report.rows[0].figures.accuracy.estimate == share
    assert warned(report.rows[0], "above the ceiling")
    text = " ".join(to_text(report).split())
    assert "up to how evenly the right letters happened to be drawn" in text and "cannot be right more often" not in text
    below = report_of(log(tmp_path, "below", choices(240, accuracy=0.5)))
    assert not warned(below.rows[0], "above the ceiling")


def test_verdict_and_gap_of_a_row_are_about_the_same_drawing(tmp_path):
    """One scene of 300 questions that the explicit method gets right, 60 single ones that it gets wrong."""
    scenes = ["large"] * 300 + [f"s{i}" for i in range(60)]
    asked = choices(360)
    other = dict(zip("ABCD", "BCDA"))
    wrong = [row | {"scene": scene, "prediction": other[row["gold"]]} for row, scene in zip(asked, scenes)]
    right = [row | {"prediction": row["gold"]} for row in wrong]
    explicit = log(tmp_path, "explicit", right[:300] + wrong[300:], model="geometry")
    nets = [log(tmp_path, name, wrong[:300] + right[300:], model=name) for name in ("n100", "n1000")]
    (found,) = (report := report_of(*nets, explicit=explicit, trained=[100, 1000])).tradeoffs
    gaps = {test.second: test.difference.estimate for test in report.tests if test.first == found.explicit}
    assert set(gaps.values()) == {240 / 360}, "the explicit method is right more often on a question drawn"
    assert [risk.risk for risk in found.risks] == pytest.approx([60 / 360, 300 / 360, 300 / 360])
    assert "implicit" not in found.decision.verdicts
    assert "on a question drawn from all" in " ".join(to_text(report).split())


def test_the_relabelling_gain_stands_beside_that_of_the_best_constant(tmp_path):
    """Always A where most right letters are D: the gain recovers the frequent letter, which the sentence says."""
    records = [row | {"prediction": "A"} for row in choices(240, letters="ADDDD")]
    (row,) = to_dict(report_of(log(tmp_path, "constant", records)))["rows"]
    add = row["constant"]["share"] - row["accuracy"]["estimate"]
    assert add > 0.4 and row["relabelling_gain"]["estimate"] > 0.4
    assert f"Always answering D, the best constant, would add {add:+.3f}" in row["means"]["relabelling_gain"]


@pytest.fixture
def silent(tmp_path):
    return [log(tmp_path, f"run{k}", choices(accuracy=k / 10, seed=k)) for k in (3, 5, 7)]


def test_one_number_of_frames_is_not_two_logs_of_a_model(tmp_path, silent):
    with pytest.raises(ValueError, match=r"run5\.jsonl: the same model and questions as in .*run3\.jsonl, and neither"):
        report_of(*silent, frames=32)
    (room,) = report_of(*silent, frames=[8, 32, 16]).budgets
    assert room.rows == {8: 0, 16: 2, 32: 1}
    other = log(tmp_path, "other", choices(seed=9), model="n")
    assert [row.counts.frames for row in report_of(silent[0], other, frames=32).rows] == [32, 32]
    with pytest.raises(ValueError, match="frames: one number for all logs or for each of 3 was expected, got 2"):
        report_of(*silent, frames=[8, 32])
    for bad in (0, [8, 0, 4], True, "8", 1.5):
        with pytest.raises(ValueError, match="frames is .*; whole numbers from 1 on were expected"):
            report_of(*silent, frames=bad)


def test_no_record_may_speak_against_the_number_of_frames(tmp_path):
    """Not one number for all is no silence: a log of 8 and 16 frames is none of 32."""
    varied = log(tmp_path, "varied", [row | {"frames": 8 if i < 30 else 16} for i, row in enumerate(choices())])
    with pytest.raises(ValueError, match=r"varied\.jsonl: shown 8 frames by its own account, but --frames says 32"):
        report_of(varied, frames=32)
    with pytest.raises(ValueError, match=r"varied\.jsonl: shown 16 frames by its own account, but --frames says 8"):
        report_of(varied, frames=[8])
    assert report_of(varied).rows[0].counts.frames is None


def test_a_comparison_of_frames_that_does_not_stand_is_said_to_be_missing(tmp_path, silent):
    by = {k: [log(tmp_path, f"f{k}{x}", choices(seed=k, frames=k)) for x in "xy"] for k in (8, 16)}
    twice = report_of(by[8][0], *by[16])
    assert not twice.budgets
    assert all(warned(row, "f16x.jsonl and ", "f16y.jsonl were both shown 16") for row in twice.rows)
    unknown = report_of(by[8][0], by[16][0], silent[0])
    assert not unknown.budgets
    assert all(warned(row, "run3.jsonl does not say one number of frames") for row in unknown.rows)
    hostile = log(tmp_path, "no\x1b[31m", choices(seed=30))
    assert warned(report_of(hostile, by[8][0]).rows[0], "no\\x1b[31m.jsonl does not say one number of frames")
    for fine in (report_of(by[8][0], by[16][0]), report_of(*by[16]), report_of(by[8][0])):
        assert not any(warned(row, "not compared by frames") for row in fine.rows)


def test_a_baseline_that_was_shown_frames_is_refused(tmp_path, silent):
    seeing = log(tmp_path, "seeing", choices(frames=4), model="n")
    with pytest.raises(ValueError, match=r"seeing\.jsonl: shown 4 frames by its own account; a baseline is a run"):
        report_of(silent[0], baseline=seeing)
    partly = log(tmp_path, "partly", [row | {"frames": 1} if i == 7 else row for i, row in enumerate(choices())])
    with pytest.raises(ValueError, match=r"partly\.jsonl: shown 1 frame by its own account"):
        report_of(silent[0], baseline=partly)


def test_a_baseline_may_answer_questions_whose_images_the_benchmark_counts(tmp_path):
    """BLINK's questions have one or two pictures each, whether a run was shown them or not."""
    logs, content = [], blink_form.synthetic(items=124)
    for name in ("seeing", "blind"):
        (tmp_path / name).mkdir()
        logs.append(blink_form.write(tmp_path / name, content))
        for row in content["val"]:
            row["prediction"] = "(A)"
    assert len(report_of(logs[0], baseline=logs[1]).baselines) == 1


def test_a_baseline_of_another_model_is_said(tmp_path, silent):
    own, other = log(tmp_path, "own", choices(seed=20)), log(tmp_path, "other", choices(seed=20), model="<other>")
    assert not warned(report_of(silent[0], baseline=own).rows[0], "blind run's model")
    row, blind = report_of(silent[0], baseline=other).rows
    assert warned(row, "The blind run's model is named '<other>', this log's 'm'") and not warned(blind, "blind run's")


def test_question_files_are_there_and_named_where_they_are_not_read(tmp_path, silent):
    absent, there = tmp_path / "absent.json", tmp_path / "questions.json"
    with pytest.raises(FileNotFoundError, match="absent.json"):
        report_of(silent[0], items=[absent])
    there.write_text("[]")
    assert warned(report_of(silent[0], items=[there]).rows[0], "Question files that were not read, 1", "questions.json")
    assert not warned(report_of(silent[0]).rows[0], "Question files")
    blink = blink_form.write(tmp_path, blink_form.synthetic(items=124))
    assert warned(report_of(blink, items=[there]).rows[0], "Question files that were not read")


def test_every_row_has_a_name_of_its_own(tmp_path):
    paths = []
    for run in ("runs1", "runs2", "runs3"):
        (folder := tmp_path / run / "x").mkdir(parents=True)
        paths.append(log(folder, "log", choices(seed=len(paths))))
    lines = to_text(report_of(*paths)).split("\n")
    assert [f"m, all (log.jsonl), no. {k}" in lines for k in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize("jobs", [0, -2, 4097, 99_999_999])
def test_a_number_of_processes_that_is_none_is_refused(silent, jobs):
    with pytest.raises(ValueError, match=f"jobs is {jobs}; 1 to 4096 processes, or -1 for one a core, were expected"):
        report_of(*silent, jobs=jobs)


def test_weights_that_are_all_zero_are_refused_in_plain_numbers(silent):
    with pytest.raises(ValueError, match="must be above 0, got 0$"):
        report_of(silent[0], mix={"all": 0.0})


def test_the_report_says_the_same_in_json(tmp_path, silent):
    value = to_dict(report_of(*silent, frames=[8, 32, 16]))
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert [row["frames"] for row in value["rows"]] == [8, 32, 16]
