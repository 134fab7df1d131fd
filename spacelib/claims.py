"""The paper's claims and what is known about each: the file claims.toml, read, checked and shown.

Here a claim meets its theorems, its chapter and its tests, by name. That the names exist and that the evidence is no
stronger than the theorems carry is held by `tests/test_claims.py`.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib import resources

SOURCES = ("abstract", "review", "rebuttal")
EVIDENCE = ("checked", "checked using a citation", "exact enumeration", "Monte Carlo", "real data", "cited")  # strongest first
VERDICTS = ("holds", "holds repaired", "conditional", "refuted", "undecidable", "not yet")
DECIDED = ("holds", "holds repaired", "refuted")  # verdicts that need one of the first three kinds of evidence


@dataclass(frozen=True)
class Claim:
    """One claim: who makes it, what it says in our words, and its state."""

    id: str
    source: str
    says: str
    verdict: str
    evidence: str = ""
    theorems: tuple[str, ...] = ()
    chapter: str = ""
    tests: tuple[str, ...] = ()


def load() -> tuple[Claim, ...]:
    """All claims of claims.toml, in its order.

    Raises ValueError, naming the claim, for an unknown or missing field, a word outside the vocabularies, an id used
    twice, or a verdict that its evidence does not carry.
    """
    return parse(resources.files("spacelib").joinpath("claims.toml").read_text(encoding="utf-8"))


def parse(text: str) -> tuple[Claim, ...]:
    """The claims of a TOML text; the rules are those of `load`."""
    claims: dict[str, Claim] = {}
    for number, entry in enumerate(tomllib.loads(text).get("claims", []), start=1):
        name = entry.get("id", f"number {number}")
        lists = {key: tuple(entry[key]) for key in ("theorems", "tests") if key in entry}
        try:
            claim = Claim(**(entry | lists))
        except TypeError as error:
            raise ValueError(f"claims.toml, claim {name}: {error}") from error
        check(claim)
        if claim.id in claims:
            raise ValueError(f"claims.toml, claim {name}: the id is used twice")
        claims[claim.id] = claim
    return tuple(claims.values())


def check(claim: Claim) -> None:
    """Raise ValueError if a claim uses a word outside the vocabularies or a verdict that its evidence does not carry."""

    def refuse(message: str) -> None:
        raise ValueError(f"claims.toml, claim {claim.id}: {message}")

    if claim.source not in SOURCES:
        refuse(f"source is '{claim.source}', expected one of {', '.join(SOURCES)}")
    if claim.verdict not in VERDICTS:
        refuse(f"verdict is '{claim.verdict}', expected one of {', '.join(VERDICTS)}")
    if claim.verdict == "not yet":
        if claim.evidence or claim.theorems or claim.chapter or claim.tests:
            refuse("a claim that is not decided yet carries no evidence, theorem, chapter or test")
        return
    if claim.evidence not in EVIDENCE:
        refuse(f"evidence is '{claim.evidence}', expected one of {', '.join(EVIDENCE)}")
    if claim.verdict in DECIDED and claim.evidence not in EVIDENCE[:3]:
        refuse(f"evidence '{claim.evidence}' carries at most the verdict 'conditional', not '{claim.verdict}'")
    if claim.evidence in EVIDENCE[:2] and not claim.theorems:
        refuse(f"evidence '{claim.evidence}' names no theorem")
    if not (claim.chapter and claim.tests):
        refuse("a decided claim names its chapter and its tests")


def weakest(evidence: Iterable[str]) -> str:
    """The weakest of some kinds of evidence."""
    return max(evidence, key=EVIDENCE.index)


SYMBOLS = {"(epsilon² delta)": r"($\varepsilon^2 \delta$)", "d_eff": r"$d_{\mathrm{eff}}$", "K_max": r"$K_{\max}$"}


def markdown(claims: Iterable[Claim]) -> str:
    """A Markdown table of claims with verdict, evidence and theorems."""
    rows = ["| claim | verdict | evidence |", "| --- | --- | --- |"]
    for claim in claims:
        says = claim.says
        for plain, formula in SYMBOLS.items():
            says = says.replace(plain, formula)
        rests = ", ".join(f"`{name}`" for name in claim.theorems)
        rows.append(f"| {says} | **{claim.verdict}** | {f'{claim.evidence}: {rests}' if rests else claim.evidence} |")
    return "\n".join(rows)
