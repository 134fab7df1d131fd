"""Published rows that differ in one ingredient, with the intervals that the tests' sizes allow.

Two models answered the same questions, but which of them each answered right is not printed. The intervals take both
as independent samples: too wide where models tend to be right on the same questions, as they do. Average precisions
and averages over tasks are no shares of questions: they get no interval, as do tasks whose size is not printed.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from .published import published

LEVEL = 0.05  # that any one of all readings is wrong


@dataclass(frozen=True)
class Pair:
    """Two published models, `plus` being `base` with one `ingredient` more; what else may differ or matters."""

    ingredient: str
    table: str
    base: str
    plus: str
    note: str


_RGB = "depth is a further input; whether training differs as well is not in the table"
_TOOL = "the tool's depth is {}; only the average over tasks is printed"
_VIEWS = "five views for one; training may change with them"
_COT = "only the average over tasks is printed; what the written steps state is not scored"
_SPECIAL = "the training mixture differs; how much of either is the task's own is not in the table"
PAIRS = (
    Pair("explicit depth", "spatialrgpt_table1", "SpatialRGPT-7B (rgb)", "SpatialRGPT-7B", _RGB),
    Pair("explicit depth", "cavqa_table3", "MM-Spatial-3B", "MM-Spatial-3B +depth tool", _TOOL.format("monocular")),
    Pair("explicit depth", "cavqa_table3", "MM-Spatial-3B specialist", "MM-Spatial-3B specialist +GT depth tool",
         _TOOL.format("the ground truth: an upper end, not a system")),
    Pair("more views", "cavqa_table3", "MM-Spatial-3B specialist", "MM-Spatial-3B specialist MV", _VIEWS),
    Pair("more views", "cavqa_table3", "MM-Spatial-3B specialist +CoT", "MM-Spatial-3B specialist MV+CoT", _VIEWS),
    Pair("more views", "cavqa_table3", "MM-Spatial-3B +CoT", "MM-Spatial-3B MV+CoT", _VIEWS),
    Pair("chain of thought", "cavqa_table3", "MM-Spatial-3B", "MM-Spatial-3B +CoT", _COT),
    Pair("chain of thought", "cavqa_table3", "MM-Spatial-3B specialist", "MM-Spatial-3B specialist +CoT", _COT),
    Pair("chain of thought", "cavqa_table3", "MM-Spatial-3B specialist MV", "MM-Spatial-3B specialist MV+CoT", _COT),
    Pair("specialist training", "cavqa_table3", "MM-Spatial-3B", "MM-Spatial-3B specialist", _SPECIAL),
    Pair("specialist training", "multispa_table2", "InternVL2-8B", "MultiSpatialMLLM-8B", _SPECIAL),
    Pair("specialist training", "multispa_blink_transfer", "InternVL2-8B", "MultiSpatialMLLM-8B",
         "trained on MultiSPA, tested on BLINK: a transfer"),
)  # fmt: skip
_READINGS = {True: {1: "explicit better", -1: "implicit better"}, False: {1: "with better", -1: "without better"}}
_CANNOT = {
    "explicit depth": "each side is one training set: no learning curve, so no crossover in samples can be read off",
    "more views": "two numbers of views: no curve in K, and training may change with the views",
    "chain of thought": "the written steps are not scored: an explicit estimate in them is not told from length",
    "specialist training": "two points of a learning curve at best, of unprinted sizes: neither shape nor limit",
}


def proportion_difference(base: float, plus: float, items: float, level: float = LEVEL) -> tuple[float, float]:
    r"""Interval of the difference of two shares, plus less base, each of `items` independent answers.

    .. math:: d - \sqrt{(p_2 - l_2)^2 + (u_1 - p_1)^2}, \qquad d + \sqrt{(u_2 - p_2)^2 + (p_1 - l_1)^2}

    l and u being Wilson's limits of each share at the same level; p_1 is base, p_2 plus, d = p_2 - p_1.
    Parameters: shares in [0, 1]; items > 0; level in (0, 1), the two-sided error. Errors: ValueError outside these.
    Source: Newcombe 1998, method 10.
    """
    for name, value, good in (
        ("base", base, 0 <= base <= 1),
        ("plus", plus, 0 <= plus <= 1),
        ("items", items, 0 < items < np.inf),
        ("level", level, 0 < level < 1),
    ):
        if not good:
            expected = {"items": "above 0 and finite", "level": "in (0, 1)"}.get(name, "in [0, 1]")
            raise ValueError(f"proportion_difference: {name} must be {expected}, got {value!r}")
    (low_1, high_1), (low_2, high_2) = (_wilson(share, items, level) for share in (base, plus))
    difference = plus - base
    return (
        float(difference - np.hypot(plus - low_2, high_1 - base)),
        float(difference + np.hypot(high_2 - plus, base - low_1)),
    )


def paradigm_pairs() -> pd.DataFrame:
    """Published rows that differ in one ingredient, one row a pair of models and a task.

    Columns: ingredient ("explicit depth", "more views", "chain of thought", "specialist training"); benchmark; base and
    plus, the models without and with it; task; answer_type; accuracy_base, accuracy_plus and difference, plus less
    base, as printed; items where a size is printed; low, high, the interval of the difference (`proportion_difference`)
    at the level 0.05 over the number of rows that have one (Bonferroni), missing where there is none; reading:
    "explicit better" or "implicit better" for explicit depth, "with better" or "without better" for the rest,
    "undecided" where the interval holds 0, "no interval" where there is none; needed, from how many items on the
    printed difference would be decided at the same level (missing where both are equal or no share of items is
    printed); note, with the faults that `published` names in either figure.
    The level holds for all rows together, for models taken as independent.
    """
    rows = pd.concat([_rows(pair) for pair in PAIRS], ignore_index=True)
    share = ~rows["answer_type"].str.contains("average precision") & (
        (rows["answer_type"] != "average") | rows["items"].notna()
    )
    known = share & rows["items"].notna()
    level = LEVEL / known.sum()
    low, high, needed = (pd.Series(np.nan, index=rows.index) for _ in range(3))
    for at in rows.index[share]:
        base, plus, items = rows.loc[at, ["accuracy_base", "accuracy_plus", "items"]]
        if known[at]:
            low[at], high[at] = proportion_difference(base, plus, float(items), level)
        if base != plus:
            needed[at] = _items_needed(base, plus, level)
    sign = (low > 0).astype(int) - (high < 0).astype(int)
    explicit = rows["ingredient"] == "explicit depth"
    reading = pd.Series([_READINGS[e].get(s, "undecided") for e, s in zip(explicit, sign, strict=True)])
    note = rows.pop("note")
    reading, needed = reading.where(known, "no interval"), needed.astype("Int64")
    return rows.assign(low=low, high=high, reading=reading, needed=needed, note=note)


def regime_readings() -> pd.DataFrame:
    """What `paradigm_pairs` says for each ingredient and benchmark, and what it cannot say.

    Columns: ingredient, benchmark; rows; sized, those with an interval; better, worse, undecided, how many of the sized
    say that the ingredient helps, harms or neither; largest and smallest printed difference; cannot, one sentence. A
    row is one number of training samples for each model: nothing here is a learning curve, and no crossover follows.
    """
    found = []
    for (ingredient, benchmark), rows in paradigm_pairs().groupby(["ingredient", "benchmark"], sort=False):
        sized = rows.dropna(subset="low")
        better, worse = int((sized["low"] > 0).sum()), int((sized["high"] < 0).sum())
        found.append({
            "ingredient": ingredient, "benchmark": benchmark, "rows": len(rows), "sized": len(sized), "better": better,
            "worse": worse, "undecided": len(sized) - better - worse, "largest": rows["difference"].max(),
            "smallest": rows["difference"].min(), "cannot": _CANNOT[ingredient],
        })  # fmt: skip
    return pd.DataFrame(found)


def _rows(pair: Pair) -> pd.DataFrame:
    table = published(pair.table)
    base, plus = (table[table["model"] == model].set_index("task") for model in (pair.base, pair.plus))
    tasks = [task for task in base.index if task in plus.index]
    if not tasks:
        raise ValueError(f"{pair.table}: no task of both {pair.base!r} and {pair.plus!r}")
    base, plus = base.loc[tasks].reset_index(), plus.loc[tasks].reset_index()
    faults = zip(base["fault"], plus["fault"], strict=True)
    notes = ["; ".join([pair.note, *(fault for fault in both if pd.notna(fault))]) for both in faults]
    columns = base[["benchmark", "task", "answer_type", "items"]]
    return columns.assign(
        ingredient=pair.ingredient, base=pair.base, plus=pair.plus, accuracy_base=base["accuracy"],
        accuracy_plus=plus["accuracy"], difference=plus["accuracy"] - base["accuracy"], note=notes,
    )[["ingredient", "benchmark", "base", "plus", "task", "answer_type", "accuracy_base", "accuracy_plus",
       "difference", "items", "note"]]  # fmt: skip


def _wilson(share: float, items: float, level: float) -> tuple[float, float]:
    """Wilson's limits; shares that are printed rounded need not be whole numbers of items."""
    z2 = stats.norm.isf(level / 2) ** 2
    middle, half = share + z2 / (2 * items), np.sqrt(z2 * (share * (1 - share) / items + z2 / (4 * items * items)))
    return max(0.0, (middle - half) / (1 + z2 / items)), min(1.0, (middle + half) / (1 + z2 / items))


def _items_needed(base: float, plus: float, level: float) -> int:
    """The least number of items whose interval leaves out 0."""
    low, high = 0, 1

    def decided(items: int) -> bool:
        ends = proportion_difference(base, plus, items, level)
        return ends[0] > 0 or ends[1] < 0

    while not decided(high):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if decided(middle) else (middle, high)
    return high
