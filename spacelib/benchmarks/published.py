"""Accuracies as the papers print them: figures with their source, and the misprints that arithmetic finds."""

import pandas as pd

from .shipped import TABLES, read_exactly

PUBLISHED = ("multispa_table2", "multispa_blink_transfer", "cavqa_table3", "spatialrgpt_table1")


def published(name: str) -> pd.DataFrame:
    """A published table of accuracies, one row a model and task.

    Columns: benchmark; model; blind (True for a model that saw no picture); task; answer_type (what is asked for and how
    it is scored, "average" for the averages that the table prints); frames shown (0 for blind models, missing: unknown
    or several); accuracy in [0, 1] (for boxes average precision); chance in [0, 1] where the table prints it; items
    where known; source; fault, a sentence where a printed figure disagrees with the others (missing: none does).
    Printed figures stay as printed: a fault is named, not mended. Papers round or cut the last digit.
    `name` is one of `PUBLISHED`. Errors: ValueError for another.
    """
    if name not in PUBLISHED:
        raise ValueError(f"no published table {name!r}; known are {', '.join(PUBLISHED)}")
    kinds = {"frames": "Int64", "items": "Int64", "fault": "string"}
    table = read_exactly(TABLES / "published.csv", ["percent", "chance_percent"], dtype=kinds)
    table = table[table.pop("table") == name].reset_index(drop=True)
    shares = table[["percent", "chance_percent"]] / 100
    table = table.rename(columns={"percent": "accuracy", "chance_percent": "chance"})
    return table.assign(accuracy=shares["percent"], chance=shares["chance_percent"])
