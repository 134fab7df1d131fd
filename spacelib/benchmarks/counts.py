"""Scene by scene, how often each letter was answered when each letter was right: all that the audit needs of a log."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from .records import LETTERS, Log, letter_chance

UNPARSED = "unparsed"  # the answer symbol of what could not be read


@dataclass(frozen=True)
class Chance:
    """The best blind accuracy A0, where the benchmark's design gives it.

    `of_item` for a question drawn from all questions; `of_scene` for a scene drawn from all scenes, then one of its
    questions. `source` says in a sentence why it is known. `evenness` is the evidence: the p-value of the chi-square
    test that right letters are uniform among each question's options; None where nothing was tested.
    """

    of_item: float
    of_scene: float
    source: str
    evenness: float | None = None


@dataclass(frozen=True)
class AnswerCounts:
    """Counts of one model's lettered answers to one task.

    `table` has shape (scenes, M + 1, M), integers: in scene s, how often answer a was given where letter t was right;
    M the alphabet size. The first M answers are the letters, the last is `UNPARSED`. `frames` is None where unknown,
    `chance` where no design gives it. `scenes_known` is False where the log names none: each question is then a scene.
    """

    log: str
    benchmark: str
    task: str
    model: str
    frames: int | None
    letters: tuple[str, ...]
    table: np.ndarray
    chance: Chance | None
    scenes_known: bool = True

    @property
    def items(self) -> int:
        return int(self.table.sum())

    @property
    def joint(self) -> np.ndarray:
        """Counts over all scenes, shape (M + 1, M)."""
        return self.table.sum(axis=0)

    @property
    def correct(self) -> int:
        """Number of right answers: the diagonal, since equal options carry one letter."""
        return int(np.trace(self.joint))

    @property
    def unparsed(self) -> int:
        return int(self.joint[-1].sum())


def answer_counts(log: Log) -> list[AnswerCounts]:
    """The counts of each task in a log, tasks in order of appearance, scenes numbered in order of appearance.

    Assumes one model and lettered answers, which is what the record table of this edition holds.
    """
    name = "/".join(log.path.parts[-2:])
    groups = log.records.groupby(["benchmark", "task", "model"], sort=False)
    return [_count(name, *key, records, log.letters_shuffled) for key, records in groups]


def _count(name, benchmark, task, model, records: pd.DataFrame, shuffled: str | None) -> AnswerCounts:
    m = max(map(len, records["options"]))
    letters = tuple(LETTERS[:m])
    known = bool(records["scene"].notna().all())
    scene = pd.factorize(records["scene"] if known else records["item"])[0]
    answer = records["prediction"].map({letter: i for i, letter in enumerate(letters)}).fillna(m).to_numpy(dtype=int)
    truth = records["gold"].map({letter: i for i, letter in enumerate(letters)}).to_numpy(dtype=int)
    table = np.zeros((scene.max() + 1, m + 1, m), dtype=np.int64)
    np.add.at(table, (scene, answer, truth), 1)
    frames = records["frames"].unique()
    return AnswerCounts(
        log=name,
        benchmark=benchmark,
        task=task,
        model=model,
        frames=int(frames[0]) if len(frames) == 1 and not pd.isna(frames[0]) else None,
        letters=letters,
        table=table,
        chance=_chance(records, scene, shuffled) if shuffled else None,
        scenes_known=known,
    )


def _chance(records: pd.DataFrame, scene: np.ndarray, shuffled: str) -> Chance:
    chance = letter_chance(records)
    repeated = sum(len(set(options)) < len(options) for options in records["options"])
    source = shuffled + (f"; equal choices raise it in {repeated} of {len(records)} questions" if repeated else "")
    of_scene = chance.groupby(scene).mean().mean()
    return Chance(float(chance.mean()), float(of_scene), source, _evenness(records))


def _evenness(records: pd.DataFrame) -> float | None:
    """p-value of Pearson's chi-square, summed over the groups of questions with M distinct options each.

    sum over M and letters t of (n_t - n/M)^2 / (n/M), with sum over M of M - 1 degrees of freedom: right letters of
    shuffled questions are independent, whatever the scenes. Questions with equal options name their letter by
    convention and are left out. None where nothing is left.
    """
    statistic, freedom = 0.0, 0
    distinct = records[records["options"].map(lambda options: len(set(options)) == len(options))]
    for m, group in distinct.groupby(distinct["options"].map(len)):
        found = group["gold"].value_counts().reindex(list(LETTERS[:m]), fill_value=0)
        expected = len(group) / m
        statistic += float(((found - expected) ** 2 / expected).sum())
        freedom += m - 1
    return float(chdtrc(freedom, statistic)) if freedom else None
