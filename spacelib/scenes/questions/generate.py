"""The table of families, and questions drawn from scenes."""

import torch

from spacelib.scenes.cameras import Cameras
from spacelib.scenes.questions import cavqa, multispa_camera, multispa_objects, multispa_points, spatialrgpt
from spacelib.scenes.questions.answers import FORMATS
from spacelib.scenes.questions.family import BENCHMARKS, Draw, Family, Question
from spacelib.scenes.questions.view import View, views
from spacelib.scenes.world import Scenes

_ALL = (
    *spatialrgpt.FAMILIES,
    *multispa_camera.FAMILIES,
    *multispa_points.FAMILIES,
    *multispa_objects.FAMILIES,
    *cavqa.FAMILIES,
)
FAMILIES: dict[tuple[str, str], tuple[Family, ...]] = {
    key: tuple(family for family in _ALL if (family.benchmark, family.task) == key)
    for key in dict.fromkeys((family.benchmark, family.task) for family in _ALL)
}
"""Benchmark and subtask: its families, one for each answer format (SpatialRGPT-Bench's comparisons have up to two)."""


def tasks(benchmark: str) -> tuple[str, ...]:
    """The subtasks of a benchmark. Errors: ValueError for a benchmark that is not mirrored."""
    if benchmark not in BENCHMARKS:
        raise ValueError(f"tasks: benchmark must be one of {', '.join(BENCHMARKS)}, got {benchmark!r}")
    return tuple(task for name, task in FAMILIES if name == benchmark)


def generate(
    benchmark: str,
    task: str | None,
    scenes: Scenes,
    cameras: Cameras,
    *,
    generator: torch.Generator,
    times: torch.Tensor | None = None,
) -> list[Question]:
    """At most one question a scene and subtask, each with its exact right answer.

    Frames and subjects are tried in random order until one is not ambiguous: what is, each group of families says
    (margins, clear sight, names that fit one object only). A scene that has none gives no question, so a task that
    the cameras cannot show (a camera's movement at one frame, an object's at rest) gives an empty list. Right answers
    are computed in float64 from the scenes' and cameras' numbers; the same generator state gives the same questions.
    Parameters: benchmark, one of SpatialRGPT-Bench, MultiSPA, CA-VQA; task, one of `tasks(benchmark)`, or None for
    all of them; the rest as `render`.
    Errors: ValueError for another benchmark or task; as `render`.
    """
    if task is not None and task not in tasks(benchmark):
        raise ValueError(f"generate: task must be one of {', '.join(tasks(benchmark))}, got {task!r}")
    if not isinstance(generator, torch.Generator):
        raise TypeError(f"generate: generator must be a torch.Generator, got {type(generator).__name__}")
    draw = Draw(generator)
    asked = tasks(benchmark) if task is None else (task,)
    return [
        question
        for view in views(scenes, cameras, times)
        for name in asked
        if (question := _first(draw.shuffled(FAMILIES[benchmark, name]), view, draw)) is not None
    ]


def _first(families: list[Family], view: View, draw: Draw) -> Question | None:
    """The first question that a family has, None where none has one."""
    return next((question for family in families if (question := _ask(family, view, draw)) is not None), None)


def _ask(family: Family, view: View, draw: Draw) -> Question | None:
    """The first question that is not ambiguous, None where there is none."""
    for frames in draw.shuffled(family.shown(view)):
        for subject in family.subjects(view, frames, draw):
            gold = family.gold(view, frames, subject)
            if gold is None:
                continue
            templates = family.templates.get(subject.variant) or family.templates[""]
            return Question(
                id=f"synthetic-{family.benchmark}-{family.task}-{view.number:05d}".lower(),
                benchmark=family.benchmark,
                task=family.task,
                scene=view.number,
                frames=frames,
                subject=subject,
                text=draw.one(templates).format(**family.words(view, frames, subject)),
                options=family.options(view, frames, subject),
                gold=gold,
                unit=family.unit,
                answer=FORMATS[family.answer_format].write(gold, draw),
                answer_format=family.answer_format,
                image=view.image,
                marks=family.marks(view, frames, subject),
                geometry=family.record(view, frames, subject, gold),
            )
    return None
