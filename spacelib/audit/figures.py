"""The figures of an audit: what one model's answers to one task show, in nats."""

import functools
import math
from dataclasses import dataclass, replace

import numpy as np
import torch

from spacelib.benchmarks import AnswerCounts, Chance, MarkCounts
from spacelib.bounds import accuracy_ceiling, certified_information, inverse_second, kl
from spacelib.estimators import Estimate, entropy, information_from_counts, mutual_information, relabelling_gain
from spacelib.estimators import accuracy as mean_accuracy

CONFIDENCE = 0.95  # of every interval and of the exact certificate
UNSEEN = 0.05  # share of answers not met yet up to which the entropy of free numbers is said


@dataclass(frozen=True)
class ExactCertificate:
    """Information certified at `confidence` for any number of independent scenes; a scene drawn, then a question.

    `accuracy` is the mean over scenes of the accuracy within the scene, `lower_end` its exact lower confidence bound,
    `chance` the blind accuracy under the same drawing, `information` = kl(max(lower_end, chance) || chance).
    """

    confidence: float
    accuracy: float
    lower_end: float
    chance: float
    information: float


@dataclass(frozen=True)
class Certificate:
    """Information that an accuracy above chance demonstrates: kl(max(A, A0) || A0) in nats.

    At the point estimate of A, at the lower end of its interval, and exactly. `by_design` is True where the
    benchmark's design makes `chance` the best blind accuracy, False where a caller asserts it.
    """

    chance: float
    source: str
    by_design: bool
    at_estimate: float
    at_lower_end: float
    exact: ExactCertificate


@dataclass(frozen=True)
class Ceiling:
    """Accuracy that an answer with the measured information can reach at this chance, and at the interval's ends."""

    at_estimate: float
    interval: tuple[float, float]


@dataclass(frozen=True)
class Circularity:
    """The inequality within the counts themselves, where it holds identically.

    `agreement` = sum over letters of (share answered) (share right), `divergence` = kl(accuracy || agreement), never
    above the plug-in information.
    """

    agreement: float
    divergence: float


@dataclass(frozen=True)
class AnswerEntropy:
    """Entropy of free numbers as answered, in nats (Miller and Madow's estimate): no answer tells more than it holds.

    `ceiling` is the accuracy that an answer can reach which tells so much, None where no chance is known. `distinct` is
    the number of different answers, unparsed ones being one more.
    """

    estimate: float
    distinct: int
    ceiling: float | None


@dataclass(frozen=True)
class Figures:
    """All figures of one model and task.

    `certificate` is None where no chance is known. `entropy` belongs to free numbers and is None where so many answers
    occur once that others would occur in further questions. The rest belongs to lettered answers and is None for free
    ones, which have no closed set of answers to count; `ceiling` is None too where no chance is known or where all right
    letters are the same: then no answer tells anything about them.
    """

    counts: AnswerCounts | MarkCounts
    accuracy: Estimate
    certificate: Certificate | None
    entropy: AnswerEntropy | None = None
    information: Estimate | None = (
        None  # plug-in; its interval is corrected for the plug-in's bias and may lie below it
    )
    corrected: Estimate | None = None  # Miller-Madow, with the same interval
    ceiling: Ceiling | None = None
    circularity: Circularity | None = None
    relabelling: Estimate | None = None  # accuracy that a remapping of the answers would add, learned on other scenes


def measure(
    counts: AnswerCounts | MarkCounts, *, chance: float | None = None, resamples: int | None = None, seed: int = 0
) -> Figures:
    r"""All figures of one model and task, in nats.

    .. math::
        A = \sum_t p(t, t), \qquad
        I = \sum_{a,t} p(a, t) \ln \frac{p(a, t)}{p(a)\, p(t)}, \qquad
        \mathrm{kl}(\max(A, A_0) \,\|\, A_0) \le I(\text{frames, question}; \text{right answer})

    p being the shares of `counts.joint`; for free answers A is the share of right ones, or the mean score where the rule
    gives partial credit, and I is not measured. The ceiling is the largest accuracy whose divergence from A0 is at most
    I. All three hold for mean scores as they do for accuracies, A0 then being the best blind mean score.
    Parameters: counts; chance, the best blind accuracy A0 where the design gives none, or a higher one where it does;
    resamples of scenes (None: as many as each estimator takes by itself) and their seed.
    Returns Figures: accuracies in [0, 1], information in nats a question, each with a 95 % interval over scenes.
    Assumes scenes drawn independently from one population; and for the certificate that the answer depends on the right
    one through frames and question only.
    Errors: ValueError for a chance outside (0, 1) or under the design's.
    Source: Fano 1952, in the binary form of data processing; Hoeffding 1963 (theorem 1) for the exact certificate.
    """
    design = _best_blind(counts, chance)
    generator = functools.partial(_generator, seed)  # the same resamples for every figure
    scene = np.repeat(np.arange(len(counts.asked)), counts.asked)
    place = np.arange(len(scene)) - np.repeat(np.cumsum(counts.asked) - counts.asked, counts.asked)
    # Only the scene's credit counts: within it full marks stand first, then what is left.
    score = np.clip(np.repeat(counts.credit, counts.asked) - place, 0.0, 1.0)
    number = {} if resamples is None else {"resamples": resamples}
    accuracy = mean_accuracy(score, clusters=scene, generator=generator(), **number)
    figures = Figures(counts, accuracy, design and _certificate(counts, design, accuracy))
    if isinstance(counts, AnswerCounts):
        return _with_letters(figures, design, generator, number)
    return replace(figures, entropy=_entropy(counts, design))


