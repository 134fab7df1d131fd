"""A small differentiable ray caster: frames of a batch of scenes, RGB and depth, with the object behind each pixel."""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.scenes._intersect import enter_ball, enter_box
from spacelib.scenes.cameras import Cameras
from spacelib.scenes.trajectories import about_up
from spacelib.scenes.world import SPHERE, Scenes

FLOOR, SKY = -1, -2
"""What the index map shows where there is no object."""

TO_LIGHT = (-0.4, -0.5, 0.7681)  # unit vector towards the sun, to four digits
_AMBIENT, _DIFFUSE = 0.35, 0.65
_SKY = (0.62, 0.75, 0.9)
_FLOOR = (0.55, 0.5, 0.45)
_PATTERN, _FADE = 0.35, 6.0  # contrast of the floor's waves nearby; metres after which they fade

_TILE = 8  # pixels a side: an object is tested against the tiles that its outline meets
_CHUNK = {"cpu": 1 << 18, "cuda": 1 << 24}  # pixels rendered at once: what fits a core's cache


@dataclass(frozen=True)
class Frames:
    """Rendered frames: rgb (B, K, H, W, 3) in [0, 1], depth (B, K, H, W) in metres, index (B, K, H, W).

    depth is z in the camera, inf at the sky; index the object's number, FLOOR or SKY.
    """

    rgb: Tensor
    depth: Tensor
    index: Tensor


