"""What the ledger page shows of the proof kernel's report: the graph of theorems, and each theorem's steps as a table.

It reads the report (the JSON of `spacelib prove --json`) and nothing else, and is no part of what has to be trusted.
"""

import textwrap
from collections.abc import Mapping
from html import escape

from matplotlib.figure import Figure

FILLS = {"checked": "#2a7f62", "checked using a citation": "#a8d5c2"}  # any other evidence: white
ROW, COLUMN = 0.85, 1.45  # inches between layers and between neighbours
LETTERS = 16  # of a name in one line


def draw_dependencies(report: Mapping) -> Figure:
    """The graph of what rests on what, foundations at the bottom; for one theorem's ancestors give its own report.

    The border tells the statement's state (solid: proved in the kernel; dashed: cited from the literature), the fill
    the proof's (dark: checked with everything below it; light: checked, something below it is cited; white: not).
    """
    theorems = {theorem["name"]: theorem for theorem in report["theorems"]}
    rows = layers({name: theorem["uses"] for name, theorem in theorems.items()})
    width = max(map(len, rows.values()))
    place = {name: ((i - (len(row) - 1) / 2) * COLUMN, level * ROW)
             for level, row in rows.items() for i, name in enumerate(row)}
    figure = Figure(figsize=(COLUMN * width, ROW * len(rows)))
    axes = figure.add_subplot()
    arrow = {"arrowstyle": "-|>", "color": "#777777", "shrinkA": 14, "shrinkB": 16, "linewidth": 0.8}
    for name, theorem in theorems.items():
        for used in theorem["uses"]:
            axes.annotate("", place[name], place[used], zorder=1, arrowprops=arrow)
        fill = FILLS.get(theorem["evidence"], "white")
        axes.text(*place[name], "\n".join(textwrap.wrap(name.replace("_", " "), LETTERS)), ha="center", va="center",
                  fontsize=8.5, zorder=2, color="white" if theorem["evidence"] == "checked" else "black",
                  bbox={"boxstyle": "round,pad=0.4", "facecolor": fill, "edgecolor": "black",
                        "linestyle": "-" if theorem["steps"] else "--"})
    axes.set(xlim=(-width * COLUMN / 2, width * COLUMN / 2), ylim=(-ROW / 2, (len(rows) - 0.5) * ROW))
    axes.axis("off")
    return figure


def layers(uses: Mapping[str, list[str]]) -> dict[int, list[str]]:
    """Names by level, a level above everything used; within a level ordered by the mean place of what is used."""
    level: dict[str, int] = {}

    def height(name: str) -> int:
        if name not in level:
            level[name] = 1 + max((height(used) for used in uses[name]), default=-1)
        return level[name]

    for name in uses:
        height(name)
    rows: dict[int, list[str]] = {}
    column: dict[str, float] = {}
    for at in range(max(level.values()) + 1):
        row = [name for name in uses if level[name] == at]
        row.sort(key=lambda name: sum(column[u] for u in uses[name]) / len(uses[name]) if uses[name] else 0)
        rows[at] = row
        column |= {name: i - (len(row) - 1) / 2 for i, name in enumerate(row)}
    return rows


def steps_html(report: Mapping) -> str:
    """Every theorem of the report with its steps and their checks, folded, as HTML."""
    return "\n".join(_folded(theorem) for theorem in report["theorems"])


def _folded(theorem: Mapping) -> str:
    columns = ("mutants", "falsified", "refused", "weaker", "unresolved")
    rows = "".join(
        f"<tr><td>{escape(step['label'])}</td><td>{escape(step['reason'])}</td><td>{'checked' if step['ok'] else 'FAILED'}</td>"
        + "".join(f"<td>{step[column]}</td>" for column in columns) + "</tr>" for step in theorem["steps"])
    facts = {"assumes": theorem["hypotheses"], "uses": theorem["uses"], "cites": theorem["cited"], "problems": theorem["problems"]}
    listed = " ".join(f"{key.capitalize()}: {escape(', '.join(facts[key]))}." for key in facts if facts[key])
    return (f"<details><summary><b>{escape(theorem['title'])}</b> (<code>{escape(theorem['name'])}</code>): "
            f"{escape(theorem['evidence'])}, {len(theorem['steps'])} steps</summary><p>{listed}</p><table><thead><tr>"
            f"<th>step</th><th>reason</th><th>result</th>{''.join(f'<th>{column}</th>' for column in columns)}</tr></thead>"
            f"<tbody>{rows}</tbody></table></details>")
