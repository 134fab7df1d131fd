"""The build: its cache forgets what a change has made old, and the buttons appear only with a repository."""

from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")
import book  # noqa: E402


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """A project of a few files with a filled cache, and `book` pointed at it."""
    for name in ("requirements.txt", "spacelib/bounds/a.py", "spacelib/claims.toml", "tools/b.py"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("old", encoding="utf-8")
    (tmp_path / "_config.yml").write_text(Path(book.ROOT / "_config.yml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(book, "ROOT", tmp_path)
    monkeypatch.setattr(book, "BUILD", tmp_path / "_build")
    book.drop_stale_results()
    (tmp_path / "_build" / ".jupyter_cache").mkdir()
    return tmp_path


def cached(tree) -> bool:
    book.drop_stale_results()
    return (tree / "_build" / ".jupyter_cache").exists()


def test_the_cache_stays_when_nothing_changed(tree):
    assert cached(tree) and cached(tree)


@pytest.mark.parametrize("name", ["requirements.txt", "spacelib/bounds/a.py", "spacelib/claims.toml", "tools/b.py", "spacelib/new.py"])
def test_the_cache_goes_when_a_file_changes(tree, name):
    (tree / name).write_text("new", encoding="utf-8")
    assert not cached(tree)


def test_the_cache_goes_when_a_file_moves(tree):
    (tree / "tools/b.py").rename(tree / "tools/c.py")
    assert not cached(tree)


@pytest.mark.parametrize("variable", ["SPACELIB_SCALE", "SPACELIB_DEVICE"])
def test_the_cache_goes_when_the_scale_or_device_changes(tree, monkeypatch, variable):
    monkeypatch.setenv(variable, "other")
    assert not cached(tree)


def test_compiled_files_do_not_matter(tree):
    (tree / "spacelib" / "bounds" / "a.pyc").write_bytes(b"x")
    assert cached(tree)


def test_pages_are_always_made_anew(tree):
    (tree / "_build" / "html").mkdir()
    book.drop_stale_results()
    assert not (tree / "_build" / "html").exists()


def test_buttons_need_a_repository(tree):
    assert book.configuration("") == tree / "_config.yml"
    plain = yaml.safe_load((tree / "_config.yml").read_text(encoding="utf-8"))
    assert not plain["repository"]["url"] and "launch_buttons" not in plain
    settings = yaml.safe_load(book.configuration("https://github.com/a/b").read_text(encoding="utf-8"))
    assert settings["repository"]["url"] == "https://github.com/a/b"
    assert settings["html"]["use_repository_button"] and settings["launch_buttons"]["colab_url"]


def test_a_repository_that_the_theme_cannot_link_to_is_refused(tree):
    with pytest.raises(SystemExit, match="REPOSITORY is 'https://example.org/a/b'; expected the URL of a repository at github.com"):
        book.configuration("https://example.org/a/b")
