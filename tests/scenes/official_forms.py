"""The record forms of MultiSPA and CA-VQA as their owners publish them, until their loaders are here."""

MULTISPA = {"id": str, "image": list, "text": str, "height_list": list, "width_list": list, "question_type": str}
_CAMERA = {f"{axis}_movement": str for axis in ("x", "y", "z", "yaw", "pitch")}
_CAMERA |= {f"{axis}_distance": int for axis in ("x", "y", "z", "total")} | {"yaw_angle": int, "pitch_angle": int}
_CAMERA |= {"displacement_vector": list}
# First words of a subtask: the fields of its record beyond those of all.
MORE = {
    "camera": {"answer_values": dict},
    "depth_comparison": {"points_info": list, "is_closer_question": bool},
    "depth_estimation": {"ori_coordinates": list},
    "visual_correspondence": {"p1_list": list, "p2_list": list},
    "object_perception": {},
    "object_movement": {"point_moving": bool, "cam_moving": bool, "p1": list, "p2": list},
}
FRAME = ("image", "depth_map_ground_truth", "depth_map_arkit", "depth_map_monocular", "pose", "intrinsics")
ROW = ("id", "question", "answer", "reference_frame", *(f"support_frame_{i}" for i in (1, 2, 3, 4)))


def multispa_fault(record: dict, task: str) -> str | None:
    """What keeps a record from the official form, None where nothing does."""
    fields = MULTISPA | {"gt_value": object} | next(more for start, more in MORE.items() if task.startswith(start))
    if set(record) != set(fields):
        return f"fields {sorted(set(record) ^ set(fields))}"
    for name, kind in fields.items():
        if not isinstance(record[name], kind):
            return f"{name} is {record[name]!r}"
    count = len(record["image"])
    expected = range(1, 7) if task.startswith("object_perception") else (1,) if task.startswith("depth") else (2,)
    if count not in expected or len(record["height_list"]) != count or len(record["width_list"]) != count:
        return f"{count} pictures"
    if record["question_type"] != (f"{task}_k{count}" if task.startswith("object_perception") else task):
        return f"question_type {record['question_type']}"
    if task.startswith("camera"):
        values = record["answer_values"]
        if set(values) != set(_CAMERA) or not all(isinstance(values[name], kind) for name, kind in _CAMERA.items()):
            return f"answer_values {values}"
    for point in record.get("points_info", ()):
        if set(point) != {"x", "y", "depth", "coords", "letter"}:
            return f"points_info {point}"
    return _value_fault(record["gt_value"], task)


def _value_fault(value, task: str) -> str | None:
    whole = isinstance(value, list) and all(type(v) is int for v in value)
    if "vector" in task:
        good = whole and len(value) == 3
    elif task.endswith(("coor_2_coor", "comparison_coor")):
        good = whole and len(value) == 2 and all(0 <= v <= 1000 for v in value)
    elif task.endswith(("multichoice", "comparison_dot")):
        good = value in list("ABCD")
    elif task.endswith("_movement"):
        good = value in ("left", "right", "up", "down", "forward", "backward")
    else:
        good = type(value) is int and value > 0
    return None if good else f"gt_value {value!r}"


def cavqa_fault(row: dict) -> str | None:
    """What keeps a row from the official form, None where nothing does. Support frames may be missing."""
    if set(row) != set(ROW) or not all(isinstance(row[name], str) for name in ("id", "question", "answer")):
        return f"fields {sorted(row)}"
    for name in ROW[3:]:
        frame = row[name]
        if frame is None and name != "reference_frame":
            continue
        if not isinstance(frame, dict) or set(frame) != set(FRAME):
            return f"{name} is {frame!r}"
        pictures = [frame["image"], *(frame[depth] for depth in FRAME[1:4] if frame[depth] is not None)]
        if not all(isinstance(picture, dict) and isinstance(picture.get("path"), str) for picture in pictures):
            return f"{name}: pictures {pictures}"
        pose, intrinsics = frame["pose"], frame["intrinsics"]
        if [len(r) for r in pose] != [4] * 4 or [len(r) for r in intrinsics] != [3] * 3:
            return f"{name}: pose {pose}, intrinsics {intrinsics}"
    return None
