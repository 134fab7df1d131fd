"""Counts of answers: from a log, and as shipped; recomputed from the real files where they are found."""

from collections import Counter
from dataclasses import fields

import numpy as np
import pandas as pd
import pytest
from scipy.stats import chisquare
from vlm4d_form import DATA, QUESTIONS, needs_data, synthetic, write

from spacelib.benchmarks import answer_counts, read_log, vlm4d_counts
from spacelib.benchmarks.shipped import COUNTS, LOGS, TABLES
from spacelib.benchmarks.tabulate import write_vlm4d_counts


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


@needs_data
def test_shipped_counts_are_those_of_the_files(tmp_path, monkeypatch):
    monkeypatch.setenv("SPACELIB_DATA", str(DATA))
    write_vlm4d_counts(tables=tmp_path)
    for name in (LOGS, COUNTS):
        assert (tmp_path / name).read_bytes() == (TABLES / name).read_bytes()
    for shipped in vlm4d_counts():
        (read,) = answer_counts(read_log(DATA / "vlm4d" / shipped.log, QUESTIONS))
        for field in fields(read):
            assert np.array_equal(getattr(read, field.name), getattr(shipped, field.name)), field.name
