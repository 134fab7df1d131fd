"""The question table: one row a question of a benchmark, before any model answered."""

import math
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from .readers import number_text, vector_text, vector_values
from .reading import shown
from .records import ANSWER_TYPES, LETTERS
from .rules import RULES

# Column -> pandas dtype, in the table's order; what the record table has too is meant alike.
QUESTION_COLUMNS = {
    "item": "string[python]",  # the same storage whether pyarrow is installed or not
    "task": "string[python]",
    "scene": "string[python]",
    "frames": "Int64",
    "answer_type": "string[python]",
    "options": "object",
    "unit": "string[python]",
    "gold": "string[python]",
    "rule": "string[python]",  # a name in RULES
    "question": "string[python]",  # its words
    "aspect": "Float64",  # of a point in thousandths of a picture: the picture's height over its width
}
_REQUIRED = ("item", "task", "answer_type", "gold", "rule", "question")


@dataclass(frozen=True)
class Questions:
    """A benchmark's questions, with what their loader knows beyond them: as `Log` has it."""

    path: Path
    benchmark: str
    table: pd.DataFrame
    letters_shuffled: str | None = None
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def question_table(columns: dict, *, where) -> pd.DataFrame:
    """The table of `QUESTION_COLUMNS` from one list (or one value for all rows) a column, checked.

    Columns that are left out are missing in every row. `where` names the source in errors.
    Errors: ValueError naming `where`, the item and what was expected for an unknown column, a missing value where one
    is required, an item given twice, a frame count below one, an unknown answer type or rule, one that does not go with
    the other or that differs within a task, options of anything but a choice or not 2 to 26 of them, a missing unit,
    and a right answer that is not of the record table's form or that the rule itself would not mark right.
    """
    if odd := sorted(set(columns) - set(QUESTION_COLUMNS)):
        raise ValueError(f"{where}: the question table has the columns {list(QUESTION_COLUMNS)}; unknown: {odd}")
    rows = max((len(v) for v in columns.values() if isinstance(v, list)), default=0)
    if rows == 0:
        raise ValueError(f"{where}: no questions")
    full = {k: v if isinstance(v, list) else [v] * rows for k in QUESTION_COLUMNS for v in [columns.get(k)]}
    table = pd.DataFrame({k: pd.Series(full[k], dtype=dtype) for k, dtype in QUESTION_COLUMNS.items()})
    _check(table, where)
    return table


def _check(table: pd.DataFrame, where) -> None:
    def refuse(bad, says) -> None:
        bad = pd.Series(bad, index=table.index).fillna(False).astype(bool)
        if bad.any():
            row = table.loc[bad.idxmax()]
            raise ValueError(f"{where}: item {shown(row['item'])}: {says(row)}")

    for column in _REQUIRED:
        refuse(table[column].isna(), lambda row: f"{column} is missing")
    refuse(table.duplicated("item"), lambda row: "stands twice")
    refuse(table["frames"] < 1, lambda row: f"{row['frames']} frames; at least 1 was expected")
    refuse(~table["answer_type"].isin(ANSWER_TYPES), lambda row: f"answer type {shown(row['answer_type'])}")
    refuse(~table["rule"].isin(list(RULES)), lambda row: f"rule {shown(row['rule'])}, which is unknown")
    kinds = table["rule"].map({name: rule.answer_type for name, rule in RULES.items()})
    refuse(kinds != table["answer_type"], lambda row: f"the rule {row['rule']!r} marks no {row['answer_type']}")
    several = table.groupby("task")["rule"].transform("nunique") > 1
    refuse(several, lambda row: f"its task {shown(row['task'])} has answers marked by several rules")
    faults = [
        _fault(*row)
        for row in table[["answer_type", "options", "unit", "gold", "aspect"]].itertuples(index=False, name=None)
    ]
    refuse([fault is not None for fault in faults], lambda row: faults[row.name])
    for name, group in table[table["answer_type"] != "text"].groupby("rule"):
        _held_to_rule(name, group, where)


def _fault(answer_type: str, options, unit, gold: str, aspect) -> str | None:
    """What keeps one question from the table's form, None where nothing does."""
    if answer_type == "choice":
        if not isinstance(options, tuple) or not all(isinstance(o, str) for o in options):
            return f"options {shown(options)}; a tuple of texts was expected"
        if not 2 <= len(options) <= len(LETTERS):
            return f"2 to {len(LETTERS)} options expected, found {len(options)}"
        legal = [LETTERS[i] for i, text in enumerate(options) if options.index(text) == i]
        return None if gold in legal else f"gold {shown(gold)} is no letter of a distinct option"
    if options is not None:
        return f"options {shown(options)} of a free answer"
    if answer_type == "text":
        return None
    if pd.isna(unit):
        return f"a {answer_type} without a unit"
    if not pd.isna(aspect) and not 0 < aspect < math.inf:
        return f"aspect {aspect}; height over width, above 0, was expected"
    return _number_fault(gold) if answer_type == "number" else _vector_fault(gold)


def _number_fault(gold: str) -> str | None:
    try:
        value = float(gold)
    except ValueError:
        value = math.nan
    return None if math.isfinite(value) and gold == number_text(value) else f"gold {shown(gold)} is no finite number"


def _vector_fault(gold: str) -> str | None:
    values = vector_values(gold)
    return None if values and gold == vector_text(values) else f"gold {shown(gold)} is no list of finite numbers"


def _held_to_rule(name: str, group: pd.DataFrame, where) -> None:
    """Every right answer is right by its rule: what the rule cannot be used with shows here, not in a model's log."""
    lengths = group["gold"].str.count(",") if RULES[name].answer_type == "vector" else pd.Series(0, index=group.index)
    for _, alike in group.groupby(lengths):
        if _rule_fault(name, alike["gold"]):
            for item, gold in alike[["item", "gold"]].itertuples(index=False, name=None):
                if fault := _rule_fault(name, [gold]):
                    raise ValueError(f"{where}: item {shown(item)}: right answer {shown(gold)}: {fault}")


def _rule_fault(name: str, gold) -> str | None:
    """What the rule has against these right answers, None where it marks each of them right."""
    try:
        return None if (RULES[name].scores(gold, gold) == 1).all() else "the rule does not mark it right"
    except ValueError as error:
        return str(error)
