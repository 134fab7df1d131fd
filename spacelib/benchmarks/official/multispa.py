"""MultiSPA: 26 subtasks about points, cameras and objects in one to six pictures of a scene, one file of lines each.

Official engine: https://github.com/facebookresearch/Multi-SpatialMLLM. Its records for evaluation have the question in
`text`, those for training a question and an answer in `conversations`; some have both. What is odd and how it is
handled:

- Right answers stand in `gt_value`; a model's answer stands in backticks: `left`, `742` mm, `[ 18 , 148 , 287 ]` mm.
- Displacement vectors are asked for in millimetres, but `gt_value` is in metres: converted, and reported. Of the camera
  the unit shows by `total_distance`, which is in millimetres; of objects by the name tapvid3d_displacement_vector, held
  against the answer of `conversations` where it is there.
- With dots, tapvid3d_total_distance has the metres of the vector as `gt_value`: its length in millimetres is the right
  answer; reported.
- The owners' names of some subtasks are shared (tapvid3d_total_distance is asked with dots and with coordinates, of a
  moving and of a resting camera): the subtasks are named as in `spacelib.scenes`. Dots show by the marked picture, the
  camera by `cam_moving`; the engine writes its eight files by recording (ADT with a moving headset, PStudio with fixed
  cameras), which no record names.
- Points are in thousandths of width and of height; the rule asks for 5 % of the width, so both are counted in
  thousandths of the width.
- Ids are unique within a subtask only; where files of several subtasks are read together and ids collide, the subtask's
  name is put before every id. A scene is the first part of a picture's path.
- A direction's options are its two words, in the order of `DIRECTIONS`; the nearer or farther of two points is a choice
  between their coordinates.

Source: Xu et al. 2025 (Multi-SpatialMLLM); the engine's own code for the names of subtasks and fields.
"""

import math
import re
from collections import Counter

from spacelib.benchmarks.fields import some
from spacelib.benchmarks.questions import Questions
from spacelib.benchmarks.readers import number_text, vector_text, vector_values
from spacelib.benchmarks.reading import shown
from spacelib.benchmarks.records import LETTERS

from . import forms

NAME = "MultiSPA"
DIRECTIONS = {
    "x_movement": ("right", "left"),
    "y_movement": ("down", "up"),
    "z_movement": ("forward", "backward"),
    "yaw_movement": ("right", "left"),
    "pitch_movement": ("up", "down"),
}
_ANGLES = ("yaw_angle", "pitch_angle")
_RENAMED = {  # what the engine calls it: what it is called here
    "depth_comparison_annotated": "depth_comparison_dot",
    "depth_comparison_coordinate": "depth_comparison_coor",
    "visual_correspondence_multiple_choice": "visual_correspondence_dot_2_multichoice",
} | {name: f"camera_{name}" for name in (*DIRECTIONS, *_ANGLES, "total_distance", "displacement_vector")}
_MOVED = re.compile(
    r"tapvid3d_(?P<asked>total_distance|displacement_vector)"
    r"|object_movement_(?:coor|dot)_(?:total_distance|displacement_vector)_(?:moving|static)_camera"
)
_SIZE = re.compile(r"(object_perception_(?:height|length|width))(?:_estimation|_k[1-6])?")
TASKS = (
    *(f"camera_{name}" for name in (*DIRECTIONS, *_ANGLES, "total_distance", "displacement_vector")),
    *(f"depth_{what}_{shown_as}" for what in ("estimation", "comparison") for shown_as in ("dot", "coor")),
    "visual_correspondence_dot_2_multichoice",
    "visual_correspondence_coor_2_coor",
    *(f"object_perception_{what}" for what in ("height", "length", "width")),
    *(
        f"object_movement_{shown_as}_{asked}_{camera}_camera"
        for shown_as in ("coor", "dot")
        for asked in ("total_distance", "displacement_vector")
        for camera in ("static", "moving")
    ),
)
_FIELDS = {
    "id": (str, int),
    "image": list,
    "height_list": list,
    "width_list": list,
    "question_type": str,
    "gt_value": (str, int, float, list),
}
_UNIT, _POINT_UNIT = "mm", "thousandths of the picture's width"
_ROUNDED = 1.5  # mm by which a sum or length of whole millimetres, cut off or rounded, may be off on an axis


def recognises(content) -> bool:
    """Whether the first record has the fields of MultiSPA's."""
    return set(forms.first_record(content)) >= set(_FIELDS)


