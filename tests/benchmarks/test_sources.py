"""Files that mean harm, or are only odd: each is read rightly or refused in one sentence, and nothing else happens."""

import datetime
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import harness_form
import openpyxl
import pytest
from plain_form import CHOICES, write_csv, write_lines

from spacelib.benchmarks import read_log, reading, workbook
from spacelib.benchmarks.records import is_number
from spacelib.benchmarks.sources import Source


def refused(path, says):
    with pytest.raises(ValueError, match=re.escape(says)) as error:
        read_log(path)
    assert str(path) in str(error.value) and str(error.value).isprintable()


def book(folder: Path, name: str = "m_BLINK.xlsx") -> Path:
    return harness_form.write_predictions(folder, harness_form.multiple_choice(4), name)


def with_part(path: Path, name: str, content: bytes, compression=zipfile.ZIP_DEFLATED) -> Path:
    """The archive with one part replaced or added."""
    with zipfile.ZipFile(path) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    with zipfile.ZipFile(path, "w", compression) as archive:
        for part, held in (parts | {name: content}).items():
            archive.writestr(part, held)
    return path


FIRST = b'{"item": 1, "gold": "A", "options": ["x", "y"], "prediction": "A"}'
SHEET = "xl/worksheets/sheet1.xml"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def test_the_shape_is_found_from_the_bytes(tmp_path):
    for name, content, shape in (
        ("a.csv", b'{"a": 1}\n{"a": 2}\n', "lines"),
        ("b.csv", b'{"a": 1}\n\n', "document"),
        ("c.jsonl", b'[\n{"a": 1}\n]', "document"),
        ("d.json", b"a,b\n1,2\n", "table"),
        ("e.json", b"\xef\xbb\xbfa\tb\r\n1\t2\r\n", "table"),
    ):
        (tmp_path / name).write_bytes(content)
        source = Source(tmp_path / name)
        assert source.shape == shape
        assert source.head in ({"a": 1}, {"a": "1", "b": "2"})
    assert Source(book(tmp_path).rename(tmp_path / "f.json")).shape == "table"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x80\x04\x95", "a pickle, which can run any code when it is loaded"),
        (b"\x1f\x8b\x08", "compressed; give the file inside it"),
        (b"PAR1", "a Parquet file"),
        (b"PK\x03\x04 no archive", "no workbook that can be read (File is not a zip file)"),
        (b"\0" * 100, "not JSON, line 1, column 1"),
        (b"a,b\n\0,1\n", "line 2 holds a NUL byte"),
        (b"item,prediction\n1,caf\xe9\n", "not UTF-8 text (byte 5 of line 2 is 0xe9)"),
        (b'item,prediction,gold\n1,"a\n', "no table of one row a line (line 2: unexpected end of data)"),
        (b'item,prediction,gold\n1,"a"b,c\n', "no table of one row a line (line 2: ',' expected after '\"')"),
        (b"item,prediction\n1,2,3\n", "line 2 has 3 cells under 2 columns"),
        (b"item,prediction,item\n1,2,3\n", "the column 'item' stands twice"),
        (b"item,prediction,gold\n1," + b"x" * 200_000 + b",A\n", "line 2: field larger than field limit (131072)"),
        (FIRST + b"\n" + b"[" * 100_000, "line 2: nested too deeply"),
        (FIRST + b'\n\n{"item": 2}', "line 2 is blank, with others behind it"),
        (FIRST + b'\n{"item": "caf\xe9"}', "not UTF-8 text (byte 13 of line 2 is 0xe9)"),
        (FIRST + b"\n\xff\xfe{\0", "not UTF-8 text (byte 0 of line 2 is 0xff)"),
        (b'{"item": 1, "item": 2, "prediction": "A"}\n{}', "an object gives the key 'item' twice"),
    ],
)
def test_what_cannot_be_read_is_said_so(tmp_path, content, says):
    path = tmp_path / "log"
    path.write_bytes(content)
    refused(path, says)


@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_line_of_a_hundred_megabytes_is_refused_with_its_length(tmp_path, ending):
    path = write_lines(tmp_path, CHOICES) if ending == "jsonl" else write_csv(tmp_path, CHOICES)
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + b"x" * 100_000_000 + b"\n" + lines[2])
    refused(path, "line 3 has 100,000,001 bytes; at most 67,108,864 were expected")


def test_a_document_too_large_to_be_read_in_one_piece_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "log.json"
    path.write_text(json.dumps(CHOICES, indent=1))
    assert len(read_log(path).records) == 3
    monkeypatch.setattr(reading, "WHOLE", path.stat().st_size - 1)
    refused(path, "too many to be read in one piece")


def test_a_number_of_a_megabyte_is_looked_at_once():
    assert is_number("1" * 300) and not is_number("1" * 1_000_000)
    assert not is_number("1" * 1_000_000 + "x") and not is_number("1e" + "1" * 1_000_000 + "x")


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path, packing):
    path = with_part(book(tmp_path), "xl/media/bomb.bin", b"\0" * 20_000_000, packing)
    refused(path, "a part unpacks to 20,000,000 bytes from")


def test_bounds_of_a_workbook(tmp_path, monkeypatch):
    path = book(tmp_path)
    monkeypatch.setattr(workbook, "UNPACKED", 1000)
    refused(path, "at most 1,000 were expected")
    monkeypatch.undo()
    monkeypatch.setattr(workbook, "PARTS", 3)
    refused(path, "parts; at most 3 were expected")
    monkeypatch.undo()
    assert len(read_log(path).records) == 4


