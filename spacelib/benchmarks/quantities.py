"""Lengths and clock directions read out of free text: what a sentence states, or nothing.

How a text is read, and what counts where it states several, is said at `length` and `clock_hour`. What is not read is
not guessed: a number without a unit, a count of pixels, a share of the image, "a foot" is no length.
"""

import math
import re
import unicodedata
from fractions import Fraction
from functools import cache
from typing import NamedTuple

# The unit names that count, each with the name that `pint` knows it by. A list of our own decides what is a unit,
# since pint also takes points, links, hands and rods for lengths, and "in" for inches in "2 in the image".
_NAMES = {
    "millimeter": ("millimeters", "millimetre", "millimetres", "mm"),
    "centimeter": ("centimeters", "centimetre", "centimetres", "cm", "cms"),
    "decimeter": ("decimeters", "decimetre", "decimetres", "dm"),
    "meter": ("meters", "metre", "metres", "m"),
    "kilometer": ("kilometers", "kilometre", "kilometres", "km"),
    "inch": ("inches", "in", '"'),
    "foot": ("feet", "ft", "'"),
    "yard": ("yards", "yd", "yds"),
    "mile": ("miles", "mi"),
}
_UNIT_OF = {spelt: name for name, others in _NAMES.items() for spelt in (name, *others)}

_ONES = "zero one two three four five six seven eight nine ten eleven twelve".split()
_ONES += "thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = dict(zip(_ONES, range(20))) | {word: 10 * tens for tens, word in enumerate(_TENS, 2)}
_SCALES = {"hundred": 100, "thousand": 1000}
_PARTS = {"half": Fraction(1, 2), "halves": Fraction(1, 2), "third": Fraction(1, 3), "thirds": Fraction(1, 3)}
_PARTS |= {"quarter": Fraction(1, 4), "quarters": Fraction(1, 4)}
_ARTICLES = ("a", "an")
_PLACES = ("yard", "foot")  # "in a yard", "at a foot of the bed": behind an article no lengths

