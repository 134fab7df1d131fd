"""The scenes on the GPU: the same frames as on the CPU, and the same posteriors; information within its error."""

import math

import pytest
import torch

from spacelib.scenes import (
    Cameras,
    arc,
    channels,
    detect,
    information_by_estimation,
    noisy_poses,
    pinhole,
    render,
    sample_scenes,
    track,
)

pytestmark = pytest.mark.gpu


def world(dtype):
    scenes = sample_scenes(40, generator=torch.Generator().manual_seed(0), speed=0.5, dtype=torch.float64)
    return scenes.to(dtype=dtype), Cameras(arc(3, 0.4), pinhole(64, 96), 64, 96).to(dtype)


def test_frames_equal_to_the_cpu(device, dtype):
    scenes, cameras = world(dtype)
    times = torch.tensor([0.0, 0.5, 1.0])
    here, there = render(scenes, cameras, times), render(scenes.to(device), cameras.to(device), times.to(device))
    assert there.rgb.device.type == device.type and there.rgb.dtype == dtype
    same = there.index.cpu() == here.index
    # an outline falls between pixels up to rounding, 1e-6 m among some 0.1 m in float32
    assert (~same).double().mean() < 1e-4
    near = same & (here.depth < 20)
    # grazing the floor: the slope's rounding times depth² over height
    bar = 10 * torch.finfo(dtype).eps * 20**2 / 2
    assert (there.depth.cpu() - here.depth)[near].abs().max() < bar
    assert (there.rgb.cpu() - here.rgb)[near].abs().mean() < bar


def test_detections_and_tracks_there(device):
    scenes, cameras = world(torch.float64)
    there, g = scenes.to(device), torch.Generator(device).manual_seed(0)
    found = detect(render(there, cameras.to(device)), 6, generator=g)
    exact = detect(render(scenes, cameras), 6, generator=torch.Generator())
    assert (found.seen.cpu() == exact.seen).double().mean() > 0.99
    both = found.seen.cpu() & exact.seen
    assert (found.box.cpu()[both] == exact.box[both]).double().mean() > 0.99
    tracks = track(there, cameras.to(device), generator=g)
    pixels, _ = cameras.project(tracks.points.cpu())
    torch.testing.assert_close(tracks.pixels.cpu()[tracks.seen.cpu()], pixels[tracks.seen.cpu()], rtol=0, atol=1e-9)
    assert noisy_poses(cameras.to(device), rotation=0.1, generator=g).pose.device.type == device.type


def test_scenes_drawn_there(device):
    scenes = sample_scenes(20, generator=torch.Generator(device).manual_seed(0))
    assert scenes.centre.device.type == device.type and len(scenes) == 20


def test_channel_equal_to_the_cpu(device):
    here = channels.scale()
    there, g = here.to(device), torch.Generator(device).manual_seed(0)
    seen = there.sample(100, generator=g).images
    torch.testing.assert_close(there.posterior(seen).cpu(), here.posterior(seen.cpu()), rtol=0, atol=1e-9)
    subset = (0, 3)
    found = [there.information([subset], generator=g), information_by_estimation(there, [subset], generator=g)]
    exact = here.information([subset], generator=torch.Generator().manual_seed(1))[subset]
    for estimate in (f[subset] for f in found):
        # 4.4 standard errors: one false alarm in 1e5
        off = math.hypot(estimate.standard_error, exact.standard_error)
        assert abs(estimate.estimate - exact.estimate) < 4.4 * off
