"""The least number of frames for an accuracy: how many are necessary, and how many independent looks are enough."""

import math

import torch

from spacelib.bounds._border import Number, admit, require, require_law, require_probability
from spacelib.bounds.binary_kl import kl
from spacelib.bounds.capacity._checks import U, require_blind
from spacelib.bounds.capacity.rate_distortion import required_information

_OUTCOMES = 2_000_000


def necessary_frames(accuracy: Number, blind_accuracy: Number, best_frame: Number) -> Number:
    r"""Number of frames without which an accuracy cannot be reached.

    .. math:: K \ge \left\lceil \frac{\mathrm{kl}(\max(A, A_0), A_0)}{I_1} \right\rceil

    Parameters: accuracy A in [0, 1]; blind_accuracy A0 in (0, 1]; best_frame I1 > 0 in nats, the most that one frame tells.
    Returns whole numbers of the broadcast shape, never above the exact one: 0 where blind guessing is enough.
    Assumes frames independent given target and question, and I1 about the target. If they are independent only given the
    scene, I1 has to be what one frame tells about the scene: with the target's it would forbid what two views of a hidden
    target reach (:prf:ref:`thm-hidden_both`).
    Errors: ValueError for values outside these ranges.
    Source: ceiling and sum bound together. Implements :prf:ref:`thm-fewest_frames`, :prf:ref:`thm-fewest_frames_scene`.
    """
    name = "necessary_frames"
    (a, a0, most), leave = admit(name, accuracy=accuracy, blind_accuracy=blind_accuracy, best_frame=best_frame)
    require_probability(name, "accuracy", a)
    require_blind(name, a0)
    require(name, "best_frame", most, most > 0, "above 0 nats")
    return leave(_whole(kl(torch.maximum(a, a0), a0, side="lower"), most))


def necessary_frames_of_prior(accuracy: Number, prior: Number, best_frame: Number) -> Number:
    r"""The same for a target of known prior and no question: sharper, by the exact ceiling.

    .. math:: K \ge \left\lceil \frac{R(A)}{I_1} \right\rceil

    Parameters: accuracy A in [0, 1]; prior (..., M), a law; best_frame I1 > 0 in nats. Returns whole numbers of the
    broadcast leading shape, at least those of `necessary_frames` at A0 = max prior. Assumptions and errors: as there.
    Source: `required_information`, over the sum bound.
    """
    name = "necessary_frames_of_prior"
    (a, p, most), leave = admit(name, {"prior": 1}, accuracy=accuracy, prior=prior, best_frame=best_frame)
    require_law(name, "prior", p, prior)
    require(name, "best_frame", most, most > 0, "above 0 nats")
    return leave(_whole(required_information(p, a), most))


def sufficient_frames(accuracy: Number, alphabet: Number, chernoff: Number) -> Number:
    r"""Number of independent looks after which the best answer has an accuracy.

    .. math:: K \ge \frac{1}{C} \ln\frac{M - 1}{2 (1 - A)}

    Parameters: accuracy A in [0, 1); alphabet M >= 2, of a uniform target; chernoff C > 0 in nats, the least Chernoff information of
    a pair of targets (`chernoff_information`). Returns whole numbers of the broadcast shape, never below the exact one.
    Assumes frames independent and of one kind given the target.
    Errors: ValueError for values outside these ranges.
    Source: Chernoff 1952 with the union over pairs. Implements :prf:ref:`thm-enough_frames`.
    """
    name = "sufficient_frames"
    (a, m, c), leave = admit(name, accuracy=accuracy, alphabet=alphabet, chernoff=chernoff)
    require(name, "accuracy", a, (a >= 0) & (a < 1), "in [0, 1)")
    require(name, "alphabet", m, (m >= 2) & (m == m.floor()), "an integer of at least 2")
    require(name, "chernoff", c, c > 0, "above 0 nats")
    # the quotient is right to 2 u, 1 - a to u, the logarithm of a number off by 4 u is off by that and 2 u of itself
    log = torch.log((m - 1) / (2 * (1 - a)))
    return leave(((log + 4 * U + 2 * U * log.abs()) / c * (1 + 2 * U)).clamp(min=0).ceil())


