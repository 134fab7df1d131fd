"""The phase diagram: which side errs less, predicted from some seeds and then observed on others."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from spacelib.models.crossover.curves import fit_curve
from spacelib.models.crossover.tables import CELL, RIG, Records, crossover_records

PREDICTING = 5  # the first seeds predict, the others are observed
FITTED = (64, 256, 1024, 4096)  # sizes that the curve is fitted to; those between are predicted only
_CONTESTED = 2.0  # risks nearer to each other than by this factor
_GRID = 240


@dataclass(frozen=True)
class PhaseVerdict:
    """Counts of cells: all, abstained in, decided by observation, of these judged (not abstained in) and right."""

    cells: int
    abstained: int
    decided: int
    judged: int
    right: int

    @property
    def abstained_share(self) -> float:
        """Share of all cells in which the prediction says nothing."""
        return self.abstained / self.cells

    @property
    def hit_rate(self) -> float:
        """Share of the judged cells in which it is right."""
        return self.right / self.judged


def phase_table(
    *, fitted: tuple[int, ...] = FITTED, shape: str = "hyperbola", level: float = 0.95, records: Records | None = None
) -> pd.DataFrame:
    r"""Cells of the phase diagram: the predicted winner with its interval, and the observed one.

    .. math:: \ln \hat R(n) - \ln \bar E \pm t_{m-1} \cdot \mathrm{SE}

    with \hat R the curve fitted to the mean risks of the m predicting seeds at the sizes `fitted`, \bar E the mean
    explicit risk on their scenes, and the jackknife's standard error over seeds. A cell is undecided where the interval
    holds 0. Observed is the mean of R - E over the other seeds, with its standard error; the unit is the seed, whose
    training scenes, held scenes, weights and poses are its own.
    Parameters: sizes to fit, at least 3 of the table's; shape as `fit_curve`; level of the interval, in (0, 1);
    records as `crossover_records`. Returns one row a cell: baseline, frames, kind, level, samples; predicted, low,
    high, winner; gap, standard_error (square dioptres), observed (the gap's sign), decided (beyond two standard
    errors); explicit, implicit (observed risks); fitted.
    Errors: ValueError for values outside these ranges. Source: jackknife, Tukey 1958; level of each cell alone.
    """
    rows = []
    for panel in panels(records):
        predicted = predict(panel, fitted, shape, level, panel.sizes)
        gaps = panel.implicit[None, :, PREDICTING:] - panel.explicit[:, None, PREDICTING:]
        gap, error = mean_and_error(gaps)
        explicit, implicit = (side[:, PREDICTING:].mean(1) for side in (panel.explicit, panel.implicit))
        for s, (kind, amount) in enumerate(panel.settings):
            for j, size in enumerate(panel.sizes):
                rows.append(
                    panel.rig
                    | {"kind": kind, "level": amount, "samples": int(size), "fitted": int(size) in fitted}
                    | {name: value[s, j] for name, value in predicted.items()}
                    | {"gap": gap[s, j], "standard_error": error[s, j]}
                    | {"explicit": explicit[s], "implicit": implicit[j]}
                )
    cells = pd.DataFrame(rows)
    cells["winner"] = _winner(cells["low"], cells["high"])
    cells["observed"] = np.where(cells["gap"] > 0, "explicit", "implicit")
    cells["decided"] = cells["gap"].abs() > 2 * cells["standard_error"]
    return cells


def phase_verdict(cells: pd.DataFrame, *, contested: bool = False) -> PhaseVerdict:
    """How often the prediction abstains and how often it is right, over cells as `phase_table` gives them.

    contested: only cells whose observed risks are within a factor of 2 of each other, where a guess may be wrong.
    """
    if contested:
        cells = cells[np.log(cells["implicit"] / cells["explicit"]).abs() < np.log(_CONTESTED)]
    says = cells["winner"] != "undecided"
    judged = cells["decided"] & says
    right = judged & (cells["winner"] == cells["observed"])
    return PhaseVerdict(len(cells), *(int(part.sum()) for part in (~says, cells["decided"], judged, right)))


def boundary_table(
    *, fitted: tuple[int, ...] = FITTED, shape: str = "hyperbola", level: float = 0.95, records: Records | None = None
) -> pd.DataFrame:
    r"""The crossover in samples for every rig and error of the cameras: predicted with its interval, and observed.

    Below n* the explicit side is predicted to err less. `crossover` solves R(n*) = E on the predicting seeds; `low` is
    the number up to which the interval of `phase_table` says explicit, `high` that from which it says implicit; 0 and
    infinity where it never does within the sizes measured. `observed` is interpolated between the observed mean risks,
    in logarithms; `observed_low` and `observed_high` are the sizes up to and from which two standard errors say so;
    agree: whether the two intervals meet. Parameters, errors: as `phase_table`.
    """
    rows = []
    for panel in panels(records):
        grid = np.geomspace(panel.sizes[0], panel.sizes[-1], _GRID)
        predicted = predict(panel, fitted, shape, level, grid)
        gap, error = mean_and_error(panel.implicit[None, :, PREDICTING:] - panel.explicit[:, None, PREDICTING:])
        ratio = np.log(panel.implicit[:, PREDICTING:].mean(1)) - np.log(panel.explicit[:, PREDICTING:].mean(1))[:, None]
        for s, (kind, amount) in enumerate(panel.settings):
            low, high = _ends(grid, predicted["low"][s], predicted["high"][s])
            seen = _ends(panel.sizes, gap[s] - 2 * error[s], gap[s] + 2 * error[s])
            rows.append(
                panel.rig
                | {"kind": kind, "level": amount, "crossover": _root(grid, predicted["predicted"][s])}
                | {"low": low, "high": high, "observed": _root(panel.sizes, ratio[s])}
                | {"observed_low": seen[0], "observed_high": seen[1], "agree": low <= seen[1] and seen[0] <= high}
            )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Panel:
    """One rig: sizes (j,), settings (s), risks implicit (j, seeds) and explicit (s, seeds), predicting seeds first."""

    rig: dict
    sizes: np.ndarray
    settings: list[tuple[str, float]]
    implicit: np.ndarray
    explicit: np.ndarray


def panels(records: Records | None = None) -> list[Panel]:
    """The records by rigs. Errors: ValueError where fewer than two seeds would be observed."""
    records = crossover_records() if records is None else records
    seeds = records.implicit["seed"].nunique()
    if seeds < PREDICTING + 2:
        raise ValueError(
            f"crossover: records must have at least {PREDICTING + 2} seeds, {PREDICTING} to predict from, got {seeds}"
        )
    geometric = dict(iter(records.explicit.groupby(RIG)))
    found = []
    for rig, part in records.implicit.groupby(RIG):
        implicit = part.pivot(index="samples", columns="seed", values="risk")
        explicit = geometric[rig].pivot(index=CELL, columns="seed", values="risk")
        sizes, named = implicit.index.to_numpy(float), dict(zip(RIG, rig, strict=True))
        found.append(Panel(named, sizes, list(explicit.index), implicit.to_numpy(), explicit.to_numpy()))
    return found


def predict(panel: Panel, fitted: tuple[int, ...], shape: str, level: float, at: np.ndarray) -> dict[str, np.ndarray]:
    """Log ratio of risks (settings, at) by the fitted curve on the predicting seeds, with its interval."""
    if not 0 < level < 1:
        raise ValueError(f"phase_table: level must be in (0, 1), got {level!r}")
    wrong = [size for size in fitted if size not in panel.sizes]
    if wrong:
        raise ValueError(f"phase_table: fitted must be sizes of the table, {panel.sizes.tolist()}, got {wrong[0]!r}")
    chosen = np.isin(panel.sizes, fitted)

    def ratio(seeds: np.ndarray) -> np.ndarray:
        curve = fit_curve(panel.sizes[chosen], panel.implicit[chosen][:, seeds].mean(1), shape)
        return np.log(curve.risk(at)) - np.log(panel.explicit[:, seeds].mean(1))[:, None]

    value, error = jackknife(ratio, PREDICTING)
    half = stats.t.isf((1 - level) / 2, PREDICTING - 1) * error
    return {"predicted": value, "low": value - half, "high": value + half}


def jackknife(statistic: Callable[[np.ndarray], np.ndarray], seeds: int) -> tuple[np.ndarray, np.ndarray]:
    r"""A statistic of the first seeds, and its standard error: \sqrt{(m - 1)/m \sum_j (T_{-j} - \bar T)^2}."""
    everyone = np.arange(seeds)
    without = np.stack([statistic(np.delete(everyone, j)) for j in everyone])
    return statistic(everyone), np.sqrt((seeds - 1) * without.var(0))


def mean_and_error(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean over seeds, the last axis, and its standard error."""
    return values.mean(-1), values.std(-1, ddof=1) / np.sqrt(values.shape[-1])


def _winner(low: pd.Series, high: pd.Series) -> np.ndarray:
    return np.select([low > 0, high < 0], ["explicit", "implicit"], "undecided")


def _ends(n: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[float, float]:
    """Up to which n every interval is above 0, and from which on every one is below."""
    above, below = np.cumprod(low > 0).sum(), np.cumprod((high < 0)[::-1]).sum()
    return (n[above - 1] if above else 0.0), (n[len(n) - below] if below else np.inf)


def _root(n: np.ndarray, ratio: np.ndarray) -> float:
    """Where a log ratio first goes from above 0 to below, between numbers in logarithms; 0 or infinity outside."""
    if ratio[0] <= 0:
        return 0.0
    falls = np.flatnonzero(ratio <= 0)
    if not len(falls):
        return np.inf
    j = falls[0]
    share = ratio[j - 1] / (ratio[j - 1] - ratio[j])
    return float(np.exp(np.log(n[j - 1]) + share * np.log(n[j] / n[j - 1])))
