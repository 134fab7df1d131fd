"""What the ledger page shows of the proof kernel's report: the graph of theorems, and each theorem's steps as a table.

It reads the report (the JSON of `spacelib prove --json`) and nothing else, and is no part of what has to be trusted.
"""

import textwrap
from collections.abc import Mapping
from html import escape

import networkx
from matplotlib.figure import Figure

FILLS = {"checked": "#2a7f62", "checked using a citation": "#a8d5c2"}  # any other evidence: white
ROW, COLUMN = 0.8, 1.25  # inches between layers and between neighbours
LETTERS = 15  # of a name in one line
SWEEPS = 6  # that order the names of each layer


def draw_dependencies(report: Mapping) -> Figure:
    """The graph of what rests on what, foundations below; for one theorem and its ancestors give its own report.

    The border tells the statement's state (solid: proved in the kernel; dashed: cited from the literature), the fill
    the proof's (dark: checked with everything below it; light: checked, something below it is cited; white: not).
    An arrow that others imply is left out; theorems without any arrow stand at the bottom.
    """
    theorems = {theorem["name"]: theorem for theorem in report["theorems"]}
    graph = networkx.DiGraph((used, name) for name, theorem in theorems.items() for used in theorem["uses"])
    rows = layers(graph)
    alone = [name for name in theorems if name not in graph]
    width = max((len(row) for row in rows), default=min(len(alone), 8))
    rows = [alone[i : i + width] for i in range(0, len(alone), width)] + rows
    place = {name: ((i - (len(row) - 1) / 2) * COLUMN, level * ROW) for level, row in enumerate(rows) for i, name in enumerate(row)}
    figure = Figure(figsize=(COLUMN * width, ROW * len(rows)))
    axes = figure.add_axes((0, 0, 1, 1))
    arrow = {"arrowstyle": "-|>", "color": "#777777", "shrinkA": 12, "shrinkB": 14, "linewidth": 0.9}
    for used, name in networkx.transitive_reduction(graph).edges:
        axes.annotate("", place[name], place[used], zorder=1, arrowprops=arrow)
    for name, theorem in theorems.items():
        fill = FILLS.get(theorem["evidence"], "white")
        axes.text(*place[name], "\n".join(textwrap.wrap(name.replace("_", " "), LETTERS)), ha="center", va="center",
                  fontsize=9, zorder=2, color="white" if theorem["evidence"] == "checked" else "black",
                  bbox={"boxstyle": "round,pad=0.4", "facecolor": fill, "edgecolor": "black",
                        "linestyle": "-" if theorem["steps"] else "--"})
    axes.set(xlim=(-width * COLUMN / 2, width * COLUMN / 2), ylim=(-ROW / 2, (len(rows) - 0.5) * ROW))
    axes.axis("off")
    return figure


def layers(graph: networkx.DiGraph) -> list[list[str]]:
    """Rows from the bottom up, each name above all that it uses; foundations just below the first that uses them.

    Within a row names are ordered by the mean place of their neighbours, in a few sweeps up and down.
    """
    level = {name: i for i, names in enumerate(networkx.topological_generations(graph)) for name in names}
    level |= {name: min(level[user] for user in graph.successors(name)) - 1 for name in graph if graph.in_degree(name) == 0}
    rows = [[name for name in graph if level[name] == i] for i in range(max(level.values(), default=-1) + 1)]
    place = {name: i - (len(row) - 1) / 2 for row in rows for i, name in enumerate(row)}
    for sweep in range(SWEEPS):
        for row in rows if sweep % 2 == 0 else reversed(rows):
            near = {name: [*graph.predecessors(name), *graph.successors(name)] for name in row}
            row.sort(key=lambda name: sum(place[other] for other in near[name]) / len(near[name]))
            place |= {name: i - (len(row) - 1) / 2 for i, name in enumerate(row)}
    return rows


def steps_html(report: Mapping) -> str:
    """Every theorem of the report with its steps and their checks, folded, as HTML."""
    return "\n".join(_folded(theorem) for theorem in report["theorems"])


def _folded(theorem: Mapping) -> str:
    columns = ("mutants", "falsified", "refused", "weaker", "unresolved")
    rows = "".join(
        f"<tr><td>{escape(step['label'])}</td><td>{escape(step['reason'])}</td><td>{'checked' if step['ok'] else 'FAILED'}</td>"
        + "".join(f"<td>{step[column]}</td>" for column in columns) + "</tr>" for step in theorem["steps"])
    without = theorem.get("ablations", {})
    assumed = [f"{h} (without it: {without[h]})" if h in without else h for h in theorem["hypotheses"]]
    facts = {"assumes": assumed, "uses": theorem["uses"], "cites": theorem["cited"], "problems": theorem["problems"]}
    listed = " ".join(f"{key.capitalize()}: {escape(', '.join(facts[key]))}." for key in facts if facts[key])
    return (f"<details><summary><b>{escape(theorem['title'])}</b> (<code>{escape(theorem['name'])}</code>): "
            f"{escape(theorem['evidence'])}, {len(theorem['steps'])} steps</summary><p>{listed}</p><table class='dataframe'><thead><tr>"
            f"<th>step</th><th>reason</th><th>result</th>{''.join(f'<th>{column}</th>' for column in columns)}</tr></thead>"
            f"<tbody>{rows}</tbody></table></details>")
