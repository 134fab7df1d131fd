"""Where the real files are: a local folder first, else a download held to a pinned URL and sha256."""

import os
from functools import cache
from pathlib import Path

import pandas as pd
import pooch

TABLE = Path(__file__).with_name("tables") / "registry.csv"
FOLDER = "SPACELIB_DATA"  # environment variable: a folder that holds registered files under their names


@cache
def table() -> pd.DataFrame:
    """The registered files, indexed by name: bytes, sha256, repository, commit, path, url, licence."""
    return pd.read_csv(TABLE, index_col="file", dtype={"bytes": "int64"})


def names(name: str) -> list[str]:
    """The registered files that `name` means: itself, or all under the folder of that name.

    Errors: `ValueError` where there is none.
    """
    folder = name.rstrip("/") + "/"
    found = [file for file in table().index if file == name or file.startswith(folder)]
    if not found:
        tops = sorted({file.split("/")[0] for file in table().index})
        raise ValueError(f"{name!r} is no registered file or folder; the folders are {', '.join(tops)}")
    return found


def local(name: str) -> Path | None:
    """The path of a registered file that is here already, None where it is not.

    The folder named by the environment variable SPACELIB_DATA comes first, then the user's cache. Whatever is found
    has the registered sha256. Errors: `ValueError` for an unregistered name, for a SPACELIB_DATA that is no folder,
    and for a file there of another content.
    """
    digest = _sha256(name)
    if given := os.environ.get(FOLDER):
        if not Path(given).is_dir():
            raise ValueError(f"{FOLDER} is {given!r}, which is not a folder")
        path = Path(given) / name
        if path.is_file():
            found = pooch.file_hash(str(path))
            if found != digest:
                raise ValueError(f"{path}: sha256 {found}, but {digest} is registered for {name}")
            return path
    path = pooch.os_cache("spacelib") / name
    return path if path.is_file() and pooch.file_hash(str(path)) == digest else None


def fetch(name: str) -> Path:
    """The path of a registered file, downloaded into the user's cache where it is not `local`.

    Errors: those of `local`; `OSError` where the download fails, `ValueError` where its sha256 is another; nothing
    half-downloaded is left.
    """
    if path := local(name):
        return path
    row = table().loc[name]
    path = pooch.os_cache("spacelib") / name
    known = f"sha256:{row['sha256']}"
    return Path(pooch.retrieve(row["url"], known, fname=path.name, path=path.parent, progressbar=row["bytes"] > 2**20))


def _sha256(name: str) -> str:
    if name not in table().index:
        raise ValueError(f"{name!r} is not a registered file")
    return table().loc[name, "sha256"]
