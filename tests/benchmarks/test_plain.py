"""The plain form: raw and read answers, marks by rule or by the file, each fault one sentence."""

import json
import re

import harness_form
import pytest
from plain_form import CHOICES, NUMBERS, TEXTS, VECTORS, write_csv, write_lines

from spacelib.benchmarks import read_log


def refused(path, says, **options):
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        read_log(path, **options)
    assert str(path) in str(error.value) and "\n" not in str(error.value)


def changed(records, row: int = 0, **fields):
    return [record | (fields if i == row else {}) for i, record in enumerate(records)]


def test_raw_letters_are_read_and_marked(tmp_path):
    log = read_log(write_lines(tmp_path, CHOICES))
    assert log.records["prediction"].fillna("none").tolist() == ["A", "A", "none"]
    assert log.records["correct"].tolist() == [True, False, False]
    assert (log.records["rule"] == "letter").all() and (log.records["model"] == "synthetic").all()
    assert set(log.records["benchmark"]) == {"unnamed"} and set(log.records["task"]) == {"all"}
    assert log.letters_shuffled is None


@pytest.mark.parametrize(
    ("records", "said", "score"),
    [
        (NUMBERS, ["2.1", "3"], [1.0, 0.0]),
        (VECTORS, ["[10, 100, 0]"], [1.0]),
        (TEXTS, ["the chair", "a desk"], [1.0, 0.0]),
        (changed(NUMBERS, rule="mean relative accuracy")[:1], ["2.1"], [1.0]),
        (changed(NUMBERS, rule="mean relative accuracy", prediction="2.6")[:1], ["2.6"], [0.5]),
        (changed(NUMBERS, rule="our rule", score=0.25)[:1], ["2.1"], [0.25]),
        (changed(VECTORS, prediction="`[10, 100]`"), [None], [0.0]),
        (changed(VECTORS, prediction=[0, 100, 0]), ["[0, 100, 0]"], [1.0]),
    ],
)
def test_other_answers(tmp_path, records, said, score):
    table = read_log(write_lines(tmp_path, records)).records
    assert table["prediction"].astype(object).where(table["prediction"].notna(), None).tolist() == said
    assert table["score"].tolist() == score and table["correct"].tolist() == [s == 1 for s in score]


def test_lines_a_list_and_tables_say_the_same(tmp_path):
    header = {"spacelib_records": 1, "model": "m", "benchmark": "b"}
    lines = read_log(write_lines(tmp_path, CHOICES, header)).records
    named = [record | {"model": "m", "benchmark": "b"} for record in CHOICES]
    (tmp_path / "list.json").write_text(json.dumps(named, indent=1))
    for path in (
        tmp_path / "list.json",
        write_csv(tmp_path, named),
        write_csv(tmp_path, named, "synthetic.tsv", "\t"),
        write_csv(tmp_path, named, "windows.csv"),
    ):
        if path.name == "windows.csv":
            path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        assert read_log(path).records.equals(lines)


def test_a_header_tells_of_the_file(tmp_path):
    told = {"letters_shuffled": "drawn by lot", "notes": ["a \x1b[31mnote"], "warnings": ["beware"]}
    log = read_log(write_lines(tmp_path, CHOICES, {"spacelib_records": 1} | told))
    assert (log.letters_shuffled, log.notes, log.warnings) == ("drawn by lot", ("a \\x1b[31mnote",), ("beware",))


def test_a_table_tells_that_letters_were_shuffled(tmp_path):
    told = [record | {"letters_shuffled": "drawn by lot"} for record in CHOICES]
    assert read_log(write_csv(tmp_path, told)).letters_shuffled == "drawn by lot"
    refused(write_csv(tmp_path, changed(told, 1, letters_shuffled="not so")), "letters_shuffled is")


def test_a_benchmark_is_named_by_record_header_or_reader(tmp_path):
    path = write_lines(tmp_path, changed(CHOICES, benchmark="other"))
    refused(path, "its records are of 'other', not of 'mine'", benchmark="mine")
    assert set(read_log(write_lines(tmp_path, CHOICES), benchmark="mine").records["benchmark"]) == {"mine"}


