"""The formats in which the benchmarks answer: how a right answer is written, an answer read, and whether it counts.

Reading never guesses: what does not hold the one expected thing is no answer, and does not count. Texts of
SpatialRGPT-Bench are officially marked by a language model; here the right answer is known, so its yes, no or region is
read out and compared.
"""

import math
import re
from collections.abc import Callable
from typing import NamedTuple

from spacelib.benchmarks.quantities import clock_hour, length
from spacelib.benchmarks.scoring import (
    cavqa_box_counts,
    cavqa_count_matches,
    cavqa_regression_counts,
    cavqa_solid_counts,
    choice_matches,
    multispa_pixel_counts,
    multispa_scalar_counts,
    multispa_vector_counts,
    spatialrgpt_direction_counts,
    spatialrgpt_length_counts,
)
from spacelib.scenes.questions.family import Draw, Question, from_thousandths

LENGTH_UNITS = {"meters": 1.0, "centimeters": 0.01, "feet": 0.3048, "inches": 0.0254}
_NUMBER = r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?"


class Format(NamedTuple):
    """How an answer is written from the exact one (with chance, where units vary), read from a text, and scored.

    `read` gives None where there is no answer; `counts` says by the official rule whether what was read is right.
    """

    write: Callable[[object, Draw], str]
    read: Callable[[str], object]
    counts: Callable[[object, Question], bool]


def score(question: Question, answer: str) -> bool:
    """Whether an answer counts by the benchmark's official rule; one that cannot be read does not.

    The right answer is the exact one, not its rounded text. Errors: TypeError for an answer that is no text.
    """
    if not isinstance(answer, str):
        raise TypeError(f"score: answer must be a text, got {type(answer).__name__}")
    form = FORMATS[question.answer_format]
    said = form.read(answer)
    return said is not None and bool(form.counts(said, question))


def _length_text(metres: float, draw: Draw) -> str:
    """With two decimals, in a unit in which those are at most 1 % of it."""
    unit = draw.one([name for name, factor in LENGTH_UNITS.items() if metres >= factor])
    return f"{metres / LENGTH_UNITS[unit]:.2f} {unit}"


def _in_backticks(text: str) -> str | None:
    """What stands in the only pair of backticks."""
    found = re.findall(r"`([^`]*)`", text)
    return found[0].strip() if len(found) == 1 else None


def _numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """Just `count` finite numbers, in square brackets where there are several."""
    if text is None:
        return None
    inner = text.strip()
    if count > 1:
        if not (inner.startswith("[") and inner.endswith("]")):
            return None
        inner = inner[1:-1]
    parts = [part.strip() for part in inner.split(",")]
    if len(parts) != count or not all(re.fullmatch(_NUMBER, part) for part in parts):
        return None
    values = tuple(float(part) for part in parts)
    return values if all(math.isfinite(value) for value in values) else None


def _one_number(text: str | None) -> float | None:
    found = _numbers(text, 1)
    return None if found is None else found[0]


def _yes_or_no(text: str) -> str | None:
    """Yes or No, if the text begins with it."""
    found = re.match(r"\W*(yes|no)\b", text, re.IGNORECASE)
    return found[1].capitalize() if found else None


def _region(text: str) -> str | None:
    """The number of the only region that is named."""
    found = set(re.findall(r"Region \[(\d+)\]", text))
    return found.pop() if len(found) == 1 else None


def _letter(text: str | None) -> str | None:
    """A single letter, in brackets, followed by a full stop, or bare."""
    found = re.fullmatch(r"\(?([A-Z])\)?\.?", text.strip()) if text else None
    return found[1] if found else None


def _matches(said: str, question: Question) -> bool:
    return bool(choice_matches([said], [question.gold])[0])


def _pixel_counts(said: tuple[float, float], question: Question) -> bool:
    """Thousandths are of width and of height: the rule is asked in pixels."""
    there, right = (from_thousandths(point, question.image) for point in (said, question.gold))
    return multispa_pixel_counts(there, right, question.image[0])


def _bracketed(values, spec: str = "") -> str:
    return "[ " + " , ".join(format(value, spec) for value in values) + " ]"


# Format: written, read, scored.
FORMATS = {
    "sentence, yes or no": Format(lambda gold, _: f"{gold}.", _yes_or_no, _matches),
    "sentence, a region": Format(lambda gold, _: f"It is Region [{gold}].", _region, _matches),
    "sentence, a length": Format(
        lambda gold, draw: f"It is {_length_text(gold, draw)}.",
        length,
        lambda said, question: spatialrgpt_length_counts(said, question.gold),
    ),
    "sentence, a clock direction": Format(
        lambda gold, _: f"It is at {round(gold) or 12} o'clock.",
        clock_hour,
        lambda said, question: spatialrgpt_direction_counts(said, question.gold),
    ),
    "backticks, a word": Format(lambda gold, _: f"`{gold}`", _in_backticks, _matches),
    "backticks, a letter": Format(lambda gold, _: f"`{gold}`", lambda text: _letter(_in_backticks(text)), _matches),
    "backticks, one of two points": Format(
        lambda gold, _: f"`{_bracketed(gold)}`",
        lambda text: _numbers(_in_backticks(text), 2),
        lambda said, question: tuple(said) == tuple(question.gold),
    ),
    "backticks, a whole number": Format(
        lambda gold, _: f"`{round(gold)}`",
        lambda text: _one_number(_in_backticks(text)),
        lambda said, question: multispa_scalar_counts(said, question.gold),
    ),
    "backticks, a vector": Format(
        lambda gold, _: f"`{_bracketed([round(value) for value in gold])}`",
        lambda text: _numbers(_in_backticks(text), 3),
        lambda said, question: multispa_vector_counts(list(said), list(question.gold)),
    ),
    "backticks, a point": Format(
        lambda gold, _: f"`{_bracketed([round(value) for value in gold])}`",
        lambda text: _numbers(_in_backticks(text), 2),
        _pixel_counts,
    ),
    "yes or no": Format(lambda gold, _: gold, _yes_or_no, _matches),
    "a letter": Format(lambda gold, _: gold, _letter, _matches),
    "a count": Format(
        lambda gold, _: str(gold), _one_number, lambda said, question: cavqa_count_matches(said, question.gold)
    ),
    "a number": Format(
        lambda gold, _: f"{gold:.3g}", _one_number, lambda said, question: cavqa_regression_counts(said, question.gold)
    ),
    "a box": Format(
        lambda gold, _: _bracketed(gold),
        lambda text: _numbers(text, 4),
        lambda said, question: cavqa_box_counts(list(said), list(question.gold)),
    ),
    "a solid box": Format(
        lambda gold, _: _bracketed(gold, ".3f"),
        lambda text: _numbers(text, 7),
        lambda said, question: cavqa_solid_counts(list(said), list(question.gold)),
    ),
}
