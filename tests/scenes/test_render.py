"""Rendered frames against a scalar ray tracer, gradients against differences, float32 against float64."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from raytrace import trace

from spacelib.scenes import SKY, Cameras, Scenes, arc, look_at, pinhole, render, sample_scenes


def world(scenes=4, dtype=torch.float64, height=21, width=30, seed=0):
    """Scenes and cameras on an arc, moving between the frames; the image is no whole number of tiles."""
    s = sample_scenes(scenes, generator=torch.Generator().manual_seed(seed), speed=0.5, dtype=torch.float64)
    return s.to(dtype=dtype), Cameras(arc(2, 0.5), pinhole(height, width), height, width).to(dtype)


TIMES = torch.tensor([0.0, 0.7], dtype=torch.float64)


def oracle(scenes, cameras, times):
    """Depth, index and shade of every pixel, one ray at a time."""
    centres = scenes.centres(times, cameras.frames).numpy()
    pose = cameras.pose.expand(len(scenes), -1, -1, -1).numpy()
    shape = (len(scenes), cameras.frames, cameras.height, cameras.width)
    found = np.empty((*shape, 3))
    for b, k, i, j in np.ndindex(*shape):
        one = {name: getattr(scenes, name)[b].numpy() for name in ("kind", "size", "yaw", "present")}
        found[b, k, i, j] = trace(one, centres[b, k], pose[b, k], cameras.intrinsics.numpy(), j, i)
    return (torch.from_numpy(found[..., n].copy()) for n in range(3))


@pytest.mark.oracle
def test_every_pixel_of_some_frames():
    scenes, cameras = world()
    gone = torch.ones_like(scenes.present)
    gone[0, 1] = False
    scenes = replace(scenes, present=gone)
    frames = render(scenes, cameras, TIMES)
    depth, index, shade = oracle(scenes, cameras, TIMES)
    assert torch.equal(frames.index.double(), index) and len(index.unique()) == 8
    # depths and shades of size 10 and 1, through some ten operations
    torch.testing.assert_close(frames.depth, depth, rtol=1e-13, atol=1e-12)
    fixed = torch.tensor([[0.62, 0.75, 0.9], [0.55, 0.5, 0.45]], dtype=torch.float64)
    palette = torch.cat([fixed.expand(4, 2, 3), scenes.colour], 1)
    colour = torch.stack([palette[b][frames.index[b] + 2] for b in range(4)])
    torch.testing.assert_close(frames.rgb, colour * shade[..., None], rtol=1e-12, atol=1e-12)
    assert frames.depth.isinf().equal(frames.index == SKY)


@pytest.mark.oracle
def test_a_camera_of_its_own_for_each_scene():
    """Steep and close: objects larger than the image, behind the camera, and around it."""
    scenes, _ = world(3)
    eye = torch.stack(
        [scenes.centre[0, 0], scenes.centre[1, 0] + torch.tensor([0.0, -1.2, 0.4]).double(), scenes.centre[2, 0]]
    )
    eye[0, 2] += 3.0
    eye[0, 0] += 0.01
    pose = look_at(eye, scenes.centre[:, 1])[:, None]
    cameras = Cameras(pose, pinhole(21, 30), 21, 30)
    frames = render(scenes, cameras)
    depth, index, _ = oracle(scenes, cameras, None)
    torch.testing.assert_close(frames.depth[:2], depth[:2], rtol=1e-12, atol=1e-12)
    assert torch.equal(frames.index[:2].double(), index[:2])
    assert not (frames.index[2] == 0).any()  # a camera inside an object does not see it


@pytest.mark.oracle
def test_a_wall_that_passes_the_camera():
    """Its ends lie before and behind, left and right: its outline reaches to infinity, beyond the corners in front."""
    wall = {"size": torch.tensor([[[0.1, 8.0, 2.0]]]), "centre": torch.tensor([[[0.5, 0.0, 1.0]]])}
    wall |= {"yaw": torch.tensor([[-math.atan2(0.3, 0.95)]]), "colour": torch.ones(1, 1, 3)}
    kind = torch.zeros(1, 1, dtype=torch.long)
    scenes = Scenes(kind=kind, velocity=torch.zeros(1, 1, 3), present=kind == 0, **wall).to(dtype=torch.float64)
    pose = look_at(torch.tensor([0.0, 0.0, 1.1]).double(), torch.tensor([0.0, 5.0, 1.0]).double())[None]
    cameras = Cameras(pose, pinhole(21, 60), 21, 60)
    frames = render(scenes, cameras)
    depth, index, _ = oracle(scenes, cameras, None)
    assert torch.equal(frames.index.double(), index) and 60 < (index == 0).sum() < 600
    torch.testing.assert_close(frames.depth, depth, rtol=1e-12, atol=1e-12)


def test_scenes_are_rendered_alike_in_any_company():
    """300 scenes are more than are rendered at once."""
    scenes, cameras = world(300, torch.float32)
    whole, part = render(scenes, cameras, TIMES), render(scenes[190:230], cameras, TIMES)
    assert torch.equal(whole.rgb[190:230], part.rgb) and torch.equal(whole.depth[190:230], part.depth)


def test_single_precision_is_near():
    scenes, cameras = world(50)
    exact = render(scenes, cameras, TIMES)
    single = render(scenes.to(dtype=torch.float32), cameras.to(torch.float32), TIMES)
    assert single.rgb.dtype == torch.float32 and exact.rgb.dtype == torch.float64
    same = single.index == exact.index
    # pixels at outlines may fall on the other side: a border of some 1e-6 m among pixels of some 0.1 m
    assert (~same).double().mean() < 1e-4
    on = same & exact.depth.isfinite() & (exact.depth < 20)
    # grazing the floor, depth = height / slope: rounding of the slope (1e-7) times depth² / height
    assert (single.depth - exact.depth)[on].abs().max() < 1e-6 * 20**2 / 2
    assert (single.rgb - exact.rgb)[on].abs().max() < 1e-2 and (single.rgb - exact.rgb)[on].abs().mean() < 1e-5


def inner_pixels(index):
    """Pixels whose four neighbours show the same: far from outlines."""
    same = torch.zeros_like(index, dtype=torch.bool)
    core = index[..., 1:-1, 1:-1]
    around = (index[..., :-2, 1:-1], index[..., 2:, 1:-1], index[..., 1:-1, :-2], index[..., 1:-1, 2:])
    same[..., 1:-1, 1:-1] = torch.stack([core == other for other in around]).all(0)
    return same & (index >= 0)


def test_gradients_by_differences():
    scenes, cameras = world(2, height=24, width=32)
    frames = render(scenes, cameras, TIMES)
    inner = inner_pixels(frames.index)
    assert inner.sum() > 30
    names = ("centre", "size", "yaw", "colour", "velocity")

    def picture(*values):
        made = dict(zip(names, values, strict=True))
        # a sphere has one diameter: only the first counts
        ball = (scenes.kind == 1)[..., None]
        made["size"] = torch.where(ball, made["size"][..., :1], made["size"])
        seen = render(Scenes(kind=scenes.kind, present=scenes.present, **made), cameras, TIMES)
        return seen.depth[inner], seen.rgb[inner]

    values = [getattr(scenes, name).clone().requires_grad_() for name in names]
    assert torch.autograd.gradcheck(picture, values, eps=1e-6, atol=1e-6, fast_mode=True)


def test_gradients_by_pose():
    """The motion of a camera along its own axes; no gradient is a NaN, at no pixel."""
    scenes, cameras = world(1, height=24, width=32)
    inner = inner_pixels(render(scenes, cameras).index)

    def picture(move):
        pose = cameras.pose.clone()
        pose[:, :3, 3] = pose[:, :3, 3] + move
        seen = render(scenes, replace(cameras, pose=pose))
        return seen.depth[inner], seen.rgb[inner], seen.rgb[seen.index == -1][::7]

    move = torch.zeros(3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda m: picture(m)[:2], move, eps=1e-6, atol=1e-6)
    seen = picture(move)
    assert torch.autograd.grad(sum(part.sum() for part in seen), move)[0].isfinite().all()


@pytest.mark.parametrize(
    ("call", "kind", "words"),
    [
        (lambda s, c: render(s, c.to(torch.float32)), TypeError, "scenes and cameras must agree in dtype and device"),
        (
            lambda s, c: render(s, replace(c, pose=c.pose.expand(3, 2, 4, 4))),
            ValueError,
            r"\(frames, 4, 4\) or \(4, frames",
        ),
        (lambda s, c: render(s, c, torch.zeros(3)), ValueError, r"times must have shape \(2,\) or \(4, 2\)"),
    ],
)
def test_errors(call, kind, words):
    with pytest.raises(kind, match=words):
        call(*world())
