"""Cross-fitting in one run: a stack of networks, one for each fold and each mask of the input, trained side by side."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, vmap

Weights = dict[str, Tensor]

RATE = 1e-3
DECAY = 1e-2
CHECK = 25  # steps from one look at the validation part to the next
PATIENCE = 12  # looks without a better one after which training ends
GROUP = 1000  # samples whose pairs are scored together outside training


_LEAST = {"folds": 3, "hidden": 1, "batch": 2, "steps": 1, "codes": 1}


def require_settings(function: str, samples: int, settings: dict) -> None:
    """Raise unless every number among the settings is whole and large enough, and each fold has 4 samples."""
    for name, value in settings.items():
        if name not in _LEAST:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < _LEAST[name]:
            raise ValueError(f"{function}: {name} must be a whole number, at least {_LEAST[name]}, got {value!r}")
    folds = settings["folds"]
    if samples < 4 * folds:
        raise ValueError(f"{function}: {folds} folds need at least {4 * folds} samples, got {samples}")


def parts(samples: int, folds: int, generator: torch.Generator) -> list[Tensor]:
    """Row numbers in random order, cut into folds whose sizes differ by one at most."""
    return list(torch.randperm(samples, generator=generator).tensor_split(folds))


def first_weights(network: nn.Module, folds: int, masks: int, generator: torch.Generator) -> Weights:
    """Random weights (folds, masks, *shape), the same for all masks of a fold; 0 for those that the network names."""
    weights = {}
    for name, module in network.named_modules():
        for kind, shape in ((kind, value.shape) for kind, value in module.named_parameters(recurse=False)):
            full = f"{name}.{kind}"
            draws = (2 * torch.rand(folds, 1, *shape, generator=generator) - 1) / math.sqrt(module.in_features)
            weights[full] = (draws * (full not in network.zero)).repeat(1, masks, *[1] * len(shape))
    return weights


def outputs(network: nn.Module, weights: Weights, masks: Tensor, x: Tensor, y: Tensor) -> Any:
    """What every network of the stack says of its fold's samples x (folds, B, columns), y; (folds, masks, ...)."""

    def one(state: Weights, mask: Tensor, x: Tensor, y: Tensor) -> Any:
        return functional_call(network, state, (x * mask, y))

    return vmap(vmap(one, in_dims=(0, 0, None, None)), in_dims=(0, None, 0, 0))(weights, masks, x, y)


def train(
    network: nn.Module,
    masks: Tensor,
    x: Tensor,
    y: Tensor,
    folds: list[Tensor],
    objective: Callable[[Any], Tensor],
    *,
    batch: int,
    steps: int,
    seed: int,
) -> Weights:
    """The weights of each network at the step that was best on its validation part.

    Fold k is kept for judging, fold k + 1 for stopping, the others are trained on. objective, (folds, masks) of the
    outputs, is raised by Adam with decaying weights. The same seed gives the same draws, whatever the number of masks.
    """
    generator = torch.Generator().manual_seed(seed)
    count, device = len(folds), x.device
    weights = first_weights(network, count, len(masks), generator)
    weights = {name: value.to(device).requires_grad_() for name, value in weights.items()}
    optimiser = torch.optim.AdamW(weights.values(), lr=RATE, weight_decay=DECAY)
    seen = [torch.cat([part for p, part in enumerate(folds) if p not in (k, (k + 1) % count)]) for k in range(count)]
    least = min(len(rows) for rows in seen)
    batch = min(batch, least)
    looked_at = min(GROUP, min(map(len, folds)))
    validation = torch.stack([folds[(k + 1) % count][:looked_at] for k in range(count)]).to(device)

    def value(rows: Tensor) -> Tensor:
        return objective(outputs(network, weights, masks, x[rows], y[rows]))

    def look() -> Tensor:
        with torch.no_grad():
            return value(validation)

    score, best, waited = look(), {name: value.detach().clone() for name, value in weights.items()}, 0
    for step in range(steps):
        place = step % (least // batch) * batch
        if place == 0:
            drawn = [rows[torch.randperm(len(rows), generator=generator)[:least]] for rows in seen]
            order = torch.stack(drawn).to(device)
        optimiser.zero_grad()
        (-value(order[:, place : place + batch]).sum()).backward()
        optimiser.step()
        if (step + 1) % CHECK == 0 or step + 1 == steps:
            now = look()
            better = now > score
            score = torch.where(better, now, score)
            for name, kept in best.items():
                kept[better] = weights[name].detach()[better]
            waited = 0 if bool(better.any()) else waited + 1
            if waited == PATIENCE:
                break
    return best


def judged(
    network: nn.Module, weights: Weights, masks: Tensor, x: Tensor, y: Tensor, folds: list[Tensor]
) -> Iterator[tuple[Tensor, Any]]:
    """Rows of a group of at most 1000 samples, and what the networks that have not seen them say, (1, masks, ...)."""
    for fold, rows in enumerate(folds):
        state = {name: value[fold, None] for name, value in weights.items()}
        for group in rows.tensor_split(math.ceil(len(rows) / GROUP)):
            group = group.to(x.device)
            yield group, outputs(network, state, masks, x[group][None], y[group][None])


def mean_and_error(terms: Tensor, folds: list[Tensor]) -> tuple[Tensor, Tensor]:
    r"""Mean of the terms (..., samples), and its standard error with the spread of the folds included.

    .. math:: s^2 = \frac{w}{n} + \frac{1}{K} \max\!\left(0,\; b - \frac{wK}{n}\right)

    w is the variance within folds, b that of the K folds' means; what b has above the sampling of terms is the networks'.
    Source: DerSimonian and Laird 1986, equal weights.
    """
    samples, count = terms.shape[-1], len(folds)
    of_fold = [terms[..., rows.to(terms.device)] for rows in folds]
    within = sum(part.var(-1) * (part.shape[-1] - 1) for part in of_fold) / (samples - count)
    between = torch.stack([part.mean(-1) for part in of_fold], -1).var(-1)
    excess = (between - within * count / samples).clamp_min(0)
    return terms.mean(-1), (within / samples + excess / count).sqrt()
