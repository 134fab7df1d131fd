"""The ledger page's views, on a report small enough to know by heart."""

import networkx
import pytest
from matplotlib.colors import to_hex

from spacelib import ledger

STEP = {"label": "only", "reason": "identity", "ok": True, "mutants": 5, "falsified": 5, "refused": 5, "weaker": 0, "unresolved": 0}


def theorem(name, uses=(), **changes):
    return {"name": name, "title": name.upper(), "evidence": "checked", "uses": list(uses), "cited": [], "hypotheses": [],
            "problems": [], "steps": [STEP]} | changes


#  d rests on b and c, both on a; e stands alone
REPORT = {"theorems": [theorem("a"), theorem("b", ["a"]), theorem("c", ["a"]), theorem("d", ["b", "c"]), theorem("e")]}


def boxes(report) -> dict:
    texts = ledger.draw_dependencies(report).axes[0].texts
    return {text.get_text(): text.get_bbox_patch() for text in texts if text.get_bbox_patch() is not None}


def rows(*edges):
    return [sorted(row) for row in ledger.layers(networkx.DiGraph(edges))]


def test_a_level_is_above_everything_used_and_foundations_are_close_to_their_users():
    assert rows("ab", "ac", "bd", "cd") == [["a"], ["b", "c"], ["d"]]
    assert rows("ab", "bc", "zc") == [["a"], ["b", "z"], ["c"]]


def test_neighbours_in_a_layer_stand_near_what_they_use():
    assert ledger.layers(networkx.DiGraph(["ax", "by", "cz", "zd", "ya"]))  # a cycle-free tangle is laid out at all
    assert [row.index(n) for row, n in zip(ledger.layers(networkx.DiGraph(["az", "by", "cx"])), "az")] == [0, 0]


def test_the_graph_has_a_box_a_theorem_and_an_arrow_a_use():
    figure = ledger.draw_dependencies(REPORT)
    assert sorted(boxes(REPORT)) == list("abcde")
    assert sum(text.get_text() == "" for text in figure.axes[0].texts) == 4


def test_an_implied_arrow_is_left_out():
    report = {"theorems": [theorem("a"), theorem("b", ["a"]), theorem("c", ["a", "b"])]}
    assert sum(text.get_text() == "" for text in ledger.draw_dependencies(report).axes[0].texts) == 2


@pytest.mark.parametrize(("changes", "fill", "line"), [
    ({}, "#2a7f62", "-"),
    ({"evidence": "checked using a citation"}, "#a8d5c2", "-"),
    ({"evidence": "refused"}, "#ffffff", "-"),
    ({"evidence": "cited", "steps": []}, "#ffffff", "--"),
])
def test_border_and_fill_tell_the_state(changes, fill, line):
    box = boxes({"theorems": [theorem("a", **changes)]})["a"]
    assert (to_hex(box.get_facecolor()), box.get_linestyle()) == (fill, line)


def test_what_is_shown_is_escaped_and_failures_are_loud():
    html = ledger.steps_html({"theorems": [theorem("a", title="<script>x</script>", problems=["no witness"], steps=[STEP | {"ok": False}])]})
    assert "<script>" not in html
    assert "FAILED" in html and "Problems: no witness." in html


def test_an_assumption_says_what_becomes_of_the_statement_without_it():
    html = ledger.steps_html({"theorems": [theorem("a", hypotheses=["x > 0", "M > 0"], ablations={"x > 0": "false"})]})
    assert "x &gt; 0 (without it: false), M &gt; 0." in html
