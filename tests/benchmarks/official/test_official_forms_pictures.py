"""Forms without real files here, each with records made here and synthetic: read, told apart, broken ones named."""

import json

import pytest

from spacelib.benchmarks import OFFICIAL, answered, read_questions
from spacelib.benchmarks.official.forms import listed_options

LISTED = "Where is it? A. Directly left B. Back and right C. Front"
MINDCUBE = {"id": "among_group002_q0_1_1", "category": ["P-P"], "type": "0_frame", "meta_info": [["bag"], [None]],
            "question": LISTED, "images": ["all/among/backpack_002/front_039.jpg", "all/among/backpack_002/left_1.jpg"],
            "gt_answer": "C"}  # fmt: skip
MMSI = {"id": 3, "images": [{}, {}], "question_type": "Motion (Cam.)", "answer": "B", "thought": "...",
        "question": "Which way?\nOptions: A: left, B: back, to the right, C: up"}  # fmt: skip
SAT = {"image_bytes": [{}, {}], "question": "Turned?", "answers": ["left", "right"], "question_type": "ego_movement",
       "correct_answer": "right"}  # fmt: skip
SPAR = {"id": 800, "img_type": "multi_view", "format_type": "select", "task": "obj_spatial_relation_oc_mv", "source": "scannet",
        "image": [{}, {}, {}], "answer": "B",
        "question": "Where is it?\nA. left, above\nB. right, below\nYour answer can only include one option."}  # fmt: skip
FILLED = SPAR | {"id": 801, "format_type": "fill", "task": "depth_prediction_oc", "answer": "2.4",
                 "question": "How deep, in meters?"}  # fmt: skip
CHANGED = SPAR | {"id": 802, "format_type": "fill", "task": "view_change_infer", "answer": "move_right: 0.3", "question": "How?"}
STI = {"Video": "000001.mp4", "Source": "Omni6DPose", "Task": "Spatial Relation", "QType": "Single Choice", "Question": "Where?",
       "Prompt": "", "time_start": 0.0, "time_end": 0.0, "Candidates": {"A": "Left", "B": "Right", "C": "Front", "D": None, "E": None},
       "Answer": "C", "Answer Detail": "Front", "ID": 4, "scene": "desktop"}  # fmt: skip
ROBO = {"img": "images/1.png", "category": "compatibility", "question": "Can it fit?", "answer": "no"}
POINT = ROBO | {"category": "context", "answer": "[(0.1, 0.2), (0.3, 0.2), (0.3, 0.4)]"}
OPEN3D = {"UrbanScene": {"Campus": [{"id": 1, "image_name": "1.png", "qa_info": {"type": "distance"}, "question": "How far?",
                                     "answer": "20 m", "response": "25 m"}]}}  # fmt: skip
BLINK = {"idx": "val_Spatial_Relation_1", "sub_task": "Spatial_Relation", "question": "Is it left?", "choices": ["yes", "no"],
         "answer": "(A)", "prompt": "..."}  # fmt: skip
HIDDEN = BLINK | {"idx": "test_Spatial_Relation_1", "answer": "hidden"}
SPATIALRGPT = {"id": "s1", "image_info": {"file_path": "a/1.png"}, "text_q": "How wide?", "bbox": [], "rle": [],
               "qa_info": {"type": "quantitative", "category": "width_data"},
               "conversations": [{"value": "How wide is <mask>?"}, {"value": "It is 2 feet wide."}]}  # fmt: skip
TALK = SPATIALRGPT | {"id": "s2", "qa_info": {"type": "qualitative", "category": "left_choice"}}
VLM4D = {"id": "v1", "video": "https://x/videos_real/a.mp4", "question_type": "multiple-choice", "question": "Which way?",
         "choices": {"A": "left", "B": 2, "C": "left", "D": "up"}, "answer": 2}  # fmt: skip

