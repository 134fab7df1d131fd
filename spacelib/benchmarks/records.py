"""The record table: one row a question answered by one model, whatever the benchmark."""

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from string import ascii_uppercase

import numpy as np
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
    "unit": "string",  # of a number or vector: what gold and prediction are counted in. Missing for all others
    "gold": "string",  # the right answer; for a choice its letter, the first one where options are equal
    "prediction": "string",  # the model's answer in the same form. Missing: no answer could be read (unparsed)
    "rule": "string",  # the name of the rule that marks, one a task
    "score": "Float64",  # credit in [0, 1] by that rule; an unparsed answer has none
    "correct": "boolean",  # full credit: score == 1
    "judge": "boolean",  # a judge's mark of a free answer. Missing: no judge, or one that gave no mark
    "judge_reading": "string",  # the number that the judge read in a free answer, in `unit`. Missing: none
    "model": "string",
}
REQUIRED = ("benchmark", "task", "item", "answer_type", "gold", "rule", "score", "correct", "model")
# A letter; a number with a unit; numbers with a unit, as a JSON list; free text that a judge marks.
ANSWER_TYPES = ("choice", "number", "vector", "text")
LETTERS = ascii_uppercase
LETTER_RULE, JUDGE_RULE = "letter", "judge"
_NUMBER = re.compile(r"[+-]?+(?:[0-9]++\.?+[0-9]*+|\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+")


@dataclass(frozen=True)
class Log:
    """A model's answers as records, with what the loader knows beyond them.

    `letters_shuffled` says why the letter of a right answer is known to be uniform, None where it is not known to be:
    only then is the best blind accuracy known. `notes` name each fault of the official files that was met, and how it
    was handled; `warnings` what else may move the figures. `images_of_questions`: the numbers of frames are those that the
    benchmark's questions have, so a run that was shown none has them too.
    """

    path: Path
    records: pd.DataFrame
    letters_shuffled: str | None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    images_of_questions: bool = False


