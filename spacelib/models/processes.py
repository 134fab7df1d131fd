"""Long runs on all cores: one process a core, one thread each, since networks this small are slower on more."""

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import torch
from tqdm import tqdm


def on_all_cores(run: Callable, jobs: Iterable, name: str) -> list:
    """run(job) of every job, in their order; progress stands under the name. `run` must be a module's function."""
    jobs = list(jobs)
    with ProcessPoolExecutor(os.cpu_count(), initializer=partial(torch.set_num_threads, 1)) as pool:
        return list(tqdm(pool.map(run, jobs), total=len(jobs), desc=name))
