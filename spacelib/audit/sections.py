"""What rows say together, as tables with sentences: one section a room, the same in text, page and JSON."""

import math
from typing import NamedTuple

from spacelib.benchmarks.reading import visible

from .pairs import POWER, PairedTest
from .sentences import PERCENT, between, bits

LONGEST = 100  # lines of a table that a person reads

Cell = tuple[str, str]  # a value, and what stands small beside it


class Section(NamedTuple):
    """`lines` holds a name and its cells under `columns`; `left_out` lines stand in the JSON form alone."""

    key: str
    title: str
    says: list[str]
    columns: list[str]
    lines: list[tuple[str, list[Cell]]]
    left_out: int = 0


def sections(report, titles: list[str]) -> list[Section]:
    """All sections that a report has something for, in reading order."""
    tests = {(test.first, test.second): test for test in report.tests}
    made = (
        report.baselines and _baselines(report, titles, tests),
        report.budgets and _frames(report, titles, tests),
        report.tests and _comparisons(report, titles),
        report.mixes and _mixes(report, titles),
        report.tradeoffs and _tradeoffs(report, titles, tests),
    )
    return [section for section in made if section]


def signed(value: float) -> str:
    return f"{value:+.3f}"


def p_value(p: float) -> str:
    return "< 0.0001" if p < 1e-4 else f"{p:.4f}"


def _named(titles: list[str], *numbers: int) -> str:
    return " less ".join(f"{number + 1}. {titles[number]}" for number in numbers)


def _change(estimate, show=signed) -> Cell:
    return show(estimate.estimate), between(*estimate.interval, show)


def _signed_bits(nats: float) -> str:
    return f"{nats / math.log(2):+.3f}"


def _section(key, title, says, columns, lines) -> Section:
    return Section(key, title, says, columns, lines[:LONGEST], max(0, len(lines) - LONGEST))


def shown_tests(report) -> list[PairedTest]:
    """The tests that a person reads: all in the order of their rows, or those with the smallest p-values."""
    if len(report.tests) <= LONGEST:
        return list(report.tests)
    return sorted(report.tests, key=lambda test: (test.adjusted, test.p_value))[:LONGEST]


def _comparisons(report, titles) -> Section:
    number = len(report.tests)
    clear = sum(test.adjusted <= 0.05 for test in report.tests)
    says = [
        f"Every two rows with the same questions, compared question by question: {number:,} "
        f"test{'s' if number > 1 else ''}, of which {clear:,} show a difference after correction. The p-value is that of "
        "sign flips: if the two did not differ, the answers of a whole scene could as well be exchanged. By Holm: adjusted "
        "for all tests of this report together. Intervals are individual, 95 % each. Seen from: the least true difference "
        f"that a test at 5 % sees with a chance of {POWER:.0%}, ".replace("%,", " %,")
        + "at this agreement of the two and this dependence within scenes."
    ]
    if number > LONGEST:
        says.append("Those with the smallest p-values; all are in the JSON form.")
    lines = [
        (
            _named(titles, test.first, test.second),
            [
                _change(test.difference),
                (p_value(test.p_value), test.method),
                (p_value(test.adjusted), ""),
                (f"{test.agreement:.3f}", f"{test.items:,} questions, {test.scenes:,} units"),
                ("none" if math.isinf(test.resolvable) else f"{test.resolvable:.3f}", ""),
            ],
        )
        for test in shown_tests(report)
    ]
    columns = ["difference", "p", "by Holm", "agreement", "seen from"]
    return Section("comparisons", "Samples: paired comparisons", says, columns, lines, max(0, number - LONGEST))


def _baselines(report, titles, tests) -> Section:
    says = [
        "Each row beside the blind run on the same questions. Beyond the blind answer: what the answer tells about the "
        "right letter that the blind answer does not, I(A; T | B), Miller and Madow's estimate in bits a question. It is "
        "what the frames brought only if the blind answers hold all that the questions tell: I(A; T | B) <= I(F; T | Q) + "
        "I(Q; T | B), A being the answer, B the blind one, T the truth, F the frames, Q the question.",
        "Over the blind accuracy: kl(A || A0) in bits, A at its interval's lower end, A0 at the blind one's upper end. Not "
        "certified: another blind strategy may be better than this one, whose accuracy bounds the best only from below.",
    ]
    lines = []
    for found in report.baselines:
        test, blind = tests[found.row, found.blind], report.rows[found.blind].figures.accuracy
        information = found.information
        lines.append(
            (
                _named(titles, found.row),
                [
                    (f"{report.rows[found.row].figures.accuracy.estimate:.3f}", ""),
                    (f"{blind.estimate:.3f}", between(*blind.interval)),
                    _change(test.difference),
                    (p_value(test.adjusted), ""),
                    _change(information, bits) if information else ("-", ""),
                    (bits(found.over_blind), "not certified"),
                ],
            )
        )
    columns = ["accuracy", "blind", "gain", "p by Holm", "beyond the blind answer", "over the blind accuracy"]
    return _section("baseline", "Capacity: what frames brought", says, columns, lines)


