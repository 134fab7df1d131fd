"""Measures certificates under dependence and shift: `python -m spacelib.models.coverage.tabulate` writes both tables.

It takes some two minutes. The number of the setting, or of the source, is its seed: each can be measured by itself.
"""

from pathlib import Path

import pandas as pd
from tqdm import tqdm

from spacelib.models.coverage import dependence, shifted
from spacelib.models.coverage.settings import settings
from spacelib.models.coverage.tables import DEPENDENCE, SHIFTS
from spacelib.models.coverage.worlds import worlds


def main(by_dependence: Path = DEPENDENCE, by_shift: Path = SHIFTS) -> None:
    """Measure every setting and every world, and write the tables."""
    found = [row for seed, each in enumerate(tqdm(list(settings()))) for row in dependence.measure(each, seed)]
    pd.DataFrame(found).to_csv(by_dependence, index=False, float_format="%.6g")
    found = [row for seed, made in enumerate(tqdm(list(worlds()))) for row in shifted.measure(made(), seed)]
    pd.DataFrame(found).to_csv(by_shift, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
