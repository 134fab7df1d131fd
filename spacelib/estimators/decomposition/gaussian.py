"""Partial information decomposition of jointly Gaussian target and sources, in closed form from their covariance."""

import torch

from spacelib.bounds._border import Number
from spacelib.estimators.decomposition._covariance import Covariance
from spacelib.estimators.decomposition.discrete import split
from spacelib.estimators.decomposition.result import Decomposition


def decompose_gaussian(covariance: Number, sizes: tuple[int, int, int]) -> Decomposition:
    r"""What two Gaussian sources say about a Gaussian target, with the lesser information as redundancy; batched.

    .. math::
        R = \min_i I(X_i; T), \qquad I(X; T) = \tfrac12 \ln \frac{\det \Sigma_X \det \Sigma_T}{\det \Sigma_{XT}}

    For a target of dimension 1 this is BROJA's decomposition, whatever the sources' dimensions: what X_i says of T goes
    through one number, a Gaussian channel, of which the noisier is a degraded copy of the other; so one of the unique
    parts is 0, and with it every measure that depends on the two pairwise laws alone and has no negative part agrees.
    For a target of more dimensions no such order need hold: R is then an upper limit of BROJA's redundancy, and so is
    the synergy of BROJA's.
    Parameters: covariance (\*batch, n, n), symmetric and positive definite; sizes, the dimensions of T, X1 and X2 in
    this order, which sum to n.
    Returns a Decomposition in nats, shape (\*batch), in kind. Errors: as `co_information_gaussian`.
    Source: Barrett 2015.
    """
    given = Covariance("decompose_gaussian", covariance, sizes, least=3, most=3)
    target, first, second = (given.entropy((i,)) for i in range(3))
    one = (target + first - given.entropy((0, 1))).clamp(min=0)
    two = (target + second - given.entropy((0, 2))).clamp(min=0)
    both = torch.maximum(target + given.entropy((1, 2)) - given.entropy((0, 1, 2)), torch.maximum(one, two))
    parts = split(one, two, both, torch.minimum(one, two))
    return Decomposition(*map(given.leave, (*parts, torch.zeros_like(both))), "mmi")
