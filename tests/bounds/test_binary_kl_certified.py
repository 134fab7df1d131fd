"""Not one of 20,000 roots on the unsafe side, against mpmath with 60 digits; and none needlessly far beyond."""

import numpy as np
import pytest
import torch
from reference import certification_points, kl_reference, overshoot, unsafe

from spacelib.bounds import inverse_first, inverse_second, kl

INVERSES = pytest.mark.parametrize(
    ("inverse", "first"), [(inverse_first, True), (inverse_second, False)], ids=["first", "second"]
)
SIDES = pytest.mark.parametrize("side", ["lower", "upper"])


def count_unsafe(bases, budgets, roots, first, side) -> int:
    triples = zip(bases.tolist(), budgets.tolist(), roots.tolist(), strict=True)
    return sum(unsafe(b, c, x, first=first, upper=side == "upper") for b, c, x in triples)


@pytest.mark.oracle
@INVERSES
@SIDES
def test_no_root_is_unsafe_and_none_is_far(inverse, first, side):
    bases, budgets = certification_points(6000, seed=1 + 2 * first + (side == "upper"))
    roots = inverse(bases, budgets, side=side)
    assert count_unsafe(bases, budgets, roots, first, side) == 0
    # The certificate demands value - error >= budget with an error bound of at most 24 u + 2 u of kl (u = 2^-53); the
    # search may end one push, at most the size of what it overcame, beyond. An error of 26 u in kl moves the root by at
    # most 26 u of the budget, or, kl being convex from its zero at the base, by 26 u of |root - base|: 26 ulp of an upper root.
    worst = 0.0
    for b, c, x in zip(bases.tolist(), budgets.tolist(), roots.tolist(), strict=True):
        ulps, roundings = overshoot(b, c, x, first=first, upper=side == "upper")
        worst = max(worst, min(ulps, roundings) if side == "lower" else ulps)
    assert worst <= 2 * 26, worst


@pytest.mark.oracle
@INVERSES
@SIDES
def test_float32_roots_are_rounded_outward(inverse, first, side):
    bases, budgets = certification_points(1500, seed=7)
    bases, budgets = bases.astype(np.float32), np.minimum(budgets, 1e30).astype(np.float32)
    roots = inverse(bases, budgets, side=side)
    assert roots.dtype == np.float32
    assert count_unsafe(bases, budgets, roots, first, side) == 0


@INVERSES
def test_the_check_sees_a_root_that_is_one_percent_short(inverse, first):
    """Sensitivity: with the budget scaled to 1/1.01 or the displacement scaled by 1/1.01 the same check goes red."""
    bases, budgets = certification_points(400, seed=3)
    moved = (budgets > 1e-20) & (budgets < 1) & (bases > 0.01) & (bases < 0.5)
    bases, budgets = bases[moved], budgets[moved]
    assert len(bases) > 20
    for side in ("lower", "upper"):
        short = inverse(bases, budgets / 1.01, side=side)
        assert count_unsafe(bases, budgets, short, first, side) > len(bases) / 4
        roots = inverse(bases, budgets, side=side)
        assert count_unsafe(bases, budgets, bases + (roots - bases) / 1.01, first, side) > len(bases) / 4


@INVERSES
def test_the_check_sees_a_root_one_ulp_inside(inverse, first):
    """The sharpest wrong answer: the float just inside the exact root. (1/2 is exact for budget kl(1/2, 1/4).)"""
    base, budget = (0.25, float(kl_reference(0.5, 0.25))) if first else (0.25, float(kl_reference(0.25, 0.5)))
    root = inverse(base, budget)
    assert not unsafe(base, budget, root, first=first, upper=True)
    for _ in range(30):
        root = float(np.nextafter(root, 0))
    assert unsafe(base, budget, root, first=first, upper=True)


@pytest.mark.oracle
def test_divergence_is_enclosed_and_accurate():
    p, _ = certification_points(3000, seed=11)
    q, _ = certification_points(3000, seed=12)
    random = np.random.default_rng(13)
    random.shuffle(q)
    steps = random.integers(1, 1000, 3000)
    neighbours = np.clip(p + steps * np.spacing(p) * random.choice([-1, 1], 3000), 0, 1)
    for q in (q, neighbours):
        low, near, high = (kl(p, q, side=side) for side in ("lower", None, "upper"))
        for a, b, lower, value, upper in zip(p.tolist(), q.tolist(), low, near, high, strict=True):
            exact = kl_reference(a, b)
            assert lower <= exact <= upper
            if np.isinf(value):
                assert exact == np.inf
                continue
            # 24 u and 2 u of the summands and the sum, once more for the enclosure, and gradual underflow
            assert upper - lower <= 2 * 27 * 2.0**-53 * value + 20 * 2.0**-1074
            assert abs(value - exact) <= 27 * 2.0**-53 * exact + 10 * 2.0**-1074


@pytest.mark.oracle
def test_float32_divergence_is_enclosed():
    p, q = (certification_points(1000, seed=s)[0].astype(np.float32) for s in (21, 22))
    np.random.default_rng(23).shuffle(q)
    low, high = kl(p, q, side="lower"), kl(p, q, side="upper")
    assert low.dtype == high.dtype == np.float32
    for a, b, lower, upper in zip(p.tolist(), q.tolist(), low.tolist(), high.tolist(), strict=True):
        assert lower <= kl_reference(a, b) <= upper


@INVERSES
@SIDES
def test_one_batch_or_many_give_the_same_roots(inverse, first, side):
    """Chunks and the shrinking working set change nothing: every element is solved alone."""
    bases, budgets = map(torch.tensor, certification_points(40000, seed=5))
    together = inverse(bases, budgets, side=side)
    some = torch.arange(0, 40000, 997)
    alone = torch.stack([inverse(bases[i], budgets[i], side=side) for i in some])
    triples = zip(bases[some].tolist(), budgets[some].tolist(), alone.tolist(), strict=True)
    assert not any(unsafe(b, c, x, first=first, upper=side == "upper") for b, c, x in triples)
    # Vector and scalar kernels of a logarithm may differ in the last bit: the roots then differ within the overshoot.
    torch.testing.assert_close(together[some], alone, rtol=1e-11, atol=1e-300)