REVSI = {"id": 12, "dataset": "scannet", "scene_id": "scene0_00", "question_type": "object_counting_single", "num_frames": 16,
         "question": "How many?", "options": None, "ground_truth": "3"}  # fmt: skip
TURNED = REVSI | {"id": 13, "question_type": "object_rel_direction_backward_hard", "options": ["A. left", "B. right"],
                  "ground_truth": "B"}  # fmt: skip

# Benchmark: records, the benchmark's own texts for the right answers, and what is expected of the first row.
EXAMPLES = {
    "MindCube": ([MINDCUBE], ["C"], {"task": "among", "scene": "all/among/backpack_002", "frames": 2, "gold": "C",
                                     "options": ("Directly left", "Back and right", "Front"), "rule": "letter"}),
    "MMSI-Bench": ([MMSI], ["B"], {"item": "3", "task": "Motion (Cam.)", "frames": 2, "gold": "B",
                                   "options": ("left", "back, to the right", "up")}),
    "SAT": ([SAT], ["right"], {"item": "1", "task": "ego_movement", "frames": 2, "gold": "B", "rule": "named option"}),
    "SPAR-Bench": ([SPAR, FILLED], ["B", "2.4"], {"item": "800", "frames": 3, "options": ("left, above", "right, below")}),
    "STI-Bench": ([STI], ["C"], {"item": "Omni6DPose/000001/4", "scene": "Omni6DPose/000001", "gold": "C",
                                 "options": ("Left", "Right", "Front")}),
    "RoboSpatial-Home": ([ROBO], ["No, it cannot."], {"task": "compatibility", "scene": "images/1.png", "gold": "B"}),
    "ReVSI": ([REVSI, TURNED], ["3", "b."], {"item": "12", "scene": "scannet/scene0_00", "frames": 16, "gold": "3.0",
                                             "unit": "objects", "rule": "mean relative accuracy"}),
    "BLINK": ([BLINK], ["(A)"], {"item": "val_Spatial_Relation_1", "frames": 1, "gold": "A", "options": ("yes", "no")}),
    "SpatialRGPT-Bench": ([SPATIALRGPT], ["0.6096 metres"], {"task": "width", "scene": "a/1.png", "gold": "0.6096", "unit": "m"}),
    "VLM4D": ([VLM4D], ["B"], {"task": "real", "scene": VLM4D["video"], "gold": "B", "options": ("left", "2", "left", "up")}),
}  # fmt: skip


def read(tmp_path, content):
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return read_questions(path)


@pytest.mark.parametrize("name", EXAMPLES)
def test_records_are_read_and_their_right_answers_marked_right(tmp_path, name):
    records, texts, expected = EXAMPLES[name]
    questions = read(tmp_path, records)
    row = questions.table.iloc[0]
    assert questions.benchmark == name and {key: row[key] for key in expected} == expected
    said = dict(zip(questions.table["item"], texts, strict=True))
    assert answered(questions, said, path="log", model="m").records["correct"].all()
    wrong = answered(questions, dict.fromkeys(said, "I would not know"), path="log", model="m").records
    assert wrong["prediction"].isna().all() and not wrong["correct"].any()


def test_one_question_at_two_budgets_is_two_questions(tmp_path):
    with pytest.raises(ValueError, match="this id stands twice"):
        read(tmp_path, [REVSI, REVSI | {"num_frames": 32, "ground_truth": "4"}])


def test_every_form_recognises_its_own_records_only(tmp_path):
    others = [[records[0]] for records, _, _ in EXAMPLES.values()] + [OPEN3D]
    assert set(OFFICIAL) >= set(EXAMPLES) and len(OFFICIAL) == 15
    for content in others:
        assert sum(form.recognises(content) for form in OFFICIAL.values()) == 1
    for content in ([], {}, [[]], [3], 3, "x", None, [{}], {"a": {}}, {"a": {"b": []}}, [{"id": 1}]):
        assert not any(form.recognises(content) for form in OFFICIAL.values())
        with pytest.raises(ValueError, match="fits no form considered; considered: MultiSPA, CA-VQA, "):
            read(tmp_path, content)


