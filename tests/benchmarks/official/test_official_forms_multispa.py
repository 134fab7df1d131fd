"""MultiSPA's records as its engine writes them, made here and synthetic: names, units, both known faults, broken ones."""

import json
import math

import pytest

from spacelib.benchmarks import answered, read_questions
from spacelib.benchmarks.official.multispa import TASKS


def record(kind, value, pictures=2, **more):
    names = [f"scene0011_00/{number:05d}.jpg" for number in range(pictures)]
    sides = {"height_list": [968] * pictures, "width_list": [1296] * pictures}
    return {"id": f"synthetic_{kind}", "image": names, "text": "?", "question_type": kind, "gt_value": value} | sides | more


def moved(kind, value, **more):
    return record(f"tapvid3d_{kind}", value, **{"point_moving": 1, "cam_moving": 0, "p1": [1, 2], "p2": [3, 4]} | more)


VECTOR = [0.018, 0.148, 0.287]
VALUES = {"answer_values": {"total_distance": int(1000 * math.hypot(*VECTOR)), "displacement_vector": VECTOR}}
POINTS = [{"x": 10, "y": 20, "depth": 900, "coords": [13, 19], "letter": "B"},
          {"x": 30, "y": 40, "depth": 700, "coords": [39, 39], "letter": "A"}]  # fmt: skip
RECORDS = {
    "camera_x_movement": record("x_movement", "left"),
    "camera_y_movement": record("y_movement", "up"),
    "camera_z_movement": record("z_movement", "forward"),
    "camera_yaw_movement": record("yaw_movement", "right"),
    "camera_pitch_movement": record("pitch_movement", "down"),
    "camera_yaw_angle": record("yaw_angle", 12),
    "camera_pitch_angle": record("pitch_angle", 0),
    "camera_total_distance": record("total_distance", 742),
    "camera_displacement_vector": record("displacement_vector", VECTOR, **VALUES),
    "depth_estimation_dot": record("depth_estimation_dot", 1342, 1),
    "depth_estimation_coor": record("depth_estimation_coor", 1342, 1),
    "depth_comparison_dot": record("depth_comparison_annotated", "B", 1),
    "depth_comparison_coor": record("depth_comparison_coordinate", [30, 40], 1, points_info=POINTS),
    "visual_correspondence_dot_2_multichoice": record("visual_correspondence_multiple_choice", "D"),
    "visual_correspondence_coor_2_coor": record("visual_correspondence_coor_2_coor", [500, 1000]),
    "object_perception_height": record("object_perception_height_estimation", 800, 6),
    "object_perception_length": record("object_perception_length_estimation", 800, 1),
    "object_perception_width": record("object_perception_width_k3", 800, 3),
    "object_movement_coor_total_distance_static_camera": moved("total_distance", 323),
    "object_movement_coor_total_distance_moving_camera": moved("total_distance", 323, cam_moving=1, id="m"),
    "object_movement_coor_displacement_vector_static_camera": moved("displacement_vector", VECTOR),
    "object_movement_coor_displacement_vector_moving_camera": moved("displacement_vector", VECTOR, cam_moving=1, id="n"),
    "object_movement_dot_total_distance_static_camera": moved("total_distance", VECTOR, id="a_ann"),
    "object_movement_dot_total_distance_moving_camera": moved("total_distance", VECTOR, cam_moving=1, id="b_ann"),
    "object_movement_dot_displacement_vector_static_camera": moved("displacement_vector", VECTOR, id="c_ann"),
    "object_movement_dot_displacement_vector_moving_camera": moved("displacement_vector", VECTOR, cam_moving=1, id="d_ann"),
}


def read(tmp_path, *records):
    path = tmp_path / "records.jsonl"
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return read_questions(path)


def test_all_subtasks_of_the_engine_are_known(tmp_path):
    assert len(TASKS) == len(set(TASKS)) == 26 and set(RECORDS) == set(TASKS)
    for number, (task, one) in enumerate(RECORDS.items()):
        (tmp_path / f"{number}.jsonl").write_text(json.dumps(one) + "\n", encoding="utf-8")
    questions = read_questions(tmp_path)
    table = questions.table
    assert set(table["task"]) == set(TASKS) and set(table["scene"]) == {"scene0011_00"}
    frames = dict(zip(table["task"], table["frames"]))
    assert frames["object_perception_height"] == 6 and frames["depth_estimation_dot"] == 1
    assert frames["camera_yaw_angle"] == 2
    assert sum("in metres" in note for note in questions.notes) == 2


