"""Detections and tracks: exact without errors, hidden where something stands before, and errors of the stated size."""

import pytest
import torch

from spacelib.scenes import BOX, Cameras, Scenes, arc, detect, noisy_poses, pinhole, render, sample_scenes, track


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


SCENES = sample_scenes(40, generator=generator(), speed=0.5, dtype=torch.float64)
CAMERAS = Cameras(arc(3, 0.4), pinhole(64, 96), 64, 96)
TIMES = torch.tensor([0.0, 0.5, 1.0])
FRAMES = render(SCENES, CAMERAS, TIMES)


def one_behind_the_other():
    """A small box straight behind a large one, and a third beside them."""
    centre = torch.tensor([[[0.0, 0, 0.5], [0, 2, 0.25], [1.5, 0, 0.5]]], dtype=torch.float64)
    size = torch.tensor([[[1.0, 1, 1], [0.5, 0.5, 0.5], [0.5, 0.5, 1]]], dtype=torch.float64)
    zero = torch.zeros_like(centre)
    kind = torch.full((1, 3), BOX)
    return Scenes(kind, centre, size, zero[..., 0], zero, zero, torch.ones_like(kind, dtype=torch.bool))


def test_boxes_hold_just_the_visible_pixels():
    found = detect(FRAMES, 6, generator=generator())
    for b, k, n in found.seen.nonzero().tolist()[::7]:
        rows, columns = (FRAMES.index[b, k] == n).nonzero(as_tuple=True)
        left, top, right, bottom = found.box[b, k, n].tolist()
        assert (left, top, right, bottom) == (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    shown = torch.stack([(FRAMES.index == n).sum((-1, -2)) for n in range(6)], -1)
    assert torch.equal(found.seen, shown >= 4) and 0.2 < found.seen.double().mean() < 1
    assert (found.box[~found.seen] == 0).all() and (found.centre[~found.seen] == 0).all()


def test_points_are_seen_where_the_picture_shows_them():
    """Against the depth map: seen points lie on it, the others behind it, up to what a pixel holds."""
    tracks = track(SCENES, CAMERAS, TIMES, points=8, generator=generator())
    pixels, depth = CAMERAS.project(tracks.points)
    image = CAMERAS.inside(pixels)
    scene, frame, point = image.nonzero(as_tuple=True)
    seen, depth, (column, row) = tracks.seen[image], depth[image], pixels[image].long().unbind(-1)
    steps = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1)]
    around = [(scene, frame, (row + i).clamp(0, 63), (column + j).clamp(0, 95)) for i, j in steps]
    depths, shown = (torch.stack([values[at] for at in around]) for values in (FRAMES.depth, FRAMES.index))
    assert (shown == tracks.owner[point]).any(0)[seen].all()
    inner = (shown == shown[0]).all(0) & (shown[0] >= 0)  # off all outlines
    low, high = depths.amin(0), depths.amax(0)
    assert (inner & seen).sum() > 100 and (inner & ~seen).sum() > 100
    slack = high - low  # an edge towards the camera is nearer than the pixels beside it, by what they differ at most
    assert ((depth >= low - slack) & (depth <= high))[inner & seen].all() and (depth > low)[inner & ~seen].all()
    assert (tracks.pixels[image][seen] == pixels[image][seen]).all() and (tracks.pixels[~tracks.seen] == 0).all()
    assert not tracks.seen[~image].any()


def test_points_move_with_their_object():
    tracks = track(SCENES, CAMERAS, TIMES, points=2, generator=generator())
    moved = tracks.points[:, 2] - tracks.points[:, 0]
    torch.testing.assert_close(moved, SCENES.velocity[:, tracks.owner])


