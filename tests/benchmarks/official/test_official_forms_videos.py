"""Forms of which real files are here: VSI-Bench, ViewSpatial-Bench, VLM4D, against plain counts of them; broken ones."""

import json
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest

from spacelib.benchmarks import answered, read_log, read_questions, registry, vsibench_overall, vsibench_types
from spacelib.benchmarks.readers import letter
from spacelib.benchmarks.vlm4d import answer_letter
from spacelib.benchmarks.vsibench import QUESTIONS

VSI = registry.local(QUESTIONS)
VIEW = registry.local("viewspatial/ViewSpatial-Bench.json")
VLM4D = [registry.local(f"vlm4d/questions/{name}_mc.json") for name in ("real", "synthetic")]


def write(tmp_path, content):
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.skipif(not VSI, reason="VSI-Bench's question file is not here")
def test_the_real_vsi_bench():
    questions = read_questions(VSI)
    table, records = questions.table, json.loads(VSI.read_text(encoding="utf-8"))
    shipped = vsibench_types().set_index("type")
    assert table["task"].value_counts().to_dict() == shipped["items"].to_dict()
    assert table.groupby("task")["scene"].nunique().to_dict() == shipped["videos"].to_dict()
    assert len(table) == 5130 and table["item"].tolist() == [str(i) for i in range(1, 5131)]
    assert not table["scene"].str.startswith("/").any() and table["scene"].nunique() == 288
    for row, record in zip(table.itertuples(), records):
        if row.answer_type == "choice":
            assert record[row.gold] == f"{row.gold}. {row.options[ord(row.gold) - 65]}" and record["answer"] == row.gold
        else:
            assert float(record["answer"]) == float(row.gold)
    # The right answers, as they stand in the file, get full credit.
    said = {row.item: record["answer"] for row, record in zip(table.itertuples(), records)}
    log = answered(questions, said, path="log", model="m", frames=32)
    assert log.records["correct"].all() and vsibench_overall(log.records) == 1
    assert set(log.records["frames"]) == {32}


def vsi(**more):
    record = {"id": 0, "dataset": "arkitscenes", "scene_name": "41069025", "question_type": "object_counting",
              "question": "How many?", "options": None, "ground_truth": "4"}  # fmt: skip
    return record | more


CHOICE = {"question_type": "route_planning", "options": ["A. back", "B. left"], "ground_truth": "B"}
OTHER = {"mp4_path": "/mnt/somebody/VSIBench/scannet/scene0_00.mp4", "question_type": "route_planning", "question": "?",
         "answer": "B", "A": "A. back", "B": "B. left", "C": None, "D": None}  # fmt: skip


def test_both_forms_of_vsi_bench_are_alike(tmp_path):
    official = read_questions(write(tmp_path, [vsi(), vsi(id=7, pruned=False, **CHOICE)])).table
    assert official["item"].tolist() == ["0", "7"] and official["scene"].tolist() == ["arkitscenes/41069025"] * 2
    assert official["rule"].tolist() == ["mean relative accuracy", "letter in the first word"]
    other = read_questions(write(tmp_path, [OTHER])).table
    assert other["scene"].tolist() == ["scannet/scene0_00"]
    assert other.loc[0, ["options", "gold", "rule"]].tolist() == official.loc[1, ["options", "gold", "rule"]].tolist()


@pytest.mark.parametrize(("record", "message"), [
    (vsi(question_type="taste"), "question_type 'taste' is none of"), (vsi(ground_truth="four"), "'four' is no number"),
    (vsi(ground_truth="0"), "positive"), (vsi(ground_truth="nan"), "no finite number"), (vsi(ground_truth="1e999"), "no finite"),
    (vsi(ground_truth=True), "ground_truth is True"), (vsi(options=["A. 1", "B. 2"]), "of a question for a number"),
    (vsi(**CHOICE | {"ground_truth": "C"}), "'C' names none"), (vsi(**CHOICE | {"options": ["A. x"], "ground_truth": "A"}), "found 1"),
    (vsi(**CHOICE | {"options": ["B. x", "A. y"]}), "letters that are not A, B"), (vsi(**CHOICE | {"options": [1, 2]}), "list of texts"),
    (vsi(**CHOICE | {"options": None}), "list of texts"), (vsi(scene_name="../x"), "no relative path"),
    (vsi(scene_name=""), "no dataset and scene"), (vsi(id=1.5), "id is 1.5"), (vsi(id=1), "'1': stands twice"),
])  # fmt: skip
def test_each_broken_record_of_vsi_bench_is_named(tmp_path, record, message):
    with pytest.raises(ValueError, match=message) as caught:
        read_questions(write(tmp_path, [vsi(id=1), record]))
    assert "questions.json" in str(caught.value) and "\n" not in str(caught.value)


@pytest.mark.parametrize(("change", "message"), [
    ({"mp4_path": "scene.mp4"}, "no dataset and scene"), ({"mp4_path": ""}, "no relative path"), ({"mp4_path": "a/.."}, "no relative"),
    ({"mp4_path": "C:\\somebody\\a.mp4"}, "no relative path"), ({"A": None, "C": "C. x"}, "an option is missing before"),
    ({"question_type": 3}, "question_type is 3"),
])  # fmt: skip
def test_each_broken_record_of_the_other_form_is_named(tmp_path, change, message):
    with pytest.raises(ValueError, match=rf"record 2.*{message}") as caught:
        read_questions(write(tmp_path, [OTHER, OTHER | change]))
    assert "somebody" not in str(caught.value)


