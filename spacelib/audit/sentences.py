"""What each figure means, in one sentence; and what none of them says. Here nats become bits."""

import math
from typing import NamedTuple

from spacelib.benchmarks import RULES, MarkCounts
from spacelib.benchmarks.reading import visible
from spacelib.benchmarks.records import JUDGE_RULE

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


def names(rows: list) -> list[str]:
    """A name for each row of a report, with its log's folder, file and a number where model and task would name several."""
    known = [row.counts for row in rows]
    short = [f"{counts.model}, {counts.task}" for counts in known]
    for part in (0, -1):
        again = {name for name in short if short.count(name) > 1}
        if part == 0 and len({c.log.split("/")[0] for c, name in zip(known, short) if name in again}) == 1:
            continue  # one folder for all tells nothing apart
        short = [f"{name} ({c.log.split('/')[part]})" if name in again else name for name, c in zip(short, known)]
    again = [short[:i].count(name) + 1 if short.count(name) > 1 else 0 for i, name in enumerate(short)]
    short = [f"{name}, no. {number}" if number else name for name, number in zip(short, again)]
    before = {"log": "", "baseline": "Blind: ", "explicit": "Explicit: "}
    return [visible(before[row.role] + name) for row, name in zip(rows, short)]


def capacity(row: Figures) -> list[Entry]:
    """What one row's answers show by themselves, in reading order."""
    return [
        _items(row),
        _accuracy(row),
        *_judge(row),
        _chance(row),
        *_constant(row),
        *_certificates(row),
        _information(row),
        *_entropy(row),
        *_ceiling(row),
        _relabelling(row),
        _unparsed(row),
    ]


def _items(row: Figures) -> Entry:
    counts = row.counts
    frames = "the number of frames is not known" if counts.frames is None else f"{_frames(counts.frames)} shown"
    dependence = (
        "Questions about one scene are not independent, so whole scenes are resampled"
        if counts.scenes_known
        else "The log names no scenes: each question counts as one, which makes the intervals optimistic (too narrow)"
    )
    beside = f"in {len(counts.asked):,} scenes" if counts.scenes_known else "scenes unknown"
    return Entry("items", "Questions", f"{counts.items:,}", beside, f"{dependence}; {frames}.")


def unit(row: Figures) -> str:
    """What is drawn independently, as far as the log says."""
    return "scenes" if row.counts.scenes_known else "questions"


def _frames(number: int) -> str:
    return "1 frame was" if number == 1 else f"{number} frames were"


def _accuracy(row: Figures) -> Entry:
    counts, name, free = row.counts, "Accuracy", isinstance(row.counts, MarkCounts)
    what = f"Share of answers that are right, {counts.rule}" if free else "Share of questions answered right"
    if free and counts.partial is not None:
        name, what = "Mean score", f"Mean credit of the answers, {counts.rule}; {counts.correct:,} have full credit"
    meaning = f"{what}; with its interval from resampled {unit(row)}."
    return Entry("accuracy", name, f"{row.accuracy.estimate:.3f}", interval(row.accuracy.interval), meaning)


def _judge(row: Figures) -> list[Entry]:
    """For free answers: what a judge's marks have to do with the accuracy."""
    counts = row.counts
    if not isinstance(counts, MarkCounts):
        return []
    if counts.rule == RULES[JUDGE_RULE].says:
        meaning = "Free texts are right where the judge says so; a text that it gave no mark to counts as wrong."
        return [Entry("judge", "Texts without a judge's mark", f"{counts.unmarked:,}", f"of {counts.items:,}", meaning)]
    if (found := counts.judged) is None:
        return []
    differ = found["rule_only"] + found["judge_only"]
    beside = (
        f"of {counts.items - found['silent']:,}: right by the rule only {found['rule_only']:,}, by the judge only "
        f"{found['judge_only']:,}; no mark for {found['silent']:,}"
    )
    meaning = (
        "The log holds a judge's marks beside the answers. The official rule counts here, on the number read out of the "
        "text; where the two differ, one of them read the text otherwise."
    )
    return [Entry("judge", "Answers that rule and judge mark differently", f"{differ:,}", beside, meaning)]


def _chance(row: Figures) -> Entry:
    if row.certificate is None:
        meaning = "The best blind accuracy is not known by design, so nothing is certified and no ceiling is drawn."
        return Entry("chance", "Chance", "not known", "", meaning)
    by_design = row.certificate.by_design
    how = "Best accuracy without frames and question" if by_design else "Best blind accuracy"
    beside = "known by design" if by_design else "asserted"
    return Entry("chance", "Chance", f"{row.certificate.chance:.3f}", beside, f"{how}: {row.certificate.source}.")


def _constant(row: Figures) -> list[Entry]:
    if (constant := row.counts.constant) is None:
        return []
    meaning = (
        "Always answering this would be right so often on these questions. It is found on them, and reading the question "
        "may do better: a figure to compare with, not the best blind accuracy, and nothing is certified over it."
    )
    return [
        Entry("constant", "Best constant answer", f"{constant.share:.3f}", f"{constant.answer}, not certified", meaning)
    ]


