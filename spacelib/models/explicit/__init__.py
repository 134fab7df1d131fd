"""The explicit paradigm: geometry from tracks, without learning.

`triangulate` finds points from their pixels in known cameras, all at once, and says why one has no place; `cramer_rao`
says how precisely they can be known, `ground_ellipses` draws it, `rigs` are three stated rigs; `Errors` are what the
pipeline believes wrongly of its cameras. `reconstruct` makes boxes and balls of tracks, `answers` asks them questions.
Where poses are not known, `relative_pose` finds how a camera moved between two pictures, up to the scale that these do
not show; where they are known badly, `bundle_adjust` refines them; `align` says how one set of points lies to another.
"""

from spacelib.models.explicit.adjustment import bundle_adjust
from spacelib.models.explicit.answers import answers
from spacelib.models.explicit.errors import Errors
from spacelib.models.explicit.motion import Motion, align, relative_pose
from spacelib.models.explicit.precision import cramer_rao, ground_ellipses, rigs
from spacelib.models.explicit.solids import reconstruct
from spacelib.models.explicit.triangulation import Reason, Triangulation, triangulate

__all__ = [
    "Errors",
    "Motion",
    "Reason",
    "Triangulation",
    "align",
    "answers",
    "bundle_adjust",
    "cramer_rao",
    "ground_ellipses",
    "reconstruct",
    "relative_pose",
    "rigs",
    "triangulate",
]
