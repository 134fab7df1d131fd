"""Many jobs that do not depend on each other, through joblib: here, on all cores, or on a cluster.

`joblib.parallel_config(backend="dask")` around a call (or "ray", or any other backend) sends its jobs there. Each job has
one thread of torch, wherever it runs: sums of more threads may differ in the last bit, and networks as small as the
book's are slower on more.
"""

from collections.abc import Callable, Iterable

import torch
from joblib import Parallel, delayed
from tqdm import tqdm


def in_parallel(run: Callable, jobs: Iterable, name: str, *, workers: int | None = None) -> list:
    """run(job) of every job, in their order; progress stands under the name where it takes over two seconds.

    workers: processes, -1 for as many as there are cores; None for what `joblib.parallel_config` says, else none but
    this one. Results are the same to the last bit for every number.
    """
    jobs = list(jobs)
    done = Parallel(n_jobs=workers, return_as="generator")(delayed(_alone)(run, job) for job in jobs)
    return list(tqdm(done, total=len(jobs), desc=name, delay=2, disable=None, leave=False))


def on_all_cores(run: Callable, jobs: Iterable, name: str) -> list:
    """`in_parallel` on every core, or on every worker of the cluster that `joblib.parallel_config` names."""
    return in_parallel(run, jobs, name, workers=-1)


def _alone(run: Callable, job):
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return run(job)
    finally:
        torch.set_num_threads(threads)
