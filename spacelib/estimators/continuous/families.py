"""Laws of continuous pairs with known information, to measure estimators on; none of them is a task of another suite.

The information is in closed form where the law is normal, t or an image of these under maps of x alone and y alone; by
a grid or by Monte Carlo with a fixed seed elsewhere (its standard error is below .002 nats).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import torch
from torch import Tensor

from spacelib.estimators.continuous.t_copula import TCopula

Pair = tuple[Tensor, Tensor]
_DRAWS = 400_000


@dataclass(frozen=True)
class Family:
    """A law: its name, its information in nats, and a sampler of (x, y) from a generator and a number of samples."""

    name: str
    information: float
    sample: Callable[[torch.Generator, int], Pair]


@cache
def families() -> dict[str, Family]:
    """Every family by its name, easy ones first; their informations are computed once a process."""
    every = [
        _normal("independent, 1 + 1", 1, 1, ()),
        _mapped("independent, 4 + 4, heavy margins", _normal("", 4, 4, ()), lambda v: v**3, torch.sinh),
        _normal("normal, 1 + 1", 1, 1, (0.9,)),
        _normal("normal, 3 + 1", 3, 1, (0.6,)),
        _normal("normal, 4 + 6, three pairs", 4, 6, (0.8, 0.5, 0.3)),
        _normal("normal, 30 + 10, five pairs", 30, 10, (0.7, 0.6, 0.5, 0.4, 0.3)),
        _normal("normal, strong, 3 + 3", 3, 3, (0.95, 0.9, 0.8)),
        _mapped("uniform margins, 2 + 3", _normal("", 2, 3, (0.85, 0.4)), torch.special.ndtr, torch.special.ndtr),
        _mapped("log-normal, 3 + 3", _normal("", 3, 3, (0.7, 0.7)), torch.exp, lambda v: torch.exp(2 * v)),
        _student("t, 4 degrees, 2 + 2", 2, 2, 4, (0.5,)),
        _student("t, 2 degrees, 4 + 3", 4, 3, 2, ()),
        _mapped("asinh t, 1.5 degrees, 2 + 1", _student("", 2, 1, 1.5, (0.6,)), torch.arcsinh, torch.arcsinh),
        _additive("uniform noise .3", 0.3),
        _additive("uniform noise 1.5", 1.5),
        _wave("wave, 1 + 1", 3.0, 0.3, 0),
        _wave("wave, 5 + 1", 2.0, 0.4, 4),
        _bowl(),
        _ring("rings", 0.3),
        _mixture("three clusters, 2 + 2", 2),
        _mixture("three clusters, 5 + 5", 5),
        _common_scale("log-normal scale, 2 + 2", 2, 0.6),
        _mapped("swiss roll of a normal", _normal("", 1, 1, (0.8,)), _roll, lambda v: v),
        _mapped("twist, 2 + 2", _normal("", 2, 2, (0.8, 0.8)), _twist, lambda v: v),
        _mapped("twists, 6 + 4", _normal("", 6, 4, (0.85, 0.85)), _twist, _twist),
        _mapped("shear, 3 + 3", _normal("", 3, 3, (0.8, 0.6)), _shear, _shear),
    ]
    return {family.name: family for family in every}


def _normal(name: str, x: int, y: int, correlations: tuple[float, ...]) -> Family:
    """Columns in independent pairs of these correlations, then mixed within x and within y by fixed rotations."""

    def sample(generator: torch.Generator, samples: int) -> Pair:
        left, right = (torch.randn(samples, d, generator=generator, dtype=torch.float64) for d in (x, y))
        for column, r in enumerate(correlations):
            right[:, column] = r * left[:, column] + math.sqrt(1 - r * r) * right[:, column]
        return left @ _rotation(x), right @ _rotation(y)

    return Family(name, -sum(math.log1p(-r * r) for r in correlations) / 2, sample)


def _rotation(columns: int) -> Tensor:
    """A fixed rotation that spreads each column over all."""
    generator = torch.Generator().manual_seed(columns)
    return torch.linalg.qr(torch.randn(columns, columns, generator=generator, dtype=torch.float64)).Q


def _mapped(name: str, family: Family, of_x: Callable[[Tensor], Tensor], of_y: Callable[[Tensor], Tensor]) -> Family:
    """Images under one-to-one maps, which leave the information as it is."""

    def sample(generator: torch.Generator, samples: int) -> Pair:
        x, y = family.sample(generator, samples)
        return of_x(x), of_y(y)

    return Family(name, family.information, sample)


def _roll(v: Tensor) -> Tensor:
    """The line rolled up into a spiral in the plane."""
    angle = 3 * math.pi * (0.5 + torch.special.ndtr(v))
    return torch.cat([angle * angle.cos(), angle * angle.sin()], 1)


def _twist(v: Tensor) -> Tensor:
    """The first two columns turned by an angle that grows with the distance from the centre."""
    angle = 0.6 * v.square().sum(1)
    first = angle.cos() * v[:, 0] - angle.sin() * v[:, 1]
    second = angle.sin() * v[:, 0] + angle.cos() * v[:, 1]
    return torch.cat([first[:, None], second[:, None], v[:, 2:]], 1)


def _shear(v: Tensor) -> Tensor:
    """Each column moved along by a wave of the one before: one-to-one, column by column."""
    return torch.cat([v[:, :1], v[:, 1:] + 1.5 * torch.sin(2 * v[:, :-1])], 1)


def _student(name: str, x: int, y: int, freedom: float, correlations: tuple[float, ...]) -> Family:
    normal = _normal(name, x, y, correlations)
    law = TCopula(freedom, torch.eye(x + y, dtype=torch.float64), 0.0)

    def sample(generator: torch.Generator, samples: int) -> Pair:
        left, right = normal.sample(generator, samples)
        seed = int(torch.randint(1 << 31, (), generator=generator))
        half, rate = torch.tensor([freedom / 2, 0.5], dtype=torch.float64)
        gamma = torch.distributions.Gamma(half, rate)
        with torch.random.fork_rng(devices=[]):  # the law takes torch's global generator; it is put back
            torch.manual_seed(seed)
            scale = (freedom / gamma.sample((samples, 1))).sqrt()
        return left * scale, right * scale

    return Family(name, normal.information + law.information(x, 10**9), sample)


def _additive(name: str, width: float) -> Family:
    """x uniform on (0, 1), y = x + a uniform of width 2 w: h(Y) of a trapezium less ln 2w."""

    def sample(generator: torch.Generator, samples: int) -> Pair:
        x, noise = torch.rand(2, samples, 1, generator=generator, dtype=torch.float64)
        return x, x + width * (2 * noise - 1)

    # I = h(Y) - ln(2 w): the sum of two uniforms of widths a <= b has entropy ln b + a/(2 b)
    small, large = sorted((1.0, 2 * width))
    return Family(name, math.log(large) + small / (2 * large) - math.log(2 * width), sample)


def _noisy(name: str, mean: Callable[[Tensor], Tensor], columns: int, noise: float) -> Family:
    """y = mean(x) + normal noise, x standard normal: h(Y) on a grid, from many draws of the mean."""
    generator = torch.Generator().manual_seed(1)
    centres = mean(torch.randn(_DRAWS, columns, generator=generator, dtype=torch.float64)).sort().values
    grid = torch.linspace(centres[0].item() - 6 * noise, centres[-1].item() + 6 * noise, 4001, dtype=torch.float64)
    # the histogram of the means, smoothed by the noise
    counts = torch.histc(centres, 4001, grid[0].item(), grid[-1].item()) / _DRAWS
    step = (grid[1] - grid[0]).item()
    kernel = torch.exp(-0.5 * ((grid[:, None] - grid) / noise).square()) / (noise * math.sqrt(2 * math.pi))
    density = kernel @ counts
    entropy = -(torch.special.xlogy(density, density).sum() * step).item()

    def sample(generator: torch.Generator, samples: int) -> Pair:
        x = torch.randn(samples, columns, generator=generator, dtype=torch.float64)
        e = torch.randn(samples, generator=generator, dtype=torch.float64)
        return x, (mean(x) + noise * e)[:, None]

    return Family(name, entropy - math.log(noise) - 0.5 * math.log(2 * math.pi * math.e), sample)


def _wave(name: str, speed: float, noise: float, others: int) -> Family:
    return _noisy(name, lambda x: torch.sin(speed * x[:, 0]) + (0.5 * x[:, 1] if others else 0), 1 + others, noise)


def _bowl() -> Family:
    return _noisy("bowl, 2 + 1", lambda x: x.square().sum(1), 2, 0.5)


def _ring(name: str, noise: float) -> Family:
    """Points near two circles, the angle of one that of the other and normal noise; the radii carry nothing."""
    grid = torch.linspace(-math.pi, math.pi, 20_001, dtype=torch.float64)[:-1]
    turns = torch.arange(-5, 6, dtype=torch.float64)[:, None] * 2 * math.pi
    density = torch.exp(-0.5 * ((grid + turns) / noise).square()).sum(0) / (noise * math.sqrt(2 * math.pi))
    entropy = -(torch.special.xlogy(density, density).mean() * 2 * math.pi).item()

    def sample(generator: torch.Generator, samples: int) -> Pair:
        angle = 2 * math.pi * torch.rand(samples, generator=generator, dtype=torch.float64)
        other = angle + noise * torch.randn(samples, generator=generator, dtype=torch.float64)
        radii = 1 + 0.1 * torch.randn(2, samples, generator=generator, dtype=torch.float64)
        x, y = (r[:, None] * torch.stack([a.cos(), a.sin()], 1) for r, a in zip(radii, (angle, other), strict=True))
        return x, y

    return Family(name, math.log(2 * math.pi) - entropy, sample)


def _mixture(name: str, columns: int) -> Family:
    """Three clusters; within each x and y are independent normal, so that the cluster is all they share."""
    centres = 1.5 * torch.randn(3, 2, columns, generator=torch.Generator().manual_seed(columns), dtype=torch.float64)

    def sample(generator: torch.Generator, samples: int) -> Pair:
        cluster = torch.randint(3, (samples,), generator=generator)
        rows = centres[cluster] + torch.randn(samples, 2, columns, generator=generator, dtype=torch.float64)
        return rows[:, 0], rows[:, 1]

    x, y = sample(torch.Generator().manual_seed(1), _DRAWS)
    left, right = (-0.5 * (v[:, None] - c).square().sum(-1) for v, c in ((x, centres[:, 0]), (y, centres[:, 1])))
    ratio = (left + right).logsumexp(1) - left.logsumexp(1) - right.logsumexp(1) + math.log(3)
    return Family(name, ratio.mean().item(), sample)


def _common_scale(name: str, columns: int, spread: float) -> Family:
    """Independent normal columns times one log-normal scale."""
    nodes = torch.linspace(-6, 6, 241, dtype=torch.float64)
    weights = torch.log_softmax(-0.5 * nodes.square(), 0)

    def log_density(lengths: Tensor, dimension: int) -> Tensor:
        scale = spread * nodes
        return (weights - dimension * scale - 0.5 * lengths[:, None] * torch.exp(-2 * scale)).logsumexp(1)

    def sample(generator: torch.Generator, samples: int) -> Pair:
        rows = torch.randn(samples, 2 * columns, generator=generator, dtype=torch.float64)
        rows = rows * torch.exp(spread * torch.randn(samples, 1, generator=generator, dtype=torch.float64))
        return rows[:, :columns], rows[:, columns:]

    x, y = (v.square().sum(1) for v in sample(torch.Generator().manual_seed(1), _DRAWS))
    ratio = log_density(x + y, 2 * columns) - log_density(x, columns) - log_density(y, columns)
    return Family(name, ratio.mean().item(), sample)
