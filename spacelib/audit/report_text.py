"""The audit as plain text for a terminal."""

import textwrap

import pandas as pd

from spacelib.benchmarks.reading import visible

from .report import Report, Row
from .rooms import rooms
from .sections import Section, sections
from .sentences import LIMITS, bits, closing, names

WIDTH = 100


def to_text(report: Report) -> str:
    """A table where there are several rows; what they say together; each row's figures; then what they do not say."""
    titles = names(report.rows)
    lines = _table(report.rows, titles) if len(titles) > 1 else []
    for section in sections(report, titles):
        lines += _section(section)
    for title, row in zip(titles, report.rows):
        lines += _row(title, row)
    return "\n".join([*lines, *_limits(), "", closing(report)])


def _table(rows, titles) -> list[str]:
    """One line a row; information in bits a question."""
    lines = []
    for title, figures in zip(titles, (row.figures for row in rows)):
        known = figures.certificate
        lines.append(
            {
                "": title,
                "items": f"{figures.counts.items:,}",
                "accuracy": f"{figures.accuracy.estimate:.3f}",
                "chance": f"{known.chance:.3f}" if known else "?",
                "constant": f"{figures.counts.constant.share:.3f}" if figures.counts.constant else "-",
                "demonstrated": bits(known.at_estimate) if known else "?",
                "exact": bits(known.exact.information) if known else "?",
                "information": bits(figures.information.estimate) if figures.information else "-",
                "ceiling": f"{figures.ceiling.at_estimate:.3f}" if figures.ceiling else "-",
                "unparsed": f"{figures.counts.unparsed:,}",
            }
        )
    return [*_aligned(pd.DataFrame(lines, index=range(1, len(lines) + 1)), titles), "", ""]


def _aligned(table: pd.DataFrame, titles: list[str]) -> list[str]:
    return table.to_string(formatters={"": f"{{:<{max(map(len, titles))}}}".format}).split("\n")


def _section(section: Section) -> list[str]:
    lines = [section.title, *_wrap(section.says, "  "), ""]
    for label, cells in section.lines:
        lines.append(f"  {label}")
        shown = [
            f"{name} {value}" + (f" ({beside})" if beside else "")
            for name, (value, beside) in zip(section.columns, cells, strict=True)
        ]
        lines += _wrap(["; ".join(shown)], "      ")
    if section.left_out:
        lines.append(f"  {section.left_out:,} more in the JSON form")
    return [*lines, "", ""]


def _row(title: str, row: Row) -> list[str]:
    lines = [title, f"  {visible(row.counts.benchmark)}, {visible(row.counts.log)}"]
    lines += _wrap([f"warning: {warning}" for warning in row.warnings], "  ! ")
    for room in rooms(row):
        lines += ["", f"  {room.title}"]
        for entry in room.entries:
            beside = f" ({entry.beside})" if entry.beside else ""
            lines += ["", f"  {entry.name:<44} {entry.value}{beside}", *_wrap([entry.meaning], "      ")]
    if row.notes:
        lines += ["", "  About this file", *_wrap(row.notes, "    - ")]
    return [*lines, "", ""]


def _limits() -> list[str]:
    lines = ["What these figures do not say"]
    for limit in LIMITS:
        lines += _wrap([f"{limit.title}: {limit.text}"], "  - ")
    return lines


def _wrap(paragraphs, lead: str) -> list[str]:
    indent = " " * len(lead)
    return [
        line
        for text in paragraphs
        for line in textwrap.wrap(text, WIDTH, initial_indent=lead, subsequent_indent=indent)
    ]
