"""The tasks of an external suite of continuous pairs with known information, where their folder is found."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DRAWS = 3


@dataclass(frozen=True)
class Task:
    """One task: its name, its information in nats and its file."""

    name: str
    information: float
    path: Path

    def draw(self, number: int) -> tuple[np.ndarray, np.ndarray]:
        """x and y of one of its draws, (samples, dimension) each."""
        with np.load(self.path) as arrays:
            return arrays[f"x{number}"], arrays[f"y{number}"]


def task_folder() -> Path | None:
    """The folder `mi_tasks` under SPACELIB_DATA, or None where there is none."""
    folder = Path(os.environ.get("SPACELIB_DATA", "")) / "mi_tasks"
    return folder if (folder / "truth.json").is_file() else None


def tasks(folder: Path) -> Iterator[Task]:
    """Every task of the folder, in the order of its truths.

    Source: Czyz, Grabowski, Vogt, Beerenwinkel and Marx 2023, "Beyond normal".
    """
    for file, entry in json.loads((folder / "truth.json").read_text(encoding="utf-8")).items():
        yield Task(entry["name"], entry["mutual_information_nats"], folder / file)
