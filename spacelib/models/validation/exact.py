"""What holds of a twin at a noise: laws of the right answer given sampled pictures, by frames, and figures of them."""

import itertools
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.special import entr

from spacelib.models.validation.twins import Twin

_PART = 250  # observations at once: a few hundred megabytes


@dataclass(frozen=True)
class Seen:
    """Sampled observations of a twin, and what their frames tell.

    question (n,): which was asked. scene: laws of the question given each subset of frames, (n, S). images (n, K, D).
    """

    twin: Twin
    question: Tensor
    images: Tensor
    scene: dict[tuple[int, ...], Tensor]

    @property
    def all(self) -> tuple[int, ...]:
        """The frames, all of them."""
        return tuple(range(self.twin.channel.frames))

    def law(self, frames: tuple[int, ...]) -> Tensor:
        """Laws of the right answer given the frames, (n, M)."""
        return self.twin.answers(self.scene[frames])

    def information(self, frames: tuple[int, ...]) -> Tensor:
        """H(T) - H(T | o) of each observation (n,), whose mean is the information about the right answer."""
        return entr(self.twin.law).sum() - entr(self.law(frames)).sum(-1)

    def scene_information(self, frames: tuple[int, ...]) -> Tensor:
        """The same about the question asked, and with it about the scene."""
        law = self.scene[frames]
        return torch.tensor(law.shape[-1]).double().log() - entr(law).sum(-1)

    def accuracy(self, frames: tuple[int, ...]) -> Tensor:
        """The chance (n,) that the best answer counts, given each observation; its mean is Bayes' accuracy."""
        return (self.law(frames) @ self.twin.wins.T).amax(-1)

    def hits(self, frames: tuple[int, ...]) -> Tensor:
        """Whether that answer did count for the question asked, (n,) of 0 and 1."""
        answer = (self.law(frames) @ self.twin.wins.T).argmax(-1)
        return self.twin.wins[answer, self.twin.target[self.question]]


def look(twin: Twin, samples: int, *, generator: torch.Generator) -> Seen:
    """Observations of random questions, with the exact laws given each subset of the frames.

    Errors: ValueError for fewer than 1 sample.
    """
    frames = range(twin.channel.frames)
    subsets = [s for size in range(1, len(frames) + 1) for s in itertools.combinations(frames, size)]
    parts = [twin.channel.sample(min(_PART, samples - at), generator=generator) for at in range(0, samples, _PART)]
    images = torch.cat([part.images for part in parts])
    flat = twin.channel.templates[:, 0]
    laws = {}
    # the logarithm of a likelihood is a sum over frames, so one product a frame serves all subsets
    each = [
        (images[:, k] @ flat[:, k].T - flat[:, k].square().sum(-1) / 2) / twin.channel.noise[k] ** 2 for k in frames
    ]
    for subset in subsets:
        laws[subset] = sum(each[k] for k in subset).softmax(-1)
    return Seen(twin, torch.cat([part.target for part in parts]), images, laws)
