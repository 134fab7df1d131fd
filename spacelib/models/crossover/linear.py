"""The crossover where everything is known: least squares against noisy readings, simulated beside the exact formulas.

The target is y = x_1' beta + x_2; the implicit side fits n labelled samples and sees x_1 only, the explicit side reads
the target K times, with a systematic error that its readings share. Both are scored on the same new points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import pandas as pd
import torch
from torch import Tensor

from spacelib.bounds import crossover_samples, decide, explicit_risk, implicit_risk
from spacelib.bounds._border import require

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Setting:
    """A world: fitted coefficients d, labels' noise, bias of the implicit side, bias and variance of the explicit."""

    dimension: int
    noise: float
    bias: float
    explicit_bias: float
    variance: float


@dataclass(frozen=True)
class LinearCrossover:
    """Measured beside exact.

    `risks`, one row a side and size: `size` is n or K, `measured` with `standard_error`, `exact`, and `omitted`, the
    formula of the implicit side without the bias in its fitting cost. `crossovers`, one row a K: `predicted`;
    `observed`, where the measured gap first is not above 0, interpolated in 1/(n - d - 1) (infinite where it always
    is, the first size where it never is); `low` and `high`, which hold the crossover with 95 % confidence over all
    sizes of a K together, by the rule that more samples never harm; `line_low` and `line_high`, with the curve's shape
    assumed too; and the latter's `regime`.
    """

    risks: pd.DataFrame
    crossovers: pd.DataFrame


SETTINGS = (
    Setting(dimension=4, noise=1.0, bias=0.3, explicit_bias=0.25, variance=1.0),
    Setting(dimension=8, noise=0.5, bias=0.1, explicit_bias=0.05, variance=1.6),
    Setting(dimension=3, noise=0.2, bias=0.6, explicit_bias=0.4, variance=1.0),  # from 5 frames on explicit always wins
    Setting(dimension=6, noise=2.0, bias=0.0, explicit_bias=0.2, variance=0.8),
)
SPARE, FRAMES = (6, 8, 11, 15, 20, 28, 40, 56, 80), (2, 4, 8)  # sizes are d + 1 + spare


def linear_crossovers(repetitions: int = 4000, *, generator: torch.Generator) -> LinearCrossover:
    """`linear_crossover` in every one of SETTINGS, with a column for each part of the setting."""
    found = []
    for setting in SETTINGS:
        sizes = [setting.dimension + 1 + spare for spare in SPARE]
        found.append(linear_crossover(setting, sizes, FRAMES, repetitions, generator=generator))
    risks, crossovers = (pd.concat([getattr(one, name) for one in found]) for name in ("risks", "crossovers"))
    return LinearCrossover(risks.reset_index(drop=True), crossovers.reset_index(drop=True))


