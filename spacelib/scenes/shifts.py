"""Families of shifted scenes: the same renderer under another law of circumstances, so that every divergence is exact.

A circumstance is what a scene is taken under: how much clutter, how far apart the cameras, which colour, which kind of
question. The channel lists them all in its cells (target, nuisance); a shift changes how often each occurs and nothing
else. By the chain rule the divergence of all that a scene holds is then that of the law of circumstances, a sum of few
terms. Everything here is synthetic.
"""

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from spacelib.bounds import ShiftDivergences, shift_divergences
from spacelib.bounds._border import require, require_law
from spacelib.scenes._staging import FRAMES, HEIGHT, WIDTH, objects, pictures, stacked
from spacelib.scenes.cameras import Cameras, pinhole
from spacelib.scenes.channel import Channel, Observations
from spacelib.scenes.trajectories import arc, parallel, with_overlap
from spacelib.scenes.world import BOX, SPHERE


@dataclass(frozen=True)
class ShiftFamily:
    r"""One channel under laws of its circumstances that move from a source to a far end.

    .. math:: \nu_s(c) = (1 - s)\, \mu(c) + s\, \nu_1(c), \qquad
        \mathrm{KL}(\nu_s \| \mu) = \sum_c \nu_s(c) \ln \frac{\nu_s(c)}{\mu(c)}

    What is not the circumstance keeps its law given it: target, the rest of the nuisance, frames. So what `divergences`
    and `ratio` say is exact for the law of the whole record, its circumstance included, and the largest that any
    function of it has: of frames and answer alone it is an upper bound, attained where these tell the circumstance for
    certain.
    Parameters: name; circumstances, their C names; channel, with the source's prior; circumstance (T, Z), integers, the
    number of each cell's circumstance; far (C,), their law at strength 1.
    Errors: ValueError for shapes that do not fit, numbers of no circumstance, one of source probability 0, a far that
    is no law; TypeError for a circumstance that is no integer.
    """

    name: str
    circumstances: tuple[str, ...]
    channel: Channel
    circumstance: Tensor
    far: Tensor

    def __post_init__(self) -> None:
        shape, number = tuple(self.channel.prior.shape), len(self.circumstances)
        cells, far = torch.as_tensor(self.circumstance), torch.as_tensor(self.far).to(self.channel.prior)
        if cells.dtype.is_floating_point or cells.dtype == torch.bool:
            raise TypeError(f"ShiftFamily: circumstance must be integer, got {cells.dtype}")
        for label, value, expected in (("circumstance", cells, shape), ("far", far, (number,))):
            if tuple(value.shape) != expected:
                raise ValueError(f"ShiftFamily: {label} must have shape {expected}, got {tuple(value.shape)}")
        require("ShiftFamily", "circumstance", cells, (cells >= 0) & (cells < number), f"one of 0 to {number - 1}")
        require("ShiftFamily", "far", far, far.isfinite(), "finite")
        require_law("ShiftFamily", "far", far, self.far)
        object.__setattr__(self, "circumstance", cells.long().to(far.device))
        object.__setattr__(self, "far", far / far.sum())
        law = self.source_law
        require("ShiftFamily", "the source's law of circumstances", law, law > 0, "above 0")

    @property
    def source_law(self) -> Tensor:
        """The law of circumstances at strength 0, (C,)."""
        law = torch.zeros_like(self.far)
        law.index_add_(0, self.circumstance.flatten(), self.channel.prior.flatten())
        return law / law.sum()  # sums over many cells are rounded

    def target_law(self, strength: float) -> Tensor:
        """The law of circumstances at this strength, (C,). Errors: ValueError for a strength outside [0, 1]."""
        if not 0 <= strength <= 1:
            raise ValueError(f"ShiftFamily: strength must be in [0, 1], got {strength!r}")
        return (1 - strength) * self.source_law + strength * self.far

    def shifted(self, strength: float) -> Channel:
        """The channel under the target's prior: the source's, each cell times the ratio of its circumstance."""
        return replace(self.channel, prior=self.channel.prior * self._ratios(strength)[self.circumstance])

    def divergences(self, strength: float) -> ShiftDivergences:
        """KL of the target from the source, and beside it the reverse, total variation, chi-square and largest ratio.

        Of records with their circumstance exactly (rounded up), of frames and answers an upper bound.
        """
        return shift_divergences(self.target_law(strength), self.source_law)

    def ratio(self, observations: Observations, strength: float) -> Tensor:
        """The density ratio w of each observed scene, (n,): its mean is 1 under the source, its maximum known."""
        return self._ratios(strength)[self.circumstances_of(observations)]

    def circumstances_of(self, observations: Observations) -> Tensor:
        """The number of each observed scene's circumstance, (n,)."""
        return self.circumstance[observations.target, observations.nuisance]

    def given(self, circumstance: int) -> Channel:
        """The channel of one circumstance alone: its scenes, in the proportions that every law gives them.

        Errors: ValueError for a number of no circumstance, or a target that never occurs in it.
        """
        if not 0 <= circumstance < len(self.circumstances):
            known = f"one of 0 to {len(self.circumstances) - 1}"
            raise ValueError(f"ShiftFamily: circumstance must be {known}, got {circumstance!r}")
        prior = torch.where(self.circumstance == circumstance, self.channel.prior, 0.0)
        return replace(self.channel, prior=prior / prior.sum())

    def _ratios(self, strength: float) -> Tensor:
        return self.target_law(strength) / self.source_law