def test_both_known_faults_are_undone_and_reported(tmp_path):
    shown = [RECORDS[f"object_movement_dot_{asked}_static_camera"] for asked in ("total_distance", "displacement_vector")]
    questions = read(tmp_path, RECORDS["camera_displacement_vector"], *shown)
    gold = dict(zip(questions.table["task"], questions.table["gold"]))
    assert gold["camera_displacement_vector"] == "[18, 148, 287]"
    assert gold["object_movement_dot_displacement_vector_static_camera"] == "[18, 148, 287]"
    assert float(gold["object_movement_dot_total_distance_static_camera"]) == 1000 * math.hypot(*VECTOR)
    metres, lengths = questions.notes
    assert "2 ('synthetic_displacement_vector', 'c_ann'): converted" in metres
    assert "1 ('a_ann')" in lengths and "length in millimetres" in lengths
    assert set(questions.table["unit"]) == {"mm"}
    said = {"synthetic_displacement_vector": "`[ 18 , 148 , 287 ]` mm", "a_ann": "`323`", "c_ann": "`[0.018, 0.148, 0.287]`"}
    log = answered(questions, said, path="log", model="m")
    assert log.records["correct"].tolist() == [True, True, False]
    assert log.notes[:2] == questions.notes


def test_a_vector_in_millimetres_is_left_alone(tmp_path):
    one = record("displacement_vector", [18, 148, 287], **VALUES)
    questions = read(tmp_path, one)
    assert questions.table["gold"].tolist() == ["[18, 148, 287]"] and not questions.notes


def test_the_answer_of_a_training_record_confirms_the_unit(tmp_path):
    turns = [{"from": "human", "value": "?"}, {"from": "gpt", "value": "It moved `[ 18 , 148 , 287 ]` mm."}]
    one = moved("displacement_vector", VECTOR, conversations=turns)
    assert read(tmp_path, one).table["gold"].tolist() == ["[18, 148, 287]"]
    with pytest.raises(ValueError, match="in metres is not what the answer in conversations says"):
        read(tmp_path, one | {"gt_value": [18, 148, 287]})


def test_training_records_have_their_question_in_conversations(tmp_path):
    turns = [{"from": "human", "value": "How far?"}, {"from": "gpt", "value": "`742` mm"}]
    one = record("total_distance", 742, conversations=turns)
    del one["text"]
    assert read(tmp_path, one).table["question"].tolist() == ["How far?"]
    for broken in (turns[:1], turns * 2, [3, 4], "x", [{"value": 3}, {"value": "x"}]):
        with pytest.raises(ValueError, match="record 1 .*(neither a text, nor|no text)"):
            read(tmp_path, one | {"conversations": broken})


def test_points_are_counted_in_thousandths_of_the_width(tmp_path):
    questions = read(tmp_path, RECORDS["visual_correspondence_coor_2_coor"])
    aspect = 968 / 1296
    assert questions.table["gold"].tolist() == [json.dumps([500, 1000 * aspect])]
    rows = 50 / aspect  # 5 % of the width, in thousandths of the height
    for point, counts in (([500, 1000], True), ([549.9, 1000], True), ([550.1, 1000], False),
                          ([500, 1000 - rows + 0.1], True), ([500, 1000 - rows - 0.1], False)):  # fmt: skip
        said = {"synthetic_visual_correspondence_coor_2_coor": f"`{point}`"}
        assert answered(questions, said, path="log", model="m").records["correct"].tolist() == [counts]


def test_ids_that_collide_get_their_subtask(tmp_path):
    questions = read(tmp_path, record("x_movement", "left", id=0), record("yaw_angle", 3, id=0))
    assert questions.table["item"].tolist() == ["camera_x_movement/0", "camera_yaw_angle/0"]
    assert "Ids stand in several subtasks" in questions.notes[0]
    assert read(tmp_path, record("x_movement", "left", id=0)).table["item"].tolist() == ["0"]
    with pytest.raises(ValueError, match="'camera_yaw_angle/0': stands twice"):
        read(tmp_path, *[record("yaw_angle", 3, id=0)] * 2)


