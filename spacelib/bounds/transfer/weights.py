"""How many samples a weighted, stratified or dependent sample is worth: the n of its certificate.

With fixed weights w of independent samples, N = 1/max w stands for n in `kl_certificate` with constant="sqrt":
E exp(N kl(w.X, w.p)) <= 2 sqrt(N). All are rounded down. Kish's number of the variance, `design_effect`, is larger and
gives no certificate; nor do the questions, where scenes have several.
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_law, require_probability
from spacelib.bounds.binary_kl import inverse_second
from spacelib.bounds.transfer._checks import (
    LN2,
    U,
    capped,
    raised,
    require_at_least_one,
    require_count,
    require_positive,
    require_share,
)
from spacelib.bounds.transfer.certificates import budget


def weighted_samples(weights: Number) -> Number:
    r"""Effective number of independent samples whose mean is weighted.

    .. math:: N = \frac{\sum_i w_i}{\max_i w_i}

    Parameters: weights w (..., n), at least 0, not all 0, in any unit, fixed before the losses are seen. Returns real
    numbers of the leading shape, from 1 to n, rounded down; n exactly where all weights are equal.
    Errors: ValueError for a negative weight or none above 0.
    Source: the moment of a weighted mean, by layers of equal weights.
    Implements :prf:ref:`thm-layered_moment`, :prf:ref:`thm-layers_size`.
    """
    name = "weighted_samples"
    (w,), leave = admit(name, {"weights": 1}, weights=weights)
    if w.shape[-1] == 0:
        raise ValueError(f"{name}: weights must have at least 1 entry, got shape {tuple(w.shape)}")
    require_positive(name, "weights", w, or_zero=True)
    largest = w.amax(-1)
    require(name, "the largest of weights", largest, largest > 0, "above 0")
    share = w / largest[..., None]
    total = share.sum(-1)
    alike = ((share == 0) | (share == 1)).all(-1)  # a whole number, exactly
    return leave(torch.where(alike, total, total * (1 - (share.shape[-1] + 4) * U)).clamp(min=1), "lower")


def question_weighted_samples(sizes: Number) -> Number:
    r"""Effective number of scenes where every question counts alike: the questions over the most of one scene.

    .. math:: N = \frac{M}{\max_i s_i}, \qquad M = \sum_i s_i

    Parameters: sizes s (..., scenes), questions of a scene, integers >= 1, fixed before the losses are seen (for random
    ones, `random_size_certificate`). Returns real numbers of the leading shape, from 1 to the number of scenes, rounded
    down. Errors: ValueError for other sizes.
    Source: `weighted_samples` with weights s_i/M.
    """
    name = "question_weighted_samples"
    (s,), leave = admit(name, {"sizes": 1}, sizes=sizes)
    if s.shape[-1] == 0:
        raise ValueError(f"{name}: sizes must have at least 1 scene, got shape {tuple(s.shape)}")
    require_count(name, "sizes", s)
    return leave(_over(s.sum(-1), s.amax(-1)), "lower")


def stratified_samples(target_mix: Number, counts: Number) -> Number:
    r"""Effective number of samples where each type of question has its own number and its own weight.

    .. math:: N = \min_{t:\, b_t > 0} \frac{n_t}{b_t}

    Parameters: target_mix b (..., types), summing to 1; counts n (..., types), integers, at least 1 where b_t > 0,
    fixed before. Returns real numbers of the leading shape, rounded down; the number of samples itself iff n_t = n b_t.
    Errors: ValueError for values outside these ranges or lengths that differ.
    Source: `weighted_samples` with weights b_t/n_t.
    """
    name = "stratified_samples"
    (b, n), leave = _strata(name, target_mix, counts)
    return leave(_strata_samples(b, n), "lower")


def stratified_scene_samples(target_mix: Number, counts: Number) -> Number:
    r"""Effective number of scenes that hold questions of several types, each type with its own weight.

    .. math:: N = \Big(\max_i \sum_t b_t \frac{n_{it}}{n_t}\Big)^{-1}, \qquad n_t = \sum_i n_{it}

    Parameters: target_mix b (..., types), summing to 1; counts n (..., scenes, types), integers >= 0, with a question
    of each type of the mix, fixed before. Returns real numbers of the leading shape, rounded down.
    Assumes that in every scene the mean loss of a type is that type's risk on average, whatever the scene's counts.
    Errors: ValueError for values outside these ranges or lengths that differ.
    Source: `weighted_samples` with the scenes' weights.
    """
    name = "stratified_scene_samples"
    axes = {"target_mix": 1, "counts": 2}
    (b, n), leave = admit(name, axes, target_mix=target_mix, counts=counts)
    _require_strata(name, b, n, target_mix)
    require_count(name, "counts", n, 0)
    total = n.sum(-2)
    require(name, "the sum of counts of a type", total, (total >= 1) | (b == 0), "at least 1 for each type of the mix")
    b = b / b.sum(-1, keepdim=True)
    share = ((b / total.clamp(min=1))[..., None, :] * n).sum(-1)
    types = b.shape[-1]
    return leave(((1 - (2 * types + 12) * U) / share.amax(-1)).clamp(min=1), "lower")


def chromatic_samples(questions: Number, chromatic: Number) -> Number:
    r"""Effective number of samples of which some depend on each other.

    .. math:: N = M/\chi

    Parameters: questions M, integers >= 1; chromatic chi from 1 to M, the weight of an exact fractional cover: classes
    of questions, their weights summing to chi, those of the classes that hold a question to 1 (the colours, where each
    question has one). Returns real numbers, rounded down: of scenes with s questions each, chi = s, the scenes.
    Assumes the questions of each class mutually independent, of any means. Independence in pairs is not enough: the 31
    sums mod 2 of some of 5 fair bits have it and are all 0 with chance 1/32. The classes may be the colours of a graph
    if any two sets of questions without an edge between them are independent.
    Errors: ValueError for values outside these ranges.
    Source: Janson 2004; Ralaivola, Szafranski and Stempfel 2010.
    Implements :prf:ref:`thm-layers_size`, :prf:ref:`thm-colours_sharper`.
    """
    (questions, chi), leave = _graph("chromatic_samples", questions=questions, chromatic=chromatic)
    return leave(_over(questions, chi), "lower")


def chromatic_published(
    empirical_risk: Number, complexity: Number, questions: Number, chromatic: Number, delta: Number
) -> Number:
    r"""The certificate of dependent samples as published, for comparison.

    .. math:: L(Q) \le \sup\Big\{p : \mathrm{kl}(\hat L(Q), p) \le
        \frac{\chi}{M} \Big(\mathrm{KL}(Q\|P) + \ln\frac{M + \chi}{\delta \chi}\Big)\Big\}

    Parameters, assumptions and errors: as `kl_certificate` and `chromatic_samples`. Returns risks, rounded up, never
    below `kl_certificate` of `chromatic_samples` (constant="sqrt"), since 2 sqrt(N) <= N + 1.
    Source: Ralaivola, Szafranski and Stempfel 2010.
    """
    name = "chromatic_published"
    given = {"empirical_risk": empirical_risk, "complexity": complexity, "delta": delta}
    (m, chi, q, k, delta), leave = _graph(name, questions=questions, chromatic=chromatic, **given)
    require_probability(name, "empirical_risk", q)
    require_positive(name, "complexity", k, or_zero=True)
    require_share(name, "delta", delta)
    log = k + torch.log1p(m / chi) - torch.log(delta)
    most = torch.finfo(torch.float64).max
    return leave(inverse_second(q, raised(chi / m * log.clamp(max=most / 2), 12)), "upper")


def stratified_certificate(
    empirical_risks: Number, target_mix: Number, counts: Number, complexity: Number, delta: Number
) -> Number:
    r"""The certificate of the risk at another mix of types: no ratio of laws, and no union over the types.

    .. math:: L_\nu(Q) \le \sup\Big\{p : \mathrm{kl}\Big(\sum_t b_t \hat L_t(Q), p\Big) \le
        \frac{\mathrm{KL}(Q\|P) + \ln(2 \sqrt N/\delta)}{N}\Big\}, \qquad N = \min_t \frac{n_t}{b_t}

    Parameters: empirical_risks (..., types) in [0, 1], each type's own mean; target_mix and counts as
    `stratified_samples`; complexity KL(Q\|P) >= 0 nats; delta in (0, 1). Returns target risks of the leading broadcast
    shape, rounded up. Differentiable in risks, complexity and delta.
    Assumes independent samples with the target's law inside each type, prior and counts fixed before them.
    Errors: ValueError for values outside these ranges.
    Source: `weighted_samples`. Implements :prf:ref:`thm-weighted_certificate`.
    """
    name = "stratified_certificate"
    more = {"empirical_risks": empirical_risks, "complexity": complexity, "delta": delta}
    (b, n, q, k, delta), leave = _strata(name, target_mix, counts, {"empirical_risks": 1}, **more)
    if q.shape[-1] != b.shape[-1]:
        shapes = f"{tuple(q.shape)} and {tuple(b.shape)}"
        raise ValueError(f"{name}: empirical_risks must have as many types as target_mix, got shapes {shapes}")
    require_probability(name, "empirical_risks", q)
    require_positive(name, "complexity", k, or_zero=True)
    require_share(name, "delta", delta)
    mixed = (b * q).sum(-1) / b.sum(-1)
    mixed = capped(raised(mixed, 2 * b.shape[-1] + 4))
    return leave(inverse_second(mixed, budget(k, _strata_samples(b, n), delta, "sqrt")), "upper")


def random_size_certificate(
    weighted_risk: Number,
    mean_size: Number,
    largest_size: Number,
    complexity: Number,
    samples: Number,
    delta: Number,
) -> Number:
    r"""The certificate of the mean over questions where a scene's number of them is random and may go with its loss.

    .. math:: \frac{E[s Y]}{E[s]} \le \frac{\sup\{p : \mathrm{kl}(\overline{sY}/S, p) \le
        (\mathrm{KL}(Q\|P) + \ln(2 \xi(m)/\delta))/m\}}{\inf\{p : \mathrm{kl}(\bar s/S, p) \le \ln(2/\delta)/m\}}

    Parameters: weighted_risk, E_Q of the mean over scenes of size times mean loss, from 0 to mean_size; mean_size, the
    mean size, from 1 to largest_size S, a cap of all sizes known before; complexity KL(Q\|P) >= 0 nats; samples m,
    scenes, integers >= 1; delta in (0, 1), half for each bound. The denominator is at least 1/S, sizes being 1 or more.
    Returns risks, rounded up, at most 1. Assumes independent scenes of one law.
    Errors: ValueError for values outside these ranges.
    Source: `kl_certificate` for the numerator, `fixed_model_bound` for the denominator.
    Implements :prf:ref:`thm-random_sizes`.
    """
    name = "random_size_certificate"
    given = {"weighted_risk": weighted_risk, "mean_size": mean_size, "largest_size": largest_size}
    (q, s, most, k, m, delta), leave = admit(name, **given, complexity=complexity, samples=samples, delta=delta)
    require(name, "mean_size", s, (s >= 1) & (s <= most), "from 1 to largest_size")
    require(name, "weighted_risk", q, (q >= 0) & (q <= s), "from 0 to mean_size")
    require_positive(name, "complexity", k, or_zero=True)
    require_count(name, "samples", m)
    require_share(name, "delta", delta)
    above = inverse_second(capped(raised(q / most, 1)), budget(k + LN2, m, delta, "exact"))
    spent = raised((LN2 - torch.log(delta)) / m, 8)
    below = inverse_second((s / most * (1 - 2 * U)), spent, side="lower")
    below = torch.maximum(below, (1 - 2 * U) / most)
    return leave(capped(raised(above / below, 2)), "upper")


def _over(top: Tensor, bottom: Tensor) -> Tensor:
    """The quotient rounded down, exactly where it is a whole number."""
    return torch.where(torch.remainder(top, bottom) == 0, top / bottom, top / bottom * (1 - 2 * U))


def _strata_samples(b: Tensor, n: Tensor) -> Tensor:
    total = b.sum(-1)
    ratio = torch.where(b > 0, n / b.clamp(min=2.0**-1022), torch.inf).amin(-1)
    return (ratio * total * (1 - (b.shape[-1] + 6) * U)).clamp(min=1, max=2.0**1000)


def _strata(name: str, target_mix: Number, counts: Number, axes: dict[str, int] | None = None, **more: Number):
    own = {"target_mix": 1, "counts": 1, **(axes or {})}
    (b, n, *rest), leave = admit(name, own, target_mix=target_mix, counts=counts, **more)
    _require_strata(name, b, n, target_mix)
    require_count(name, "counts", n, 0)
    require(name, "counts", n, (n >= 1) | (b == 0), "at least 1 for each type of the mix")
    return (b, n, *rest), leave


def _require_strata(name: str, b: Tensor, n: Tensor, given: Number) -> None:
    require_law(name, "target_mix", b, given)
    if b.shape[-1] != n.shape[-1]:
        shapes = f"{tuple(b.shape)} and {tuple(n.shape)}"
        raise ValueError(f"{name}: target_mix and counts must have as many types as each other, got shapes {shapes}")


def _graph(name: str, **given: Number):
    (m, chi, *rest), leave = admit(name, **given)
    require_count(name, "questions", m)
    require_at_least_one(name, "chromatic", chi)
    require(name, "chromatic", chi, chi <= m, "at most the questions")
    return (m, chi, *rest), leave
