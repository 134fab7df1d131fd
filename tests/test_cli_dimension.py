"""`spacelib dimension` end to end: what it prints, as text and JSON, and the one sentence for each kind of bad file."""

import json
import re

import numpy as np
import pytest
import torch

from spacelib import cli
from spacelib.audit import features, measure_features
from spacelib.estimators import attention_effective_rank, dimensions

NAMES = [
    "participation_ratio",
    "effective_rank",
    "ridge_dimension",
    "two_nn",
    "nearest_neighbour_mle",
    "gride",
    "covering",
]


def samples(scenes=100, frames=4, columns=20):
    generator = np.random.default_rng(0)
    return generator.normal(size=(scenes, frames, 3)) @ generator.normal(size=(3, columns))


def seeded():
    return torch.Generator().manual_seed(0)


@pytest.fixture
def saved(tmp_path):
    def save(array, name="features.npy", **options):
        path = tmp_path / name
        np.save(path, array, **options)
        return path

    return save


def run(capsys, *arguments) -> tuple[int, str, str]:
    try:
        code = cli.main(["dimension", *map(str, arguments)])
    except SystemExit as stop:
        code = stop.code
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def test_the_text_has_every_dimension_with_its_interval(capsys, saved):
    code, out, err = run(capsys, saved(samples().reshape(400, 20)))
    assert code == 0 and not err
    assert "400 samples of 20 features" in out and "scenes" not in out
    every = dimensions(samples().reshape(400, 20), generator=seeded())
    for name in NAMES:
        found = getattr(every, name)
        line = re.search(rf"{re.escape(features.NAMES[name])} +(\S+) +(\S+) to (\S+) +400\n", out)
        assert [float(v) for v in line.groups()] == [round(v, 2) for v in (found.estimate, *found.interval)]
        assert re.sub(r"\s+", " ", found.method) in re.sub(r"\s+", " ", out)


def test_json_holds_the_same_figures_and_scenes_stay_together(capsys, saved):
    weights = np.random.default_rng(1).dirichlet(np.ones(4), size=(100, 6))
    path, attention = saved(samples().astype(np.float32)), saved(weights, "weights.npy")
    code, out, _ = run(capsys, path, "--json", "--attention", attention, "--ridge", "0.5")
    report = json.loads(out)
    assert code == 0 and (report["samples"], report["features"], report["scenes"], report["frames"]) == (
        400,
        20,
        100,
        4,
    )
    rows = samples().astype(np.float32)
    there = dimensions(rows.reshape(400, 20), clusters=np.arange(400) // 4, ridge=0.5, generator=seeded())
    for name in NAMES:
        assert report["dimensions"][name]["estimate"] == pytest.approx(getattr(there, name).estimate, rel=1e-12)
        assert tuple(report["dimensions"][name]["interval"]) == getattr(there, name).interval
    assert report["dimensions"]["attention"]["estimate"] == attention_effective_rank(rows, weights).estimate
    _, text, _ = run(capsys, path)
    assert "400 samples of 20 features (100 scenes of 4 frames, kept together)" in text


def test_the_same_seed_says_the_same_and_another_another_error(capsys, saved):
    path = saved(samples().reshape(400, 20))
    one, two, other = (run(capsys, path, "--seed", seed)[1] for seed in (0, 0, 1))
    assert one == two != other


def test_an_archive_and_its_keys(capsys, tmp_path):
    rows = samples().reshape(400, 20)
    single, several = tmp_path / "one.npz", tmp_path / "two.npz"
    np.savez(single, rows)
    np.savez_compressed(several, first=rows, second=2 * rows)
    figures = [run(capsys, *arguments)[1].split("\n", 1)[1] for arguments in ([single], [several, "--key", "second"])]
    assert figures[0] == figures[1]
    for arguments, says in (
        ([several], "two.npz: name one of its arrays with --key: first, second"),
        ([several, "--key", "third"], "two.npz: has no array 'third'; its arrays: first, second"),
    ):
        code, out, err = run(capsys, *arguments)
        assert code == 2 and not out and says in err


def test_half_precision_and_whole_numbers_are_read(capsys, saved):
    rows = samples().reshape(400, 20)
    assert run(capsys, saved(rows.astype(np.float16)))[0] == 0
    assert run(capsys, saved((1000 * rows).astype(np.int32)))[0] == 0
    assert run(capsys, saved(np.asfortranarray(rows).astype(">f8")))[0] == 0


def test_rows_of_a_large_file_are_drawn_and_it_says_so(capsys, saved, monkeypatch):
    path = saved(samples())
    monkeypatch.setattr(features, "MOST_NUMBERS", 90 * 80)
    report = measure_features(path)
    assert report.read == 360 and report.shape == (100, 4, 20)
    assert "360 of them read, drawn at random, since the file is large" in run(capsys, path)[1]
    assert measure_features(path, rows=330).estimates["gride"].samples == 330


def test_what_is_not_finite_is_named_where_it_stands_in_the_file(capsys, saved, monkeypatch):
    """90 of the 100 scenes are drawn: of those from 50 on, the first has a place below 50 among what was drawn."""
    monkeypatch.setattr(features, "MOST_NUMBERS", 90 * 80)
    rows = samples()
    rows[50:, 2, 3] = np.inf
    code, _, err = run(capsys, saved(rows))
    place = re.search(r"must be finite, got inf at index \((\d+), 2, 3\)", err)
    assert code == 2 and 50 <= int(place[1]) < 55


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.zeros(5), "features must have shape (samples, features) or (scenes, frames, features), got (5,)"),
        (np.zeros((0, 5)), "got (0, 5)"),
        (np.full((400, 2), np.nan), "must be finite, got nan at index (0, 0)"),
        (np.ones((400, 2)), "all 400 rows of x are equal"),
        (samples()[:10].reshape(40, 20), "x must have at least 320 samples, got 40"),
        (samples(4, 100), "400 samples in 4 clusters"),
        (samples().astype(complex), "must hold real numbers of at most 64 bits, got dtype complex128"),
        (np.array([["a"]]), "must hold real numbers of at most 64 bits, got dtype <U1"),
        (np.ones((400, 3), bool), "got dtype bool"),
    ],
)
def test_bad_arrays_are_exit_code_2_and_one_sentence(capsys, saved, array, says):
    path = saved(array)
    code, out, err = run(capsys, path)
    assert code == 2 and not out and len(err.splitlines()) == 1
    assert err.startswith(f"spacelib: {path}: ") and says in err


