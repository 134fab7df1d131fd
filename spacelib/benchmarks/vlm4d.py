"""VLM4D: answers about videos, joined with the question files that name the video.

Official files: https://github.com/ShijieZhou-UCLA/VLM4D (logs), https://huggingface.co/datasets/shijiezhou/VLM4D
(questions). A log does not say which video a question is about, so each log is read with its question file. What is
odd in the official files and how it is handled:

- 232 right answers of the real split, and their choices, are JSON integers: everything is compared as text.
- The right answer is given as the choice's value: its letter is looked up.
- The ids of the two splits overlap: a log belongs to the question file with which its choices agree, and then every
  id, choice and right answer has to agree, the question's text too.
- gpt-4o's log of the real split reads "truning" in three questions (`MISSPELT`): accepted there, nowhere else.
- One question has two equal choices: both letters are right, both are read as the first of them, and a guess is right
  with chance 2/4.
- A few answers could not be read ("No Valid Answer"): kept, prediction missing, marked wrong, counted.
- A read answer is a letter, mostly with the choice's text behind it ("B: left"). Where the two contradict each other
  the letter counts: that reproduces the file's own marks.
- The name's ending "_32frame" is a frame count, "_1fps" a sampling rate: the number of frames is then unknown.
"""

import re
from pathlib import Path

from .fields import keyed, some
from .reading import read_json, shown
from .records import LETTER_RULE, Log, first_letter, record_table

NAME = "VLM4D"
QUESTIONS = ("vlm4d/questions/real_mc.json", "vlm4d/questions/synthetic_mc.json")  # in the registry
LETTERS = ("A", "B", "C", "D")
NO_ANSWER = "No Valid Answer"
MISSPELT = ("validation_94", "validation_95", "validation_148")
SHUFFLED = "VLM4D shuffles the choices, so the right letter is uniform whatever the question"

_LOG = {
    "id": str,
    "question": str,
    "choices": dict,
    "response": str,
    "ground_truth_answer": (str, int),
    "extracted_answer": str,
    "correct": bool,
}
QUESTION_FIELDS = {
    "id": str,
    "video": str,
    "question_type": str,
    "question": str,
    "choices": dict,
    "answer": (str, int),
}
_BUDGET = re.compile(r"_(?:(?P<frames>\d{1,6})frames?|\d+(?:\.\d+)?fps)$")
_VIDEO = re.compile(r"/videos_(?P<split>real|synthetic)/")


def recognises(head) -> bool:
    """Whether the first record has exactly the fields of a VLM4D log."""
    return isinstance(head, dict) and set(head) == set(_LOG)


def load(source, items) -> Log:
    """The log as records, joined with the question file among `items` (paths) with which its choices agree.

    Assumes `recognises(source.head)`. Errors: `ValueError` naming file and item for any record not of the official
    form, an id given twice, and any id, choice, right answer or question that does not agree with the question file,
    other than the faults named above.
    """
    path = source.path
    log = _by_id(source.content, _LOG, path)
    if not items:
        raise ValueError(f"{path}: a VLM4D log does not name its videos; its question file is needed (--items)")
    candidates = [(question_records(read_json(p), p), Path(p)) for p in items]
    questions, source = max(candidates, key=lambda candidate: _agreeing(log, candidate[0]))
    misspelt = [i for i, answer in log.items() if _join(i, answer, questions, path, source)]

    model, frames = _model_and_frames(path)
    options = {i: tuple(_texts(answer["choices"])) for i, answer in log.items()}
    gold = {i: first_letter(str(answer["ground_truth_answer"]), options[i]) for i, answer in log.items()}
    letters = {i: answer_letter(answer["extracted_answer"], answer["choices"]) for i, answer in log.items()}
    marks = {i: choice_is_right(letters[i], a["choices"], a["ground_truth_answer"]) for i, a in log.items()}
    records = record_table(
        {
            "benchmark": NAME,
            "task": [split_of(questions[i]["video"], source) for i in log],
            "item": list(log),
            "scene": [questions[i]["video"] for i in log],
            "frames": frames,
            "answer_type": "choice",
            "options": list(options.values()),
            "unit": None,
            "gold": list(gold.values()),
            "prediction": [
                None if letter is None else first_letter(str(log[i]["choices"][letter]), options[i])
                for i, letter in letters.items()
            ],
            "rule": LETTER_RULE,
            "score": [float(mark) for mark in marks.values()],
            "correct": list(marks.values()),
            "judge": None,
            "judge_reading": None,
            "model": model,
        },
        where=path,
    )
    notes, warnings = _notes(log, letters, misspelt), _warnings(log, questions, marks)
    return Log(path, records, SHUFFLED, notes, warnings)


def answer_letter(extracted: str, choices: dict) -> str | None:
    """The letter that a read answer names, None for an answer that could not be read.

    A letter alone or followed by a colon and text, the letter being one of the choices: "B", "B: left". Everything
    else, `NO_ANSWER` among it, is unparsed.
    """
    match = re.fullmatch(r"([A-Z])(?::.*)?", extracted.strip(), re.DOTALL)
    return match[1] if match and match[1] in choices else None


