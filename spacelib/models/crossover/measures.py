"""Squared error against accuracy within a tolerance: where they prefer different sides, predicted and then observed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from spacelib.bounds.tradeoff import accuracy_within
from spacelib.models.crossover.measure import TOLERANCES
from spacelib.models.crossover.phase import PREDICTING, jackknife, mean_and_error
from spacelib.models.crossover.tables import CELL, RIG, Records, crossover_records


@dataclass(frozen=True)
class FlipVerdict:
    """Counts of flips: predicted; of these observed again, contradicted, open; and observed but not predicted."""

    predicted: int
    confirmed: int
    contradicted: int
    open: int
    missed: int


def flip_table(*, errors: str = "normal", level: float = 0.95, records: Records | None = None) -> pd.DataFrame:
    r"""Which side squared error and accuracy within a tolerance prefer, by cell and tolerance.

    .. math::
        \operatorname{sign}(R - E) \quad\text{against}\quad
        \operatorname{sign}(\mathrm{Acc}_e(t) - \mathrm{Acc}_i(t))

    Predicted on the predicting seeds: risks as measured; accuracies of normal errors with the measured biases and
    deviations (errors = "normal"), or as measured ("measured"); with the jackknife's interval over seeds. Observed on
    the other seeds, to two standard errors. Preferences are 1 explicit, -1 implicit, 0 undecided. A flip is both
    decided and opposite.
    Parameters: errors; level of each interval, in (0, 1); records as `crossover_records`. Returns baseline, frames,
    kind, level, samples, tolerance (dioptres), by_error and by_accuracy as predicted, observed_error and
    observed_accuracy, predicted and observed (whether they flip).
    Errors: ValueError for values outside these. Source: `bounds.accuracy_within`.
    """
    if errors not in ("normal", "measured"):
        raise ValueError(f"flip_table: errors must be normal or measured, got {errors!r}")
    if not 0 < level < 1:
        raise ValueError(f"flip_table: level must be in (0, 1), got {level!r}")
    cells, sides = _sides(records)
    quantile = stats.t.isf((1 - level) / 2, PREDICTING - 1)

    def accuracy(side: dict[str, np.ndarray], seeds: np.ndarray, tolerance: float) -> np.ndarray:
        if errors == "measured":
            return side[f"within_{tolerance:g}"][:, seeds].mean(1)
        bias, risk = side["bias"][:, seeds].mean(1), side["risk"][:, seeds].mean(1)
        return accuracy_within(bias, np.sqrt(risk - bias**2), tolerance)

    def decided(value: np.ndarray, error: np.ndarray, times: float) -> np.ndarray:
        return np.where(np.abs(value) > times * error, np.sign(value), 0).astype(int)

    explicit, implicit = sides["explicit"], sides["implicit"]
    new = slice(PREDICTING, None)
    gap = implicit["risk"] - explicit["risk"]
    by_error = decided(*jackknife(lambda seeds: gap[:, seeds].mean(1), PREDICTING), quantile)
    observed_error = decided(*mean_and_error(gap[:, new]), 2)
    parts = []
    for tolerance in TOLERANCES:
        by_accuracy = decided(
            *jackknife(lambda s, t=tolerance: accuracy(explicit, s, t) - accuracy(implicit, s, t), PREDICTING), quantile
        )
        name = f"within_{tolerance:g}"
        observed_accuracy = decided(*mean_and_error((explicit[name] - implicit[name])[:, new]), 2)
        found = {"by_error": by_error, "by_accuracy": by_accuracy}
        found |= {"observed_error": observed_error, "observed_accuracy": observed_accuracy}
        found |= {"predicted": by_error * by_accuracy < 0, "observed": observed_error * observed_accuracy < 0}
        parts.append(cells.assign(tolerance=tolerance, **found))
    return pd.concat(parts, ignore_index=True)


def flip_verdict(flips: pd.DataFrame) -> FlipVerdict:
    """How many predicted flips come back on other seeds, of a table as `flip_table` gives it.

    A predicted flip is contradicted where an observed preference is decided and the other way; open where one is
    undecided and none the other way.
    """
    said = flips[flips["predicted"]]
    against = (said["by_error"] * said["observed_error"] < 0) | (said["by_accuracy"] * said["observed_accuracy"] < 0)
    confirmed = int(said["observed"][~against].sum())
    missed = int((flips["observed"] & ~flips["predicted"]).sum())
    return FlipVerdict(len(said), confirmed, int(against.sum()), len(said) - confirmed - int(against.sum()), missed)


def _sides(records: Records | None) -> tuple[pd.DataFrame, dict[str, dict[str, np.ndarray]]]:
    """Cells, and each side's figures by cell and seed, (cells, seeds)."""
    records = crossover_records() if records is None else records
    names = ["risk", "bias", *(f"within_{t:g}" for t in TOLERANCES)]
    cell = [*RIG, *CELL, "samples"]
    both = records.implicit.merge(records.explicit, on=[*RIG, "seed"], suffixes=("_implicit", "_explicit"))
    wide = both.pivot(index=cell, columns="seed", values=[f"{n}_{s}" for n in names for s in ("implicit", "explicit")])
    sides = {s: {n: wide[f"{n}_{s}"].to_numpy() for n in names} for s in ("implicit", "explicit")}
    return wide.index.to_frame(index=False), sides
