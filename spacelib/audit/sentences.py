"""What each figure means, in one sentence; and what none of them says. Here nats become bits."""

import math
from typing import NamedTuple

from spacelib.benchmarks.reading import visible

from .figures import CONFIDENCE, Figures

PERCENT = f"{CONFIDENCE:.0%}".replace("%", " %")


class Entry(NamedTuple):
    """A figure as people read it: `value`, what stands beside it, and a sentence; `key` is its name in the JSON form."""

    key: str
    name: str
    value: str
    beside: str
    meaning: str


def bits(nats: float) -> str:
    return f"{nats / math.log(2):.3f}"


def between(low: float, high: float, show=lambda x: f"{x:.3f}") -> str:
    return f"{show(low)} to {show(high)}"


def names(rows: list[Figures]) -> list[str]:
    """A short name for each row, with its log's folder where model and task alone would not tell two rows apart."""
    short = [f"{row.counts.model}, {row.counts.task}" for row in rows]
    folders = [f" ({row.counts.log.split('/')[0]})" for row in rows]
    return [visible(name + folder if short.count(name) > 1 else name) for name, folder in zip(short, folders)]


def entries(row: Figures) -> list[Entry]:
    """All figures of a row, in reading order."""
    return [
        _items(row),
        _accuracy(row),
        _chance(row),
        *_certificates(row),
        _information(row),
        *_ceiling(row),
        _unparsed(row),
    ]


def _items(row: Figures) -> Entry:
    counts = row.counts
    frames = "the number of frames is not known" if counts.frames is None else f"{counts.frames} frames were shown"
    unit = (
        "Questions about one scene are not independent, so whole scenes are resampled"
        if counts.scenes_known
        else "The log names no scenes: each question counts as one, which makes the intervals too narrow"
    )
    beside = f"in {len(counts.table):,} scenes" if counts.scenes_known else "scenes unknown"
    return Entry("items", "Questions", f"{counts.items:,}", beside, f"{unit}; {frames}.")


def _accuracy(row: Figures) -> Entry:
    meaning = "Share of questions answered right, with its interval from resampled scenes."
    return Entry("accuracy", "Accuracy", f"{row.accuracy.estimate:.3f}", _interval(row.accuracy.interval), meaning)


def _chance(row: Figures) -> Entry:
    if row.certificate is None:
        meaning = "The best blind accuracy is not known by design, so nothing is certified and no ceiling is drawn."
        return Entry("chance", "Chance", "not known", "", meaning)
    by_design = row.certificate.by_design
    how = "Best accuracy without frames and question" if by_design else "Best blind accuracy"
    beside = "known by design" if by_design else "asserted"
    return Entry("chance", "Chance", f"{row.certificate.chance:.3f}", beside, f"{how}: {row.certificate.source}.")


def _certificates(row: Figures) -> list[Entry]:
    if (certificate := row.certificate) is None:
        return []
    exact = certificate.exact
    given = "" if certificate.by_design else ", if the asserted chance is the best blind accuracy"
    demonstrated = Entry(
        "certified_information",
        "Information that the accuracy demonstrates",
        f"{bits(certificate.at_estimate)} bits",
        f"{bits(certificate.at_lower_end)} bits at the interval's lower end",
        "To be right this often takes at least this much information about the right letter, a question, from frames "
        f"and question together{given}; only the lower end allows for which scenes happened to be asked.",
    )
    share = f"{exact.confidence:.0%}".replace("%", " %")
    exactly = Entry(
        "exact_certificate",
        "Exact certificate",
        f"{bits(exact.information)} bits",
        f"with {share} confidence",
        "Holds at any number of independent scenes, each weighing the same: their mean accuracy is "
        f"{exact.accuracy:.3f} and, by Chernoff's bound, at least {exact.lower_end:.3f} in their population{given}.",
    )
    return [demonstrated, exactly]


def _information(row: Figures) -> Entry:
    plain, corrected = row.information, row.corrected
    return Entry(
        "mutual_information",
        "Information of answer and right letter",
        f"{bits(plain.estimate)} bits",
        _interval(plain.interval, bits),
        "What the answer tells about the right letter, from the counts as they stand (plug-in). That is too high on "
        f"average: Miller and Madow's correction gives {bits(corrected.estimate)} bits, and the interval is corrected too.",
    )


def _ceiling(row: Figures) -> list[Entry]:
    if row.ceiling is None:
        return []
    meaning = (
        "An answer that tells no more than this about the right letter cannot be right more often at this chance; that "
        "the accuracy keeps below is arithmetic, not evidence."
    )
    value, beside = f"{row.ceiling.at_estimate:.3f}", _interval(row.ceiling.interval)
    return [Entry("ceiling", "Ceiling that this information allows", value, beside, meaning)]


def _unparsed(row: Figures) -> Entry:
    counts = row.counts
    beside = f"of {counts.items:,}, {counts.unparsed / counts.items:.1%}".replace("%", " %")
    meaning = (
        "Answers that could not be read: none was dropped, each counts as wrong and as a symbol of its own in the "
        "information."
    )
    return Entry("unparsed", "Unparsed answers", f"{counts.unparsed:,}", beside, meaning)


def _interval(ends, show=lambda x: f"{x:.3f}") -> str:
    return f"{PERCENT} interval {between(*ends, show)}"


def closing(report) -> str:
    """How to get the same report again."""
    return f"spacelib {report.version}, seed {report.seed}: the same logs and seed give the same report."


class Limit(NamedTuple):
    title: str
    text: str


LIMITS = (
    Limit(
        "What is certified",
        "Information in frames and question text together: a model that knows which answers such questions usually have "
        "uses the question, and what the frames alone add is not certified. The statement is about the scenes' "
        "population. The lower end of a bootstrap interval is approximate; the exact certificate is not, at the price of "
        "a weaker figure.",
    ),
    Limit(
        "Circular by nature",
        "In the counts themselves the inequality kl(accuracy, agreement) <= information holds identically, the agreement "
        "being how often answer and right letter would coincide if they were independent. It cannot fail on any log; with "
        "chance in place of the agreement only their sampling difference is left to fail. That an accuracy lies below "
        "its ceiling is therefore no evidence for the theorem and says nothing about its tightness.",
    ),
    Limit(
        "Contamination",
        "The theorem needs that the answer depends on the right letter only through frames and question. A model that "
        "met the benchmark's answers in training breaks this; its accuracy then certifies nothing, and no figure here "
        "can tell.",
    ),
    Limit(
        "Ceilings of other models",
        "The ceiling belongs to these answers. The frames may hold more information than a model uses, and no amount of "
        "data alone bounds it from above without a model of the camera.",
    ),
    Limit(
        "Several rows",
        "Each interval stands for itself: with many rows, some miss. Differences between models need a paired test.",
    ),
)
