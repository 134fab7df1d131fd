"""Pinhole cameras: intrinsics, poses, and the way between world, camera and pixels.

Conventions of the whole package. Lengths in metres. World: x right, y forward, z up, the floor at z = 0. Camera
(OpenCV): x right, y down, z forward; depth is z in the camera. A pose maps camera to world. Pixel (row i, column j)
covers [j, j+1) x [i, i+1), so its centre is at (j + 1/2, i + 1/2).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

_ROUNDINGS = 100  # a rotation composed of a few others is orthonormal to some roundings


@dataclass(frozen=True)
class Cameras:
    """K cameras, one a frame, for one world or for a batch of worlds.

    pose (..., K, 4, 4): camera to world, rigid; intrinsics (4,) or (..., K, 4): fx, fy, cx, cy in pixels; height and
    width of the image in pixels. Points have a frame axis, (..., K or 1, N, 3): 1 where they stand still.
    Errors: ValueError for other shapes, entries that are not finite, poses that are not rigid, fx or fy not above 0.
    """

    pose: Tensor
    intrinsics: Tensor
    height: int
    width: int

    def __post_init__(self) -> None:
        pose, intrinsics = self.pose.detach(), self.intrinsics.detach()
        if pose.ndim < 3 or pose.shape[-2:] != (4, 4) or not pose.shape[-3]:
            raise ValueError(f"Cameras: pose must have shape (..., frames, 4, 4), got {tuple(pose.shape)}")
        if intrinsics.shape[-1:] != (4,) or not _broadcasts(intrinsics.shape[:-1], pose.shape[:-2]):
            shapes = f"{tuple(intrinsics.shape)} for poses {tuple(pose.shape)}"
            raise ValueError(f"Cameras: intrinsics must have shape (4,) or (..., frames, 4), got {shapes}")
        if intrinsics.dtype != pose.dtype or not pose.dtype.is_floating_point:
            dtypes = f"{pose.dtype} and {intrinsics.dtype}"
            raise TypeError(f"Cameras: pose and intrinsics must have one floating-point dtype, got {dtypes}")
        for name, value in (("pose", pose), ("intrinsics", intrinsics)):
            if not bool(value.isfinite().all()):
                raise ValueError(f"Cameras: {name} must be finite, got {value[~value.isfinite()][0].item()}")
        if not bool((intrinsics[..., :2] > 0).all()):
            focal = intrinsics[..., :2].min().item()
            raise ValueError(f"Cameras: intrinsics must have fx and fy above 0, got {focal!r}")
        if self.height < 1 or self.width < 1:
            raise ValueError(f"Cameras: height and width must be at least 1, got {self.height} and {self.width}")
        rotation, eye = pose[..., :3, :3], torch.eye(4, dtype=pose.dtype, device=pose.device)
        off = (rotation.mT @ rotation - eye[:3, :3]).abs().max().item()
        if off > _ROUNDINGS * torch.finfo(pose.dtype).eps or not bool((torch.linalg.det(rotation) > 0).all()):
            raise ValueError(f"Cameras: pose must hold rotations, got one that is off by {off:.3g} or mirrored")
        if not bool((pose[..., 3, :] == eye[3]).all()):
            raise ValueError("Cameras: the last row of every pose must be 0, 0, 0, 1")

    @property
    def frames(self) -> int:
        """K, the number of frames."""
        return self.pose.shape[-3]

    @property
    def centre(self) -> Tensor:
        """Where the cameras stand in the world, (..., K, 3)."""
        return self.pose[..., :3, 3]

    def to(self, *args, **kwargs) -> "Cameras":
        """The same cameras in another dtype or on another device, as `Tensor.to`."""
        return replace(self, pose=self.pose.to(*args, **kwargs), intrinsics=self.intrinsics.to(*args, **kwargs))

    def subset(self, frames: Sequence[int]) -> "Cameras":
        """Only these frames, in this order."""
        chosen = list(frames)
        per_frame = self.intrinsics.ndim > 1 and self.intrinsics.shape[-2] > 1
        intrinsics = self.intrinsics[..., chosen, :] if per_frame else self.intrinsics
        return replace(self, pose=self.pose[..., chosen, :, :], intrinsics=intrinsics)

    def to_camera(self, points: Tensor) -> Tensor:
        """World points (..., K or 1, N, 3) in each camera's coordinates, (..., K, N, 3)."""
        return (points - self.centre[..., None, :]) @ self.pose[..., :3, :3]

    def to_world(self, points: Tensor) -> Tensor:
        """Points in camera coordinates (..., K or 1, N, 3) in the world, (..., K, N, 3)."""
        return points @ self.pose[..., :3, :3].mT + self.centre[..., None, :]

    def project(self, points: Tensor) -> tuple[Tensor, Tensor]:
        """Pixels (..., K, N, 2) and depths (..., K, N) of world points (..., K or 1, N, 3).

        A point that is not in front of the camera (depth <= 0) has the pixel (inf, inf): in no image.
        """
        at = self.to_camera(points)
        depth = at[..., 2]
        front = (depth > 0)[..., None]
        focal, middle = self.intrinsics[..., None, :2], self.intrinsics[..., None, 2:]
        pixels = focal * at[..., :2] / torch.where(front, depth[..., None], 1.0) + middle
        return torch.where(front, pixels, torch.inf), depth

    def unproject(self, pixels: Tensor, depth: Tensor) -> Tensor:
        """World points (..., K, N, 3) at pixels (..., K or 1, N, 2) and depths (..., K or 1, N); undoes `project`."""
        focal, middle = self.intrinsics[..., None, :2], self.intrinsics[..., None, 2:]
        plane = (pixels - middle) / focal
        return self.to_world(torch.cat([plane, torch.ones_like(plane[..., :1])], -1) * depth[..., None])

    def inside(self, pixels: Tensor) -> Tensor:
        """Whether pixels (..., 2) lie in the image."""
        return ((pixels >= 0) & (pixels < pixels.new_tensor([self.width, self.height]))).all(-1)

    def pixel_centres(self) -> Tensor:
        """Centres of all pixels, row by row, (height * width, 2)."""
        like = {"dtype": self.pose.dtype, "device": self.pose.device}
        row, column = torch.meshgrid(torch.arange(self.height, **like), torch.arange(self.width, **like), indexing="ij")
        return torch.stack([column, row], -1).reshape(-1, 2) + 0.5