def clutter(noise: float = 1.1) -> ShiftFamily:
    """How far is the box, 4 distances, with 0, 1, 2 or 4 other things before it, in one of 6 arrangements.

    The source mostly has none, the far end mostly four: they may hide the box or look like it.
    """
    amounts, arrangements = (0, 1, 2, 4), 6
    generator = torch.Generator().manual_seed(0)  # the arrangements are part of the design
    places = torch.rand(arrangements, 4, 2, generator=generator, dtype=torch.float64)
    places = places * torch.tensor([1.8, 1.6]) - torch.tensor([0.9, 2.4])  # between the cameras and the box
    kinds, sizes = [BOX, BOX, SPHERE, BOX, SPHERE], [(0.7, 0.7, 0.7)] + [(0.5, 0.5, 0.5)] * 4
    paint = ["red", "orange", "purple", "red", "green"]
    scenes = []
    for away in (-0.6, -0.2, 0.2, 0.6):
        for amount in amounts:
            for others in places.tolist():
                where = [(0.0, away, 0.35), *((x, y, 0.25) for x, y in others)]
                scene = objects(kinds, where, sizes, paint, yaw=0.4)
                scenes.append(replace(scene, present=torch.arange(5)[None] <= amount))
    cameras = with_overlap(parallel, 0.9, FRAMES, height=HEIGHT, width=WIDTH)
    names = tuple(f"{amount} more" for amount in amounts)
    templates = pictures(stacked(scenes), cameras).unflatten(0, (4, 24))
    return _family("clutter", names, templates, noise, (0.55, 0.3, 0.1, 0.05), (0.1, 0.2, 0.3, 0.4))


def baseline(noise: float = 2.5) -> ShiftFamily:
    """How large and far is the sphere, in metres: 3 scales of both, at 9 bearings, seen by cameras 10 to 80 cm apart.

    One camera cannot tell the scale, two tell it by their parallax. The shift is to a shorter baseline, which shows
    less of it: the source's cameras are mostly 80 cm apart, the far end's mostly 10 cm.
    """
    steps = (0.8, 0.4, 0.2, 0.1)
    bearings = 0.05 * torch.arange(-4, 5).double()
    eye = parallel(1, 0.0, above=0.5)[0, :3, 3]
    seen = []
    for times in (1, 2, 3):
        away = 5.0 / times
        places = eye + away * torch.stack([bearings, torch.ones(9), torch.full((9,), 0.14)], -1)
        spheres = objects(SPHERE, places.tolist(), (0.24 * away,) * 3, "purple")
        for step in steps:
            cameras = Cameras(parallel(FRAMES, step, above=0.5), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
            seen.append(pictures(spheres, cameras))
    names = tuple(f"{100 * step:.0f} cm" for step in steps)
    templates = torch.cat(seen).unflatten(0, (3, 36))
    return _family("baseline", names, templates, noise, (0.5, 0.3, 0.15, 0.05), (0.05, 0.15, 0.2, 0.6))


def colours(noise: float = 1.2) -> ShiftFamily:
    """How large is the sphere, 3 sizes, in 6 colours of 3 brightnesses.

    The source's are mostly those that stand out from floor and sky, the far end's those that do not.
    """
    names = ("blue", "red", "green", "orange", "white", "purple")
    spheres = []
    for across in (0.4, 0.55, 0.7):
        for name in names:
            sphere = objects(SPHERE, [(0.0, 0.0, across / 2)], (across,) * 3, name)
            spheres += [replace(sphere, colour=sphere.colour * bright) for bright in (0.6, 0.8, 1.0)]
    cameras = Cameras(arc(FRAMES, 0.35, distance=3.0, above=1.2), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    near, far = (0.4, 0.3, 0.15, 0.08, 0.05, 0.02), (0.05, 0.05, 0.1, 0.2, 0.3, 0.3)
    return _family("colours", names, pictures(stacked(spheres), cameras).unflatten(0, (3, 18)), noise, near, far)


def task_mix(noise: float = 1.6) -> ShiftFamily:
    """One of 3 questions about a box, each with 2 answers: is it on the right, is it near, is it large.

    The circumstance is the question, which is asked and so is known: Bayes' answers are those of `given` it. The source
    mostly asks the first, which is easy, the far end the last, which is not. Frames tell nothing of the question.
    """
    bits = torch.cartesian_prod(*[torch.tensor([0, 1])] * 3)
    scenes = []
    for right, near, large in bits.tolist():
        d = (0.6, 0.72)[large]
        scenes.append(objects(BOX, [((-0.25, 0.25)[right], (0.4, -0.4)[near], d / 2)], (d, d, d), "blue", yaw=0.4))
    shown = pictures(stacked(scenes), with_overlap(parallel, 0.9, FRAMES, height=HEIGHT, width=WIDTH))
    cells = [shown[bits[:, question] == answer] for answer in (0, 1) for question in range(3)]
    names = ("right", "near", "large")
    return _family("task mix", names, torch.cat(cells).unflatten(0, (2, 12)), noise, (0.6, 0.3, 0.1), (0.2, 0.3, 0.5))


def _family(
    name: str,
    circumstances: tuple[str, ...],
    templates: Tensor,
    noise: float,
    near: tuple[float, ...],
    far: tuple[float, ...],
) -> ShiftFamily:
    """Cells (T, C D): D equally likely nuisances a circumstance, targets alike probable, frames alike noisy."""
    targets, cells, frames = templates.shape[:3]
    circumstance = torch.arange(len(near)).repeat_interleave(cells // len(near)).expand(targets, -1)
    prior = torch.tensor(near, dtype=torch.float64)[circumstance] / (targets * (cells // len(near)))
    channel = Channel(templates, prior, torch.full((frames,), noise, dtype=torch.float64))
    return ShiftFamily(name, circumstances, channel, circumstance, torch.tensor(far, dtype=torch.float64))
