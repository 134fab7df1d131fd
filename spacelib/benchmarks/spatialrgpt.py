"""SpatialRGPT-Bench: free-text answers about one picture, in the three forms in which its files go round.

- A judged log, one record a line: each answer with the mark of a language model. It names no picture, so questions are
  the only unit, unless a question file gives the pictures.
- A file of predictions, as the official evaluation writes it: answers with their picture, no marks.
- The benchmark's own records (https://huggingface.co/datasets/a8cheng/SpatialRGPT-Bench): questions and right answers,
  no predictions: a question file. Its nested fields may be written as Python literals.

What is odd in the files and how it is handled:

- Right answers are sentences in metres, centimetres, feet or inches: numbers are read out (`quantities`) in metres.
- For numbers the official rule counts (`scoring`), not the judge's mark, which stands beside it: a judge that was asked
  for metres marks no clock direction right, and reads ranges at their lower end or not at all (`disagreement`).
- For free texts the judge's mark is the score. Where the judge failed ("<ERROR: ...>") there is none: the answer counts
  as wrong, as in the file, and is counted as not judged. Predictions without marks leave the free texts out, in words.
- The 24 values of `qa_category` fold into the benchmark's twelve tasks.
"""

import json
import re
from pathlib import Path

import pandas as pd

from .fields import keyed, literal, some
from .reading import read_json, shown
from .records import JUDGE_RULE, Log, record_table
from .rules import RULES

NAME = "SpatialRGPT-Bench"
QUESTIONS = ()  # the registry has no question file

# Task: its qa_category values, and its number of questions.
TASKS = {
    "below_above": (("below_predicate", "below_choice", "above_predicate", "above_choice"), 120),
    "left_right": (("left_predicate", "left_choice", "right_predicate", "right_choice"), 105),
    "big_small": (("big_predicate", "big_choice", "small_predicate", "small_choice"), 106),
    "tall_short": (("tall_predicate", "tall_choice", "short_predicate", "short_choice"), 112),
    "wide_thin": (("wide_predicate", "wide_choice", "thin_predicate", "thin_choice"), 104),
    "behind_front": (("behind_predicate", "behind_choice", "front_predicate", "front_choice"), 110),
    "direct_distance": (("distance_data",), 148),
    "horizontal_distance": (("horizontal_distance_data",), 122),
    "vertical_distance": (("vertical_distance_data",), 106),
    "width": (("width_data",), 133),
    "height": (("height_data",), 133),
    "direction": (("direction",), 107),
}
_TASK_OF = {category: task for task, (categories, _) in TASKS.items() for category in categories}
_LENGTHS = ("direct_distance", "horizontal_distance", "vertical_distance", "width", "height")
NUMERIC = dict.fromkeys(_LENGTHS, ("within 25 %", "m")) | {"direction": ("within one hour", "o'clock")}  # rule, unit
_KINDS = {"qualitative": False, "quantitative": True}  # qa_type: is the answer a number
_JUDGED = {
    "id": str,
    "question": str,
    "ground_truth": str,
    "prediction": str,
    "qa_type": str,
    "qa_category": str,
    "score": (int, float),
    "correct": bool,
    "judge_response": str,
}
_PREDICTED = {
    "question_id": str,
    "image": str,
    "question": str,
    "pred": str,
    "gt": str,
    "model_id": str,
    "qa_info": (dict, str),
}
QUESTION_FIELDS = {
    "id": str,
    "image_info": (dict, str),
    "text_q": str,
    "qa_info": (dict, str),
    "conversations": (list, str),
}


def recognises(head) -> bool:
    """Whether the first record has one of the three forms."""
    if not isinstance(head, dict):
        return False
    return set(head) in (set(_JUDGED), set(_PREDICTED)) or set(head) >= set(QUESTION_FIELDS)


