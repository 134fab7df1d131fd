"""Both sides together: weights from the predicting seeds, risk on the others."""

import numpy as np
import pandas as pd

from spacelib.bounds.tradeoff import combine
from spacelib.models.crossover.phase import PREDICTING, mean_and_error
from spacelib.models.crossover.tables import CELL, RIG, Records, crossover_records


def mixture_table(records: Records | None = None) -> pd.DataFrame:
    r"""The combination w A + (1 - w) B of both answers beside the better of the two, by cell.

    .. math:: R(w) = w^2 a + (1 - w)^2 g + 2 w (1 - w) c

    with the explicit risk a, the implicit risk g and the cross moment c; w is best for the means of the predicting
    seeds, in [0, 1], R(w) is measured on the others, each with its own transformer.
    Parameters: records as `crossover_records`. Returns baseline, frames, kind, level, samples; weight of the explicit
    side; risk, explicit, implicit, means over the observed seeds; gain, min(explicit, implicit) - risk by the seed's
    mean better side, with its standard_error; better and worse: beyond two of them.
    Source: `spacelib.bounds.tradeoff.combine`.
    """
    records = crossover_records() if records is None else records
    both = records.together.merge(records.implicit, on=[*RIG, "seed", "samples"])
    both = both.merge(records.explicit, on=[*RIG, *CELL, "seed"], suffixes=("_implicit", "_explicit"))
    wide = both.pivot(
        index=[*RIG, *CELL, "samples"], columns="seed", values=["risk_explicit", "risk_implicit", "cross"]
    )
    a, g, c = (wide[name].to_numpy() for name in ("risk_explicit", "risk_implicit", "cross"))
    seen, new = slice(PREDICTING), slice(PREDICTING, None)
    weight = combine(a[:, seen].mean(1), g[:, seen].mean(1), c[:, seen].mean(1)).convex_weight
    w = np.asarray(weight)[:, None]
    risk = w * w * a + (1 - w) ** 2 * g + 2 * w * (1 - w) * c
    best = np.where((a[:, new].mean(1) <= g[:, new].mean(1))[:, None], a, g)
    gain, error = mean_and_error((best - risk)[:, new])
    return wide.index.to_frame(index=False).assign(
        weight=weight,
        risk=risk[:, new].mean(1),
        explicit=a[:, new].mean(1),
        implicit=g[:, new].mean(1),
        gain=gain,
        standard_error=error,
        better=gain > 2 * error,
        worse=gain < -2 * error,
    )
