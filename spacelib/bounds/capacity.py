"""The accuracy ceiling: what mutual information allows, what an accuracy certifies, and the printed form that fails.

Setting: question Q, frames O, target T with finitely many values, answer That from (O, Q) and independent randomness, so
T - (O, Q) - That. Accuracy A = P(That = T); blind accuracy A0 = E_Q max_t P(T = t | Q), the best accuracy without
frames; information I = I(O; T | Q) in nats. A model that saw the test answers breaks T - (O, Q) - That, and with it
every statement here.
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_probability
from spacelib.bounds.binary_kl import inverse_first, kl

_U = 2.0**-53
_LN2 = 0.6931471805599453  # rounded down by less than u/2; the factors (1 + 8 u) below cover it


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
    _require_blind("certified_information", a0)
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
        ceiling = (information + _LN2) / _surprise(a0)
    elif relaxation == "refined":
        ceiling = a0 + information + torch.sqrt(information * (information + 2 * a0))
    else:
        raise ValueError(f"relaxed_ceiling: relaxation must be 'pinsker', 'entropy' or 'refined', got {relaxation!r}")
    # Each formula is a chain of at most eight operations on nonnegative numbers, none of them a subtraction, each right
    # to 2 u (one ulp; sums and products to u): the factor lifts the computed value above the exact one.
    return leave((ceiling * (1 + 16 * _U)).clamp(max=1), "upper")


def binary_entropy(p: Number) -> Number:
    r"""Entropy of a Bernoulli variable, in nats.

    .. math:: h(p) = -p \ln p - (1-p) \ln(1-p), \qquad 0 \ln 0 = 0

    Parameters: p, probabilities of any shape. Returns nats, of the same shape. Differentiable; the slope is infinite at
    0 and 1.
    Errors: ValueError for values outside [0, 1].
    Source: Shannon 1948.
    """
    (p,), leave = admit("binary_entropy", p=p)
    require_probability("binary_entropy", "p", p)
    return leave(_binary_entropy(p))


def fano_information(accuracy: Number, alphabet: Number) -> Number:
    r"""Information that an accuracy needs when the target is uniform: Fano's inequality as it is usually written.

    .. math:: I \ge \ln M - h(A) - (1 - A) \ln(M - 1) = \mathrm{kl}(A, 1/M) \qquad (A \ge 1/M)

    Parameters: accuracy A in [0, 1]; alphabet size M, an integer >= 2. Returns nats, 0 where A <= 1/M.
    Assumes a target uniform on M values given the question. Not rounded to a side: `certified_information` is; this is
    the textbook form, for comparison.
    Errors: ValueError for A outside [0, 1] or M not an integer >= 2.
    Source: Fano 1952; Cover and Thomas 2006, section 2.10.
    """
    (a, m), leave = admit("fano_information", accuracy=accuracy, alphabet=alphabet)
    require_probability("fano_information", "accuracy", a)
    _require_alphabet("fano_information", m, 2)
    information = m.log() - _binary_entropy(a) - (1 - a) * (m - 1).log()
    return leave(torch.where(a * m <= 1, 0, information.clamp(min=0)))


def printed_ceiling(information: Number, entropy: Number) -> Number:
    r"""The ceiling as the paper prints it, which is **refuted**: it falls as information grows.

    .. math:: A \le 1 - I/H \qquad \text{(false)}

    Parameters: information I and target entropy H > 0, nats, 0 <= I <= H. Returns 1 - I/H. It is here to be compared: the
    erasure channel exceeds it (`erasure_channel`); what can be read in its place is `uniform_ceiling` and
    `error_floor`.
    Errors: ValueError for H <= 0 or I outside [0, H].
    """
    (information, entropy), leave = admit("printed_ceiling", information=information, entropy=entropy)
    require("printed_ceiling", "entropy", entropy, entropy > 0, "above 0")
    in_range = (information >= 0) & (information <= entropy)
    require("printed_ceiling", "information", information, in_range, "between 0 and the entropy")
    return leave(1 - information / entropy)


def uniform_ceiling(information: Number, alphabet: Number) -> Number:
    r"""True reading of the printed form, uniform target: accuracy rises at most linearly with information.

    .. math:: A \le \frac{I + \ln 2}{\ln M}

    Parameters: information I >= 0, nats; alphabet size M, an integer >= 2. Returns accuracies, at most 1, rounded up.
    Assumes a target uniform on M values given the question; false with H(T) in place of ln M for other targets.
    Errors: ValueError for negative information or M not an integer >= 2.
    Source: Fano 1952.
    """
    (information, m), leave = admit("uniform_ceiling", information=information, alphabet=alphabet)
    require("uniform_ceiling", "information", information, information >= 0, "at least 0")
    _require_alphabet("uniform_ceiling", m, 2)
    return leave(((information + _LN2) / m.log() * (1 + 16 * _U)).clamp(max=1), "upper")  # as in relaxed_ceiling


def error_floor(information: Number, entropy: Number, alphabet: Number) -> Number:
    r"""True reading of the printed form, any target: the error that the missing information forces.

    .. math:: 1 - A \ge \frac{H - I - \ln 2}{\ln(M - 1)}, \qquad M \ge 3

    Parameters: information I >= 0 and target entropy H, nats, 0 <= H <= ln M; alphabet size M, an integer >= 3. Returns
    error rates, at least 0, rounded down.
    Assumes T - (O, Q) - answer.
    Errors: ValueError for negative information, entropy outside [0, ln M], or M not an integer >= 3.
    Source: Fano 1952; Cover and Thomas 2006, section 2.10.
    """
    (information, entropy, m), leave = admit("error_floor", information=information, entropy=entropy, alphabet=alphabet)
    require("error_floor", "information", information, information >= 0, "at least 0")
    _require_alphabet("error_floor", m, 3)
    in_range = (entropy >= 0) & (entropy <= m.log() * (1 + 4 * _U))
    require("error_floor", "entropy", entropy, in_range, "between 0 and the logarithm of the alphabet size")
    # The two differences and ln 2 lose at most 2 u (H + I + ln 2) in absolute terms, the quotient 4 u in relative ones.
    missing = entropy - information - _LN2 - 4 * _U * (entropy + information + _LN2)
    return leave((missing / (m - 1).log() * (1 - 8 * _U)).clamp(min=0), "lower")


def erasure_channel(alphabet: Number, erasure: Number) -> tuple[Number, Number]:
    r"""Information and best accuracy of the erasure channel with a uniform target: the counterexample.

    .. math:: I = (1 - e) \ln M, \qquad A = (1 - e) + e/M

    With probability e the frames show nothing, otherwise they show the target; so I/H = 1 - e, and the printed ceiling
    is e. The best accuracy exceeds it by 1 - 2 e + e/M, positive for every M where e < 1/(2 - 1/M).
    Parameters: alphabet size M, an integer >= 2; erasure probability e in [0, 1]. Returns (information in nats, accuracy).
    Errors: ValueError for M not an integer >= 2 or e outside [0, 1].
    Source: Elias 1955 for the channel.
    """
    (m, e), leave = admit("erasure_channel", alphabet=alphabet, erasure=erasure)
    _require_alphabet("erasure_channel", m, 2)
    require_probability("erasure_channel", "erasure", e)
    return leave((1 - e) * m.log()), leave((1 - e) + e / m)


def _binary_entropy(p: Tensor) -> Tensor:
    return -torch.special.xlogy(p, p) - torch.special.xlog1py(1 - p, -p)


def _surprise(a0: Tensor) -> Tensor:
    """ln(1/A0) without cancellation near A0 = 1, where 1 - A0 is exact."""
    return torch.where(a0 < 0.5, a0.log(), torch.log1p(a0 - 1)).abs()


def _admit_ceiling(function: str, blind_accuracy: Number, information: Number):
    (a0, information), leave = admit(function, blind_accuracy=blind_accuracy, information=information)
    _require_blind(function, a0)
    require(function, "information", information, information >= 0, "at least 0 nats")
    return (a0, information), leave


def _require_blind(function: str, a0: Tensor) -> None:
    require(function, "blind_accuracy", a0, (a0 > 0) & (a0 <= 1), "in (0, 1]")


def _require_alphabet(function: str, m: Tensor, least: int) -> None:
    require(function, "alphabet", m, (m >= least) & (m == m.floor()), f"an integer of at least {least}")
