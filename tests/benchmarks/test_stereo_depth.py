"""Depth figures of stereo tracks: recovered on a synthetic drive of known noise and poses; the shipped ones."""

import numpy as np
import pandas as pd
import pytest

from spacelib.benchmarks import (
    STEREO_FIGURES,
    Drive,
    depth_error,
    disparity_noise,
    distance_slopes,
    frames_added,
    noise_memory,
    pose_drift,
    registry,
    stereo_depth_table,
)
from spacelib.benchmarks.stereo import FILES, LARGE
from spacelib.benchmarks.tabulate_stereo_depth import stereo_figures

SCALE, FRAMES, EACH, TRACK = 386.0, 80, 120, 9
found = pytest.mark.skipif(
    not all(registry.local(f"geometry/{name}") for name in {*FILES, *LARGE}), reason="the stereo files are not here"
)


def drive(noise=0.4, step=0.0, seed=0, shift=0.0, near=12.0, far=60.0, kept=0.0):
    """Synthetic: 120 landmarks a frame, seen in 9 frames 1 m apart; recorded places walk off by `step` a frame; each
    disparity's error is `kept` times that of the frame before and something new (an autoregression)."""
    rng = np.random.default_rng(seed)
    depth = rng.uniform(near, far, (FRAMES - TRACK, EACH, 1)) - np.arange(TRACK)
    first = np.broadcast_to(np.arange(FRAMES - TRACK)[:, None, None], depth.shape)
    error = rng.standard_normal(depth.shape)
    for k in range(1, TRACK):
        error[..., k] = kept * error[..., k - 1] + np.sqrt(1 - kept**2) * error[..., k]
    disparity = SCALE / depth + noise * error + shift
    place = np.arange(FRAMES) + np.cumsum(step * rng.standard_normal(FRAMES))
    seen = SCALE / disparity
    frame = first + np.arange(TRACK)
    depth_first = seen + place[frame] - place[first]
    landmark = np.broadcast_to(np.arange(depth[..., 0].size).reshape(-1, EACH, 1), depth.shape)
    sighting = np.broadcast_to(np.arange(TRACK), depth.shape)
    columns = {"frame": frame, "landmark": landmark, "disparity": disparity, "depth": seen, "depth_first": depth_first,
               "sighting": sighting, "sightings": np.full(depth.shape, TRACK)}  # fmt: skip
    tracks = pd.DataFrame({name: values.ravel() for name, values in columns.items()})
    pose = np.tile(np.eye(4), (len(tracks), 1, 1))
    pose[:, 2, 3] = place[tracks["frame"]]
    zero = np.zeros(len(tracks))
    return Drive(tracks, np.stack([zero, zero, tracks["depth"] + pose[:, 2, 3], zero + 1], 1), pose, SCALE)


def test_the_noise_is_recovered_and_is_normal():
    """The reference carries r^2 of the noise, which the scaling takes off; left in, the deviation would be 1.3 s."""
    table = disparity_noise(drive(near=25, far=40))
    whole = table[table["by"] == "all"].iloc[0]
    assert whole["plain_low"] < 0.4 < whole["plain_high"] and whole["robust_low"] < 0.4 < whole["robust_high"]
    assert whole["plain_high"] - whole["plain_low"] < 0.02
    # 8 of 9 errors of a landmark share its reference: no more than 8520 independent ones of 68160; 5 standard errors
    count = whole["samples"] / (TRACK - 1)
    assert abs(whole["kurtosis"]) < 5 * np.sqrt(24 / count)
    assert abs(whole["beyond"] - 0.0027) < 5 * np.sqrt(0.0027 / count)


def test_errors_that_are_kept_are_told_from_independent_ones():
    free, kept = (noise_memory(drive(noise=0.2, near=25, far=60, kept=kept)) for kept in (0.0, 0.6))
    assert ((free["plain_low"] < 0) & (free["plain_high"] > 0)).sum() >= 4  # of five intervals of 95 %
    assert kept["plain_low"].iloc[0] > 0.2 and kept["trimmed_low"].iloc[0] > 0.2
    assert kept["plain"].is_monotonic_decreasing and kept["plain_high"].iloc[0] < 0.6  # the reference shares some


