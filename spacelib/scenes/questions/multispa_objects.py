"""MultiSPA's eleven subtasks about objects: their size over one to six frames, and how a point on one moves.

Height is from foot to top, length the longer and width the shorter side of the footprint. Every frame shows the object
clearly, and no other bears its name. Movement is that of a point on an object which two frames of one log show, the
earlier first, in the first camera's axes: right, down, forward. Moves under 5 cm are not asked for; the eight subtasks
are distance or vector, a dot or coordinates, the camera at rest or moving. With no times nothing moves, and there are
no such questions.
"""

from itertools import combinations

import numpy as np

from spacelib.scenes.questions.family import MULTISPA, Family, Mark, Subject
from spacelib.scenes.questions.multispa_points import counterpart, random_point, thousandths
from spacelib.scenes.questions.view import View

MOST_FRAMES = 6
_LEAST = 50.0  # mm
_PROPOSALS = 8
_AT_REST = 1e-6  # metres and entries of a rotation: float32 poses that are meant to be the same

_SIZES = {
    "height": (lambda size: size[2], "from foot to top"),
    "length": (lambda size: max(size[0], size[1]), "along the longer side of its footprint"),
    "width": (lambda size: min(size[0], size[1]), "along the shorter side of its footprint"),
}


def _runs(view: View) -> list[tuple[int, ...]]:
    """All choices of one to six frames, in order."""
    counts = range(1, min(MOST_FRAMES, view.frames) + 1)
    return [frames for count in counts for frames in combinations(range(view.frames), count)]


def _size(what: str) -> Family:
    measure, words = _SIZES[what]
    return Family(
        MULTISPA,
        f"object_perception_{what}",
        "backticks, a whole number",
        "mm",
        {"": (f"How many millimetres does {{a}} measure {words}? Answer with a whole number in backticks.",)},
        _runs,
        lambda view, frames, draw: [Subject("", (n,)) for n in draw.shuffled(view.named(frames))],
        lambda view, frames, subject: 1000 * float(measure(view.size[subject.objects[0]])),
        words=lambda view, frames, subject: {"a": f"the {view.names[subject.objects[0]]}"},
    )


def at_rest(view: View, frames: tuple[int, int]) -> bool:
    """Whether the camera is the same in both frames."""
    return bool(np.abs(view.pose[frames[0]] - view.pose[frames[1]]).max() <= _AT_REST)


def _log_pairs(moving: bool):
    def pairs(view: View) -> list[tuple[int, int]]:
        return [pair for pair in combinations(range(view.frames), 2) if at_rest(view, pair) != moving]

    return pairs


def _point(view: View, frames, draw):
    for _ in range(_PROPOSALS):
        if pixel := random_point(view, frames[0], draw):
            yield Subject("", (), (pixel,))


def moved(view: View, frames: tuple[int, int], pixel) -> np.ndarray | None:
    """Movement in mm (3,) of the point at a pixel in the first camera's axes; None where the second frame hides it."""
    place, after, _ = counterpart(view, frames, pixel)
    if not view.sees(frames[1], after):
        return None
    return 1000 * (after - place) @ view.pose[frames[0], :3, :3]


def _gold(vector: bool):
    def gold(view: View, frames, subject: Subject):
        move = moved(view, frames, subject.pixels[0])
        if move is None or np.linalg.norm(move) < _LEAST:
            return None
        return tuple(move.tolist()) if vector else float(np.linalg.norm(move))

    return gold


def _record(view: View, frames, subject: Subject, gold) -> dict:
    _, after, _ = counterpart(view, frames, subject.pixels[0])
    return {
        "point_moving": True,
        "cam_moving": not at_rest(view, frames),
        "p1": thousandths(subject.pixels[0], view.image),
        "p2": thousandths(view.pixel(frames[1], after), view.image),
    }


def _movement(shown: str, asked: str, moving: bool) -> Family:
    vector = asked == "displacement_vector"
    where = "under the dot" if shown == "dot" else "at {a} (coordinates run from 0 to 1000, across and down)"
    question = (
        f"By how many millimetres to the right, down and forward, along the first camera's axes, has the spot {where} "
        "in the first picture moved by the second? Answer in backticks, as in `[ 10 , -20 , 30 ]`."
        if vector
        else f"How many millimetres has the spot {where} in the first picture moved by the second? Answer with a whole "
        "number in backticks."
    )

    def words(view: View, frames, subject: Subject) -> dict:
        x, y = thousandths(subject.pixels[0], view.image)
        return {"a": f"[ {x} , {y} ]"}

    def marks(view: View, frames, subject: Subject) -> tuple[Mark, ...]:
        return (Mark(frames[0], subject.pixels[0]),) if shown == "dot" else ()

    return Family(
        MULTISPA,
        f"object_movement_{shown}_{asked}_{'moving' if moving else 'static'}_camera",
        "backticks, a vector" if vector else "backticks, a whole number",
        "mm",
        {"": (question,)},
        _log_pairs(moving),
        _point,
        _gold(vector),
        words=words,
        marks=marks,
        record=_record,
    )


FAMILIES = (
    *(_size(what) for what in _SIZES),
    *(
        _movement(shown, asked, moving)
        for shown in ("coor", "dot")
        for asked in ("total_distance", "displacement_vector")
        for moving in (False, True)
    ),
)
