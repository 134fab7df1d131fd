"""Reading foreign files and writing whole ones: the right value or one clear sentence, never a crash or a half file."""

import json

import blink_form
import pytest
import spatialrgpt_form
from hypothesis import given, settings
from hypothesis import strategies as st
from vlm4d_form import synthetic, write

from spacelib.benchmarks import read_log
from spacelib.benchmarks.reading import read_json, shown
from spacelib.benchmarks.writing import write_whole

HOSTILE = (
    "../../etc/passwd",
    "<script>alert(1)</script>",
    "\x1b[31mred",
    "a\0b",
    "\u202eright to left",
    "NaN",
    "1e309",
)


def refusal(path) -> str:
    with pytest.raises(ValueError) as error:
        read_json(path)
    assert str(path) in str(error.value) and "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1, column 1"),
        (b'[{"id": "a",\n "b"', "line 2"),
        (b'["caf\xe9"]', "not UTF-8 text (byte 5 is 0xe9)"),
        (b"\xff\xfe[\x00]\x00", "not UTF-8"),
        (b'{"correct": true, "correct": false}', "'correct' twice"),
        (b"[NaN]", "NaN is not a JSON number"),
        (b"[-Infinity]", "-Infinity is not"),
        (b'["\\ud800"]', "surrogate"),
        (b'["\\uD83D\\u0020"]', "surrogate"),
        (b"[" * 100_000, "nested too deeply"),
        (b"[" + b"9" * 5000 + b"]", "digits"),
        (b'["a\x00b"]', "Invalid control character"),
    ],
)
def test_what_is_not_json_is_refused_in_a_sentence(tmp_path, content, says):
    path = tmp_path / "log.json"
    path.write_bytes(content)
    assert says in refusal(path)


def test_a_byte_order_mark_and_surrogate_pairs_are_text(tmp_path):
    path = tmp_path / "log.json"
    path.write_bytes(b'\xef\xbb\xbf["\\ud83d\\ude00", "caf\xc3\xa9"]')
    assert read_json(path) == ["\U0001f600", "café"]


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x) | st.dictionaries(st.text(), x)
    )
)
def test_every_json_value_comes_back(tmp_path_factory, value):
    path = tmp_path_factory.getbasetemp() / "value.json"
    path.write_text(json.dumps(value))
    assert read_json(path) == value


SOUND = {
    "VLM4D": lambda folder: (*write(folder, *synthetic(items=12, scenes=4), name="damaged.json"),),
    "BLINK": lambda folder: (blink_form.write(folder, blink_form.synthetic(items=12), name="damaged.json"),),
    "judged": lambda folder: (spatialrgpt_form.write(folder, spatialrgpt_form.judged(12), "damaged.jsonl"),),
    "predicted": lambda folder: (
        spatialrgpt_form.write(
            folder,
            spatialrgpt_form.predicted(spatialrgpt_form.judged(12, categories=spatialrgpt_form.LENGTHS)),
            "damaged.jsonl",
        ),
    ),
    "questions": lambda folder: (
        spatialrgpt_form.write(folder, spatialrgpt_form.judged(12), "whole.jsonl"),
        spatialrgpt_form.write(folder, spatialrgpt_form.questions(spatialrgpt_form.judged(12)), "damaged.jsonl"),
    ),
}


def read_or_refused(log, items) -> None:
    """Twelve records, or one sentence that names the file: nothing else."""
    try:
        assert len(read_log(log, items).records) == 12
    except ValueError as error:
        assert "\n" not in str(error) and "damaged" in str(error), error


def damage(folder, form, cut, place, byte, swap):
    """A sound file truncated, with one byte changed, and with two pieces exchanged."""
    log, *items = SOUND[form](folder)
    path = next(p for p in (log, *items) if p.name.startswith("damaged"))
    whole = path.read_bytes()
    at = int(place * len(whole))
    path.write_bytes(whole[: int(cut * len(whole))])
    if whole[: int(cut * len(whole))].strip() != whole.strip():
        try:  # a file of lines may be cut between two of them: then it is a shorter one
            assert len(read_log(log, items).records) < 12 and path.suffix == ".jsonl"
        except ValueError as error:
            assert "damaged" in str(error) or "does not stand in" in str(error)
    path.write_bytes(whole[:at] + bytes([byte]) + whole[at + 1 :])
    read_or_refused(log, items)
    one, other = sorted((at, int(swap * len(whole))))
    path.write_bytes(whole[:one] + whole[other:] + whole[one:other])
    try:
        read_log(log, items)
    except ValueError as error:
        assert "\n" not in str(error) and "damaged" in str(error), error


places = st.floats(0, 1, exclude_max=True)


@pytest.mark.parametrize("form", SOUND)
@settings(max_examples=40)
@given(cut=places, place=places, byte=st.integers(0, 255), swap=places)
def test_a_damaged_file_is_refused_in_a_sentence_or_read_whole(tmp_path_factory, form, cut, place, byte, swap):
    damage(tmp_path_factory.getbasetemp(), form, cut, place, byte, swap)


@pytest.mark.long
@pytest.mark.parametrize("form", SOUND)
@settings(max_examples=3000)
@given(cut=places, place=places, byte=st.integers(0, 255), swap=places)
def test_many_damaged_files_are_refused_in_a_sentence_or_read_whole(tmp_path_factory, form, cut, place, byte, swap):
    damage(tmp_path_factory.getbasetemp(), form, cut, place, byte, swap)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(HOSTILE),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=4), x, max_size=3),
    max_leaves=5,
)


