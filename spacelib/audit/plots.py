"""Plots of the audit page: SVG text whose colours are the page's own, so that they follow light, dark and print."""

import io
import math
import re
from collections.abc import Sequence

import matplotlib.style
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from spacelib.benchmarks.counts import UNPARSED
from spacelib.bounds import accuracy_ceiling, certified_information

from .figures import Figures
from .pairs import PairedTest

BIT = math.log(2)

# Stand-ins that matplotlib can draw with, and the page's colours that replace them in the SVG.
INK, QUIET, ACCENT, SECOND = "#010203", "#040506", "#070809", "#0a0b0c"
_CSS = {INK: "var(--ink)", QUIET: "var(--quiet)", ACCENT: "var(--accent)", SECOND: "var(--second)"}
_STYLE = {
    "svg.fonttype": "none",  # text stays text: selectable, in the page's font
    "savefig.bbox": "standard",  # the width stays what the text size was chosen for
    "font.size": 9,
    "axes.labelsize": 9,
    "legend.fontsize": 9,
    "axes.grid": False,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
}
_INTERVAL = {"linestyle": "-", "linewidth": 2.5, "alpha": 0.6, "solid_capstyle": "butt"}
_DOT = {"markersize": 5.5, "clip_on": False}
_WIDTH = 4.6  # inches: at a phone's 350 pixels the 9 point text still measures some 9 pixels


def accuracy_plot(rows: tuple[Figures, ...], names: list[str]) -> str:
    """Accuracy with its interval, and chance, one line a row, as SVG."""

    def draw(axes: Axes) -> None:
        for y, row in enumerate(rows):
            low, high = row.accuracy.interval
            axes.plot([low, high], [y, y], color=ACCENT, **_INTERVAL)
            axes.plot(row.accuracy.estimate, y, "o", color=ACCENT, **_DOT)
            if row.certificate:
                axes.plot(row.certificate.chance, y, "|", color=SECOND, markersize=12, markeredgewidth=2)
        axes.set_xlim(0, 1)
        axes.set_xlabel("accuracy (share of questions); bar: chance")

    return _forest(names, draw, "accuracy")


def information_plot(rows: tuple[Figures, ...], names: list[str]) -> str:
    """Measured information with its interval, and what the accuracy certifies, one line a row, as SVG."""

    def draw(axes: Axes) -> None:
        for y, row in enumerate(rows):
            if row.information:
                low, high = (end / BIT for end in row.information.interval)
                axes.plot([low, high], [y, y], color=ACCENT, **_INTERVAL)
                axes.plot(row.information.estimate / BIT, y, "o", color=ACCENT, **_DOT)
            if row.certificate:
                axes.plot(row.certificate.at_lower_end / BIT, y, ">", color=SECOND, **_DOT)
                axes.plot(row.certificate.exact.information / BIT, y, ">", mfc="none", mec=SECOND, **_DOT)
        axes.set_xlim(left=0)
        axes.set_xlabel("information (bits a question)")

    return _forest(names, draw, "information")


def difference_plot(tests: Sequence[PairedTest]) -> str:
    """Differences of pairs with their intervals, filled where they show after correction, one line a pair, as SVG."""

    def draw(axes: Axes) -> None:
        for y, test in enumerate(tests):
            low, high = test.difference.interval
            axes.plot([low, high], [y, y], color=ACCENT, **_INTERVAL)
            fill = {} if test.adjusted <= 0.05 else {"mfc": "none"}
            axes.plot(test.difference.estimate, y, "o", mec=ACCENT, color=ACCENT, **fill, **_DOT)
        axes.axvline(0, color=SECOND, linewidth=1, linestyle="--")
        axes.set_xlabel("difference in accuracy")
        axes.set_yticks(range(len(tests)), [f"{test.first + 1} less {test.second + 1}" for test in tests])
        axes.set_ylim(len(tests) - 0.4, -0.6)
        axes.grid(axis="x", color=QUIET, alpha=0.25)

    return _svg(draw, 0.22 * len(tests) + 0.7, "differences")


