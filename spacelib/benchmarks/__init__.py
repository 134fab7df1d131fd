"""Real files of real benchmarks, read into one table with one row a question; counts of them that ship."""

from .counts import AnswerCounts, Chance, answer_counts
from .formats import FORMATS, read_log
from .records import COLUMNS, Log, letter_chance, record_table
from .shipped import vlm4d_counts

__all__ = [
    "COLUMNS",
    "FORMATS",
    "AnswerCounts",
    "Chance",
    "Log",
    "answer_counts",
    "letter_chance",
    "read_log",
    "record_table",
    "vlm4d_counts",
]
