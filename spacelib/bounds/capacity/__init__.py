"""Result 1 in numbers: one idea a file.

`ceiling`: from the best blind accuracy; `readings`: Fano's inequality and the printed form; `rate_distortion`: the exact
ceiling of a prior; `sandwich`: the floor, and what lies between.
"""

from spacelib.bounds.capacity.ceiling import accuracy_ceiling, certified_information, relaxed_ceiling
from spacelib.bounds.capacity.rate_distortion import (
    Conditional,
    attaining_channel,
    conditional_ceiling,
    exact_ceiling,
    parametric_ceiling,
    required_information,
)
from spacelib.bounds.capacity.readings import (
    binary_entropy,
    erasure_channel,
    error_floor,
    fano_information,
    printed_ceiling,
    uniform_ceiling,
)
from spacelib.bounds.capacity.sandwich import (
    Sandwich,
    accuracy_floor,
    cyclic_window_channel,
    sandwich,
    sandwich_width,
)

__all__ = [
    "Conditional",
    "Sandwich",
    "accuracy_ceiling",
    "accuracy_floor",
    "attaining_channel",
    "binary_entropy",
    "certified_information",
    "conditional_ceiling",
    "cyclic_window_channel",
    "erasure_channel",
    "error_floor",
    "exact_ceiling",
    "fano_information",
    "parametric_ceiling",
    "printed_ceiling",
    "relaxed_ceiling",
    "required_information",
    "sandwich",
    "sandwich_width",
    "uniform_ceiling",
]
