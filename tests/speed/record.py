"""Writes the table of speeds that ships: `python tests/speed/record.py`, a minute or two on a machine left alone.

With words after it, `python tests/speed/record.py "intrinsic dimension"`, only the jobs whose names have one of them.
The jobs are those of the speed tests beside it: same inputs, same peers, interleaved rounds of which the best counts.
"""

import os
import platform
import sys
from pathlib import Path

import pandas as pd
import torch
from test_binary_kl_speed import inverses
from test_decomposition_speed import decompositions
from test_dimension_speed import intrinsic
from test_neighbours_speed import all_subsets, neighbours
from test_rate_distortion_speed import ceilings
from test_scenes_speed import renderings
from timing import best_seconds
from tqdm import tqdm

from spacelib.bounds import inverse_first, inverse_second
from spacelib.estimators.tables import SPEED, speed_table

ROUNDS = 3
PEERS = {"npeet_plus": "npeet_plus", "cone": "dit's cone by Clarabel", "brentq": "scipy's brentq"}
PEERS |= {"scikit-dimension": "scikit-dimension"}
PEERS |= {"bisection": "batched bisection, not certified", "trimesh": "trimesh with Embree, hits alone"}


def processor() -> str:
    """The processor's name; the platform knows only its kind on some systems."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text().splitlines() if cpuinfo.exists() else []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor() or platform.machine())


def jobs():
    """Job, threads of torch, a function that makes its calls (ours first) and their sizes, note."""
    for title, inverse, first in (("first", inverse_first, True), ("second", inverse_second, False)):
        job = f"inverse of the binary divergence in its {title} argument, one of 200,000"
        yield job, 1, lambda inverse=inverse, first=first: inverses(inverse, first), ""
    yield "exact ceiling of one prior of 64 targets, of 100,000", 1, ceilings, ""
    yield "KSG, 10,000 samples, 5 + 5 dimensions, k = 3", 2, lambda: (neighbours(), {}), ""
    for method, samples, words in (("gaussian_copula", 10_000, "Gaussian copula"), ("ksg", 2000, "KSG")):
        job = f"all 255 subsets of 8 frames of 2 numbers, {words}, {samples:,} samples"
        yield job, 2, lambda m=method, n=samples: ({"ours": all_subsets(m, n)}, {}), ""
    for method, words in (("two_nn", "TwoNN"), ("mle", "Levina-Bickel, k = 20")):
        note = "recorded elsewhere: DADApy 0.071 s; " if method == "two_nn" else ""
        job = f"intrinsic dimension by {words}, 5,000 samples of 50 features"
        yield job, 2, lambda m=method: (intrinsic(m), {}), f"{note}ours with its error, theirs without"
    for size in (2, 3, 5):
        for kind in ("flat", "peaked", "sparse"):
            note = "recorded elsewhere: BROJA_2PID 1.3 ms a law" if size == 3 else ""
            job = f"decomposition of one {kind} law of {size} x {size} x {size}, of 1,000"
            yield job, 1, lambda shape=(size,) * 3, kind=kind: decompositions(shape, kind), note
    yield "one frame of 64 x 64, 6 objects, RGB and depth, of 2,000", 2, renderings, "float32"


def measure(job: str, threads: int, make, note: str) -> list[dict]:
    """A row for each peer, or one without; seconds are those of what the job names."""
    torch.set_num_threads(threads)
    calls, sizes = make()
    load = os.getloadavg()[0]
    seconds = {name: value / sizes.get(name, 1) for name, value in best_seconds(calls, ROUNDS).items()}
    ours, *peers = seconds
    machine = f"{os.cpu_count()} cores, {processor()}, torch threads {threads}, load {load:.1f}"
    row = {"job": job, "ours_seconds": seconds[ours]}
    row |= {"peer": None, "peer_seconds": None, "note": note, "machine": machine}
    return [row | {"peer": PEERS[name], "peer_seconds": seconds[name]} for name in peers] or [row]


def main(words: list[str]) -> None:
    """Measure the jobs that have one of the words, or all where there are none; the rows of the others stay."""
    every = list(jobs())
    chosen = [job for job in every if any(word in job[0] for word in words)] if words else every
    if not chosen:
        sys.exit(f"record.py: no job has any of {words} in its name")
    rows = pd.DataFrame([row for job in tqdm(chosen) for row in measure(*job)])
    if words:
        rows = pd.concat([speed_table().query("job not in @rows.job"), rows])
    place = {job: number for number, (job, *_) in enumerate(every)}
    rows = rows.sort_values("job", key=lambda column: column.map(place), kind="stable")
    rows.to_csv(SPEED, index=False, float_format="%.4g")


if __name__ == "__main__":
    main(sys.argv[1:])
