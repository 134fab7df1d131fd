"""What sightings tell about a landmark's depth, measured on the real tracks: `python -m spacelib.benchmarks.tabulate_stereo` writes the shipped table."""

import numpy as np
import pandas as pd
import torch

from spacelib.estimators import mutual_information

from .shipped import TABLES
from .stereo import stereo_tracks
from .writing import write_whole

LONGEST = 6  # sightings that a landmark needs: four to be told by, one left out, the last to hold them against
TOLD_BY = 4


def stereo_information() -> pd.DataFrame:
    """One row for the first 1, 2, 3, 4 sightings of landmarks with six or more: their information about the logarithm of the depth that the last
    (closest) sighting gives, all depths seen from the first camera, in nats with 95 % intervals; samples; method.
    """
    tracks = stereo_tracks()
    long = tracks[(tracks["sightings"] >= LONGEST) & (tracks.groupby("landmark")["depth_first"].transform("min") > 0)]
    last = long[long["sighting"] == long["sightings"] - 1].set_index("landmark")["depth_first"]
    seen = [long[long["sighting"] == k].set_index("landmark")["depth_first"].loc[last.index] for k in range(TOLD_BY)]
    target = torch.from_numpy(np.log(last.to_numpy()))[:, None]
    views = torch.from_numpy(np.log(np.stack(seen, 1)))
    rows = []
    for number in range(1, TOLD_BY + 1):
        found = mutual_information(views[:, :number], target, generator=torch.Generator().manual_seed(number))
        rows.append((number, found.estimate, *found.interval, found.standard_error, found.samples, found.method))
    return pd.DataFrame(rows, columns=["sightings", "estimate", "low", "high", "standard_error", "samples", "method"])


if __name__ == "__main__":
    write_whole(TABLES / "stereo_information.csv", stereo_information().to_csv(index=False, float_format="%.6g", lineterminator="\n"))
