"""Mutual information under a t copula: elliptical dependence with heavy tails, whatever the law of each column."""

import math
from dataclasses import dataclass

import torch
from scipy.optimize import minimize_scalar
from scipy.special import gammaincinv, stdtrit
from torch import Tensor

from spacelib.estimators.continuous._samples import Samples, checked_samples
from spacelib.estimators.continuous.gaussian import (
    cholesky_or_error,
    influence_variance,
    log_determinant_excess,
    uniform_ranks,
)
from spacelib.estimators.result import Estimate

_FREEDOM = (0.3, 300.0)  # degrees of freedom searched; at the upper end the law is normal to a part in a hundred
_STEPS = 200  # of the fixed-point iteration at most
_CONVERGED = 1e-6  # largest change of a correlation


def t_copula_information(x: Samples, y: Samples) -> Estimate:
    r"""Mutual information of variables whose dependence is that of a multivariate t law, whatever the law of each column.

    .. math::
        \hat I = \hat I_{Gauss}(\hat R) + h_\nu(d_x) + h_\nu(d_y) - h_\nu(d_x + d_y), \qquad
        h_\nu(d) = \ln\frac{\Gamma(\nu/2)}{\Gamma((\nu + d)/2)} + \frac d2 \ln \nu
        + \frac{\nu + d}{2} \left[ \psi\!\left(\frac{\nu + d}{2}\right) - \psi\!\left(\frac \nu 2\right) \right]

    The columns' ranks become quantiles of Student's law with nu degrees of freedom; R is the fixed point of their
    scatter (the likeliest to a small part of its error), nu that of the greatest likelihood of the copula. The bias of
    Gauss's part is removed as for normal data, (nu + d + 2)/(nu + d) times, d being all columns: the factor by which
    the scatter's variance exceeds that of a covariance.
    Parameters: x, y: real (samples,) or (samples, dimension). Returns an Estimate in nats, nu in `method`. Its standard
    error is that of the mean of the points' log ratios at the fit (`influence_variance`); the interval is 1.96 of them
    on either side.
    Assumes independent samples of a t copula; one scale is then common to all columns, so that I > 0 though R = 1.
    Errors: as `gaussian_information`.
    Source: Arellano-Valle, Contreras-Reyes and Genton 2013 for h; Demarta and McNeil 2005; Kent and Tyler 1991 for R.
    """
    checked = checked_samples("t_copula_information", x=x, y=y)
    samples, columns = len(checked["x"]), checked["x"].shape[1] + checked["y"].shape[1]
    if samples < columns + 2:
        raise ValueError(f"t_copula_information: {columns} columns need at least {columns + 2} samples, got {samples}")
    split = checked["x"].shape[1]
    ranks = uniform_ranks(torch.cat([checked["x"], checked["y"]], 1))
    fit = fit_t_copula(ranks)
    value = fit.information(split, samples)
    terms = fit.log_ratio(t_scores(ranks, fit.freedom), split)
    variance = influence_variance(terms.var(), split * (columns - split), samples)
    error = math.sqrt(variance.item())
    words = f"t copula, {fit.freedom:.3g} degrees of freedom, bias removed"
    return Estimate(value, (value - 1.96 * error, value + 1.96 * error), error, samples, words)


@dataclass(frozen=True)
class TCopula:
    """A t copula: degrees of freedom (infinite for the Gaussian copula), correlations of the scores, mean log density."""

    freedom: float
    correlation: Tensor
    log_likelihood: float

    def information(self, split: int, samples: int) -> float:
        """Information of the first `split` columns about the others, the bias of `samples` taken off."""
        columns, nu, spread = len(self.correlation), self.freedom, 1.0
        value = 0.0
        if math.isfinite(nu):
            spread = (nu + columns + 2) / (nu + columns)
            value = _entropy(nu, split) + _entropy(nu, columns - split) - _entropy(nu, columns)
        for part, sign in ((slice(split), 1), (slice(split, None), 1), (slice(None), -1)):
            factor = cholesky_or_error("t_copula_information", self.correlation[part, part])
            value += sign * factor.diagonal().log().sum().item()
            value -= sign * spread * log_determinant_excess(len(factor), samples) / 2
        return value

    def log_ratio(self, scores: Tensor, split: int) -> Tensor:
        """ln p(x, y)/(p(x) p(y)) of each row of scores, (samples,)."""
        x, y = scores[:, :split], scores[:, split:]
        return log_density(scores, self.correlation, self.freedom) - sum(
            log_density(part, block, self.freedom)
            for part, block in ((x, self.correlation[:split, :split]), (y, self.correlation[split:, split:]))
        )


    def pair_ratios(self, scores: Tensor, split: int) -> Tensor:
        """ln p(x, y)/(p(x) p(y)) of every x with every y, (samples, samples)."""
        x, y, precision = scores[:, :split], scores[:, split:], torch.linalg.inv(self.correlation)
        own_x, own_y = (v @ precision[part, part] * v for v, part in ((x, slice(split)), (y, slice(split, None))))
        lengths = own_x.sum(1)[:, None] + own_y.sum(1) + 2 * x @ precision[:split, split:] @ y.T
        of_x = log_density(x, self.correlation[:split, :split], self.freedom)
        of_y = log_density(y, self.correlation[split:, split:], self.freedom)
        return _log_density(lengths, self.correlation, self.freedom) - of_x[:, None] - of_y


