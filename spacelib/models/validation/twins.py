"""Twins of benchmark subtasks as exact channels: what noisy pictures tell about the right answer is known, not estimated.

A twin asks one wording of one subtask about some rendered scenes, each question equally likely. Seen are its frames,
averaged to a few pixels, with what the question points at drawn into pictures of its own, and white noise on all of it.
So the posterior of the question given the pictures is exact, and with it that of the right answer. All of it is
synthetic.
"""

from collections import Counter
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from spacelib.scenes import Cameras, Channel, Frames, Scenes, arc, look_at, pinhole, render, sample_scenes
from spacelib.scenes._staging import stacked
from spacelib.scenes.questions import FORMATS, Question, generate
from spacelib.scenes.questions.family import to_thousandths

HEIGHT, WIDTH, COARSE = 48, 64, 4  # pixels rendered, and how many a side are averaged to one
BATCH, MOST = 64, 12  # scenes at a time, and how many times before what was found is taken
MOVING = "object_movement"
TWO_POINTS = "backticks, one of two points"
COLOURS, _POINTED = 3, 5  # of a frame; pictures of what a question points at: the most dots that one has
SEEN = COLOURS + _POINTED


@dataclass(frozen=True)
class Twin:
    """One wording of a subtask: S questions, equally likely, and the M different right answers among them.

    Question i is about scene i of `scenes`, seen by its own cameras. channel: the question given K frames, templates (S,
    1, K, D). target (S,): the number of each question's right answer. wins (M, M): whether answering i counts where j
    is right, by the benchmark's own rule.
    """

    benchmark: str
    task: str
    wording: str
    questions: tuple[Question, ...]
    scenes: Scenes
    cameras: Cameras
    times: Tensor | None
    channel: Channel
    target: Tensor
    wins: Tensor

    @property
    def law(self) -> Tensor:
        """Law of the right answer, (M,)."""
        return torch.bincount(self.target).double() / len(self.target)

    @property
    def blind(self) -> float:
        """Best accuracy without any picture: the answer that counts for most questions."""
        return (self.wins @ self.law).max().item()

    def copies(self) -> "Twin":
        """The same number of frames, all of them the first one: what is left of several frames is less noise."""
        templates = self.channel.templates[:, :, :1].expand_as(self.channel.templates)
        return replace(self, channel=replace(self.channel, templates=templates.contiguous()))

    @property
    def categorical(self) -> bool:
        """Whether only the right answer itself counts."""
        return bool((self.wins == torch.eye(len(self.wins))).all())

    def answers(self, questions: Tensor) -> Tensor:
        """Laws of the right answer (..., M) from laws of the question (..., S)."""
        return questions @ torch.eye(len(self.wins), dtype=questions.dtype)[self.target]

    def at(self, ratio: float) -> "Twin":
        """The same with noise such that two pictures differ by `ratio` times it, in the median over pairs."""
        return replace(self, channel=self.channel.with_noise(self._apart / ratio))

    @property
    def ratio(self) -> float:
        """How far two pictures differ, in the median over pairs, in the noise."""
        return self._apart / self.channel.noise[0].item()

    @property
    def _apart(self) -> float:
        return torch.pdist(self.channel.templates.flatten(1)).median().item()


def twin(benchmark: str, task: str, *, questions: int = 32, generator: torch.Generator) -> Twin:
    """The twin of a subtask in the wording that is most frequent among the first scenes, with unit noise.

    Parameters: benchmark and task as in `scenes.questions.tasks`; questions S >= 2; generator of scenes, cameras and
    wordings. Fewer questions where scenes that allow one are rare.
    Errors: ValueError for an unknown subtask, fewer than 2 questions asked for or found.
    """
    if questions < 2:
        raise ValueError(f"twin: questions must be at least 2, got {questions}")
    found, shown, worlds, poses, kind = [], [], [], [], None
    for _ in range(MOST):
        scenes, cameras, times = _staged(task, generator)
        asked = generate(benchmark, task, scenes, cameras, generator=generator, times=times)
        kind = kind or (Counter(map(_kind, asked)).most_common(1)[0][0] if asked else None)
        chosen = [question for question in asked if _kind(question) == kind][: questions - len(found)]
        frames = render(scenes, cameras, times)
        shown += [_pictures(question, frames) for question in chosen]
        found += [replace(question, scene=len(found) + i) for i, question in enumerate(chosen)]
        numbers = [question.scene for question in chosen]
        worlds.append(scenes[numbers])
        poses.append(cameras.pose[numbers])
        if len(found) == questions:
            break
    if len(found) < 2:
        raise ValueError(f"twin: scenes for {task} of {benchmark} were not found in {MOST * BATCH} draws")
    right = [_right(question) for question in found]
    distinct = list(dict.fromkeys(right))
    target = torch.tensor([distinct.index(answer) for answer in right])
    templates = torch.stack(shown)[:, None]
    uniform = torch.full((len(found), 1), 1 / len(found), dtype=torch.float64)
    channel = Channel(templates, uniform, torch.ones(templates.shape[2], dtype=torch.float64))
    return Twin(
        benchmark,
        task,
        " ".join(kind[:2]).strip(),
        tuple(found),
        stacked(worlds),
        replace(cameras, pose=torch.cat(poses)),
        times,
        channel,
        target,
        _wins(found, target),
    )


