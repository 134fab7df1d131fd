"""Seconds of rendering beside a compiled ray caster, and of exact information, in one run; a ratio is what is asserted.

Peer: trimesh with Embree. It is given its meshes ready, casts the same rays in one call a scene, and says only where they
first meet an object: no floor, no colours.
"""

import numpy as np
import pytest
import torch
import trimesh
from timing import best_seconds
from trimesh.ray.ray_pyembree import RayMeshIntersector

from spacelib.scenes import (
    SPHERE,
    Cameras,
    arc,
    channels,
    information_by_estimation,
    pinhole,
    render,
    sample_scenes,
)

pytestmark = pytest.mark.long


@pytest.fixture
def two_threads():
    """What a user has: tests elsewhere run with one."""
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


def mesh(scenes, b):
    """The objects of a scene as triangles, in one mesh; a ball as 1,280 of them."""
    parts = []
    for n in range(scenes.objects):
        size, angle = scenes.size[b, n].tolist(), scenes.yaw[b, n].item()
        ball = scenes.kind[b, n] == SPHERE
        part = trimesh.creation.icosphere(3, size[0] / 2) if ball else trimesh.creation.box(size)
        part.apply_transform(trimesh.transformations.rotation_matrix(angle, [0, 0, 1]))
        part.apply_translation(scenes.centre[b, n].numpy())
        parts.append(part)
    return trimesh.util.concatenate(parts)


def renderings():
    """Calls of the renderer and of trimesh, which must agree on what is hit, and how many frames each takes."""
    scenes = sample_scenes(500, generator=torch.Generator().manual_seed(0))
    cameras = Cameras(arc(4, 0.3), pinhole(), 64, 64).to(torch.float32)
    pixels = cameras.pixel_centres().expand(4, -1, -1)
    rays = (cameras.unproject(pixels, torch.ones(4, 4096)) - cameras.centre[:, None]).flatten(0, 1).numpy()
    origins = np.repeat(cameras.centre.numpy(), 4096, 0)
    peers = [RayMeshIntersector(mesh(scenes, b)) for b in range(50)]

    def by_trimesh():
        return [peer.intersects_first(origins, rays) for peer in peers]

    found = by_trimesh()
    shown = render(scenes[:50], cameras).index.flatten(1) >= 0
    # outlines of balls are polygons, and some rays graze
    assert np.mean([(hit >= 0) == seen.numpy() for hit, seen in zip(found, shown, strict=True)]) > 0.998

    return {"render": lambda: render(scenes, cameras), "trimesh": by_trimesh}, {"render": 2000, "trimesh": 200}


def test_two_thousand_frames(capsys, two_threads):
    calls, sizes = renderings()
    own, peer = (value / sizes[name] for name, value in best_seconds(calls, 5).items())
    with capsys.disabled():
        print(f"\n2000 frames of 64 x 64, RGB and depth, 6 objects, 2 threads: {2000 * own:.2f} s")
        print(f"a frame: render {1e3 * own:.3f} ms, trimesh with Embree, hits alone, {1e3 * peer:.3f} ms")
    assert own < peer


def test_information_of_all_subsets(capsys):
    scale = channels.scale()
    one, g = [(0, 1, 2, 3)], torch.Generator()
    calls = {
        "by entropies": lambda: scale.information(generator=g),
        "one of them": lambda: scale.information(one, generator=g),
        "by estimation": lambda: information_by_estimation(scale, generator=g),
    }
    seconds = best_seconds(calls, 3)
    with capsys.disabled():
        print(
            "\n15 subsets of 4 frames, 75 scenes, 4000 draws: "
            + ", ".join(f"{k} {v:.2f} s" for k, v in seconds.items())
        )
    assert seconds["by entropies"] < 15 * seconds["one of them"]  # the draws are shared
