"""The explicit paradigm: geometry from tracks, without learning.

`triangulate` finds points from their pixels in known cameras, all at once, and says why one has no place; `Errors` are
what the pipeline believes wrongly of its cameras.
"""

from spacelib.models.explicit.errors import Errors
from spacelib.models.explicit.triangulation import Reason, Triangulation, triangulate

__all__ = ["Errors", "Reason", "Triangulation", "triangulate"]
