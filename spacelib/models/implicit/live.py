"""One transformer trained here and now on a question with an exact best answer, in seconds."""

from dataclasses import dataclass

import torch

from spacelib.estimators import Estimate, accuracy
from spacelib.models.implicit.network import Implicit
from spacelib.models.implicit.task import Task, coarser
from spacelib.models.implicit.training import answers_of, misses, train
from spacelib.models.scale import device, scale
from spacelib.scenes import channels
from spacelib.scenes.population import SHARED_ANSWER, SHARED_SCENE

_FRESH, _HELD = 4096, 4096  # scenes of a round of training, and to judge by
_SIZES = {
    "book": {"pixels": 4, "rounds": 10, "steps": 64, "width": 16, "depth": 2},
    "full": {"pixels": 2, "rounds": 60, "steps": 128, "width": 64, "depth": 4},
}


@dataclass(frozen=True)
class Learned:
    """A trained model with its error and Bayes', shares of wrong letters.

    chance is the error of the best blind guess; scenes, the number seen in training.
    """

    model: Implicit
    error: Estimate
    bayes: Estimate
    chance: float
    scenes: int


def learn_question(
    question: str = "search",
    *,
    noise: float | None = None,
    encoder: str = "linear",
    generator: torch.Generator | None = None,
) -> Learned:
    """Train a transformer to answer one of the ready questions, and hold its error beside the least possible.

    question: a channel of `spacelib.scenes.channels`; noise, None for its own; encoder as in `Implicit`; generator on
    the CPU (None: a fresh one with seed 0). Frames are averaged over squares of 4 x 4 pixels and scenes are always
    fresh: some five seconds on one core. SPACELIB_SCALE=full takes finer frames, a larger network and more scenes;
    SPACELIB_DEVICE says where the network lives.
    Errors: ValueError for an unknown question, or as `scale`, `device` and `Implicit`.
    """
    known = SHARED_ANSWER + SHARED_SCENE
    if question not in known:
        raise ValueError(f"learn_question: question must be one of {', '.join(known)}, got {question!r}")
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    size, place = _SIZES[scale()], device()
    channel = getattr(channels, question)(**({} if noise is None else {"noise": noise}))
    task = Task(coarser(channel, size["pixels"]))
    image, letters = task.channel.templates.shape[3:], len(channel.templates)
    model = Implicit(
        image,
        channel.frames,
        outputs=letters,
        depth=size["depth"],
        width=size["width"],
        encoder=encoder,
        generator=generator,
    ).to(place)
    there = torch.Generator(place).manual_seed(int(torch.randint(2**62, (), generator=generator)))
    for _ in range(size["rounds"]):
        fresh = task.draw(_FRESH, generator=generator)
        train(model, fresh.frames.to(place), fresh.letter.to(place), steps=size["steps"], generator=there)
    held = task.draw(_HELD, generator=generator)
    wrong = misses(answers_of(model, held.frames.to(place)), held.letter.to(place))
    found = accuracy(wrong.cpu())
    chance = 1 - channel.target_prior.max().item()
    return Learned(model, found, task.bayes_error(generator=generator), chance, size["rounds"] * _FRESH)
