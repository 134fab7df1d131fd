"""Seconds an element of the certified inverses beside their peers, in one run; ratios are what is asserted.

Peers: scipy's brentq, one element at a time; and a plain batched bisection in torch that returns its upper end, 60
halvings, the textbook divergence with no certificate (its kl rounds either way, so its upper end can be unsafe).
All on one thread (tests/conftest.py), so that other work on the machine weighs on all alike; the rounds of the peers
are interleaved for the same reason.
"""

import pytest
import torch
from scipy.optimize import brentq
from scipy.special import rel_entr
from timing import best_seconds

from spacelib.bounds import inverse_first, inverse_second

pytestmark = pytest.mark.long

SIZE = 200_000


def textbook(p, q):
    return torch.xlogy(p, p / q) + torch.xlogy(1 - p, (1 - p) / (1 - q))


def bisection(base, budget, first):
    low, high = base.clone(), torch.ones_like(base)
    for _ in range(60):
        middle = (low + high) / 2
        inside = (textbook(middle, base) if first else textbook(base, middle)) <= budget
        low, high = torch.where(inside, middle, low), torch.where(inside, high, middle)
    return high


def by_brentq(base, budget, first):
    def f(x):
        p, q = (x, base) if first else (base, x)
        return rel_entr(p, q) + rel_entr(1 - p, 1 - q) - budget

    end = 1.0 if first else 1 - 2.0**-53
    return end if f(end) <= 0 else brentq(f, base, end)


def inverses(inverse, first):
    """Calls of the certified inverse and of its peers, and how many elements each takes."""
    generator = torch.Generator().manual_seed(0)
    base = 0.01 + 0.98 * torch.rand(SIZE, generator=generator, dtype=torch.float64)
    budget = 0.001 + torch.rand(SIZE, generator=generator, dtype=torch.float64)
    torch.testing.assert_close(inverse(base, budget), bisection(base, budget, first), rtol=1e-9, atol=1e-9)

    few = list(zip(base[:2000].tolist(), budget[:2000].tolist(), strict=True))
    calls = {
        "certified": lambda: inverse(base, budget),
        "bisection": lambda: bisection(base, budget, first),
        "brentq": lambda: [by_brentq(b, c, first) for b, c in few],
    }
    return calls, {"certified": SIZE, "bisection": SIZE, "brentq": len(few)}


@pytest.mark.parametrize(("inverse", "first"), [(inverse_first, True), (inverse_second, False)], ids=["first", "second"])
def test_no_slower_than_any_peer(inverse, first, record_property, capsys):
    calls, sizes = inverses(inverse, first)
    report = {name: value / sizes[name] for name, value in best_seconds(calls, 4).items()}
    for name, value in report.items():
        record_property(f"{name}_seconds_per_element", value)
    with capsys.disabled():
        print(f"\n{inverse.__name__}: " + ", ".join(f"{name} {1e6 * value:.2f} us" for name, value in report.items()))
    assert report["certified"] < report["bisection"]
    assert report["certified"] < report["brentq"] / 5
