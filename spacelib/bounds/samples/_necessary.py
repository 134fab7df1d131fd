"""Numbers of samples that are not enough, each by a problem and a learner that fail.

Every function returns whole n such that with n - 1 samples some problem and learner of the regime fails with
probability above delta, or 0 where its side conditions leave nothing to claim.

Losses of the bounded regimes are fair coins, independent between hypotheses. A hypothesis has a gap of at least epsilon
where at most k = floor(n (1/2 - epsilon)) of its n losses are 1, with probability
    p >= C(n, k) 2^-n >= exp(-E),   E = n kl(k/n, 1/2) + ln(2 n)/2   (1 <= k < n; Stirling's formula).
"""

from collections.abc import Callable

import torch
from scipy.special import chdtri
from torch import Tensor

from spacelib.bounds.binary_kl import kl
from spacelib.bounds.samples._checks import LN2, U, bisect, whole_below

_LARGEST = 2.0**52  # samples up to which whole numbers and their halves are float64
_TINY = 2.0**-1000  # a denominator is raised to it, which keeps quotients finite and on the safe side
_DOWN = 1 - 16 * U


def tail_exponent(samples: Tensor, epsilon: Tensor) -> Tensor:
    """E of the module's text, rounded up; infinite where k < 1."""
    k = (samples * (0.5 - epsilon) * (1 - 4 * U)).floor()
    share = k.clamp(min=1) / samples * (1 - 2 * U)  # below k/n, where the divergence is larger
    divergence = kl(share.clamp(max=0.5), torch.full_like(share, 0.5), side="upper")
    return torch.where(k >= 1, (samples * divergence + torch.log(2 * samples) / 2) * (1 + 8 * U), torch.inf)


def _largest_failing(epsilon: Tensor, budget: Tensor) -> Tensor:
    """1 more than a number n of samples at which E(n) < budget was seen; the largest, but for the steps of floor."""
    first = torch.where(epsilon < 0.5, (1 / (0.5 - epsilon).clamp(min=2.0**-60) * (1 + 16 * U)).ceil() + 1, _LARGEST)
    first = first.clamp(max=_LARGEST)

    def fails(samples: Tensor) -> Tensor:
        return tail_exponent(samples, epsilon) < budget

    low, _ = bisect(first, torch.full_like(epsilon, _LARGEST), fails, whole=True)
    return torch.where(fails(low), low + 1, 0.0)


def one_hypothesis(epsilon: Tensor, delta: Tensor, **_: Tensor) -> Tensor:
    """One coin: it fails where p > delta."""
    return _largest_failing(epsilon, -torch.log(delta) * _DOWN)


def many_hypotheses(epsilon: Tensor, delta: Tensor, complexity: Tensor) -> Tensor:
    """N = floor(e^K) coins and the posterior that sits on one with a gap: it fails where N p > delta/(1 - delta)."""
    copies = (torch.exp(complexity.clamp(max=36)) * (1 - 64 * U)).floor().clamp(min=1)
    log_copies = torch.where(complexity <= 36, torch.log(copies), complexity - 2.0**-50)
    odds = torch.log1p(-delta) - torch.log(delta)
    budget = log_copies + odds
    return _largest_failing(epsilon, budget - 8 * U * (log_copies + torch.log1p(-delta).abs() + torch.log(delta).abs()))


_COPIES = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 7.0, 10.0)  # m: the mean number of coins with a gap; any is valid


def memoriser(epsilon: Tensor, delta: Tensor, complexity: Tensor) -> Tensor:
    """N = ceil(m/p) coins, and with probability c = delta/(1 - e^-m) the posterior on one with a gap, else the prior.

    The mean KL is c ln N <= c (E + ln(m + 1)), and the failure c (1 - (1 - p)^N) >= delta. For a single draw the
    posterior is the mixture of prior and point mass with weight c, of KL at most c ln N on every sample.
    """
    budget = torch.full_like(delta, -torch.inf)
    for m in _COPIES:
        m = torch.full_like(delta, m)
        share = -torch.expm1(-m) * (1 - 4 * U)
        offer = share * complexity / delta * _DOWN - torch.log1p(m) * (1 + 4 * U)
        budget = torch.maximum(budget, torch.where(delta < share, offer, -torch.inf))
    return _largest_failing(epsilon, budget)


def coin_memoriser(epsilon: Tensor, delta: Tensor, complexity: Tensor) -> Tensor:
    """Empirical risk minimisation among (n + 1) e^(4 n eps^2) coins with probability 2 delta, else the prior.

    It fails with probability 2 (1 - 1/e) delta and has a mean KL of at most 16 delta n eps^2, where delta <= 1/2,
    4 n eps^2 >= ln(n + 1) + 1/2 and n (1/2 - eps) is a whole number; for other eps, that of the next larger one.
    """
    budget = complexity / (16 * delta) * _DOWN

    def cheap(samples: Tensor) -> Tensor:
        return samples * _next_gap(samples, epsilon) ** 2 * (1 + 8 * U) < budget

    low, _ = bisect(torch.ones_like(epsilon), torch.full_like(epsilon, _LARGEST), cheap, whole=True)
    gap = _next_gap(low, epsilon)
    long = 4 * low * gap**2 * _DOWN >= torch.log(low + 1) + 0.5 + 2.0**-45
    return torch.where(cheap(low) & long & (delta <= 0.5) & (gap <= 0.5), low + 1, 0.0)


