"""Stereo tracks: small files by hand (synthetic), the real ones where they are found, and the shipped figures."""

import numpy as np
import pandas as pd
import pytest

from spacelib.benchmarks import registry, stereo_information_table, stereo_tracks
from spacelib.benchmarks.stereo import FILES
from spacelib.benchmarks.tabulate_stereo import stereo_information

FOCAL, BASELINE = 700.0, 0.5
REAL = all(registry.local(f"geometry/{name}") for name in FILES)
found = pytest.mark.skipif(not REAL, reason="the stereo files are not here")


def files(folder, lines=None, poses=None, calibration=f"{FOCAL} {FOCAL} 0 300 200 {BASELINE}\n"):
    """A camera that drives 2 m ahead between two frames; a point 10 m before its first place, a little to the right and below."""
    if lines is None:
        lines = ""
        for frame, ahead in ((0, 0.0), (1, 2.0)):
            z = 10 - ahead
            u, v = 300 + FOCAL * 0.3 / z, 200 + FOCAL * 0.2 / z
            lines += f"{frame} 5 {u!r} {u - FOCAL * BASELINE / z!r} {v!r} 0 0 0\n"
    if poses is None:
        poses = "".join(f"{frame} 1 0 0 0 0 1 0 0 0 0 1 {ahead} 0 0 0 1\n" for frame, ahead in ((0, 0.0), (1, 2.0)))
    for name, text in zip(FILES, (lines, poses, calibration), strict=True):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_point_seen_twice(tmp_path):
    table = stereo_tracks(files(tmp_path))
    assert table[["frame", "landmark", "sighting", "sightings"]].to_numpy().tolist() == [[0, 5, 0, 2], [1, 5, 1, 2]]
    assert np.allclose(table["depth"], [10, 8], rtol=1e-12) and np.allclose(table["depth_first"], [10, 10], rtol=1e-12)


def test_a_turned_camera_sees_the_depth_of_the_first(tmp_path):
    """The second camera looks to the right by 30 degrees from the same place: the depth in the first camera stays."""
    cos, sin = float(np.cos(np.pi / 6)), float(np.sin(np.pi / 6))
    x, z = 0.3, 10.0
    seen = (cos * x - sin * z, sin * x + cos * z)  # the point in the turned camera
    lines = ""
    for frame, (a, b) in enumerate([(x, z), seen]):
        u = 300 + FOCAL * a / b
        lines += f"{frame} 1 {u!r} {u - FOCAL * BASELINE / b!r} 200 0 0 0\n"
    poses = f"0 1 0 0 0 0 1 0 0 0 0 1 0 0 0 0 1\n1 {cos!r} 0 {sin!r} 0 0 1 0 0 {-sin!r} 0 {cos!r} 0 0 0 0 1\n"
    assert np.allclose(stereo_tracks(files(tmp_path, lines, poses))["depth_first"], z, rtol=1e-12)


@pytest.mark.parametrize(("change", "message"), [
    ({"lines": "0 1 2 3\n"}, "line 1: 8 numbers expected, got 4"),
    ({"lines": "0 1 300 x 200 0 0 0\n"}, "line 1: numbers expected, got '0 1 300 x 200 0 0 0'"),
    ({"lines": "0 1 300 nan 200 0 0 0\n"}, "line 1: finite numbers expected"),
    ({"lines": "0 1 300 290 200 0 0 0\n0 2 300 300 200 0 0 0\n"}, r"line 2: disparity must be above 0, got 0.0"),
    ({"lines": "7 1 300 290 200 0 0 0\n"}, "no pose of frame 7"),
    ({"lines": "\n"}, "no line of numbers"),
    ({"calibration": "1 2 3\n"}, "line 1: 6 numbers expected, got 3"),
])
def test_a_broken_file_is_named(tmp_path, change, message):
    with pytest.raises(ValueError, match=message):
        stereo_tracks(files(tmp_path, **change))


def test_the_shipped_figures_are_in_order():
    table = stereo_information_table()
    assert table["sightings"].tolist() == [1, 2, 3, 4]
    assert (table["low"] < table["estimate"]).all() and (table["estimate"] < table["high"]).all()


@found
def test_the_real_tracks():
    table = stereo_tracks()
    first = table[table["sighting"] == 0]
    assert (len(table), len(first), int(first["sightings"].median()), int(first["sightings"].max())) == (52_544, 15_638, 3, 27)
    later = table[(table["sighting"] == 1) & (table["depth"] < 20)]
    seen = first.set_index("landmark")["depth"].loc[later["landmark"]]
    assert np.median(np.abs(later["depth_first"].to_numpy() / seen.to_numpy() - 1)) < 0.02  # the poses do what they should


@found
@pytest.mark.long
def test_the_shipped_figures_are_those_of_the_files():
    pd.testing.assert_frame_equal(stereo_information_table(), stereo_information(), rtol=1e-5)
