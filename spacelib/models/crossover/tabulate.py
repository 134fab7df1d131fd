"""Errors of both sides: `python -m spacelib.models.crossover.tabulate` writes their tables.

Some twenty minutes of processor time.
"""

from spacelib.models.crossover.measure import BASELINES, measure
from spacelib.models.crossover.phase import PREDICTING
from spacelib.models.crossover.tables import Records, path_of
from spacelib.estimators.processes import on_all_cores

SEEDS = 2 * PREDICTING


def main() -> None:
    """Measure every seed and rig, on all cores, and write the tables."""
    jobs = [(seed, baseline) for seed in range(SEEDS) for baseline in BASELINES]
    for name, rows in vars(Records.joined(on_all_cores(measure, jobs, "crossover"))).items():
        rows.to_csv(path_of(name), index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
