"""Reading foreign files and writing whole ones: the right value or one clear sentence, never a crash or a half file."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vlm4d_form import synthetic, write

from spacelib.benchmarks import read_log
from spacelib.benchmarks.reading import read_json, shown
from spacelib.benchmarks.writing import write_whole


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


@given(cut=st.floats(0, 1, exclude_max=True), flip=st.integers(0, 255), place=st.floats(0, 1, exclude_max=True))
def test_a_damaged_log_is_refused_or_read_whole(tmp_path_factory, cut, flip, place):
    """Truncated anywhere: refused. One byte changed anywhere: refused in a sentence, or all 12 records are there."""
    folder = tmp_path_factory.getbasetemp()
    log, items = write(folder, *synthetic(items=12, scenes=4), name="damaged_1fps.json")
    whole = log.read_bytes()
    log.write_bytes(whole[: int(cut * len(whole))])
    with pytest.raises(ValueError, match="damaged_1fps.json"):
        read_log(log, [items])
    damaged = bytearray(whole)
    damaged[int(place * len(whole))] = flip
    log.write_bytes(damaged)
    try:
        assert len(read_log(log, [items]).records) == 12
    except ValueError as error:
        assert "\n" not in str(error) and "damaged_1fps.json" in str(error)


@pytest.mark.parametrize("content", ["{}", "[]", "1", "null", '"text"', "[1]", "[[]]", '[{"id": 1}]'])
def test_a_foreign_form_is_refused_and_says_what_was_considered(tmp_path, content):
    path = tmp_path / "gpt-4o_32frame.json"
    path.write_text(content)
    with pytest.raises(ValueError, match="considered: VLM4D"):
        read_log(path)


def test_the_form_is_found_from_content_not_from_the_name(tmp_path):
    log, items = write(tmp_path, *synthetic(), name="SpatialRGPT.txt")
    assert set(read_log(log, [items]).records["benchmark"]) == {"VLM4D"}


def test_an_unknown_benchmark_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no benchmark 'MMMU'; known are VLM4D, BLINK, SpatialRGPT-Bench"):
        read_log(tmp_path / "any.json", benchmark="MMMU")


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