def choice_is_right(letter: str | None, choices: dict, gold) -> bool:
    """VLM4D's rule: right iff the choice behind the answered letter reads as the right answer; no letter is wrong."""
    return letter is not None and str(choices[letter]) == str(gold)


def question_records(content, path) -> dict:
    """The records of a question file by id. Errors: ValueError naming file and record for another form."""
    return _by_id(content, QUESTION_FIELDS, path)


def _by_id(content, fields: dict, path) -> dict:
    return keyed(content, fields, path, fault=_choices_fault)


def _choices_fault(record: dict) -> str | None:
    choices = record["choices"]
    if tuple(choices) != LETTERS or not all(type(v) in (str, int) for v in choices.values()):
        return f"choices are {shown(choices)}; texts or integers under A to D expected"
    return None


def _texts(choices: dict) -> list[str]:
    return [str(choice) for choice in choices.values()]


def _agreeing(log: dict, questions: dict) -> int:
    return sum(i in questions and _texts(a["choices"]) == _texts(questions[i]["choices"]) for i, a in log.items())


def _join(item: str, answer: dict, questions: dict, path, source) -> bool:
    """Hold one answer against its question; True for the misspelling known by name."""

    def differs(what, here, there):
        return ValueError(f"{path}: item {shown(item)}: {what} {shown(here)}, but {source} has {shown(there)}")

    if item not in questions:
        raise ValueError(f"{path}: item {shown(item)} does not stand in {source}")
    question = questions[item]
    if _texts(answer["choices"]) != _texts(question["choices"]):
        raise differs("choices", answer["choices"], question["choices"])
    if str(answer["ground_truth_answer"]) != str(question["answer"]):
        raise differs("right answer", str(answer["ground_truth_answer"]), str(question["answer"]))
    if str(question["answer"]) not in _texts(question["choices"]):
        raise ValueError(
            f"{source}: item {shown(item)}: the right answer {shown(str(question['answer']))} is no choice"
        )
    if answer["question"] == question["question"]:
        return False
    if item in MISSPELT and answer["question"].replace("truning", "turning") == question["question"]:
        return True
    raise differs("question", answer["question"], question["question"])


def split_of(video: str, source) -> str:
    """The split that a video's address names. Errors: ValueError naming `source` for another address."""
    match = _VIDEO.search(video)
    if not match:
        raise ValueError(f"{source}: video {shown(video)} lies neither under videos_real nor videos_synthetic")
    return match["split"]


def _model_and_frames(path: Path) -> tuple[str, int | None]:
    """Model and frame count, which stand in the file's name only; a sampling rate leaves the count unknown."""
    match = _BUDGET.search(path.stem)
    model = path.stem[: match.start()] if match else path.stem
    return model or path.stem, int(match["frames"]) if match and match["frames"] else None


def _plain(text: str) -> str:
    return text.strip().rstrip(".").strip().casefold()


def _contradicts(extracted: str, letter: str, choices: dict) -> bool:
    """Whether the text behind the letter is another choice's, and not the letter's own."""
    text = _plain(extracted.partition(":")[2])
    return bool(text) and text != _plain(str(choices[letter])) and text in map(_plain, _texts(choices))


def _notes(log, letters, misspelt) -> tuple[str, ...]:
    """One sentence for each known oddity that this log really shows."""
    unparsed = [i for i, letter in letters.items() if letter is None]
    equal = [i for i, a in log.items() if len(set(_texts(a["choices"]))) < len(LETTERS)]
    numbers = sum(isinstance(a["ground_truth_answer"], int) for a in log.values())
    torn = [i for i, x in letters.items() if x and _contradicts(log[i]["extracted_answer"], x, log[i]["choices"])]
    told = (
        (unparsed, f"Answers that could not be read, {len(unparsed)} ({some(unparsed)}): kept, counted as wrong."),
        (equal, f"Equal choices in {some(equal)}: each equal letter is right."),
        (numbers, f"Right answers that are numbers in the file, {numbers}: compared as text."),
        (misspelt, f"The log misspells 'turning' in {some(misspelt)}: known, accepted."),
        (torn, f"Letter and text of the answer contradict each other in {some(torn)}: the letter counts."),
    )
    return tuple(sentence for found, sentence in told if found)


def _warnings(log, questions, marks) -> tuple[str, ...]:
    """What is not as it should be: answers missing, marks that differ from the official rule."""
    missing = len(questions) - len(log)
    disagree = [i for i, mark in marks.items() if mark != log[i]["correct"]]
    told = (
        (missing, f"{missing} of {len(questions)} questions have no answer in this log: they are not in the figures."),
        (disagree, f"The file's own mark differs from the official rule in {some(disagree)}: the rule counts."),
    )
    return tuple(sentence for found, sentence in told if found)
