"""Entropy of a discrete variable from counts, by the estimators in use; mutual information is made of them."""

import numpy as np
import torch
from torch import Tensor

from spacelib.estimators._counts import checked_counts, in_kind
from spacelib.estimators.nsb import nsb_posterior

METHODS = ("plug_in", "miller_madow", "chao_shen", "grassberger", "nsb", "shrinkage")


def entropy(
    counts: Tensor | np.ndarray, *, method: str = "miller_madow", alphabet: int | None = None
) -> Tensor | np.ndarray | float:
    r"""Entropy of the variable that a table of counts was drawn from, batched.

    With shares p_i = n_i / n, f_1 cells that hold one count and K' that hold any:

    .. math::
        \hat H = -\sum_i p_i \ln p_i, \qquad
        \hat H_{MM} = \hat H + \frac{K' - 1}{2n}, \qquad
        \hat H_{CS} = -\sum_{n_i > 0} \frac{C p_i \ln (C p_i)}{1 - (1 - C p_i)^n}, \quad C = 1 - \frac{f_1}{n},

    .. math::
        \hat H_G = \ln n - \frac1n \sum_i n_i G_{n_i}, \qquad
        G_n = \psi(n) + \tfrac12 (-1)^n \left[\psi\left(\tfrac{n+1}2\right) - \psi\left(\tfrac n2\right)\right],

    .. math::
        \hat H_{JS} = -\sum_i q_i \ln q_i, \qquad q_i = \frac{\lambda}{K} + (1 - \lambda) p_i, \qquad
        \lambda = \frac{1 - \sum_i p_i^2}{(n - 1) \sum_i (1/K - p_i)^2} \text{ cut to } [0, 1].

    "plug_in", "miller_madow", "chao_shen", "grassberger" (that of 2003, not of 1988), "shrinkage" (James-Stein, uniform
    target), and "nsb", the mean of `nsb_posterior`. Where all counts are singletons C would be 0; then f_1 is n - 1,
    as is usual. For n = 1 lambda is 1.
    Parameters: counts (\*batch, cells); method; alphabet, the number K of symbols (None: the number of cells given),
    which only "nsb" and "shrinkage" use: cells that were left out hold no count.
    Returns nats, shape (\*batch). "chao_shen" may exceed ln K, "grassberger" is above 0 for a constant.
    Assumes independent draws. All are biased where counts are few; `estimator_table` says how much.
    Errors: TypeError and ValueError for counts negative, not finite or none at all (allowed by "nsb"), not whole
    (allowed by "plug_in", "miller_madow" and "shrinkage"), an alphabet smaller than the occupied cells, or an unknown
    method.
    Source: Miller 1955; Chao and Shen 2003; Grassberger 2003; Nemenman, Shafee and Bialek 2002; Hausser and Strimmer
    2009.
    """
    require_method("entropy", method, METHODS)
    whole = method in ("chao_shen", "grassberger", "nsb")
    n, alphabet = checked_counts("entropy", counts, alphabet, whole=whole, empty=method == "nsb")
    return in_kind(estimate(n, method, alphabet), counts)


def estimate(n: Tensor, method: str, alphabet: int) -> Tensor:
    """`entropy` of counts that are known to be in order."""
    if method == "nsb":
        return nsb_posterior(n, alphabet=alphabet)[0]
    total = n.sum(-1, keepdim=True)
    if method == "plug_in":
        return _plug_in(n / total)
    if method == "miller_madow":
        return _plug_in(n / total) + ((n > 0).sum(-1) - 1) / (2 * total.squeeze(-1))
    return {"chao_shen": _chao_shen, "grassberger": _grassberger, "shrinkage": _shrinkage}[method](n, total, alphabet)


def require_method(function: str, method: str, known: tuple[str, ...]) -> None:
    """Raise ValueError unless the method is one of those known."""
    if method not in known:
        raise ValueError(f"{function}: method must be one of {', '.join(known)}, got {method!r}")


def _plug_in(p: Tensor) -> Tensor:
    return torch.special.entr(p).sum(-1)


def _chao_shen(n: Tensor, total: Tensor, _: int) -> Tensor:
    singletons = (n == 1).sum(-1, keepdim=True)
    coverage = 1 - torch.where(singletons == total, total - 1, singletons) / total
    p = coverage * n / total
    seen = -torch.expm1(total * torch.log1p(-p))  # 1 - (1 - p)^n
    return torch.where(n > 0, torch.special.entr(p) / seen, 0.0).sum(-1)


def _grassberger(n: Tensor, total: Tensor, _: int) -> Tensor:
    count = n.clamp(min=1)
    sign = 1 - 2 * (count % 2)
    G = torch.digamma(count) + sign / 2 * (torch.digamma((count + 1) / 2) - torch.digamma(count / 2))
    return (total.log() - (n * G).sum(-1, keepdim=True) / total).squeeze(-1)


def _shrinkage(n: Tensor, total: Tensor, alphabet: int) -> Tensor:
    p, target = n / total, 1 / alphabet
    hidden = alphabet - n.shape[-1]  # symbols that have no cell
    distance = ((p - target) ** 2).sum(-1, keepdim=True) + hidden * target**2
    # Shares that equal the target need no shrinking: any lambda gives them, and 1 is the limit.
    intensity = (1 - (p**2).sum(-1, keepdim=True)) / ((total - 1) * distance)
    intensity = torch.where((total > 1) & (distance > 0), intensity, 1.0).clamp(0, 1)
    q = intensity * target + (1 - intensity) * p
    return _plug_in(q) + hidden * torch.special.entr(intensity * target).squeeze(-1)
