"""Risk from disagreement: what unlabelled target scenes tell of two models drawn from the posterior.

d is the probability that two such models differ in their answer, e that both are wrong. The risk is at most d/2 + e,
equal for two answers; with three or more, two wrong answers may differ, and what rests on the equality fails.
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_probability
from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.transfer._checks import (
    capped,
    raised,
    require_count,
    require_positive,
    require_share,
    split_infinite,
)
from spacelib.bounds.transfer.certificates import budget


def gibbs_from_disagreement(disagreement: Number, joint_error: Number) -> Number:
    r"""The risk of a model drawn from the posterior, from disagreement and joint error of two.

    .. math:: R \le \frac d2 + e

    Parameters: disagreement d and joint_error e in [0, 1]. Returns risks, rounded up, at most 1; for two answers the
    risk itself, for more an upper bound (the excess is half the probability that both are wrong and differ).
    Errors: ValueError for values outside [0, 1].
    Source: Lacasse et al. 2006 for two answers; Germain, Habrard, Laviolette and Morvant 2013 for domain adaptation.
    Implements :prf:ref:`thm-gibbs_bound`.
    """
    name = "gibbs_from_disagreement"
    (d, e), leave = _admit(name, {"disagreement": disagreement, "joint_error": joint_error})
    return leave(capped(raised(d / 2 + e, 1)), "upper")


def disagreement_2015(
    source_risk: Number, source_disagreement: Number, target_disagreement: Number, joint_error_gap: Number
) -> Number:
    r"""The target risk from the change of disagreement. Two answers only: with three or more it is false.

    .. math:: R_\nu \le R_\mu + \tfrac12 |d_\nu - d_\mu| + |e_\nu - e_\mu|

    Parameters: source_risk, both disagreements and joint_error_gap, the change of the joint error or a bound of it (an
    assumption: it needs target labels), in [0, 1]. Returns risks, rounded up, at most 1. Assumes two answers.
    Errors: ValueError for values outside [0, 1].
    Source: Germain, Habrard, Laviolette and Morvant 2015, 2020.
    """
    given = {"source_risk": source_risk, "source_disagreement": source_disagreement}
    given |= {"target_disagreement": target_disagreement, "joint_error_gap": joint_error_gap}
    (risk, source, target, gap), leave = _admit("disagreement_2015", given)
    return leave(capped(raised(risk + (target - source).abs() / 2 + gap, 4)), "upper")


def disagreement_2016(
    target_disagreement: Number, source_joint_error: Number, beta: Number, order: Number, eta: Number
) -> Number:
    r"""The target risk from target disagreement and source joint error, for any number of answers.

    .. math:: R_\nu \le \frac{d_\nu}{2} + \beta_q\, e_\mu^{1 - 1/q} + \eta, \qquad
        \beta_q = \Big(E_\mu \Big(\frac{d\nu}{d\mu}\Big)^q\Big)^{1/q}

    Parameters: target_disagreement, source_joint_error and eta, the largest risk where the source has no mass times the
    target's mass there, in [0, 1]; beta >= 0; order q > 1, infinite for the largest ratio. beta and eta are
    assumptions: no unlabelled data tells them. Returns risks, rounded up, at most 1.
    Errors: ValueError for values outside these ranges.
    Source: Germain, Habrard, Laviolette and Morvant 2016; `shift_renyi` for the joint error.
    Implements :prf:ref:`thm-joint_transfer` (the infinite order).
    """
    name = "disagreement_2016"
    order, infinite = split_infinite(order, 2.0)
    given = {"target_disagreement": target_disagreement, "source_joint_error": source_joint_error, "eta": eta}
    (d, e, eta, beta, q), leave = _admit(name, given, beta=beta, order=order)
    return leave(_shifted(name, d, e, beta, q, infinite, eta), "upper")


def disagreement_certificate(
    target_disagreement: Number,
    target_samples: Number,
    source_joint_error: Number,
    source_samples: Number,
    complexity: Number,
    delta_target: Number,
    delta_source: Number,
    *,
    beta: Number,
    order: Number,
    eta: Number,
    constant: str = "exact",
) -> Number:
    r"""`disagreement_2016` from samples: unlabelled target scenes and labelled source scenes.

    .. math:: R_\nu \le \tfrac12 G\Big(\hat d_\nu, \frac{2 \mathrm{KL} + \ln(\xi(m_\nu)/\delta_\nu)}{m_\nu}\Big)
        + \beta_q\, G\Big(\hat e_\mu, \frac{2 \mathrm{KL} + \ln(\xi(m_\mu)/\delta_\mu)}{m_\mu}\Big)^{1 - 1/q} + \eta

    with G = `inverse_second`; 2 KL because pairs of models have the prior P x P. Parameters: empirical disagreement and
    joint error of pairs drawn from Q, in [0, 1]; their scenes, integers >= 1; complexity KL(Q\|P) >= 0 nats; two deltas
    in (0, 1); beta, order and eta as `disagreement_2016`, assumed; constant as `kl_certificate`. Returns target risks,
    rounded up, at most 1, that fail with probability at most the sum of the deltas.
    Assumes independent scenes and a prior fixed before them. Errors: ValueError for values outside these ranges.
    Source: Germain, Habrard, Laviolette and Morvant 2016; Maurer 2004.
    """
    name = "disagreement_certificate"
    if constant not in ("exact", "sqrt"):
        raise ValueError(f"{name}: constant must be one of exact, sqrt, got {constant!r}")
    order, infinite = split_infinite(order, 2.0)
    given = {"target_disagreement": target_disagreement, "source_joint_error": source_joint_error, "eta": eta}
    others = {"target_samples": target_samples, "source_samples": source_samples, "complexity": complexity}
    others |= {"delta_target": delta_target, "delta_source": delta_source, "beta": beta, "order": order}
    (d, e, eta, *rest), leave = _admit(name, given, **others)
    target, source, k, miss_target, miss_source, beta, q = rest
    for argument, value in (("target_samples", target), ("source_samples", source)):
        require_count(name, argument, value)
    require_positive(name, "complexity", k, or_zero=True)
    for argument, value in (("delta_target", miss_target), ("delta_source", miss_source)):
        require_share(name, argument, value)
    twice = (2 * k).clamp(max=torch.finfo(k.dtype).max)
    d = inverse_second(d, budget(twice, target, miss_target, constant))
    e = inverse_second(e, budget(twice, source, miss_source, constant))
    return leave(_shifted(name, d, e, beta, q, infinite, eta), "upper")


def _shifted(name: str, d: Tensor, e: Tensor, beta: Tensor, q: Tensor, infinite: Tensor, eta: Tensor) -> Tensor:
    require_positive(name, "beta", beta, or_zero=True)
    require(name, "order", q, q > 1, "above 1")
    share = torch.where(infinite.to(q.device), 1.0, (q - 1) / q)
    log = e.clamp(min=2.0**-1074).log()
    # e^share = exp(share ln e): ln e carries 2 u, the share and the product 3 u, the exponential 2 u
    power = torch.where(e > 0, raised((share * log).exp(), 4 - 6 * (share * log).detach()), 0.0)
    return capped(raised(d / 2 + beta * power + eta, 4))


def _admit(name: str, probabilities: dict[str, Number], **others: Number):
    values, leave = admit(name, **probabilities, **others)
    for argument, value in zip(probabilities, values, strict=False):
        require_probability(name, argument, value)
    return values, leave
