"""What the formulas say of the explicit side's risk, beside what was measured."""

import math

import numpy as np
import pandas as pd

from spacelib.bounds.tradeoff import drift_variance, inverse_depth_variance, offsets_variance
from spacelib.models.crossover.phase import panels
from spacelib.models.crossover.question import BOX_NOISE, HALF, MIDDLE, rig
from spacelib.models.crossover.tables import Records

_SQUARE = MIDDLE**2 + HALF**2 / 3  # mean square of a nearness that is uniform
_PIXEL = math.sqrt((BOX_NOISE**2 + 1 / 12) / 2)  # of a box's middle: two sides, each with noise and in whole pixels


def geometry_table(records: Records | None = None) -> pd.DataFrame:
    r"""Explicit risks by the formulas and as measured, one row a rig and error of the cameras.

    .. math::
        E &= \mathrm{E} q^2 \Big(\frac{\epsilon}{1 + \epsilon}\Big)^2 + \frac{s^2}{f^2 (1 + \epsilon)^2 S} + v, \\
        v &= \frac{\tau^2\, \mathrm{E} q^2}{S} \ \text{(independent)}, \\
        v &= \frac{\tau^2\, \mathrm{E} q^2}{B^2} \frac{6 (K^2 + 1)}{5 K (K^2 - 1)} \ \text{(drifting)}

    with nearness q, relative error eps of the focal length, S the sum of squared places, s^2 = (box noise^2 + 1/12)/2.
    `formula` is E. `attenuated` adds what happens where not the cameras stand off their known places but the places
    known are noisy, as here: least squares on noisy places shrinks the answer by the factor 1 - m/(S + m), m the noise
    in S: (K - 1) tau^2 (independent), tau^2 (K^2 - 1)/6 (drifting); to first order. `measured` is the mean over all
    seeds, `standard_error` its own. Assumes boxes centred on the object, which they are not quite: the side that is
    seen is the nearer one. Source: `spacelib.bounds.tradeoff`; attenuation, Fuller 1987.
    """
    rows = []
    for panel in panels(records):
        spacing, frames = panel.rig["baseline"], panel.rig["frames"]
        cameras = rig(spacing, frames)
        places, focal = (cameras.centre[:, 0] - cameras.centre[0, 0]).numpy(), cameras.intrinsics[0].item()
        spread, depth = ((places - places.mean()) ** 2).sum(), 1 / math.sqrt(_SQUARE)
        pixels = inverse_depth_variance(places, focal, _PIXEL)
        for (kind, level), values in zip(panel.settings, panel.explicit, strict=True):
            noise = 0.0
            if kind == "calibration":
                formula = _SQUARE * (level / (1 + level)) ** 2 + pixels / (1 + level) ** 2
            elif kind == "independent":
                formula = offsets_variance(depth, places, focal, _PIXEL, level)
                noise = (frames - 1) * level**2
            else:
                formula = pixels + drift_variance(depth, frames, spacing, level)
                noise = (frames**2 - 1) / 6 * level**2
            lost = noise / (spread + noise)
            rows.append(
                panel.rig
                | {"kind": kind, "level": level, "formula": float(formula)}
                | {"attenuated": float(formula * (1 - lost) ** 2 + _SQUARE * lost**2), "measured": values.mean()}
                | {"standard_error": values.std(ddof=1) / np.sqrt(len(values))}
            )
    return pd.DataFrame(rows)
