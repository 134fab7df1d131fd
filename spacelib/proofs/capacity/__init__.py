"""Result 1: the accuracy ceiling from mutual information, its equality cases, and what the printed form gets wrong."""

from .ceiling import THEOREMS as _ceiling
from .equality import THEOREMS as _equality
from .readings import THEOREMS as _readings
from .relaxations import THEOREMS as _relaxations

THEOREMS = (*_ceiling, *_equality, *_relaxations, *_readings)
