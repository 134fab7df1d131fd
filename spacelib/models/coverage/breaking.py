"""A certificate that breaks, and the repaired one beside it, on the same repeated data sets."""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds import kl_certificate
from spacelib.models.coverage.settings import scenes_of


@dataclass(frozen=True)
class Breaking:
    """Bounds of one risk from each of n data sets: observed, naive and repaired (n,), and the true risk.

    `naive` counts questions, `repaired` scenes; both from the same `observed` risk.
    """

    observed: Tensor
    naive: Tensor
    repaired: Tensor
    risk: float


def certificates_breaking(
    repetitions: int = 200,
    *,
    scenes: int = 20,
    questions: int = 50,
    correlation: float = 1.0,
    risk: float = 0.5,
    delta: float = 0.05,
    generator: torch.Generator,
) -> Breaking:
    r"""Certificates of a fixed model on repeated data sets, with n the questions and with n the scenes.

    .. math:: \mathrm{kl}(\hat L, L) \le \frac{\ln(2 \sqrt n/\delta)}{n}, \qquad n = m s \;\text{ or }\; n = m

    Parameters: repetitions, scenes m and questions s of each, integers >= 1; correlation in [0, 1] of two questions of
    a scene; risk in [0, 1]; delta in (0, 1); generator. Returns a Breaking. With the defaults the naive bound is below
    the risk with probability 131975/524288, the repaired one with .0013. Synthetic.
    Errors: ValueError for values outside these ranges; TypeError for numbers that are not integers.
    Source: `kl_certificate`; the counterexample is `questions_mislead_often` of the proofs.
    """
    for name, value in (("repetitions", repetitions), ("scenes", scenes), ("questions", questions)):
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"certificates_breaking: {name} must be an integer, got {value!r}")
        if value < 1:
            raise ValueError(f"certificates_breaking: {name} must be at least 1, got {value}")
    for name, value in (("correlation", correlation), ("risk", risk)):
        if not 0 <= value <= 1:
            raise ValueError(f"certificates_breaking: {name} must be in [0, 1], got {value!r}")
    if not 0 < delta < 1:
        raise ValueError(f"certificates_breaking: delta must be in (0, 1), got {delta!r}")
    law = scenes_of(((scenes, questions),), risk, correlation**0.5)
    observed = law["draw"](repetitions, 1, generator)[:, 0, 0]
    naive, repaired = (kl_certificate(observed, 0.0, n, delta, constant="sqrt") for n in (scenes * questions, scenes))
    return Breaking(observed, naive, repaired, risk)
