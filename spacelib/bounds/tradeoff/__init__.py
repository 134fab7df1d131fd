"""Tradeoff: explicit 3D against implicit reasoning, in expected squared error against the noiseless target.

`linear` and `explicit`: the risks of both sides, exactly; `crossover`: which is smaller, and from where on;
`triangulation` and `views`: the explicit side's bias and variance from the geometry; `combination`: both sides
together; `tolerance`: accuracy in the place of squared error; `measured` and `decision`: the crossover from data, and
the certified answer explicit, implicit or undecided.
"""

from spacelib.bounds.tradeoff.combination import Combination, combination_price, combine, samples_to_gain
from spacelib.bounds.tradeoff.crossover import (
    crossover_frames,
    crossover_frames_line,
    crossover_samples,
    limit_preference,
    phase_map,
    preferred,
)
from spacelib.bounds.tradeoff.measured import CrossoverInterval, CurveFit, crossover_interval, curve
from spacelib.bounds.tradeoff.decision import Decision, decide
from spacelib.bounds.tradeoff.explicit import explicit_risk
from spacelib.bounds.tradeoff.linear import BestRidge, best_ridge, implicit_risk, ridge_risk
from spacelib.bounds.tradeoff.tolerance import Flips, accuracy_within, best_deviation, flips, limit_accuracy
from spacelib.bounds.tradeoff.triangulation import (
    DepthBounds,
    DepthMoments,
    averaged_depth_bounds,
    averaged_disparity_bounds,
    two_view_depth_bounds,
    unbiased_depth,
    uniform_depth_moments,
)
from spacelib.bounds.tradeoff.views import (
    best_layout,
    depth_bound,
    depth_bound_best,
    depth_bound_length,
    depth_bound_spacing,
    drift_variance,
    equal_range,
    inverse_depth_variance,
    offsets_variance,
    scale_risk,
)

__all__ = [
    "BestRidge",
    "Combination",
    "CrossoverInterval",
    "CurveFit",
    "Decision",
    "DepthBounds",
    "DepthMoments",
    "Flips",
    "accuracy_within",
    "averaged_depth_bounds",
    "averaged_disparity_bounds",
    "best_deviation",
    "best_layout",
    "best_ridge",
    "combination_price",
    "combine",
    "crossover_frames",
    "crossover_frames_line",
    "crossover_interval",
    "crossover_samples",
    "curve",
    "decide",
    "depth_bound",
    "depth_bound_best",
    "depth_bound_length",
    "depth_bound_spacing",
    "drift_variance",
    "equal_range",
    "explicit_risk",
    "flips",
    "implicit_risk",
    "inverse_depth_variance",
    "limit_accuracy",
    "limit_preference",
    "offsets_variance",
    "phase_map",
    "preferred",
    "ridge_risk",
    "samples_to_gain",
    "scale_risk",
    "two_view_depth_bounds",
    "unbiased_depth",
    "uniform_depth_moments",
]