def draw_t_copula(copula: TCopula, samples: int, generator: torch.Generator) -> Tensor:
    """Rows of scores drawn from it: a normal law, over the root of a mean of squares where freedom is finite."""
    columns = len(copula.correlation)
    rows = torch.randn(samples, columns, generator=generator, dtype=torch.float64, device=generator.device)
    rows = rows.to(copula.correlation.device) @ torch.linalg.cholesky(copula.correlation).T
    if math.isinf(copula.freedom):
        return rows
    # a chi square by its quantiles: freedom need not be whole
    levels = torch.rand(samples, 1, generator=generator, dtype=torch.float64, device=generator.device).cpu().numpy()
    chi = 2 * torch.from_numpy(gammaincinv(copula.freedom / 2, levels))
    return rows / (chi / copula.freedom).sqrt().to(rows.device)


def fit_t_copula(ranks: Tensor) -> TCopula:
    """The t copula of greatest likelihood of uniform ranks (samples, columns)."""
    best: dict[float, TCopula] = {}
    start = _correlation(t_scores(ranks, math.inf))

    def loss(log_freedom: float) -> float:
        nonlocal start
        fit = fit_at(ranks, math.exp(log_freedom), start)
        best[fit.freedom], start = fit, fit.correlation
        return -fit.log_likelihood

    minimize_scalar(loss, bounds=tuple(map(math.log, _FREEDOM)), method="bounded", options={"xatol": 0.02})
    return max(best.values(), key=lambda fit: fit.log_likelihood)


def fit_at(ranks: Tensor, freedom: float, start: Tensor | None = None) -> TCopula:
    """The t copula with these degrees of freedom, its scatter by the fixed point of Kent and Tyler."""
    scores = t_scores(ranks, freedom)
    matrix = _correlation(scores) if start is None else start
    if math.isfinite(freedom):
        for _ in range(_STEPS):
            lengths = _squared_lengths(scores, matrix)
            weights = (freedom + scores.shape[1]) / (freedom + lengths)
            scatter = (scores * weights[:, None]).T @ scores
            scale = scatter.diagonal().sqrt()
            fresh = scatter / scale / scale[:, None]
            change = (fresh - matrix).abs().max().item()
            matrix = fresh
            if change < _CONVERGED:
                break
    margins = log_density(scores.reshape(-1, 1), matrix.new_ones(1, 1), freedom).sum().item() / len(scores)
    likelihood = log_density(scores, matrix, freedom).mean().item() - margins
    return TCopula(freedom, matrix, likelihood)


def t_scores(ranks: Tensor, freedom: float) -> Tensor:
    """Quantiles of Student's law at the ranks; normal quantiles where freedom is infinite."""
    if math.isinf(freedom):
        return torch.special.ndtri(ranks)
    levels, where = torch.unique(ranks, return_inverse=True)  # the columns share their levels: few quantiles are computed
    return torch.from_numpy(stdtrit(freedom, levels.cpu().numpy())).to(ranks.device)[where]


def log_density(scores: Tensor, matrix: Tensor, freedom: float) -> Tensor:
    """ln density of the centred t law with this scatter, or of the normal law, at each row."""
    return _log_density(_squared_lengths(scores, matrix), matrix, freedom)


def _log_density(lengths: Tensor, matrix: Tensor, freedom: float) -> Tensor:
    """ln density at points of these squared Mahalanobis lengths."""
    columns = len(matrix)
    half = cholesky_or_error("t_copula_information", matrix).diagonal().log().sum().item()
    if math.isinf(freedom):
        return -lengths / 2 - half - columns / 2 * math.log(2 * math.pi)
    whole = (freedom + columns) / 2
    constant = math.lgamma(whole) - math.lgamma(freedom / 2) - columns / 2 * math.log(freedom * math.pi) - half
    return constant - whole * torch.log1p(lengths / freedom)


def _squared_lengths(scores: Tensor, matrix: Tensor) -> Tensor:
    factor = cholesky_or_error("t_copula_information", matrix)
    return torch.linalg.solve_triangular(factor, scores.T, upper=False).square().sum(0)


def _correlation(scores: Tensor) -> Tensor:
    scaled = scores / scores.square().sum(0).sqrt()
    return scaled.T @ scaled


def _entropy(freedom: float, columns: int) -> float:
    """Entropy of the t law with unit scatter, but for columns/2 ln pi, which cancels."""
    half, whole = (torch.tensor(v / 2, dtype=torch.float64) for v in (freedom, freedom + columns))
    difference = torch.digamma(whole) - torch.digamma(half)
    return (torch.lgamma(half) - torch.lgamma(whole) + columns / 2 * math.log(freedom) + whole * difference).item()
