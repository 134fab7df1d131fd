"""Divergences of one known finite law from another: how far a task mix is from another, exactly."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_law
from spacelib.bounds._divergence import _term
from spacelib.bounds.transfer._checks import U

_TINY = 2.0**-1000  # beside any divergence that is not 0


@dataclass(frozen=True)
class ShiftDivergences:
    """How far a target law is from a source law: KL both ways (nats), total variation, chi-square, largest ratio."""

    kl: Number
    reverse_kl: Number
    total_variation: Number
    chi_square: Number
    ratio: Number


def shift_divergences(target: Number, source: Number) -> ShiftDivergences:
    r"""The divergences of a target law from a source law that the shift bounds take.

    .. math::
        \mathrm{KL}(\nu\|\mu) = \sum_j \nu_j \ln\frac{\nu_j}{\mu_j}, \quad \mathrm{KL}(\mu\|\nu), \quad
        \tfrac12 \sum_j |\nu_j - \mu_j|, \quad \sum_j \frac{(\nu_j - \mu_j)^2}{\mu_j}, \quad \max_j \frac{\nu_j}{\mu_j}

    Parameters: target nu and source mu (..., k), each summing to 1 up to rounding, then taken as normalised. Returns
    ShiftDivergences of the leading broadcast shape, rounded up; infinite where the source has no mass and the target
    has some (the reverse, the other way round). Exactly 0, and ratio 1, of a law from itself. Not differentiable. For a
    mix of tasks with the same questions inside each, and the task seen, these are the divergences of the whole laws.
    Errors: ValueError for laws that are negative, do not sum to 1 or differ in length.
    Source: definitions.
    """
    name = "shift_divergences"
    (nu, mu), same, k, leave = _laws(name, target, source)
    eta = (2 * k + 6) * U  # of the normalised laws, relative
    gap = (nu - mu).abs() + eta * (nu + mu)
    up = 1 + (4 * k + 64) * U

    def positive(value: Tensor, none: float = 0.0) -> Number:
        return leave(torch.where(same, none, value * up + _TINY), "upper")

    return ShiftDivergences(
        positive(_kl(nu, mu, eta)),
        positive(_kl(mu, nu, eta)),
        leave(torch.where(same, 0.0, (gap.sum(-1) / 2 * up).clamp(max=1)), "upper"),
        positive(torch.where(nu + mu > 0, gap * (gap / mu), 0.0).sum(-1)),
        positive(torch.where(nu > 0, nu / mu, 0.0).amax(-1) * (1 + 2 * eta), 1.0),
    )


def renyi_divergence(target: Number, source: Number, order: Number) -> Number:
    r"""Renyi divergence of a target law from a source law, of an order above 1.

    .. math:: D_\alpha(\nu\|\mu) = \frac{1}{\alpha - 1} \ln \sum_j \nu_j \Big(\frac{\nu_j}{\mu_j}\Big)^{\alpha - 1}

    Parameters: laws as `shift_divergences`; order alpha > 1, broadcast against their leading axes. Returns nats,
    rounded up; infinite where the source has no mass and the target has some. Between KL (order 1) and ln ratio. Not
    differentiable. Errors: ValueError for an order not above 1, and as `shift_divergences`.
    Source: Renyi 1961; van Erven and Harremoes 2014.
    """
    name = "renyi_divergence"
    (nu, mu, order), same, k, leave = _laws(name, target, source, order=order)
    require(name, "order", order, order > 1, "above 1")
    eta = (2 * k + 6) * U
    seen = nu > 0
    rise = (order - 1)[..., None]
    log = torch.where(seen, nu.log() - mu.log(), 0.0)
    # near 1 the ratio's logarithm comes from the difference, which loses nothing
    near = seen & ((nu - mu).abs() < mu / 2)
    log = torch.where(near, torch.log1p((nu - mu) / torch.where(mu > 0, mu, 1.0)), log)
    unsure = 2 * eta + 4 * U * torch.where(seen, nu.clamp(min=2.0**-1074).log().abs() + log.abs(), 0.0) * ~near
    unsure = unsure + 4 * U * log.abs()
    exponent = rise * (log + unsure)  # rounded up, so that every term is
    small = exponent.amax(-1) < 1
    change = torch.where(small[..., None], exponent, 0.0)
    change = (nu * torch.expm1(change)).sum(-1) + (2 * eta + 8 * U) * (nu * torch.expm1(change).abs()).sum(-1)
    total = torch.logsumexp(torch.where(seen, nu.clamp(min=2.0**-1074).log() + exponent, -math.inf), -1)
    total = total + (total.abs() + 750 + k) * 8 * U + eta
    found = torch.where(small, torch.log1p(change.clamp(min=0)), total) / (order - 1)
    return leave(torch.where(same, 0.0, found * (1 + 16 * U) + _TINY), "upper")


def _kl(nu: Tensor, mu: Tensor, eta: float) -> Tensor:
    """The sum of nu ln(nu/mu) - nu + mu, whose terms are at least 0, with all that rounding may have taken."""
    value, error, log = _term(nu, mu, nu - mu)
    moved = 2 * eta * (torch.where(nu > 0, nu * log.abs(), 0.0) + (nu - mu).abs() + eta * (nu + mu))
    return (value + error + moved).sum(-1)


def _laws(name: str, target: Number, source: Number, **more: Number):
    (nu, mu, *rest), leave = admit(name, {"target": 1, "source": 1}, target=target, source=source, **more)
    if nu.shape[-1] != mu.shape[-1]:
        shapes = f"{tuple(nu.shape)} and {tuple(mu.shape)}"
        raise ValueError(f"{name}: target and source must have as many outcomes as each other, got shapes {shapes}")
    require_law(name, "target", nu, target)
    require_law(name, "source", mu, source)
    same = (nu == mu).all(-1)
    nu, mu = (law.detach() / law.detach().sum(-1, keepdim=True) for law in (nu, mu))
    return (nu, mu, *rest), same, nu.shape[-1], leave
