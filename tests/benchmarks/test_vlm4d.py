"""The VLM4D loader: every trap of the official files on small synthetic ones, and the real files where found."""

import json
import re

import pandas as pd
import pytest
from vlm4d_form import LOGS, QUESTIONS, needs_data, synthetic, write

from spacelib.benchmarks import read_log
from spacelib.benchmarks.vlm4d import answer_letter, choice_is_right

CHOICES = {"A": "left", "B": "right", "C": "not moving", "D": 0}


@pytest.fixture
def form():
    return synthetic()


def read(folder, form, name="synthetic-model_8frame.json"):
    log, items = write(folder, *form, name)
    return read_log(log, [items])


def test_one_row_a_question_with_its_scene(tmp_path, form):
    records = read(tmp_path, form).records
    assert records["item"].tolist() == [a["id"] for a in form[1]]
    assert records["scene"].tolist() == [q["video"] for q in form[0]]
    assert records["correct"].tolist() == [a["correct"] for a in form[1]]
    assert set(records["task"]) == {"real"} and set(records["benchmark"]) == {"VLM4D"}


def test_the_join_is_by_id_not_by_position(tmp_path, form):
    scenes = {q["id"]: q["video"] for q in form[0]}
    form[0].reverse()
    records = read(tmp_path, form).records
    assert records["scene"].tolist() == [scenes[i] for i in records["item"]]


@pytest.mark.parametrize(
    ("name", "model", "frames"),
    [
        ("m_32frame.json", "m", 32),
        ("m_1frame.json", "m", 1),
        ("m-7B_1fps.json", "m-7B", pd.NA),
        ("m_0.5fps.json", "m", pd.NA),
        ("m_16.json", "m_16", pd.NA),
        ("_8frame.json", "_8frame", 8),
    ],
)
def test_model_and_frames_stand_in_the_name_and_a_sampling_rate_is_no_count(tmp_path, form, name, model, frames):
    records = read(tmp_path, form, name).records
    assert set(records["model"]) == {model}
    assert records["frames"].isna().all() if frames is pd.NA else (records["frames"] == frames).all()


def test_integers_are_compared_as_text(tmp_path, form):
    questions, answers = form
    numbers = dict(zip("ABCD", [3, 0, 10, 1]))
    questions[0] |= {"choices": numbers, "answer": 10}
    answers[0] |= {"choices": {k: str(v) for k, v in numbers.items()}, "ground_truth_answer": "10"}
    answers[0] |= {"extracted_answer": "C: 10", "correct": True}
    log = read(tmp_path, form)
    assert log.records.loc[0, ["gold", "prediction"]].tolist() == ["C", "C"]
    answers[0] |= {"choices": numbers, "ground_truth_answer": 10}
    log = read(tmp_path, form)
    assert log.records.loc[0, ["gold", "prediction"]].tolist() == ["C", "C"]
    assert any("numbers in the file, 1:" in note for note in log.notes)


def test_equal_choices_are_one_answer_and_doubly_likely(tmp_path, form):
    choices = {"A": "up", "B": "left", "C": "left", "D": "down"}
    for said in "BC":
        form[0][0] |= {"choices": choices, "answer": "left"}
        form[1][0] |= {"choices": choices, "ground_truth_answer": "left"}
        form[1][0] |= {"extracted_answer": f"{said}: left", "correct": True}
        log = read(tmp_path, form)
        assert log.records.loc[0, ["gold", "prediction", "correct"]].tolist() == ["B", "B", True]
        assert any("Equal choices in 'validation_1'" in note for note in log.notes)


def test_unparsed_answers_stay_and_count_as_wrong(tmp_path, form):
    for answer in form[1][:3]:
        answer |= {"extracted_answer": "No Valid Answer", "correct": False}
    log = read(tmp_path, form)
    assert len(log.records) == len(form[1])
    assert log.records["prediction"].isna().tolist() == [True] * 3 + [False] * (len(form[1]) - 3)
    assert not log.records["correct"][:3].any()
    assert any(note.startswith("Answers that could not be read, 3 ") for note in log.notes)


def test_a_wrong_mark_of_the_file_is_recomputed_and_told(tmp_path, form):
    form[1][4]["correct"] = not form[1][4]["correct"]
    log = read(tmp_path, form)
    assert log.records.loc[4, "correct"] != form[1][4]["correct"]
    assert any("own mark differs" in told and "'validation_5'" in told for told in log.warnings)


def test_the_misspelling_known_by_name_is_accepted_and_told(tmp_path, form):
    form[0][0] |= {"id": "validation_94", "question": "turning left?"}
    form[1][0] |= {"id": "validation_94", "question": "truning left?"}
    assert "The log misspells 'turning' in 'validation_94': known, accepted." in read(tmp_path, form).notes


def test_where_letter_and_text_contradict_the_letter_counts(tmp_path, form):
    answer = form[1][0]
    right = next(k for k, v in answer["choices"].items() if v == answer["ground_truth_answer"])
    other = next(v for v in answer["choices"].values() if v != answer["ground_truth_answer"])
    answer |= {"extracted_answer": f"{right}: {other.upper()}.", "correct": True}
    log = read(tmp_path, form)
    assert log.records.loc[0, "correct"]
    assert any("contradict" in note and "'validation_1'" in note for note in log.notes)
    assert not log.warnings


def test_missing_answers_are_told(tmp_path, form):
    del form[1][:7]
    log = read(tmp_path, form)
    assert len(log.records) == 33
    assert log.warnings == ("7 of 40 questions have no answer in this log: they are not in the figures.",)


