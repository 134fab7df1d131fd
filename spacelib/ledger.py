"""Views of the proof kernel's report: which theorem rests on which, as a graph, and each theorem's steps, as a table.

They read the report (the JSON of `spacelib prove --json`) and nothing else; nothing here is part of what has to be trusted.
"""

from collections.abc import Mapping
from html import escape

from matplotlib.figure import Figure

CHECKED = "#2a7f62"  # proved, and so is everything that it rests on
PARTLY = "#a8d5c2"  # proved, but something below it is only cited
OPEN = "#ffffff"  # not proved

ROW, COLUMN = 1.0, 2.2  # inches between layers and between neighbours


def theorems(report: Mapping) -> dict[str, Mapping]:
    """The report's theorems by name."""
    return {theorem["name"]: theorem for theorem in report["theorems"]}


def ancestors(report: Mapping, name: str) -> list[str]:
    """Everything that a theorem rests on, directly or not, each after what it rests on itself.

    Raises ValueError for a name that the report does not hold.
    """
    by_name = theorems(report)
    if name not in by_name:
        raise ValueError(f"ancestors: name is '{name}', expected one of {', '.join(by_name)}")
    order: list[str] = []

    def visit(current: str) -> None:
        for used in by_name[current]["uses"]:
            if used not in order:
                visit(used)
                order.append(used)

    visit(name)
    return order


def proved(theorem: Mapping) -> bool:
    """Whether every step of the theorem was accepted."""
    return all(step["ok"] for step in theorem["steps"])


def draw_dependencies(report: Mapping, name: str | None = None) -> Figure:
    """The graph of what rests on what, foundations at the bottom; with `name`, that theorem and its ancestors alone.

    The border tells the statement's state (solid: stated in the kernel; dashed: cited from the literature), the fill
    the proof's (dark: proved with everything below it; light: proved, something below it is cited; white: open).
    """
    by_name = theorems(report)
    shown = list(by_name) if name is None else [*ancestors(report, name), name]
    rows = layers({key: [u for u in by_name[key]["uses"] if u in shown] for key in shown})
    width = max(map(len, rows.values()))
    place = {key: ((i - (len(row) - 1) / 2) * COLUMN * min(1.4, width / len(row)), level * ROW)
             for level, row in rows.items() for i, key in enumerate(row)}
    figure = Figure(figsize=(COLUMN * width, ROW * len(rows)))
    ax = figure.add_subplot()
    for key in shown:
        for used in by_name[key]["uses"]:
            ax.annotate("", place[key], place[used], zorder=1,
                        arrowprops={"arrowstyle": "-|>", "color": "#777777", "shrinkA": 13, "shrinkB": 13, "linewidth": 1})
        _box(ax, by_name[key], place[key], all(proved(by_name[a]) and not by_name[a]["cited"] for a in [*ancestors(report, key), key]))
    ax.set(xlim=(-width * COLUMN / 2, width * COLUMN / 2), ylim=(-ROW / 2, (len(rows) - 0.5) * ROW))
    ax.axis("off")
    return figure


def _box(ax, theorem: Mapping, place: tuple[float, float], whole: bool) -> None:
    fill = CHECKED if whole else PARTLY if proved(theorem) else OPEN
    ax.text(*place, theorem["name"].replace("_", " "), ha="center", va="center", fontsize=9, zorder=2,
            color="white" if whole else "black", wrap=True,
            bbox={"boxstyle": "round,pad=0.45", "facecolor": fill, "edgecolor": "black",
                  "linestyle": "-" if theorem["steps"] else "--"})


def layers(uses: Mapping[str, list[str]]) -> dict[int, list[str]]:
    """Names by level, a level above everything used; within a level ordered by the mean place of what is used."""
    level: dict[str, int] = {}

    def depth(key: str) -> int:
        if key not in level:
            level[key] = 1 + max((depth(used) for used in uses[key]), default=-1)
        return level[key]

    for key in uses:
        depth(key)
    rows: dict[int, list[str]] = {}
    column: dict[str, float] = {}
    for at in range(max(level.values()) + 1):
        row = [key for key in uses if level[key] == at]
        row.sort(key=lambda key: sum(column[u] for u in uses[key]) / len(uses[key]) if uses[key] else 0)
        rows[at] = row
        column |= {key: i - (len(row) - 1) / 2 for i, key in enumerate(row)}
    return rows


def steps_html(report: Mapping, name: str) -> str:
    """A theorem's steps with their checks, its hypotheses and its ancestors, as a folded HTML table."""
    theorem = theorems(report)[name]
    rows = "".join(
        f"<tr><td>{escape(step['label'])}</td><td>{escape(step['reason'])}</td><td>{'checked' if step['ok'] else 'FAILED'}</td>"
        f"<td>{step['falsified']} of {step['mutants']}</td><td>{step['refused']}</td><td>{step['weaker']}</td>"
        f"<td>{step['unresolved']}</td></tr>" for step in theorem["steps"])
    below = ", ".join(ancestors(report, name)) or "nothing"
    cited = ", ".join(theorem["cited"]) or "nothing"
    return (f"<details><summary><b>{escape(theorem['title'])}</b> (<code>{escape(name)}</code>): {escape(theorem['evidence'])}, "
            f"{len(theorem['steps'])} steps</summary><p>Rests on: {escape(below)}. Cites: {escape(cited)}.</p>"
            "<table><thead><tr><th>step</th><th>reason</th><th>result</th><th>mutants falsified</th><th>refused</th>"
            f"<th>weaker</th><th>unresolved</th></tr></thead><tbody>{rows}</tbody></table></details>")
