"""Why no sample gives an upper limit of the information: the clone argument in numbers.

Draw N observations for each value t of the target, once, and let the clones of a law give each of them the weight
p_t/N. If observations never repeat exactly, each clone tells its target: there the information is the whole entropy
H(T), which is that of the law itself, and the best accuracy is 1. A sample of n pairs of the clones looks exactly like
one of the law unless some clone is drawn twice. So an upper limit that is right for the clones is at least H(T) on
samples of the law as well, whatever the law tells.
"""

import torch

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.capacity._checks import U


def clone_collision(samples: Number, clones: Number) -> tuple[Number, Number]:
    r"""Probability that n draws among N clones repeat one: the bound of the argument, and the exact figure.

    .. math:: P(\text{repeat}) = 1 - \prod_{i<n} \Big(1 - \frac{i}{N}\Big) \;\le\; \frac{n (n - 1)}{2N}

    The exact figure is for a target of one value; with N clones for each of several values repeats are rarer. At that,
    it bounds the total variation distance between n draws of the clones and n draws of the law, the clones being drawn
    anew.
    Parameters: samples n and clones N, integers >= 1. Returns (bound, at most 1, rounded up; exact, right to some n
    2^-53).
    Takes memory in proportion to the largest n.
    Errors: ValueError for n or N that is not an integer >= 1.
    Source: the birthday problem.
    """
    (n, clones), leave = _admit_counts("clone_collision", samples=samples, clones=clones)
    index = torch.arange(int(n.amax()) if n.numel() else 0, device=n.device, dtype=n.dtype)
    used = index < n[..., None]
    free = torch.where(used, torch.log1p(-(index / clones[..., None]).clamp(max=1)), 0).sum(-1)
    return leave(_collision_bound(n, clones), "upper"), leave(-torch.expm1(free))


def upper_limit_failure(level: Number, samples: Number, clones: Number) -> Number:
    r"""How often, at most, an upper limit of I(O; T) that is honest for every law stays below the whole entropy H(T).

    .. math:: P(\hat U < H(T)) \le \delta + \frac{n (n - 1)}{2 N}

    under any law, also one whose observations tell nothing. It holds for every N, and the last term vanishes as N
    grows: the limit says H(T) or more with probability 1 - delta.
    Parameters: level delta in [0, 1], the limit's own error; samples n and clones N for each value of the target,
    integers >= 1. Returns probabilities, at most 1, rounded up.
    Assumes that observations never repeat exactly (an atomless law for each value of the target), independent samples,
    and a limit whose error is at most delta for every law, those of finitely many observations among them.
    Errors: ValueError for arguments outside these ranges.
    Source: theorem no_honest_limit; McAllester and Stratos 2020 prove a related statement.
    """
    (n, clones, level), leave = _admit_counts("upper_limit_failure", samples=samples, clones=clones, level=level)
    require("upper_limit_failure", "level", level, (level >= 0) & (level <= 1), "in [0, 1]")
    return leave(((level + _collision_bound(n, clones)) * (1 + 4 * U)).clamp(max=1), "upper")


def _collision_bound(n, clones):
    return (n * (n - 1) / (2 * clones) * (1 + 4 * U)).clamp(max=1)


def _admit_counts(function: str, **arguments: Number):
    values, leave = admit(function, **arguments)
    for name, value in zip(arguments, values, strict=True):
        if name in ("samples", "clones"):
            require(function, name, value, (value >= 1) & (value == value.floor()), "an integer of at least 1")
    return values, leave
