"""The number of samples: one idea a file.

`architecture`: what enters through a network's layers; `spectrum`: effective dimensions.
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
from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension

__all__ = [
    "StackLipschitz",
    "attention_lipschitz",
    "attention_parameter_lipschitz",
    "effective_rank",
    "heads_dimension",
    "log_covering_number",
    "participation_ratio",
    "ridge_dimension",
    "scalar_stack_covering",
    "stack_lipschitz",
    "stack_log_covering",
]
