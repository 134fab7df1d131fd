"""The question table and the marking of texts against it: official credit, and one sentence for what is wrong."""

import numpy as np
import pytest

from spacelib.benchmarks import RULES, Questions, answered, question_table

COLUMNS = {
    "item": ["c", "n", "v", "p", "t"],
    "task": ["letters", "sizes", "moves", "points", "talk"],
    "scene": ["s1", "s1", "s2", None, "s3"],
    "frames": [2, None, 2, 1, None],
    "answer_type": ["choice", "number", "vector", "vector", "text"],
    "options": [("a", "b"), None, None, None, None],
    "unit": [None, "m", "mm", "thousandths", None],
    "gold": ["B", "2.0", "[0, 30, 40]", "[500, 375]", "It is red."],
    "rule": ["letter", "mean relative accuracy", "within 20 % of the length", "within 5 % of the width", "judge"],
    "question": "What?",
    "aspect": [None, None, None, 0.75, None],
}


def asked(**changes):
    return Questions("questions.json", "Synthetic", question_table(COLUMNS | changes, where="questions.json"))


def test_texts_are_marked_by_the_rule_of_their_question():
    said = {"c": "Answer: B", "n": "3", "v": "`[0, 30, 50]`", "p": "`[ 530 , 520 ]`", "t": "blue"}
    log = answered(asked(), said, path="log.json", model="m", frames=None)
    records = log.records.set_index("item")
    assert list(records.index) == ["c", "n", "v", "p"]  # only a judge can mark the text
    assert records["score"].tolist() == [1, 0.1, 1, 1] and records["correct"].tolist() == [True, False, True, True]
    assert records["prediction"].tolist() == ["B", "3.0", "[0, 30, 50]", "[530, 390]"]
    assert records["rule"].tolist() == COLUMNS["rule"][:4] and "judge" in log.warnings[0] and not log.notes
    assert records.loc["p", "scene"] is not None and records["frames"].isna().tolist() == [False, True, False, False]


def test_what_cannot_be_read_is_kept_wrong_and_named():
    log = answered(asked(), dict.fromkeys("cnvpt", "dunno") | {"n": None, "v": "`[1, 2]`"}, path="log", model="m", partial=True)
    assert log.records["prediction"].isna().all() and (log.records["score"] == 0).all()
    assert "could not be read, 4" in log.notes[0]


def test_frames_fill_what_is_unknown_only():
    said = {"n": "2"}
    log = answered(asked(), said, path="log", model="m", frames=32, partial=True)
    assert not log.images_of_questions and answered(asked(), said, path="log", model="m", partial=True).images_of_questions
    assert log.records["frames"].tolist() == [32] and "4 of 5 questions have no answer" in log.warnings[0]
    with pytest.raises(ValueError, match="item 'c' shows 2 frames, not 32"):
        answered(asked(), {"c": "A"}, path="log", model="m", frames=32, partial=True)
    for frames in (0, True, 1.0):
        with pytest.raises(ValueError, match="a whole number from 1 on was expected"):
            answered(asked(), said, path="log", model="m", frames=frames, partial=True)


@pytest.mark.parametrize(("said", "message"), [
    ({"x": "B"}, "log: item 'x' does not stand in questions.json$"),
    ({"c": "B"}, r"log: 4 of 5 questions have no answer \('n', 'v', 'p', 't'\)"),
    ({}, "log: 5 of 5 questions have no answer"),
])  # fmt: skip
def test_answers_that_do_not_fit_are_named(said, message):
    with pytest.raises(ValueError, match=message):
        answered(asked(), said, path="log", model="m")


def test_questions_without_names_say_that_they_are_numbered_from_1():
    """Answers numbered from 0 would each be held against the next question."""
    numbered = asked(item=["1", "2", "3", "4", "5"])
    with pytest.raises(ValueError, match="item '0' does not stand in questions.json .items are numbered from 1, the"):
        answered(numbered, {"0": "B", "1": "2"}, path="log", model="m", partial=True)
    log = answered(numbered, {"1": "B", "2": "2"}, path="log", model="m", partial=True)
    assert "3 of 5 questions (items are numbered from 1, the first record; so must be" in log.warnings[0]
    named = answered(asked(), {"c": "B"}, path="log", model="m", partial=True)
    assert named.warnings[0].endswith("not in the figures.")


def test_texts_that_nothing_can_mark_and_no_texts_are_refused():
    with pytest.raises(ValueError, match="no answer that a rule can mark"):
        answered(asked(), {"t": "red"}, path="log", model="m", partial=True)
    with pytest.raises(TypeError, match="item 'c': the answer 3 is no text"):
        answered(asked(), {"c": 3}, path="log", model="m", partial=True)


