"""An exact channel from a scene to its frames: what any subset of noisy frames tells about a target, without learning.

A scene is a target t and a nuisance z on a grid; the renderer gives the mean of each frame, white Gaussian noise is
added. So the likelihood of frames is known, and with it the posterior of the target, Bayes' answers and the
information.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import require, require_law
from spacelib.estimators.result import Estimate

Subset = tuple[int, ...]

_CELLS = 1 << 22  # posterior probabilities held at once
_NORMAL = 1.959964
_FARTHEST = 1e6  # times the noise: squares of it are still summed to 1e-3 in float64


class Observations(NamedTuple):
    """Noisy frames: target (n,), nuisance (n,), images (n, K, *image)."""

    target: Tensor
    nuisance: Tensor
    images: Tensor


@dataclass(frozen=True)
class Channel:
    r"""Frames with white noise about one of T x Z scenes.

    .. math:: p(o_S \mid t) = \sum_z \pi(z \mid t) \prod_{k \in S} N(o_k;\, \mu_{tzk},\, \sigma_k^2 I)

    Given the scene (t, z) frames are independent; given the target alone they are so only where Z is 1 (or nothing of z
    is in more than one frame).
    Parameters: templates mu (T, Z, K, *image), in the unit of the pixels; prior pi(t, z) (T, Z), a law; noise sigma
    (K,) > 0. Everything is held in float64 on the device of the templates. Frames are numbered from 0.
    Errors: ValueError for shapes that do not fit, entries that are not finite, a prior that is no law or has a target
    of probability 0, noise not above 0 or below 1e-6 of what the templates differ by.
    """

    templates: Tensor
    prior: Tensor
    noise: Tensor

    def __post_init__(self) -> None:
        templates = torch.as_tensor(self.templates).double()
        prior, noise = (torch.as_tensor(value).to(templates) for value in (self.prior, self.noise))
        if templates.ndim < 4 or 0 in templates.shape:
            shape = tuple(templates.shape)
            raise ValueError(f"Channel: templates must have shape (targets, nuisances, frames, *image), got {shape}")
        for name, value, shape in (("prior", prior, templates.shape[:2]), ("noise", noise, templates.shape[2:3])):
            if value.shape != shape:
                raise ValueError(f"Channel: {name} must have shape {tuple(shape)}, got {tuple(value.shape)}")
        for name, value in (("templates", templates), ("prior", prior), ("noise", noise)):
            require("Channel", name, value, value.isfinite(), "finite")
        require("Channel", "noise", noise, noise > 0, "above 0")
        require_law("Channel", "prior", prior, self.prior, axes=2)
        require("Channel", "the sum of prior over the nuisance", prior.sum(1), prior.sum(1) > 0, "above 0")
        for name, value in (("templates", templates), ("prior", prior / prior.sum()), ("noise", noise)):
            object.__setattr__(self, name, value)
        far = self._coordinates().norm(dim=-1)
        require(
            "Channel", "the templates' distance from their mean, over the noise,", far, far <= _FARTHEST, "at most 1e6"
        )

    @property
    def frames(self) -> int:
        """K, the number of frames."""
        return self.templates.shape[2]

    @property
    def target_prior(self) -> Tensor:
        """Law of the target, (T,)."""
        return self.prior.sum(1)

    @property
    def target_entropy(self) -> float:
        """H(T) in nats."""
        return torch.special.entr(self.target_prior).sum().item()

    @property
    def scene_entropy(self) -> float:
        """H(T, Z) in nats."""
        return torch.special.entr(self.prior).sum().item()

    def to(self, device: torch.device) -> "Channel":
        """The same channel on another device."""
        return Channel(*(value.to(device) for value in (self.templates, self.prior, self.noise)))

    def with_noise(self, noise: float | Tensor) -> "Channel":
        """The same scenes with other noise: one deviation for all frames, or one each."""
        return replace(self, noise=torch.as_tensor(noise).to(self.noise).expand(self.frames))

    def subsets(self) -> list[Subset]:
        """All 2^K - 1 subsets of frames but the empty one, small ones first."""
        return [s for size in range(1, self.frames + 1) for s in itertools.combinations(range(self.frames), size)]

    def information(
        self, subsets: Iterable[Sequence[int]] | None = None, samples: int = 4000, *, generator: torch.Generator
    ) -> dict[Subset, Estimate]:
        r"""Information of frames about the target, for each subset of them, in nats.

        .. math:: I(O_S; T) = H(T) - \mathbb E\, H(T \mid O_S = o)

        The posterior given sampled frames is exact, so this is unbiased, and the same draws serve all subsets. The
        frames are drawn by their sufficient statistics, the coordinates in the space that the templates span. The
        standard error is that of the mean, with one more draw as far off as a draw can be, H(T): where all is nearly
        certain, what is left is in draws too rare to be seen. The interval is the normal one at 95 %.
        Parameters: subsets, tuples of frame numbers, by default all 2^K - 1; samples >= 2.
        Errors: ValueError for an empty subset, a frame that is not there or twice, fewer than 2 samples.
        Source: the second route to the same number is `information_by_estimation`.
        """
        return self._estimates("information", subsets, samples, generator)

    def scene_information(
        self, subsets: Iterable[Sequence[int]] | None = None, samples: int = 4000, *, generator: torch.Generator
    ) -> dict[Subset, Estimate]:
        """Information of frames about the whole scene, I(O_S; T, Z), as `information`; never below that."""
        return self._estimates("scene_information", subsets, samples, generator)

    def accuracy(
        self, subsets: Iterable[Sequence[int]] | None = None, samples: int = 4000, *, generator: torch.Generator
    ) -> dict[Subset, Estimate]:
        """Bayes' accuracy E max_t p(t | O_S), the best that any decoder of these frames can reach, as `information`."""
        return self._estimates("accuracy", subsets, samples, generator)

    def draws(
        self,
        quantity: str,
        subsets: Iterable[Sequence[int]] | None = None,
        samples: int = 4000,
        *,
        generator: torch.Generator,
    ) -> Tensor:
        """The draws whose means are the estimates, (samples, subsets): a difference of subsets has its own error.

        quantity: "information", "scene_information" or "accuracy".
        """
        if quantity not in _QUANTITIES:
            raise ValueError(f"Channel: quantity must be one of {', '.join(_QUANTITIES)}, got {quantity!r}")
        chosen = self.require_subsets(subsets)
        if samples < 2:
            raise ValueError(f"Channel: samples must be at least 2, got {samples}")
        member = torch.tensor([[k in s for k in range(self.frames)] for s in chosen]).to(self.templates)
        place = self._coordinates()
        norms = (place * place).sum(-1) / 2
        size = max(1, _CELLS // (len(chosen) * self.prior.numel()))
        values = []
        for start in range(0, samples, size):
            count = min(size, samples - start)
            scene = torch.multinomial(self.prior.flatten(), count, replacement=True, generator=generator)
            shape = (count, self.frames, place.shape[-1])
            noise = torch.randn(shape, generator=generator, dtype=place.dtype, device=place.device)
            seen = place[:, scene].transpose(0, 1) + noise
            likelihood = torch.einsum("nkr,kjr->nkj", seen, place) - norms
            posterior = self._posterior(torch.einsum("sk,nkj->nsj", member, likelihood))
            values.append(_QUANTITIES[quantity](self, posterior))
        return torch.cat(values)

    def sample(self, number: int, *, generator: torch.Generator) -> Observations:
        """Scenes by the prior, and their frames with noise, pixels and all.

        Errors: ValueError for fewer than 1.
        """
        if number < 1:
            raise ValueError(f"Channel: number must be at least 1, got {number}")
        scene = torch.multinomial(self.prior.flatten(), number, replacement=True, generator=generator)
        clean = self.templates.flatten(0, 1)[scene]
        noise = torch.randn(clean.shape, generator=generator, dtype=clean.dtype, device=clean.device)
        sigma = self.noise.view(-1, *[1] * (clean.ndim - 2))
        nuisances = self.prior.shape[1]
        return Observations(scene // nuisances, scene % nuisances, clean + sigma * noise)

    def posterior(self, images: Tensor, frames: Sequence[int] | None = None) -> Tensor:
        """Law of the target given observed frames, (n, T), in float64.

        images (n, |S|, *image): the frames of `frames`, in that order; by default all K.
        Errors: ValueError for images of another shape or not finite, for a subset as in `information`.
        """
        chosen = list(self.require_subsets([range(self.frames) if frames is None else frames])[0])
        templates = self.templates.flatten(0, 1)[:, chosen]
        images = torch.as_tensor(images).to(templates)
        if images.shape[1:] != templates.shape[1:]:
            expected = ", ".join(map(str, templates.shape[1:]))
            raise ValueError(f"Channel: images must have shape (n, {expected}), got {tuple(images.shape)}")
        require("Channel", "images", images, images.isfinite(), "finite")
        middle = templates.mean(0)  # taken off both, so that no large numbers cancel
        sigma = self.noise[chosen].view(-1, *[1] * (templates.ndim - 2))
        seen, place = ((value - middle).div(sigma).flatten(1) for value in (images, templates))
        law = self._posterior(seen @ place.T - (place * place).sum(-1) / 2).sum(-1)
        if not bool(law.isfinite().all()):
            largest = images.abs().max().item()
            raise ValueError(f"Channel: images must be within the range of floats in units of noise, got {largest!r}")
        return law

    def bayes_answers(self, images: Tensor, frames: Sequence[int] | None = None) -> Tensor:
        """The target of largest posterior probability, (n,), as `posterior`; the first of equal ones."""
        return self.posterior(images, frames).argmax(-1)

    def require_subsets(self, subsets: Iterable[Sequence[int]] | None) -> list[Subset]:
        """The subsets as tuples, all of them for None; ValueError for what is no subset of the frames."""
        chosen = self.subsets() if subsets is None else [tuple(s) for s in subsets]
        for subset in chosen:
            if not subset or len(set(subset)) < len(subset) or not set(subset) <= set(range(self.frames)):
                expected = f"different frames of 0 to {self.frames - 1}"
                raise ValueError(f"Channel: a subset must hold {expected}, got {subset}")
        return chosen

    def _coordinates(self) -> Tensor:
        """Each frame's templates in units of its noise, in an orthonormal basis of what they span, (K, T Z, T Z).

        By Cholesky's factor of their inner products: unlike a singular basis it is one and the same on every machine, so
        that equal seeds give equal draws. A template that those before it span (to 1e-10 of the mean square) adds no column.
        """
        flat = self.templates.flatten(3).flatten(0, 1).transpose(0, 1)
        flat = (flat - flat.mean(1, keepdim=True)) / self.noise[:, None, None]
        left = flat @ flat.transpose(1, 2)
        least = 1e-10 * left.diagonal(dim1=1, dim2=2).mean(1)
        factor = torch.zeros_like(left)
        for column in range(left.shape[1]):
            pivot = left[:, column, column]
            new = pivot > least
            factor[:, :, column] = torch.where(new, 1 / pivot.where(new, 1.0).sqrt(), 0.0)[:, None] * left[:, :, column]
            factor[:, :column, column] = 0.0
            left = left - factor[:, :, column, None] * factor[:, None, :, column]
        return factor

    def _posterior(self, likelihood: Tensor) -> Tensor:
        """Law of the scene (..., T, Z) from the logarithm of its likelihood (..., T Z), up to a constant."""
        return torch.softmax(likelihood + self.prior.flatten().log(), -1).unflatten(-1, self.prior.shape)

    def _estimates(
        self, quantity: str, subsets: Iterable[Sequence[int]] | None, samples: int, generator: torch.Generator
    ) -> dict[Subset, Estimate]:
        chosen = self.require_subsets(subsets)
        draws = self.draws(quantity, chosen, samples, generator=generator)
        how = f"{quantity.replace('_', ' ')} of an exact channel: exact posteriors, {samples} sampled observations"
        reach = {"information": self.target_entropy, "scene_information": self.scene_entropy, "accuracy": 1.0}[quantity]
        unseen = torch.full_like(draws[0], reach / samples)
        return dict(zip(chosen, estimates(draws, unseen, how), strict=True))


def estimates(draws: Tensor, beside: Tensor, method: str) -> list[Estimate]:
    """One estimate a column of independent draws (samples, columns): mean, standard error, normal interval at 95 %.

    beside (columns,): an error beside that of sampling; the two add as independent ones do.
    """
    mean, error = draws.mean(0), torch.hypot(draws.std(0) / math.sqrt(len(draws)), beside)
    return [
        Estimate(m, (m - _NORMAL * e, m + _NORMAL * e), e, len(draws), method)
        for m, e in zip(mean.tolist(), error.tolist(), strict=True)
    ]


_QUANTITIES: dict[str, Callable[[Channel, Tensor], Tensor]] = {
    "information": lambda channel, law: channel.target_entropy - torch.special.entr(law.sum(-1)).sum(-1),
    "scene_information": lambda channel, law: channel.scene_entropy - torch.special.entr(law).sum((-1, -2)),
    "accuracy": lambda channel, law: law.sum(-1).amax(-1),
}
