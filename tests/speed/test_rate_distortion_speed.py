"""Seconds a prior of the exact ceiling beside its peer, in one run; the ratio is what is asserted, the throughput reported.

Peer: scipy's brentq on the closed form in numpy, one prior at a time, the level found to its tolerance and nothing
certified. On one thread (tests/conftest.py). The aim is 100,000 priors of 64 targets a second on two cores.
"""

import numpy as np
import pytest
import torch
from scipy.optimize import brentq
from timing import best_seconds


from spacelib.bounds import exact_ceiling

pytestmark = pytest.mark.long

SIZE, TARGETS = 100_000, 64


def by_brentq(prior, information):
    p = np.sort(prior)[::-1]
    kept, surprise = np.cumsum(p), np.cumsum(-p * np.log(p))

    def point(level):
        k = np.searchsorted(-p, -level)
        accuracy = kept[k - 1] - (k - 1) * level
        return accuracy, surprise[k - 1] + accuracy * np.log(accuracy) + (k - 1) * level * np.log(level)

    level = brentq(lambda x: point(x)[1] - information, 1e-300, p[1] * (1 - 1e-12), xtol=1e-16)
    return point(level)[0]


def ceilings():
    """Calls of the ceiling and of brentq, which must agree, and how many priors each takes."""
    generator = torch.Generator().manual_seed(0)
    prior = torch.rand(SIZE, TARGETS, generator=generator, dtype=torch.float64)
    prior = prior / prior.sum(-1, keepdim=True)
    information = 0.05 + 3.5 * torch.rand(SIZE, generator=generator, dtype=torch.float64)
    few = list(zip(prior[:500].numpy(), information[:500].tolist(), strict=True))
    assert exact_ceiling(prior[:500], information[:500]).tolist() == pytest.approx(
        [by_brentq(*x) for x in few], abs=1e-9
    )

    calls = {"exact": lambda: exact_ceiling(prior, information), "brentq": lambda: [by_brentq(*x) for x in few]}
    return calls, {"exact": SIZE, "brentq": len(few)}


def test_faster_than_a_root_finder_on_the_closed_form(record_property, capsys):
    calls, sizes = ceilings()
    exact, peer = (value / sizes[name] for name, value in best_seconds(calls, 4).items())
    record_property("priors_per_second", 1 / exact)
    with capsys.disabled():
        print(
            f"\nexact_ceiling: {1e6 * exact:.1f} us a prior of {TARGETS} ({1 / exact:,.0f} a second), brentq {1e6 * peer:.0f} us"
        )
    assert exact < peer / 5