def test_files_that_are_no_arrays(capsys, saved, tmp_path):
    pickled = saved(np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
    text, empty, cut = tmp_path / "a.npy", tmp_path / "b.npy", tmp_path / "c.npy"
    text.write_text("features")
    empty.touch()
    cut.write_bytes(saved(samples(), "whole.npy").read_bytes()[:500])
    archive = tmp_path / "d.npz"
    np.savez(archive, samples())
    archive.write_bytes(archive.read_bytes()[:600])
    for path in (pickled, text, empty, cut, archive):
        code, out, err = run(capsys, path)
        assert code == 2 and not out and len(err.splitlines()) == 1
        assert err.startswith(f"spacelib: {path}: must be a .npy or .npz file of numbers, without pickled objects")
    for path, says in ((tmp_path / "none.npy", "No such file"), (tmp_path, "Is a directory")):
        code, _, err = run(capsys, path)
        assert code == 2 and says in err


def test_attention_that_does_not_fit(capsys, saved):
    path = saved(samples())
    flat = saved(samples().reshape(400, 20), "flat.npy")
    weights = np.full((4, 4), 0.25)
    for features_path, array, says in (
        (flat, weights, "attention weighs frames: features must have shape (scenes, frames, features), got (400, 20)"),
        (
            path,
            np.full((99, 4, 4), 0.25),
            "weights.npy: attention must have shape (100, queries, frames) or (queries, frames)",
        ),
        (path, 2 * weights, "weights.npy: attention_effective_rank: the sum of attention"),
        (path, weights[:, :3] / 0.75, "attention must weigh as many frames as features has, 4, got 3"),
    ):
        code, out, err = run(capsys, features_path, "--attention", saved(array, "weights.npy"))
        assert code == 2 and not out and says in err
    assert run(capsys, path, "--attention", saved(weights, "weights.npy"))[0] == 0


@pytest.mark.parametrize(
    "arguments",
    [["--ridge", "0"], ["--ridge", "nan"], ["--rows", "10"], ["--rows", "0"], ["--seed", "-1"], ["--key", "a"]],
)
def test_bad_settings(capsys, saved, arguments):
    code, out, err = run(capsys, saved(samples()), *arguments)
    assert code == 2 and not out and "Traceback" not in err
