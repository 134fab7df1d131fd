"""From log files to a report: read everything, check it, measure it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tqdm import tqdm

from spacelib import __version__
from spacelib.benchmarks import AnswerCounts, MarkCounts, answer_counts, read_log

from .figures import Figures, measure

UNEVEN = 0.001  # p-value under which shuffled letters are doubted; a thousand honest files raise it once
FEW_SCENES = 100  # from here on the resampled intervals' coverage was measured


@dataclass(frozen=True)
class Row:
    """One model and task: its figures, what to know about its file, and what to be wary of."""

    figures: Figures
    notes: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def counts(self) -> AnswerCounts | MarkCounts:
        return self.figures.counts


@dataclass(frozen=True)
class Report:
    """Rows in the order of the logs, tasks in order of appearance; the same for the same logs and seed."""

    rows: tuple[Row, ...]
    seed: int
    version: str = __version__


def audit(
    logs: Iterable,
    *,
    benchmark: str | None = None,
    items: Iterable = (),
    chance: float | None = None,
    frames: int | None = None,
    seed: int = 0,
) -> Report:
    """Audit evaluation logs (paths), joined with the question files `items`.

    `benchmark` insists on one format; `chance` is the best blind accuracy where the design gives none, or a higher one
    where it does; `frames` the number of frames where a log does not say. Each row is resampled from `seed` anew, so
    that its figures do not depend on the other logs. All logs are read and checked before anything is measured.

    Assumes what `measure` assumes.
    Errors: ValueError for a log given twice, a `chance` under the design's, `frames` against the log's, and whatever
    `read_log` refuses; `OSError` where a file cannot be read.
    """
    logs, items = [Path(log) for log in logs], list(items)
    seen = set()
    for log in logs:
        if log.resolve() in seen:
            raise ValueError(f"{log}: this log is given twice")
        seen.add(log.resolve())
    read = [(log, counts) for log in (read_log(p, items, benchmark) for p in logs) for counts in answer_counts(log)]
    read = [(log, _with_frames(counts, frames)) for log, counts in read]
    rows = []
    for log, counts in tqdm(read, unit="task", disable=None, delay=2, leave=False):
        figures = measure(counts, chance=chance, seed=seed)
        rows.append(Row(figures, log.notes, (*log.warnings, *_warnings(figures))))
    return Report(tuple(rows), seed)


def _with_frames(counts: AnswerCounts | MarkCounts, frames: int | None) -> AnswerCounts | MarkCounts:
    if frames is None or counts.frames == frames:
        return counts
    if counts.frames is not None:
        plural = "" if counts.frames == 1 else "s"
        raise ValueError(
            f"{counts.log}: shown {counts.frames} frame{plural} by its own account, but --frames says {frames}"
        )
    return replace(counts, frames=frames)


def _warnings(figures: Figures) -> tuple[str, ...]:
    counts, certificate = figures.counts, figures.certificate
    scenes, constant = len(counts.asked), counts.constant
    told = []
    if counts.unparsed == counts.items:
        told.append("No answer could be read: every one counts as wrong, and none tells anything.")
    if figures.information and constant.share == 1:
        told.append(
            f"All right letters are {constant.answer}: no answer tells anything about them, so the information is 0 by "
            "definition and a ceiling would say nothing."
        )
    unit = "scene" if counts.scenes_known else "question"
    if scenes == 1:
        told.append(f"One {unit} only: it says nothing about others, so the intervals are as wide as can be.")
    elif scenes < FEW_SCENES:
        told.append(f"Only {scenes} {unit}s: resampled intervals may be too narrow.")
    if counts.chance and counts.chance.evenness is not None and counts.chance.evenness < UNEVEN:
        told.append(
            f"Right letters are uneven for shuffled choices (chi-square p = {counts.chance.evenness:.1g}): the chance is "
            "in doubt, and with it what is certified."
        )
    if certificate and not certificate.by_design and constant and certificate.chance < constant.share:
        told.append(
            f"The asserted chance, {certificate.chance:.3f}, is less than the {constant.share:.3f} that always answering "
            f"{constant.answer} gets on these questions: it is hardly the best blind accuracy."
        )
    if certificate and figures.accuracy.estimate <= certificate.chance:
        told.append("The accuracy is not above chance: it demonstrates no information.")
    return tuple(told)
