"""A learned model certified on a question, and beside it what the prior alone and plain testing certify."""

import time
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.utils import parameters_to_vector

from spacelib.bounds.transfer import test_set_bound
from spacelib.estimators import Estimate, accuracy
from spacelib.models.certify.gibbs import GibbsCertificate, certify_posterior, minimise_bound, sampled_misses
from spacelib.models.implicit import (
    Drawn,
    Implicit,
    Posterior,
    Task,
    coarser,
    mean_field,
    misses,
    network_answers,
    train,
)
from spacelib.models.scale import device, scale
from spacelib.scenes import channels

NOISE = {"search": 0.9, "size": 0.4, "scale": 0.8, "depth": 0.25}
"""Ready questions, and the noise at which some thousand scenes leave a transformer wrong in 1 to 4 of 10."""

_HELD = 4096  # fresh scenes to judge by
_DEVIATION = 0.06  # of the prior, fixed beforehand: half of the noise that its mean is trained under
_TRAINING_VARIANCE = 0.1  # of that noise, as `mean_field` takes it: deviations start at a third of its root, .1
_SPLITS = (0.7, 0.9)  # shares to train on, besides the prior's own, among which plain testing may choose
_SIZES = {
    "book": {"scenes": 4000, "steps": 300, "pixels": 4, "width": 8, "depth": 1},
    "full": {"scenes": 40_000, "steps": 2000, "pixels": 2, "width": 32, "depth": 2},
}


@dataclass(frozen=True)
class Tested:
    """What plain testing certifies: a network trained on some scenes, held to others it has not seen.

    bound at delta, exact (Clopper and Pearson), of the error; errors out of scenes; trained_on; held_out, its error on
    fresh scenes.
    """

    bound: float
    errors: int
    scenes: int
    trained_on: int
    delta: float
    held_out: Estimate


@dataclass(frozen=True)
class Certified:
    """A posterior's certificate, with all that it is to be held beside; risks are shares of wrong letters.

    certificate, of the posterior `law`; prior, the certificate of Q = P by the same formula; test_set, the prior's mean
    tested on the scenes of the bound; best_split, the least of bounds for several splits of all scenes, each at its
    share of delta. held_out and prior_held_out, risks of the randomised classifiers on fresh scenes; all_scenes, the
    error of a network trained on every scene, of which nothing is certified; bayes, the least possible. Each bound
    holds with its probability by itself. prior_scenes, that the prior has seen; seconds, of everything.
    """

    certificate: GibbsCertificate
    prior: GibbsCertificate
    test_set: Tested
    best_split: Tested
    held_out: Estimate
    prior_held_out: Estimate
    all_scenes: Estimate
    bayes: Estimate
    prior_scenes: int
    seconds: float
    law: Posterior


def question_task(question: str) -> Task:
    """A ready question as a Task: frames of 6 x 8 pixels (12 x 16 with SPACELIB_SCALE=full), at its noise in `NOISE`.

    Errors: ValueError for an unknown question.
    """
    if question not in NOISE:
        raise ValueError(f"question_task: question must be one of {', '.join(NOISE)}, got {question!r}")
    return Task(coarser(getattr(channels, question)(noise=NOISE[question]), _SIZES[scale()]["pixels"]))


