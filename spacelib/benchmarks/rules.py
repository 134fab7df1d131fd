"""The rules by name: how an answer to a question is read out of a text, and what credit it gets."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from . import readers
from .records import JUDGE_RULE, LETTER_RULE
from .scoring import (
    CAVQA_SHARE,
    MRA_LEVELS,
    MULTISPA_SHARE,
    SPATIALRGPT_HIGH,
    SPATIALRGPT_LOW,
    cavqa_box_counts,
    cavqa_count_matches,
    cavqa_regression_counts,
    cavqa_solid_counts,
    choice_matches,
    mean_relative_accuracy,
    multispa_pixel_counts,
    multispa_scalar_counts,
    multispa_vector_counts,
    spatialrgpt_direction_counts,
    spatialrgpt_length_counts,
)

THOUSANDTHS = 1000.0  # of a picture's width: what points are counted in


class Rule(NamedTuple):
    """How the answers of a task are read and scored.

    `says` is the rule in words, `answer_type` one of the record table's. `reads(text, unit, options)` gives the answer
    in the record table's form, None where none can be read. `counts` is the function of predictions and right answers,
    with credit in [0, 1]; None where only a judge can mark. `sets` maps right answers of numbers, shape (items,), to
    the predictions that count for them: lower and upper ends, shape (items,), or (turns, items) where predictions go
    round and the ends are given for several turns, or (levels, items) where each of several nested sets adds 1 /
    `levels` of the credit.
    """

    says: str
    answer_type: str
    reads: Callable
    counts: Callable | None
    sets: Callable | None = None
    levels: int = 1

    def scores(self, predictions, gold) -> np.ndarray:
        """Credit of each answer, shape (items,), float64, of answers in the record table's form; None gets none.

        Errors: ValueError where only a judge can mark, for unequal lengths, a right answer that the rule cannot be used
        with, and vectors of another length than their right answers.
        """
        predictions, gold = list(predictions), list(gold)
        if self.counts is None:
            raise ValueError(f"free texts are marked {self.says}, not by a rule")
        if len(predictions) != len(gold):
            raise ValueError(f"{len(predictions)} predictions but {len(gold)} right answers")
        if not gold:
            return np.zeros(0)
        if self.answer_type == "choice":
            return choice_matches(predictions, gold).astype(np.float64)
        right = np.array([_numbers(text, self.answer_type) for text in gold])
        none = np.full(right.shape[1:], np.nan)
        said = [_numbers(text, self.answer_type) if isinstance(text, str) else none for text in predictions]
        if any(values.shape != none.shape for values in said):
            raise ValueError(f"vectors of {none.size} numbers were expected")
        return np.asarray(self.counts(np.array(said), right), dtype=np.float64)


def _numbers(text: str, answer_type: str) -> np.ndarray:
    values = (float(text),) if answer_type == "number" else readers.vector_values(text)
    if values is None:
        raise ValueError(f"{text!r} is no list of finite numbers")
    return np.array(values[0] if answer_type == "number" else values)


def _share_sets(share: float) -> Callable:
    return lambda gold: (gold - share * np.abs(gold), gold + share * np.abs(gold))


def _length_sets(gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return SPATIALRGPT_LOW * gold, SPATIALRGPT_HIGH * gold


def _direction_sets(gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    turns = gold + np.array([[-12], [0], [12]])
    return turns - 1, turns + 1


def _relative_sets(gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    allowed = 1 - np.array(MRA_LEVELS)[:, None]
    return (1 - allowed) * gold, (1 + allowed) * gold


def _relative(reads: Callable) -> Rule:
    says = "by mean relative accuracy over ten tolerances"
    return Rule(says, "number", reads, mean_relative_accuracy, _relative_sets, len(MRA_LEVELS))


def _point_counts(prediction: np.ndarray, gold: np.ndarray) -> np.ndarray:
    return multispa_pixel_counts(prediction, gold, THOUSANDTHS)


RULES: dict[str, Rule] = {
    LETTER_RULE: Rule("the letter of the right option", "choice", readers.letter, choice_matches),
    "letter in the first word": Rule(
        "the letter of the right option, as the first word", "choice", readers.first_word_letter, choice_matches
    ),
    "letter in backticks": Rule(
        "the letter of the right option, in backticks", "choice", readers.backtick_letter, choice_matches
    ),
    "named option": Rule("the right option in its words", "choice", readers.option, choice_matches),
    "option in backticks": Rule(
        "the right option in its words, in backticks", "choice", readers.backtick_option, choice_matches
    ),
    "yes or no": Rule("the right one of yes and no", "choice", readers.yes_or_no, choice_matches),
    JUDGE_RULE: Rule("by the judge's mark", "text", readers.free_text, None),
    "within 25 %": Rule(
        "within 25 % of the right length", "number", readers.metres, spatialrgpt_length_counts, _length_sets
    ),
    "within one hour": Rule(
        "within one hour on the clock", "number", readers.hour, spatialrgpt_direction_counts, _direction_sets
    ),
    "within 20 %": Rule(
        "within 20 % of the right number",
        "number",
        readers.backtick_number,
        multispa_scalar_counts,
        _share_sets(MULTISPA_SHARE),
    ),
    "within 20 % of the length": Rule(
        "off by at most 20 % of the right vector's length", "vector", readers.backtick_vector, multispa_vector_counts
    ),
    "within 5 % of the width": Rule(
        "off by at most 5 % of the picture's width", "vector", readers.backtick_vector, _point_counts
    ),
    "within 10 %": Rule(
        "within 10 % of the right number", "number", readers.number, cavqa_regression_counts, _share_sets(CAVQA_SHARE)
    ),
    "exact count": Rule("the right number", "number", readers.number, cavqa_count_matches, _share_sets(0.0)),
    "overlap of 50 %": Rule("boxes that overlap by 50 %", "vector", readers.vector, cavqa_box_counts),
    "overlap of 15 %": Rule("solid boxes that overlap by 15 %", "vector", readers.vector, cavqa_solid_counts),
    "mean relative accuracy": _relative(readers.first_word_number),
}
