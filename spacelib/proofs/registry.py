"""Every theorem, in the order in which they are proved: each may use only those before it."""

from __future__ import annotations

from . import capacity, data_processing, frames, samples, tradeoff, transfer
from .kernel import Theorem

ROOMS = {"data_processing": data_processing.THEOREMS, "capacity": capacity.THEOREMS, "frames": frames.THEOREMS, "samples": samples.THEOREMS, "transfer": transfer.THEOREMS, "tradeoff": tradeoff.THEOREMS}
TOGETHER = (*samples.setting.TOGETHER, *transfer.TOGETHER)  # hypotheses that a reader is told in one line
THEOREMS: dict[str, Theorem] = {t.name: t for theorems in ROOMS.values() for t in theorems}

if len(THEOREMS) != sum(map(len, ROOMS.values())):
    raise ValueError("two theorems carry one name")
