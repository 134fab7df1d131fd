"""Certificates of a fixed model's risk, from the counts of its logs: over scenes, and over questions of known sizes.

A fixed model costs no complexity, and one side costs ln(1/delta): `bounds.fixed_model_bound`, whose proof allows
weights. N, one over the largest weight, stands in the place of the number of units.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from spacelib.benchmarks import AnswerCounts, MarkCounts
from spacelib.benchmarks.reading import shown
from spacelib.bounds import clopper_pearson, fixed_model_bound, question_weighted_samples

Counts = AnswerCounts | MarkCounts

_ROUNDED = 2.0**-40  # relative: far more than a pairwise mean of rounded quotients loses


@dataclass(frozen=True)
class RiskBounds:
    """A risk in [0, 1] with its bounds: each holds for itself with probability at least 1 - delta.

    `risk` is what was observed, `samples` the number of independent units that it counts for, a real number where
    units weigh unlike.
    """

    risk: float
    lower: float
    upper: float
    samples: float
    delta: float


@dataclass(frozen=True)
class LogCertificate:
    """The risk of one model on one task, certified with scenes as the unit; beside it what comes of ignoring them.

    `scene`: a scene is drawn, then one of its questions. `question`: a question is drawn from all, the scenes' sizes
    being part of the benchmark's design. `naive` and `naive_exact` take the questions for independent, which those of
    one scene are not: no certificates, but what is often printed (Chernoff's bound, and Clopper and Pearson's; the latter
    None where answers get partial credit).
    """

    counts: Counts
    scene: RiskBounds
    question: RiskBounds
    naive: RiskBounds
    naive_exact: RiskBounds | None


def log_certificate(counts: Counts, *, delta: float = 0.05) -> LogCertificate:
    r"""Bounds of a fixed model's risk, from the counts of one of its logs.

    .. math::
        \hat L = \frac1m \sum_i \frac{e_i}{s_i}, \quad N = m \qquad \text{or} \qquad
        \hat L = \frac{\sum_i e_i}{\sum_i s_i}, \quad N = \frac{\sum_i s_i}{\max_i s_i}; \qquad
        \mathrm{kl}(\hat L, L) \le \frac{\ln(1/\delta)}{N}

    e_i being the errors among the s_i questions of scene i of m (s_i less their credit). Parameters: counts of one
    task; delta in (0, 1/2), of each bound. Returns a LogCertificate, risks in [0, 1] rounded outward. Where the log names no scenes each
    question is taken for one, and dependence that the log hides makes all bounds too narrow.
    Assumes a model fixed before these questions, scenes independent of each other (the mean of their risks is
    bounded, be they drawn from one population or not), and for `question` sizes fixed by design.
    Errors: ValueError for a delta outside (0, 1/2).
    Source: Hoeffding 1963 (theorem 1) for scenes; the weighted form is :prf:ref:`thm-fixed_model`.
    """
    question = question_bounds(counts, delta)
    return LogCertificate(
        counts,
        scene=scene_bounds(counts, delta),
        question=question,
        naive=fixed_bounds(question.risk, counts.items, delta),
        naive_exact=_binomial(counts, delta),
    )


def _binomial(counts: Counts, delta: float) -> RiskBounds | None:
    if (counts.credit % 1).any():
        return None
    wrong, items = counts.items - int(counts.credit.sum()), counts.items
    lower, upper = (clopper_pearson(wrong, items, delta, side=side) for side in ("lower", "upper"))
    return RiskBounds(wrong / items, lower, upper, items, delta)


def scene_risk(counts: Counts) -> float:
    """The mean over scenes of the share of wrong answers within the scene, of credit one less its mean."""
    return float(np.mean((counts.asked - counts.credit) / counts.asked))


def scene_bounds(counts: Counts, delta: float) -> RiskBounds:
    """Bounds of the risk of a scene drawn, then one of its questions."""
    return fixed_bounds(scene_risk(counts), len(counts.asked), delta)


def question_bounds(counts: Counts, delta: float) -> RiskBounds:
    """Bounds of the risk of a question drawn from all, for numbers of questions a scene that are fixed by design."""
    risk = float((counts.asked - counts.credit).sum() / counts.items)
    return fixed_bounds(risk, float(question_weighted_samples(counts.asked)), delta)


def fixed_bounds(risk: float, samples: float, delta: float) -> RiskBounds:
    """Both sides from an observed weighted mean and its N; the mean's own rounding is added on the safe side."""
    if not 0 < delta < 0.5:
        raise ValueError(f"a certificate's delta must be in (0, 1/2), got {delta!r}")
    lower = fixed_model_bound(risk * (1 - _ROUNDED), samples, delta, side="lower")
    upper = fixed_model_bound(min(1.0, risk * (1 + _ROUNDED)), samples, delta)
    return RiskBounds(risk, lower, upper, samples, delta)


def pooled(counts: Sequence[AnswerCounts]) -> AnswerCounts:
    """The answers of several models to the same questions, as those of one model drawn at random from them.

    One model's answers to a video tell little of each other where its questions differ; several models' answers to
    one question tell much. Errors: ValueError for no counts, or for other questions in a scene: other numbers of each
    letter.
    """
    if not counts:
        raise ValueError("pooled: counts of at least one model were expected, got none")
    first = counts[0]
    for other in counts[1:]:
        same = (other.task, other.letters) == (first.task, first.letters)
        if not (same and np.array_equal(other.table.sum(1), first.table.sum(1))):
            logs = f"{shown(first.log)} and {shown(other.log)}"
            raise ValueError(f"pooled: counts of the same questions were expected, got {logs}")
    name = f"{len(counts)} models"
    return replace(first, log=name, model=name, frames=None, table=sum(c.table for c in counts))
