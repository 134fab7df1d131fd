"""Do d_eff and K_max depend on the architecture: both measured on one set of scenes over a grid of transformers."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch
from scipy import stats
from torch import Tensor
from torch.nn import functional

from spacelib.bounds.samples.gaussian import kl_per_dimension
from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension
from spacelib.estimators.dimension.attention import attention_effective_rank
from spacelib.estimators.dimension.nearest import nearest_neighbour_mle, two_nn
from spacelib.models.implicit import Drawn, Implicit, Task, answers_of, coarser, last_layer, misses, train
from spacelib.models.implicit.posteriors import features_of
from spacelib.scenes import SPHERE, Cameras, Scenes, channels, pinhole, render
from spacelib.scenes.trajectories import turn, with_overlap
from spacelib.scenes.world import COLOURS

TABLE, WIDTH_TABLE = (Path(__file__).with_name("tables") / name for name in ("architecture.csv", "widths.csv"))

FACTORS = {"depth": (1, 2, 4), "heads": (1, 2, 4), "encoder": ("linear", "convolution"), "steps": (100, 300, 900)}
SEEDS = 5
SCENES, HELD, WIDTH = 1024, 2048, 16
RIDGE = 0.01  # of the features' mean squared distance from their mean
NOISE_VARIANCE = 0.05  # of a place given the features, in the last layer's posterior
_PART = 50  # clean scenes rendered at once
FINER = 4  # times the channel's pixels a side, in the clean frames: averaged away, so that an outline moves smoothly


def architecture_table() -> pd.DataFrame:
    r"""d_eff and K_max by every definition, of trained transformers on the same scenes, one row a training.

    Setting: `depth`, `heads`, `encoder`, `steps` of training, `seed` (weights and order of scenes, all different).
    Trained on the same 1,024 scenes of `search` (noise .9, frames of 6 x 8 pixels), width 16; on these scenes, of the
    last features: `ridge_dimension` at a ridge of .01 of the covariance's trace, `effective_rank` and
    `participation_ratio` of the covariance's eigenvalues, `attention_rank` (effective rank of the attention-weighted
    frames' features, heads averaged: the rebuttal's d_eff); `posterior_kl` in nats, of the last layer's exact posterior
    under the rebuttal's prior (its K_max; noise variance .05), with the two factors of its theorem, `signal_dimension`
    (d_eff) and `kl_per_dimension` (K_max); `posterior_kl_inverse` under 1/norm squared as the prior's variance;
    `lipschitz` of the layer stack. On 1,000 clean scenes of two degrees of freedom (bearing and distance of one
    sphere): `local_dimension` (TwoNN) and `local_mle` (k = 10) of the last features. `error`: share of 2,048 fresh
    scenes whose place is missed, with `train_error`. Written by `python -m spacelib.models.architecture_tabulate`.
    """
    return pd.read_csv(TABLE)


def width_table() -> pd.DataFrame:
    r"""The same for networks of several widths, one row a training: `width`, then the columns of `architecture_table`.

    Two blocks, two heads, the linear encoder, 300 steps, on the same scenes. Written with that table.
    """
    return pd.read_csv(WIDTH_TABLE)


@dataclass(frozen=True)
class Bench:
    """What all trainings of the table share.

    task; scenes to train on; held ones to judge by; clean frames (n, K, *image) of scenes of two degrees of freedom.
    """

    task: Task
    scenes: Drawn
    held: Drawn
    clean: Tensor


def bench(*, finer: int = FINER, clean: int = 1000) -> Bench:
    """The same scenes at every call: seed 0. `finer` times the pixels a side are rendered for the `clean` scenes."""
    generator = torch.Generator().manual_seed(0)
    task = Task(coarser(channels.search(noise=0.9), 4))
    scenes, held = (task.draw(number, generator=generator) for number in (SCENES, HELD))
    return Bench(task, scenes, held, task.standardised(_clean_frames(clean, finer, generator)))


def measure(bench: Bench, *, depth: int, heads: int, encoder: str, steps: int, seed: int, width: int = WIDTH) -> dict:
    """One row of the table, by name: a network of some width trained and measured."""
    generator = torch.Generator().manual_seed(seed)
    image = bench.scenes.frames.shape[2:]
    model = Implicit(
        image, bench.scenes.frames.shape[1], depth=depth, heads=heads, width=width, encoder=encoder, generator=generator
    )
    train(model, bench.scenes.frames, bench.scenes.place, steps=steps, generator=generator)
    features, clean = features_of(model, bench.scenes.frames), features_of(model, bench.clean)
    spectrum = torch.linalg.eigvalsh(features.T.cov(correction=0)).clamp(min=0)
    with torch.no_grad():
        weights, tokens = model.attention(bench.scenes.frames)
    row = {"depth": depth, "heads": heads, "encoder": encoder, "steps": steps, "seed": seed}
    row["ridge_dimension"] = ridge_dimension(spectrum, RIDGE * spectrum.sum()).item()
    row["effective_rank"], row["participation_ratio"] = (
        effective_rank(spectrum).item(),
        participation_ratio(spectrum).item(),
    )
    row["attention_rank"] = attention_effective_rank(tokens, weights.mean(1)).estimate
    row["local_dimension"], row["local_mle"] = two_nn(clean).estimate, nearest_neighbour_mle(clean).estimate
    posterior = last_layer(model, bench.scenes.frames, bench.scenes.place, noise_variance=NOISE_VARIANCE)
    other = last_layer(
        model,
        bench.scenes.frames,
        bench.scenes.place,
        noise_variance=NOISE_VARIANCE,
        prior_variance=1 / posterior.prior_variance,
    )
    signal = torch.linalg.eigvalsh(features.T @ features).clamp(min=0) * posterior.prior_variance / NOISE_VARIANCE
    row["signal_dimension"] = ridge_dimension(signal, 1.0).item()
    row["kl_per_dimension"] = kl_per_dimension(signal[-1]).item()
    row |= {
        "posterior_kl": posterior.kl().item(),
        "posterior_kl_inverse": other.kl().item(),
        "lipschitz": model.lipschitz(),
    }
    for name, drawn in (("train_error", bench.scenes), ("error", bench.held)):
        row[name] = misses(answers_of(model, drawn.frames), drawn.place, bench.task.tolerance).mean().item()
    return row


def architecture_effects(
    table: pd.DataFrame, quantity: str, *, resamples: int = 2000, generator: torch.Generator | None = None
) -> pd.DataFrame:
    r"""Which factor moves a quantity: shares of the variance of its logarithm, with intervals and F-tests.

    .. math:: \ln y = \mu + \sum_f \alpha_f + \text{interactions} + e, \qquad
        \text{share}_f = \frac{v_f}{v_{all} + \hat\sigma^2}, \quad v_f = \frac{\max(0, SS_f - df_f\, \hat\sigma^2)}{N}

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


