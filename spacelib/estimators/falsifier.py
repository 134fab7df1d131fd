"""The falsifier: decoders of every kind on a channel known exactly, each with its exact accuracy, against the ceilings.

Nothing is estimated here but what the learned decoders learn. What a decoder reaches is a finite sum, and so is the
information; a decoder above a ceiling would refute it.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd
import torch
from torch import Tensor

from spacelib import bounds
from spacelib.bounds import KnownChannel
from spacelib.bounds._border import Number, admit, require_law

ROUNDING = 1e-12  # an accuracy and a ceiling are each right to less on channels of up to some thousand cells
_CELLS = 1 << 22  # probabilities of decoders held at once
_SAMPLES = 10_000  # that a learned decoder sees at most


class Attack(NamedTuple):
    """Exact accuracies of decoders of one channel by kind, (decoders,) each; ceilings by name; the channel's figures.

    `floor` is the least accuracy that the equivocation leaves to the best decoder, Bayes.
    """

    accuracy: dict[str, Tensor]
    ceiling: dict[str, float]
    floor: float
    channel: KnownChannel

    def above(self, ceiling: str) -> int:
        """How many decoders exceed the ceiling of this name by more than rounding."""
        return sum(int((values > self.ceiling[ceiling] + ROUNDING).sum()) for values in self.accuracy.values())

    def slack(self, ceiling: str) -> float:
        """The ceiling less the largest accuracy of all decoders."""
        return self.ceiling[ceiling] - max(values.max().item() for values in self.accuracy.values())

    def table(self) -> pd.DataFrame:
        """One row a kind: decoders, largest accuracy, and by ceiling the smallest slack and how many are above."""
        return pd.DataFrame([self._row(kind, values) for kind, values in self.accuracy.items()])

    def _row(self, kind: str, values: Tensor) -> dict:
        top = values.max().item()
        slack = {f"slack to {name}": value - top for name, value in self.ceiling.items()}
        above = {f"above {name}": int((values > value + ROUNDING).sum()) for name, value in self.ceiling.items()}
        return {"kind": kind, "decoders": len(values), "largest": top} | slack | above


def decoders(joint: Number, number: int = 1000, *, generator: torch.Generator) -> Iterator[tuple[str, Tensor]]:
    r"""Decoders of a known channel, of six kinds: batches of laws of the answer given the observation.

    *Bayes*: the likeliest target, once. The others share the rest of `number` evenly, and each draws its own strength:
    *perturbed*: the posterior with noise in its logarithms, sharpened or flattened; *random*: each row uniform among
    all laws; *deterministic*: each observation answered by lot; *adversarial*: climbs the exact accuracy from a random
    start by exponentiated gradient and stops at a random time; *learned*: the most frequent target among what 1 to
    10,000 samples showed for the observation, the target's own frequency counting as one sample more.

    Parameters: joint (observations, targets), a law; number >= 6; generator on the device of the joint. Yields pairs of
    a kind and rules (decoders, observations, targets) in float64, at most some 2^22 probabilities (or one decoder) at a
    time.
    Errors: ValueError for a joint that is no law or not of two axes, or fewer than 6 decoders.
    Source: exponentiated gradient: Kivinen and Warmuth 1997.
    """
    law = _law("decoders", joint, number)
    posterior = _posterior(law)
    yield "Bayes", _chosen(posterior.argmax(-1), law)[None]
    makers = {
        "perturbed": _perturbed,
        "random": _random,
        "deterministic": _deterministic,
        "adversarial": _adversarial,
        "learned": _learned,
    }
    batch = max(1, _CELLS // law.numel())
    for index, (kind, make) in enumerate(makers.items()):
        left = (number - 1 + index) // len(makers)
        while left:
            size = min(batch, left)
            yield kind, make(law, posterior, size, generator)
            left -= size


def known_ceilings(joint: Number) -> dict[str, float]:
    r"""The ceilings of a known channel by name, and the formula that the paper prints.

    `general`: from blind accuracy and information; `exact`: from prior and information; `spectrum`: from the law of the
    information density; `printed`: 1 - I/H, which is false.
    Parameters: joint (observations, targets), a law with more than one target. Returns accuracies. The information is
    rounded up before it enters the first two, by what `known_channel` may lose: their slope in it is infinite where I =
    0 and the likeliest targets tie.
    Errors: ValueError for a joint that is no law, or whose target is certain.
    """
    law = _law("known_ceilings", joint)
    known = bounds.known_channel(law)
    if known.entropy == 0:
        raise ValueError("known_ceilings: joint must have a target of more than one value, got one that is certain")
    information = _rounded_up(law, known.information)
    density = bounds.information_density(law).flatten()
    return {
        "general": bounds.accuracy_ceiling(known.blind_accuracy, information).item(),
        "exact": bounds.exact_ceiling(law.sum(0), information).item(),
        "spectrum": bounds.spectrum_ceiling(density, law.flatten(), known.blind_accuracy).item(),
        "printed": bounds.printed_ceiling(known.information.clamp(max=known.entropy), known.entropy).item(),
    }


def falsify(joint: Number, number: int = 1000, *, generator: torch.Generator) -> Attack:
    r"""Attack the ceilings of a known channel with `decoders` of six kinds, each with its exact accuracy.

    .. math:: A = \sum_{o, t} P(o, t)\, P(\hat T = t \mid o) \;\le\; \text{ceiling}, \qquad
        A_{\text{Bayes}} \ge \text{floor}(H(T) - I)

    The accuracy is linear in the decoder, so the Bayes rule alone decides; the others are there so that the result does
    not lean on knowing that, and to show how far below decoders of each kind stay.
    Parameters: joint (observations, targets), a law with more than one target; number of decoders >= 6; generator on
    the device of the joint. Returns an `Attack` of `known_ceilings`; another ceiling is attacked by
    `_replace(ceiling=...)`.
    Errors: as `decoders` and `known_ceilings`.
    """
    law = _law("falsify", joint, number)
    known = KnownChannel(*(figure.item() for figure in bounds.known_channel(law)))
    accuracy: dict[str, list[Tensor]] = {}
    for kind, rules in decoders(law, number, generator=generator):
        accuracy.setdefault(kind, []).append(bounds.decoder_accuracy(law, rules))
    left_open = _rounded_up(law, known.entropy - known.information)
    floor = bounds.accuracy_floor(max(0.0, left_open))
    return Attack({kind: torch.cat(parts) for kind, parts in accuracy.items()}, known_ceilings(law), floor, known)


def _law(function: str, joint: Number, number: int = 6) -> Tensor:
    (law,), _ = admit(function, {"joint": 2}, joint=joint)
    if law.ndim != 2:
        raise ValueError(f"{function}: joint must have shape (observations, targets), got {tuple(law.shape)}")
    require_law(function, "joint", law, joint, axes=2)
    if number < 6:
        raise ValueError(f"{function}: number must be at least 6, one decoder of each kind, got {number}")
    return law / law.sum()


def _rounded_up(law: Tensor, nats):
    """An information or equivocation plus what its sum over cells, each right to some roundings, may have lost."""
    return nats + (law.numel() + 8) * (1 + math.log(law.shape[1])) * 2.0**-52


def _posterior(law: Tensor) -> Tensor:
    """P(t | o), (observations, targets); uniform where an observation never occurs."""
    seen = law.sum(1, keepdim=True)
    return torch.where(seen > 0, law / torch.where(seen > 0, seen, 1), 1 / law.shape[1])


def _chosen(answers: Tensor, law: Tensor) -> Tensor:
    return torch.nn.functional.one_hot(answers, law.shape[1]).to(law.dtype)


def _uniform(low: float, high: float, size: int, law: Tensor, generator: torch.Generator) -> Tensor:
    """Numbers whose logarithms are uniform, (size, 1, 1)."""
    part = torch.rand(size, 1, 1, generator=generator, dtype=law.dtype, device=law.device)
    return low * (high / low) ** part


def _perturbed(law, posterior, size, generator):
    strength, heat = (_uniform(low, 10, size, law, generator) for low in (1e-3, 1e-2))
    noise = torch.randn(size, *law.shape, generator=generator, dtype=law.dtype, device=law.device)
    return ((posterior.log() + strength * noise) / heat).softmax(-1)


def _random(law, posterior, size, generator):
    drawn = torch.empty(size, *law.shape, dtype=law.dtype, device=law.device).exponential_(generator=generator)
    return drawn / drawn.sum(-1, keepdim=True)


def _deterministic(law, posterior, size, generator):
    return _chosen(torch.randint(law.shape[1], (size, len(law)), generator=generator, device=law.device), law)


def _adversarial(law, posterior, size, generator):
    """The accuracy is linear in the rule: its gradient, scaled to each row, is the posterior, and steps add up."""
    time = _uniform(1e-1, 1e4, size, law, generator)
    return (_random(law, posterior, size, generator).log() + time * posterior).softmax(-1)


def _learned(law, posterior, size, generator):
    samples = _uniform(1, _SAMPLES + 1, size, law, generator)[:, :, 0].floor().clamp(max=_SAMPLES)
    part = torch.rand(size, _SAMPLES, generator=generator, dtype=law.dtype, device=law.device)
    total = law.flatten().cumsum(0)
    cell = torch.searchsorted(total, part * total[-1], right=True).clamp(max=law.numel() - 1)
    seen = (torch.arange(_SAMPLES, device=law.device) < samples).to(law.dtype)
    counts = torch.zeros(size, law.numel(), dtype=law.dtype, device=law.device).scatter_add_(1, cell, seen)
    counts = counts.reshape(size, *law.shape)
    return _chosen((counts + counts.sum(1, keepdim=True) / samples[:, :, None]).argmax(-1), law)