def certify_question(
    task: Task | str = "search",
    *,
    scenes: int | None = None,
    steps: int | None = None,
    prior_share: float = 0.5,
    delta: float = 0.04,
    delta_draws: float = 0.01,
    generator: torch.Generator | None = None,
) -> Certified:
    r"""Train a transformer on some scenes, a posterior of all its weights on others, and certify its risk.

    .. math:: P = N(\theta_0, \tau^2 I), \quad Q = N(m, \operatorname{diag} s^2)

    theta_0 is learned from the first prior_share of the scenes, under noise in the weights; tau is fixed beforehand; m
    and s minimise the bound on the others, which P has not seen (`minimise_bound`, `certify_posterior`). A scene asks
    one question and is the unit of the bound.
    Parameters: task, or a ready question by name; scenes, in all, at least 20; steps of the posterior's training, a
    quarter of each network's; None takes 4,000 and 300, some 30 seconds on one core. prior_share in (0, 1); delta of
    the bound and delta_draws of the sampling, whose sum is also plain testing's delta; generator on the CPU (None: a
    fresh one with seed 0). SPACELIB_SCALE=full takes more scenes, steps and weights; SPACELIB_DEVICE says where.
    Assumes scenes drawn independently from the task. Errors: ValueError for parts without scenes or values outside
    their ranges, or as `question_task`, `scale` and `device`.
    Source: Dziugaite and Roy 2018 and Perez-Ortiz et al. 2021 for priors learned from a part of the data.
    """
    start, size, place = time.perf_counter(), _SIZES[scale()], device()
    for name, share in (("prior_share", prior_share), ("delta", delta), ("delta_draws", delta_draws)):
        if not 0 < share < 1:
            raise ValueError(f"certify_question: {name} must be between 0 and 1, got {share!r}")
    if not delta + delta_draws < 0.5:
        raise ValueError(
            f"certify_question: delta plus delta_draws must be below 1/2, got {delta!r} and {delta_draws!r}"
        )
    task = question_task(task) if isinstance(task, str) else task
    scenes, steps = size["scenes"] if scenes is None else scenes, size["steps"] if steps is None else steps
    for name, value, least in (("scenes", scenes, 20), ("steps", steps, 4)):
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise ValueError(f"certify_question: {name} must be a whole number of at least {least}, got {value!r}")
    cuts = [round(scenes * share) for share in (prior_share, *_SPLITS)]
    if not 0 < cuts[0] < scenes:
        raise ValueError(
            f"certify_question: prior_share {prior_share!r} of {scenes} scenes leaves one part without any"
        )
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    drawn, held = (moved(task.draw(number, generator=generator), place) for number in (scenes, _HELD))
    bayes = task.bayes_error(generator=generator)
    there = torch.Generator(place).manual_seed(int(torch.randint(2**62, (), generator=generator)))
    outputs, bounded = len(task.channel.templates), part(drawn, cuts[0], scenes)

    def learned(number: int) -> Posterior:
        return learn_prior(part(drawn, 0, number), outputs, steps=4 * steps, generator=there)

    def certified(law: Posterior) -> tuple[GibbsCertificate, Estimate]:
        found = certify_posterior(
            law, bounded.frames, bounded.letter, delta=delta, delta_draws=delta_draws, generator=there
        )
        return found, accuracy(sampled_misses(law, held.frames, held.letter, generator=there)[0].cpu())

    prior = learned(cuts[0])
    law = minimise_bound(prior, bounded.frames, bounded.letter, delta=delta, steps=steps, generator=there)
    certificate, held_out = certified(law)
    prior_certificate, prior_held_out = certified(prior)

    def tested(network: Posterior, cut: int, splits: int) -> Tested:
        return _tested(network, part(drawn, cut, scenes), cut, (delta + delta_draws) / splits, held)

    networks = [prior, *(learned(cut) for cut in cuts[1:])]
    splits = [tested(network, cut, len(cuts)) for network, cut in zip(networks, cuts, strict=True)]
    return Certified(
        law=law,
        certificate=certificate,
        prior=prior_certificate,
        test_set=tested(prior, cuts[0], 1),
        best_split=min(splits, key=lambda split: split.bound),
        held_out=held_out,
        prior_held_out=prior_held_out,
        all_scenes=accuracy(wrong(learned(scenes), held)),
        bayes=bayes,
        prior_scenes=cuts[0],
        seconds=time.perf_counter() - start,
    )


def transformer(drawn: Drawn, outputs: int, generator: torch.Generator) -> Implicit:
    """An untrained transformer for such scenes and so many letters, of the size that `scale` says."""
    size = {name: _SIZES[scale()][name] for name in ("depth", "width")}
    frames, *image = drawn.frames.shape[1:]
    return Implicit(tuple(image), frames, outputs=outputs, generator=generator, **size)


def learn_prior(drawn: Drawn, outputs: int, *, steps: int, generator: torch.Generator) -> Posterior:
    """A transformer learned from scenes, as the prior of others: Q = P = N(its weights, tau^2 I), tau fixed beforehand.

    It is trained plainly for a quarter of the steps, then as `mean_field` under noise of the size of tau and more: a
    prior's draws are all to be good, not its mean alone. Parameters: drawn scenes; outputs, the number of letters;
    steps; generator on the scenes' device. Errors: as `train`.
    """
    model = transformer(drawn, outputs, generator)
    first = parameters_to_vector(model.parameters()).detach().clone()
    train(model, drawn.frames, drawn.letter, steps=steps // 4, generator=generator)
    noisy = mean_field(
        model,
        drawn.frames,
        drawn.letter,
        prior_mean=first,
        prior_variance=_TRAINING_VARIANCE,
        steps=steps - steps // 4,
        generator=generator,
    )
    variance = torch.full_like(noisy.mean, _DEVIATION**2)
    return Posterior(noisy.mean, variance, None, noisy.mean, variance, network_answers(model))


def _tested(network: Posterior, part: Drawn, trained_on: int, delta: float, held: Drawn) -> Tested:
    """Plain testing of a posterior's mean on scenes that it has not seen."""
    errors = int(wrong(network, part).sum())
    bound = test_set_bound(errors, len(part.letter), delta)
    return Tested(bound, errors, len(part.letter), trained_on, delta, accuracy(wrong(network, held)))


def wrong(network: Posterior, drawn: Drawn) -> Tensor:
    """0-1 losses (n,) of a posterior's mean, on the CPU."""
    with torch.no_grad():
        answers = torch.cat([network.answers(network.mean[None], part)[0] for part in drawn.frames.split(4096)])
    return misses(answers, drawn.letter).double().cpu()


def part(drawn: Drawn, start: int, end: int) -> Drawn:
    """Scenes from one number to before another."""
    return Drawn(drawn.frames[start:end], drawn.place[start:end], drawn.letter[start:end])


def moved(drawn: Drawn, place: torch.device) -> Drawn:
    """The scenes on another device."""
    return Drawn(drawn.frames.to(place), drawn.place.to(place), drawn.letter.to(place))
