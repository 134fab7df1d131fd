"""A second route to a channel's information: from how well its frames can be estimated, at every strength of them."""

import math
from collections.abc import Iterable, Sequence

import numpy as np
import torch
from torch import Tensor

from spacelib.estimators.result import Estimate
from spacelib.scenes.channel import Channel, Subset, estimates

_CELLS = 1 << 22


def information_by_estimation(
    channel: Channel,
    subsets: Iterable[Sequence[int]] | None = None,
    samples: int = 4000,
    *,
    generator: torch.Generator,
    nodes: int = 16,
) -> dict[Subset, Estimate]:
    r"""Information of frames about the target, by the relation between information and estimation, in nats.

    .. math:: I(O_S; T) = \frac12 \int_0^1 \mathbb E\,
        \big\Vert \mathbb E[s \mid O^\gamma, T] - \mathbb E[s \mid O^\gamma] \big\Vert^2 d\gamma,
        \qquad O^\gamma = \sqrt\gamma\, s + \text{noise}

    s are the clean frames in units of the noise. I(O; s) and I(O; s | T) each grow in the strength gamma by half their
    least mean square error; the difference of the two errors is the integrand, and the difference of the informations
    is I(O; T). No logarithm of a probability is taken. Noise is drawn pixel by pixel, the same for all strengths, and
    the integral over a logarithm of gamma is done by Gauss and Legendre's rule of `nodes` points, draw by draw.
    The standard error holds the sampling error and the distance to the rule of half the points, as two errors add.
    Parameters and errors: as `Channel.information`; ValueError for fewer than 4 nodes.
    Source: Guo, Shamai and Verdu 2005, theorem 1.
    """
    chosen = channel.require_subsets(subsets)
    if samples < 2 or nodes < 4:
        raise ValueError(f"information_by_estimation: at least 2 samples and 4 nodes, got {samples} and {nodes}")
    clean = channel.templates.flatten(3).flatten(0, 1)
    clean = (clean - clean.mean(0)) / channel.noise[:, None]
    gram = torch.einsum("ikp,jkp->kij", clean, clean)
    size = max(1, _CELLS // max(channel.prior.numel() * channel.prior.shape[0], clean[0].numel()))
    fine, coarse = [], []
    for start in range(0, samples, size):
        count = min(size, samples - start)
        scene = torch.multinomial(channel.prior.flatten(), count, replacement=True, generator=generator)
        shape = (count, *clean.shape[1:])
        noise = torch.randn(shape, generator=generator, dtype=clean.dtype, device=clean.device)
        along = torch.einsum("nkp,jkp->nkj", noise, clean)
        for rule, values in ((nodes, fine), (nodes // 2, coarse)):
            columns = [_integral(channel, gram[list(s)].sum(0), along[:, list(s)].sum(1), scene, rule) for s in chosen]
            values.append(torch.stack(columns, 1))
    fine, coarse = torch.cat(fine), torch.cat(coarse)
    how = f"information and estimation: {samples} sampled noises, {nodes} strengths"
    return dict(zip(chosen, estimates(fine, (fine - coarse).mean(0).abs(), how), strict=True))


def _integral(channel: Channel, gram: Tensor, along: Tensor, scene: Tensor, nodes: int) -> Tensor:
    """Half the integral over gamma from 0 to 1, for each draw, (n,).

    Two scenes at a distance d are told apart at strengths of some 1/d², so gamma = (e^(a v) - 1)/(e^a - 1) with
    a = ln(1 + d²) for the largest of them: every order of magnitude down to that has its share of the points.
    """
    scales, directions = torch.linalg.eigh(gram)
    # points with these inner products: the templates, but for a rotation
    place = directions * scales.clamp(min=0).sqrt()
    norms = gram.diagonal()
    a = max(1.0, math.log1p((norms[:, None] + norms - 2 * gram).max().item()))
    points, weights = np.polynomial.legendre.leggauss(nodes)
    total = torch.zeros_like(along[:, 0])
    for v, weight in zip(((points + 1) / 2).tolist(), (weights / 2).tolist(), strict=True):
        gamma, speed = math.expm1(a * v) / math.expm1(a), a * math.exp(a * v) / math.expm1(a)
        logits = gamma * (gram[scene] - norms / 2) + math.sqrt(gamma) * along
        total = total + weight * speed / 2 * _spread(channel.prior, place, logits)
    return total


def _spread(prior: Tensor, place: Tensor, logits: Tensor) -> Tensor:
    """Posterior variance over targets of the mean of s given the target, (n,), from log-likelihoods (n, T Z)."""
    joint = torch.softmax(logits + prior.flatten().log(), -1).unflatten(-1, prior.shape)
    target = joint.sum(-1)
    share = joint / target.clamp(min=torch.finfo(joint.dtype).tiny)[..., None]
    means = torch.einsum("ntz,tzr->tnr", share, place.unflatten(0, prior.shape))
    middle = torch.einsum("nt,tnr->nr", target, means)
    return torch.einsum("nt,tn->n", target, ((means - middle) ** 2).sum(-1))
