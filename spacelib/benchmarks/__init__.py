"""Real files of real benchmarks, read into one table with one row a question; official rules; counts that ship."""

from .answers import answered, marked_by_rule
from .convert import convert
from .counts import AnswerCounts, Chance, Constant, MarkCounts, answer_counts
from .formats import FORMATS, FORMS, read_log
from .judging import disagreement
from .official import OFFICIAL, read_questions
from .published import PUBLISHED, published
from .published_pairs import paradigm_pairs, proportion_difference, regime_readings
from .quantities import clock_hour, length, lengths
from .questions import QUESTION_COLUMNS, Questions, question_table
from .records import COLUMNS, Log, letter_chance, record_table
from .rules import RULES, Rule
from .schema import json_schema, schema_text
from .scoring import (
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
from .stereo import Drive, stereo_drive, stereo_information_table, stereo_tracks
from .stereo_depth import (
    STEREO_FIGURES,
    depth_error,
    disparity_noise,
    distance_slopes,
    frames_added,
    noise_memory,
    pose_drift,
    stereo_depth_table,
)
from .vsibench import vsibench_counterparts, vsibench_overall, vsibench_types

__all__ = [
    "COLUMNS",
    "FORMATS",
    "FORMS",
    "OFFICIAL",
    "PUBLISHED",
    "QUESTION_COLUMNS",
    "RULES",
    "AnswerCounts",
    "Chance",
    "Constant",
    "Drive",
    "Log",
    "MarkCounts",
    "Questions",
    "Rule",
    "STEREO_FIGURES",
    "answer_counts",
    "answered",
    "blink_counts",
    "cavqa_box_counts",
    "cavqa_count_matches",
    "cavqa_regression_counts",
    "cavqa_solid_counts",
    "choice_matches",
    "clock_hour",
    "convert",
    "depth_error",
    "disagreement",
    "json_schema",
    "disparity_noise",
    "distance_slopes",
    "frames_added",
    "length",
    "lengths",
    "letter_chance",
    "marked_by_rule",
    "mean_relative_accuracy",
    "multispa_pixel_counts",
    "multispa_scalar_counts",
    "multispa_vector_counts",
    "noise_memory",
    "paradigm_pairs",
    "pose_drift",
    "proportion_difference",
    "published",
    "question_table",
    "read_log",
    "read_questions",
    "record_table",
    "regime_readings",
    "schema_text",
    "spatialrgpt_counts",
    "spatialrgpt_direction_counts",
    "spatialrgpt_length_counts",
    "stereo_depth_table",
    "stereo_drive",
    "stereo_information_table",
    "stereo_tracks",
    "vlm4d_counts",
    "vsibench_counterparts",
    "vsibench_overall",
    "vsibench_types",
]
