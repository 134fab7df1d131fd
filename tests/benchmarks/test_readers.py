"""Answers read out of texts: what is stated is read, prose is not, and hostile texts take no time."""

import json
import math
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spacelib.benchmarks import readers
from spacelib.benchmarks.rules import RULES

OPTIONS = ("left", "right", "front", "back")


@pytest.mark.parametrize(("text", "found"), [
    ("B", "B"), ("(B)", "B"), ("B.", "B"), ("[B]", "B"), ("**B**", "B"), (" B\n", "B"), ("B,", "B"),
    ("B: right", "B"), ("B. right", "B"), ("B) right", "B"), ("(B) right", "B"), ("B. It is to the right of A.", "B"),
    ("Answer: B", "B"), ("The answer is B.", "B"), ("the correct answer is (C)", "C"), ("The correct option is: D", "D"),
    ("I think so.\n\nFinal answer: **D**", "D"), ("A. no\nAnswer: B", "B"), ("Answer: A. No. Answer: B", "B"),
    ("<think>A is it</think>\nC", "C"), ("<think>x</think><answer>D</answer>", "D"), ("so \\boxed{B}", "B"),
    ("\\boxed{\\text{C}}", "C"), ("<answer>(A) left</answer>", "A"), ("right", "B"), ("Right.", "B"), ("Option B", "B"),
    ("answer is option C", "C"), ("B\nIt moves.", "B"), ("B - right", "B"), ("A:left", "A"), ("So\n\nC: front", "C"),
    ("A. It is hard\nC: front\nso", None), ("So\nC: up\n", None), ("So\nA: left\nB: right", None), ("so: A}", None), ("answer is: A}", "A"), ("the answer is: $D$", "D"), ("Answer: D (up).", "D"), ("answer: $A", "A"), ("B: left", "B"),
    ("", None), ("A chair stands there", None), ("I would say B or C", None), ("E", None), ("b", None), ("AB", None),
    ("The answer is a chair", None), ("The answer is A chair", None), ("left or right", None), ("no", None),
    ("A. left\nB. right\nC. front\nD. back", None), ("Answer: E", None), ("B is behind C", None), ("(B", "B"),
    ("The options are A and B", None), ("None of the choices", None), ("`B`", "B"),
])  # fmt: skip
def test_letters(text, found):
    assert readers.letter(text, None, OPTIONS) == found


def test_equal_options_are_one_answer():
    assert readers.letter("C", None, ("a", "b", "b")) == "B" == readers.letter("b", None, ("a", "b", "b"))


@pytest.mark.parametrize(("text", "found"), [
    ("B", "B"), ("b", "B"), ("B.", "B"), ("B. right", "B"), ("C is it", "C"), ("(B)", None), ("Answer: B", None),
    ("B\n", "B"), ("E", None), ("", None), ("right", None),
])  # fmt: skip
def test_the_first_word_as_vsi_bench_reads_it(text, found):
    assert readers.first_word_letter(text, None, OPTIONS) == found


@pytest.mark.parametrize(("read", "text", "unit", "found"), [
    (readers.first_word_number, "3", "m", "3.0"), (readers.first_word_number, "3.5 meters", "m", "3.5"),
    (readers.first_word_number, "3.5.", "m", "3.5"), (readers.first_word_number, "about 3", "m", None),
    (readers.first_word_number, "inf", "m", None), (readers.first_word_number, "nan", "m", None),
    (readers.first_word_number, "1e999", "m", None), (readers.first_word_number, "1_0", "m", None),
    (readers.first_word_number, "-2e1", "m", "-20.0"), (readers.first_word_number, ".5", "m", "0.5"),
    (readers.number, "120", "cm", "120.0"), (readers.number, "120 cm", "cm", "120.0"), (readers.number, "120cm.", "cm", "120.0"),
    (readers.number, "1.2 m", "cm", "120.0"), (readers.number, "1.2 kg", "cm", None), (readers.number, "it is 120", "cm", None),
    (readers.number, "1,200 mm", "mm", "1200.0"), (readers.number, "1,234,567.5", "mm", "1234567.5"), (readers.number, "1,20", "mm", None),
    (readers.number, "12,000 mm", "m", "12.0"), (readers.number, "1200,000", "mm", None), (readers.backtick_number, "`1,200`", "mm", "1200.0"),
    (readers.number, "3 objects", "objects", "3.0"), (readers.number, "12 degrees", "degrees", "12.0"),
    (readers.number, "12°", "degrees", "12.0"), (readers.number, "12 m", "degrees", None), (readers.number, "", "m", None),
    (readers.backtick_number, "`742` mm", "mm", "742.0"), (readers.backtick_number, "742", "mm", None),
    (readers.backtick_number, "`1` or `2`", "mm", None), (readers.backtick_number, "It is `-12.5`.", "degrees", "-12.5"),
    (readers.backtick_vector, "`[ 18 , 148 , 287 ]` mm", "mm", "[18, 148, 287]"),
    (readers.backtick_vector, "`18, 148, 287`", "mm", None), (readers.backtick_vector, "[18, 148]", "mm", None),
    (readers.vector, "[0.5, -1e2, 3.]", "m", "[0.5, -100, 3]"), (readers.vector, "[1, x]", "m", None),
    (readers.vector, "[]", "m", None), (readers.vector, "[1, 1e999]", "m", None), (readers.vector, "[[1, 2]]", "m", None),
    (readers.metres, "It is 3 feet.", "m", "0.9144"), (readers.hour, "at 5 o'clock", "o'clock", "5.0"),
    (readers.metres, "far", "m", None), (readers.hour, "noon", "o'clock", None), (readers.free_text, " a ", None, "a"),
    (readers.free_text, "  ", None, None),
])  # fmt: skip
def test_numbers_and_vectors(read, text, unit, found):
    assert read(text, unit) == found


