r"""What sets of frames tell: complementarity, gains, and the tests of submodularity, on a table of all subsets.

A table holds the information of every subset of K frames about one target, shape (\*batch, 2^K): entry m is that of the frames
whose bits are set in m (bit k for frame k), entry 0, of no frame, is 0. `spacelib.estimators.subset_information` makes
such tables from samples, `spacelib.scenes` from known channels.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require


def complementarity(information: Number) -> Number:
    r"""What all frames tell beyond the best of them alone.

    .. math:: G = f([K]) - \max_k f(\{k\}), \qquad f(S) = I(O_S; T \mid Q)

    Parameters: information (\*batch, 2^K), a table of all subsets in nats. Returns nats, shape (\*batch); at least 0 for a
    table that is the truth. Free of any choice of decomposition, unlike synergy.
    Errors: ValueError for a table whose length is no power of 2 above 1, or whose entry of no frame is not 0.
    Implements :prf:ref:`thm-complementarity_nonnegative`.
    """
    table, frames, leave = _admit("complementarity", information)
    return leave(table[..., -1] - table[..., _singles(frames)].amax(-1))


def net_synergy(information: Number) -> Number:
    r"""Synergy minus redundancy: what all frames tell beyond the sum of what each tells.

    .. math:: f([K]) - \sum_k f(\{k\}) = \mathrm{TC}(O \mid T, Q) - \mathrm{TC}(O \mid Q)

    Parameters: information (\*batch, 2^K), a table of all subsets in nats. Returns nats, shape (\*batch). At most 0 where the
    frames are independent given target and question; of two frames it is S - R of any decomposition that adds up.
    Errors: as `complementarity`.
    Source: interaction information of two frames, McGill 1954; total correlation, Watanabe 1960.
    Implements :prf:ref:`thm-frames_identity`, :prf:ref:`thm-net_synergy`.
    """
    table, frames, leave = _admit("net_synergy", information)
    return leave(table[..., -1] - table[..., _singles(frames)].sum(-1))


def marginal_gains(information: Number) -> Number:
    r"""What one more frame adds to each set.

    .. math:: f(S \cup \{k\}) - f(S)

    Parameters: information (\*batch, 2^K), a table of all subsets in nats. Returns nats, shape (\*batch, 2^K, K): entry
    (m, k) is the gain of frame k after the set m, 0 where it is in it.
    Errors: as `complementarity`.
    """
    table, frames, leave = _admit("marginal_gains", information)
    return leave(_gains(table, frames))


def submodularity_violation(information: Number) -> Number:
    r"""How far a table is from diminishing returns: its worst increase of a gain.

    .. math:: \max_{S,\, i \ne j \notin S} f(S + i + j) - f(S + i) - f(S + j) + f(S)

    Parameters: information (\*batch, 2^K), K at least 2, a table of all subsets in nats. Returns nats, shape (\*batch): at
    most 0 iff the table is submodular (this local test is equivalent to the one over all pairs of nested sets).
    Errors: as `complementarity`; ValueError for fewer than 2 frames.
    Source: Nemhauser, Wolsey and Fisher 1978, Proposition 2.1.
    """
    name = "submodularity_violation"
    table, frames, leave = _admit(name, information, least=2)
    gains, sets = _gains(table, frames), torch.arange(2**frames, device=table.device)
    worst = table.new_full(table.shape[:-1], -torch.inf)
    for i in range(frames):
        for j in range(i):
            without = sets[(sets >> i & 1 == 0) & (sets >> j & 1 == 0)]
            worst = torch.maximum(worst, (gains[..., without + 2**j, i] - gains[..., without, i]).amax(-1))
    return leave(worst)


def monotonicity_violation(information: Number) -> Number:
    r"""How far a table is from never losing by another frame: its worst loss, 0 or less where there is none.

    .. math:: \max_{S,\, k \notin S} f(S) - f(S + k)

    Parameters and errors: as `complementarity`. Returns nats, shape (\*batch): at most 0 iff the table is monotone.
    Implements :prf:ref:`thm-view_monotone`.
    """
    table, frames, leave = _admit("monotonicity_violation", information)
    sets = torch.arange(2**frames, device=table.device)
    losses = [-_gains(table, frames)[..., sets[sets >> k & 1 == 0], k].amin(-1) for k in range(frames)]
    return leave(torch.stack(losses).amax(0))


@dataclass(frozen=True)
class Choice:
    r"""A chosen set of frames: `order` (\*batch, budget) the frames in the order of choice (ascending for a best set), `information`
    (\*batch,) what the set tells in nats.
    """

    order: Tensor
    information: Tensor


def greedy_frames(information: Number, budget: int) -> Choice:
    r"""Frames chosen one at a time, each the one that adds most.

    .. math:: k_{i+1} = \arg\max_k f(S_i + k), \qquad f(S_K) \ge \left(1 - (1 - 1/K)^K\right) \max_{|S| = K} f(S)

    The guarantee holds for monotone submodular f: `submodularity_violation` tests it.
    Parameters: information (\*batch, 2^K), a table of all subsets in nats; budget, between 1 and K. Ties go to the lowest frame.
    Returns a Choice. Errors: as `complementarity`; ValueError for a budget outside 1 to K.
    Source: Nemhauser, Wolsey and Fisher 1978; for information, Krause and Guestrin 2005.
    Implements :prf:ref:`thm-greedy_round`, :prf:ref:`thm-greedy_guarantee`.
    """
    table, frames, _ = _admit("greedy_frames", information)
    _require_budget("greedy_frames", budget, frames)
    chosen = torch.zeros(table.shape[:-1], dtype=torch.long, device=table.device)
    order = []
    bits = _singles(frames).to(table.device)
    for _ in range(budget):
        grown = chosen[..., None] | bits
        values = table.gather(-1, grown).masked_fill(grown == chosen[..., None], -torch.inf)
        order.append(values.argmax(-1))
        chosen = chosen | 2 ** order[-1]
    return Choice(torch.stack(order, -1), table.gather(-1, chosen[..., None])[..., 0])


def best_frames(information: Number, budget: int) -> Choice:
    r"""The best set of a given size, by looking at all of them.

    .. math:: \max_{|S| = K} f(S)

    Parameters and errors: as `greedy_frames`. Returns a Choice; of equal sets the first in the table's order.
    """
    table, frames, _ = _admit("best_frames", information)
    _require_budget("best_frames", budget, frames)
    sets = torch.arange(2**frames, device=table.device)
    bits = (sets[:, None] >> torch.arange(frames, device=table.device)) & 1
    sized = sets[bits.sum(-1) == budget]
    value, at = table[..., sized].max(-1)
    order = bits[sized[at]].argsort(dim=-1, descending=True, stable=True)[..., :budget]
    return Choice(order, value)


def greedy_guarantee(budget: int, chosen: int | None = None) -> float:
    r"""Share of the best set's information that greedy choice reaches at least, for monotone submodular information.

    .. math:: 1 - (1 - 1/K)^k \ge 1 - e^{-k/K}

    Parameters: budget K, the size of the best set; chosen k, how many frames were chosen greedily (None: K).
    Errors: ValueError for a budget or a number below 1.
    Source: Nemhauser, Wolsey and Fisher 1978. Implements :prf:ref:`thm-greedy_guarantee`.
    """
    chosen = budget if chosen is None else chosen
    for name, value in (("budget", budget), ("chosen", chosen)):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise ValueError(f"greedy_guarantee: {name} must be an integer of at least 1, got {value!r}")
    return 1 - (1 - 1 / budget) ** chosen


def _admit(function: str, information: Number, least: int = 1):
    (table,), leave = admit(function, {"information": 1}, information=information)
    entries = table.shape[-1]
    frames = entries.bit_length() - 1
    if entries != 2**frames or frames < least:
        expected = f"2^K entries in its last axis, K at least {least}"
        raise ValueError(f"{function}: information must have {expected}, got shape {tuple(table.shape)}")
    require(function, "information", table[..., 0], table[..., 0] == 0, "0 for no frame (entry 0)")
    return table, frames, leave


def _singles(frames: int) -> Tensor:
    """The masks of single frames."""
    return 2 ** torch.arange(frames)


def _gains(table: Tensor, frames: int) -> Tensor:
    sets = torch.arange(2**frames, device=table.device)
    return torch.stack([table[..., sets | 2**k] - table for k in range(frames)], -1)


def _require_budget(function: str, budget: int, frames: int) -> None:
    if not isinstance(budget, int) or isinstance(budget, bool) or not 1 <= budget <= frames:
        raise ValueError(f"{function}: budget must be an integer from 1 to the {frames} frames, got {budget!r}")
