"""What real stereo tracks say about depth: noise, bias, what averaging loses, what frames add, where poses end it.

No true depth is known. The reference of a sighting is the landmark's last one, nearer in a forward drive, carried to
the judged camera by the recorded poses; it is chosen by its place in the track, not by what it measured. Its own
error is noise too: with r = its depth over the judged depth, a disparity carried back has r^2 times its noise, so

    Var(disparity seen - disparity carried) = s^2 (1 + r^4) + the poses' share.

Selection that no figure here can undo: a landmark is there only if it was matched in both images of consecutive
frames and passed the matcher's gates, which cuts off the largest errors and everything at a disparity of 0 or below.
Intervals (95 %) leave out one block of four consecutive frames of first sight at a time and use Student's law.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from .shipped import TABLES
from .stereo import Drive

STEREO_FIGURES = ("noise", "memory", "error", "slope", "frames", "drift")
BLOCK = 4  # frames: those of one block share poses
DEPTHS = (0, 10, 15, 20, 30, 45, 70, 1000)  # metres
GAPS = (1, 2, 3, 5, 8, 100)  # frames
LONGEST = 8  # frames averaged; one more sighting is the reference


def stereo_depth_table(name: str) -> pd.DataFrame:
    """The shipped figures of the stereo tracks: `name` is one of `STEREO_FIGURES`, columns as its function gives them.

    "noise": `disparity_noise`, "memory": `noise_memory`, "error": `depth_error`, "slope": `distance_slopes`, "frames":
    `frames_added`, "drift": `pose_drift`; each with the column `drive`, "00s" or "large". Written from the registered
    files by the module `tabulate_stereo_depth`, run with `python -m`.
    Errors: ValueError for another name.
    """
    if name not in STEREO_FIGURES:
        raise ValueError(f"no stereo figures {name!r}; known are {', '.join(STEREO_FIGURES)}")
    return pd.read_csv(TABLES / f"stereo_{name}.csv")


def disparity_noise(drive: Drive) -> pd.DataFrame:
    r"""Noise of a disparity in pixels, by distance and by frames to the reference.

    .. math:: e = \frac{\hat{disp} - f B/Z_{ref}}{\sqrt{1 + r^4}}

    One row a bin: by ("depth" in metres, "gap" in frames, or "all"), low, high (low <= value < high); samples,
    landmarks, blocks; ratio, the median r; plain, the standard deviation of e, and robust, 1.4826 times the median of
    |e - median|, each with _low, _high: equal for normal noise; kurtosis (excess, normal: 0); beyond, the share farther
    than 3 robust deviations from the median (normal: 0.0027); mean, of the unscaled difference, with _low, _high.
    The poses' share is left in: it grows with the gap and towards near points.
    """
    seen = _judged(drive)
    rows = []
    for by, edges in (("all", (0, np.inf)), ("depth", DEPTHS), ("gap", GAPS)):
        for low, high in zip(edges, edges[1:], strict=False):
            part = seen if by == "all" else seen[(seen[by] >= low) & (seen[by] < high)]
            if len(part) < 100 or part["block"].nunique() < 2:
                continue  # too few for a tail or an interval
            e = part["scaled"]
            rows.append({
                "by": by, "low": low, "high": high, "samples": len(part), "landmarks": part["landmark"].nunique(),
                "blocks": part["block"].nunique(), "ratio": part["ratio"].median(),
                **_jackknife("plain", part, lambda p: p["scaled"].std()),
                **_jackknife("robust", part, lambda p: _robust(p["scaled"])),
                "kurtosis": e.kurt(), "beyond": (abs(e - e.median()) > 3 * _robust(e)).mean(),
                **_jackknife("mean", part, lambda p: p["difference"].mean()),
            })  # fmt: skip
    return _table("disparity_noise", rows)


def noise_memory(drive: Drive) -> pd.DataFrame:
    r"""Whether the errors of two sightings of one landmark are independent: their correlation by the frames between.

    .. math:: \frac{\mathrm{E}\, x_i x_j}{s^2} - \mathrm{E}\, r_i^2 r_j^2, \qquad x = \hat{disp} - \frac{f B}{Z_{ref}}

    x holds r^2 of the reference's error, which both share: the second term takes it off; 0 for independent errors.
    One row a lag of 1 to 5 frames: lag, samples; plain with _low, _high; trimmed with _low, _high: the same without
    sightings beyond 3 robust deviations. Errors correlated with the reference's as well make both too small. Points
    that move, wrong poses and a matcher that repeats its error all show as correlation.
    """
    seen = _judged(drive)
    limit = 3 * _robust(seen["scaled"])
    rows = []
    for lag in range(1, 6):
        later = seen.shift(-lag)
        pairs = pd.DataFrame({
            "product": seen["difference"] * later["difference"], "shared": (seen["ratio"] * later["ratio"]) ** 2,
            "square": (seen["scaled"] ** 2 + later["scaled"] ** 2) / 2, "block": seen["block"],
            "far": np.maximum(seen["scaled"].abs(), later["scaled"].abs()),
        })[later["landmark"] == seen["landmark"]]  # fmt: skip

        def correlation(table: pd.DataFrame) -> float:
            return table["product"].mean() / table["square"].mean() - table["shared"].mean()

        if len(pairs) < 100 or pairs["block"].nunique() < 2:
            continue
        rows.append({"lag": lag, "samples": len(pairs), **_jackknife("plain", pairs, correlation),
                     **_jackknife("trimmed", pairs[pairs["far"] < limit], correlation)})  # fmt: skip
    return _table("noise_memory", rows)


def depth_error(drive: Drive) -> pd.DataFrame:
    r"""Bias and variance of depth over the reference's depth, by distance, beside what the noise in pixels predicts.

    .. math::
        \frac{\hat Z}{Z_{ref}} - 1 &= -u + \frac{u^2}{1 + u}, \\
        \mathrm{E} u^2 &\approx t (1 + r^4), \\
        t &= \Big(\frac{Z s}{f B}\Big)^2

    One row a bin of reference depth: low, high, depth (its geometric mean), samples, blocks; bias with _low, _high and
    its parts offset, -mean u, which is zero where the noise is unbiased, and inverting, mean u^2/(1 + u), which is
    what inverting a noisy disparity does; variance with _low, _high, and robust, its robust counterpart; predicted, the
    mean of t (1 + r^4) at the plain deviation s of the whole drive, and predicted_robust at the robust one; reach, the
    largest |u|. The reference's own bias is within these.
    """
    seen = _judged(drive)
    plain, robust = seen["scaled"].std(), _robust(seen["scaled"])
    rows = []
    for low, high in zip(DEPTHS, DEPTHS[1:], strict=False):
        part = seen[(seen["depth"] >= low) & (seen["depth"] < high)]
        if len(part) < 100 or part["block"].nunique() < 2:
            continue
        unit = (part["depth"] ** 2 * (1 + part["ratio"] ** 4)).mean() / drive.scale**2
        rows.append({
            "low": low, "high": high, "depth": np.exp(np.log(part["depth"]).mean()), "samples": len(part),
            "blocks": part["block"].nunique(), **_jackknife("bias", part, lambda p: p["error"].mean()),
            "offset": -part["u"].mean(), "inverting": (part["u"] ** 2 / (1 + part["u"])).mean(),
            **_jackknife("variance", part, lambda p: p["error"].var()), "robust": _robust(part["error"]) ** 2,
            "predicted": unit * plain**2, "predicted_robust": unit * robust**2, "reach": part["u"].abs().max(),
        })  # fmt: skip
    return _table("depth_error", rows)


def distance_slopes(drive: Drive) -> pd.DataFrame:
    r"""By which power of distance relative variance and the part of bias that inverting makes grow; 2 by the formulas.

    .. math:: \log \text{variance} = c + p \log Z

    over the bins of `depth_error` below 70 metres. One row a quantity: quantity ("inverting", "variance", "robust"),
    slope p with _low, _high. An absolute variance has p + 2 (Z^4), an absolute bias p + 1 (Z^3). Least squares over
    bins that count alike.
    """
    seen, edges = _judged(drive), np.array(DEPTHS[:-1], dtype=float)
    seen = seen[seen["depth"] < edges[-1]]
    measures = {
        "inverting": lambda part: (part["u"] ** 2 / (1 + part["u"])).mean(),
        "variance": lambda part: part["error"].var(),
        "robust": lambda part: _robust(part["error"]) ** 2,
    }

    def slope(table: pd.DataFrame, measure: Callable[[pd.DataFrame], float]) -> float:
        bins = [part for _, part in table.groupby(np.digitize(table["depth"], edges)) if len(part) >= 100]
        if len(bins) < 2:
            raise ValueError(f"slope: too few sightings: {len(bins)} bins of 100 or more, a line needs two")
        depth = [np.log(part["depth"]).mean() for part in bins]
        return float(np.polyfit(depth, [np.log(measure(part)) for part in bins], 1)[0])

    return pd.DataFrame(
        {"quantity": name, **_jackknife("slope", seen, lambda p, measure=measure: slope(p, measure))}
        for name, measure in measures.items()
    )


def frames_added(drive: Drive) -> pd.DataFrame:
    r"""Depth in the first camera from the first K sightings, averaged as depths and as inverse depths.

    .. math:: \frac{1}{K} \sum_k z_k, \qquad K \Big/ \sum_k \frac{1}{z_k}, \qquad
        \frac{\sum_k w_k z_k}{\sum_k w_k}, \; w_k = Z_k^{-4}

    z_k is sighting k's depth carried to the first camera, Z_k that in its own: the third is least squares. All K on the
    same landmarks, those with LONGEST + 1 sightings or more, against the last sighting, which no K uses. One row a K:
    frames, samples, blocks; for depths, inverse and weighted the relative bias_ and error_ (mean square), with _low,
    _high; lost, the mean of (mean depth - inverse mean)/reference with _low, _high, which needs no true depth, and
    lost_predicted (1 - 1/K) mean of (Z_k^2 s/(f B Z))^2; predicted, the error of the third with independent noise and
    true poses; reference, the share in it of the reference's noise: all three at the plain s of the whole drive, and
    with _robust at the robust one; pixels and pixels_robust with _low, _high: the noise s that the third's errors would
    need, plain and robust, each landmark's error over its prediction at s = 1. Where frames are independent and poses
    true, pixels do not depend on K; where they grow with it, further frames give less than 1/K.
    """
    tracks, scale = drive.tracks, drive.scale
    first = np.flatnonzero((tracks["sighting"] == 0) & (tracks["sightings"] > LONGEST))
    last = first + tracks["sightings"].to_numpy()[first] - 1
    truth = drive.depth(last, first)
    at = first[:, None] + np.arange(LONGEST)
    own, carried = tracks["depth"].to_numpy()[at], tracks["depth_first"].to_numpy()[at]
    seen = _judged(drive)
    deviations = {"": seen["scaled"].std(), "_robust": _robust(seen["scaled"])}
    share = (tracks["depth"].to_numpy()[last] ** 2 / truth) ** 2 / scale**2  # of the reference, at s = 1
    rows = []
    for k in range(1, LONGEST + 1):
        z, noise = carried[:, :k], (own[:, :k] ** 2 / scale) ** 2
        weighted = (z / noise).sum(1) / (1 / noise).sum(1)
        means = {"depths": z.mean(1), "inverse": 1 / (1 / z).mean(1), "weighted": weighted}
        table = pd.DataFrame({name: mean / truth - 1 for name, mean in means.items()})
        table["lost"] = table["depths"] - table["inverse"]
        unit = 1 / (1 / noise).sum(1) / truth**2 + share  # the third's squared error at s = 1
        table["scaled"] = table["weighted"] / np.sqrt(unit)
        table["block"] = tracks["frame"].to_numpy()[first] // BLOCK
        row = {"frames": k, "samples": len(table), "blocks": table["block"].nunique()}
        for name in means:
            row |= _jackknife(f"bias_{name}", table, lambda p, name=name: p[name].mean())
            row |= _jackknife(f"error_{name}", table, lambda p, name=name: (p[name] ** 2).mean())
        row |= _jackknife("lost", table, lambda p: p["lost"].mean())
        for name, s in deviations.items():
            row[f"lost_predicted{name}"] = s * s * (1 - 1 / k) * (noise / truth[:, None] ** 2).mean()
            row[f"reference{name}"] = s * s * share.mean()
            row[f"predicted{name}"] = s * s * unit.mean()
        row |= _jackknife("pixels", table, lambda p: p["scaled"].std())
        row |= _jackknife("pixels_robust", table, lambda p: _robust(p["scaled"]))
        rows.append(row)
    return pd.DataFrame(rows)


def pose_drift(drive: Drive) -> pd.DataFrame:
    r"""How far two frames' recorded places disagree along the line of sight, by the number of frames between them.

    .. math::
        \delta_{ij} &= \frac{\sum_l w_l (z_{li} - z_{lj \to i})}{\sum_l w_l}, \\
        \text{variance} &= \operatorname{Var} \delta - \text{mean sampling variance}

    One row a gap j - i of 1 to BLOCK frames (beyond it cells of different blocks would share steps): gap; cells, pairs
    of frames with 20 landmarks or more in both, nearer than 20 metres; samples; mean, of delta in metres, with _low,
    _high; variance, in square metres, with _low, _high: what is common to all landmarks of two frames beyond their
    scatter. It may come out below zero where there is nothing.
    walk and line: what a variance c gap and one c gap^2 make of it, c by least squares weighted by 1/gap^2 and through
    all gaps. Errors wider than 3 robust deviations of a gap are left out before.
    """
    tracks, rows = drive.tracks, []
    landmark, frame, z = (tracks[name].to_numpy() for name in ("landmark", "frame", "depth"))
    for gap in range(1, BLOCK + 1):
        near = np.arange(len(tracks) - gap)
        same = (landmark[near] == landmark[near + gap]) & (frame[near + gap] - frame[near] == gap)
        near = near[same & (z[near] < 20)]
        if not near.size:
            continue
        error = z[near] - drive.depth(near + gap, near)
        noise = (z[near] ** 4 + z[near + gap] ** 4) / drive.scale**2
        scaled = error / np.sqrt(noise)
        kept = np.abs(scaled - np.median(scaled)) < 3 * _robust(scaled)
        table = pd.DataFrame({"frame": frame[near], "w": 1 / noise, "error": error})[kept]
        table["we"], table["wee"] = table["w"] * table["error"], table["w"] * table["error"] ** 2
        cells = table.groupby("frame").agg(n=("w", "size"), w=("w", "sum"), we=("we", "sum"), wee=("wee", "sum"))
        cells = cells[cells["n"] >= 20]
        if len(cells) < 10:
            continue  # too few for a variance between them
        cells["mean"] = cells["we"] / cells["w"]
        cells["sampling"] = (cells["wee"] / cells["w"] - cells["mean"] ** 2) / (cells["n"] - 1)
        cells["block"] = cells.index // BLOCK
        rows.append({
            "gap": gap, "cells": len(cells), "samples": int(cells["n"].sum()),
            **_jackknife("mean", cells, lambda p: p["mean"].mean()),
            **_jackknife("variance", cells, lambda p: p["mean"].var() - p["sampling"].mean()),
        })  # fmt: skip
    table = _table("pose_drift", rows)
    for name, power in (("walk", 1), ("line", 2)):
        shape, weight = table["gap"] ** power, table["gap"] ** (power - 2.0)
        table[name] = shape * (table["variance"] * weight).sum() / (shape * weight).sum()
    return table


def _judged(drive: Drive) -> pd.DataFrame:
    """Every sighting but a landmark's last, with the last one carried to its camera."""
    tracks = drive.tracks
    later = (tracks["sightings"] - 1 - tracks["sighting"]).to_numpy()
    of = np.flatnonzero(later > 0)
    last = of + later[of]
    depth = drive.depth(last, of)
    if (wrong := np.flatnonzero(depth <= 0)).size:
        at = of[wrong[0]]
        where = f"landmark {tracks['landmark'][at]}, frame {tracks['frame'][at]}"
        raise ValueError(f"{where}: its last sighting lies behind this camera, at depth {depth[wrong[0]]:.3f}")
    seen = tracks.loc[of, ["landmark", "frame"]].reset_index(drop=True).assign(depth=depth)
    seen["gap"] = tracks["frame"].to_numpy()[last] - seen["frame"]
    seen["ratio"] = tracks["depth"].to_numpy()[last] / depth
    seen["difference"] = tracks["disparity"].to_numpy()[of] - drive.scale / depth
    seen["scaled"] = seen["difference"] / np.sqrt(1 + seen["ratio"] ** 4)
    seen["u"] = seen["difference"] * depth / drive.scale
    seen["error"] = -seen["u"] / (1 + seen["u"])
    seen["block"] = (tracks["frame"] - tracks["sighting"]).to_numpy()[of] // BLOCK
    return seen


def _table(function: str, rows: list[dict[str, float]]) -> pd.DataFrame:
    if not rows:
        raise ValueError(f"{function}: too few sightings: no bin has enough of them from two blocks of {BLOCK} frames")
    return pd.DataFrame(rows)


def _robust(values) -> float:
    """The standard deviation that normal values with this median distance from their median would have."""
    return float(stats.median_abs_deviation(values, scale="normal"))


def _jackknife(name: str, table: pd.DataFrame, statistic: Callable[[pd.DataFrame], float]) -> dict[str, float]:
    """The statistic with its 95 % interval, one block left out at a time (Kuensch 1989)."""
    blocks = table["block"].unique()
    if len(blocks) < 2:
        raise ValueError(f"{name}: too few sightings: {len(blocks)} blocks of {BLOCK} frames, two are needed")
    without = np.array([statistic(table[table["block"] != block]) for block in blocks])
    value, count = statistic(table), len(blocks)
    half = stats.t.ppf(0.975, count - 1) * np.sqrt((count - 1) / count * ((without - without.mean()) ** 2).sum())
    return {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
