"""One model's risk under another mix of the tasks of its log, also where tasks share scenes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from spacelib.benchmarks.reading import shown
from spacelib.bounds import stratified_scene_samples

from .certificates import Counts, RiskBounds, fixed_bounds
from .transfers import MixTransfer, to_mix

DELTA = 0.05  # of each bound


@dataclass(frozen=True)
class Mixed:
    """The risk of one model under weights of tasks: numbers of its rows, the weights' law over them, the bounds.

    `transfer` has the whole of `to_mix`; it is None where tasks share scenes, of which those bounds know nothing: the
    bounds then count each scene once, by `bounds.stratified_scene_samples`.
    """

    rows: tuple[int, ...]
    weights: tuple[float, ...]
    risk: RiskBounds
    transfer: MixTransfer | None


def mixed(
    rows: Sequence[int], counts: Sequence[Counts], scenes: Sequence[np.ndarray | None], mix: Mapping[str, float]
) -> Mixed:
    r"""The risk of one model under the weights `mix` of its tasks.

    .. math:: \hat L = \sum_t b_t \hat L_t, \qquad \mathrm{kl}(\hat L, L) \le \frac{\ln(1/\delta)}{N}

    with N = min_t n_t/b_t of `to_mix` where no two tasks share a scene. Where some do, the L_t are means over questions
    and N is `stratified_scene_samples`. Parameters: rows, numbers for the result; counts, one of each task; scenes, the
    name of each question's scene, (questions,) a task, None where the log names none; mix, weights by task.
    Assumes what `to_mix` does, less the scenes of its own for each task.
    Errors: those of `to_mix`.
    """
    found = to_mix(counts, mix, delta=DELTA)
    weights = tuple(map(float, found.target_mix))
    named = [np.unique(of) for of in scenes if of is not None]
    apart = not named or len(np.unique(np.concatenate(named))) == sum(map(len, named))
    if apart:
        return Mixed(tuple(rows), weights, found.by_strata, found)
    every = np.unique(np.concatenate(named))
    table = np.zeros((len(every), len(counts)))
    for column, of in enumerate(scenes):
        if of is None:
            raise ValueError(f"{counts[column].log}: task {shown(counts[column].task)} names no scenes, but others do")
        place, number = np.unique(np.searchsorted(every, of), return_counts=True)
        table[place, column] = number
    risk = float(found.target_mix @ [1 - float(c.credit.sum()) / c.items for c in counts])
    samples = float(stratified_scene_samples(found.target_mix, table))
    return Mixed(tuple(rows), weights, fixed_bounds(risk, samples, DELTA), None)
