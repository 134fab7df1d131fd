"""Numbers of samples that are enough: in each regime n epsilon^2 has to reach a numerator, given here rounded up.

In finite_variance_median_of_means blocks are whole: their number and their size stand there instead.
"""

import torch
from torch import Tensor

from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.samples._checks import LN2, U, whole_above, whole_exactly
from spacelib.bounds.samples.moments import least_numerator, maurer_sum

_UP = 1 + 16 * U  # sums of positive terms, each right to a few roundings


def fixed_exponent(delta: Tensor, complexity: Tensor) -> Tensor:
    """The exponent lambda is chosen from K before the data; on both sides."""
    return (complexity + torch.log(2 / delta)) / 2 * _UP


def squared_gap_tail(delta: Tensor, complexity: Tensor) -> Tensor:
    """Markov's inequality on exp(2 n u gap^2)."""
    return least_numerator(complexity - torch.log(delta) * _UP) * _UP


def maurer(delta: Tensor, complexity: Tensor, samples: Tensor) -> Tensor:
    """Markov's inequality on exp(n kl), with Pinsker's: the numerator grows like ln(n)/4."""
    return (complexity + torch.log(maurer_sum(samples)) - torch.log(delta)) / 2 * _UP


def squared_gap_mean(delta: Tensor, complexity: Tensor) -> Tensor:
    """Markov's inequality on the squared gap."""
    return least_numerator(complexity) / delta * _UP


def markov_complexity(delta: Tensor, complexity: Tensor) -> Tensor:
    """Markov's inequality on KL with a share 1 - eta of delta, then `fixed_exponent` with the share eta."""
    a = complexity / delta
    eta = 2 / (2 + a + (a * (a + 4)).sqrt())
    eta = eta.clamp(max=1 - 2.0**-53)  # any share below 1 is valid
    return (a / (1 - eta) + torch.log(2 / (eta * delta))) / 2 * _UP


def change_of_measure(delta: Tensor, complexity: Tensor) -> Tensor:
    """kl(failure, 2 e^(-2 n eps^2)) <= K: the root, or where it is below the range of float64, a bound of it."""
    root = inverse_second(delta, complexity, side="lower")
    exact = torch.where(root > 0, torch.log(2 / root.clamp(min=2.0**-1022)), torch.inf)
    exact = torch.where(root >= 2.0**-1022, exact, torch.inf)
    entropy = -delta * torch.log(delta) - (1 - delta) * torch.log1p(-delta)
    return torch.minimum(exact, (complexity + entropy) / delta + LN2 * _UP) / 2 * _UP


def change_of_measure_explicit(delta: Tensor, complexity: Tensor) -> Tensor:
    """(K/delta + ln(2/delta) + 1)/2."""
    return (complexity / delta + torch.log(2 / delta) + 1) / 2 * _UP


def chebyshev(delta: Tensor, chi_square: Tensor, variance: Tensor) -> Tensor:
    """Cauchy and Schwarz against the prior, then Chebyshev."""
    return variance * (1 + chi_square) / delta * _UP


def chebyshev_samples(epsilon: Tensor, delta: Tensor, chi_square: Tensor, variance: Tensor) -> Tensor:
    """That numerator over epsilon^2, rounded up: a fraction of the numbers given, so exactly."""
    value = variance * (1 + chi_square) / delta / epsilon / epsilon
    return whole_exactly(value, lambda v, c, d, e: v * (1 + c) / (d * e**2), variance, chi_square, delta, epsilon)


def union(delta: Tensor, dimension: Tensor) -> Tensor:
    """Empirical risk minimisation among 2^d rules, Hoeffding's inequality at epsilon/2 for each."""
    return 2 * (dimension * LN2 * _UP + torch.log(2 / delta)) * _UP


def blocks(delta: Tensor, complexity: Tensor) -> Tensor:
    """Blocks whose median fails with probability at most delta e^-K if each fails with probability at most 1/6."""
    return whole_above(4.5 * (complexity - torch.log(delta)), 8).clamp(min=1)


def block_samples(epsilon: Tensor, variance: Tensor) -> Tensor:
    """A block's samples, 6 variance/epsilon^2 rounded up, for failure 1/6 by Chebyshev."""
    return whole_exactly(6 * variance / epsilon / epsilon, lambda v, e: 6 * v / e**2, variance, epsilon)


def block_gap(samples: Tensor, variance: Tensor) -> Tensor:
    """The same the other way."""
    return (6 * variance / samples).sqrt() * _UP


NUMERATORS = {
    "averaged_almost_sure": {"fixed_exponent": fixed_exponent, "squared_gap": squared_gap_tail, "maurer": maurer},
    "averaged_mean": {"squared_gap": squared_gap_mean, "markov_complexity": markov_complexity},
    "single_draw": {"change_of_measure": change_of_measure, "explicit": change_of_measure_explicit},
    "finite_variance_empirical_mean": {"chebyshev": chebyshev},
    "finite_variance_median_of_means": {"median_of_means": None},
    "learning_minimax": {"union": union},
}