CAMERA = RECORDS["camera_displacement_vector"]


@pytest.mark.parametrize(("broken", "message"), [
    (record("smell", "left"), "'smell' is none of MultiSPA's subtasks"),
    (record("x_movement", "up"), "gt_value is 'up'; one of right, left"),
    (record("x_movement", ["left"]), "gt_value is .*; one of right, left"),
    (record("yaw_angle", 3.5), "gt_value is 3.5; a whole number"), (record("yaw_angle", -1), "a whole number from 0"),
    (record("yaw_angle", [1]), "a whole number"), (record("yaw_angle", 10**400), "no number"),
    (record("depth_comparison_dot", "C", 1), "gt_value is 'C'; one of A, B"),
    (record("depth_estimation_dot", 5, 2), "2 pictures; depth_estimation_dot shows 1"),
    (record("yaw_angle", 5, 1), "1 pictures; camera_yaw_angle shows 2"),
    (record("object_perception_width_k3", 5, 7), "7 pictures; object_perception_width shows 1 to 6"),
    (record("yaw_angle", 5, image=["a/1.jpg", "b/2.jpg"]), "several scenes, 'a', 'b'"),
    (record("yaw_angle", 5, image=["a/1.jpg", 2]), "name of a picture is 2"),
    (record("yaw_angle", 5, image=["a/1.jpg", "../b"]), "ends in 'b' is no relative path"),
    (record("yaw_angle", 5, image=["a/1.jpg", "/home/somebody/b.jpg"]), "ends in 'b.jpg' is no relative path"),
    (record("yaw_angle", 5, image=["a/1.jpg", "C:\\somebody\\b.jpg"]), "ends in 'b.jpg' is no relative path"),
    (record("yaw_angle", 5, image=["a/1.jpg", "C:/b.jpg"]), "no relative path"),
    (record("yaw_angle", 5, image=["a/1.jpg", "a\\..\\b.jpg"]), "ends in 'b.jpg' is no relative path"),
    (record("yaw_angle", 5, image=["a/1.jpg", ""]), "no relative path"),
    (record("yaw_angle", 5, image=["a/1.jpg", "a/\0.jpg"]), "no relative path"),
    (record("yaw_angle", 5, height_list=[968]), "height_list is"), (record("yaw_angle", 5, width_list=[0, 0]), "width_list is"),
    (record("yaw_angle", 5, id=True), "id is True"), (record("yaw_angle", None), "gt_value is None"),
    (CAMERA | {"gt_value": [1, 2]}, "a list of 3 numbers"), (CAMERA | {"gt_value": [1, 2, "3"]}, "a list of 3 numbers"),
    (CAMERA | {"gt_value": [1, 2, True]}, "a list of 3 numbers"), (CAMERA | {"gt_value": [1e305, 2, 3]}, "a list of 3 numbers"),
    (CAMERA | {"gt_value": [1, 2, 10**400]}, "a list of 3 numbers"), (CAMERA | {"gt_value": [2, 3, 4]}, "neither in metres"),
    (CAMERA | {"gt_value": [0, 0, 0], "answer_values": {"total_distance": 1}}, "both in metres"),
    (CAMERA | {"answer_values": {}}, "total_distance of answer_values is None"),
    (moved("total_distance", VECTOR), "gt_value is .*; a whole number"), (moved("total_distance", 5, cam_moving=2), "cam_moving is 2"),
    (record("visual_correspondence_coor_2_coor", [500, 1001]), "no point in thousandths"),
    (record("depth_comparison_coordinate", [5, 6], 1, points_info=POINTS), "is not just one of the two points"),
    (record("depth_comparison_coordinate", [5, 6], 1, points_info=POINTS * 2), "two points were expected"),
    (record("depth_comparison_coordinate", [5, 6], 1), "points_info is None"),
    ([1], "expected the fields"),
])  # fmt: skip
def test_each_broken_record_is_named(tmp_path, broken, message):
    good = RECORDS["camera_yaw_angle"] | {"id": "good"}
    with pytest.raises(ValueError, match=rf"records.jsonl: record 2[ :(].*{message}") as caught:
        read(tmp_path, good, broken)
    assert "somebody" not in str(caught.value) and "\n" not in str(caught.value)