def test_what_stands_behind_is_hidden():
    camera = Cameras(arc(1, 0.0, above=0.5, target=(0, 0, 0.5)), pinhole(), 64, 64)
    scenes = one_behind_the_other()
    tracks = track(scenes, camera, points=50, generator=generator())
    by_object = tracks.seen.view(3, 50).sum(-1)
    assert by_object[1] == 0 and by_object[0] > 5 and by_object[2] > 5
    assert detect(render(scenes, camera), 3, generator=generator()).seen.tolist() == [[[True, False, True]]]
    alone = Scenes(**{**vars(scenes), "present": torch.tensor([[False, True, False]])})
    assert track(alone, camera, points=50, generator=generator()).seen.view(3, 50).sum(-1).tolist()[::2] == [0, 0]
    assert track(alone, camera, points=50, generator=generator()).seen.view(3, 50)[1].sum() > 5
    # only the front, and from above nothing: the front face's points have y = -0.5
    front = tracks.points[0, 0, :50][tracks.seen[0, 0, :50]]
    assert front[:, 1].unique().tolist() == [-0.5]


@pytest.mark.coverage
def test_errors_have_the_stated_size():
    exact = track(SCENES, CAMERAS, TIMES, generator=generator())
    noisy = track(SCENES, CAMERAS, TIMES, noise=0.7, dropout=0.3, generator=generator())
    assert torch.equal(noisy.points, exact.points) and not (noisy.seen & ~exact.seen).any()
    kept = noisy.seen[exact.seen].double()
    assert abs(kept.mean().item() - 0.7) < 4 * (0.21 / len(kept)) ** 0.5
    off = (noisy.pixels - exact.pixels)[noisy.seen].flatten() / 0.7
    assert abs(off.mean().item()) < 4 / len(off) ** 0.5 and abs(off.var().item() - 1) < 4 * (2 / len(off)) ** 0.5
    plain, shaken = (detect(FRAMES, 6, noise=n, dropout=d, generator=generator()) for n, d in ((0, 0), (0.2, 0.3)))
    kept = shaken.seen[plain.seen].double()
    assert abs(kept.mean().item() - 0.7) < 4 * (0.21 / len(kept)) ** 0.5
    off = (shaken.box - plain.box)[shaken.seen].flatten() / 0.2  # no box is so thin that its sides are swapped
    assert abs(off.var().item() - 1) < 4 * (2 / len(off)) ** 0.5


@pytest.mark.coverage
def test_noisy_poses_are_rigid_and_off_by_the_stated_size():
    many = Cameras(CAMERAS.pose[:1].expand(2000, 1, 4, 4).clone(), CAMERAS.intrinsics, 64, 96)
    noisy = noisy_poses(many, rotation=0.02, translation=0.1, generator=generator())
    off = (noisy.centre - many.centre).flatten() / 0.1
    assert abs(off.var().item() - 1) < 4 * (2 / len(off)) ** 0.5
    turned = many.pose[..., :3, :3].mT @ noisy.pose[..., :3, :3]
    angle = ((turned.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2).clamp(-1, 1).acos().flatten()
    # the square of the angle is 0.02² chi² with 3 degrees of freedom
    assert abs((angle**2).mean().item() / 0.02**2 - 3) < 4 * (6 / 2000) ** 0.5
    assert torch.equal(noisy_poses(CAMERAS, generator=generator()).pose, CAMERAS.pose)
    single = noisy_poses(CAMERAS.to(torch.float32), rotation=0.1, generator=generator())
    assert single.pose.dtype == torch.float32


def test_the_seed_decides():
    for call in (
        lambda seed: track(SCENES, CAMERAS, noise=1.0, dropout=0.2, generator=generator(seed)).pixels,
        lambda seed: detect(FRAMES, 6, noise=1.0, generator=generator(seed)).box,
        lambda seed: noisy_poses(CAMERAS, rotation=0.1, generator=generator(seed)).pose,
    ):
        assert torch.equal(call(1), call(1)) and not torch.equal(call(1), call(2))


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda g: track(SCENES, CAMERAS, points=0, generator=g), "points must be at least 1, got 0"),
        (
            lambda g: track(SCENES, CAMERAS, noise=-1.0, generator=g),
            "noise must be at least 0 pixels and finite, got -1.0",
        ),
        (lambda g: detect(FRAMES, 6, dropout=1.5, generator=g), r"dropout must be in \[0, 1\], got 1.5"),
        (lambda g: detect(FRAMES, 0, generator=g), "objects and least must be at least 1, got 0 and 4"),
        (
            lambda g: noisy_poses(CAMERAS, rotation=-1.0, generator=g),
            "rotation and translation must be at least 0, got -1.0",
        ),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call(generator())
