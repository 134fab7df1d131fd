"""The two inverses of the binary divergence: Newton from outside, then a certified step.

For a base b in [0, 1] and a budget c, wanted is the point x farthest from b on one side with f(x) <= c, where
f(x) = kl(x, b) (first argument free) or f(x) = kl(b, x) (second argument free). f is convex, zero at b, and grows away
from b. So Newton's iterates on the *lower* end of f's enclosure, started outside the root, move monotonically towards
it. Where the lower end reaches the budget, f(x) >= c is proved, and x is not inside the root. A point is returned only
when that is proved there (or it is the end of [0, 1]) and the next step would be lost in rounding; a point where it is
not proved is pushed outward, by its Newton step and a grain that doubles with each failure, so the search ends.
The grain is one ulp of x or what one rounding of the budget moves x by, whichever is larger.
"""

import torch
from torch import Tensor

from spacelib.bounds._divergence import divergence

_CHUNK = 1 << 14  # elements worked on at once on the CPU: a few dozen float64 temporaries of this length fit its cache


def _outside(base: Tensor, budget: Tensor, upper: bool, first: bool) -> Tensor:
    """A point at or beyond the root, up to rounding: the best of the closed-form relaxations.

    Written for the upper side; the lower one is its mirror image (kl(p, q) = kl(1-p, 1-q)), a and b below swapped.
    With a = base and b = 1 - a, and as t(1 - t) <= min(1/4, b, x) for t between the base and x (kl being the integral
    of (x - t)/(t(1-t)) or (t - a)/(t(1-t)) over that stretch, hence at least (x - a)²/(2 max t(1-t))):
        x - a <= sqrt(c/2),   x - a <= sqrt(2 b c),   x - a <= c + sqrt(c² + 2 a c).
    First argument free, from kl(x, a) >= x ln(1/a) - ln 2:  x <= (c + ln 2)/ln(1/a); and near x = 1, with y = 1 - x and
    g = ln(1/a) - c > 0, from h(y) <= y (1 - ln y):  g <= y (1 + ln(b/(a y))), so y >= g/(1 + 2 ln(2 b/(a g))).
    Second argument free, from kl(a, x) >= a ln a + b ln(b/y):  y >= b exp((a ln a - c)/b).
    """
    a, b = (base, 1 - base) if upper else (1 - base, base)
    step = torch.minimum(torch.sqrt(budget * torch.clamp(2 * b, max=0.5)), budget + torch.sqrt(budget * (budget + 2 * a)))
    x = base + step if upper else base - step
    surprise = torch.where(a < 0.5, -a.log(), -torch.log1p(-b)).clamp(max=1000.0)  # ln(1/a); finite, as 0 ln(1/0) is 0
    if first:
        far = (budget + torch.log(torch.full_like(budget, 2.0))) / surprise
        gap = (surprise - budget).clamp(min=0)
        y = torch.where(gap > 0, gap / (1 + 2 * (torch.log(2 * b / gap) + surprise)), 0)
        far = torch.minimum(far, 1 - y) if upper else torch.maximum(1 - far, y)
    else:
        exponent = (-a * surprise - budget) / b
        far = a - b * torch.expm1(exponent) if upper else b * torch.exp(exponent)
    return torch.minimum(x, far) if upper else torch.maximum(x, far)


def _solve(base: Tensor, budget: Tensor, upper: bool, first: bool) -> Tensor:
    """The certified root for one chunk: budget > 0, base not pinned."""
    outward = 1.0 if upper else -1.0
    one = base.new_tensor(1.0)
    end = one if upper else one - 1
    last = torch.nextafter(end, 1 - end)
    inside, outside = (torch.minimum, torch.maximum) if upper else (torch.maximum, torch.minimum)

    root = torch.empty_like(base)
    todo = torch.arange(base.numel(), device=base.device)
    start = torch.nextafter(base, end)
    x = outside(start, inside(last, _outside(base, budget, upper, first)))
    push = torch.ones_like(x)
    while todo.numel():
        if first:
            value, error, slope = divergence(x, base)
            slope = slope.abs()
        else:
            value, error, _ = divergence(base, x)
            slope = (x - base).abs() / (x * (1 - x))
        excess = (value - error) - budget
        step = excess / slope
        grain = torch.maximum((torch.nextafter(x, end) - x).abs(), 2.0**-53 * budget / slope)
        unproved = excess < 0
        failed = unproved.to(x.dtype)
        new = outside(start, inside(last, x - outward * (step - failed * push * grain)))
        beyond = unproved & (outward * x >= outward * last)
        done = beyond | (~unproved & ((step <= push * grain) | (new == x) | (x == start)))
        root[todo[done]] = torch.where(beyond, end, x)[done]

        x, push = new, push * (1 + failed)
        left = (~done).nonzero().squeeze(1)
        todo, x, base, budget, start, push = (t[left] for t in (todo, x, base, budget, start, push))
    return root


def solve(base: Tensor, budget: Tensor, upper: bool, first: bool) -> Tensor:
    """Certified inverse for float64 tensors of one shape: never inside the true root.

    Exact cases: budget 0 gives the base; a pinned base (0 or 1 with its first argument free, or the end towards which
    the second moves) gives the base, every other point being infinitely far.
    """
    flat_base, flat_budget = base.reshape(-1), budget.reshape(-1)
    pinned = (flat_budget == 0) | (flat_base == (1.0 if upper else 0.0))
    if first:
        pinned = pinned | (flat_base == (0.0 if upper else 1.0))
    root = flat_base.clone()
    free = (~pinned).nonzero().squeeze(1)
    for part in free.split(_CHUNK) if free.device.type == "cpu" else [free]:
        if part.numel():
            root[part] = _solve(flat_base[part], flat_budget[part], upper, first)
    return root.reshape(base.shape)
