"""MultiSPA's nine subtasks about the camera's movement between two frames.

The move is that of the second camera in the first one's axes: x right, y down, z forward. Yaw is the turn of the
viewing direction about the vertical, to the right positive, pitch its turn upwards: so both are exact for any pose.
Frames overlap by 6 to 35 %, as officially. Too small to ask for: moves under 10 cm along the axis asked for (along any
way, where the whole is asked for), turns under 3 degrees; yaws within 3 degrees of a half turn have no side.
"""

import math

import numpy as np

from spacelib.scenes.questions.family import MULTISPA, Family, Subject
from spacelib.scenes.questions.view import View

OVERLAP = (0.06, 0.35)
_LEAST_MOVE = 100.0  # mm
_LEAST_TURN = 3.0  # degrees

# Name of the subtask's value: the words for its positive and its negative sign.
SIGNS = {
    "x_movement": ("right", "left"),
    "y_movement": ("down", "up"),
    "z_movement": ("forward", "backward"),
    "yaw_movement": ("right", "left"),
    "pitch_movement": ("up", "down"),
}
_ABOUT = {"yaw_movement": "turned to the {0} or to the {1}", "pitch_movement": "tilted {0} or {1}"}


def overlapping_pairs(view: View) -> list[tuple[int, int]]:
    """Ordered pairs of frames that overlap by 6 to 35 %, on the mean of both directions."""
    shares = (view.overlaps + view.overlaps.T) / 2
    low, high = OVERLAP
    return [(i, j) for i in range(view.frames) for j in range(view.frames) if i != j and low <= shares[i, j] <= high]


def movement(view: View, frames: tuple[int, int]) -> dict:
    """Every value of the second camera's movement: mm along x, y, z and in all, degrees of yaw and pitch."""
    first, second = frames
    x, y, z = (1000 * view.in_camera(first, view.pose[second, :3, 3])).tolist()
    yaw, pitch = np.subtract(_heading(view, second), _heading(view, first))
    yaw = (yaw + 180) % 360 - 180
    values = {"x_distance": x, "y_distance": y, "z_distance": z, "yaw_angle": float(yaw), "pitch_angle": float(pitch)}
    return values | {"total_distance": math.hypot(x, y, z), "displacement_vector": (x, y, z)}


def _heading(view: View, frame: int) -> tuple[float, float]:
    """Degrees by which a camera looks to the right of the world's y axis, and above the horizon."""
    x, y, z = view.pose[frame, :3, 2]
    return math.degrees(math.atan2(x, y)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _gold(name: str):
    """The value asked for, None where it is too small."""

    def gold(view: View, frames, subject: Subject):
        values = movement(view, frames)
        if name == "displacement_vector":
            return values[name] if values["total_distance"] >= _LEAST_MOVE else None
        measured = name.replace("_movement", "_angle" if name in _ABOUT else "_distance")
        value = values[measured]
        turn = measured.endswith("angle")
        if abs(value) < (_LEAST_TURN if turn else _LEAST_MOVE) or (turn and abs(value) > 180 - _LEAST_TURN):
            return None
        if name in SIGNS:
            return SIGNS[name][0 if value > 0 else 1]
        return abs(value)

    return gold


def _record(view: View, frames, subject: Subject, gold) -> dict:
    """The official answer values: whole mm and degrees, the displacement vector in METRES, as documented."""
    values = movement(view, frames)
    words = {}
    for name, (positive, negative) in SIGNS.items():
        value = values[name.replace("_movement", "_angle" if name in _ABOUT else "_distance")]
        words[name] = positive if value > 0 else negative if value < 0 else "none"
    rounded = {name: round(value) for name, value in values.items() if name != "displacement_vector"}
    metres = [value / 1000 for value in values["displacement_vector"]]
    return {"answer_values": words | rounded | {"displacement_vector": metres}}


def _family(name: str, answer_format: str, unit: str | None, *templates: str) -> Family:
    return Family(
        MULTISPA,
        f"camera_{name}",
        answer_format,
        unit,
        {"": templates},
        overlapping_pairs,
        lambda view, frames, draw: [Subject()],
        _gold(name),
        record=_record,
    )


def _direction(name: str) -> Family:
    positive, negative = SIGNS[name]
    moved = _ABOUT.get(name, "gone {0} or {1}, along its own axes in the first picture").format(positive, negative)
    question = f"From the first picture to the second, has the camera {moved}? Answer `{positive}` or `{negative}`."
    return _family(name, "backticks, a word", None, question)


_DEGREES = "Answer with whole degrees in backticks."

FAMILIES = (
    *(_direction(name) for name in SIGNS),
    _family(
        "yaw_angle",
        "backticks, a whole number",
        "degrees",
        f"By how many degrees has the camera turned to the side between the first picture and the second? {_DEGREES}",
    ),
    _family(
        "pitch_angle",
        "backticks, a whole number",
        "degrees",
        f"By how many degrees has the camera tilted up or down between the first picture and the second? {_DEGREES}",
    ),
    _family(
        "total_distance",
        "backticks, a whole number",
        "mm",
        "How far apart, in millimetres, are the two pictures' cameras? Answer with a whole number in backticks.",
    ),
    _family(
        "displacement_vector",
        "backticks, a vector",
        "mm",
        "Where is the second picture's camera, in millimetres to the right, down and forward of the first, along the "
        "first one's axes? Answer in backticks, as in `[ 10 , -20 , 30 ]`.",
    ),
)
