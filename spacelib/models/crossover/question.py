"""The question both paradigms answer from the same frames: how near is the object before the others, in dioptres."""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from spacelib.scenes import BOX, SPHERE, Cameras, Detections, Scenes, detect, parallel, pinhole, render
from spacelib.scenes.world import COLOURS

FRAMES, HEIGHT, WIDTH, VIEW = 8, 48, 96, math.radians(70)
NEAREST, FARTHEST = 2.8, 8.0  # metres from the rig to the object
POOLED, NOISE = 4, 0.05  # pixels a side that the transformer's frames are averaged over; deviation of their noise
BOX_NOISE = 0.2  # pixels: of each side of a detected box

_LAYOUT = {"distance": 5.0, "above": 1.2, "target": (0.0, 0.0, 0.5)}
_ASIDE, _SMALLEST, _LARGEST = 0.4, 0.3, 0.7  # metres: half-width of the object's places, and its sizes
MIDDLE = (1 / NEAREST + 1 / FARTHEST) / 2
HALF = (1 / NEAREST - 1 / FARTHEST) / 2


@dataclass(frozen=True)
class Seen:
    """Scenes as both paradigms get them, K frames each.

    frames (n, K, height, width, 3), noisy, averaged over squares of pixels, around 0; boxes, detected in the full
    frames; nearness (n,) in dioptres (1/m), one over the depth of the object's centre: the truth.
    """

    frames: Tensor
    boxes: Detections
    nearness: Tensor

    def subset(self, frames: list[int]) -> "Seen":
        """Only these frames."""
        boxes = Detections(*(getattr(self.boxes, name)[:, frames] for name in ("box", "centre", "seen")))
        return Seen(self.frames[:, frames], boxes, self.nearness)

    def part(self, start: int, end: int) -> "Seen":
        """Scenes from one number to before another."""
        boxes = Detections(*(getattr(self.boxes, name)[start:end] for name in ("box", "centre", "seen")))
        return Seen(self.frames[start:end], boxes, self.nearness[start:end])


def rig(baseline: float, frames: int = FRAMES) -> Cameras:
    """Parallel cameras side by side, `baseline` metres apart, float64."""
    return Cameras(parallel(frames, baseline, **_LAYOUT), pinhole(HEIGHT, WIDTH, VIEW), HEIGHT, WIDTH)


def middle(frames: int) -> list[int]:
    """Numbers of the middle frames of a rig of 8: those of a smaller rig at the same baseline."""
    start = (FRAMES - frames) // 2
    return list(range(start, start + frames))


def look(scenes: int, cameras: Cameras, *, generator: torch.Generator) -> Seen:
    """Draws scenes and looks at them: rendered frames with noise, boxes detected in them.

    The object stands on the floor, its nearness uniform, its size, kind, colour, yaw and place aside by chance; another
    of another size and colour stands behind it. Frames have independent normal noise in every pooled pixel.
    """
    world, cameras = _scenes(scenes, generator), cameras.to(torch.float32)
    frames, boxes = [], []
    for start in range(0, scenes, 256):  # what fits a cache
        seen = render(world[start : start + 256], cameras)
        boxes.append(detect(seen, 1, generator=generator, noise=BOX_NOISE))
        images = functional.avg_pool2d(seen.rgb.flatten(0, 1).movedim(-1, 1), POOLED).movedim(1, -1)
        noise = NOISE * torch.randn(images.shape, generator=generator)
        frames.append((images - 0.5 + noise).unflatten(0, seen.rgb.shape[:2]))
    depth = cameras.to_camera(world.centre[:, None, :1])[:, 0, 0, 2]
    found = Detections(*(torch.cat([getattr(b, name) for b in boxes]) for name in ("box", "centre", "seen")))
    return Seen(torch.cat(frames), found, 1 / depth)


def _scenes(number: int, generator: torch.Generator) -> Scenes:
    """An object and one behind it, a scene each."""

    def uniform(*shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        return low + (high - low) * torch.rand(*shape, generator=generator)

    kind = (uniform(number, 2) < 0.5).long()
    size = uniform(number, 2, 3, low=_SMALLEST, high=_LARGEST)
    size = torch.where((kind == SPHERE)[..., None], size[..., :1], size)
    size[:, 1] *= 2
    yaw = 2 * math.pi * uniform(number, 2)
    ahead = 1 / (MIDDLE + HALF * uniform(number, low=-1.0))
    behind = ahead + uniform(number, low=1.5, high=4.0)
    aside = torch.stack([_ASIDE * uniform(number, low=-1.0), 2 * uniform(number, low=-1.0)], -1)
    across = torch.stack([ahead, behind], -1) - _LAYOUT["distance"]
    centre = torch.stack([aside, across, size[..., 2] / 2], -1)
    palette = torch.tensor(list(COLOURS.values()))
    order = torch.rand(number, len(palette), generator=generator).argsort(-1)[:, :2]
    present = torch.ones_like(kind, dtype=torch.bool)
    return Scenes(kind, centre, size, yaw, palette[order], torch.zeros_like(centre), present)
