"""What several rows of a report say together: frame budgets, a blind baseline, another mix, explicit against implicit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spacelib.benchmarks.reading import shown

from .baseline import Baseline, information_beyond, over_blind
from .budgets import FrameBudgets, gains, least_frames
from .mixes import Mixed, mixed
from .sheets import Sheet
from .tradeoff import Tradeoff, from_sizes


@dataclass(frozen=True)
class Budgets:
    """Rows of one model and task by number of frames, least first, and what more frames bring."""

    rows: dict[int, int]
    found: FrameBudgets


def budgets(rows, sheets: Sequence[Sheet], target, resamples, seed) -> tuple[Budgets, ...]:
    """For every model with several logs of the same questions whose numbers of frames are all known and different."""
    groups = {}
    for number, (row, sheet) in enumerate(zip(rows, sheets, strict=True)):
        if row.role == "log":
            groups.setdefault((id(sheet.asked), sheet.model), []).append(number)
    options = {"seed": seed} | ({} if resamples is None else {"resamples": resamples})
    found = []
    for group in groups.values():
        by_frames = {rows[number].counts.frames: number for number in group}
        if len(group) == len(by_frames) > 1 and None not in by_frames:
            by_frames = dict(sorted(by_frames.items()))
            figures = {frames: rows[number].figures for frames, number in by_frames.items()}
            more = gains({frames: sheets[number] for frames, number in by_frames.items()}, **options)
            found.append(Budgets(by_frames, FrameBudgets(figures, more, least_frames(figures, target))))
    if target is not None and not found:
        raise ValueError("target: no model has logs of the same questions with different, known numbers of frames")
    return tuple(found)


def baselines(rows, sheets: Sequence[Sheet], resamples, seed) -> tuple[Baseline, ...]:
    """Every row beside the blind one of the same questions."""
    blind = _only(rows, sheets, "baseline")
    found = []
    for number, (row, sheet) in enumerate(zip(rows, sheets, strict=True)):
        if row.role != "baseline" and (other := blind.get(id(sheet.asked))) is not None:
            told = information_beyond(sheet, sheets[other], resamples=resamples, seed=seed)
            over = over_blind(row.figures.accuracy, rows[other].figures.accuracy)
            found.append(Baseline(number, other, told, over))
    return tuple(_some(found, rows, "baseline"))


def tradeoffs(rows, sheets: Sequence[Sheet], places: Sequence[int], trained: Mapping[int, int]) -> tuple[Tradeoff, ...]:
    """Every row of the explicit log beside the rows of the same questions; trained by the log's place."""
    found = []
    for asked, explicit in _only(rows, sheets, "explicit").items():
        implicit = [n for n, row in enumerate(rows) if row.role == "log" and id(sheets[n].asked) == asked]
        if not implicit:
            continue
        sizes, risks, decision = None, (), None
        if len(trained) > 1 and len(implicit) > 1:
            implicit.sort(key=lambda n: trained[places[n]])
            sizes = tuple(trained[places[n]] for n in implicit)
            risks, decision = from_sizes(rows[explicit].counts, [rows[n].counts for n in implicit], sizes)
        found.append(Tradeoff(explicit, tuple(implicit), sizes, risks, decision))
    return tuple(_some(found, rows, "explicit"))


def _only(rows, sheets: Sequence[Sheet], role: str) -> dict[int, int]:
    """The rows of this role by their questions; a log of it with several models on a task is refused."""
    found = {}
    for number, (row, sheet) in enumerate(zip(rows, sheets, strict=True)):
        if row.role == role and found.setdefault(id(sheet.asked), number) != number:
            models = f"{shown(rows[found[id(sheet.asked)]].counts.model)} and {shown(row.counts.model)}"
            raise ValueError(f"{row.counts.log}: one model a task was expected of the {role} log, got {models}")
    return found


def _some(found: list, rows, role: str) -> list:
    if not found:
        log = next(row.counts.log for row in rows if row.role == role)
        raise ValueError(f"{log}: no log has the same questions as this {role} log, item by item")
    return found


def mixes(rows, sheets: Sequence[Sheet], places: Sequence[int], mix: Mapping[str, float]) -> tuple[Mixed, ...]:
    """For every model of a log that has all tasks of the mix."""
    groups = {}
    for number, row in enumerate(rows):
        if not row.pooled and row.role != "baseline":
            groups.setdefault((places[number], row.counts.benchmark, row.counts.model), []).append(number)
    found = []
    for group in groups.values():
        if set(mix) <= {rows[n].counts.task for n in group}:
            names = [_names(sheets[n]) for n in group]
            found.append(mixed(group, [rows[n].counts for n in group], names, mix))
    if not found:
        tasks = ", ".join(map(shown, dict.fromkeys(row.counts.task for row in rows if not row.pooled)))
        raise ValueError(f"mix: no log has all of {', '.join(map(shown, mix))}; tasks here are {tasks}")
    return tuple(found)


def _names(sheet: Sheet) -> np.ndarray | None:
    return None if sheet.asked.names is None else sheet.asked.names[sheet.asked.scene].astype(str)