def linear_crossover(
    setting: Setting,
    samples: Sequence[int],
    frames: Sequence[int],
    repetitions: int = 4000,
    points: int = 8,
    *,
    generator: torch.Generator,
) -> LinearCrossover:
    r"""Both sides' risks measured at each n and K, and the crossover observed, beside `implicit_risk` and its kin.

    .. math:: \hat R(n) - \hat E(K) \text{ over } n, \qquad n^* = d + 1 + \frac{(\sigma^2 + b) d}{E(K) - b}

    Parameters: setting; samples n, increasing integers of at least d + 4 (below, squared errors have no standard
    error); frames K, integers of at least 1; repetitions, independent data sets at each n, each scored on so many new
    points. The seen inputs are correlated with each other and with the unseen one. Returns `LinearCrossover`; standard
    errors are over repetitions; intervals are for a normal mean, Bonferroni over the sizes.
    Errors: ValueError for values outside these ranges. Source: `implicit_risk`, `explicit_risk`, `crossover_samples`.
    """
    name, d = "linear_crossover", setting.dimension
    sizes = torch.tensor(list(samples))
    require(name, "samples", sizes, sizes >= d + 4, "at least dimension + 4")
    require(name, "repetitions", torch.tensor(repetitions), torch.tensor(repetitions >= 2), "at least 2")
    errors = [_errors(setting, n, frames, repetitions, points, generator) for n in samples]
    implicit, explicit = zip(*errors, strict=True)

    parts = vars(setting)
    risks = []
    for n, errors in zip(samples, implicit, strict=True):
        exact = implicit_risk(n, d, setting.noise, setting.bias)
        omitted = exact - setting.bias * d / (n - d - 1)
        risks.append(parts | {"side": "implicit", "size": n, **_mean(errors), "exact": exact, "omitted": omitted})
    for k, errors in zip(frames, torch.cat(explicit).unbind(-1), strict=True):
        exact = explicit_risk(k, setting.explicit_bias, setting.variance)
        risks.append(parts | {"side": "explicit", "size": k, **_mean(errors), "exact": exact, "omitted": exact})

    gaps = torch.stack([i[:, None] - e for i, e in zip(implicit, explicit, strict=True)])  # (n, repetitions, K)
    mean, error = gaps.mean(1), gaps.std(1) / repetitions**0.5
    width = NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * len(samples))) * error
    crossovers = []
    for place, k in enumerate(frames):
        low, high = mean[:, place] - width[:, place], mean[:, place] + width[:, place]
        plain, line = (decide(list(samples), low, high, 0.0, 0.0, offset=offset) for offset in (None, d + 1))
        risk = explicit_risk(k, setting.explicit_bias, setting.variance)
        crossovers.append(
            parts
            | {"frames": k, "predicted": crossover_samples(risk, d, setting.noise, setting.bias)}
            | {"observed": _sign_change(sizes, mean[:, place], d + 1), "low": plain.low, "high": plain.high}
            | {"line_low": line.low, "line_high": line.high, "regime": line.regime}
        )
    return LinearCrossover(pd.DataFrame(risks), pd.DataFrame(crossovers))


def _errors(
    setting: Setting, n: int, frames: Sequence[int], repetitions: int, points: int, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Squared errors, averaged over the points of a repetition: (repetitions,) and (repetitions, K)."""

    def normal(*shape):
        return torch.randn(shape, generator=generator, dtype=torch.float64)

    d = setting.dimension
    mixing, slope, coefficients = torch.eye(d, dtype=torch.float64) + normal(d, d).tril(-1) / 2, normal(d), normal(d)
    seen = normal(repetitions, n + points, d) @ mixing.T
    unseen = seen @ slope + setting.bias**0.5 * normal(repetitions, n + points)
    target = seen @ coefficients + unseen
    labels = target[:, :n] + setting.noise**0.5 * normal(repetitions, n)
    fit = torch.linalg.lstsq(seen[:, :n], labels[..., None]).solution
    truth = target[:, n:]
    implicit = ((seen[:, n:] @ fit)[..., 0] - truth).square().mean(-1)

    readings = truth[..., None] + setting.variance**0.5 * normal(repetitions, points, max(frames))
    systematic = setting.explicit_bias**0.5 * normal(repetitions, 1)  # one calibration a repetition
    answers = [readings[..., :k].mean(-1) + systematic for k in frames]
    return implicit, torch.stack([(answer - truth).square().mean(-1) for answer in answers], -1)


def _mean(errors: Tensor) -> dict[str, float]:
    return {"measured": errors.mean().item(), "standard_error": (errors.std() / len(errors) ** 0.5).item()}


def _sign_change(sizes: Tensor, gaps: Tensor, offset: int) -> float:
    """Where the gap, from above 0, first is not: between two sizes linear in 1/(n - offset)."""
    below = (gaps <= 0).nonzero()
    if len(below) == 0:
        return float("inf")
    first = int(below[0])
    if first == 0:
        return float(sizes[0])
    one, two = (1 / (sizes[first - 1 : first + 1] - offset).double()).tolist()
    high, low = gaps[first - 1 : first + 1].tolist()
    return offset + 1 / (one + (two - one) * high / (high - low))