def questions(path, content) -> Questions:
    """The records of one or more subtasks as questions.

    Assumes `recognises(content)`. Errors: ValueError naming file and record for one not of the official form, an
    unknown subtask, a name of a picture that leaves its folder, another number of pictures than the subtask shows, and
    a right answer that does not belong to its subtask or whose unit does not show.
    """
    records = content if isinstance(content, list) else [content]
    ids = Counter(str(record.get("id")) for record in records if isinstance(record, dict))
    joint = any(count > 1 for count in ids.values())
    rows, undone = [], {"metres": [], "length": []}
    for _, where, record in forms.numbered(records, _FIELDS, path, others=True):
        where = f"{where} ({shown(str(record['id']))})"
        task = _task(record, where)
        item = f"{task}/{record['id']}" if joint else str(record["id"])
        found, fault = _answer(record, task, where)
        row = {"item": item, "task": task, "question": _question(record, where)} | _shown(record, task, where)
        rows.append(row | found)
        if fault:
            undone[fault].append(item)
    metres, lengths = undone.values()
    notes = (
        (joint, "Ids stand in several subtasks: each item has its subtask's name before its id."),
        (metres, f"Right answers in metres of questions in millimetres, {len(metres)} ({some(metres)}): converted."),
        (
            lengths,
            f"Right answers that are vectors in metres of questions for a distance, {len(lengths)} ({some(lengths)}): "
            "their length in millimetres is the right answer.",
        ),
    )
    return forms.questions(path, NAME, rows, notes=tuple(sentence for found, sentence in notes if found))


def _task(record: dict, where: str) -> str:
    kind = record["question_type"]
    kind = _RENAMED.get(kind, kind)
    if size := _SIZE.fullmatch(kind):
        return size[1]
    if (moved := _MOVED.fullmatch(kind)) and moved["asked"]:
        moving = record.get("cam_moving")
        if moving not in (0, 1):
            raise ValueError(f"{where}: cam_moving is {shown(moving)}; 0 or 1 was expected")
        marked = str(record["id"]).endswith("_ann")
        kind = (
            f"object_movement_{'dot' if marked else 'coor'}_{moved['asked']}_{'moving' if moving else 'static'}_camera"
        )
    if kind not in TASKS:
        raise ValueError(f"{where}: the question_type {shown(record['question_type'])} is none of MultiSPA's subtasks")
    return kind


def _question(record: dict, where: str) -> str:
    """The text, or the first of the two turns of a training record."""
    if isinstance(text := record.get("text"), str):
        return text
    said = record.get("conversations")
    if not isinstance(said, list) or len(said) != 2 or not all(isinstance(turn, dict) for turn in said):
        raise ValueError(f"{where}: neither a text, nor conversations of one question and one answer")
    if not isinstance(text := said[0].get("value"), str):
        raise ValueError(f"{where}: the question in conversations is {shown(text)}, which is no text")
    return text


def _shown(record: dict, task: str, where: str) -> dict:
    """Scene, number of frames, and of points the picture's proportions."""
    pictures = record["image"]
    expected = range(1, 7) if task.startswith("object_perception") else (1,) if task.startswith("depth") else (2,)
    if len(pictures) not in expected:
        counts = f"{expected[0]} to {expected[-1]}" if len(expected) > 1 else f"{expected[0]}"
        raise ValueError(f"{where}: {len(pictures)} pictures; {task} shows {counts}")
    for name in ("height_list", "width_list"):
        if len(record[name]) != len(pictures) or not all(type(v) is int and v > 0 for v in record[name]):
            raise ValueError(f"{where}: {name} is {shown(record[name])}; a whole number above 0 a picture was expected")
    point = task == "visual_correspondence_coor_2_coor"
    aspect = record["height_list"][-1] / record["width_list"][-1] if point else None
    scene = forms.one_scene(pictures, lambda picture: picture.parts[0], where)
    return {"scene": scene, "frames": len(pictures), "aspect": aspect}


