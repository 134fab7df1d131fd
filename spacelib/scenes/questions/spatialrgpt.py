"""SpatialRGPT-Bench's twelve categories: comparisons of two regions of one picture, lengths, and clock directions.

Our definitions, which the questions' words state. Distances are between the objects' middles. Width is from left to
right as the camera faces the object, height along the vertical, size the volume. Left and right are those of the
picture; above and below compare heights over the floor; behind and in front the depth along the camera's axis. Clock
directions are seen from above, twelve o'clock away from the camera. Ambiguous, so not asked: heights that differ by
less than 5 cm, pictures' columns by less than 5 % of the width, other comparisons by less than 10 % of the larger;
distances under 5 cm; directions within a quarter of an hour of two hours' border.
"""

import math

import numpy as np

from spacelib.benchmarks.spatialrgpt import TASKS
from spacelib.scenes.questions.family import (
    SPATIALRGPT,
    Family,
    Subject,
    apart,
    object_pairs,
    single_frames,
)
from spacelib.scenes.questions.view import View

NEAR = 0.05  # metres: shorter distances are not asked for
_COLUMNS = 0.05  # of the picture's width
_SHARE = 0.1
_BORDER = 0.25  # hours

# Task: what is compared, whether two values of it differ clearly, and the words for less and for more.
_COMPARED = {
    "below_above": (
        lambda view, k, n: view.centre[k, n, 2],
        lambda a, b, view: abs(a - b) > NEAR,
        {"below": "lower over the floor at its middle", "above": "higher over the floor at its middle"},
    ),
    "left_right": (
        lambda view, k, n: view.pixel(k, view.centre[k, n])[0],
        lambda a, b, view: abs(a - b) > _COLUMNS * view.image[0],
        {"left": "further to the left in the picture", "right": "further to the right in the picture"},
    ),
    "big_small": (
        lambda view, k, n: view.volume(n),
        lambda a, b, view: apart(a, b, _SHARE),
        {"small": "smaller in volume", "big": "larger in volume"},
    ),
    "tall_short": (
        lambda view, k, n: view.size[n, 2],
        lambda a, b, view: apart(a, b, _SHARE),
        {"short": "shorter from foot to top", "tall": "taller from foot to top"},
    ),
    "wide_thin": (
        lambda view, k, n: view.width_across(k, n),
        lambda a, b, view: apart(a, b, _SHARE),
        {"thin": "thinner from left to right", "wide": "wider from left to right"},
    ),
    "behind_front": (
        lambda view, k, n: view.in_camera(k, view.centre[k, n])[2],
        lambda a, b, view: apart(a, b, _SHARE),
        {"front": "less deep in the picture", "behind": "deeper in the picture"},
    ),
}

_DISTANCES = {
    "direct_distance": (
        lambda offset: np.linalg.norm(offset),
        (
            "How far is it from the middle of {a} to the middle of {b}?",
            "What distance separates the middles of {a} and {b}?",
        ),
    ),
    "horizontal_distance": (
        lambda offset: np.linalg.norm(offset[:2]),
        ("Seen from straight above, how far apart are the middles of {a} and {b}?",),
    ),
    "vertical_distance": (
        lambda offset: abs(offset[2]),
        ("By how much do the middles of {a} and {b} differ in height over the floor?",),
    ),
}

_SIZES = {
    "width": (
        lambda view, k, n: view.width_across(k, n),
        ("From left to right as you face it, how wide is {a}?",),
    ),
    "height": (lambda view, k, n: view.size[n, 2], ("From foot to top, how tall is {a}?",)),
}


def _words(view: View, frames, subject: Subject) -> dict:
    return dict(zip("ab", (f"Region [{i}]" for i in range(len(subject.objects))), strict=False))


def _record(view: View, frames, subject: Subject, gold) -> dict:
    """Category, and the regions' boxes and masks."""
    regions = [
        {"box": list(view.box(frames[0], n)), "mask": view.index[frames[0]] == n} for n in subject.objects
    ]
    return {"category": subject.variant, "regions": regions}


