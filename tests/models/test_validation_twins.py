"""Twins as exact channels: what they hold, and that what is sampled agrees with other routes to the same numbers."""

import math

import pytest
import torch
from torch.special import entr

from spacelib.models.validation import look, order, sideways, twin
from spacelib.models.validation.learning import _least
from spacelib.scenes.questions import CAVQA, MULTISPA, SPATIALRGPT, score

MOVED = "object_movement_dot_displacement_vector_static_camera"


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture(scope="module")
def heights():
    return twin(SPATIALRGPT, "height", questions=12, generator=generator())


@pytest.fixture(scope="module")
def turns():
    return twin(MULTISPA, "camera_yaw_movement", questions=12, generator=generator())


def test_what_a_twin_holds(heights, turns):
    """One wording, all of its scenes, the benchmark's own rule: 25 % here, a word there."""
    assert len(heights.questions) == len(heights.scenes) == len(heights.cameras.pose) == 12
    gold = torch.tensor([question.gold for question in heights.questions], dtype=torch.float64)
    own = gold[[int((heights.target == i).nonzero()[0]) for i in range(len(heights.wins))]]
    within = (own[:, None] >= 0.75 * own) & (own[:, None] <= 1.25 * own)
    assert torch.equal(heights.wins, within.double())
    assert heights.blind == pytest.approx((within.double() @ heights.law).max().item()) and not heights.categorical
    assert turns.categorical and {question.gold for question in turns.questions} == {"left", "right"}
    for question in (*heights.questions, *turns.questions):
        assert score(question, question.answer)


def test_the_same_seed_gives_the_same_twin(turns):
    again = twin(MULTISPA, "camera_yaw_movement", questions=12, generator=generator())
    assert torch.equal(again.channel.templates, turns.channel.templates) and torch.equal(again.target, turns.target)


def test_two_points_are_told_apart_by_place():
    """The words name two points: the answer is which, not where."""
    points = twin(MULTISPA, "depth_comparison_coor", questions=12, generator=generator())
    assert len(points.wins) == 2 and points.categorical


def test_laws_are_those_of_the_channel(turns):
    """By subset, from sums over frames, beside the channel's own posterior; rounding of sums of some thousand terms."""
    seen = look(turns.at(3.0), 40, generator=generator(1))
    for frames in ((0,), (1,), (0, 1)):
        exact = seen.twin.channel.posterior(seen.images[:, list(frames)], frames)
        assert torch.allclose(seen.scene[frames], exact, atol=1e-8)
        assert torch.allclose(seen.law(frames).sum(-1), torch.ones(40, dtype=torch.float64))


def test_information_is_the_channels(turns):
    """About the question, two independent samples of it: within four standard errors of their difference."""
    own = turns.at(3.0)
    seen = look(own, 1500, generator=generator(1)).scene_information((0, 1))
    (other,) = own.channel.information([(0, 1)], 1500, generator=generator(2)).values()
    error = math.hypot(seen.std().item() / math.sqrt(1500), other.standard_error)
    assert abs(seen.mean().item() - other.estimate) < 4 * error


def test_without_noise_all_is_known_and_with_much_nothing(heights):
    clear, dark = (look(heights.at(ratio), 200, generator=generator(1)) for ratio in (100.0, 0.01))
    assert clear.accuracy(clear.all).min() > 1 - 1e-9
    assert dark.accuracy(dark.all).mean().item() == pytest.approx(heights.blind, abs=0.02)
    assert dark.information(dark.all).mean().item() < 0.01 * entr(heights.law).sum()


def test_loose_pictures_tell_no_direction():
    """Each film is also asked backwards: in order it tells, out of order exactly nothing."""
    films = sideways(twin(MULTISPA, MOVED, questions=12, generator=generator()))
    pointed = films.channel.templates.unflatten(-1, (8, -1))[..., 3:, :]
    assert not pointed.any()  # a dot in the first picture would tell which one that is
    told = order(films.at(16.0), 500, generator=generator(1))
    assert told.film.interval[0] > max(told.first.interval[1], told.second.interval[1])
    assert abs(told.loose.estimate) < 1e-12
    assert told.entropy == pytest.approx(math.log(2))


def test_the_least_number_of_samples():
    """One decoder of risk 1/2: the least n with P(|mean - 1/2| >= .1) <= .05, by the binomial law, within sampling.

    From 400 repetitions: at the n found, and at one a tenth larger and smaller, the frequency is within four standard
    errors of .05.
    """
    from scipy.stats import binom

    loss = torch.tensor([[0.0], [1.0]], dtype=torch.float64)
    found = _least(loss, loss.mean(0), 400, generator(3))

    def exceeds(n):
        low = math.floor(n * 0.4 + 1e-9)
        return 2 * binom.cdf(low, n, 0.5)

    spread = 4 * math.sqrt(0.05 * 0.95 / 400)
    assert exceeds(round(0.9 * found)) > 0.05 - spread and exceeds(round(1.1 * found)) < 0.05 + spread


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda g: twin(CAVQA, "nothing", generator=g), "generate: task must be one of"),
        (lambda g: twin(CAVQA, "binary", questions=1, generator=g), "twin: questions must be at least 2, got 1"),
        (lambda g: sideways(twin(MULTISPA, "camera_yaw_movement", questions=2, generator=g)), "sideways: displacement"),
        (
            lambda g: order(twin(SPATIALRGPT, "height", questions=2, generator=g), generator=g),
            "order: a twin of 2 frames was expected, got 1",
        ),
    ],
)
def test_refusals(make, says):
    with pytest.raises(ValueError, match=says):
        make(generator())
