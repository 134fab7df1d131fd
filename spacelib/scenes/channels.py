"""Ready channels, each a spatial question whose frames are rendered: some redundant, some worth most together.

Each question gives a `Channel` of K = 4 frames of 24 x 32 pixels, RGB; its noise (in units of the brightest pixel) is
the default under which all four frames tell between 0.2 and 0.9 of the target's entropy. What a single frame is known
to tell exactly stands with each.
"""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from spacelib.scenes._staging import FRAMES, HEIGHT, WIDTH, bell, channel_of, objects, pictures, stacked
from spacelib.scenes.cameras import Cameras, pinhole
from spacelib.scenes.channel import Channel
from spacelib.scenes.trajectories import arc, look_at, parallel, turn, with_overlap
from spacelib.scenes.world import BOX, SPHERE

_LEVEL = 0.5  # metres over the floor: cameras and objects at one height


def depth(noise: float = 1.3, overlap: float = 0.9) -> Channel:
    """How far is the box: 4 distances. Frames are independent given the target: they can only repeat each other.

    The cameras stand side by side; neighbours overlap by `overlap` at 5 m.
    """
    cameras = with_overlap(parallel, overlap, FRAMES, height=HEIGHT, width=WIDTH)
    away = torch.tensor([-0.6, -0.2, 0.2, 0.6])
    box = objects(BOX, [(0.0, y, 0.35) for y in away.tolist()], (0.7, 0.7, 0.7), "red", yaw=0.4)
    return channel_of(pictures(box, cameras)[:, None], noise)


