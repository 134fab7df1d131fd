"""One log read into the parts that become rows of a report, and one such part measured."""

from dataclasses import dataclass, replace
from pathlib import Path

from spacelib.benchmarks import AnswerCounts, Log, MarkCounts, answer_counts, read_log
from spacelib.benchmarks.reading import visible
from spacelib.bounds import critical_shift

from .certificates import log_certificate
from .figures import Figures, measure
from .resolution import resolution
from .sheets import Sheet, sheets

UNEVEN = 0.001  # p-value under which shuffled letters are doubted; a thousand honest files raise it once
FEW_SCENES = 100  # from here on the resampled intervals' coverage was measured
POOLED = {"choice": "all choices", "number": "all numbers", "vector": "all vectors", "text": "all texts"}


@dataclass(frozen=True, eq=False)
class Read:
    """What a row is made of: the log's path and role, counts and answer sheet of one task or of several together.

    `frames_given`: the number of frames is the caller's, since the log does not say it.
    """

    path: Path
    role: str
    counts: AnswerCounts | MarkCounts
    sheet: Sheet
    pooled: bool
    notes: tuple[str, ...]
    warnings: tuple[str, ...]
    frames_given: bool


def read(job: tuple[Path, str, int | None], *, items: list, benchmark: str | None) -> list[Read]:
    """The tasks of a log (path, role, frames), then all of one answer type together where a model has several.

    `frames` is the number of frames where the log does not say; a blind run has none.
    """
    path, role, frames = job
    log = read_log(path, items, benchmark)
    _check_frames(log, role, frames)
    notes, warnings = (tuple(map(visible, said)) for said in (log.notes, log.warnings))  # a file may bring its own
    found = []
    for part, pooled in ((log, False), (_by_answer_type(log), True)):
        if part is not None:
            for counts, sheet in zip(answer_counts(part), sheets(part), strict=True):
                given = frames is not None and counts.frames is None
                told = () if pooled else notes
                counts = replace(counts, frames=frames) if given else counts
                found.append(Read(path, role, counts, sheet, pooled, told, warnings, given))
    return found


def _by_answer_type(log: Log) -> Log | None:
    """The log with tasks of one answer type as one task; without those that stand alone; None where all do."""
    records = log.records
    kind = records["answer_type"].map(POOLED)
    tasks = records["task"].groupby([records["benchmark"], records["model"], kind]).transform("nunique")
    # Only the first "/" is none of the task's, so that no two tasks' items meet in one name.
    item = records["task"].str.replace("%", "%25").str.replace("/", "%2F") + "/" + records["item"]
    records = records.assign(task=kind.astype("string"), item=item)[tasks > 1]
    return None if records.empty else replace(log, records=records.reset_index(drop=True))


def _check_frames(log: Log, role: str, frames: int | None) -> None:
    """Refuse numbers of frames, in any record, that a caller's number or the part of a blind run speaks against."""
    stated = log.records["frames"].dropna()
    if role == "baseline":
        odd = stated if not log.images_of_questions else stated[:0]
        says = "; a baseline is a run that was shown none"
    else:
        odd = stated[stated != frames] if frames is not None else stated[:0]
        says = f", but --frames says {frames}"
    if len(odd):
        number = "1 frame" if odd.iloc[0] == 1 else f"{odd.iloc[0]} frames"
        raise ValueError(f"{log.path}: shown {number} by its own account{says}")


def measured(
    part: Read, *, chance: float | None, precision: float | None, resamples: int | None, seed: int
) -> dict[str, object]:
    """The values of a report's row."""
    figures = measure(part.counts, chance=chance, resamples=resamples, seed=seed)
    certificate = log_certificate(part.counts)
    shift = None
    if figures.certificate:
        shift = critical_shift(certificate.scene.upper, 1 - figures.certificate.exact.chance)
    return {
        "figures": figures,
        "certificate": certificate,
        "critical_shift": shift,
        "resolution": resolution(figures, part.sheet, precision=precision),
        "notes": part.notes,
        "warnings": (*part.warnings, *_warnings(figures)),
        "role": part.role,
        "pooled": part.pooled,
    }


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
    if figures.ceiling and figures.accuracy.estimate > figures.ceiling.at_estimate:
        told.append(
            f"The accuracy, {figures.accuracy.estimate:.3f}, is above the ceiling, {figures.ceiling.at_estimate:.3f}: "
            f"answers and right letters like these would agree by chance in {figures.circularity.agreement:.3f} of the "
            f"questions, not in the {certificate.chance:.3f} that the ceiling takes. It holds up to how evenly right "
            "letters were drawn."
        )
    if certificate and figures.accuracy.estimate <= certificate.chance:
        told.append("The accuracy is not above chance: it demonstrates no information.")
    return tuple(told)
