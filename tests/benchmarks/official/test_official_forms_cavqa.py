"""CA-VQA's rows, made here and synthetic: tasks, frames in time order, kinds of regression, the datasets folder."""

import json

import numpy as np
import pytest

from spacelib.benchmarks import answered, read_questions
from spacelib.benchmarks.official import cavqa
from spacelib.benchmarks.official.folders import content_of

POSE, INTRINSICS = np.eye(4).tolist(), [[500.0, 0, 320], [0, 500, 240], [0, 0, 1]]


def frame(name, **more):
    depth = {f"depth_map_{kind}": {"path": f"depth/{name}_{kind}.png"} for kind in ("ground_truth", "arkit", "monocular")}
    return {"image": {"path": f"images/42898570/{name}.png"}, "pose": POSE, "intrinsics": INTRINSICS} | depth | more


def row(answer, question="Is the bed in front?", support=(1, 2), **more):
    supports = {f"support_frame_{i}": frame(f"s{i}") if i in support else None for i in (1, 2, 3, 4)}
    return {"id": f"synthetic {answer} {question}", "question": question, "answer": answer} | supports | {
        "reference_frame": frame("r")
    } | more  # fmt: skip


LETTERED = "How many chairs are in the image?\nA. 1\nB. 2\nC. 0\nD. 2\nAnswer with the option's letter directly."
ROWS = {
    "binary": [row("Yes"), row("no.")],
    "cardinality": [row("3", "How many?")],
    "grounding2d": [row("[10, 20, 110, 220]", "Where is the sofa?")],
    "grounding3d": [row("[0, 1.5, 0, 1, 2, 0.5, 0.1]", "Where is the sofa?")],
    "multichoice": [row("D", LETTERED), row("(B)", "Which is taller? (A) the lamp (B) the sofa. Answer with a letter.")],
    "regression": [row("1.25", "How far is the bed from the camera in meters?"),
                   row("120 cm", "What is the distance between the bed and the lamp?"),
                   row("80", "How tall is the lamp in centimeters?")],
}  # fmt: skip


def write(root, tasks):
    for task, rows in tasks.items():
        (root / task).mkdir(parents=True)
        (root / task / "rows.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")
    return root


def test_the_six_tasks(tmp_path):
    questions = read_questions(write(tmp_path / "c", ROWS))
    table = questions.table.set_index("task")
    assert set(table.index) == set(cavqa.TASKS) and set(table["scene"]) == {"42898570"} and set(table["frames"]) == {3}
    assert table.loc["binary", "gold"].tolist() == ["A", "B"]
    assert table.loc["multichoice", "options"].tolist() == [("1", "2", "0", "2"), ("the lamp", "the sofa")]
    assert table.loc["multichoice", "gold"].tolist() == ["B", "B"]  # D reads as B does
    assert table.loc["regression", "unit"].tolist() == ["m", "cm", "cm"]
    assert table.loc["regression", "gold"].tolist() == ["1.25", "120.0", "80.0"]
    assert questions.notes == (
        "Kinds of regression, inferred from the questions' words: egocentric distance 1, object distance 1, object size 1.",
    )
    said = dict.fromkeys(questions.table["item"], "1.2 m")
    log = answered(questions, said, path="log", model="m")
    assert log.records.set_index("task")["correct"].loc["regression"].tolist() == [True, True, False]


def test_one_tasks_file_is_known_by_its_folder_and_by_nothing_else(tmp_path):
    root = write(tmp_path / "c", {"regression": ROWS["regression"]})
    assert set(read_questions(root / "regression" / "rows.jsonl").table["task"]) == {"regression"}
    (tmp_path / "rows.jsonl").write_text((root / "regression" / "rows.jsonl").read_text(), encoding="utf-8")
    with pytest.raises(ValueError, match="task is not known; give the folder"):
        read_questions(tmp_path / "rows.jsonl")


def test_frames_stand_in_the_order_of_time(tmp_path):
    root = write(tmp_path / "c", {"binary": [row("Yes", support=(1, 3, 4))]})
    (frames,) = cavqa.frames(root, content_of(root)).values()
    assert [f.image.split("/")[-1] for f in frames] == ["s4.png", "s3.png", "s1.png", "r.png"]
    assert frames[-1].depths == {kind: f"depth/r_{kind}.png" for kind in ("ground_truth", "arkit", "monocular")}
    assert (frames[0].pose == np.eye(4)).all() and frames[0].intrinsics.shape == (3, 3)


