"""The loader of BLINK's saved outputs: every trap on small synthetic ones, and the real files where found."""

import json

import blink_form
import pytest
from vlm4d_form import DATA

from spacelib.benchmarks import read_log
from spacelib.benchmarks.blink import TASKS, letter

OUTPUTS = sorted(DATA.glob("blink/*/*.json"))


@pytest.fixture
def content():
    return blink_form.synthetic()


def read(folder, content, **names):
    return read_log(blink_form.write(folder, content, **names))


def test_one_row_a_question_of_the_split_val(tmp_path, content):
    log = read(tmp_path, content)
    records = log.records
    assert records["item"].tolist() == [row["idx"] for row in content["val"]]
    assert records["gold"].tolist() == [row["answer"][1] for row in content["val"]]
    assert records["correct"].tolist() == [row["answer"] == row["prediction"] for row in content["val"]]
    assert set(records["model"]) == {"synthetic-model"} and set(records["task"]) == {"Relative_Depth"}
    assert (records["frames"] == 1).all() and records["scene"].isna().all() and log.letters_shuffled is None
    assert any(note.startswith("Questions of the split test, 40: hidden right answers") for note in log.notes)
    assert log.warnings == ("84 of 124 questions have no answer in this log: they are not in the figures.",)


@pytest.mark.parametrize("task", TASKS)
def test_frames_and_letters_are_the_tasks_own(tmp_path, task):
    frames, size, _ = TASKS[task]
    records = read(tmp_path, blink_form.synthetic(task)).records
    assert (records["frames"] == frames).all() and records["options"].map(len).eq(size).all()


def test_joined_images_are_told(tmp_path):
    log = read(tmp_path, blink_form.synthetic("Visual_Correspondence"), name="Visual_Correspondence_concat.json")
    assert "The 2 images were joined into one picture for this run." in log.notes


def test_answers_that_name_no_letter_are_unparsed_and_wrong(tmp_path, content):
    for row, said in zip(content["val"], ("(Z)", "(C)", "(E)", "", "Point A", "A", "(A) Point A", " (B) ")):
        row |= {"prediction": said, "answer": "(A)"}
    log = read(tmp_path, content)
    assert log.records["prediction"].fillna("").tolist()[:8] == ["", "", "", "", "", "", "A", "B"]
    assert log.records["correct"].tolist()[:8] == [False] * 6 + [True, False]
    assert any(note.startswith("Answers that could not be read, 6 ('val_Relative_Depth_1'") for note in log.notes)


def test_letter_of_a_saved_answer():
    assert letter("(C) Point C", "ABCD") == "C" and letter("(C) Point C", "AB") is None
    assert letter("(AB)", "AB") is None and letter("(A)B", "AB") is None and letter("(A)\n(B)", "AB") == "A"


def change(split, **fields):
    return lambda content: content[split][2].update(fields)


FAULTS = {
    "no val": (lambda c: c.pop("val"), "no answers of the split val"),
    "empty val": (lambda c: c.update(val=[]), "no answers of the split val"),
    "val no list": (lambda c: c.update(val="all"), "val: expected a list"),
    "test no list": (lambda c: c.update(test=7), "test: expected a list"),
    "a record is null": (lambda c: c["val"].__setitem__(2, None), "val: record 3: expected the fields"),
    "a field more": (change("val", extra=1), "val: record 3 .*expected the fields"),
    "an answer is a number": (change("val", prediction=1), "val: record 3 .*prediction is 1"),
    "idx twice": (change("val", idx="val_Relative_Depth_1"), "val: record 3 .*'val_Relative_Depth_1'.*twice"),
    "idx of test": (change("val", idx="test_Relative_Depth_3"), "'test_Relative_Depth_3': an idx of the form val_"),
    "idx like a path": (change("val", idx="../../etc/passwd"), "passwd': an idx of the form"),
    "two tasks": (change("val", idx="val_Spatial_Relation_3"), "belong to two tasks"),
    "another task": (
        lambda c: [
            row.update(idx=row["idx"].replace("Relative_Depth", "IQ_Test")) for part in c.values() for row in part
        ],
        "'IQ_Test' is none of the spatial ones",
    ),
    "right answer hidden in val": (change("val", answer="hidden"), "'val_Relative_Depth_3': the right answer 'hidden'"),
    "right answer of another task": (change("val", answer="(C)"), "the right answer '\\(C\\)' is none of AB"),
    "right answer shown in test": (change("test", answer="(A)"), "'test_Relative_Depth_3': 'hidden' expected"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_an_error_that_names_file_and_item(tmp_path, content, fault):
    spoil, says = FAULTS[fault]
    spoil(content)
    with pytest.raises(ValueError, match=says) as error:
        read(tmp_path, content)
    assert "\n" not in str(error.value) and str(tmp_path) in str(error.value)


@pytest.mark.skipif(not OUTPUTS, reason="no real data: set SPACELIB_DATA to a folder that holds blink/")
def test_real_outputs_are_read_whole():
    assert len(OUTPUTS) == 46
    for path in OUTPUTS:
        log, raw = read_log(path), json.loads(path.read_text())
        assert len(log.records) == len(raw["val"]) and not log.warnings
        assert log.records["model"].unique().tolist() == [path.parent.name]
        named = log.records["prediction"].map("({})".format, na_action="ignore")
        short = [row["prediction"][:3] for row in raw["val"]]
        assert all(x == y for x, y in zip(named, short) if isinstance(x, str))
        unparsed = [y for x, y in zip(named, short) if not isinstance(x, str)]
        assert set(unparsed) <= {"(Z)", "(E)", "(C)"} and (len(log.records) == 172) >= ("(E)" in unparsed)
