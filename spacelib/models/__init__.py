"""Models: in this edition, which frames to show and how many.

`select_frames` chooses by information and tests what its guarantee assumes; `min_frames` says how many an accuracy takes; `rules` holds the
rules that look at camera poses alone.
"""

from spacelib.models.budget import LeastFrames, min_frames
from spacelib.models.comparison import compare_rules
from spacelib.models.rules import diverse_poses, farthest_poses, random_frames, uniform_frames
from spacelib.models.selection import Selection, select_frames

__all__ = [
    "LeastFrames",
    "Selection",
    "compare_rules",
    "diverse_poses",
    "farthest_poses",
    "min_frames",
    "random_frames",
    "select_frames",
    "uniform_frames",
]
