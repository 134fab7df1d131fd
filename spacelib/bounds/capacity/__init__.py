"""Result 1 in numbers: one idea a file.

`ceiling`: from the best blind accuracy; `readings`: Fano's inequality and the printed form; `rate_distortion`: the exact
ceiling of a prior; `sandwich`: the floor, and what lies between; `success`, `scores` and `mean_error`: metric answers;
`spectrum`: from the whole information density; `channels`: figures of known joint laws; `honesty`: why no sample gives
an upper limit of the information.
"""

from spacelib.bounds.capacity.ceiling import accuracy_ceiling, certified_information, relaxed_ceiling
from spacelib.bounds.capacity.channels import KnownChannel, decoder_accuracy, information_density, known_channel
from spacelib.bounds.capacity.honesty import clone_collision, upper_limit_failure
from spacelib.bounds.capacity.mean_error import (
    GaussianFrames,
    gaussian_accuracy,
    gaussian_frames,
    mean_absolute_error_floor,
    mean_squared_error_floor,
)
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
from spacelib.bounds.capacity.scores import (
    MEAN_RELATIVE_TOLERANCES,
    BlindScore,
    log_uniform_mean_relative_blind,
    mean_relative_accuracy_ceiling,
    mean_relative_blind,
)
from spacelib.bounds.capacity.spectrum import spectrum_ceiling
from spacelib.bounds.capacity.success import (
    Blind,
    circle_blind,
    disc_blind,
    interval_blind,
    log_uniform_blind,
    log_width,
    ratio_log_width,
    tolerance_blind,
)

__all__ = [
    "Blind",
    "BlindScore",
    "Conditional",
    "GaussianFrames",
    "KnownChannel",
    "MEAN_RELATIVE_TOLERANCES",
    "Sandwich",
    "accuracy_ceiling",
    "accuracy_floor",
    "attaining_channel",
    "binary_entropy",
    "certified_information",
    "circle_blind",
    "clone_collision",
    "conditional_ceiling",
    "cyclic_window_channel",
    "decoder_accuracy",
    "disc_blind",
    "erasure_channel",
    "error_floor",
    "exact_ceiling",
    "fano_information",
    "gaussian_accuracy",
    "gaussian_frames",
    "information_density",
    "interval_blind",
    "known_channel",
    "log_uniform_blind",
    "log_uniform_mean_relative_blind",
    "log_width",
    "mean_absolute_error_floor",
    "mean_relative_accuracy_ceiling",
    "mean_relative_blind",
    "mean_squared_error_floor",
    "parametric_ceiling",
    "printed_ceiling",
    "ratio_log_width",
    "relaxed_ceiling",
    "required_information",
    "sandwich",
    "sandwich_width",
    "spectrum_ceiling",
    "tolerance_blind",
    "uniform_ceiling",
    "upper_limit_failure",
]
