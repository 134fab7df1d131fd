"""Questions for the transformer with exact best answers: noisy rendered frames of a channel, as tensors."""

from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.nn import functional

from spacelib.estimators import Estimate
from spacelib.scenes import Channel


def coarser(channel: Channel, pixels: int) -> Channel:
    """The channel of the same scenes whose frames are averaged over squares of pixels x pixels.

    The noise falls as 1/pixels. Its exact posterior and information are its own; averaging can only lose. Errors:
    ValueError for pixels that do not divide height and width.
    """
    height, width = channel.templates.shape[3:5]
    if not isinstance(pixels, int) or isinstance(pixels, bool) or pixels < 1 or height % pixels or width % pixels:
        raise ValueError(
            f"coarser: pixels must divide the height {height} and width {width} of a frame, got {pixels!r}"
        )
    images = channel.templates.flatten(0, 2).movedim(-1, 1)
    means = functional.avg_pool2d(images, pixels).movedim(1, -1).unflatten(0, channel.templates.shape[:3])
    return replace(channel, templates=means, noise=channel.noise / pixels)


@dataclass(frozen=True)
class Drawn:
    """Scenes of a task.

    frames (n, K, *image) in units of their noise, around 0, and place (n,), the target from -1 to 1, in float32; letter
    (n,), the target's number.
    """

    frames: Tensor
    place: Tensor
    letter: Tensor


@dataclass(frozen=True)
class Task:
    """A channel as a question to learn: its target as a letter or, equally spaced from -1 to 1, as a place."""

    channel: Channel

    @property
    def tolerance(self) -> float:
        """Half the distance of two places: who misses by no more has the right one."""
        return 1 / (len(self.channel.templates) - 1)

    def draw(self, number: int, *, generator: torch.Generator) -> Drawn:
        """Scenes by the prior with fresh noise, on the channel's device."""
        seen = self.channel.sample(number, generator=generator)
        return Drawn(self.standardised(seen.images), (2 * self.tolerance * seen.target - 1).float(), seen.target)

    def standardised(self, images: Tensor) -> Tensor:
        """Images (n, K, *image) less the mean template, in units of the noise; float32."""
        templates = self.channel.templates
        sigma = self.channel.noise.view(-1, *[1] * (templates.ndim - 3))
        return ((images.to(templates) - templates.mean((0, 1, 2))) / sigma).float()

    def bayes_error(self, samples: int = 20_000, *, generator: torch.Generator) -> Estimate:
        """Least error that any answer can have, of letters and of places: E[1 - max_t p(t | frames)]."""
        everything = tuple(range(self.channel.frames))
        found = self.channel.accuracy([everything], samples, generator=generator)[everything]
        low, high = found.interval
        return replace(
            found,
            estimate=1 - found.estimate,
            interval=(1 - high, 1 - low),
            method=found.method.replace("accuracy", "error"),
        )
