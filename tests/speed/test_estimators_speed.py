"""Seconds of the estimators beside plain implementations, in one run; ratios are what is asserted.

Peers: scipy's entropy, one table at a time; scipy's bootstrap of an accuracy over scenes; and the plug-in information's
bootstrap with numpy, one resample at a time.
"""

import numpy as np
import pytest
import torch
from scipy import stats
from timing import best_seconds

from spacelib.estimators import accuracy, entropy, mutual_information

pytestmark = pytest.mark.long


def report(capsys, title, seconds):
    with capsys.disabled():
        print(f"\n{title}: " + ", ".join(f"{name} {1e3 * value:.1f} ms" for name, value in seconds.items()))


def test_entropies_of_many_tables(capsys):
    counts = torch.randint(0, 30, (20_000, 16), generator=torch.Generator().manual_seed(0)) + 1
    few = counts[:1000].numpy()
    methods = ("plug_in", "miller_madow", "chao_shen", "grassberger", "shrinkage", "nsb")
    calls = {name: lambda name=name: entropy(counts, method=name) for name in methods}
    calls["scipy, 1000 tables"] = lambda: [stats.entropy(table) for table in few]
    seconds = best_seconds(calls, 2)
    report(capsys, "20 000 tables of 16 cells", seconds)
    for name in methods[:-1]:
        assert seconds[name] < 20 * seconds["scipy, 1000 tables"]
    assert seconds["nsb"] < 20 * 20 * seconds["scipy, 1000 tables"]  # an integral, not a sum


def test_intervals_over_scenes(capsys):
    random = np.random.default_rng(0)
    scene = np.repeat(np.arange(300), 3)
    x = random.integers(0, 4, 900)
    y = np.where(random.random(900) < 0.6, x, random.integers(0, 4, 900))
    right = (x == y).reshape(300, 3).sum(1)
    cells = 4 * x + y

    def by_numpy():
        for _ in range(1000):
            drawn = random.integers(0, 300, 300)
            table = np.bincount(cells.reshape(300, 3)[drawn].ravel(), minlength=16).reshape(4, 4) / 900
            product = table.sum(1, keepdims=True) * table.sum(0)
            (table[table > 0] * np.log(table[table > 0] / product[table > 0])).sum()

    seconds = best_seconds(
        {
            "mutual_information": lambda: mutual_information(x, y, clusters=scene, resamples=1000),
            "numpy, one by one": by_numpy,
            "accuracy": lambda: accuracy(x == y, clusters=scene, resamples=1000),
            "scipy's bootstrap": lambda: stats.bootstrap((right / 3,), np.mean, n_resamples=1000, method="percentile"),
        },
        3,
    )
    report(capsys, "1000 resamples of 300 scenes", seconds)
    assert seconds["mutual_information"] < seconds["numpy, one by one"]
    assert seconds["accuracy"] < 5 * seconds["scipy's bootstrap"]
