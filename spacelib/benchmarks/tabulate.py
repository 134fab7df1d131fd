"""Writing the tables of counts that ship: `python -m spacelib.benchmarks.tabulate`."""

from pathlib import Path

import numpy as np
import pandas as pd

from . import blink, registry, spatialrgpt, vlm4d, vsibench
from .counts import UNPARSED, answer_counts
from .formats import read_log
from .judging import KINDS, MARKS, disagreement
from .shipped import CHANCES, SPATIALRGPT, TABLES, letter_tables
from .writing import write_whole

_SOURCE = ("repository", "commit", "licence")


def write_tables(*, tables=TABLES) -> None:
    """Write all tables of counts from the registered files, downloading what is not here."""
    _write_letters(vlm4d, "vlm4d", lambda name: name.split("/")[1].split("_mc_")[1], Path(tables))
    _write_letters(
        blink, "blink", lambda name: "concatenated" if name.endswith("_concat.json") else "separate", Path(tables)
    )
    _write_marks(Path(tables))
    _write_types(Path(tables))


def _write_letters(benchmark, folder: str, mode, tables: Path) -> None:
    """`mode` says from a file's name what sets its run apart."""
    questions = [registry.fetch(name) for name in benchmark.QUESTIONS]
    names = [name for name in registry.names(folder) if name not in benchmark.QUESTIONS]
    logs, rows = [], []
    for number, name in enumerate(names):
        (counts,) = answer_counts(read_log(registry.fetch(name), questions, benchmark.NAME))
        chance = counts.chance
        known = zip(
            (*CHANCES, "chance_source"),
            (chance.of_item, chance.of_scene, chance.evenness, chance.source) if chance else (),
        )
        logs.append(
            {
                "log": number,
                "file": counts.log,
                "benchmark": counts.benchmark,
                "task": counts.task,
                "mode": mode(name),
                "model": counts.model,
                "frames": counts.frames,
                "letters": "".join(counts.letters),
                "items": counts.items,
                "scenes": len(counts.table),
                "correct": counts.correct,
                "unparsed": counts.unparsed,
                **dict.fromkeys((*CHANCES, "chance_source")),
                **dict(known),
                **{column: registry.table().loc[name, column] for column in _SOURCE},
            }
        )
        table = counts.table if counts.scenes_known else counts.joint[None]
        symbols = (*counts.letters, UNPARSED)
        for scene, answer, truth in np.argwhere(table):
            named = scene if counts.scenes_known else None
            rows.append((number, named, symbols[answer], counts.letters[truth], table[scene, answer, truth]))
    first, second = letter_tables(folder)
    _write(pd.DataFrame(logs).astype({"frames": "Int64"}), tables / first)
    rows = pd.DataFrame(rows, columns=["log", "scene", "answer", "truth", "count"])
    _write(rows.astype({"scene": "Int64"}), tables / second)


def _write_marks(tables: Path) -> None:
    rows = []
    for name in registry.names("spatialrgpt_bench"):
        log = read_log(registry.fetch(name), (), spatialrgpt.NAME)
        apart = disagreement(log.records)
        for counts in answer_counts(log):
            ways = (
                apart.loc[(counts.model, counts.task)].to_dict() if counts.judged else dict.fromkeys((*MARKS, *KINDS))
            )
            rows.append(
                {
                    "file": counts.log,
                    "benchmark": counts.benchmark,
                    "task": counts.task,
                    "model": counts.model,
                    "frames": counts.frames,
                    "rule": counts.rule,
                    "items": counts.items,
                    "correct": counts.correct,
                    "unparsed": counts.unparsed,
                    "unmarked": counts.unmarked,
                    "answers": None if counts.answers is None else " ".join(map(str, counts.answers)),
                    "constant": counts.constant and counts.constant.answer,
                    "constant_share": counts.constant and counts.constant.share,
                    **{key: ways[key] for key in (*MARKS, *KINDS)},
                    **{column: registry.table().loc[name, column] for column in _SOURCE},
                }
            )
    _write(pd.DataFrame(rows).astype(dict.fromkeys((*MARKS, *KINDS), "Int64")), tables / SPATIALRGPT)


def _write_types(tables: Path) -> None:
    source = registry.table().loc[vsibench.QUESTIONS, list(_SOURCE)]
    _write(vsibench.count_types(registry.fetch(vsibench.QUESTIONS)).assign(**source), tables / vsibench.TYPES)


def _write(table: pd.DataFrame, path: Path) -> None:
    write_whole(path, table.to_csv(index=False, lineterminator="\n"))


if __name__ == "__main__":
    write_tables()