def render(scenes: Scenes, cameras: Cameras, times: Tensor | None = None) -> Frames:
    r"""Frames of scenes seen by cameras: one ray through each pixel's centre, Lambert's law, no shadows.

    .. math:: \text{rgb} = \text{colour} \cdot (a + b \max(0, n \cdot l)), \qquad a = 0.35,\ b = 0.65

    with the normal n and the direction l to the sun. The floor z = 0 carries waves a metre long that fade with
    distance, so that a camera's motion is seen on it; above its horizon is the sky. An object around a camera is not
    drawn.
    Parameters: B scenes; cameras of pose (K, 4, 4), for all, or (B, K, 4, 4); times (K,) or (B, K) in seconds, by
    default 0 for all. dtype and device of the scenes and of the cameras must agree; they are those of the result.
    Differentiable in every real number of scenes and cameras, away from outlines (where an image jumps).
    Errors: ValueError for cameras that stand for another number of scenes, times of another shape; TypeError for
    dtypes or devices that differ.
    Source: slabs, Kay and Kajiya 1986.
    """
    pose, intrinsics = per_scene(scenes, cameras)
    frames, pixels = cameras.frames, cameras.height * cameras.width
    centres = scenes.centres(times, frames)
    size = max(1, _CHUNK.get(pose.device.type, _CHUNK["cpu"]) // (frames * pixels))
    parts = []
    for start in range(0, len(scenes), size):
        part = slice(start, start + size)
        args = (value[part].flatten(0, 1) for value in (centres, pose, intrinsics))
        parts.append(_render(scenes[part], *args, frames, cameras.height, cameras.width))
    rgb, depth, index = (torch.cat(maps).unflatten(0, (len(scenes), frames)) for maps in zip(*parts, strict=True))
    return Frames(rgb, depth, index)


def per_scene(scenes: Scenes, cameras: Cameras) -> tuple[Tensor, Tensor]:
    """Poses (B, K, 4, 4) and intrinsics (B, K, 4) for every scene, checked against the scenes."""
    pose, centre = cameras.pose, scenes.centre
    if pose.dtype != centre.dtype or pose.device != centre.device:
        kinds = f"{centre.dtype} on {centre.device} and {pose.dtype} on {pose.device}"
        raise TypeError(f"scenes and cameras must agree in dtype and device, got {kinds}; try .to")
    if pose.ndim > 4 or (pose.ndim == 4 and pose.shape[0] not in (1, len(scenes))):
        expected = f"(frames, 4, 4) or ({len(scenes)}, frames, 4, 4)"
        raise ValueError(f"cameras' pose must have shape {expected} for {len(scenes)} scenes, got {tuple(pose.shape)}")
    shape = (len(scenes), cameras.frames)
    return pose.expand(*shape, 4, 4), cameras.intrinsics.expand(*shape, 4)


def object_frames(centre: Tensor, yaw: Tensor, size: Tensor, pose: Tensor) -> tuple[Tensor, Tensor]:
    """Where camera centre and camera axes lie in each object's scaled frame, (F, N, 3) and (F, N, 3, 3).

    centre (F, N, 3), yaw (F, N), size (F, N, 3), pose (F, 4, 4).
    """
    scaled = about_up(yaw).mT * (2 / size)[..., None]
    origin = (scaled @ (pose[:, None, :3, 3] - centre)[..., None]).squeeze(-1)
    return origin, scaled @ pose[:, None, :3, :3]


def plane_from_pixels(intrinsics: Tensor) -> Tensor:
    """Matrices (F, 3, 3) from (u, v, 1) in pixels to the ray of unit depth in the camera."""
    fx, fy, cx, cy = intrinsics.unbind(-1)
    zero, one = torch.zeros_like(fx), torch.ones_like(fx)
    rows = (1 / fx, zero, -cx / fx, zero, 1 / fy, -cy / fy, zero, zero, one)
    return torch.stack(rows, -1).reshape(-1, 3, 3)


def _render(
    scenes: Scenes, centre: Tensor, pose: Tensor, intrinsics: Tensor, frames: int, height: int, width: int
) -> tuple[Tensor, Tensor, Tensor]:
    """RGB, depth and index of F frames in tiles: the background, then object after object where it is nearer."""
    scene = torch.arange(len(scenes), device=pose.device).repeat_interleave(frames)
    yaw, size = scenes.yaw[scene], scenes.size[scene]
    down, across = -(-height // _TILE), -(-width // _TILE)
    to_plane = plane_from_pixels(intrinsics)
    inside = _inside_tile(pose)
    # (u, v, 1) of each tile's corner
    grid = _TILE * torch.cartesian_prod(*(torch.arange(n, device=pose.device) for n in (down, across))).to(pose)
    corner = torch.cat([grid.flip(-1), torch.ones_like(grid[:, :1])], -1)

    depth, shade, index = _background(pose, to_plane, corner, inside)
    origin, axes = object_frames(centre, yaw, size, pose)
    rays = axes @ to_plane[:, None]
    light = (about_up(yaw).mT @ pose.new_tensor(TO_LIGHT)[:, None]).squeeze(-1)
    meets = _tiles_met(origin, axes, intrinsics, scenes.present[scene], down, across)
    # object-major, so that the candidates of one object stand together and no tile comes twice in a run
    owner, frame, tile = meets.permute(1, 0, 2).nonzero(as_tuple=True)
    ball = scenes.kind[scene][frame, owner] == SPHERE
    flat = (depth.view(-1, _TILE**2), shade.view(-1, _TILE**2), index.view(-1, _TILE**2))
    for is_ball in (False, True):
        chosen = (ball == is_ball).nonzero().squeeze(-1)
        n, f, t = owner[chosen], frame[chosen], tile[chosen]
        ray, start = rays[f, n], origin[f, n].T[..., None]
        first = (ray @ corner[t][..., None]).squeeze(-1)
        linear = torch.stack([ray[..., 0], ray[..., 1], first], -1).transpose(0, 1)
        found = (_ball if is_ball else _box)(start, linear @ inside, light[f, n].T[..., None])
        _compose(flat, n, f * (down * across) + t, found)

    def image(tiles: Tensor) -> Tensor:
        whole = tiles.view(-1, down, across, _TILE, _TILE).transpose(2, 3).reshape(-1, down * _TILE, across * _TILE)
        return whole[:, :height, :width]

    depth, shade, index = image(depth), image(shade), image(index)
    rgb = _paint(scenes.colour[scene], index, shade)
    return rgb, depth, index


def _inside_tile(like: Tensor) -> Tensor:
    """(du, dv, 1) of a tile's pixel centres from its corner, (3, pixels)."""
    step = torch.arange(_TILE, dtype=like.dtype, device=like.device) + 0.5
    du, dv = step.repeat(_TILE), step.repeat_interleave(_TILE)
    return torch.stack([du, dv, torch.ones_like(du)])


def _background(pose: Tensor, to_plane: Tensor, corner: Tensor, inside: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Depth, shade and index (F, tiles, pixels) of floor and sky."""
    rays = pose[:, :3, :3] @ to_plane
    first = (rays @ corner.T).movedim(1, 0)[..., None]
    moving = rays[..., :2].movedim(1, 0)[:, :, None, :] @ inside[:2]
    x, y, z = (first + moving).unbind(0)
    above = pose[:, 2, 3, None, None]
    floor = z * above < 0
    t = -above / torch.where(floor, z, 1.0)
    depth = torch.where(floor, t, torch.inf)
    waves = torch.sin(2 * torch.pi * (pose[:, 0, 3, None, None] + t * x)) * torch.sin(
        2 * torch.pi * (pose[:, 1, 3, None, None] + t * y)
    )
    facing = _AMBIENT + _DIFFUSE * TO_LIGHT[2]
    shade = torch.where(floor, facing * (1 + _PATTERN * waves / (1 + (t / _FADE) ** 2)), 1.0)
    return depth, shade, torch.where(floor, FLOOR, SKY)


def _tiles_met(origin: Tensor, axes: Tensor, intrinsics: Tensor, present: Tensor, down: int, across: int) -> Tensor:
    """Which tiles (F, N, tiles) the outline of each object's box may meet: those around its projected corners."""
    with torch.no_grad():
        sign = torch.cartesian_prod(*[origin.new_tensor([-1.0, 1.0])] * 3)
        corners = torch.linalg.solve(axes[:, :, None], (sign - origin[:, :, None])[..., None]).squeeze(-1)
        behind = (corners[..., 2] <= 1e-3).any(-1)  # part of it may be anywhere in the image
        away = (corners[..., 2] <= 0).all(-1)
        plane = corners[..., :2] / corners[..., 2:].clamp(min=1e-3)
        pixels = plane * intrinsics[:, None, None, :2] + intrinsics[:, None, None, 2:]
        low, high = pixels.amin(2) / _TILE, pixels.amax(2) / _TILE
        slack = 1e-2  # of a tile: far more than float32 rounds
        met = []
        for axis, count in ((1, down), (0, across)):
            tile = torch.arange(count, dtype=origin.dtype, device=origin.device)
            touched = (tile + 1 + slack > low[..., axis, None]) & (tile - slack < high[..., axis, None])
            met.append(touched | behind[..., None])
        return (met[0][..., :, None] & met[1][..., None, :] & (present & ~away)[..., None, None]).flatten(2)


def _box(origin: Tensor, direction: Tensor, light: Tensor) -> tuple[Tensor, Tensor]:
    """Depth and shade of boxes: the face that a ray enters looks back at the camera."""
    t, first, second = enter_box(origin, direction)
    faces = _AMBIENT + _DIFFUSE * (origin.sign() * light).clamp(min=0)
    return t, torch.where(first, faces[0], torch.where(second, faces[1], faces[2]))


def _ball(origin: Tensor, direction: Tensor, light: Tensor) -> tuple[Tensor, Tensor]:
    """Depth and shade of spheres: a point of the unit sphere is its own normal."""
    t = enter_ball(origin, direction)
    hit = torch.where(t.isfinite(), t, 0.0)
    return t, _AMBIENT + _DIFFUSE * ((origin * light).sum(0) + hit * (direction * light).sum(0)).clamp(min=0)


def _compose(maps: tuple[Tensor, Tensor, Tensor], owner: Tensor, rows: Tensor, found: tuple[Tensor, Tensor]) -> None:
    """Write depth, shade and index of the candidates where they are nearer, one object number after the other."""
    depth, shade, index = maps
    ends = torch.unique_consecutive(owner, return_counts=True)
    start = 0
    for n, count in zip(ends[0].tolist(), ends[1].tolist(), strict=True):
        run = slice(start, start + count)
        start += count
        row, t = rows[run], found[0][run]
        before = depth[row]
        nearer = t < before
        depth[row] = torch.where(nearer, t, before)
        shade[row] = torch.where(nearer, found[1][run], shade[row])
        index[row] = torch.where(nearer, n, index[row])


def _paint(colour: Tensor, index: Tensor, shade: Tensor) -> Tensor:
    """RGB: the colour of what the index shows, times its shade. Sky and floor stand before the objects' colours."""
    fixed = colour.new_tensor([_SKY, _FLOOR]).expand(len(colour), 2, 3)
    palette = torch.cat([fixed, colour], 1)
    rows = (index - SKY).flatten(1) + palette.shape[1] * torch.arange(len(colour), device=colour.device)[:, None]
    return palette.flatten(0, 1)[rows.view(-1)].view(*index.shape, 3) * shade[..., None]
