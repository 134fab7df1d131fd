"""Reading an answer out of what a model wrote: a letter, a named option, a number, a vector, or nothing.

Each reader takes the text and gives the answer in the record table's form, None where the text does not hold just one.
Nothing is guessed out of prose. What a model thought before it answered is left aside: text up to the last "</think>",
and all but the last "<answer>...</answer>" or "\\boxed{...}" where there are such marks.
"""

import json
import math
import re

from .quantities import clock_hour, length
from .records import LETTERS, first_letter

# Possessive quantifiers throughout: a megabyte is read in a megabyte's steps.
_TAGGED = re.compile(r"<answer>([^<]*+)(?:</answer>|\Z)", re.IGNORECASE)
_BOXED = re.compile(r"\\boxed\{(?:\\text\{)?+([^{}]*+)\}")
_ALONE = re.compile(r"[(\[]?+([A-Z])[)\]]?+[.:,]?+(?:[ \t]*+\n.*+)?", re.DOTALL)
_MARKED = re.compile(r"(?:\(([A-Z])\)|([A-Z])[).:]|([A-Z])[ \t]++[-–—])\s.*+|([A-Z]):.*+", re.DOTALL)
_LISTED = re.compile(r"^[ \t]*+(?:\(([A-Z])\)|([A-Z])[).:])[ \t]++(.*+)$", re.MULTILINE)
_ANNOUNCED = re.compile(
    r"\b(?:answer|option|choice)(?:[ \t]++(?:is|would[ \t]++be))?+[ \t]*+[:=]?+\s*+"
    r"(?:(?:option|choice)[ \t]++)?+[$(\[]*+((?-i:[A-Z]))(?=[)\].,:;!?$}]|[ \t]*+(?:\(|\n|\Z))",
    re.IGNORECASE,
)
_NUMBER = r"[-+]?+(?:\d++(?:\.\d*+)?+|\.\d++)(?:[eE][-+]?+\d++)?+"
_ONE = re.compile(_NUMBER)
_GROUPED = r"[-+]?+\d{1,3}(?:,\d{3})++(?:\.\d++)?+"  # commas group thousands, as in quantities
_MEASURE = re.compile(rf"({_GROUPED}|{_NUMBER})\s*+((?:[^\W\d]|°).*+)?+")
_UNITS = {  # of an asked unit: what else it is called behind a number
    "degrees": ("degrees", "degree", "deg", "°"),
    "objects": ("objects", "object"),
    "square metres": ("square metres", "square meters", "m²", "m^2", "sqm"),
}
_METRES = {"mm": 1000.0, "cm": 100.0, "m": 1.0}  # of these units a metre has so many


def number_text(value: float) -> str:
    """A number as the record table has it: the shortest digits that give the same double."""
    return repr(float(value))


def vector_text(values) -> str:
    """A vector as the record table has it: a JSON list, whole numbers without a point."""
    return json.dumps([int(v) if float(v).is_integer() and abs(v) < 2**53 else float(v) for v in values])


def vector_values(text: str) -> tuple[float, ...] | None:
    """The finite numbers of a JSON list, None where the text is no such list."""
    try:
        values = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, list) or not values or any(type(v) not in (int, float) for v in values):
        return None
    try:
        numbers = tuple(float(v) for v in values)
    except OverflowError:
        return None
    return numbers if all(map(math.isfinite, numbers)) else None


def answer_text(text: str) -> str:
    """The text behind the thinking: of the last "<answer>" or "\\boxed{}" where there is one, without emphasis."""
    text = text[text.rfind("</think>") + len("</think>") :] if "</think>" in text else text
    for mark in (_TAGGED, _BOXED):
        if found := mark.findall(text):
            text = found[-1]
    return text.replace("*", "").strip()


def letter(text: str, unit=None, options=()) -> str | None:
    """The letter of one of `options` that a text names.

    In this order: the last announced one ("Answer: B", "the answer is (B).", "option B" at a line's end); a letter
    alone, or alone in the first line ("B", "(B)", "B."); a letter marked off in front ("B: left", "(B) left", "B -
    left"), unless another line starts so with another letter; the only line that is an option, its letter and its words;
    the words of one option and nothing else. A letter inside a sentence is none.
    """
    text = answer_text(text).replace("`", "")
    letters = LETTERS[: len(options)]
    listed = [(a or b, words) for a, b, words in _LISTED.findall(text)]
    if said := [found for found in _ANNOUNCED.findall(text) if found in letters]:
        found = said[-1]
    elif alone := _ALONE.fullmatch(text):
        found = alone[1]
    elif marked := _MARKED.fullmatch(text):
        found = next(filter(None, marked.groups()))
        if {other for other, _ in listed} - {found}:
            return None
    else:
        whole = {c for c, words in listed if c in letters and _same(words) == _same(options[LETTERS.index(c)])}
        if len(whole) != 1:
            return None if whole else _named(text, options)
        (found,) = whole
    return first_letter(options[LETTERS.index(found)], tuple(options)) if found in letters else None


