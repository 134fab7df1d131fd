"""Partial information decomposition of a discrete target and two sources, from their joint law."""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require_law
from spacelib.estimators.decomposition._union import union_information
from spacelib.estimators.decomposition.result import Decomposition

METHODS = ("broja", "i_min", "mmi")

_NUMBERS = 2**27  # float64 numbers in the largest array of one law: 1 GiB
_WIDEST = 1e-7  # nats: a wider certified interval is an error, never a result


def decompose(law: Number, *, method: str = "broja") -> Decomposition:
    r"""What two sources say about a target: both (redundancy), one alone (unique), only together (synergy); batched.

    .. math::
        I(X_1; T) = R + U_1, \quad I(X_2; T) = R + U_2, \quad I(X_1, X_2; T) = R + U_1 + U_2 + S

    leaves one figure to be defined:

    .. math::
        \text{"broja":}\quad R + U_1 + U_2 = \min_Q I_Q(X_1, X_2; T), \quad
        Q_{T X_1} = P_{T X_1},\ Q_{T X_2} = P_{T X_2};

    .. math::
        \text{"i\_min":}\quad R = \sum_t p(t) \min_i \sum_x p(x_i | t) \ln \frac{p(t | x_i)}{p(t)}; \qquad
        \text{"mmi":}\quad R = \min_i I(X_i; T).

    BROJA's redundancy and unique parts depend on the two pairwise margins alone: what a decision maker could use who
    has only these. It is the least redundancy of all measures that do, and have U_i >= 0 and S >= 0; "mmi" is the most.
    The minimum comes with a certificate: `gap` is the distance between the value at an allowed Q and a value of the
    dual, 1e-10 nats as a rule. No gradient is given. Cells below 1e-18 count as empty.
    Parameters: law (\*batch, T, X1, X2), entries >= 0 that sum to one.
    Returns a Decomposition in nats, each figure of shape (\*batch), in kind.
    Errors: ValueError for fewer than three axes, NaN, negative entries, a sum other than one, an unknown method, or
    too many cells (a dozen thousand pairs of source symbols at most); ArithmeticError where the gap is over 1e-7 nats.
    Source: Bertschinger, Rauh, Olbrich, Jost and Ay 2014 (BROJA); Makkeh, Theis and Vicente 2018 for its dual; Williams
    and Beer 2010 (I_min); Barrett 2015 (MMI).
    """
    (p,), leave = admit("decompose", {"law": 3}, law=law)
    require_law("decompose", "law", p, law, axes=3)
    if method not in METHODS:
        raise ValueError(f"decompose: method must be one of {', '.join(METHODS)}, got {method!r}")
    *batch, targets, first, second = p.shape
    require_size("decompose", (targets, first, second))
    parts = parts_of((p / p.sum((-3, -2, -1), keepdim=True)).reshape(-1, targets, first, second), method)
    return Decomposition(*(leave(part.reshape(batch)) for part in parts), method)


def parts_of(law: Tensor, method: str) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Redundancy, unique parts, synergy and gap, each (batch,), of laws (batch, T, X1, X2) that sum to one."""
    one, two = _information(law.sum(3)), _information(law.sum(2))
    both = _information(law.flatten(2))
    gap = torch.zeros_like(both)
    if method == "broja":
        low, high = union_information(law)
        gap = (high - low).clamp(min=0)
        if bool((gap > _WIDEST).any()):
            worst = int(gap.argmax())
            raise ArithmeticError(
                f"decompose: the union information of law {worst} is only known to lie in "
                f"[{low[worst].item()!r}, {high[worst].item()!r}]; {_WIDEST} nats are promised"
            )
        redundancy = one + two - high
    elif method == "i_min":
        redundancy = torch.minimum(_specific(law.sum(3)), _specific(law.sum(2))).sum(1)
    else:
        redundancy = torch.minimum(one, two)
    return (*split(one, two, both, redundancy), gap)


def require_size(function: str, shape: tuple[int, int, int]) -> None:
    """Raise ValueError where a law (T, X1, X2) is too large for the arrays of the interior-point method."""
    targets, first, second = shape
    numbers = first * second * max(first * second, targets * (first + second))
    if numbers > _NUMBERS:
        raise ValueError(f"{function}: a law of shape {shape} would need {numbers} numbers at once, at most {_NUMBERS}")


def split(one: Tensor, two: Tensor, both: Tensor, redundancy: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The four parts from I(X1; T), I(X2; T), I(X1, X2; T) and the redundancy; rounding puts none below 0."""
    redundancy = redundancy.clamp(min=0).maximum(one + two - both).minimum(torch.minimum(one, two))
    synergy = (both - one - two + redundancy).clamp(min=0)
    return redundancy, (one - redundancy).clamp(min=0), (two - redundancy).clamp(min=0), synergy


def _specific(joint: Tensor) -> Tensor:
    """p(t) times the information that the source gives about the outcome t, (batch, T), of laws (batch, T, X)."""
    product = joint.sum(2, keepdim=True) * joint.sum(1, keepdim=True)
    ratio = torch.where(joint > 0, joint / torch.where(joint > 0, product, 1.0), 1.0)
    return (joint * ratio.log()).sum(2).clamp(min=0)


def _information(joint: Tensor) -> Tensor:
    """Mutual information (batch,) of laws (batch, T, X)."""
    return _specific(joint).sum(1)
