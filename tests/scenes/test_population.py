"""A population of channels: what it must satisfy whatever the noise."""

import pytest
import torch

from spacelib import scenes


@pytest.fixture(scope="module")
def drawn() -> scenes.Population:
    return scenes.population(28, generator=torch.Generator().manual_seed(3))


def test_questions_come_in_turn(drawn):
    assert drawn.question[:7] == drawn.question[7:14] == scenes.SHARED_ANSWER + scenes.SHARED_SCENE
    assert len(drawn.of("depth").question) == 4 == len(drawn.of("depth").together)


def test_independence_given_the_answer_shows(drawn):
    """Where frames share the answer alone the sum of what each tells is never passed; elsewhere it is, in some."""
    net = drawn.together - drawn.alone.sum(1)
    shared = torch.tensor([name in scenes.SHARED_ANSWER for name in drawn.question])
    assert (net[shared] < 4 * drawn.error[shared] * 3).all()  # the five means share their draws; each has an error like the last's
    assert (net[~shared] > 0.1).any()


def test_complementarity_is_not_negative_but_for_sampling(drawn):
    assert (drawn.complementarity > -8 * drawn.error).all()


def test_the_same_seed_gives_the_same_population():
    a, b = (scenes.population(3, ("depth",), generator=torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(a.together, b.together) and torch.equal(a.alone, b.alone)


@pytest.mark.parametrize(("number", "questions", "message"), [(0, ("depth",), "got 0"), (2, ("taste",), r"\['taste'\]"), (2, (), "at least one")])
def test_bad_input_is_named(number, questions, message):
    with pytest.raises(ValueError, match=message):
        scenes.population(number, questions, generator=torch.Generator())