def record_table(columns: dict, *, where) -> pd.DataFrame:
    """The table of `COLUMNS` from one list (or one value for all rows) a column, checked.

    `where` names the source in errors.
    Errors: ValueError naming `where`, the item and what was expected for a column unknown or missing, a missing value
    where one is required, an item given twice, an answer type not in `ANSWER_TYPES`, several answer types or rules
    within one task, a frame count below one, a score outside [0, 1] and a mark that is not the score's; for a choice
    fewer than two options, a gold or predicted letter that names no option or not the first of equal ones, and a mark
    that contradicts gold and prediction; for a number or vector a missing unit and a gold or prediction that is no
    finite number, or no list of as many of them; for free answers options, and for an unparsed one any credit.
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
    """Whole columns at a time, and foreign text once for each distinct text: a log may hold millions of answers."""

    def refuse(bad, says) -> None:
        if (bad := np.asarray(bad, dtype=bool)).any():
            row = table.iloc[int(bad.argmax())]
            raise ValueError(f"{where}: item {shown(row['item'])}: {says(row)}")

    for column in REQUIRED:
        refuse(table[column].isna(), lambda row: f"{column} is missing")
    task = _codes([table[column] for column in ("benchmark", "task", "model")])
    refuse(pd.Series(_codes([task, table["item"]])).duplicated(), lambda row: "stands twice")
    kind = table["answer_type"]
    refuse(~kind.isin(ANSWER_TYPES), lambda row: f"answer type {shown(row['answer_type'])}")
    refuse((table["frames"] < 1).fillna(False), lambda row: f"{row['frames']} frames; at least 1 was expected")
    refuse(_varies(kind, task), lambda row: "its task has answers of several types")
    refuse(_varies(table["rule"], task), lambda row: "its task is marked by several rules")
    choice, number, vector = (np.asarray(kind == name, dtype=bool) for name in ("choice", "number", "vector"))
    given = table["options"].map(lambda options: options if isinstance(options, tuple) and options else None)
    code, sets = pd.factorize(given)
    refuse(~choice & (code >= 0), lambda row: f"options {shown(row['options'])} of a free answer")
    letters = [*map(_distinct_letters, sets), ""]  # the last for code -1: no options
    refuse(
        choice & np.array([not legal for legal in letters])[code],
        lambda row: f"2 to {len(LETTERS)} options expected, found {len(row['options'] or ())}",
    )
    refuse((number | vector) & table["unit"].isna(), lambda row: f"a {row['answer_type']} without a unit")
    named = np.array([[letter in legal for letter in LETTERS] + [False] for legal in letters])
    sizes = {}
    for column in ("gold", "prediction"):
        said = table[column].notna().to_numpy()
        letter = table[column].map({letter: i for i, letter in enumerate(LETTERS)}).fillna(len(LETTERS)).to_numpy(int)
        refuse(
            choice & said & ~named[code, letter],
            lambda row: f"{column} {shown(row[column])} is no letter of a distinct option",
        )
        refuse(
            number & said & ~_of_distinct(is_number, table[column], number),
            lambda row: f"{column} {shown(row[column])} is no finite number",
        )
        sizes[column] = _of_distinct(vector_size, table[column], vector)
        refuse(
            vector & said & (sizes[column] == 0),
            lambda row: f"{column} {shown(row[column])} is no list of finite numbers, like '[1, 2.5]'",
        )
    unread = table["prediction"].isna().to_numpy()
    refuse(
        vector & ~unread & (sizes["prediction"] != sizes["gold"]),
        lambda row: f"prediction {shown(row['prediction'])} has not as many numbers as gold {shown(row['gold'])}",
    )
    score, correct = table["score"].to_numpy(float), table["correct"].to_numpy(bool)
    refuse(~((score >= 0) & (score <= 1)), lambda row: f"score {row['score']}; a credit in [0, 1] was expected")
    refuse((score == 1) != correct, lambda row: f"score {row['score']}, yet marked {_mark(row['correct'])}")
    right = np.asarray((table["prediction"] == table["gold"]).fillna(False), dtype=bool)
    refuse(choice & (right != correct), lambda row: "marked otherwise than gold and prediction say")
    refuse(choice & (score != correct), lambda row: f"score {row['score']} of a letter; 0 or 1 was expected")
    refuse(unread & (score > 0), lambda row: "no answer could be read, yet it is marked right")


def _codes(columns: list) -> np.ndarray:
    """One integer for each distinct combination of the columns' values."""
    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        more, distinct = pd.factorize(column)
        code = pd.factorize(code * len(distinct) + more)[0]
    return code


def _varies(column: pd.Series, task: np.ndarray) -> np.ndarray:
    """Where a column's value is not that of the first record of its task."""
    code = pd.factorize(column)[0]
    first = np.unique(task, return_index=True)[1]
    varying = np.zeros(len(first), dtype=bool)
    varying[task[code != code[first][task]]] = True
    return varying[task]


def _of_distinct(function, column: pd.Series, where: np.ndarray) -> np.ndarray:
    """`function` of the column's texts, called once for each distinct one; 0 elsewhere and for what is missing."""
    code, texts = pd.factorize(column.where(where))
    return np.array([*map(function, texts), 0], dtype=np.int64)[code]


def _mark(correct: bool) -> str:
    return "right" if correct else "wrong"


def is_number(text: str) -> bool:
    """Whether a text is a finite number in plain decimal digits."""
    return bool(_NUMBER.fullmatch(text)) and math.isfinite(float(text))


def vector_size(text: str) -> int:
    """How many numbers a vector's canonical text, as `json.dumps` writes a list, has; 0 where it is none."""
    try:
        values = json.loads(text)
        fine = isinstance(values, list) and all(type(v) in (int, float) and math.isfinite(v) for v in values)
    except (ValueError, OverflowError, RecursionError):
        return 0
    return len(values) if fine and json.dumps(values) == text else 0


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
