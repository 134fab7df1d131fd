"""CA-VQA's six tasks: a reference frame, the log's last, with up to four support frames before it.

Distances run from the camera, or between objects, to the objects' middles; depth is not meant. Solid boxes stand in the
levelled axes of the reference camera: right, forward (level), up, its place the origin. Ambiguous, so not asked: counts
where the reference shows an object a little (neither clearly nor not at all), rectangles of objects that something
hides in part, comparisons of values less than 10 % of the larger apart (5 % of the picture's width for left and right),
distances under 5 cm.
"""

import numpy as np

from spacelib.scenes.questions.family import CAVQA, Family, Subject, apart, object_pairs
from spacelib.scenes.questions.view import View
from spacelib.scenes.world import BOX, SPHERE

SUPPORT = 4
_SHARE, _COLUMNS, _NEAR = 0.1, 0.05, 0.05
_LETTERS = "ABCD"
_KINDS = {"boxes": (BOX,), "spheres": (SPHERE,), "objects": (BOX, SPHERE)}


def _distance(view: View, k: int, n: int) -> float:
    return float(np.linalg.norm(view.in_camera(k, view.centre[k, n])))


_ORDERS = {
    "closer": (_distance, lambda a, b, view: apart(a, b, _SHARE), -1),
    "left": (
        lambda view, k, n: float(view.pixel(k, view.centre[k, n])[0]),
        lambda a, b, view: abs(a - b) > _COLUMNS * view.image[0],
        -1,
    ),
    "taller": (lambda view, k, n: float(view.size[n, 2]), lambda a, b, view: apart(a, b, _SHARE), 1),
}


def _reference(view: View) -> list[tuple[int, ...]]:
    """Reference first, then support frames 1 to 4, each earlier than the one before."""
    last = view.frames - 1
    return [tuple(range(last, max(-1, last - SUPPORT - 1), -1))]


def _named(view: View, frames, draw) -> list[int]:
    return draw.shuffled(view.named(frames[:1]))


def _called(view: View, frames, subject: Subject) -> dict:
    return {letter: f"the {view.names[n]}" for letter, n in zip("abcd", subject.objects, strict=False)}


def _pairs(*variants: str):
    def subjects(view: View, frames, draw):
        named = set(view.named(frames[:1]))
        pairs = [pair for pair in object_pairs(view, frames) if named.issuperset(pair)]
        return [Subject(draw.one(variants), pair) for pair in draw.shuffled(pairs)]

    return subjects


def _ones(*variants: str):
    def subjects(view: View, frames, draw):
        return [Subject(draw.one(variants), (n,)) for n in _named(view, frames, draw)]

    return subjects


def _compare(view: View, frames, subject: Subject):
    """Yes if the first object comes before the second in the order asked for."""
    value, clear, sign = _ORDERS[subject.variant]
    a, b = (value(view, frames[0], n) for n in subject.objects)
    return ("Yes" if sign * a > sign * b else "No") if clear(a, b, view) else None


def _groups(view: View, frames, draw):
    named = _named(view, frames, draw)
    return [Subject(draw.one(("closer", "taller")), tuple(named[:4]))] if len(named) >= 3 else []


def _first(view: View, frames, subject: Subject):
    """The letter of the object that comes before all others."""
    value, clear, sign = _ORDERS[subject.variant]
    values = [value(view, frames[0], n) for n in subject.objects]
    best = max(range(len(values)), key=lambda i: sign * values[i])
    others = (values[i] for i in range(len(values)) if i != best)
    return _LETTERS[best] if all(clear(values[best], other, view) for other in others) else None


def _count(view: View, frames, subject: Subject):
    """The number of a kind's objects in the reference frame."""
    shown, clear = view.visible_pixels[frames[0]], view.clear[frames[0]]
    if not np.all(clear | (shown == 0)):
        return None
    return int((clear & np.isin(view.kind, _KINDS[subject.variant])).sum())


def _rectangle(view: View, frames, subject: Subject):
    n, k = subject.objects[0], frames[0]
    whole = view.visible_pixels[k, n] == view.alone[n, k].sum()
    return view.box(k, n) if whole else None