def pinhole(height: int = 64, width: int = 64, field_of_view: float = math.pi / 3) -> Tensor:
    r"""Intrinsics (4,), float64, of a camera with square pixels that sees `field_of_view` radians from left to right.

    .. math:: f_x = f_y = \frac{w}{2 \tan(\alpha/2)}, \qquad c = (w/2, h/2)

    Errors: ValueError for an angle outside (0, pi).
    """
    if not 0 < field_of_view < math.pi:
        raise ValueError(f"pinhole: field_of_view must be in (0, pi) radians, got {field_of_view!r}")
    focal = width / 2 / math.tan(field_of_view / 2)
    return torch.tensor([focal, focal, width / 2, height / 2], dtype=torch.float64)


def overlap(cameras: Cameras, depth: float | Tensor) -> Tensor:
    """Share of frame i's points that fall in frame j, (..., K, K).

    The points are those at frame i's pixel centres, at one depth for all (a plane before the camera, a number) or at
    the rendered depth (..., K, height, width), where pixels without a depth (inf: sky) do not count. What stands
    between is not asked: a point hidden in frame j, but inside its image, counts. So a number is a multiple of
    1/(height * width) and not symmetric. A frame that sees nothing but sky has no points: ValueError.
    """
    depth = torch.as_tensor(depth, dtype=cameras.pose.dtype, device=cameras.pose.device)
    size = (cameras.height, cameras.width)
    if depth.ndim and depth.shape[-3:] != (cameras.frames, *size):
        expected = f"a number or of shape (..., {cameras.frames}, {size[0]}, {size[1]})"
        raise ValueError(f"overlap: depth must be {expected}, got shape {tuple(depth.shape)}")
    if not bool((depth > 0).all()):
        raise ValueError(f"overlap: depth must be above 0, got {depth.min().item()!r}")
    depth = depth.flatten(-2) if depth.ndim else depth.expand(cameras.frames, size[0] * size[1])
    seen = depth.isfinite()
    if not bool(seen.any(-1).all()):
        raise ValueError("overlap: depth must be finite somewhere in every frame, got a frame of inf")
    points = cameras.unproject(cameras.pixel_centres(), torch.where(seen, depth, 1.0))
    shares = []
    for i in range(cameras.frames):
        pixels, _ = cameras.project(points[..., i : i + 1, :, :])
        of_frame = seen[..., i : i + 1, :]
        shares.append((cameras.inside(pixels) & of_frame).sum(-1) / of_frame.sum(-1))
    return torch.stack(shares, -2).to(cameras.pose.dtype)


def _broadcasts(shape: torch.Size, to: torch.Size) -> bool:
    """Whether a shape broadcasts to another without changing it."""
    fits = all(a in (1, b) for a, b in zip(reversed(shape), reversed(to), strict=False))
    return fits and len(shape) <= len(to)
