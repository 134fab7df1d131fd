"""Answer sheets: one model's answers to one task beside its questions, so that those of the same can be paired."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from spacelib.benchmarks import Log
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTERS

SAME = ("scene", "answer_type", "options", "unit", "gold")  # what makes two rows the same question
GROUP = ["benchmark", "task", "model"]


@dataclass(frozen=True, eq=False)
class Asked:
    """The questions of one task as a file gives them: `table` has the columns `SAME`, indexed by item.

    `scene` (questions,) numbers the scenes in order of appearance, `names` (scenes,) has their names: None where the log
    does not know them all, each question then being its own.
    """

    path: str
    benchmark: str
    task: str
    table: pd.DataFrame
    scene: np.ndarray
    names: np.ndarray | None

    @property
    def scenes(self) -> int:
        return int(self.scene.max()) + 1

    @property
    def unit(self) -> str:
        """What is drawn independently, as far as the log says."""
        return "questions" if self.names is None else "scenes"


@dataclass(frozen=True, eq=False)
class Sheet:
    """One model's answers to `asked`, in its order.

    `credit` (questions,) is each answer's score in [0, 1]; `answer` and `truth` are numbers of letters, an unparsed
    answer having the number of letters `letters`, and None where answers are free.
    """

    asked: Asked
    path: str
    model: str
    credit: np.ndarray
    answer: np.ndarray | None
    truth: np.ndarray | None
    letters: int


def sheets(log: Log) -> list[Sheet]:
    """The sheet of each benchmark, task and model in a log, in the order of `answer_counts`."""
    return [_sheet(str(log.path), *key, records) for key, records in log.records.groupby(GROUP, sort=False)]


def _sheet(path: str, benchmark: str, task: str, model: str, records: pd.DataFrame) -> Sheet:
    known = bool(records["scene"].notna().all())
    scene, names = pd.factorize(records["scene"] if known else records["item"])
    names = np.asarray(names, dtype=object) if known else None
    asked = Asked(path, benchmark, task, records.set_index("item")[list(SAME)], scene, names)
    credit = records["score"].to_numpy(dtype=np.float64)
    if records["answer_type"].iloc[0] != "choice":
        return Sheet(asked, path, model, credit, None, None, 0)
    m = max(map(len, records["options"]))
    code = {letter: number for number, letter in enumerate(LETTERS[:m])}
    answer, truth = (records[c].map(code).fillna(m).to_numpy(dtype=np.int64) for c in ("prediction", "gold"))
    return Sheet(asked, path, model, credit, answer, truth, m)


def contradiction(here: Asked, there: Asked) -> str | None:
    """The first way in which two files do not ask the same questions, in a sentence; None where they do, in any order."""
    for name in ("benchmark", "task"):
        if getattr(here, name) != getattr(there, name):
            return f"{here.path}: {name} {shown(getattr(here, name))}, but {there.path} has {shown(getattr(there, name))}"
    ours, theirs = here.table, there.table
    same_order = ours.index.equals(theirs.index)
    for one, other, name, source in () if same_order else ((theirs, ours, here, there), (ours, theirs, there, here)):
        missing = one.index.difference(other.index, sort=False)
        if len(missing):
            return f"{name.path}: item {shown(missing[0])} is missing, which stands in {source.path}"
    ours = ours if same_order else ours.loc[theirs.index]
    for column in SAME:
        a, b = (_plain(table[column]) for table in (ours, theirs))
        if a != b:
            item, x, y = next(row for row in zip(theirs.index, a, b, strict=True) if row[1] != row[2])
            return f"{here.path}: item {shown(item)}: {column} {_said(x)}, but {there.path} has {_said(y)}"
    return None


def _plain(column: pd.Series) -> list:
    """Python values, None where one is missing."""
    return column.astype(object).where(column.notna(), None).tolist()


def _said(value) -> str:
    return "none" if value is None else shown(value)


def paired(sheet: Sheet, asked: Asked) -> Sheet:
    """The sheet in the order of `asked`. Errors: ValueError naming file and item for other questions."""
    if says := contradiction(sheet.asked, asked):
        raise ValueError(says)
    return _in_order(sheet, asked)


def _in_order(sheet: Sheet, asked: Asked) -> Sheet:
    place = sheet.asked.table.index.get_indexer(asked.table.index)
    answer, truth = (None if codes is None else codes[place] for codes in (sheet.answer, sheet.truth))
    return replace(sheet, asked=asked, credit=sheet.credit[place], answer=answer, truth=truth)


def shared(every: Iterable[Sheet]) -> list[Sheet]:
    """The sheets in their order, those of the same questions with one and the same `asked`, whose table is then empty."""
    known, result = {}, []
    for sheet in every:
        same = known.setdefault((sheet.asked.benchmark, sheet.asked.task, len(sheet.credit)), [])
        found = next((both for both in same if contradiction(sheet.asked, both[0]) is None), None)
        if found is None:
            found = sheet.asked, replace(sheet.asked, table=pd.DataFrame())
            same.append(found)
        result.append(replace(_in_order(sheet, found[0]), asked=found[1]))
    return result
