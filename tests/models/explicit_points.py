"""Points, their pixels in the stated rigs, and pycolmap's points of the same pixels."""

import numpy as np
import torch

from spacelib.models.explicit import rigs

POINTS = 10_000
RIGS = rigs()
LARGEST = 1 / 15  # of a deviation over its distance: see `reached`


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def seen_by_all(cameras, low, high, number=POINTS, seed=0):
    """Points uniform in a box of the world, as many as all cameras see, and their exact pixels."""
    low, high = torch.tensor(low, dtype=torch.float64), torch.tensor(high, dtype=torch.float64)
    points = low + (high - low) * torch.rand(20 * number, 3, generator=generator(seed), dtype=torch.float64)
    pixels, _ = cameras.project(points[None])
    inside = cameras.inside(pixels).all(0)
    points, pixels = points[inside][:number], pixels[:, inside][:, :number]
    assert len(points) == number
    return points, pixels


def room(name, number=POINTS, seed=0):
    """Points in the 3 m x 3 m x 1.5 m that the rigs look at."""
    return seen_by_all(RIGS[name], (-1.5, -1.5, 0.0), (1.5, 1.5, 1.5), number, seed)


def noisy(pixels, draws=1, seed=1):
    """Pixels (draws, V, P, 2) with normal noise of one pixel."""
    shape = (draws, *pixels.shape)
    return pixels + torch.randn(shape, generator=generator(seed), dtype=pixels.dtype)


def reached(bound, points, cameras):
    r"""Where the bound can be met to 2 %: the deviation that it allows is at most 1/15 of the mean distance.

    With q = (1 + u)/Z, u normal of variance e², the depth is Z (1 - u + u² - ...), its squared error Z² (e² + 9 e⁴ +
    ...): the root is 1 + 4.5 e² times the bound's, 1.02 at e = 1/15.
    """
    distance = cameras.to_camera(points[None]).norm(dim=-1).mean(0)
    return bound.diagonal(dim1=-2, dim2=-1).sum(-1).sqrt() <= LARGEST * distance


def rays(pixels, cameras):
    """What pycolmap takes: world-to-camera matrices, and unit rays (P, V, 3) of one draw."""
    poses = [np.ascontiguousarray(pose[:3]) for pose in np.linalg.inv(cameras.pose.numpy())]
    slopes = (pixels - cameras.intrinsics[2:]) / cameras.intrinsics[:2]
    directions = torch.cat([slopes, torch.ones_like(slopes[..., :1])], -1).movedim(-3, -2)
    return poses, (directions / directions.norm(dim=-1, keepdim=True)).numpy().copy()
