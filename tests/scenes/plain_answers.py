"""Right answers to questions by plain geometry, one scene and one pixel at a time."""

import math
from functools import cache

import numpy as np
import pytest
from question_scenes import CAMERAS, SCENES, TIMES
from raytrace import trace

from spacelib.scenes.questions import CAVQA, MULTISPA, SPATIALRGPT


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


ANSWERS = {SPATIALRGPT: spatialrgpt, MULTISPA: multispa, CAVQA: cavqa}
