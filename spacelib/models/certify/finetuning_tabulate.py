"""Fine-tuning under shift: `python -m spacelib.models.certify.finetuning_tabulate` writes its table.

Some five minutes on two cores.
"""

import pandas as pd
import torch

from spacelib.models.certify.finetuning import finetune
from spacelib.models.certify.tables import FINETUNING
from spacelib.estimators.processes import on_all_cores
from spacelib.scenes import shifts

NOISE = {"clutter": 0.2, "baseline": 0.3, "colours": 0.2}
"""Families, and the noise at which a transformer learns their source."""
SEEDS = 3


def run(setting: tuple[str, int]) -> pd.DataFrame:
    """The rows of one family and seed."""
    family, seed = setting
    rows = finetune(getattr(shifts, family)(NOISE[family]), generator=torch.Generator().manual_seed(seed))
    return pd.DataFrame({"family": family, "noise": NOISE[family], "seed": seed}, index=rows.index).join(rows)


def main() -> None:
    """Fine-tune everything, on all cores, and write the table."""
    jobs = [(family, seed) for family in NOISE for seed in range(SEEDS)]
    pd.concat(on_all_cores(run, jobs, FINETUNING.stem)).to_csv(FINETUNING, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
