"""Answers: right ones count, wrong ones do not, and what cannot be read is no answer."""

from dataclasses import replace

import pytest
from question_scenes import questions

from spacelib.scenes.questions import BENCHMARKS, FAMILIES, FORMATS, score

ALL = [question for benchmark in BENCHMARKS for question in questions(benchmark)]

WRONG = {
    "sentence, yes or no": lambda gold: {"Yes": "No.", "No": "Yes, it is."}[gold],
    "sentence, a region": lambda gold: f"It is Region [{1 - int(gold)}].",
    "sentence, a length": lambda gold: f"About {1.26 * gold:.12f} m.",
    "sentence, a clock direction": lambda gold: f"At {(gold + 1) % 12 + 1} o'clock.",
    "backticks, a word": lambda gold: "`sideways`",
    "backticks, a letter": lambda gold: "`A`" if gold != "A" else "`B`",
    "backticks, one of two points": lambda gold: f"`[ {gold[0] + 1} , {gold[1]} ]`",
    "backticks, a point": lambda gold: f"`[ {gold[0] + 51} , {gold[1]} ]`",
    "backticks, a whole number": lambda gold: f"`{1.21 * gold}`",
    "backticks, a vector": lambda gold: f"`[ {1.21 * gold[0]} , {1.21 * gold[1]} , {1.21 * gold[2]} ]`",
    "yes or no": lambda gold: {"Yes": "No", "No": "Yes"}[gold],
    "a letter": lambda gold: "A" if gold != "A" else "B",
    "a count": lambda gold: str(gold + 1),
    "a number": lambda gold: f"{1.11 * gold:.12f}",
    "a box": lambda gold: f"[{gold[0]}, {gold[1]}, {gold[2] + 1.1 * (gold[2] - gold[0])}, {gold[3]}]",
    "a solid box": lambda gold: str([gold[0] + 10, *gold[1:]]),
}
NEARLY = {
    "sentence, a length": lambda gold: f"About {1.24 * gold:.12f} m.",
    "sentence, a clock direction": lambda gold: f"At {gold % 12 + 1} o'clock.",
    "backticks, a point": lambda gold: f"`[ {gold[0] + 49} , {gold[1]} ]`",
    "backticks, a whole number": lambda gold: f"`{1.19 * gold}`",
    "backticks, a vector": lambda gold: f"`[ {1.19 * gold[0]} , {1.19 * gold[1]} , {1.19 * gold[2]} ]`",
    "a number": lambda gold: f"{1.09 * gold:.12f}",
    "a box": lambda gold: f"[{gold[0]}, {gold[1]}, {gold[2] + 0.9 * (gold[2] - gold[0])}, {gold[3]}]",
    "a solid box": lambda gold: str([*gold[:3], 6 * gold[3], *gold[4:]]),  # a sixth of it is the right one
}


def test_every_format_is_asked_for():
    assert {question.answer_format for question in ALL} == set(FORMATS) == set(WRONG)
    assert {family.answer_format for families in FAMILIES.values() for family in families} == set(FORMATS)


def test_right_answers_count_and_wrong_ones_do_not():
    """The right text rounds: to half a per cent at most, or half a unit of mm, degrees or thousandths."""
    for question in ALL:
        assert score(question, question.answer), question
        assert not score(question, WRONG[question.answer_format](question.gold)), question
        if question.answer_format in NEARLY:
            assert score(question, NEARLY[question.answer_format](question.gold)), question


def test_the_written_answer_is_the_exact_one_rounded():
    for question in ALL:
        said, gold = FORMATS[question.answer_format].read(question.answer), question.gold
        if isinstance(gold, str):
            assert said == gold
        elif question.answer_format == "a solid box":
            assert said == pytest.approx(gold, abs=0.0005 + 1e-12)
        elif question.answer_format in ("sentence, a length", "a number"):
            assert said == pytest.approx(gold, rel=0.005 + 1e-9)
        else:
            assert said == pytest.approx(gold, abs=0.5 + 1e-9)


UNREADABLE = ["", "I cannot say.", "``", "`left` or `right`", "`nan`", "`[ 1 , 2 ]", "[inf, 1, 2, 3]", "1e999"]


@pytest.mark.parametrize("text", UNREADABLE)
def test_what_cannot_be_read_does_not_count(text):
    for question in {question.answer_format: question for question in ALL}.values():
        assert score(question, text) is False


def test_thousandths_are_scored_in_pixels():
    """5 % of the width are 25 thousandths of a picture's height that is twice its width."""
    question = next(q for q in ALL if q.answer_format == "backticks, a point")
    tall = replace(question, image=(80, 160), gold=(500.0, 500.0))
    assert score(tall, "`[ 500 , 525 ]`") and not score(tall, "`[ 500 , 526 ]`")
    assert score(tall, "`[ 550 , 500 ]`") and not score(tall, "`[ 551 , 500 ]`")


def test_an_answer_is_a_text():
    with pytest.raises(TypeError, match="answer must be a text, got int"):
        score(ALL[0], 3)
