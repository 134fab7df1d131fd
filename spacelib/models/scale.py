"""Where and how large to compute: the two environment variables that choose it, read in one place."""

import os

import torch

_SCALES = ("book", "full")


def scale() -> str:
    """ "book" (seconds on one core) or "full", from SPACELIB_SCALE; "book" where it is unset or empty.

    Errors: ValueError for any other word.
    """
    word = os.environ.get("SPACELIB_SCALE") or "book"
    if word not in _SCALES:
        raise ValueError(f"SPACELIB_SCALE must be one of {', '.join(_SCALES)}, got {word!r}")
    return word


def device() -> torch.device:
    """The device that SPACELIB_DEVICE names, as cpu, cuda or cuda:1; the CPU where it is unset or empty.

    Errors: ValueError for what names no device, or one that is not in this machine.
    """
    word = os.environ.get("SPACELIB_DEVICE") or "cpu"
    try:
        chosen = torch.device(word)
    except RuntimeError as error:
        raise ValueError(f"SPACELIB_DEVICE must be cpu, cuda or cuda:N, got {word!r}") from error
    if chosen.type not in ("cpu", "cuda"):
        raise ValueError(f"SPACELIB_DEVICE must be cpu, cuda or cuda:N, got {word!r}")
    if chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count():
        raise ValueError(f"SPACELIB_DEVICE is {word!r}, but torch sees {torch.cuda.device_count()} CUDA devices here")
    return chosen
