"""Explicit against implicit on a twin: a geometric pipeline beside a ridge regression on pixels, and what is certified."""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib import bounds
from spacelib.models.explicit import answers, cramer_rao, triangulate
from spacelib.models.validation.exact import Seen
from spacelib.models.validation.twins import MOVING, Twin
from spacelib.scenes import track
from spacelib.scenes.questions import score

SIZES = (32, 128, 512, 2048)
NOISE, DRAWS, POINTS = 2.0, 6, 40  # pixels of 64 across; draws of tracks; points an object
FINE = 0.5  # pixels: where the bound of a point's error, which is of first order in the noise, is asked
SETS, TESTS, DELTA = 4, 300, 0.05  # training sets; questions that a risk is estimated from; of all intervals together


@dataclass(frozen=True)
class Sides:
    """Both sides' risks on one twin, and the verdict at each number of training samples.

    explicit and implicit: shares of wrong answers in known populations, so exact; verdicts: what `bounds.decide` says
    of intervals from `TESTS` answers of each, if the curve falls.
    """

    explicit: float
    implicit: tuple[float, ...]
    verdicts: tuple[str, ...]


def pipeline_losses(twin: Twin, *, generator: torch.Generator) -> Tensor | None:
    """Whether the pipeline's answers are wrong, (draws, questions); None where it has none, about moving objects."""
    if twin.task.startswith(MOVING):
        return None
    wrong = []
    for _ in range(DRAWS):
        tracks = track(twin.scenes, twin.cameras, points=POINTS, generator=generator, noise=NOISE)
        said = answers(twin.questions, tracks, twin.cameras)
        wrong.append([not score(question, text) for question, text in zip(twin.questions, said, strict=True)])
    return torch.tensor(wrong).double()


def sides(seen: Seen, explicit: Tensor, *, generator: torch.Generator) -> Sides:
    """Both sides on one twin at the noise of `seen`. The implicit one learns from fresh pictures with right answers."""
    curves = implicit_losses(seen, generator=generator)
    intervals = [_interval(part.flatten(), generator) for part in (*curves, explicit)]
    *learned, known = intervals
    verdicts = bounds.decide(SIZES, [low for low, _ in learned], [high for _, high in learned], *known).verdicts
    return Sides(explicit.mean().item(), tuple(curves.mean((1, 2)).tolist()), verdicts)


def _interval(losses: Tensor, generator: torch.Generator) -> tuple[float, float]:
    """Clopper and Pearson's, of answers drawn from a population; one of `SIZES` and the explicit one together."""
    wrong = int(losses[torch.randint(len(losses), (TESTS,), generator=generator)].sum())
    share = DELTA / 2 / (len(SIZES) + 1)
    low, high = (bounds.clopper_pearson(wrong, TESTS, share, side=side) for side in ("lower", "upper"))
    return float(low), float(high)


def implicit_losses(seen: Seen, *, generator: torch.Generator) -> Tensor:
    """Whether ridge regressions on so many pictures answer wrongly on the pictures of `seen`, (`SIZES`, `SETS`, n).

    They see pictures by their coordinates in what the clean ones span: an encoder that loses nothing is granted.
    """
    twin = seen.twin
    noise = twin.channel.noise[:, None]
    clean = twin.channel.templates[:, 0] / noise
    middle = clean.mean(0)
    span = torch.linalg.svd((clean - middle).flatten(1), full_matrices=False)[2][:-1].T  # S - 1 directions

    def features(images: Tensor) -> Tensor:
        return (images / noise - middle).flatten(1) @ span

    tests = features(seen.images)
    wrong = []
    for size in (size for size in SIZES for _ in range(SETS)):
        drawn = twin.channel.sample(size, generator=generator)
        rows = features(drawn.images)
        known = torch.nn.functional.one_hot(twin.target[drawn.target], len(twin.wins)).double()
        # a ridge of the noise's own variance, 1 a direction
        gram = rows.T @ rows + torch.eye(rows.shape[1], dtype=rows.dtype)
        law = tests @ torch.linalg.solve(gram, rows.T @ (known - twin.law)) + twin.law
        answer = (law @ twin.wins.T).argmax(-1)
        wrong.append(1 - twin.wins[answer, twin.target[seen.question]])
    return torch.stack(wrong).unflatten(0, (len(SIZES), SETS))


def precision(twin: Twin, *, generator: torch.Generator) -> tuple[float, float]:
    """Mean squared error of triangulated points in square metres, and Cramer and Rao's bound of it.

    Of points that three frames or more show and that the bound places within a tenth of a metre. Scenes at rest.
    """
    tracks = track(twin.scenes, twin.cameras, points=POINTS, generator=generator, noise=FINE)
    found = triangulate(tracks.pixels, twin.cameras, tracks.seen)
    points = tracks.points[:, 0]
    least = cramer_rao(points, twin.cameras, FINE, tracks.seen).diagonal(dim1=-2, dim2=-1).sum(-1)
    good = found.valid & (tracks.seen.sum(1) >= 3) & (least < 0.1**2)
    if not bool(good.any()):
        raise ValueError(f"precision: no point of {twin.task} is seen well enough")
    error = (found.points - points).square().sum(-1)[good].mean().item()
    return error, least[good].mean().item()
