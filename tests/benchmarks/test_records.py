"""The record table: its dtypes, and what it refuses."""

import re

import pandas as pd
import pytest

from spacelib.benchmarks import COLUMNS, letter_chance, record_table

GOOD = {
    "benchmark": "b",
    "task": "t",
    "item": ["1", "2", "3"],
    "scene": ["s", None, "s"],
    "frames": [1, None, 3],
    "answer_type": "choice",
    "options": [("x", "y"), ("x", "x", "y"), ("x", "y", "z")],
    "unit": None,
    "gold": ["B", "A", "C"],
    "prediction": ["B", "C", None],
    "rule": "letter",
    "score": [1.0, 0.0, 0.0],
    "correct": [True, False, False],
    "judge": None,
    "judge_reading": None,
    "model": "m",
}


def table(**changes):
    return record_table(GOOD | changes, where="here")


def test_columns_and_dtypes():
    assert {name: str(dtype) for name, dtype in table().dtypes.items()} == COLUMNS


def test_missing_values_stay_missing():
    records = table()
    assert records[["scene", "frames", "prediction"]].isna().sum().tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"item": ["1", "2", "1"]}, "here: item '1': stands twice"),
        ({"item": ["1", None, "3"]}, "item is missing"),
        ({"model": None}, "item '1': model is missing"),
        ({"correct": [True, None, False]}, "item '2': correct is missing"),
        ({"frames": [1, 0, 3]}, "item '2': 0 frames"),
        ({"answer_type": ["choice", "choice", "essay"]}, "item '3': answer type 'essay'"),
        ({"options": [("x",), ("x", "y"), ("x", "y", "z")]}, "item '1': 2 to 26 options"),
        ({"gold": ["B", "D", "C"]}, "item '2': gold 'D' is no letter"),
        ({"gold": ["B", "B", "C"]}, "item '2': gold 'B' is no letter of a distinct option"),
        ({"prediction": ["B", "B", None]}, "item '2': prediction 'B' is no letter of a distinct option"),
        ({"prediction": ["B", "right", None]}, "item '2': prediction 'right'"),
        ({"correct": [True, True, False], "score": [1.0, 1.0, 0.0]}, "item '2': marked otherwise"),
        ({"correct": [True, False, True], "score": [1.0, 0.0, 1.0]}, "item '3': marked otherwise"),
        ({"correct": [True, True, False]}, "item '2': score 0.0, yet marked right"),
        ({"score": [1.0, 0.5, 0.0]}, "item '2': score 0.5 of a letter"),
        ({"score": [1.0, 0.0, -0.1]}, "item '3': score -0.1; a credit in [0, 1]"),
        ({"score": [1.5, 0.0, 0.0]}, "item '1': score 1.5; a credit in [0, 1]"),
        ({"score": [1.0, None, 0.0]}, "item '2': score is missing"),
        ({"rule": None}, "item '1': rule is missing"),
        ({"rule": ["letter", "letter", "judge"]}, "item '1': its task is marked by several rules"),
        ({"item": []}, "here"),
    ],
)
def test_refusals_name_source_and_item(changes, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        table(**changes)


FREE = GOOD | {
    "answer_type": "number",
    "options": None,
    "unit": "m",
    "gold": ["1.5", "2", "3e2"],
    "prediction": ["1.4", "-1", None],
    "rule": "within 25 %",
    "judge": [True, None, False],
    "judge_reading": ["1.4", None, None],
}
VECTOR = FREE | {
    "answer_type": "vector",
    "unit": "mm",
    "gold": ["[18, 148, 287]", "[1, 2]", "[0.5]"],
    "prediction": ["[18, 148, 287]", "[-1, 2e-07]", None],
}


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"unit": ["m", None, "m"]}, "item '2': a number without a unit"),
        ({"gold": ["1.5", "two", "3"]}, "item '2': gold 'two' is no finite number"),
        ({"gold": ["1.5", "2", "inf"]}, "item '3': gold 'inf' is no finite number"),
        ({"prediction": ["nan", "2", None]}, "item '1': prediction 'nan' is no finite number"),
        ({"options": [None, ("x", "y"), None]}, "item '2': options ('x', 'y') of a free answer"),
        ({"gold": ["1.5", "1_0", "3"]}, "item '2': gold '1_0' is no finite number"),
        ({"prediction": ["1.4", "1e400", None]}, "item '2': prediction '1e400' is no finite number"),
        ({"correct": [True, False, True], "score": [1.0, 0.0, 1.0]}, "item '3': no answer could be read, yet it is"),
        ({"score": [1.0, 0.0, 0.3]}, "item '3': no answer could be read, yet it is marked right"),
        ({"answer_type": ["number", "text", "number"]}, "item '1': its task has answers of several types"),
    ],
)
def test_refusals_of_free_answers(changes, says):
    assert record_table(FREE, where="here")["judge"].isna().tolist() == [False, True, False]
    with pytest.raises(ValueError, match=re.escape(says)):
        record_table(FREE | changes, where="here")


def test_partial_credit_of_a_number_is_kept_and_is_not_correct():
    records = record_table(FREE | {"rule": "mean relative accuracy", "score": [1.0, 0.3, 0.0]}, where="here")
    assert records["score"].tolist() == [1.0, 0.3, 0.0] and records["correct"].tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"unit": None}, "item '1': a vector without a unit"),
        ({"gold": ["[18, 148, 287]", "[1, NaN]", "[0.5]"]}, "item '2': gold '[1, NaN]' is no list of finite numbers"),
        ({"gold": ["[18, 148, 287]", "[1, true]", "[0.5]"]}, "item '2': gold '[1, true]' is no list"),
        ({"gold": ["[18, 148, 287]", "[1,2]", "[0.5]"]}, "item '2': gold '[1,2]' is no list"),
        ({"gold": ["[18, 148, 287]", "[]", "[0.5]"]}, "item '2': gold '[]' is no list"),
        ({"gold": ["[18, 148, 287]", "2", "[0.5]"]}, "item '2': gold '2' is no list"),
        ({"prediction": ["[18, 148, 287]", "[1, 1e400]", None]}, "item '2': prediction '[1, 1e400]' is no list"),
        ({"prediction": ["[18, 148]", "[1, 2]", None]}, "item '1': prediction '[18, 148]' has not as many numbers"),
        ({"options": [None, ("x", "y"), None]}, "item '2': options ('x', 'y') of a free answer"),
    ],
)
def test_refusals_of_vectors(changes, says):
    assert record_table(VECTOR, where="here")["prediction"].notna().tolist() == [True, True, False]
    with pytest.raises(ValueError, match=re.escape(says)):
        record_table(VECTOR | changes, where="here")


def test_no_records_and_wrong_columns():
    with pytest.raises(ValueError, match="no records"):
        record_table({name: [] for name in COLUMNS}, where="here")
    with pytest.raises(ValueError, match="missing or unknown: \\['unit'\\]"):
        record_table({k: v for k, v in GOOD.items() if k != "unit"}, where="here")


def test_chance_of_a_letter():
    expected = pd.Series([1 / 2, 2 / 3, 1 / 3])
    pd.testing.assert_series_equal(letter_chance(table()), expected)
