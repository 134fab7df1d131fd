"""An independent ray tracer of one pixel in plain numpy: no tiles, no scaling, planes and the quadratic formula."""

import math

import numpy as np

LIGHT = np.array([-0.4, -0.5, 0.7681])


def trace(scene, centres, pose, intrinsics, column, row):
    """(depth, index, shade) behind the centre of a pixel; scene is a dict of numpy arrays of one scene."""
    fx, fy, cx, cy = intrinsics
    ray = pose[:3, :3] @ np.array([(column + 0.5 - cx) / fx, (row + 0.5 - cy) / fy, 1.0])
    eye = pose[:3, 3]
    best = (math.inf, -2, 1.0)
    if ray[2] < 0:
        t = -eye[2] / ray[2]
        x, y = (eye + t * ray)[:2]
        waves = 0.35 * math.sin(2 * math.pi * x) * math.sin(2 * math.pi * y) / (1 + (t / 6.0) ** 2)
        best = (t, -1, (0.35 + 0.65 * 0.7681) * (1 + waves))
    for n in range(len(scene["kind"])):
        if not scene["present"][n]:
            continue
        hit = _ball(scene, centres, n, eye, ray) if scene["kind"][n] == 1 else _box(scene, centres, n, eye, ray)
        if hit is not None and hit[0] < best[0]:
            best = (hit[0], n, 0.35 + 0.65 * max(0.0, float(hit[1] @ LIGHT)))
    return best


def _ball(scene, centres, n, eye, ray):
    radius, offset = scene["size"][n, 0] / 2, eye - centres[n]
    a, b, c = ray @ ray, 2 * ray @ offset, offset @ offset - radius**2
    if b * b < 4 * a * c:
        return None
    t = (-b - math.sqrt(b * b - 4 * a * c)) / (2 * a)
    return (t, (offset + t * ray) / radius) if t > 0 else None


def _box(scene, centres, n, eye, ray):
    cos, sin = math.cos(scene["yaw"][n]), math.sin(scene["yaw"][n])
    axes = np.array([[cos, sin, 0], [-sin, cos, 0], [0, 0, 1]])  # rows: the box's own axes in the world
    found = None
    for axis in range(3):
        for side in (-1, 1):
            normal = side * axes[axis]
            if normal @ ray >= 0:
                continue  # the back of a face
            t = normal @ (centres[n] + normal * scene["size"][n, axis] / 2 - eye) / (normal @ ray)
            on_face = axes @ (eye + t * ray - centres[n])
            others = [i for i in range(3) if i != axis]
            if t > 0 and all(abs(on_face[i]) <= scene["size"][n, i] / 2 for i in others):
                found = (t, normal)
    return found
