"""What the order of two frames tells: a twin whose things move, seen as a film and as two loose pictures."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.special import entr

from spacelib.estimators.result import Estimate
from spacelib.models.validation.twins import COLOURS, MOVING, SEEN, Twin
from spacelib.scenes.channel import estimates

_PART = 500


@dataclass(frozen=True)
class Order:
    """Information about the right answer in nats: of the first and of the second picture, of both, of both without
    their order; and `entropy`, that of the answer.
    """

    first: Estimate
    second: Estimate
    film: Estimate
    loose: Estimate
    entropy: float


def sideways(twin: Twin) -> Twin:
    """The same scenes, asked which way the thing moves along the first camera's axes, left or right, each as often.

    Of every question its mirror image in time is asked too: the same two pictures the other way round. Nothing is
    pointed at: a dot stands in the first picture alone and would tell which one that is. The scenes are known by heart,
    and with each which of its things is meant.
    Assumes a twin of displacement vectors with a camera at rest; ValueError for another.
    """
    if not twin.task.endswith("displacement_vector_static_camera") or twin.channel.frames != 2:
        raise ValueError(f"sideways: displacement vectors before a camera at rest were expected, got {twin.task}")
    if not twin.task.startswith(MOVING):
        raise ValueError(f"sideways: {twin.task} asks about nothing that moves")
    right = torch.tensor([question.gold[0] > 0 for question in twin.questions])
    films = twin.channel.templates.clone()
    films.unflatten(-1, (SEEN, -1))[..., COLOURS:, :] = 0.0
    templates = torch.cat([films, films.flip(2)])
    uniform = torch.full((len(templates), 1), 1 / len(templates), dtype=torch.float64)
    channel = replace(twin.channel, templates=templates, prior=uniform)
    target = torch.cat([right, ~right]).long()
    return replace(
        twin,
        wording="which way, in time and against it",
        questions=twin.questions * 2,
        channel=channel,
        target=target,
        wins=torch.eye(2, dtype=torch.float64),
    )


def order(twin: Twin, samples: int = 2000, *, generator: torch.Generator) -> Order:
    """What two frames tell about the right answer, alone, in their order and without it, by exact posteriors.

    Without order: either order is as likely, so the likelihood is the mean of both. Errors: ValueError for a twin
    without just two frames.
    """
    if twin.channel.frames != 2:
        raise ValueError(f"order: a twin of 2 frames was expected, got {twin.channel.frames}")
    flat = twin.channel.templates[:, 0]
    columns = []
    for start in range(0, samples, _PART):
        images = twin.channel.sample(min(_PART, samples - start), generator=generator).images
        each = [[_likelihood(images[:, i], flat[:, k], twin.channel.noise[k]) for k in (0, 1)] for i in (0, 1)]
        film, reversed_ = each[0][0] + each[1][1], each[1][0] + each[0][1]
        laws = (each[0][0], each[1][1], film, torch.logaddexp(film, reversed_))
        columns.append(torch.stack([_told(twin, law) for law in laws], -1))
    draws = torch.cat(columns)
    whole = entr(twin.law).sum().item()
    unseen = torch.full_like(draws[0], whole / samples)
    found = estimates(draws, unseen, f"exact posteriors, {samples} sampled pairs of pictures")
    return Order(*found, entropy=whole)


def _likelihood(images: Tensor, places: Tensor, noise: Tensor) -> Tensor:
    """The logarithm of each place's likelihood, up to a constant of the picture."""
    return (images @ places.T - places.square().sum(-1) / 2) / noise.square()


def _told(twin: Twin, likelihood: Tensor) -> Tensor:
    return entr(twin.law).sum() - entr(twin.answers(likelihood.softmax(-1))).sum(-1)
