"""The tradeoff: explicit 3D against implicit reasoning, their risks, where they cross, what both together give, and what can be known of it."""

from . import combination, crossover, identify, pose, readings, risks, tolerance, triangulation, views

THEOREMS = (*risks.THEOREMS, *readings.THEOREMS, *crossover.THEOREMS, *triangulation.THEOREMS, *views.THEOREMS, *pose.THEOREMS, *combination.THEOREMS, *tolerance.THEOREMS, *identify.THEOREMS)
