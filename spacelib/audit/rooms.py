"""The rooms of one row: what it shows, what its questions can tell apart, what its certificate is worth elsewhere."""

import math
from typing import NamedTuple

from .sentences import PERCENT, Entry, bits, capacity, unit


class Room(NamedTuple):
    title: str
    entries: list[Entry]


def rooms(row) -> list[Room]:
    """The entries of a report's row, room by room, in reading order."""
    return [
        Room("Capacity", capacity(row.figures)),
        Room("Samples", _samples(row)),
        Room("Transfer", _transfer(row)),
    ]


def _difference(value: float) -> str:
    return "none" if math.isinf(value) else f"{value:.3f}"


def _samples(row) -> list[Entry]:
    key, name = "resolvable_difference", "Difference between models that shows"
    if (found := row.resolution) is None:
        return [Entry(key, name, "not known", "", f"One of the {unit(row.figures)} says nothing about others.")]
    effect = (
        f"Questions of one scene vary together: the variance is {found.design_effect:.2f} times that of independent ones"
        if row.counts.scenes_known
        else "Questions are taken for independent"
    )
    entries = [
        Entry(
            key,
            name,
            _difference(found.between_models),
            f"any dependence: {_difference(found.worst)}",
            f"The least true difference of two models with independent errors that a test at 5 % sees with a chance of "
            f"80 %. {effect}. A paired test on the same questions may see smaller ones.",
        )
    ]
    if found.against_chance is not None:
        meaning = "The least true accuracy above the chance that a test at 5 % sees with a chance of 80 %."
        value = _difference(found.against_chance)
        entries.append(Entry("above_chance", "Excess over chance that shows", value, "", meaning))
    if found.needed is not None:
        meaning = (
            f"So many questions, in scenes like these, make the {PERCENT} interval of the accuracy at most "
            f"{found.precision:g} to either side; there are {row.counts.items:,}."
        )
        entries.append(Entry("needed", "Questions for the wanted precision", f"{found.needed:,}", "", meaning))
    return entries


def _transfer(row) -> list[Entry]:
    drawn, risk = unit(row.figures), row.certificate
    entries = [
        Entry(
            f"risk_by_{key}",
            name,
            f"{found.risk:.3f}",
            f"at least {found.lower:.3f}, at most {found.upper:.3f}, each with {PERCENT} confidence",
            meaning,
        )
        for key, name, found, meaning in (
            (
                "scene",
                "Risk of a scene drawn" if row.counts.scenes_known else "Risk of a question drawn, each its own scene",
                risk.scene,
                f"One less the mean score of {'a question of a new scene' if row.counts.scenes_known else 'a new question'}, "
                f"by Chernoff's bound: it holds at any number of {drawn}, for a model fixed before.",
            ),
            (
                "question",
                "Risk of a question drawn",
                risk.question,
                f"The same for a question drawn from all, worth {risk.question.samples:,.0f} independent ones; it holds "
                "for numbers of questions a scene that are fixed by design.",
            ),
        )
    ]
    if row.critical_shift is not None:
        meaning = (
            f"How far new {drawn} may be from these, as a divergence (KL, new from old), before the certified risk could "
            "reach that of chance. No log tells how far they are."
        )
        value = "any" if math.isinf(row.critical_shift) else f"{bits(row.critical_shift)} bits"
        entries.append(Entry("critical_shift", "Shift that the certificate survives", value, "", meaning))
    return entries
