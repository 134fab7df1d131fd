"""Entropy after Nemenman, Shafee and Bialek: a posterior whose prior is nearly flat in the entropy itself."""

import math

import numpy as np
import torch
from torch import Tensor

from spacelib.estimators._counts import checked_counts, in_kind

_CELLS = 1 << 22  # float64 numbers of one batch held at once, a few times over
_TAIL = 40.0  # the integrand falls like exp(-|u|) at both ends, and exp(-40) is below rounding
_AGREEMENT = 1e-11  # of two steps, the finer half the coarser; the error of the finer is about its square
_HALVINGS = 16  # to a step of 4e-6: a posterior as narrow as that of 10^9 occupied cells
_NEGLIGIBLE = 1e-20  # weight of a node, all together being 1


def nsb_posterior(
    counts: Tensor | np.ndarray, *, alphabet: int | None = None
) -> tuple[Tensor, Tensor] | tuple[np.ndarray, np.ndarray] | tuple[float, float]:
    r"""Posterior mean and posterior standard deviation of an entropy, given counts of a known number K of symbols.

    .. math::
        E[H \mid n] = \frac{\int_0^{\ln K} d\xi\; P(n \mid \beta(\xi))\, E[H \mid n, \beta(\xi)]}
                           {\int_0^{\ln K} d\xi\; P(n \mid \beta(\xi))}, \qquad
        \xi(\beta) = \psi(K\beta + 1) - \psi(\beta + 1)

    Dirichlet priors with all parameters beta, mixed so that their prior mean entropy xi is uniform on (0, ln K). Given
    beta, with a_i = n_i + beta and A = sum a_i, the first two moments are closed:

    .. math::
        E[H] = \psi(A + 1) - m, \qquad
        \mathrm{Var}[H] = \frac{\sum_i w_i (\psi(a_i + 1) - m)^2 + \sum_i w_i (a_i + 1) \psi_1(a_i + 1)}{A + 1} - \psi_1(A + 1),

    w_i = a_i / A and m = sum w_i psi(a_i + 1). The integral over ln beta is a trapezoidal sum, which converges
    exponentially for such an integrand; its step is halved until it no longer matters.
    Parameters: counts (\*batch, cells), whole numbers; alphabet K (None: the number of cells given), of which cells
    that were left out hold no count. No counts at all give the prior: ln(K)/2.
    Returns two values of shape (\*batch), nats.
    Assumes independent draws and that K is right: too large a K pulls scarce data towards ln K.
    Errors: TypeError and ValueError for counts that are not whole numbers of at least 0, or an alphabet smaller than
    the number of cells that hold any.
    Source: Nemenman, Shafee and Bialek 2002; Wolpert and Wolf 1995 for the moments.
    """
    n, alphabet = checked_counts("nsb_posterior", counts, alphabet, whole=True, empty=True)
    flat = n.reshape(-1, n.shape[-1])
    if alphabet == 1 or len(flat) == 0:
        moments = n.new_zeros(2, *n.shape[:-1])
    else:
        total, of_total = torch.unique(flat.sum(-1), return_inverse=True)
        values, of_value = torch.unique(flat, return_inverse=True)
        times = n.new_zeros(len(flat), len(values)).scatter_add_(1, of_value, torch.ones_like(flat))
        if values[0] > 0:  # cells without a count, where none was given
            values, times = torch.cat([values.new_zeros(1), values]), torch.cat([times.new_zeros(len(flat), 1), times], 1)
        times[:, 0] += alphabet - flat.shape[-1]
        moments = _integrate(values, times, total, of_total, alphabet).reshape(2, *n.shape[:-1])
    return in_kind(moments[0], counts), in_kind(moments[1], counts)


