"""What differences a log's questions can tell from none, and how many would be needed for a wanted precision."""

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from spacelib.bounds import design_effect, resolvable_difference

from .figures import CONFIDENCE, Figures
from .pairs import POWER
from .sheets import Sheet


@dataclass(frozen=True)
class Resolution:
    """What the questions of one row resolve at 5 %, with a chance of 80 %: true differences in accuracy.

    `design_effect` is the observed variance of the accuracy over what independent questions would have, at least 1.
    `against_chance` is the least accuracy above the chance, None where none is known; `between_models` the least
    difference of two models whose errors are independent, `worst` whatever the errors and the dependence within
    scenes. Infinite: no difference would be seen. `precision` is the wanted half-width of a 95 % interval, `needed` the
    questions that give it, None where none is wanted.
    """

    design_effect: float
    against_chance: float | None
    between_models: float
    worst: float
    precision: float | None
    needed: int | None


def resolution(figures: Figures, sheet: Sheet, *, precision: float | None = None) -> Resolution | None:
    r"""The resolvable differences of a row, and the questions for a precision; None for a single scene.

    .. math:: D = \max\Big(1, \frac{m}{m - 1} \frac{\sum_s (\sum_{i \in s} (c_i - A))^2}{\sum_i (c_i - A)^2}\Big), \qquad
        n = \frac{z_{0.975}^2\, D\, \tilde A (1 - \tilde A)}{w^2}

    c being the scores and A~ the accuracy within its interval that is nearest to 1/2, so that n is rather too large.
    Parameters: figures and sheet of one row; precision w in (0, 1/2).
    Assumes that further scenes are like those met: as large, and as alike inside.
    Errors: ValueError for a precision outside (0, 1/2).
    Source: Kish 1965; `bounds.resolvable_difference`.
    """
    if precision is not None and not 0 < precision < 0.5:
        raise ValueError(f"precision is {precision}; a half-width strictly between 0 and 1/2 was expected")
    if sheet.asked.scenes == 1:
        return None
    effect, sizes = observed_design_effect(sheet), np.bincount(sheet.asked.scene)
    items, chance = len(sheet.credit), figures.certificate and figures.certificate.chance
    likely = float(np.clip(0.5, *figures.accuracy.interval))
    given = {"confidence": CONFIDENCE, "power": POWER}
    usual = given | {"design_effect": effect}
    worst = resolvable_difference(
        items, against="independent", method="any_dependence", design_effect=design_effect(sizes, 1.0), **given
    )
    quantile = stats.norm.isf((1 - CONFIDENCE) / 2)
    return Resolution(
        effect,
        chance and float(resolvable_difference(items, against="known", accuracy=chance, **usual)),
        float(resolvable_difference(items, against="independent", accuracy=likely, **usual)),
        float(worst),
        precision,
        precision and math.ceil(quantile**2 * effect * likely * (1 - likely) / precision**2),
    )


def observed_design_effect(sheet: Sheet) -> float:
    """The variance of the mean score over scenes, in units of what independent questions would have; at least 1."""
    apart = sheet.credit - sheet.credit.mean()
    within, scenes = float((apart**2).sum()), sheet.asked.scenes
    if scenes == 1 or within <= 2.0**-40 * len(apart):  # all scores alike up to rounding
        return 1.0
    by_scene = np.bincount(sheet.asked.scene, weights=apart)
    return max(1.0, scenes / (scenes - 1) * float((by_scene**2).sum()) / within)
