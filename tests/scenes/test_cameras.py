"""Cameras: conventions by hand, a round trip, paths whose overlap is the one asked for."""

import math

import pytest
import torch

from spacelib.scenes import Cameras, arc, forward, look_at, overlap, parallel, pinhole, turn, with_overlap

PATHS = {"arc": arc, "parallel": parallel, "forward": forward, "turn": turn}


def cameras(path=arc, frames=3, step=0.3, **size):
    height, width = size.get("height", 48), size.get("width", 64)
    return Cameras(path(frames, step), pinhole(height, width), height, width)


def test_the_axes_by_hand():
    """A camera a metre over the floor that looks along y: x is right, z down in the image, depth along y."""
    pose = look_at(torch.tensor([0.0, 0.0, 1.0]).double(), torch.tensor([0.0, 5.0, 1.0]).double())[None]
    camera = Cameras(pose, torch.tensor([100.0, 100.0, 32.0, 24.0]).double(), 48, 64)
    points = torch.tensor([[0.0, 5.0, 1.0], [0.5, 5.0, 1.0], [0.0, 5.0, 0.8], [0.0, -1.0, 1.0]]).double()
    pixels, depth = camera.project(points[None])
    assert depth[0].tolist() == pytest.approx([5, 5, 5, -1])
    assert pixels[0, :3].flatten().tolist() == pytest.approx([32, 24, 42, 24, 32, 28])
    assert pixels[0, 3].tolist() == [math.inf, math.inf] and not camera.inside(pixels)[0, 3]


@pytest.mark.parametrize("path", PATHS.values(), ids=PATHS)
def test_there_and_back(path, dtype):
    seen = cameras(path).to(dtype)
    g = torch.Generator().manual_seed(0)
    pixels = torch.rand(3, 200, 2, generator=g, dtype=dtype) * torch.tensor([64, 48], dtype=dtype)
    depth = 1 + 9 * torch.rand(3, 200, generator=g, dtype=dtype)
    again, deep = seen.project(seen.unproject(pixels, depth))
    # coordinates of some 10 m through two rotations, over a depth of 1 m at the least, times a focal length of 55
    unit = torch.finfo(dtype).eps
    assert (deep - depth).abs().max() < 100 * unit and (again - pixels).abs().max() < 55 * 200 * unit
    there = seen.to_camera(seen.unproject(pixels, depth))
    torch.testing.assert_close(seen.to_world(there), seen.unproject(pixels, depth), rtol=0, atol=100 * unit)


