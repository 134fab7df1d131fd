"""Putting objects before cameras: what the ready channels and shift families are rendered with."""

from collections.abc import Sequence

import torch
from torch import Tensor

from spacelib.scenes.cameras import Cameras
from spacelib.scenes.channel import Channel
from spacelib.scenes.render import render
from spacelib.scenes.world import COLOURS, Scenes

FRAMES, HEIGHT, WIDTH = 4, 24, 32


def channel_of(templates: Tensor, noise: float, nuisance: Tensor | None = None) -> Channel:
    """Templates (T, Z, K, *image), targets alike probable, nuisances by their law (Z,) or alike, frames alike noisy."""
    targets, nuisances, frames = templates.shape[:3]
    law = torch.full((nuisances,), 1 / nuisances, dtype=torch.float64) if nuisance is None else nuisance
    return Channel(templates, law.expand(targets, -1) / targets, torch.full((frames,), noise, dtype=torch.float64))


def bell(places: Tensor) -> Tensor:
    """A normal law on a grid, its places in standard deviations."""
    return torch.softmax(-places * places / 2, 0)


def pictures(scenes: Scenes, cameras: Cameras) -> Tensor:
    """RGB (B, K, H, W, 3) in float64."""
    return render(scenes, cameras).rgb


def objects(
    kind: int | list[int],
    places: Sequence[Sequence[float]],
    size: Sequence,
    colour: str | list[str],
    yaw: float = 0.0,
) -> Scenes:
    """Several objects as one scene if colours are listed, else as many scenes of one object each; they stand still."""
    number = len(places)
    centre = torch.tensor(places, dtype=torch.float64)
    kinds = torch.tensor(kind if isinstance(kind, list) else [kind] * number)
    sizes = torch.tensor(size, dtype=torch.float64).expand(number, 3)
    names = colour if isinstance(colour, list) else [colour] * number
    paint = torch.tensor([COLOURS[name] for name in names], dtype=torch.float64)
    turned, still = torch.full_like(centre[:, 0], yaw), torch.zeros_like(centre)
    axis = 0 if isinstance(colour, list) else 1
    values = (kinds, centre, sizes, turned, paint, still, torch.ones_like(kinds, dtype=torch.bool))
    return Scenes(*(value.unsqueeze(axis) for value in values))


def stacked(scenes: list[Scenes]) -> Scenes:
    """Batches of scenes one after the other."""
    return Scenes(**{name: torch.cat([getattr(s, name) for s in scenes]) for name in vars(scenes[0])})
