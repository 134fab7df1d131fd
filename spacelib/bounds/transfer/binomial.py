"""The exact interval of a probability from independent yes-or-no outcomes, proved for the floats that are returned.

With r_j = j y/((n - j + 1) x), y = 1 - x, the tail of a binomial law is its largest term times a sum:

    P(Bin(n, x) <= k) = P(Bin(n, x) = k) (1 + r_k + r_k r_(k-1) + ...),
    -ln P(Bin(n, x) = k) = G(k, n x) + G(n - k, n y) + s(k) + s(n - k) - s(n) + ln(2 pi k (n - k)/n)/2,

where G(a, b) = a ln(a/b) - a + b is the divergence's summand and s Stirling's remainder: no digits are lost (Loader
2000). The tail's logarithm is concave in x, with slope -(n - k)/(y S), S being the sum. So Newton's steps from
outside stay outside; an end is taken over only where the tail's upper bound proves it, and Chernoff's root, which is
outside, stands where none is.
"""

import math

import torch
from scipy.special import betainccinv, betaincinv
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_side
from spacelib.bounds._divergence import _term
from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.transfer._checks import U, raised, require_count

_BLOCK, _MOST = 32, 512  # terms of the sum at once, first and later
_NEAR = 2.0**-46  # the inverse beta function's error, mostly: only a start, so nothing rests on it
_STIRLING = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360)
_SHIFT = 20  # beyond, the series' next term is below 1/156/20^13 < 2^-63


def clopper_pearson(successes: Number, samples: Number, delta: Number, *, side: str = "upper") -> Number:
    r"""One-sided exact confidence bound of a probability.

    .. math:: \sup\{p : P(\mathrm{Bin}(n, p) \le k) \ge \delta\} \quad\text{or}\quad
        \inf\{p : P(\mathrm{Bin}(n, p) \ge k) \ge \delta\}

    Parameters: successes k and samples n, integers, 0 <= k <= n, n from 1 to 10^9; delta in (0, 1/2), the probability
    that the bound fails; side. Returns probabilities of the broadcast shape, rounded outward: never inside the exact
    bound. The upper one of n successes is 1, the lower one of none 0. For both sides at once give each delta/2. Not
    differentiable. Takes some sqrt(n) steps. Assumes independent outcomes of one probability.
    Errors: ValueError for values outside these ranges.
    Source: Clopper and Pearson 1934; Loader 2000 for the terms.
    """
    return _exact("clopper_pearson", "successes", successes, samples, delta, side)


def test_set_bound(errors: Number, samples: Number, delta: Number) -> Number:
    r"""The risk of one fixed model from errors on a test set: what a PAC-Bayes certificate is to be held against.

    .. math:: L \le \sup\{p : P(\mathrm{Bin}(n, p) \le k) \ge \delta\}

    Parameters, errors: as `clopper_pearson`. Returns risks, rounded up. No bound from k alone is smaller for every law.
    Assumes independent samples that the model was not chosen by, and losses 0 or 1.
    Source: Clopper and Pearson 1934; Langford 2005.
    """
    return _exact("test_set_bound", "errors", errors, samples, delta, "upper")


test_set_bound.__test__ = False  # no test, though its name begins like one


def _exact(name: str, argument: str, successes: Number, samples: Number, delta: Number, side: str) -> Number:
    require_side(name, side)
    (k, n, delta), leave = admit(name, **{argument: successes}, samples=samples, delta=delta)
    require_count(name, argument, k, 0)
    require_count(name, "samples", n)
    require(name, "samples", n, n <= 1e9, "at most 10^9")
    require(name, argument, k, k <= n, "at most samples")
    require(name, "delta", delta, (delta > 0) & (delta < 0.5), "in (0, 1/2)")
    return leave(exact_end(k, n, delta, side), side)


def exact_end(successes: Tensor, samples: Tensor, delta: Tensor, side: str) -> Tensor:
    """The exact bound in float64, rounded outward."""
    shape = torch.broadcast_shapes(successes.shape, samples.shape, delta.shape)
    k, n, delta = (value.detach().expand(shape).reshape(-1) for value in (successes, samples, delta))
    upper = side == "upper"
    # k/n is rounded: outward, as the root grows with it; Chernoff's bound is outside the exact one
    share = (k / n * (1 + 4 * U)).clamp(max=1.0) if upper else k / n * (1 - 4 * U)
    best = inverse_second(share, raised(-delta.log() / n, 4), side=side)
    best = torch.where(k == (n if upper else 0), 1.0 if upper else 0.0, best)
    free = ((best > 0) & (best < 1)).nonzero().squeeze(1)
    for part in free.split(4096):
        best[part] = _newton(k[part] if upper else n[part] - k[part], n[part], delta[part], best[part], upper)
    return best.reshape(shape)


