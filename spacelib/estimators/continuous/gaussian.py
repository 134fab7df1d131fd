"""Mutual information of variables that are jointly normal, or are so once columns are replaced by normal scores."""

import math

import torch
from torch import Tensor

from spacelib.estimators.continuous._samples import Samples, checked_samples
from spacelib.estimators.result import Estimate

# The sets of blocks whose log-determinants make the information, with their signs: H(X) + H(Y) - H(X,Y), and given Z.
_PLAIN = (((0,), 1), ((1,), 1), ((0, 1), -1))
_GIVEN = (((0, 2), 1), ((1, 2), 1), ((0, 1, 2), -1), ((2,), -1))


def gaussian_information(x: Samples, y: Samples, *, condition: Samples | None = None) -> Estimate:
    r"""Mutual information I(X; Y) or I(X; Y | Z) of jointly normal variables, unbiased in every dimension.

    .. math::
        \hat I = \tfrac12 \left[ \ln |S_x| + \ln |S_y| - \ln |S_{xy}| \right] - \tfrac12 \left[ g(d_x) + g(d_y) - g(d_x + d_y)
        \right], \qquad g(d) = \sum_{i=1}^{d} \psi\!\left(\frac{n - i}{2}\right)

    and, given Z, with S_xz, S_yz, S_xyz and S_z. S are the samples' covariances; g is what E ln|S| adds to ln|Sigma|,
    but for what cancels, so that the estimate is exactly unbiased for normal data.
    Parameters: x, y, condition: real (samples,) or (samples, dimension). Returns an Estimate in nats; it may fall below
    0. Standard error: from the points' influences (q_x + q_y - q_xy)/2, q being squared Mahalanobis lengths, which
    holds for data that are not normal too (`influence_variance`). The interval is 1.96 of them on either side, and concerns the
    information of the normal law with the data's covariance.
    Assumes independent samples, jointly normal.
    Errors: as `ksg` for the data; ValueError where there are not more samples than columns plus 1, or where columns are
    linearly dependent to rounding.
    Source: Misra, Singh and Demchuk 2005 for g (Wishart's E ln|S|).
    """
    checked = checked_samples("gaussian_information", x=x, y=y, condition=condition)
    return _estimate("gaussian_information", checked, "Gaussian")


def gaussian_copula_information(x: Samples, y: Samples, *, condition: Samples | None = None) -> Estimate:
    r"""Mutual information of variables whose dependence is that of normal ones, whatever the law of each column.

    .. math:: z_{ij} = \Phi^{-1}\!\left(\frac{r_{ij}}{n + 1}\right), \qquad \hat I = \hat I_{Gauss}(Z_x; Z_y)

    r are the ranks within a column, tied values sharing the mean of theirs.
    Parameters, standard error and errors: as `gaussian_information`. Returns an Estimate in nats.
    Assumes independent samples of a Gaussian copula. Of other laws it sees the correlation of normal scores only:
    circles, mixtures and common scales (heavy tails) escape it.
    Source: van der Waerden 1952 for the scores; Ince et al. 2017.
    """
    checked = checked_samples("gaussian_copula_information", x=x, y=y, condition=condition)
    scores = {name: normal_scores(rows) for name, rows in checked.items()}
    return _estimate("gaussian_copula_information", scores, "Gaussian copula")


def uniform_ranks(rows: Tensor) -> Tensor:
    """Ranks of each column divided by n + 1, tied values sharing the mean of theirs; (samples, columns)."""
    columns = rows.T.contiguous()
    ordered = columns.sort(dim=1).values
    below = torch.searchsorted(ordered, columns)
    upto = torch.searchsorted(ordered, columns, right=True)
    return (below + upto + 1).T.to(rows.dtype) / (2 * (len(rows) + 1))


def normal_scores(rows: Tensor) -> Tensor:
    """The normal quantiles of a column's ranks: its law becomes standard normal, its order stays."""
    return torch.special.ndtri(uniform_ranks(rows))


def log_determinant_excess(dimensions: int, samples: int) -> float:
    """g(d): by how much E ln|S| exceeds ln|Sigma|, but for d ln(2/(n-1)), which cancels in an information."""
    steps = torch.arange(1, dimensions + 1, dtype=torch.float64)
    return torch.digamma((samples - steps) / 2).sum().item()


def cholesky_or_error(function: str, matrix: Tensor) -> Tensor:
    """The Cholesky factor of correlations; ValueError where columns are linearly dependent to rounding."""
    factor, failed = torch.linalg.cholesky_ex(matrix)
    # A pivot is the share of a column's variance that the others leave: below rounding of d terms it means nothing.
    limit = math.sqrt(len(matrix) * torch.finfo(matrix.dtype).eps)
    if bool(failed) or bool(factor.diagonal().min() < limit):
        raise ValueError(
            f"{function}: columns, or their scores, are linearly dependent to rounding, so that the information is infinite "
            "or undefined under this model; leave out columns that others determine, or take ksg"
        )
    return factor


def influence_variance(variance: Tensor, pairs: Tensor | int, samples: int) -> Tensor:
    """Variance of an estimated information from the variance of its fitted influences and the number d_x d_y of pairs.

    Fitted canonical correlations are too large by 1/n each in square, which adds d_x d_y/n to the influences' variance;
    it is taken off. Where nothing depends the estimate still varies, as half a chi square of d_x d_y degrees of freedom
    over n. The part taken off is cut at 0, which makes the error up to 1.4 times too large there.
    """
    return (variance / samples - pairs / samples**2).clamp_min(0) + pairs / (2 * samples**2)


def _estimate(function: str, variables: dict[str, Tensor], name: str) -> Estimate:
    """The unbiased estimate and its standard error from blocks of columns."""
    blocks = list(variables.values())
    samples, sizes = len(blocks[0]), [block.shape[1] for block in blocks]
    if samples < sum(sizes) + 2:
        raise ValueError(f"{function}: {sum(sizes)} columns need at least {sum(sizes) + 2} samples, got {samples}")
    scaled = [(block - block.mean(0)) / block.std(0) for block in blocks]
    value, influence = 0.0, torch.zeros(samples, dtype=torch.float64, device=blocks[0].device)
    for members, sign in _PLAIN if len(blocks) == 2 else _GIVEN:
        part = torch.cat([scaled[m] for m in members], 1)
        factor = cholesky_or_error(function, part.T @ part / (samples - 1))
        value += sign * (factor.diagonal().log().sum().item() - log_determinant_excess(part.shape[1], samples) / 2)
        influence += sign * torch.linalg.solve_triangular(factor, part.T, upper=False).square().sum(0) / 2
    error = math.sqrt(influence_variance(influence.var(), sizes[0] * sizes[1], samples).item())
    given = " given a condition" if len(blocks) == 3 else ""
    return Estimate(value, (value - 1.96 * error, value + 1.96 * error), error, samples, f"{name}, bias removed{given}")
