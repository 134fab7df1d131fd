"""The number of samples: one idea a file.

`regimes`: how many are enough, how many are necessary, and the gap between, once the regime is chosen; `moments`: what
the averaged regimes stand on; `minimax`: problems whose exact number is known; `gaussian`: the complexity of a linear
model; `resolution`: what difference in accuracy a benchmark tells; `architecture`: what enters through a network's
layers; `spectrum`: effective dimensions.
"""

from spacelib.bounds.samples.architecture import (
    StackLipschitz,
    attention_lipschitz,
    attention_parameter_lipschitz,
    heads_dimension,
    log_covering_number,
    scalar_stack_covering,
    stack_lipschitz,
    stack_log_covering,
)
from spacelib.bounds.samples.gaussian import complexity_bounds, expected_kl, kl_per_dimension, kl_tail, posterior_kl
from spacelib.bounds.samples.minimax import (
    LocationSamples,
    gaussian_location_samples,
    minimax_excess,
    realizable_samples,
)
from spacelib.bounds.samples.moments import maurer_moment, squared_gap
from spacelib.bounds.samples.regimes import (
    NECESSARY_BOUNDS,
    REGIMES,
    SUFFICIENT_BOUNDS,
    Regime,
    attainable_gap,
    gap_factor,
    necessary_samples,
    required_samples,
)
from spacelib.bounds.samples.resolution import design_effect, resolvable_difference
from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension

__all__ = [
    "LocationSamples",
    "NECESSARY_BOUNDS",
    "REGIMES",
    "Regime",
    "SUFFICIENT_BOUNDS",
    "StackLipschitz",
    "attainable_gap",
    "attention_lipschitz",
    "attention_parameter_lipschitz",
    "complexity_bounds",
    "design_effect",
    "effective_rank",
    "expected_kl",
    "gap_factor",
    "gaussian_location_samples",
    "heads_dimension",
    "kl_per_dimension",
    "kl_tail",
    "log_covering_number",
    "maurer_moment",
    "minimax_excess",
    "necessary_samples",
    "participation_ratio",
    "posterior_kl",
    "realizable_samples",
    "required_samples",
    "resolvable_difference",
    "ridge_dimension",
    "scalar_stack_covering",
    "squared_gap",
    "stack_lipschitz",
    "stack_log_covering",
]
