"""What is written in the plain form reads back as the same records, whatever log it came from."""

import json
import os

import blink_form
import pandas as pd
import pytest
import spatialrgpt_form
import vlm4d_form
from plain_form import CHOICES, NUMBERS, TEXTS, VECTORS, write_lines
from vlm4d_form import DATA, LOGS, QUESTIONS, needs_data

from spacelib import cli
from spacelib.benchmarks import read_log
from spacelib.benchmarks.convert import convert

MADE = {
    "VLM4D": lambda folder: vlm4d_form.write(folder, *vlm4d_form.synthetic(items=30, scenes=10)),
    "BLINK": lambda folder: (blink_form.write(folder, blink_form.synthetic(items=30)),),
    "SpatialRGPT-Bench": lambda folder: (spatialrgpt_form.write(folder, spatialrgpt_form.judged(60), "log.jsonl"),),
    "choices": lambda folder: (write_lines(folder, CHOICES, {"spacelib_records": 1, "letters_shuffled": "by lot"}),),
    "numbers": lambda folder: (write_lines(folder, NUMBERS),),
    "vectors": lambda folder: (write_lines(folder, VECTORS),),
    "texts": lambda folder: (write_lines(folder, TEXTS),),
}


def round_trip(log, items, target):
    written, back = convert(log, target, items=items), read_log(target)
    pd.testing.assert_frame_equal(back.records, written.records)
    assert back.letters_shuffled == written.letters_shuffled
    if target.suffix == ".jsonl":
        assert (back.notes, back.warnings) == (written.notes, written.warnings)


@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
@pytest.mark.parametrize("form", MADE)
def test_every_form_comes_back(tmp_path, form, ending):
    log, *items = MADE[form](tmp_path)
    round_trip(log, items, tmp_path / f"out{ending}")


def real_logs() -> list[tuple]:
    others = [*sorted((DATA / "blink").rglob("*.json")), *sorted((DATA / "spatialrgpt_bench").glob("*.jsonl"))]
    return [(path, QUESTIONS) for path in LOGS] + [(path, ()) for path in others]


@needs_data
@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_some_real_logs_come_back(tmp_path, ending):
    for log, items in real_logs()[::9]:
        round_trip(log, items, tmp_path / f"out{ending}")


@needs_data
@pytest.mark.long
@pytest.mark.parametrize("ending", [".jsonl", ".csv"])
def test_every_real_log_comes_back(tmp_path, ending):
    assert len(real_logs()) == 24 + 46 + 5
    for log, items in real_logs():
        round_trip(log, items, tmp_path / f"out{ending}")


def test_odd_texts_come_back(tmp_path):
    odd = ["a,b", 'say "x"', "two\nlines", "a\r\nb", "tab\there", "=1+1", "é\u2028\u202e😀", " spaced "]
    records = [TEXTS[0] | {"item": text, "prediction": text, "gold": text, "scene": text} for text in odd]
    for ending in (".jsonl", ".csv"):
        round_trip(write_lines(tmp_path, records), (), tmp_path / f"out{ending}")
    assert read_log(tmp_path / "out.csv").records["prediction"].tolist() == odd


def test_frames_are_filled_where_unknown_only(tmp_path):
    path = write_lines(tmp_path, [CHOICES[0] | {"frames": 2}, *CHOICES[1:]])
    convert(path, tmp_path / "out.jsonl", frames=8)
    assert read_log(tmp_path / "out.jsonl").records["frames"].tolist() == [2, 8, 8]


@pytest.mark.parametrize("text", ["nul\0", "x" * 200_000])
def test_what_no_cell_holds_is_refused_and_nothing_is_written(tmp_path, text):
    path = write_lines(tmp_path, [TEXTS[0] | {"prediction": text}])
    with pytest.raises(ValueError, match="out.csv: item '1': prediction has .* no cell holds it; write .jsonl"):
        convert(path, tmp_path / "out.csv")
    assert [p.name for p in tmp_path.iterdir()] == [path.name]
    round_trip(path, (), tmp_path / "out.jsonl")


def test_refusals(tmp_path):
    path = write_lines(tmp_path, CHOICES)
    with pytest.raises(ValueError, match="out.txt: ends in '.txt'; .jsonl or .csv was expected"):
        convert(path, tmp_path / "out.txt")
    os.link(path, tmp_path / "same.jsonl")
    with pytest.raises(ValueError, match="same.jsonl is read here"):
        convert(path, tmp_path / "same.jsonl")
    with pytest.raises(OSError, match="is no folder"):
        convert(path, tmp_path / "no" / "out.csv")


def test_the_commands(tmp_path, capsys):
    path = write_lines(tmp_path, CHOICES)
    arguments = ["convert", str(path), str(tmp_path / "out.csv"), "--benchmark", "mine", "--frames", "4"]
    assert cli.main(arguments) == 0 and "3 records of mine" in capsys.readouterr().out
    assert read_log(tmp_path / "out.csv").records["frames"].tolist() == [4, 4, 4]
    assert cli.main(["convert", str(path), str(tmp_path / "out.txt")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    assert cli.main(["schema"]) == 0 and "prediction*" in capsys.readouterr().out
    assert cli.main(["schema", "--json"]) == 0 and json.loads(capsys.readouterr().out)["title"] == "spacelib-records"
