"""The question of the phase diagram and its two sides, where the truth is known."""

import math
from dataclasses import replace

import pytest
import torch

from spacelib.models.crossover import measure, question, sides
from spacelib.models.crossover.question import BOX_NOISE, FARTHEST, NEAREST, look, middle, rig
from spacelib.models.crossover.sides import errors_of, explicit_errors, explicit_nearness, implicit_errors
from spacelib.scenes import Detections

SCENES = 300


@pytest.fixture(scope="module")
def seen():
    return look(SCENES, rig(0.3), generator=torch.Generator().manual_seed(0))


def exact(nearness: torch.Tensor, cameras, aside: float = 0.2) -> Detections:
    """Boxes of no size around points of these depths."""
    at = torch.stack([torch.full_like(nearness, aside), torch.zeros_like(nearness), torch.ones_like(nearness)], -1)
    centre, _ = cameras.project(cameras.subset([0]).to_world((at / nearness[:, None])[:, None, None]))
    return Detections(torch.cat([centre, centre], -1), centre, torch.ones(centre.shape[:-1], dtype=torch.bool))


def test_both_sides_get_the_same_scenes(seen):
    """Boxes lie around the true object, frames show it there, and its nearness is uniform in the range."""
    low, high = 1 / FARTHEST, 1 / NEAREST
    spread = (high - low) / math.sqrt(12)
    assert abs(seen.nearness.mean().item() - (low + high) / 2) < 4 * spread / math.sqrt(SCENES) + 0.01  # a tilted rig
    assert seen.frames.shape == (SCENES, 8, 12, 24, 3) and seen.boxes.seen.all()
    # a nearer object moves more from camera to camera: the regression of disparity on nearness is focal times baseline
    moved = (seen.boxes.centre[:, 0, 0, 0] - seen.boxes.centre[:, -1, 0, 0]).double()
    q = seen.nearness.double()
    slope = (moved * q).sum() / (q * q).sum()
    cameras = rig(0.3)
    expected = cameras.intrinsics[0] * 7 * 0.3
    noise = math.sqrt(2 * (BOX_NOISE**2 + 1 / 12) / 2 / (q * q).sum())
    # a box's middle leans towards the side that is seen, some two thousandths of a dioptre
    assert abs(slope - expected) < 4 * noise + 0.015 * expected


def test_smaller_rigs_are_the_middle_of_the_larger(seen):
    for frames in (2, 4):
        assert torch.allclose(rig(0.15, frames).pose, rig(0.15).subset(middle(frames)).pose)
        part = seen.subset(middle(frames)).part(10, 20)
        start = middle(frames)[0]
        assert torch.equal(part.frames, seen.frames[10:20, start : start + frames])
        assert torch.equal(part.boxes.centre, seen.boxes.centre[10:20, start : start + frames])
        assert torch.equal(part.nearness, seen.nearness[10:20])


def test_geometry_is_exact_without_noise_and_off_by_its_calibration():
    """q/(1 + e) for a focal length that is e too long, to the rounding of triangulation."""
    cameras, nearness = rig(0.15, 4), torch.linspace(0.13, 0.35, 20, dtype=torch.float64)
    boxes = exact(nearness, cameras)
    for level in (0.0, 0.02, 0.24):
        believed = errors_of("calibration", level).apply(cameras, generator=torch.Generator(), worlds=len(nearness))
        found, placed = explicit_nearness(boxes, believed)
        assert placed.all() and torch.allclose(found, nearness / (1 + level), rtol=1e-9)


def test_what_geometry_says_at_the_ends():
    """Rays that part say 0; nothing is nearer than a metre."""
    cameras = rig(0.15, 2)
    boxes = exact(torch.tensor([0.2, 0.2, 3.0], dtype=torch.float64), cameras)
    centre = boxes.centre.clone()
    centre[0, 1, :, 0] += 100  # in front of the second camera's first sight: the rays meet behind
    found, placed = explicit_nearness(Detections(boxes.box, centre, boxes.seen), cameras)
    assert found[0] == 0 and not placed[0]
    assert placed[1:].all() and found[1].item() == pytest.approx(0.2) and found[2] == 1
    pose = cameras.pose.clone()
    pose[0, 1, 3] += 20  # beyond the object, which it does not see
    unseen = exact(torch.tensor([0.2], dtype=torch.float64), rig(0.15, 4))
    unseen.seen[:, 0] = False
    pose = torch.cat([pose[:1], rig(0.15, 4).pose[1:]])
    assert explicit_nearness(unseen, replace(rig(0.15, 4), pose=pose))[0] == 0
    lost = Detections(boxes.box, boxes.centre, torch.zeros_like(boxes.seen))
    assert (explicit_nearness(lost, cameras)[0] == 0).all()


