"""Learning curves: `python -m spacelib.models.implicit.learning_tabulate` writes their table.

Some ten minutes on two cores.
"""

import pandas as pd
import torch

from spacelib.models.implicit.learning import HELD, TABLE, learn, learn_linear
from spacelib.models.implicit.task import Task, coarser
from spacelib.estimators.processes import on_all_cores
from spacelib.scenes import channels

SCENES = tuple(2**k for k in range(5, 14))
SEEDS = 8
LINEAR_SEEDS = 100


def task() -> Task:
    """The transformer's question."""
    return Task(coarser(channels.search(noise=0.9), 4))


def run(setting: tuple[int, int]) -> list[dict]:
    """The rows of one number of scenes and seed, judged on scenes that no training sees."""
    question = task()
    generator = torch.Generator().manual_seed(2**40)  # of no training
    held = question.draw(HELD, generator=generator)
    bayes = question.bayes_error(generator=generator).estimate
    return [row | {"bayes_error": bayes} for row in learn(question, held, *setting)]


def main() -> None:
    """Train everything, on all cores, and write the table."""
    jobs = [(scenes, 1000 * seed + scenes) for scenes in SCENES for seed in range(SEEDS)]
    rows = [row for part in on_all_cores(run, jobs, TABLE.stem) for row in part]
    rows += [learn_linear(scenes, seed) for scenes in SCENES for seed in range(LINEAR_SEEDS)]
    TABLE.parent.mkdir(exist_ok=True)
    pd.DataFrame(rows).to_csv(TABLE, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
