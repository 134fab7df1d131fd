"""Scenes: a synthetic multi-frame world whose truth is known.

`sample_scenes` puts boxes and spheres on a floor; `arc`, `parallel`, `forward` and `turn` are paths of cameras, and
`with_overlap` chooses their step; `render` gives frames, `detect` and `track` what a front end would report of
them. `Channel` is the exact channel from a scene to noisy frames, with its information by two routes, and `channels`
holds ready ones; `ShiftFamily` moves the law of what scenes are taken under, with exact divergences, and `shifts` holds
ready ones. Everything here is synthetic, and is called so wherever it is shown.
"""

from spacelib.scenes import channels, shifts
from spacelib.scenes.cameras import Cameras, overlap, pinhole
from spacelib.scenes.channel import Channel, Observations
from spacelib.scenes.channel_estimation import information_by_estimation
from spacelib.scenes.population import SHARED_ANSWER, SHARED_SCENE, Population, population
from spacelib.scenes.render import FLOOR, SKY, Frames, render
from spacelib.scenes.shifts import ShiftFamily
from spacelib.scenes.tracks import Detections, Tracks, detect, noisy_poses, track
from spacelib.scenes.trajectories import arc, forward, look_at, parallel, turn, with_overlap
from spacelib.scenes.world import BOX, COLOURS, SPHERE, Scenes, colour_names, sample_scenes

__all__ = [
    "BOX",
    "COLOURS",
    "FLOOR",
    "SHARED_ANSWER",
    "SHARED_SCENE",
    "SKY",
    "SPHERE",
    "Cameras",
    "Channel",
    "Detections",
    "Frames",
    "Observations",
    "Population",
    "Scenes",
    "ShiftFamily",
    "Tracks",
    "arc",
    "channels",
    "colour_names",
    "detect",
    "forward",
    "information_by_estimation",
    "look_at",
    "noisy_poses",
    "overlap",
    "parallel",
    "pinhole",
    "population",
    "render",
    "sample_scenes",
    "shifts",
    "track",
    "turn",
    "with_overlap",
]
