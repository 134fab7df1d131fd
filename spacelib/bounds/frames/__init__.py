"""The frames in numbers: one idea a file.

`known`: the table of all subsets of a known law; `subsets`: what sets of frames tell, their complementarity, greedy and best choice; `fewest`: how many frames an accuracy takes and
how many are enough; `shared_error`: when more frames stop helping.
"""

from spacelib.bounds.frames.fewest import (
    chernoff_information,
    necessary_frames,
    necessary_frames_of_prior,
    repeated_accuracy,
    sufficient_frames,
)
from spacelib.bounds.frames.known import subset_table
from spacelib.bounds.frames.shared_error import frames_under_shared_error, shared_error_information
from spacelib.bounds.frames.subsets import (
    Choice,
    best_frames,
    complementarity,
    greedy_frames,
    greedy_guarantee,
    marginal_gains,
    monotonicity_violation,
    net_synergy,
    submodularity_violation,
)

__all__ = [
    "Choice",
    "best_frames",
    "chernoff_information",
    "complementarity",
    "frames_under_shared_error",
    "greedy_frames",
    "greedy_guarantee",
    "marginal_gains",
    "monotonicity_violation",
    "necessary_frames",
    "necessary_frames_of_prior",
    "net_synergy",
    "repeated_accuracy",
    "shared_error_information",
    "submodularity_violation",
    "subset_table",
    "sufficient_frames",
]
