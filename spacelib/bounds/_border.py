"""The border of the numeric rooms: what comes in as torch, numpy or float goes out as the same.

Inside, everything is a float64 tensor; a result for float32 callers is rounded once, at the end, and a
one-sided bound is rounded to its safe side.
"""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

Number = Tensor | np.ndarray | float
"""What every function of the numeric rooms takes, and gives back in kind."""

_DTYPES = (torch.float32, torch.float64)


class _RoundOutward(torch.autograd.Function):
    """Round float64 to a narrower dtype, never below (side "upper") or never above (side "lower") the value."""

    @staticmethod
    def forward(value: Tensor, dtype: torch.dtype, side: str) -> Tensor:
        rounded = value.to(dtype)
        if side == "upper":
            return torch.where(rounded < value, torch.nextafter(rounded, rounded.new_tensor(torch.inf)), rounded)
        return torch.where(rounded > value, torch.nextafter(rounded, rounded.new_tensor(-torch.inf)), rounded)

    @staticmethod
    def setup_context(ctx, inputs, output):
        ctx.dtype = inputs[0].dtype

    @staticmethod
    def backward(ctx, gradient):
        return gradient.to(ctx.dtype), None, None


def admit(
    function: str, _axes: dict[str, int] | None = None, **arguments: Number
) -> tuple[list[Tensor], Callable[..., Number]]:
    """Arguments as finite, mutually broadcast float64 tensors on one device, and the way back out.

    `_axes` names the arguments whose last axes are their own (a law's outcomes: {"prior": 1}); only the axes before
    them broadcast with those of the other arguments.

    The way back is `leave(value, side=None)`: to the kind (torch, numpy, float), dtype and device of the
    arguments. float32 and float64 are kept (the wider wins); integers and Python floats count as float64 unless a
    float32 tensor or array stands beside them, and are themselves never rounded.

    Errors: TypeError for anything that is not a real number, array or tensor; ValueError for NaN or infinity, for
    tensors on different devices, for shapes that do not broadcast. Each names the function, argument and value.
    """
    tensors: dict[str, Tensor] = {}
    kinds = set()
    for name, value in arguments.items():
        if isinstance(value, Tensor):
            kinds.add("torch")
            tensors[name] = value
        elif isinstance(value, np.ndarray | np.generic):
            kinds.add("numpy")
            try:
                writable = np.require(value, requirements="CW")  # a column of a table is not, and torch warns of that
                tensors[name] = torch.as_tensor(writable.reshape(np.shape(value)))
            except TypeError as error:
                raise TypeError(f"{function}: {name} must be an array of real numbers, got dtype {value.dtype}") from error
        elif isinstance(value, float | int) and not isinstance(value, bool):
            tensors[name] = torch.tensor(value, dtype=torch.float64)
        else:
            raise TypeError(f"{function}: {name} must be a number, a numpy array or a torch tensor, got {type(value).__name__}")
        dtype = tensors[name].dtype
        if dtype.is_complex or dtype == torch.bool or (dtype.is_floating_point and dtype not in _DTYPES):
            raise TypeError(f"{function}: {name} must have dtype float32, float64 or an integer dtype, got {dtype}")

    typed = [tensors[name].dtype for name, value in arguments.items() if isinstance(value, Tensor | np.ndarray | np.generic)]
    typed = [dtype for dtype in typed if dtype in _DTYPES]
    dtype = torch.float32 if typed and torch.float64 not in typed else torch.float64
    devices = {t.device for name, t in tensors.items() if isinstance(arguments[name], Tensor)}
    if len(devices) > 1:
        raise ValueError(f"{function}: all tensors must be on one device, got {sorted(map(str, devices))}")
    device = devices.pop() if devices else torch.device("cpu")

    inside = []
    for name, tensor in tensors.items():
        tensor = tensor.to(device=device, dtype=torch.float64)
        require(function, name, tensor, torch.isfinite(tensor), "finite")
        inside.append(tensor)
    own = [(_axes or {}).get(name, 0) for name in tensors]
    for (name, tensor), axes in zip(tensors.items(), own, strict=True):
        if tensor.ndim < axes:
            least = "1 axis" if axes == 1 else f"{axes} axes"
            raise ValueError(f"{function}: {name} must have at least {least}, got shape {tuple(tensor.shape)}")
    try:
        # numpy's, since torch's own imports sympy at its first call
        batch = np.broadcast_shapes(*(tuple(t.shape[: t.ndim - axes]) for t, axes in zip(inside, own, strict=True)))
        inside = [t.expand(batch + t.shape[t.ndim - axes :]) for t, axes in zip(inside, own, strict=True)]
    except (RuntimeError, ValueError) as error:
        shapes = ", ".join(f"{name} {tuple(t.shape)}" for name, t in tensors.items())
        raise ValueError(f"{function}: the shapes must broadcast, got {shapes}") from error

    def leave(value: Tensor, side: str | None = None) -> Number:
        if value.dtype != dtype:
            value = value.to(dtype) if side is None else _RoundOutward.apply(value, dtype, side)
        if "torch" in kinds:
            return value
        if "numpy" in kinds:
            return value.numpy()[()]
        return value.item() if value.ndim == 0 else value.numpy()  # a law or a table made of numbers

    return inside, leave


def require(function: str, argument: str, value: Tensor, holds: Tensor, condition: str) -> None:
    """Raise ValueError naming the first entry of `value` at which `holds` is false."""
    if bool(holds.all()):
        return
    where = tuple((~holds).nonzero()[0].tolist())
    place = f" at index {where}" if where else ""
    shape = f" of shape {tuple(value.shape)}" if where else ""
    raise ValueError(f"{function}: {argument}{shape} must be {condition}, got {value[where].item()!r}{place}")


def require_probability(function: str, argument: str, value: Tensor) -> None:
    """Raise ValueError unless every entry lies in [0, 1]."""
    require(function, argument, value, (value >= 0) & (value <= 1), "in [0, 1]")


def require_law(function: str, argument: str, value: Tensor, given: Number, axes: int = 1) -> None:
    """Raise ValueError unless the entries are nonnegative and sum to one over the last axes.

    `given` is the argument as it came: a law of N outcomes that was normalised in its dtype misses one by at most N
    roundings of that dtype.
    """
    outcomes = value.shape[value.ndim - axes :].numel()
    if outcomes == 0:
        raise ValueError(f"{function}: {argument} must have at least one outcome, got shape {tuple(value.shape)}")
    require(function, argument, value, value >= 0, "at least 0")
    unit = torch.finfo(torch.float32 if "float32" in str(getattr(given, "dtype", "")) else torch.float64).eps
    total = value.sum(tuple(range(-axes, 0)))
    require(function, f"the sum of {argument}", total, (total - 1).abs() <= (outcomes + 1) * unit, "1")


def require_side(function: str, side: str | None, *, optional: bool = False) -> None:
    """Raise ValueError unless side is "lower" or "upper" (or None, where that is allowed)."""
    if side in ("lower", "upper") or (optional and side is None):
        return
    choices = "'lower' or 'upper'" + (" or None" if optional else "")
    raise ValueError(f"{function}: side must be {choices}, got {side!r}")
