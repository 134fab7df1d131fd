"""Triangulation: exact without noise, the same in other axes and units, and a reason wherever there is no place."""

import math
from dataclasses import replace

import pytest
import torch
from explicit_points import RIGS, noisy, room, seen_by_all

from spacelib.models.explicit import Reason, cramer_rao, ground_ellipses, rigs, triangulate
from spacelib.scenes import Cameras, look_at, pinhole

EXACT = 1e-9  # metres: some roundings of a few metres, over a parallax of some per cent


def at(*rows, dtype=torch.float64):
    return torch.tensor(rows, dtype=dtype)


def along(*places, dtype=torch.float64):
    """Cameras with the world's axes for theirs, so that z is depth, at places on a line or elsewhere."""
    pose = torch.eye(4, dtype=dtype).repeat(len(places), 1, 1)
    pose[:, :3, 3] = at(*places, dtype=dtype)
    return Cameras(pose, pinhole(480, 640).to(dtype), 480, 640)


@pytest.mark.parametrize("name", RIGS)
def test_exact_without_noise(name, dtype):
    """To roundings of pixels, some hundreds of them: what a pixel is worth times some hundreds of roundings."""
    cameras = RIGS[name].to(dtype)
    points, _ = room(name, 500)
    pixels, _ = cameras.project(points[None].to(dtype))
    found = triangulate(pixels, cameras)
    assert found.valid.all() and found.points.dtype == dtype
    rounding = 10 * 640 * torch.finfo(dtype).eps
    deviation = cramer_rao(points, RIGS[name]).diagonal(dim1=-2, dim2=-1).sum(-1).sqrt()
    assert ((found.points - points).norm(dim=-1) < 10 * rounding * deviation).all()
    assert (found.residual < rounding).all()


def test_covariance_is_the_bound_at_the_place_found():
    for name, cameras in RIGS.items():
        _, pixels = room(name, 100)
        seen = torch.rand(8, 100, generator=torch.Generator().manual_seed(0)) < 0.6
        found = triangulate(noisy(pixels)[0], cameras, seen)
        assert found.valid.double().mean() > 0.95
        bound = cramer_rao(found.points[found.valid], cameras, seen=seen[:, found.valid])
        torch.testing.assert_close(found.covariance[found.valid], bound, rtol=1e-6, atol=1e-12)


def test_axes_and_units_do_not_matter():
    """The gauge: what is found moves along with the cameras, and grows with their distances."""
    cameras = RIGS["converging"]
    _, pixels = room("converging", 200)
    pixels = noisy(pixels)[0]
    here = triangulate(pixels, cameras, steps=10)  # at rest to the last digit
    other = look_at(at(3, 1, -2), at(-1, 4, 2))
    pose = other @ cameras.pose
    there = triangulate(pixels, replace(cameras, pose=pose), steps=10)
    expected = here.points @ other[:3, :3].mT + other[:3, 3]
    torch.testing.assert_close(there.points, expected, rtol=0, atol=EXACT)
    torch.testing.assert_close(there.covariance, other[:3, :3] @ here.covariance @ other[:3, :3].mT)
    pose = cameras.pose.clone()
    pose[:, :3, 3] *= 1000
    large = triangulate(pixels, replace(cameras, pose=pose), steps=10)
    torch.testing.assert_close(large.points, 1000 * here.points, rtol=0, atol=1000 * EXACT)
    torch.testing.assert_close(large.covariance, 1e6 * here.covariance)


def test_a_batch_is_its_worlds_and_a_mask_its_cameras():
    """Each world's own cameras and mask; what is not seen may be anything."""
    first, second = RIGS["parallel"], RIGS["converging"]
    both = replace(first, pose=torch.stack([first.pose, second.pose]))
    pixels = torch.stack([noisy(room(name, 50)[1])[0] for name in ("parallel", "converging")])
    seen = torch.ones(2, 8, 50, dtype=torch.bool)
    seen[1, [0, 3, 4]] = False
    found = triangulate(torch.where(seen[..., None], pixels, math.nan), both, seen)
    alone = triangulate(pixels[0], first)
    kept = triangulate(pixels[1, [1, 2, 5, 6, 7]], second.subset([1, 2, 5, 6, 7]))
    for i, other in enumerate((alone, kept)):
        torch.testing.assert_close(found.points[i], other.points, rtol=0, atol=EXACT)
        torch.testing.assert_close(found.residual[i], other.residual)
    assert triangulate(pixels[:, None], replace(both, pose=both.pose[:, None])).points.shape == (2, 1, 50, 3)


