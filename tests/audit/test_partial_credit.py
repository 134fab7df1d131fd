"""Credit between right and wrong: mean relative accuracy and vectors, from records to certificate (synthetic)."""

from pathlib import Path

import numpy as np
import pytest

from spacelib.audit import log_certificate, measure
from spacelib.audit.report import Row
from spacelib.audit.rooms import rooms
from spacelib.audit.sheets import sheets
from spacelib.benchmarks import Log, answer_counts, mean_relative_accuracy, record_table
from spacelib.bounds import kl, mean_relative_blind

GOLD, SAID = np.arange(1, 121) % 9 + 1.0, np.arange(1, 121) % 7 + 1.0
SCENES = [f"room {i // 4}" for i in range(120)]


def log(**columns):
    score = mean_relative_accuracy(SAID, GOLD)
    given = {
        "benchmark": "VSI-Bench", "task": "room size", "item": [str(i) for i in range(120)], "scene": SCENES, "frames": 16,
        "answer_type": "number", "options": None, "unit": "m", "gold": GOLD.astype(str).tolist(),
        "prediction": SAID.astype(str).tolist(), "rule": "mean relative accuracy", "score": score.tolist(),
        "correct": (score == 1).tolist(), "judge": None, "judge_reading": None, "model": "a model",
    } | columns  # fmt: skip
    return Log(Path("a/log.jsonl"), record_table(given, where="a log"), None)


def test_the_mean_score_and_its_certificate():
    (counts,) = answer_counts(log())
    score = mean_relative_accuracy(SAID, GOLD)
    by_scene = score.reshape(30, 4).mean(1)
    found = measure(counts, chance=0.2)
    assert found.accuracy.estimate == pytest.approx(score.mean(), abs=1e-12)
    assert counts.correct == (score == 1).sum() and counts.credit.sum() == pytest.approx(score.sum())
    assert found.certificate.exact.accuracy == pytest.approx(by_scene.mean(), abs=1e-12)
    certificate = log_certificate(counts)
    assert certificate.scene.risk == pytest.approx(1 - by_scene.mean(), abs=1e-12) and certificate.naive_exact is None
    assert kl(certificate.scene.risk, certificate.scene.upper) == pytest.approx(np.log(20) / 30, rel=1e-6)


def test_the_best_constant_is_that_of_the_bound():
    (counts,) = answer_counts(log())
    assert counts.constant.share == pytest.approx(mean_relative_blind(GOLD).score, abs=1e-12)
    guess = float(counts.constant.answer.split()[0])
    credit = mean_relative_accuracy(np.full(120, guess), GOLD).mean()
    assert credit <= counts.constant.share + 1e-12
    assert max(mean_relative_accuracy(np.full(120, x), GOLD).mean() for x in np.linspace(0.5, 10, 400)) <= counts.constant.share


def test_it_is_said_as_a_mean_score():
    (counts,) = answer_counts(log())
    figures = measure(counts)
    capacity = rooms(Row(figures, log_certificate(counts), None, None, (), ()))[0]
    accuracy = next(entry for entry in capacity.entries if entry.key == "accuracy")
    assert accuracy.name == "Mean score" and "full credit" in accuracy.meaning and "ten tolerances" in accuracy.meaning


def test_vectors_are_marks():
    gold = [f"[{i}, {i + 1}]" for i in range(120)]
    right = [i % 3 == 0 for i in range(120)]
    said = [g if r else "[900, 900]" for g, r in zip(gold, right)]
    made = log(answer_type="vector", gold=gold, prediction=said, unit="thousandths", rule="within 5 % of the width",
               score=[float(r) for r in right], correct=right)  # fmt: skip
    (counts,), (sheet,) = answer_counts(made), sheets(made)
    assert counts.constant is counts.answers is counts.partial is counts.judged is None
    assert measure(counts).accuracy.estimate == pytest.approx(1 / 3) and sheet.answer is None
    assert sheet.credit.sum() == 40 and "5 % of the picture's width" in counts.rule


def test_a_rule_of_ones_own_is_named():
    (counts,) = answer_counts(log(rule="<b>mine</b>\x1b"))
    assert counts.constant is None and counts.rule.startswith("by the rule <b>mine</b>") and "\x1b" not in counts.rule


def test_numbers_of_several_units_have_no_answers_in_common():
    """Metres and hours are not one set of answers: together they have neither an entropy nor a best constant."""
    unit = ["m", "cm"] * 60
    (counts,) = answer_counts(log(unit=unit))
    assert counts.answers is None and measure(counts).entropy is None
