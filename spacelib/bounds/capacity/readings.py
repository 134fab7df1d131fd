"""Fano's inequality as it is usually written, and the ways to read the paper's printed form: which hold, which fails.

Nats; the setting of the room is that of `ceiling`.
"""

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require, require_probability
from spacelib.bounds.capacity._checks import LN2, U, require_alphabet, require_information


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
    require_alphabet("fano_information", m, 2)
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
    require_information("uniform_ceiling", information)
    require_alphabet("uniform_ceiling", m, 2)
    return leave(((information + LN2) / m.log() * (1 + 16 * U)).clamp(max=1), "upper")  # as in relaxed_ceiling


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
    require_information("error_floor", information)
    require_alphabet("error_floor", m, 3)
    in_range = (entropy >= 0) & (entropy <= m.log() * (1 + 4 * U))
    require("error_floor", "entropy", entropy, in_range, "between 0 and the logarithm of the alphabet size")
    # The two differences and ln 2 lose at most 2 u (H + I + ln 2) in absolute terms, the quotient 4 u in relative ones.
    missing = entropy - information - LN2 - 4 * U * (entropy + information + LN2)
    return leave((missing / (m - 1).log() * (1 - 8 * U)).clamp(min=0), "lower")


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
    require_alphabet("erasure_channel", m, 2)
    require_probability("erasure_channel", "erasure", e)
    return leave((1 - e) * m.log()), leave((1 - e) + e / m)


def _binary_entropy(p: Tensor) -> Tensor:
    return -torch.special.xlogy(p, p) - torch.special.xlog1py(1 - p, -p)
