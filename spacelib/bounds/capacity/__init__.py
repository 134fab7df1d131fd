"""Result 1 in numbers: one idea a file.

`ceiling`: from the best blind accuracy; `readings`: Fano's inequality and the printed form.
"""

from spacelib.bounds.capacity.ceiling import accuracy_ceiling, certified_information, relaxed_ceiling
from spacelib.bounds.capacity.readings import (
    binary_entropy,
    erasure_channel,
    error_floor,
    fano_information,
    printed_ceiling,
    uniform_ceiling,
)

__all__ = [
    "accuracy_ceiling",
    "binary_entropy",
    "certified_information",
    "erasure_channel",
    "error_floor",
    "fano_information",
    "printed_ceiling",
    "relaxed_ceiling",
    "uniform_ceiling",
]
