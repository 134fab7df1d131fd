"""How many directions the covariance of features fills: the three dimensions of a spectrum, from samples."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from spacelib.bounds._border import Number
from spacelib.bounds.samples.spectrum import effective_rank, ridge_dimension
from spacelib.estimators._codes import Codes
from spacelib.estimators.dimension._groups import log_scale_estimate, over_batch, random_groups, unit_scale
from spacelib.estimators.result import Estimate

_FEWEST = 10  # rows: nine left, of which the unbiased squares take at least four
_LEAST = 1e-12  # of an inverse number of directions: an average of squares, it cannot be negative but by rounding
Statistic = Callable[[int, Tensor, Tensor], Tensor]


def covariance_participation_ratio(
    x: Number, *, clusters: Codes | None = None, generator: torch.Generator | None = None
) -> Estimate:
    r"""Participation ratio of the eigenvalues of the population's covariance, both its parts estimated without bias.

    .. math:: \mathrm{PR} = (\operatorname{tr}\Sigma)^2 / \operatorname{tr}\Sigma^2

    That of the sample's covariance S is far too small where samples are no more than features: 1/PR grows by about
    1/n. With Q = sum |x_i - mean|^4 / (n - 1) the unbiased estimates of numerator and denominator are

    .. math::
        \tfrac{n - 1}{n (n - 2)(n - 3)}
        \bigl[2 \operatorname{tr} S^2 + (n^2 - 3 n + 1)(\operatorname{tr} S)^2 - n Q\bigr], \quad
        \tfrac{n - 1}{n (n - 2)(n - 3)} \bigl[(n - 1)(n - 2) \operatorname{tr} S^2 + (\operatorname{tr} S)^2 - n Q\bigr]

    whatever the law of the samples: averages over four distinct rows, and never negative. Their ratio is held to
    [1, features].

    Parameters: x real (..., samples, features), at least 10 samples; clusters (samples,), integers: rows that depend on
    each other are left out together for the error (the unbiasedness is that of independent rows); generator (None: a
    fresh one with seed 0) draws the groups. Returns an Estimate of a number of directions; of a batch its numbers are
    arrays. Standard error: the jackknife over 5 to 20 groups of the logarithm; interval: Student's.
    Errors: TypeError, ValueError for x; ValueError where all differences of samples are orthogonal.
    Source: Himeno and Yamada 2014; Yamada and Himeno 2015 (the unbiased squares).
    """
    name = "covariance_participation_ratio"

    def statistic(n: int, scatter: Tensor, fourth: Tensor) -> Tensor:
        top, bottom = unbiased_squares(n, scatter, fourth)
        if not bool(bottom > _LEAST * top):
            raise ValueError(
                f"{name}: the differences of the {n} samples are orthogonal, as if of infinitely many directions"
            )
        return top / bottom

    words = "participation ratio, unbiased squares"
    return over_batch(
        name, x, clusters, lambda rows, codes: _jackknife(name, rows, codes, statistic, words, generator, correct=False)
    )


def covariance_effective_rank(
    x: Number, *, clusters: Codes | None = None, generator: torch.Generator | None = None
) -> Estimate:
    r"""Effective rank of the eigenvalues of the population's covariance.

    .. math:: \mathrm{erank} = \exp\Bigl(-\sum_i p_i \ln p_i\Bigr), \qquad p_i = \lambda_i / \sum_j \lambda_j

    Parameters: x real (..., samples, features), at least 10 samples; clusters, generator, error and interval as for
    `covariance_participation_ratio`. Returns an Estimate of a number of directions, in [1, features]. The sample's
    spectrum is more spread out than the population's, so that its rank is too small, by about the share
    features/(2 samples) of a flat one; the jackknife takes the part of the bias off that falls as 1/samples. With no
    more samples than features what remains may exceed the standard error (`dimension_table`): then take more, or
    `covariance_participation_ratio`. Where the corrected figure leaves the range it is moved to its end, and the
    interval reaches from there to the uncorrected figure.
    Errors: TypeError, ValueError for x.
    Source: Roy and Vetterli 2007 (of singular values; here of eigenvalues); the jackknife, Quenouille 1956, Tukey 1958.
    """
    name = "covariance_effective_rank"

    def statistic(n: int, scatter: Tensor, fourth: Tensor) -> Tensor:
        return effective_rank(_eigenvalues(scatter))

    words = "effective rank, jackknifed"
    return over_batch(name, x, clusters, lambda rows, codes: _jackknife(name, rows, codes, statistic, words, generator))


def covariance_ridge_dimension(
    x: Number, *, ridge: float | None = None, clusters: Codes | None = None, generator: torch.Generator | None = None
) -> Estimate:
    r"""Ridge effective dimension of the population's covariance.

    .. math:: d_{\mathrm{eff}}(\mu) = \sum_i \frac{\lambda_i}{\lambda_i + \mu}

    Parameters: x real (..., samples, features), at least 10 samples; ridge mu > 0 in the unit of the covariance
    (None: its trace over samples. Then mu n = trace: the dimension that n samples can resolve of a linear model whose
    prior explains as much variance as the noise, the prior's variance being set by the features' mean square);
    clusters, generator, error, interval and the bias taken off as for `covariance_effective_rank`. Returns an
    Estimate of a number of directions, below features. Where the ridge is small beside the eigenvalues, ten samples a
    feature are needed for the bias to be below the standard error (`dimension_table`).
    Errors: TypeError, ValueError for x; ValueError for a ridge that is not positive and finite.
    Source: Hastie and Tibshirani 1990, section 3.5; Zhang 2005.
    """
    name = "covariance_ridge_dimension"
    if ridge is not None and not 0 < ridge < math.inf:
        raise ValueError(f"{name}: ridge must be above 0 and finite, got {ridge!r}")

    def core(rows: Tensor, codes: Tensor) -> Estimate:
        unit = (rows - rows.mean(0)).abs().max().square()  # of the covariance of the rows as `unit_scale` leaves them

        def statistic(n: int, scatter: Tensor, fourth: Tensor) -> Tensor:
            values = _eigenvalues(scatter) / (n - 1)
            return ridge_dimension(values, values.sum() / len(rows) if ridge is None else ridge / unit)

        words = f"ridge dimension, mu = {'trace/samples' if ridge is None else f'{ridge:.3g}'}, jackknifed"
        return _jackknife(name, rows, codes, statistic, words, generator, least=0.0)

    return over_batch(name, x, clusters, core)


def unbiased_squares(n: int, scatter: Tensor, fourth: Tensor) -> tuple[Tensor, Tensor]:
    """Unbiased estimates of (tr Sigma)^2 and tr Sigma^2 from the scatter of n rows and sum |x - mean|^4."""
    trace, square, q = scatter.trace() / (n - 1), scatter.square().sum() / (n - 1) ** 2, fourth / (n - 1)
    factor = (n - 1) / (n * (n - 2) * (n - 3))
    top = factor * (2 * square + (n * n - 3 * n + 1) * trace**2 - n * q)
    return top, factor * ((n - 1) * (n - 2) * square + trace**2 - n * q)


def _eigenvalues(scatter: Tensor) -> Tensor:
    return torch.linalg.eigvalsh(scatter).clamp(min=0)


def _scatters(rows: Tensor, groups: list[Tensor]) -> Iterator[tuple[int, Tensor, Tensor]]:
    """Rows, scatter and sum of fourth powers, of all rows and with each group left out.

    The scatter is features by features, or, where rows are fewer, the products of the rows: the same eigenvalues but
    for zeros.
    """
    gram = len(rows) < rows.shape[1]
    whole = rows @ rows.T if gram else rows.T @ rows
    squares = rows.square().sum(1)
    kept = torch.ones(len(rows), dtype=torch.bool, device=rows.device)
    for group in (torch.empty(0, dtype=torch.long, device=rows.device), *groups):
        kept.fill_(True)[group] = False
        n, left = int(kept.sum()), rows[group]
        mean = (rows.sum(0) - left.sum(0)) / n
        if gram:
            products = whole[kept][:, kept]
            products = products - products.mean(0)
            scatter = products - products.mean(1, keepdim=True)
        else:
            scatter = whole - left.T @ left - n * mean[:, None] * mean
        about = squares[kept] - 2 * rows[kept] @ mean + mean.square().sum()
        yield n, scatter, about.square().sum()


def _jackknife(
    name: str,
    rows: Tensor,
    codes: Tensor,
    statistic: Statistic,
    words: str,
    generator: torch.Generator | None,
    *,
    correct: bool = True,
    least: float = 1.0,
) -> Estimate:
    """The statistic, its error by the grouped jackknife of the logarithm, its bias taken off where `correct` says so.

    What leaves the range from `least` to the number of features is moved to its end; its interval then reaches from
    there to the uncorrected figure.
    """
    if len(rows) < _FEWEST:
        raise ValueError(f"{name}: x must have at least {_FEWEST} samples, got {len(rows)}")
    groups = random_groups(name, codes, 1, generator, rows.device)
    values = torch.stack([statistic(*scatter) for scatter in _scatters(unit_scale(rows), groups)]).log()
    many, without = len(groups), values[1:]
    value = many * values[0] - (many - 1) * without.mean() if correct else values[0]
    error = ((many - 1) / many * (without - without.mean()).square().sum()).sqrt().item()
    words = f"{words}; error from {many} groups left out in turn"
    raw = log_scale_estimate(value.exp().item(), error, many, len(rows), words)
    most, plain, (low, high) = float(rows.shape[1]), values[0].exp().item(), raw.interval
    if not least <= raw.estimate <= most:  # too few samples for the correction: what is left is no interval but a side
        low, high = min(low, plain), max(high, plain)
    held, low, high = (min(max(v, least), most) for v in (raw.estimate, low, high))
    return Estimate(held, (low, high), raw.standard_error, raw.samples, raw.method)