def test_a_camera_that_does_not_see_the_point_has_no_part():
    """One in whose plane it lies, where a slope would be divided by exactly nothing, and one that it lies behind."""
    cameras, point = along((0, 0, 0), (0, 1, 0), (0, 0, 0), (0, 0, 9)), at((0.0, 0.5, 4))
    cameras.pose[2, :3, :3] = at((0, 0, 1), (0, 1, 0), (-1, 0, 0))  # looks along x
    two = cameras.subset([0, 1])
    pixels = torch.cat([two.project(point[None])[0], torch.zeros(2, 1, 2).double()])
    found = triangulate(pixels, cameras, torch.tensor([True, True, False, False])[:, None])
    assert found.valid.all() and (found.residual < EXACT).all()
    torch.testing.assert_close(found.points, point, rtol=0, atol=EXACT)
    torch.testing.assert_close(cramer_rao(point, cameras), cramer_rao(point, two))


def test_every_camera_has_its_own_intrinsics():
    cameras = RIGS["parallel"]
    points, _ = room("parallel", 50)
    own = cameras.intrinsics * torch.linspace(0.8, 1.2, 8, dtype=torch.float64)[:, None]
    cameras = replace(cameras, intrinsics=own * at(1.0, 1.3, 1, 1))
    pixels, _ = cameras.project(points[None])
    torch.testing.assert_close(triangulate(pixels, cameras).points, points, rtol=0, atol=EXACT)


# Two or three cameras at places, the place of a point or its pixels, a mask, and why it has no place.
NOWHERE = {
    "no view": (((0, 0, 0), (1, 0, 0)), (0, 0, 5), (False, False), Reason.FEW_VIEWS),
    "one view": (((0, 0, 0), (1, 0, 0)), (0, 0, 5), (False, True), Reason.FEW_VIEWS),
    "two identical views": (((3, 1, 2), (3, 1, 2)), (0, 0, 5), None, Reason.NO_BASELINE),
    "identical views of three": (((3, 1, 2), (0, 0, 0), (3, 1, 2)), (0, 0, 5), (True, False, True), Reason.NO_BASELINE),
    "straight ahead": (((0, 0, 0), (0, 0, 1), (0, 0, 2)), (0, 0, 5), None, Reason.ON_BASELINE),
    "aslant ahead": (((0, 0, 0), (0.1, 0.2, 1), (0.2, 0.4, 2)), (0.6, 1.2, 6), None, Reason.ON_BASELINE),
    "parallel rays": (((0, 0, 0), (1, 0, 0)), ((300.3, 200.7), (300.3, 200.7)), None, Reason.FAR),
    "rays that part": (((0, 0, 0), (1, 0, 0)), ((300.0, 200), (340.0, 200)), None, Reason.BEHIND),
    "behind the second": (((0, 0, 0), (0.5, 0, 6)), ((420.0, 240), (220.0, 240)), None, Reason.BEHIND),
}


@pytest.mark.parametrize("case", NOWHERE)
def test_where_there_is_no_place_there_is_a_reason(case, dtype):
    """And the points beside it do not suffer."""
    places, what, mask, reason = NOWHERE[case]
    cameras = along(*places, dtype=dtype)
    good = at((-0.5, 0.4, 9.0), dtype=dtype)
    beside, _ = cameras.project(good[None])
    if isinstance(what[0], tuple):
        pixels = at(*what, dtype=dtype)[:, None]
    else:
        pixels, _ = cameras.project(at(what, dtype=dtype)[None])
    seen = torch.ones(len(places), 2, dtype=torch.bool)
    if mask is not None:
        seen[:, 0] = torch.tensor(mask)
    found = triangulate(torch.cat([pixels, beside], 1), cameras, seen)
    assert Reason(found.reason[0].item()) == reason and not found.valid[0]
    assert found.points[0].isnan().all() and found.covariance[0].isnan().all() and found.residual[0].isnan()
    if len(set(places)) > 1:
        assert found.valid[1] and Reason(found.reason[1].item()) == Reason.NONE
        assert (found.points[1] - good[0]).norm() < (1e-9 if dtype == torch.float64 else 1e-2)


