"""What every subset of frames tells, from a joint law that is known."""

import torch

from spacelib.bounds._border import Number, admit, require_law

_FRAMES = 12


def subset_table(joint: Number, frames: int) -> Number:
    r"""Information of every subset of frames about the target, of a known joint law.

    .. math:: f(S) = I(O_S; T) = \sum_{o_S, t} p(o_S, t) \ln \frac{p(o_S, t)}{p(o_S)\, p(t)}

    Parameters: joint (\*batch, n_1, ..., n_K, M), the law of K frames and the target in the last K + 1 axes; frames K, from 1 to
    12. Returns nats, shape (\*batch, 2^K): entry m is the set of frames whose bits are set in m (bit 0 is the first frame).
    Right to about the number of cells times 2^-52; never negative. Differentiable where no cell is 0.
    Errors: ValueError for what is no law, or a number of frames outside 1 to 12.
    """
    if not isinstance(frames, int) or isinstance(frames, bool) or not 1 <= frames <= _FRAMES:
        raise ValueError(f"subset_table: frames must be an integer from 1 to {_FRAMES}, got {frames!r}")
    (law,), leave = admit("subset_table", {"joint": frames + 1}, joint=joint)
    require_law("subset_table", "joint", law, joint, axes=frames + 1)
    first = law.ndim - frames - 1  # the axis of the first frame
    told = [law.new_zeros(law.shape[:first])]
    for mask in range(1, 2**frames):
        gone = [first + k for k in range(frames) if not mask >> k & 1]
        kept = (law.sum(gone) if gone else law).flatten(first, -2)
        reference = kept.sum(-1, keepdim=True) * kept.sum(-2, keepdim=True)
        # log p - log q where p > 0: no ratio of two numbers that may both be tiny
        logs = torch.where(kept > 0, kept, 1.0).log() - torch.where(kept > 0, reference, 1.0).log()
        told.append((kept * logs).sum((-1, -2)).clamp(min=0))
    return leave(torch.stack(told, -1))
