"""Questions: right answers against plain geometry, against mirrored and enlarged scenes, and against their pictures."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from plain_answers import ANSWERS, Plain
from question_scenes import CAMERAS, SCENES, TIMES, frames, generator, questions

from spacelib.scenes import Cameras, Scenes, arc, pinhole, track
from spacelib.scenes.questions import BENCHMARKS, CAVQA, FAMILIES, MULTISPA, SPATIALRGPT, Subject, generate, tasks
from spacelib.scenes.questions.view import views


@pytest.mark.parametrize("benchmark", BENCHMARKS)
def test_right_answers_are_those_of_plain_geometry(benchmark):
    """Exact, but for roundings of numbers of some thousand."""
    asked, held = questions(benchmark), set()
    assert {question.task for question in asked} == set(tasks(benchmark))
    for question in asked:
        expected = ANSWERS[benchmark](question, Plain(question.scene))
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
