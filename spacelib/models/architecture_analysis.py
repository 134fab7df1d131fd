"""Analysis of variance: what of a quantity in the table of architectures is the architecture's, and what the seed's."""

from dataclasses import dataclass

import pandas as pd
import torch
from scipy import stats
from torch import Tensor

from spacelib.models.architecture import FACTORS


def architecture_effects(
    table: pd.DataFrame, quantity: str, *, resamples: int = 2000, generator: torch.Generator | None = None
) -> pd.DataFrame:
    r"""Which factor moves a quantity: shares of the variance of its logarithm, with intervals and F-tests.

    .. math::
        \ln y &= \mu + \sum_f \alpha_f + \text{interactions} + e \\
        \text{share}_f &= \frac{v_f}{v_{all} + \hat\sigma^2} \\
        v_f & = \frac{\max(0, SS_f - df_f\, \hat\sigma^2)}{N}

    "architecture and training" is all that the grid varies, interactions included: the sum of the rows above it, but
    for what noise takes below 0; "seed" is what runs of one setting differ by.
    Parameters: table with the columns depth, heads, encoder, steps and the quantity, above 0, the same number of runs
    (at least 2) at every setting; resamples, generator (None: a fresh one with seed 0). Returns one row a factor:
    factor, share with its 95 % interval (low, high), degrees of freedom, F and p_value against the runs of one setting
    (1 and 1 for the seed itself), and ratio: largest over smallest geometric mean of its levels (of the settings, for
    all and interactions; of one standard deviation up and down, for the seed). Shares are those of this grid: another
    grid, other shares.
    Intervals: percentiles over resampled runs of each setting, about effects shrunk to the estimated shares; measured
    in the tests, they cover 92 % to 98 %.
    Errors: ValueError for a missing column, values not above 0, or an unbalanced table.
    Source: Fisher's analysis of variance; omega squared, Hays 1963.
    """
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    values = _grid(table, quantity)
    runs = values.shape[-1]
    found = _components(values)
    share = _shares(found)
    # Noise has swollen the settings' means; shrunk to the variance that is their own they make a law whose shares
    # are the estimates.
    size = found.sums[:-2] / values.numel()
    kept = (share[:-2] * found.error / share[-1] / torch.where(size > 0, size, 1.0)).sqrt()
    settings = values.mean() + sum(k * effect for k, effect in zip(kept, found.effects, strict=True))
    residuals = (values - values.mean(-1, keepdim=True)) * (runs / (runs - 1)) ** 0.5
    drawn = torch.randint(runs, (resamples, *values.shape), generator=generator)
    again = _shares(_components(settings + residuals.expand(resamples, *values.shape).gather(-1, drawn)))
    low, high = torch.quantile(again, torch.tensor([0.025, 0.975], dtype=torch.float64), dim=0)
    f = found.sums / found.degrees / found.error
    within = found.degrees[-1].item()
    names = [*FACTORS, "interactions", "architecture and training", "seed"]
    p = [float(stats.f.sf(value, df, within)) for value, df in zip(f.tolist(), found.degrees.tolist(), strict=True)]
    p[-1] = 1.0
    columns = {
        "factor": names,
        "share": share,
        "low": low,
        "high": high,
        "degrees": found.degrees.long(),
        "F": f,
        "p_value": p,
        "ratio": _ratios(values, found),
    }
    return pd.DataFrame(columns)


@dataclass(frozen=True)
class _Components:
    """A balanced analysis of variance.

    sums (..., factors + 3), of squares: factors, interactions, all settings, runs; degrees of freedom; error (...), the
    mean square of runs; effects of the factors and the interactions, which add up to the settings' means less the whole
    mean.

    """

    sums: Tensor
    degrees: Tensor
    error: Tensor
    effects: tuple[Tensor, ...]


def _grid(table: pd.DataFrame, quantity: str) -> Tensor:
    """Logarithms (levels of each factor, runs), float64."""
    missing = [name for name in (*FACTORS, quantity) if name not in table]
    if missing:
        raise ValueError(
            f"architecture_effects: table must have the columns {', '.join(missing)}, got {', '.join(table)}"
        )
    counts = table.groupby(list(FACTORS), sort=True).size()
    levels = [table[name].nunique() for name in FACTORS]
    runs = int(counts.iloc[0]) if len(counts) else 0
    if not runs or len(counts) != torch.tensor(levels).prod() or counts.nunique() != 1 or runs < 2:
        raise ValueError(
            f"architecture_effects: table must have as many runs, at least 2, at each of {levels} settings, "
            f"got {len(table)} rows"
        )
    column = table.sort_values(list(FACTORS), kind="stable")[quantity]
    values = torch.from_numpy(column.to_numpy(dtype=float, copy=True))
    if not bool((values.isfinite() & (values > 0)).all()):
        raise ValueError(
            f"architecture_effects: {quantity} must be finite and above 0, got {values.min().item()!r} at least"
        )
    values = values.log().view(*levels, runs)
    if not bool(values.var(-1).max() > 0):
        raise ValueError(f"architecture_effects: the runs of one setting must differ in {quantity}")
    return values


def _components(values: Tensor) -> _Components:
    """Of values (..., levels of each factor, runs): the balanced analysis of variance."""
    count = len(FACTORS)
    axes = list(range(-count - 1, -1))
    size = values.shape[-count - 1 :].numel()
    cells = values.mean(-1, keepdim=True)
    centred = cells - cells.mean(axes, keepdim=True)
    effects = [centred.mean([a for a in axes if a != axis], keepdim=True) for axis in axes]
    effects.append(centred - sum(effects))
    within = (values - cells).square().sum((*axes, -1))
    sums = torch.stack([effect.square().mean((*axes, -1)) * size for effect in (*effects, centred)] + [within], -1)
    settings = size // values.shape[-1] - 1
    own = [values.shape[axis] - 1 for axis in axes]
    degrees = torch.tensor([*own, settings - sum(own), settings, size - settings - 1], dtype=torch.float64)
    return _Components(sums, degrees, within / degrees[-1], tuple(effects))


def _shares(found: _Components) -> Tensor:
    """Shares (..., factors + 3) of the settings' variance beyond that of runs, and of the runs'."""
    size = found.degrees[-2] + found.degrees[-1] + 1
    beyond = ((found.sums[..., :-1] - found.degrees[:-1] * found.error[..., None]) / size).clamp(min=0)
    both = torch.cat([beyond, found.error[..., None]], -1)
    return both / both[..., -2:].sum(-1, keepdim=True)


def _ratios(values: Tensor, found: _Components) -> list[float]:
    """Largest over smallest geometric mean of each row's levels."""
    levels = [*found.effects, values.mean(-1)]
    return [(level.max() - level.min()).exp().item() for level in levels] + [(2 * found.error.sqrt()).exp().item()]