def _kind(question: Question) -> tuple[str, str, int]:
    return question.subject.variant, question.answer_format, len(question.frames)


def _staged(task: str, generator: torch.Generator) -> tuple[Scenes, Cameras, Tensor | None]:
    """Scenes and cameras: two frames from one place, one from aside, three that overlap little with others."""
    speed = 1.0 if task.startswith(MOVING) else 0.0
    scenes = sample_scenes(BATCH, 4, generator=generator, extent=1.8, speed=speed, dtype=torch.float64)
    place = torch.tensor([[-0.6, -5.0, 2.0], [1.2, -4.2, 1.6], [-1.4, -4.4, 2.3]], dtype=torch.float64)
    seen = torch.tensor([[-1.6, 0.0, 0.5], [3.4, 0.0, 0.8], [2.3, 0.0, 0.0]], dtype=torch.float64)
    jitter = 0.3 * torch.randn(2, BATCH, 3, 3, generator=generator, dtype=torch.float64)
    aside = look_at(place + jitter[0], seen + jitter[1])
    before = arc(2, 0.6)[[0, 0, 1]].expand(BATCH, -1, -1, -1)
    cameras = Cameras(torch.cat([before, aside], 1), pinhole(HEIGHT, WIDTH), HEIGHT, WIDTH)
    times = torch.linspace(0, 1, cameras.frames, dtype=torch.float64) if speed else None
    return scenes, cameras, times


def _pictures(question: Question, frames: Frames) -> Tensor:
    """The question's frames and what it points at, averaged to few pixels, (K, D)."""
    chosen = list(question.frames)
    rgb = frames.rgb[question.scene, chosen].movedim(-1, 1)
    pointed = torch.zeros(len(chosen), _POINTED, HEIGHT, WIDTH, dtype=rgb.dtype)
    for number, thing in enumerate(question.subject.objects[:_POINTED]):
        pointed[:, number] = (frames.index[question.scene, chosen] == thing).to(rgb)
    for number, ((column, row), frame) in enumerate(_dots(question)):
        across, down = (int(place) // COARSE * COARSE for place in (column, row))
        pointed[chosen.index(frame), number, down : down + COARSE, across : across + COARSE] = 1.0
    stacked = torch.cat([rgb, pointed], 1)
    return torch.nn.functional.avg_pool2d(stacked, COARSE).flatten(1)


def _dots(question: Question) -> list[tuple[tuple[float, float], int]]:
    """Pixels that the question points at, each with its frame: the dots drawn, else those that its words name."""
    if question.marks:
        return [(mark.pixel, mark.frame) for mark in question.marks]
    if question.task.startswith("visual_correspondence"):  # the second pixel is the answer
        return [(question.subject.pixels[0], question.frames[0])]
    return [(pixel, question.frames[0]) for pixel in question.subject.pixels]


def _right(question: Question) -> object:
    """What tells right answers apart: the gold; of two points that the words name, which of them it is."""
    if question.answer_format == TWO_POINTS:
        first = to_thousandths(question.subject.pixels[0], question.image)
        return tuple(round(place) for place in first) == tuple(question.gold)
    return question.gold


def _wins(questions: list[Question], target: Tensor) -> Tensor:
    """Whether the right answer of one question counts for another, by the benchmark's rule."""
    first = [questions[int((target == i).nonzero()[0])] for i in range(int(target.max()) + 1)]
    counts = FORMATS[first[0].answer_format].counts
    if first[0].answer_format == TWO_POINTS:
        return torch.eye(len(first), dtype=torch.float64)
    return torch.tensor([[float(counts(said.gold, asked)) for asked in first] for said in first]).double()
