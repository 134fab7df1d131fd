"""Bundle adjustment: residuals at the level of the noise, cameras nearer to the truth, and a gauge that is held."""

import math
import sys
from dataclasses import replace

import pytest
import torch
from explicit_points import RIGS, noisy, room
from scipy.optimize import least_squares

from spacelib.models.explicit import Errors, align, bundle_adjust, triangulate
from spacelib.scenes import Cameras, arc, pinhole, sample_scenes, track

pytest.importorskip("pypose")
CAMERAS = replace(RIGS["converging"], pose=RIGS["converging"].pose[[0, 2, 5, 7]])


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def squares(pixels, cameras, seen=None):
    """Sum of squares of the residuals of the triangulated points, and how many points have a place."""
    found = triangulate(pixels, cameras, seen, steps=10)
    views = torch.full(found.valid.shape, cameras.frames) if seen is None else seen.sum(0)
    return (found.residual.square() * views)[found.valid].sum().item(), found


def test_tracks_of_a_scene():
    """Residuals fall to what the noise's chi-square leaves, within five deviations, and the places come nearer."""
    scenes = sample_scenes(1, 4, generator=generator(), dtype=torch.float64)
    cameras = Cameras(arc(5, 0.2), pinhole(240, 320), 240, 320)
    noise = 0.3
    tracks = track(scenes, cameras, points=15, generator=generator(1), noise=noise)
    pixels, seen, points = tracks.pixels[0], tracks.seen[0], tracks.points[0, 0]
    believed = Errors(pose=0.02, rotation=0.01).apply(cameras, generator(2))
    believed.pose[0] = cameras.pose[0]
    refined = bundle_adjust(pixels, believed, seen)
    before, at_first = squares(pixels, believed, seen)
    after, found = squares(pixels, refined, seen)
    free = 2 * int(seen[:, found.valid].sum()) - 3 * int(found.valid.sum()) - (6 * 4 - 1)
    assert free > 50
    assert abs(after / noise**2 - free) < 5 * math.sqrt(2 * free) < before / noise**2 - free
    both = found.valid & at_first.valid
    off = []
    for places in (at_first.points[both], found.points[both]):  # up to the gauge
        motion, _ = align(places, points[both], scale=True)
        off.append((places @ motion[:3, :3].mT + motion[:3, 3] - points[both]).norm(dim=-1).median())
    assert off[1] < 0.5 * off[0]
    assert torch.equal(refined.pose[0], cameras.pose[0])
    far = (believed.centre - believed.centre[0]).norm(dim=-1)
    assert (refined.centre - refined.centre[0]).norm(dim=-1)[far.argmax()] == pytest.approx(far.max().item(), rel=1e-12)


@pytest.mark.oracle
def test_the_minimum_is_that_of_scipy():
    """From the same start, over turns as vectors, to the eighth digit of the sum."""
    pixels = noisy(room("converging", 15)[1])[0][[0, 2, 5, 7]]
    believed = Errors(pose=0.03, rotation=0.01).apply(CAMERAS, generator(3))
    ours, found = squares(pixels, bundle_adjust(pixels, believed))

    def error(unknowns):
        move = torch.from_numpy(unknowns[:18]).reshape(3, 6)
        x, y, z = move[:, :3].unbind(-1)
        o = torch.zeros_like(x)
        pose = believed.pose.clone()
        pose[1:, :3, :3] @= torch.linalg.matrix_exp(torch.stack([o, -z, y, z, o, -x, -y, x, o], -1).reshape(3, 3, 3))
        pose[1:, :3, 3] += move[:, 3:]
        at, _ = replace(believed, pose=pose).project(torch.from_numpy(unknowns[18:]).reshape(1, 15, 3))
        return (at - pixels).flatten().numpy()

    start = torch.cat([torch.zeros(18).double(), found.points.flatten()]).numpy()
    assert ours == pytest.approx(2 * least_squares(error, start, x_scale="jac").cost, rel=1e-8)


def test_right_cameras_stay():
    pixels = room("converging", 20)[1][[0, 2, 5, 7]]
    refined = bundle_adjust(pixels, CAMERAS)
    torch.testing.assert_close(refined.pose, CAMERAS.pose, rtol=0, atol=1e-9)
    narrow = bundle_adjust(pixels.float(), CAMERAS.to(torch.float32))
    assert narrow.pose.dtype == torch.float32


def test_what_does_not_fix_the_cameras_is_refused():
    pixels = room("converging", 20)[1][[0, 2, 5, 7]]
    seen = torch.ones(4, 20, dtype=torch.bool)
    seen[2, 2:] = False
    same = replace(CAMERAS, pose=CAMERAS.pose[:1].expand(4, 4, 4))
    for arguments, words in (
        ((pixels[None], CAMERAS), r"pixels must be of one world, \(frames, points, 2\), got \(1, 4, 20, 2\)"),
        ((pixels, CAMERAS, seen), "every camera must see 3 points that have a place, got: frame 2 sees 2"),
        ((pixels[:, :3], CAMERAS), "there must be as many equations as unknowns, got 24 of them for 26 unknowns"),
        ((pixels, same), "every camera must see 3 points that have a place, got: frame 0 sees 0"),
    ):
        with pytest.raises(ValueError, match=f"^bundle_adjust: {words}$"):
            bundle_adjust(*arguments)
    with pytest.raises(ValueError, match="^bundle_adjust: steps must be at least 1, got 0$"):
        bundle_adjust(pixels, CAMERAS, steps=0)


def test_without_pypose_it_says_so(monkeypatch):
    monkeypatch.setitem(sys.modules, "pypose", None)
    with pytest.raises(ImportError, match="^bundle_adjust: pypose must be installed"):
        bundle_adjust(room("converging", 20)[1][[0, 2, 5, 7]], CAMERAS)
