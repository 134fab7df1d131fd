"""The plain form, `spacelib-records` (`schema`): JSON lines or a table with named columns, for logs of any origin.

Answers are raw texts or already read: a letter, a number, a list of numbers. What is not yet read is read by the rule's
reader (`rules`), and what a rule here can mark is marked by it; marks that the file gives must then agree. One record
is in memory at a time, and of each only what the record table keeps.
"""

from itertools import chain

import numpy as np
import pandas as pd

from .answers import answered, marked_by_rule
from .fields import some, unread
from .official import read_questions
from .plain_values import cell_values, json_values
from .readers import number, vector
from .reading import shown, visible
from .records import COLUMNS, JUDGE_RULE, LETTER_RULE, LETTERS, Log, first_letter, is_number, record_table, vector_size
from .rules import RULES
from .schema import HEADER, MARK, VERSION

NAME = "spacelib-records"
UNNAMED, ALL = "unnamed", "all"
GIVEN = "as given"  # the rule of marks that no rule explains
PRINTED = 1e-6  # a file's scores are rounded to some digits: further off is another mark
_DEFAULT_RULES = {"choice": LETTER_RULE, "text": JUDGE_RULE}
_LISTS = ("notes", "warnings")


def recognises(head) -> bool:
    """Whether the first record is a header, or names an item and a prediction."""
    return isinstance(head, dict) and (MARK in head or {"item", "prediction"} <= set(head))


def load(source, items=(), benchmark: str | None = None) -> Log:
    """The records of a file in the plain form; answers without right answers are joined with the one file in `items`.

    Errors: ValueError naming file, place and item for an unknown field, a value that is not of its field's kind,
    another version, a missing answer type or mark, a mark that the rule does not give, and whatever `record_table`
    refuses.
    """
    records = source.records()
    place, first = next(records, (None, None))
    header = {}
    if isinstance(first, dict) and MARK in first:
        header = _header(first, f"{source.path}: {place}")
        place, first = next(records, (None, None))
    if place is None:
        raise ValueError(f"{source.path}: no records")
    name, values = str(source.path), cell_values if source.shape == "table" else json_values
    records = ((f"{name}: {place}", record) for place, record in chain([(place, first)], records))
    records = ((where, values(record, where)) for where, record in records)
    model = header.get("model") or source.path.stem
    if isinstance(first, dict) and first.get("gold") is None:
        return _answers_only(source.path, records, items, model)
    named = {"benchmark": header.get("benchmark") or benchmark or UNNAMED, "task": ALL, "model": model}
    columns, shuffled = _columns(records, named)
    table = record_table(_marked(columns, source.path), where=source.path)
    shuffled = _one(shuffled | {*filter(None, [header.get("letters_shuffled")])}, source.path)
    notes, warnings = (tuple(map(visible, header.get(name, ()))) for name in _LISTS)
    return Log(source.path, table, shuffled and visible(shuffled), notes, (*warnings, *unread(items)))


def _header(record: dict, where: str) -> dict:
    if record[MARK] != VERSION or isinstance(record[MARK], bool):
        raise ValueError(f"{where}: {MARK} is version {shown(record[MARK])}; version {VERSION} was expected")
    for name, value in record.items():
        if name not in HEADER:
            raise ValueError(f"{where}: unknown field {shown(name)} of the header; known are {', '.join(HEADER)}")
        texts = [value] if name not in _LISTS else value if isinstance(value, list) else [None]
        if name != MARK and not all(isinstance(text, str) and text.strip() for text in texts):
            expected = "a list of texts" if name in _LISTS else "a text"
            raise ValueError(f"{where}: {name} of the header is {shown(value)}; {expected} was expected")
    return record


def _columns(records, named: dict) -> tuple[dict, set]:
    """The record table's columns with the marks given, None where none is; and what is said of letters."""
    columns = {name: [] for name in COLUMNS}
    shuffled, kept = set(), {}
    for where, record in records:
        try:
            row = _row(named | record)
        except ValueError as error:
            raise ValueError(f"{where}: item {shown(record.get('item'))}: {error}") from None
        for name, column in columns.items():
            value = row.get(name)
            column.append(kept.setdefault(value, value) if isinstance(value, str | tuple) else value)
        if record.get("letters_shuffled"):
            shuffled.add(record["letters_shuffled"])
    return columns, shuffled


