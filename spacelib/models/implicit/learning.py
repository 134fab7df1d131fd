"""Learning curves beside their bound: how far training error and true error part, and how far the theorem lets them."""

import math
from pathlib import Path

import pandas as pd
import torch
from scipy import stats
from torch import Tensor
from torch.nn.utils import parameters_to_vector

from spacelib.bounds.samples.regimes import attainable_gap
from spacelib.bounds.samples.spectrum import ridge_dimension
from spacelib.estimators import prior_variance_of_features
from spacelib.models.implicit.network import Implicit
from spacelib.models.implicit.posteriors import features_of, last_layer, mean_field
from spacelib.models.implicit.task import Drawn, Task
from spacelib.models.implicit.training import answers_of, misses, train

TABLE = Path(__file__).parents[1] / "tables" / "learning.csv"

HELD, DRAWS = 4096, 64
NETWORK = {"depth": 2, "heads": 2, "width": 8}
NOISE_VARIANCE, PRIOR_VARIANCE = 0.05, 0.01  # of a place given the network; of its weights about their first values
DIMENSION, LINEAR_NOISE, TOLERANCE = 16, 0.5, 0.5  # of the linear model: weights, noise deviation, tolerance


def learning_table() -> pd.DataFrame:
    r"""Errors and KL of trained posteriors by the number of scenes, one row a training and posterior.

    `model`: "trained" (the transformer's weights as they are), "last layer" (exact posterior, on the half of the scenes
    that the network was not trained on, prior variance from the features of the other half: a bound holds given that
    half), "mean field" (of all weights, prior about their first values), "linear" (the exact linear-Gaussian model, 16
    weights). `scenes`, `samples` (those that the posterior was fitted to), `seed`; `train_error` on these samples and
    `error` on 4,096 fresh scenes (linear: exact), shares of places missed by more than the tolerance, averaged over the
    posterior; `bayes_error`, the least possible; `kl` in nats (missing for "trained"), `dimension`, the ridge effective
    dimension at noise over prior variance (last layer and linear alone). The transformer (2 blocks, 2 heads, width 8)
    learns `search` with noise .9 in frames of 6 x 8 pixels. Written by the module
    `learning_tabulate` beside this one, run with `python -m`.
    """
    return pd.read_csv(TABLE)


def learn(task: Task, held: Drawn, scenes: int, seed: int, *, steps: int = 600) -> list[dict]:
    """The transformer's three rows at a number of scenes, at least 4; `held` are scenes to judge by."""
    generator = torch.Generator().manual_seed(seed)
    drawn = task.draw(scenes, generator=generator)
    image, frames = drawn.frames.shape[2:], drawn.frames.shape[1]
    base = {"scenes": scenes, "seed": seed}
    judged = {
        "loss": lambda answers, places: misses(answers, places, task.tolerance),
        "samples": DRAWS,
        "generator": generator,
    }

    model = Implicit(image, frames, generator=generator, **NETWORK)
    first = parameters_to_vector(model.parameters()).detach().clone()
    train(model, drawn.frames, drawn.place, steps=steps, generator=generator)
    errors = [misses(answers_of(model, d.frames), d.place, task.tolerance).mean().item() for d in (drawn, held)]
    rows = [{"model": "trained", **base, "samples": scenes, "train_error": errors[0], "error": errors[1]}]

    options = {
        "noise_variance": NOISE_VARIANCE,
        "prior_mean": first,
        "prior_variance": PRIOR_VARIANCE,
        "steps": steps,
        "generator": generator,
    }
    law = mean_field(model, drawn.frames, drawn.place, **options)
    errors = [law.risk(d.frames, d.place, **judged).mean().item() for d in (drawn, held)]
    rows.append(
        {
            "model": "mean field",
            **base,
            "samples": scenes,
            "train_error": errors[0],
            "error": errors[1],
            "kl": law.kl().item(),
        }
    )

    half = scenes // 2
    model = Implicit(image, frames, generator=generator, **NETWORK)
    train(model, drawn.frames[:half], drawn.place[:half], steps=steps, generator=generator)
    prior = prior_variance_of_features(features_of(model, drawn.frames[:half])).item()
    own, place = drawn.frames[half:], drawn.place[half:]
    law = last_layer(model, own, place, noise_variance=NOISE_VARIANCE, prior_variance=prior)
    phi = features_of(model, own)
    spectrum = torch.linalg.eigvalsh(phi.T @ phi).clamp(min=0)
    errors = [law.risk(f, p, **judged).mean().item() for f, p in ((own, place), (held.frames, held.place))]
    dimension = ridge_dimension(spectrum, NOISE_VARIANCE / prior).item()
    rows.append(
        {
            "model": "last layer",
            **base,
            "samples": scenes - half,
            "train_error": errors[0],
            "error": errors[1],
            "kl": law.kl().item(),
            "dimension": dimension,
        }
    )
    return rows


