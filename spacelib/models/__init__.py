"""Models: which frames to show and how many; the learned paradigm, a transformer over frames, and the geometric one.

`select_frames` chooses by information and tests what its guarantee assumes; `min_frames` says how many an accuracy takes; `rules` holds the
rules that look at camera poses alone. `implicit` is the transformer with its posteriors; `architecture_effects` says what of d_eff and K_max is the
architecture's. `certify_question` certifies a learned model and sets plain testing beside it; `coverage_dependence` and `coverage_shifts` record how often
certificates and wrong readings of them fail. `slopes_table` and `violations_table` record how learners of each regime fail. `explicit` is the
geometric pipeline, from tracks to points (`triangulate`) and answers; `combine` weighs its answers and a learned model's together; `crossover` is where the
one overtakes the other.
"""

from spacelib.models.architecture import architecture_table, width_table
from spacelib.models.architecture_analysis import architecture_effects
from spacelib.models.budget import LeastFrames, min_frames
from spacelib.models.certify import certificates_table, certify_question, finetune, finetuning_table
from spacelib.models.comparison import compare_rules
from spacelib.models.coverage import certificates_breaking, coverage_dependence, coverage_shifts
from spacelib.models.explicit import triangulate
from spacelib.models.hybrid import Hybrid, combine
from spacelib.models.implicit import learn_question, learning_curves, learning_table
from spacelib.models.learners_tables import slopes_table, violations_table
from spacelib.models.rules import diverse_poses, farthest_poses, random_frames, uniform_frames
from spacelib.models.selection import Selection, select_frames

__all__ = [
    "Hybrid",
    "LeastFrames",
    "Selection",
    "architecture_effects",
    "architecture_table",
    "certificates_breaking",
    "certificates_table",
    "certify_question",
    "combine",
    "compare_rules",
    "coverage_dependence",
    "coverage_shifts",
    "diverse_poses",
    "farthest_poses",
    "finetune",
    "finetuning_table",
    "learn_question",
    "learning_curves",
    "learning_table",
    "min_frames",
    "random_frames",
    "select_frames",
    "slopes_table",
    "triangulate",
    "uniform_frames",
    "violations_table",
    "width_table",
]
