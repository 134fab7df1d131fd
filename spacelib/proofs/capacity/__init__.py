"""Result 1: the accuracy ceiling from mutual information, its equality cases, and what the printed form gets wrong."""

from .ceiling import THEOREMS as _ceiling
from .distortion import THEOREMS as _distortion
from .equality import THEOREMS as _equality
from .exact import THEOREMS as _exact
from .floor import THEOREMS as _floor
from .readings import THEOREMS as _readings
from .relaxations import THEOREMS as _relaxations
from .scores import THEOREMS as _scores

THEOREMS = (*_ceiling, *_equality, *_relaxations, *_readings, *_exact, *_floor, *_scores, *_distortion)