def _row(record: dict) -> dict:
    """The record with its answer type and rule, and with gold and prediction in the record table's form."""
    if missing := [name for name in ("item", "prediction") if name not in record]:
        raise ValueError(f"{missing[0]} is missing")
    options = record.get("options")
    kind = record.get("answer_type") or ("choice" if options else None)
    if kind is None:
        raise ValueError("without options, answer_type is needed: number, vector or text")
    if kind != "choice" and options:
        raise ValueError(f"options of a {kind}")
    rule = record.get("rule") or _DEFAULT_RULES.get(kind, GIVEN)
    known = RULES.get(rule)
    if known and known.answer_type != kind:
        raise ValueError(f"the rule {shown(rule)} marks no {kind}")
    if (gold := record.get("gold")) is None:
        raise ValueError("gold is missing")
    score, correct = record.get("score"), record.get("correct")
    mark = record.get("judge") if correct is None and rule == JUDGE_RULE else correct
    if score is None and mark is not None:
        score = float(mark)
    judge = {"judge": correct} if rule == JUDGE_RULE and "judge" not in record else {}
    if score is not None and correct is not None and (score == 1) != correct:
        raise ValueError(f"score {score}, yet correct is {str(correct).lower()}")
    if score is None and (known is None or known.counts is None):
        marks = ", ".join(name for name, other in RULES.items() if other.answer_type == kind and other.counts)
        raise ValueError(f"no mark (score or correct), and no rule that gives one, like {marks or 'a judge'}")
    said = record.get("prediction")
    if said is not None:
        said = _read(said, kind, known, record.get("unit"), options or ())
    gold = _gold(gold, kind, options)
    if kind == "vector" and said is not None and vector_size(said) != vector_size(gold):
        said = None
    return (
        record
        | judge
        | {
            "answer_type": kind,
            "rule": rule,
            "gold": gold,
            "prediction": said,
            "score": score,
        }
    )


def _gold(gold: str, kind: str, options) -> str:
    found = gold if kind == "text" else _canonical(gold, kind, options or ())
    if found is None:
        expected = {"choice": "the letter of an option", "number": "a finite number", "vector": "a list of numbers"}
        raise ValueError(f"gold {shown(gold)}; {expected[kind]} was expected")
    return found


def _canonical(text: str, kind: str, options) -> str | None:
    """An answer that is already read, in the record table's form; None where the text is none."""
    if kind == "choice":
        named = len(text) == 1 and text in LETTERS[: len(options)]
        return first_letter(options[LETTERS.index(text)], options) if named else None
    if kind == "number":
        return text if is_number(text) else None
    return text if vector_size(text) else vector(text)


def _read(text: str, kind: str, rule, unit, options) -> str | None:
    """The answer in a model's text: as it is where it is already read, else by the rule's reader."""
    if kind == "text":
        return text if text.strip() else None
    if (found := _canonical(text, kind, options)) is not None:
        return found
    if rule is None:
        return number(text, unit) if kind == "number" else None
    return rule.reads(text, unit, options)


def _marked(columns: dict, path) -> dict:
    """The columns with the score that the rule gives where one does, held against the score that the file gives."""
    given = np.array([np.nan if score is None else score for score in columns["score"]], dtype=float)
    by_rule = np.array([(rule := RULES.get(name)) is not None and rule.counts is not None for name in columns["rule"]])
    needed = ("item", "answer_type", "rule", "gold", "prediction")
    table = pd.DataFrame({name: pd.Series(columns[name], dtype="string") for name in needed})[by_rule]
    score = given.copy()
    if len(table):
        try:
            score[by_rule] = marked_by_rule(table)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
    if (off := np.abs(given - score) > PRINTED).any():
        row = int(off.argmax())
        says = f"score {given[row]:g}, but the rule {shown(columns['rule'][row])} gives {score[row]:g}"
        raise ValueError(f"{path}: item {shown(columns['item'][row])}: {says}")
    return columns | {"score": score.tolist(), "correct": (score == 1).tolist()}


def _one(shuffled: set, path) -> str | None:
    if len(shuffled) > 1:
        one, other = sorted(shuffled)[:2]
        raise ValueError(f"{path}: letters_shuffled is {shown(one)} and {shown(other)}; one was expected")
    return shuffled.pop() if shuffled else None


def _answers_only(path, records, items, model: str) -> Log:
    """Answers without right answers: they stand in the question file."""
    if len(items) != 1:
        raise ValueError(f"{path}: has no gold; then one question file is needed (--items), not {len(items)}")
    answers, frames, models = {}, set(), set()
    for where, record in records:
        if odd := sorted(set(record) - {"item", "prediction", "frames", "model", "question", "response"}):
            raise ValueError(f"{where}: {odd[0]} without gold: the first record has none")
        if record["item"] in answers:
            raise ValueError(f"{where}: item {shown(record['item'])}: stands twice")
        answers[record["item"]] = record["prediction"]
        frames.add(record.get("frames"))
        models.add(record.get("model") or model)
    for name, found in (("frames", frames), ("model", models)):
        if len(found) > 1:
            raise ValueError(f"{path}: {name} is {some(sorted(map(str, found)))}; one was expected")
    questions = read_questions(items[0])
    return answered(questions, answers, path=path, model=models.pop(), frames=frames.pop(), partial=True)
