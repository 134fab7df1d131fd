"""Binary divergence in float64 with a proved bound of its own rounding error.

With x = p, y = q and with x = 1 - p, y = 1 - q,

    kl(p, q) = G(p, q) + G(1 - p, 1 - q),        G(x, y) = x ln(x/y) - (x - y) >= 0,

because the differences p - q and q - p cancel exactly. Both summands are nonnegative, so the sum loses nothing; and G
is evaluated from e = x - y, which floating point gives to one rounding even where x and y agree to the last bit:

    v = e/(x + y),   L = ln(x/y) = 2 artanh v,   R = L - 2 v,   G = e v + x R      (as 2 x v - e v = e),
    |v| <= 1/2 (ratio between 1/3 and 3):  R = 2 v (v²/3 + v⁴/5 + ...), to v^52,
    elsewhere:                             R = ln(x/y) - 2 v.

Rounding, to first order in u = 2^-53 (`_U` is one percent larger, which absorbs the products of errors). x and y carry
at most one rounding each (none in p and q, one in 1 - p and 1 - q), e and x + y one more each, hence v 4 u.
- Near: e v carries 6 u. The series carries 9 u·1.3 from v² and 4 u of its own, so x R carries at most 22 u, and
  |x R| is at most 0.3 e v where R > 0 and at most 0.12 e v where R < 0. Hence G carries at most
  (6 + 22·0.3)/1.3 + 1 or (6 + 22·0.12)/0.88 + 1 < 12 u. What the series leaves out is below
  2 v^54/55/(1 - v²) < 0.1 u of 2 v².
- Far: v enters as -v (2 x - e) = -v (x + y), so its error counts 4 u |e|. The operations e v, L - 2 v, x R and the last
  sum carry |e v| + 2 |x R| + G; the quotient and a logarithm right to one unit in the last place (2 u) carry
  x (1 + 2 |L|); inexact x and y carry x (2 + |L|). With |L| <= |R| + 2 |v| the sum is at most
  F u, F = 4 |e| + |e v| + G + 5 |x R| + 3 x (1 + 2 |v|). F/G is largest at a ratio of 3, below 24, and near F > 12 G:
  so min(F, 12 G) near and min(F, 24 G) far are bounds, in one expression.
  Where x/y overflows, L = ln x - ln y instead; |L| > 709 and |ln x| < 35, so this L carries less than 4 u |L|,
  which F allows for, x L being nearly all of G. Where x/y is subnormal, x < 2^-1021 y, and its loss vanishes in G.
- Underflow: each of the at most six roundings of a term loses at most 2^-1075 beside the above.
Torch's float64 logarithms meet the one-ulp assumption on the CPU (SLEEF's 1.0-ulp kernels, MKL's high-accuracy mode)
and on CUDA; gradual underflow is torch's default.
"""

import torch
from torch import Tensor

_U = 1.01 * 2.0**-53
_UNDERFLOW = 8 * 2.0**-1074
_ODD = tuple(1 / (2 * j + 1) for j in range(1, 27))  # 1/3, 1/5, ..., 1/53
_LOG_MAX = 709.782712893384  # ln of the largest float64: the largest L that a finite quotient gives
_LOG_MIN = -1000.0  # below ln of every positive quotient; keeps x L at 0 for x = 0


def _term(x: Tensor, y: Tensor, e: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """G(x, y), a bound of its rounding error, and L = ln(x/y), cut off at _LOG_MIN."""
    v = e / (x + y).clamp_(min=2.0**-1074)
    w = v * v
    series = torch.full_like(w, _ODD[-1])
    for coefficient in reversed(_ODD[:-1]):
        series.mul_(w).add_(coefficient)
    twice = 2 * v
    log = torch.minimum((x / y).log(), (x.log() - y.log()).clamp_(min=_LOG_MAX)).clamp_(min=_LOG_MIN)
    size = v.abs()
    far = size > 0.5
    rest = torch.where(far, log - twice, series.mul_(w).mul_(twice))
    square, product = e * v, x * rest
    value = square + product
    far_error = 4 * e.abs() + square + value + 5 * product.abs() + 3 * x * (1 + 2 * size)
    error = torch.minimum(far_error, value * (12 + 12 * far.to(value.dtype))) * _U
    return value, error, rest + twice


def divergence(p: Tensor, q: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """kl(p, q), a bound of its rounding error (infinite where kl is), and its slope in p (at least 1000 in size at p = 0 or 1).

    The slope d kl/dp = ln(p/q) - ln((1-p)/(1-q)) is a difference of two numbers of opposite sign, so it loses nothing either.
    """
    e = p - q
    one, one_error, one_log = _term(p, q, e)
    two, two_error, two_log = _term(1 - p, 1 - q, -e)
    value = one + two
    error = one_error + two_error + 2 * _U * value + _UNDERFLOW  # 2 u: this sum, and the enclosure's own end
    return value, error, one_log - two_log
