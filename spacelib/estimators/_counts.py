"""Tables of counts: what comes in, checked; what goes out, in kind."""

import numpy as np
import torch
from torch import Tensor


def checked_counts(
    function: str, counts: Tensor | np.ndarray, alphabet: int | None, *, whole: bool, empty: bool
) -> tuple[Tensor, int]:
    """The counts (*batch, cells) in float64, and the alphabet (the number of cells where None).

    whole: they must be whole numbers; empty: a table without any count is allowed.
    Errors: TypeError for another type; ValueError for a shape, a count or an alphabet that cannot be. Each names the
    function, and the value.
    """
    if not isinstance(counts, Tensor | np.ndarray):
        raise TypeError(f"{function}: counts must be a torch tensor or a numpy array, got {type(counts).__name__}")
    n = torch.as_tensor(counts)
    if n.is_complex():
        raise TypeError(f"{function}: counts must be real, got dtype {n.dtype}")
    if n.ndim < 1 or n.shape[-1] == 0:
        raise ValueError(f"{function}: counts must have shape (*batch, cells) with at least one cell, got {tuple(n.shape)}")
    n = n.to(torch.float64)
    wrong = ~(torch.isfinite(n) & (n >= 0))
    if bool(wrong.any()):
        raise ValueError(f"{function}: counts must be finite and at least 0, got {n[wrong][0].item()!r}")
    if whole and bool((n != n.floor()).any()):
        raise ValueError(f"{function}: counts must be whole numbers for this method, got {n[n != n.floor()][0].item()!r}")
    if not empty and bool((n.sum(-1) == 0).any()):
        raise ValueError(f"{function}: every table must hold at least one count")
    if alphabet is None:
        return n, n.shape[-1]
    if isinstance(alphabet, bool) or not isinstance(alphabet, int):
        raise TypeError(f"{function}: alphabet must be a whole number, got {type(alphabet).__name__}")
    occupied = int((n > 0).sum(-1).max()) if n.numel() else 0
    if alphabet < max(1, occupied):
        raise ValueError(f"{function}: alphabet must be at least the {max(1, occupied)} cells that hold counts, got {alphabet}")
    return n, alphabet


def in_kind(value: Tensor, counts: Tensor | np.ndarray) -> Tensor | np.ndarray | float:
    """A result in the dtype of floating counts (float64 for integers), and as numpy where counts are."""
    dtype = torch.as_tensor(counts).dtype
    value = value.to(dtype if dtype.is_floating_point else torch.float64)
    return value if isinstance(counts, Tensor) else value.numpy()[()]