def _clean_frames(number: int, finer: int, generator: torch.Generator) -> Tensor:
    """Images (number, K, 6, 8, 3) of one sphere, without noise, from the cameras of `search`.

    Bearing (-75 to 75 degrees) and distance (2.5 to 3.5 m) are uniform.
    """
    height, width = finer * channels.HEIGHT, finer * channels.WIDTH
    layout = {"distance": 1.0, "above": 1.0, "target": (0.0, 1.0, 1.0)}
    pose = with_overlap(
        turn, 0.5, channels.FRAMES, depth=3.0, height=channels.HEIGHT, width=channels.WIDTH, **layout
    ).pose
    cameras = Cameras(pose, pinhole(height, width), height, width)
    uniform = torch.rand(2, number, generator=generator, dtype=torch.float64)
    bearing, away = torch.deg2rad(150 * uniform[0] - 75), 2.5 + uniform[1]
    centre = torch.stack([away * bearing.sin(), away * bearing.cos(), torch.full_like(away, 0.4)], -1)[:, None]
    one = torch.ones(number, 1, dtype=torch.float64)
    colour = torch.tensor(COLOURS["blue"], dtype=torch.float64).expand(number, 1, 3)
    kind = torch.full((number, 1), SPHERE)
    scenes = Scenes(kind, centre, 0.8 * one[..., None].expand(-1, -1, 3), 0 * one, colour, 0 * centre, one.bool())
    parts = []
    for start in range(0, number, _PART):
        images = render(scenes[start : start + _PART], cameras).rgb
        parts.append(functional.avg_pool2d(images.flatten(0, 1).movedim(-1, 1), 4 * finer).movedim(1, -1))
    return torch.cat(parts).unflatten(0, (number, channels.FRAMES))