def learn_linear(samples: int, seed: int, *, draws: int = 4000) -> dict:
    r"""The linear-Gaussian model's row: y = Phi w + noise, weights drawn from the prior N(0, I), Bayes' posterior.

    Errors are of |y - phi'w| > 1/2, averaged over the posterior: exact in the noise and in new samples, over `draws` of
    w for the error, and exact for the training error.
    """
    generator = torch.Generator().manual_seed(seed)
    normal = lambda *shape: torch.randn(*shape, generator=generator, dtype=torch.float64)  # noqa: E731
    weights, phi = normal(DIMENSION), normal(samples, DIMENSION)
    y = phi @ weights + LINEAR_NOISE * normal(samples)
    precision = torch.eye(DIMENSION, dtype=torch.float64) + phi.T @ phi / LINEAR_NOISE**2
    factor = torch.linalg.cholesky(precision)
    mean = torch.cholesky_solve((phi.T @ y / LINEAR_NOISE**2)[:, None], factor)[:, 0]
    signal = torch.linalg.eigvalsh(phi.T @ phi).clamp(min=0) / LINEAR_NOISE**2
    kl = (torch.log1p(signal) - signal / (1 + signal)).sum() / 2 + mean.square().sum() / 2
    off = (
        (mean + torch.linalg.solve_triangular(factor.T, normal(DIMENSION, draws), upper=True).T - weights)
        .square()
        .sum(1)
    )
    spread = torch.linalg.solve_triangular(factor, phi.T, upper=False).square().sum(0).sqrt()
    row = {"model": "linear", "scenes": samples, "samples": samples, "seed": seed}
    row["train_error"] = _outside(y - phi @ mean, spread).mean().item()
    centre = torch.zeros((), dtype=torch.float64)
    row["error"] = _outside(centre, (LINEAR_NOISE**2 + off).sqrt()).mean().item()
    row["bayes_error"] = _outside(centre, centre + LINEAR_NOISE).item()
    return row | {"kl": kl.item(), "dimension": ridge_dimension(signal, 1.0).item()}


def learning_curves(table: pd.DataFrame, *, delta: float = 0.05) -> pd.DataFrame:
    r"""Gaps beside the bound, one row for each model with a KL and number of scenes: how loose, as a factor.

    .. math::
        \text{factor} &= \frac{\text{mean bound}}{\text{mean gap}} \\
        \text{bound} &= \sqrt{\frac{\mathrm{KL} + \ln(\xi(n)/\delta)}{2 n}} \text{ at most } 1

    gap = error - train_error. Parameters: a table as `learning_table` gives it; delta in (0, 1). Returns model, scenes,
    samples, means over seeds of train_error, error, kl, gap with the ends of its 95 % interval (gap_low, gap_high;
    Student's over seeds), bound, and factor with factor_low and factor_high, the bound over the ends of the gap,
    infinite where the gap may be 0. The bound is `attainable_gap` in averaged_almost_sure by `maurer`, which holds with
    each posterior's own KL.
    Errors: ValueError for fewer than 2 seeds at some number of scenes.
    """
    rows = []
    for (model, scenes), part in table.dropna(subset="kl").groupby(["model", "scenes"], sort=True):
        if len(part) < 2:
            raise ValueError(
                f"learning_curves: each model and number of scenes needs at least 2 seeds, "
                f"got {len(part)} of {model} at {scenes}"
            )
        gaps = part["error"] - part["train_error"]
        half = stats.t.isf(0.025, len(part) - 1) * gaps.std() / math.sqrt(len(part))
        low, high = gaps.mean() - half, gaps.mean() + half
        bounds = attainable_gap(
            part["samples"].to_numpy(float),
            delta,
            part["kl"].to_numpy(float),
            regime="averaged_almost_sure",
            bound="maurer",
        )
        bound = float(bounds.mean())
        row = {"model": model, "scenes": scenes} | part[["samples", "train_error", "error", "kl"]].mean().to_dict()
        row |= {"gap": gaps.mean(), "gap_low": low, "gap_high": high, "bound": bound}
        over = {"factor": gaps.mean(), "factor_low": high, "factor_high": low}
        rows.append(row | {name: bound / value if value > 0 else math.inf for name, value in over.items()})
    return pd.DataFrame(rows)


def _outside(centre: Tensor, deviation: Tensor) -> Tensor:
    """Chance that a normal variable lies outside the tolerance."""
    upper, lower = (TOLERANCE - centre) / deviation, (-TOLERANCE - centre) / deviation
    return torch.special.ndtr(-upper) + torch.special.ndtr(lower)