def test_pure_rotation_has_no_baseline():
    """Wherever the cameras stand: a turn about one place, whose coordinates are roundings apart."""
    place = at(1000.0, -700, 30)
    poses = look_at(place, place + at((0.3, 1, 0), (0.1, 1, 0.1), (-0.2, 1, 0)))
    poses[1, :3, 3] += 1e-13
    cameras = Cameras(poses, pinhole(), 64, 64)
    pixels, _ = cameras.project((place + at((0.0, 4, 0.1)))[None])
    assert Reason(triangulate(pixels, cameras).reason[0].item()) == Reason.NO_BASELINE


def test_nothing_valid_is_nan_whatever_the_pixels():
    """Pixels of no scene at all: random ones, and from afar."""
    generator = torch.Generator().manual_seed(0)
    for cameras in RIGS.values():
        for size in (1.0, 1e3, 1e9):
            pixels = size * torch.randn(8, 500, 2, generator=generator, dtype=torch.float64)
            found = triangulate(pixels, cameras, torch.rand(8, 500, generator=generator) < 0.5)
            assert found.points[found.valid].isfinite().all() and found.covariance[found.valid].isfinite().all()
            assert found.residual[found.valid].isfinite().all()
            assert ((found.reason == Reason.NONE) == found.valid).all()


def test_steps_never_raise_the_residual_and_come_to_rest():
    """Where they are hardest: ahead of a camera that moves forward, with noise of 10 pixels.

    One step leaves many unsettled, and says so; a hundred leave none. Steps that may raise the sum, or are not
    shortened after one that would, leave some for ever.
    """
    cameras = RIGS["forward"]
    _, pixels = seen_by_all(cameras, (-0.3, 0.0, 1.4), (0.3, 5.0, 2.2), 2000)
    pixels = pixels + 10 * (noisy(pixels)[0] - pixels)
    before, unsettled = None, {}
    for steps in (0, 1, 2, 3, 5, 100):
        found = triangulate(pixels, cameras, steps=steps)
        unsettled[steps] = (found.reason == Reason.UNSETTLED).sum().item()
        if before is not None:
            both = found.valid & before.valid
            assert both.any() and (found.residual[both] <= (1 + 1e-12) * before.residual[both]).all()  # roundings
        before = found
    assert unsettled[0] == unsettled[100] == 0 and unsettled[1] > 500 and unsettled[5] > 0
    assert (found.reason == Reason.ON_BASELINE).sum() <= 2  # those that run away along the line


def test_the_linear_start_is_exact_without_noise():
    for name, cameras in RIGS.items():
        points, pixels = room(name, 100)
        torch.testing.assert_close(triangulate(pixels, cameras, steps=0).points, points, rtol=0, atol=EXACT)


CASES = [
    ({"pixels": torch.zeros(7, 3, 2)}, r"pixels must have shape \(\.\.\., 8, points, 2\), got \(7, 3, 2\)"),
    ({"pixels": torch.full((8, 3, 2), math.inf).double()}, "pixels must be finite where they are seen, got inf"),
    ({"seen": torch.ones(8, 4, dtype=torch.bool)}, r"the shapes must fit together, got pixels \(8, 3, 2\), seen"),
    ({"steps": -1}, "steps must be at least 0, got -1"),
    ({"pixels": torch.zeros(8, 3, 2)}, "pixels must have the cameras' dtype torch.float64, got torch.float32"),
    ({"seen": torch.ones(8, 3)}, "seen must be a mask of dtype torch.bool, got torch.float32"),
]


@pytest.mark.parametrize(("arguments", "words"), CASES)
def test_wrong_arguments_are_refused(arguments, words):
    given = {"pixels": torch.zeros(8, 3, 2).double(), "cameras": RIGS["parallel"]} | arguments
    with pytest.raises((ValueError, TypeError), match=f"^triangulate: {words}"):
        triangulate(**given)


