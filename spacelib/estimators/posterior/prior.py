"""A Gaussian prior whose variance is set by the features, and what that costs."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require


def prior_variance_of_features(features: Number, *, inverse: bool = False) -> Number:
    r"""Variance of the rebuttal's prior: the empirical feature norm, squared.

    .. math:: \tau^2 = \frac1n \sum_i |\varphi_i|^2

    The rebuttal fixes "a Gaussian prior whose variance is set by the empirical feature norm" and says no more. With
    inverse=True it is 1 over that: the reading under which the prior's predictions w'phi have variance 1 on average.
    Parameters: features (\*batch, n, D). Returns (\*batch).
    Caution: this prior depends on the data. A PAC-Bayes bound holds with it only given the features (fixed design: the
    labels alone are random), or by a union over a grid, whose cost `grid_prior` names.
    Errors: ValueError for no rows or features that are all 0.
    """
    (phi,), leave = admit("prior_variance_of_features", {"features": 2}, features=features)
    if 0 in phi.shape[-2:]:
        raise ValueError(
            f"prior_variance_of_features: features must have rows and columns, got shape {tuple(phi.shape)}"
        )
    square = phi.square().sum(-1).mean(-1)
    require(
        "prior_variance_of_features",
        "the mean squared norm of features",
        square,
        (square > 0) & square.isfinite(),
        "above 0 and finite",
    )
    return leave(1 / square if inverse else square)


def grid_prior(variance: Number, *, first: float = 1.0) -> tuple[Number, Number]:
    r"""The nearest prior of a grid fixed beforehand, and the nats that choosing it by the data costs.

    .. math:: \tau_j = \tau_0 e^{-j},\quad j = 1, 2, \dots, \qquad \text{cost} = \ln(j(j + 1))

    The weights 1/(j(j+1)) sum to 1, so a bound holds for all priors of the grid at once with ln(1/delta) + cost in the
    place of ln(1/delta).
    Parameters: variance, the one wished for, above 0; first, tau_0 squared, chosen without the data: the grid lies
    below it, so take it large.
    Returns (tau_j squared, cost in nats), each of the shape of variance. The grid's variance is within a factor e of
    the wish, or e^-2 first where that is less.
    Errors: ValueError for a variance or a first not above 0. Source: Langford and Caruana 2002.
    """
    (wished, start), leave = admit("grid_prior", variance=variance, first=first)
    require("grid_prior", "variance", wished, wished > 0, "above 0")
    require("grid_prior", "first", start, start > 0, "above 0")
    j = ((start.log() - wished.log()) / 2).round().clamp(min=1)
    return leave(torch.exp(start.log() - 2 * j)), leave(_cost(j), "upper")


def _cost(j: Tensor) -> Tensor:
    """ln(j(j + 1)), never rounded below it: five roundings of numbers no larger than itself and ln 2."""
    return (j.log() + (j + 1).log()) * (1 + 8 * 2.0**-53)
