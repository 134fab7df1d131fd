"""Writing the tables of counts that ship: `python -m spacelib.benchmarks.tabulate`."""

from pathlib import Path

import numpy as np
import pandas as pd

from . import registry, vlm4d
from .counts import UNPARSED, answer_counts
from .formats import read_log
from .shipped import COUNTS, LOGS, TABLES
from .writing import write_whole


def write_vlm4d_counts(*, tables=TABLES) -> None:
    """Write the two tables from the registered VLM4D files, downloading what is not here."""
    questions = [registry.fetch(name) for name in vlm4d.QUESTIONS]
    names = [name for name in registry.names("vlm4d") if name not in vlm4d.QUESTIONS]
    logs, rows = [], []
    for number, name in enumerate(names):
        (counts,) = answer_counts(read_log(registry.fetch(name), questions, vlm4d.NAME))
        source = registry.table().loc[name]
        symbols = (*counts.letters, UNPARSED)
        logs.append(
            {
                "log": number,
                "file": counts.log,
                "benchmark": counts.benchmark,
                "task": counts.task,
                "mode": name.split("/")[1].split("_mc_")[1],
                "model": counts.model,
                "frames": counts.frames,
                "letters": "".join(counts.letters),
                "items": counts.items,
                "scenes": len(counts.table),
                "correct": counts.correct,
                "unparsed": counts.unparsed,
                "chance_of_item": counts.chance.of_item,
                "chance_of_scene": counts.chance.of_scene,
                "chance_evenness": counts.chance.evenness,
                "chance_source": counts.chance.source,
                **{column: source[column] for column in ("repository", "commit", "licence")},
            }
        )
        for scene, answer, truth in np.argwhere(counts.table):
            count = counts.table[scene, answer, truth]
            rows.append((number, scene, symbols[answer], counts.letters[truth], count))
    table = pd.DataFrame(logs).astype({"frames": "Int64"})
    write_whole(Path(tables) / LOGS, table.to_csv(index=False, lineterminator="\n"))
    table = pd.DataFrame(rows, columns=["log", "scene", "answer", "truth", "count"])
    write_whole(Path(tables) / COUNTS, table.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    write_vlm4d_counts()