def _answer(record: dict, task: str, where: str) -> tuple[dict, str | None]:
    """The columns of the right answer, and which known fault it has: "metres", "length" or none."""
    value = record["gt_value"]
    if task.endswith("_movement"):
        return _choice(DIRECTIONS[task.removeprefix("camera_")], value, "option in backticks", where), None
    if task in ("depth_comparison_dot", "visual_correspondence_dot_2_multichoice"):
        letters = tuple(LETTERS[: 2 if task == "depth_comparison_dot" else 4])
        return _choice(letters, value, "letter in backticks", where), None
    if task == "depth_comparison_coor":
        return _choice(_points(record, where), _list(value, 2, where), "option in backticks", where), None
    if task == "visual_correspondence_coor_2_coor":
        x, y = vector_values(_list(value, 2, where))
        if not (0 <= x <= 1000 and 0 <= y <= 1000):
            raise ValueError(f"{where}: gt_value {shown(value)} is no point in thousandths of a picture")
        aspect = record["height_list"][-1] / record["width_list"][-1]
        return _numbers("vector", _POINT_UNIT, vector_text([x, y * aspect]), "within 5 % of the width"), None
    if "displacement_vector" in task:
        vector = vector_values(_list(value, 3, where))
        fault = _in_metres(record, vector, where)
        vector = [1000 * v for v in vector] if fault else vector
        return _numbers("vector", _UNIT, vector_text(vector), "within 20 % of the length"), fault
    if isinstance(value, list) and task.startswith("object_movement_dot_total_distance"):
        length = math.hypot(*vector_values(_list(value, 3, where)))
        return _numbers("number", _UNIT, number_text(1000 * length), "within 20 %"), "length"
    if type(value) is not int or value < 0:
        raise ValueError(f"{where}: gt_value is {shown(value)}; a whole number from 0 on was expected")
    unit = "degrees" if task.endswith("_angle") else _UNIT
    return _numbers("number", unit, forms.right_number(value, where), "within 20 %"), None


def _numbers(answer_type: str, unit: str, gold: str, rule: str) -> dict:
    return {"answer_type": answer_type, "unit": unit, "gold": gold, "rule": rule}


def _choice(options: tuple[str, ...], value, rule: str, where: str) -> dict:
    if not isinstance(value, str) or value not in options:
        raise ValueError(f"{where}: gt_value is {shown(value)}; one of {', '.join(options)} was expected")
    return forms.choice(options, LETTERS[options.index(value)], rule)


def _list(value, count: int, where: str) -> str:
    """A list of so many finite numbers in the table's form."""
    if isinstance(value, list) and len(value) == count and all(type(v) in (int, float) for v in value):
        if abs(max(value, key=abs)) < 1e300:
            return vector_text(value)
    raise ValueError(f"{where}: gt_value is {shown(value)}; a list of {count} numbers was expected")


def _points(record: dict, where: str) -> tuple[str, ...]:
    """The two points' coordinates in thousandths, x and y; `coords` are pixels. The right answer is one of them."""
    points, right = record.get("points_info"), _list(record["gt_value"], 2, where)
    if not isinstance(points, list) or len(points) != 2 or not all(isinstance(point, dict) for point in points):
        raise ValueError(f"{where}: points_info is {shown(points)}; two points were expected")
    options = tuple(_list([point.get("x"), point.get("y")], 2, where) for point in points)
    if options.count(right) == 1:
        return options
    raise ValueError(f"{where}: gt_value {shown(record['gt_value'])} is not just one of the two points of points_info")


def _in_metres(record: dict, vector, where: str) -> str | None:
    """ "metres" where the vector is in metres, None where it is in millimetres."""
    length = math.hypot(*vector)
    if isinstance(values := record.get("answer_values"), dict):
        total = values.get("total_distance")
        if type(total) is not int:
            raise ValueError(f"{where}: total_distance of answer_values is {shown(total)}; whole millimetres expected")
        fits = [name for name, scale in (("metres", 1000), (None, 1)) if abs(scale * length - total) <= 2 * _ROUNDED]
        if len(fits) != 1:
            raise ValueError(
                f"{where}: gt_value {shown(list(vector))} goes with a total_distance of {total} mm "
                f"{'both' if fits else 'neither'} in metres and in millimetres"
            )
        return fits[0]
    if not record["question_type"].startswith("tapvid3d_"):
        return None
    said = record.get("conversations")
    turns = [turn.get("value") for turn in said if isinstance(turn, dict)] if isinstance(said, list) else []
    if len(turns) == 2 and isinstance(turns[1], str) and "`" in turns[1]:
        stated = vector_values(turns[1].split("`")[1])
        if not stated or len(stated) != 3 or any(abs(1000 * v - s) > _ROUNDED for v, s in zip(vector, stated)):
            raise ValueError(
                f"{where}: gt_value {shown(list(vector))} in metres is not what the answer in conversations says"
            )
    return "metres"
