"""What counts tell of a shift between two laws of finitely many cells; of laws without atoms they tell nothing.

On a space where laws have no atoms (pictures) every upper confidence bound of KL is infinite with probability at least
1 - delta, whatever the two laws: there kappa is an assumption, and `critical_shift` says how much of it is borne.
"""

import torch

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds._divergence import _term
from spacelib.bounds.transfer._checks import U, raised, require_count, require_positive, require_share
from spacelib.bounds.transfer.binomial import exact_end

_CELLS = 1_000_000


def shift_upper_bound(target_counts: Number, source_counts: Number, delta: Number) -> Number:
    r"""Upper confidence bound of KL(nu\|mu) from counts of both laws.

    .. math:: \mathrm{KL}(\nu\|\mu) \le \sum_j \max_{v \in \{A_j, B_j\},\, w \in \{l_j, u_j\}} \phi(v, w), \qquad
        \phi(v, w) = v \ln\frac{v}{w} - v + w

    Parameters: target_counts and source_counts (..., k), integers >= 0, of independent draws from nu and mu, at least
    one draw of each; delta in (0, 1). [A_j, B_j] of nu_j and [l_j, u_j] of mu_j are `clopper_pearson`, each end at
    delta/(4 k). Returns nats of the leading broadcast shape, rounded up; infinite exactly where a cell was not seen
    in the source, which is right: it may have no mass there. KL of the two frequencies is no bound. Not
    differentiable. Assumes independent draws (of clusters, count one each).
    Errors: ValueError for values outside these ranges or laws of different length.
    Source: phi is convex, so largest at a corner of a box; Clopper and Pearson 1934.
    Implements :prf:ref:`thm-boxed_shift`.
    """
    name = "shift_upper_bound"
    given = {"target_counts": target_counts, "source_counts": source_counts}
    (target, source, delta), leave = admit(name, dict.fromkeys(given, 1), **given, delta=delta)
    if target.shape[-1] != source.shape[-1]:
        shapes = f"as many cells as each other, got shapes {tuple(target.shape)} and {tuple(source.shape)}"
        raise ValueError(f"{name}: target_counts and source_counts must have {shapes}")
    for argument, counts in (("target_counts", target), ("source_counts", source)):
        require_count(name, argument, counts, 0)
        total = counts.sum(-1)
        require(name, f"the sum of {argument}", total, (total >= 1) & (total <= 1e9), "from 1 to 10^9")
    require_share(name, "delta", delta)
    cells = target.shape[-1]
    level = (delta / (4 * cells) * (1 - 2 * U))[..., None].expand(target.shape)
    boxes = []
    for counts in (target, source):
        total = counts.sum(-1, keepdim=True).expand(counts.shape)
        boxes.append([exact_end(counts, total, level, side) for side in ("lower", "upper")])
    corners = []
    for v in boxes[0]:
        for w in boxes[1]:
            value, error, _ = _term(v, w, v - w)
            corners.append(value + error)
    return leave(raised(torch.stack(corners).amax(0).sum(-1), cells), "upper")


def empirical_law_tail(divergence: Number, samples: Number, cells: Number) -> Number:
    r"""How often the frequencies of n draws are so far from their own law: of KL(nu-hat\|nu), not of KL(nu\|mu).

    .. math:: P\big(\mathrm{KL}(\hat\nu\|\nu) \ge t\big) \le \min\Big\{1,\; \binom{n + k - 1}{k - 1} e^{-nt},\;
        e^{-nt} \Big(\frac{e n t}{k - 1}\Big)^{k - 1}\Big\}

    the last for n t > k - 1. Parameters: divergence t >= 0 nats; samples n, integers >= 1; cells k, integers from 2 to
    10^6. Returns probabilities of the broadcast shape, rounded up; neither of the two is always the smaller.
    Assumes independent draws. Errors: ValueError for values outside these ranges.
    Source: the method of types, Csiszar 1998; Agrawal 2020.
    """
    name = "empirical_law_tail"
    (t, n, k), leave = admit(name, divergence=divergence, samples=samples, cells=cells)
    require_positive(name, "divergence", t, or_zero=True)
    require_count(name, "samples", n)
    require_count(name, "cells", k, 2)
    require(name, "cells", k, k <= _CELLS, f"at most {_CELLS}")
    types = torch.zeros_like(n)
    for part in torch.arange(1, int(k.max()), device=n.device, dtype=n.dtype).split(4096):
        types = types + torch.where(part < k[..., None], torch.log1p(n[..., None] / part), 0.0).sum(-1)
    exponent = (n * t).clamp(max=1e12)  # the other part is below 10^9: nothing is left then
    scaled = (exponent / (k - 1)).clamp(min=1)
    gamma = (k - 1) * (1 + scaled.log())
    # every part is right to k + 4 u of itself, its cancellation against n t loses as much of the larger one
    roundings = (k + 8) * (torch.minimum(types, gamma) + exponent + 1).detach()
    log = (torch.minimum(types, gamma) - exponent).clamp(max=0)
    return leave(raised(log.exp(), roundings).clamp(max=1), "upper")
