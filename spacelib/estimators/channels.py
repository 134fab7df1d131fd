"""Channels with known information, and samples from them whose scenes are clusters: what the estimators are measured on."""

import math

import torch
from torch import Tensor


def symmetric_law(letters: int, accuracy: float) -> Tensor:
    """Joint law (truth, answer) of a uniform truth, answered right with this probability, else any other letter alike."""
    wrong = torch.full((letters, letters), (1 - accuracy) / (letters - 1), dtype=torch.float64)
    return wrong.fill_diagonal_(accuracy) / letters


def skewed_law(letters: int, known: float) -> Tensor:
    """Joint law (truth, answer) of truths with shares in proportion to 1, 1/2, 1/3, ...

    A share `known` is answered right; the rest falls on letters with shares in proportion to 1, 1/2, 1/4, ..., whatever
    the truth.
    """
    index = torch.arange(letters, dtype=torch.float64)
    prior, habit = 1 / (1 + index), 0.5**index
    guess = (1 - known) * habit / habit.sum() * torch.ones(letters, 1, dtype=torch.float64)
    return (prior / prior.sum())[:, None] * (known * torch.eye(letters, dtype=torch.float64) + guess)


def law_information(law: Tensor) -> float:
    """Mutual information of a joint law, nats."""
    product = law.sum(1, keepdim=True) * law.sum(0, keepdim=True)
    return torch.special.xlogy(law, law / product.clamp(min=torch.finfo(law.dtype).tiny)).sum().clamp(min=0).item()


def clustered_cells(
    generator: torch.Generator, law: Tensor, datasets: int, scenes: int, items: int, correlation: float
) -> Tensor:
    """Cells of a law (truth, answer), numbered by rows, of the items of clustered data sets: (datasets, scenes, items).

    Every item repeats its scene's own cell with probability sqrt(correlation), so that two items of a scene are the
    same draw with probability `correlation`, and independent otherwise: the intra-cluster correlation of every cell.
    """
    shares = law.flatten().to(generator.device)
    own = torch.multinomial(shares, datasets * scenes, True, generator=generator).reshape(datasets, scenes, 1)
    each = torch.multinomial(shares, datasets * scenes * items, True, generator=generator).reshape(datasets, scenes, items)
    repeats = torch.rand(each.shape, generator=generator, device=generator.device) < math.sqrt(correlation)
    return torch.where(repeats, own, each)