def load(source, items) -> Log:
    """The log as records, one task for each of the twelve categories that occur; pictures from `items` where given.

    Assumes `recognises(source.head)`. Errors: ValueError naming file and item for a record not of the form that the
    first has, an identifier given twice, an unknown category, a right answer without a number, several models, a
    question file in place of a log, and any identifier, category or right answer that a question file has otherwise.
    """
    path, content, first = source.path, source.content, source.head
    if set(first) == set(_JUDGED):
        answers = keyed(content, _JUDGED, path, fault=_judged_fault)
        return _judged(path, answers, *_pictures(path, answers, items))
    if set(first) == set(_PREDICTED):
        answers = keyed(content, _PREDICTED, path, key="question_id")
        return _predicted(path, answers, items)
    raise ValueError(f"{path}: holds questions and no answers; it can be given as a question file (--items) with a log")


def read_questions(path) -> pd.DataFrame:
    """The benchmark's own records as a table indexed by item: scene (the picture), task, question, gold (a sentence).

    Errors: OSError where the file cannot be read; ValueError naming file and record for another form, nested fields
    that are no Python literals, an unknown category, or anything but one question with one answer.
    """
    return question_rows(path, read_json(path))


def question_rows(path, content) -> pd.DataFrame:
    """As `read_questions`, of a file that is parsed already."""
    rows = {}
    for item, record in keyed(content, QUESTION_FIELDS, path, others=True).items():
        where = f"{path}: item {shown(item)}"
        image = _nested(record, "image_info", dict, where).get("file_path")
        if not isinstance(image, str) or not image:
            raise ValueError(f"{where}: image_info names no file_path")
        said = _nested(record, "conversations", list, where)
        if len(said) != 2 or not all(isinstance(turn, dict) and isinstance(turn.get("value"), str) for turn in said):
            raise ValueError(f"{where}: conversations are {shown(said)}; one question and one answer were expected")
        rows[item] = (image, _task(_nested(record, "qa_info", dict, where), where), record["text_q"], said[1]["value"])
    return pd.DataFrame.from_dict(rows, orient="index", columns=["scene", "task", "question", "gold"], dtype="string")


def _nested(record: dict, field: str, kind: type, where: str):
    """A nested field, which may be written as a Python literal; nothing in it is executed."""
    value = record[field]
    if isinstance(value, str):
        try:
            value = literal(value)
        except ValueError as error:
            raise ValueError(f"{where}: {field} {error}") from None
    if not isinstance(value, kind):
        raise ValueError(f"{where}: {field} is {shown(value)}, not of the official form")
    return value


def _task(info: dict, where: str) -> str:
    category, kind = info.get("category"), info.get("type")
    if not isinstance(category, str) or category not in _TASK_OF:
        raise ValueError(f"{where}: the category {shown(category)} is none of the benchmark's")
    if not isinstance(kind, str) or _KINDS.get(kind) is not (_TASK_OF[category] in NUMERIC):
        raise ValueError(f"{where}: the type {shown(kind)} does not go with the category {shown(category)}")
    return _TASK_OF[category]


def _judged_fault(record: dict) -> str | None:
    if record["score"] not in (0, 1) or bool(record["score"]) != record["correct"]:
        return f"score {shown(record['score'])} and correct {record['correct']} do not agree"
    return None


def _judged(path: Path, answers: dict, scenes: dict, told: tuple[str, ...]) -> Log:
    rows = []
    for item, answer in answers.items():
        where = f"{path}: item {shown(item)}"
        task = _task({"type": answer["qa_type"], "category": answer["qa_category"]}, where)
        spoke, reading = _judge(answer["judge_response"])
        row = _row(item, task, answer["ground_truth"], answer["prediction"], where)
        row |= {"scene": scenes.get(item), "judge": answer["correct"] if spoke else None}
        if task in NUMERIC:
            row["judge_reading"] = reading
        else:
            row["correct"] = answer["correct"] and spoke
        rows.append(row)
    silent = [row["item"] for row in rows if row["judge"] is None and row["task"] not in NUMERIC]
    notes = [*told]
    if silent:
        notes.append(f"Free texts that the judge gave no mark to, {len(silent)} ({some(silent)}): counted as wrong.")
    return Log(path, _table(rows, path.stem, path), None, tuple(notes), _warnings(rows), images_of_questions=True)


