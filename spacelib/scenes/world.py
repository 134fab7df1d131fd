"""Scenes with known truth: boxes and spheres on a floor, some of them moving, and a sampler of such scenes."""

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

BOX, SPHERE = 0, 1

COLOURS = {
    "red": (0.85, 0.15, 0.15),
    "green": (0.15, 0.65, 0.2),
    "blue": (0.15, 0.3, 0.85),
    "yellow": (0.9, 0.8, 0.1),
    "purple": (0.55, 0.2, 0.7),
    "orange": (0.95, 0.5, 0.1),
    "cyan": (0.1, 0.75, 0.8),
    "white": (0.92, 0.92, 0.92),
}
"""Names of the colours that `sample_scenes` paints with, as linear RGB."""

_PROPOSALS = 1000


@dataclass(frozen=True)
class Scenes:
    """A batch of scenes of N objects each.

    kind (B, N): BOX or SPHERE; centre (B, N, 3) at time 0; size (B, N, 3): width, depth and height along the object's
    own x, y and z (a sphere's diameter three times); yaw (B, N): radians about z, from x towards y; colour (B, N, 3):
    linear RGB in [0, 1]; velocity (B, N, 3) in metres a second; present (B, N): objects that are not are nowhere. The
    world's axes: `spacelib.scenes.cameras`.
    Errors: ValueError for shapes that do not fit, entries that are not finite, sizes not above 0, colours outside [0,
    1], spheres that are not round; TypeError for dtypes that do not fit.
    """

    kind: Tensor
    centre: Tensor
    size: Tensor
    yaw: Tensor
    colour: Tensor
    velocity: Tensor
    present: Tensor

    def __post_init__(self) -> None:
        shape = self.kind.shape
        if len(shape) != 2 or 0 in shape:
            raise ValueError(f"Scenes: kind must have shape (scenes, objects), none of them 0, got {tuple(shape)}")
        if self.kind.dtype.is_floating_point or self.present.dtype != torch.bool:
            dtypes = f"{self.kind.dtype} and {self.present.dtype}"
            raise TypeError(f"Scenes: kind must be integer and present boolean, got {dtypes}")
        for name in ("centre", "size", "yaw", "colour", "velocity", "present"):
            value, expected = getattr(self, name), shape if name in ("yaw", "present") else (*shape, 3)
            if value.shape != expected:
                raise ValueError(f"Scenes: {name} must have shape {tuple(expected)}, got {tuple(value.shape)}")
            if name != "present" and (value.dtype != self.centre.dtype or not value.dtype.is_floating_point):
                raise TypeError(f"Scenes: {name} must have the floating-point dtype of centre, got {value.dtype}")
            if not bool(value.isfinite().all()):
                raise ValueError(f"Scenes: {name} must be finite, got {value[~value.isfinite()][0].item()}")
        if not bool(((self.kind == BOX) | (self.kind == SPHERE)).all()):
            raise ValueError(f"Scenes: kind must be {BOX} (box) or {SPHERE} (sphere), got {self.kind.max().item()}")
        if not bool((self.size > 0).all()):
            raise ValueError(f"Scenes: size must be above 0, got {self.size.min().item()!r}")
        if not bool(((self.colour >= 0) & (self.colour <= 1)).all()):
            wrong = self.colour[(self.colour < 0) | (self.colour > 1)]
            raise ValueError(f"Scenes: colour must be in [0, 1], got {wrong[0].item()!r}")
        if not bool(((self.size == self.size[..., :1]).all(-1) | (self.kind == BOX)).all()):
            raise ValueError("Scenes: size must be the diameter three times where kind is a sphere")

    def __len__(self) -> int:
        return self.kind.shape[0]

    @property
    def objects(self) -> int:
        """N, the number of objects a scene has room for."""
        return self.kind.shape[1]

    def __getitem__(self, scenes: slice | Tensor) -> "Scenes":
        """Some of the scenes, by a slice, a mask or a list of numbers."""
        return Scenes(**{field.name: getattr(self, field.name)[scenes] for field in fields(self)})

    def to(self, device: torch.device | None = None, dtype: torch.dtype | None = None) -> "Scenes":
        """The same scenes on another device, their real numbers in another dtype."""
        moved = {}
        for field in fields(self):
            value = getattr(self, field.name)
            moved[field.name] = value.to(device=device, dtype=dtype if value.dtype.is_floating_point else None)
        return replace(self, **moved)

    def centres(self, times: Tensor | None, frames: int) -> Tensor:
        """Centres (B, K, N, 3) at the K frames' times (K,) or (B, K) in seconds; None: all at time 0."""
        if times is None:
            return self.centre[:, None].expand(-1, frames, -1, -1)
        times = times.to(self.centre)
        if times.shape[-1:] != (frames,) or times.shape not in ((frames,), (len(self), frames)):
            expected = f"({frames},) or ({len(self)}, {frames})"
            raise ValueError(f"times must have shape {expected}, one a frame, got {tuple(times.shape)}")
        if not bool(times.isfinite().all()):
            raise ValueError(f"times must be finite, got {times[~times.isfinite()][0].item()}")
        return self.centre[:, None] + self.velocity[:, None] * times.expand(len(self), -1)[..., None, None]


