"""Predictions of VLMEvalKit, scored and not, in its three kinds of file: synthetic."""

import json
import pickle
import re

import harness_form as form
import pytest

from spacelib.benchmarks import read_log

NAMES = ("Model-7B_VSI-Bench_32frame.xlsx", "Model-7B_VSI-Bench_32frame.tsv", "Model-7B_VSI-Bench_32frame.json")


def refused(path, says, items=()):
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        read_log(path, items)
    assert path.name in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("scored", [False, True])
@pytest.mark.parametrize("name", NAMES)
def test_predictions_of_vsibench(tmp_path, name, scored):
    rows = form.vsibench(40)
    log = read_log(form.write_predictions(tmp_path, form.predictions(rows, scored=scored), name))
    table = log.records
    assert table["score"].tolist() == [row.get("accuracy", row.get(form.MRA)) for row in rows]
    assert table["item"].tolist() == [str(row["id"]) for row in rows] and (table["frames"] == 32).all()
    assert set(table["model"]) == {"Model-7B"} and set(table["benchmark"]) == {"VSI-Bench"} and not log.warnings


@pytest.mark.parametrize("ending", ["xlsx", "tsv", "json"])
def test_lettered_predictions(tmp_path, ending):
    log = read_log(form.write_predictions(tmp_path, form.multiple_choice(), f"m_BLINK.{ending}"))
    assert log.records["prediction"].fillna("-").tolist() == list("ABC-ABC-")
    assert log.records["gold"].tolist() == list("ABCABCAB") and log.records["options"][0] == ("chair", "desk", "bed")
    assert set(log.records["task"]) == {"depth", "relation"} and log.records["frames"].isna().all()


@pytest.mark.parametrize(
    ("name", "model", "benchmark", "frames"),
    [
        ("m_VSI-Bench_32frame.tsv", "m", "VSI-Bench", 32),
        ("m_VSI-Bench_1fps.tsv", "m", "VSI-Bench", None),
        ("m_32frame_VSI-Bench_origin_8frame_extract_matching.tsv", "m_32frame", "VSI-Bench", 8),
    ],
)
def test_the_name_tells_model_and_frames(tmp_path, name, model, benchmark, frames):
    table = read_log(form.write_predictions(tmp_path, form.predictions(form.vsibench(8)), name)).records
    assert set(table["model"]) == {model} and set(table["benchmark"]) == {benchmark}
    assert table["frames"].astype(object).where(table["frames"].notna(), None).unique().tolist() == [frames]


def test_an_unknown_data_set_is_unnamed_and_said_so(tmp_path):
    log = read_log(form.write_predictions(tmp_path, form.multiple_choice(), "whatever.tsv"))
    assert set(log.records["benchmark"]) == {"unnamed"} and "does not tell the data set" in log.warnings[0]


def test_a_mark_that_is_not_the_rules_is_named(tmp_path):
    rows = [row | {"hit": 1} for row in form.multiple_choice(4)]
    log = read_log(form.write_predictions(tmp_path, rows, "m_BLINK.xlsx"))
    assert "differs from the official rule in 1 ('3')" in log.warnings[0]


def test_a_formula_is_the_text_that_it_is(tmp_path):
    rows = form.multiple_choice(4)
    rows[0]["prediction"], rows[1]["prediction"] = "=CMD()", "=1+1"
    log = read_log(form.write_predictions(tmp_path, rows, "m_BLINK.xlsx"))
    assert log.records["prediction"].isna().tolist() == [True, True, False, True]


def test_questions_of_an_official_file_count(tmp_path):
    rows = form.vsibench(12)
    items = tmp_path / "questions.json"
    items.write_text(json.dumps([form.document(row) for row in rows]))
    path = form.write_predictions(tmp_path, form.predictions(rows), NAMES[1])
    assert read_log(path, [items]).records.equals(read_log(path).records)
    shifted = [form.document(row) | {"id": row["id"] + 4} for row in form.vsibench(12)]
    items.write_text(json.dumps([form.document(row) for row in rows[:4]] + shifted))
    refused(path, "right answer '", [items])
    items.write_text(json.dumps([form.document(row) for row in rows[:6]]))
    refused(path, "item '6' does not stand in", [items])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("split\tOverall\tdepth\nnone\t0.5\t0.25\n", "holds accuracies and no answers"),
        ("metric\tvalue\noverall\t0.5\n", "holds accuracies and no answers"),
    ],
)
def test_tables_of_accuracies_are_refused(tmp_path, content, says):
    path = tmp_path / "Model-7B_VSI-Bench_acc.csv"
    path.write_text(content)
    refused(path, says)


@pytest.mark.parametrize("protocol", [2, 3, 4, 5])
def test_a_pickle_is_never_loaded(tmp_path, protocol):
    class Trap:
        def __reduce__(self):
            return (open, (str(tmp_path / "sprung"), "w"))

    path = tmp_path / "predictions.tsv"
    path.write_bytes(pickle.dumps(Trap(), protocol))
    refused(path, "not read: a pickle, which can run any code")
    assert not (tmp_path / "sprung").exists()


def changed(row: int = 1, **fields):
    rows = form.multiple_choice(4)
    return [held | (fields if i == row else dict.fromkeys(set(fields) - set(held))) for i, held in enumerate(rows)]


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (changed(index=0), "item '0': stands twice"),
        (changed(index=None), "line 3: index is missing"),
        (changed(question=None), "line 3: question is missing"),
        (changed(answer="D"), "item '1': the right answer 'D' is no letter of 3 options"),
        (changed(answer=None), "the right answer None is no letter of 3 options"),
        (changed(B=None), "item '1': an option is missing before the last one"),
        (changed(A=None, B=None, C=None), "item '1': no options under A, B, ...; the official question file"),
        (changed(hit="yes"), "item '1': hit is 'yes'; a share from 0 to 1"),
        (changed(hit="nan"), "hit is 'nan'; a share"),
        (changed(candidates="__import__('os')"), "candidates is '__import__('os')', which is no Python literal"),
        (changed(candidates="[" * 5000), "which is no Python literal"),
        (changed(candidates="-" * 90_000 + "1"), "which is no Python literal"),
        (changed(candidates="'\\d'"), "candidates are '\\d'; a list of texts"),
        (changed(candidates="[1]"), "candidates are [1]; a list of texts"),
    ],
)
def test_faults_are_named(tmp_path, rows, says):
    path = form.write_predictions(tmp_path, rows, "m_BLINK.tsv")
    with pytest.raises(ValueError, match=re.escape(says)):
        read_log(path)
