"""Writing the figures of the stereo tracks that ship: `python -m spacelib.benchmarks.tabulate_stereo_depth`."""

import pandas as pd

from .shipped import TABLES
from .stereo import FILES, LARGE, stereo_drive
from .stereo_depth import depth_error, disparity_noise, distance_slopes, frames_added, noise_memory, pose_drift
from .writing import write_whole


def stereo_figures() -> dict[str, pd.DataFrame]:
    """All figures of both drives, from the registered files, under the names of `STEREO_FIGURES`."""
    drives = {"00s": stereo_drive(files=FILES), "large": stereo_drive(files=LARGE)}
    measures = {
        "noise": disparity_noise,
        "memory": noise_memory,
        "error": depth_error,
        "slope": distance_slopes,
        "frames": frames_added,
        "drift": pose_drift,
    }
    return {
        name: pd.concat([measure(drive).assign(drive=label) for label, drive in drives.items()], ignore_index=True)
        for name, measure in measures.items()
    }


if __name__ == "__main__":
    for name, table in stereo_figures().items():
        text = table.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        write_whole(TABLES / f"stereo_{name}.csv", text)
