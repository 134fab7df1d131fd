"""The two sides of the question: geometry from boxes and believed cameras, and the transformer."""

import torch
from torch import Tensor

from spacelib.models.crossover.question import HALF, MIDDLE, Seen
from spacelib.models.explicit import Errors, triangulate
from spacelib.models.implicit import Implicit, answers_of, train
from spacelib.scenes import Cameras, Detections

STEPS, NETWORK = 400, {"encoder": "convolution", "width": 16, "heads": 2, "depth": 2}
_CLOSEST = 1.0  # metres

LEVELS = {
    "calibration": (0.0, 0.02, 0.04, 0.06, 0.08, 0.12, 0.16, 0.24),  # relative error of the focal length
    "independent": (0.01, 0.02, 0.04, 0.08),  # metres: deviation of each camera's place
    "drifting": (0.01, 0.02, 0.04, 0.08),  # metres: deviation of a step of the random walk
}
"""What is wrong with the cameras, by kind: levels of each."""


def errors_of(kind: str, level: float) -> Errors:
    """The errors of a kind at a level."""
    return Errors(focal=level) if kind == "calibration" else Errors(pose=level, pose_kind=kind)


def explicit_nearness(boxes: Detections, cameras: Cameras) -> tuple[Tensor, Tensor]:
    """Nearness (n,) by triangulation of the boxes' centres, and whether there was a place (n,); float64.

    The depth is that from the first camera, as the pipeline believes it to stand. Where the rays meet nowhere before
    the cameras it says 0, farther than it can tell; and never more than 1: nothing is nearer than a metre. Without that
    end its squared error would have no mean where poses have normal errors: two cameras may be believed in one place.
    """
    found = triangulate(boxes.centre.double(), cameras, boxes.seen)
    points = torch.where(found.valid[..., None], found.points, 0.0)
    depth = cameras.to_camera(points[..., None, :, :])[..., 0, :, 2]
    nearness = torch.where(found.valid & (depth > 0), 1 / depth.clamp(min=_CLOSEST), 0.0)
    return nearness[:, 0], found.valid[:, 0]


def explicit_errors(
    seen: Seen, cameras: Cameras, errors: Errors, *, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Errors (n,) of the explicit side in dioptres, each scene with its own draw of the poses' errors; and `placed`."""
    believed = errors.apply(cameras, generator=generator, worlds=len(seen.nearness))
    nearness, placed = explicit_nearness(seen.boxes, believed)
    return nearness - seen.nearness.double(), placed


def implicit_errors(known: Seen, held: Seen, *, generator: torch.Generator) -> Tensor:
    """Errors (n,) in dioptres on held scenes of a transformer trained on the known ones."""
    model = Implicit(known.frames.shape[2:], known.frames.shape[1], generator=generator, **NETWORK)
    train(model, known.frames, (known.nearness - MIDDLE) / HALF, steps=STEPS, generator=generator)
    return (answers_of(model, held.frames) * HALF + MIDDLE - held.nearness).double()