def size(noise: float = 1.0, step: float = 0.35) -> Channel:
    """How large is the sphere: 3 sizes, of 5 brightnesses. A small bright one is easily taken for a large dull one.

    The brightness is shared by all frames, so they are not independent given the target.
    """
    spheres = []
    for d in (0.4, 0.55, 0.7):
        for bright in (0.4, 0.55, 0.7, 0.85, 1.0):
            sphere = objects(SPHERE, [(0.0, 0.0, d / 2)], (d, d, d), "orange")
            spheres.append(replace(sphere, colour=sphere.colour * bright))
    cameras = Cameras(arc(FRAMES, step, distance=3.0, above=1.2), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    return channel_of(pictures(stacked(spheres), cameras).unflatten(0, (3, 5)), noise)


def camera_motion(noise: float = 1.2, step: float = 0.06) -> Channel:
    """Where does the camera go: left, nowhere or right, by `step` metres a frame, from one of 17 starts that far apart.

    The first frame tells exactly nothing: it shows the start. The second tells little alone and much beside the first.
    """
    starts = torch.arange(-8, 9).double()
    place = step * (starts[:, None] + torch.tensor([-1.0, 0, 1])[:, None, None] * torch.arange(FRAMES))
    pose = parallel(1, 0.0, distance=3.0, above=1.2).expand(*place.shape, 4, 4).clone()
    pose[..., 0, 3] += place
    cameras = Cameras(pose.flatten(0, 1), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    pair = objects([BOX, SPHERE], [(-0.5, 0.0, 0.3), (0.5, 0.3, 0.3)], (0.6, 0.6, 0.6), ["green", "orange"], yaw=0.5)
    frames = pictures(pair[torch.zeros(len(cameras.pose), dtype=torch.long)], cameras)
    return channel_of(frames.unflatten(0, place.shape[:2]), noise, bell(starts / 4))


def occlusion(noise: float = 0.3) -> Channel:
    """What stands behind the wall: one of 4 colours of a small box, under 3 colours of the wall.

    Only the third frame looks behind it: it tells all there is, and the others exactly nothing, alone or together.
    """
    eyes = torch.tensor([[-0.8, -5.0, 1.0], [0.0, -5.0, 1.0], [0.0, 5.0, 1.0], [0.8, -5.0, 1.0]]).double()
    cameras = Cameras(look_at(eyes, torch.tensor([0.0, 0.0, 0.5]).double()), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    scenes = []
    for hidden in ("red", "green", "blue", "yellow"):
        for wall in ("white", "cyan", "purple"):
            places, sizes = [(0.0, 0.0, 0.75), (0.0, 0.6, 0.2)], [(2.4, 0.2, 1.5), (0.4, 0.4, 0.4)]
            scenes.append(objects(BOX, places, sizes, [wall, hidden]))
    return channel_of(pictures(stacked(scenes), cameras).unflatten(0, (4, 3)), noise)


def scale(noise: float = 1.75, step: float = 0.02) -> Channel:
    """How large and far is the sphere, in metres: 3 scales of all distances and sizes, at 25 bearings `step` apart.

    A sphere in the sky, larger in proportion to its distance, looks the same from one place at every scale. The cameras
    stand side by side, so far apart that neighbours see it shifted by 2, 4 or 6 bearings against each other: two frames
    tell the scale, and one only as far as the sphere stands at the end of the bearings.
    """
    bearings = torch.arange(-12, 13).double()
    nearness = 0.2  # of the farthest, 1/m
    baseline = 2 * step / nearness
    cameras = Cameras(parallel(FRAMES, baseline, above=_LEVEL), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    eye = cameras.centre.mean(0)
    spheres = []
    for times in (1, 2, 3):
        away = 1 / (nearness * times)
        places = eye + away * torch.stack([step * bearings, torch.ones(25), torch.full((25,), 0.14)], -1)
        spheres.append(objects(SPHERE, places.tolist(), (0.24 * away,) * 3, "purple"))
    return channel_of(pictures(stacked(spheres), cameras).unflatten(0, (3, 25)), noise, bell(bearings / 5))


def search(noise: float = 1.8, overlap: float = 0.5, headings: Sequence[float] | None = None) -> Channel:
    """In which of 8 directions does the box stand: over 150 degrees about a camera that turns.

    Frames are independent given the target. Neighbours overlap by `overlap` at 3 m: the less, the more directions are
    in some frame and the fewer in two, so what frames add to each other grows and what they repeat shrinks. With
    headings (K,) in degrees, 0 ahead and positive to the right, the camera looks there instead: `search_poses`.
    """
    layout = {"distance": 1.0, "above": 1.0, "target": (0.0, 1.0, 1.0)}  # in the middle of the floor, level
    if headings is None:
        cameras = with_overlap(turn, overlap, FRAMES, depth=3.0, height=HEIGHT, width=WIDTH, **layout)
    else:
        cameras = Cameras(search_poses(headings), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    bearings = torch.linspace(-75, 75, 8).double().deg2rad()
    places = torch.stack([3 * bearings.sin(), 3 * bearings.cos(), torch.full_like(bearings, 0.4)], -1)
    boxes = objects(BOX, places.tolist(), (0.8, 0.8, 0.8), "blue")
    return channel_of(pictures(boxes, cameras)[:, None], noise)


def search_poses(headings: Sequence[float]) -> Tensor:
    """Poses (K, 4, 4) of the camera of `search` that looks in these directions, in degrees."""
    angle = torch.as_tensor(headings, dtype=torch.float64).deg2rad()
    eye = torch.tensor([0.0, 0.0, 1.0], dtype=torch.float64)
    return look_at(eye, eye + torch.stack([angle.sin(), angle.cos(), torch.zeros_like(angle)], -1))


def same_side(noise: float = 2.0) -> Channel:
    """Do a box in one room and a box in the next stand on the same side: yes or no, for either side of the first.

    Frames 0 and 2 show the first room, frames 1 and 3 the second: the target is the exclusive or of two bits, one in
    each. Frames of one room tell exactly nothing.
    """
    eyes = torch.tensor([[0.0, -1.0, 1.0], [0.0, 1.0, 1.0], [0.3, -1.0, 1.0], [0.3, 1.0, 1.0]]).double()
    ahead = torch.tensor([[0.0, -4.0, 0.5], [0.0, 4.0, 0.5]]).double().repeat(2, 1)
    cameras = Cameras(look_at(eyes, ahead), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    scenes = []
    for same in (1, -1):
        for side in (1, -1):
            places = [(0.4 * side, -4.0, 0.3), (0.4 * same * side, 4.0, 0.3)]
            scenes.append(objects(BOX, places, (0.6, 0.6, 0.6), ["blue", "blue"]))
    return channel_of(pictures(stacked(scenes), cameras).unflatten(0, (2, 2)), noise)
