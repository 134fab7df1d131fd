"""Grey pictures with white noise: two templates, and linear decoders whose accuracy is exact through the normal law.

All that a picture x = s_t + sigma z tells of t is its log-likelihood ratio, which is linear in x and normal given t. So
the information of thousands of pixels is an integral over one number.
"""

import math

import torch
from torch import Tensor

from spacelib import bounds
from spacelib.bounds import KnownChannel
from spacelib.bounds._border import Number, admit, require, require_law
from spacelib.estimators.falsifier import Attack

_REACH = 14.0  # standard deviations: beyond lies less than 1e-43
_STEP = 1 / 32
_FARTHEST = 16.0  # separation up to which the step is fine enough
_ROUNDED = 1e-15  # what rounding may take from an information
_CLIMB, _MOST = 200, 1000  # steps of an adversary, samples of a learner, at most


def two_template_information(separation: Number, prior: Number = 0.5, *, refine: int = 1) -> Number:
    r"""Information of a picture with white Gaussian noise about which of two templates is behind it, in nats.

    .. math:: I = -\sum_t p_t\, \mathbb E \ln\big(p_t + (1 - p_t) e^{d z - d^2/2}\big), \qquad
        d = \Vert s_1 - s_0 \Vert / \sigma, \quad z \text{ standard normal}

    By the trapezoidal rule with step h = 1/(32 refine). The integrand is analytic for |Im z| < pi/d, so the rule is off
    by some e^(-2 pi² /(d h)), below 1e-16 for all d allowed; what remains is rounding, some 1e-15.
    Parameters: separation d in [0, 16]; prior p_1 in (0, 1), broadcast. Returns nats. Differentiable.
    Errors: ValueError for d or p_1 outside their ranges.
    Source: the binary-input Gaussian channel; the rule's error, Trefethen and Weideman 2014.
    """
    name = "two_template_information"
    (d, p), leave = admit(name, separation=separation, prior=prior)
    require(name, "separation", d, (d >= 0) & (d <= _FARTHEST), f"in [0, {_FARTHEST:g}]")
    require(name, "prior", p, (p > 0) & (p < 1), "in (0, 1)")
    half = round(_REACH / _STEP) * refine
    z = torch.arange(-half, half + 1, dtype=d.dtype, device=d.device) * (_STEP / refine)
    weight = torch.exp(-z * z / 2) * (_STEP / refine / math.sqrt(2 * math.pi))
    d, p = d[..., None], torch.stack([1 - p, p], -1)[..., None]
    other = (1 - p).log() + (d * z - d * d / 2)[..., None, :]
    gained = -(weight * torch.logaddexp(p.log(), other)).sum(-1)
    return leave((p[..., 0] * gained).sum(-1).clamp(min=0))


def linear_accuracy(
    weights: Number, threshold: Number, templates: Number, noise: Number, prior: Number = 0.5
) -> Number:
    r"""Exact accuracy of the rule "template 1 where w x > b", on pictures with white Gaussian noise.

    .. math:: A = p_1 \Phi\Big(\frac{w s_1 - b}{\sigma \Vert w \Vert}\Big)
        + p_0 \Phi\Big(\frac{b - w s_0}{\sigma \Vert w \Vert}\Big)

    Parameters: weights w (..., pixels) and threshold b (...), one rule each; templates s (2, pixels); noise sigma > 0
    in the unit of the pixels; prior p_1 in [0, 1]. Returns accuracies (...), right to rounding. Differentiable where w
    is not 0.
    Errors: ValueError for shapes that do not fit, sigma <= 0 or p_1 outside [0, 1].
    Source: signal detection theory, Peterson, Birdsall and Fox 1954.
    """
    name = "linear_accuracy"
    axes = {"weights": 1, "templates": 2}
    given = {"weights": weights, "threshold": threshold, "templates": templates, "noise": noise, "prior": prior}
    (w, b, s, sigma, p), leave = admit(name, axes, **given)
    if s.shape[-2:] != (2, w.shape[-1]):
        shape = tuple(s.shape[-2:])
        raise ValueError(f"{name}: templates must have shape (2, {w.shape[-1]}) as the weights, got {shape}")
    require(name, "noise", sigma, sigma > 0, "above 0")
    require(name, "prior", p, (p >= 0) & (p <= 1), "in [0, 1]")
    margin, spread = (s @ w[..., None])[..., 0] - b[..., None], (sigma * w.norm(dim=-1))[..., None]
    # without weights the rule says 1 where 0 > b, always
    constant = torch.where(margin > 0, torch.inf, -torch.inf)
    score = torch.where(spread > 0, margin / torch.where(spread > 0, spread, 1), constant)
    right = torch.special.ndtr(torch.stack([-score[..., 0], score[..., 1]], -1))
    return leave((1 - p) * right[..., 0] + p * right[..., 1])


