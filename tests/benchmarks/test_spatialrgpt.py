"""The loader of SpatialRGPT-Bench: its three forms on small synthetic files, and the real logs where found."""

import json

import pytest
from spatialrgpt_form import LENGTHS, TEXTS, judged, predicted, questions, write
from vlm4d_form import DATA

from spacelib.benchmarks import disagreement, read_log
from spacelib.benchmarks.judging import KINDS, MARKS
from spacelib.benchmarks.spatialrgpt import TASKS, read_questions

LOGS = sorted(DATA.glob("spatialrgpt_bench/*.jsonl"))
needs_logs = pytest.mark.skipif(not LOGS, reason="no real data: set SPACELIB_DATA to a folder with spatialrgpt_bench/")


@pytest.fixture
def records():
    return judged(items=72)


def test_a_judged_log_keeps_every_answer(tmp_path, records):
    log = read_log(write(tmp_path, records))
    table = log.records
    assert table["item"].tolist() == [r["id"] for r in records] and set(table["task"]) == set(TASKS)
    assert set(table["model"]) == {"synthetic-model"} and (table["frames"] == 1).all() and table["scene"].isna().all()
    texts = table["answer_type"] == "text"
    assert texts.sum() == 36 and (table["unit"][~texts] == table["task"][~texts].map(unit)).all()
    assert (table["correct"] == table["judge"])[texts].all()
    lengths = table["unit"] == "m"
    assert (table["correct"] == table["judge"])[lengths].all(), "this judge follows the rule"
    assert (
        table["judge_reading"][lengths].astype(float).sub(table["prediction"][lengths].astype(float)).abs().max() < 1e-9
    )
    assert (
        not table["judge"][table["task"] == "direction"].any() and table["correct"][table["task"] == "direction"].any()
    )
    assert len(log.warnings) == 1 and "114 of 120 in below_above" in log.warnings[0] and not log.notes


def unit(task):
    return "o'clock" if task == "direction" else "m"


def test_a_single_line_is_a_log(tmp_path, records):
    assert len(read_log(write(tmp_path, records[:1])).records) == 1


def test_an_unread_number_is_wrong_whatever_the_judge_says(tmp_path, records):
    records[6] |= {"prediction": "It is about 300 pixels.", "score": 1.0, "correct": True}
    table = read_log(write(tmp_path, records)).records
    assert table.loc[6, ["prediction", "judge"]].isna().tolist() == [True, False] and not table.loc[6, "correct"]
    apart = disagreement(table).loc[("synthetic-model", "direct_distance")]
    assert apart["judge_only"] == apart["rule_read_nothing"] == 1


def test_a_judge_that_failed_gave_no_mark(tmp_path, records):
    for record, response in zip(
        records[:8], ("<ERROR: Connection error.>", "", "[" * 5000, "{}", "null", "1", "no", "{")
    ):
        record |= {"judge_response": response, "score": 0.0, "correct": False}
    log = read_log(write(tmp_path, records))
    assert log.records["judge"].isna().tolist() == [True] * 8 + [False] * 64 and not log.records["correct"][:6].any()
    assert log.notes[0].startswith("Free texts that the judge gave no mark to, 6 ('qualitative_0', 'qualitative_1'")


def test_a_fenced_judgement_is_read(tmp_path, records):
    records[6]["judge_response"] = f"```json\n{records[6]['judge_response']}\n```"
    assert read_log(write(tmp_path, records)).records["judge_reading"].notna()[6]


def test_empty_texts_are_unparsed(tmp_path, records):
    records[0] |= {"prediction": " \n", "score": 0.0, "correct": False}
    assert read_log(write(tmp_path, records)).records["prediction"].isna()[0]


def test_predictions_bring_their_pictures_and_no_marks(tmp_path, records):
    log = read_log(write(tmp_path, predicted(records), "answers.jsonl"))
    table = log.records
    assert table["item"].tolist() == [r["id"] for r in records if r["qa_type"] == "quantitative"]
    assert table["scene"].tolist() == [
        f"synthetic/{i // 3}.jpg" for i, r in enumerate(records) if "quant" in r["qa_type"]
    ]
    assert table["judge"].isna().all() and set(table["model"]) == {"synthetic-model"}
    assert log.warnings[0].startswith("Free texts, 36 ('qualitative_0'") and "not in the figures" in log.warnings[0]
    marks = read_log(write(tmp_path, records)).records
    assert table["correct"].tolist() == marks["correct"][marks["answer_type"] == "number"].tolist()


