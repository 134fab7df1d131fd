"""Whatever stands in a record of an official form: questions that keep the table's rules, or one sentence."""

import copy
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_official_forms_cavqa import ROWS
from test_official_forms_multispa import RECORDS
from test_official_forms_pictures import EXAMPLES, FILLED, OPEN3D, POINT
from test_official_forms_videos import CHOICE, OTHER, VIEWED, vsi

from spacelib.benchmarks import OFFICIAL, question_table, read_questions

FORMS = (
    [[record] for record in RECORDS.values()]
    + [[record] for records, _, _ in EXAMPLES.values() for record in records]
    + [{task: rows} for task, rows in ROWS.items()]
    + [OPEN3D, [FILLED], [POINT], [vsi()], [vsi(**CHOICE)], [OTHER], [VIEWED]]
)
ODD = st.sampled_from(
    [None, True, 0, -1, 10**400, 1.5, -0.0, 1e308, "", "A", "B. left", "../..", "/etc/passwd", "C:\\x", "\0", "[1, 2]",
     "1e999", "nan", "٣", "[[]]", [], {}, [None], [1, 2, 3], {"A": "x"}, ["A", "A"], "`1`", "\ud7ff", "a\nb"]
)  # fmt: skip


def places(value, at=()):
    """Every place inside a JSON value."""
    yield at
    for key in value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ():
        yield from places(value[key], (*at, key))


def changed(content, at, odd):
    content = copy.deepcopy(content)
    if not at:
        return odd
    inner = content
    for key in at[:-1]:
        inner = inner[key]
    inner[at[-1]] = odd
    return content


@pytest.mark.property
@settings(max_examples=200)
@given(st.data())
def test_a_record_with_anything_anywhere_gives_questions_or_one_sentence(tmp_path_factory, data):
    content = data.draw(st.sampled_from(FORMS))
    for _ in range(data.draw(st.integers(1, 2))):
        content = changed(content, data.draw(st.sampled_from(list(places(content)))), data.draw(ODD))
    path = tmp_path_factory.getbasetemp() / "odd.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        questions = read_questions(path)
    except ValueError as error:
        assert str(error).startswith(str(path)) and "\n" not in str(error)
        return
    assert questions.benchmark in OFFICIAL
    table = questions.table
    again = question_table({name: table[name].astype(object).where(table[name].notna(), None).tolist() for name in table}, where=path)
    assert again.equals(table)
    scenes = table["scene"].dropna()
    assert not scenes.str.contains(r"(?:^|/)\.\.(?:/|$)|^/|\\", regex=True).any() or questions.benchmark in ("VLM4D", "SpatialRGPT-Bench")
