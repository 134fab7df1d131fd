"""A learned log ratio ln p(x, y)/(p(x) p(y)): two small networks, trained to tell pairs from strangers."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

WIDTH, FEATURES, BATCH, RATE = 256, 32, 500, 5e-3
STEPS = 240  # of training; longer learns the points by heart (30, 60 and 90 rounds of 4,000 points were compared)
_LOOKS = 10  # at the fresh points
SHOWN = 2000  # points of a matrix of all pairs, when the critic is judged


@dataclass(frozen=True)
class Critic:
    """InfoNCE's terms, one a point, of the pairs that the critic was trained on, `seen`, and of others, `fresh`."""

    seen: Tensor
    fresh: Tensor


def info_nce(matrix: Tensor) -> Tensor:
    """Terms whose mean is at most I in expectation: a point's ratio to the mean ratio with strangers, both ways round.

    matrix (points, points) of log ratios, true pairs on the diagonal. At most ln(points).
    Source: van den Oord, Li and Vinyals 2018.
    """
    strangers = (matrix.logsumexp(1) + matrix.logsumexp(0)) / 2
    return matrix.diagonal() - strangers + math.log(len(matrix))


def learn_critic(x: Tensor, y: Tensor, train: Tensor, test: Tensor, generator: torch.Generator) -> Critic:
    """The critic f(x).g(y) of normal scores, trained on rows `train`, the round that does best on rows `test`.

    Each network also sees the mean square of its columns, the one radial feature that elliptical laws need.
    """
    inputs = [torch.cat([v, v.square().mean(1, keepdim=True)], 1).float() for v in (x, y)]
    networks = [_network(v.shape[1], generator).to(v.device) for v in inputs]
    scale = math.sqrt(FEATURES)

    def matrix(rows: Tensor) -> Tensor:
        left, right = (network(v[rows]) for network, v in zip(networks, inputs, strict=True))
        return left @ right.T / scale

    batch = min(BATCH, len(train))
    rounds = max(3, STEPS // (len(train) // batch))
    looks = max(1, rounds // _LOOKS)
    parameters = [p for network in networks for p in network.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, RATE, total_steps=rounds * (len(train) // batch) + 1)
    best = None
    for number in range(rounds):
        order = torch.randperm(len(train), generator=generator).to(train.device)
        for rows in train[order].split(batch):
            if len(rows) == batch:
                loss = -info_nce(matrix(rows)).mean()
                optimiser.zero_grad()
                loss.backward()
                optimiser.step()
                schedule.step()
        if number % looks == looks - 1 or number == rounds - 1:
            with torch.no_grad():
                fresh = info_nce(matrix(test[:SHOWN])).double()
                if best is None or fresh.mean() > best.fresh.mean():
                    best = Critic(info_nce(matrix(train[:SHOWN])).double(), fresh)
    return best


def _network(inputs: int, generator: torch.Generator) -> nn.Sequential:
    """Two hidden layers, its weights drawn from the generator and from nothing else."""
    layers = [nn.Linear(inputs, WIDTH), nn.SiLU(), nn.Linear(WIDTH, WIDTH), nn.SiLU(), nn.Linear(WIDTH, FEATURES)]
    for layer in layers[::2]:
        bound = 1 / math.sqrt(layer.in_features)
        for values in (layer.weight, layer.bias):
            values.data = (2 * torch.rand(values.shape, generator=generator) - 1) * bound
    return nn.Sequential(*layers)
