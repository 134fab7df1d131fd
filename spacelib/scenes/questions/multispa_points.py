"""MultiSPA's six subtasks about points: depth of one, depth of two compared, and the same point in another frame.

Points are centres of pixels that lie, with their eight neighbours, on one object; depth is exact along the ray through
the centre, z in the camera. Ambiguous, so not asked: two depths that differ by less than 10 % of the larger. A
correspondence is the same place on the object, moved along with it, in the second picture and with nothing before it;
wrong choices are other points on objects there, each at least 10 % of the picture's width from the right one and from
each other. Surfaces have no texture: what tells a place from its neighbours is its object and the shape.
"""

import numpy as np

from spacelib.scenes.questions.family import (
    MULTISPA,
    Family,
    Mark,
    Subject,
    apart,
    single_frames,
    to_thousandths,
)
from spacelib.scenes.questions.multispa_camera import overlapping_pairs
from spacelib.scenes.questions.view import View

_PROPOSALS = 8  # points or pairs that are tried in a choice of frames
_SHARE = 0.1  # of a depth, and of the picture's width
LETTERS = "ABCD"


def random_point(view: View, frame: int, draw) -> tuple[float, float] | None:
    """The centre of a pixel (column, row) inside an object's picture; None where there is no such pixel."""
    inner = view.inner_pixels(frame)
    if not len(inner):
        return None
    row, column = inner[draw.below(len(inner))].tolist()
    return column + 0.5, row + 0.5


def counterpart(view: View, frames: tuple[int, int], pixel) -> tuple[np.ndarray, np.ndarray, int]:
    """Where a pixel's point is in the world at both frames (3,), (3,), and whose it is."""
    place, owner = view.point(frames[0], pixel)
    return place, place + view.centre[frames[1], owner] - view.centre[frames[0], owner], owner


def thousandths(pixel, image) -> list[int]:
    """Coordinates as they are shown: whole thousandths."""
    return [round(value) for value in to_thousandths(pixel, image)]


def _points(count: int, variants: tuple[str, ...] = ("",)):
    """Proposals of some points in the first frame."""

    def subjects(view: View, frames, draw):
        for _ in range(_PROPOSALS):
            pixels = tuple(random_point(view, frames[0], draw) for _ in range(count))
            if None not in pixels:
                yield Subject(draw.one(variants), (), pixels)

    return subjects


def _coordinates(view: View, frames, subject: Subject) -> dict:
    names = zip("ab", (thousandths(pixel, view.image) for pixel in subject.pixels), strict=False)
    return {name: f"[ {x} , {y} ]" for name, (x, y) in names}


def _depth(view: View, frames, subject: Subject):
    return 1000 * view.cast(frames[0], subject.pixels[0])[0]


def _compared(answer):
    """The nearer or the farther of two points, as `answer(view, subject, which)` says it."""

    def gold(view: View, frames, subject: Subject):
        depths = [view.cast(frames[0], pixel)[0] for pixel in subject.pixels]
        first, second = (thousandths(pixel, view.image) for pixel in subject.pixels)
        if not apart(*depths, _SHARE) or first == second:
            return None
        nearer = int(depths[1] < depths[0])
        return answer(view, subject, nearer if subject.variant == "closer" else 1 - nearer)

    return gold


def _compared_record(view: View, frames, subject: Subject, gold) -> dict:
    points = [
        {
            "x": x,
            "y": y,
            "depth": round(1000 * view.cast(frames[0], pixel)[0]),
            "coords": list(pixel),
            "letter": letter,
        }
        for pixel, letter in zip(subject.pixels, LETTERS, strict=False)
        for x, y in [thousandths(pixel, view.image)]
    ]
    return {"points_info": points, "is_closer_question": subject.variant == "closer"}


def _letters(view: View, frames, subject: Subject) -> tuple[Mark, ...]:
    marks = zip(subject.pixels, LETTERS, strict=False)
    return tuple(Mark(frames[0], pixel, letter) for pixel, letter in marks)


def _dot(view: View, frames, subject: Subject) -> tuple[Mark, ...]:
    return (Mark(frames[0], subject.pixels[0]),)


def _corresponding(view: View, frames, subject: Subject):
    """The point in thousandths of the second picture."""
    place, moved, _ = counterpart(view, frames, subject.pixels[0])
    if not view.sees(frames[1], moved):
        return None
    return to_thousandths(view.pixel(frames[1], moved), view.image)


