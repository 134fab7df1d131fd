"""Logs of lmms-eval, current and older: synthetic samples, and the real VSI-Bench questions where they are."""

import json
import re

import harness_form as form
import pytest
from vlm4d_form import DATA

from spacelib.benchmarks import read_log
from spacelib.benchmarks.convert import convert


def refused(samples, tmp_path, says, items=()):
    path = form.write_samples(tmp_path, samples)
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        read_log(path, items)
    assert "samples_vsibench.jsonl" in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("version", [form.current, form.older])
def test_samples_of_vsibench_are_marked_by_its_rules(tmp_path, version):
    rows = form.vsibench(40)
    log = read_log(form.write_samples(tmp_path, version(rows)))
    table = log.records
    assert table["score"].tolist() == [row.get("accuracy", row.get(form.MRA)) for row in rows]
    assert table["item"].tolist() == [str(row["id"]) for row in rows]
    assert table["task"].tolist() == [row["question_type"] for row in rows]
    assert set(table["model"]) == {"a_model"} and table["frames"].isna().all()
    assert set(table["benchmark"]) == {"VSI-Bench"} and table["scene"].nunique() == 10
    assert 0 < table["prediction"].isna().sum() < 40 and not log.warnings


def test_a_mark_that_is_not_the_rules_is_named(tmp_path):
    rows = form.vsibench(8)
    samples = form.current(rows)
    wrong = next(i for i, row in enumerate(rows) if row.get("accuracy") == 0.0)
    samples[wrong]["vsibench_score"] = rows[wrong] | {"accuracy": 1.0}
    log = read_log(form.write_samples(tmp_path, samples))
    assert log.records["score"][wrong] == 0 and f"differs from the official rule in 1 ('{wrong}')" in log.warnings[0]


@pytest.mark.parametrize(("benchmark", "task"), [("BLINK", "Relative_Depth"), ("CV-Bench", "Depth")])
def test_samples_that_hold_letters(tmp_path, benchmark, task):
    log = read_log(form.write_samples(tmp_path, form.lettered(6, benchmark)))
    assert set(log.records["benchmark"]) == {benchmark} and set(log.records["task"]) == {task}
    assert log.records["prediction"].fillna("-").tolist() == ["B", "-", "A", "B", "-", "A"]
    assert log.records["gold"].tolist() == list("BABABA") and (log.records["frames"] == 1).all()


def test_questions_of_an_official_file_count(tmp_path):
    rows = form.vsibench(12)
    items = tmp_path / "questions.json"
    items.write_text(json.dumps([form.document(row) for row in rows]))
    mmsi = [
        {
            "doc_id": i,
            "target": row["ground_truth"],
            "filtered_resps": [row["prediction"]],
            "average": {"question_id": row["id"], "score": 0},
        }
        for i, row in enumerate(rows)
    ]
    path = form.write_samples(tmp_path, form.current(rows))
    alone, joined = read_log(path), read_log(path, [items])
    assert joined.records.equals(alone.records)
    assert read_log(form.write_samples(tmp_path, mmsi), [items]).records.equals(alone.records)
    wrong = {"target": "(A)" if rows[0]["ground_truth"] == "B" else "(B)"}
    refused([mmsi[0] | wrong], tmp_path, "item '0': right answer '(", [items])
    part = read_log(form.write_samples(tmp_path, form.current(rows)[:5]), [items])
    assert len(part.records) == 5 and "7 of 12 questions have no answer" in part.warnings[0]
    refused(mmsi, tmp_path, "does not hold its questions; the official question file is needed (--items)")
    other = [form.document(row) | {"ground_truth": "B"} if row["options"] else form.document(row) for row in rows]
    items.write_text(json.dumps(other))
    refused(form.current(rows), tmp_path, "gold 'A', but", [items])
    refused(form.current(rows), tmp_path, "2 question files; one was expected", [items, items])


def changed(row: int = 1, **fields):
    samples = form.current(form.vsibench(8))
    samples[row] |= fields
    return samples


@pytest.mark.parametrize(
    ("samples", "says"),
    [
        (changed(filtered_resps=["A", "B"]), "line 2: filtered_resps are ['A', 'B']; one text was expected"),
        (changed(filtered_resps=[]), "line 2: filtered_resps are []"),
        (changed(filtered_resps=[3]), "filtered_resps are 3"),
        (changed(vsibench_score=1.0), "line 2: no metric of this sample holds its question or an identifier"),
        (changed(vsibench_score=form.vsibench(8)[0]), "item '0': stands twice"),
        (changed(vsibench_score=form.vsibench(8)[1] | {"ground_truth": "Z"}), "the right answer 'Z' names none"),
        (form.current(form.vsibench(4)) + [{"doc_id": 1}], "line 5: expected a sample with doc_id, filtered_resps"),
        (form.lettered(2) + form.lettered(2, "CV-Bench"), "samples of BLINK and of CV-Bench"),
    ],
)
def test_faults_are_named(tmp_path, samples, says):
    refused(samples, tmp_path, says)


@pytest.mark.parametrize("task", [["Relative_Depth"], "Forensic_Detection", 3])
def test_a_task_of_blink_that_is_none_of_the_spatial_ones_is_refused(tmp_path, task):
    samples = form.lettered(2)
    samples[1]["blink_acc"]["sub_task"] = task
    refused(samples, tmp_path, "is none of the spatial ones, Multi-view_Reasoning")


def test_a_prompt_without_options_is_refused(tmp_path):
    samples = form.lettered(2, "CV-Bench")
    samples[1]["input"] = "Which is closer?"
    refused(samples, tmp_path, "item '2': its prompt does not list the options (A), (B)")


@pytest.mark.skipif(
    not (DATA / "vsibench").is_dir(), reason="no real data: set SPACELIB_DATA to a folder with vsibench/"
)
def test_the_real_questions_of_vsibench_join(tmp_path):
    real = json.loads((DATA / "vsibench" / "vsi_bench.json").read_text())
    samples = [
        {"doc_id": i, "target": row["answer"], "filtered_resps": [row["answer"]], "vsi": {"id": i + 1, "accuracy": 1.0}}
        for i, row in enumerate(real)
    ]
    path = form.write_samples(tmp_path, samples)
    log = read_log(path, [DATA / "vsibench" / "vsi_bench.json"])
    assert len(log.records) == 5130 and log.records["correct"].all()
    convert(path, tmp_path / "out.csv", items=[DATA / "vsibench" / "vsi_bench.json"], frames=32)
    back = read_log(tmp_path / "out.csv").records
    assert (back["frames"] == 32).all() and back.drop(columns="frames").equals(log.records.drop(columns="frames"))
