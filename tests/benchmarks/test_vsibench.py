"""VSI-Bench's counts by type: recomputed from the file where it is found; broken files are named."""

import json
from collections import Counter

import pytest

from spacelib.benchmarks import registry, spatialrgpt_counts, vsibench_counterparts, vsibench_types
from spacelib.benchmarks.vsibench import COUNTERPARTS, QUESTIONS, count_types

found = pytest.mark.skipif(not registry.local(QUESTIONS), reason="VSI-Bench's question file is not here")


def test_the_shipped_counts_are_whole():
    table = vsibench_types()
    assert list(table["type"]) == list(COUNTERPARTS) and table["items"].sum() == 5130
    assert ((table["videos"] > 0) & (table["videos"] <= 288) & (table["items"] >= table["videos"])).all()


@found
def test_the_shipped_counts_follow_from_the_file():
    """By another count in plain Python."""
    records = json.loads(registry.local(QUESTIONS).read_text(encoding="utf-8"))
    items = Counter(record["question_type"] for record in records)
    videos = Counter(kind for kind, _ in {(record["question_type"], record["mp4_path"]) for record in records})
    for row in vsibench_types().itertuples():
        assert (row.items, row.videos) == (items[row.type], videos[row.type])


def test_counterparts_are_tasks_of_the_other_benchmark_and_lose_no_question():
    table = vsibench_counterparts()
    assert set(table["task"].dropna()) <= {counts.task for counts in spatialrgpt_counts()}
    assert table.groupby("type")["items"].sum().to_dict() == dict(vsibench_types()[["type", "items"]].to_numpy())
    assert table.dropna()["items"].sum() == 953 + 834 + 217 + 378 + 373


@pytest.mark.parametrize(("records", "message"), [
    ([], r"a list of records, found \[\]"),
    ({"question_type": "route_planning"}, "a list of records, found"),
    ([{"question_type": "taste", "mp4_path": "a"}], "record 1: .*found 'a' and 'taste'"),
    ([{"question_type": "route_planning", "mp4_path": "a"}, {"question_type": "route_planning"}], "record 2: .*None"),
    ([3], "record 1: .*found None and None"),
    ([{"question_type": ["x"], "mp4_path": "a"}], "record 1"),
])
def test_a_broken_file_is_named(tmp_path, records, message):
    path = tmp_path / "questions.json"
    path.write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(ValueError, match=message) as caught:
        count_types(path)
    assert str(path) in str(caught.value)
