"""The one inequality: a divergence can only lose when it looks through an event or a score. No cited step."""

from .binary import THEOREMS as _binary
from .divergence import THEOREMS as _divergence
from .equality import THEOREMS as _equality
from .inverses import THEOREMS as _inverses

THEOREMS = (*_divergence, *_equality, *_binary, *_inverses)