@pytest.mark.parametrize(("column", "value", "message"), [
    ("item", "c", "'c': stands twice"), ("item", None, "item is missing"), ("task", None, "task is missing"),
    ("frames", 0, "0 frames"), ("answer_type", "essay", "answer type 'essay'"), ("rule", "taste", "rule 'taste', which"),
    ("rule", "letter", "the rule 'letter' marks no number"), ("options", ("a", "b"), "options .* of a free answer"),
    ("unit", None, "a number without a unit"), ("gold", "x", "gold 'x' is no finite number"),
    ("gold", "nan", "'nan' is no finite"), ("gold", "1e999", "no finite number"), ("gold", "2", "gold '2' is no"),
    ("gold", "0.0", "'n': right answer '0.0': mean_relative_accuracy: gold must be positive"),
    ("gold", None, "gold is missing"), ("question", None, "question is missing"), ("aspect", -1.0, "aspect -1.0"),
    ("task", "letters", "task 'letters' has answers marked by several rules"),
])  # fmt: skip
def test_each_fault_of_a_question_is_named(column, value, message):
    column_values = [COLUMNS[column]] * 5 if isinstance(COLUMNS[column], str) else list(COLUMNS[column])
    column_values[1] = value
    with pytest.raises(ValueError, match=f"questions.json: item .*{message}"):
        asked(**{column: column_values})


@pytest.mark.parametrize(("options", "gold", "message"), [
    (("a",), "A", "2 to 26 options expected, found 1"), (None, "A", "options None"), (["a", "b"], "A", "a tuple of texts"),
    (("a", 1), "A", "a tuple of texts"), (("a", "b"), "C", "gold 'C' is no letter"), (("a", "a"), "B", "no letter of a distinct"),
    (tuple("x" * 27), "A", "found 27"),
])  # fmt: skip
def test_each_fault_of_a_choice_is_named(options, gold, message):
    with pytest.raises(ValueError, match=f"item 'c': .*{message}"):
        asked(options=[options, None, None, None, None], gold=[gold, *COLUMNS["gold"][1:]])


@pytest.mark.parametrize("gold", ["[1, 2", "[]", "[1, NaN]", "7", "[1.0, 2]", "[1e999, 1]", '["1", 2]', "[true, 1]"])
def test_a_vector_is_a_canonical_list(gold):
    with pytest.raises(ValueError, match="item 'v': gold .* is no list of finite numbers"):
        asked(gold=[*COLUMNS["gold"][:2], gold, *COLUMNS["gold"][3:]])


def test_a_right_answer_of_another_length_is_named():
    with pytest.raises(ValueError, match=r"item 'p': right answer '\[1, 2, 3\]': multispa_pixel_counts: points"):
        asked(gold=[*COLUMNS["gold"][:3], "[1, 2, 3]", "x"])


def test_no_questions_and_unknown_columns_are_refused():
    with pytest.raises(ValueError, match="q: no questions"):
        question_table({"item": []}, where="q")
    with pytest.raises(ValueError, match=r"unknown: \['colour'\]"):
        question_table(COLUMNS | {"colour": "red"}, where="q")


def official_share(text, right):
    """VSI-Bench's evaluation of a number, in its own steps."""
    try:
        said = float(text.split(" ")[0].rstrip(".").strip())
    except ValueError:
        return 0.0
    return float((abs(said - right) / right <= 1 - np.linspace(0.5, 0.95, int((0.95 - 0.5) / 0.05 + 2))).mean())


@pytest.mark.oracle
def test_mean_relative_accuracy_is_that_of_the_official_code():
    """On a grid where errors of just 5, 10, ... % are many."""
    rule = RULES["mean relative accuracy"]
    for right in (0.1, 0.3, 0.7, 1.0, 2.9, 3.0, 7.3, 10.0, 26.4, 100.0):
        texts = [f"{right * share / 100:.4g}{end}" for share in range(0, 260) for end in ("", ".", " meters")]
        texts += ["about 3", "", "inf", "-1", "1e3", ".5", "5.", "nan", "three"]
        said = [rule.reads(text) for text in texts]
        assert rule.scores(said, [repr(right)] * len(said)) == pytest.approx([official_share(t, right) for t in texts], abs=1e-12)


@pytest.mark.parametrize("name", sorted(RULES))
def test_sets_of_numbers_hold_what_the_rule_marks(name):
    """At the ends of each set, a little inside and a little outside."""
    rule = RULES[name]
    if rule.sets is None:
        assert rule.answer_type != "number" and rule.levels == 1
        return
    gold = np.array([3.0, 7.0, 11.0])
    low, high = (np.atleast_2d(ends) for ends in rule.sets(gold))
    for guess in np.concatenate([(ends + step).ravel() for ends in (low, high) for step in (-1e-6, 1e-6)]):
        if name == "within one hour" and not 0 < guess <= 12:
            continue
        held = ((low <= guess) & (guess <= high)).sum(0) / rule.levels
        said = [repr(float(guess))] * 3
        assert rule.scores(said, [repr(float(g)) for g in gold]) == pytest.approx(held)