def test_the_bound_of_two_parallel_cameras():
    """Z⁴ s²/(f² Sxx) in depth for a point midway, as for every place across; s is one image's noise."""
    cameras = along((-0.5, 0, 0), (0.5, 0, 0))
    points = at((0.0, 0, 4), (0.7, 0, 4))
    focal, depth, noise = cameras.intrinsics[0].item(), 4.0, 0.3
    expected = depth**4 * noise**2 / (focal**2 * 0.5)
    bound = cramer_rao(points, cameras, noise)
    assert bound[:, 2, 2].tolist() == pytest.approx([expected] * 2, rel=1e-12)
    assert bound[0, 0, 0].item() == pytest.approx(noise**2 * depth**2 / focal**2 / 2, rel=1e-12)
    narrow = cramer_rao(points.float(), RIGS["converging"].to(torch.float32))
    assert narrow.dtype == torch.float32
    torch.testing.assert_close(narrow, cramer_rao(points, RIGS["converging"]).float(), rtol=1e-5, atol=0)
    each = cramer_rao(points, cameras, at(noise, 2 * noise))
    torch.testing.assert_close(each[1], 4 * bound[1])
    undetermined = cramer_rao(at((0.0, 0, 5)), along((0, 0, 0), (0, 0, 1)))
    assert (undetermined == math.inf).all()
    one_sees_it = cramer_rao(points, cameras, seen=torch.tensor([[True, True], [True, False]]))
    assert (one_sees_it[1] == math.inf).all() and one_sees_it[0].isfinite().all()


BOUNDS = [
    ({"points": at(1.0, 2, 3)}, r"points must have shape \(\.\.\., points, 3\), got \(3,\)"),
    ({"points": at((math.nan, 0, 4))}, "points must be finite, got nan"),
    ({"noise": 0.0}, "noise must be above 0 pixels and finite, got 0.0"),
    ({"seen": torch.ones(3, 1, dtype=torch.bool)}, "the shapes must fit 2 frames and together, got points"),
    ({"points": at((0.0, 0, -4)), "seen": torch.ones(2, 1, dtype=torch.bool)}, "points must lie before the cameras"),
]


@pytest.mark.parametrize(("arguments", "words"), BOUNDS)
def test_no_bound_of_wrong_arguments(arguments, words):
    given = {"points": at((0.0, 0, 4)), "cameras": along((-0.5, 0, 0), (0.5, 0, 0))} | arguments
    with pytest.raises(ValueError, match=f"^cramer_rao: {words}"):
        cramer_rao(**given)


def test_ellipses_hold_their_share_of_the_errors():
    """39 % within one deviation, 86.5 % within two, of the errors on the ground; 10,000 draws, five standard errors."""
    cameras = rigs()["converging"]
    points = at((1.2, 0.4, 0.5))  # aside, where errors across and ahead go together
    pixels, _ = cameras.project(points[None])
    found = triangulate(noisy(pixels, 10_000), cameras).points[:, 0] - points
    covariance = cramer_rao(points, cameras)[0]
    for deviations in (1.0, 2.0):
        outline = ground_ellipses(covariance, deviations=deviations, corners=360)
        assert outline.shape == (360, 2)
        level = (outline[:, None] @ torch.linalg.inv(covariance[:2, :2]) @ outline[:, :, None]).flatten()
        torch.testing.assert_close(level, torch.full_like(level, deviations**2))
        error = torch.atan2(found[:, 1], found[:, 0])
        corner = torch.atan2(outline[:, 1], outline[:, 0])
        nearest = (error[:, None] - corner).cos().argmax(1)
        share = (found[:, :2].norm(dim=-1) < outline[nearest].norm(dim=-1)).double().mean().item()
        expected = 1 - math.exp(-(deviations**2) / 2)
        assert share == pytest.approx(expected, abs=5 * math.sqrt(expected * (1 - expected) / 10_000) + 0.005)
    for wrong, words in (
        ({"covariance": covariance[:2]}, "covariance must have shape"),
        ({"covariance": covariance * math.inf}, "covariance must be finite"),
        ({"covariance": -covariance}, "covariance must be positive definite"),
        ({"corners": 2}, "deviations must be above 0 and corners at least 3, got 1.0 and 2"),
    ):
        with pytest.raises(ValueError, match=f"^ground_ellipses: {words}"):
            ground_ellipses(**({"covariance": covariance} | wrong))
