"""The rooms that take several logs, through `audit` itself, on logs made by hand (synthetic)."""

import json
import math
import random

import pytest
from vlm4d_form import synthetic, write

from spacelib.audit import audit, to_dict, to_html, to_text
from spacelib.bounds import kl


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Logs of the same 240 questions by budgets 1, 4 and 16 (accuracy .3, .6, .6), a blind one, an explicit one."""
    folder = tmp_path_factory.mktemp("rooms")
    logs = {"m_1frame": 0.3, "m_4frame": 0.6, "m_16frame": 0.6, "blind_1fps": 0.25, "geometry_1fps": 0.9}
    for seed, (name, accuracy) in enumerate(logs.items()):
        questions, answers = synthetic(items=240, scenes=120, accuracy=accuracy)
        draw = random.Random(seed)
        for answer in answers:
            answer["correct"] = draw.random() < accuracy
            right = next(k for k, v in answer["choices"].items() if v == answer["ground_truth_answer"])
            said = right if answer["correct"] else draw.choice([k for k in "ABCD" if k != right])
            answer["response"] = answer["extracted_answer"] = f"{said}: {answer['choices'][said]}"
        write(folder, questions, answers, f"{name}.json")
    return folder


@pytest.fixture(scope="module")
def report(folder):
    return audit(
        [folder / f"m_{k}frame.json" for k in (16, 1, 4)],
        items=[folder / "questions.json"],
        baseline=folder / "blind_1fps.json",
        explicit=folder / "geometry_1fps.json",
        trained=[10_000, 100, 1000],
        mix={"real": 2.0},
        target=0.5,
        precision=0.02,
        resamples=200,
    )


def test_every_room_has_its_figures(report):
    assert [row.role for row in report.rows] == ["explicit", "log", "log", "log", "baseline"]
    assert len(report.tests) == 10 and {(t.first, t.second) for t in report.tests} == {
        (a, b) for a in range(5) for b in range(a + 1, 5)
    }
    (budgets,) = report.budgets
    assert list(budgets.rows) == [1, 4, 16] and list(budgets.rows.values()) == [2, 3, 1]
    first, last = budgets.found.gains
    assert first.accuracy.interval[0] > 0 and last.accuracy.interval[0] < 0 < last.accuracy.interval[1]
    assert budgets.found.least.estimate == 4
    assert [(b.row, b.blind) for b in report.baselines] == [(0, 4), (1, 4), (2, 4), (3, 4)]
    (mix,) = [m for m in report.mixes if m.rows == (1,)]
    assert mix.weights == (1.0,) and mix.risk.risk == report.rows[1].certificate.scene.risk
    (tradeoff,) = report.tradeoffs
    assert tradeoff.explicit == 0 and tradeoff.implicit == (2, 3, 1) and tradeoff.trained == (100, 1000, 10_000)
    assert tradeoff.decision.verdicts == ("explicit", "explicit", "explicit")
    assert len(tradeoff.risks) == 4 and all(r.delta == pytest.approx(0.05 / 8) for r in tradeoff.risks)


def test_figures_of_a_pair_and_of_the_baseline(report):
    accuracy = [row.figures.accuracy.estimate for row in report.rows]
    for test in report.tests:
        assert test.difference.estimate == pytest.approx(accuracy[test.first] - accuracy[test.second], abs=1e-12)
        assert test.p_value <= test.adjusted <= 1
    brought = {b.row: b for b in report.baselines}
    low, high = report.rows[0].figures.accuracy.interval[0], report.rows[4].figures.accuracy.interval[1]
    assert brought[0].over_blind == pytest.approx(kl(low, high), rel=1e-9)
    assert brought[0].information.estimate > brought[3].information.estimate > brought[2].information.estimate


def test_the_needed_questions_give_the_precision(report):
    """By the normal approximation, with the design effect said and the accuracy nearest to 1/2."""
    for row in report.rows:
        low, high = row.figures.accuracy.interval
        near = min(max(0.5, low), high)
        needed = 1.959963984540054**2 * row.resolution.design_effect * near * (1 - near) / 0.02**2
        assert row.resolution.needed == math.ceil(needed)


def test_every_room_is_said_in_every_form(report):
    text, page, value = to_text(report), to_html(report), to_dict(report)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    words = " ".join(text.split())
    for said in (
        "Samples: paired comparisons",
        "Capacity: what frames brought",
        "Frames: what more of them bring",
        "Transfer: another mix of tasks",
        "Tradeoff: explicit against implicit",
        "Questions for the wanted precision",
        "Shift that the certificate survives",
        "no gain shows from 4 frames on",
        "4 frames reach it",
        "Blind: blind, real",
        "Explicit: geometry, real",
        "explicit below 10,000 samples",
        "Not certified: another blind strategy may be better",
    ):
        assert said in words and said in page, said
    assert set(value["means"]) == {"comparisons", "baseline", "frames", "mix", "tradeoff"}
    assert value["frames"][0]["least_frames"]["estimate"] == 4
    assert [gain["fewer"] for gain in value["frames"][0]["gains"]] == [1, 4]
    assert value["tradeoff"][0]["decision"]["regime"] == "undecided" and value["comparisons"][0]["adjusted"] <= 1
    assert value["mix"][0]["distance"] == 0 and value["baseline"][0]["information"]["samples"] == 240


def test_logs_of_other_questions_are_not_paired(tmp_path, folder):
    questions, answers = synthetic(items=240, scenes=120, seed=7)
    other, _ = write(tmp_path, questions, answers, "other_8frame.json")
    logs, items = [folder / "m_1frame.json", other], [folder / "questions.json"]
    with pytest.raises(ValueError, match="other_8frame.json"):
        audit(logs, items=items)  # its questions are not those of the question file
    alone = audit([other], items=[tmp_path / "questions.json"], resamples=200)
    assert alone.tests == () and alone.budgets == ()
    blind, items = _of_another_task(tmp_path, folder)
    with pytest.raises(ValueError, match="no log has the same questions as this baseline log, item by item"):
        audit([folder / "m_1frame.json"], items=[items], baseline=blind, resamples=200)


def test_answers_in_another_order_are_the_same_answers(tmp_path, folder):
    """A log turned around is paired item by item: it never differs from itself, and an odd one differs as before."""
    answers = json.loads((folder / "m_4frame.json").read_text())
    (tmp_path / "turned_4frame.json").write_text(json.dumps(answers[::-1]))
    logs = [folder / "m_4frame.json", tmp_path / "turned_4frame.json", folder / "m_1frame.json"]
    itself, other, turned = audit(logs, items=[folder / "questions.json"], resamples=200).tests
    assert itself.agreement == 1 and itself.p_value == 1 and other.agreement == turned.agreement < 1
    assert other.p_value == turned.p_value and other.difference.interval == turned.difference.interval


def _of_another_task(tmp_path, folder):
    """A log of like questions of another task, and a file with the questions of both."""
    own = json.loads((folder / "questions.json").read_text())
    questions, answers = (json.loads((folder / name).read_text()) for name in ("questions.json", "m_1frame.json"))
    for record in (*questions, *answers):
        record["id"] = record["id"].replace("validation", "other")
    for record in questions:
        record["video"] = record["video"].replace("videos_real", "videos_synthetic")
    (tmp_path / "blind_1fps.json").write_text(json.dumps(answers))
    (tmp_path / "both.json").write_text(json.dumps(own + questions))
    return tmp_path / "blind_1fps.json", tmp_path / "both.json"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"trained": [1, 2]}, "numbers of training samples were given, but no explicit log"),
        ({"explicit": "geometry_1fps.json", "trained": [1]}, "one number for each of 2 logs was expected, got 1"),
        ({"explicit": "geometry_1fps.json", "trained": [5, 5]}, "sizes must be positive and increasing, got 5.0"),
        ({"mix": {"nowhere": 1.0}}, "no log has all of 'nowhere'; tasks here are 'real'"),
        ({"precision": 0.5}, "precision is 0.5"),
        ({"target": 1.0}, "target is 1.0"),
        ({"resamples": 99}, "resamples is 99; at least 100"),
        ({"baseline": "m_1frame.json"}, "this log is given twice"),
    ],
)
def test_bad_options_are_refused_in_a_sentence(folder, options, says):
    files = {key: folder / value for key, value in options.items() if isinstance(value, str)}
    with pytest.raises(ValueError, match=says):
        audit([folder / "m_1frame.json", folder / "m_4frame.json"], items=[folder / "questions.json"], **options | files)


def test_a_target_needs_budgets(folder):
    with pytest.raises(ValueError, match="no model has logs of the same questions with different, known numbers"):
        audit([folder / "m_1frame.json"], items=[folder / "questions.json"], target=0.5, resamples=100)


def test_many_rows_are_folded_and_linked(folder):
    """Beyond a dozen rows the details wait under their names, without any script."""
    single = audit([folder / "m_1frame.json"], items=[folder / "questions.json"], resamples=100)
    many = type(single)(single.rows * 13, 0)
    page = to_html(many)
    assert page.count("<details>") == 13 and page.count('href="#row-13"') == 1
    assert to_html(single).count("<details>") == 0


def test_a_page_of_hundreds_of_rows_has_no_plots_of_each(folder):
    single = audit([folder / "m_1frame.json"], items=[folder / "questions.json"], resamples=100)
    page = to_html(type(single)(single.rows * 100, 0))
    assert "<svg" not in page and "an audit of at most 60 rows has them" in page and page.count("<details>") == 100
    assert "<svg" in to_html(single)
