"""One model's logs of one benchmark at several frame budgets, compared item by item."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pandas as pd
import torch
from scipy import stats
from torch import Tensor

from spacelib.benchmarks import Log, answer_counts
from spacelib.benchmarks.reading import shown
from spacelib.estimators import Estimate, information_from_counts
from spacelib.models import LeastFrames, min_frames

from .figures import Figures, measure
from .pairs import RESAMPLES, paired_tests
from .sheets import Sheet, paired, sheets


@dataclass(frozen=True)
class Gain:
    """What a model gains from `fewer` frames to `more`, on the same items.

    `accuracy` is the mean difference of marks, in [-1, 1]; `information` the difference of I(answer; right answer) in
    nats, None for free answers. Each interval holds for itself at 95 %.
    """

    fewer: int
    more: int
    accuracy: Estimate
    information: Estimate | None


@dataclass(frozen=True)
class FrameBudgets:
    """Figures by number of frames, least first; gains from each budget to the next; `least` where a target is named."""

    figures: dict[int, Figures]
    gains: tuple[Gain, ...]
    least: LeastFrames | None


def frames_of_logs(
    logs: Iterable[Log],
    target_accuracy: float | None = None,
    *,
    frames: Sequence[int | None] | None = None,
    task: str | None = None,
    chance: float | None = None,
    seed: int = 0,
) -> FrameBudgets:
    r"""What more frames bring one model on one task, from logs of the same items.

    .. math::
        \Delta A = \frac{1}{n} \sum_i (c_i' - c_i), \qquad \Delta I = I(\text{answer}'; T) - I(\text{answer}; T)

    c and c' being an item's marks with fewer and with more frames. Figures of a budget: those of `measure`. The
    interval of the gain in accuracy is that of `accuracy`, for differences. That of the gain in information is the
    hull of two: the difference of Miller and Madow's estimates, give or take t times the jackknife's error over scenes;
    and that of the plug-in after two scenes of average size are added, in one of which only the answers from more
    frames tell all, in the other only those from fewer (Agresti and Coull's remedy). It is cut at the logarithm of the
    number of letters, and with a single scene it is all that lies within.
    Parameters: logs, two or more, as `read_log` gives them; target_accuracy in (0, 1], for which `min_frames` is asked;
    frames, the budget of each log in their order, or None for one that its log states; task, needed where a log holds
    several; chance and seed as for `measure`.
    Returns a `FrameBudgets`: accuracies in [0, 1], information in nats a question.
    Assumes scenes drawn independently from one population, and that frames are all that differs between the logs; for
    `least` also that more frames never lower the accuracy.
    Errors: ValueError for fewer than two logs, several tasks or none, different models, benchmarks or tasks, a budget
    unknown, below one, against its log or given twice, and, naming file and item, for items missing or different;
    TypeError for what is no log.
    Source: Tukey 1958 for the jackknife; Agresti and Coull 1998.
    """
    logs = list(logs)
    if len(logs) < 2:
        raise ValueError(f"frames_of_logs: at least 2 logs expected, one for each number of frames, got {len(logs)}")
    stated = [None] * len(logs) if frames is None else list(frames)
    if len(stated) != len(logs):
        raise ValueError(f"frames_of_logs: frames must hold one number for each of {len(logs)} logs, got {len(stated)}")
    for log in logs:
        if not isinstance(log, Log):
            raise TypeError(f"frames_of_logs: logs must be logs as read_log gives them, got {type(log).__name__}")
    logs = [_one_task(log, task) for log in logs]
    budgets, answered = {}, {}
    for log, number in zip(logs, stated, strict=True):
        (sheet,), first = sheets(log), next(iter(answered.values()), None)
        if first and sheet.model != first.model:
            models = f"model {shown(sheet.model)}, but {first.path} has {shown(first.model)}"
            raise ValueError(f"{log.path}: {models}")
        sheet = paired(sheet, first.asked) if first else sheet
        budget = _budget(log, number)
        if budget in budgets:
            other = budgets[budget].path
            raise ValueError(f"{log.path}: {budget} frames, as in {other}; each budget once was expected")
        budgets[budget], answered[budget] = log, sheet
    figures = {}
    for budget, log in sorted(budgets.items()):
        (counts,) = answer_counts(log)
        figures[budget] = measure(replace(counts, frames=budget), chance=chance, seed=seed)
    return FrameBudgets(figures, gains(answered, seed=seed), least_frames(figures, target_accuracy))


def least_frames(figures: dict[int, Figures], target_accuracy: float | None) -> LeastFrames | None:
    """What `min_frames` says of the accuracies by budget; None where no target is named."""
    if target_accuracy is None:
        return None
    return min_frames(target_accuracy, {budget: of.accuracy for budget, of in figures.items()})


def _one_task(log: Log, task: str | None) -> Log:
    """The log with the records of one task and one model alone."""
    records = log.records if task is None else log.records[log.records["task"] == task]
    named = "" if task is None else f" of task {shown(task)}"
    if records.empty:
        raise ValueError(f"{log.path}: no records{named}; it has {', '.join(map(shown, log.records['task'].unique()))}")
    for column, cure in (("model", ""), ("benchmark", ""), ("task", "; name one by task")):
        found = records[column].unique()
        if len(found) > 1:
            listed = ", ".join(map(shown, found))
            raise ValueError(f"{log.path}: one {column}{named} was expected, found {listed}{cure}")
    return replace(log, records=records.reset_index(drop=True))


def _budget(log: Log, number: int | None) -> int:
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1):
        raise ValueError(f"{log.path}: frames is {number!r}; an integer of at least 1, or None, was expected")
    found = log.records["frames"].unique()
    own = None if len(found) > 1 or pd.isna(found[0]) else int(found[0])
    if len(found) > 1:
        raise ValueError(f"{log.path}: its items have different numbers of frames; one for all was expected")
    if own is None and number is None:
        raise ValueError(f"{log.path}: the log does not say how many frames were shown; frames must")
    if own is not None and number is not None and own != number:
        raise ValueError(f"{log.path}: {own} frames by its own account, but frames says {number}")
    return int(own if number is None else number)


def gains(answered: dict[int, Sheet], *, resamples: int = RESAMPLES, seed: int = 0) -> tuple[Gain, ...]:
    """The gain from each budget to the next, from sheets of the same questions by budget; as `frames_of_logs` says."""
    numbers, ordered = sorted(answered), [answered[budget] for budget in sorted(answered)]
    steps = list(pairwise(range(len(ordered))))
    tests = paired_tests(ordered, [(more, fewer) for fewer, more in steps], resamples=resamples, seed=seed)
    return tuple(
        Gain(numbers[a], numbers[b], test.difference, _information(ordered[a], ordered[b]))
        for (a, b), test in zip(steps, tests, strict=True)
    )


def _information(before: Sheet, after: Sheet) -> Estimate | None:
    if before.answer is None:
        return None
    return _information_gain(torch.stack([_tables(sheet) for sheet in (before, after)]), before.asked.unit)


def _tables(sheet: Sheet) -> Tensor:
    """Counts (scenes, M + 1, M) of answer and right letter, float64."""
    table = torch.zeros(sheet.asked.scenes, sheet.letters + 1, sheet.letters, dtype=torch.float64)
    cell = tuple(map(torch.tensor, (sheet.asked.scene, sheet.answer, sheet.truth)))
    return table.index_put_(cell, torch.ones((), dtype=torch.float64), accumulate=True)


def _information_gain(tables: Tensor, unit: str) -> Estimate:
    """From counts (2, scenes, M + 1, M): fewer frames, then more."""
    scenes, m = tables.shape[1], tables.shape[-1]
    items, most = int(tables[0].sum()), float(np.log(m))
    middle = _difference(tables.sum(1), "miller_madow").item()
    if scenes == 1:
        words = f"difference of Miller-Madow; one of the {unit} only, no interval"
        return Estimate(middle, (-most, most), float("inf"), items, words)
    size = items / scenes
    share = tables.sum(1) / items
    truth = share[0].sum(0)
    nothing, everything = share.sum(-1, keepdim=True) * truth, torch.zeros_like(share[0])
    everything.diagonal().copy_(truth)
    pseudo = size * torch.stack([torch.stack([nothing[0], everything]), torch.stack([everything, nothing[1]])])
    shrunk = torch.cat([tables, pseudo], 1)
    t, error = stats.t.ppf(0.975, scenes - 1), _jackknife_error(tables)
    centre, spread = _difference(shrunk.sum(1), "plug_in").item(), t * _jackknife_error(shrunk)
    low, high = min(middle - t * error, centre - spread), max(middle + t * error, centre + spread)
    words = f"difference of Miller-Madow; hull of jackknife and Agresti-Coull's interval over {scenes} {unit}"
    return Estimate(middle, (max(low, -most), min(high, most)), error, items, words)


def _difference(counts: Tensor, method: str) -> Tensor:
    """I with more frames less I with fewer, from counts (2, ..., M + 1, M)."""
    fewer, more = information_from_counts(counts, method=method)
    return more - fewer


def _jackknife_error(tables: Tensor) -> float:
    """Standard error of the plug-in difference, from leaving out one scene at a time."""
    scenes = tables.shape[1]
    without = _difference(tables.sum(1, keepdim=True) - tables, "plug_in")
    return ((scenes - 1) / scenes * ((without - without.mean()) ** 2).sum()).sqrt().item()
