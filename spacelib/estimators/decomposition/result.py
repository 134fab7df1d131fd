"""The four parts of what two frames say about a target."""

from dataclasses import dataclass

from spacelib.bounds._border import Number
from spacelib.estimators.result import Estimate


@dataclass(frozen=True)
class Decomposition:
    """Redundancy, what only the first or only the second source says, and synergy: nats, each of the batch's shape.

    gap: width of the certified interval in which the union information lies, redundancy + unique_1 + unique_2 being its
    upper end; 0 for a method in closed form. method says how the redundancy is defined.
    """

    redundancy: Number
    unique_1: Number
    unique_2: Number
    synergy: Number
    gap: Number
    method: str


@dataclass(frozen=True)
class SampledDecomposition:
    """The four parts estimated from samples, each an `Estimate` in nats, and the plug-in figures before correction."""

    redundancy: Estimate
    unique_1: Estimate
    unique_2: Estimate
    synergy: Estimate
    plug_in: Decomposition
