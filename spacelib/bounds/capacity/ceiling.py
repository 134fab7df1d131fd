"""The accuracy ceiling: what mutual information allows, and what an accuracy certifies.

Setting: question Q, frames O, target T with finitely many values, answer That from (O, Q) and independent randomness, so
T - (O, Q) - That. Accuracy A = P(That = T); blind accuracy A0 = E_Q max_t P(T = t | Q), the best accuracy without
frames; information I = I(O; T | Q) in nats. A model that saw the test answers breaks T - (O, Q) - That, and with it
every statement here.
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require_probability
from spacelib.bounds.binary_kl import inverse_first, kl
from spacelib.bounds.capacity._checks import LN2, U, require_blind, require_information


def accuracy_ceiling(blind_accuracy: Number, information: Number) -> Number:
    r"""Highest accuracy that any answerer can have, given what the frames tell about the target.

    .. math:: A \le U(A_0, I), \qquad U(q, c) = \sup\{p \in [q, 1] : \mathrm{kl}(p, q) \le c\}

    Parameters: blind_accuracy A0 in (0, 1]; information I >= 0 in nats. Returns accuracies of the broadcast shape, never
    below the exact ceiling of the numbers given; 1 once I >= ln(1/A0). Differentiable in both.
    Assumes T - (O, Q) - answer. Equality for a uniform target and a symmetric channel.
    Errors: ValueError for A0 outside (0, 1], negative or non-finite information.
    Source: Fano 1952; in the form of a binary divergence, Han and Verdú 1994.
    """
    (a0, information), leave = _admit_ceiling("accuracy_ceiling", blind_accuracy, information)
    return leave(inverse_first(a0, information), "upper")


def certified_information(accuracy: Number, blind_accuracy: Number) -> Number:
    r"""Information about the target that the frames must have carried for this accuracy.

    .. math:: I(O; T \mid Q) \ge \mathrm{kl}(\max(A, A_0), A_0)

    Parameters: accuracy A in [0, 1]; blind_accuracy A0 in (0, 1], known by design. Returns nats, of the broadcast shape,
    never above the exact value; 0 where A <= A0. A lower confidence limit of A makes it a certificate of the same
    confidence; a point estimate does not.
    Assumes T - (O, Q) - answer and that A0 is no smaller than the best blind accuracy. (kl(A, A0) itself would be wrong
    below A0: always answering the rarer of two values with probabilities .9 and .1 gives kl(.1, .9) = 1.76 from no
    information.)
    Errors: ValueError for A outside [0, 1] or A0 outside (0, 1].
    Source: contrapositive of the accuracy ceiling.
    """
    (a, a0), leave = admit("certified_information", accuracy=accuracy, blind_accuracy=blind_accuracy)
    require_probability("certified_information", "accuracy", a)
    require_blind("certified_information", a0)
    return leave(kl(torch.maximum(a, a0), a0, side="lower"), "lower")


def relaxed_ceiling(blind_accuracy: Number, information: Number, *, relaxation: str) -> Number:
    r"""Ceiling in closed form, above the exact one and easier to read.

    .. math::
        \text{"pinsker": } A_0 + \sqrt{I/2}, \quad
        \text{"entropy": } \frac{I + \ln 2}{\ln(1/A_0)}, \quad
        \text{"refined": } A_0 + I + \sqrt{I^2 + 2 I A_0}

    Parameters: as `accuracy_ceiling`, and which relaxation. Returns accuracies, at most 1, rounded up.
    "entropy" is 1 at A0 = 1. "refined" is the sharpest of the three for small A0 and small I.
    Errors: as `accuracy_ceiling`; ValueError for an unknown relaxation.
    Source: Pinsker's inequality; kl(p, q) >= p ln(1/q) - ln 2; kl(p, q) >= (p - q)²/(2 p) for p >= q.
    """
    (a0, information), leave = _admit_ceiling("relaxed_ceiling", blind_accuracy, information)
    if relaxation == "pinsker":
        ceiling = a0 + torch.sqrt(information / 2)
    elif relaxation == "entropy":
        ceiling = (information + LN2) / _surprise(a0)
    elif relaxation == "refined":
        ceiling = a0 + information + torch.sqrt(information * (information + 2 * a0))
    else:
        raise ValueError(f"relaxed_ceiling: relaxation must be 'pinsker', 'entropy' or 'refined', got {relaxation!r}")
    # Each formula is a chain of at most eight operations on nonnegative numbers, none of them a subtraction, each right
    # to 2 u (one ulp; sums and products to u): the factor lifts the computed value above the exact one.
    return leave((ceiling * (1 + 16 * U)).clamp(max=1), "upper")


def _surprise(a0: Tensor) -> Tensor:
    """ln(1/A0) without cancellation near A0 = 1, where 1 - A0 is exact."""
    return torch.where(a0 < 0.5, a0.log(), torch.log1p(a0 - 1)).abs()


def _admit_ceiling(function: str, blind_accuracy: Number, information: Number):
    (a0, information), leave = admit(function, blind_accuracy=blind_accuracy, information=information)
    require_blind(function, a0)
    require_information(function, information)
    return (a0, information), leave
