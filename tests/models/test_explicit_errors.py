"""Errors of cameras: of the stated size, of the stated kind, and none where none are stated."""

import math

import pytest
import torch

from spacelib.models.explicit import Errors, triangulate
from spacelib.scenes import Cameras, parallel, pinhole

CAMERAS = Cameras(parallel(4, 0.5), pinhole(), 64, 64)
WORLDS = 20_000
FAR = 5 / math.sqrt(2 * 3 * WORLDS)  # five standard errors of a standard deviation from three axes a world, relative


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def moves(kind, **errors):
    """Offsets (WORLDS, 4, 3) of the believed cameras, and the turns between believed and true ones."""
    believed = Errors(**errors, pose_kind=kind).apply(CAMERAS, generator(), worlds=WORLDS)
    turn = CAMERAS.pose[:, :3, :3].mT @ believed.pose[..., :3, :3]
    axis = torch.stack([turn[..., 2, 1] - turn[..., 1, 2], turn[..., 0, 2] - turn[..., 2, 0]], -1) / 2
    return believed.centre - CAMERAS.centre, axis


def test_without_errors_nothing_moves():
    for kind in ("independent", "shared", "drifting"):
        believed = Errors(pose_kind=kind).apply(CAMERAS, generator())
        torch.testing.assert_close(believed.pose, CAMERAS.pose, rtol=0, atol=1e-15)
        assert torch.equal(believed.intrinsics, CAMERAS.intrinsics)


def test_errors_have_their_size_and_kind():
    shift, turn = moves("independent", pose=0.1, rotation=0.01)
    assert shift.std((0, 2)) == pytest.approx(torch.full((4,), 0.1).double(), rel=FAR)
    assert turn.std((0, 2)) == pytest.approx(torch.full((4,), 0.01).double(), rel=1.5 * FAR)  # two axes
    assert abs((shift[:, 0] * shift[:, 1]).mean()) < 5 * 0.1**2 / math.sqrt(3 * WORLDS)

    shift, turn = moves("shared", pose=0.1, rotation=0.01)
    # the rig's cameras are parallel
    torch.testing.assert_close(shift, shift[:, :1].expand_as(shift), rtol=0, atol=1e-15)
    torch.testing.assert_close(turn, turn[:, :1].expand_as(turn), rtol=0, atol=1e-15)
    assert shift[:, 0].std() == pytest.approx(0.1, rel=FAR)

    shift, turn = moves("drifting", pose=0.1, rotation=0.01)
    steps = torch.tensor([0.0, 1, 2, 3], dtype=torch.float64)
    assert shift.square().mean((0, 2)).tolist() == pytest.approx((0.01 * steps).tolist(), rel=2 * FAR)
    assert turn.square().mean((0, 2)).tolist() == pytest.approx((1e-4 * steps).tolist(), rel=3 * FAR)


def test_shared_errors_lie_in_the_camera_and_independent_ones_in_the_world():
    """A camera mounted a little too far forward, on a ring of cameras: all centres are off along their own axes."""
    turned = torch.eye(4, dtype=torch.float64).repeat(2, 1, 1)
    turned[1, :3, :3] = torch.tensor([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    ring = Cameras(turned, pinhole(), 64, 64)
    off = Errors(pose=1.0, pose_kind="shared").apply(ring, generator()).centre
    torch.testing.assert_close(off[1], turned[1, :3, :3] @ off[0])


def test_a_wrong_focal_length_or_scale_moves_every_depth_by_its_share():
    """B5's shared error: on parallel cameras a depth is a focal length times a baseline, exactly."""
    points = torch.tensor([[[0.3, 0, 0.5], [-0.4, 2, 1.0]]], dtype=torch.float64)
    pixels, _ = CAMERAS.project(points)
    for errors in (Errors(focal=0.05), Errors(scale=0.05)):
        believed = errors.apply(CAMERAS, generator())
        found = triangulate(pixels, believed)
        true, depth = (c.to_camera(p)[0, :, 2] for c, p in ((CAMERAS, points), (believed, found.points[None])))
        torch.testing.assert_close(depth, 1.05 * true)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"focal": -1.0}, "focal must be finite and above -1, got -1.0"),
        ({"scale": math.nan}, "scale must be finite and above -1, got nan"),
        ({"pose": -0.1}, "pose must be at least 0 and finite, got -0.1"),
        ({"rotation": math.inf}, "rotation must be at least 0 and finite, got inf"),
        ({"pose_kind": "sudden"}, "pose_kind must be one of independent, shared, drifting, got 'sudden'"),
    ],
)
def test_wrong_errors_are_refused(arguments, words):
    with pytest.raises(ValueError, match=f"^Errors: {words}$"):
        Errors(**arguments)
    with pytest.raises(ValueError, match="^apply: worlds must be at least 1, got 0$"):
        Errors().apply(CAMERAS, generator(), worlds=0)