def _predicted(path: Path, answers: dict, items) -> Log:
    model, *others = dict.fromkeys(answer["model_id"] for answer in answers.values())
    if others:
        raise ValueError(f"{path}: answers of {shown(model)} and of {shown(others[0])}; one model was expected")
    rows, left_out = [], []
    for item, answer in answers.items():
        where = f"{path}: item {shown(item)}"
        task = _task(_nested(answer, "qa_info", dict, where), where)
        if task in NUMERIC:
            rows.append(_row(item, task, answer["gt"], answer["pred"], where) | {"scene": answer["image"] or None})
        else:
            left_out.append(item)
    if not rows:
        raise ValueError(f"{path}: only free texts, which need a judge's mark; this form has none")
    told = f"Free texts, {len(left_out)} ({some(left_out)}): they need a judge's mark, so they are not in the figures."
    _, notes = _pictures(path, answers, items)
    return Log(
        path, _table(rows, model or path.stem, path), None, notes, ((told,) if left_out else ()) + _warnings(rows)
    )


def right_answer(task: str, gold: str, where: str) -> dict:
    """The question table's columns of a right answer: the number in a sentence, or the text itself, for a judge.

    Errors: ValueError naming `where` for a sentence without the number that its task asks for.
    """
    if task not in NUMERIC:
        return {"answer_type": "text", "unit": None, "gold": gold, "rule": JUDGE_RULE}
    rule, unit = NUMERIC[task]
    if (number := RULES[rule].reads(gold)) is None:
        raise ValueError(f"{where}: no number of the unit {unit} can be read in the right answer {shown(gold)}")
    return {"answer_type": "number", "unit": unit, "gold": number, "rule": rule}


def _row(item: str, task: str, gold: str, prediction: str, where: str) -> dict:
    """What every form says of an answer; `correct` is by rule for a number, and left to the judge for a text."""
    row = {"item": item, "task": task, "scene": None, "judge": None, "judge_reading": None}
    row |= right_answer(task, gold, where)
    rule = RULES[row["rule"]]
    row["prediction"] = rule.reads(prediction)
    if task in NUMERIC:
        row["correct"] = bool(rule.scores([row["prediction"]], [row["gold"]])[0])
    return row


def _table(rows: list[dict], model: str, path: Path) -> pd.DataFrame:
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    columns["score"] = [float(mark) for mark in columns["correct"]]
    fixed = {"benchmark": NAME, "frames": 1, "options": None, "model": model}
    return record_table(columns | fixed, where=path)


def _judge(response: str) -> tuple[bool, str | None]:
    """Whether the judge gave a mark, and the length in metres that it read in the answer."""
    try:
        value = json.loads(re.sub(r"^\s*```(?:json)?|```\s*$", "", response))
    except (ValueError, RecursionError):
        return False, None
    if not isinstance(value, dict) or not {"output", "predicted_meters"} & set(value):
        return False, None
    read = value.get("predicted_meters")
    return True, repr(float(read)) if type(read) in (int, float) and abs(read) < 1e300 else None


def _pictures(path: Path, answers: dict, items) -> tuple[dict, tuple[str, ...]]:
    """The picture of each answer from the question files among `items`, and what to say of the others."""
    scenes, notes = {}, []
    for source in items:
        content = read_json(source)
        record = content[0] if isinstance(content, list) and content else content
        if not isinstance(record, dict) or not set(record) >= set(QUESTION_FIELDS):
            notes.append(f"{Path(source).name} holds no questions of {NAME}: not used.")
            continue
        asked = question_rows(source, content)
        for item, answer in answers.items():
            if item not in asked.index:
                raise ValueError(f"{path}: item {shown(item)} does not stand in {source}")
            gold = answer.get("ground_truth", answer.get("gt"))
            if gold != asked.loc[item, "gold"]:
                there = shown(asked.loc[item, "gold"])
                raise ValueError(f"{path}: item {shown(item)}: right answer {shown(gold)}, but {source} has {there}")
            scenes[item] = asked.loc[item, "scene"]
    return scenes, tuple(notes)


def _warnings(rows: list[dict]) -> tuple[str, ...]:
    """Tasks of which some questions have no answer."""
    found = pd.Series([row["task"] for row in rows]).value_counts()
    short = [f"{asked - found[t]} of {asked} in {t}" for t, (_, asked) in TASKS.items() if 0 < found.get(t, 0) < asked]
    return (f"Questions without an answer in this log, not in the figures: {', '.join(short)}.",) if short else ()
