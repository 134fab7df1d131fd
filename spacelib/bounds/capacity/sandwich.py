"""How tight mutual information can be: the floor under the best accuracy, and the sandwich between floor and ceiling.

Given what the frames leave unknown, H(T | O), the best answerer is right at least as often as psi says; given what they
tell, I(O; T), it is right at most as often as the exact ceiling says. For uniform targets both ends are attained, so
the room between them is what an information alone leaves open.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_law
from spacelib.bounds.binary_kl import inverse_first, kl
from spacelib.bounds.capacity._checks import U, require_alphabet, require_information
from spacelib.bounds.capacity.rate_distortion import exact_ceiling

_LARGE = 20.0  # beyond, psi(H) exceeds e^-H by less than 1/(8 k²) of itself, k = e^20: less than a rounding
_WINDOWS = 1000  # the widest sandwich stands at windows of k <= ln M + 40 (see sandwich_width), and ln M < 710


class Sandwich(NamedTuple):
    """What a mutual information says of the best accuracy: at least `lower`, at most `upper`."""

    lower: Number
    upper: Number


def accuracy_floor(equivocation: Number) -> Number:
    r"""Accuracy that the best answerer reaches at least, given what the frames leave unknown of the target.

    .. math::
        A_{\text{Bayes}} \ge \psi(H(T \mid O, Q)), \qquad
        \psi(H) = \frac{1}{k} - \frac{H - \ln k}{k(k+1)\ln(1 + 1/k)} \quad (\ln k \le H \le \ln(k+1))

    psi is piecewise linear with psi(ln k) = 1/k, convex and decreasing; it is at least e^-H and 1 - H/(2 ln 2).
    Parameters: equivocation H(T | O, Q) >= 0 in nats (H(T | Q) - I). Returns accuracies of the same shape, rounded down;
    1 at 0. Differentiable, with one of the two slopes at a knot.
    Assumes a target with finitely many values. Attained: `cyclic_window_channel`.
    Errors: ValueError for a negative or non-finite equivocation.
    Source: Kovalevskij 1965; Tebbe and Dwyer 1968; Hellman and Raviv 1970; Feder and Merhav 1994.
    """
    (h,), leave = admit("accuracy_floor", equivocation=equivocation)
    require("accuracy_floor", "equivocation", h, h >= 0, "at least 0 nats")
    return leave(_floor(h), "lower")


def _floor(h: Tensor) -> Tensor:
    """psi, rounded down. As psi is convex, the line of every k lies below it: a k that rounding misses is safe too.

    ln k and the difference err by at most 4 u (H + 1), which counts at most once in (1 - share); everything else by 8 u.
    """
    small = h.clamp(max=_LARGE)
    k = small.detach().exp().floor()
    share = (small - k.log()) / ((k + 1) * torch.log1p(1 / k))
    line = (1 - share - (16 + 4 * small.detach()) * U) / k
    floor = torch.where(h > _LARGE, torch.exp(-h) * (1 - 4 * U), line)
    return torch.where(h == 0, 1 - share, floor)


def sandwich(prior: Number, information: Number) -> Sandwich:
    r"""Where the best accuracy lies, for all that a mutual information can say: between floor and exact ceiling.

    .. math:: \max\{\psi(H(T) - I),\; \max_t P(T = t)\} \;\le\; A_{\text{Bayes}} \;\le\; A^*(I)

    Parameters: prior (..., M), summing to 1; information I(O; T) >= 0 in nats, broadcast against the prior's leading
    axes. Returns (lower, upper) of the broadcast leading shape, rounded outward; (1, 1) where I = H(T), and ValueError
    beyond. For a uniform prior both ends are attained by some frames, so the interval cannot be made smaller.
    Differentiable in both.
    Assumes that T has no more values than the prior lists. The lower end is for the best answerer, not for a given one.
    Errors: ValueError for a prior that is negative or does not sum to 1, information outside [0, H(T)].
    Source: `accuracy_floor`, `exact_ceiling`.
    """
    name = "sandwich"
    (p, information_), leave = admit(name, {"prior": 1}, prior=prior, information=information)
    require_law(name, "prior", p, prior)
    require_information(name, information_)
    law = p / p.sum(-1, keepdim=True)
    entropy = torch.special.entr(law).sum(-1)
    # a sum of M terms, each right to 4 u of itself and moved by up to 3 u (1 + |ln p|) p by the law's own rounding
    slack = (p.shape[-1] + 16) * U * (1 + entropy.detach())
    within = information_ <= entropy + slack
    require(name, "information", information_, within, "at most the prior's entropy")
    floor = _floor((entropy - information_ + slack).clamp(min=0))
    blind = law.amax(-1) * (1 - (p.shape[-1] + 2) * U)
    return Sandwich(leave(torch.maximum(floor, blind), "lower"), exact_ceiling(prior, information))


def sandwich_width(alphabet: Number) -> tuple[Number, Number]:
    r"""The widest that the sandwich gets over all informations, for a uniform target; and where.

    .. math:: w(M) = \max_{0 \le I \le \ln M} \; U(1/M, I) - \psi(\ln M - I)

    Parameters: alphabet size M, an integer >= 2. Returns (width, the information in nats at which it stands), right to
    some 1e-13. It tends to 1 as M grows, so no bound from mutual information alone is tight in general.
    Between two knots of psi the difference is concave in I; with c = k (k+1) ln(1 + 1/k), its slope vanishes at
    A = e^c/(e^c + M - 1), I = kl(A, 1/M), or its maximum is at a knot. For k > ln M + 40 the ceiling is the steeper of
    the two throughout (its slope is 1/ln(A (M-1)/(1-A)), that of psi 1/c), so the maximum lies at smaller k.
    Errors: ValueError for M not an integer >= 2.
    Source: the two bounds; Feder and Merhav 1994 for the pair.
    """
    (m,), leave = admit("sandwich_width", alphabet=alphabet)
    require_alphabet("sandwich_width", m, 2)
    m = m[..., None]
    k = torch.arange(1, _WINDOWS + 1, device=m.device, dtype=m.dtype)
    k = torch.minimum(k, m - 1)
    steep = k * (k + 1) * torch.log1p(1 / k)
    best = 1 / (1 + (m - 1) * torch.exp(-steep))
    information = kl(best, 1 / m)
    information = torch.minimum(torch.maximum(information, m.log() - torch.log1p(k)), m.log() - k.log())
    unknown = (m.log() - information).clamp(min=0)
    widths = inverse_first(1 / m, information.clamp(min=0)) - (1 / k - (unknown - k.log()) / steep)
    width, index = widths.max(-1)
    return leave(width), leave(information.gather(-1, index[..., None])[..., 0])


def cyclic_window_channel(alphabet: int, equivocation: Number) -> Number:
    r"""The channel that attains the floor: frames that show a random window of k or k + 1 neighbouring targets.

    .. math:: H(T \mid O) = (1 - w) \ln k + w \ln(k+1), \qquad A_{\text{Bayes}} = \frac{1-w}{k} + \frac{w}{k+1} = \psi(H)

    The M targets stand on a circle, T is uniform, and the window's position is uniform among those that contain T.
    Parameters: alphabet size M, an integer >= 2; equivocation H in [0, ln M], nats, of any shape. Returns the joint law
    (..., observations 2 M, targets M): M windows of size k, then M of size k + 1.
    Errors: TypeError for an alphabet that is not an int; ValueError for one below 2, or H outside [0, ln M].
    Source: Feder and Merhav 1994 for the extremal posteriors.
    """
    name = "cyclic_window_channel"
    if not isinstance(alphabet, int) or isinstance(alphabet, bool):
        raise TypeError(f"{name}: alphabet must be an int, got {type(alphabet).__name__}")
    if alphabet < 2:
        raise ValueError(f"{name}: alphabet must be an integer of at least 2, got {alphabet}")
    (h,), leave = admit(name, equivocation=equivocation)
    top = math.log(alphabet)
    require(name, "equivocation", h, (h >= 0) & (h <= top * (1 + 4 * U)), f"between 0 and ln {alphabet}")
    k = h.exp().floor().clamp(max=alphabet)
    larger = ((h - k.log()) / torch.log1p(1 / k)).clamp(0, 1)  # 0 or 1 at a knot, whichever side exp rounds to
    larger = torch.where(k == alphabet, 0, larger)
    place = torch.arange(alphabet, device=h.device)
    offset = (place[None, :] - place[:, None]) % alphabet  # of a target from the window's start
    parts = [
        (weight / (size * alphabet))[..., None, None] * (offset < size[..., None, None])
        for size, weight in ((k, 1 - larger), (k + 1, larger))
    ]
    return leave(torch.cat(parts, -2))
