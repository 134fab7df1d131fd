"""What frames brought: a model's answers beside those of a blind run on the same questions."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from spacelib.bounds import certified_information
from spacelib.estimators import Estimate, mutual_information

from .sheets import Sheet


@dataclass(frozen=True)
class Baseline:
    """One row of a report beside the blind one: both numbers of rows, and what the answers tell beyond the blind ones.

    `information` is I(answer; right letter | blind answer), None for free answers. `over_blind` is kl(A || A0) at the
    lower end of the accuracy's interval and the upper end of the blind accuracy's: certified by nothing, since another
    blind strategy may do better than this one.
    """

    row: int
    blind: int
    information: Estimate | None
    over_blind: float


def information_beyond(sheet: Sheet, blind: Sheet, *, resamples: int | None = None, seed: int = 0) -> Estimate | None:
    r"""What the answers tell about the right letters beyond what blind answers to the same questions tell.

    .. math:: I(A; T \mid B) = I(A, B; T) - I(B; T) \le I(F; T \mid Q) + I(Q; T \mid B)

    A being the answer, B the blind one, T the right letter, F the frames and Q the question. So it is at most what the
    frames bring, I(F; T | Q), where the blind answers hold all that the questions tell, I(Q; T | B) = 0; nothing here
    shows that they do. Parameters: two sheets with one and the same `asked`; resamples of scenes (None: the estimator's
    own number) and their seed. Returns Miller and Madow's estimate in nats with a 95 % interval over scenes, cut at the
    logarithm of the number of letters; None where answers are free.
    Assumes A and B to depend on T only through F, Q and noise of their own; scenes drawn independently.
    Source: the chain rule.
    """
    if sheet.answer is None:
        return None
    number = {} if resamples is None else {"resamples": resamples}
    found = mutual_information(
        sheet.answer,
        sheet.truth,
        condition=blind.answer,
        clusters=sheet.asked.scene,
        method="miller_madow",
        generator=torch.Generator().manual_seed(seed),
        **number,
    )
    low, high = (min(end, float(np.log(sheet.letters))) for end in found.interval)
    return replace(found, interval=(low, high))


def over_blind(accuracy: Estimate, blind: Estimate) -> float:
    """kl(max(A, A0) || A0), nats, at A's lower and A0's upper end; 0 where the blind accuracy may be 1."""
    upper = blind.interval[1]
    return 0.0 if upper >= 1 else float(certified_information(accuracy.interval[0], max(upper, 1e-300)))