def _family(task: str, answer_format: str, unit: str | None, templates: dict, subjects, gold) -> Family:
    return Family(
        SPATIALRGPT, task, answer_format, unit, templates, single_frames, subjects, gold, words=_words, record=_record
    )


def _pairs(category: str):
    def subjects(view: View, frames, draw):
        return [Subject(category, pair) for pair in draw.shuffled(object_pairs(view, frames))]

    return subjects


def _comparisons(task: str) -> list[Family]:
    """A family for the predicates and, where the benchmark has them, one for the choices."""
    value, clear, words = _COMPARED[task]
    kinds = {
        "predicate": ("sentence, yes or no", ("Is {a} {more} than {b}?", "Would you say that {a} is {more} than {b}?")),
        "choice": ("sentence, a region", ("Of {a} and {b}, which one is {more}?",)),
    }
    less = tuple(words)[0]

    def gold_of(kind: str):
        def gold(view: View, frames, subject: Subject):
            a, b = (float(value(view, frames[0], n)) for n in subject.objects)
            if not clear(a, b, view):
                return None
            first = (a < b) == (subject.variant.split("_")[0] == less)
            if kind == "choice":
                return "0" if first else "1"
            return "Yes" if first else "No"

        return gold

    def subjects_of(categories: list[str]):
        def subjects(view: View, frames, draw):
            pairs = draw.shuffled(object_pairs(view, frames))
            return [Subject(draw.one(categories), pair) for pair in pairs]

        return subjects

    families = []
    for kind, (answer_format, templates) in kinds.items():
        if categories := [name for name in TASKS[task][0] if name.endswith(kind)]:
            phrased = {
                name: tuple(t.replace("{more}", words[name.split("_")[0]]) for t in templates) for name in categories
            }
            families.append(
                _family(task, answer_format, None, phrased, subjects_of(categories), gold_of(kind))
            )
    return families


def _distance(task: str) -> Family:
    measure, templates = _DISTANCES[task]

    def gold(view: View, frames, subject: Subject):
        a, b = (view.centre[frames[0], n] for n in subject.objects)
        metres = float(measure(a - b))
        return metres if metres > NEAR else None

    return _family(task, "sentence, a length", "m", {"": templates}, _pairs(TASKS[task][0][0]), gold)


def _size(task: str) -> Family:
    measure, templates = _SIZES[task]

    def subjects(view: View, frames, draw):
        clear = [n for n in range(len(view.kind)) if view.clear[frames[0], n]]
        return [Subject(TASKS[task][0][0], (n,)) for n in draw.shuffled(clear)]

    def gold(view: View, frames, subject: Subject):
        return float(measure(view, frames[0], subject.objects[0]))

    return _family(task, "sentence, a length", "m", {"": templates}, subjects, gold)


def _clock(view: View, frames, subject: Subject):
    """The whole hour at which the second object is seen from the first, twelve away from the camera."""
    a, b = (view.centre[frames[0], n] for n in subject.objects)
    right, ahead, _ = view.levelled(frames[0]) @ (b - a)
    hours = math.atan2(right, ahead) * 6 / math.pi % 12
    if math.hypot(right, ahead) <= NEAR or abs(hours % 1 - 0.5) < _BORDER:
        return None
    return round(hours) % 12 or 12


_DIRECTION = _family(
    "direction",
    "sentence, a clock direction",
    "o'clock",
    {"": ("Standing at {a} and looking straight away from the camera, towards which hour of a clock is {b}?",)},
    _pairs("direction"),
    _clock,
)

FAMILIES = (
    *(family for task in _COMPARED for family in _comparisons(task)),
    *(_distance(task) for task in _DISTANCES),
    *(_size(task) for task in _SIZES),
    _DIRECTION,
)