def backtick_letter(text: str, unit=None, options=()) -> str | None:
    """The letter in the text's only pair of backticks, as MultiSPA asks for it."""
    inner = _backticked(text)
    return None if inner is None else letter(inner, unit, options)


def first_word_letter(text: str, unit=None, options=()) -> str | None:
    """VSI-Bench's reading: the first word without its full stop is the letter, capital or small."""
    found = _first_word(text).upper()
    letters = LETTERS[: len(options)]
    return first_letter(options[letters.index(found)], tuple(options)) if len(found) == 1 and found in letters else None


def option(text: str, unit=None, options=()) -> str | None:
    """The letter of the option whose words, or numbers, are all of the text."""
    return _named(answer_text(text), options)


def backtick_option(text: str, unit=None, options=()) -> str | None:
    """The letter of the option whose words, or numbers, stand in the text's only pair of backticks."""
    inner = _backticked(text)
    return None if inner is None else _named(inner, options)


def _named(text: str, options) -> str | None:
    """The letter of the one option whose words, or numbers, are the text's."""
    said = _same(text)
    found = list(dict.fromkeys(first_letter(o, tuple(options)) for o in options if _same(o) == said))
    return found[0] if len(found) == 1 else None


def yes_or_no(text: str, unit=None, options=()) -> str | None:
    """The letter of the option Yes or No with which the text begins."""
    found = re.match(r"\W*+(yes|no)\b", answer_text(text), re.IGNORECASE)
    said = [LETTERS[i] for i, o in enumerate(options) if found and o.casefold() == found[1].casefold()]
    return said[0] if len(said) == 1 else None


def first_word_number(text: str, unit=None, options=()) -> str | None:
    """VSI-Bench's reading: the first word without its full stop is the number, in the unit asked for."""
    return _finite(_first_word(text))


def number(text: str, unit=None, options=()) -> str | None:
    """The number that is all of the text, or with its unit behind it: a length in any unit is converted."""
    return _measure(answer_text(text), unit)


def backtick_number(text: str, unit=None, options=()) -> str | None:
    """The number in the text's only pair of backticks, as MultiSPA asks for it."""
    inner = _backticked(text)
    return None if inner is None else _measure(inner, unit)


def vector(text: str, unit=None, options=()) -> str | None:
    """The numbers in square brackets that are all of the text."""
    return _listed(answer_text(text))


def backtick_vector(text: str, unit=None, options=()) -> str | None:
    """The numbers in square brackets in the text's only pair of backticks."""
    inner = _backticked(text)
    return None if inner is None else _listed(inner)


def metres(text: str, unit=None, options=()) -> str | None:
    """The length that a sentence states, in metres (`quantities.length`)."""
    return None if (found := length(text)) is None else number_text(found)


def hour(text: str, unit=None, options=()) -> str | None:
    """The clock direction that a sentence states (`quantities.clock_hour`)."""
    return None if (found := clock_hour(text)) is None else number_text(found)


def free_text(text: str, unit=None, options=()) -> str | None:
    """The text itself, None where it is blank."""
    return text.strip() or None


def _first_word(text: str) -> str:
    return text.split(" ", 1)[0].rstrip(".").strip()


def _backticked(text: str) -> str | None:
    """What stands in the only pair of backticks."""
    parts = text.split("`")
    return parts[1].strip() if len(parts) == 3 else None


def _same(text: str):
    """What two writings of one option have in common: its numbers, or its words."""
    listed = _listed(text)
    return listed if listed is not None else " ".join(text.strip().rstrip(".").split()).casefold()


def _finite(text: str) -> str | None:
    if not _ONE.fullmatch(text) or not math.isfinite(value := float(text)):
        return None
    return number_text(value)


def _measure(text: str, unit: str | None) -> str | None:
    found = _MEASURE.fullmatch(text.strip().rstrip("."))
    if found is None:
        return None
    if found[2] is None or found[2].casefold() in (unit, *_UNITS.get(unit, ())):
        return _finite(found[1].replace(",", ""))
    if unit not in _METRES or (stated := length(text)) is None:
        return None
    return number_text(float(f"{stated * _METRES[unit]:.12g}"))


def _listed(text: str) -> str | None:
    text = text.strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    parts = [part.strip() for part in text[1:-1].split(",")]
    numbers = [_finite(part) for part in parts]
    return None if None in numbers else vector_text([float(value) for value in numbers])
