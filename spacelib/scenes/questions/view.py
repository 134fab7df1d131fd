"""One scene as its questions see it: exact geometry, and which objects each frame shows clearly.

Everything is float64 and exact: a depth is where a ray meets a surface, not what a picture stored of it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

import numpy as np
import torch

from spacelib.scenes._intersect import enter_ball, enter_box
from spacelib.scenes.cameras import Cameras, overlap
from spacelib.scenes.render import object_frames, per_scene, render
from spacelib.scenes.world import SPHERE, Scenes, colour_names

LEAST_PIXELS = 25  # that a frame must show of an object that is asked about
LEAST_SHARE = 0.5  # of its outline that nothing stands before
_ROUNDINGS = 1e-9  # of a depth: a point on a surface is the surface that a ray meets
_NAMES = ("box", "sphere")


@dataclass(frozen=True)
class View:
    """A scene in K frames: N objects of kind (N,), size (N, 3), yaw (N,), centre (K, N, 3); the cameras' pose (K, 4, 4)
    and intrinsics (K, 4); index (K, H, W) of what each pixel shows, and alone (N, K, H, W): whether it would show an
    object that stood there alone; overlaps (K, K): the share of a frame's points that fall in another, `overlap`.
    Lengths in metres, angles in radians, pixels as in `spacelib.scenes.cameras`.
    """

    number: int
    kind: np.ndarray
    size: np.ndarray
    yaw: np.ndarray
    present: np.ndarray
    centre: np.ndarray
    colour: tuple[str, ...]
    pose: np.ndarray
    intrinsics: np.ndarray
    index: np.ndarray
    alone: np.ndarray
    overlaps: np.ndarray

    @property
    def frames(self) -> int:
        """K, the number of frames."""
        return len(self.pose)

    @property
    def image(self) -> tuple[int, int]:
        """Width and height of the pictures."""
        return self.index.shape[2], self.index.shape[1]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each object is called: its colour and kind."""
        return tuple(f"{colour} {_NAMES[kind]}" for colour, kind in zip(self.colour, self.kind, strict=True))

    @cached_property
    def clear(self) -> np.ndarray:
        """Whether a frame shows an object clearly, (K, N).

        It shows 25 pixels or more, at least half of its outline, and the outline does not touch the picture's border.
        """
        shown = self.visible_pixels
        outline = self.alone.sum((2, 3)).T
        borders = (self.alone[..., 0, :], self.alone[..., -1, :], self.alone[..., 0], self.alone[..., -1])
        cut = np.any([border.any(-1) for border in borders], 0).T
        return (shown >= LEAST_PIXELS) & (shown >= LEAST_SHARE * outline) & ~cut & self.present

    @cached_property
    def visible_pixels(self) -> np.ndarray:
        """Pixels that show each object, (K, N)."""
        return np.stack([(self.index == n).sum((1, 2)) for n in range(len(self.kind))], -1)

    def named(self, frames) -> list[int]:
        """Objects that all these frames show clearly and whose name no other object of the scene bears."""
        there = [name for name, present in zip(self.names, self.present, strict=True) if present]
        clear = self.clear[list(frames)].all(0)
        return [n for n in range(len(self.kind)) if clear[n] and there.count(self.names[n]) == 1]

    def in_camera(self, frame: int, points: np.ndarray) -> np.ndarray:
        """World points (..., 3) in a frame's camera: x right, y down, z forward."""
        return (points - self.pose[frame, :3, 3]) @ self.pose[frame, :3, :3]

    def levelled(self, frame: int) -> np.ndarray:
        """Axes (3, 3), in rows, of a frame's camera with its pitch and roll taken out: right, forward, up."""
        x, y = self.pose[frame, :2, 2] / np.linalg.norm(self.pose[frame, :2, 2])
        return np.array([[y, -x, 0.0], [x, y, 0.0], [0.0, 0.0, 1.0]])

    def in_level(self, frame: int, points: np.ndarray) -> np.ndarray:
        """World points (..., 3) from a frame's camera along its levelled axes: right, forward, up."""
        return (points - self.pose[frame, :3, 3]) @ self.levelled(frame).T

    def pixel(self, frame: int, points: np.ndarray) -> np.ndarray:
        """Pixels (..., 2) of world points (..., 3) before the camera; NaN for those behind it, in no picture."""
        at = self.in_camera(frame, points)
        depth = np.where(at[..., 2:] > 0, at[..., 2:], np.nan)
        return self.intrinsics[frame, :2] * at[..., :2] / depth + self.intrinsics[frame, 2:]

    def cast(self, frame: int, pixel) -> tuple[float, int]:
        """Depth of the first object behind a pixel (column, row), and its number; (inf, -1) where there is none."""
        plane = (np.asarray(pixel) - self.intrinsics[frame, 2:]) / self.intrinsics[frame, :2]
        depth = self._enter(frame, np.append(plane, 1.0))
        first = int(depth.argmin())
        return (float(depth[first]), first) if np.isfinite(depth[first]) else (np.inf, -1)

    def point(self, frame: int, pixel) -> tuple[np.ndarray, int]:
        """The place in the world (3,) that a pixel shows of an object, and the object's number."""
        depth, owner = self.cast(frame, pixel)
        plane = (np.asarray(pixel) - self.intrinsics[frame, 2:]) / self.intrinsics[frame, :2]
        return self.pose[frame, :3, :3] @ (np.append(plane, 1.0) * depth) + self.pose[frame, :3, 3], owner

    def sees(self, frame: int, point: np.ndarray) -> bool:
        """Whether a frame shows a place on a surface: in the picture, before the camera, nothing before it."""
        at, pixel = self.in_camera(frame, point), self.pixel(frame, point)
        if not (at[2] > 0 and np.all(pixel >= 0) and np.all(pixel < self.image)):
            return False
        return bool(self._enter(frame, at).min() >= 1 - _ROUNDINGS)

    def inner_pixels(self, frame: int) -> np.ndarray:
        """Pixels (row, column) whose eight neighbours show the same object as they do, (n, 2)."""
        index, inner = self.index[frame], np.zeros(self.index[frame].shape, bool)
        height, width = index.shape
        around = [index[i : height - 2 + i, j : width - 2 + j] for i in range(3) for j in range(3)]
        inner[1:-1, 1:-1] = (index[1:-1, 1:-1] >= 0) & np.all([side == around[4] for side in around], 0)
        return np.argwhere(inner)

    def width_across(self, frame: int, n: int) -> float:
        """Extent of an object from left to right as a frame's levelled camera faces it, in metres."""
        if self.kind[n] == SPHERE:
            return float(self.size[n, 0])
        right = self.levelled(frame)[0]
        cos, sin = np.cos(self.yaw[n]), np.sin(self.yaw[n])
        own = np.array([[cos, sin], [-sin, cos]])  # the footprint's axes in the world
        return float(abs(own @ right[:2]) @ self.size[n, :2])

    def volume(self, n: int) -> float:
        """Volume of an object in cubic metres."""
        return float(self.size[n].prod() * (np.pi / 6 if self.kind[n] == SPHERE else 1.0))

    def box(self, frame: int, n: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom of the pixels that show an object: borders of the box around them."""
        rows, columns = np.nonzero(self.index[frame] == n)
        return int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1

    def _enter(self, frame: int, ray: np.ndarray) -> np.ndarray:
        """Parameter (N,) at which a ray (3,) in a camera's coordinates enters each object, inf where it does not."""
        placed = (self.centre[frame], self.yaw, self.size, self.pose[frame])
        centre, yaw, size, pose = (torch.from_numpy(value)[None] for value in placed)
        origin, axes = object_frames(centre, yaw, size, pose)
        start, direction = origin[0].T, (axes[0] @ torch.from_numpy(ray)).T
        t = np.where(self.kind == SPHERE, enter_ball(start, direction).numpy(), enter_box(start, direction)[0].numpy())
        return np.where(self.present, t, np.inf)


def views(scenes: Scenes, cameras: Cameras, times: torch.Tensor | None = None) -> Iterator[View]:
    """The scenes, one after the other, as their questions see them. Errors: as `render`."""
    pose, intrinsics = per_scene(scenes, cameras)
    frames = render(scenes, cameras, times)
    alone = []
    for n in range(scenes.objects):
        only = torch.zeros_like(scenes.present)
        only[:, n] = scenes.present[:, n]
        alone.append(render(replace(scenes, present=only), cameras, times).index == n)
    shares = _overlaps(cameras, frames.depth)
    exact = scenes.to(dtype=torch.float64)
    moved = None if times is None else times.to(exact.centre)
    centre, names = exact.centres(moved, cameras.frames), colour_names(exact)
    values = {field.name: getattr(exact, field.name) for field in fields(exact)}
    values = {name: values[name] for name in ("kind", "size", "yaw", "present")}
    values |= {"centre": centre, "pose": pose.double(), "intrinsics": intrinsics.double(), "index": frames.index}
    values |= {"alone": torch.stack(alone, 1), "overlaps": shares}
    arrays = {name: value.detach().cpu().numpy() for name, value in values.items()}
    for b in range(len(scenes)):
        yield View(b, colour=tuple(names[b]), **{name: value[b] for name, value in arrays.items()})


def _overlaps(cameras: Cameras, depth: torch.Tensor) -> torch.Tensor:
    """`overlap` at the rendered depth, (B, K, K); 0 for a frame that sees nothing but sky."""
    sky = ~depth.isfinite().flatten(-2).any(-1)
    shares = overlap(cameras, torch.where(sky[..., None, None], 1.0, depth))
    return torch.where(sky[..., None], 0.0, shares)
