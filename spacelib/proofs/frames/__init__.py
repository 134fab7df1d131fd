"""The frames: what several views add, when that is more than their sum, how many are enough."""

from . import diminishing, fewest, greedy, independent, many, order, repeated, saturation, together, views

THEOREMS = (*views.THEOREMS, *independent.THEOREMS, *diminishing.THEOREMS, *many.THEOREMS, *fewest.THEOREMS, *greedy.THEOREMS, *repeated.THEOREMS, *together.THEOREMS, *saturation.THEOREMS, *order.THEOREMS)
