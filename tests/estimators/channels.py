"""Channels with known information, and samples from them with dependence within scenes. Torch only."""

import math

import torch

from spacelib.estimators.channels import clustered_cells


def symmetric_information(m: int, accuracy: float) -> float:
    """I of a uniform target on m values answered right with this probability, else uniformly wrong; in nats."""
    p = torch.tensor(accuracy, dtype=torch.float64)
    h = (torch.special.entr(p) + torch.special.entr(1 - p)).item()
    return max(0.0, math.log(m) - h - (1 - accuracy) * math.log(m - 1))


def symmetric_sample(generator, scenes: int, size: int, m: int, accuracy: float, copying: float = 0.0):
    """(target, answer, scene) of `size` items a scene; with probability `copying` an item repeats its scene's first.

    The copy keeps the law of each item, so the truth stays the channel's; items of a scene become dependent.
    """
    n = scenes * size
    device = generator.device
    scene = torch.arange(scenes, device=device).repeat_interleave(size)
    target = torch.randint(m, (n,), generator=generator, device=device)
    right = torch.rand(n, generator=generator, device=device) < accuracy
    wrong = (target + 1 + torch.randint(m - 1, (n,), generator=generator, device=device)) % m
    answer = torch.where(right, target, wrong)
    copy = torch.rand(n, generator=generator, device=device) < copying
    first = scene * size
    return torch.where(copy, target[first], target), torch.where(copy, answer[first], answer), scene


def joint_sample(generator, law, scenes: int, size: int, correlation: float = 0.0):
    """(row, column, scene) of `size` items a scene, each by the joint law (rows, columns), as `clustered_cells` draws them."""
    cell = clustered_cells(generator, law, 1, scenes, size, correlation).flatten()
    scene = torch.arange(scenes, device=cell.device).repeat_interleave(size)
    return cell // law.shape[1], cell % law.shape[1], scene
