"""Result 1: the accuracy ceiling from mutual information, its equality cases, and what the printed form gets wrong."""

from .ceiling import THEOREMS as _ceiling
from .distortion import THEOREMS as _distortion
from .equality import THEOREMS as _equality
from .exact import THEOREMS as _exact
from .exact_channel import THEOREMS as _exact_channel
from .floor import THEOREMS as _floor
from .honesty import THEOREMS as _honesty
from .readings import THEOREMS as _readings
from .relaxations import THEOREMS as _relaxations
from .scores import THEOREMS as _scores
from .spectrum import THEOREMS as _spectrum
from .tolerance import THEOREMS as _tolerance
from .width import THEOREMS as _width

THEOREMS = (*_ceiling, *_equality, *_relaxations, *_readings, *_exact, *_exact_channel, *_scores, *_tolerance, *_distortion, *_floor, *_width, *_spectrum, *_honesty)
