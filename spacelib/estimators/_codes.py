"""Integer-coded variables: what comes in, checked and relabelled 0, 1, 2, ..."""

import numpy as np
import torch
from torch import Tensor

Codes = Tensor | np.ndarray


def relabel(function: str, device: torch.device | None = None, **variables: Codes | None) -> dict[str, Tensor | None]:
    """Each variable (samples,) or (samples, dimension) as codes 0..M-1 of its distinct rows; None stays None.

    All on the device of the first torch tensor among them, or on the CPU.
    Errors: TypeError for anything but integer (or boolean) tensors and arrays; ValueError for no samples, more than two
    dimensions, or numbers of samples that differ. Each names the function and the argument.
    """
    tensors = {}
    for name, value in variables.items():
        if value is None:
            continue
        if not isinstance(value, Tensor | np.ndarray):
            raise TypeError(f"{function}: {name} must be a torch tensor or a numpy array, got {type(value).__name__}")
        if isinstance(value, np.ndarray) and value.dtype.kind not in "iub" or isinstance(value, Tensor) and (
            value.is_floating_point() or value.is_complex()
        ):
            raise TypeError(
                f"{function}: {name} must hold integer codes, got dtype {value.dtype}; "
                "for continuous variables there is mutual_information"
            )
        tensors[name] = value if isinstance(value, Tensor) else torch.from_numpy(np.array(value, dtype=np.int64))
        if tensors[name].ndim not in (1, 2) or tensors[name].numel() == 0:
            raise ValueError(
                f"{function}: {name} must have shape (samples,) or (samples, dimension) and at least one sample, "
                f"got shape {tuple(value.shape)}"
            )
    lengths = {name: len(tensor) for name, tensor in tensors.items()}
    if len(set(lengths.values())) > 1:
        raise ValueError(f"{function}: all variables must have the same number of samples, got {lengths}")
    home = device or next((v.device for v in variables.values() if isinstance(v, Tensor)), torch.device("cpu"))
    relabelled: dict[str, Tensor | None] = dict.fromkeys(variables)
    for name, tensor in tensors.items():
        relabelled[name] = distinct_rows(tensor.to(device=home, dtype=torch.int64).reshape(len(tensor), -1))[1]
    return relabelled


def distinct_rows(rows: Tensor) -> tuple[Tensor, Tensor]:
    """The distinct rows of (samples, dimension) in order, and the number of each sample's: torch.unique of rows.

    Column after column as one number a row, at most samples squared: sorting numbers is some twenty times faster.
    """
    of_row = torch.zeros(len(rows), dtype=torch.int64, device=rows.device)
    for column in rows.unbind(1):
        values, code = torch.unique(column, return_inverse=True)
        found, of_row = torch.unique(of_row * len(values) + code, return_inverse=True)
    first = torch.empty(len(found), dtype=torch.int64, device=rows.device)
    first[of_row] = torch.arange(len(rows), device=rows.device)  # any sample of a row: they are alike
    return rows[first], of_row


def default_generator(generator: torch.Generator | None, device: torch.device) -> torch.Generator:
    """The caller's generator, or a fresh one with seed 0: the same data then give the same figures every time."""
    return torch.Generator(device).manual_seed(0) if generator is None else generator
