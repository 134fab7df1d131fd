"""What a question is, what a family of questions is, and how chance enters both."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import torch

from spacelib.scenes.questions.view import View

SPATIALRGPT, MULTISPA, CAVQA = "SpatialRGPT-Bench", "MultiSPA", "CA-VQA"
BENCHMARKS = (SPATIALRGPT, MULTISPA, CAVQA)


@dataclass(frozen=True)
class Subject:
    """What one question is about: a variant of its family, objects by number, pixels (column, row) in the frames."""

    variant: str = ""
    objects: tuple[int, ...] = ()
    pixels: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True)
class Mark:
    """A dot to be drawn into a frame at a pixel (column, row), with a letter beside it or none."""

    frame: int
    pixel: tuple[float, float]
    letter: str = ""


@dataclass(frozen=True)
class Question:
    """A question with its exact right answer.

    `gold` is exact, in `unit`; `answer` is the right answer as the benchmark writes it, where numbers are rounded.
    `frames` are those shown, in the order shown. `geometry` holds what the benchmark's record says beyond them.
    """

    id: str
    benchmark: str
    task: str
    scene: int
    frames: tuple[int, ...]
    subject: Subject
    text: str
    options: tuple[str, ...]
    gold: object
    unit: str | None
    answer: str
    answer_format: str
    image: tuple[int, int]
    marks: tuple[Mark, ...] = ()
    geometry: dict = field(default_factory=dict)


def to_thousandths(pixel, image: tuple[int, int]) -> tuple[float, ...]:
    """A pixel (column, row) in thousandths of the picture's width and height, the coordinates of MultiSPA."""
    return tuple(1000 * float(value) / side for value, side in zip(pixel, image, strict=True))


def from_thousandths(point, image: tuple[int, int]) -> list[float]:
    """Undoes `to_thousandths`."""
    return [value * side / 1000 for value, side in zip(point, image, strict=True)]


class Draw:
    """Chance, all of it from one generator."""

    def __init__(self, generator: torch.Generator) -> None:
        self._generator = generator

    def below(self, count: int) -> int:
        """A whole number from 0 to count - 1, all equally likely."""
        return int(torch.randint(count, (), generator=self._generator, device=self._generator.device))

    def one(self, values: Sequence):
        """One of the values, all equally likely."""
        return values[self.below(len(values))]

    def shuffled(self, values: Iterable) -> list:
        """The values in random order."""
        values = list(values)
        order = torch.randperm(len(values), generator=self._generator, device=self._generator.device)
        return [values[i] for i in order.tolist()]


@dataclass(frozen=True)
class Family:
    """One subtask: what it asks about, its exact answer, its words, and the format in which it is answered.

    - shown(view): the choices of frames. subjects(view, frames, draw): what can be asked of them, in random order.
    - gold(view, frames, subject): the exact answer in `unit`; None where it is ambiguous or cannot be seen.
    - templates: the question's words, by the subject's variant, or by "" for all. words(view, frames, subject): what
      they name. options: the choices of a multiple choice. marks: the dots to be drawn. record(view, frames, subject,
      gold): what the official record says beyond the question.
    """

    benchmark: str
    task: str
    answer_format: str
    unit: str | None
    templates: dict[str, tuple[str, ...]]
    shown: Callable[[View], Iterable[tuple[int, ...]]]
    subjects: Callable[[View, tuple[int, ...], Draw], Iterable[Subject]]
    gold: Callable[[View, tuple[int, ...], Subject], object]
    words: Callable[[View, tuple[int, ...], Subject], dict] = lambda view, frames, subject: {}
    options: Callable[[View, tuple[int, ...], Subject], tuple[str, ...]] = lambda view, frames, subject: ()
    marks: Callable[[View, tuple[int, ...], Subject], tuple[Mark, ...]] = lambda view, frames, subject: ()
    record: Callable[[View, tuple[int, ...], Subject, object], dict] = lambda view, frames, subject, gold: {}


def single_frames(view: View) -> list[tuple[int, ...]]:
    """Every frame alone."""
    return [(k,) for k in range(view.frames)]


def object_pairs(view: View, frames: tuple[int, ...]) -> list[tuple[int, int]]:
    """Ordered pairs of objects that the first frame shows clearly."""
    clear = [n for n in range(len(view.kind)) if view.clear[frames[0], n]]
    return [(a, b) for a in clear for b in clear if a != b]


def apart(a: float, b: float, share: float) -> bool:
    """Whether two positive numbers differ by more than a share of the larger."""
    return abs(a - b) > share * max(a, b)