@pytest.mark.parametrize(("text", "found"), [
    ("`left`", "A"), ("It went `Left.`", "A"), ("left", None), ("`to the left`", None), ("`left` or `right`", None),
    ("`up`", None),
])  # fmt: skip
def test_named_options(text, found):
    assert readers.backtick_option(text, None, OPTIONS) == found


def test_options_that_are_numbers_are_compared_as_numbers():
    assert readers.backtick_option("`[ 12 , 30.0 ]`", None, ("[11, 30]", "[12, 30]")) == "B"
    assert readers.backtick_option("`12, 30`", None, ("[11, 30]", "[12, 30]")) is None


@pytest.mark.parametrize(("text", "found"), [("`B`", "B"), ("It is `(B).`", "B"), ("B", None), ("`E`", None)])
def test_letters_in_backticks(text, found):
    assert readers.backtick_letter(text, None, OPTIONS) == found


@pytest.mark.parametrize(("text", "found"), [("Yes.", "A"), ("no, it is not", "B"), ("Nothing", None), ("So yes", None)])
def test_yes_and_no(text, found):
    assert readers.yes_or_no(text, None, ("Yes", "No")) == found


@pytest.mark.property
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_are_written_and_read_back(value):
    text = readers.number_text(value)
    assert float(readers.first_word_number(text)) == value == float(readers.number(text, "m"))
    assert float(readers.backtick_number(f"It is `{text}`.", "m")) == value


@pytest.mark.property
@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=7))
def test_vectors_are_written_and_read_back(values):
    text = readers.vector_text(values)
    assert readers.vector_values(text) == tuple(values) and readers.vector(text) == text
    assert readers.backtick_vector(f"`{text}` mm") == text


@pytest.mark.property
@given(st.text(), st.sampled_from(sorted(RULES)))
def test_any_text_is_read_or_not_and_what_is_read_has_the_tables_form(text, name):
    rule = RULES[name]
    found = rule.reads(text, "m", OPTIONS if rule.answer_type == "choice" else ())
    if found is None or rule.answer_type == "text":
        return
    if rule.answer_type == "choice":
        assert found in "ABCD"
    elif rule.answer_type == "number":
        assert math.isfinite(float(found)) and found == repr(float(found))
    else:
        assert all(type(v) in (int, float) and math.isfinite(v) for v in json.loads(found))


@pytest.mark.property
@given(st.text(alphabet="ABCD.:() \nxanswer is"))
def test_a_letter_that_is_read_stands_in_the_text(text):
    found = readers.letter(text, None, OPTIONS)
    assert found is None or found in text


# Pieces of which a text of a megabyte is made.
HOSTILE = ("(", "A", "A.\n", "answer is ", "<answer>", "\\boxed{", "`", "[1,", "1", "1e", "- ", "</think>",
           "answer is (A ", "option option ", "-.", " \t", "\n\n", "\\boxed{\\text{", "(A)\n")  # fmt: skip


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_megabyte_is_read_in_a_time_that_only_linear_reading_keeps(name):
    """Steps that grow with the square would be 10^12: hours, whatever the machine. Sentences take longer: 5 10^4, 2.5 10^9."""
    rule = RULES[name]
    size = 5 * 10**4 if name in ("within 25 %", "within one hour") else 10**6
    options = OPTIONS if rule.answer_type == "choice" else ()
    for piece in HOSTILE:
        text = piece * (size // len(piece))
        started = time.process_time()
        rule.reads(text, "mm", options)
        assert time.process_time() - started < 5, piece
