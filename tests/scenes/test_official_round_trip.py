"""Scenes written in the official forms are read back as the questions that they are, and scored alike."""

import json
from dataclasses import replace

import pytest
import torch
from question_scenes import CAMERAS, SCENES, TIMES, frames

from spacelib.benchmarks import answered, clock_hour, length, read_log, read_questions
from spacelib.benchmarks.readers import vector_text
from spacelib.benchmarks.records import LETTERS
from spacelib.scenes import official
from spacelib.scenes.questions import CAVQA, MULTISPA, SPATIALRGPT, generate, score
from spacelib.scenes.questions.multispa_camera import SIGNS

WRITERS = {MULTISPA: official.write_multispa, CAVQA: official.write_cavqa, SPATIALRGPT: official.write_spatialrgpt}


def asked(benchmark, seed):
    return generate(benchmark, None, SCENES, CAMERAS, generator=torch.Generator().manual_seed(seed), times=TIMES)


SEEDS = [seed if seed < 2 else pytest.param(seed, marks=pytest.mark.long) for seed in range(20)]


@pytest.fixture(scope="module", params=SEEDS)
def seed(request):
    return request.param


@pytest.fixture(scope="module", params=list(WRITERS))
def written(request, seed, tmp_path_factory):
    benchmark = request.param
    path = tmp_path_factory.mktemp("official") / "written"
    WRITERS[benchmark](path, questions := asked(benchmark, seed), frames())
    return questions, read_questions(path)


def as_written(question):
    """The exact right answer, rounded as the writers round it."""
    gold, task = question.gold, question.task
    if question.benchmark == MULTISPA and not isinstance(gold, str):
        return tuple(float(round(v)) for v in gold) if isinstance(gold, tuple) else float(round(gold))
    if task in ("regression", "cardinality"):
        return float(question.answer)
    if question.benchmark == SPATIALRGPT and question.unit:
        return clock_hour(question.answer) if task == "direction" else length(question.answer)
    return tuple(float(f"{v:.3f}") for v in gold) if task == "grounding3d" else gold


def right(question):
    """The right answer in the table's form, and the options."""
    gold, options, task = as_written(question), question.options, question.task
    if question.benchmark == SPATIALRGPT:
        return (repr(gold) if question.unit else question.answer), None  # free texts stay as they are, for a judge
    if task == "depth_comparison_coor":
        options = tuple(vector_text([point["x"], point["y"]]) for point in question.geometry["points_info"])
        return LETTERS[options.index(vector_text(gold))], options
    if task == "visual_correspondence_coor_2_coor":
        width, height = question.image
        return vector_text([gold[0], gold[1] * (height / width)]), None
    if task == "binary":
        options = ("Yes", "No")
    elif task.endswith("_movement"):
        options = SIGNS[task.removeprefix("camera_")]
    if isinstance(gold, str):
        return (LETTERS[options.index(gold)] if gold in options else gold), options
    return (vector_text(gold) if isinstance(gold, tuple) else repr(gold)), None


def test_questions_are_read_back_as_they_were(written):
    questions, read = written
    table = read.table.set_index("item")
    assert set(table.index) == {question.id for question in questions} and len(table) == len(questions)
    for question in questions:
        row = table.loc[question.id]
        gold, options = right(question)
        scene = f"synthetic_scene_{question.scene:05d}"
        if question.benchmark == SPATIALRGPT:  # a picture is a scene
            scene = f"synthetic/{scene}/frame_{question.frames[0]}.png"
        assert (row["task"], row["scene"]) == (question.task, scene)
        assert row["frames"] == len(question.frames) and row["question"] == question.text
        assert (row["gold"], row["options"]) == (gold, options)
        if question.unit and not question.task.startswith("visual"):
            assert row["unit"] == question.unit


@pytest.mark.parametrize("kind", ["right", "another's", "none"])
def test_texts_are_marked_as_the_questions_are_scored(written, kind):
    """Right answers, those of the task's next question, and prose; against right answers as the files have them."""
    questions, read = written
    said = {}
    for question in questions:
        others = [other for other in questions if other.task == question.task]
        said[question.id] = {
            "right": question.answer,
            "another's": others[others.index(question) - 1].answer,
            "none": "I cannot tell A or B, 3 or 4.",
        }[kind]
    records = answered(read, said, path="log", model="m").records.set_index("item")
    marks = {q.id: score(replace(q, gold=as_written(q)), said[q.id]) for q in questions}
    marks = {item: mark for item, mark in marks.items() if item in records.index}  # a judge's texts are left out
    assert len(marks) >= len(questions) / 3
    assert records["correct"].to_dict() == marks
    assert kind != "right" or all(marks.values())
    assert kind != "none" or records["prediction"].isna().all()


def test_a_log_of_answers_alone_is_joined_with_the_official_folder(tmp_path):
    WRITERS[MULTISPA](tmp_path / "official", questions := asked(MULTISPA, 0)[:40], frames())
    lines = [{"item": q.id, "prediction": q.answer if i % 2 else "no idea"} for i, q in enumerate(questions)]
    (tmp_path / "model.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    log = read_log(tmp_path / "model.jsonl", items=[tmp_path / "official"])
    marks = log.records.set_index("item")["correct"].to_dict()
    assert marks == {question.id: bool(i % 2) for i, question in enumerate(questions)}
    assert set(log.records["benchmark"]) == {MULTISPA} and set(log.records["model"]) == {"model"}
    assert log.records["scene"].notna().all() and log.records["frames"].between(1, 6).all()
