"""Two moments on which the averaged regimes stand: of the divergence of a sample mean, and of its square."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit
from spacelib.bounds.samples._checks import U, require_count, require_positive, require_share

_SUMMED = 10_000_000  # up to here the sum is taken; beyond, its integral bound is off by less than 3 parts in 10,000
_TERMS = 1 << 22  # float64 numbers held at once


def maurer_moment(samples: Number) -> Number:
    r"""Largest mean of exp(n kl(sample mean, mean)) over all losses in [0, 1]: attained by every coin.

    .. math::
        \xi(n) = \sum_{k=0}^{n} \binom{n}{k} \Big(\frac{k}{n}\Big)^k \Big(1 - \frac{k}{n}\Big)^{n-k}
        = \sum_{m=0}^{n} \prod_{i<m} \Big(1 - \frac{i}{n}\Big) \;\le\; 2 \sqrt{n}

    Parameters: samples n, integers >= 1. Returns numbers of the same shape, rounded up: by some 40 sqrt(N) 2^-53, N
    being the largest of them, up to n = 10^7. There the sum stops after M terms, where what is left, below (n - M)/M
    times the last one since factors fall, vanishes in rounding. Beyond, the bound 3/2 + e^(1/(8n)) sqrt(pi n/2)
    stands for it, too large by less than 3 parts in 10,000.
    Assumes independent losses and, for hypotheses chosen after the data, a prior chosen before.
    Errors: ValueError for n that is not an integer >= 1.
    Source: Maurer 2004 (for n >= 8); Ramanujan's Q function plus 1.
    Its bound 2 sqrt(n) is :prf:ref:`thm-loss_moment`.
    """
    (n,), leave = admit("maurer_moment", samples=samples)
    require_count("maurer_moment", "samples", n)
    return leave(maurer_sum(n), "upper")


def maurer_sum(n: Tensor) -> Tensor:
    """xi(n) of whole numbers n in float64, rounded up."""
    flat = n.reshape(-1)
    integral = 1.5 + torch.exp(1 / (8 * flat)) * (torch.pi / 2 * flat).sqrt()
    result = torch.minimum(integral, 2 * flat.sqrt()) * (1 + 16 * U)
    todo = (flat <= _SUMMED).nonzero().squeeze(1)
    while todo.numel():  # in the order given: as many as fit, with as many terms as the largest of them needs
        terms = _needed(flat[todo]).cummax(0).values
        fit = int((terms * torch.arange(1, len(todo) + 1, device=n.device) <= _TERMS).sum().clamp(min=1))
        part, todo = todo[:fit], todo[fit:]
        result[part] = _summed(flat[part], int(terms[fit - 1]))
    return result.reshape(n.shape)


def _needed(n: Tensor) -> Tensor:
    """Terms after which a product is below e^-40: it is at most exp(-m (m - 1)/(2 n))."""
    return (80 * n).sqrt().ceil() + 2


def _summed(n: Tensor, terms: int) -> Tensor:
    n = n[:, None]
    index = torch.arange(terms, dtype=n.dtype, device=n.device)
    products = (1 - index / n).clamp(min=0).cumprod(1)  # entry m - 1 is the product of m factors, up to m = terms
    # each factor carries 2 u (the quotient's share of it, and the subtraction), each multiplication 1 u
    total = 1 + (products * (1 + 4 * (index + 1) * U)).sum(1)
    # the sum, and what was left out: below (n - M)/M e^-40 < sqrt(n) e^-40/8, not u/100 of it
    return total * (1 + (terms + 4) * U)


def squared_gap(samples: Number, complexity: Number, *, exponent: Number | None = None) -> Number:
    r"""Bound of the mean squared gap between true and empirical risk, averaged over the posterior and the samples.

    .. math:: E_S E_Q (L - \hat L)^2 \le \frac{K + \tfrac12 \ln\frac{1}{1 - u}}{2 n u}, \qquad 0 < u < 1

    Parameters: samples n, integers >= 1; complexity K >= 0 nats, a bound of the mean of KL(Q\|P); exponent u, or None
    for the u that makes the bound least. Returns numbers of the broadcast shape, rounded up. At K = 0 the best is
    1/(4 n), the fair coin's. Markov's inequality makes it P(gap >= epsilon) <= squared_gap/epsilon^2.
    Assumes losses in [0, 1], independent samples and a prior chosen before them.
    Errors: ValueError for values outside these ranges.
    Source: E exp(2 n u gap^2) <= (1 - u)^(-1/2) for a prior's hypotheses, with Donsker and Varadhan 1975.
    Implements :prf:ref:`thm-mean_squares`.
    """
    name = "squared_gap"
    given = {"samples": samples, "complexity": complexity} | ({} if exponent is None else {"exponent": exponent})
    (n, k, *u), leave = admit(name, **given)
    require_count(name, "samples", n)
    require_positive(name, "complexity", k, or_zero=True)
    if exponent is None:
        return leave(least_numerator(k) / n * (1 + 4 * U), "upper")
    require_share(name, "exponent", u[0])
    return leave(_numerator(k, u[0]) / n * (1 + 4 * U), "upper")


def least_numerator(complexity: Tensor) -> Tensor:
    """Least (K + ln(1/(1 - u))/2)/(2 u) over u, rounded up: any u is valid, so that Newton's error costs no safety.

    The slope vanishes at u/(1 - u) + ln(1 - u) = 2 K. With y = ln(1/(1 - u)): e^y - 1 - y = 2 K, which is convex and
    increasing, so that Newton's steps from above stay above. The start is: the left side is at least y^2/2, hence
    e^y = 1 + y + 2 K is at most 1 + sqrt(4 K) + 2 K.
    """
    target = 2 * complexity
    y = torch.minimum((2 * target).sqrt(), torch.log1p(target + (2 * target).sqrt()))
    for _ in range(30):
        excess = torch.where(y < 0.5, _exponential_tail(y), torch.expm1(y) - y)
        y = y - (excess - target) / torch.expm1(y).clamp(min=2.0**-1000)
    u = (-torch.expm1(-y)).clamp(min=2.0**-60, max=1 - 2.0**-53)
    return _numerator(complexity, u)


def _numerator(k: Tensor, u: Tensor) -> Tensor:
    return (k - torch.log1p(-u) / 2) / (2 * u) * (1 + 8 * U)


def _exponential_tail(y: Tensor) -> Tensor:
    """e^y - 1 - y for y < 1/2, where the difference would lose its digits."""
    series = torch.zeros_like(y)
    for power in range(16, 1, -1):
        series = (1 + series) * y / power
    return series * y
