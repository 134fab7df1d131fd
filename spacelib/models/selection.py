"""Frames chosen by what they tell about the answer, with the assumption of the greedy guarantee tested on the data."""

import itertools
from dataclasses import dataclass

import torch
from scipy import stats
from torch import Tensor

from spacelib.bounds.frames import greedy_frames, greedy_guarantee
from spacelib.estimators import Estimate, subset_information
from spacelib.scenes import Channel

GROUPS = 20  # of the jackknife


@dataclass(frozen=True)
class Selection:
    """Chosen frames, and what can be promised of the choice.

    order: frames in the order of choice. information: what the first one, two, ... of them tell, in nats. refuted: whether some gain grows
    with what was seen before, beyond its simultaneous 95 % interval: then nothing is promised, and factor is None. Otherwise

    .. math:: f(\\text{chosen}) \\ge \\text{factor} \\cdot \\left(\\max_{|S| = K} f(S) - \\tfrac{K (K - 1)}{2}\\, \\text{slack}\\right)

    holds for the truth wherever slack, the largest growth of a gain that the data leave possible, is not exceeded. method says in words
    how figures and test were made.
    """

    order: tuple[int, ...]
    information: tuple[Estimate, ...]
    refuted: bool
    factor: float | None
    slack: float
    method: str


def select_frames(
    frames: Channel | Tensor | list[Tensor],
    budget: int,
    *,
    target: Tensor | None = None,
    method: str = "gaussian_copula",
    samples: int = 4000,
    generator: torch.Generator | None = None,
) -> Selection:
    r"""The frames that tell most about the answer, one after the other: each the one that adds most.

    .. math:: k_{i+1} = \arg\max_k f(S_i + k), \qquad f(S) = I(O_S; T)

    The guarantee needs diminishing returns. They are tested on all gains of one frame after another,
    D = f(S + i + j) - f(S + i) - f(S + j) + f(S), which have to be at most 0; intervals are simultaneous (Bonferroni). A channel's are those of
    sampled observations; those of samples are a jackknife's that leaves one of 20 groups of items out (Student's law, 19 degrees of freedom).
    With slack e the frames of the best set add, one after the other, at most K (K - 1)/2 e more than they would add now, and the proof of
    the guarantee goes through with the best set's information less that.
    Parameters: frames, an exact `spacelib.scenes.Channel`, or a list of K real (samples, dimension), or one (samples, K, dimension), with target
    (samples,) or (samples, dimension); budget, between 1 and K; method of `subset_information` for samples; samples drawn from a channel;
    generator (None: a fresh one with seed 0). At most 12 frames. Returns a `Selection`.
    Assumes items independent. The information of the chosen set is that of the largest of several estimates, so from few samples a little too high.
    Errors: ValueError for a budget outside 1 to K, a target with a channel or none without; those of `subset_information`.
    Source: Nemhauser, Wolsey and Fisher 1978; Krause and Guestrin 2005. Implements :prf:ref:`thm-greedy_guarantee`.
    """
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    if isinstance(frames, Channel):
        if target is not None:
            raise ValueError("select_frames: target must be left out with a channel, which knows its own")
        table, errors, growth, how = _of_channel(frames, samples, generator)
    else:
        if target is None:
            raise ValueError("select_frames: target must be given with samples of frames")
        table, errors, growth, how = _of_samples(frames, target, method, generator)
    choice = greedy_frames(table, budget)
    order = tuple(choice.order.tolist())
    chosen = list(itertools.accumulate(2**k for k in order))
    words = f"greedy; {how}"
    told = tuple(_estimate(table[m].item(), errors[m].item(), samples if isinstance(frames, Channel) else len(target), words) for m in chosen)
    low, high = growth
    refuted = bool((low > 0).any()) if len(low) else False
    slack = max(0.0, high.max().item()) if len(high) else 0.0
    return Selection(order, told, refuted, None if refuted else greedy_guarantee(budget), slack, words)


def growths(table: Tensor) -> Tensor:
    """Every growth of a gain, (..., growths), of tables (..., 2^K): at most 0 all of them where returns diminish."""
    frames = table.shape[-1].bit_length() - 1
    found = []
    for i, j in itertools.combinations(range(frames), 2):
        rest = torch.tensor([m for m in range(2**frames) if not m >> i & 1 and not m >> j & 1])
        one, two = 2**i, 2**j
        found.append(table[..., rest + one + two] - table[..., rest + one] - table[..., rest + two] + table[..., rest])
    return torch.cat(found, -1) if found else table[..., :0]


def _of_channel(channel: Channel, samples: int, generator: torch.Generator):
    subsets = channel.subsets()
    draws = channel.draws("information", subsets, samples, generator=generator)
    full = draws.new_zeros(samples, 2**channel.frames)
    full[:, [sum(2**k for k in s) for s in subsets]] = draws
    table, errors = full.mean(0), full.std(0) / samples**0.5
    each = growths(full)
    mean, error = each.mean(0), each.std(0) / samples**0.5
    # a growth of which no draw was seen cannot be told from one that is rare: one more draw as far off as a draw can be
    wide = stats.norm.isf(0.025 / max(1, len(mean))) * error + 2 * channel.target_entropy / samples
    return table, errors, (mean - wide, mean + wide), f"exact posteriors, {samples} sampled observations"


def _of_samples(frames, target: Tensor, method: str, generator: torch.Generator):
    blocks = list(frames) if isinstance(frames, list | tuple) else [frames[:, k] for k in range(frames.shape[1])]
    whole = subset_information(blocks, target, method=method, generator=generator)
    table = torch.as_tensor(whole.information).double()
    group = torch.randperm(len(target), generator=generator) % GROUPS
    without = []
    for g in range(GROUPS):
        kept = group != g
        part = subset_information([block[kept] for block in blocks], target[kept], method=method, generator=generator)
        without.append(torch.as_tensor(part.information).double())
    left = torch.stack(without)
    spread = lambda x: ((GROUPS - 1) / GROUPS * (x - x.mean(0)).square().sum(0)).sqrt()  # noqa: E731
    each = growths(table)
    wide = stats.t.isf(0.025 / max(1, len(each)), GROUPS - 1) * spread(growths(left))
    return table, spread(left), (each - wide, each + wide), f"{whole.method}; jackknife over {GROUPS} groups of items"


def _estimate(value: float, error: float, samples: int, method: str) -> Estimate:
    return Estimate(value, (max(0.0, value - 1.959964 * error), value + 1.959964 * error), error, samples, method)
