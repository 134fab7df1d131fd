"""The phase diagram without a curve's shape: only what intervals and falling risks certify."""

import numpy as np
import pandas as pd
from scipy import stats

from spacelib.bounds.tradeoff import decide
from spacelib.models.crossover.phase import FITTED, PREDICTING, mean_and_error, panels, phase_table
from spacelib.models.crossover.tables import CELL, RIG, Records


def certified_table(
    *, fitted: tuple[int, ...] = FITTED, level: float = 0.95, records: Records | None = None
) -> pd.DataFrame:
    r"""Cells of the phase diagram as `phase_table`, the winner being what `decide` certifies of the predicting seeds.

    .. math:: \bar R(n_j) \pm t_{m-1,\,\alpha/(2k)} \mathrm{SE}_j, \qquad \bar E \pm t_{m-1,\,\alpha/(2k)} \mathrm{SE}

    for the k - 1 sizes `fitted` and the explicit risk: by Bonferroni all k hold together at the level, for each error
    of the cameras. Assumes that means over seeds are nearly normal and that more samples never harm: no shape. Returns
    the columns of `phase_table` less predicted, low and high. Parameters, errors: as `phase_table`.
    Source: `spacelib.bounds.tradeoff.decide`.
    """
    cells = phase_table(fitted=fitted, level=level, records=records).drop(columns=["predicted", "low", "high"])
    quantile = stats.t.isf((1 - level) / 2 / (len(fitted) + 1), PREDICTING - 1)
    winners = {}
    for panel in panels(records):
        chosen = np.isin(panel.sizes, fitted)
        low, high = _interval(panel.implicit[chosen, :PREDICTING], quantile)
        floor, ceiling = _interval(panel.explicit[:, :PREDICTING], quantile)
        for s, setting in enumerate(panel.settings):
            found = decide(panel.sizes[chosen], low, high, floor[s], ceiling[s], at=panel.sizes)
            key = (*panel.rig.values(), *setting)
            winners |= {(*key, size): verdict for size, verdict in zip(panel.sizes, found.verdicts, strict=True)}
    keys = cells[[*RIG, *CELL, "samples"]].itertuples(index=False, name=None)
    return cells.assign(winner=[winners[key] for key in keys])


def _interval(risks: np.ndarray, quantile: float) -> tuple[np.ndarray, np.ndarray]:
    """Student's interval of the mean over seeds (..., m); a risk is not below 0."""
    mean, error = mean_and_error(risks)
    return np.maximum(mean - quantile * error, 0), mean + quantile * error
