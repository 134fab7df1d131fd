"""The shipped table of how often naive intervals mislead on VLM4D: `python -m spacelib.audit.tabulate_naive`."""

from pathlib import Path

import pandas as pd
import torch

from spacelib.benchmarks import AnswerCounts, vlm4d_counts
from spacelib.benchmarks.writing import write_whole
from spacelib.estimators.processes import on_all_cores

from .certificates import pooled
from .naive import naive_misses
from .transfer_tables import vlm4d_pairs

TABLE = Path(__file__).with_name("tables") / "naive_misses.csv"
SCENES, REPETITIONS, SIDES = (20, 50, 100), 2000, ("lower", "upper")


def settings() -> list[AnswerCounts]:
    """All logs of VLM4D, then for each split the models that answered both, pooled."""
    return [*vlm4d_counts(), *(pooled(split) for split in zip(*vlm4d_pairs(), strict=True))]


def measure(number: int) -> pd.DataFrame:
    """The rows of the counts of this number among `settings`, which seeds their draws."""
    counts = settings()[number]
    rows = []
    for scenes in SCENES:
        for side in SIDES:  # of the same draws
            generator = torch.Generator().manual_seed(1000 * number + scenes)
            found = naive_misses(counts, scenes, REPETITIONS, side=side, generator=generator)
            rows.append({"log": counts.log, "task": counts.task, "model": counts.model, **vars(found)})
    return pd.DataFrame(rows)


if __name__ == "__main__":
    table = pd.concat(on_all_cores(measure, range(len(settings())), TABLE.stem))
    write_whole(TABLE, table.to_csv(index=False, float_format="%.6g", lineterminator="\n"))
