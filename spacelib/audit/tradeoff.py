"""The explicit method's log beside the logs of implicit ones: which way errs less, and from how many training samples."""

from collections.abc import Sequence
from dataclasses import dataclass

from spacelib.bounds import Decision, decide

from .certificates import Counts, RiskBounds, question_bounds
from .figures import CONFIDENCE


@dataclass(frozen=True)
class Tradeoff:
    """One task of an explicit method beside implicit ones: numbers of their rows, and what the training sizes decide.

    `trained` and `decision` are None where no sizes are named or only one; `risks` are then the explicit risk's bounds,
    followed by those of the implicit ones in the order of their sizes, all of which hold together with `CONFIDENCE`.
    """

    explicit: int
    implicit: tuple[int, ...]
    trained: tuple[int, ...] | None
    risks: tuple[RiskBounds, ...]
    decision: Decision | None


def from_sizes(explicit: Counts, implicit: Sequence[Counts], trained: Sequence[int]) -> tuple[tuple, Decision]:
    """The bounds of all risks (explicit first, then by size), which hold together, and `bounds.decide` on them.

    Risks are those of a question drawn from all, as the paired gap weighs them; each of the 2 (1 + logs) bounds fails
    with a probability of at most 0.05 over their number.
    Assumes that more training samples never harm; and what `log_certificate` does for `question`.
    Errors: ValueError for sizes that are not positive or not distinct.
    """
    delta = (1 - CONFIDENCE) / (2 * (1 + len(implicit)))
    ordered = sorted(zip(trained, implicit, strict=True), key=lambda pair: pair[0])
    risks = tuple(question_bounds(counts, delta) for counts in (explicit, *(counts for _, counts in ordered)))
    first, *others = risks
    sizes = [size for size, _ in ordered]
    return risks, decide(sizes, [r.lower for r in others], [r.upper for r in others], first.lower, first.upper)
