"""Writes the tightness tables: `python -m spacelib.models.validation.tabulate`, some fifteen minutes on one core."""

from dataclasses import asdict

import pandas as pd
import torch
from torch.special import entr

from spacelib.estimators.processes import on_all_cores
from spacelib.models.validation.exact import look
from spacelib.models.validation.paradigms import SIZES, pipeline_losses, precision, sides
from spacelib.models.validation.tables import path_of
from spacelib.models.validation.tightness import readings
from spacelib.models.validation.twins import MOVING, twin
from spacelib.scenes.questions import BENCHMARKS, tasks

RATIOS = (1.0, 2.0, 3.0, 4.5, 6.0)  # how far two pictures differ, in the noise
SAMPLES = 2000


def measure(benchmark: str, task: str, seed: int) -> dict[str, list[dict]]:
    """The rows of all tables for one twin, from one seed."""
    generator = torch.Generator().manual_seed(seed)
    own = twin(benchmark, task, generator=generator)
    named = {"benchmark": benchmark, "task": task}
    whole = entr(own.law).sum().item()
    losses = pipeline_losses(own, generator=generator)
    rows = {"readings": [], "sides": [], "twins": []}
    row = {"wording": own.wording, "questions": len(own.questions), "answers": len(own.wins), "blind": own.blind}
    row |= {"frames": own.channel.frames, "entropy": whole}
    if not task.startswith(MOVING):
        row["squared_error"], row["cramer_rao"] = precision(own, generator=generator)
    rows["twins"].append(named | row)
    for ratio in RATIOS:
        seen = look(own.at(ratio), SAMPLES, generator=generator)
        told = seen.information(seen.all).mean().item()
        place = named | {"ratio": ratio, "share": told / whole}
        rows["readings"] += [place | reading for reading in readings(seen, generator=generator)]
        if losses is not None:
            found = asdict(sides(seen, losses, generator=generator))
            for size, risk, verdict in zip(SIZES, found["implicit"], found["verdicts"], strict=True):
                more = {"samples": size, "explicit": found["explicit"], "implicit": risk, "verdict": verdict}
                rows["sides"].append(place | more)
    return rows


def _numbered(job: tuple[int, tuple[str, str]]) -> dict[str, list[dict]]:
    """`measure` of a numbered subtask, the number being its seed."""
    seed, (benchmark, task) = job
    return measure(benchmark, task, seed)


def main() -> None:
    every = [(benchmark, task) for benchmark in BENCHMARKS for task in tasks(benchmark)]
    parts = on_all_cores(_numbered, enumerate(every), "twins")
    for name in parts[0]:
        table = pd.DataFrame([row for part in parts for row in part[name]])
        table.to_csv(path_of(name), index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