def test_poses_err_as_the_formula_says(seen):
    """Noise of the places: E q^2 tau^2/S beside the pixels' own, 4 standard errors of a mean square."""
    shown, cameras = seen.subset(middle(4)), rig(0.3, 4)
    places, tau = cameras.centre[:, 0], 0.02
    spread = ((places - places.mean()) ** 2).sum()
    own = explicit_errors(shown, cameras, errors_of("calibration", 0.0), generator=torch.Generator())[0]
    generator = torch.Generator().manual_seed(1)
    errors, placed = explicit_errors(shown, cameras, errors_of("independent", tau), generator=generator)
    expected = own.square().mean() + tau**2 * (seen.nearness.double() ** 2).mean() / spread
    slack = 4 * errors.square().std() / math.sqrt(SCENES) + 2 * 3 * tau**2 / spread * expected  # attenuation, twice
    assert placed.all() and abs(errors.square().mean() - expected) < slack
    assert abs(own.square().mean() - expected) > slack  # the check can fail


def test_a_part_is_measured_live(monkeypatch):
    """Rows fit together; the cross moment is at most the root of both risks; the same at the same seed."""
    monkeypatch.setattr(measure, "HELD", 64)
    monkeypatch.setattr(sides, "STEPS", 20)
    found, again = (measure.crossover_live((16, 32), frames=2) for _ in range(2))
    assert found.implicit.equals(again.implicit) and found.together.equals(again.together)
    settings = sum(map(len, sides.LEVELS.values()))
    assert (len(found.implicit), len(found.explicit), len(found.together)) == (2, settings, 2 * settings)
    both = found.together.merge(found.implicit, on="samples").merge(found.explicit, on=["kind", "level"])
    assert (both["cross"] ** 2 <= both["risk_x"] * both["risk_y"] * (1 + 1e-9)).all()
    squares = found.explicit["bias"] ** 2 + found.explicit["deviation"] ** 2 * 63 / 64
    assert found.explicit["risk"].to_numpy() == pytest.approx(squares.to_numpy())
    for wrong, says in (({"sizes": ()}, "sizes"), ({"baseline": 0.2}, "baseline"), ({"frames": 1}, "frames")):
        with pytest.raises(ValueError, match=f"{says} must be"):
            measure.crossover_live(**wrong)


def test_the_transformer_learns_the_question(seen, monkeypatch):
    """A few scenes and steps, judged on others: a third off the variance, which is what knowing no frame leaves."""
    monkeypatch.setattr(sides, "STEPS", 200)
    shown = seen.subset(middle(2))
    errors = implicit_errors(shown.part(0, 150), shown.part(150, SCENES), generator=torch.Generator().manual_seed(0))
    assert errors.square().mean() < shown.nearness[150:].var() * 2 / 3


def test_the_truth_is_the_objects_depth():
    """Before a straight camera the nearness is one over the distance drawn; checked through projection."""
    cameras = rig(0.15, 2)
    world = question._scenes(50, torch.Generator().manual_seed(3))
    seen, again = (look(50, cameras, generator=torch.Generator().manual_seed(3)) for _ in range(2))
    assert torch.equal(again.frames, seen.frames) and torch.equal(again.nearness, seen.nearness)
    _, depth = cameras.project(world.centre[:, None, :1].double())
    assert torch.allclose(1 / seen.nearness.double(), depth[:, 0, 0], rtol=1e-5)
    assert (world.centre[:, 1, 1] > world.centre[:, 0, 1] + 1.4).all()  # the other object is behind
