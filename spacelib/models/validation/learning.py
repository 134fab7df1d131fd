"""Samples and transfer on a twin: what is enough, certified and shifted, beside a population that is known whole."""

import math
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.special import entr

from spacelib import bounds
from spacelib.models.validation.exact import Seen
from spacelib.models.validation.reading import Reading, standard_error

DECODERS, BUDGET, DELTA, GAP = 64, 300, 0.05, 0.1  # MultiSPA asks 300 questions of a subtask
SHIFT = 0.05  # nats from the twin's law of questions to another
_TIMES, _STEPS, _FAR = 400, 9, 8  # repetitions of a training set; halvings of the search for the least number, its end


def learning(seen: Seen, generator: torch.Generator) -> Iterator[Reading]:
    """Samples and certificates for 64 decoders, each of which sees a random half of the pixels.

    The sampled observations are the population: samples are drawn from them, so every risk is exact.
    """
    loss = _losses(seen, generator)
    risks, cost = loss.mean(0), math.log(DECODERS)
    enough = bounds.required_samples(GAP, DELTA, cost, regime="averaged_almost_sure")
    least = _least(loss, risks, int(enough), generator)
    yield Reading("samples", "required_samples", "above", least, 0.0, enough, False)
    yield Reading("samples", "printed order", "above", least, 0.0, cost / (GAP**2 * DELTA), False)

    yield from _certificates(loss, risks, generator)
    yield from _shifts(seen, loss[:, int(risks.argmin())], generator)


def _certificates(loss: Tensor, risks: Tensor, generator: torch.Generator) -> Iterator[Reading]:
    """Of Gibbs' posterior e^(-n L) over the decoders, on the sample it was made from; and of one decoder, chosen on half
    of as many questions and tested on the other half."""
    drawn = _drawn(loss, BUDGET, generator)
    weights = (-BUDGET * drawn).softmax(-1)
    truth, seen_risk = weights @ risks, (weights * drawn).sum(-1)
    kl = (math.log(DECODERS) - entr(weights).sum(-1)).clamp(min=0)
    for name, bound in (
        ("kl_certificate", bounds.kl_certificate),
        ("tolstikhin_seldin", bounds.tolstikhin_seldin),
        ("mcallester", bounds.mcallester),
        ("lambda_bound", bounds.lambda_bound),
    ):
        yield _certificate(name, truth, bound(seen_risk, kl, BUDGET, DELTA))
    yield _certificate("catoni", truth, bounds.catoni(seen_risk, kl, BUDGET, DELTA, rate=1.0))
    half = BUDGET // 2
    chosen = _drawn(loss, half, generator).argmin(-1)
    fresh = _drawn(loss, half, generator).gather(-1, chosen[:, None])[:, 0]
    tested = bounds.test_set_bound((fresh * half).round(), torch.full_like(fresh, half), DELTA)
    yield _certificate("test_set_bound", risks[chosen], tested)
    yield _certificate("fixed_model_bound", risks[chosen], bounds.fixed_model_bound(fresh, half, DELTA))


def _certificate(name: str, truth: Tensor, bound: Tensor) -> Reading:
    missed = (bound < truth).double().mean().item()
    value, risk = bound.mean().item(), truth.mean().item()
    return Reading("transfer", name, "above", risk, standard_error(truth), value, value >= 1, missed)


def _shifts(seen: Seen, loss: Tensor, generator: torch.Generator) -> Iterator[Reading]:
    """One decoder's risk where some questions are asked more often, `SHIFT` nats away, beside what each distance allows."""
    size = len(seen.twin.questions)
    asked = torch.bincount(seen.question, minlength=size).double()
    of_question = torch.bincount(seen.question, loss, minlength=size) / asked.clamp(min=1)
    source = asked / asked.sum()
    law = _shifted(source, torch.randn(size, generator=generator, dtype=torch.float64))
    here, there = (source @ of_question).item(), (law @ of_question).item()
    far = bounds.shift_divergences(law, source)
    for name, bound in (
        ("shift_kl", bounds.shift_kl(here, far.kl.item())),
        ("shift_reverse_kl", bounds.shift_reverse_kl(here, far.reverse_kl.item())),
        ("shift_pinsker", bounds.shift_pinsker(here, far.kl.item())),
        ("shift_total_variation", bounds.shift_total_variation(here, far.total_variation.item())),
        ("shift_chi_square", bounds.shift_chi_square(here, far.chi_square.item())),
        ("shift_ratio", bounds.shift_ratio(here, far.ratio.item())),
    ):
        yield Reading("transfer", name, "above", there, 0.0, bound, bound >= 1)


def _shifted(source: Tensor, lean: Tensor) -> Tensor:
    """The law `SHIFT` nats from the source, leaning as said."""
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = (low + high) / 2
        near = bounds.shift_divergences((source.log() + middle * lean).softmax(0), source).kl < SHIFT
        low, high = (middle, high) if near else (low, middle)
    return (source.log() + low * lean).softmax(0)


def _losses(seen: Seen, generator: torch.Generator) -> Tensor:
    """Whether each decoder's answer counts as wrong, (n, DECODERS) of 0 and 1."""
    twin = seen.twin
    noise = twin.channel.noise[:, None]
    images, places = (seen.images / noise).flatten(1), (twin.channel.templates[:, 0] / noise).flatten(1)
    kept = torch.rand(DECODERS, places.shape[1], generator=generator) < 0.5
    wrong = []
    for mask in kept:
        partial = places[:, mask]
        law = twin.answers((images[:, mask] @ partial.T - partial.square().sum(-1) / 2).softmax(-1))
        answer = (law @ twin.wins.T).argmax(-1)
        wrong.append(1 - twin.wins[answer, twin.target[seen.question]])
    return torch.stack(wrong, -1)


def _drawn(loss: Tensor, samples: int, generator: torch.Generator) -> Tensor:
    """Empirical risks (_TIMES, DECODERS) on training sets of so many samples."""
    chosen = torch.randint(len(loss), (_TIMES, samples), generator=generator)
    counts = torch.zeros(_TIMES, len(loss), dtype=loss.dtype)
    counts.scatter_add_(1, chosen, torch.ones_like(chosen, dtype=loss.dtype))
    return counts @ loss / samples


def _least(loss: Tensor, risks: Tensor, enough: int, generator: torch.Generator) -> int:
    """The least number of samples at which the chosen decoder's gap exceeds `GAP` in at most DELTA of the repetitions.

    Looked for up to far above what is said to be enough, so that it can be found to be too few.
    """
    low, high = 1, _FAR * enough
    for _ in range(_STEPS):
        if high - low <= 1:
            break
        middle = max(low + 1, round(math.sqrt(low * high)))
        drawn = _drawn(loss, middle, generator)
        chosen = drawn.argmin(-1)
        gap = (risks[chosen] - drawn.gather(-1, chosen[:, None])[:, 0]).abs()
        low, high = (low, middle) if (gap >= GAP).double().mean() <= DELTA else (middle, high)
    return high
