"""Where the two paradigms cross, on rendered scenes: a transformer against a geometric pipeline on the same frames.

`crossover_records` holds both sides' errors by seed, and `crossover_live` measures a part anew; `phase_table` predicts
from half of the seeds which side errs less and sets the other half beside it, `boundary_table` gives the crossover in
samples, and `certified_table` does without a curve; `flip_table` asks accuracy in the place of squared error,
`mixture_table` combines both sides, and `geometry_table` holds the formulas beside the geometric side's measured risk.
`linear_crossover` is the same in the linear-Gaussian model, where the crossover is exact. Everything here is synthetic.
"""

from spacelib.models.crossover.certified import certified_table
from spacelib.models.crossover.curves import LearningCurve, fit_curve
from spacelib.models.crossover.geometry import geometry_table
from spacelib.models.crossover.linear import LinearCrossover, Setting, linear_crossover, linear_crossovers
from spacelib.models.crossover.measure import crossover_live
from spacelib.models.crossover.measures import FlipVerdict, flip_table, flip_verdict
from spacelib.models.crossover.mixture import mixture_table
from spacelib.models.crossover.phase import PhaseVerdict, boundary_table, phase_table, phase_verdict
from spacelib.models.crossover.tables import Records, crossover_records

__all__ = [
    "FlipVerdict",
    "LearningCurve",
    "LinearCrossover",
    "PhaseVerdict",
    "Records",
    "Setting",
    "boundary_table",
    "certified_table",
    "crossover_live",
    "crossover_records",
    "fit_curve",
    "flip_table",
    "flip_verdict",
    "geometry_table",
    "linear_crossover",
    "linear_crossovers",
    "mixture_table",
    "phase_table",
    "phase_verdict",
]