# Possessive quantifiers throughout: a text of a million digits is read in a million steps.
_DIGITS = r"(?:\d{1,3}+(?:,\d{3}(?!\d))++|\d++(?!,\d))(?:\.\d++)?+(?:[eE][+-]?\d++)?+|\.\d++"
_FRACTION = r"(?:\d++[ \t-]++)?\d++/\d++"
_WORD = rf"(?:{'|'.join((*_VALUES, *_SCALES, *_PARTS, *_ARTICLES, 'couple'))})\b"
_NUMBER = re.compile(
    r"(?<![\w.,/])(?<!(?<![\w'\"])[-−–])"  # not inside a word or number, nor behind a minus: no length is negative
    rf"(?:(?P<fraction>{_FRACTION})(?![\d/])"
    rf"|(?P<digits>{_DIGITS})(?P<more>\s+and\s+(?:a\s+)?(?:half|quarter)\b)?+"
    rf"|(?P<words>{_WORD}(?:[ \t-]++(?:{_WORD}|(?:and|of)\b))*+))",
    re.IGNORECASE,
)
_SPELT = "|".join(sorted((s for s in _UNIT_OF if s.isalpha() and s != "in"), key=len, reverse=True))
_UNIT = re.compile(
    rf"(?:[ \t-]?[ \t]*+\n?[ \t]*+(?P<name>{_SPELT})(?![\w²³^]|/[A-Za-z])(?:\s+and\s+a\s+(?P<more>half|quarter)\b)?+"
    # "in" is a unit only where no other word than one of measure goes on from it.
    r"|[ \t-]?[ \t]*+(?P<inch>in)(?![\w'’-])(?=\.|\s*+(?:$|[),;:!?\n/–-]"
    r"|(?:tall|wide|high|long|deep|apart|away|from|and|or|to|by|x|in)\b))"
    # A quotation mark is a unit only directly behind the number, and not as the end of a quotation.
    r"|(?P<mark>[\"'])(?![A-Za-z]))",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*+(?:[-–—~]|to|or)\s*+(?:about\s|approximately\s|around\s)?+", re.IGNORECASE)
_BETWEEN = re.compile(r"\bbetween\s+(?:about\s|approximately\s|around\s)?$", re.IGNORECASE)
_AND = re.compile(r"\s+and\s+(?:about\s|approximately\s|around\s)?+", re.IGNORECASE)
_JOINED = re.compile(r",?\s*+(?:and\s+)?+", re.IGNORECASE)
_RESULT = re.compile(r"\b(?:answer|therefore|thus|in conclusion)\b", re.IGNORECASE)
_CLOCK = re.compile(r"\s*+o\s?'?\s?clock", re.IGNORECASE)


class Length(NamedTuple):
    """A length that a text states, in metres, and where in the text (after `plain`) it begins and ends.

    To twelve digits: 3.5 feet and 42 inches are the same length, whatever their conversions' rounding.
    """

    metres: float
    start: int
    end: int


def length(text: str) -> float | None:
    """The length in metres that a text states, None where it states none.

    Where it states several, the first behind the last word that announces a result counts ("Answer:", "therefore");
    without such a word, the first of all. A range counts as its middle; feet and inches, or metres and centimetres, one
    behind the other are one length; a conversion in brackets is a second length. Zero is not a length.
    Assumes English; commas group thousands ("1,5" is not read).
    """
    text = plain(text)
    if not (found := _lengths(text)):
        return None
    announced = max((m.end() for m in _RESULT.finditer(text) if m.end() <= found[-1].start), default=0)
    return next(stated.metres for stated in found if stated.start >= announced)


def lengths(text: str) -> list[Length]:
    """All lengths that a text states, in its order; ranges and compound lengths are one each."""
    return _lengths(plain(text))


def _lengths(text: str) -> list[Length]:
    numbers = [(m.start(), m.end(), value) for m in _NUMBER.finditer(text) if (value := _value(m)) is not None]
    found, i = [], 0
    while i < len(numbers):
        start = numbers[i][0]
        metres, end, i = _range(text, numbers, i)
        if metres is not None and 0 < metres < math.inf:
            found.append(Length(float(f"{metres:.12g}"), start, end))
    return found


def clock_hour(text: str) -> float | None:
    """The clock direction that a text states, an hour in (0, 12], None where it states none.

    "2 o'clock", "two o'clock"; of several the first. Two hours with "to", "or", a dash, or "and" behind "between"
    count as their middle on the shorter way round. Other hours than 1 to 12 are no direction.
    """
    text = plain(text)
    numbers = [(m.start(), m.end(), value) for m in _NUMBER.finditer(text) if (value := _value(m)) is not None]
    hours = [(start, end, float(value)) for start, end, value in numbers if value in range(1, 13)]
    for i, (start, end, hour) in enumerate(hours):
        after = _CLOCK.match(text, end)
        if i + 1 < len(hours) and _range_end(text, start, after.end() if after else end) == hours[i + 1][0]:
            if _CLOCK.match(text, hours[i + 1][1]):
                half = ((hours[i + 1][2] - hour + 6) % 12 - 6) / 2
                return (hour + half) % 12 or 12.0
        if after:
            return hour
    return None


def plain(text: str) -> str:
    """The text without emphasis marks and terminal colours; fractions, apostrophes, quotation marks in plain forms."""
    text = re.sub(r"\x1b\[[0-9;]*+[A-Za-z]", "", text)  # else "\x1b[31m", red, would be 31 metres
    text = "".join(f" {Fraction(unicodedata.numeric(c)).limit_denominator(10)}" if _vulgar(c) else c for c in text)
    text = text.translate(_PLAIN)
    return re.sub(r"''", '"', text)


_PLAIN = str.maketrans(
    {"’": "'", "‘": "'", "′": "'", "”": '"', "“": '"', "″": '"', "⁄": "/", "\u00a0": " "}
) | dict.fromkeys(map(ord, "*`"))


def _vulgar(c: str) -> bool:
    return not c.isascii() and unicodedata.decomposition(c).startswith("<fraction>") and unicodedata.numeric(c, 2) < 1


def _value(match: re.Match) -> Fraction | float | None:
    """The number that was matched, None where its words make none or it is not finite."""
    if match["fraction"]:
        whole, _, ratio = match["fraction"].replace("-", " ").rpartition(" ")
        above, below = ratio.split("/")
        return float(whole or 0) + float(above) / float(below) if float(below) else None
    if match["digits"]:
        value = float(match["digits"].replace(",", ""))
        value += float(_PARTS[match["more"].split()[-1].lower()]) if match["more"] else 0
        return value if math.isfinite(value) else None
    return _words(re.split(r"[\s-]+", match["words"].lower()))


def _words(words: list[str]) -> float | None:
    """ "two and a half", "half a", "a couple of", "one hundred and five", "a": the number, None where it is none."""
    while words and words[-1] in ("and", "of"):
        words = words[:-1]
    if len(words) > 1 and words[-1] in _ARTICLES:  # "half a", "a quarter of a"
        words = words[:-1]
        words = words[:-1] if words[-1] == "of" else words
    if not words:
        return None
    if words[-1] in _PARTS:
        part, before = _PARTS[words[-1]], words[:-1]
        if "and" in before:  # "two and a half", "two and three quarters"
            place = len(before) - 1 - before[::-1].index("and")
            whole, times = _cardinal(before[:place]), _cardinal(before[place + 1 :] or ["a"])
            return None if whole is None or times is None else float(whole + times * part)
        times = _cardinal(before or ["a"])
        return None if times is None else float(times * part)
    if words[-1] == "couple":
        return 2.0 if words[:-1] in (["a"], []) else None
    cardinal = _cardinal(words)
    return None if cardinal is None else float(cardinal)


def _cardinal(words: list[str]) -> int | None:
    """A whole number in words below a million, None where the words do not make one."""
    if words in (["a"], ["an"]):
        return 1
    total, group = 0, None
    for place, word in enumerate(words):
        if word in _ARTICLES and place == 0 and words[1:2] and words[1] in _SCALES:
            group = 1
        elif word == "and" and 0 < place < len(words) - 1 and words[place - 1] in _SCALES:
            pass
        elif word in _VALUES and (group is None or _fits(group, _VALUES[word])):
            group = (group or 0) + _VALUES[word]
        elif word == "hundred" and group is not None and 0 < group < 100:
            group *= 100
        elif word == "thousand" and group and not total:
            total, group = 1000 * group, None
        else:
            return None
    return total + (group or 0) if words else None


def _fits(group: int, value: int) -> bool:
    """Whether a word's value can follow what was said: units behind tens, anything under 100 behind hundreds."""
    return value > 0 and (group % 100 == 0 < group or (20 <= group % 100 and group % 10 == 0 and value < 10))


def _range(text: str, numbers: list, i: int) -> tuple:
    """The length that begins at number i: metres or None, its end, and the number to go on with."""
    start, end, value = numbers[i]
    low, end, following = _single(text, numbers, i)
    if following < len(numbers) and _range_end(text, start, end) == numbers[following][0]:
        high, far, beyond = _single(text, numbers, following)
        if high is not None:
            first = low if low is not None else value * _last_factor(text, numbers, following)
            return (first + high) / 2, far, beyond
    return low, end, following


def _range_end(text: str, start: int, end: int) -> int | None:
    """Where the second number of a range must start, None where the words behind `end` make no range."""
    joined = _RANGE.match(text, end) or (_BETWEEN.search(text, max(0, start - 30), start) and _AND.match(text, end))
    return joined.end() if joined else None


def _single(text: str, numbers: list, i: int) -> tuple:
    """Number i with its unit, and a smaller one directly behind it: metres or None, its end, the next number."""
    unit = _unit(text, numbers[i])
    if unit is None:
        return None, numbers[i][1], i + 1
    factor, more, end = unit
    metres = (numbers[i][2] + more) * factor
    if i + 1 < len(numbers) and (joined := _JOINED.match(text, end)) and joined.end() == numbers[i + 1][0]:
        if (smaller := _unit(text, numbers[i + 1])) and smaller[0] < factor and numbers[i + 1][2] * smaller[0] < factor:
            return metres + numbers[i + 1][2] * smaller[0], smaller[2], i + 2
    return metres, end, i + 1


def _last_factor(text: str, numbers: list, i: int) -> float:
    """The unit that the lower end of a range borrows from its upper end."""
    return _unit(text, numbers[i])[0]


def _unit(text: str, number: tuple) -> tuple[float, float, int] | None:
    """Metres in the unit behind a number, what "and a half" behind the unit adds, and the end of both."""
    start, end, _ = number
    match = _UNIT.match(text, end)
    if match is None or (match["mark"] and text[start - 1 : start] == match["mark"]):
        return None
    if text[start:end].lower() == "a" and (match["name"] or "").lower() in _PLACES:
        return None
    more = float(_PARTS[match["more"].lower()]) if match["more"] else 0.0
    return _metres(_UNIT_OF[(match["name"] or match["inch"] or match["mark"]).lower()]), more, match.end()


@cache
def _metres(unit: str) -> float:
    """Metres in one unit, exact in decimal digits."""
    from decimal import Decimal

    import pint  # takes a third of a second to load: only where lengths are read

    return float(pint.UnitRegistry(non_int_type=Decimal).Quantity(Decimal(1), unit).m_as("meter"))
