"""Frame selection where the truth is known: channels, bits, keys, copies; and rules that look at poses."""

import math

import pytest
import torch

import spacelib
from spacelib import bounds, models, scenes
from spacelib.models.selection import growths
from spacelib.scenes import Channel


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def bits(shown: list[set[int]], noise: float = 0.05) -> Channel:
    """Frames that show some of six fair bits each as bright or dark pixels, nearly without noise; the target is all six."""
    values = (torch.arange(64)[:, None] >> torch.arange(6)) & 1
    pictures = torch.zeros(64, 1, len(shown), 1, 6, dtype=torch.float64)
    for k, seen in enumerate(shown):
        pictures[:, 0, k, 0, sorted(seen)] = values[:, sorted(seen)].double()
    return Channel(pictures, torch.full((64, 1), 1 / 64, dtype=torch.float64), torch.full((len(shown),), noise, dtype=torch.float64))


def test_greedy_misses_the_best_pair_and_keeps_its_promise():
    channel = bits([{0, 1, 2, 3}, {0, 1, 4}, {2, 3, 5}])
    chosen = models.select_frames(channel, 2, samples=500, generator=seeded(0))
    assert chosen.order[0] == 0 and not chosen.refuted and chosen.factor == 0.75
    assert chosen.information[0].estimate == pytest.approx(4 * math.log(2), abs=1e-6)  # noise of 1/20: errors of 10 sigma
    assert chosen.information[1].estimate == pytest.approx(5 * math.log(2), abs=1e-6)
    best = 6 * math.log(2)
    assert chosen.information[1].estimate >= chosen.factor * (best - chosen.slack)


def test_a_hidden_target_refutes_the_guarantee():
    chosen = models.select_frames(scenes.channels.same_side(), 2, generator=seeded(1))
    assert chosen.refuted and chosen.factor is None and chosen.slack > 0.1


def test_frames_independent_given_the_target_are_not_refuted():
    for name in ("depth", "occlusion"):
        chosen = models.select_frames(getattr(scenes.channels, name)(), 3, generator=seeded(2))
        assert not chosen.refuted and chosen.factor == bounds.greedy_guarantee(3)


def test_samples_choose_as_their_channel_does():
    """Four noisy looks at a number, the third the sharpest, the second a copy of it: the copy comes last."""
    generator = seeded(3)
    x = torch.randn(3000, 1, generator=generator).double()
    looks = [x + s * torch.randn(3000, 1, generator=generator).double() for s in (2.0, 1.0, 0.5, 1.5)]
    looks[1] = looks[2] + 1e-3 * torch.randn(3000, 1, generator=generator).double()
    chosen = models.select_frames(looks, 3, target=x, generator=seeded(4))
    assert chosen.order[0] in (1, 2) and set(chosen.order[1:]) == {0, 3}
    assert not chosen.refuted
    truth = math.log1p(1 / 0.25) / 2
    assert abs(chosen.information[0].estimate - truth) < 4 * chosen.information[0].standard_error


def test_samples_refute_a_sum_of_two():
    """The target is x + y and the frames are x and y: I(x; x + y) = ln(2)/2 each and together without bound; with noise, still more than twice."""
    generator = seeded(5)
    x, y = torch.randn(2, 3000, 1, generator=generator).double()
    target = x + y + 0.3 * torch.randn(3000, 1, generator=generator).double()
    chosen = models.select_frames([x, y], 2, target=target, generator=seeded(6))
    assert chosen.refuted and chosen.factor is None


def test_a_false_alarm_is_rare():
    """Independent looks at a number: at 95 % simultaneous at most 1 in 20 runs refutes; of 40 runs 7 or more would be a chance of 0.3 %."""
    alarms = 0
    for seed in range(40):
        generator = seeded(100 + seed)
        x = torch.randn(400, 1, generator=generator).double()
        looks = [x + torch.randn(400, 1, generator=generator).double() for _ in range(3)]
        alarms += models.select_frames(looks, 1, target=x, generator=generator).refuted
    assert alarms < 7


def test_growths_are_the_violations_of_the_table():
    table = torch.rand(3, 16, generator=seeded(7)).double()
    table[:, 0] = 0
    assert torch.equal(growths(table).amax(-1), bounds.submodularity_violation(table))


def test_the_name_at_the_top():
    assert spacelib.select_frames is models.select_frames
    with pytest.raises(AttributeError, match="no attribute 'choose'"):
        spacelib.choose  # noqa: B018


@pytest.mark.parametrize(("call", "message"), [
    (lambda: models.select_frames(scenes.channels.same_side(), 5), "from 1 to the 4 frames, got 5"),
    (lambda: models.select_frames(scenes.channels.same_side(), 1, target=torch.zeros(3)), "left out with a channel"),
    (lambda: models.select_frames([torch.zeros(50, 1)], 1), "target must be given"),
    (lambda: models.uniform_frames(3, 0), "from 1 to the 3 frames, got 0"),
    (lambda: models.farthest_poses(torch.zeros(3, 4), 1), r"shape \(frames, 4, 4\), got \(3, 4\)"),
    (lambda: models.farthest_poses(torch.eye(4).expand(3, 4, 4), 1, first=3), "from 0 to 2, got 3"),
    (lambda: models.diverse_poses(torch.eye(4).expand(3, 4, 4), 1, sharpness=torch.zeros(3)), "above 0"),
    (lambda: models.min_frames(1.5, {}), r"in \(0, 1\], got 1.5"),
    (lambda: models.min_frames(0.5, {}), "at least one, got none"),
    (lambda: models.min_frames(0.5, {0: None}), r"got \[0\]"),
    (lambda: models.compare_rules(scenes.channels.same_side(), torch.eye(4)[None]), "of the 4 frames, got 1"),
])
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
