"""The transfer: a certificate that survives a shift of the law, with scenes as the unit; what of a shift is known, bounded or out of reach."""

from . import certified, chain, disagreement, estimation, fixed, frames, layers, mixes, ratios, setting, units

TOGETHER = (*setting.TOGETHER, *ratios.TOGETHER, *mixes.TOGETHER, *certified.TOGETHER, *layers.TOGETHER)
THEOREMS = (*chain.THEOREMS, *certified.THEOREMS, *ratios.THEOREMS, *layers.THEOREMS, *fixed.THEOREMS, *units.THEOREMS, *mixes.THEOREMS, *estimation.THEOREMS, *disagreement.THEOREMS, *frames.THEOREMS)
