"""Sampled scenes: apart at all times, on the floor, the same for the same seed."""

from dataclasses import replace

import pytest
import torch

from spacelib.scenes import BOX, SPHERE, Scenes, colour_names, sample_scenes


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def footprints(scenes):
    return torch.where(scenes.kind == SPHERE, scenes.size[..., 0], scenes.size[..., :2].norm(dim=-1)) / 2


@pytest.mark.property
@pytest.mark.parametrize("speed", [0.0, 1.0])
def test_nothing_meets_at_any_time(speed):
    scenes = sample_scenes(300, generator=generator(), speed=speed, duration=1.5, dtype=torch.float64)
    reach = footprints(scenes)
    for time in torch.linspace(0, 1.5, 31):
        at = scenes.centres(time[None], 1)[:, 0]
        gap = torch.cdist(at[..., :2], at[..., :2]) - reach[:, :, None] - reach[:, None]
        assert gap[:, ~torch.eye(6, dtype=torch.bool)].min() > 0
    # the check sees it where they do: all of them thrown together
    assert (torch.cdist(0.3 * at[..., :2], 0.3 * at[..., :2]) < reach[:, :, None] + reach[:, None]).sum() > 300 * 6


def test_on_the_floor_within_the_square(dtype):
    scenes = sample_scenes(100, 4, generator=generator(), extent=3.0, dtype=dtype)
    assert scenes.centre.dtype == dtype and scenes.objects == 4 and len(scenes) == 100
    assert torch.equal(scenes.centre[..., 2], scenes.size[..., 2] / 2)
    assert scenes.centre[..., :2].abs().max() <= 3 and scenes.velocity.abs().max() == 0
    assert scenes.size.min() >= 0.3 and scenes.size.max() <= 0.9
    round_ones = scenes.kind == SPHERE
    assert (scenes.size[round_ones] == scenes.size[round_ones][:, :1]).all()
    # a fair coin, 400 times: 4 standard errors
    assert abs(round_ones.double().mean().item() - 0.5) < 4 * 0.5 / 20
    assert all(len(set(names)) == 4 for names in colour_names(scenes))


def test_the_seed_decides():
    first, again, other = (sample_scenes(5, generator=generator(seed)) for seed in (1, 1, 2))
    assert torch.equal(first.centre, again.centre) and not torch.equal(first.centre, other.centre)


def test_many_objects_repeat_colours_late():
    names = colour_names(sample_scenes(3, 10, generator=generator(), extent=6.0))
    assert all(len(set(row[:8])) == 8 and len(set(row)) == 8 for row in names)


def test_centres_move_with_time():
    scenes = sample_scenes(2, 3, generator=generator(), speed=0.5)
    at = scenes.centres(torch.tensor([0.0, 0.4]), 2)
    torch.testing.assert_close(at[:, 1] - at[:, 0], 0.4 * scenes.velocity)
    assert torch.equal(scenes.centres(None, 2), scenes.centre[:, None].expand(-1, 2, -1, -1))
    each = scenes.centres(torch.tensor([[0.0, 0.4], [0.0, 0.0]]), 2)
    assert torch.equal(each[0], at[0]) and torch.equal(each[1, 1], scenes.centre[1])
    assert torch.equal(scenes[1:].centre, scenes.centre[1:])


SCENES = sample_scenes(2, 3, generator=generator())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: sample_scenes(0, generator=generator()), "number and objects must be at least 1, got 0 and 6"),
        (lambda: sample_scenes(2, generator=generator(), smallest=1.0), "must hold, got 1.0, 0.9 and 2.5"),
        (
            lambda: sample_scenes(2, generator=generator(), speed=-1.0),
            "speed and duration must be at least 0, got -1.0",
        ),
        (
            lambda: sample_scenes(2, 9, generator=generator(), extent=0.5),
            "objects do not fit the square of half-width 0.5",
        ),
        (lambda: SCENES[SCENES.kind[:, 0] > 1], r"none of them 0, got \(0, 3\)"),
        (
            lambda: SCENES.centres(torch.zeros(3), 2),
            r"times must have shape \(2,\) or \(2, 2\), one a frame, got \(3,\)",
        ),
        (lambda: SCENES.centres(torch.full((2,), torch.nan), 2), "times must be finite, got nan"),
        (lambda: replace(SCENES, size=-SCENES.size), "size must be above 0, got -"),
        (lambda: replace(SCENES, kind=SCENES.kind + 2), r"kind must be 0 \(box\) or 1 \(sphere\), got"),
        (lambda: replace(SCENES, colour=SCENES.colour + 1), r"colour must be in \[0, 1\], got 1"),
        (lambda: replace(SCENES, yaw=SCENES.yaw[:, :2]), r"yaw must have shape \(2, 3\), got \(2, 2\)"),
        (lambda: replace(SCENES, centre=SCENES.centre * torch.nan), "centre must be finite, got nan"),
        (lambda: not_round(), "size must be the diameter three times"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def not_round():
    size = torch.tensor([[[1.0, 1.0, 2.0]]])
    same = torch.zeros(1, 1, 3)
    kind = torch.full((1, 1), SPHERE)
    Scenes(torch.full_like(kind, BOX), same, size, same[..., 0], same, same, kind > 0)  # a box may be long
    Scenes(kind, same, size, same[..., 0], same, same, kind > 0)


def test_kinds_of_numbers():
    with pytest.raises(TypeError, match="kind must be integer and present boolean"):
        replace(SCENES, present=SCENES.kind)
    with pytest.raises(TypeError, match="yaw must have the floating-point dtype of centre, got torch.float64"):
        replace(SCENES, yaw=SCENES.yaw.double())
