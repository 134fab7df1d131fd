"""The exact ceiling, its inverse and the sandwich as checks on any device and dtype: one suite, run for each."""

import math

import torch

from spacelib.bounds import (
    accuracy_floor,
    attaining_channel,
    conditional_ceiling,
    exact_ceiling,
    parametric_ceiling,
    required_information,
    sandwich,
)


def grid(device, dtype):
    """Priors (8, 1, 9) of every kind and informations (7): none, tiny, ordinary, more than there is."""
    generator = torch.Generator().manual_seed(0)
    prior = torch.rand(8, 9, generator=generator, dtype=torch.float64)
    prior[0], prior[1, 3:], prior[2] = 1, 0, prior[2] ** 8
    prior[3, :4] = 1
    prior[4, 1:] = 0
    prior = (prior / prior.sum(-1, keepdim=True)).to(dtype)
    return prior[:, None].to(device), torch.tensor([0, 1e-30, 1e-9, 0.1, 0.7, 1.5, 3], device=device, dtype=dtype)


def check_kind(device, dtype):
    prior, information = grid(device, dtype)
    for result in (
        exact_ceiling(prior, information),
        required_information(prior, information / 3),
        *parametric_ceiling(prior, 0.01),
    ):
        assert result.dtype == dtype and result.device.type == device.type
    assert exact_ceiling(prior, information).shape == (8, 7) and attaining_channel(prior, information).shape == (
        8,
        7,
        9,
        9,
    )


def check_range_and_order(device, dtype):
    """From the largest probability to one, growing with the information, up to the few u by which a bound may be too safe."""
    prior, information = grid(device, dtype)
    ceiling = exact_ceiling(prior, information)
    eps = torch.finfo(dtype).eps
    assert bool((ceiling >= prior.amax(-1)).all()) and bool((ceiling <= 1).all()) and bool((ceiling[:, -1] == 1).all())
    assert bool((ceiling.diff(dim=1) >= -64 * eps).all())
    # what a ceiling needs is the information, where it is not all there is; rounding A by eps moves it by eps times slope <= 50
    required = required_information(prior, ceiling)
    inner = (ceiling < 1) & (information > 1e-3)
    assert bool(inner.any()) and bool(((required - information).abs()[inner] <= 1000 * eps).all())


def check_sandwich(device, dtype):
    prior, _ = grid(device, dtype)
    entropy = torch.special.entr(prior).sum(-1)
    information = entropy * torch.linspace(0, 1 - 1e-5, 9, device=device, dtype=dtype)
    lower, upper = sandwich(prior, information)
    assert lower.dtype == dtype and lower.shape == (8, 9)
    assert bool((lower <= upper).all()) and bool((lower >= prior.amax(-1) * (1 - 64 * torch.finfo(dtype).eps)).all())
    floor = accuracy_floor(information)
    assert bool((floor <= 1).all()) and bool((floor > 0).all())


def check_conditional(device, dtype):
    """One question of weight one is the plain ceiling; several cannot do better than their own allocation says."""
    prior, information = grid(device, dtype)
    weight = torch.ones(1, device=device, dtype=dtype)
    alone = conditional_ceiling(prior, weight, information[:, None].expand(7, 8))
    torch.testing.assert_close(
        alone.accuracy,
        exact_ceiling(prior, information).T.contiguous(),
        rtol=0,
        atol=1e-12 if dtype == torch.float64 else 2e-7,
    )
    several = conditional_ceiling(prior[:, 0], torch.full((8,), 0.125, device=device, dtype=dtype), information)
    assert several.accuracy.shape == (7,) and several.allocation.shape == (7, 8)
    mean = exact_ceiling(prior[:, 0], several.allocation).mean(-1)
    torch.testing.assert_close(several.accuracy, mean, rtol=0, atol=1e-12 if dtype == torch.float64 else 1e-4)


def check_gradients(device):
    """Priors through a softmax, as a finite difference must stay a law; the slope at a tie and at both ends by hand."""
    generator = torch.Generator().manual_seed(1)
    logits = torch.randn(3, 5, generator=generator, dtype=torch.float64).to(device).requires_grad_()
    information = torch.tensor([0.1, 0.4, 0.8], device=device, dtype=torch.float64, requires_grad=True)
    level = torch.tensor([0.02, 0.05, 0.1], device=device, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x, i: exact_ceiling(x.softmax(-1), i), (logits, information))
    accuracy = (exact_ceiling(logits.softmax(-1), information).detach()).requires_grad_()
    assert torch.autograd.gradcheck(lambda x, a: required_information(x.softmax(-1), a), (logits, accuracy))
    assert torch.autograd.gradcheck(lambda x, v: parametric_ceiling(x.softmax(-1), v), (logits, level))
    weights = torch.tensor([0.3, -0.2, 0.5], device=device, dtype=torch.float64, requires_grad=True)
    budget = torch.tensor(0.3, device=device, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(
        lambda x, w, i: conditional_ceiling(x.softmax(-1), w.softmax(-1), i).accuracy, (logits, weights, budget)
    )
    assert torch.autograd.gradcheck(lambda x, i: tuple(sandwich(x.softmax(-1), i)), (logits, information))
    # a law counts relative to its sum: no slope along itself
    prior, weights = logits.detach().softmax(-1).requires_grad_(), weights.detach().softmax(-1).requires_grad_()
    conditional_ceiling(prior, weights, budget).accuracy.backward()
    for law in (prior, weights):
        assert bool(((law.grad * law).sum(-1).abs() < 1e-14).all()) and bool((law.grad.abs() > 1e-3).any())
    # at I = 0 the slope is 1/ln(p_1/p_2), infinite where the two tie; with all the information nothing is left to gain
    priors = torch.tensor(
        [[0.6, 0.3, 0.1], [0.4, 0.4, 0.2], [0.6, 0.3, 0.1], [1, 0, 0]], device=device, dtype=torch.float64
    )
    spent = torch.tensor([0.0, 0.0, 2.0, 0.1], device=device, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad(exact_ceiling(priors, spent).sum(), spent)
    assert abs(slopes[0].item() * math.log(2) - 1) < 1e-7 and slopes[1:].tolist() == [math.inf, 0, 0]
    uneven = torch.tensor([0.6, 0.3, 0.1], device=device, dtype=torch.float64, requires_grad=True)
    (slopes,) = torch.autograd.grad(required_information(uneven, 0.5), uneven)
    assert slopes.tolist() == [0, 0, 0]


CHECKS = (check_kind, check_range_and_order, check_sandwich, check_conditional)
