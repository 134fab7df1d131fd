"""Benchmarks' questions in their owners' files: which benchmark's form a file has is found out from its content."""

from pathlib import Path

from spacelib.benchmarks.questions import Questions

from . import (
    blink,
    cavqa,
    mindcube,
    mmsi,
    multispa,
    open3d,
    revsi,
    robospatial,
    sat,
    spar,
    spatialrgpt,
    sti,
    viewspatial,
    vlm4d,
    vsibench,
)
from .folders import content_of

_FORMS = (
    multispa,
    cavqa,
    spatialrgpt,
    vsibench,
    revsi,
    viewspatial,
    vlm4d,
    blink,
    sat,
    spar,
    mmsi,
    mindcube,
    sti,
    open3d,
    robospatial,
)
# Each form is a module with NAME, recognises(content) and questions(path, content).
OFFICIAL = {form.NAME: form for form in _FORMS}


def read_questions(path) -> Questions:
    """The questions of the official file or folder at `path`, by the one form that its content has.

    Read are JSON, JSON lines, a folder of files of JSON lines, a folder with one folder a task that holds `rows.jsonl`,
    and, with the extra `huggingface`, Parquet files and folders that `datasets.save_to_disk` wrote.
    Errors: OSError where the file cannot be read; ValueError where its content has no known form, or several (the
    message lists what was considered), and whatever the form refuses; ImportError where the extra is needed and
    missing.
    """
    content = content_of(path)
    matching = [form for form in OFFICIAL.values() if form.recognises(content)]
    if len(matching) != 1:
        says = " and ".join(form.NAME for form in matching) if matching else "no form considered"
        raise ValueError(f"{path}: its content fits {says}; considered: {', '.join(OFFICIAL)}")
    return matching[0].questions(Path(path), content)