@pytest.mark.parametrize("literals", [True, False])
def test_question_files_give_the_pictures(tmp_path, records, literals):
    source = write(tmp_path, questions(records, literals), "questions.jsonl")
    asked = read_questions(source)
    assert asked.loc["qualitative_0"].tolist() == [
        "synthetic/0.jpg", "below_above", records[0]["question"], records[0]["ground_truth"],
    ]  # fmt: skip
    log = read_log(write(tmp_path, records), [source])
    assert log.records["scene"].tolist() == [f"synthetic/{i // 3}.jpg" for i in range(72)]


def test_other_question_files_are_named_and_left(tmp_path, records):
    (tmp_path / "other.json").write_text("[]")
    log = read_log(write(tmp_path, records), [tmp_path / "other.json"])
    assert "other.json holds no questions of SpatialRGPT-Bench: not used." in log.notes


def change(**fields):
    return lambda records: records[7].update(fields)


FAULTS = {
    "a field less": (lambda r: r[7].pop("score"), "record 8 .*expected the fields"),
    "a record is null": (lambda r: r.__setitem__(7, None), "record 8: expected the fields"),
    "mixed forms": (lambda r: r.__setitem__(7, predicted(r)[7]), "record 8: expected the fields"),
    "id twice": (change(id="qualitative_0"), "record 8 .*'qualitative_0'.*twice"),
    "id a number": (change(id=7), "record 8 .*id is 7"),
    "answer null": (change(prediction=None), "record 8 .*prediction is None"),
    "score a half": (change(score=0.5), "record 8 .*score 0.5 and correct"),
    "score against mark": (change(score=1.0, correct=False), "record 8 .*do not agree"),
    "unknown category": (change(qa_category="colour"), "'quantitative_7': the category 'colour'"),
    "category of the other type": (change(qa_type="qualitative"), "does not go with the category"),
    "unknown type": (change(qa_type="visual"), "the type 'visual'"),
    "no number in the right answer": (change(ground_truth="Quite far."), "'quantitative_7': no number of the unit m"),
    "pixels in the right answer": (change(ground_truth="300 pixels"), "no number of the unit m"),
    "no hour in the right answer": (lambda r: r[11].update(ground_truth="2 m"), "no number of the unit o'clock"),
    "an empty text marked right": (
        lambda r: r[0].update(prediction="", score=1.0, correct=True),
        "yet it is marked right",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_an_error_that_names_file_and_item(tmp_path, records, fault):
    spoil, says = FAULTS[fault]
    spoil(records)
    with pytest.raises(ValueError, match=says) as error:
        read_log(write(tmp_path, records))
    assert "\n" not in str(error.value) and str(tmp_path) in str(error.value)


QUESTION_FAULTS = {
    "nested text of no literal": ({"image_info": "{'file_path': open('x')}"}, "image_info is .*no Python literal"),
    "nested text that would run": ({"qa_info": "__import__('os').system('true')"}, "qa_info is .*no Python literal"),
    "a bomb of brackets": ({"conversations": "(" * 50_000}, "conversations is .*no Python literal"),
    "a bomb of minus signs": ({"conversations": "-" * 50_000 + "1"}, "conversations is .*no Python literal"),
    "a bomb of digits": ({"qa_info": "9" * 50_000}, "qa_info is .*no Python literal"),
    "nested text too long": ({"qa_info": " " * 100_001}, "qa_info has 100001 characters"),
    "a null byte": ({"image_info": "{'file_path': '\0'"}, "image_info is .*no Python literal"),
    "a literal of another kind": ({"qa_info": "['type']"}, "qa_info is .*not of the official form"),
    "no picture": ({"image_info": {}}, "names no file_path"),
    "several turns": ({"conversations": [{"value": "?"}] * 4}, "one question and one answer"),
    "turns without text": ({"conversations": [{}, {}]}, "one question and one answer"),
    "an unknown category": ({"qa_info": {"type": "quantitative", "category": "depth"}}, "the category 'depth'"),
    "no category": ({"qa_info": {}}, "the category None"),
    "another right answer": ({"conversations": [{"value": "?"}, {"value": "9 m"}]}, "right answer .* but .*has '9 m'"),
    "another question": ({"id": "unknown"}, "'quantitative_7' does not stand in"),
}


@pytest.mark.parametrize("fault", QUESTION_FAULTS)
def test_a_fault_of_the_question_file_is_an_error(tmp_path, records, fault):
    changes, says = QUESTION_FAULTS[fault]
    asked = questions(records)
    asked[7].update(changes)
    with pytest.raises(ValueError, match=says) as error:
        read_log(write(tmp_path, records), [write(tmp_path, asked, "questions.jsonl")])
    assert "\n" not in str(error.value) and "questions.jsonl" in str(error.value)


def test_question_files_are_no_logs_and_texts_alone_no_predictions(tmp_path, records):
    with pytest.raises(ValueError, match="holds questions and no answers; it can be given as a question file"):
        read_log(write(tmp_path, questions(records)))
    with pytest.raises(ValueError, match="only free texts, which need a judge's mark"):
        read_log(write(tmp_path, predicted(judged(items=6, categories=TEXTS))))
    several = predicted(judged(items=6, categories=LENGTHS))
    several[3]["model_id"] = "another"
    with pytest.raises(ValueError, match="answers of 'synthetic-model' and of 'another'"):
        read_log(write(tmp_path, several))


def test_ways_to_disagree(tmp_path):
    """One answer for each way, and the counts that name it."""
    right = {"score": 1.0, "correct": True}
    wrong = {"score": 0.0, "correct": False}
    cases = [
        ("2 m", right, 2.0, "both"),
        ("9 m", wrong, 9.0, "neither"),
        ("1.5 to 2.6 m", wrong, 1.4, "read_differently"),
        ("0.9 to 2 m", right, 1.99, "read_differently"),
        ("1.6 m", wrong, None, "judge_read_nothing"),
        ("300 pixels", right, 2.0, "rule_read_nothing"),
        ("2.5 m", wrong, 2.5, "marked_differently"),
        ("2 m", None, None, "silent"),
    ]
    records = judged(items=len(cases), categories=("width_data",))
    for record, (said, mark, read, _) in zip(records, cases):
        record |= {"ground_truth": "2 m", "prediction": said, **(mark or wrong)}
        record["judge_response"] = json.dumps({"predicted_meters": read}) if mark else "<ERROR>"
    apart = disagreement(read_log(write(tmp_path, records)).records).loc[("synthetic-model", "width")]
    assert apart["items"] == 8 == apart[list(MARKS)].sum()
    assert apart[list(MARKS)].tolist() == [1, 3, 2, 1, 1]
    assert apart[list(KINDS)].to_dict() == {
        "judge_read_nothing": 1, "rule_read_nothing": 1, "read_differently": 2, "marked_differently": 1,
    }  # fmt: skip
    assert apart[list(KINDS)].sum() == apart["rule_only"] + apart["judge_only"]


@needs_logs
@pytest.mark.parametrize("path", LOGS, ids=lambda p: p.stem)
def test_real_logs_are_read_whole(path):
    log = read_log(path)
    raw = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(log.records) == len(raw) == 1406 and not log.warnings
    assert log.records["task"].value_counts().to_dict() == {task: asked for task, (_, asked) in TASKS.items()}
    marks = log.records["correct"].where(log.records["answer_type"] == "text")
    assert all(mark == r["correct"] for mark, r in zip(marks, raw) if r["qa_type"] == "qualitative")


@needs_logs
@pytest.mark.oracle
def test_right_answers_are_those_that_the_judge_read():
    """Two readers of the right answers, independent of each other: all lengths agree but for the judge's rounding."""
    compared = 0
    for path in LOGS:
        records = read_log(path).records.set_index("item")
        for line in path.read_text().splitlines():
            answer = json.loads(line)
            if not answer["qa_category"].endswith("_data") or not answer["judge_response"].startswith("{"):
                continue
            heard = json.loads(answer["judge_response"])["ground_truth_meters"]
            if heard is not None:
                assert float(records.loc[answer["id"], "gold"]) == pytest.approx(heard, rel=0.011), answer["id"]
                compared += 1
    assert compared > 3000
