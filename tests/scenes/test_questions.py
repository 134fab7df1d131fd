"""Questions: right answers against plain geometry, against mirrored and enlarged scenes, and against their pictures."""

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import torch
from question_scenes import CAMERAS, SCENES, TIMES, frames, generator, questions
from raytrace import trace

from spacelib.scenes import Cameras, Scenes, arc, pinhole, track
from spacelib.scenes.questions import BENCHMARKS, CAVQA, FAMILIES, MULTISPA, SPATIALRGPT, Subject, generate, tasks
from spacelib.scenes.questions.view import views


class Plain:
    """One scene in plain numbers, everything computed anew and slowly."""

    def __init__(self, number):
        pick = ("kind", "size", "yaw", "present")
        self.raw = {name: getattr(SCENES, name)[number].numpy() for name in pick}
        self.start, self.velocity = SCENES.centre[number].numpy(), SCENES.velocity[number].numpy()
        self.pose, self.intrinsics = CAMERAS.pose.numpy(), CAMERAS.intrinsics.numpy()

    def centre(self, k, n):
        return self.start[n] + self.velocity[n] * TIMES[k].item()

    def camera(self, k, point):
        return np.linalg.solve(self.pose[k], np.append(point, 1.0))[:3]

    def pixel(self, k, point):
        x, y, z = self.camera(k, point)
        fx, fy, cx, cy = self.intrinsics
        return np.array([fx * x / z + cx, fy * y / z + cy])

    def hit(self, k, pixel):
        """(depth, object) behind a pixel by the independent ray tracer, which takes pixels by number."""
        centres = self.start + self.velocity * TIMES[k].item()
        return trace(self.raw, centres, self.pose[k], self.intrinsics, pixel[0] - 0.5, pixel[1] - 0.5)[:2]

    def place(self, k, pixel):
        depth, owner = self.hit(k, pixel)
        fx, fy, cx, cy = self.intrinsics
        at = np.array([(pixel[0] - cx) / fx, (pixel[1] - cy) / fy, 1.0]) * depth
        return (self.pose[k] @ np.append(at, 1.0))[:3], owner

    def later(self, frames, pixel):
        place, owner = self.place(frames[0], pixel)
        return place, place + self.velocity[owner] * (TIMES[frames[1]] - TIMES[frames[0]]).item()

    def corners(self, k, n):
        cos, sin = math.cos(self.raw["yaw"][n]), math.sin(self.raw["yaw"][n])
        turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
        signs = np.array([[a, b, c] for a in (-1, 1) for b in (-1, 1) for c in (-1, 1)])
        return self.centre(k, n) + (signs * self.raw["size"][n] / 2) @ turn.T

    def level(self, k):
        """Right and ahead along the floor."""
        ahead = self.pose[k, :3, 2] * [1, 1, 0]
        ahead = ahead / np.linalg.norm(ahead)
        return np.cross(ahead, [0, 0, 1]), ahead

    def width(self, k, n):
        if self.raw["kind"][n] == 1:
            return self.raw["size"][n, 0]
        along = self.corners(k, n) @ self.level(k)[0]
        return along.max() - along.min()

    def volume(self, n):
        w, d, h = self.raw["size"][n]
        return math.pi * w**3 / 6 if self.raw["kind"][n] == 1 else w * d * h

    def heading(self, k):
        x, y, z = self.pose[k, :3, 2]
        return math.degrees(math.atan2(x, y)), math.degrees(math.asin(z))


def more(scene, k, word, n):
    """A number that is larger, the more the word fits the object."""
    values = {
        "above": lambda: scene.centre(k, n)[2],
        "right": lambda: scene.pixel(k, scene.centre(k, n))[0],
        "big": lambda: scene.volume(n),
        "tall": lambda: scene.raw["size"][n, 2],
        "wide": lambda: scene.width(k, n),
        "behind": lambda: scene.camera(k, scene.centre(k, n))[2],
        "closer": lambda: -np.linalg.norm(scene.centre(k, n) - scene.pose[k, :3, 3]),
    }
    opposite = {"below": "above", "left": "right", "small": "big", "short": "tall", "thin": "wide", "front": "behind"}
    return values[word]() if word in values else -values[opposite[word]]()


