"""Execute the chapters side by side into the cache from which Jupyter Book then takes them.

Jupyter Book executes one chapter after the other; on several processors most of them would wait. A chapter that fails is not
cached: Jupyter Book executes it again, and reports the cell.
"""

import os
import warnings
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import yaml
from jupyter_cache import get_cache
from jupyter_cache.base import CacheBundleIn
from jupyter_cache.executors.utils import single_nb_execution
from myst_nb.core.read import read_myst_markdown_notebook
from tqdm import tqdm

_SLOW_FIRST = ("ledger",)  # proves everything: the others run beside it


def fill_cache(root: Path, cache: Path, workers: int | None = None) -> None:
    """Execute every chapter of the table of contents that has code and is not in the cache; workers None: all processors."""
    store = get_cache(cache)
    timeout = yaml.safe_load((root / "_config.yml").read_text(encoding="utf-8"))["execute"]["timeout"]
    todo = [path for path in chapters(root) if not cached(store, path)]
    todo.sort(key=lambda path: path.stem not in _SLOW_FIRST)
    with ProcessPoolExecutor(workers or os.cpu_count()) as pool, tqdm(total=len(todo), desc="chapters") as bar:
        running = {pool.submit(execute, path, timeout): path for path in todo}
        for done in as_completed(running):
            notebook, seconds = done.result()
            bar.update()
            if notebook is not None:
                bundle = CacheBundleIn(notebook, str(running[done]), data={"execution_seconds": seconds})
                store.cache_notebook_bundle(bundle, check_validity=False, overwrite=True)


def chapters(root: Path) -> list[Path]:
    """The pages of the table of contents that have a kernel."""
    toc = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    found, todo = [toc["root"]], list(toc["parts"])
    while todo:
        entry = todo.pop(0)
        found += [entry["file"]] if "file" in entry else []
        todo += [*entry.get("chapters", ()), *entry.get("sections", ())]
    pages = [root / f"{name}.md" for name in found]
    return [page for page in pages if "\nkernelspec:" in page.read_text(encoding="utf-8")]


def read(path: Path):
    return read_myst_markdown_notebook(path.read_text(encoding="utf-8"), path=path)


def cached(store, path: Path) -> bool:
    try:
        return store.match_cache_notebook(read(path)) is not None
    except KeyError:
        return False


def execute(path: Path, timeout: int):
    """The executed notebook and its seconds; None in its place where a cell failed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the kernel's start-up speaks of its transport
        result = single_nb_execution(read(path), cwd=str(path.parent), timeout=timeout, allow_errors=False)
    return (None if result.err else result.nb), result.time