def budget_plot(lines: Sequence[tuple[str, dict[int, Figures]]]) -> str:
    """Accuracy over the number of frames with its interval, one line a model and task, as SVG."""

    def draw(axes: Axes) -> None:
        for number, (_, figures) in enumerate(lines):
            frames, known = list(figures), [of.accuracy for of in figures.values()]
            colour = (ACCENT, SECOND)[number % 2]
            style = ("-", "--", ":", "-.")[number // 2 % 4]
            axes.plot(frames, [of.estimate for of in known], "o", color=colour, linestyle=style, **_DOT)
            for place, of in zip(frames, known, strict=True):
                axes.plot([place, place], of.interval, color=colour, **_INTERVAL)
            axes.annotate(
                _plain(lines[number][0]), (frames[-1], known[-1].estimate), (0, 6), textcoords="offset points", ha="right"
            ).set_parse_math(False)
        axes.set_xscale("log", base=2)
        ticks = sorted({number for _, figures in lines for number in figures})
        axes.set_xticks(ticks, [str(tick) for tick in ticks])
        axes.minorticks_off()
        axes.set(xlabel="frames", ylabel="accuracy", ylim=(0, 1))

    return _svg(draw, 3.2, "budgets")


def answer_plot(row: Figures, number: int) -> str:
    """Counts of answers against right letters as a heat map, shaded by the share among one right letter, as SVG."""
    joint = row.counts.joint
    used = len(joint) if row.counts.unparsed else len(joint) - 1
    share = joint / np.maximum(joint.sum(axis=0), 1)
    names = (*row.counts.letters, UNPARSED)[:used]

    def draw(axes: Axes) -> None:
        for answer, truth in np.ndindex(used, joint.shape[1]):
            # At 0.75 opacity at most the ink stays readable on the accent, light and dark.
            alpha = 0.75 * share[answer, truth]
            axes.add_patch(Rectangle((truth - 0.5, answer - 0.5), 1, 1, facecolor=ACCENT, alpha=alpha, linewidth=0))
            axes.text(truth, answer, f"{joint[answer, truth]:,}", ha="center", va="center")
        axes.set(xlim=(-0.5, joint.shape[1] - 0.5), ylim=(used - 0.5, -0.5))
        axes.set(xlabel="right letter", ylabel="answered")
        axes.set_xticks(range(joint.shape[1]), row.counts.letters)
        axes.set_yticks(range(used), names)
        axes.tick_params(length=0)

    return _svg(draw, 0.45 * used + 0.7, f"answers-{number}")


def ceiling_plot(row: Figures, number: int) -> str:
    """The ceiling of accuracy over information at the row's chance, with the row's place under it, as SVG."""
    chance = row.certificate.chance
    whole = math.log(len(row.counts.letters))
    x = torch.linspace(0, whole, 200, dtype=torch.float64)
    ceiling = accuracy_ceiling(torch.tensor(chance, dtype=torch.float64), x)

    def draw(axes: Axes) -> None:
        axes.plot(x / BIT, ceiling, color=INK, linewidth=1.5, linestyle="-", label="ceiling at this chance")
        axes.axhline(chance, color=SECOND, linewidth=1, linestyle="--", label="chance")
        (low, high), (left, right) = row.accuracy.interval, (end / BIT for end in row.information.interval)
        place = row.information.estimate / BIT, row.accuracy.estimate
        axes.plot([left, right], [place[1]] * 2, color=ACCENT, **_INTERVAL)
        axes.plot([place[0]] * 2, [low, high], color=ACCENT, **_INTERVAL)
        axes.plot(*place, "o", color=ACCENT, **_DOT, label="measured, with 95 % intervals")
        axes.set(xlim=(0, whole / BIT), ylim=(0, 1.02))
        axes.set(xlabel="information of answer and right letter (bits)", ylabel="accuracy")
        axes.legend(loc="lower right")

    return _svg(draw, 3.2, f"ceiling-{number}")


def blind_plot(row: Figures, number: int) -> str:
    """What the accuracy would demonstrate if the best blind accuracy were known, over that accuracy, as SVG."""
    accuracy = row.accuracy.estimate
    x = torch.linspace(0.01, 1, 200, dtype=torch.float64)
    y = certified_information(torch.tensor(accuracy, dtype=torch.float64), x.clamp(max=0.999)) / BIT

    def draw(axes: Axes) -> None:
        axes.plot(x, y, color=INK, linewidth=1.5, linestyle="-", label="would be demonstrated")
        axes.axvline(accuracy, color=ACCENT, linewidth=1, linestyle=":", label="this accuracy")
        if constant := row.counts.constant:
            label = "best constant answer: not certified"
            axes.axvline(constant.share, color=SECOND, linewidth=1, linestyle="--", label=label)
        axes.set(xlim=(0, 1), ylim=(0, max(0.1, 1.05 * float(y[19]))))
        axes.set(xlabel="best blind accuracy, if it were this", ylabel="information (bits a question)")
        axes.legend(loc="upper right")

    return _svg(draw, 3.2, f"blind-{number}")


def _forest(names: list[str], draw, key: str) -> str:
    """One line a name, numbered as in the page's table."""

    def framed(axes: Axes) -> None:
        draw(axes)
        axes.set_ylim(len(names) - 0.4, -0.8)
        axes.set_yticks([])
        axes.spines["left"].set_visible(False)
        axes.grid(axis="x", color=QUIET, alpha=0.25)
        for y, name in enumerate(names):
            axes.text(
                0,
                y - 0.27,
                _plain(f"{y + 1}. {name}"),
                transform=axes.get_yaxis_transform(),
                va="bottom",
                parse_math=False,
            )

    return _svg(framed, 0.42 * len(names) + 0.8, f"all-{key}")


def _plain(text: str) -> str:
    """Foreign text that any font can draw."""
    return "".join(c if c.isascii() and c.isprintable() else "?" for c in text)[:60]


def _svg(draw, height: float, key: str) -> str:
    """The figure as an inline SVG: page colours, identifiers unique to `key`, no document header."""
    with matplotlib.style.context(["spacelib.figures", _STYLE]):
        figure = Figure(figsize=(_WIDTH, height), layout="constrained")
        draw(figure.add_subplot())
        text = io.StringIO()
        figure.savefig(
            text, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
    svg = text.getvalue()
    svg = svg[svg.index("<svg") :]
    for stand_in, colour in _CSS.items():
        svg = svg.replace(stand_in, colour)
    svg = re.sub(r'(\bid="|url\(#|href="#)', rf"\g<1>{key}-", svg)
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)
