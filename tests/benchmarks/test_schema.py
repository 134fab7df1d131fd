"""The JSON Schema of the plain form says what its reader takes."""

import json

import jsonschema
import pytest
from plain_form import CHOICES, NUMBERS, TEXTS, VECTORS, write_lines

from spacelib.benchmarks import COLUMNS, read_log
from spacelib.benchmarks.schema import FIELDS, HEADER, MARK, json_schema, schema_text

CHECK = jsonschema.Draft202012Validator(json_schema())


def test_it_is_a_json_schema_and_every_column_is_a_field():
    jsonschema.Draft202012Validator.check_schema(json_schema())
    assert set(COLUMNS) <= set(FIELDS)
    assert all(f"  {name}" in schema_text() for name in (*FIELDS, *HEADER))


@pytest.mark.parametrize("record", [*CHOICES, *NUMBERS, *VECTORS, *TEXTS])
def test_sound_records_are_valid(record):
    CHECK.validate(record)


def test_headers_and_answers_alone_are_valid():
    for value in ({MARK: 1}, {MARK: 1, "model": "m", "notes": ["n"]}, {"item": 3, "prediction": "B"}):
        CHECK.validate(value)


@pytest.mark.parametrize(
    "change",
    [
        {"optoins": ["x", "y"]},
        {"options": ["x"]},
        {"options": "xy"},
        {"options": None},
        {"score": 1.5},
        {"score": "1"},
        {"correct": 1},
        {"frames": 0},
        {"frames": 1.5},
        {"answer_type": "essay"},
        {"item": None},
        {"item": [1]},
        {"prediction": True},
        {"gold": {}},
        {"model": 3},
        {"scene": 1.5},
        {MARK: 2},
        {MARK: 1},
    ],
)
def test_schema_and_reader_refuse_the_same(tmp_path, change):
    record = CHOICES[0] | change
    assert not CHECK.is_valid(record)
    with pytest.raises(ValueError):
        read_log(write_lines(tmp_path, [CHOICES[1], record] if MARK not in change else [record, CHOICES[1]]))


def test_the_printed_example_is_a_record(tmp_path):
    (tmp_path / "example.jsonl").write_text(schema_text().splitlines()[-1])
    assert read_log(tmp_path / "example.jsonl").records["correct"].tolist() == [False]
    CHECK.validate(json.loads(schema_text().splitlines()[-1]))
