"""Real files of real benchmarks, read into one table with one row a question; official rules; counts that ship."""

from .counts import AnswerCounts, Chance, Constant, MarkCounts, answer_counts
from .formats import FORMATS, read_log
from .judging import disagreement
from .published import PUBLISHED, published
from .quantities import clock_hour, length, lengths
from .records import COLUMNS, Log, letter_chance, record_table
from .scoring import (
    RULES,
    Rule,
    cavqa_box_counts,
    cavqa_count_matches,
    cavqa_regression_counts,
    cavqa_solid_counts,
    choice_matches,
    mean_relative_accuracy,
    multispa_pixel_counts,
    multispa_scalar_counts,
    multispa_vector_counts,
    spatialrgpt_direction_counts,
    spatialrgpt_length_counts,
)
from .shipped import blink_counts, spatialrgpt_counts, vlm4d_counts
from .stereo import stereo_information_table, stereo_tracks
from .vsibench import vsibench_counterparts, vsibench_types

__all__ = [
    "COLUMNS",
    "FORMATS",
    "PUBLISHED",
    "RULES",
    "AnswerCounts",
    "Chance",
    "Constant",
    "Log",
    "MarkCounts",
    "Rule",
    "answer_counts",
    "blink_counts",
    "cavqa_box_counts",
    "cavqa_count_matches",
    "cavqa_regression_counts",
    "cavqa_solid_counts",
    "choice_matches",
    "clock_hour",
    "disagreement",
    "length",
    "lengths",
    "letter_chance",
    "mean_relative_accuracy",
    "multispa_pixel_counts",
    "multispa_scalar_counts",
    "multispa_vector_counts",
    "published",
    "read_log",
    "record_table",
    "spatialrgpt_counts",
    "spatialrgpt_direction_counts",
    "spatialrgpt_length_counts",
    "stereo_information_table",
    "stereo_tracks",
    "vlm4d_counts",
    "vsibench_counterparts",
    "vsibench_types",
]
