"""The choice of an estimator for continuous variables by what the data show: normal, heavy-tailed, or neither."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.estimators.continuous._samples import Samples, checked_samples, without_ties
from spacelib.estimators.continuous.critic import SHOWN, info_nce, learn_critic
from spacelib.estimators.continuous.gaussian import influence_variance
from spacelib.estimators.continuous.ksg import ksg_terms
from spacelib.estimators.continuous.t_copula import (
    TCopula,
    draw_t_copula,
    fit_at,
    fit_t_copula,
    t_scores,
    uniform_ranks,
)
from spacelib.estimators.result import Estimate

NEIGHBOURS = 3
_DIMENSIONS = 20  # columns up to which nearest neighbours are asked at all
_LEAST = 100  # samples below which nothing but the copula can be told
_SURE = 3.0  # standard errors that a departure from the copula must reach; three are tested


def chosen_information(x: Samples, y: Samples, *, generator: torch.Generator | None = None) -> Estimate:
    r"""Mutual information I(X; Y) of continuous variables by the simplest estimator that the data do not contradict.

    Columns are replaced by their normal scores, which leaves the information as it is. Then, in this order:

    1. A Gaussian or a t copula is fitted; the t where it is likelier by more than its one parameter may be (BIC).
    2. Two witnesses without a model are heard. Nearest neighbours (KSG, k = 3, up to 20 columns), less the bias that
       they have on a sample of the same size from the fitted copula. And a learned critic, trained on four fifths of
       the points: the mean of its InfoNCE on points seen and on fresh ones, as the first is too high by about what the
       second is too low.
    3. Where neither departs upwards from the copula by 3 standard errors of the paired difference, nor the copula's own
       log ratios of pairs and of strangers bear its claim out worse by as much than on a sample of its own, the
       copula's closed form is the estimate, its bias removed.
    4. Else the larger witness is: both see too little rather than too much.

    Parameters: x, y: real (samples,) or (samples, dimension); generator, on the CPU (None: a fresh one with seed 0).
    Returns an Estimate in nats, at least 0; `method` says what was chosen and why. Interval: 1.96 standard errors of
    the mean of the points' terms; for a witness, wider by what is not known of its bias, half of it below and all of it
    above: the distance of the two witnesses, or half that of points seen from fresh ones, or half the bias removed,
    whichever is largest. Below 100 samples the copula is taken without witness.
    Assumes independent samples. What no witness sees in n samples is missed by the interval too.
    Measured (`continuous_table`, 5,000 samples, the mean of three draws): on 20 external tasks the mean error is .018
    nats, the median .009, 90 % are below .05, and 52 of 60 intervals cover (the rule was made with a draw of each in
    view); on 25 families of this library .032, .006, 92 % and 70 of 75, the worst being maps that no witness unfolds (a
    shear by waves, .73 seen as .49; twists in 6 + 4 dimensions, 1.28 as .93).
    Errors: as `gaussian_information`.
    Source: Kraskov et al. 2004; van den Oord et al. 2018; Czyz et al. 2023 for what breaks estimators.
    """
    checked = checked_samples("mutual_information", x=x, y=y)
    samples, split = len(checked["x"]), checked["x"].shape[1]
    columns = split + checked["y"].shape[1]
    if samples < columns + 2:
        raise ValueError(f"mutual_information: {columns} columns need at least {columns + 2} samples, got {samples}")
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    if generator.device.type != "cpu":
        raise ValueError(f"mutual_information: generator must be on the CPU for real numbers, got one on {generator.device}")
    ranks = uniform_ranks(torch.cat(list(checked.values()), 1))
    copula, why = _fit(ranks)
    claim = _claim(copula, ranks, split)
    if samples < _LEAST:
        return _estimate(claim, f"{why}; too few samples for another witness", samples)
    drawn = uniform_ranks(draw_t_copula(copula, samples, generator))
    witnesses = [_critic(copula, ranks, split, generator)]
    if columns <= _DIMENSIONS:
        witnesses.append(_neighbours(copula, ranks, drawn, split, claim))
    names = [witness.name for witness in witnesses]
    against = [witness.name for witness in witnesses if witness.contradicts]
    if _overclaims(copula, ranks, drawn, split):
        against.append("its own log ratios of strangers")
    if not against:
        return _estimate(claim, f"{why}; not contradicted by {' and '.join(names)}", samples)
    best = max(witnesses, key=lambda witness: witness.value)
    slack = max([best.slack, *(abs(best.value - witness.value) for witness in witnesses)])
    words = f"{best.name}, {best.value:.3f}, as {' and '.join(against)} contradicted the {why} ({claim.value:.3f})"
    return _estimate(_Claim(best.value, best.error, slack), words, samples)


@dataclass(frozen=True)
class _Claim:
    """An estimate, its standard error, how far its bias may reach, and the points' log ratios, centred on it."""

    value: float
    error: float
    slack: float = 0.0
    terms: Tensor | None = None


