"""Samples whose dimension is known, for the tests of the estimators."""

import torch


def flat(samples, dimension, features, seed):
    """Uniform in a cube of `dimension` numbers, turned into `features` of them."""
    generator = torch.Generator().manual_seed(seed)
    inside = torch.rand(samples, dimension, generator=generator, dtype=torch.float64)
    turn = torch.linalg.qr(torch.randn(features, dimension, generator=generator, dtype=torch.float64)).Q
    return inside @ turn.T


def torus(samples, dimension, seed):
    """Uniform on a product of `dimension` circles: no edge, the same density everywhere."""
    angle = (
        2
        * torch.pi
        * torch.rand(samples, dimension, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    )
    return torch.cat([angle.cos(), angle.sin()], 1)
