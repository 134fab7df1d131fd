"""How many directions a spectrum fills: three effective dimensions, each between one and the rank."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require


def effective_rank(spectrum: Number) -> Number:
    r"""Number of directions by the entropy of the spectrum's shares.

    .. math:: \mathrm{erank}(\lambda) = \exp\Bigl(-\sum_i p_i \ln p_i\Bigr), \qquad p_i = \lambda_i / \sum_j \lambda_j

    Parameters: spectrum (..., directions), nonnegative and not all zero, in any unit. Returns (...), in [1, rank]; the
    rank is attained exactly where all positive entries are equal. Entries at zero do not count, in the gradient either.
    The spectrum is the caller's: Roy and Vetterli take singular values, covariances have eigenvalues, their squares.
    Of one spectrum participation_ratio <= effective_rank <= rank. Squaring lowers both, so those of the eigenvalues lie
    below those of the singular values; but the ratio of the singular values may exceed the rank of the eigenvalues:
    singular values 1 and 1/10 give 1.198 against 1.057.
    Errors: ValueError for a negative, infinite or missing entry, or a spectrum without any positive one.
    Source: Roy and Vetterli 2007, definition 1 (there of singular values).
    Implements :prf:ref:`thm-effective_below`.
    """
    (values,), leave = admit("effective_rank", {"spectrum": 1}, spectrum=spectrum)
    share = _shares("effective_rank", values)
    return leave((-share * torch.where(share > 0, share, 1.0).log()).sum(-1).exp())


def participation_ratio(spectrum: Number) -> Number:
    r"""Number of directions by the concentration of the spectrum's shares.

    .. math:: \mathrm{PR}(\lambda) = \frac{(\sum_i \lambda_i)^2}{\sum_i \lambda_i^2} = \frac{1}{\sum_i p_i^2}

    Parameters: spectrum (..., directions), nonnegative and not all zero, in any unit; mostly the eigenvalues of a
    covariance. Returns (...), in [1, rank], the rank exactly where all positive entries are equal; never above
    `effective_rank` of the same spectrum.
    Errors: ValueError for a negative, infinite or missing entry, or a spectrum without any positive one.
    Source: Bell and Dean 1970 (of the components of a vibration); Hill 1973, number of order 2.
    Implements :prf:ref:`thm-participation_below`.
    """
    (values,), leave = admit("participation_ratio", {"spectrum": 1}, spectrum=spectrum)
    return leave(1 / _shares("participation_ratio", values).square().sum(-1))


def ridge_dimension(spectrum: Number, ridge: Number) -> Number:
    r"""Number of directions that stand out above a ridge: the degrees of freedom of ridge regression.

    .. math:: d_{\mathrm{eff}}(\mu) = \sum_i \frac{\lambda_i}{\lambda_i + \mu}

    Parameters: spectrum (..., directions), nonnegative eigenvalues (not singular values), and the ridge mu > 0 in their
    unit, broadcast against the leading axes. Returns (...), in [0, rank), strictly decreasing in mu from the rank to 0;
    at most trace/mu and at least PR / (1 + mu PR / trace). Of eigenvalues of Phi' Phi, mu is the noise variance over
    the prior variance of the weights.
    Errors: ValueError for a negative, infinite or missing entry, or a ridge that is not positive.
    Source: Hastie and Tibshirani 1990, section 3.5 (degrees of freedom); Zhang 2005 (effective dimension).
    Implements :prf:ref:`thm-ridge_above`, :prf:ref:`thm-ridge_below`.
    """
    name = "ridge_dimension"
    (values, mu), leave = admit(name, {"spectrum": 1}, spectrum=spectrum, ridge=ridge)
    _require_spectrum(name, values)
    require(name, "ridge", mu, mu > 0, "above 0")
    mu = mu[..., None]
    unit = torch.maximum(values, mu).detach()  # the sum of two numbers near the largest would overflow
    return leave((values / unit / (values / unit + mu / unit)).sum(-1))


def _shares(name: str, values: Tensor) -> Tensor:
    """The spectrum over its sum, by way of its largest entry, so that no sum overflows or vanishes."""
    _require_spectrum(name, values)
    largest = values.amax(-1, keepdim=True)
    require(name, "the largest entry of spectrum", largest[..., 0], largest[..., 0] > 0, "above 0")
    scaled = values / largest.detach()
    return scaled / scaled.sum(-1, keepdim=True)


def _require_spectrum(name: str, values: Tensor) -> None:
    """Raise ValueError unless there is an entry and none is negative."""
    if values.shape[-1] == 0:
        raise ValueError(f"{name}: spectrum must have at least one entry, got shape {tuple(values.shape)}")
    require(name, "spectrum", values, values >= 0, "at least 0")
