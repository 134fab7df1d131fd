"""Cameras in float64, for what is computed there whatever the dtype of the caller."""

from dataclasses import replace

import torch

from spacelib.scenes import Cameras


def wide(cameras: Cameras) -> Cameras:
    """The cameras in float64; float32 rotations are brought to the nearest ones, or they would be none there."""
    if cameras.pose.dtype == torch.float64:
        return cameras
    pose = cameras.pose.double()
    left, _, right = torch.linalg.svd(pose[..., :3, :3])
    pose[..., :3, :3] = left @ right
    return replace(cameras, pose=pose, intrinsics=cameras.intrinsics.double())