def chernoff_information(channel: Number, *, steps: int = 60) -> Number:
    r"""Chernoff information of the pair of targets that is hardest to tell apart.

    .. math:: C = \min_{s \ne t} \max_{0 \le \alpha \le 1} -\ln \sum_o p(o \mid s)^{1 - \alpha} p(o \mid t)^{\alpha}

    Parameters: channel (\*batch, M, outcomes), a law of one look for each of M >= 2 targets; steps of the golden section in alpha (the
    exponent is convex). Returns nats, shape (\*batch), never above the maximum (any alpha is valid); infinite if no pair shares an outcome.
    Errors: ValueError for rows that are no laws or fewer than 2 targets.
    Source: Chernoff 1952; Cover and Thomas 2006, Theorem 11.9.1.
    """
    (p,), leave = admit("chernoff_information", {"channel": 2}, channel=channel)
    require_law("chernoff_information", "channel", p, channel)
    if p.shape[-2] < 2:
        raise ValueError(f"chernoff_information: channel must have at least 2 targets, got shape {tuple(p.shape)}")
    first, second = torch.triu_indices(p.shape[-2], p.shape[-2], 1)
    a, b = p[..., first, :], p[..., second, :]
    shared = (a > 0) & (b > 0)  # outcomes of both: p^(1-alpha) q^alpha is 0 elsewhere for alpha inside (0, 1)
    log_a, log_b = (torch.where(shared, x, 1.0).log() for x in (a, b))

    def exponent(alpha: torch.Tensor) -> torch.Tensor:
        mixed = (1 - alpha[..., None]) * log_a + alpha[..., None] * log_b
        return -torch.logsumexp(mixed.masked_fill(~shared, -torch.inf), -1)

    low, high = torch.zeros_like(a[..., 0]), torch.ones_like(a[..., 0])
    golden = (math.sqrt(5) - 1) / 2
    for _ in range(steps):
        left, right = high - golden * (high - low), low + golden * (high - low)
        better = exponent(left) >= exponent(right)
        low, high = torch.where(better, low, left), torch.where(better, right, high)
    return leave(exponent((low + high) / 2).clamp(min=0).amin(-1))


def repeated_accuracy(prior: Number, channel: Number, frames: int) -> Number:
    r"""Accuracy of the best answer from K independent looks through one channel, exactly.

    .. math:: A_K = \sum_{c} \binom{K}{c} \max_t \pi_t \prod_o p(o \mid t)^{c_o}

    over the counts c of outcomes, which are sufficient. Parameters: prior (..., M), a law; channel (..., M, outcomes), laws;
    frames K >= 0. Returns accuracies of the broadcast leading shape; right to some (K + outcomes) 2^-52 of the value.
    Errors: ValueError for what is no law, a negative K, or more than two million counts.
    Implements :prf:ref:`thm-accuracy_not_submodular` (a fair coin with error .2: .5, .8, .8, .896).
    """
    name = "repeated_accuracy"
    (pi, p), leave = admit(name, {"prior": 1, "channel": 2}, prior=prior, channel=channel)
    require_law(name, "prior", pi, prior)
    require_law(name, "channel", p, channel)
    if not isinstance(frames, int) or isinstance(frames, bool) or frames < 0:
        raise ValueError(f"{name}: frames must be an integer of at least 0, got {frames!r}")
    if pi.shape[-1] != p.shape[-2]:
        raise ValueError(f"{name}: channel must have a row for each of the {pi.shape[-1]} targets, got shape {tuple(p.shape)}")
    outcomes = p.shape[-1]
    if math.comb(frames + outcomes - 1, outcomes - 1) > _OUTCOMES:
        raise ValueError(f"{name}: {frames} looks at {outcomes} outcomes have more than {_OUTCOMES} counts: too many to enumerate")
    counts = _compositions(frames, outcomes).to(p)
    ways = math.lgamma(frames + 1) - torch.lgamma(counts + 1).sum(-1)
    # 0 log 0 = 0: an outcome that was not seen does not matter, one that cannot be seen rules the target out
    logs = torch.where(p > 0, p, 1.0).log() @ counts.T
    impossible = (p == 0).to(p) @ (counts > 0).to(p).T > 0
    joint = (pi[..., None] * (logs + ways).exp()).masked_fill(impossible, 0.0)
    return leave(joint.amax(-2).sum(-1))


def _compositions(total: int, parts: int) -> torch.Tensor:
    """All ways to write `total` as an ordered sum of `parts` whole numbers, one a row."""
    rows = torch.zeros(1, 0, dtype=torch.long)
    left = torch.tensor([total])
    for _ in range(parts - 1):
        takes = [torch.arange(int(r) + 1) for r in left]
        repeats = torch.tensor([len(t) for t in takes])
        take = torch.cat(takes)
        rows = torch.cat([rows.repeat_interleave(repeats, 0), take[:, None]], 1)
        left = left.repeat_interleave(repeats) - take
    return torch.cat([rows, left[:, None]], 1)


def _whole(information: torch.Tensor, most: torch.Tensor) -> torch.Tensor:
    """ceil(information / most), never above the exact one for information that is not: the quotient is right to u."""
    return (information / most * (1 - 2 * U)).ceil().clamp(min=0)