def _certificates(row: Figures) -> list[Entry]:
    if (certificate := row.certificate) is None:
        return []
    exact, drawn = certificate.exact, unit(row)
    given = "" if certificate.by_design else ", if the asserted chance is the best blind accuracy"
    demonstrated = Entry(
        "certified_information",
        "Information that the accuracy demonstrates",
        f"{bits(certificate.at_estimate)} bits",
        f"{bits(certificate.at_lower_end)} bits at the interval's lower end",
        "To be right this often takes at least this much information about the right answer, a question, from frames "
        f"and question together{given}; only the lower end allows for which {drawn} happened to be asked.",
    )
    share = f"{exact.confidence:.0%}".replace("%", " %")
    exactly = Entry(
        "exact_certificate",
        "Exact certificate",
        f"{bits(exact.information)} bits",
        f"with {share} confidence",
        f"Holds at any number of independent {drawn}, each weighing the same: their mean accuracy is "
        f"{exact.accuracy:.3f} and, by Chernoff's bound, at least {exact.lower_end:.3f} in their population{given}.",
    )
    return [demonstrated, exactly]


def _information(row: Figures) -> Entry:
    if row.information is None:
        meaning = (
            "Free answers have no closed set to be counted in, so what they tell about the right ones is not measured. "
            "What an accuracy demonstrates needs the best blind accuracy only."
        )
        return Entry("mutual_information", "Information of answer and right answer", "not measured", "", meaning)
    plain, corrected = row.information, row.corrected
    return Entry(
        "mutual_information",
        "Information of answer and right letter",
        f"{bits(plain.estimate)} bits",
        interval(plain.interval, bits),
        "What the answer tells about the right letter, from the counts as they stand (plug-in). That is too high on "
        f"average: Miller and Madow's correction gives {bits(corrected.estimate)} bits; the interval is corrected too.",
    )


def _entropy(row: Figures) -> list[Entry]:
    key, name = "answer_entropy", "Entropy of the answers"
    if getattr(row.counts, "answers", None) is None:
        return []
    if (found := row.entropy) is None:
        meaning = "So many answers occur once that further questions would bring others: their entropy cannot be said."
        return [Entry(key, name, "not said", "", meaning)]
    ceiling = (
        f" At this chance an answer that tells so much is right at most {found.ceiling:.3f} of the time."
        if found.ceiling is not None
        else " With a best blind accuracy it would give a ceiling."
    )
    meaning = (
        "An answer tells no more about the right one than it holds itself (Miller and Madow's estimate)." + ceiling
    )
    beside = f"{found.distinct:,} different answers" if found.distinct > 1 else "always the same answer"
    return [Entry(key, name, f"{bits(found.estimate)} bits", beside, meaning)]


def _ceiling(row: Figures) -> list[Entry]:
    if row.ceiling is None:
        return []
    meaning = (
        "An answer that tells no more than this about the right letter is not right more often at this chance, up to how "
        "evenly the right letters happened to be drawn; that the accuracy keeps below is arithmetic, not evidence."
    )
    value, beside = f"{row.ceiling.at_estimate:.3f}", interval(row.ceiling.interval)
    return [Entry("ceiling", "Ceiling that this information allows", value, beside, meaning)]


def _relabelling(row: Figures) -> Entry:
    key, name = "relabelling_gain", "Gain by relabelling the answers"
    if (gain := row.relabelling) is None:
        meaning = "A remapping of the answers is defined for a closed set of them, not for free answers."
        return Entry(key, name, "not defined", "", meaning)
    constant = row.counts.constant
    meaning = (
        "Accuracy that is added by reading each answer as the right letter that goes with it most often, learned on "
        "other scenes than it is measured on: what a model knows and does not say, or that one letter is frequent. "
        f"Always answering {constant.answer}, the best constant, would add {constant.share - row.accuracy.estimate:+.3f}; "
        "only what goes beyond that is the model's. Below 0: nothing to be gained."
    )
    return Entry(key, name, f"{gain.estimate:+.3f}", interval(gain.interval, lambda x: f"{x:+.3f}"), meaning)


def _unparsed(row: Figures) -> Entry:
    counts = row.counts
    beside = f"of {counts.items:,}, {counts.unparsed / counts.items:.1%}".replace("%", " %")
    symbol = "" if row.information is None else " and as a symbol of its own in the information"
    meaning = f"Answers that could not be read: none was dropped, each counts as wrong{symbol}."
    return Entry("unparsed", "Unparsed answers", f"{counts.unparsed:,}", beside, meaning)


def interval(ends, show=lambda x: f"{x:.3f}") -> str:
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
        "The theorem needs that the answer depends on the right one only through frames and question. A model that "
        "met the benchmark's answers in training breaks this; its accuracy then certifies nothing, and no figure here "
        "can tell.",
    ),
    Limit(
        "Ceilings of other models",
        "The ceiling belongs to these answers. The frames may hold more information than a model uses, and no amount of "
        "data alone bounds it from above without a model of the camera.",
    ),
    Limit(
        "Free answers",
        "A number is read out of the text by a stated rule, which can take the wrong one of several; a judge of texts is "
        "a model itself, and its errors are in the accuracy.",
    ),
    Limit(
        "Several rows",
        "Each interval stands for itself: with many rows, some miss. The p-values of all paired tests of a report are "
        "adjusted together by Holm's step-down: rejecting those of at most 0.05 errs at all with a probability of at most "
        "0.05, whatever their dependence. Whoever picks a pair after looking still has the adjusted value to go by.",
    ),
)
