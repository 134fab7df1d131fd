"""The audit as one self-contained page: no script, no external resource, everything foreign escaped."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tqdm import tqdm

from spacelib.benchmarks import AnswerCounts
from spacelib.benchmarks.counts import UNPARSED
from spacelib.benchmarks.reading import visible
from spacelib.benchmarks.writing import write_whole

from . import plots
from .figures import Figures
from .report import Report, Row
from .rooms import rooms
from .sections import sections, shown_tests
from .sentences import LIMITS, PERCENT, between, bits, closing, names

_HERE = Path(__file__).parent
_COLUMNS = (
    "row",
    "items",
    "accuracy",
    "chance",
    "constant",
    "demonstrated",
    "exact",
    "information",
    "ceiling",
    "unparsed",
)

FOLDED = 12  # rows from which on each one's details wait folded under its name
DRAWN = 60  # lines that a plot of all rows or pairs can hold, and rows up to which each has plots of its own
_NONE = ("-", "")  # a figure that this kind of answer does not have


def write_html(report: Report, path) -> None:
    """Write the page to `path`, whole or not at all.

    Errors: OSError where it cannot be written.
    """
    write_whole(path, to_html(report))


def to_html(report: Report) -> str:
    """The page: an overview where there are several rows, each row's figures with their meaning, plots and counts."""
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    titles = names(report.rows)
    rows = tqdm(list(zip(titles, report.rows)), unit="row", disable=None, delay=2, leave=False)
    return environment.get_template("report.html.jinja").render(
        css=(_HERE / "report.css").read_text(encoding="utf-8"),
        rows=[_row(number, name, row, drawn=len(titles) <= DRAWN) for number, (name, row) in enumerate(rows, 1)],
        undrawn=DRAWN if len(titles) > DRAWN else None,
        overview=_overview(report, titles) if len(titles) > 1 else None,
        sections=[(section, _section_plots(section.key, report, titles)) for section in sections(report, titles)],
        folded=len(titles) > FOLDED,
        limits=LIMITS,
        closing=closing(report),
    )


def _overview(report: Report, titles: list[str]) -> dict:
    lines = [(title, _line(row)) for title, row in zip(titles, report.rows)]
    if len(titles) > DRAWN:
        return {"columns": _COLUMNS, "lines": lines, "plots": []}
    figures = tuple(row.figures for row in report.rows)
    shown = [
        {
            "svg": plots.accuracy_plot(figures, titles),
            "alt": "Accuracy of each row with its interval, and chance; the numbers stand in the table above.",
            "caption": f"Accuracy (dot) with its {PERCENT} interval, and chance where known (upright bar). "
            "A row clear of its bar demonstrates information.",
        }
    ]
    if any(row.information or row.certificate for row in figures):
        shown.append(
            {
                "svg": plots.information_plot(figures, titles),
                "alt": "Information of each row with its interval, and what its accuracy certifies; the numbers stand in "
                "the table above.",
                "caption": f"Information of answer and right letter (dot, {PERCENT} interval), and what the accuracy "
                "demonstrates: at the interval's lower end (filled) and exactly (hollow triangle).",
            }
        )
    return {"columns": _COLUMNS, "lines": lines, "plots": shown}


def _section_plots(key: str, report: Report, titles: list[str]) -> list[dict]:
    if key == "comparisons":
        tests = shown_tests(report)[:DRAWN]
        words = "Differences of the pairs with their intervals; the numbers stand in the table above."
        caption = (
            f"Differences (dot) with their {PERCENT} intervals, each for itself: filled where the p-value by Holm is at "
            "most 0.05. Named by the numbers of the rows."
        )
        return [{"svg": plots.difference_plot(tests), "alt": words, "caption": caption}]
    if key == "frames":
        words = "Accuracy over the number of frames, one line a model and task; the gains stand in the table above."
        caption = f"Accuracy over the number of frames, with its {PERCENT} interval."
        lines = [(titles[next(iter(b.rows.values()))], b.found.figures) for b in report.budgets[:DRAWN]]
        return [{"svg": plots.budget_plot(lines), "alt": words, "caption": caption}]
    return []


def _line(row: Row) -> list[tuple]:
    """Cells of the overview: a value and what stands small below it."""
    figures, counts, known = row.figures, row.counts, row.figures.certificate
    ceiling, information, constant, unknown = figures.ceiling, figures.information, counts.constant, ("?", "")
    return [
        (f"{counts.items:,}", f"{len(counts.asked):,} scenes" if counts.scenes_known else ""),
        (f"{figures.accuracy.estimate:.3f}", between(*figures.accuracy.interval)),
        (f"{known.chance:.3f}", "") if known else unknown,
        (f"{constant.share:.3f}", constant.answer) if constant else _NONE,
        (bits(known.at_estimate), f"low {bits(known.at_lower_end)}") if known else unknown,
        (bits(known.exact.information), "") if known else unknown,
        (bits(information.estimate), between(*information.interval, bits)) if information else _NONE,
        (f"{ceiling.at_estimate:.3f}", between(*ceiling.interval)) if ceiling else _NONE,
        (f"{counts.unparsed:,}", ""),
    ]


def _row(number: int, name: str, row: Row, drawn: bool) -> dict:
    counts = row.counts
    letters = isinstance(counts, AnswerCounts)
    joint = [*zip((*counts.letters, UNPARSED), counts.joint), ("all", counts.joint.sum(axis=0))] if letters else []
    return {
        "title": name,
        "source": visible(f"{counts.benchmark}, {counts.log}"),
        "warnings": row.warnings,
        "rooms": rooms(row),
        "plots": list(_plots(number, name, row.figures)) if drawn else [],
        "letters": counts.letters if letters else (),
        "joint": [(answer, [f"{n:,}" for n in (*found, found.sum())]) for answer, found in joint],
        "notes": row.notes,
    }


def _plots(number: int, name: str, figures: Figures) -> Iterator[dict]:
    """The pictures that a row's figures allow, each with its caption and its words for those who cannot see it."""
    if isinstance(figures.counts, AnswerCounts):
        yield {
            "svg": plots.answer_plot(figures, number),
            "alt": f"Heat map of answers against right letters for {name}; the counts stand in the table below.",
            "caption": "Answers against right letters. Shade: share of the answers among one right letter; a model that "
            "is always right shades the diagonal only.",
        }
    if figures.ceiling:
        yield {
            "svg": plots.ceiling_plot(figures, number),
            "alt": f"Ceiling of accuracy over information with the place of {name} under it.",
            "caption": "The place under the ceiling. Read upwards, the curve bounds accuracy by information; read "
            "sideways from the dot to the curve, it gives the information that the accuracy demonstrates.",
        }
    if figures.certificate is None:
        yield {
            "svg": plots.blind_plot(figures, number),
            "alt": f"Information that the accuracy of {name} would demonstrate, over the best blind accuracy.",
            "caption": "Not certified: what the accuracy would demonstrate if the best blind accuracy, which nothing "
            "gives here, were known. Right of the accuracy it demonstrates nothing.",
        }