def test_content_of_two_forms_is_ambiguous(tmp_path, monkeypatch):
    monkeypatch.setattr(OFFICIAL["SAT"], "recognises", lambda content: True)
    with pytest.raises(ValueError, match="fits MMSI-Bench and SAT|fits SAT and MMSI-Bench"):
        read(tmp_path, [MMSI])


@pytest.mark.parametrize(("question", "options"), [
    ("Note A. this B. that. Which? A. left B. right", ("left", "right")), ("Which?\n(A) left\n(B) right", ("left", "right")),
    ("A: one, B: two; C: three.", ("one", "two", "three")), ("A. x\nmore\nB. y Please answer with a letter.", ("x", "y")),
    ("Is vitamin C. good? A. yes C. maybe B. no", ("yes C. maybe", "no")),
])  # fmt: skip
def test_options_that_stand_in_a_question(question, options):
    assert listed_options(question, "here") == options


def test_what_needs_a_judge_or_a_region_is_said(tmp_path):
    with pytest.raises(ValueError, match="no answer that a rule can mark"):
        answered(read(tmp_path, OPEN3D), {"UrbanScene/Campus/1": "25 m"}, path="log", model="m")
    spar = read(tmp_path, [FILLED, CHANGED])
    assert spar.table["rule"].tolist() == ["mean relative accuracy", "judge"] and spar.table["unit"].tolist()[0] == "m"
    assert read(tmp_path, [FILLED | {"question": "How deep, in centimetres?"}]).table["unit"].tolist() == ["cm"]
    talk = read(tmp_path, [SPATIALRGPT, TALK])
    assert talk.table["rule"].tolist() == ["within 25 %", "judge"]
    robo = read(tmp_path, [ROBO, POINT])
    assert len(robo.table) == 1 and "a point inside a region, 1 ('2')" in robo.warnings[0]
    blink = read(tmp_path, [BLINK, HIDDEN])
    assert len(blink.table) == 1 and "hidden right answers, 1" in blink.notes[0]
    torn = STI | {"ID": 5, "Candidates": {"A": "Front Back Right", "B": None}, "Answer": "B"}
    short = STI | {"ID": 6, "Answer": "E"}
    sti = read(tmp_path, [STI, torn, short])
    assert len(sti.table) == 1 and "2 ('Omni6DPose/000001/5', 'Omni6DPose/000001/6'): left out" in sti.warnings[0]


