"""Scenes: a synthetic multi-frame world whose truth is known.

`sample_scenes` puts boxes and spheres on a floor; `arc`, `parallel`, `forward` and `turn` are paths of cameras, and
`with_overlap` chooses their step; `render` gives frames, `detect` and `track` what a front end would report of
them. Everything here is synthetic, and is called so wherever it is shown.
"""

from spacelib.scenes.cameras import Cameras, overlap, pinhole
from spacelib.scenes.render import FLOOR, SKY, Frames, render
from spacelib.scenes.tracks import Detections, Tracks, detect, noisy_poses, track
from spacelib.scenes.trajectories import arc, forward, look_at, parallel, turn, with_overlap
from spacelib.scenes.world import BOX, COLOURS, SPHERE, Scenes, colour_names, sample_scenes

__all__ = [
    "BOX",
    "COLOURS",
    "FLOOR",
    "SKY",
    "SPHERE",
    "Cameras",
    "Detections",
    "Frames",
    "Scenes",
    "Tracks",
    "arc",
    "colour_names",
    "detect",
    "forward",
    "look_at",
    "noisy_poses",
    "overlap",
    "parallel",
    "pinhole",
    "render",
    "sample_scenes",
    "track",
    "turn",
    "with_overlap",
]