def _next_gap(samples: Tensor, epsilon: Tensor) -> Tensor:
    """The least epsilon' >= epsilon for which samples (1/2 - epsilon') is a whole number, rounded up."""
    return (0.5 - (samples * (0.5 - epsilon) * (1 - 4 * U)).floor() / samples) + 2 * U


def three_points(epsilon: Tensor, delta: Tensor, chi_square: Tensor, variance: Tensor) -> Tensor:
    """M = floor(1 + chi^2) losses that are +-n epsilon with probability x/(2 n) each and else 0, x = sigma^2/(n eps^2).

    One mean fails with probability x (1 - x/n)^(n-1) >= x e^-x for x <= 1, the largest of M with 1 - (1 - x e^-x)^M.
    For fewer samples the variance n eps^2 is enough (x = 1).
    """
    copies = 1 + chi_square.floor()
    need = -torch.expm1(torch.log1p(-delta) / copies) * (1 + 8 * U)

    def short(x: Tensor) -> Tensor:
        return x * torch.exp(-x) * (1 - 8 * U) < need

    _, enough = bisect(need / 2, torch.ones_like(need), short)  # x e^-x >= need was seen there, or x = 1
    return torch.where(short(enough), 0.0, whole_below(variance / enough / epsilon / epsilon, 8))


def gaussian_mean(epsilon: Tensor, delta: Tensor, variance: Tensor, **_: Tensor) -> Tensor:
    """Normal losses: no estimator of their mean beats the sample mean, whose square is chi-square of one degree."""
    quantile = torch.as_tensor(chdtri(1.0, delta.cpu().numpy())).to(delta) * (1 - 2.0**-38)
    return whole_below(variance * quantile / epsilon / epsilon, 8)


def two_point(epsilon: Tensor, delta: Tensor, **_: Tensor) -> Tensor:
    """Two coins of bias epsilon: the affinity of their samples is (1 - eps^2)^(n/2)."""
    claim = torch.log(1 / (4 * delta)) - 4 * U
    return whole_below(claim.clamp(min=0) / -torch.log1p(-(epsilon**2)).clamp(max=-_TINY), 12)


def two_point_divergence(epsilon: Tensor, delta: Tensor, **_: Tensor) -> Tensor:
    """The same two coins: telling them apart with both errors at most delta takes kl(1 - delta, delta) nats."""
    odds = (torch.log1p(-delta) - torch.log(delta)).clamp(min=0)
    claim = (1 - 2 * delta).clamp(min=0) * (odds - 4 * U * torch.log(delta).abs()).clamp(min=0)
    return whole_below(claim / (2 * epsilon * torch.atanh(epsilon)).clamp(min=_TINY), 16)


def assouad(epsilon: Tensor, delta: Tensor, dimension: Tensor) -> Tensor:
    """d coins on d points, high probability: d/(512 eps^2) where delta < 1/16 and eps <= 1/32."""
    claimed = (delta < 1 / 16) & (epsilon <= 1 / 32)
    return torch.where(claimed, whole_below(dimension / 512 / epsilon / epsilon, 4), 0.0)


def assouad_divergence(epsilon: Tensor, delta: Tensor, dimension: Tensor) -> Tensor:
    """The same with Pinsker's inequality: d/(32 eps artanh(8 eps)) where delta < 1/7 and eps < 1/8."""
    claimed = (delta < 1 / 7 * _DOWN) & (epsilon < 1 / 8)
    wide = torch.atanh((8 * epsilon).clamp(max=1 - U))
    return torch.where(claimed, whole_below(dimension / 32 / epsilon / wide, 16), 0.0)


NECESSARY: dict[str, dict[str, Callable[..., Tensor]]] = {
    "averaged_almost_sure": {"one_hypothesis": one_hypothesis, "many_hypotheses": many_hypotheses},
    "averaged_mean": {"one_hypothesis": one_hypothesis, "memoriser": memoriser, "coin_memoriser": coin_memoriser},
    "single_draw": {"one_hypothesis": one_hypothesis, "memoriser": memoriser},
    "finite_variance_empirical_mean": {"three_points": three_points},
    "finite_variance_median_of_means": {"gaussian_mean": gaussian_mean},
    "learning_minimax": {
        "two_point": two_point,
        "two_point_divergence": two_point_divergence,
        "assouad": assouad,
        "assouad_divergence": assouad_divergence,
    },
}
