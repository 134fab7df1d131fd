"""Seconds of an audit beside plain ways to the same figures, in one run; ratios are what is asserted.

Peers: a cluster bootstrap of accuracy and information with numpy, one resample at a time; and json's reading of the file.
"""

import contextlib
import io
import json
import random
import resource
import subprocess
import sys
import time

import numpy as np
import pytest
from timing import best_seconds

from spacelib import cli
from spacelib.audit import measure
from spacelib.benchmarks import answer_counts, read_log

pytestmark = pytest.mark.long


def write(path, items: int):
    """A log in the plain form with long responses: ten questions a scene, half of the answers known (synthetic)."""
    draw = random.Random(0)
    with path.open("w") as file:
        file.write(json.dumps({"spacelib_records": 1, "model": "m", "letters_shuffled": "synthetic, shuffled"}) + "\n")
        for item in range(items):
            gold, said = draw.choices("ABCD", k=2)
            record = {"item": str(item), "scene": f"s{item // 10}", "frames": 8, "task": "t", "gold": gold}
            record |= {"options": ["left", "right", "up", "down"], "response": "word " * 60}
            file.write(json.dumps(record | {"prediction": gold if draw.random() < 0.5 else said}) + "\n")
    return path


def report(capsys, title, seconds):
    with capsys.disabled():
        print(f"\n{title}: " + ", ".join(f"{name} {value:.2f} s" for name, value in seconds.items()))


def audited(path):
    with contextlib.redirect_stdout(io.StringIO()):
        assert cli.main(["audit", str(path), "--resamples", "1000"]) == 0


def test_thirty_thousand_records(capsys, tmp_path):
    path = write(tmp_path / "log.jsonl", 30_000)
    (counts,) = answer_counts(read_log(path))
    flat = counts.table.reshape(len(counts.table), -1)

    def by_numpy():
        draw = np.random.default_rng(0)
        scene = np.repeat(np.arange(3000), flat.sum(1))
        cell = np.concatenate([np.repeat(np.arange(flat.shape[1]), row) for row in flat])
        rows = cell.reshape(3000, 10)
        assert len(scene) == 30_000
        for _ in range(1000):
            share = np.bincount(rows[draw.integers(0, 3000, 3000)].ravel(), minlength=20).reshape(5, 4) / 30_000
            product = share.sum(1, keepdims=True) * share.sum(0)
            (share[share > 0] * np.log(share[share > 0] / product[share > 0])).sum(), share[:4].trace()

    calls = {"figures": lambda: measure(counts, resamples=1000), "numpy, one by one": by_numpy, "audit": lambda: audited(path)}
    seconds = best_seconds(calls, 2)
    report(capsys, "30 000 records in 3 000 scenes, 1000 resamples", seconds)
    assert seconds["figures"] < 3 * seconds["numpy, one by one"]  # three resampled figures, each at most as slow


def test_a_million_records(capsys, tmp_path):
    path = write(tmp_path / "log.jsonl", 1_000_000)
    start = time.perf_counter()
    with path.open() as file:
        assert sum(json.loads(line) is not None for line in file) == 1_000_001
    seconds = {"json alone": time.perf_counter() - start}
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, time.perf_counter()
    command = [sys.executable, "-m", "spacelib", "audit", str(path), "--resamples", "1000"]
    assert subprocess.run(command, stdout=subprocess.DEVNULL).returncode == 0
    seconds["audit, imports and all"] = time.perf_counter() - start
    gigabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    report(capsys, f"1 000 000 records, {gigabytes:.1f} GB at most", seconds)
    assert before < 4e6 and gigabytes < 4
    assert seconds["audit, imports and all"] < 20 * seconds["json alone"]
