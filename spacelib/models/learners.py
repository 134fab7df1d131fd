"""Learners whose failures are known: those that attain the bounds of a regime, and those that break a wrong one.

Each is simulated through the law of its sufficient statistics, binomial counts, never through raw samples; the least
of N counts is drawn by inverse transform, whatever N. `failure` is the probability by summation, `fails` draws.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import torch
from torch import Tensor

from spacelib.estimators.cluster import batches


@dataclass(frozen=True)
class Coins:
    """N hypotheses with fair coins for losses, n samples; the posterior favours the one with the largest gap.

    With `share` 1 it is empirical risk minimisation, with KL = ln N on every sample. With a smaller share the
    posterior is that point mass on a share of the samples, by a coin of their own, and else the prior (mean KL share
    ln N). The prior's own gap, a mean over N coins, is left out: it fails with probability below exp(-2 N n epsilon^2).
    With `drawn`, one model is drawn from the mixture of both with these weights (KL <= share ln N on every sample).
    It fails where the gap is at least epsilon; `two_sided` counts gaps of both signs, for one coin alone.
    """

    samples: int
    epsilon: float
    log_copies: float = 0.0
    share: float = 1.0
    drawn: bool = False
    two_sided: bool = False

    def __post_init__(self):
        if self.two_sided and self.log_copies:
            raise ValueError(f"Coins: two_sided is for one coin, got log_copies {self.log_copies!r}")

    @cached_property
    def reach(self) -> int:
        """The largest number of ones with a gap of at least epsilon, taken as the nearest fraction of six digits."""
        return math.floor(self.samples * (Fraction(1, 2) - Fraction(self.epsilon).limit_denominator(10**6)))

    @cached_property
    def log_tail(self) -> float:
        """ln P(one coin has a gap of at least epsilon, of positive sign)."""
        return log_cdf(self.samples)[self.reach].item() if self.reach >= 0 else -math.inf

    @property
    def kl(self) -> float:
        """Mean KL of the posterior from the prior (of the mixture: a bound of it)."""
        return self.share * self.log_copies

    def failure(self) -> float:
        tail = math.exp(self.log_tail)
        if self.two_sided:
            return 2 * tail
        log_rate = math.log(-math.log1p(-tail)) if tail > 0 else self.log_tail
        memorised = -math.expm1(-math.exp(min(self.log_copies + log_rate, 700.0)))
        return self.share * memorised + (1 - self.share) * (tail if self.drawn else 0.0)

    def fails(self, repetitions: int, generator: torch.Generator) -> Tensor:
        least = least_count(self.samples, self.log_copies, repetitions, generator)
        chosen = torch.rand(repetitions, generator=generator, dtype=torch.float64) < self.share
        failed = least <= self.reach
        if self.two_sided:
            failed = failed | (self.samples - least <= self.reach)
        if not self.drawn:
            return failed & chosen
        return torch.where(chosen, failed, least_count(self.samples, 0.0, repetitions, generator) <= self.reach)


@dataclass(frozen=True)
class ThreePoints:
    """M losses that are +-n epsilon with probability x/(2 n) each and else 0; the posterior sits on the largest mean.

    x = variance/(n epsilon^2), at most 1. KL = ln M and chi^2 = M - 1. A mean fails unless plus and minus signs are
    as many. With more `blocks` than one, an odd number, means are those of blocks and their median is taken.
    """

    samples: int
    epsilon: float
    variance: float
    copies: int = 1
    blocks: int = 1

    def __post_init__(self):
        if self.rate > 1:
            raise ValueError(f"ThreePoints: variance/(samples epsilon^2) must be at most 1, got {self.rate!r}")
        if self.blocks % 2 == 0 or self.samples % self.blocks:
            raise ValueError(f"ThreePoints: blocks must be odd and divide {self.samples} samples, got {self.blocks!r}")

    @property
    def rate(self) -> float:
        return self.variance / (self.samples * self.epsilon**2)

    def failure(self) -> float:
        size = self.samples // self.blocks
        j = torch.arange(min(size, 200) + 1, dtype=torch.float64)  # more than 200 of a mean of 1 do not occur
        hits = _log_law(size, j, self.rate / self.samples).exp()
        balanced = torch.where(j % 2 == 0, torch.exp(_log_binomial(j, j / 2) - j * math.log(2)), 0.0)
        plus = (hits * (1 - balanced)).sum().item() / 2
        most = torch.arange(self.blocks // 2 + 1, self.blocks + 1, dtype=torch.float64)
        one = 2 * _log_law(self.blocks, most, plus).exp().sum().item()
        return -math.expm1(self.copies * math.log1p(-one)) if one < 1 else 1.0

    def fails(self, repetitions: int, generator: torch.Generator) -> Tensor:
        failed = []
        for size in batches(repetitions, self.copies * self.blocks):
            shape = (size, self.copies, self.blocks)
            hits = _binomial(self.samples // self.blocks, self.rate / self.samples, shape, generator)
            plus = torch.binomial(hits, torch.full_like(hits, 0.5), generator=generator)
            failed.append(((2 * plus - hits).median(2).values != 0).any(1))
        return torch.cat(failed)


@dataclass(frozen=True)
class Blocks:
    """The median of means of k blocks of m samples, of M losses at once, with a law that fails on one side.

    A loss is A (B - p), B being 1 with probability p: a block's mean is at least epsilon above its expectation where
    any of its samples is 1. A and p make that A (1/m - p) = epsilon and the variance as given; for m = 1 it attains
    Cantelli's bound. The median is the ceil(k/2)-th smallest mean.
    """

    blocks: int
    block_samples: int
    epsilon: float
    variance: float
    copies: int = 1

    @property
    def samples(self) -> int:
        return self.blocks * self.block_samples

    @property
    def probability(self) -> float:
        """p: the smaller root of epsilon^2 p (1 - p) = variance (1/m - p)^2."""
        m, e, v = self.block_samples, self.epsilon**2, self.variance
        half = (e + 2 * v / m) / 2
        return v / m**2 / (half + math.sqrt(half**2 - (v + e) * v / m**2))

    @property
    def block_failure(self) -> float:
        return -math.expm1(self.block_samples * math.log1p(-self.probability))

    @property
    def majority(self) -> int:
        """The least number of failing blocks with which the median fails."""
        return self.blocks - math.ceil(self.blocks / 2) + 1

    def failure(self) -> float:
        j = torch.arange(self.majority, self.blocks + 1, dtype=torch.float64)
        one = _log_law(self.blocks, j, self.block_failure).exp().sum().item()
        return -math.expm1(self.copies * math.log1p(-one))

    def fails(self, repetitions: int, generator: torch.Generator) -> Tensor:
        failed = []
        for size in batches(repetitions, self.copies):
            count = _binomial(self.blocks, self.block_failure, (size, self.copies), generator)
            failed.append((count >= self.majority).any(1))
        return torch.cat(failed)


@dataclass(frozen=True)
class Majority:
    """The majority of n labels that are right with probability (1 + epsilon)/2; a tie is broken by a fair coin.

    Its excess risk is epsilon where the majority is wrong, and no rule is wrong less often for both signs of the bias.
    """

    samples: int
    epsilon: float

    def failure(self) -> float:
        j = torch.arange(self.samples + 1, dtype=torch.float64)
        law = _log_law(self.samples, j, (1 + self.epsilon) / 2).exp()
        return (law * ((2 * j < self.samples).double() + (2 * j == self.samples).double() / 2)).sum().item()

    def fails(self, repetitions: int, generator: torch.Generator) -> Tensor:
        right = _binomial(self.samples, (1 + self.epsilon) / 2, (repetitions,), generator)
        coin = torch.rand(repetitions, generator=generator, dtype=torch.float64) < 0.5
        return (2 * right < self.samples) | ((2 * right == self.samples) & coin)


Learner = Coins | ThreePoints | Blocks | Majority


def log_cdf(trials: int) -> Tensor:
    """ln P(Bin(trials, 1/2) <= j) for every j, (trials + 1,)."""
    j = torch.arange(trials + 1, dtype=torch.float64)
    return _log_law(trials, j, 0.5).logcumsumexp(0).clamp(max=0)


def least_count(trials: int, log_copies: float, repetitions: int, generator: torch.Generator) -> Tensor:
    """The least of N = e^log_copies independent counts Bin(trials, 1/2), (repetitions,), by inverse transform.

    The least of N uniforms is 1 - e^(-w/N), w being exponential.
    """
    w = -torch.log1p(-torch.rand(repetitions, generator=generator, dtype=torch.float64))
    log_uniform = w.log() - log_copies if log_copies > 30 else torch.log(-torch.expm1(-w / math.exp(log_copies)))
    return torch.searchsorted(log_cdf(trials), log_uniform)


def _log_binomial(n: Tensor | int, k: Tensor) -> Tensor:
    n = torch.as_tensor(n, dtype=torch.float64)
    return torch.lgamma(n + 1) - torch.lgamma(k + 1) - torch.lgamma(n - k + 1)


def _log_law(trials: int, count: Tensor, probability: float) -> Tensor:
    """ln P(Bin(trials, probability) = count)."""
    p = torch.tensor(probability, dtype=torch.float64)
    odds = torch.special.xlogy(count, p) + torch.special.xlog1py(trials - count, -p)
    return _log_binomial(trials, count) + odds


def _binomial(trials: int, probability: float, shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    count = torch.full(shape, float(trials), dtype=torch.float64)
    return torch.binomial(count, torch.full_like(count, probability), generator=generator)
