"""The registry: pinned files, the local folder first, downloads held to their sha256."""

import hashlib
import http.server
import json
import threading
from functools import partial

import pandas as pd
import pytest
from vlm4d_form import DATA

from spacelib.benchmarks import registry, vlm4d

NAME = "vlm4d/questions/synthetic_mc.json"


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A registry of one small file, an empty cache, no local folder; gives the cache's folder."""
    content = b"synthetic"
    row = registry.table().loc[[NAME]].assign(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    served = tmp_path / "served"
    served.mkdir()
    (served / "file").write_bytes(content)
    handler = partial(http.server.SimpleHTTPRequestHandler, directory=served)
    handler.func.log_message = lambda *_: None
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        row["url"] = f"http://127.0.0.1:{server.server_port}/file"
        monkeypatch.setattr(registry, "table", lambda: row)
        monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path / "cache")
        monkeypatch.delenv(registry.FOLDER, raising=False)
        yield tmp_path
        server.shutdown()


def test_every_registered_file_is_pinned():
    table = registry.table()
    assert table.index.is_unique and not table.isna().any().any()
    assert table["sha256"].str.fullmatch("[0-9a-f]{64}").all() and (table["bytes"] > 0).all()
    assert all(commit in url for commit, url in zip(table["commit"], table["url"]))
    assert set(vlm4d.QUESTIONS) < set(table.index)
    assert not [name for name in table.index if name.startswith("/") or ".." in name]


@pytest.mark.skipif(not (DATA / "manifest.json").is_file(), reason="no real data: the manifest is not here")
def test_the_registry_is_the_manifest():
    manifest = pd.DataFrame(json.loads((DATA / "manifest.json").read_text())).set_index("file")
    pd.testing.assert_frame_equal(registry.table(), manifest, check_dtype=False)


def test_a_name_is_a_file_or_a_folder():
    assert registry.names(NAME) == [NAME]
    assert registry.names("vlm4d/questions") == registry.names("vlm4d/questions/") == list(vlm4d.QUESTIONS)
    with pytest.raises(ValueError, match="'vlm4' is no registered file or folder; the folders are .*vlm4d"):
        registry.names("vlm4")
    with pytest.raises(ValueError, match="not a registered file"):
        registry.local("../etc/passwd")


def test_the_local_folder_comes_first_and_is_checked(own, monkeypatch):
    path = own / "data" / NAME
    path.parent.mkdir(parents=True)
    path.write_bytes(b"synthetic")
    monkeypatch.setenv(registry.FOLDER, str(own / "data"))
    assert registry.local(NAME) == registry.fetch(NAME) == path
    path.write_bytes(b"Synthetic")
    with pytest.raises(ValueError, match="sha256 .* is registered"):
        registry.fetch(NAME)
    monkeypatch.setenv(registry.FOLDER, str(path))
    with pytest.raises(ValueError, match="which is not a folder"):
        registry.local(NAME)


def test_a_download_goes_to_the_cache_once(own):
    assert registry.local(NAME) is None
    path = registry.fetch(NAME)
    assert path == own / "cache" / NAME and path.read_bytes() == b"synthetic"
    (own / "served" / "file").unlink()
    assert registry.fetch(NAME) == registry.local(NAME) == path


def test_a_download_of_another_content_is_refused_and_leaves_nothing(own):
    (own / "served" / "file").write_bytes(b"other")
    with pytest.raises(ValueError, match="does not match the known hash"):
        registry.fetch(NAME)
    assert not [p for p in (own / "cache").rglob("*") if p.is_file()]
    (own / "served" / "file").unlink()
    with pytest.raises(OSError, match="404"):
        registry.fetch(NAME)
    assert not [p for p in (own / "cache").rglob("*") if p.is_file()]