BROKEN = [
    (MINDCUBE, {"question": "Where?"}, "no options A, B"), (MINDCUBE, {"gt_answer": "D"}, "'D' names none"),
    (MINDCUBE, {"images": ["/a/b.jpg"]}, "no relative path"), (MINDCUBE, {"images": ["a/b.jpg", "c/d.jpg"]}, "several scenes"),
    (MMSI, {"answer": 2}, "answer is 2"), (MMSI, {"images": []}, "pictures are"), (MMSI, {"question": "A: x"}, "no options"),
    (SAT, {"correct_answer": "up"}, "'up' is none of"), (SAT, {"answers": ["left"], "correct_answer": "left"}, "found 1"),
    (SAT, {"answers": [1, 2]}, "list of texts"), (SPAR, {"format_type": "draw"}, "format_type is 'draw'"),
    (SPAR, {"answer": "E"}, "names none"), (SPAR, {"image": "x"}, "pictures are"), (FILLED, {"answer": "0"}, "positive"),
    (STI, {"Answer": "Front"}, "is no letter"), (STI, {"Candidates": {"B": "x", "A": "y"}}, "under A, B"),
    (STI, {"Candidates": {"A": 1, "B": 2}}, "under A, B"), (STI, {"Video": "../x.mp4"}, "no relative path"),
    (ROBO, {"answer": "perhaps"}, "'Perhaps' names none"), (ROBO, {"img": "C:\\x.png"}, "no relative path"),
    (BLINK, {"choices": []}, "list of texts"), (BLINK, {"answer": "(C)"}, "names none"), (BLINK, {"idx": 4}, "idx is 4"),
    (REVSI, {"question_type": "object_counting"}, "is none of object_counting_single"), (REVSI, {"num_frames": 0}, "0 frames"),
    (REVSI, {"num_frames": 1.5}, "num_frames is 1.5"), (TURNED, {"options": None}, "list of texts"), (TURNED, {"scene_id": "../x"}, "no relative"),
    (REVSI, {"options": ["A. 1", "B. 2"]}, "of a question for a number"), (REVSI, {"ground_truth": "0"}, "positive"),
    (SPATIALRGPT, {"qa_info": {"type": "quantitative", "category": "taste"}}, "category 'taste'"),
    (SPATIALRGPT, {"conversations": [{"value": "?"}, {"value": "wide"}]}, "no number of the unit m"),
    (VLM4D, {"answer": "down"}, "'down' is no choice"), (VLM4D, {"video": "x/a.mp4"}, "neither under"),
    (VLM4D, {"choices": {"A": "x"}}, "texts or integers under A to D"),
]  # fmt: skip


@pytest.mark.parametrize(("record", "change", "message"), BROKEN)
def test_each_broken_record_is_named(tmp_path, record, change, message):
    with pytest.raises(ValueError, match=message) as caught:
        read(tmp_path, [record | change])
    assert str(caught.value).startswith(f"{tmp_path}") and "\n" not in str(caught.value)


@pytest.mark.parametrize(("content", "message"), [
    ({"U": {"C": OPEN3D["UrbanScene"]["Campus"] * 2}}, "stands twice"), (OPEN3D | {"V": 3}, "'V': scenes were expected"),
    ({"U": {"C": [OPEN3D["UrbanScene"]["Campus"][0] | {"qa_info": {}}]}}, "qa_info has no type"),
    ({"..": OPEN3D["UrbanScene"]}, "no relative path"),
])  # fmt: skip
def test_each_broken_nest_is_named(tmp_path, content, message):
    with pytest.raises(ValueError, match=message):
        read(tmp_path, content)


def test_a_parquet_file_is_read_without_its_pictures(tmp_path):
    pytest.importorskip("datasets")
    import pyarrow
    from pyarrow import parquet

    rows = [SAT | {"image_bytes": [b"\x89PNG", b"\x89PNG"]}, SAT | {"image_bytes": [b"x"], "correct_answer": "left"}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "SAT_test.parquet")
    table = read_questions(tmp_path / "SAT_test.parquet").table
    assert table["gold"].tolist() == ["B", "A"] and table["frames"].isna().all()
    (tmp_path / "torn.parquet").write_bytes(b"PAR1" + b"x" * 50)
    with pytest.raises(ValueError, match="no readable Parquet file"):
        read_questions(tmp_path / "torn.parquet")


def test_a_datasets_folder_of_one_split_is_its_records(tmp_path):
    datasets = pytest.importorskip("datasets")
    table = datasets.Dataset.from_list([SAT | {"image_bytes": [{"bytes": b"x", "path": None}]}])
    table.save_to_disk(str(tmp_path / "one"))
    datasets.DatasetDict({"test": table}).save_to_disk(str(tmp_path / "split"))
    for name in ("one", "split"):
        read = read_questions(tmp_path / name)
        assert read.benchmark == "SAT" and read.table["frames"].tolist() == [1]


def test_an_empty_folder_is_named_and_a_missing_file_an_oserror(tmp_path):
    with pytest.raises(ValueError, match="no files of JSON lines"):
        read_questions(tmp_path)
    with pytest.raises(FileNotFoundError):
        read_questions(tmp_path / "none.json")
