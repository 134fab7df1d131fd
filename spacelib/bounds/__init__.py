"""Bounds: the theorems' formulas as batched, certified, differentiable numbers.

One module a room: `binary_kl` is the divergence of the data-processing inequality with its two inverses, `capacity` the
accuracy ceiling. Arguments may be torch tensors (any device, float32 or float64), numpy arrays or numbers; results
come back in kind. Nats throughout. Every bound is rounded to its safe side.
"""

from spacelib.bounds.binary_kl import inverse_first, inverse_second, kl
from spacelib.bounds.capacity import (
    accuracy_ceiling,
    binary_entropy,
    certified_information,
    erasure_channel,
    error_floor,
    fano_information,
    printed_ceiling,
    relaxed_ceiling,
    uniform_ceiling,
)

__all__ = [
    "accuracy_ceiling",
    "binary_entropy",
    "certified_information",
    "erasure_channel",
    "error_floor",
    "fano_information",
    "inverse_first",
    "inverse_second",
    "kl",
    "printed_ceiling",
    "relaxed_ceiling",
    "uniform_ceiling",
]
