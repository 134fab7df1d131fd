"""What a front end would report of the frames: boxes around objects and tracks of points, with its errors."""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from spacelib.scenes._intersect import enter_ball, enter_box
from spacelib.scenes.cameras import Cameras
from spacelib.scenes.render import Frames, object_frames, per_scene
from spacelib.scenes.trajectories import about_up
from spacelib.scenes.world import BOX, SPHERE, Scenes

_ROUNDINGS = 2000  # of a depth, within which a point on a surface counts as the surface that a ray meets


@dataclass(frozen=True)
class Detections:
    """Boxes around objects: box (B, K, N, 4), left, top, right, bottom in pixels; centre (B, K, N, 2); seen (B, K, N).

    Where an object is not seen, its box and centre are 0.
    """

    box: Tensor
    centre: Tensor
    seen: Tensor


@dataclass(frozen=True)
class Tracks:
    """Points on objects through the frames: pixels (B, K, P, 2), seen (B, K, P), owner (P,), points (B, K, P, 3).

    pixels are 0 where a point is not seen; owner is the number of the object; points are the true places in the world.
    """

    pixels: Tensor
    seen: Tensor
    owner: Tensor
    points: Tensor


def detect(
    frames: Frames,
    objects: int,
    *,
    generator: torch.Generator,
    noise: float = 0.0,
    dropout: float = 0.0,
    least: int = 4,
) -> Detections:
    """Boxes around the visible pixels of each object, in rendered frames.

    The box holds all pixels that show the object, so what stands before it cuts it off. Its four sides are then moved
    by independent normal noise of standard deviation `noise` pixels (a box thinner than its noise may have its sides
    swapped: they are put in order), and it is lost with probability `dropout`. An object shown by fewer than `least`
    pixels is not seen. centre is the middle of the reported box.
    Errors: ValueError for noise below 0, dropout outside [0, 1], objects or least below 1.
    """
    _require_errors("detect", noise, dropout)
    if objects < 1 or least < 1:
        raise ValueError(f"detect: objects and least must be at least 1, got {objects} and {least}")
    boxes, counts = [], []
    for n in range(objects):
        shown = frames.index == n
        sides = [_ends(shown.any(-2 if axis else -1)) for axis in (1, 0)]
        boxes.append(torch.stack([sides[0][0], sides[1][0], sides[0][1], sides[1][1]], -1))
        counts.append(shown.sum((-1, -2)))
    box, count = torch.stack(boxes, -2).to(frames.depth.dtype), torch.stack(counts, -1)
    box = box + noise * _normal(box.shape, box, generator)
    box = torch.cat([torch.minimum(box[..., :2], box[..., 2:]), torch.maximum(box[..., :2], box[..., 2:])], -1)
    seen = (count >= least) & _kept(count.shape, box, dropout, generator)
    box = torch.where(seen[..., None], box, 0.0)
    return Detections(box, (box[..., :2] + box[..., 2:]) / 2, seen)


def track(
    scenes: Scenes,
    cameras: Cameras,
    times: Tensor | None = None,
    *,
    points: int = 8,
    generator: torch.Generator,
    noise: float = 0.0,
    dropout: float = 0.0,
) -> Tracks:
    """Tracks of points on the surfaces of the objects, P = `points` times N, that move along with them.

    A point is uniform on a sphere, or on a box's six faces (a face, then a place on it, so small faces have as many as
    large ones). It is seen in a frame if it lies in the image, the ray to it meets no object before it (its own back
    hides it too), its object is present, and it is not lost, which happens to each sighting with probability `dropout`.
    A sighting's pixel has normal noise of standard deviation `noise`; it may leave the image by that.
    Errors: as `render`; ValueError for points below 1, noise below 0, dropout outside [0, 1].
    """
    _require_errors("track", noise, dropout)
    if points < 1:
        raise ValueError(f"track: points must be at least 1, got {points}")
    pose, _ = per_scene(scenes, cameras)
    local = _surface_points(scenes, points, generator)
    turned = local @ about_up(scenes.yaw).mT
    centres = scenes.centres(times, cameras.frames)
    world = (centres[..., None, :] + turned[:, None]).flatten(2, 3)
    pixels, depth = cameras.project(world)
    owner = torch.arange(scenes.objects, device=depth.device).repeat_interleave(points)
    ray = world - pose[..., None, :3, 3]
    first = _first_hit(scenes, centres.flatten(0, 1), pose.flatten(0, 1), ray.flatten(0, 1)).view(depth.shape)
    rounding = _ROUNDINGS * torch.finfo(depth.dtype).eps
    seen = cameras.inside(pixels) & (first >= 1 - rounding) & scenes.present[:, None, owner]
    seen = seen & _kept(depth.shape, depth, dropout, generator)
    pixels = pixels + noise * _normal(pixels.shape, pixels, generator)
    return Tracks(torch.where(seen[..., None], pixels, 0.0), seen, owner, world)


