"""Manifolds of known dimension, to measure the estimators on: samples in an ambient space, turned at random."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

Sampler = Callable[[int, torch.Generator], Tensor]


@dataclass(frozen=True)
class Manifold:
    """A set to sample: its name, its dimension, the numbers of a sample, and `sample(samples, generator)`."""

    name: str
    dimension: int
    features: int
    sample: Sampler


def manifolds() -> tuple[Manifold, ...]:
    """The manifolds of `dimension_table`: flat and bent, with an edge and without, of 1 to 20 dimensions."""
    return (
        Manifold("circle", 1, 10, lambda n, g: turned(_sphere(n, 1, g), 10, g)),
        Manifold("torus of 2", 2, 10, lambda n, g: turned(_torus(n, 2, g), 10, g)),
        Manifold("Swiss roll", 2, 3, lambda n, g: turned(_roll(n, g), 3, g)),
        Manifold("ball of 3", 3, 50, lambda n, g: turned(_ball(n, 3, g), 50, g)),
        Manifold("affine normal of 5", 5, 50, lambda n, g: turned(_normal(n, 5, g), 50, g)),
        Manifold("sphere of 5", 5, 50, lambda n, g: turned(_sphere(n, 5, g), 50, g)),
        Manifold("bent of 4", 4, 16, lambda n, g: turned(_bent(n, 4, g), 16, g)),
        Manifold("ball of 10", 10, 50, lambda n, g: turned(_ball(n, 10, g), 50, g)),
        Manifold("affine normal of 20", 20, 50, lambda n, g: turned(_normal(n, 20, g), 50, g)),
        Manifold("Swiss roll with noise", 2, 3, lambda n, g: _noisy(turned(_roll(n, g), 3, g), 0.05, g)),
    )


def turned(points: Tensor, features: int, generator: torch.Generator) -> Tensor:
    """The points in a space of `features` numbers, turned by a random rotation: no column is a coordinate."""
    frame = torch.linalg.qr(_normal(features, points.shape[1], generator)).Q
    return points @ frame.T


def _normal(samples: int, dimension: int, generator: torch.Generator) -> Tensor:
    return torch.randn(samples, dimension, generator=generator, dtype=torch.float64)


def _uniform(samples: int, dimension: int, generator: torch.Generator) -> Tensor:
    return torch.rand(samples, dimension, generator=generator, dtype=torch.float64)


def _sphere(samples: int, dimension: int, generator: torch.Generator) -> Tensor:
    """Uniform on the unit sphere of that dimension, in one number more."""
    draws = _normal(samples, dimension + 1, generator)
    return draws / draws.norm(dim=1, keepdim=True)


def _ball(samples: int, dimension: int, generator: torch.Generator) -> Tensor:
    """Uniform in the unit ball."""
    return _sphere(samples, dimension - 1, generator) * _uniform(samples, 1, generator) ** (1 / dimension)


def _torus(samples: int, dimension: int, generator: torch.Generator) -> Tensor:
    """Uniform on a product of circles: flat, without an edge."""
    angle = 2 * math.pi * _uniform(samples, dimension, generator)
    return torch.cat([angle.cos(), angle.sin()], 1)


def _roll(samples: int, generator: torch.Generator) -> Tensor:
    """Uniform on a strip rolled up to a spiral whose radius is its angle, one and a half turns of it, 21 wide."""
    along, across = _uniform(samples, 2, generator).T
    # the spiral's length is near angle^2 / 2: equal steps of the square are equal steps of the length
    angle = math.pi * torch.sqrt(1.5**2 + along * (4.5**2 - 1.5**2))
    return torch.stack([angle * angle.cos(), 21 * across, angle * angle.sin()], 1)


def _bent(samples: int, dimension: int, generator: torch.Generator) -> Tensor:
    """A cube under waves: each pair of neighbouring coordinates is the angle and the radius of a circle."""
    u = _uniform(samples, dimension, generator)
    angle, radius = 2 * math.pi * u, 1 + u.roll(1, 1)
    return torch.cat([radius * angle.cos(), radius * angle.sin()], 1)


def _noisy(points: Tensor, deviation: float, generator: torch.Generator) -> Tensor:
    """The points with normal noise of that standard deviation in every column."""
    return points + deviation * _normal(*points.shape, generator)
