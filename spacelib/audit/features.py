"""A file of features to their dimensions, as text or as JSON."""

import dataclasses
import textwrap
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from spacelib.benchmarks.reading import visible
from spacelib.estimators import Dimensions, Estimate, attention_effective_rank, dimensions
from spacelib.estimators.dimension.every import MOST_ROWS

MOST_NUMBERS = 1 << 27  # numbers held at once: 1 GiB in float64
WIDTH = 100
NAMES = {
    "participation_ratio": "participation ratio of the covariance",
    "effective_rank": "effective rank of the covariance",
    "ridge_dimension": "ridge dimension of the covariance",
    "attention": "effective rank under attention",
    "two_nn": "intrinsic dimension, TwoNN",
    "nearest_neighbour_mle": "intrinsic dimension, Levina-Bickel",
    "gride": "intrinsic dimension, Gride",
    "covering": "covering dimension, farthest points",
}
LIMITS = (
    "The first three count directions that the features fill on average; the last four are about the set that they "
    "lie on. A curve that bends through many directions has many of the first kind and one of the second.",
    "An interval covers the noise of drawing these samples. It does not cover bias: edges draw the intrinsic "
    "dimensions down, noise and curvature draw them up, and above some ten dimensions all of them fall short.",
    "Only the ridge dimension enters a bound on how many samples learning takes, and that for a linear model on "
    "features that do not change. The others bound nothing.",
)


@dataclass(frozen=True)
class FeatureReport:
    """What was measured of a file: its shape, how many rows were read and the estimates by name."""

    path: str
    shape: tuple[int, ...]
    read: int
    estimates: dict[str, Estimate]


