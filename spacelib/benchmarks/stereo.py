"""Real stereo tracks with camera poses: landmarks seen by a driving stereo camera, frame after frame."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from .registry import fetch
from .shipped import TABLES

FILES = ("VO_stereo_factors00s.txt", "VO_camera_poses00s.txt", "VO_calibration00s.txt")
LARGE = ("VO_stereo_factors_large.txt", "VO_camera_poses_large.txt", "VO_calibration.txt")
_COLUMNS = ("frame", "landmark", "left", "right", "row", "x", "y", "z")


@dataclass(frozen=True)
class Drive:
    """One drive: `tracks` as `stereo_tracks` gives them; for each sighting its `point` in the world (n, 4) and its camera's `pose` (n, 4, 4), camera to
    world; `scale`, focal length times baseline in pixels times metres: a depth's disparity is scale/depth."""

    tracks: pd.DataFrame
    point: np.ndarray
    pose: np.ndarray
    scale: float

    def depth(self, of: np.ndarray, to: np.ndarray) -> np.ndarray:
        """The depth of sightings `of` (rows of tracks) in the cameras of sightings `to`, metres, by the recorded poses."""
        return np.einsum("ni,ni->n", np.linalg.inv(self.pose[to])[:, 2], self.point[of])


def stereo_tracks(folder: str | Path | None = None, files: tuple[str, str, str] = FILES) -> pd.DataFrame:
    r"""Sightings of landmarks, each with its depth seen from the landmark's first camera.

    .. math:: z = f B / (u_L - u_R)

    Columns: frame, landmark; left, right, row in pixels; disparity u_L - u_R; depth z in the sighting's own camera and depth_first in that of the
    landmark's first sighting, both in metres, the second by the recorded poses (whose error it carries); sighting, 0 for a landmark's
    first; sightings, how many it has. In the order of frames for each landmark.
    Parameters: folder with the three files, None for the registered ones (found in SPACELIB_DATA or downloaded); files, their names:
    sightings, poses, calibration: `FILES`, or `LARGE` for the second, smaller drive. The points
    in the files are not used: their z is f B/disparity of the same line.
    Errors: ValueError naming file, line and value for a line of other length, what is no number, a frame without pose, or a disparity not above 0.
    Source: GTSAM's example data, from KITTI odometry (Geiger et al. 2012; CC BY-NC-SA 3.0): read, never copied.
    """
    return stereo_drive(folder, files).tracks


def stereo_drive(folder: str | Path | None = None, files: tuple[str, str, str] = FILES) -> Drive:
    """The same with what carries a point from camera to camera. Parameters, errors, source: as `stereo_tracks`."""
    paths = [fetch(f"geometry/{name}") if folder is None else Path(folder) / name for name in files]
    sightings = pd.DataFrame(_numbers(paths[0], len(_COLUMNS)), columns=_COLUMNS)
    poses = _numbers(paths[1], 17)
    ((focal_x, focal_y, skew, centre_x, centre_y, baseline),) = _numbers(paths[2], 6)
    sightings = sightings[["frame", "landmark", "left", "right", "row"]].astype({"frame": int, "landmark": int})
    disparity = sightings["left"] - sightings["right"]
    if (wrong := np.flatnonzero(disparity <= 0)).size:
        raise ValueError(f"{paths[0]}, line {wrong[0] + 1}: disparity must be above 0, got {disparity[wrong[0]]}")
    known = {int(row[0]): row[1:].reshape(4, 4) for row in poses}
    if missing := sorted(set(sightings["frame"]) - set(known)):
        raise ValueError(f"{paths[1]}: no pose of frame {missing[0]}, which {paths[0].name} speaks of")
    depth = focal_x * baseline / disparity
    down = (sightings["row"] - centre_y) / focal_y
    across = (sightings["left"] - centre_x - skew * down) / focal_x
    point = np.stack([across * depth, down * depth, depth, np.ones(len(depth))], 1)
    pose = np.stack([known[f] for f in sightings["frame"]])
    world = np.einsum("nij,nj->ni", pose, point)
    table = sightings.assign(disparity=disparity, depth=depth)
    order = table.sort_values(["landmark", "frame"], kind="stable").index
    table, world, pose = table.loc[order].reset_index(drop=True), world[order], pose[order]
    group = table.groupby("landmark")
    first = np.linalg.inv(np.stack([known[f] for f in group["frame"].transform("first")]))
    table["depth_first"] = np.einsum("ni,ni->n", first[:, 2], world)
    table["sighting"], table["sightings"] = group.cumcount(), group["frame"].transform("size")
    return Drive(table, world, pose, float(focal_x * baseline))


def stereo_information_table() -> pd.DataFrame:
    """What the first 1 to 4 sightings of a landmark tell about the logarithm of its depth, the closest sighting's taken for it: the shipped figures.

    Columns: sightings; estimate, low, high (95 %), standard_error in nats; samples, the landmarks with six or more sightings; method. Written by
    `python -m spacelib.benchmarks.tabulate_stereo` from the registered files. Landmarks are taken as independent, though those of one frame share
    its pose's error: the intervals are rather too narrow.
    """
    return pd.read_csv(TABLES / "stereo_information.csv")


def _numbers(path: Path, columns: int) -> np.ndarray:
    """A text file of `columns` finite numbers a line."""
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = line.split()
        if not fields:
            continue
        if len(fields) != columns:
            raise ValueError(f"{path}, line {number}: {columns} numbers expected, got {len(fields)}")
        try:
            rows.append([float(field) for field in fields])
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: numbers expected, got {line!r}") from error
        if not np.isfinite(rows[-1]).all():
            raise ValueError(f"{path}, line {number}: finite numbers expected, got {line!r}")
    if not rows:
        raise ValueError(f"{path}: no line of numbers")
    return np.array(rows)
