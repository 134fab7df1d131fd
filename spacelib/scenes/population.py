"""Many channels of different spatial questions, for claims about scenes in general."""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.scenes import channels
from spacelib.scenes.channel import Channel

SHARED_ANSWER = ("depth", "search", "occlusion")
"""Questions whose frames are independent given the answer."""
SHARED_SCENE = ("size", "camera_motion", "scale", "same_side")
"""Questions whose frames are independent only given the scene: something besides the answer is in several of them."""


@dataclass(frozen=True)
class Population:
    """What the frames of many channels tell, in nats: question (n,) by name; alone (n, K), of each frame; together (n,), of all; error (n,), the
    standard error of `together`.
    """

    question: tuple[str, ...]
    alone: Tensor
    together: Tensor
    error: Tensor

    @property
    def complementarity(self) -> Tensor:
        """What all tell beyond the best alone, (n,)."""
        return self.together - self.alone.amax(1)

    def of(self, *questions: str) -> "Population":
        """Those of some questions."""
        kept = torch.tensor([name in questions for name in self.question])
        names = tuple(name for name in self.question if name in questions)
        return Population(names, self.alone[kept], self.together[kept], self.error[kept])


def population(
    number: int,
    questions: tuple[str, ...] = SHARED_ANSWER + SHARED_SCENE,
    *,
    samples: int = 400,
    generator: torch.Generator,
) -> Population:
    """What the frames of `number` random channels tell: questions in turn, noise by chance.

    Parameters: number of channels; questions of `spacelib.scenes.channels`; samples for each information; generator. One set of draws
    serves a channel's frames alone and together. Errors: ValueError for fewer than 1 channel or an unknown question.
    """
    known = SHARED_ANSWER + SHARED_SCENE
    wrong = [name for name in questions if name not in known]
    if number < 1 or not questions or wrong:
        raise ValueError(f"population: at least one channel of the questions {', '.join(known)}, got {number} of {wrong or questions}")
    names = tuple(questions[i % len(questions)] for i in range(number))
    rows, errors = [], []
    bases = {name: getattr(channels, name)() for name in dict.fromkeys(names)}
    for name in names:
        channel = _with_random_noise(bases[name], generator)
        subsets = [(k,) for k in range(channel.frames)] + [tuple(range(channel.frames))]
        draws = channel.draws("information", subsets, samples, generator=generator)
        rows.append(draws.mean(0))
        errors.append(draws[:, -1].std() / samples**0.5)
    table = torch.stack(rows)
    return Population(names, table[:, :-1], table[:, -1], torch.stack(errors))


def _with_random_noise(channel: Channel, generator: torch.Generator) -> Channel:
    """Noise of .6 to 1.6 times the channel's own, its logarithm uniform."""
    return channel.with_noise(channel.noise * 0.6 * (1.6 / 0.6) ** torch.rand((), generator=generator).item())
