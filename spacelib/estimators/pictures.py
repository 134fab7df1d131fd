"""Small pictures with a known camera: arrows whose pixels flip, and the exact law of what is seen and what is meant."""

import math

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require_law, require_probability

_ARROWS = (".##. #..# ....", ".... #..# .##.", ".#.. #... .#..", "..#. ...# ..#.")  # up, down, left, right
_CELLS = 1 << 24
_TRIALS = 1000  # whose binomial coefficients are floats


def arrow_pictures() -> Tensor:
    """Four arrow heads of 3 x 4 pixels, 1 where there is ink: up, down, left, right; shape (4, 3, 4), float64."""
    return torch.tensor([[[c == "#" for c in row] for row in arrow.split()] for arrow in _ARROWS], dtype=torch.float64)


def flipped_joint(pictures: Number, prior: Number, flip: Number) -> Tensor:
    r"""Joint law of a picture whose pixels flip independently, and which picture was meant: every observation listed.

    .. math:: P(o, t) = p_t\, e^{d(o, s_t)} (1 - e)^{P - d(o, s_t)}, \qquad d \text{ the number of pixels that differ}

    Parameters: pictures s (targets, ...) of 0 and 1 with P pixels each; prior p (targets,); flip e in [0, 1]. Returns
    the law (2^P, targets) in float64; observation number o has pixel i set where bit i of o is.
    Errors: ValueError for pixels other than 0 and 1, a prior that is no law or of another length, e outside [0, 1], or
    more than 2^24 cells.
    """
    s, p, e = _admitted("flipped_joint", pictures, prior, flip)
    pixels = s.shape[1]
    if pixels + math.log2(len(s)) > math.log2(_CELLS):
        raise ValueError(f"flipped_joint: pictures of {pixels} pixels have too many observations; try flipped_counts")
    observed = torch.arange(2**pixels, device=s.device)[:, None] >> torch.arange(pixels, device=s.device) & 1
    differ = (observed[:, None] != s).sum(-1)
    return p * e**differ * (1 - e) ** (pixels - differ)


def flipped_counts(pictures: Number, prior: Number, flip: Number, looks: int = 1) -> Tensor:
    r"""The same for several independent looks, by a sufficient statistic: flipped pixels counted by kind.

    Pixels are of one kind if the same targets have ink there (or the same lack it). What K looks tell of the target is,
    for each kind c of n_c pixels, in how many of K n_c places the picture is unlike the first one: a binomial count.
    Kinds that all targets share tell nothing and are left out.
    Any decoder of the looks has a decoder of the counts with the same accuracy, and the information is the same.
    Parameters: as `flipped_joint`; looks K >= 1. Returns the law (count vectors, targets) in float64.
    Errors: as `flipped_joint`; ValueError for fewer looks than 1.
    Source: sufficiency, Fisher 1922.
    """
    s, p, e = _admitted("flipped_counts", pictures, prior, flip)
    if looks < 1:
        raise ValueError(f"flipped_counts: looks must be at least 1, got {looks}")
    kinds, sizes = torch.unique((s != s[:1]).T, dim=0, return_counts=True)
    law = p[None]
    for kind, size in zip(kinds, sizes.tolist(), strict=True):
        if not kind.any():
            continue
        trials = looks * size
        if trials > _TRIALS:
            raise ValueError(f"flipped_counts: {looks} looks make {trials} pixels of one kind; at most {_TRIALS}")
        if len(law) * (trials + 1) * len(p) > _CELLS:
            raise ValueError(f"flipped_counts: {looks} looks have too many counts; at most {_CELLS} cells fit")
        ways = torch.tensor([math.comb(trials, k) for k in range(trials + 1)], dtype=s.dtype, device=s.device)[:, None]
        k = torch.arange(trials + 1, dtype=s.dtype, device=s.device)[:, None]
        unlike = torch.where(kind, 1 - e, e)
        law = (law[:, None] * (ways * unlike**k * (1 - unlike) ** (trials - k))).reshape(-1, len(p))
    return law


def _admitted(function: str, pictures: Number, prior: Number, flip: Number) -> tuple[Tensor, Tensor, Tensor]:
    """Pixels (targets, P), prior (targets,) and flip (), all of them checked."""
    axes = {"pictures": getattr(pictures, "ndim", 0), "prior": 1}
    (s, p, e), _ = admit(function, axes, pictures=pictures, prior=prior, flip=flip)
    if s.ndim < 2 or e.ndim:
        shapes = f"{tuple(s.shape)} and {tuple(e.shape)}"
        raise ValueError(f"{function}: pictures must have at least 2 axes and flip none, got {shapes}")
    require_law(function, "prior", p, prior)
    require_probability(function, "flip", e)
    if not bool(((s == 0) | (s == 1)).all()):
        raise ValueError(f"{function}: pictures must hold 0 and 1, got {s[(s != 0) & (s != 1)][0].item()!r}")
    if len(s) != len(p):
        raise ValueError(f"{function}: prior must have one probability a picture, got {len(p)} for {len(s)} pictures")
    return s.flatten(1), p / p.sum(), e