@pytest.mark.parametrize(
    ("records", "says"),
    [
        (changed(CHOICES, 1, optoins=["x"]), "line 2: item '2': unknown field 'optoins'; known are item,"),
        (changed(CHOICES, 1, item="1"), "item '1': stands twice"),
        (changed(CHOICES, 1, item=" "), "line 2: item ' ': item is ' '; a text or a whole number"),
        (changed(CHOICES, 1, gold="C"), "line 2: item '2': gold 'C'; the letter of an option was expected"),
        (changed(CHOICES, 1, gold="right"), "gold 'right'; the letter of an option"),
        (changed(CHOICES, 1, gold=None), "line 2: item '2': gold is missing"),
        (changed(CHOICES, 1, options=["one"]), "options is ['one']; a list of 2 to 26 texts"),
        (changed(CHOICES, 1, options=[["a"], "b"]), "a list of 2 to 26 texts was expected"),
        (changed(CHOICES, 1, options=None), "without options, answer_type is needed"),
        (changed(CHOICES, 1, score=1.0), "item '2': score 1, but the rule 'letter' gives 0"),
        (changed(CHOICES, 1, correct=True), "score 1, but the rule 'letter' gives 0"),
        (changed(CHOICES, 1, score=0.5), "score 0.5, but the rule 'letter' gives 0"),
        (changed(CHOICES, 1, score=1.0, correct=False), "score 1.0, yet correct is false"),
        (changed(CHOICES, 1, score=1.5), "score is 1.5; a number from 0 to 1"),
        (changed(CHOICES, 1, correct=1), "correct is 1; true or false was expected"),
        (changed(CHOICES, 1, frames=0), "frames is 0; a whole number from 1 on"),
        (changed(CHOICES, 1, frames=True), "frames is True; a whole number"),
        (changed(CHOICES, 1, answer_type="essay"), "answer_type is 'essay'; one of choice, number"),
        (changed(CHOICES, 1, answer_type="number"), "options of a number"),
        (changed(CHOICES, 1, rule="within 10 %"), "the rule 'within 10 %' marks no choice"),
        (changed(CHOICES, 1, prediction=True), "prediction is True; a text, a number"),
        (changed(CHOICES, 1, model=""), "model is ''; a text was expected"),
        (
            [CHOICES[0], {k: v for k, v in CHOICES[1].items() if k != "prediction"}],
            "line 2: item '2': prediction is missing",
        ),
        ([CHOICES[0], ["2"]], "line 2: expected an object"),
        (changed(NUMBERS, rule=None), "no mark (score or correct), and no rule that gives one, like within 25 %"),
        (changed(NUMBERS, gold="two"), "gold 'two'; a finite number was expected"),
        (changed(NUMBERS, gold="1e400"), "gold '1e400'; a finite number"),
        (changed(NUMBERS, unit=None), "item '1': a number without a unit"),
        (changed(NUMBERS, rule="mean relative accuracy", gold="-2")[:1], "gold must be positive and finite, got -2"),
        (changed(VECTORS, gold="[1, nan]"), "gold '[1, nan]'; a list of numbers was expected"),
        (changed(TEXTS, 1, correct=None), "no mark (score or correct), and no rule that gives one, like a judge"),
        (CHOICES[:1] + NUMBERS[1:], "its task has answers of several types"),
    ],
)
def test_faults_are_named(tmp_path, records, says):
    refused(write_lines(tmp_path, records), says)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ({"spacelib_records": 2}, "line 1: spacelib_records is version 2; version 1 was expected"),
        ({"spacelib_records": True}, "version True; version 1 was expected"),
        ({"spacelib_records": 1, "modell": "m"}, "unknown field 'modell' of the header"),
        ({"spacelib_records": 1, "model": 3}, "model of the header is 3; a text was expected"),
        ({"spacelib_records": 1, "notes": "n"}, "notes of the header is 'n'; a list of texts was expected"),
    ],
)
def test_faulty_headers_are_named(tmp_path, header, says):
    refused(write_lines(tmp_path, CHOICES, header), says)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"frames": "two"}, "line 3: item '2': frames is 'two'"),
        ({"frames": "1.5"}, "frames is '1.5'"),
        ({"score": "NaN"}, "score is 'NaN'"),
        ({"correct": "maybe"}, "correct is 'maybe'"),
        ({"options": "left, right"}, "options is 'left, right'"),
        ({"options": '{"a": 1}'}, "options is {'a': 1}"),
    ],
)
def test_faulty_cells_are_named(tmp_path, cells, says):
    refused(write_csv(tmp_path, changed(CHOICES, 1, **cells)), says)


def test_a_judges_mark_is_the_score_of_a_text(tmp_path):
    judged = [{k: v for k, v in record.items() if k != "correct"} | {"judge": i == 0} for i, record in enumerate(TEXTS)]
    assert read_log(write_lines(tmp_path, judged)).records["score"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize("write", [write_lines, write_csv])
def test_a_mark_of_a_text_is_the_judges_unless_the_judge_is_said_to_have_given_none(tmp_path, write):
    marked = [{key: value for key, value in record.items() if key != "judge"} for record in TEXTS]
    assert read_log(write(tmp_path, marked)).records["judge"].tolist() == [True, False]
    silent = read_log(write(tmp_path, [TEXTS[0], TEXTS[1] | {"judge": None}])).records["judge"]
    assert silent.isna().tolist() == [False, True]


def test_a_header_without_records_is_refused(tmp_path):
    refused(write_lines(tmp_path, [], {"spacelib_records": 1}), "no records")


@pytest.mark.parametrize("write", [write_lines, write_csv])
def test_answers_alone_are_joined_with_the_official_questions(tmp_path, write):
    rows = harness_form.vsibench(12)
    items = tmp_path / "questions.json"
    items.write_text(json.dumps([harness_form.document(row) for row in rows]))
    answers = [{"item": row["id"], "prediction": row["prediction"], "frames": 4, "model": "m"} for row in rows]
    log = read_log(write(tmp_path, answers), [items])
    assert log.records["score"].tolist() == [row.get("accuracy", row.get(harness_form.MRA)) for row in rows]
    assert set(log.records["model"]) == {"m"} and (log.records["frames"] == 4).all()
    refused(write(tmp_path, answers), "has no gold; then one question file is needed (--items), not 0")
    refused(write(tmp_path, changed(answers, 1, frames=5)), "frames is '4', '5'; one was expected", items=[items])
    refused(write(tmp_path, changed(answers, 1, item=0)), "item '0': stands twice", items=[items])
    refused(write(tmp_path, changed(answers, 1, item=77)), "item '77' does not stand in", items=[items])
    refused(write(tmp_path, [*answers[:1], answers[1] | {"gold": "A"}]), "gold without gold", items=[items])