def _solid(view: View, frames, subject: Subject):
    """Middle, sizes and turn about up in the reference camera's levelled axes."""
    n, k = subject.objects[0], frames[0]
    right = view.levelled(k)[0]
    turn = view.yaw[n] - np.arctan2(right[1], right[0]) if view.kind[n] == BOX else 0.0
    turn = (turn + np.pi / 2) % np.pi - np.pi / 2  # a box turned by half is the same box
    return (*view.in_level(k, view.centre[k, n]).tolist(), *view.size[n].tolist(), float(turn))


def _regression(view: View, frames, subject: Subject):
    """Centimetres between the middles of two objects or from the camera to one, or a height."""
    k, (n, *more) = frames[0], subject.objects
    if subject.variant == "height":
        metres = float(view.size[n, 2])
    elif more:
        metres = float(np.linalg.norm(view.centre[k, n] - view.centre[k, more[0]]))
    else:
        metres = _distance(view, k, n)
    return 100 * metres if metres > _NEAR else None


def _lengths(view: View, frames, draw):
    pairs = _pairs("between")(view, frames, draw)
    return draw.shuffled([*pairs[: len(view.kind)], *_ones("camera", "height")(view, frames, draw)])


def _options(view: View, frames, subject: Subject) -> tuple[str, ...]:
    return tuple(f"the {view.names[n]}" for n in subject.objects)


def _record(view: View, frames, subject: Subject, gold) -> dict:
    """Per frame its pose in the reference camera's coordinates, and its intrinsics as a matrix."""
    to_reference = np.linalg.inv(view.pose[frames[0]])
    about = []
    for k in frames:
        fx, fy, cx, cy = view.intrinsics[k].tolist()
        pose = to_reference @ view.pose[k] if k != frames[0] else np.eye(4)
        about.append({"pose": pose.tolist(), "intrinsics": [[fx, 0.0, cx], [0.0, fy, cy], [0.0, 0.0, 1.0]]})
    return {"views": about}


def _family(task: str, answer_format: str, unit: str | None, templates: dict, subjects, gold, **more) -> Family:
    more = {"words": _called} | more
    return Family(CAVQA, task, answer_format, unit, templates, _reference, subjects, gold, record=_record, **more)


_LAST = "in the reference picture"
FAMILIES = (
    _family(
        "binary",
        "yes or no",
        None,
        {
            "closer": (f"Is {{a}} closer to the camera than {{b}} {_LAST}?",),
            "left": (f"Is {{a}} further to the left than {{b}} {_LAST}?",),
            "taller": ("Does {a} stand taller than {b}?",),
        },
        _pairs(*_ORDERS),
        _compare,
    ),
    _family(
        "cardinality",
        "a count",
        "objects",
        {"": (f"How many {{kind}} are there {_LAST}? Answer with a number.",)},
        lambda view, frames, draw: [Subject(kind) for kind in draw.shuffled(_KINDS)],
        _count,
        words=lambda view, frames, subject: {"kind": subject.variant},
    ),
    _family(
        "grounding2d",
        "a box",
        "pixels",
        {
            "": (
                f"Which rectangle holds {{a}} {_LAST}? Answer with left, top, right, bottom in pixels, in square "
                "brackets.",
            )
        },
        _ones(""),
        _rectangle,
    ),
    _family(
        "grounding3d",
        "a solid box",
        "m",
        {
            "": (
                "Which upright box holds {a}? In metres right, forward (level) and up of the reference camera, answer "
                "with the middle x, y, z, the box's own sizes and its turn about the vertical in radians, in square "
                "brackets.",
            )
        },
        _ones(""),
        _solid,
    ),
    _family(
        "multichoice",
        "a letter",
        None,
        {
            "closer": (f"Which of these is closest to the camera {_LAST}? {{choices}} Answer with the letter.",),
            "taller": ("Which of these stands tallest? {choices} Answer with the letter.",),
        },
        _groups,
        _first,
        words=lambda view, frames, subject: {
            "choices": " ".join(f"({c}) {name}" for c, name in zip(_LETTERS, _options(view, frames, subject)))
        },
        options=_options,
    ),
    _family(
        "regression",
        "a number",
        "cm",
        {
            "between": ("How far apart are the middles of {a} and {b}? Answer in centimetres, with a number.",),
            "camera": (
                f"How far from the camera is the middle of {{a}} {_LAST}? Answer in centimetres, with a number.",
            ),
            "height": ("How tall is {a}? Answer in centimetres, with a number.",),
        },
        _lengths,
        _regression,
    ),
)