def test_an_offset_is_told_from_what_inverting_makes():
    """A disparity 0.1 too large: the offset is about -0.1 (1 - r^2) Z/scale, and inverting's part stays the noise's.

    Not in the nearest bin: few are there, at an edge of the depths, where r is near 1.
    """
    table, plain = (depth_error(drive(noise=0.2, shift=shift, near=25, far=60)) for shift in (0.1, 0.0))
    assert (table["offset"] < 0).iloc[1:].all() and (table["offset"] < plain["offset"]).all()
    assert np.allclose(table["bias"], table["offset"] + table["inverting"], rtol=0, atol=1e-12)  # an identity
    assert np.allclose(plain["inverting"], plain["predicted"], rtol=0.1)
    assert (plain["variance_low"] < 1.1 * plain["predicted"]).all()  # the prediction is a leading term
    assert (plain["variance_high"] > plain["predicted"]).all()


def test_relative_variance_grows_as_the_square_of_distance():
    slopes = distance_slopes(drive(noise=0.1, near=12, far=60)).set_index("quantity")
    # within a bin Z^2 (1 + r^4) is averaged and r grows with Z: the power is a little above 2
    assert slopes["slope"].between(1.95, 2.4).all() and (slopes["slope_low"] < slopes["slope"]).all()


def test_frames_add_what_they_should_without_drift_and_less_with_it():
    true, walked = (frames_added(drive(noise=0.3, step=step, near=20, far=40)) for step in (0.0, 0.2))
    assert true["frames"].tolist() == list(range(1, 9))
    assert ((true["pixels_low"] < 0.3) & (true["pixels_high"] > 0.3)).mean() >= 7 / 8
    assert np.allclose(true["error_weighted"], true["predicted"], rtol=0.1)
    assert np.allclose(true["lost"].iloc[1:], true["lost_predicted"].iloc[1:], rtol=0.1)
    assert abs(true["lost"].iloc[0]) < 1e-15  # a mean of one is itself, up to two roundings of an inverse
    assert walked["pixels_low"].iloc[-1] > 0.3  # more than noise explains


def test_the_walk_of_recorded_places_is_found():
    """Its variance is step^2 a frame; with true poses nothing is left once sampling is taken off."""
    walked = pose_drift(drive(noise=0.2, step=0.1, near=10, far=25))
    true = 0.01 * walked["gap"]
    assert ((walked["variance_low"] < true) & (walked["variance_high"] > true)).all()
    assert ((walked["variance"] - walked["walk"]).abs() < (walked["variance"] - walked["line"]).abs()).iloc[0]
    still = [pose_drift(drive(noise=0.3, near=14, far=25, seed=seed))["variance"].iloc[0] for seed in range(12)]
    assert abs(np.mean(still)) < 4 * np.std(still, ddof=1) / np.sqrt(len(still))


def test_a_reference_behind_the_camera_is_refused():
    broken = drive()
    broken.pose[0, 2, 3] = 1000.0
    with pytest.raises(ValueError, match=r"landmark 0, frame 0: its last sighting lies behind this camera, at depth -"):
        disparity_noise(broken)


@pytest.mark.parametrize("landmarks", [5, 2 * EACH])  # the second: enough of them, but of one block of frames
@pytest.mark.parametrize("measure", [disparity_noise, noise_memory, depth_error, distance_slopes, frames_added])
def test_too_short_a_drive_is_refused(measure, landmarks):
    whole, rows = drive(), landmarks * TRACK
    with pytest.raises(ValueError, match="too few sightings"):
        measure(Drive(whole.tracks[:rows], whole.point[:rows], whole.pose[:rows], SCALE))


def test_too_few_near_landmarks_for_drift_are_refused():
    with pytest.raises(ValueError, match="pose_drift: too few sightings"):
        pose_drift(drive(near=40, far=60))


def test_the_shipped_figures_are_in_order():
    for name in STEREO_FIGURES:
        table = stereo_depth_table(name)
        assert set(table["drive"]) == {"00s", "large"} and not table.isna().any().any()
        for low in (column for column in table if column.endswith("_low")):
            middle = low.removesuffix("_low")
            assert (table[low] <= table[middle]).all() and (table[middle] <= table[f"{middle}_high"]).all()
    noise = stereo_depth_table("noise")
    assert noise.loc[noise["by"] == "all", "landmarks"].tolist() == [15_638, 2_634]
    with pytest.raises(ValueError, match="no stereo figures 'noises'; known are noise, memory, error, slope, frames"):
        stereo_depth_table("noises")


@found
def test_the_shipped_figures_are_those_of_the_files():
    for name, table in stereo_figures().items():
        pd.testing.assert_frame_equal(stereo_depth_table(name), table, rtol=1e-5, atol=1e-12, check_dtype=False)