def _integrate(values: Tensor, times: Tensor, total: Tensor, of_total: Tensor, alphabet: int) -> Tensor:
    """Mean and standard deviation (2, batch); times (batch, values) says how many cells hold which number of counts."""
    low, high, step = -_TAIL, _TAIL + math.log(max(1.0, total.max().item())), 0.25
    coarse = torch.full((), math.inf)
    for _ in range(_HALVINGS):
        u = torch.arange(low, high, step, dtype=values.dtype, device=values.device)
        size = max(1, _CELLS // len(u))
        table = _Table(values, total, alphabet, u.exp())
        parts = [table.moments(t, i) for t, i in zip(times.split(size), of_total.split(size), strict=True)]
        fine, heaviest = torch.cat([part[0] for part in parts], 1), torch.stack([part[1] for part in parts]).amax(0)
        # A peak between two nodes would look settled, so that no node may bear much of it.
        if heaviest.max() < 0.25 and bool(((fine - coarse).abs() <= _AGREEMENT * math.log(alphabet)).all()):
            return fine
        counts_for = u[heaviest > _NEGLIGIBLE]
        low, high, step, coarse = counts_for[0].item() - step, counts_for[-1].item() + 1.5 * step, step / 2, fine
    raise ArithmeticError(f"nsb_posterior: the integral has not settled after {_HALVINGS} halvings of its step")


class _Table:
    """Every function of (number of counts, beta) that a sum over cells needs, for each number and each beta that occur."""

    def __init__(self, values: Tensor, total: Tensor, alphabet: int, beta: Tensor):
        a = values[:, None] + beta
        digamma = torch.digamma(a + 1)
        self.rising = _log_rising(values[:, None], beta)
        self.first, self.second = a * digamma, a * digamma**2
        self.spread = a * (a + 1) * _trigamma(a + 1)
        self.A = total[:, None] + alphabet * beta
        self.prior = _log_density(alphabet, beta)
        self.normaliser = _log_rising(total[:, None], alphabet * beta)

    def moments(self, times: Tensor, of_total: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and standard deviation (2, batch), and the largest weight of each node in any of the batch."""
        log_weight = times @ self.rising - self.normaliser[of_total] + self.prior
        weight = torch.softmax(log_weight, -1)
        A = self.A[of_total]
        m = times @ self.first / A
        mean = torch.digamma(A + 1) - m
        inner = ((times @ self.second / A - m**2) + times @ self.spread / A) / (A + 1) - _trigamma(A + 1)
        whole = (weight * mean).sum(-1)
        variance = (weight * (inner.clamp(min=0) + (mean - whole[:, None]) ** 2)).sum(-1)
        return torch.stack([whole, variance.sqrt()]), weight.amax(0)


def _log_rising(n: Tensor, beta: Tensor) -> Tensor:
    """ln of beta (beta + 1) ... (beta + n - 1) / beta^n: no large terms that cancel, whatever beta."""
    large = beta.clamp(min=20.0)
    stirling = (large + n - 0.5) * torch.log1p(n / large) - n + _stirling_rest(large + n) - _stirling_rest(large)
    small = beta.clamp(max=20.0)
    return torch.where(beta > 20, stirling, torch.lgamma(small + n) - torch.lgamma(small) - n * small.log())


def _stirling_rest(x: Tensor) -> Tensor:
    """ln Gamma(x) less Stirling's formula, to 1e-15 for x >= 20."""
    y = x**-2
    return (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188)))) / x


def _log_density(alphabet: int, beta: Tensor) -> Tensor:
    """ln of d xi / d ln beta = beta (K psi_1(K beta + 1) - psi_1(beta + 1)); a series where the difference would cancel."""
    large, k = beta.clamp(min=50.0), 1 / alphabet
    y = large**-2
    rest = (1 - k**2) / 6 - y * ((1 - k**4) / 30 - y * ((1 - k**6) / 42 - y * (1 - k**8) / 30))
    series = ((1 - k) / 2 - rest / large) / large
    small = beta.clamp(max=50.0)
    exact = small * (alphabet * _trigamma(alphabet * small + 1) - _trigamma(small + 1))
    return torch.where(beta > 50, series, exact).log()


def _trigamma(x: Tensor) -> Tensor:
    """psi_1(x), as Hurwitz' zeta(2, x): torch.polygamma(1, x) is good to nine digits only."""
    return torch.special.zeta(torch.full_like(x, 2.0), x)