def measure_features(
    path: str | Path,
    *,
    key: str | None = None,
    attention: str | Path | None = None,
    ridge: float | None = None,
    rows: int = MOST_ROWS,
    seed: int = 0,
) -> FeatureReport:
    r"""Every dimension of the features in a file.

    Parameters: path of a .npy file (read by memory map) or .npz file (its only array, or that named key) of shape
    (samples, features) or (scenes, frames, features), whose scenes are then what is drawn independently; attention, the
    path of weights (scenes, queries, frames) or (queries, frames); ridge, rows as for `estimators.dimensions`; seed. Of
    files of more than 2^27 numbers as many rows (or scenes) as fit are drawn at random. Returns a `FeatureReport`.
    Errors: OSError for what cannot be read; ValueError for what is no array of finite real numbers of that shape, for
    pickled objects, which are never loaded, and for too few samples. Each names the file.
    """
    whole = _array(path, key)
    if whole.ndim not in (2, 3) or 0 in whole.shape:
        raise ValueError(
            f"{path}: features must have shape (samples, features) or (scenes, frames, features), got {whole.shape}"
        )
    if attention is not None and whole.ndim != 3:
        raise ValueError(
            f"{path}: attention weighs frames: features must have shape (scenes, frames, features), got {whole.shape}"
        )
    generator = torch.Generator().manual_seed(seed)
    fit = max(1, MOST_NUMBERS // (whole.size // len(whole)))
    chosen = np.arange(len(whole))
    if len(whole) > fit:
        chosen = torch.randperm(len(whole), generator=generator)[:fit].sort().values.numpy()
    features = _numbers(path, whole, chosen)
    try:
        flat = features.reshape(-1, whole.shape[-1])
        scenes = np.repeat(np.arange(len(chosen)), whole.shape[1]) if whole.ndim == 3 else None
        found = dimensions(flat, clusters=scenes, ridge=ridge, rows=rows, generator=generator)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    estimates = {field.name: getattr(found, field.name) for field in dataclasses.fields(Dimensions)}
    if attention is not None:
        estimates["attention"] = _attended(attention, features, len(whole), chosen)
    ordered = {name: estimates[name] for name in NAMES if name in estimates}
    return FeatureReport(str(path), whole.shape, len(flat), ordered)


def features_to_dict(report: FeatureReport) -> dict:
    """The report as plain numbers and words, for JSON."""
    shape = {"samples": int(np.prod(report.shape[:-1])), "features": report.shape[-1], "read": report.read}
    if len(report.shape) == 3:
        shape |= {"scenes": report.shape[0], "frames": report.shape[1]}
    found = {name: dataclasses.asdict(estimate) for name, estimate in report.estimates.items()}
    return {"file": report.path, **shape, "dimensions": found}


def features_to_text(report: FeatureReport) -> str:
    """A table of the estimates, how each was made, and what they do not say."""
    many = int(np.prod(report.shape[:-1]))
    held = f"{many:,} samples of {report.shape[-1]:,} features"
    if len(report.shape) == 3:
        held += f" ({report.shape[0]:,} scenes of {report.shape[1]:,} frames, kept together)"
    if report.read < many:
        held += f"; {report.read:,} of them read, drawn at random, since the file is large"
    lines = [visible(report.path), f"  {held}", "", f"  {'':<39}{'estimate':>9}  {'95 % interval':>19}  {'samples':>9}"]
    for name, found in report.estimates.items():
        interval = f"{_figure(found.interval[0])} to {_figure(found.interval[1])}"
        lines.append(f"  {NAMES[name]:<39}{_figure(found.estimate):>9}  {interval:>19}  {found.samples:>9,}")
    lines += ["", "How each was made"]
    for name, found in report.estimates.items():
        lines += _wrap(f"{NAMES[name]}: {found.method}")
    return "\n".join([*lines, "", "What these figures do not say", *(line for text in LIMITS for line in _wrap(text))])


def _array(path: str | Path, key: str | None) -> np.ndarray:
    """The array of a file, memory-mapped where it can be; never unpickled."""
    try:
        with open(path, "rb") as file:
            zipped = file.read(2) == b"PK"
            file.seek(0)
            if not zipped:
                found = np.load(path, mmap_mode="r", allow_pickle=False)
                if key is not None:
                    raise ValueError(f"{path}: a .npy file holds one array without a name, got the key {key!r}")
                return found
            with np.load(file, allow_pickle=False) as archive:
                names = ", ".join(archive.files) or "none"
                if key is None and len(archive.files) != 1:
                    raise ValueError(f"{path}: name one of its arrays with --key: {names}")
                if key is not None and key not in archive.files:
                    raise ValueError(f"{path}: has no array {key!r}; its arrays: {names}")
                return archive[key or archive.files[0]]
    except (ValueError, EOFError, zipfile.BadZipFile) as error:
        if str(error).startswith(str(path)):
            raise
        raise ValueError(f"{path}: must be a .npy or .npz file of numbers, without pickled objects") from error


def _numbers(path: str | Path, whole: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The chosen rows as float32 or float64, all finite."""
    if whole.dtype.kind not in "iuf" or whole.dtype.itemsize > 8:
        raise ValueError(f"{path}: must hold real numbers of at most 64 bits, got dtype {whole.dtype}")
    part = np.asarray(whole[chosen] if len(chosen) < len(whole) else whole)
    part = part.astype(np.float32 if part.dtype in (np.float16, np.float32) else np.float64)
    wrong = ~np.isfinite(part)
    if wrong.any():
        at = tuple(int(place) for place in np.argwhere(wrong)[0])
        raise ValueError(f"{path}: must be finite, got {part[at]} at index {(int(chosen[at[0]]), *at[1:])}")
    return part


def _attended(path: str | Path, features: np.ndarray, scenes: int, chosen: np.ndarray) -> Estimate:
    """The effective rank of the features under the weights of a file, scene by scene."""
    weights = _array(path, None)
    own = weights.ndim == 3 and len(weights) == scenes
    if not own and weights.ndim != 2:
        raise ValueError(
            f"{path}: attention must have shape ({scenes}, queries, frames) or (queries, frames), got {weights.shape}"
        )
    weights = _numbers(path, weights, chosen if own else np.arange(len(weights)))
    try:
        return attention_effective_rank(features, weights)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


def _figure(value: float) -> str:
    return f"{value:.2f}" if value < 1000 else f"{value:,.0f}"


def _wrap(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  - ", subsequent_indent="    ")
