"""One call of each numeric function of the tradeoff room, for what is asked of all of them."""

import dataclasses

import numpy as np

X = np.array([0.0, 0.5, 2.0])

CALLS = {
    "accuracy_within": (0.25, 0.5, 1.0),
    "averaged_depth_bounds": (4, 8.0, 500.0, 0.125, 0.5, 0.25),
    "averaged_disparity_bounds": (4, 8.0, 500.0, 0.125, 0.5, 0.25),
    "best_deviation": (1.25, 1.0),
    "best_layout": (3, 2.0),
    "best_ridge": (20, 5, 0.5, 2.0, 0.75),
    "combination_price": (20, 0.5, 0.25),
    "combine": (1.0, 1.5, 0.25),
    "crossover_frames": (0.5, 0.125, 1.0),
    "crossover_frames_line": (0.5, 0.125, 1.0),
    "crossover_interval": (50.0, 60, 5, 400.0, 300, 0.0625),
    "crossover_samples": (1.0, 5, 0.5, 0.25),
    "curve": (np.array([16.0, 32.0, 64.0]), np.array([2.0, 1.5, 1.25])),
    "depth_bound": (8.0, X, 500.0, 0.5),
    "depth_bound_best": (8.0, 5, 2.0, 500.0, 0.5),
    "depth_bound_length": (8.0, 5, 2.0, 500.0, 0.5),
    "depth_bound_spacing": (8.0, 5, 0.5, 500.0, 0.5),
    "drift_variance": (8.0, 5, 0.5, 0.03125),
    "equal_range": (500.0, 0.5, 0.03125),
    "explicit_risk": (4, 0.25, 1.0, 0.125),
    "flips": (0.25, 1.0, 0.875, 0.25, 0.5),
    "implicit_risk": (20, 5, 1.0, 0.5),
    "inverse_depth_variance": (X, 500.0, 0.5),
    "limit_accuracy": (0.25, 1.0),
    "limit_preference": (0.25, 0.5),
    "offsets_variance": (8.0, X, 500.0, 0.5, 0.03125),
    "phase_map": (np.array([10.0, 20.0]), np.array([1.0, 2.0, 4.0]), 5, 1.0, 0.5, 0.25, 2.0, 0.125),
    "preferred": (1.0, 20, 5, 1.0, 0.5),
    "ridge_risk": (20, X, np.array([1.0, -2.0, 0.5]), 0.5, 0.25),
    "samples_to_gain": (1.0, 1.5, 0.25, 0.5),
    "scale_risk": (8.0, 0.5, 0.0625, 0.125),
    "two_view_depth_bounds": (8.0, 500.0, 0.125, 0.5, 0.25),
    "unbiased_depth": (4.0, 500.0, 0.125, 0.5),
    "uniform_depth_moments": (0.25,),
}
"""Arguments that float32 holds exactly: what it returns is then the rounded float64."""


def values(result) -> tuple:
    """The numbers of a result, whichever kind it is."""
    if dataclasses.is_dataclass(result):
        return tuple(getattr(result, field.name) for field in dataclasses.fields(result))
    return (result,)
