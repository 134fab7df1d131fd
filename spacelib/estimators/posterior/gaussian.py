"""KL of a Gaussian posterior from a Gaussian prior with independent coordinates, however the covariance is given."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require

_NEAR, _SERIES = (
    0.1,
    7,
)  # up to this |u| that many terms of the series of artanh: |r| <= 1/19, the next is below 2^-53 of the first


def gaussian_kl(
    mean: Number,
    *,
    variance: Number | None = None,
    factor: Number | None = None,
    covariance: Number | None = None,
    scale_tril: Number | None = None,
    prior_mean: Number = 0.0,
    prior_variance: Number = 1.0,
) -> Number:
    r"""KL of a Gaussian from a Gaussian prior with independent coordinates.

    .. math:: \mathrm{KL} = \tfrac12 \Big[ \operatorname{tr}(V^{-1} \Sigma) - D - \ln|V^{-1} \Sigma|
        + (m - m_0)^\top V^{-1} (m - m_0) \Big]

    Parameters: mean m (\*batch, D). The covariance in one of four forms: variance (\*batch, D), of independent
    coordinates, or one number; variance and factor U (\*batch, D, r), for diag(variance) + U U', without a D x D
    matrix; covariance (\*batch, D, D); scale_tril L (\*batch, D, D), lower triangular, for L L'. prior_mean m_0 and
    prior_variance, the diagonal of V: numbers or (\*batch, D).
    Returns nats, (\*batch), never negative. Right to about D 2^-52 of the sum of the terms' sizes; of `covariance`, to
    that times its condition number with unit diagonal, so give `scale_tril` where that is large. Differentiable.
    Errors: ValueError for another number of forms than one, shapes that do not fit, variances not above 0, a covariance
    that is not symmetric or not positive definite to rounding, a scale_tril with entries above the diagonal or a
    diagonal not above 0, or a KL beyond the floats.
    Source: Kullback 1959; the low-rank determinant by QR of the stacked factor (matrix determinant lemma).
    """
    name = "gaussian_kl"
    given = {"variance": variance, "factor": factor, "covariance": covariance, "scale_tril": scale_tril}
    forms = [key for key, value in given.items() if value is not None]
    if forms not in (["variance"], ["variance", "factor"], ["covariance"], ["scale_tril"]):
        got = ", ".join(forms) or "none"
        raise ValueError(f"{name}: give variance, variance and factor, covariance, or scale_tril, got {got}")
    arguments = {"mean": mean, **{key: given[key] for key in forms}}
    arguments |= {"prior_mean": prior_mean, "prior_variance": prior_variance}
    axes = dict.fromkeys(arguments, 1) | dict.fromkeys(("factor", "covariance", "scale_tril"), 2)
    for key in ("variance", "prior_mean", "prior_variance"):
        if key in arguments and getattr(arguments[key], "ndim", 0) == 0:
            axes[key] = 0
    found, leave = admit(name, axes, **arguments)
    inside = dict(zip(arguments, found, strict=True))
    size = inside["mean"].shape[-1]
    for key, value in inside.items():
        if axes[key] == 0:
            inside[key] = value[..., None]
        own = value.shape[value.ndim - axes[key] :]
        square = key in ("covariance", "scale_tril")
        if axes[key] and (own[0] != size and (axes[key] == 2 or own[0] != 1) or square and own[-1] != size):
            raise ValueError(f"{name}: {key} must be of the {size} coordinates of mean, got shape {tuple(value.shape)}")
    prior = inside["prior_variance"].expand_as(inside["mean"])
    require(name, "prior_variance", prior, prior > 0, "above 0")
    away = ((inside["mean"] - inside["prior_mean"]).square() / prior).sum(-1)
    if "variance" in inside:
        own = inside["variance"].expand_as(inside["mean"])
        require(name, "variance", own, own > 0, "above 0")
        spread = _excess(own, prior).sum(-1)
        if factor is not None:
            spread = (spread + _low_rank(own, inside["factor"], prior)).clamp(min=0)
    else:
        scale = _whitened(name, inside, prior)
        diagonal = scale.diagonal(dim1=-2, dim2=-1).square()
        spread = _excess(diagonal, torch.ones_like(diagonal)).sum(-1) + scale.tril(-1).square().sum((-2, -1))
    kl = (spread + away) / 2
    require(name, "the KL", kl, kl.isfinite(), "a finite number")
    return leave(kl)


def _excess(variance: Tensor, prior: Tensor) -> Tensor:
    """t - 1 - ln t at t = variance/prior, at least 0 and right to some 20 roundings of itself near t = 1 too."""
    u = (variance - prior) / prior
    near = u.abs() <= _NEAR
    small = torch.where(near, u, 0.0)
    r = small / (2 + small)  # ln(1 + u) = 2 artanh r, and u - 2 r = u r
    series = torch.zeros_like(r)
    for k in reversed(range(_SERIES)):
        series = series * r * r + 1 / (2 * k + 3)
    large = u - (torch.where(near, 1.0, variance).log() - torch.where(near, 1.0, prior).log())
    return torch.where(near, small * r - 2 * r**3 * series, large)


def _low_rank(variance: Tensor, factor: Tensor, prior: Tensor) -> Tensor:
    """What U adds to tr - D - ln det: its squares over the prior, less ln det(I + U' diag(variance)^-1 U)."""
    rank = factor.shape[-1]
    one = torch.eye(rank, dtype=factor.dtype, device=factor.device).expand(*factor.shape[:-2], rank, rank)
    stacked = torch.cat([factor / variance.sqrt()[..., None], one], -2)
    diagonal = torch.linalg.qr(stacked).R.diagonal(dim1=-2, dim2=-1)
    return (factor.square() / prior[..., None]).sum((-2, -1)) - 2 * diagonal.abs().log().sum(-1)


def _whitened(name: str, inside: dict[str, Tensor], prior: Tensor) -> Tensor:
    """The lower triangular factor of the covariance in units of the prior."""
    deviation = prior.sqrt()
    if "scale_tril" in inside:
        scale = inside["scale_tril"]
        diagonal = scale.diagonal(dim1=-2, dim2=-1)
        require(name, "the diagonal of scale_tril", diagonal, diagonal > 0, "above 0")
        require(name, "scale_tril", scale, scale == scale.tril(), "lower triangular")
        return scale / deviation[..., None]
    covariance = inside["covariance"]
    own = covariance.diagonal(dim1=-2, dim2=-1)
    require(name, "the diagonal of covariance", own, own > 0, "above 0")
    unit = own.sqrt()
    correlation = covariance / (unit[..., :, None] * unit[..., None, :])
    uneven = (correlation - correlation.mT).abs()
    # a product W W' computed in float32 misses symmetry by some D roundings of float32 at most
    require(name, "the asymmetry of covariance", uneven, uneven <= own.shape[-1] * 2.0**-23, "0 to rounding")
    factor, failed = torch.linalg.cholesky_ex((correlation + correlation.mT) / 2)
    require(name, "the failed pivot of covariance", failed, failed == 0, "none: it must be positive definite")
    return factor * (unit / deviation)[..., None]