def test_a_part_that_unpacks_to_more_than_it_says_is_refused(tmp_path):
    path = book(tmp_path)
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))
    refused(path, "no workbook that can be read (")


def test_a_part_with_a_path_is_not_written_anywhere(tmp_path):
    path = with_part(book(tmp_path), "../../evil.txt", b"evil")
    assert len(read_log(path).records) == 4
    assert not list(tmp_path.parent.glob("**/evil.txt"))


@pytest.mark.parametrize(
    "declared",
    [
        '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
    ],
)
def test_xml_entities_are_refused(tmp_path, declared):
    sheet = f'<?xml version="1.0"?><!DOCTYPE worksheet [{declared}]><worksheet xmlns="{MAIN}"><sheetData><row r="1">'
    sheet += '<c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row></sheetData></worksheet>'
    refused(with_part(book(tmp_path), SHEET, sheet.encode()), "no workbook that can be read (EntitiesForbidden")


def test_a_formula_is_its_text_and_what_it_was_worth_is_not_read(tmp_path):
    path = book(tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET).decode()
    computed = re.sub(r'<c r="H2"[^>]*>.*?</c>', '<c r="H2" t="str"><f>CMD()</f><v>A</v></c>', sheet)
    path = with_part(path, SHEET, computed.encode())
    assert [row for _, row in workbook.workbook_rows(path)][1][-1] == "=CMD()"
    assert read_log(path).records["prediction"].isna()[0]


def test_a_sheet_that_says_it_is_huge_is_read_by_its_rows(tmp_path, monkeypatch):
    path = book(tmp_path)
    with zipfile.ZipFile(path) as archive:
        sheet = archive.read(SHEET).decode()
    vast = re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"', sheet)
    assert vast != sheet and len(read_log(with_part(path, SHEET, vast.encode())).records) == 4
    monkeypatch.setattr(workbook, "ROWS", 5000)
    for row, says in (
        (5000, "row 5000: question is missing"),
        (5001, "more than 5,000 rows"),
        (10**9, "more than 5,000"),
    ):
        far = sheet.replace("</sheetData>", f'<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>')
        refused(with_part(path, SHEET, far.encode()), says)


def test_a_date_in_a_workbook_is_refused(tmp_path):
    path = book(tmp_path)
    held = openpyxl.load_workbook(path)
    held.active["B3"] = datetime.datetime(2025, 1, 1)
    held.save(path)
    refused(path, "row 3: a cell holds datetime.date...5, 1, 1, 0, 0); text, a number or a truth value")


def test_without_its_packages_a_workbook_is_refused_with_their_names(tmp_path, monkeypatch):
    path = book(tmp_path)
    monkeypatch.setitem(sys.modules, "defusedxml", None)
    refused(path, "reading a workbook needs openpyxl and defusedxml (the extra `harness`)")


def test_a_form_of_two_kinds_is_refused_and_both_are_named(tmp_path):
    path = write_lines(tmp_path, [CHOICES[0] | {"index": 1, "question": "?"}])
    refused(path, "its content fits VLMEvalKit and spacelib-records; considered: VLM4D, BLINK")


def test_questions_without_answers_are_told_from_a_log(tmp_path):
    path = tmp_path / "questions.json"
    path.write_text(json.dumps([harness_form.document(row) for row in harness_form.vsibench(4)]))
    refused(path, "holds questions of VSI-Bench and no answers; give it with a log (--items)")


MEASURED = """
import resource, sys
from spacelib.benchmarks import read_log
usage = lambda: resource.getrusage(resource.RUSAGE_SELF)
start = usage().ru_utime + usage().ru_stime
records = read_log(sys.argv[1]).records
print(len(records), usage().ru_utime + usage().ru_stime - start, usage().ru_maxrss / 1e6)
"""


@pytest.mark.long
@pytest.mark.parametrize("ending", ["jsonl", "csv"])
def test_a_million_records_are_read_in_forty_seconds_and_two_gigabytes(tmp_path, ending):
    """Some 500 MB with long responses, of which nothing is kept; seconds of one processor, whatever else runs."""
    path, text = tmp_path / f"million.{ending}", "the chair stands left of the desk " * 10
    head, row = "item,scene,options,gold,prediction,response\n", '{i},s{s},"{options}",{g},Answer: {p},{text}\n'
    options = '["left", "right", "up", "down"]'
    if ending == "jsonl":
        head, row = (
            "",
            (
                '{{"item": "{i}", "scene": "s{s}", "options": {options}, "gold": "{g}", '
                '"prediction": "Answer: {p}", "response": "{text}"}}\n'
            ),
        )
    else:
        options = options.replace('"', '""')
    with open(path, "w") as file:
        file.write(head)
        for i in range(10**6):
            file.write(row.format(i=i, s=i // 10, options=options, g="ABCD"[i % 4], p="ABCD"[i % 3], text=text))
    done = subprocess.run([sys.executable, "-c", MEASURED, path], capture_output=True, text=True, check=True)
    records, seconds, gigabytes = map(float, done.stdout.split())
    print(f"{ending}: {path.stat().st_size / 1e6:.0f} MB in {seconds:.1f} s of one processor and {gigabytes:.2f} GB")
    assert records == 10**6 and seconds < 40 and gigabytes < 2