def with_foreign_value(folder, form, record, field, value):
    """A sound file with any value in any field of any record."""
    log, *items = SOUND[form](folder)
    path = next(p for p in (log, *items) if p.name.startswith("damaged"))
    lines = path.suffix == ".jsonl"
    content = [json.loads(line) for line in path.read_text().splitlines()] if lines else json.loads(path.read_text())
    rows = content["val"] if isinstance(content, dict) else content
    row = rows[record % len(rows)]
    row[sorted(row)[field % len(row)]] = value
    path.write_text("\n".join(map(json.dumps, content)) if lines else json.dumps(content))
    read_or_refused(log, items)


@pytest.mark.parametrize("form", SOUND)
@settings(max_examples=40)
@given(record=st.integers(0, 11), field=st.integers(0, 8), value=VALUES)
def test_any_value_in_any_field_is_refused_or_read(tmp_path_factory, form, record, field, value):
    with_foreign_value(tmp_path_factory.getbasetemp(), form, record, field, value)


@pytest.mark.long
@pytest.mark.parametrize("form", SOUND)
@settings(max_examples=3000)
@given(record=st.integers(0, 11), field=st.integers(0, 8), value=VALUES)
def test_many_values_in_any_field_are_refused_or_read(tmp_path_factory, form, record, field, value):
    with_foreign_value(tmp_path_factory.getbasetemp(), form, record, field, value)


@pytest.mark.parametrize("form", SOUND)
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "latin-1", "utf-8-sig"])
def test_another_encoding_is_refused_or_read(tmp_path, form, encoding):
    log, *items = SOUND[form](tmp_path)
    path = next(p for p in (log, *items) if p.name.startswith("damaged"))
    path.write_bytes(path.read_text().replace("ynthetic", "ynthétic").encode(encoding))
    if encoding == "utf-8-sig":
        read_or_refused(log, items)
    else:
        with pytest.raises(ValueError, match="damaged.*(not UTF-8|considered)"):
            read_log(log, items)


@pytest.mark.parametrize("form", SOUND)
def test_a_line_of_ten_megabytes_is_read(tmp_path, form):
    log, *items = SOUND[form](tmp_path)
    path = next(p for p in (log, *items) if p.name.startswith("damaged"))
    text = path.read_text()
    place = text.index("ynthetic")
    path.write_text(text[:place] + "y" * 10_000_000 + text[place:])
    read_or_refused(log, items)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a": 1}\n{"a": 2', "not JSON, line 2, column 8"),
        (b'{"a": 1}\n\n{"a": 2}', "line 2 is blank"),
        (b'{"a": 1}\n{"a": NaN}', "line 2: NaN is not a JSON number"),
        (b'{"a": 1}\n{"a": 1e309}', "line 2: the number '1e309' is too large"),
        (b"[-1e999]", "the number '-1e999' is too large"),
        (b'{"a": 1}\n{"a": ' + b"9" * 1_000_000 + b"}", "line 2: Exceeds the limit"),
        (b'{"a": 1}\n' + b"[" * 100_000, "line 2: nested too deeply"),
        (b'{"a": 1}\n{"a": 1, "a": 2}', "line 2: an object gives the key 'a' twice"),
        (b'{"a": 1} {"a": 2}', "not JSON, line 1, column 10: Extra data"),
        (b"[\n1\n]\n2", "not JSON, line 4, column 1: Extra data"),
        (b'{"a": 1}\n{"a": "\\ud800"}', "line 2: a string holds half a surrogate pair"),
        (b'{"a": 1}\n\x00', "not JSON, line 2, column 1"),
    ],
)
def test_a_faulty_line_is_refused_with_its_number(tmp_path, content, says):
    path = tmp_path / "log.jsonl"
    path.write_bytes(content)
    assert says in refusal(path)


def test_lines_end_where_a_newline_does(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_bytes('{"a": "x\u2028y"}\r\n{"a": 2}\n \n'.encode())
    assert read_json(path) == [{"a": "x\u2028y"}, {"a": 2}]


@pytest.mark.parametrize("content", ["{}", "[]", "1", "null", '"text"', "[1]", "[[]]", '[{"id": 1}]'])
def test_a_foreign_form_is_refused_and_says_what_was_considered(tmp_path, content):
    path = tmp_path / "gpt-4o_32frame.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="considered: VLM4D"):
        read_log(path)


def test_the_form_is_found_from_content_not_from_the_name(tmp_path):
    log, items = write(tmp_path, *synthetic(), name="SpatialRGPT.txt")
    assert set(read_log(log, [items]).records["benchmark"]) == {"VLM4D"}


def test_another_benchmark_than_the_one_insisted_on_is_refused(tmp_path):
    log, items = write(tmp_path, *synthetic(), name="log.json")
    with pytest.raises(ValueError, match="no form considered; considered: lmms-eval, VLMEvalKit, spacelib-records"):
        read_log(log, [items], benchmark="MMMU")
    with pytest.raises(ValueError, match="fits no form considered; considered: BLINK, lmms-eval"):
        read_log(log, [items], benchmark="BLINK")


def test_foreign_text_is_made_safe_to_print():
    assert shown("plain") == "'plain'"
    assert shown("a\x1b[31m\nb") == "'a\\x1b[31m\\nb'"
    assert len(shown("x" * 10_000)) < 70


def test_writing_is_whole_or_nothing(tmp_path, monkeypatch):
    path = tmp_path / "page.html"
    write_whole(path, "first\n")
    assert path.read_bytes() == b"first\n"

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, "second\n")
    assert path.read_bytes() == b"first\n" and list(tmp_path.iterdir()) == [path]


def test_writing_into_nowhere_is_an_error(tmp_path):
    with pytest.raises(OSError, match="is a folder"):
        write_whole(tmp_path, "")
    with pytest.raises(OSError, match="is no folder"):
        write_whole(tmp_path / "no" / "page.html", "")
