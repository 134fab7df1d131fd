"""Any bytes at all give records or one sentence: the fuzzer's corpus, mutated by hypothesis, and by coverage."""

import json
import os
import random
import subprocess
import sys

import pytest
import read_log_target
from hypothesis import given, settings
from hypothesis import strategies as st

CORPUS = sorted((read_log_target.HERE / "corpus").iterdir())
SOUND = {path.name: path.read_bytes() for path in CORPUS}
REFUSED = {"asked"}  # holds questions without answers
PIECES = (
    b"",
    b"\0",
    b'"',
    b"\n",
    b"\r\n",
    b",",
    b"\t",
    b"[",
    b"{",
    b"null",
    b"NaN",
    b"1e999",
    b"\xff",
    b"\xef\xbb\xbf",
    b"=1+1",
    b"-1",
)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fuzz")
    return folder, *read_log_target.loaded(folder)


def test_the_corpus_is_read(loaded):
    folder, read_log, items = loaded
    for name, content in SOUND.items():
        path = folder / f"m_VSI-Bench_8frame_{name}"
        path.write_bytes(content)
        records = read_log_target.held(read_log, path, items)
        assert (records > 0) == (name not in REFUSED), name


def mutated(content: bytes, seed: int, changes: int) -> bytes:
    """Some changes, each a piece put in the place of some bytes, or bytes that stand elsewhere."""
    draw = random.Random(seed)
    for _ in range(changes):
        start = draw.randrange(len(content) + 1)
        end = start + draw.choice((0, 0, 1, 1, 2, 8, 64))
        other = draw.randrange(len(content) + 1)
        piece = draw.choice((*PIECES, bytes([draw.randrange(256)]), content[other : other + 16]))
        content = content[:start] + piece + content[end:]
    return content


def mutated_is_held(loaded, name: str, seed: int, changes: int) -> None:
    folder, read_log, items = loaded
    path = folder / "m_VSI-Bench_8frame_mutated"
    path.write_bytes(mutated(SOUND[name], seed, changes))
    read_log_target.held(read_log, path, items)


mutations = {"seed": st.integers(0, 2**32), "changes": st.integers(1, 6)}


@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=12, deadline=None)
@given(**mutations)
def test_mutated_files_are_read_or_refused_in_a_sentence(loaded, name, seed, changes):
    mutated_is_held(loaded, name, seed, changes)


@pytest.mark.long
@pytest.mark.parametrize("name", SOUND)
@settings(max_examples=3000, deadline=None)
@given(**mutations)
def test_many_mutated_files_are_read_or_refused_in_a_sentence(loaded, name, seed, changes):
    mutated_is_held(loaded, name, seed, changes)


FOREIGN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("1e400") | st.just(10**400),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.sampled_from(["id", "item", "A", "x"]), x, max_size=3),
    max_leaves=4,
)


def with_foreign_value(value, places, foreign):
    """The JSON value with what stands at the places, an index a level, replaced."""
    if not places or not isinstance(value, dict | list) or not value:
        return foreign
    keys = list(value) if isinstance(value, dict) else range(len(value))
    key = keys[places[0] % len(keys)]
    held = dict(value) if isinstance(value, dict) else list(value)
    held[key] = with_foreign_value(value[key], places[1:], foreign)
    return held


def any_value_is_held(loaded, name: str, places, foreign) -> None:
    folder, read_log, items = loaded
    text, path = SOUND[name].decode(), folder / "m_VSI-Bench_8frame_foreign"
    try:
        lines, values = False, json.loads(text)
    except json.JSONDecodeError:
        lines, values = True, [json.loads(line) for line in text.splitlines()]
    values = with_foreign_value(values, places, foreign)
    path.write_text("\n".join(map(json.dumps, values)) if lines and isinstance(values, list) else json.dumps(values))
    read_log_target.held(read_log, path, items)


JSON = [name for name, content in SOUND.items() if content[:1] in (b"[", b"{")]
foreigners = {"places": st.lists(st.integers(0, 20), min_size=1, max_size=4), "foreign": FOREIGN}


@pytest.mark.parametrize("name", JSON)
@settings(max_examples=15, deadline=None)
@given(**foreigners)
def test_any_value_anywhere_is_read_or_refused_in_a_sentence(loaded, name, places, foreign):
    any_value_is_held(loaded, name, places, foreign)


@pytest.mark.long
@pytest.mark.parametrize("name", JSON)
@settings(max_examples=1000, deadline=None)
@given(**foreigners)
def test_many_values_anywhere_are_read_or_refused_in_a_sentence(loaded, name, places, foreign):
    any_value_is_held(loaded, name, places, foreign)


@pytest.mark.long
def test_fuzzing_by_coverage_finds_nothing(tmp_path):
    """Ten minutes of the coverage-guided fuzzer, or so many seconds as SPACELIB_FUZZ_SECONDS says."""
    pytest.importorskip("atheris", reason="the coverage-guided fuzzer has no build for this machine")
    seconds = int(os.environ.get("SPACELIB_FUZZ_SECONDS", "600"))
    target, corpus = read_log_target.__file__, read_log_target.HERE / "corpus"
    (tmp_path / "found").mkdir()
    options = [f"-max_total_time={seconds}", "-max_len=16384", "-timeout=10", "-rss_limit_mb=4096"]
    done = subprocess.run(
        [sys.executable, target, tmp_path / "found", corpus, *options], capture_output=True, text=True, cwd=tmp_path
    )
    assert done.returncode == 0, done.stderr[-4000:]
    assert f"Done {(runs := done.stderr.rpartition('Done ')[2].split()[0])} runs" in done.stderr and int(runs) > seconds
