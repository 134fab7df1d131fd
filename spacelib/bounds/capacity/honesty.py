"""Why no sample gives an upper limit of the information: the clone argument in numbers.

Draw N pairs from a law J once, and let J_N be uniform on them. If observations never repeat exactly, each clone's
observation tells its target: under J_N the information is the whole entropy, and the best accuracy is 1. A sample of n
pairs from J_N looks exactly like one from J unless some clone is drawn twice. So an upper limit that is right for J_N
must be nearly H(T) on samples from J as well, whatever J tells.
"""

import torch

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.capacity._checks import U


def clone_collision(samples: Number, clones: Number) -> tuple[Number, Number]:
    r"""Probability that n draws among N clones repeat one: the bound of the argument, and the exact figure.

    .. math:: P(\text{repeat}) = 1 - \prod_{i<n} \Big(1 - \frac{i}{N}\Big) \;\le\; \frac{n^2}{2N}

    It is also the total variation distance between n draws from J_N and n draws from J at most.
    Parameters: samples n and clones N, integers >= 1. Returns (bound, at most 1; exact, right to some n 2^-53).
    Takes memory in proportion to the largest n.
    Errors: ValueError for n or N that is not an integer >= 1.
    Source: the birthday problem.
    """
    (n, clones), leave = _admit_counts("clone_collision", samples=samples, clones=clones)
    index = torch.arange(int(n.amax()) if n.numel() else 0, device=n.device, dtype=n.dtype)
    used = index < n[..., None]
    free = torch.where(used, torch.log1p(-(index / clones[..., None]).clamp(max=1)), 0).sum(-1)
    return leave(_collision_bound(n, clones), "upper"), leave(-torch.expm1(free))


def upper_limit_failure(level: Number, samples: Number, clones: Number, alphabet: Number, margin: Number) -> Number:
    r"""How often, at most, an upper limit of I(O; T) that is valid for every law stays below H(T) - margin.

    .. math::
        P_J(\hat U < H(T) - \eta) \le \delta + \frac{n^2}{2N} + P(|H_{J_N}(T) - H(T)| > \eta), \qquad
        P(|H_{J_N} - H| > \eta) \le 2 \exp\Big(-\frac{N (\eta - b)^2}{2 \ln^2 N}\Big),\; b = \ln\Big(1 + \frac{M-1}{N}\Big)

    As N is free, the middle and the last term vanish: the limit says H(T) - eta or more with probability 1 - delta.
    Parameters: level delta in [0, 1], the limit's own error; samples n >= 1; clones N >= 3; alphabet size M >= 1; margin
    eta > 0 in nats. Returns probabilities, rounded up; 1 where eta <= b.
    Assumes that observations never repeat exactly (an atomless law), a target of M values.
    Errors: ValueError for arguments outside these ranges.
    Source: the clone argument; the entropy's concentration, Antos and Kontoyiannis 2001 (bounded differences of
    2 ln(N)/N), and its bias, Paninski 2003.
    """
    name = "upper_limit_failure"
    counts = {"samples": samples, "clones": clones, "alphabet": alphabet}
    (n, clones, m, level, margin), leave = _admit_counts(name, **counts, level=level, margin=margin)
    require(name, "level", level, (level >= 0) & (level <= 1), "in [0, 1]")
    require(name, "margin", margin, margin > 0, "above 0 nats")
    require(name, "clones", clones, clones >= 3, "at least 3")
    # eta - b loses 2 u (eta + b), the exponent 8 u of itself
    beyond = margin - torch.log1p((m - 1) / clones)
    beyond = (beyond - 4 * U * margin).clamp(min=0)
    exponent = clones * beyond**2 / (2 * clones.log() ** 2)
    deviation = 2 * torch.exp(-exponent * (1 - 16 * U))
    return leave(((level + _collision_bound(n, clones) + deviation) * (1 + 8 * U)).clamp(max=1), "upper")


def _collision_bound(n, clones):
    return (n * n / (2 * clones) * (1 + 4 * U)).clamp(max=1)


def _admit_counts(function: str, **arguments: Number):
    values, leave = admit(function, **arguments)
    for name, value in zip(arguments, values, strict=True):
        if name in ("samples", "clones", "alphabet"):
            require(function, name, value, (value >= 1) & (value == value.floor()), "an integer of at least 1")
    return values, leave