def _choices(view: View, frames, draw):
    """A point, and four in the second picture: where it is, and three other places on objects, in random order."""
    for subject in _points(1)(view, frames, draw):
        _, moved, _ = counterpart(view, frames, subject.pixels[0])
        if not view.sees(frames[1], moved):
            continue
        shown = [tuple(view.pixel(frames[1], moved).tolist())]
        for _ in range(4 * _PROPOSALS):
            other = random_point(view, frames[1], draw)
            if other and len(shown) < 4 and all(_far(view, other, pixel) for pixel in shown):
                shown.append(other)
        if len(shown) == 4:
            yield Subject("", (), (subject.pixels[0], *draw.shuffled(shown)))


def _far(view: View, a, b) -> bool:
    return float(np.hypot(a[0] - b[0], a[1] - b[1])) >= _SHARE * view.image[0]


def _right_choice(view: View, frames, subject: Subject):
    """The letter of the dot on the point, if the second picture shows the point and just that dot is on it."""
    _, moved, _ = counterpart(view, frames, subject.pixels[0])
    if not view.sees(frames[1], moved):
        return None
    there = view.pixel(frames[1], moved)
    far = [_far(view, there, pixel) for pixel in subject.pixels[1:]]
    return LETTERS[far.index(False)] if far.count(False) == 1 else None


def _choice_marks(view: View, frames, subject: Subject) -> tuple[Mark, ...]:
    there = zip(subject.pixels[1:], LETTERS, strict=True)
    return (Mark(frames[0], subject.pixels[0]), *(Mark(frames[1], pixel, letter) for pixel, letter in there))


def _correspondence_record(view: View, frames, subject: Subject, gold) -> dict:
    """The point in the first picture and the points asked about in the second, in whole thousandths."""
    there = [thousandths(pixel, view.image) for pixel in subject.pixels[1:]] or [[round(value) for value in gold]]
    return {"p1_list": [thousandths(subject.pixels[0], view.image)], "p2_list": there}


def _depth_record(view: View, frames, subject: Subject, gold) -> dict:
    return {"ori_coordinates": list(subject.pixels[0])}


_MM = "Answer in millimetres, a whole number in backticks."
_SCALE = "coordinates run from 0 to 1000, across and down"
_BOTH = ("closer", "farther")
_COMPARE_DOT = "Which dot is {} the camera, A or B? Answer with its letter in backticks."
_COMPARE_COOR = "Which point is {} the camera, {{a}} or {{b}} (%s)? Answer with its coordinates in backticks." % _SCALE


def _each(template: str) -> dict:
    phrases = {"closer": "closer to", "farther": "farther from"}
    return {way: (template.format(phrase).replace("{{", "{").replace("}}", "}"),) for way, phrase in phrases.items()}


FAMILIES = (
    Family(
        MULTISPA, "depth_estimation_dot", "backticks, a whole number", "mm",
        {"": (f"How deep in the picture is the surface under the dot? {_MM}",)},
        single_frames, _points(1), _depth, marks=_dot, record=_depth_record,
    ),
    Family(
        MULTISPA, "depth_estimation_coor", "backticks, a whole number", "mm",
        {"": (f"How deep in the picture is the surface at {{a}} ({_SCALE})? {_MM}",)},
        single_frames, _points(1), _depth, words=_coordinates, record=_depth_record,
    ),
    Family(
        MULTISPA, "depth_comparison_dot", "backticks, a letter", None, _each(_COMPARE_DOT),
        single_frames, _points(2, _BOTH), _compared(lambda view, subject, which: LETTERS[which]),
        options=lambda view, frames, subject: ("A", "B"), marks=_letters, record=_compared_record,
    ),
    Family(
        MULTISPA, "depth_comparison_coor", "backticks, one of two points", None, _each(_COMPARE_COOR),
        single_frames, _points(2, _BOTH),
        _compared(lambda view, subject, which: tuple(thousandths(subject.pixels[which], view.image))),
        words=_coordinates, record=_compared_record,
    ),
    Family(
        MULTISPA, "visual_correspondence_dot_2_multichoice", "backticks, a letter", None,
        {"": ("Which lettered dot in the second picture is on the same spot as the dot in the first? Answer with its "
              "letter in backticks.",)},
        overlapping_pairs, _choices, _right_choice,
        options=lambda view, frames, subject: tuple(LETTERS), marks=_choice_marks, record=_correspondence_record,
    ),
    Family(
        MULTISPA, "visual_correspondence_coor_2_coor", "backticks, a point", "thousandths of the picture",
        {"": (f"Where in the second picture is the spot at {{a}} of the first ({_SCALE})? Answer with coordinates in "
              "backticks, as in `[ 120 , 640 ]`.",)},
        overlapping_pairs, _points(1), _corresponding, words=_coordinates, record=_correspondence_record,
    ),
)
