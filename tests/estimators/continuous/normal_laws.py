"""Samples whose information is known in closed form."""

import torch


def normal_pair(seed, samples, x, y, strength):
    """x and y share one normal factor: (samples, x), (samples, y), their information in nats."""
    generator = torch.Generator().manual_seed(seed)
    factor = torch.randn(samples, 1, generator=generator, dtype=torch.float64)
    noise = torch.randn(samples, x + y, generator=generator, dtype=torch.float64)
    rows = strength * factor + noise
    covariance = torch.eye(x + y, dtype=torch.float64) + strength**2
    return rows[:, :x], rows[:, x:], information_of(covariance, x).item()


def information_of(covariance, x):
    """Information of the first x columns of a normal law about the others."""
    return (torch.logdet(covariance[:x, :x]) + torch.logdet(covariance[x:, x:]) - torch.logdet(covariance)) / 2
