"""Coverage: how often certificates fail, the right ones and the wrong readings of them, by repetition and exactly.

`dependence` measures the settings of `settings`, where samples are not independent; `shifted` the worlds of `worlds`,
where the target is another law, by the rows of `shift_rows`. `tables` holds what `tabulate` wrote; `breaking` is one
setting drawn anew.
"""

from spacelib.models.coverage.breaking import certificates_breaking
from spacelib.models.coverage.tables import coverage_dependence, coverage_shifts

__all__ = ["certificates_breaking", "coverage_dependence", "coverage_shifts"]
