"""Scene by scene, how often each letter was answered when each letter was right, or how many free answers were right:
all that the audit needs of a log."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import chdtrc

from spacelib.bounds import interval_blind

from .judging import MARKS, disagreement
from .reading import visible
from .records import JUDGE_RULE, LETTERS, Log, letter_chance
from .rules import RULES, Rule

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
class Constant:
    """The constant answer that is right most often among the questions asked, and how often: `share` in [0, 1].

    Where the rule gives partial credit, the one of most credit, and its mean.

    An observed share, not the best blind accuracy: other questions of the same kind may have other right answers, and
    who reads the question may do better than any constant.
    """

    answer: str
    share: float


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
    def asked(self) -> np.ndarray:
        """Questions of each scene, shape (scenes,)."""
        return self.table.sum((1, 2))

    @property
    def right(self) -> np.ndarray:
        """Right answers in each scene, shape (scenes,): the diagonal, since equal options carry one letter."""
        return self.table[:, range(len(self.letters)), range(len(self.letters))].sum(1)

    @property
    def joint(self) -> np.ndarray:
        """Counts over all scenes, shape (M + 1, M)."""
        return self.table.sum(axis=0)

    @property
    def correct(self) -> int:
        return int(self.right.sum())

    @property
    def credit(self) -> np.ndarray:
        """Sum of scores in each scene, shape (scenes,): a letter is right or wrong."""
        return self.right.astype(np.float64)

    @property
    def unparsed(self) -> int:
        return int(self.joint[-1].sum())

    @property
    def constant(self) -> Constant:
        """The letter that is right most often; the first of several."""
        right = self.joint.sum(axis=0)
        return Constant(self.letters[int(right.argmax())], float(right.max() / right.sum()))


@dataclass(frozen=True)
class MarkCounts:
    """Counts of one model's free answers to one task, each marked right or wrong, or given some credit.

    `asked` and `right` have shape (scenes,), integers: questions and answers of full credit of each scene. `rule` says
    what makes an answer right. `partial`, shape (scenes,), is the sum of scores in each scene where the rule gives
    credit between 0 and 1, None where it marks right or wrong. For numbers of one unit and rule, `answers` says how
    often each number was answered, most often first, `constant` is the number that the rule would give most credit, and
    `judged` (None where no judge marked) how rule and judge meet, counts under the names `judging.MARKS`; all None for
    texts and vectors. `unmarked` is the number of texts that their judge gave no mark to. No design gives a chance.
    """

    log: str
    benchmark: str
    task: str
    model: str
    frames: int | None
    rule: str
    asked: np.ndarray
    right: np.ndarray
    unparsed: int
    answers: np.ndarray | None
    constant: Constant | None
    judged: dict[str, int] | None
    unmarked: int = 0
    scenes_known: bool = True
    chance: None = None
    partial: np.ndarray | None = None

    @property
    def items(self) -> int:
        return int(self.asked.sum())

    @property
    def correct(self) -> int:
        return int(self.right.sum())

    @property
    def credit(self) -> np.ndarray:
        """Sum of scores in each scene, shape (scenes,)."""
        return self.right.astype(np.float64) if self.partial is None else self.partial


def answer_counts(log: Log) -> list[AnswerCounts | MarkCounts]:
    """The counts of each task in a log, tasks in order of appearance, scenes numbered in order of appearance.

    Where the log names no scene of some question, each question of the task is one, and these stand in the order of
    their counts: they are alike.
    Assumes what `record_table` checks.
    """
    name = "/".join(log.path.parts[-2:])
    counts = []
    for key, records in log.records.groupby(["benchmark", "task", "model"], sort=False):
        frames = records["frames"].unique()
        shown = int(frames[0]) if len(frames) == 1 and not pd.isna(frames[0]) else None
        if records["answer_type"].iloc[0] == "choice":
            counts.append(_letters(name, *key, shown, records, log.letters_shuffled))
        else:
            counts.append(_marks(name, *key, shown, records))
    return counts


def _scenes(records: pd.DataFrame) -> tuple[np.ndarray, bool]:
    """The number of each question's scene, and whether the log knows it."""
    known = bool(records["scene"].notna().all())
    return pd.factorize(records["scene"] if known else records["item"])[0], known


