"""The mathematics of the divergence and its inverses as checks on any device and dtype: one suite, run for each."""

import math

import torch

from spacelib.bounds import accuracy_ceiling, certified_information, inverse_first, inverse_second, kl

INVERSES = (inverse_first, inverse_second)


def grid(device, dtype):
    """Bases (b, 1) and budgets (c) that broadcast to every pair."""
    bases = torch.tensor([0, 1e-30, 1e-6, 0.01, 0.2, 0.25, 0.5, 0.7, 0.99, 1 - 1e-6, 1], device=device, dtype=dtype)
    budgets = torch.tensor([0, 1e-30, 1e-12, 1e-3, 0.1, math.log(2), 1, 5, 50, 1000], device=device, dtype=dtype)
    return bases[:, None], budgets


def check_kind(device, dtype):
    bases, budgets = grid(device, dtype)
    for inverse in INVERSES:
        for side in ("lower", "upper"):
            root = inverse(bases, budgets, side=side)
            assert root.shape == (11, 10) and root.dtype == dtype and root.device.type == device.type


def check_range_and_exact_cases(device, dtype):
    bases, budgets = grid(device, dtype)
    for inverse in INVERSES:
        up, down = inverse(bases, budgets, side="upper"), inverse(bases, budgets, side="lower")
        assert bool(((up >= bases) & (up <= 1) & (down <= bases) & (down >= 0)).all())
        assert torch.equal(up[:, 0], bases[:, 0]) and torch.equal(down[:, 0], bases[:, 0])
        moved = (bases > 0) & (bases < 1) & (budgets > 0)
        assert bool(((up > bases) & (down < bases))[moved].all())
    # absolute continuity pins the first argument; the second moves off every point but the end it moves to
    assert bool((inverse_first(bases[[0, -1]], budgets) == bases[[0, -1]]).all())
    assert bool((inverse_second(bases[:1], budgets[4:]) > 0).all())
    # U(q, c) = 1 iff c >= ln(1/q)
    up = inverse_first(bases[1:-1], budgets)
    saturated = budgets >= -bases[1:-1].double().log()
    assert bool((up[saturated] == 1).all()) and bool((up[(budgets < -0.99 * bases[1:-1].double().log()) & (bases[1:-1] < 0.99)] < 1).all())


def check_order(device, dtype):
    """Monotone in the budget and in the base, up to the few ulp by which a root may be too safe."""
    bases, budgets = grid(device, dtype)
    slack = 64 * torch.finfo(torch.float64).eps
    for inverse in INVERSES:
        for side, sign in (("upper", 1), ("lower", -1)):
            root = inverse(bases, budgets, side=side).double()
            assert bool((sign * root.diff(dim=1) >= -slack).all())
            assert bool((root.diff(dim=0) >= -slack).all())


def check_round_trip(device, dtype):
    """The inverse of kl(x, q) is x or just beyond it."""
    bases, _ = grid(device, dtype)
    x = torch.linspace(0.05, 0.95, 19, device=device, dtype=dtype)
    inner = bases[3:-2]
    # rounding the budget by eps moves the root by eps kl/slope <= eps |x - q|, the root's own rounding adds a few eps
    slack = 100 * torch.finfo(dtype).eps
    for side, holds in (("upper", x >= inner), ("lower", x <= inner)):
        sign = 1 if side == "upper" else -1
        first = sign * (inverse_first(inner, kl(x, inner, side="upper"), side=side) - x)
        second = sign * (inverse_second(inner, kl(inner, x, side="upper"), side=side) - x)
        for beyond in (first, second):
            assert bool((beyond[holds] >= 0).all()) and bool((beyond[holds] <= slack).all())


def check_divergence(device, dtype):
    bases, _ = grid(device, dtype)
    value = kl(bases, bases.T)
    assert bool((value >= 0).all()) and bool((value.diagonal() == 0).all())
    assert bool((value.isinf() == (((bases.T == 0) | (bases.T == 1)) & (bases != bases.T))).all())
    low, high = kl(bases, bases.T, side="lower"), kl(bases, bases.T, side="upper")
    assert bool(((low <= value) & (value <= high)).all())
    pinsker = 2 * (bases.double() - bases.double().T) ** 2
    assert bool((high.double() >= pinsker * (1 - 4 * torch.finfo(torch.float64).eps)).all())


def check_gradients(device):
    base = torch.tensor([0.05, 0.2, 0.5, 0.8], device=device, dtype=torch.float64, requires_grad=True)
    budget = torch.tensor([0.02, 0.1, 0.15, 0.05], device=device, dtype=torch.float64, requires_grad=True)
    other = torch.tensor([0.3, 0.6, 0.2, 0.9], device=device, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(kl, (base, other))
    for inverse in INVERSES:
        for side in ("lower", "upper"):
            assert torch.autograd.gradcheck(lambda b, c, f=inverse, s=side: f(b, c, side=s), (base, budget))
    assert torch.autograd.gradcheck(accuracy_ceiling, (base, budget))
    assert torch.autograd.gradcheck(certified_information, (base.detach().clone().requires_grad_() * 1.2, base))


CHECKS = (check_kind, check_range_and_exact_cases, check_order, check_round_trip, check_divergence)
