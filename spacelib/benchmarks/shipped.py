"""Counts that ship with the library, so that every chapter runs without a network. Counts, never copied records.

`tables/vlm4d_logs.csv` has one row a log, with its source, commit and licence; `tables/vlm4d_counts.csv` one row for
each log, scene, answer and right letter that occur, with their number. Scenes are numbers, in the order of the question
file. `python -m spacelib.benchmarks.tabulate` writes both from the registered files.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from .counts import UNPARSED, AnswerCounts, Chance

TABLES = Path(__file__).with_name("tables")
LOGS, COUNTS = "vlm4d_logs.csv", "vlm4d_counts.csv"
CHANCES = ("chance_of_item", "chance_of_scene", "chance_evenness")


def vlm4d_counts(*, tables=TABLES) -> list[AnswerCounts]:
    """The counts of all registered VLM4D logs, in the order of the registry: what `answer_counts` gives for the files.

    `tables` is the folder of the two tables.
    """
    exact = dict.fromkeys(CHANCES, float)  # pandas' own parser may miss the last bit
    logs = pd.read_csv(Path(tables) / LOGS, dtype={"frames": "Int64"}, converters=exact)
    counts = pd.read_csv(Path(tables) / COUNTS).groupby("log")
    return [_counts(row, counts.get_group(row.log)) for row in logs.itertuples()]


def _counts(log, rows: pd.DataFrame) -> AnswerCounts:
    letters = tuple(log.letters)
    symbols = {symbol: i for i, symbol in enumerate((*letters, UNPARSED))}
    table = np.zeros((log.scenes, len(letters) + 1, len(letters)), dtype=np.int64)
    where = (rows["scene"], rows["answer"].map(symbols), rows["truth"].map(symbols))
    table[tuple(column.to_numpy() for column in where)] = rows["count"]
    return AnswerCounts(
        log=log.file,
        benchmark=log.benchmark,
        task=log.task,
        model=log.model,
        frames=None if pd.isna(log.frames) else int(log.frames),
        letters=letters,
        table=table,
        chance=Chance(log.chance_of_item, log.chance_of_scene, log.chance_source, log.chance_evenness),
    )
