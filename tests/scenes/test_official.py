"""Official file forms: read back by the loader, or held against the owners' record forms; whole or not at all."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from official_forms import cavqa_fault, multispa_fault
from PIL import Image
from question_scenes import CAMERAS, frames, questions

from spacelib.benchmarks import length, read_log
from spacelib.benchmarks.reading import read_json
from spacelib.benchmarks.spatialrgpt import TASKS, read_questions
from spacelib.scenes import Frames, official
from spacelib.scenes.questions import CAVQA, MULTISPA, SPATIALRGPT, score, tasks


def lines(path):
    found = read_json(path)
    return found if isinstance(found, list) else [found]


def picture(path):
    with Image.open(path) as image:
        return np.asarray(image)


def right(asked):
    return {question.id: question.answer for question in asked}


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    root = tmp_path_factory.mktemp("official")
    official.write_spatialrgpt(root / "s", questions(SPATIALRGPT), frames())
    official.write_multispa(root / "m", questions(MULTISPA), frames())
    official.write_cavqa(root / "c", questions(CAVQA), frames())
    return root


def test_the_loader_reads_what_was_written(folders):
    table = read_questions(folders / "s" / "questions.jsonl")
    assert list(table.index) == [question.id for question in questions(SPATIALRGPT)]
    for question, record in zip(questions(SPATIALRGPT), lines(folders / "s" / "questions.jsonl"), strict=True):
        row = table.loc[question.id]
        assert (row["task"], row["question"], row["gold"]) == (question.task, question.text, question.answer)
        assert row["scene"] == f"synthetic/synthetic_scene_{question.scene:05d}/frame_{question.frames[0]}.png"
        assert record["qa_info"]["category"] in TASKS[question.task][0]
        assert record["conversations"][0]["value"].count("<mask>") == len(question.subject.objects)
        shown = frames().index[question.scene, question.frames[0]]
        for n, box, rle in zip(question.subject.objects, record["bbox"], record["rle"], strict=True):
            runs = np.repeat(np.arange(len(rle["counts"])) % 2, rle["counts"])
            mask = runs.reshape(rle["size"], order="F").astype(bool)
            assert (mask == (shown == n).numpy()).all()
            left, top, end, bottom = box
            assert mask[top:bottom, left:end].sum() == mask.sum() and mask[top].any() and mask[:, end - 1].any()


@pytest.mark.parametrize("wrong", [False, True])
def test_answers_go_through_the_loader_as_logs(tmp_path, folders, wrong):
    asked = questions(SPATIALRGPT)
    said = right(asked)
    if wrong:
        said = {name: "I cannot tell." for name in said}
    official.write_spatialrgpt_log(tmp_path / "log.jsonl", asked, said)
    official.write_spatialrgpt_predictions(tmp_path / "predictions.jsonl", asked, said, "synthetic-model")
    items = [folders / "s" / "questions.jsonl"]
    judged = read_log(tmp_path / "log.jsonl", items=items).records.set_index("item")
    assert set(judged.index) == set(said) and set(judged["task"]) == set(tasks(SPATIALRGPT))
    assert (judged["correct"] == (not wrong)).all() and judged["scene"].notna().all()
    numbers = read_log(tmp_path / "predictions.jsonl", items=items).records.set_index("item")
    assert set(numbers.index) == {question.id for question in asked if question.unit}
    assert (numbers["correct"] == (not wrong)).all() and (numbers["model"] == "synthetic-model").all()
    for question in asked:
        if question.unit == "m":
            assert float(numbers.loc[question.id, "gold"]) == length(question.answer)


def test_multispa_records_have_the_official_form(folders):
    assert sorted(p.stem for p in (folders / "m").glob("*.jsonl")) == sorted(tasks(MULTISPA))
    asked, size = {question.id: question for question in questions(MULTISPA)}, 0
    for task in tasks(MULTISPA):
        for record in lines(folders / "m" / f"{task}.jsonl"):
            assert multispa_fault(record, task) is None
            question = asked[record["id"]]
            size += 1
            assert record["text"] == question.text and record["id"].startswith("synthetic")
            value = record["gt_value"]
            text = f"[ {' , '.join(map(str, value))} ]" if isinstance(value, list) else str(value)
            assert f"`{text}`" == question.answer and score(question, f"`{text}`")
            for path in record["image"]:
                assert path.split("/")[0] == f"synthetic_scene_{question.scene:05d}"
                assert picture(folders / "m" / path).shape == (64, 80, 3)
            if task == "camera_displacement_vector":  # answers in millimetres, the values beside them in metres
                metres = record["answer_values"]["displacement_vector"]
                assert value == [round(1000 * v) for v in metres]
                assert record["answer_values"]["total_distance"] == round(1000 * np.linalg.norm(metres))
    assert size == len(asked)


def test_cavqa_rows_have_the_official_form(folders):
    asked = {question.id: question for question in questions(CAVQA)}
    for task in tasks(CAVQA):
        for row in lines(folders / "c" / task / "rows.jsonl"):
            assert cavqa_fault(row) is None
            question = asked.pop(row["id"])
            assert (row["question"], row["answer"]) == (question.text, question.answer) and "synthetic" in row["id"]
            names = ["reference_frame", "support_frame_1", "support_frame_2", "support_frame_3", "support_frame_4"]
            for name, k in zip(names, (4, 3, 2, 1, 0), strict=True):
                expected = torch.linalg.solve(CAMERAS.pose[4], CAMERAS.pose[k])
                torch.testing.assert_close(torch.tensor(row[name]["pose"], dtype=torch.float64), expected)
                depth = picture(folders / "c" / row[name]["depth_map_ground_truth"]["path"]).astype(float)
                true = frames().depth[question.scene, k].numpy()
                seen = np.isfinite(true) & (true < 65.5)
                assert (depth[~np.isfinite(true)] == 0).all() and abs(depth - 1000 * true)[seen].max() <= 0.5 + 1e-9
    assert not asked


def test_missing_support_frames_are_null(tmp_path):
    question = questions(CAVQA)[0]
    views = question.geometry["views"][:2]
    official.write_cavqa(tmp_path / "c", [replace(question, frames=(4, 3), geometry={"views": views})], frames())
    (row,) = lines(tmp_path / "c" / question.task / "rows.jsonl")
    assert row["support_frame_1"] is not None and row["support_frame_2"] is row["support_frame_4"] is None
    assert cavqa_fault(row) is None


def test_pictures_show_the_frame_and_the_dots(folders):
    plain, dotted = 0, 0
    for question in questions(MULTISPA):
        record = next(r for r in lines(folders / "m" / f"{question.task}.jsonl") if r["id"] == question.id)
        for path, k in zip(record["image"], question.frames, strict=True):
            drawn = picture(folders / "m" / path)
            true = 255 * frames().rgb[question.scene, k].numpy()
            marks = [mark for mark in question.marks if mark.frame == k]
            for mark in marks:
                column, row = (int(value) for value in mark.pixel)
                assert drawn[row, column].tolist() == [255, 0, 255]
            off = (abs(drawn - true) > 0.5 + 1e-4).any(-1)
            assert off.any() == bool(marks) and not (off & (drawn != [255, 0, 255]).any(-1)).any()
            plain, dotted = plain + (not marks), dotted + bool(marks)
    assert plain > 10 and dotted > 10


def test_the_form_checker_can_say_no(folders):
    record = lines(folders / "m" / "camera_total_distance.jsonl")[0]
    wrong = {"gt_value": 1.5, "image": record["image"][:1], "question_type": "x", "extra": 1, "answer_values": {}}
    for change in ({name: value} for name, value in wrong.items()):
        assert multispa_fault(record | change, "camera_total_distance")
    row = lines(folders / "c" / "binary" / "rows.jsonl")[0]
    for change in ({"reference_frame": None}, {"answer": 3}, {"extra": 1}, {"support_frame_1": {}}):
        assert cavqa_fault(row | change)


def test_run_lengths_begin_with_zeros():
    assert official.run_lengths(np.array([[1, 0], [1, 0], [0, 1]])) == [0, 2, 3, 1]
    assert official.run_lengths(np.zeros((2, 2))) == [4] and official.run_lengths(np.ones((2, 2))) == [0, 4]


def test_what_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def broken(*args):
        raise OSError("disk full")

    monkeypatch.setattr(official, "write_lines", broken)
    with pytest.raises(OSError, match="disk full"):
        official.write_multispa(tmp_path / "m", questions(MULTISPA)[:3], frames())
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_taken_is_refused(tmp_path):
    (tmp_path / "there").mkdir()
    with pytest.raises(FileExistsError, match="is there already"):
        official.write_cavqa(tmp_path / "there", questions(CAVQA)[:1], frames())
    with pytest.raises(FileNotFoundError, match="is no folder"):
        official.write_cavqa(tmp_path / "no" / "where", questions(CAVQA)[:1], frames())
    assert [p.name for p in tmp_path.iterdir()] == ["there"]


def test_bad_input_is_named(tmp_path):
    asked = questions(MULTISPA)[:2]
    small = Frames(*(value[:, :1] for value in vars(frames()).values()))
    for given, world, says in (
        ([], frames(), "questions must not be empty"),
        (asked + asked, frames(), "stands twice"),
        (questions(CAVQA)[:1], frames(), "must be of MultiSPA, is of CA-VQA"),
        ([q for q in questions(MULTISPA) if max(q.frames)][:1], small, "is not about these frames"),
    ):
        with pytest.raises(ValueError, match=says):
            official.write_multispa(tmp_path / "m", given, world)
    one = questions(SPATIALRGPT)[:1]
    for write in (official.write_spatialrgpt_log, lambda *a: official.write_spatialrgpt_predictions(*a, "m")):
        with pytest.raises(ValueError, match="answers must hold a text for question synthetic-.*, got None"):
            write(tmp_path / "log.jsonl", one, {})
    assert list(tmp_path.iterdir()) == []


def test_every_record_says_that_it_is_synthetic(folders):
    for path in folders.rglob("*.jsonl"):
        assert all("synthetic" in json.dumps(record) for record in lines(path))