def _frames(report, titles, tests) -> Section:
    says = [
        "Logs of one model that differ in the number of frames, compared question by question, each budget with the next. "
        "Whatever else differs between such runs, the prompt, the resolution of a frame, the release of the model, stands "
        "in these gains too: nothing here tells it apart."
    ]
    lines = []
    for budget in report.budgets:
        name = visible(f"{report.rows[next(iter(budget.rows.values()))].counts.model}")
        task = visible(report.rows[next(iter(budget.rows.values()))].counts.task)
        for gain in budget.found.gains:
            pair = budget.rows[gain.fewer], budget.rows[gain.more]
            test, added, told = tests[min(pair), max(pair)], gain.more - gain.fewer, gain.information
            lines.append(
                (
                    f"{name}, {task}: {gain.fewer} to {gain.more} frames",
                    [
                        _change(gain.accuracy),
                        (f"{gain.accuracy.estimate / added:+.4f}", ""),
                        (p_value(test.adjusted), ""),
                        _change(told, _signed_bits) if told else ("-", ""),
                        (f"{told.estimate / math.log(2) / added:+.4f}", "bits") if told else ("-", ""),
                    ],
                )
            )
        says += [f"{name}, {task}: {sentence}" for sentence in (_saturation(budget), *_least(budget.found.least))]
    columns = ["gain in accuracy", "a frame", "p by Holm", "gain in information (bits)", "a frame"]
    return _section("frames", "Frames: what more of them bring", says, columns, lines)


def _saturation(budget) -> str:
    """Where the gains stop to show; that they do not show is no proof that there are none."""
    gains = budget.found.gains
    shows = [gain for gain in gains if gain.accuracy.interval[0] > 0]
    last, left = gains[-1], gains[-1].accuracy.interval[1]
    if shows and shows[-1] is last:
        return f"no saturation up to {last.more} frames; the last step still gains."
    since = shows[-1].more if shows else gains[0].fewer
    return (
        f"no gain shows from {since} frames on; the step from {last.fewer} to {last.more} gains at most {left:+.3f}, by "
        f"its {PERCENT} interval."
    )


def _least(least) -> list[str]:
    if least is None:
        return []
    low, high = ("more than tried" if math.isinf(end) else f"{end:.0f}" for end in least.interval)
    reached = f"{least.estimate:.0f} frames reach it" if math.isfinite(least.estimate) else "none tried reaches the target"
    return [f"{reached}; at 95 % the least number lies between {low} and {high}, if more frames never harm."]


def _mixes(report, titles) -> Section:
    says = [
        "The risk (one less the mean score) if the tasks had other weights, from the same answers. Bounds hold with 95 % "
        "confidence each. Distance: the divergence of the wanted mix from the one tested, in bits; where tasks share scenes, "
        "each scene counts once for all of them and no distance is needed."
    ]
    lines = []
    for found in report.mixes:
        risk, carried = found.risk, found.transfer
        weighed = ", ".join(
            f"{visible(report.rows[n].counts.task)} {weight:.2f}"
            for n, weight in zip(found.rows, found.weights, strict=True)
            if weight
        )
        far = "none" if carried and math.isinf(carried.divergences.kl) else ""
        lines.append(
            (
                f"{visible(report.rows[found.rows[0]].counts.model)}: {weighed}",
                [
                    (f"{risk.risk:.3f}", f"{risk.lower:.3f} to {risk.upper:.3f}"),
                    (f"{risk.samples:,.0f}", ""),
                    (far or bits(float(carried.divergences.kl)), "") if carried else ("-", "scenes shared"),
                    (f"{carried.source.risk:.3f}", "") if carried else ("-", ""),
                ],
            )
        )
    columns = ["risk under the mix", "worth so many scenes", "distance", "risk under the mix tested"]
    return _section("mix", "Transfer: another mix of tasks", says, columns, lines)


def _tradeoffs(report, titles, tests) -> Section:
    says = [
        "The explicit method's log less each implicit one's, question by question: above 0 the explicit one is right more "
        "often. This compares these two systems as they were run; other explicit or implicit ones may differ otherwise."
    ]
    if any(found.decision for found in report.tradeoffs):
        says.append(
            "Verdict: which way surely errs less with so many training samples on a question drawn from all, as the gap "
            "has it, from bounds of all risks that hold together with 95 % confidence, if more samples never harm."
        )
    lines = []
    for found in report.tradeoffs:
        verdicts = dict(zip(found.implicit, found.decision.verdicts, strict=True)) if found.decision else {}
        sizes = dict(zip(found.implicit, found.trained, strict=True)) if found.trained else {}
        for number in found.implicit:
            test = tests[found.explicit, number]
            lines.append(
                (
                    _named(titles, found.explicit, number),
                    [
                        _change(test.difference),
                        (p_value(test.adjusted), ""),
                        (f"{sizes[number]:,}" if sizes else "-", ""),
                        (verdicts.get(number, "-"), ""),
                    ],
                )
            )
        if found.decision:
            says.append(f"{visible(report.rows[found.explicit].counts.task)}: {_crossover(found.decision)}")
    columns = ["gap", "p by Holm", "training samples", "verdict"]
    return _section("tradeoff", "Tradeoff: explicit against implicit", says, columns, lines)


def _crossover(decision) -> str:
    if decision.regime == "no such curve":
        return "the implicit risks rise with the samples, against the assumption: nothing is decided."
    if decision.regime == "explicit always":
        return "the explicit method errs less at every size."
    low = f"explicit below {decision.low:,.0f} samples" if decision.low > 0 else "explicit at none for certain"
    high = "implicit at none for certain" if math.isinf(decision.high) else f"implicit above {decision.high:,.0f}"
    return f"{low}, {high}; undecided between."
