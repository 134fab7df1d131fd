"""Do d_eff and K_max depend on the architecture: both measured on one set of scenes over a grid of transformers."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import torch
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