def _entropy(counts: MarkCounts, design: Chance | None) -> AnswerEntropy | None:
    """Said where by Good and Turing's estimate, the share of answers that occur once, further questions bring few new."""
    if counts.answers is None or (counts.answers == 1).sum() > UNSEEN * counts.items:
        return None
    answered = np.append(counts.answers, [counts.unparsed] if counts.unparsed else [])
    estimate = float(entropy(answered, method="miller_madow"))
    return AnswerEntropy(estimate, len(answered), design and accuracy_ceiling(design.of_item, estimate))


def _generator(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def _with_letters(figures: Figures, design: Chance | None, generator, number: dict) -> Figures:
    """What a closed set of answers shows beyond the accuracy."""
    counts = figures.counts
    scene, answer, truth = (np.repeat(i, counts.table.ravel()) for i in np.indices(counts.table.shape).reshape(3, -1))
    information = _at_most(
        math.log(len(counts.letters)),
        mutual_information(answer, truth, clusters=scene, method="plug_in", generator=generator(), **number),
    )
    # The interval is the same for every method: one resampling serves both.
    unbiased = max(0.0, float(information_from_counts(counts.joint, method="miller_madow")))
    words = information.method.replace("plug-in", "Miller-Madow")
    corrected = replace(information, estimate=unbiased, method=words)
    return replace(
        figures,
        information=information,
        corrected=corrected,
        ceiling=_ceiling(design, information) if design and counts.constant.share < 1 else None,
        circularity=_circularity(counts, figures.accuracy),
        relabelling=relabelling_gain(answer, truth, clusters=scene, generator=generator(), **number),
    )


def _at_most(whole: float, information: Estimate) -> Estimate:
    """The interval cut at ln M, which no information about one of M letters exceeds (infinite for a single scene)."""
    low, high = information.interval
    return replace(information, interval=(min(low, whole), min(high, whole)))


def _best_blind(counts: AnswerCounts | MarkCounts, asserted: float | None) -> Chance | None:
    if asserted is None:
        return counts.chance
    if not 0 < asserted < 1:
        raise ValueError(f"chance is {asserted}; a probability strictly between 0 and 1 was expected")
    if counts.chance is None:
        return Chance(asserted, asserted, "asserted by the caller, checked by nothing here")
    if asserted < counts.chance.of_item:
        raise ValueError(
            f"{counts.log}: chance {asserted} is less than the {counts.chance.of_item:.4f} known by design"
        )
    source = f"set by the caller above the {counts.chance.of_item:.3f} of the design ({counts.chance.source})"
    return Chance(asserted, max(asserted, counts.chance.of_scene), source)


def _certificate(counts: AnswerCounts | MarkCounts, chance: Chance, accuracy: Estimate) -> Certificate:
    return Certificate(
        chance=chance.of_item,
        source=chance.source,
        by_design=counts.chance is not None,
        at_estimate=certified_information(accuracy.estimate, chance.of_item),
        at_lower_end=certified_information(accuracy.interval[0], chance.of_item),
        exact=_exact(counts, chance),
    )


def _exact(counts: AnswerCounts | MarkCounts, chance: Chance) -> ExactCertificate:
    """Scenes are independent draws in [0, 1], so P(kl(mean || A) >= ln(1/delta)/m and mean > A) <= delta.

    That is Chernoff's bound in Hoeffding's form (1963, theorem 1), for m scenes; inverted for A from below.
    """
    mean = float((counts.credit / counts.asked).mean())
    lower = inverse_second(mean, -math.log(1 - CONFIDENCE) / len(counts.asked), side="lower")
    return ExactCertificate(CONFIDENCE, mean, lower, chance.of_scene, certified_information(lower, chance.of_scene))


def _ceiling(chance: Chance, information: Estimate) -> Ceiling:
    low, high = (accuracy_ceiling(chance.of_item, end) for end in information.interval)
    return Ceiling(accuracy_ceiling(chance.of_item, information.estimate), (low, high))


def _circularity(counts: AnswerCounts, accuracy: Estimate) -> Circularity:
    joint = counts.joint / counts.items
    agreement = float(joint[:-1].sum(1) @ joint.sum(0))
    return Circularity(agreement, kl(accuracy.estimate, agreement))