def spatialrgpt(question, scene):
    k, (a, *others) = question.frames[0], question.subject.objects
    if question.unit is None:
        word, kind = question.subject.variant.split("_")
        first = more(scene, k, word, a) > more(scene, k, word, others[0])
        return {"choice": "0" if first else "1", "predicate": "Yes" if first else "No"}[kind]
    if question.task in ("width", "height"):
        return scene.width(k, a) if question.task == "width" else scene.raw["size"][a, 2]
    x, y, z = scene.centre(k, others[0]) - scene.centre(k, a)
    if question.task == "direction":
        right, ahead = (axis @ [x, y, z] for axis in scene.level(k))
        angle = math.atan2(right, ahead)
        turns = [(abs(math.remainder(angle - h * math.pi / 6, 2 * math.pi)), h) for h in range(1, 13)]
        return min(turns)[1]
    return {"direct_distance": math.hypot(x, y, z), "horizontal_distance": math.hypot(x, y)}.get(question.task, abs(z))


def multispa(question, scene):
    task, shown, pixels = question.task, question.frames, question.subject.pixels
    if task.startswith("camera"):
        move = 1000 * scene.camera(shown[0], scene.pose[shown[1], :3, 3])
        yaw, pitch = (b - a for a, b in zip(scene.heading(shown[0]), scene.heading(shown[1])))
        yaw = math.remainder(yaw, 360)
        words = {"x": ("right", "left"), "y": ("down", "up"), "z": ("forward", "backward")}
        if (axis := task.split("_")[1]) in words:
            return words[axis][int(move["xyz".index(axis)] < 0)]
        return {
            "camera_yaw_movement": ("right", "left")[int(yaw < 0)],
            "camera_pitch_movement": ("up", "down")[int(pitch < 0)],
            "camera_yaw_angle": abs(yaw),
            "camera_pitch_angle": abs(pitch),
            "camera_total_distance": np.linalg.norm(move),
            "camera_displacement_vector": tuple(move),
        }[task]
    if task.startswith("depth_estimation"):
        return 1000 * scene.hit(shown[0], pixels[0])[0]
    if task.startswith("depth_comparison"):
        depths = [scene.hit(shown[0], pixel)[0] for pixel in pixels]
        which = depths.index((min if question.subject.variant == "closer" else max)(depths))
        column, row = pixels[which]
        return "AB"[which] if task.endswith("dot") else (round(column / 80 * 1000), round(row / 64 * 1000))
    if task.startswith("object_perception"):
        w, d, h = scene.raw["size"][question.subject.objects[0]]
        return 1000 * {"height": h, "length": max(w, d), "width": min(w, d)}[task.split("_")[2]]
    before, after = scene.later(shown, pixels[0])
    if task.startswith("object_movement"):
        move = 1000 * scene.pose[shown[0], :3, :3].T @ (after - before)
        return tuple(move) if "vector" in task else np.linalg.norm(move)
    there = scene.pixel(shown[1], after)
    depth = scene.camera(shown[1], after)[2]
    assert scene.hit(shown[1], there)[0] == pytest.approx(depth, rel=1e-9)  # nothing before it
    if task.endswith("coor"):
        return tuple(there / [80, 64] * 1000)
    away = [np.linalg.norm(there - pixel) for pixel in pixels[1:]]
    return "ABCD"[away.index(min(away))]


@cache
def traced(number, k):
    """The object behind each pixel, traced one by one."""
    scene = Plain(number)
    return np.array([[scene.hit(k, (j + 0.5, i + 0.5))[1] for j in range(80)] for i in range(64)])


