"""Measures the estimators on channels with known information: `python -m spacelib.estimators.tabulate` writes both tables.

Some minutes on two cores. Every row has its seed, so that each can be measured again by itself.
"""

import itertools
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass

import pandas as pd
import torch
from torch import Tensor

from spacelib.estimators._cells import Cells
from spacelib.estimators._interval import information_interval
from spacelib.estimators.channels import clustered_cells, law_information, skewed_law, symmetric_law
from spacelib.estimators.cluster import mean_interval
from spacelib.estimators.discrete import information_from_counts
from spacelib.estimators.entropy import METHODS
from spacelib.estimators.processes import on_all_cores
from spacelib.estimators.tables import COVERAGE, ESTIMATORS

RESAMPLES = 200
_NUMBERS = 1 << 22  # float64 numbers of one batch of data sets


@dataclass(frozen=True)
class Setting:
    """One population and one size of its samples; `seed` starts the random numbers of its data sets."""

    channel: str
    alphabet: int
    known: float  # share of answers that know the truth; the rest are guesses
    scenes: int
    items: int  # of a scene
    correlation: float  # of two items of a scene
    seed: int

    def law(self) -> Tensor:
        """The joint law (truth, answer)."""
        if self.channel == "symmetric":
            return symmetric_law(self.alphabet, self.known + (1 - self.known) / self.alphabet)
        return skewed_law(self.alphabet, self.known)

    def samples(self, repetitions: int) -> Iterator[tuple[Tensor, torch.Generator]]:
        """Counts of each scene, (data sets, scenes, cells), in batches that fit into memory; and their generator."""
        generator = torch.Generator().manual_seed(self.seed)
        cells = self.alphabet**2
        size = max(1, _NUMBERS // (self.scenes * max(cells, RESAMPLES)))
        for start in range(0, repetitions, size):
            shape = (min(size, repetitions - start), self.scenes, self.items)
            of_item = clustered_cells(generator, self.law(), *shape, self.correlation)
            totals = torch.zeros(*shape[:2], cells, dtype=torch.float64)
            yield totals.scatter_add_(-1, of_item, totals.new_ones(()).expand(of_item.shape)), generator

    def columns(self) -> dict:
        """What the tables say of a setting."""
        law = self.law()
        return asdict(self) | {"accuracy": law.diagonal().sum().item(), "information": law_information(law)}


def coverage_settings() -> list[Setting]:
    """Every combination up to 300 scenes; at 1000 scenes single items and the most dependent ones but copies."""
    within = [(1, 0.0), (3, 0.0), (3, 0.5), (3, 1.0), (10, 0.0), (10, 0.5), (10, 1.0)]
    grid = itertools.product((30, 100, 300, 1000), (2, 4, 8, 16), within, _channels())
    kept = [row for row in grid if row[0] < 1000 or row[2] in ((1, 0.0), (10, 0.5))]
    return [Setting(name, m, known, scenes, *inside, seed) for seed, (scenes, m, inside, (name, known)) in enumerate(kept)]


def estimator_settings() -> list[Setting]:
    """Independent items, and scenes of three with correlation 1/2."""
    grid = itertools.product((30, 100, 300, 1000), (2, 4, 8, 16), [(1, 0.0), (3, 0.5)], _channels())
    return [Setting(name, m, known, scenes, *inside, seed) for seed, (scenes, m, inside, (name, known)) in enumerate(grid)]


def _channels() -> list[tuple[str, float]]:
    """Name and share of known answers, from none to nearly all."""
    return [("symmetric", 0.0), ("symmetric", 0.5), ("symmetric", 0.85), ("symmetric", 0.95), ("skewed", 0.3), ("skewed", 0.9)]


def measure_coverage(setting: Setting, repetitions: int = 1000) -> list[dict]:
    """Rows of `coverage_table` for one setting: the interval of the information, and that of the accuracy."""
    columns = setting.columns()
    cells = Cells.of_table(1, setting.alphabet, setting.alphabet, torch.device("cpu"))
    ends = {"mutual_information": [], "accuracy": []}
    for totals, generator in setting.samples(repetitions):
        interval = information_interval(totals, cells, RESAMPLES, generator)
        ends["mutual_information"].append(torch.stack([interval.low, interval.high]))
        right = totals[..., :: setting.alphabet + 1].sum(-1)
        scores = torch.stack([right, totals.sum(-1)], -1)
        ends["accuracy"].append(torch.stack(mean_interval(scores, (0.0, 1.0), RESAMPLES, generator)[1:3]))
    rows = []
    for interval, truth in (("mutual_information", columns["information"]), ("accuracy", columns["accuracy"])):
        low, high = torch.cat(ends[interval], 1)
        below, above = ((truth < low - 1e-12).double().mean().item(), (truth > high + 1e-12).double().mean().item())
        covered = 1 - below - above
        error = math.sqrt(covered * (1 - covered) / repetitions)
        results = {"coverage": covered, "standard_error": error, "below": below, "above": above}
        results |= {"mean_width": (high - low).mean().item(), "repetitions": repetitions, "resamples": RESAMPLES}
        rows.append({"interval": interval} | columns | results)
    return rows


def measure_estimators(setting: Setting, repetitions: int = 500) -> list[dict]:
    """Rows of `estimator_table` for one setting: bias and root mean squared error of every method."""
    columns = setting.columns()
    counts = torch.cat([totals.sum(-2) for totals, _ in setting.samples(repetitions)])
    tables = counts.reshape(repetitions, setting.alphabet, setting.alphabet)
    rows = []
    for method in METHODS:
        error = information_from_counts(tables, method=method) - columns["information"]
        results = {"bias": error.mean().item(), "standard_error": error.std().item() / math.sqrt(repetitions)}
        results |= {"rmse": (error**2).mean().sqrt().item(), "repetitions": repetitions}
        rows.append({"method": method} | columns | results)
    return rows


def main() -> None:
    """Measure everything, on all cores, and write both tables."""
    for path, measure, settings in (
        (COVERAGE, measure_coverage, coverage_settings()),
        (ESTIMATORS, measure_estimators, estimator_settings()),
    ):
        rows = on_all_cores(measure, settings, path.stem)
        pd.DataFrame(itertools.chain.from_iterable(rows)).to_csv(path, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
