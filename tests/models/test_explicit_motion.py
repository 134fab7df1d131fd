"""The camera's motion from two pictures: exact without noise, its scale never guessed, and none where none is shown."""

import math
from dataclasses import replace

import pytest
import torch

from spacelib.models.explicit import align, relative_pose
from spacelib.scenes import Cameras, look_at, pinhole


def at(*rows):
    return torch.tensor(rows, dtype=torch.float64)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


# three worlds: aside and turned, forward, and a camera that comes round to the other side
SECOND = look_at(at((1.2, -4.5, 1.8), (0.1, -3.5, 2.0), (0.5, 5.0, 1.5)), at((0, 0, 0.5), (0, 0, 0.6), (0, 0, 0.3)))
FIRST = look_at(at(0, -5, 2), at(0, 0, 0.5))
CAMERAS = Cameras(torch.stack([FIRST.expand(3, 4, 4), SECOND], 1), pinhole(480, 640), 480, 640)
POINTS = 2 * torch.rand(3, 1, 40, 3, generator=generator(), dtype=torch.float64) - 1
PIXELS, _ = CAMERAS.project(POINTS)
RELATIVE = torch.linalg.inv(FIRST) @ SECOND


def test_exact_without_noise_but_for_the_scale():
    found = relative_pose(PIXELS, CAMERAS)
    assert found.valid.all() and (found.parallax > 1).all() and (found.residual < 1e-9).all()
    torch.testing.assert_close(found.pose[:, :3, :3], RELATIVE[:, :3, :3], rtol=0, atol=1e-9)
    direction = torch.nn.functional.normalize(RELATIVE[:, :3, 3], dim=-1)
    torch.testing.assert_close(found.pose[:, :3, 3], direction, rtol=0, atol=1e-9)
    # the believed poses have no part in it, nor has the unit of lengths
    other = replace(CAMERAS, pose=torch.eye(4, dtype=torch.float64).expand(3, 2, 4, 4))
    torch.testing.assert_close(relative_pose(PIXELS, other).pose, found.pose)
    narrow = relative_pose(PIXELS.float(), CAMERAS.to(torch.float32))
    assert narrow.valid.all() and (narrow.pose - found.pose).abs().max() < 1e-4
    alone = relative_pose(PIXELS[1], replace(CAMERAS, pose=CAMERAS.pose[1]))
    torch.testing.assert_close(alone.pose, found.pose[1])


def test_each_camera_has_its_own_intrinsics_and_what_is_not_seen_may_be_anything():
    own = torch.stack([CAMERAS.intrinsics, CAMERAS.intrinsics * at(1.3, 1.2, 0.9, 1.1)])
    cameras = replace(CAMERAS, intrinsics=own.expand(3, 2, 4))
    pixels, _ = cameras.project(POINTS)
    seen = torch.rand(3, 2, 40, generator=generator(1)) < 0.8
    found = relative_pose(torch.where(seen[..., None], pixels, math.nan), cameras, seen)
    assert found.valid.all()
    torch.testing.assert_close(found.pose[:, :3, :3], RELATIVE[:, :3, :3], rtol=0, atol=1e-9)


def test_noise_spoils_it_in_proportion():
    """A tenth of the noise, a tenth of the error, in the median of 60 draws, the same but for their size."""
    off = {}
    for noise in (0.05, 0.5):
        shape = (60, *PIXELS.shape)
        pixels = PIXELS + noise * torch.randn(shape, generator=generator(2), dtype=torch.float64)
        found = relative_pose(pixels, CAMERAS)
        assert found.valid.double().mean() > 0.99
        off[noise] = (found.pose[..., :3, :3] - RELATIVE[:, :3, :3]).norm(dim=(-1, -2)).nanmedian(0).values
    assert ((off[0.5] / off[0.05] / 10 - 1).abs() < 0.1).all()


def test_where_two_pictures_tell_no_motion():
    """A turn alone, a plane, seven points, points that no camera sees together."""
    turned = replace(CAMERAS, pose=CAMERAS.pose.clone())
    turned.pose[:, 1, :3, 3] = turned.pose[:, 0, :3, 3]
    turned.pose[2, 1, :3, :3] = turned.pose[0, 1, :3, :3]
    pixels, _ = turned.project(POINTS)
    found = relative_pose(pixels, turned)
    assert not found.valid.any() and (found.parallax < 1e-9).all() and found.pose.isnan().all()
    plane, _ = CAMERAS.project(POINTS * at(1, 1, 0))
    assert not relative_pose(plane, CAMERAS).valid.any()
    assert not relative_pose(PIXELS[:, :, :7], CAMERAS).valid.any()
    seen = torch.zeros(3, 2, 40, dtype=torch.bool)
    seen[:, 0, :20] = seen[:, 1, 20:] = True
    assert not relative_pose(PIXELS, CAMERAS, seen).valid.any()
    with pytest.raises(ValueError, match="^relative_pose: cameras must have 2 frames, got 3$"):
        relative_pose(PIXELS, Cameras(FIRST.expand(3, 4, 4), pinhole(), 64, 64))


def test_pictures_of_two_scenes_leave_a_residual():
    """Random pixels: what motion fits them best leaves tens of pixels, and some have most points behind."""
    pixels = 640 * torch.rand(30, 2, 40, 2, generator=generator(4), dtype=torch.float64)
    found = relative_pose(pixels, replace(CAMERAS, pose=CAMERAS.pose[0]))
    assert found.valid.any() and not found.valid.all()
    assert (found.residual[found.valid] > 10).all() and found.residual[~found.valid].isnan().all()


def test_points_of_known_depth_give_the_metric_motion():
    """The same points in both cameras' axes: the whole way, where two pictures give its direction."""
    places = CAMERAS.to_camera(POINTS)
    motion, factor = align(places[:, 1], places[:, 0])
    torch.testing.assert_close(motion, RELATIVE)
    assert (factor == 1).all()
    enlarged, factor = align(places[:, 1], 2.5 * places[:, 0], scale=True)
    torch.testing.assert_close(factor, torch.full((3,), 2.5, dtype=torch.float64))
    torch.testing.assert_close(enlarged[:, :3], 2.5 * RELATIVE[:, :3])
    mirrored, _ = align(places[:, 0], places[:, 0] * at(1, 1, -1))
    assert (torch.linalg.det(mirrored[:, :3, :3]) > 0.99).all()


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (torch.zeros(2, 3), r"points and to must have one shape \(\.\.\., 3 or more, 3\), got \(2, 3\) and"),
        (torch.full((5, 3), math.nan), "points and to must be finite"),
        (torch.arange(5.0)[:, None] * torch.ones(3), "points must not lie all on one line"),
        (torch.zeros(5, 3), "points must not lie all on one line"),
    ],
)
def test_no_alignment_without_a_shape(points, words):
    with pytest.raises(ValueError, match=f"^align: {words}"):
        align(points, points)
