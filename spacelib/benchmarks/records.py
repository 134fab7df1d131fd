"""The record table: one row a question answered by one model, whatever the benchmark."""

import math
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import pandas as pd

from .reading import shown

# Column -> pandas dtype, in the table's order.
COLUMNS = {
    "benchmark": "string",
    "task": "string",  # the benchmark's own division: a split, a subtask
    "item": "string",  # the question's identifier, unique within benchmark, task and model
    "scene": "string",  # what questions share: a video, a room; the unit of resampling. Missing: unknown
    "frames": "Int64",  # images shown to the model. Missing: unknown
    "answer_type": "string",  # one of ANSWER_TYPES
    "options": "object",  # of a choice: in the order shown, a tuple of str; option i has the letter LETTERS[i]
    "unit": "string",  # of a number: what gold and prediction are counted in. Missing for all others
    "gold": "string",  # the right answer; for a choice its letter, the first one where options are equal
    "prediction": "string",  # the model's answer in the same form. Missing: no answer could be read (unparsed)
    "correct": "boolean",  # by the benchmark's official rule; an unparsed answer is wrong
    "judge": "boolean",  # a judge's mark of a free answer. Missing: no judge, or one that gave no mark
    "judge_reading": "string",  # the number that the judge read in a free answer, in `unit`. Missing: none
    "model": "string",
}
REQUIRED = ("benchmark", "task", "item", "answer_type", "gold", "correct", "model")
ANSWER_TYPES = ("choice", "number", "text")  # a letter; a number with a unit; free text that a judge marks
LETTERS = ascii_uppercase


@dataclass(frozen=True)
class Log:
    """A model's answers as records, with what the loader knows beyond them.

    `letters_shuffled` says why the letter of a right answer is known to be uniform, None where it is not known to be:
    only then is the best blind accuracy known. `notes` name each fault of the official files that was met, and how it
    was handled; `warnings` what else may move the figures.
    """

    path: Path
    records: pd.DataFrame
    letters_shuffled: str | None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def record_table(columns: dict, *, where) -> pd.DataFrame:
    """The table of `COLUMNS` from one list (or one value for all rows) a column, checked.

    `where` names the source in errors.
    Errors: ValueError naming `where`, the item and what was expected for a column unknown or missing, a missing value
    where one is required, an item given twice, an answer type not in `ANSWER_TYPES` or several within one task, a frame
    count below one; for a choice fewer than two options, a gold or predicted letter that names no option or not the
    first of equal ones, and a mark that contradicts gold and prediction; for a number a missing unit and a gold or
    prediction that is no finite number; for free answers options, and for an unparsed one a mark as right.
    """
    if set(columns) != set(COLUMNS):
        odd = sorted(set(columns) ^ set(COLUMNS))
        raise ValueError(f"{where}: the record table has the columns {list(COLUMNS)}; missing or unknown: {odd}")
    rows = max((len(v) for v in columns.values() if isinstance(v, list)), default=0)
    if rows == 0:
        raise ValueError(f"{where}: no records")
    full = {k: v if isinstance(v, list) else [v] * rows for k, v in columns.items()}
    table = pd.DataFrame({k: pd.Series(full[k], dtype=dtype) for k, dtype in COLUMNS.items()})
    _check(table, where)
    return table


def _check(table: pd.DataFrame, where) -> None:
    def refuse(bad: pd.Series, says) -> None:
        if bad.any():
            row = table.loc[bad.idxmax()]
            raise ValueError(f"{where}: item {shown(row['item'])}: {says(row)}")

    for column in REQUIRED:
        refuse(table[column].isna(), lambda row: f"{column} is missing")
    refuse(table.duplicated(["benchmark", "task", "model", "item"]), lambda row: "stands twice")
    refuse(~table["answer_type"].isin(ANSWER_TYPES), lambda row: f"answer type {shown(row['answer_type'])}")
    refuse((table["frames"] < 1).fillna(False), lambda row: f"{row['frames']} frames; at least 1 was expected")
    types = table.groupby(["benchmark", "task", "model"])["answer_type"].transform("nunique")
    refuse(types > 1, lambda row: "its task has answers of several types")
    choice, number = (table["answer_type"] == kind for kind in ("choice", "number"))
    legal = table["options"].where(choice, ((),) * len(table)).map(_distinct_letters)
    refuse(
        choice & (legal.map(len) == 0),
        lambda row: f"2 to {len(LETTERS)} options expected, found {_size(row['options'])}",
    )
    refuse(~choice & table["options"].map(_size).gt(0), lambda row: f"options {shown(row['options'])} of a free answer")
    refuse(number & table["unit"].isna(), lambda row: "a number without a unit")
    for column in ("gold", "prediction"):
        bad = [not pd.isna(v) and v not in letters for v, letters in zip(table[column], legal)]
        refuse(choice & pd.Series(bad), lambda row: f"{column} {shown(row[column])} is no letter of a distinct option")
        bad = (
            number
            & table[column].notna()
            & ~table[column].map(_is_number, na_action="ignore").fillna(False).astype(bool)
        )
        refuse(bad, lambda row: f"{column} {shown(row[column])} is no finite number")
    right = (table["prediction"] == table["gold"]).fillna(False)
    refuse(choice & (right != table["correct"]), lambda row: "marked otherwise than gold and prediction say")
    refuse(table["prediction"].isna() & table["correct"], lambda row: "no answer could be read, yet it is marked right")


def _size(options) -> int:
    return len(options) if isinstance(options, tuple) else 0


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _distinct_letters(options: tuple[str, ...]) -> str:
    """Letters of the options, the first where several are equal; none where their number is not allowed."""
    if not 2 <= len(options) <= len(LETTERS):
        return ""
    return "".join(LETTERS[i] for i, text in enumerate(options) if options.index(text) == i)


def first_letter(text: str, options: tuple[str, ...]) -> str:
    """The letter of the first option that reads `text`: equal options are one answer with one name."""
    return LETTERS[options.index(text)]


def letter_chance(records: pd.DataFrame) -> pd.Series:
    """Chance of guessing each right answer when its letter is uniform by design.

    (number of options equal to the right one) / M, M the number of options: 1/M unless options repeat.
    Returns one value a record, in (0, 1].
    Assumes answer type choice.
    """
    share = [o.count(o[LETTERS.index(g)]) / len(o) for o, g in zip(records["options"], records["gold"])]
    return pd.Series(share, index=records.index)