def _marks(name, benchmark, task, model, frames, records: pd.DataFrame) -> MarkCounts:
    scene, known = _scenes(records)
    asked, right = np.bincount(scene), np.bincount(scene, weights=records["correct"]).astype(np.int64)
    score = records["score"].to_numpy(dtype=np.float64)
    partial = None if np.isin(score, (0.0, 1.0)).all() else np.bincount(scene, weights=score)
    kind, rules = records["answer_type"].iloc[0], records["rule"].unique()
    rule = RULES.get(rules[0]) if len(rules) == 1 else None
    number, alike = kind == "number", len(rules) == 1 and records["unit"].nunique() == 1
    by_judge = len(rules) == 1 and rules[0] == JUDGE_RULE
    judged = disagreement(records).iloc[0][list(MARKS)].to_dict() if number and records["judge"].notna().any() else None
    gold = records["gold"].astype(float).to_numpy() if number and rule and rule.sets else None
    return MarkCounts(
        log=name,
        benchmark=benchmark,
        task=task,
        model=model,
        frames=frames,
        rule=rule.says if rule else _unknown(rules),
        asked=asked,
        right=right if known else np.sort(right)[::-1],
        unparsed=int(records["prediction"].isna().sum()),
        answers=records["prediction"].value_counts().to_numpy(dtype=np.int64) if number and alike else None,
        constant=None if gold is None else best_constant(rule, gold, records["unit"].iloc[0]),
        judged=judged and {key: int(value) for key, value in judged.items()},
        unmarked=int(records["judge"].isna().sum()) if by_judge else 0,
        scenes_known=known,
        partial=partial if partial is None or known else np.sort(partial)[::-1],
    )


def _unknown(rules: np.ndarray) -> str:
    return f"by the rule {visible(rules[0])}" if len(rules) == 1 else "each task by its own rule"


def best_constant(rule: Rule, gold: np.ndarray, unit: str) -> Constant:
    """The number that `rule` gives most credit on the right answers `gold`, shape (items,), and its mean credit.

    Ends of sets are counted in, so that of a strict rule the credit is that of a number as near as wanted.
    """
    low, high = rule.sets(gold)
    best = interval_blind(low.ravel(), high.ravel())
    turns = low.size // (gold.size * rule.levels)
    guess = best.guess if turns == 1 else 12 - (12 - best.guess) % 12
    return Constant(f"{guess:.3g} {visible(unit)}", round(best.share * low.size) / (gold.size * rule.levels))


def _letters(name, benchmark, task, model, frames, records: pd.DataFrame, shuffled: str | None) -> AnswerCounts:
    m = max(map(len, records["options"]))
    letters = tuple(LETTERS[:m])
    scene, known = _scenes(records)
    answer = records["prediction"].map({letter: i for i, letter in enumerate(letters)}).fillna(m).to_numpy(dtype=int)
    truth = records["gold"].map({letter: i for i, letter in enumerate(letters)}).to_numpy(dtype=int)
    table = np.zeros((scene.max() + 1, m + 1, m), dtype=np.int64)
    np.add.at(table, (scene, answer, truth), 1)
    if not known:
        table = np.sort(table.reshape(len(table), -1).argmax(1))  # one question a scene: its cell
        table = np.eye((m + 1) * m, dtype=np.int64)[table].reshape(-1, m + 1, m)
    return AnswerCounts(
        log=name,
        benchmark=benchmark,
        task=task,
        model=model,
        frames=frames,
        letters=letters,
        table=table,
        chance=_chance(records, scene, shuffled) if shuffled else None,
        scenes_known=known,
    )


def _chance(records: pd.DataFrame, scene: np.ndarray, shuffled: str) -> Chance:
    chance = letter_chance(records)
    repeated = sum(len(set(options)) < len(options) for options in records["options"])
    source = visible(shuffled) + (f"; equal choices raise it in {repeated} of {len(records)} questions" if repeated else "")
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
