"""Figures of channels known exactly: joint laws of observation and target over finitely many values."""

from typing import NamedTuple

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require_law


class KnownChannel(NamedTuple):
    """What a known joint law says: I(O; T) and H(T) in nats, the best accuracy without and with the observation."""

    information: Number
    entropy: Number
    blind_accuracy: Number
    bayes_accuracy: Number


def information_density(joint: Number) -> Number:
    r"""How much more often a pair of observation and target occurs than it would by chance, in nats.

    .. math:: i(o, t) = \ln \frac{P(o, t)}{P(o) P(t)}

    Parameters: joint (..., observations, targets), summing to 1. Returns nats of the same shape; 0 where the law has no
    mass, where the density has no meaning and no weight. Its mean under the law is I(O; T). Differentiable.
    Errors: ValueError for a joint that is negative or does not sum to 1.
    Source: Han and Verdú 1993 for its use.
    """
    (joint_,), leave = admit("information_density", {"joint": 2}, joint=joint)
    require_law("information_density", "joint", joint_, joint, axes=2)
    return leave(_density(joint_))


def _density(joint: Tensor) -> Tensor:
    joint = joint / joint.sum((-1, -2), keepdim=True)
    seen, prior = joint.sum(-1, keepdim=True), joint.sum(-2, keepdim=True)
    mass = joint > 0
    posterior = torch.where(mass, joint, 1) / torch.where(seen > 0, seen, 1)
    return torch.where(mass, posterior.log() - torch.where(prior > 0, prior, 1).log(), 0)


def known_channel(joint: Number) -> KnownChannel:
    r"""Information, entropy and best accuracies of a known joint law.

    .. math:: I(O; T), \quad H(T), \quad \max_t P(t), \quad \sum_o \max_t P(o, t)

    Parameters: joint (..., observations, targets), summing to 1. Returns the four figures over the leading axes, right to
    rounding (some 2^-53 times the number of cells), none rounded to a side. Differentiable.
    With a question, give one joint a question, and average the last two figures and the information over questions.
    Errors: ValueError for a joint that is negative or does not sum to 1.
    Source: definitions; the last is the accuracy of the Bayes rule.
    """
    (joint_,), leave = admit("known_channel", {"joint": 2}, joint=joint)
    require_law("known_channel", "joint", joint_, joint, axes=2)
    law = joint_ / joint_.sum((-1, -2), keepdim=True)
    prior = law.sum(-2)
    figures = (
        (law * _density(law)).sum((-1, -2)).clamp(min=0),
        torch.special.entr(prior).sum(-1),
        prior.amax(-1),
        law.amax(-1).sum(-1),
    )
    return KnownChannel(*map(leave, figures))


def decoder_accuracy(joint: Number, decoder: Number) -> Number:
    r"""Exact accuracy of a decoder, random or not, on a known joint law.

    .. math:: A = \sum_{o, t} P(o, t)\, P(\hat T = t \mid o)

    Parameters: joint (..., observations, targets), summing to 1; decoder (..., observations, targets), each row a law of
    the answer given the observation. Leading axes broadcast. Returns accuracies, right to rounding. Differentiable.
    Errors: ValueError where joint or a decoder's row is no law, or their shapes differ.
    Source: definition.
    """
    name = "decoder_accuracy"
    (law, rule), leave = admit(name, {"joint": 2, "decoder": 2}, joint=joint, decoder=decoder)
    require_law(name, "joint", law, joint, axes=2)
    require_law(name, "decoder", rule, decoder)
    if law.shape[-2:] != rule.shape[-2:]:
        shapes = f"{tuple(law.shape[-2:])}, got {tuple(rule.shape[-2:])}"
        raise ValueError(f"{name}: decoder must have the joint's observations and targets {shapes}")
    return leave((law * rule).sum((-1, -2)) / law.sum((-1, -2)))
