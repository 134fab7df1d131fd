"""Seconds of triangulating 10,000 points from 8 views; asserted is the ratio to pycolmap, whose calls are one a point.

Both get what they take: ours pixels, refined by five steps, with covariances and reasons; theirs unit rays, one linear
solve a point without refinement, on one core. With two threads ours needs both cores free: torch's threads wait for
each other at every step, and beside other work a call takes ten times as long and more.
"""

import os

import pycolmap
import pytest
import torch
from timing import best_seconds

from spacelib.models.explicit import rigs, triangulate

pytestmark = pytest.mark.long


def triangulations():
    """Calls of ours and of pycolmap on the same points, which must agree but for the noise of one pixel."""
    generator = torch.Generator().manual_seed(0)
    cameras = rigs()["converging"]
    points = torch.rand(1, 10_000, 3, generator=generator, dtype=torch.float64)
    pixels = cameras.project(points)[0]
    pixels = pixels + torch.randn(pixels.shape, generator=generator, dtype=torch.float64)
    poses = list(torch.linalg.inv(cameras.pose)[:, :3].numpy())
    slopes = (pixels - cameras.intrinsics[2:]) / cameras.intrinsics[:2]
    rays = torch.nn.functional.normalize(torch.cat([slopes, torch.ones_like(slopes[..., :1])], -1), dim=-1)
    rays = list(rays.movedim(1, 0).numpy().copy())

    def by_pycolmap():
        return [pycolmap.triangulate_multi_view_point(poses, ray) for ray in rays]

    theirs = torch.tensor([place.ravel().tolist() for place in by_pycolmap()])
    assert (triangulate(pixels, cameras).points - theirs).norm(dim=-1).median() < 0.01
    return {"ours": lambda: triangulate(pixels, cameras), "pycolmap": by_pycolmap}


@pytest.mark.parametrize("threads", [1, 2])
def test_no_slower_than_pycolmap(capsys, threads):
    if threads > 1 and (load := os.getloadavg()[0]) > os.cpu_count() - threads + 1:
        pytest.skip(f"load {load:.1f}: {threads} threads would wait for each other")
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        seconds = best_seconds(triangulations(), 7)
    finally:
        torch.set_num_threads(before)
    with capsys.disabled():
        each = ", ".join(f"{name} {1e3 * value:.1f} ms" for name, value in seconds.items())
        print(f"\n10,000 points from 8 views, float64, {threads} threads of torch: {each}")
    assert seconds["ours"] <= seconds["pycolmap"]
