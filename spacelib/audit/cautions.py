"""What to be wary of in several logs together, said on the rows that it touches before anything is measured."""

from collections.abc import Sequence
from dataclasses import replace

from spacelib.benchmarks.reading import shown, visible

from .rows import Read


def one_number_for_one_log(parts: Sequence[Read]) -> None:
    """Refuse one number of frames, given for all, by which two logs of the same model and questions would be called.

    Errors: ValueError naming both logs.
    """
    for group in _same(parts):
        given = [part for part in group if part.frames_given]
        if len(given) > 1:
            first, second, *_ = given
            raise ValueError(
                f"{second.path}: the same model and questions as in {first.path}, and neither says its number of "
                f"frames; --frames once for each log was expected, not {second.counts.frames} for all"
            )


def cautioned(parts: Sequence[Read]) -> list[Read]:
    """The parts in their order, with what the others warn of: no comparison of frames, a baseline of another model."""
    unpaired = {id(part): says for group in _same(parts) if (says := _no_budgets(group)) for part in group}
    blind = {id(part.sheet.asked): part for part in parts if part.role == "baseline"}
    found = []
    for part in parts:
        told = [unpaired[id(part)]] if id(part) in unpaired else []
        other = blind.get(id(part.sheet.asked))
        if part.role == "log" and other and other.sheet.model != part.sheet.model:
            told.append(
                f"The blind run's model is named {shown(other.sheet.model)}, this log's {shown(part.sheet.model)}: "
                "unless they are one, what stands under frames is the difference of two models as well."
            )
        found.append(replace(part, warnings=(*part.warnings, *told)))
    return found


def _same(parts: Sequence[Read]) -> list[list[Read]]:
    """Logs of the same model and questions, where there are several."""
    groups = {}
    for part in parts:
        if part.role == "log":
            groups.setdefault((id(part.sheet.asked), part.sheet.model), []).append(part)
    return [group for group in groups.values() if len(group) > 1]


def _no_budgets(group: Sequence[Read]) -> str | None:
    """Why logs of one model give no comparison of frames; None where they do, or were all shown as many."""
    frames = [part.counts.frames for part in group]
    silent = [part for part in group if part.counts.frames is None]
    if silent:
        why = f"{visible(silent[0].counts.log)} does not say one number of frames (--frames, once for each log, says it)"
    elif len(set(frames)) == len(frames) or len(set(frames)) == 1:
        return None
    else:
        number = next(k for i, k in enumerate(frames) if k in frames[:i])
        first, second, *_ = (visible(part.counts.log) for part in group if part.counts.frames == number)
        why = f"{first} and {second} were both shown {number}"
    return f"{len(group)} logs of this model and these questions are not compared by frames: {why}."