def test_the_overall_score_weighs_eight_kinds():
    types = vsibench_types()["type"].tolist()
    scores = {kind: (number + 1) / 10 for number, kind in enumerate(types)}
    records = pd.DataFrame([(kind, s) for kind, s in scores.items() for _ in range(3)], columns=["task", "score"])
    three = [scores[f"object_rel_direction_{level}"] for level in ("easy", "medium", "hard")]
    others = [s for kind, s in scores.items() if not kind.startswith("object_rel_direction")]
    assert vsibench_overall(records) == pytest.approx((sum(others) + sum(three) / 3) / 8, rel=1e-12)
    assert vsibench_overall(records) != pytest.approx(records["score"].mean())
    with pytest.raises(ValueError, match="room_size_estimation"):
        vsibench_overall(records[records["task"] != "room_size_estimation"])


@pytest.mark.skipif(not VIEW, reason="ViewSpatial-Bench's question file is not here")
def test_the_real_viewspatial():
    questions = read_questions(VIEW)
    table, records = questions.table, json.loads(VIEW.read_text(encoding="utf-8"))
    assert len(table) == 5712 and table["task"].value_counts().to_dict() == Counter(r["question_type"] for r in records)
    assert table["frames"].tolist() == [len(r["image_path"]) for r in records]
    for row, record in zip(table.itertuples(), records):
        assert record["answer"] == f"{row.gold}. {row.options[ord(row.gold) - 65]}"
    folders = {str(Path(name).parent.parent) for r in records for name in r["image_path"] if "original_images" in name}
    assert folders < set(table["scene"]) and table["scene"].nunique() > len(folders) > 0
    log = answered(questions, {row.item: f"**{row.gold}**" for row in table.itertuples()}, path="log", model="m")
    assert log.records["correct"].all()


VIEWED = {"question_type": "Camera", "image_path": ["B/val/1.jpg"], "question": "?", "answer": "B. back",
          "choices": "A. right\nB. back"}  # fmt: skip


@pytest.mark.parametrize(("change", "message"), [
    ({"image_path": []}, "a list of names"), ({"image_path": ["/a/b.jpg"]}, "no relative path"), ({"answer": "B. right"}, "names none"),
    ({"image_path": ["B/val/1.jpg", "B/val/2.jpg"]}, "several scenes"), ({"choices": "A. right"}, "found 1|names none"),
    ({"choices": "A. right\nC. back"}, "not A, B"), ({"choices": ["A. right"]}, "choices is"),
])  # fmt: skip
def test_each_broken_record_of_viewspatial_is_named(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        read_questions(write(tmp_path, [VIEWED, VIEWED | change]))


@pytest.mark.skipif(not all(VLM4D), reason="VLM4D's question files are not here")
@pytest.mark.parametrize("path", VLM4D, ids=["real", "synthetic"])
def test_the_real_vlm4d(path):
    questions, records = read_questions(path), json.loads(Path(path or "").read_text(encoding="utf-8"))
    assert questions.table["scene"].tolist() == [r["video"] for r in records] and questions.letters_shuffled
    for row, record in zip(questions.table.itertuples(), records):
        assert str(record["choices"][row.gold]) == str(record["answer"])


@pytest.mark.skipif(not all(VLM4D), reason="VLM4D's files are not here")
def test_answers_marked_through_the_questions_are_those_of_the_log():
    """Where the log's own reading gives a letter, the same text read here gives the same mark."""
    name = next(n for n in registry.table().index if n.startswith("vlm4d/real_mc_direct-output") and registry.local(n))
    log = read_log(registry.local(name), items=VLM4D)
    texts = {r["id"]: r["extracted_answer"] for r in json.loads(registry.local(name).read_text(encoding="utf-8"))}
    again = answered(read_questions(VLM4D[0]), texts, path=name, model="m", partial=True).records.set_index("item")
    first = log.records.set_index("item")
    assert again["correct"].to_dict() == first["correct"].to_dict()
    assert (again["gold"] == first["gold"]).all() and (again["scene"] == first["scene"]).all()


LOGS = [path for name in registry.table().index if name.startswith(("vlm4d/real_mc_", "vlm4d/synthetic_mc_")) and (path := registry.local(name))]


@pytest.mark.skipif(len(LOGS) < 24, reason="VLM4D's logs are not here")
def test_letters_read_out_of_real_answers_are_those_that_the_owners_read():
    """Of 22,718 answers none is read as another letter; 8 are left unread, and 2 are read that the owners could not."""
    found = Counter()
    for path in LOGS:
        for record in json.loads(path.read_text(encoding="utf-8")):
            options = tuple(map(str, record["choices"].values()))
            theirs = answer_letter(record["extracted_answer"], record["choices"])
            theirs = theirs and "ABCD"[options.index(str(record["choices"][theirs]))]
            ours = letter(record["response"], None, options)
            found["same" if ours == theirs else "unread" if ours is None else "read" if theirs is None else "other"] += 1
    assert found == {"same": 22708, "unread": 8, "read": 2}
