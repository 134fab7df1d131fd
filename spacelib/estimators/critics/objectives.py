"""What a critic is trained for and what it is worth: functions of its scores of all pairs of a group of samples.

Scores (..., B, B): entry (i, j) is f(x_i, y_j). The diagonal holds the real pairs, the rest stands for independent ones.
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import softplus

CLIP = 5.0  # of smile: the largest logarithm of a density ratio that its normaliser believes


def _real(scores: Tensor) -> Tensor:
    """f(x_i, y_i), (..., B)."""
    return scores.diagonal(dim1=-2, dim2=-1)


def _others(scores: Tensor) -> Tensor:
    """The scores with minus infinity at the real pairs, so that their exponentials vanish."""
    return scores.masked_fill(torch.eye(scores.shape[-1], dtype=torch.bool, device=scores.device), -math.inf)


def _log_mean(others: Tensor) -> Tensor:
    """ln of the mean of exp f over independent pairs, (...)."""
    size = others.shape[-1]
    return others.flatten(-2).logsumexp(-1) - math.log(size * (size - 1))


def _donsker_varadhan(scores: Tensor) -> Tensor:
    return _real(scores).mean(-1) - _log_mean(_others(scores))


def _nguyen(scores: Tensor) -> Tensor:
    return 1 + _real(scores).mean(-1) - _log_mean(_others(scores)).exp()


def _infonce(scores: Tensor) -> Tensor:
    return (_real(scores) - scores.logsumexp(-1)).mean(-1) + math.log(scores.shape[-1])


def _jensen_shannon(scores: Tensor) -> Tensor:
    size = scores.shape[-1]
    real = _real(scores)
    fooled = (softplus(scores).sum((-2, -1)) - softplus(real).sum(-1)) / (size * (size - 1))
    return -softplus(-real).mean(-1) - fooled


# Trained upwards, and what early stopping watches. Smile's own value could be raised without end: it learns to classify.
OBJECTIVES: dict[str, Callable[[Tensor], Tensor]] = {
    "mine": _donsker_varadhan,
    "nwj": _nguyen,
    "infonce": _infonce,
    "smile": _jensen_shannon,
}


def terms(method: str, scores: Tensor) -> Tensor:
    r"""Each sample's term, (..., B), whose mean is the estimate and whose spread is that of the estimate.

    .. math:: v_i = f_{ii} - \ln\theta - \frac{r_i + c_i - 2\theta}{\theta}, \qquad
        \theta = \frac{1}{B(B-1)} \sum_{i \ne j} e^{f_{ij}}

    for "mine", and with f clipped to +-5 in theta, r and c for "smile"; r_i and c_i are the means of row and column i
    without the diagonal: a sample counts in both, so its share in theta is their sum. "nwj":
    f_ii + 1 - (r_i + c_i - theta). "infonce": f_ii - ln(mean_j e^{f_ij}) + 1 - c_i, with c_i the sum of the softmax
    weights that sample i takes of all rows.
    Source: Hoeffding 1948 for the projection of a mean over pairs.
    """
    if method == "infonce":
        weight = scores.softmax(-1).sum(-2)
        return _real(scores) - scores.logsumexp(-1) + math.log(scores.shape[-1]) + 1 - weight
    real, others = _real(scores), _others(scores.clamp(-CLIP, CLIP) if method == "smile" else scores)
    least = math.log(scores.shape[-1] - 1)
    theta = _log_mean(others)[..., None]
    shares = (others.logsumexp(-1) - least - theta).exp() + (others.logsumexp(-2) - least - theta).exp()
    if method == "nwj":
        return real + 1 - theta.exp() * (shares - 1)
    return real - theta - (shares - 2)