@dataclass(frozen=True)
class _Witness:
    """What an estimator without a model says, and whether it contradicts the copula."""

    name: str
    value: float
    error: float
    slack: float
    contradicts: bool


def _estimate(claim: _Claim, words: str, samples: int) -> Estimate:
    low = claim.value - 1.96 * claim.error - claim.slack / 2
    high = claim.value + 1.96 * claim.error + claim.slack
    return Estimate(max(0.0, claim.value), (max(0.0, low), max(0.0, high)), claim.error, samples, words)


def _fit(ranks: Tensor) -> tuple[TCopula, str]:
    """The Gaussian copula, or the t copula where it is likelier by BIC's price of a parameter; and its name."""
    plain, heavy = fit_at(ranks, math.inf), fit_t_copula(ranks)
    gain = len(ranks) * (heavy.log_likelihood - plain.log_likelihood)
    if gain > math.log(len(ranks)) / 2:
        return heavy, f"t copula, {heavy.freedom:.3g} degrees of freedom"
    return plain, "Gaussian copula"


def _claim(copula: TCopula, ranks: Tensor, split: int) -> _Claim:
    """The copula's closed form, and its points' log ratios shifted so that this is their mean."""
    terms = copula.log_ratio(t_scores(ranks, copula.freedom), split)
    value = copula.information(split, len(ranks))
    pairs = split * (ranks.shape[1] - split)
    error = math.sqrt(influence_variance(terms.var(), pairs, len(ranks)).item())
    return _Claim(value, error, 0.0, terms - terms.mean() + value)


def _neighbours(copula: TCopula, ranks: Tensor, drawn: Tensor, split: int, claim: _Claim) -> _Witness:
    """Nearest neighbours of the normal scores, less their bias on a sample of the copula."""

    def terms(rows: Tensor) -> tuple[Tensor, bool]:
        scores = torch.special.ndtri(rows)
        blocks, jittered = without_ties([scores[:, :split].contiguous(), scores[:, split:].contiguous()], None)
        return ksg_terms(blocks, NEIGHBOURS), jittered

    # against the log ratios of the very points drawn, so that their luck cancels
    bias = terms(drawn)[0] - copula.log_ratio(t_scores(drawn, copula.freedom), split)
    here, jittered = terms(ranks)
    value, slack = (here.mean() - bias.mean()).item(), abs(bias.mean().item()) / 2
    noise = _mean_error(here - claim.terms, bias)
    contradicts = value - claim.value > _SURE * noise + slack
    name = "nearest neighbours" + (" (ties jittered by 1e-10 deviations)" if jittered else "")
    return _Witness(name, value, _mean_error(here, bias), slack, contradicts)


def _critic(copula: TCopula, ranks: Tensor, split: int, generator: torch.Generator) -> _Witness:
    """The learned critic beside the copula fitted to the same points, both judged on points seen and on fresh ones."""
    order = torch.randperm(len(ranks), generator=generator, device=generator.device).to(ranks.device)
    test, train = order[: len(order) // 5], order[len(order) // 5 :]
    scores = torch.special.ndtri(ranks)
    learned = learn_critic(scores[:, :split], scores[:, split:], train, test, generator)
    same, quantiles = fit_at(ranks[train], copula.freedom, copula.correlation), t_scores(ranks, copula.freedom)
    seen, fresh = (info_nce(same.pair_ratios(quantiles[rows[:SHOWN]], split)) for rows in (train, test))
    value = (learned.seen.mean() + learned.fresh.mean()).item() / 2
    gain = value - (seen.mean() + fresh.mean()).item() / 2
    slack = abs((learned.seen.mean() - learned.fresh.mean()).item()) / 2
    contradicts = gain > _SURE * _mean_error(learned.seen - seen, learned.fresh - fresh) / 2
    return _Witness("a learned critic", value, _mean_error(learned.seen, learned.fresh) / 2, slack, contradicts)


def _overclaims(copula: TCopula, ranks: Tensor, drawn: Tensor, split: int) -> bool:
    """Whether the copula's log ratios, told from strangers, are worth less on the data than on a sample of its own."""

    def short(rows: Tensor) -> Tensor:
        matrix = copula.pair_ratios(t_scores(rows, copula.freedom)[:SHOWN], split)
        return matrix.diagonal() - info_nce(matrix)

    here, there = short(ranks), short(drawn)
    return (here.mean() - there.mean()).item() > _SURE * _mean_error(here, there)


def _mean_error(*terms: Tensor) -> float:
    """Standard error of the sum of the means of independent samples."""
    return math.sqrt(sum(part.var().item() / len(part) for part in terms))
