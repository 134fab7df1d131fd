"""Triangulation on the GPU: the same points as on the CPU, in both precisions, and the same reasons."""

import pytest
import torch
from explicit_points import RIGS, noisy, room

from spacelib.models.explicit import Errors, cramer_rao, triangulate

pytestmark = pytest.mark.gpu


@pytest.mark.parametrize("name", RIGS)
def test_points_equal_to_the_cpu(name, device, dtype):
    """What a pixel's rounding is worth, some hundred of them."""
    cameras = RIGS[name]
    points, pixels = room(name, 2000)
    pixels = noisy(pixels)[0]
    seen = torch.rand(8, 2000, generator=torch.Generator().manual_seed(0)) < 0.6
    here = triangulate(pixels, cameras, seen)
    there = triangulate(pixels.to(device, dtype), cameras.to(device, dtype), seen.to(device))
    assert there.points.device.type == device.type and there.points.dtype == dtype
    both = here.valid & there.valid.cpu()
    assert both.double().mean() > 0.95 and (here.reason == there.reason.cpu()).double().mean() > 0.99
    deviation = cramer_rao(points, cameras, seen=seen).diagonal(dim1=-2, dim2=-1).sum(-1).sqrt()
    off = (there.points.cpu() - here.points).norm(dim=-1) / deviation
    assert off[both].quantile(0.99) < 100 * 640 * torch.finfo(dtype).eps
    size = here.covariance.diagonal(dim1=-2, dim2=-1).sum(-1)
    off = (there.covariance.cpu() - here.covariance).abs().amax((-1, -2)) / size
    assert off[both].quantile(0.99) < 1e4 * torch.finfo(dtype).eps


def test_the_bound_and_errors_there(device):
    cameras = RIGS["converging"].to(device)
    points, _ = room("converging", 100)
    bound = cramer_rao(points.to(device), cameras)
    torch.testing.assert_close(bound.cpu(), cramer_rao(points, RIGS["converging"]))
    generator = torch.Generator(device).manual_seed(0)
    believed = Errors(focal=0.1, pose=0.01, rotation=0.01, pose_kind="drifting").apply(cameras, generator, worlds=2)
    assert believed.pose.device.type == device.type and believed.pose.shape == (2, 8, 4, 4)
