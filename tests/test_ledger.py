"""The ledger's views on a report small enough to know by heart, and on the kernel's own."""

import pytest
from matplotlib.colors import to_hex

from spacelib import ledger

STEP = {"label": "only", "reason": "identity", "ok": True, "mutants": 5, "falsified": 5, "refused": 5, "weaker": 0, "unresolved": 0}


def theorem(name, uses=(), ok=True, cited=()):
    return {"name": name, "title": name.upper(), "evidence": "checked", "uses": list(uses), "cited": list(cited), "hypotheses": [],
            "steps": [STEP | {"ok": ok}]}


#  d -> b -> a, d -> c -> a, e alone
REPORT = {"theorems": [theorem("a"), theorem("b", ["a"]), theorem("c", ["a"]), theorem("d", ["b", "c"]), theorem("e")], "trusted": []}


def test_ancestors_stand_after_what_they_rest_on_and_once():
    assert ledger.ancestors(REPORT, "d") == ["a", "b", "c"]
    assert ledger.ancestors(REPORT, "a") == []


def test_an_unknown_name_is_refused():
    with pytest.raises(ValueError, match="name is 'z', expected one of a, b, c, d, e"):
        ledger.ancestors(REPORT, "z")


def test_a_level_is_above_everything_used():
    rows = ledger.layers({t["name"]: t["uses"] for t in REPORT["theorems"]})
    assert rows == {0: ["a", "e"], 1: ["b", "c"], 2: ["d"]}


@pytest.mark.parametrize(("name", "shown"), [(None, "abcde"), ("b", "ab"), ("e", "e")])
def test_the_graph_shows_what_it_should_and_nothing_else(name, shown):
    figure = ledger.draw_dependencies(REPORT, name)
    boxes = [text.get_text() for text in figure.axes[0].texts if text.get_bbox_patch() is not None]
    assert sorted(boxes) == sorted(shown)


def fills(report) -> dict[str, str]:
    figure = ledger.draw_dependencies(report)
    return {t.get_text(): to_hex(t.get_bbox_patch().get_facecolor()) for t in figure.axes[0].texts if t.get_bbox_patch() is not None}


def test_the_fill_tells_a_failed_proof_and_what_rests_on_a_citation():
    spoiled = {"theorems": [theorem("a", cited=["a book"]), theorem("b", ["a"]), theorem("c", ok=False), theorem("d")]}
    assert fills(spoiled) == {"a": ledger.PARTLY, "b": ledger.PARTLY, "c": ledger.OPEN, "d": ledger.CHECKED}


def test_what_is_shown_is_escaped():
    report = {"theorems": [theorem("a") | {"title": "<script>x</script>"}]}
    assert "<script>" not in ledger.steps_html(report, "a")
    assert "FAILED" in ledger.steps_html({"theorems": [theorem("a", ok=False)]}, "a")
