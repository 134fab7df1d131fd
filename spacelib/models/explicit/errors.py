"""What a geometric pipeline believes wrongly of its cameras: calibration, and poses that are off in three ways."""

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from spacelib.scenes import Cameras, noisy_poses

KINDS = ("independent", "shared", "drifting")


@dataclass(frozen=True)
class Errors:
    """Errors of calibration and of poses.

    focal and scale: relative errors of the focal length and of the distances between cameras, the same in every world:
    0.02 means 2 % too long. pose (metres) and rotation (radians): standard deviations of a move and a turn along
    and about each axis. pose_kind: "independent", drawn for each frame; "shared", one draw for a world's frames, in the
    camera's own axes, as of a camera mounted wrongly; "drifting", the steps of a random walk from the first frame on,
    whose pose is right.
    Errors: ValueError for errors that are not finite, focal or scale not above -1, deviations below 0, another kind.
    """

    focal: float = 0.0
    scale: float = 0.0
    pose: float = 0.0
    rotation: float = 0.0
    pose_kind: str = "independent"

    def __post_init__(self) -> None:
        for name, least in (("focal", -1.0), ("scale", -1.0), ("pose", 0.0), ("rotation", 0.0)):
            value = getattr(self, name)
            if not math.isfinite(value) or value < least or value == -1:
                expected = "finite and above -1" if least else "at least 0 and finite"
                raise ValueError(f"Errors: {name} must be {expected}, got {value!r}")
        if self.pose_kind not in KINDS:
            raise ValueError(f"Errors: pose_kind must be one of {', '.join(KINDS)}, got {self.pose_kind!r}")

    def apply(self, cameras: Cameras, generator: torch.Generator, worlds: int | None = None) -> Cameras:
        """The cameras as the pipeline believes them; for `worlds` alike a batch, each with its own draw.

        Distances are scaled about the first camera. Errors: ValueError for worlds below 1.
        """
        if worlds is not None and worlds < 1:
            raise ValueError(f"apply: worlds must be at least 1, got {worlds}")
        pose = cameras.pose.double()
        pose = pose if worlds is None else pose.expand(worlds, *pose.shape)
        move = self._moves(pose, generator)
        believed = pose.clone()
        first = pose[..., :1, :3, 3]
        believed[..., :3, 3] = first + (1 + self.scale) * (pose[..., :3, 3] - first)
        shift = move[..., :3, 3:]
        shift = pose[..., :3, :3] @ shift if self.pose_kind == "shared" else shift
        believed[..., :3, 3] += shift[..., 0]
        believed[..., :3, :3] = pose[..., :3, :3] @ move[..., :3, :3]
        focal = 1 + self.focal
        intrinsics = cameras.intrinsics * cameras.intrinsics.new_tensor([focal, focal, 1.0, 1.0])
        return replace(cameras, pose=believed.to(cameras.pose.dtype), intrinsics=intrinsics)

    def _moves(self, pose: Tensor, generator: torch.Generator) -> Tensor:
        """Rigid moves (..., K, 4, 4), one a frame."""
        still = torch.eye(4, dtype=pose.dtype, device=pose.device).expand(pose.shape)
        if self.pose_kind == "shared":
            still = still[..., :1, :, :]
        drawn = Cameras(still, pose.new_ones(4), 1, 1)
        steps = noisy_poses(drawn, generator=generator, rotation=self.rotation, translation=self.pose).pose
        if self.pose_kind != "drifting":
            return steps.expand(pose.shape)
        moves = [still[..., 0, :, :]]
        for k in range(1, pose.shape[-3]):
            step, before = steps[..., k, :, :], moves[-1]
            after = step.clone()
            after[..., :3, :3] = before[..., :3, :3] @ step[..., :3, :3]
            after[..., :3, 3] = before[..., :3, 3] + step[..., :3, 3]
            moves.append(after)
        return torch.stack(moves, -3)