@pytest.mark.parametrize(
    ("extracted", "letter"),
    [
        ("B", "B"),
        ("B: right", "B"),
        ("B:right", "B"),
        ("  B: right \n", "B"),
        ("A: several\nlines", "A"),
        ("E: none", None),
        ("b", None),
        ("", None),
        ("No Valid Answer", None),
        ("Away from the camera", None),
        ("BC", None),
        ("Bright", None),
    ],
)
def test_letter_of_an_answer(extracted, letter):
    assert answer_letter(extracted, CHOICES) == letter


def test_official_rule():
    assert choice_is_right("D", CHOICES, "0") and choice_is_right("D", CHOICES, 0)
    assert not choice_is_right("A", CHOICES, 0) and not choice_is_right(None, CHOICES, "left")
    assert not choice_is_right("A", CHOICES, "A"), "the right answer is a value, never a letter"


def change(where, **fields):
    def spoil(questions, answers):
        {"question": questions, "answer": answers}[where][2].update(fields)

    return spoil


FAULTS = {
    "another question text": (change("answer", question="Another?"), r"'validation_3'.*question 'Another\?'"),
    "known misspelling of another item": (
        lambda q, a: (q[2].update(question="turning?"), a[2].update(question="truning?")),
        "'validation_3'.*question",
    ),
    "other choices": (change("answer", choices=dict(zip("ABCD", "wxyz"))), "'validation_3'.*choices"),
    "another right answer": (
        lambda q, a: a[2].update(ground_truth_answer=next(v for v in a[2]["choices"].values() if v != q[2]["answer"])),
        "'validation_3'.*right answer",
    ),
    "right answer no choice": (
        lambda q, a: (q[2].update(answer="sideways"), a[2].update(ground_truth_answer="sideways")),
        "'validation_3'.*is no choice",
    ),
    "unknown id": (change("answer", id="validation_999"), "'validation_999' does not stand in"),
    "answer twice": (lambda q, a: a.append(dict(a[0])), "record 41 .*'validation_1'.*twice"),
    "question twice": (lambda q, a: q.append(dict(q[0])), "questions.json: record 41 .*'validation_1'.*twice"),
    "id a number": (change("answer", id=3), "record 3 .*id is 3,"),
    "choices a list": (change("answer", choices=["left"]), "record 3 .*choices"),
    "three choices": (change("question", choices=dict(zip("ABC", "xyz"))), "record 3 .*choices"),
    "a choice is a list": (change("answer", choices=dict(zip("ABCD", [[], 1, 2, 3]))), "record 3 .*choices"),
    "a choice is true": (change("answer", choices=dict(zip("ABCD", [True, 1, 2, 3]))), "record 3 .*choices"),
    "right answer true": (change("answer", ground_truth_answer=True), "record 3 .*ground_truth_answer is True"),
    "right answer null": (change("answer", ground_truth_answer=None), "record 3 .*ground_truth_answer is None"),
    "mark a number": (change("answer", correct=1), "record 3 .*correct is 1,"),
    "a field more": (change("answer", extra=1), "record 3.*: expected the fields"),
    "a field less": (lambda q, a: a[2].pop("response"), "record 3.*: expected the fields"),
    "a record is null": (lambda q, a: a.__setitem__(2, None), "record 3.*: expected the fields"),
    "a question is text": (lambda q, a: q.__setitem__(2, "q"), "questions.json: record 3.*: expected the fields"),
    "video elsewhere": (change("question", video="https://example.org/a.mp4"), "questions.json: video"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mismatch_is_an_error_that_names_file_and_item(tmp_path, form, fault):
    spoil, says = FAULTS[fault]
    spoil(*form)
    with pytest.raises(ValueError, match=says) as error:
        read(tmp_path, form)
    assert "\n" not in str(error.value) and str(tmp_path) in str(error.value)


def test_no_question_file_at_all(tmp_path, form, monkeypatch):
    monkeypatch.setattr("spacelib.benchmarks.registry.local", lambda name: None)
    log, _ = write(tmp_path, *form)
    with pytest.raises(ValueError, match="--items"):
        read_log(log)


@needs_data
@pytest.mark.parametrize("log", LOGS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_real_logs_join_and_reproduce_their_own_marks(log):
    found = read_log(log, QUESTIONS)
    split = log.parent.name.split("_")[0]
    raw = json.loads(log.read_text())
    assert set(found.records["task"]) == {split}
    assert (len(found.records), found.records["scene"].nunique()) == {"real": (1371, 600), "synthetic": (445, 400)}[
        split
    ]
    assert found.records["correct"].tolist() == [answer["correct"] for answer in raw]
    assert not found.warnings
    unparsed = sum(answer["extracted_answer"] == "No Valid Answer" for answer in raw)
    assert found.records["prediction"].isna().sum() == unparsed
    assert ("frame" in log.stem) == bool(found.records["frames"].notna().all())
    misspelt = [note for note in found.notes if "misspells" in note]
    assert bool(misspelt) == (split == "real" and log.stem.startswith("gpt-4o"))
    if misspelt:
        assert re.findall(r"validation_\d+", misspelt[0]) == ["validation_94", "validation_95", "validation_148"]


@needs_data
def test_a_log_of_one_split_does_not_join_with_the_other(tmp_path):
    real = next(p for p in LOGS if p.parent.name.startswith("real"))
    with pytest.raises(ValueError, match="but .*synthetic_mc.json has"):
        read_log(real, QUESTIONS[1:])
