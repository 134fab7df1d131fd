"""Build the book: `python tools/book.py [--repository URL] [--strict]`.

Three things that Jupyter Book leaves to the caller are done here. Its execution cache looks at a chapter's own cells alone,
so the cache is emptied when anything else that a chapter's numbers rest on has changed. And Sphinx warns only about pages
that it reads again, so every build reads all of them; what was executed stays cached. And it executes one chapter after the other; here all processors do.
"""

import argparse
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from execute import fill_cache

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "_build"
HOSTS = ("github.com", "gitlab.com", "bitbucket.org")
FIRST_PAGE = BUILD / "html" / "chapters" / "index.html"


def main() -> None:
    parser = argparse.ArgumentParser(description="Execute every chapter and write the HTML.")
    parser.add_argument("--repository", default="", metavar="URL", help="turns on the repository, launch and edit buttons")
    parser.add_argument("--strict", action="store_true", help="every warning is an error")
    arguments = parser.parse_args()
    start = time.perf_counter()
    drop_stale_results()
    # matplotlib reads the machine's fonts once, and says so; here and not in the first chapter's output.
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], check=True)
    fill_cache(ROOT, BUILD / ".jupyter_cache")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    command = [str(jupyter_book), "build", str(ROOT), "--config", str(configuration(arguments.repository))]
    command += ["-n", "-W", "--keep-going"] if arguments.strict else []
    if status := subprocess.run(command, cwd=ROOT).returncode:
        sys.exit(f"The book was not built: Jupyter Book ended with exit code {status}; its messages stand above.")
    print(f"The book is built, in {time.perf_counter() - start:.0f} s. Its first page: {FIRST_PAGE}")


def drop_stale_results() -> None:
    """Empty the execution cache if its key changed; always drop the pages, so that all of them are read again."""
    for name in ("html", ".doctrees", "jupyter_execute"):
        shutil.rmtree(BUILD / name, ignore_errors=True)
    stamp, key = BUILD / "execution-key", execution_key()
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != key:
        shutil.rmtree(BUILD / ".jupyter_cache", ignore_errors=True)
        BUILD.mkdir(exist_ok=True)
        stamp.write_text(key, encoding="utf-8")


def execution_key() -> str:
    """A hash of everything but its own cells that a chapter's output can depend on."""
    files = [ROOT / "requirements.txt"]
    for folder in ("spacelib", "tools"):
        files += [p for p in (ROOT / folder).rglob("*") if p.is_file() and p.suffix != ".pyc"]
    digest = hashlib.sha256()
    for path in sorted(files):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode() + content)
    for name in ("SPACELIB_SCALE", "SPACELIB_DEVICE"):
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    digest.update(f"{platform.python_version()} {version('torch')}\n".encode())
    return digest.hexdigest()


def configuration(repository: str) -> Path:
    """_config.yml, or a copy of it with the buttons that need a repository."""
    source = ROOT / "_config.yml"
    if not repository:
        return source
    if urlsplit(repository).hostname not in HOSTS:
        sys.exit(f"REPOSITORY is '{repository}'; expected the URL of a repository at {', '.join(HOSTS)}: "
                 "the theme knows how to link to these.")
    settings = yaml.safe_load(source.read_text(encoding="utf-8"))
    settings["repository"] = {"url": repository, "branch": "main", "path_to_book": ""}
    settings["html"] |= {"use_repository_button": True, "use_edit_page_button": True, "use_issues_button": True}
    settings["launch_buttons"] = {"colab_url": "https://colab.research.google.com"}
    local = settings["sphinx"]["local_extensions"]
    settings["sphinx"]["local_extensions"] = {name: str(ROOT / folder) for name, folder in local.items()}
    copy = BUILD / "config.yml"
    copy.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    return copy


if __name__ == "__main__":
    main()
