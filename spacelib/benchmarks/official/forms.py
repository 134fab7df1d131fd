"""What the official forms share: pictures' names, which are never opened, lettered options, right answers."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from spacelib.benchmarks.fields import form_fault, some
from spacelib.benchmarks.questions import QUESTION_COLUMNS, Questions, question_table
from spacelib.benchmarks.readers import number_text
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTER_RULE, LETTERS, first_letter

_LETTERED = re.compile(r"\(?([A-Z])[).:]\s*+(.*+)", re.DOTALL)
_MARK = re.compile(r"(?<![^\s(])(?:\(([A-Z])\)|([A-Z])[).:])(?=\s)")
_REQUEST = re.compile(r"\s(?:Please |Your )?[Aa]nswer\b")
_UNIT = re.compile(r"\b(?:(centimet(?:er|re)s?|cm)|(millimet(?:er|re)s?|mm)|(met(?:er|re)s?|m))\b", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")


def first_record(content) -> dict:
    """The first record of a parsed file of them, an empty one where there is none."""
    record = content[0] if isinstance(content, list) and content else content
    return record if isinstance(record, dict) else {}


def numbered(content, fields: dict, path, *, others: bool = False) -> Iterator[tuple[int, str, dict]]:
    """The records of a file without identifiers: number, from 1, where it stands, and the record, held to its fields.

    Errors: ValueError naming file and record for another one (`others`: whether it may have further fields).
    """
    for number, record in enumerate(content if isinstance(content, list) else [content], 1):
        where = f"{path}: record {number}"
        if fault := form_fault(record, fields, others):
            raise ValueError(f"{where}: {fault}")
        yield number, where, record


def picture(name, where: str) -> PurePosixPath:
    """The name of a picture or video inside its benchmark's folder, in parts.

    Errors: ValueError for anything but a relative path with forward slashes that stays in its folder; its last part
    only is shown, since a foreign absolute path tells of a foreign machine.
    """
    if not isinstance(name, str):
        raise ValueError(f"{where}: the name of a picture is {shown(name)}; a text was expected")
    path = PurePosixPath(name)
    if (
        not path.parts
        or path.is_absolute()
        or "\\" in name
        or _DRIVE.match(name)
        or {"..", "\0"} & {*path.parts, *name}
    ):
        last = re.split(r"[\\/]", name)[-1]
        raise ValueError(
            f"{where}: the name of a picture that ends in {shown(last)} is no relative path inside its folder"
        )
    return path


def one_scene(names, scene_of: Callable, where: str) -> str:
    """The scene that all pictures show, `scene_of` each. Errors: ValueError for no picture, or several scenes."""
    if not isinstance(names, list) or not names:
        raise ValueError(f"{where}: pictures are {shown(names)}; a list of names was expected")
    scenes = dict.fromkeys(scene_of(picture(name, where)) for name in names)
    if len(scenes) > 1:
        raise ValueError(f"{where}: pictures of several scenes, {some(scenes)}")
    return next(iter(scenes))


def count_of(pictures, where: str) -> int | None:
    """The number of pictures in a list, None where their column was not read."""
    if pictures is None:
        return None
    if not isinstance(pictures, list) or not pictures:
        raise ValueError(f"{where}: pictures are {shown(pictures)}; a list of at least one was expected")
    return len(pictures)


def unit_in(text: str) -> str | None:
    """The last unit of length that a text names: mm, cm or m."""
    found = _UNIT.findall(text)
    return next(unit for unit, spelt in zip(("cm", "mm", "m"), found[-1]) if spelt) if found else None


def texts(values, where: str, what: str) -> tuple[str, ...]:
    """A list of texts as it should be, ValueError for anything else."""
    if not isinstance(values, list | tuple) or not values or not all(isinstance(v, str) for v in values):
        raise ValueError(f"{where}: {what} are {shown(values)}; a list of texts was expected")
    return tuple(values)


def lettered(options: Sequence[str], where: str) -> tuple[str, ...]:
    """Options without the letters before them: "A. left", "B. right" are left and right.

    Either all have their own letter in order, or none is taken for lettered.
    Errors: ValueError where letters stand before all options, but not in order.
    """
    marked = [_LETTERED.fullmatch(option.strip()) for option in options]
    if not all(marked):
        return tuple(options)
    if [match[1] for match in marked] != list(LETTERS[: len(options)]):
        raise ValueError(f"{where}: the options {shown(list(options))} have letters that are not A, B, ... in order")
    return tuple(match[2].strip() for match in marked)


def listed_options(question: str, where: str) -> tuple[str, ...]:
    """The options that stand in a question itself: "A. left", "(B) right", "C: front" in order, each to the next.

    Of several sequences the last counts. An option ends with its line, and before a request to answer.
    Errors: ValueError where there are fewer than two.
    """
    marks = [(match.start(), match.end(), match[1] or match[2]) for match in _MARK.finditer(question)]
    first = [i for i, (_, _, letter) in enumerate(marks) if letter == "A"]
    kept = []
    for mark in marks[first[-1] :] if first else ():
        if len(kept) < len(LETTERS) and mark[2] == LETTERS[len(kept)]:
            kept.append(mark)
    if len(kept) < 2:
        raise ValueError(f"{where}: no options A, B, ... can be read in the question {shown(question)}")
    ends = [start for start, _, _ in kept[1:]] + [len(question)]
    said = [question[begin:end].split("\n")[0] for (_, begin, _), end in zip(kept, ends)]
    return tuple(_REQUEST.split(words)[0].strip().rstrip(",;.").strip() for words in said)


def right_letter(answer, options: tuple[str, ...], where: str) -> str:
    """The letter of the right option, given as its letter ("B", "(B)", "B. left") or as its words.

    Where letter and words stand together, they must agree; where the answer is both some option's words and a letter,
    the words count, as in options A, B, C of things that are called so.
    Errors: ValueError for an answer that names no option.
    """
    if isinstance(answer, str):
        said = answer.strip()
        if said in options:
            return first_letter(said, options)
        match = _LETTERED.fullmatch(said)
        if match and match[1] in LETTERS[: len(options)]:
            words = options[LETTERS.index(match[1])]
            if match[2].strip() in ("", words.strip()):
                return first_letter(words, options)
        elif len(said) == 1 and said in LETTERS[: len(options)]:
            return first_letter(options[LETTERS.index(said)], options)
    raise ValueError(f"{where}: the right answer {shown(answer)} names none of the options {shown(list(options))}")


def right_number(answer, where: str) -> str:
    """A right answer that is a number, or a text of one, in the table's form. Errors: ValueError for another one."""
    try:
        if isinstance(answer, bool) or not isinstance(answer, str | int | float):
            raise ValueError
        return number_text(float(answer))
    except (ValueError, OverflowError):
        raise ValueError(f"{where}: the right answer {shown(answer)} is no number") from None


def choice(options: tuple[str, ...], gold: str, rule: str = LETTER_RULE) -> dict:
    """The columns of a multiple choice."""
    return {"answer_type": "choice", "options": options, "gold": gold, "rule": rule}


def questions(path, benchmark: str, rows: list[dict], **known) -> Questions:
    """Rows with the columns of the question table, as Questions; `known` are its further fields."""
    columns = {name: [row.get(name) for row in rows] for name in QUESTION_COLUMNS}
    return Questions(Path(path), benchmark, question_table(columns, where=path), **known)