def noisy_poses(
    cameras: Cameras, *, generator: torch.Generator, rotation: float = 0.0, translation: float = 0.0
) -> Cameras:
    """The cameras as a pose estimator reports them: each turned and moved a little, independently.

    The turn is about a normal random axis, with standard deviation `rotation` radians about each axis of the camera;
    the move has standard deviation `translation` metres along each axis of the world.
    Errors: ValueError for deviations below 0.
    """
    if not rotation >= 0 or not translation >= 0:
        given = f"{rotation!r} and {translation!r}"
        raise ValueError(f"noisy_poses: rotation and translation must be at least 0, got {given}")
    pose = cameras.pose.double()
    shape = (*pose.shape[:-2], 3)
    x, y, z = (rotation * _normal(shape, pose, generator)).unbind(-1)
    zero = torch.zeros_like(x)
    cross = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(*shape, 3)
    noisy = pose.clone()
    noisy[..., :3, :3] = pose[..., :3, :3] @ torch.linalg.matrix_exp(cross)
    noisy[..., :3, 3] = pose[..., :3, 3] + translation * _normal(shape, pose, generator)
    return replace(cameras, pose=noisy.to(cameras.pose.dtype))


def _first_hit(scenes: Scenes, centre: Tensor, pose: Tensor, ray: Tensor) -> Tensor:
    """Parameter (F, P) at which rays (F, P, 3) from the cameras first meet an object; inf where they meet none."""
    scene = torch.arange(len(scenes), device=pose.device).repeat_interleave(len(pose) // len(scenes))
    origin, axes = object_frames(centre, scenes.yaw[scene], scenes.size[scene], pose)
    from_world = axes @ pose[:, None, :3, :3].mT
    first = torch.full(ray.shape[:-1], torch.inf, dtype=ray.dtype, device=ray.device)
    for n in range(scenes.objects):
        direction = (ray @ from_world[:, n].mT).movedim(-1, 0)
        start = origin[:, n].T[..., None]
        ball = (scenes.kind[scene, n] == SPHERE)[:, None]
        t = torch.where(ball, enter_ball(start, direction), enter_box(start, direction)[0])
        first = torch.minimum(first, torch.where(scenes.present[scene, n][:, None], t, torch.inf))
    return first


def _surface_points(scenes: Scenes, points: int, generator: torch.Generator) -> Tensor:
    """Points (B, N, P, 3) on each object's surface, from its centre, along its own axes."""
    shape = (*scenes.kind.shape, points, 3)
    on_ball = _normal(shape, scenes.size, generator)
    on_ball = on_ball / on_ball.norm(dim=-1, keepdim=True)
    on_box = 2 * _uniform(shape, scenes.size, generator) - 1
    face = torch.randint(3, (*shape[:-1], 1), generator=generator, device=on_box.device)
    on_face = torch.where(on_box.gather(-1, face) < 0, -1.0, 1.0).to(on_box)
    on_box = on_box.scatter(-1, face, on_face)
    return torch.where((scenes.kind == BOX)[..., None, None], on_box, on_ball) * scenes.size[..., None, :] / 2


def _ends(shown: Tensor) -> tuple[Tensor, Tensor]:
    """First border and last border of the pixels shown along the last axis; 0 where there are none."""
    length = shown.shape[-1]
    place = torch.arange(length, device=shown.device)
    low = torch.where(shown, place, length).amin(-1)
    high = torch.where(shown, place + 1, 0).amax(-1)
    return torch.minimum(low, high), high


def _require_errors(function: str, noise: float, dropout: float) -> None:
    if not (math.isfinite(noise) and noise >= 0):
        raise ValueError(f"{function}: noise must be at least 0 pixels and finite, got {noise!r}")
    if not 0 <= dropout <= 1:
        raise ValueError(f"{function}: dropout must be in [0, 1], got {dropout!r}")


def _kept(shape: torch.Size, like: Tensor, dropout: float, generator: torch.Generator) -> Tensor:
    return _uniform(shape, like, generator) >= dropout


def _uniform(shape: torch.Size, like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.rand(shape, generator=generator, dtype=like.dtype, device=like.device)


def _normal(shape: torch.Size, like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=like.dtype, device=like.device)
