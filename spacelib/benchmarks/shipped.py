"""Counts that ship with the library, so that every chapter runs without a network. Counts, never copied records.

Of lettered answers, `tables/*_logs.csv` has one row a log, with its source, commit and licence, and `tables/*_counts.csv`
one row for each log, scene, answer and right letter that occur, with their number. Scenes are numbers, in the order of
the question file; where a log names none, there is none, and each question is a scene of its own. Of free answers,
`tables/spatialrgpt_counts.csv` has one row a log and task. `python -m spacelib.benchmarks.tabulate` writes all of them
from the registered files.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from .counts import UNPARSED, AnswerCounts, Chance, Constant, MarkCounts
from .judging import MARKS

TABLES = Path(__file__).with_name("tables")
SPATIALRGPT = "spatialrgpt_counts.csv"
CHANCES = ("chance_of_item", "chance_of_scene", "chance_evenness")


def letter_tables(benchmark: str) -> tuple[str, str]:
    """The names of the two tables of a benchmark's lettered answers: its logs and their counts."""
    return f"{benchmark}_logs.csv", f"{benchmark}_counts.csv"


def vlm4d_counts(*, tables=TABLES) -> list[AnswerCounts]:
    """The counts of all registered VLM4D logs, in the order of the registry: what `answer_counts` gives for the files.

    `tables` is the folder of the two tables.
    """
    return _letters("vlm4d", tables)


def blink_counts(*, tables=TABLES) -> list[AnswerCounts]:
    """The counts of all registered BLINK outputs, in the order of the registry: what `answer_counts` gives for the files.

    `tables` is the folder of the two tables.
    """
    return _letters("blink", tables)


def spatialrgpt_counts(*, tables=TABLES) -> list[MarkCounts]:
    """The counts of all registered SpatialRGPT-Bench logs, task by task: what `answer_counts` gives for the files.

    `tables` is the folder of the table.
    """
    kinds = {"frames": "Int64", "answers": "string"}
    read = read_exactly(Path(tables) / SPATIALRGPT, ["constant_share"], dtype=kinds)
    return [_marks(row) for row in read.itertuples()]


def read_exactly(path, columns, **options) -> pd.DataFrame:
    """A CSV whose numbers in `columns` keep their last bit, which the parser of some pandas versions may miss."""
    exact = dict.fromkeys(columns, lambda text: float(text or "nan"))
    return pd.read_csv(path, converters=exact, **options)


def _letters(benchmark: str, tables) -> list[AnswerCounts]:
    logs, counts = (Path(tables) / name for name in letter_tables(benchmark))
    logs = read_exactly(logs, CHANCES, dtype={"frames": "Int64"})
    counts = pd.read_csv(counts).groupby("log")
    return [_counts(row, counts.get_group(row.log)) for row in logs.itertuples()]


def _counts(log, rows: pd.DataFrame) -> AnswerCounts:
    letters = tuple(log.letters)
    known = bool(rows["scene"].notna().all())
    if not known:  # one scene a question, in the order of the cells, as `answer_counts` has them
        rows = rows.loc[rows.index.repeat(rows["count"])].assign(scene=range(log.items), count=1)
    symbols = {symbol: i for i, symbol in enumerate((*letters, UNPARSED))}
    table = np.zeros((log.scenes, len(letters) + 1, len(letters)), dtype=np.int64)
    where = (rows["scene"], rows["answer"].map(symbols), rows["truth"].map(symbols))
    table[tuple(column.to_numpy() for column in where)] = rows["count"]
    chance = Chance(log.chance_of_item, log.chance_of_scene, log.chance_source, log.chance_evenness)
    return AnswerCounts(
        log=log.file,
        benchmark=log.benchmark,
        task=log.task,
        model=log.model,
        frames=None if pd.isna(log.frames) else int(log.frames),
        letters=letters,
        table=table,
        chance=None if pd.isna(log.chance_of_item) else chance,
        scenes_known=known,
    )


def _marks(row) -> MarkCounts:
    number = not pd.isna(row.constant)
    return MarkCounts(
        log=row.file,
        benchmark=row.benchmark,
        task=row.task,
        model=row.model,
        frames=int(row.frames),
        rule=row.rule,
        asked=np.ones(row.items, dtype=np.int64),
        right=(np.arange(row.items) < row.correct).astype(np.int64),
        unparsed=row.unparsed,
        answers=_numbers(row.answers) if number else None,
        constant=Constant(row.constant, row.constant_share) if number else None,
        judged={name: int(getattr(row, name)) for name in MARKS} if number else None,
        unmarked=row.unmarked,
        scenes_known=False,
    )


def _numbers(text) -> np.ndarray:
    """Whole numbers with spaces between them; none at all where the cell is empty."""
    return np.array([] if pd.isna(text) else text.split(), dtype=np.int64)
