"""What two frames say about a target: redundant, unique, synergistic; and one number for more than two frames.

`discrete`: from a joint law, BROJA with a certificate, I_min, MMI; `gaussian`: in closed form from a covariance;
`samples`: from samples, with intervals; `several`: co-information and O-information.
"""

from spacelib.estimators.decomposition.discrete import decompose
from spacelib.estimators.decomposition.gaussian import decompose_gaussian
from spacelib.estimators.decomposition.result import Decomposition, SampledDecomposition
from spacelib.estimators.decomposition.samples import decompose_samples
from spacelib.estimators.decomposition.several import (
    co_information,
    co_information_gaussian,
    o_information,
    o_information_gaussian,
)

__all__ = [
    "Decomposition",
    "SampledDecomposition",
    "co_information",
    "co_information_gaussian",
    "decompose",
    "decompose_gaussian",
    "decompose_samples",
    "o_information",
    "o_information_gaussian",
]