def cavqa(question, scene):
    k, variant, objects = question.frames[0], question.subject.variant, question.subject.objects
    word = {"taller": "tall"}.get(variant, variant)
    if question.task == "binary":
        return "Yes" if more(scene, k, word, objects[0]) > more(scene, k, word, objects[1]) else "No"
    if question.task == "multichoice":
        fits = [more(scene, k, word, n) for n in objects]
        return "ABCD"[fits.index(max(fits))]
    if question.task == "regression":
        if variant == "height":
            return 100 * scene.raw["size"][objects[0], 2]
        other = scene.pose[k, :3, 3] if len(objects) == 1 else scene.centre(k, objects[1])
        return 100 * np.linalg.norm(scene.centre(k, objects[0]) - other)
    if question.task == "grounding3d" or question.scene > 2:  # solid boxes: below; whole pictures are traced slowly
        return None
    shown = traced(question.scene, k)
    if question.task == "cardinality":
        kinds = {"boxes": (0,), "spheres": (1,), "objects": (0, 1)}[variant]
        return sum(scene.raw["kind"][n] in kinds for n in np.unique(shown[shown >= 0]))
    rows, columns = np.nonzero(shown == objects[0])
    return (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_right_answers_are_those_of_plain_geometry(benchmark):
    """Exact, but for roundings of numbers of some thousand."""
    asked, held = questions(benchmark), set()
    assert {question.task for question in asked} == set(tasks(benchmark))
    compute = {SPATIALRGPT: spatialrgpt, MULTISPA: multispa, CAVQA: cavqa}[benchmark]
    for question in asked:
        expected = compute(question, Plain(question.scene))
        if expected is not None:
            held.add(question.task)
            numbers = not isinstance(expected, str)
            assert question.gold == (pytest.approx(expected, rel=1e-9, abs=1e-8) if numbers else expected), question.id
    assert held == set(tasks(benchmark)) - {"grounding3d"}


def test_solid_boxes_have_the_corners_of_their_objects():
    for question in questions(CAVQA):
        if question.task != "grounding3d":
            continue
        scene, k, n = Plain(question.scene), question.frames[0], question.subject.objects[0]
        x, y, z, w, d, h, turn = question.gold
        right, ahead = scene.level(k)
        cos, sin = math.cos(turn), math.sin(turn)
        own = [cos * right + sin * ahead, cos * ahead - sin * right, np.array([0, 0, 1.0])]
        middle = scene.pose[k, :3, 3] + x * right + y * ahead + z * own[2]
        if scene.raw["kind"][n] == 1:
            np.testing.assert_allclose(middle, scene.centre(k, n), atol=1e-9)
            continue
        for corner in scene.corners(k, n):  # inside on all faces at once: at a corner of the box
            at = [abs(axis @ (corner - middle)) for axis in own]
            np.testing.assert_allclose(at, [w / 2, d / 2, h / 2], atol=1e-9)


def test_places_are_seen_where_the_tracker_sees_them_and_volumes_are_those_of_the_solids():
    tracks = track(SCENES, CAMERAS, TIMES, points=3, generator=generator())
    hidden = 0
    for view in views(SCENES, CAMERAS, TIMES):
        for k, p in np.ndindex(5, 15):
            seen = tracks.seen[view.number, k, p].item()
            assert view.sees(k, tracks.points[view.number, k, p].numpy()) == seen
            hidden += not seen
        scene = Plain(view.number)
        assert [view.volume(n) for n in range(5)] == pytest.approx([scene.volume(n) for n in range(5)])
    assert 50 < hidden < 400


def test_the_table_has_every_subtask_once():
    assert [len(tasks(benchmark)) for benchmark in BENCHMARKS] == [12, 26, 6]
    assert all(len({family.answer_format for family in families}) == len(families) for families in FAMILIES.values())


def test_frames_are_as_many_as_the_benchmark_shows():
    for question in questions(MULTISPA):
        single, sized = question.task.startswith("depth"), question.task.startswith("object_perception")
        assert len(question.frames) in (range(1, 7) if sized else (1,) if single else (2,))
    assert {len(question.frames) for question in questions(SPATIALRGPT)} == {1}
    assert {question.frames for question in questions(CAVQA)} == {(4, 3, 2, 1, 0)}
    assert {("static" in question.task) == (set(question.frames) == {3, 4}) for question in questions(MULTISPA)
            if question.task.startswith("object_movement")} == {True}


def family_of(question):
    """The family that asked."""
    fitting = [f for f in FAMILIES[question.benchmark, question.task] if f.answer_format == question.answer_format]
    return fitting[0]


def test_in_a_mirror_only_left_and_right_change():
    flip = torch.tensor([-1.0, 1, 1], dtype=torch.float64)
    mirrored = replace(SCENES, centre=SCENES.centre * flip, velocity=SCENES.velocity * flip, yaw=-SCENES.yaw)
    wide = torch.cat([flip, torch.ones(1, dtype=torch.float64)])
    cameras = replace(CAMERAS, pose=wide[:, None] * CAMERAS.pose * wide)
    swap = {"Yes": "No", "No": "Yes", "0": "1", "1": "0", "left": "right", "right": "left"}
    world, count = list(views(mirrored, cameras, TIMES)), 0
    for question in [q for benchmark in BENCHMARKS for q in questions(benchmark)]:
        points = tuple((80 - column, row) for column, row in question.subject.pixels)
        subject = replace(question.subject, pixels=points)
        family = family_of(question)
        gold, old = family.gold(world[question.scene], question.frames, subject), question.gold
        sided = question.task in ("left_right", "camera_x_movement", "camera_yaw_movement")
        if sided or (question.task == "binary" and question.subject.variant == "left"):
            assert gold == swap[old]
            count += 1
        elif question.task == "direction":
            assert gold == (12 - old or 12)
        elif "vector" in question.task:
            assert gold == pytest.approx((-old[0], *old[1:]), abs=1e-6)
        elif question.task == "visual_correspondence_coor_2_coor":
            assert gold == pytest.approx((1000 - old[0], old[1]), abs=1e-6)
        elif question.task in ("depth_comparison_coor", "grounding2d", "grounding3d"):
            continue
        else:
            assert gold == (old if isinstance(old, str) else pytest.approx(old)), question.id
    assert count > 10


def test_twice_the_world_has_twice_the_lengths():
    pose = CAMERAS.pose.clone()
    pose[:, :3, 3] *= 2
    twice = replace(SCENES, centre=2 * SCENES.centre, size=2 * SCENES.size, velocity=2 * SCENES.velocity)
    world = list(views(twice, replace(CAMERAS, pose=pose), TIMES))
    for question in [q for benchmark in BENCHMARKS for q in questions(benchmark)]:
        family = family_of(question)
        gold, old = family.gold(world[question.scene], question.frames, question.subject), question.gold
        if question.task == "grounding3d":
            assert gold == pytest.approx((*(2 * v for v in old[:6]), old[6]))
        elif question.unit in ("m", "mm", "cm"):
            assert gold == pytest.approx(tuple(2 * v for v in old) if isinstance(old, tuple) else 2 * old)
        else:
            assert gold == (pytest.approx(old) if not isinstance(old, str) else old)


def test_the_order_of_objects_does_not_matter():
    order = torch.tensor([3, 0, 4, 1, 2])
    now = {old: new for new, old in enumerate(order.tolist())}
    moved = Scenes(**{name: value[:, order] for name, value in vars(SCENES).items()})
    world = list(views(moved, CAMERAS, TIMES))
    for question in [q for benchmark in BENCHMARKS for q in questions(benchmark)]:
        family = family_of(question)
        subject = replace(question.subject, objects=tuple(now[n] for n in question.subject.objects))
        assert family.gold(world[question.scene], question.frames, subject) == question.gold
        assert family.words(world[question.scene], question.frames, subject) is not None


def test_questions_are_about_what_the_pictures_show():
    index = frames().index
    for question in [q for benchmark in BENCHMARKS for q in questions(benchmark)]:
        for n in question.subject.objects:
            assert (index[question.scene, question.frames[0]] == n).sum() >= 25
        for mark in question.marks:
            column, row = (int(value) for value in mark.pixel)
            assert index[question.scene, mark.frame, row, column] >= 0
        assert "{" not in question.text and question.id.startswith("synthetic-")


def test_the_same_seed_asks_the_same():
    again = generate(SPATIALRGPT, None, SCENES, CAMERAS, generator=generator(), times=TIMES)
    strip = [(q.id, q.text, q.answer, q.frames, q.subject) for q in again]
    assert strip == [(q.id, q.text, q.answer, q.frames, q.subject) for q in questions(SPATIALRGPT)]
    other = generate(SPATIALRGPT, None, SCENES, CAMERAS, generator=generator(1), times=TIMES)
    assert strip != [(q.id, q.text, q.answer, q.frames, q.subject) for q in other]


def test_ambiguous_instances_are_not_asked():
    """Two equal spheres side by side: one line of depth, one height, one name; only left and right tell them apart."""
    centre = torch.tensor([[[-0.6, 0, 0.4], [0.6, 0, 0.4]]], dtype=torch.float64)
    zero = torch.zeros_like(centre)
    kind = torch.ones(1, 2, dtype=torch.long)
    twins = Scenes(kind, centre, torch.full_like(centre, 0.8), zero[..., 0], zero + 0.5, zero, kind > 0)
    camera = Cameras(arc(1, 0.0), pinhole(), 64, 64)
    view = next(views(twins, camera))
    pairs = {"below_above": "above", "big_small": "big", "tall_short": "tall", "behind_front": "front"}
    for task, word in pairs.items():
        family = FAMILIES[SPATIALRGPT, task][0]
        assert family.gold(view, (0,), Subject(f"{word}_predicate", (0, 1))) is None
    assert FAMILIES[SPATIALRGPT, "left_right"][0].gold(view, (0,), Subject("left_predicate", (0, 1))) == "Yes"
    assert generate(CAVQA, "binary", twins, camera, generator=generator()) == []
    assert generate(SPATIALRGPT, "vertical_distance", twins, camera, generator=generator()) == []
    assert generate(MULTISPA, "camera_x_movement", twins, camera, generator=generator()) == []
    hidden = replace(twins, centre=torch.tensor([[[0, 0, 0.4], [0, 1.5, 0.4]]], dtype=torch.float64))
    low = Cameras(arc(1, 0.0, above=0.4, target=(0, 0, 0.4)), pinhole(), 64, 64)
    assert generate(SPATIALRGPT, "behind_front", hidden, low, generator=generator()) == []


def test_float32_worlds_are_asked_exactly():
    scenes, cameras = SCENES.to(dtype=torch.float32), CAMERAS.to(torch.float32)
    asked = generate(SPATIALRGPT, "direct_distance", scenes, cameras, generator=generator(), times=TIMES.float())
    assert asked
    for question in asked:
        a, b = question.subject.objects
        k = question.frames[0]
        at = (scenes.centre.double() + scenes.velocity.double() * TIMES.float().double()[k])[question.scene]
        assert question.gold == pytest.approx((at[a] - at[b]).norm().item(), rel=1e-12)


@pytest.mark.parametrize(
    ("change", "error", "says"),
    [
        ({"benchmark": "MMSI"}, ValueError, "benchmark must be one of SpatialRGPT-Bench, MultiSPA, CA-VQA, got 'MMSI'"),
        ({"task": "depth"}, ValueError, "task must be one of .*, got 'depth'"),
        ({"generator": 3}, TypeError, "generator must be a torch.Generator, got int"),
        ({"times": TIMES[:2]}, ValueError, "times must have shape"),
    ],
)
def test_bad_input_is_named(change, error, says):
    given = {"benchmark": MULTISPA, "task": None, "generator": generator(), "times": TIMES} | change
    with pytest.raises(error, match=says):
        generate(given.pop("benchmark"), given.pop("task"), SCENES, CAMERAS, **given)
