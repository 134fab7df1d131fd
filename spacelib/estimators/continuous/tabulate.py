"""Measures the choice of an estimator on laws with known information: `python -m spacelib.estimators.continuous.tabulate`.

Writes `tables/continuous.csv`: the families of this library, and the external tasks where SPACELIB_DATA holds them
(their rows are kept as they are elsewhere). Some ten minutes on two cores.
"""

import time

import pandas as pd
import torch
from torch import Tensor

from spacelib.estimators.continuous.choice import chosen_information
from spacelib.estimators.continuous.families import families
from spacelib.estimators.continuous.gaussian import gaussian_copula_information
from spacelib.estimators.continuous.ksg import ksg
from spacelib.estimators.continuous.tasks import DRAWS, task_folder, tasks
from spacelib.estimators.processes import on_all_cores
from spacelib.estimators.tables import CONTINUOUS

SAMPLES = 5000
Setting = tuple[str, str, int]  # suite, name, draw


def settings() -> list[Setting]:
    """Three draws of every family, and of every external task that is found."""
    folder = task_folder()
    names = [("tasks", task.name) for task in tasks(folder)] if folder else []
    names += [("families", name) for name in families()]
    return [(suite, name, draw) for suite, name in names for draw in range(DRAWS)]


def measure(setting: Setting) -> dict:
    """A row of `continuous_table`: the choice, and three peers on the same draw."""
    suite, name, draw = setting
    if suite == "tasks":
        task = next(task for task in tasks(task_folder()) if task.name == name)
        information, (x, y) = task.information, (torch.from_numpy(v).double() for v in task.draw(draw))
    else:
        family = families()[name]
        information, (x, y) = family.information, family.sample(torch.Generator().manual_seed(draw), SAMPLES)
    wall, processor = time.perf_counter(), time.process_time()
    result = chosen_information(x, y)
    seconds = {"seconds": time.perf_counter() - wall, "processor_seconds": time.process_time() - processor}
    return {
        "suite": suite,
        "name": name,
        "draw": draw,
        "x": x.shape[1],
        "y": y.shape[1],
        "samples": len(x),
        "information": information,
        "estimate": result.estimate,
        "low": result.interval[0],
        "high": result.interval[1],
        "standard_error": result.standard_error,
        **seconds,
        "ksg": ksg(x, y, k=3).estimate,
        "cca": canonical_correlation_information(x, y),
        "gaussian_copula": gaussian_copula_information(x, y).estimate,
        "method": result.method,
    }


def canonical_correlation_information(x: Tensor, y: Tensor) -> float:
    """The peer without any correction: -1/2 sum ln(1 - rho^2) over the sample's canonical correlations."""
    left, right = (torch.linalg.qr(v - v.mean(0)).Q for v in (x, y))
    return -torch.linalg.svdvals(left.T @ right).square().neg().log1p().sum().item() / 2


def main() -> None:
    """Measure everything, on all cores, and write the table."""
    table = pd.DataFrame(on_all_cores(measure, settings(), CONTINUOUS.stem))
    if task_folder() is None:
        old = pd.read_csv(CONTINUOUS)
        table = pd.concat([old[old["suite"] == "tasks"], table])
    table.to_csv(CONTINUOUS, index=False, float_format="%.6g")


if __name__ == "__main__":
    main()