def sample_scenes(
    number: int,
    objects: int = 6,
    *,
    generator: torch.Generator,
    extent: float = 2.5,
    smallest: float = 0.3,
    largest: float = 0.9,
    speed: float = 0.0,
    duration: float = 1.0,
    dtype: torch.dtype = torch.float32,
) -> Scenes:
    """Scenes of objects that stand on the floor and never meet.

    Each object is a box or a sphere (one in two), its sizes uniform in [smallest, largest], its place uniform in the
    square of half-width `extent`, its yaw uniform, its speed uniform in [0, speed] in any direction along the
    floor. It is drawn again until the circle round its footprint meets no earlier one at any time in [0, duration]. The
    first eight objects of a scene have different `COLOURS`; after that colours repeat.
    Parameters: lengths in metres, seconds; the generator gives the device. The same generator state gives the same
    scenes on one device.
    Errors: ValueError for counts below 1, lengths out of order, or objects that do not fit the square after 1,000
    draws.
    """
    if number < 1 or objects < 1:
        raise ValueError(f"sample_scenes: number and objects must be at least 1, got {number} and {objects}")
    if not 0 < smallest <= largest or not extent > 0:
        lengths = f"{smallest!r}, {largest!r} and {extent!r}"
        raise ValueError(f"sample_scenes: 0 < smallest <= largest and extent > 0 must hold, got {lengths}")
    if not speed >= 0 or not duration >= 0:
        raise ValueError(f"sample_scenes: speed and duration must be at least 0, got {speed!r} and {duration!r}")
    draw = _Uniform(number, objects, generator, dtype)
    kind = (draw() < 0.5).long()
    size = smallest + (largest - smallest) * draw(3)
    size = torch.where((kind == SPHERE)[..., None], size[..., :1], size)
    yaw = 2 * torch.pi * draw()
    heading, pace = 2 * torch.pi * draw(), speed * draw()
    velocity = torch.stack([pace * heading.cos(), pace * heading.sin(), torch.zeros_like(pace)], -1)
    # a sphere's footprint is round, a box's reaches to its corners
    radius = torch.where(kind == SPHERE, size[..., 0] / 2, size[..., :2].norm(dim=-1) / 2)
    place = _apart(radius, velocity[..., :2], duration, extent, generator)
    palette = torch.tensor(list(COLOURS.values()), dtype=dtype, device=generator.device)
    turns = -(-objects // len(palette))
    order = torch.rand(number, turns, len(palette), generator=generator, device=generator.device).argsort(-1)
    colour = palette[order.flatten(1)[:, :objects]]
    centre = torch.cat([place, size[..., 2:] / 2], -1)
    return Scenes(kind, centre, size, yaw, colour, velocity, torch.ones_like(kind, dtype=torch.bool))


def colour_names(scenes: Scenes) -> list[list[str]]:
    """The name in `COLOURS` nearest to each object's colour, a list of N names a scene."""
    palette = torch.tensor(list(COLOURS.values()), dtype=scenes.colour.dtype, device=scenes.colour.device)
    nearest = torch.cdist(scenes.colour, palette.expand(len(scenes), -1, -1)).argmin(-1)
    names = list(COLOURS)
    return [[names[i] for i in row] for row in nearest.tolist()]


@dataclass(frozen=True)
class _Uniform:
    """Uniform numbers in [0, 1) of shape (number, objects, ...)."""

    number: int
    objects: int
    generator: torch.Generator
    dtype: torch.dtype

    def __call__(self, *more: int) -> Tensor:
        shape = (self.number, self.objects, *more)
        return torch.rand(shape, generator=self.generator, device=self.generator.device, dtype=self.dtype)


def _apart(radius: Tensor, velocity: Tensor, duration: float, extent: float, generator: torch.Generator) -> Tensor:
    """Places (B, N, 2) in the square at which circles never meet in [0, duration], one object after the other."""
    place = torch.zeros_like(velocity)
    for n in range(radius.shape[1]):
        left = torch.arange(len(radius), device=radius.device)
        for _ in range(_PROPOSALS):
            draw = torch.rand(len(left), 2, generator=generator, device=radius.device, dtype=radius.dtype)
            place[left, n] = extent * (2 * draw - 1)
            left = left[_meets(place[left], velocity[left], radius[left], n, duration)]
            if not len(left):
                break
        else:
            room = f"{n + 1} objects do not fit the square of half-width {extent!r} in {_PROPOSALS} draws"
            raise ValueError(f"sample_scenes: {room}; try fewer or smaller objects, or a larger extent")
    return place


def _meets(place: Tensor, velocity: Tensor, radius: Tensor, n: int, duration: float) -> Tensor:
    """Whether circle n meets an earlier one while all move straight on; the squared distance is least at its vertex."""
    apart, drift = place[:, n : n + 1] - place[:, :n], velocity[:, n : n + 1] - velocity[:, :n]
    square = (drift * drift).sum(-1)
    when = (-(apart * drift).sum(-1) / torch.where(square > 0, square, 1.0)).clamp(0, duration)
    nearest = (apart + when[..., None] * drift).norm(dim=-1)
    return (nearest <= radius[:, n : n + 1] + radius[:, :n]).any(-1)
