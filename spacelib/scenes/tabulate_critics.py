"""Measures the trained estimators: `python -m spacelib.scenes.tabulate_critics FOLDER` writes their table.

FOLDER holds the external tasks (`truth.json` and the samples). Some ten minutes on one core. Of each task the first
samples of the first draw are taken; every estimate starts from seed 0.
"""

import sys
import time
from pathlib import Path

import pandas as pd
import torch
from tqdm import tqdm

from spacelib.estimators.continuous.tasks import tasks
from spacelib.estimators.critics.information import METHODS, critic_information
from spacelib.estimators.critics.table import CRITICS
from spacelib.estimators.latent import latent_information
from spacelib.scenes import channels

TASKS = (0, 6, 8, 9, 10)  # 1 to 25 dimensions, light and heavy tails
CHANNELS = (("depth", 1.3), ("depth", 0.3), ("scale", 1.75), ("scale", 0.3))  # as given, and with less noise
SAMPLES = 2000
STEPS = 500


def measure(task: str, truth: float, truth_error: float, x: torch.Tensor, y: torch.Tensor, method: str) -> dict:
    """One row of the table."""
    start = time.perf_counter()
    if method == "latent":
        found = latent_information(x, y, steps=STEPS)
    else:
        found = critic_information(x, y, method=method, steps=STEPS)
    row = {"task": task, "truth": truth, "truth_error": truth_error, "method": method, "estimate": found.estimate}
    row |= {"low": found.interval[0], "high": found.interval[1], "seconds": time.perf_counter() - start}
    return row | {"samples": len(x), "columns": x.shape[1]}


def main(folder: Path) -> None:
    """Measure every task and channel by the methods that suit it, and write the table."""
    jobs = []
    known = list(tasks(folder))
    for task in (known[number] for number in TASKS):
        x, y = (torch.from_numpy(rows[:SAMPLES]) for rows in task.draw(0))
        jobs += [(task.name, task.information, 0.0, x, y, method) for method in (*METHODS, "latent")]
    for name, noise in CHANNELS:
        channel = getattr(channels, name)(noise=noise)
        generator = torch.Generator().manual_seed(0)
        seen = channel.sample(SAMPLES, generator=generator)
        frames = (0, 1) if name == "scale" else (0,)
        exact = channel.information([frames], generator=generator)[frames]
        x, y = seen.images[:, list(frames)].flatten(1), seen.target.double()
        task = f"{name}, {len(frames)} of 4 frames, noise {noise}"
        jobs += [(task, exact.estimate, exact.standard_error, x, y, method) for method in ("smile", "latent")]
    rows = [measure(*job) for job in tqdm(jobs)]
    pd.DataFrame(rows).to_csv(CRITICS, index=False, float_format="%.5g")


if __name__ == "__main__":
    torch.set_num_threads(1)
    main(Path(sys.argv[1]))