def _newton(k: Tensor, n: Tensor, delta: Tensor, best: Tensor, upper: bool) -> Tensor:
    """From a proved end to the last that can be proved; k are the successes, or for a lower end the failures."""
    best = best.clone()
    target = delta.log() * (1 + 4 * U)  # never above the exact logarithm
    numbers = (k + 1, n - k, delta) if upper else (n - k, k + 1, delta)
    near = (betainccinv if upper else betaincinv)(*(number.cpu().numpy() for number in numbers))
    near = torch.as_tensor(near).to(best) * (1 + _NEAR if upper else 1 - _NEAR)
    better = (near > 0) & (near < 1) & (near < best if upper else near > best)
    todo, end, push = torch.arange(len(k), device=k.device), torch.where(better, near, best), torch.zeros_like(best)
    inward = -1.0 if upper else 1.0
    while todo.numel():
        x, y = (end, 1 - end) if upper else (1 - end, end)
        value, total = _log_tail(k[todo], n[todo], x, y)
        proved = value <= target[todo]
        best[todo] = torch.where(proved, end, best[todo])
        # where rounding hides the proof, outward again, each time twice as far: never beyond what was proved
        step = (target[todo] - value) * y * total / (n - k)[todo]
        more = torch.where(proved, (push == 0) & (step > 4 * U * end), push < 2.0**-20)
        push = torch.where(proved, push, (2 * push).clamp(min=8 * U))
        new = end + inward * torch.where(proved, step, step.clamp(max=0) - push * end)
        new = torch.where(proved, new, torch.minimum(new, best[todo]) if upper else torch.maximum(new, best[todo]))
        more = more & (new > 0) & (new < 1) & (new != best[todo])
        todo, end, push = todo[more], new[more], push[more]
    return best


def _log_tail(k: Tensor, n: Tensor, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
    """ln P(Bin(n, x) <= k) for 0 <= k < n, rounded up, and the sum S; y is 1 - x, either of the two rounded once."""
    a, b = n * x, n * y
    one, one_error, _ = _term(k, a, k - a)
    two, two_error, _ = _term(n - k, b, n - k - b)
    inner = k.clamp(min=1)
    # at k = 0 the largest term is y^n, whose divergence is all there is
    rest = _stirling(inner) + _stirling(n - k) - _stirling(n) + (2 * torch.pi * inner * ((n - k) / n)).log() / 2
    size = torch.where(k > 0, rest.abs() + 1, 0.0)  # three remainders of 60 u, and 5 u of what is added
    # n x and n y carry up to 2 u each, which moves their summands by up to 2 u of the differences
    moved = 4 * U * ((k - a).abs() + (n - k - b).abs())
    largest = -(one + two) + one_error + two_error + moved + torch.where(k > 0, -rest, 0.0) + 200 * U * size
    total = _sum(k, n, x, y)
    return largest + total.log() + 4 * U * (1 + total.log() + largest.abs()), total


def _sum(k: Tensor, n: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """1 + r_k + r_k r_(k-1) + ..., rounded up; what is left out is below the last product times r/(1 - r)."""
    total, unfinished = torch.ones_like(k), torch.arange(len(k), device=k.device)
    odds, last, done, block = y / x, torch.ones_like(k), 0, _BLOCK
    left = k
    while unfinished.numel():
        index = torch.arange(block, dtype=k.dtype, device=k.device)
        j = (left[:, None] - index).clamp(min=0)
        products = last[:, None] * (j / (n[:, None] - j + 1) * odds[:, None]).cumprod(1)
        # quotient, product and odds, and the product's own step: 6 u a factor
        part = total[unfinished] + (products * (1 + 8 * (index + done + 1) * U)).sum(1)
        last, left, done = products[:, -1], (left - block).clamp(min=0), done + block
        ratio = left / (n - left + 1) * odds
        rest = torch.where(ratio < 1, last * ratio / (1 - ratio), math.inf)
        rest = torch.where(left > 0, rest, 0.0)
        more = rest > 2.0**-60 * part
        total[unfinished] = torch.where(more, part, (part + rest) * (1 + (64 + done / 256) * U))
        unfinished, n, odds, last, left = (value[more] for value in (unfinished, n, odds, last, left))
        block = min(2 * block, _MOST)
    return total


def _stirling(m: Tensor) -> Tensor:
    """ln m! - (m + 1/2) ln m + m - ln(2 pi)/2 for m >= 1, up to 60 u: 3 u for each of 19 steps, and the series."""
    base, total = m, torch.zeros_like(m)
    for _ in range(_SHIFT):  # s(m) = s(m + 1) + (m + 1/2) ln(1 + 1/m) - 1
        total = total + torch.where(m < _SHIFT, (base + 0.5) * torch.log1p(1 / base) - 1, 0.0)
        base = torch.where(m < _SHIFT, base + 1, base)
    square = 1 / (base * base)
    series = torch.zeros_like(m)
    for coefficient in reversed(_STIRLING):
        series = series * square + coefficient
    return total + series / base
