"""Continuous variables: what comes in, checked; ties broken by a jitter too small to matter."""

import numpy as np
import torch
from torch import Tensor

Samples = Tensor | np.ndarray

_LARGEST = 1e150  # differences and squares of values below it stay finite in float64
_SMALLEST = 1e-150  # the spread of a column; below it the jitter and squares would vanish
JITTER = 1e-10  # of a column's standard deviation


def checked_samples(function: str, **variables: Samples | None) -> dict[str, Tensor]:
    """Each variable (samples,) or (samples, dimension) as float64 (samples, dimension); None is left out.

    Errors: TypeError for anything but a real tensor or array; ValueError for another shape, numbers of samples that
    differ, a value that is NaN, infinite or beyond 1e150, and a column that is constant or varies by less than 1e-150.
    Each names the function, the argument and the value.
    """
    checked = {name: _checked(function, name, value) for name, value in variables.items() if value is not None}
    lengths = {name: len(value) for name, value in checked.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{function}: all variables must have the same number of samples, got {lengths}")
    homes = {name: str(value.device) for name, value in checked.items()}
    if len(set(homes.values())) > 1:
        raise ValueError(f"{function}: all variables must be on one device, got {homes}")
    return checked


def _checked(function: str, name: str, value: Samples) -> Tensor:
    """One variable, as `checked_samples` describes."""
    if not isinstance(value, Tensor | np.ndarray):
        raise TypeError(f"{function}: {name} must be a torch tensor or a numpy array, got {type(value).__name__}")
    if isinstance(value, np.ndarray):
        if value.dtype.kind not in "iufb":
            raise TypeError(f"{function}: {name} must hold real numbers, got dtype {value.dtype}")
        value = torch.from_numpy(np.array(value, dtype=np.float64))
    if value.is_complex():
        raise TypeError(f"{function}: {name} must hold real numbers, got dtype {value.dtype}")
    if value.ndim not in (1, 2) or value.numel() == 0:
        raise ValueError(
            f"{function}: {name} must have shape (samples,) or (samples, dimension) and at least one sample, "
            f"got shape {tuple(value.shape)}"
        )
    rows = value.detach().to(torch.float64).reshape(len(value), -1)
    wrong = ~(rows.abs() <= _LARGEST)
    if bool(wrong.any()):
        row, column = wrong.nonzero()[0].tolist()
        raise ValueError(
            f"{function}: {name} must be finite and at most 1e150 in size, got {rows[row, column].item()!r} "
            f"in row {row}, column {column}"
        )
    constant = (rows == rows[:1]).all(0)
    if bool(constant.any()) and len(rows) > 1:
        column = int(constant.nonzero()[0])
        raise ValueError(
            f"{function}: column {column} of {name} is constant ({rows[0, column].item()!r}) and carries no information; "
            "leave it out"
        )
    spread = rows.amax(0) - rows.amin(0)
    if len(rows) > 1 and bool((spread < _SMALLEST).any()):
        column = int(spread.argmin())
        raise ValueError(
            f"{function}: column {column} of {name} varies by {spread[column].item()!r} only, too near the "
            "smallest numbers; rescale it"
        )
    return rows


def without_ties(blocks: list[Tensor], generator: torch.Generator | None) -> tuple[list[Tensor], bool]:
    """The blocks, those with equal rows moved by a uniform jitter of 1e-10 standard deviations; and whether any was.

    Neighbours at distance 0 have no order and no density. The jitter is drawn on the CPU, with seed 0 where generator
    is None, so that every device moves the points alike.
    """
    tied = [_has_ties(block) for block in blocks]
    if not any(tied):
        return blocks, False
    generator = torch.Generator().manual_seed(0) if generator is None else generator
    moved = []
    for block, some in zip(blocks, tied, strict=True):
        if some:
            draws = torch.rand(block.shape, generator=generator, dtype=torch.float64, device=generator.device)
            centred = block - block.mean(0)  # so that a large offset does not round the jitter away
            block = centred + JITTER * centred.std(0) * (draws.to(block.device) - 0.5)
        moved.append(block)
    return moved, True


def _has_ties(block: Tensor) -> bool:
    """Whether two rows are equal; mostly the first column, which is quickly sorted, already says no."""
    first = block[:, 0].sort().values
    return bool((first[1:] == first[:-1]).any()) and len(torch.unique(block, dim=0)) < len(block)