def test_paths_look_where_they_should():
    for path in (arc, parallel, forward, turn):
        seen = cameras(path, frames=3 if path is not forward else 1)
        pixels, _ = seen.project(torch.tensor([[[0.0, 0.0, 0.5]]]).double())
        assert pixels[len(pixels) // 2, 0].tolist() == pytest.approx([32, 24], abs=1e-9)
    assert torch.equal(parallel(3, 0.5)[:, 0, 3], torch.tensor([-0.5, 0, 0.5]).double())
    steps = forward(3, 0.5)[:, :3, 3].diff(dim=0)
    assert steps.flatten().tolist() == pytest.approx([0, 0.5, 0] * 2)
    assert (turn(4, 0.2)[:, :3, 3].diff(dim=0) == 0).all()
    angles = (turn(2, 0.2)[0, :3, 2] @ turn(2, 0.2)[1, :3, 2]).acos()
    flat = torch.atan2(*(turn(2, 0.2)[:, i, 2] for i in (1, 0))).diff().abs()
    assert flat.item() == pytest.approx(0.2) and angles < 0.2  # about the vertical: a smaller angle between the axes
    assert (arc(4, 0.4)[:, :2, 3].norm(dim=-1) - 5).abs().max() < 1e-12


@pytest.mark.oracle
def test_overlap_in_closed_form():
    """A plane before parallel cameras: of w pixels f b / d leave. Before cameras that go forward: (1 - s/d)² stay."""
    focal = pinhole(48, 64)[0].item()
    for step in (0.1, 0.7, 2.0):
        shares = overlap(cameras(parallel, 2, step), 5.0)
        assert shares[0, 1].item() == pytest.approx(1 - focal * step / 5 / 64, abs=1 / 64)
        level = Cameras(forward(2, step, above=0.5), pinhole(48, 64), 48, 64)
        assert overlap(level, 5.0)[0, 1].item() == pytest.approx((1 - step / 5) ** 2, abs=2 / 48 + 2 / 64)
        assert overlap(level, 5.0)[1, 0] == 1
    assert (overlap(cameras(), 5.0).diagonal() == 1).all()


def test_overlap_of_a_batch():
    depth = 3 + torch.rand(2, 3, 48, 64, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    both = torch.stack([turn(3, 0.3), arc(3, 0.5)])
    shares = overlap(Cameras(both, pinhole(48, 64), 48, 64), depth)
    for b in range(2):
        assert torch.equal(shares[b], overlap(Cameras(both[b], pinhole(48, 64), 48, 64), depth[b]))


def test_overlap_counts_what_has_a_depth():
    depth = torch.full((2, 48, 64), torch.inf, dtype=torch.float64)
    depth[:, :, 40:] = 5.0
    shares = overlap(cameras(parallel, 2, 1.0), depth)  # frame 2 stands on the right: it sees all of those
    assert shares[0, 1] == 1 and shares[1, 0] < 1


@pytest.mark.parametrize("share", [0.3, 0.75, 0.95])
@pytest.mark.parametrize("name", ["parallel", "forward", "turn"])
def test_the_overlap_asked_for_is_attained(name, share):
    found = with_overlap(PATHS[name], share, 3, depth=4.0, height=48, width=64)
    assert found.frames == 3
    assert abs(overlap(found, 4.0)[0, 1].item() - share) <= 2 / 48 + 2 / 64
    wider = with_overlap(PATHS[name], share - 0.2, 3, depth=4.0, height=48, width=64)
    assert overlap(wider, 4.0)[0, 1] < overlap(found, 4.0)[0, 1]


def test_more_pixels_attain_it_more_nearly():
    found = with_overlap(parallel, 0.45, 2, height=8, width=2048)
    assert abs(overlap(found, 5.0)[0, 1].item() - 0.45) <= 1 / 2048


POSE = arc(2, 0.3)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: Cameras(POSE[0], pinhole(), 64, 64), r"pose must have shape \(..., frames, 4, 4\), got \(4, 4\)"),
        (lambda: Cameras(POSE, pinhole()[:3], 64, 64), r"intrinsics must have shape .* got \(3,\)"),
        (lambda: Cameras(2 * POSE, pinhole(), 64, 64), "pose must hold rotations, got one that is off by 3"),
        (
            lambda: Cameras(POSE * torch.tensor([1.0, 1, 1, math.nan]), pinhole(), 64, 64),
            "pose must be finite, got nan",
        ),
        (lambda: Cameras(POSE, -pinhole(), 64, 64), "fx and fy above 0, got -55"),
        (lambda: Cameras(POSE, pinhole(), 0, 64), "height and width must be at least 1, got 0 and 64"),
        (lambda: pinhole(field_of_view=4.0), r"field_of_view must be in \(0, pi\) radians, got 4.0"),
        (lambda: look_at(torch.zeros(3), torch.tensor([0.0, 0, 2])), "not only in height"),
        (lambda: arc(0, 0.1), "frames must be at least 1, got 0"),
        (lambda: overlap(cameras(), -1.0), "depth must be above 0, got -1.0"),
        (lambda: overlap(cameras(), torch.ones(48, 64)), r"depth must be a number or of shape \(..., 3, 48, 64\)"),
        (lambda: overlap(cameras(), math.inf), "must be finite somewhere in every frame"),
        (lambda: with_overlap(arc, 0.1, 2), "must be one that the path attains, at least 0.*, got 0.1"),
        (lambda: with_overlap(parallel, 0.0, 2), r"share must be in \(0, 1\], got 0.0"),
        (lambda: with_overlap(parallel, 0.5, 1), "frames must be at least 2, got 1"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_dtypes_must_agree():
    with pytest.raises(TypeError, match="one floating-point dtype, got torch.float64 and torch.float32"):
        Cameras(POSE, pinhole().float(), 64, 64)
