"""Every claim's words, names and evidence: what claims.toml says is there, and is no stronger than its theorems carry."""

import ast
from pathlib import Path

import pytest

pytest.importorskip("sympy")
pytest.importorskip("flint")
from spacelib import bounds, claims, proofs  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
ALL = claims.load()
DECIDED = [claim for claim in ALL if claim.verdict != "not yet"]


def entry(**changes) -> str:
    fields = {"id": "one", "source": "abstract", "says": "Something.", "verdict": "holds", "evidence": "checked",
              "theorems": ["ceiling"], "chapter": "capacity", "tests": ["tests/test_claims.py::entry"]} | changes
    return "[[claims]]\n" + "\n".join(f"{key} = {value!r}" for key, value in fields.items() if value is not None)


def test_a_complete_claim_is_read():
    (claim,) = claims.parse(entry())
    assert claim == claims.Claim("one", "abstract", "Something.", "holds", "checked", ("ceiling",), "capacity",
                                 ("tests/test_claims.py::entry",))


@pytest.mark.parametrize(("changes", "message"), [
    ({"source": "hearsay"}, "source is 'hearsay'"),
    ({"verdict": "true"}, "verdict is 'true'"),
    ({"verdict": "not yet"}, "carries no evidence"),
    ({"verdict": "not yet", "evidence": None, "chapter": None, "tests": None}, "carries no evidence"),
    ({"evidence": "obvious"}, "evidence is 'obvious'"),
    ({"evidence": "Monte Carlo"}, "at most the verdict 'conditional'"),
    ({"evidence": "real data", "verdict": "refuted"}, "at most the verdict 'conditional'"),
    ({"theorems": []}, "names no theorem"),
    ({"tests": []}, "names its chapter and its tests"),
    ({"chapter": None}, "names its chapter and its tests"),
    ({"color": "red"}, "color"),
    ({"says": None}, "says"),
])
def test_a_wrong_claim_is_refused_by_name(changes, message):
    with pytest.raises(ValueError, match="claim one: ") as error:
        claims.parse(entry(**changes))
    assert message in str(error.value)


def test_an_id_used_twice_is_refused():
    with pytest.raises(ValueError, match="claim one: the id is used twice"):
        claims.parse(entry() + "\n" + entry())


def test_weakest_evidence_is_the_last_in_the_order():
    assert claims.weakest(["checked", "real data", "exact enumeration"]) == "real data"


def test_all_three_sources_are_there_and_something_is_decided():
    assert {claim.source for claim in ALL} == set(claims.SOURCES)
    assert DECIDED


@pytest.mark.parametrize("claim", DECIDED, ids=lambda claim: claim.id)
def test_every_name_in_a_decided_claim_exists(claim):
    assert set(claim.theorems) <= set(proofs.THEOREMS)
    assert (ROOT / "chapters" / f"{claim.chapter}.md").is_file()
    for test in claim.tests:
        path, _, name = test.partition("::")
        functions = {node.name for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
                     if isinstance(node, ast.FunctionDef)}
        assert name in functions and name.startswith("test_"), test


def test_no_claim_has_stronger_evidence_than_what_it_rests_on():
    for claim in DECIDED:
        carried = claims.weakest([claim.evidence, *(proofs.evidence(name) for name in claim.theorems)])
        assert claims.weakest([claim.evidence, carried]) == claim.evidence, claim.id


def test_a_blind_guess_exceeds_no_information():
    """The camera that always fails: no information, and one in M right, so accuracy is not bounded by information."""
    for m in (2, 4, 100):
        information, accuracy = bounds.erasure_channel(m, 1.0)
        assert information == 0 and accuracy == pytest.approx(1 / m, rel=2**-52)


def test_the_markdown_table_has_one_row_a_claim():
    rows = claims.markdown(ALL).splitlines()
    assert len(rows) == len(ALL) + 2
    assert all(row.count("|") == 4 for row in rows)
