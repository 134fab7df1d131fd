"""Gradients of the inverses against finite differences with 60 digits, also where float differences see nothing."""

import math

import mpmath
import pytest
import torch
from reference import DIGITS

from spacelib.bounds import inverse_first, inverse_second, kl

POINTS = [
    (base, budget)
    for base in (0.01, 0.25, 0.5, 0.9)
    for budget in (1e-200, 1e-30, 1e-14, 1e-11, 1e-9, 1e-4, 0.03)
]


def exact_root(base, budget, start, first):
    """The root with all working digits: Newton from `start`, until it moves no more."""
    x = mpmath.mpf(start)
    for _ in range(30):
        p, q = (x, base) if first else (base, x)
        value = p * mpmath.log(p / q) + (1 - p) * mpmath.log((1 - p) / (1 - q))
        slope = mpmath.log(p / q) - mpmath.log((1 - p) / (1 - q)) if first else (x - base) / (x * (1 - x))
        step = (value - budget) / slope
        x -= step
        if abs(step) < abs(x - base) * mpmath.mpf(10) ** -120:
            return x
    raise AssertionError("Newton did not converge")


@pytest.mark.oracle
@pytest.mark.parametrize(("inverse", "first"), [(inverse_first, True), (inverse_second, False)], ids=["first", "second"])
@pytest.mark.parametrize("side", ["lower", "upper"])
def test_slopes_of_the_inverses(inverse, first, side):
    sign = 1 if side == "upper" else -1
    points = [p for p in POINTS if 0 < inverse(*p, side=side) < 1]
    assert len(points) > 20
    base = torch.tensor([p[0] for p in points], dtype=torch.float64, requires_grad=True)
    budget = torch.tensor([p[1] for p in points], dtype=torch.float64, requires_grad=True)
    inverse(base, budget, side=side).sum().backward()
    # A budget of 1e-200 puts the root 1e-100 from the base: kl's quadratic zero and the differences cost 300 digits.
    with mpmath.workdps(600 + DIGITS):
        for i, (b, c) in enumerate(points):
            b, c = mpmath.mpf(b), mpmath.mpf(c)
            displacement = sign * mpmath.sqrt(2 * c * b * (1 - b))
            start = b + displacement if c < 1e-12 else inverse(float(b), float(c), side=side)
            h = mpmath.mpf("1e-40")  # central differences, relative error of order h²
            step = h * b * mpmath.sqrt(c)
            by_base = (exact_root(b + step, c, start, first) - exact_root(b - step, c, start, first)) / (2 * step)
            by_budget = (exact_root(b, c * (1 + h), start, first) - exact_root(b, c * (1 - h), start, first)) / (2 * c * h)
            # what _implicit_slopes derives: relative s² where s <= 1e-5, and a few 2^-53/s beyond, both about 1e-10
            assert base.grad[i].item() == pytest.approx(float(by_base), rel=1e-9)
            assert budget.grad[i].item() == pytest.approx(float(by_budget), rel=1e-9)


def slopes(inverse, base, budget, side):
    base, budget = (torch.tensor(v, dtype=torch.float64, requires_grad=True) for v in (base, budget))
    inverse(base, budget, side=side).backward()
    return base.grad.item(), budget.grad.item()


@pytest.mark.parametrize(
    ("inverse", "base", "budget", "side", "expected"),
    [
        (inverse_first, 0.5, 1.0, "upper", (0.0, 0.0)),  # saturated: ln 2 < 1
        (inverse_first, 0.5, 1.0, "lower", (0.0, 0.0)),
        (inverse_second, 0.5, 1e4, "upper", (0.0, 0.0)),  # rounded to 1
        (inverse_second, 0.5, 1e4, "lower", (0.0, 0.0)),
        (inverse_first, 0.3, 0.0, "upper", (1.0, math.inf)),  # no budget
        (inverse_second, 0.3, 0.0, "lower", (1.0, -math.inf)),
        (inverse_first, 0.0, 0.1, "upper", (math.inf, 0.0)),  # pinned
        (inverse_first, 1.0, 0.1, "lower", (math.inf, 0.0)),
        (inverse_first, 1.0, 0.1, "upper", (0.0, 0.0)),
        (inverse_first, 0.0, 0.1, "lower", (0.0, 0.0)),
        (inverse_second, 1.0, 0.1, "upper", (0.0, 0.0)),
        (inverse_second, 0.0, 0.1, "lower", (0.0, 0.0)),
        (inverse_second, 0.0, 0.1, "upper", (math.inf, math.exp(-0.1))),
        (inverse_second, 1.0, 0.1, "lower", (math.inf, -math.exp(-0.1))),
    ],
)
def test_slopes_at_the_border(inverse, base, budget, side, expected):
    assert slopes(inverse, base, budget, side) == pytest.approx(expected, rel=1e-12)


def test_slopes_of_the_divergence_at_the_border():
    p = torch.tensor([0.0, 1.0, 0.3, 0.0], dtype=torch.float64, requires_grad=True)
    q = torch.tensor([0.2, 0.2, 0.3, 0.0], dtype=torch.float64, requires_grad=True)
    kl(p, q).sum().backward()
    assert p.grad.tolist() == [-math.inf, math.inf, 0.0, 0.0]
    assert q.grad.tolist() == pytest.approx([1 / 0.8, -1 / 0.2, 0.0, 0.0])


def test_float32_gradients_come_back_as_float32():
    base = torch.tensor([0.2, 0.4], requires_grad=True)
    inverse_second(base, 0.1).sum().backward()
    assert base.grad.dtype == torch.float32 and bool(torch.isfinite(base.grad).all())
