"""Scenes, cameras and questions that the tests of questions share."""

from functools import cache

import torch

from spacelib.scenes import Cameras, look_at, pinhole, render, sample_scenes
from spacelib.scenes.questions import generate


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def _at(*rows):
    return torch.tensor(rows, dtype=torch.float64)


SCENES = sample_scenes(6, 5, generator=generator(3), speed=0.5, extent=1.8, dtype=torch.float64)
# the first and the third overlap by about 30 %, the last two stand in one place
CAMERAS = Cameras(
    look_at(
        _at((-0.6, -5, 2), (1.2, -4.2, 1.6), (-1.4, -4.4, 2.3), (0.9, -5, 2), (0.9, -5, 2)),
        _at((-1.6, 0, 0.5), (3.4, 0, 0.8), (2.3, 0, 0.0), (0, 0, 0.5), (0, 0, 0.5)),
    ),
    pinhole(64, 80),
    64,
    80,
)
TIMES = torch.tensor([0.0, 0.2, 0.4, 0.6, 1.0], dtype=torch.float64)


@cache
def frames():
    return render(SCENES, CAMERAS, TIMES)


@cache
def questions(benchmark):
    return generate(benchmark, None, SCENES, CAMERAS, generator=generator(), times=TIMES)