def falsify_linear(
    templates: Number, noise: float, prior: float = 0.5, number: int = 1000, *, generator: torch.Generator
) -> Attack:
    r"""Attack the ceilings with linear decoders of pictures with white Gaussian noise, each with its exact accuracy.

    *Bayes*: the matched filter with the best threshold, once; the others share the rest of `number`. *Perturbed*: its
    weights with noise; *random*: weights and threshold by lot; *adversarial*: gradient ascent on the exact accuracy
    from a random start, stopped at a random step; *learned*: ridge regression on 2 to 1,000 samples.
    Parameters: templates (2, ...), pictures that differ; noise sigma > 0; prior p_1 in (0, 1); number >= 5; generator
    on the device of the templates. Returns an `Attack`, whose ceilings are `general`, `exact` and `printed`.
    Errors: ValueError for arguments outside these ranges, or templates more than 16 sigma apart.
    """
    (s,), _ = admit("falsify_linear", {"templates": getattr(templates, "ndim", 0)}, templates=templates)
    if s.ndim < 2 or len(s) != 2:
        raise ValueError(f"falsify_linear: templates must have shape (2, ...), got {tuple(s.shape)}")
    if not noise > 0:
        raise ValueError(f"falsify_linear: noise must be above 0, got {noise!r}")
    if not 0 < prior < 1:
        raise ValueError(f"falsify_linear: prior must be in (0, 1), got {prior!r}")
    if number < 5:
        raise ValueError(f"falsify_linear: number must be at least 5, one decoder of each kind, got {number}")
    s = s.flatten(1)
    matched = s[1] - s[0]
    if not bool(matched.any()):
        raise ValueError("falsify_linear: templates must differ, got two equal ones")
    information = two_template_information((matched.norm() / noise).item(), prior)
    upper = information + _ROUNDED
    best = s.mean(0) @ matched + noise**2 * math.log((1 - prior) / prior)
    rules = {"Bayes": (matched[None], best[None])}
    for index, (kind, make) in enumerate(_KINDS.items()):
        rules[kind] = make(s, best, noise, prior, (number - 1 + index) // len(_KINDS), generator)
    accuracy = {kind: linear_accuracy(w, b, s, noise, prior) for kind, (w, b) in rules.items()}
    law = torch.tensor([1 - prior, prior], dtype=s.dtype)
    entropy = bounds.binary_entropy(prior)
    known = KnownChannel(information, entropy, law.max().item(), accuracy["Bayes"].item())
    ceilings = {
        "general": bounds.accuracy_ceiling(known.blind_accuracy, upper),
        "exact": bounds.exact_ceiling(law, upper).item(),
        "printed": bounds.printed_ceiling(min(information, entropy), entropy),
    }
    return Attack(accuracy, ceilings, bounds.accuracy_floor(max(0.0, entropy - information) + _ROUNDED), known)


def _noise(shape: tuple[int, ...], like: Tensor, generator: torch.Generator) -> Tensor:
    return torch.randn(shape, generator=generator, dtype=like.dtype, device=like.device)


def _perturbed(s, best, noise, prior, size, generator):
    strength = 10 ** (2 - 5 * torch.rand(size, 1, generator=generator, dtype=s.dtype, device=s.device))
    matched = s[1] - s[0]
    w = matched + strength * matched.norm() / s.shape[1] ** 0.5 * _noise((size, s.shape[1]), s, generator)
    return w, best + w @ s.mean(0) - matched @ s.mean(0)


def _random(s, best, noise, prior, size, generator):
    w = _noise((size, s.shape[1]), s, generator)
    return w, w @ s.mean(0) + noise * w.norm(dim=1) * _noise((size,), s, generator)


def _adversarial(s, best, noise, prior, size, generator):
    w, b = _random(s, best, noise, prior, size, generator)
    rule = torch.cat([w / w.norm(dim=1, keepdim=True), ((b - w @ s.mean(0)) / w.norm(dim=1))[:, None]], 1)
    stop = torch.randint(_CLIMB, (size, 1), generator=generator, device=s.device)
    centred = s - s.mean(0)
    for step in range(_CLIMB):
        rule = rule.detach().requires_grad_()
        reached = linear_accuracy(rule[:, :-1], rule[:, -1], centred, noise, prior).sum()
        (slope,) = torch.autograd.grad(reached, rule)
        length = slope.norm(dim=1, keepdim=True)
        rule = rule + torch.where((step < stop) & (length > 0), 0.1 * slope / length.clamp(min=1e-300), 0)
    rule = rule.detach()
    return rule[:, :-1], rule[:, -1] + rule[:, :-1] @ s.mean(0)


def _learned(s, best, noise, prior, size, generator):
    pixels, rules = s.shape[1], []
    for _ in range(size):
        part = torch.rand((), generator=generator, dtype=s.dtype, device=s.device).item()
        samples = int(2 * (_MOST / 2) ** part)
        target = (torch.rand(samples, generator=generator, dtype=s.dtype, device=s.device) < prior).long()
        x = s[target] + noise * _noise((samples, pixels), s, generator)
        y = (2 * target - 1).to(s.dtype)
        centre, level = x.mean(0), y.mean()
        ridge = noise**2 * torch.eye(pixels, dtype=s.dtype, device=s.device)
        w = torch.linalg.solve((x - centre).T @ (x - centre) + ridge, (x - centre).T @ (y - level))
        rules.append((w, w @ centre - level))
    return tuple(map(torch.stack, zip(*rules, strict=True)))


_KINDS = {"perturbed": _perturbed, "random": _random, "adversarial": _adversarial, "learned": _learned}