def test_a_recording_without_folders_is_known_by_its_numbered_id(tmp_path):
    bare = frame("r", image={"path": "images/r.png"})
    rows = [row("Yes", support=(), reference_frame=bare, id="45260857_00050_6"), row("No", support=(), reference_frame=bare)]
    assert read_questions(write(tmp_path / "c", {"binary": rows})).table["scene"].tolist()[0] == "45260857"
    assert read_questions(tmp_path / "c").table["scene"].isna().tolist() == [False, True]


def test_a_datasets_folder_is_the_same(tmp_path):
    datasets = pytest.importorskip("datasets")
    folder = tmp_path / "official"
    datasets.DatasetDict({task: datasets.Dataset.from_list(rows) for task, rows in ROWS.items()}).save_to_disk(str(folder))
    written = read_questions(write(tmp_path / "c", ROWS)).table
    read = read_questions(folder).table
    assert read.sort_values("item").reset_index(drop=True).equals(written.sort_values("item").reset_index(drop=True))
    state = folder / "binary" / "state.json"
    good = json.loads(state.read_text(encoding="utf-8"))
    for names in (["../../multichoice/data.arrow"], ["/etc/passwd"], [3], []):
        state.write_text(json.dumps(good | {"_data_files": [{"filename": name} for name in names]}), encoding="utf-8")
        with pytest.raises(ValueError, match="state.json: the files of data are .*; plain names were expected"):
            read_questions(folder)
    state.write_text(json.dumps(good | {"_data_files": [{"filename": "none.arrow"}]}), encoding="utf-8")
    with pytest.raises(ValueError, match="no readable table of datasets"):
        read_questions(folder)
    state.write_text("{", encoding="utf-8")
    with pytest.raises(ValueError, match="not JSON"):
        read_questions(folder)


@pytest.mark.parametrize(("question", "kind"), [
    ("How far is the bed from the camera?", "egocentric distance"), ("How far away is the bed?", "egocentric distance"),
    ("What is the distance between you and the bed?", "egocentric distance"), ("How far am I from the bed?", "egocentric distance"),
    ("What is the distance to the viewer of the tall lamp?", "egocentric distance"),
    ("How far away from the bed is the lamp?", "object distance"), ("How far apart are bed and long table?", "object distance"),
    ("What is the distance between bed and lamp?", "object distance"), ("How tall is the lamp?", "object size"),
    ("What is the height of the lamp?", "object size"), ("How wide is the camera?", "object size"), ("Measure it.", None),
    ("What is the depth of the shelf?", "object size"), ("How many?", None),
])  # fmt: skip
def test_kinds_of_regression(question, kind):
    assert cavqa.regression_kind(question) == kind


@pytest.mark.parametrize(("task", "broken", "message"), [
    ("binary", row("Maybe"), "'Maybe' names none of the options"), ("multichoice", row("B", "Which?"), "no options A, B"),
    ("multichoice", row("E", LETTERED), "'E' names none"), ("cardinality", row("many", "How many?"), "cannot be read"),
    ("cardinality", row("-1", "How many?"), "whole numbers from 0"), ("grounding2d", row("[1, 2]"), "last|shape"),
    ("grounding2d", row("[9, 9, 1, 1]"), "sides above 0"), ("grounding3d", row("1, 2"), "cannot be read"),
    ("regression", row("1.25", "How far?"), "unit is not named"), ("regression", row("0 m", "How far?"), "positive"),
    ("regression", row("1e999 m", "How far?"), "cannot be read"), ("binary", row("Yes", reference_frame={}), "image, pose"),
    ("binary", row("Yes", reference_frame=None), "reference_frame is None"), ("binary", row("Yes", question=3), "question is 3"),
    ("binary", row("Yes", reference_frame=frame("r", pose=[[1]])), "pose is"),
    ("binary", row("Yes", reference_frame=frame("r", pose=[["x"] * 4] * 4)), "pose is"),
    ("binary", row("Yes", reference_frame=frame("r", intrinsics=[[10**400] * 3] * 3)), "intrinsics is"),
    ("binary", row("Yes", reference_frame=frame("r", image={"path": "/home/x/b.png"})), "'b.png' is no relative path"),
    ("binary", row("Yes", reference_frame=frame("r", image={"path": None})), "names no picture"),
    ("binary", row("Yes", reference_frame=frame("r", image="b.png")), "'b.png'; a path was expected"),
    ("binary", row("Yes", reference_frame=frame("r", depth_map_arkit={"path": "../b"})), "no relative path"),
    ("binary", row("Yes", reference_frame=frame("r", image={"path": "images/9/r.png"})), "several recordings"),
])  # fmt: skip
def test_each_broken_row_is_named(tmp_path, task, broken, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_questions(write(tmp_path / "c", {task: [broken]}))
    assert "/home" not in str(caught.value).replace(str(tmp_path), "") and "\n" not in str(caught.value)
